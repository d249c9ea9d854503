#!/usr/bin/python3
"""Kills the serving process under load, again and again: what was answered is in the image (S1).
durability.py BUILD [KILLS [READER_KILLS]]: KILLS with a stand-in for the reader, which is fast, and
READER_KILLS through a real pcscd."""
import os
import random
import subprocess
import sys
import threading
import time

from harness import COUNT, READ_TEXT, SELECT_HELLO, Card, CardGone, Place, PrivateReader, StandIn, \
    await_card, check, check_equal, run_tests, store_text

place = Place(sys.argv[1], "durability")
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 60
READER_KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else 8
LOAD_COMMITS = 60  # acknowledged before a kill, at most; then it comes within
KILL_SECONDS = 0.003

# What varies comes from here, so that a failure can be had again.
SEED = int(os.environ.get("DURABILITY_SEED", str(random.randrange(1 << 32))))


class Ledger:
    """What the card has acknowledged, and what it may have done besides: one command was under way
    when it died, and is in the image or is not, but nothing in between."""

    def __init__(self):
        self.count = None  # None: not known yet
        self.texts = None
        self.acknowledged = 0

    def asked_text(self, text):
        if self.texts:
            self.texts = [self.texts[0], text]

    def stored_text(self, text):
        self.texts = [text]
        self.acknowledged += 1

    def counted(self, count):
        if self.count is not None:
            check_equal(count, self.count + 1, "counter under load")
        self.count = count
        self.acknowledged += 1

    def verify(self, image):
        result = place.apdu(image, SELECT_HELLO, READ_TEXT, COUNT)
        check_equal(result.returncode, 0, f"exit status ({result.stderr})")
        select, text, count = result.stdout.split()
        check_equal((select[-4:], text[-4:], count[-4:]), ("9000",) * 3, "status words")
        text, count = bytes.fromhex(text[:-4]), int(count[:8], 16)
        if self.texts:
            check(text in self.texts, f"text {text!r}, but expected one of {self.texts!r}")
        if self.count is not None:
            # One more by this very command, perhaps one more that was not answered.
            check(count in (self.count + 1, self.count + 2),
                  f"counter {count} after {self.count} was answered")
        self.texts, self.count = [text], count


def put_under_load(transmit, ledger, dice, acknowledged):
    """Until the card is gone. transmit: hex to hex, raises CardGone; acknowledged is told of each
    commit."""
    check_equal(transmit(SELECT_HELLO)[-4:], "9000", "status word of SELECT")
    while True:
        if dice.random() < 0.5:
            text = bytes(dice.choices(range(65, 91), k=dice.randrange(1, 65)))
            ledger.asked_text(text)
            check_equal(transmit(store_text(text)), "9000", "status word of STORE TEXT")
            ledger.stored_text(text)
        else:
            answer = transmit(COUNT)
            check_equal(answer[-4:], "9000", "status word of COUNT")
            ledger.counted(int(answer[:8], 16))
        acknowledged()


def kill_under_load(card, transmit, ledger, dice):
    """The kill comes at any moment of a command, but not before some were answered, however slow the
    machine is."""
    killer = threading.Timer(dice.uniform(0, KILL_SECONDS), card.kill)
    last = ledger.acknowledged + dice.randint(1, LOAD_COMMITS)

    def acknowledged():
        if ledger.acknowledged == last:
            killer.start()

    try:
        put_under_load(transmit, ledger, dice, acknowledged)
    except CardGone:
        check(killer.ident is not None, "the card ended before it was killed")
    finally:
        if killer.ident is not None:
            killer.join()


def acknowledged_commits_survive_kill():
    image, ledger, dice = place.new_card("standin.card"), Ledger(), random.Random(SEED)
    with StandIn() as reader:
        for _ in range(KILLS):
            with Card(place, image, reader.port) as card:
                reader.accept()
                reader.reset()
                kill_under_load(card, reader.transmit, ledger, dice)
            ledger.verify(image)
    print(f"{KILLS} kills, {ledger.acknowledged} commits acknowledged, seed {SEED}")
    check(ledger.acknowledged >= KILLS, "there was load")


class Session:
    """A libpcsclite connection that says CardGone when the card is."""

    def __init__(self, reader):
        os.environ.update(reader.environment())
        from smartcard import scard
        self.scard = scard
        _, self.context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        self.reader_name = reader.reader_name()

    def connect(self):
        result, self.handle, _ = self.scard.SCardConnect(
            self.context, self.reader_name, self.scard.SCARD_SHARE_SHARED,
            self.scard.SCARD_PROTOCOL_T1)
        check_equal(result, self.scard.SCARD_S_SUCCESS, "SCardConnect")

    def transmit(self, command):
        result, answer = self.scard.SCardTransmit(self.handle, self.scard.SCARD_PCI_T1,
                                                  list(bytes.fromhex(command)))
        if result != self.scard.SCARD_S_SUCCESS or len(answer) < 2:
            raise CardGone
        return bytes(answer).hex().upper()


def acknowledged_commits_survive_kill_in_a_reader():
    image, ledger, dice = place.new_card("reader.card"), Ledger(), random.Random(SEED)
    with PrivateReader(place.folder / "reader") as reader:
        session = Session(reader)
        for _ in range(READER_KILLS):
            with Card(place, image, reader.port) as card:
                await_card(reader)
                session.connect()
                kill_under_load(card, session.transmit, ledger, dice)
            ledger.verify(image)
            await_card(reader, present=False)
    print(f"{READER_KILLS} kills, {ledger.acknowledged} commits acknowledged, seed {SEED}")
    check(ledger.acknowledged >= READER_KILLS, "there was load")


def kill_during_start_harms_nothing():
    """Recovery itself may be killed."""
    image, ledger, dice = place.new_card("start.card"), Ledger(), random.Random(SEED)
    ledger.verify(image)
    for _ in range(max(KILLS // 4, 1)):
        process = subprocess.Popen([place.onecard, "apdu", image, SELECT_HELLO, COUNT],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0, 0.006))
        process.kill()
        process.wait()
        ledger.verify(image)


if __name__ == "__main__":
    sys.exit(run_tests([acknowledged_commits_survive_kill,
                        acknowledged_commits_survive_kill_in_a_reader,
                        kill_during_start_harms_nothing]))
