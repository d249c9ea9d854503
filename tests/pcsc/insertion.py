#!/usr/bin/python3
"""Cards and readers come and go in any order, in a real pcscd. insertion.py BUILD"""
import os
import signal
import subprocess
import sys

from harness import COUNT, SELECT_HELLO, Card, Place, PrivateReader, await_card, check, \
    SECONDS, check_equal, free_port_pair, pcsc, run_tests, wait_until

place = Place(sys.argv[1], "insertion")
image = place.new_card()
folder = place.folder / "reader"


def count(reader):
    answer = place.client(reader, SELECT_HELLO, COUNT)[2]
    check_equal(answer[-4:], "9000", "status word of COUNT")
    return int(answer[:8], 16)


def card_before_reader():
    port = free_port_pair()
    waiting = f"waiting for a reader at 127.0.0.1:{port}"
    with Card(place, image, port) as card:
        wait_until(lambda: waiting in card.errors.read_text(), waiting)
        with PrivateReader(folder, port) as reader:
            await_card(reader)
            count(reader)
            check_equal(card.stop(), 0, "exit status")


def reader_before_card():
    with PrivateReader(folder) as reader, Card(place, image, reader.port):
        await_card(reader)
        count(reader)


def reader_restarts():
    """Ends politely and starts again; then dies and starts again. The card stays and remembers."""
    port = free_port_pair()
    with Card(place, image, port) as card:
        counts = []
        for how in (signal.SIGTERM, signal.SIGKILL, signal.SIGTERM):
            with PrivateReader(folder, port) as reader:
                await_card(reader)
                counts.append(count(reader))
                reader.process.send_signal(how)
                reader.process.wait()
        check_equal(counts, list(range(counts[0], counts[0] + 3)), "counts")
        check(card.process.poll() is None, "the card lives on")


def card_is_removed_and_inserted_again():
    with PrivateReader(folder) as reader:
        counts = []
        for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with Card(place, image, reader.port) as card:
                await_card(reader)
                counts.append(count(reader))
                check_equal(card.stop(how), 0, f"exit status after {how.name}")
            await_card(reader, present=False)
        check_equal(counts, list(range(counts[0], counts[0] + 3)), "counts")


def client_sees_the_removal():
    """A program that holds the card is told that it went, and can use the next one."""
    with PrivateReader(folder) as reader:
        with Card(place, image, reader.port) as card:
            await_card(reader)
            os.environ.update(reader.environment())
            from smartcard import scard
            _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)

            def connect():
                return scard.SCardConnect(context, reader.reader_name(), scard.SCARD_SHARE_SHARED,
                                          scard.SCARD_PROTOCOL_T1)

            result, handle, _ = connect()
            check_equal(result, scard.SCARD_S_SUCCESS, "SCardConnect")
            card.kill()
        await_card(reader, present=False)
        result, _ = scard.SCardTransmit(handle, scard.SCARD_PCI_T1, [0, 0xA4, 4, 0])
        check(result != scard.SCARD_S_SUCCESS, "a command to a card that is gone fails")
        with Card(place, image, reader.port):
            await_card(reader)
            result, handle, _ = connect()
            check_equal(result, scard.SCARD_S_SUCCESS, "SCardConnect to the card that came")
            scard.SCardReleaseContext(context)


def two_cards_in_two_slots():
    other = place.new_card("other.card")
    with PrivateReader(folder) as reader, Card(place, image, reader.port), \
            Card(place, other, reader.port + 1):
        await_card(reader, 0)
        await_card(reader, 1)
        states = pcsc.readers(reader.socket)
        check_equal(sum(bool(state & pcsc.STATE_PRESENT) for state in states.values()), 2,
                    "cards present")


def control(socket, *words):
    return subprocess.run([place.onecard, "control", str(socket), *words], capture_output=True,
                          text=True, timeout=SECONDS)


def slot_lines(socket):
    result = control(socket, "list")
    check_equal(result.returncode, 0, result.stderr)
    return [line.split(" ", 3) for line in result.stdout.splitlines()]


def count_in(reader, slot):
    answer = place.client(reader, SELECT_HELLO, COUNT, slot=slot)[2]
    check_equal(answer[-4:], "9000", "status word of COUNT")
    return int(answer[:8], 16)


def one_process_holds_several_cards():
    """Each in its own slot with its own state, kept over a restart of the process."""
    images = [place.new_card(f"several{i}.card") for i in range(2)]
    with PrivateReader(folder) as reader:
        for run in range(2):
            with Card(place, images[0], reader.port, images[1]) as card:
                await_card(reader, 0)
                await_card(reader, 1)
                check_equal([count_in(reader, 0), count_in(reader, 1), count_in(reader, 1)],
                            [1 + run, 1 + 2 * run, 2 + 2 * run], "counters")
                check_equal(card.errors.read_text().count("published development key"), 1,
                            "lines on the published key")
                check_equal(card.stop(), 0, "exit status")
            await_card(reader, 0, present=False)
            await_card(reader, 1, present=False)


def cards_go_in_and_out_at_run_time():
    first, second = place.new_card("first.card"), place.new_card("second.card")
    socket = place.folder / "control"
    with PrivateReader(folder) as reader, \
            Card(place, first, reader.port, "--control", str(socket), "--trace") as card:
        await_card(reader, 0)
        check_equal(count_in(reader, 0), 1, "first card")
        result = control(socket, "insert", second)
        check_equal((result.returncode, result.stdout),
                    (0, f"slot 1 at 127.0.0.1:{reader.port + 1}\n"), result.stderr)
        await_card(reader, 1)
        check_equal(count_in(reader, 1), 1, "second card")
        check_equal([line[:2] for line in slot_lines(socket)],
                    [["0", "in-reader"], ["1", "in-reader"]], "both")

        check_equal(control(socket, "remove", "0").stdout, "slot 0\n", "the slot")
        await_card(reader, 0, present=False)
        check_equal(count_in(reader, 1), 2, "second card goes on")
        # Its image is free for others now, and comes back as they leave it.
        check_equal(place.apdu(first, SELECT_HELLO, COUNT).returncode, 0, "apdu on the first card")
        check_equal(control(socket, "remove", second).stdout, "slot 1\n", "the slot")
        await_card(reader, 1, present=False)

        # The cards change places.
        check_equal(control(socket, "insert", second).stdout.split()[1], "0", "first empty slot")
        check_equal(control(socket, "insert", first, "1").returncode, 0, "a slot by number")
        await_card(reader, 0)
        await_card(reader, 1)
        check_equal((count_in(reader, 0), count_in(reader, 1)), (3, 3), "counters")
        check_equal(card.stop(), 0, "exit status")
        check(not socket.exists(), "the socket is gone")
        trace = card.output.read_text()
        for name in (first, second):
            check(f"{name}: [hello] COUNT" in trace, f"{name} in the trace")


def reader_starts_after_an_empty_process():
    """No card, no reader at first: any order will do."""
    port, socket = free_port_pair(), place.folder / "empty"
    command = [place.onecard, "serve", "--vpcd", f"127.0.0.1:{port}", "--control", str(socket)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: control(socket, "list").returncode == 0, "the control socket")
        check_equal(slot_lines(socket), [], "no slots")
        for slot in range(2):
            check_equal(control(socket, "insert", place.new_card(f"late{slot}.card")).returncode, 0,
                        "insert")
        with PrivateReader(folder, port) as reader:
            await_card(reader, 0)
            await_card(reader, 1)
            check_equal((count_in(reader, 0), count_in(reader, 1)), (1, 1), "counters")
        process.send_signal(signal.SIGTERM)
        check_equal(process.wait(timeout=SECONDS), 0, "exit status")
    finally:
        process.kill()
        process.wait()


def refusals_say_why():
    other, socket = place.new_card("other.card"), place.folder / "refusing"
    port = free_port_pair()

    def check_refused(words, *reasons):
        result = control(socket, *words)
        check_equal(result.returncode, 1, f"exit status of {words}")
        for reason in reasons:
            check(reason in result.stderr, f"'{reason}' in {result.stderr}")

    with Card(place, image, port, "--control", str(socket)) as card:
        wait_until(lambda: control(socket, "list").returncode == 0, "the control socket")
        check_refused(["insert", image], "is in slot 0 already")
        check_refused(["insert", other, "0"], "slot 0", "has", image)
        check_refused(["insert", other, "7"], "no slot 7")
        check_refused(["insert", f"{other}@127.0.0.1:{port}"], "slot 0", image)
        check_refused(["insert", str(place.folder / "none.card")], "none.card", "No such file")
        check_refused(["remove", "1"], "no slot 1")
        check_refused(["remove", other], "in no slot")
        with Card(place, other, free_port_pair()) as busy:
            wait_until(lambda: "waiting" in busy.errors.read_text(), "the other process")
            check_refused(["insert", other], other, "in use")
        check_equal([line[0] for line in slot_lines(socket)], ["0"], "no slots for the refused")
        check_equal(control(socket, "remove", "0").returncode, 0, "remove")
        check_refused(["remove", "0"], "slot 0 is empty")
        result = subprocess.run([place.onecard, "serve", other, "--control", str(socket)],
                                capture_output=True, text=True, timeout=SECONDS)
        check_equal(result.returncode, 1, "a second process at the socket")
        check(str(socket) in result.stderr, result.stderr)
        card.kill()
    check_refused(["list"], str(socket))
    with Card(place, image, port, "--control", str(socket)) as card:  # what is left over gives way
        wait_until(lambda: control(socket, "list").returncode == 0, "the control socket")
        check_equal(card.stop(), 0, "exit status")


def reader_answers_for_a_contactless_card():
    """FF CA: UID and ATS; the UID stays with the image. With contacts there is none."""
    with PrivateReader(folder) as reader:
        uids = []
        for _ in range(2):
            with Card(place, image, reader.port, "--contactless") as card:
                await_card(reader)
                uid = place.client(reader, "FFCA000000")[1]
                check_equal((len(uid), uid[1], uid[-4:]), (12, "F", "9000"), f"UID {uid}")
                uids.append(uid)
                atr, ats = place.client(reader, "FFCA010000")
                check_equal((atr[:3], atr[4:8], ats[-4:]), ("3B8", "8001", "9000"), "ATR and ATS")
                historical = atr[8:-2]
                check_equal(len(historical) // 2, int(atr[3], 16), "historical bytes")
                check(ats[:-4].endswith(historical), f"{historical} in {ats}")
                check_equal(card.stop(), 0, "exit status")
            await_card(reader, present=False)
        check_equal(uids[0], uids[1], "the UID")
        with Card(place, image, reader.port):
            await_card(reader)
            check_equal(place.client(reader, "FFCA000000")[1], "6A81", "with contacts")


def card_ends_while_it_waits():
    with Card(place, image, free_port_pair()) as card:
        wait_until(lambda: "waiting" in card.errors.read_text(), "waiting for a reader")
        check_equal(card.stop(signal.SIGTERM), 0, "exit status")


def interrupt_reaches_a_background_job():
    """Shells start background jobs with SIGINT ignored; "kill -INT" is to end the card all the same."""
    port = free_port_pair()
    process = subprocess.Popen(
        [place.onecard, "serve", image, "--vpcd", f"127.0.0.1:{port}"], stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    for line in process.stderr:
        if b"waiting for a reader" in line:
            break
    process.send_signal(signal.SIGINT)
    try:
        check_equal(process.wait(timeout=SECONDS), 0, "exit status")
    finally:
        process.kill()
        process.stderr.close()


def second_card_of_one_image_is_refused():
    with Card(place, image, free_port_pair()), \
            PrivateReader(folder) as reader:
        with Card(place, image, reader.port) as second:
            check_equal(second.wait("the second one goes on"), 1, "exit status")
        errors = second.errors.read_text()
        check(image in errors, f"the message names the image: {errors}")


if __name__ == "__main__":
    sys.exit(run_tests([
        card_before_reader, reader_before_card, reader_restarts,
        card_is_removed_and_inserted_again, client_sees_the_removal, two_cards_in_two_slots,
        one_process_holds_several_cards, cards_go_in_and_out_at_run_time,
        reader_starts_after_an_empty_process, refusals_say_why,
        reader_answers_for_a_contactless_card, card_ends_while_it_waits, interrupt_reaches_a_background_job,
        second_card_of_one_image_is_refused]))
