#!/usr/bin/env python3
"""Counts the Wasm instructions of a round of each kernel with wasm-interp's trace.

count.py OUT COMPILER SOURCE NAME...: what a second round adds to the first.
"""
import os
import subprocess
import sys
import tempfile


def traced(compiler, source, name, times):
    with tempfile.TemporaryDirectory() as d:
        wasm = os.path.join(d, "k.wasm")
        subprocess.run(compiler.split() + [f"-DKERNEL_ALONE=kernel_{name}", f"-DKERNEL_TIMES={times}", source,
                                           "-o", wasm], check=True)
        p = subprocess.Popen(["wasm-interp", wasm, "--run-all-exports", "--trace"],
                             stdout=subprocess.PIPE)
        count = sum(chunk.count(b"\n") for chunk in iter(lambda: p.stdout.read(1 << 20), b""))
        p.wait()
        return count


out, compiler, source = sys.argv[1:4]
with open(out, "w") as f:
    for name in sys.argv[4:]:
        count = traced(compiler, source, name, 2) - traced(compiler, source, name, 1)
        f.write(f"kernel_{name} {count}\n")
