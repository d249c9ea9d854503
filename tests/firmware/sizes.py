#!/usr/bin/env python3
"""Prints the size of each layer of the Cortex-M4 build and fails if it holds mutable data.

sizes.py FIRMWARE_BUILD_DIR LAYER ...
"""
import pathlib
import subprocess
import sys

build, layers = pathlib.Path(sys.argv[1]), sys.argv[2:]
total, bad, seen = 0, [], 0
print(f"{'layer':<10} {'code':>8} {'const':>8}   (Cortex-M4, -Os, bytes)")
for layer in layers:
    objects = sorted((build / "src" / layer).glob("*.o"))
    if not objects:
        continue
    code = const = 0
    out = subprocess.run(["arm-none-eabi-size", "-A", *map(str, objects)], check=True,
                         capture_output=True, text=True).stdout
    current = ""
    for line in out.splitlines():
        words = line.split()
        if line.endswith(":") or " :" in line:
            current = words[0]
        if len(words) != 3 or not words[1].isdigit():
            continue
        name, size = words[0], int(words[1])
        if name.startswith(".text"):
            code += size
        elif name.startswith(".rodata"):
            const += size
        elif name.startswith((".data", ".bss")) and size:
            bad.append(f"{current}: {size} bytes of mutable data in {name}")
    seen += len(objects)
    total += code + const
    print(f"{layer:<10} {code:>8} {const:>8}")
print(f"{'all':<10} {total:>8} in {seen} objects")
for line in bad:
    print(line)
print(f"{int(not bad and seen > 0)} passed, {int(bool(bad) or seen == 0)} failed")
sys.exit(1 if bad or not seen else 0)
