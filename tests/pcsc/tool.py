#!/usr/bin/python3
"""The program onecard as its users call it: answers, messages, exit statuses. tool.py BUILD"""
import os
import subprocess
import sys

from harness import SECONDS, COUNT, GREET, READ_TEXT, SELECT_HELLO, Place, check, check_equal, run_tests, \
    store_text

place = Place(sys.argv[1], "tool")
image = place.new_card()


def onecard(*words, **options):
    return subprocess.run([place.onecard, *words], capture_output=True, text=True, timeout=SECONDS,
                          **options)


def check_refusal(result, status, *words):
    """It says what is wrong in one line, and prints nothing else."""
    check_equal(result.returncode, status, f"exit status ({result.stderr})")
    check_equal(result.stdout, "", "standard output")
    for word in words:
        check(word in result.stderr, f"'{word}' in: {result.stderr}")


def apdu_prints_a_line_for_each_command():
    result = place.apdu(image, SELECT_HELLO, GREET, COUNT)
    check_equal(result.returncode, 0, "exit status")
    lines = result.stdout.splitlines()
    check_equal(len(lines), 3, "lines")
    for line in lines:
        check(line.endswith("9000") and line == line.upper(), line)
        bytes.fromhex(line)
    check(bytes.fromhex(lines[1])[:-2].isascii(), "the greeting in ASCII")


def status_words_do_not_change_the_exit_status():
    result = place.apdu(image, "00A4040007A0A1A2A3A4A5A6", "00FE0000", "80")
    check_equal(result.returncode, 0, "exit status")
    for line in result.stdout.splitlines():
        check(len(line) == 4 and line[0] == "6", line)


def hex_may_have_blanks_and_small_letters():
    spaced = " ".join(SELECT_HELLO[i:i + 2].lower() for i in range(0, len(SELECT_HELLO), 2))
    check(place.apdu(image, f"  {spaced} ").stdout.endswith("9000\n"), "9000")


def reset_prints_nothing_and_deselects():
    lines = place.apdu(image, SELECT_HELLO, "reset", COUNT).stdout.splitlines()
    check_equal(len(lines), 2, "lines")
    check(not lines[1].endswith("9000"), lines[1])
    result = place.apdu(image, "reset")
    check_equal((result.returncode, result.stdout), (0, ""), "reset alone")


def input_has_comments_empty_lines_and_reset():
    script = f"# a script\n\n  {SELECT_HELLO}  # select\r\nreset\n{SELECT_HELLO}\n{GREET}"
    result = place.apdu(image, "-", input=script)
    check_equal(result.returncode, 0, "exit status")
    check_equal([line[-4:] for line in result.stdout.splitlines()], ["9000"] * 3, "status words")


def input_is_answered_line_by_line():
    """Another program can hold a conversation through two pipes."""
    with subprocess.Popen([place.onecard, "apdu", image, "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        for command in (SELECT_HELLO, COUNT):
            process.stdin.write(command + "\n")
            process.stdin.flush()
            check(process.stdout.readline().endswith("9000\n"), "9000 before the next command")
        process.stdin.close()
        check_equal(process.wait(timeout=SECONDS), 0, "exit status")


def state_survives_between_calls():
    text = b"still here"
    place.apdu(image, SELECT_HELLO, store_text(text))
    first = place.apdu(image, SELECT_HELLO, READ_TEXT, COUNT).stdout.split()
    check_equal(first[1], text.hex().upper() + "9000", "the text")
    second = place.apdu(image, SELECT_HELLO, COUNT).stdout.split()
    check_equal(int(second[1][:8], 16), int(first[2][:8], 16) + 1, "the counter")


def bad_hex_is_told_by_place():
    check_refusal(place.apdu(image, GREET, "80 1G"), 2, "command 2", "character 5")
    check_refusal(place.apdu(image, "801"), 2, "command 1", "character 4")
    check_refusal(place.apdu(image, ""), 2, "command 1")
    result = place.apdu(image, "-", input="# one\n" + SELECT_HELLO + "\n80 10 0x\n")
    check_equal(result.returncode, 2, "exit status")
    check_equal(len(result.stdout.splitlines()), 1, "answers before the bad line")
    check("line 3" in result.stderr and "character 8" in result.stderr, result.stderr)


def bad_hex_among_arguments_sends_nothing():
    before = place.apdu(image, SELECT_HELLO, COUNT).stdout.split()[1]
    place.apdu(image, SELECT_HELLO, COUNT, "XY")
    after = place.apdu(image, SELECT_HELLO, COUNT).stdout.split()[1]
    check_equal(int(after[:8], 16), int(before[:8], 16) + 1, "the counter")


def wrong_calls_are_refused_with_help():
    check_refusal(onecard(), 2, "usage")
    check_refusal(onecard("serv"), 2, "no such command: serv")
    check_refusal(onecard("serve"), 2, "too few arguments")
    check_refusal(onecard("serve", image, image), 1, image, "slot 0 already")
    check_refusal(onecard("serve", image, str(place.folder / "none.card")), 1, "none.card")
    check_refusal(onecard("serve", image, image + "@127.0.0.1:70000"), 1, "@127.0.0.1:70000")
    check_refusal(onecard("serve", image, "other.card", "--counter", "file"), 2, "one card")
    check_refusal(onecard("control", "nowhere"), 2, "too few arguments")
    check_refusal(onecard("control", "nowhere", "eject"), 2, "usage")
    check_refusal(onecard("control", str(place.folder / "nowhere"), "list"), 1, "nowhere")
    check_refusal(onecard("apdu", "--trase", image, GREET), 2, "unknown option --trase", "--trace")
    check_refusal(onecard("apdu", "--trace=yes", image, GREET), 2, "takes no value")
    check_refusal(onecard("apdu", image, GREET, "--seed"), 2, "needs a value")
    check_refusal(onecard("apdu", image, GREET, "--seed", "0g"), 2, "--seed", "character 2")
    for address in ("nowhere", "host:", ":1", "host:0", "host:65536", "host:1x"):
        check_refusal(onecard("serve", image, "--vpcd", address), 2, "HOST:PORT")


def every_command_has_help():
    commands = [line.split()[0] for line in onecard("--help").stdout.splitlines()
                if line.startswith("  ")]
    check({"new", "serve", "apdu"} <= set(commands), f"commands {commands}")
    for command in commands:
        for call in ((command, "--help"), ("help", command)):
            result = onecard(*call)
            check_equal(result.returncode, 0, f"exit status of {call}")
            check(result.stdout.startswith("usage: onecard"), f"usage of {call}")
            check(command in ("cap", "control") or "--device-key" in result.stdout, f"--device-key of {call}")


def missing_and_foreign_images_are_refused():
    missing = str(place.folder / "missing.card")
    foreign = place.folder / "foreign.card"
    foreign.write_bytes(b"not a card at all\n" * 1000)
    for command in ("apdu", "serve"):
        words = [GREET] if command == "apdu" else []
        check_refusal(onecard(command, missing, *words), 1, missing)
        check_refusal(onecard(command, str(foreign), *words), 1, str(foreign))
        check_refusal(onecard(command, str(place.folder), *words), 1)


def image_in_use_is_refused():
    with subprocess.Popen([place.onecard, "apdu", image, "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as holder:
        holder.stdin.write(SELECT_HELLO + "\n")
        holder.stdin.flush()
        holder.stdout.readline()
        check_refusal(place.apdu(image, GREET), 1, image)
        holder.stdin.close()


def device_key_protects():
    """S6: with a key of its own an image opens with that key only, and nothing is said of another."""
    key, wrong = place.folder / "device.key", place.folder / "wrong.key"
    key.write_text("0123456789abcdef" * 4 + "\n")
    wrong.write_text("fedcba9876543210" * 4 + "\n")
    sealed = str(place.folder / "sealed.card")
    result = onecard("new", sealed, "--device-key", str(key))
    check_equal((result.returncode, "development" in result.stderr), (0, False), result.stderr)
    result = onecard("apdu", sealed, SELECT_HELLO, "--device-key", str(key))
    check_equal((result.returncode, result.stderr), (0, ""), "with the right key")
    check("development key" in place.apdu(image, GREET).stderr, "a line on the development key")
    result = onecard("apdu", sealed, SELECT_HELLO, "--device-key", str(place.folder / "none.key"))
    check_refusal(result, 1, "none.key")


def seed_repeats_a_card_byte_for_byte():
    images = [place.folder / "first.card", place.folder / "second.card"]
    for path in images:
        result = onecard("new", str(path), "--seed", "00112233")
        check_equal(result.returncode, 0, result.stderr)
        onecard("apdu", str(path), "--seed", "4455", SELECT_HELLO, COUNT)
    check(images[0].read_bytes() == images[1].read_bytes(), "the images are the same")


def trace_masks_secrets():
    """PINs and keys stay out of a trace; what it can name it names."""
    pin, key = "31323334FFFFFFFF", "404142434445464748494A4B4C4D4E4F"
    result = place.apdu(image, "--trace", "0020000108" + pin, "0024000110" + pin + pin,
                        "80D8000110" + key, "0020000108" + pin + "00", "0C20000108" + pin,
                        "002000010800" + pin, "842C000108" + pin, SELECT_HELLO,
                        store_text(b"shown"))
    check_equal(len(result.stdout.splitlines()), 9, "answers")
    for secret in (pin, key):
        check(secret not in result.stderr, f"no {secret} in: {result.stderr}")
    for words in ("VERIFY", "CHANGE REFERENCE DATA", "masked", "[hello] STORE TEXT",
                  b"shown".hex().upper(), "9000 success"):
        check(words in result.stderr, f"'{words}' in: {result.stderr}")


def trace_names_the_place_of_an_install():
    """Of those that belong together: the combined process, a command in parts."""
    told = place.apdu(place.new_card(), "--trace", "80E60E0105AABBCCDDEE", "80E60E0305AABBCCDDEE",
                      "80E6820005AABBCCDDEE", "80E60C0005AABBCCDDEE").stderr
    three = "INSTALL  for load and install and make selectable"
    for words in (f"{three}, the first, Lc 5", f"{three}, the last, Lc 5",
                  "INSTALL  for load, a part, Lc 5",
                  "INSTALL  for install and make selectable, Lc 5"):
        check(words in told, told)


def closed_output_is_an_error():
    with open("/dev/full", "w") as full:
        result = subprocess.run([place.onecard, "apdu", image, GREET], stdout=full,
                                stderr=subprocess.PIPE, text=True, timeout=SECONDS)
    check_equal(result.returncode, 1, "exit status")
    check(os.strerror(28) in result.stderr, result.stderr)


if __name__ == "__main__":
    sys.exit(run_tests([
        apdu_prints_a_line_for_each_command, status_words_do_not_change_the_exit_status,
        hex_may_have_blanks_and_small_letters, reset_prints_nothing_and_deselects,
        input_has_comments_empty_lines_and_reset, input_is_answered_line_by_line,
        state_survives_between_calls, bad_hex_is_told_by_place,
        bad_hex_among_arguments_sends_nothing, wrong_calls_are_refused_with_help,
        every_command_has_help, missing_and_foreign_images_are_refused, image_in_use_is_refused,
        device_key_protects, seed_repeats_a_card_byte_for_byte, trace_masks_secrets,
        trace_names_the_place_of_an_install,
        closed_output_is_an_error]))
