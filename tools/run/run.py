#!/usr/bin/env python3
"""What "make run" runs: a demo card in a PC/SC reader, with a live trace, until interrupted.

run.py ONECARD CARD FOLDER: makes the image CARD (or several, in one word, with blanks between them)
with the program ONECARD if it is not there, and keeps its state (sockets, logs) in FOLDER. Uses the system's reader if a usable one runs, else starts
a private pcscd that ends with this program.
"""
import argparse
import contextlib
import fcntl
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import time

import pcsc
from reader import SOCKET_PATH_MAX, SOCKET_VARIABLE, PrivateReader, ReaderError, die_with_parent, port_listens, \
    stop_process

SYSTEM_SOCKET = "/run/pcscd/pcscd.comm"
SYSTEM_READERS = "/etc/reader.conf.d"
HELLO = "F06F6E656361726401"


class Stop(Exception):
    """The user or the system wants us to end."""


STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def request_stop(*_):
    for name in STOP_SIGNALS:  # once is enough: what follows is cleaning up
        signal.signal(name, signal.SIG_IGN)
    raise Stop


# ---- the system's reader ----

def vpcd_entries(folder):
    """(friendly name, TCP port) of each vpcd reader that pcscd is configured with."""
    for path in sorted(pathlib.Path(folder).glob("*")):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            entry = dict(re.findall(r"^\s*(\w+)\s+(.*\S)", path.read_text(), re.M))
            port = re.search(r"0x([0-9A-Fa-f]+)", entry.get("CHANNELID", ""))
            if "vpcd" in entry.get("LIBPATH", "") and port:
                yield entry.get("FRIENDLYNAME", "").strip('"'), int(port.group(1), 16)


def find_system_reader(socket, folder):
    """(reader name, TCP port) of an empty vpcd slot of a running system pcscd, or None."""
    if not os.path.exists(socket):
        return None
    empty = pcsc.empty_readers(socket)
    for name, port in vpcd_entries(folder):
        for slot in (0, 1):
            reader = next((r for r in empty if re.fullmatch(
                rf"{re.escape(name)}.* {slot:02X}", r)), None)
            if reader and port_listens(port + slot):
                return reader, port + slot
    return None


# ---- the card ----

def make_card(onecard, card):
    if os.path.exists(card):
        return
    print(f"Making the demo card {card}", flush=True)
    result = subprocess.run([onecard, "new", card], stdin=subprocess.DEVNULL)
    if result.returncode != 0:
        raise ReaderError(f"'{onecard} new {card}' failed")


def start_cards(onecard, cards, port, control):
    """Their trace goes straight to our standard output."""
    return subprocess.Popen([onecard, "serve", *cards, "--vpcd", f"127.0.0.1:{port}", "--trace",
                             *(["--control", control] if control else [])],
                            stdin=subprocess.DEVNULL, preexec_fn=die_with_parent,
                            start_new_session=True)


# ---- telling the user ----

def print_guide(reader_name, socket, cards, onecard, control):
    print(f"\nThe card {cards[0]} is in the reader \"{reader_name}\".")
    for slot, card in enumerate(cards[1:], 1):
        print(f"The card {card} is in slot {slot} beside it.")
    print()
    if socket:
        print("In another terminal, so that programs find this reader:\n")
        print(f"  export {SOCKET_VARIABLE}={shlex.quote(str(socket))}\n")
        print("Then, for example:\n")
    else:
        print("It is a reader of the system; in another terminal, for example:\n")
    quoted = shlex.quote(reader_name)
    select = f"00A4040009{HELLO}00"
    print(f"  opensc-tool -r {quoted} -a")
    print(f"  opensc-tool -r {quoted} -s {select} -s 8010000000")
    print(f"  printf '%s\\n' {select} 8040000004 | scriptor -r {quoted}\n")
    print("(the ATR; the greeting of the applet hello; its counter, one up.)\n")
    if control:
        command = f"{shlex.quote(os.path.abspath(onecard))} control {shlex.quote(control)}"
        print("Cards go in and out while it runs:\n")
        print(f"  {command} list")
        print(f"  {command} remove 0\n")
    print("Ctrl-C ends it. What the card is asked:\n", flush=True)


# ---- running until told to stop ----

def interrupts_caught(pid):
    """Is the process a make that catches SIGINT? None if that cannot be told."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        if not re.match(r"Name:\s*g?make\n", status):
            return None
        caught = int(re.search(r"^SigCgt:\s*([0-9a-f]+)", status, re.M).group(1), 16)
    except (OSError, AttributeError):
        return None
    return bool(caught >> (signal.SIGINT - 1) & 1)


class ParentWatch:
    """Sees that make ended, or was interrupted alone. A terminal's Ctrl-C reaches us too, but "kill
    -INT" on make does not: make then waits for us in silence, no longer catching the signal."""

    def __init__(self):
        self.pid = os.getppid()
        self.caught = interrupts_caught(self.pid)

    def wants_stop(self):
        return os.getppid() != self.pid or (self.caught and not interrupts_caught(self.pid))


def watch(processes, parent):
    """Until one of the (name, process) pairs ends, which is an error, or the user wants to stop."""
    while not parent.wants_stop():
        for name, process in processes:
            if process.poll() is not None:
                raise ReaderError(f"{name} ended by itself (exit status {process.returncode})")
        time.sleep(0.2)


def await_card(socket, reader_name, processes, seconds=60):
    """The reader looks for a card a few times a second."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for name, process in processes:
            if process.poll() is not None:
                raise ReaderError(f"{name} ended by itself (exit status {process.returncode})")
        if pcsc.card_present(socket, reader_name):
            return
        time.sleep(0.05)
    raise ReaderError(f"the reader \"{reader_name}\" did not see the card")


def control_path(folder):
    """Where cards are put in and out; None if the name is too long for a socket."""
    path = os.path.abspath(os.path.join(folder, "control"))
    return path if len(os.fsencode(path)) <= SOCKET_PATH_MAX else None


def serve(options, reader_name, port, socket, daemon):
    cards, control = options.card.split(), control_path(options.folder)
    card = start_cards(options.onecard, cards, port, control)
    try:
        processes = [("the card", card)] + ([("pcscd", daemon)] if daemon else [])
        await_card(socket or options.system_socket, reader_name, processes)
        print_guide(reader_name, socket, cards, options.onecard, control)
        watch(processes, options.parent)
    finally:
        stop_process(card)


def run(options):
    for card in options.card.split():
        make_card(options.onecard, card)
    system = find_system_reader(options.system_socket, options.system_readers)
    if system:
        serve(options, *system, None, None)
    else:
        with PrivateReader(options.folder) as reader:
            serve(options, reader.reader_name(), reader.port, reader.socket, reader.process)


def lock(folder):
    """Only one "make run" a folder. Returns the open file that holds the lock."""
    os.makedirs(folder, exist_ok=True)
    held = open(os.path.join(folder, "lock"), "w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise ReaderError("it runs already; end that one first, or give another CARD= and RUN_DIR=")
    return held


def main():
    parser = argparse.ArgumentParser(description="The demo card in a PC/SC reader.")
    parser.add_argument("onecard")
    parser.add_argument("card")
    parser.add_argument("folder")
    parser.add_argument("--system-socket", default=SYSTEM_SOCKET)
    parser.add_argument("--system-readers", default=SYSTEM_READERS)
    options = parser.parse_args()
    options.parent = ParentWatch()  # before anybody is told that we run, and can interrupt make
    for name in STOP_SIGNALS:
        # A background job starts with SIGINT ignored and is to end by it all the same; nohup means
        # what it says.
        if name != signal.SIGHUP or signal.getsignal(name) != signal.SIG_IGN:
            signal.signal(name, request_stop)
    try:
        with lock(options.folder):
            run(options)
    except Stop:
        pass
    except (ReaderError, pcsc.PcscError) as error:
        print(f"run: {error}", file=sys.stderr)
        return 1
    print("\nThe card is out of the reader.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
