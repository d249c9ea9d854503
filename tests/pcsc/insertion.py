#!/usr/bin/python3
"""Cards and readers come and go in any order, in a real pcscd. insertion.py BUILD"""
import os
import signal
import subprocess
import sys

from harness import COUNT, SELECT_HELLO, Card, Place, PrivateReader, await_card, check, \
    check_equal, free_port_pair, pcsc, run_tests, \
    wait_until

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
        check_equal(process.wait(timeout=5), 0, "exit status")
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
        card_ends_while_it_waits, interrupt_reaches_a_background_job,
        second_card_of_one_image_is_refused]))
