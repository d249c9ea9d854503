#!/usr/bin/env python3
"""Code and constant bytes of object files: sizes.py TITLE OBJECT..."""
import os
import subprocess
import sys

total = 0
parts = []
for path in sys.argv[2:]:
    text, data = map(int, subprocess.run(["size", path], capture_output=True, text=True,
                                         check=True).stdout.splitlines()[1].split()[:2])
    total += text + data
    parts.append(f"{os.path.basename(path)[:-2]} {text + data}")
print(f"engine on {sys.argv[1]}: {total} bytes ({', '.join(parts)})")
