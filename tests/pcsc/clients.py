#!/usr/bin/python3
"""Programs that people have read the card in a real pcscd. clients.py BUILD"""
import os
import subprocess
import sys

from harness import SECONDS, COUNT, GREET, READ_TEXT, SELECT_HELLO, Card, Place, PrivateReader, await_card, \
    check, check_equal, run_tests, store_text

place = Place(sys.argv[1], "clients")
reader = PrivateReader(place.folder / "reader")


def run(*command, script=None):
    result = subprocess.run(command, input=script, env=reader.environment(), capture_output=True,
                            text=True, timeout=SECONDS)
    return result.stdout + result.stderr


def opensc_tool_shows_the_atr():
    atr = bytes.fromhex(run("opensc-tool", "-r", reader.reader_name(), "-a").strip()
                        .replace(":", ""))
    check_equal(atr[0], 0x3B, "direct convention")
    # T=1 is offered, so the bytes after TS end in a check byte: their sum by XOR is zero.
    checksum = 0
    for byte in atr[1:]:
        checksum ^= byte
    check_equal(checksum, 0, "TCK")
    check(b"\x80" in atr and b"\x73" in atr, "compact-TLV historical bytes with capabilities")


def opensc_tool_gets_the_greeting():
    output = run("opensc-tool", "-r", reader.reader_name(), "-s", SELECT_HELLO, "-s", GREET)
    check_equal(output.count("Received (SW1=0x90, SW2=0x00)"), 2, "9000 twice in: " + output)
    answer = place.client(reader, SELECT_HELLO, GREET)[2]
    greeting = bytes.fromhex(answer)[:-2]
    check(greeting.isascii() and len(greeting) > 3, f"greeting {greeting!r} in ASCII")


def opensc_tool_names_an_unsupported_card():
    """It tries every card it knows on ours; the card must refuse them all and stay well."""
    output = run("opensc-tool", "-r", reader.reader_name(), "-n")
    check("Unsupported card" in output or output.strip(), output)
    check_equal(place.client(reader, SELECT_HELLO)[1][-4:], "9000", "SELECT afterwards")


def scriptor_runs_a_script():
    text = b"scriptor was here"
    script = "\n".join(["# as in a file of scriptor", SELECT_HELLO, store_text(text), "reset",
                        SELECT_HELLO, READ_TEXT, COUNT]) + "\n"
    output = run("scriptor", "-r", reader.reader_name(), script=script)
    check_equal(output.count("90 00 : Normal processing"), 5, "9000 five times in: " + output)
    check(text.hex(" ").upper() in " ".join(output.split()), "the text comes back in: " + output)


def libpcsclite_program_counts():
    answers = place.client(reader, SELECT_HELLO, COUNT, COUNT)
    first, second = (int(answer[:8], 16) for answer in answers[2:4])
    check_equal(second, first + 1, "counter")


def reset_deselects():
    """F5: what was selected does not outlive a reset; clients disconnect with one."""
    answers = place.client(reader, COUNT)
    check(answers[1] != "9000" and len(answers[1]) == 4, f"{answers[1]} without SELECT")


def extended_length_both_ways():
    text = bytes(range(32, 96))
    answers = place.client(reader, SELECT_HELLO, "80200000" + "000040" + text.hex(),
                           "80300000" + "000000", READ_TEXT)
    check_equal(answers[2], "9000", "extended Lc")
    check_equal(answers[3], text.hex().upper() + "9000", "extended Le")
    check_equal(answers[4], text.hex().upper() + "9000", "short Le")


def longest_commands_get_a_status_word():
    """To the end of what the reader's framing carries."""
    for size in (300, 4096, 32767, 65535 - 7):
        answers = place.client(reader, SELECT_HELLO, f"8020000000{size:04X}" + "41" * size, GREET)
        check(len(answers[2]) == 4 and answers[2] != "9000", f"{size} bytes: {answers[2]}")
        check_equal(answers[3][-4:], "9000", f"the command after {size} bytes")


def malformed_commands_get_a_status_word():
    for command in ("00A40400", "00A4040009F06F", "80200000FF41", "8010000000000000FF",
                    "8020000000004041", "FFFFFFFF", "0000000000"):
        answers = place.client(reader, command)
        check(len(answers) == 2 and len(answers[1]) >= 4, f"{command}: {answers}")


def pyscard_reads_the_card():
    from smartcard.scard import SCARD_LEAVE_CARD, SCARD_PCI_T1, SCARD_PROTOCOL_T1, \
        SCARD_SCOPE_USER, SCARD_SHARE_SHARED, SCARD_S_SUCCESS, SCardConnect, SCardDisconnect, \
        SCardEstablishContext, SCardTransmit
    os.environ.update(reader.environment())
    result, context = SCardEstablishContext(SCARD_SCOPE_USER)
    check_equal(result, SCARD_S_SUCCESS, "SCardEstablishContext")
    # Two programs share the card: what one selects the other finds selected.
    handles = []
    for _ in range(2):
        result, handle, _ = SCardConnect(context, reader.reader_name(), SCARD_SHARE_SHARED,
                                         SCARD_PROTOCOL_T1)
        check_equal(result, SCARD_S_SUCCESS, "SCardConnect")
        handles.append(handle)
    result, answer = SCardTransmit(handles[0], SCARD_PCI_T1, list(bytes.fromhex(SELECT_HELLO)))
    check_equal(answer[-2:], [0x90, 0x00], "SELECT by the one")
    result, answer = SCardTransmit(handles[1], SCARD_PCI_T1, list(bytes.fromhex(COUNT)))
    check_equal(answer[4:], [0x90, 0x00], "COUNT by the other")
    for handle in handles:
        SCardDisconnect(handle, SCARD_LEAVE_CARD)


def trace_tells_the_session():
    """On what all the tests above did."""
    check_equal(card.stop(), 0, "exit status")
    trace = card.output.read_text()
    for words in ("power on", "SELECT  by name, first or only, AID F06F6E656361726401 (hello)",
                  "[hello] COUNT", "9000 success", " us)"):
        check(words in trace, f"'{words}' in the trace")
    check("development key" in card.errors.read_text(),
          "a line on standard error about the development key")


with reader, Card(place, place.new_card(), reader.port, "--trace") as card:
    await_card(reader)
    sys.exit(run_tests([
        opensc_tool_shows_the_atr, opensc_tool_gets_the_greeting,
        opensc_tool_names_an_unsupported_card, scriptor_runs_a_script, libpcsclite_program_counts,
        reset_deselects, extended_length_both_ways, longest_commands_get_a_status_word,
        malformed_commands_get_a_status_word, pyscard_reads_the_card, trace_tells_the_session]))
