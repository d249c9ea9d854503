#!/usr/bin/env python3
"""The rules of the house that a compiler does not know (docs/DESIGN.md):

  includes run downwards only, layer by layer;
  the portable core includes no header of an operating system, and little of libc;
  the core's objects hold no mutable data of their own: everything hangs off one struct onecard.

layers.py [OBJECTS]: OBJECTS is the folder with the core's object files; without it the last rule is
not looked at. Prints each breach; the last line is "N passed, N failed", a test being a file."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What each layer may include, itself apart: everything below it. base and the public faces are below
# all; vm, fs and keys stand side by side, as do store and crypto.
BELOW = {
    "base": set(),
    "crypto": {"base"},
    "store": {"base", "crypto"},
    "vm": {"base", "store", "crypto"},
    "fs": {"base", "store", "crypto"},
    "keys": {"base", "store", "crypto"},
}
BELOW["fs"] |= {"keys"}  # access rules ask for the security status
BELOW["secure"] = {"base", "store", "crypto", "keys"}
BELOW["firewall"] = {"base", "crypto", "store", "vm", "fs", "keys", "secure"}
BELOW["manager"] = BELOW["firewall"] | {"firewall"}
BELOW["runtime"] = BELOW["manager"] | {"manager"}
BELOW["transport"] = BELOW["runtime"] | {"runtime"}
# A port is beside the card, under port.h: it knows nothing of the card's inside.
BELOW["port"] = {"base"}

# The three calls that go up do so through this header of function tables.
FACES = "onecard"
HOSTED = {"port", "transport"}  # may use the operating system
LIBC = {"string.h", "stddef.h", "stdint.h", "stdbool.h", "limits.h"}
MBEDTLS = {"crypto", "store", "port"}
INTRINSICS = {"immintrin.h"}  # of the compiler, for faster ciphers on a desktop

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
# Sections that are written to. Constants with addresses in them rest in .data.rel.ro.
MUTABLE = re.compile(r"^(\.data|\.bss|\.tdata|\.tbss|COMMON|\*COM\*)(?!\.rel\.ro)")


def breach_of_include(layer, quote, header):
    """What is wrong with such an include in that layer, or None."""
    first, _, rest = header.partition("/")
    if first == "mbedtls":
        return None if layer in MBEDTLS else f"{layer} may not include mbedtls"
    if quote == "<":
        if layer in HOSTED or header in LIBC or (header in INTRINSICS and layer == "crypto"):
            return None
        return f"<{header}> is not for the portable core"
    if first == FACES or not rest:  # a name without folder is a file beside it
        return None
    if first == layer or first in BELOW[layer]:
        return None
    if first not in BELOW:
        return f'"{header}" is of no layer'
    return f'"{header}": {layer} may not include {first}'


def check_file(path):
    layer = path.relative_to(ROOT / "src").parts[0]
    if layer not in BELOW:
        return [f"{path.relative_to(ROOT)}: src/{layer} is no layer"]
    breaches = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        wrong = match and breach_of_include(layer, *match.groups())
        if wrong:
            breaches.append(f"{path.relative_to(ROOT)}:{number}: {wrong}")
    return breaches


def check_object(path):
    """Symbols that rest in writable sections; the linker's and compiler's own have no size."""
    listing = subprocess.run(["objdump", "-t", str(path)], capture_output=True, text=True,
                             check=True).stdout
    breaches = []
    for line in listing.splitlines():
        # value, flags in seven columns, section, tab, size, name
        match = re.match(r"^[0-9a-f]+ (.{7}) (\S+)\t([0-9a-f]+)\s+(.*)$", line)
        if match and "d" not in match.group(1)[5] and int(match.group(3), 16) > 0 \
                and MUTABLE.match(match.group(2)):
            breaches.append(f"{path}: {match.group(4)} is mutable ({match.group(2)})")
    return breaches


def main():
    checks = [check_file(path) for path in sorted((ROOT / "src").rglob("*.*"))
              if path.suffix in (".c", ".h", ".def")]
    if len(sys.argv) > 1:
        objects = [path for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.o"))
                   if not HOSTED & set(path.relative_to(sys.argv[1]).parts)]
        if not objects:
            checks.append([f"{sys.argv[1]}: no object files"])
        checks += [check_object(path) for path in objects]
    for breach in sum(checks, []):
        print(breach)
    failed = sum(1 for breaches in checks if breaches)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
