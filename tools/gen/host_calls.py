#!/usr/bin/env python3
"""Writes the SDK header and the reference page of host calls from src/firewall/calls.def.

host_calls.py [--check]    --check writes nothing and fails if a file is not what it should be
"""
import pathlib
import re
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / "src/firewall/calls.def"
HEADER = ROOT / "include/onecard/applet.h"
TEMPLATE = ROOT / "tools/gen/applet.h.in"
PAGE = ROOT / "docs/host-calls.md"

CALL = re.compile(
    r'^CALL\((\d+), (\w+), ([NU]), "([vrw]*)", "([^"]*)", (\w+), (\d+),\s*((?:"[^"]*"\s*)+)\)', re.M)
GROUP = re.compile(r'^GROUP\("([^"]+)"\)', re.M)


def read_table():
    text = TABLE.read_text()
    entries = sorted([(m.start(), "group", m) for m in GROUP.finditer(text)] +
                     [(m.start(), "call", m) for m in CALL.finditer(text)], key=lambda e: e[0])
    if len(re.findall(r"^CALL\(\d", text, re.M)) != sum(kind == "call" for _, kind, _ in entries):
        sys.exit(f"{TABLE}: a CALL line does not have the form that the comment on top states")
    groups, numbers = [], set()
    for _, kind, m in entries:
        if kind == "group":
            groups.append((m[1], []))
            continue
        number, name, result, letters, names = int(m[1]), m[2], m[3], m[4], m[5]
        names = [n.strip() for n in names.split(",")] if names else []
        if len(names) != len(letters):
            sys.exit(f"{TABLE}: {name}: {len(letters)} arguments, {len(names)} names")
        if number in numbers:
            sys.exit(f"{TABLE}: {name}: number {number} is taken")
        numbers.add(number)
        doc = "".join(re.findall(r'"([^"]*)"', m[8]))
        groups[-1][1].append((number, name, result, list(zip(letters, names)), m[6], int(m[7]), doc))
    return groups


def parameters(arguments):
    out = []
    for letter, name in arguments:
        if letter == "v":
            out.append(f"uint32_t {name}")
        else:
            out.append(f"{'const ' if letter == 'r' else ''}void *{name}")
            out.append(f"uint32_t {name}_len")
    return ", ".join(out) or "void"


def c_declaration(call):
    number, name, result, arguments, _, _, doc = call
    kind = "uint32_t" if result == "U" else "int32_t"
    comment = textwrap.fill(doc, 94, initial_indent="/* ", subsequent_indent=" * ") + " */"
    proto = f"{kind} card_{name}({parameters(arguments)});"
    lines = textwrap.fill(proto, 100, subsequent_indent=" " * (len(f"{kind} card_{name}(")),
                          break_long_words=False)
    return f'{comment}\nCARD_CALL("{name}")\n{lines}\n'


def header(groups):
    body = []
    for title, calls in groups:
        body.append(f"/* ---- {title} ---- */\n")
        body.extend(c_declaration(c) for c in calls)
    text = TEMPLATE.read_text().replace("@CALLS@\n", "\n".join(body))
    return subprocess.run(["clang-format", f"--assume-filename={HEADER}"], input=text, text=True,
                          capture_output=True, check=True).stdout


def page(groups):
    out = ["# Host calls", "",
           "Everything that an applet may ask of the card. Written by `make gen` from",
           "`src/firewall/calls.def`; the C declarations are in `include/onecard/applet.h`.", "",
           "An applet imports them from the Wasm module `card` by the names below. All arguments and results",
           "are `i32`. A buffer is two arguments, pointer and length in bytes; the card checks that it lies",
           "wholly in the applet's memory (F1) and ends the command with 6F00 if not. Results below zero are",
           "the `CARD_E_` codes of `applet.h`. *Fuel* is charged besides one unit for every eight bytes of",
           "buffers.", ""]
    for title, calls in groups:
        out += [f"## {title}", "", "| no. | call | fuel | what it does |", "|---|---|---|---|"]
        for number, name, result, arguments, privilege, cost, doc in calls:
            shown = ", ".join(n if l == "v" else f"{'in' if l == 'r' else 'out'} {n}[]"
                              for l, n in arguments)
            extra = "" if privilege == "FREE" else f" Needs the privilege {privilege}."
            kind = "value" if result == "U" else "result"
            out.append(f"| {number} | `{name}({shown})` → {kind} | {cost} | {doc}{extra} |")
        out.append("")
    return "\n".join(out)


def main():
    groups = read_table()
    bad = False
    for path, text in ((HEADER, header(groups)), (PAGE, page(groups))):
        if "--check" in sys.argv:
            if not path.exists() or path.read_text() != text:
                print(f"{path.relative_to(ROOT)} is not what src/firewall/calls.def says: run 'make gen'")
                bad = True
        else:
            path.write_text(text)
    print("0 passed, 1 failed" if bad else "1 passed, 0 failed") if "--check" in sys.argv else None
    return 1 if bad else 0


sys.exit(main())
