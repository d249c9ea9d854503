"""What the tests of the card in a reader share: named checks and their count, the card as a process,
and a stand-in for the reader that speaks vpcd's protocol without pcscd."""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "run"))

import pcsc  # noqa: E402
from reader import PrivateReader, die_with_parent, free_port_pair, port_is_free  # noqa: E402,F401

SECONDS = 90  # for anything that should happen; only what is broken takes that long

# The applet hello (docs/applets): what it is asked, and what its status words must be.
SELECT_HELLO = "00A4040009F06F6E65636172640100"
GREET = "8010000000"
READ_TEXT = "8030000000"
COUNT = "8040000004"


def store_text(text):
    return f"80200000{len(text):02X}{text.hex().upper()}"


class CheckFailed(Exception):
    pass


def check(condition, what):
    if not condition:
        raise CheckFailed(what)


def check_equal(got, expected, what):
    check(got == expected, f"{what}: expected {expected!r}, got {got!r}")


def wait_until(condition, what, seconds=SECONDS):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    raise CheckFailed(f"{what} did not happen within {seconds} s")


def run_tests(tests):
    """Run functions in order, print a line each, and the count last. Returns the exit status."""
    failed = 0
    for test in tests:
        start = time.monotonic()
        try:
            test()
            verdict = "ok"
        except CheckFailed as error:
            verdict = f"FAIL: {error}"
        except Exception:
            verdict = "FAIL: " + traceback.format_exc()
        failed += verdict != "ok"
        name = test.__name__.replace("_", " ")
        print(f"{name}: {verdict}  ({time.monotonic() - start:.2f} s)", flush=True)
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed else 0


class Place:
    """Where a test script finds the program, and may write: BUILD/pcsc/NAME."""

    def __init__(self, build, name):
        self.build = pathlib.Path(build).absolute()
        self.onecard = str(self.build / "onecard")
        self.folder = self.build / "pcsc" / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def new_card(self, name="test.card"):
        image = str(self.folder / name)
        result = subprocess.run([self.onecard, "new", image, "--force"], capture_output=True,
                                text=True)
        check(result.returncode == 0, f"onecard new: {result.stderr}")
        return image

    def apdu(self, image, *words, **options):
        """A finished onecard apdu; options as for subprocess.run."""
        return subprocess.run([self.onecard, "apdu", image, *words], capture_output=True, text=True,
                              timeout=SECONDS, **options)

    def client(self, reader, *commands, slot=0):
        """The answers (ATR first) that the libpcsclite program gets."""
        result = subprocess.run([str(self.build / "pcsc" / "client"), reader.reader_name(slot),
                                 *commands], env=reader.environment(), capture_output=True,
                                text=True, timeout=SECONDS)
        check(result.returncode == 0, f"client: {result.stderr}")
        return result.stdout.split()


class Card:
    """onecard serve as a process; its output goes to files.

    with Card(place, image, port) as card: ...
    """

    def __init__(self, place, image, port, *options):
        self.command = [place.onecard, "serve", image, "--vpcd", f"127.0.0.1:{port}", *options]
        self.output = pathlib.Path(image + ".out")
        self.errors = pathlib.Path(image + ".err")
        self.process = None

    def __enter__(self):
        with open(self.output, "w") as output, open(self.errors, "w") as errors:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=output,
                                            stderr=errors, preexec_fn=die_with_parent)
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, how=signal.SIGINT):
        """End it politely; returns the exit status."""
        self.process.send_signal(how)
        return self.wait(f"the card did not end after {how.name}")

    def wait(self, complaint):
        try:
            return self.process.wait(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise CheckFailed(complaint)


def await_card(reader, slot=0, present=True):
    """Until the reader sees a card, or sees that it has gone."""
    wanted = pcsc.STATE_PRESENT if present else pcsc.STATE_EMPTY
    wait_until(lambda: pcsc.readers(reader.socket).get(reader.reader_name(slot), 0) & wanted,
               "the card's arrival" if present else "the card's departure")


class CardGone(Exception):
    pass


class StandIn:
    """A reader of our own: listens like vpcd, and asks what it is told to ask."""

    def __init__(self, port=0):
        self.listener = socket.create_server(("127.0.0.1", port))
        self.listener.settimeout(SECONDS)
        self.port = self.listener.getsockname()[1]
        self.card = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.eject()
        self.listener.close()

    def accept(self):
        self.eject()
        self.card, _ = self.listener.accept()
        self.card.settimeout(SECONDS)
        self.card.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def eject(self):
        if self.card is not None:
            self.card.close()
            self.card = None

    def send(self, message):
        with contextlib.suppress(ConnectionError):  # the answer will be missing all the same
            self.card.sendall(len(message).to_bytes(2, "big") + message)

    def receive_bytes(self, size):
        got = b""
        while len(got) < size:
            try:
                piece = self.card.recv(size - len(got))
            except ConnectionError:
                piece = b""
            if not piece:
                raise CardGone
            got += piece
        return got

    def receive(self):
        return self.receive_bytes(int.from_bytes(self.receive_bytes(2), "big"))

    def reset(self):
        self.send(b"\x02")

    def atr(self):
        self.send(b"\x04")
        return self.receive()

    def transmit(self, command):
        """Hex in, hex out."""
        self.send(bytes.fromhex(command))
        return self.receive().hex().upper()


def environment_without_make():
    """For running make inside make test as if a person had typed it."""
    return {name: value for name, value in os.environ.items()
            if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}
