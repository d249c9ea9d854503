#!/usr/bin/env python3
"""What a load costs the card in instructions: callgrind counts, which no other process disturbs.

usage: load_cost.py BUILD [function ...]

Loads transit.cap in SCP03 and in SCP02 at levels mac and enc, and prints what the card's functions
cost together with what they call, in thousands of instructions. The host's side does not count.
Needs valgrind, which no other part of the project does."""
import os
import subprocess
import sys
import tempfile

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
SHOWN = sys.argv[2:] or [
    "onecard_transmit", "code_translate", "vm_translate", "vm_body_translate", "image_tag",
    "store_large_append", "scp_unwrap", "scp03_unwrap", "scp02_unwrap", "command_mac",
    "chained_mac", "decipher", "crypto_key_set", "domain_load", "load_file_take", "store_commit",
]
RUNS = [("SCP03 mac", "30", "mac"), ("SCP03 enc", "30", "enc"),
        ("SCP02 mac", "20", "mac"), ("SCP02 enc", "20", "enc")]
CAP = os.path.join(BUILD, "applets/transit.cap")
PACKAGE = "A00000063201010550"


class Costs:
    """Inclusive costs of the functions that run below a root, by name; in recursion the outermost
    counts. Callgrind's edges do not tell calls below the root from others, so the recording itself
    is switched on and off at the root (--toggle-collect)."""

    def __init__(self, path):
        names, self.own, self.called = {}, {}, {}
        here, callee, call_line = None, None, False

        def name_of(text):
            number, _, name = text.partition(" ")
            if name:
                names[number] = name
            return names[number].split("'")[0]

        with open(path, encoding="utf-8") as lines:
            for line in lines:
                line = line.rstrip("\n")
                if line.startswith("fn="):
                    here = name_of(line[3:])
                elif line.startswith("cfn="):
                    callee = name_of(line[4:])
                elif line.startswith("calls="):
                    call_line = True
                elif line[:1] and line[0] in "0123456789+-*":
                    cost = int((line.split() + ["0"])[1])  # a zero is left out
                    if call_line:
                        key = here, callee
                        self.called[key] = self.called.get(key, 0) + cost
                        call_line = False
                    else:
                        self.own[here] = self.own.get(here, 0) + cost

    def inclusive(self, name):
        total = self.own.get(name, 0)
        return total + sum(cost for (caller, callee), cost in self.called.items()
                           if caller == name and callee != name)


def run(*args):
    done = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    if done.returncode:
        sys.exit(f"{' '.join(args)}\n{done.stdout}")


def measure(directory, version, level):
    tool, card = os.path.join(BUILD, "onecard"), os.path.join(directory, "t.card")
    out = os.path.join(directory, f"callgrind.{version}.{level}")
    run(tool, "new", card, "--force")
    run(tool, "gp", "--kvn", "30", "--related", card, "delete", PACKAGE)
    run("valgrind", "--tool=callgrind", "--toggle-collect=onecard_transmit",
        "--callgrind-out-file=" + out, tool, "gp", "--kvn", version, "--level", level, card, "load",
        CAP)
    return Costs(out)


def main():
    with tempfile.TemporaryDirectory() as directory:
        table = [measure(directory, version, level) for _, version, level in RUNS]
    print(f"{'thousands of instructions':28}" + "".join(f"{name:>12}" for name, _, _ in RUNS))
    for name in SHOWN:
        counts = [costs.inclusive(name) for costs in table]
        if any(counts):
            print(f"{name:28}" + "".join(f"{n / 1000:12.1f}" for n in counts))


if __name__ == "__main__":
    main()
