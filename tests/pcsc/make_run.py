#!/usr/bin/python3
"""make run as a person uses it: started, used by pasting what it prints, ended. make_run.py BUILD"""
import contextlib
import os
import pathlib
import re
import signal
import subprocess
import sys

from harness import ROOT, SECONDS, Card, CheckFailed, Place, PrivateReader, check, check_equal, \
    environment_without_make, free_port_pair, pcsc, port_is_free, run_tests, wait_until

place = Place(sys.argv[1], "make_run")
BUILD = os.path.relpath(place.build, ROOT) if place.build.is_relative_to(ROOT) else place.build

NO_SYSTEM = ["--system-socket", "/nonexistent"]  # the machine's own reader is not for tests


def hear_interrupts():
    """As from a terminal; where the tests themselves run in the background, SIGINT is ignored, and
    make inherits that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class MakeRun:
    """"make run" in a terminal of its own, so to speak: a process group."""

    def __init__(self, name, command=None, second=None):
        self.folder = place.folder / name
        self.folder.mkdir()
        self.card = self.folder / "demo.card"
        self.output = self.folder / "output"
        state = self.folder / "state"
        cards = f"{self.card} {self.folder / second}" if second else str(self.card)
        self.command = command + [cards, str(state)] if command else \
            ["make", f"BUILD={BUILD}", "run", f"CARD={cards}", f"RUN_DIR={state}",
             "RUN_FLAGS=" + " ".join(NO_SYSTEM)]
        self.process = None

    def __enter__(self):
        with open(self.output, "w") as output:
            self.process = subprocess.Popen(self.command, cwd=ROOT, stdin=subprocess.DEVNULL,
                                            stdout=output, stderr=subprocess.STDOUT,
                                            env=environment_without_make(), start_new_session=True,
                                            preexec_fn=hear_interrupts)
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):  # what a failed test has left, too
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def text(self):
        return self.output.read_text()

    def await_guide(self):
        def ready():
            if self.process.poll() is not None:
                raise CheckFailed(f"it ended: {self.text()}")
            return "Ctrl-C ends it" in self.text()
        wait_until(ready, "the guide")

    def guide(self):
        """What a person pastes: the line that sets the variable, and the examples."""
        lines = [line.strip() for line in self.text().splitlines() if line.startswith("  ")]
        exports = [line for line in lines if line.startswith("export ")]
        examples = [line for line in lines if re.match(r"opensc-tool|printf", line)]
        return exports, examples

    def paste(self, exports, example):
        result = subprocess.run(["sh", "-c", "\n".join(exports + [example])], capture_output=True,
                                text=True, timeout=SECONDS, cwd="/",
                                env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"})
        return result.stdout + result.stderr

    def processes(self):
        """Of this run and still there: by what stands in their command lines and environments."""
        found = []
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if str(self.folder) in words and int(entry.name) != self.process.pid:
                found.append(words)
        return found

    def check_ended(self, statuses):
        try:
            status = self.process.wait(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise CheckFailed(f"it did not end: {self.text()[-500:]}")
        check(status in statuses, f"exit status {status} not in {statuses}: {self.text()[-500:]}")
        wait_until(lambda: self.processes() == [], "the end of every process")


def pasted_examples_work_and_control_c_ends_it():
    with MakeRun("paste") as run:
        run.await_guide()
        check(run.card.exists(), "the demo card was made")
        exports, examples = run.guide()
        check_equal(len(exports), 1, f"lines that set a variable in {run.text()}")
        check_equal(len(examples), 3, "examples")
        outputs = [run.paste(exports, example) for example in examples]
        check(outputs[0].strip().lower().startswith("3b:"), f"an ATR: {outputs[0]}")
        check_equal(outputs[1].count("SW1=0x90, SW2=0x00"), 2, outputs[1])
        check("90 00 : Normal processing" in outputs[2], outputs[2])
        wait_until(lambda: "[hello] COUNT" in run.text(), "the command in the trace")
        os.killpg(run.process.pid, signal.SIGINT)  # as a terminal does
        # make itself dies of the signal after all below it has ended well.
        run.check_ended([0, 2, 130, -signal.SIGINT])
        check("out of the reader" in run.text(), "a last word")
        check("Traceback" not in run.text(), run.text())


def two_cards_are_in_two_slots_and_one_is_taken_out():
    with MakeRun("two", second="second.card") as run:
        run.await_guide()
        socket = run.folder / "state" / "pcscd.comm"
        for slot in range(2):
            wait_until(lambda: pcsc.card_present(socket, f"onecard 00 {slot:02X}"), f"slot {slot}")
        line = next(line for line in run.text().splitlines() if line.endswith(" remove 0"))
        result = subprocess.run(["sh", "-c", line], capture_output=True, text=True)
        check_equal((result.returncode, result.stdout), (0, "slot 0\n"), result.stderr)
        wait_until(lambda: not pcsc.card_present(socket, "onecard 00 00"), "the removal")
        check(pcsc.card_present(socket, "onecard 00 01"), "the other one stays")
        run.process.terminate()
        run.check_ended([0, 2, 143, -signal.SIGTERM])


def termination_of_make_ends_it():
    with MakeRun("term") as run:
        run.await_guide()
        run.process.terminate()
        run.check_ended([0, 2, 143, -signal.SIGTERM])


def interrupt_of_make_alone_ends_it():
    """As by "kill -INT" on its process number."""
    with MakeRun("alone") as run:
        run.await_guide()
        run.process.send_signal(signal.SIGINT)
        run.check_ended([0, 2, 130, -signal.SIGINT])


def death_of_make_ends_it():
    with MakeRun("killed") as run:
        run.await_guide()
        run.process.kill()
        run.process.wait()
        wait_until(lambda: run.processes() == [], "the end of every process")


def second_run_is_refused():
    with MakeRun("twice") as run:
        run.await_guide()
        result = subprocess.run(run.command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS,
                                env=environment_without_make())
        check(result.returncode != 0 and "runs already" in result.stderr, result.stderr)
        check(run.process.poll() is None, "the first goes on")


def damaged_card_is_refused_and_nothing_stays():
    run = MakeRun("damaged")
    run.card.write_bytes(b"no card")
    with run:
        run.check_ended([2])
        check("run: the card ended" in run.text(), run.text())


def script(name, *options):
    return MakeRun(name, [sys.executable, str(ROOT / "tools/run/run.py"), *options,
                          place.onecard])


def death_of_the_script_ends_it():
    with script("script_killed", *NO_SYSTEM) as run:
        run.await_guide()
        check(len(run.processes()) >= 2, "card and pcscd run")
        run.process.kill()
        run.process.wait()
        wait_until(lambda: run.processes() == [], "the end of every process")


def system_reader_is_used_when_it_is_there():
    """A pcscd of ours stands for the system's."""
    with PrivateReader(place.folder / "system", name="Virtual PCD") as system, \
            script("system_run", "--system-socket", str(system.socket), "--system-readers",
                   str(system.folder / "conf")) as run:
        run.await_guide()
        exports, examples = run.guide()
        check_equal(exports, [], "nothing to set")
        check('"Virtual PCD 00 00"' in run.text(), run.text())
        check(pcsc.card_present(system.socket, "Virtual PCD 00 00"), "the card is there")
        run.process.terminate()
        run.check_ended([0])
        check(system.process.poll() is None, "the system's reader goes on")


def system_reader_in_use_is_left_alone():
    """Its first slot holds a card: the second one is taken."""
    card = place.new_card()
    with PrivateReader(place.folder / "busy", name="Virtual PCD") as system, \
            Card(place, card, system.port):
        wait_until(lambda: pcsc.card_present(system.socket, "Virtual PCD 00 00"), "the first card")
        with script("busy_run", "--system-socket", str(system.socket), "--system-readers",
                    str(system.folder / "conf")) as run:
            run.await_guide()
            check('"Virtual PCD 00 01"' in run.text(), run.text())
            run.process.terminate()
            run.check_ended([0])


def ports_are_found_free():
    port = free_port_pair()
    check(port_is_free(port) and port_is_free(port + 1), "both free")


if __name__ == "__main__":
    sys.exit(run_tests([
        pasted_examples_work_and_control_c_ends_it,
        two_cards_are_in_two_slots_and_one_is_taken_out, termination_of_make_ends_it,
        interrupt_of_make_alone_ends_it, death_of_make_ends_it, second_run_is_refused,
        damaged_card_is_refused_and_nothing_stays, death_of_the_script_ends_it,
        system_reader_is_used_when_it_is_there, system_reader_in_use_is_left_alone,
        ports_are_found_free]))
