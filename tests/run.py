#!/usr/bin/env python3
"""Runs the test steps named on the command line, two at a time, and sums up what they say.

A step is one word of the command line, split like a shell line:
  PROGRAM ARGS...        a cmocka program, or anything whose last line is "N passed, N failed"
  fuzz:PROGRAM           a libFuzzer target .../fuzz_NAME: FUZZ_SECONDS (10) seconds on a copy of
                         tests/fuzz/corpus/NAME; counts as one test
  alone:STEP             nothing else runs meanwhile (for steps that measure time)
A step that fails without saying how many, says nothing at all, or takes longer than STEP_SECONDS
(420) is one failure. Options: --only TEXT runs the steps whose line contains TEXT; --jobs N.
The last line is "N passed, N failed"; the exit status is not 0 when anything failed or nothing ran.
"""
import argparse
import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

TAIL_LINES = 60  # of a failed step's output
STEP_SECONDS = float(os.environ.get("STEP_SECONDS", "420"))
FUZZ_SECONDS = int(os.environ.get("FUZZ_SECONDS", "10"))

INTERPRETERS = ("python3", "bash", "sh")
COUNT_LINE = re.compile(r"^(\d+) passed, (\d+) failed$")
CMOCKA_PASSED = re.compile(r"^\[  PASSED  \] (\d+) test\(s\)\.")
CMOCKA_FAILED = re.compile(r"^\[  FAILED  \] (\d+) test\(s\), listed below:")
FUZZ_RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


class Step:
    def __init__(self, line):
        self.line = line
        self.alone = line.startswith("alone:")
        if self.alone:
            line = line[len("alone:"):]
        self.fuzz = line.startswith("fuzz:")
        if self.fuzz:
            line = line[len("fuzz:"):]
        self.argv = shlex.split(line)
        interpreted = os.path.basename(self.argv[0]) in INTERPRETERS and len(self.argv) > 1
        self.name = os.path.basename(self.argv[1 if interpreted else 0])
        self.process = None
        self.passed = self.failed = 0
        self.note = ""
        self.output = ""
        self.seconds = 0.0

    def command(self):
        if not self.fuzz:
            return self.argv
        program = self.argv[0]
        name = os.path.basename(program).removeprefix("fuzz_")
        work = os.path.join(os.path.dirname(program), "corpus", name)
        shutil.rmtree(work, ignore_errors=True)
        seeds = os.path.join("tests", "fuzz", "corpus", name)
        if os.path.isdir(seeds):
            shutil.copytree(seeds, work)
        else:
            os.makedirs(work)
        found = os.path.join(os.path.dirname(program), "found-" + name + "-")
        return [program, f"-max_total_time={FUZZ_SECONDS}", "-timeout=10", "-rss_limit_mb=2048",
                "-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={found}", work]

    def run(self):
        start = time.monotonic()
        try:
            status = self.run_command()
        except OSError as error:
            self.failed, self.note = 1, str(error)
            return
        finally:
            self.seconds = time.monotonic() - start
        if status is None:
            self.failed, self.note = 1, f"stopped after {STEP_SECONDS:.0f} s"
        elif self.fuzz:
            self.judge_fuzz(status)
        else:
            self.judge(status)

    def run_command(self):
        """Returns the exit status, None when time ran out. Whatever the step left behind ends."""
        with tempfile.TemporaryFile() as output:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL,
                                            stdout=output, stderr=subprocess.STDOUT,
                                            start_new_session=True)
            try:
                status = self.process.wait(timeout=STEP_SECONDS)
            except subprocess.TimeoutExpired:
                status = None
            self.stop()
            output.seek(0)
            self.output = output.read().decode("utf-8", "replace")
        return status

    def stop(self):
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def judge_fuzz(self, status):
        runs = FUZZ_RUNS.search(self.output)
        executed = int(runs.group(1)) if runs else 0
        self.note = f"{executed} inputs"
        if status == 0 and executed > 0:
            self.passed = 1
        else:
            self.failed = 1

    def judge(self, status):
        lines = self.output.splitlines()
        last = COUNT_LINE.match(lines[-1]) if lines else None
        if last:
            self.passed, self.failed = int(last.group(1)), int(last.group(2))
        else:
            for line in lines:
                passed, failed = CMOCKA_PASSED.match(line), CMOCKA_FAILED.match(line)
                self.passed += int(passed.group(1)) if passed else 0
                self.failed += int(failed.group(1)) if failed else 0
        if status != 0 and self.failed == 0:
            self.failed = 1
            self.note = f"signal {-status}" if status < 0 else f"exit status {status}"
        elif self.passed + self.failed == 0:
            self.failed, self.note = 1, "said nothing of tests passed or failed"

    def report(self):
        mark = "FAIL" if self.failed else "ok"
        counts = f"{self.passed} passed" + (f", {self.failed} failed" if self.failed else "")
        note = f"  ({self.note})" if self.note else ""
        text = f"{mark:4}  {self.name:32} {counts:22} {self.seconds:7.1f} s{note}"
        if self.failed:
            tail = self.output.splitlines()[-TAIL_LINES:]
            text += "\n" + "\n".join("      | " + line for line in tail)
        return text


class Runner:
    """Hands out the steps in order; a step that wants to be alone waits for the others."""

    def __init__(self, steps):
        self.steps = list(steps)
        self.running = 0
        self.alone_runs = False
        self.lock = threading.Condition()

    def take(self):
        with self.lock:
            while self.steps:
                step = self.steps[0]
                if self.running == 0 or not (step.alone or self.alone_runs):
                    self.alone_runs = step.alone
                    self.running += 1
                    return self.steps.pop(0)
                self.lock.wait()
            return None

    def work(self):
        while (step := self.take()) is not None:
            step.run()
            with self.lock:
                self.running -= 1
                self.lock.notify_all()
                print(step.report(), flush=True)


def main():
    parser = argparse.ArgumentParser(description="Run test steps.")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="")
    parser.add_argument("steps", nargs="*")
    options = parser.parse_args()
    steps = [Step(line) for line in options.steps if options.only in line]
    # Steps that need the machine for themselves come last, so that the others fill it before.
    runner = Runner(sorted(steps, key=lambda step: step.alone))
    workers = [threading.Thread(target=runner.work, daemon=True) for _ in range(options.jobs)]
    for worker in workers:
        worker.start()
    try:
        for worker in workers:
            worker.join()
    except KeyboardInterrupt:
        for step in steps:
            step.stop()
        return 130
    passed = sum(step.passed for step in steps)
    failed = sum(step.failed for step in steps)
    if failed:
        print("\nfailed: " + " ".join(step.name for step in steps if step.failed))
    if not steps:
        print("nothing to run")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
