#!/usr/bin/env python3
"""Makes scripts for suite_runner.c of WebAssembly test files (.wast).

suite.py OUT FOREIGN DIRECTORY...    every .wast of the directories but the patterns of FOREIGN

The card has no floating point: functions, types and globals that use it are replaced by empty ones
(so that indices stay), and the assertions about them are left out, by name and counted. The rest
goes through wabt's wast2json.
"""
import fnmatch
import glob
import json
import os
import re
import subprocess
import sys

TOKEN = re.compile(r'\(;|;;[^\n]*|\(|\)|"(?:[^"\\]|\\.)*"|[^\s()";]+')
FLOAT = re.compile(r"^(f32|f64)($|[.x])")
OTHER = re.compile(r"^(v128|ref|i8x16|i16x8|i32x4|i64x2|externref|anyref|exnref)($|\.)")


def parse(text):
    """A list of forms: lists and strings."""
    stack, at = [[]], 0
    while True:
        m = TOKEN.search(text, at)
        if not m:
            break
        t, at = m.group(0), m.end()
        if t == "(;":
            depth = 1
            while depth:
                m = re.compile(r"\(;|;\)").search(text, at)
                depth += 1 if m.group(0) == "(;" else -1
                at = m.end()
        elif t.startswith(";;"):
            pass
        elif t == "(":
            stack.append([])
        elif t == ")":
            form = stack.pop()
            stack[-1].append(form)
        else:
            stack[-1].append(t)
    return stack[0]


def text_of(form):
    return form if isinstance(form, str) else "(" + " ".join(map(text_of, form)) + ")"


def atoms(form):
    if isinstance(form, str):
        yield form
    else:
        for f in form:
            yield from atoms(f)


def beyond(form, bad):
    """Why a form is outside of the profile, or None."""
    for a in atoms(form):
        if a[0] == '"':
            continue
        if FLOAT.match(a):
            return "floating point"
        if OTHER.match(a):
            return "other types"
        if a in bad:
            return bad[a]
    return None


def multi(form):
    """Several results, or a block with parameters."""
    if isinstance(form, str):
        return False
    if form and form[0] == "result" and len(form) > 2:
        return True
    return any(multi(f) for f in form)


def head(form):
    return form[0] if isinstance(form, list) and form and isinstance(form[0], str) else ""


def name_of(field):
    return field[1] if len(field) > 1 and isinstance(field[1], str) and field[1][0] == "$" else None


class Module:
    """A text module without what the card cannot run. dropped: export name -> reason."""

    def __init__(self, form):
        self.form = form
        self.dropped = {}
        fields = [f for f in form if isinstance(f, list)]
        if "quote" in form[:3] or "binary" in form[:3]:
            return
        bad = {}
        self.modernise(fields)
        self.strip_types(fields, bad)
        self.strip_globals(fields, bad)
        funcs = [f for f in fields if head(f) == "func" or
                 (head(f) == "import" and any(head(g) == "func" for g in f))]
        stubs = set()
        changed = True
        while changed:
            changed = False
            for i, f in enumerate(funcs):
                if i in stubs:
                    continue
                why = beyond(f, bad) or ("several results" if multi(f) else None) or \
                    self.calls_stub(f, stubs, bad)
                if why:
                    stubs.add(i)
                    changed = True
                    inner = next((g for g in f if head(g) == "func"), f)
                    bad_name = name_of(inner)
                    if bad_name:
                        bad[("call", bad_name)] = why
                    bad[("index", i)] = why
                    self.stub(f, why, bad_name)
        self.strip_exports(fields, funcs, stubs, bad)

    def modernise(self, fields):
        """The suite's copy names tables and memories in segments as older drafts did."""
        names = {"elem": "table", "data": "memory"}
        for f in fields:
            kind = names.get(head(f))
            named = [name_of(g) for g in fields if head(g) == kind or
                     (head(g) == "import" and any(head(h) == kind for h in g))]
            if kind and len(f) > 2 and isinstance(f[1], str) and isinstance(f[2], list) and \
                    (f[1] in named or f[1].isdigit()):
                del f[1]

    def strip_types(self, fields, bad):
        for n, f in enumerate([f for f in fields if head(f) == "type"]):
            why = beyond(f, {}) or ("several results" if multi(f) else None)
            if why:
                if name_of(f):
                    bad[name_of(f)] = why
                bad[("type", str(n))] = why
                f[:] = ["type"] + ([name_of(f)] if name_of(f) else []) + [["func"]]

    def strip_globals(self, fields, bad):
        for f in fields:
            if head(f) == "global" and beyond(f, {}):
                exports = [g for g in f if head(g) == "export"]
                for e in exports:
                    self.dropped[e[1]] = "floating point"
                name = name_of(f)
                f[:] = ["global"] + ([name] if name else []) + exports + \
                    [["mut", "i32"], ["i32.const", "0"]]

    def calls_stub(self, f, stubs, bad):
        flat = list(atoms(f))
        for i, a in enumerate(flat):
            if a == "call" and i + 1 < len(flat):
                target = flat[i + 1]
                why = bad.get(("call", target))
                if not why and target.isdigit():
                    why = bad.get(("index", int(target)))
                if why:
                    return why
            if a == "type" and i + 1 < len(flat) and bad.get(("type", flat[i + 1])):
                return bad[("type", flat[i + 1])]
        return None

    def stub(self, f, why, name):
        if head(f) == "import":
            inner = next(g for g in f if head(g) == "func")
            bad_name = name_of(inner)
            inner[:] = ["func"] + ([bad_name] if bad_name else [])
            return
        exports = [g for g in f if head(g) in ("export", "import")]
        for e in exports:
            if head(e) == "export":
                self.dropped[e[1]] = why
        f[:] = ["func"] + ([name] if name else []) + exports

    def strip_exports(self, fields, funcs, stubs, bad):
        for f in fields:
            if head(f) == "export" and isinstance(f[2], list) and head(f[2]) == "func":
                target = f[2][1]
                why = bad.get(("call", target)) or \
                    (bad.get(("index", int(target))) if target.isdigit() else None)
                if why:
                    self.dropped[f[1]] = why


def assertion_reason(form, modules):
    """Why an assertion on a function cannot run."""
    action = form[1]
    rest = action[1:]
    which = None
    if rest and isinstance(rest[0], str) and rest[0][0] == "$":
        which, rest = rest[0], rest[1:]
    module = modules.get(which)
    if module and rest and rest[0] in module.dropped:
        return module.dropped[rest[0]]
    why = beyond(form[1:], {})
    if why:
        return why
    if head(action) == "get":
        return "reads a global from outside"
    return None


# Host functions may stand in tables since 1.0.
OBSOLETE = ('"invalid use of host function"',)
BLOCKS = ("block", "loop", "if")


def modern_blocks(form):
    """(block i32 ...) was (block (result i32) ...) once."""
    if isinstance(form, str):
        return
    if head(form) in BLOCKS:
        at = 2 if len(form) > 1 and isinstance(form[1], str) and form[1][0] == "$" else 1
        if len(form) > at and form[at] in ("i32", "i64", "f32", "f64"):
            form[at] = ["result", form[at]]
    for f in form:
        modern_blocks(f)


def strip(text):
    """The forms to keep, and reasons for the others."""
    kept, left = [], []
    modules = {}
    forms = parse(text)
    if forms and head(forms[0]) in ("func", "memory", "type", "table", "global", "import"):
        forms = [["module"] + forms]
    modern_blocks(forms)
    for form in forms:
        h = head(form)
        if h == "module":
            module = Module(form)
            modules[None] = module
            if len(form) > 1 and isinstance(form[1], str) and form[1][0] == "$":
                modules[form[1]] = module
            kept.append(form)
        elif h in ("assert_return", "assert_trap", "assert_exhaustion", "invoke",
                   "assert_return_canonical_nan", "assert_return_arithmetic_nan"):
            if h == "assert_trap" and head(form[1]) == "module":
                kept.append(form)
                continue
            target = form if h != "invoke" else ["invoke", form]
            why = "floating point" if h.endswith("nan") else assertion_reason(target, modules)
            if why:
                left.append(why)
            else:
                if h == "assert_trap" and len(form) == 2:
                    form = form + ['""']
                kept.append(form)
        elif h == "assert_malformed" and "quote" in form[1]:
            left.append("tests the text format")
        elif text_of(form[-1]) in OBSOLETE:
            left.append("rule of an older draft")
        elif h in ("assert_invalid", "assert_malformed", "assert_unlinkable", "register"):
            kept.append(form)
        else:
            left.append("unknown command " + h)
    return kept, left


def values(items):
    out = []
    for v in items:
        width = 8 if v["type"] == "i32" else 16
        out.append(f"{v['type']}:{int(v['value']):0{width}x}")
    return ",".join(out) or "-"


def imports_from(form):
    """Names of the modules from which a module imports."""
    names = set()
    if isinstance(form, list):
        if head(form) == "import" and len(form) > 1 and isinstance(form[1], str):
            names.add(form[1].strip('"'))
        for f in form:
            names |= imports_from(f)
    return names


def script_lines(commands, kept, out):
    registered = {}
    for c in commands:
        kind, line = c["type"], c["line"]
        form = kept[line - 1]
        if kind == "register":
            registered[c["as"]] = c.get("name", "-")
        module = form if head(form) == "module" else form[1] if len(form) > 1 else None
        if head(module) == "module":
            # what the imported module shares with one that the card refuses is not to be seen here
            for name in sorted(imports_from(module)):
                if name in registered:
                    yield f"taint {line} {registered[name]}"
        if kind == "module" and subprocess.run(["wasm-validate", f"{out}/{c['filename']}"],
                                               capture_output=True).returncode:
            yield f"drop {line} not valid to wabt either"
            continue
        if kind == "module":
            yield f"module {line} {c['filename']} {c.get('name', '-')}"
        elif kind in ("assert_return", "assert_trap", "assert_exhaustion", "action"):
            a = c["action"]
            verb = {"assert_return": "return", "assert_trap": "trap",
                    "assert_exhaustion": "exhaust", "action": "invoke"}[kind]
            last = values(c.get("expected", [])) if kind == "assert_return" else c.get("text", "-")
            yield (f"{verb} {line} {a.get('module', '-')} {a['field'].encode().hex()} "
                   f"{values(a['args'])} {last}")
        elif kind in ("assert_invalid", "assert_malformed"):
            yield f"{kind[7:]} {line} {c['filename']} {c['text']}"
        elif kind in ("assert_unlinkable", "assert_uninstantiable"):
            yield f"refused {line} {c['filename']} {c['text']}"


def convert(path, out):
    stem = os.path.splitext(os.path.basename(path))[0]
    with open(path, encoding="utf-8", errors="surrogateescape") as f:
        kept, left = strip(f.read())
    # one form a line, so that one that wabt does not take can be found and left out
    while True:
        wast = f"{out}/{stem}.wast"
        with open(wast, "w", encoding="utf-8", errors="surrogateescape") as f:
            f.write("".join(text_of(k) + "\n" for k in kept))
        p = subprocess.run(["wast2json", wast, "-o", f"{out}/{stem}.json"], capture_output=True,
                           text=True, errors="replace")
        if p.returncode == 0:
            break
        lines = sorted({int(m) for m in re.findall(r"\.wast:(\d+):", p.stderr)}, reverse=True)
        lines = [n for n in lines if 0 < n <= len(kept)]
        if not kept:
            return None
        if not lines:
            sys.exit(f"suite.py: {path}: {p.stderr[:400]}")
        if os.environ.get("SUITE_VERBOSE"):
            print(stem, p.stderr[:300])
        for n in lines:
            left.append("not taken by wabt")
            del kept[n - 1]
    with open(f"{out}/{stem}.json") as f:
        commands = json.load(f)["commands"]
    with open(f"{out}/{stem}", "w", encoding="utf-8") as f:
        for reason in left:
            f.write(f"left 0 {reason}\n")
        for line in script_lines(commands, kept, out):
            f.write(line + "\n")
    return stem


def main():
    out, foreign, directories = sys.argv[1], sys.argv[2].replace("%", "*").split(), sys.argv[3:]
    os.makedirs(out, exist_ok=True)
    files = [f for d in directories for f in sorted(glob.glob(os.path.join(d, "*.wast")))]
    names = [os.path.basename(f) for f in files]
    skipped = [n for n in names if any(fnmatch.fnmatch(n, p) for p in foreign)
               and n != "i64.wast"]
    with open(f"{out}/scripts.new", "w") as f:
        for path in files:
            if os.path.basename(path) in skipped:
                continue
            stem = convert(path, out)
            if stem:
                f.write(stem + "\n")
            else:
                skipped.append(os.path.basename(path))
    with open(f"{out}/skipped", "w") as f:
        f.write(f"{len(skipped)} files left out as a whole (refused proposals, floating point alone, "
                "text format alone): " + " ".join(s[:-5] for s in sorted(skipped)) + "\n")
    os.rename(f"{out}/scripts.new", f"{out}/scripts")


main()
