#!/usr/bin/env python3
"""Random valid modules, run here and in another engine: results, traps and memory must be the same.

diff.py RUNNER WORK [COUNT [SEED]]

RUNNER is diff_runner; the other engine is Node's if it is installed, or wabt's wasm-interp. Every module
exports run0, run1, ... (no parameters, one result each) and hash (of memory and globals), called in
this order on one instance. All loops are bounded, all calls go to functions of lower numbers.
"""
import os
import random
import re
import shutil
import subprocess
import sys

I32, I64 = 0x7F, 0x7E
EDGES32 = [0, 1, 2, 3, 7, 8, 31, 32, 33, 255, 256, 65535, 65536, 0x7FFFFFFF, -1, -2, -0x80000000, 0x12345678]
EDGES64 = EDGES32 + [0x7FFFFFFFFFFFFFFF, -0x8000000000000000, 0x123456789ABCDEF, 63, 64, 1 << 32, 0xFFFFFFFF]


def u(n):
    out = bytearray()
    while True:
        b = n & 0x7F
        n >>= 7
        out.append(b | (0x80 if n else 0))
        if not n:
            return bytes(out)


def s(n):
    out = bytearray()
    while True:
        b = n & 0x7F
        n >>= 7
        done = (n == 0 and not b & 0x40) or (n == -1 and b & 0x40)
        out.append(b | (0 if done else 0x80))
        if done:
            return bytes(out)


def vec(items):
    return u(len(items)) + b"".join(items)


def section(number, content):
    return bytes([number]) + u(len(content)) + content


class Function:
    def __init__(self, rng, module, params, result, index):
        self.rng, self.module, self.index = rng, module, index
        self.params, self.result = params, result
        self.locals = [rng.choice([I32, I32, I64]) for _ in range(rng.randrange(0, 6))]
        self.all = params + self.locals
        self.counters = 0
        self.labels = [result]  # types that branches carry; innermost last
        self.budget = rng.randrange(20, 120)
        body = b"".join(self.stmt(3) for _ in range(rng.randrange(0, 7)))
        body += self.expr(result, 4) if result else b""
        decl = [u(1) + bytes([t]) for t in self.locals] + [u(1) + bytes([I32])] * self.counters
        code = vec(decl) + body + b"\x0B"
        self.code = u(len(code)) + code

    def const(self, t):
        r = self.rng
        if t == I32:
            v = r.choice(EDGES32) if r.random() < 0.6 else r.randrange(-2**31, 2**31)
            v = (v + 2**31) % 2**32 - 2**31
            return b"\x41" + s(v)
        v = r.choice(EDGES64) if r.random() < 0.6 else r.randrange(-2**63, 2**63)
        return b"\x42" + s((v + 2**63) % 2**64 - 2**63)

    def local(self, t):
        which = [i for i, x in enumerate(self.all) if x == t]
        return self.rng.choice(which) if which else None

    def leaf(self, t):
        i = self.local(t)
        return b"\x20" + u(i) if i is not None and self.rng.random() < 0.7 else self.const(t)

    def address(self, depth):
        r = self.rng
        e = self.expr(I32, depth - 1)
        k = r.random()
        i = self.local(I32)
        if k < 0.45:
            # what the translator takes into loads and stores: constants, sums, indices
            small = e + b"\x41" + s(r.choice([0xFF, 0xFFF])) + b"\x71"
            base = b"\x41" + s(r.choice([0, 4, 1000, 0x4000, -8, 0xFFF0]))
            if i is not None and r.random() < 0.6:
                j = self.local(I32)
                between = self.expr(I32, 1) + b"\x21" + u(j) if j != i and r.random() < 0.6 else b""
                small += r.choice([b"\x21" + u(i) + between + b"\x20" + u(i), b"\x22" + u(i)])
                if r.random() < 0.3:
                    return small + b"\x20" + u(i if r.random() < 0.6 else j) + b"\x6A"
            shape = r.randrange(4)
            if shape == 0:
                return small + base + b"\x6A"
            if shape == 1:
                return small + b"\x41" + s(r.choice([0, 1, 2, 2, 3, 33])) + b"\x74" + base + b"\x6A"
            if shape == 2:
                return b"\x41" + s(r.choice([0, 3, 16, 1000, 0xFFFC, 0xFFFF, 0x1FFFF, 0x20000, -1]))
            return small + self.expr(I32, 1) + b"\x41" + s(0x7F) + b"\x71\x6A"
        k = (k - 0.45) / 0.55
        if k < 0.80:
            return e + b"\x41" + s(self.rng.choice([0xFF, 0xFFF, 0x7FFC, 0xFFFC])) + b"\x71"
        if k < 0.97:
            return self.expr(I32, 0) + b"\x41" + s(0xFFF) + b"\x71" + e + b"\x41" + s(0x3FF) + b"\x71\x6A"
        return e

    def memarg(self, width):
        r = self.rng
        offset = r.choice([0, 0, 4, 1, 100, 0xFFF, 0xFFFD, 0x10000, 0xFFFFFFFF]) if r.random() < 0.2 else 0
        return u(r.randrange(0, width + 1)) + u(offset)

    def expr(self, t, depth):
        r = self.rng
        self.budget -= 1
        if depth <= 0 or self.budget <= 0:
            i = self.local(t)
            return b"\x20" + u(i) if i is not None and r.random() < 0.7 else self.const(t)
        k = r.random()
        d = depth - 1
        if t == I32 and r.random() < 0.15:
            return self.fused(d)
        if k < 0.35:
            op = r.choice(range(0x6A, 0x79) if t == I32 else range(0x7C, 0x8B))
            if op in (0x6D, 0x6E, 0x6F, 0x70, 0x7F, 0x80, 0x81, 0x82) and r.random() < 0.6:
                op = 0x71 if t == I32 else 0x83
            return self.expr(t, d) + self.expr(t, d) + bytes([op])
        if k < 0.42:
            if t == I32:
                return self.expr(I32, d) + bytes([r.choice([0x67, 0x68, 0x69, 0xC0, 0xC1, 0x45])])
            if r.random() < 0.5:
                return self.expr(I32, d) + bytes([r.choice([0xAC, 0xAD])])
            return self.expr(I64, d) + bytes([r.choice([0x79, 0x7A, 0x7B, 0xC2, 0xC3, 0xC4])])
        if k < 0.52 and t == I32:
            if r.random() < 0.6:
                return self.expr(I32, d) + self.expr(I32, d) + bytes([r.randrange(0x46, 0x50)])
            if r.random() < 0.6:
                return self.expr(I64, d) + self.expr(I64, d) + bytes([r.randrange(0x51, 0x5B)])
            return self.expr(I64, d) + bytes([r.choice([0xA7, 0xA7, 0x50])])
        if k < 0.64:
            op, w = r.choice([(0x28, 2), (0x2C, 0), (0x2D, 0), (0x2E, 1), (0x2F, 1)] if t == I32 else
                             [(0x29, 3), (0x30, 0), (0x31, 0), (0x32, 1), (0x33, 1), (0x34, 2), (0x35, 2)])
            return self.address(depth) + bytes([op]) + self.memarg(w)
        if k < 0.72:
            i = self.local(t)
            if i is None:
                return self.const(t)
            return self.expr(t, d) + b"\x22" + u(i)
        if k < 0.78:
            return self.expr(t, d) + self.expr(t, d) + self.expr(I32, d) + b"\x1B"
        if k < 0.84:
            out = self.cond(d) + b"\x04" + bytes([t])
            self.labels.append(t)
            out += self.stmts(d) + self.expr(t, d) + b"\x05" + self.stmts(d) + self.expr(t, d) + b"\x0B"
            self.labels.pop()
            return out
        if k < 0.90:
            out = b"\x02" + bytes([t])
            self.labels.append(t)
            out += self.stmts(d)
            out += self.expr(t, d)
            if r.random() < 0.5:
                out += self.cond(d) + b"\x0D" + u(0)
            self.labels.pop()
            return out + b"\x0B"
        if k < 0.93:
            g = self.module.global_of(t)
            return b"\x23" + u(g)
        if k < 0.98:
            return self.call(t, d)
        if t == I32:
            return r.choice([b"\x3F\x00", self.expr(I32, d) + b"\x41" + s(1) + b"\x71\x40\x00"])
        return self.const(t)

    def fused(self, d):
        """Two operations that the translator makes one, in all orders of operands."""
        r = self.rng
        x = self.expr(I32, d) if r.random() < 0.5 else self.leaf(I32)
        y = self.expr(I32, d) if r.random() < 0.4 else self.leaf(I32)
        inner = b"\x41" + s(r.choice([0, 1, 2, 7, 31, 32, 255, -1])) + \
            bytes([r.choice([0x74, 0x76, 0x77, 0x6C, 0x71, 0x74, 0x76])])
        outer = bytes([r.choice([0x6A, 0x73, 0x72, 0x71, 0x6B])])
        return x + inner + y + outer if r.random() < 0.6 else y + x + inner + outer

    def cond(self, d):
        r = self.rng
        if r.random() < 0.3:
            return self.expr(I32, d)
        x = self.expr(I32, d) if r.random() < 0.5 else self.leaf(I32)
        y = self.expr(I32, d) if r.random() < 0.3 else self.leaf(I32)
        out = x + y + bytes([r.randrange(0x46, 0x50)])
        return out + b"\x45" if r.random() < 0.2 else out

    def call(self, t, d):
        r = self.rng
        callees = [f for f in self.module.functions if f.result == t]
        if not callees:
            return self.const(t)
        f = r.choice(callees)
        args = b"".join(self.expr(p, d - 1) for p in f.params)
        if r.random() < 0.3:
            index = self.const(I32) if r.random() < 0.05 else b"\x41" + s(f.index)
            if r.random() < 0.1:
                index = self.expr(I32, 0) + b"\x41" + s(7) + b"\x71"
                # any function of lower number may be called: still no recursion
                if self.index <= 8:
                    index = b"\x41" + s(f.index)
            return args + index + b"\x11" + u(self.module.type_of(f)) + b"\x00"
        return args + b"\x10" + u(f.index)

    def stmts(self, depth):
        return b"".join(self.stmt(depth) for _ in range(self.rng.randrange(0, 3)))

    def stmt(self, depth):
        r = self.rng
        self.budget -= 1
        if self.budget <= 0:
            return b""
        d = depth - 1
        k = r.random()
        if k < 0.30:
            t = r.choice([I32, I32, I64])
            i = self.local(t)
            return self.expr(t, depth) + (b"\x21" + u(i) if i is not None else b"\x1A")
        if k < 0.50:
            op, t, w = r.choice([(0x36, I32, 2), (0x37, I64, 3), (0x3A, I32, 0), (0x3B, I32, 1),
                                 (0x3C, I64, 0), (0x3D, I64, 1), (0x3E, I64, 2)])
            return self.address(depth) + self.expr(t, depth) + bytes([op]) + self.memarg(w)
        if k < 0.56:
            t = r.choice([I32, I64])
            return self.expr(t, depth) + b"\x24" + u(self.module.global_of(t))
        if depth <= 0:
            return b"\x01"
        if k < 0.66:
            out = self.cond(d) + b"\x04\x40"
            self.labels.append(None)
            out += self.stmts(d) + (b"\x05" + self.stmts(d) if r.random() < 0.5 else b"") + b"\x0B"
            self.labels.pop()
            return out
        if k < 0.76:
            counter = len(self.all) + self.counters
            self.counters += 1
            out = b"\x41" + s(r.randrange(1, 5)) + b"\x21" + u(counter) + b"\x03\x40"
            self.labels.append(("loop",))
            out += self.stmts(d)
            if r.random() < 0.6:
                # back on a condition of any kind, while the counter lasts
                out += b"\x20" + u(counter) + b"\x41\x01\x6B\x22" + u(counter) + b"\x41\x00\x4A\x04\x40"
                self.labels.append(None)
                back = self.cond(d) + b"\x0D\x01" if r.random() < 0.8 else b"\x0C\x01"
                if r.random() < 0.2:
                    back = self.cond(d) + b"\x0E" + vec([u(0), u(1)]) + u(r.randrange(2))
                self.labels.pop()
                self.labels.pop()
                return out + back + b"\x0B\x0B"
            self.labels.pop()
            return out + b"\x20" + u(counter) + b"\x41\x01\x6B\x22" + u(counter) + b"\x0D\x00\x0B"
        if k < 0.84:
            out = b"\x02\x40"
            self.labels.append(None)
            out += self.stmts(d)
            if r.random() < 0.5:
                out += self.expr(I32, d) + b"\x0D\x00"
            else:
                out += self.branch(d)
            self.labels.pop()
            return out + b"\x0B"
        if k < 0.92:
            return self.cond(d) + b"\x04\x40" + self.deep_branch(d) + b"\x0B"
        if k < 0.95:
            lengths = b"\x41" + s(r.choice([0, 1, 7, 100, 5000]))
            where = lambda: self.expr(I32, 1) + b"\x41" + s(0x3FFF) + b"\x71"
            if r.random() < 0.5:
                return where() + where() + lengths + b"\xFC\x0A\x00\x00"
            return where() + self.expr(I32, 1) + lengths + b"\xFC\x0B\x00"
        if k < 0.955:
            return b"\x02\x40\x00\x0B" if r.random() < 0.3 else b"\x01"
        return self.expr(r.choice([I32, I64]), d) + b"\x1A"

    def deep_branch(self, d):
        self.labels.append(None)
        out = self.branch(d)
        self.labels.pop()
        return out

    def branch(self, d):
        """A branch out of blocks (never back: loops count), a table of them, or a return."""
        r = self.rng
        ways = [i for i, t in enumerate(reversed(self.labels)) if not isinstance(t, tuple)]
        to = r.choice(ways)
        t = list(reversed(self.labels))[to]
        value = self.expr(t, d) if t else b""
        k = r.random()
        dead = self.expr(I32, 1) + b"\x1A" if r.random() < 0.2 else b""
        if k < 0.5:
            return value + b"\x0C" + u(to) + dead
        if k < 0.8:
            same = [i for i in ways if list(reversed(self.labels))[i] == t]
            targets = [u(r.choice(same)) for _ in range(r.randrange(0, 4))]
            return value + self.expr(I32, d) + b"\x0E" + vec(targets) + u(to) + dead
        value = self.expr(self.result, d) if self.result else b""
        return value + b"\x0F" + dead


class Module:
    def __init__(self, rng):
        self.rng = rng
        self.functions = []
        self.types = []
        self.globals = [I32, I64, I32, I64]
        runs = []
        for i in range(rng.randrange(3, 10)):
            params = [rng.choice([I32, I32, I64]) for _ in range(rng.randrange(0, 4))]
            f = Function(rng, self, params, rng.choice([I32, I64]), i)
            self.functions.append(f)
            self.type_of(f)
        for f in list(self.functions):
            for _ in range(2):
                runs.append(self.wrapper(f))
        self.runs = runs

    def global_of(self, t):
        return self.rng.choice([i for i, g in enumerate(self.globals) if g == t])

    def type_of(self, f):
        key = (tuple(f.params), f.result)
        if key not in self.types:
            self.types.append(key)
        return self.types.index(key)

    def wrapper(self, f):
        body = b"".join(f.const(p) for p in f.params) + b"\x10" + u(f.index) + b"\x0B"
        code = u(0) + body
        return f.result, u(len(code)) + code

    def hash_code(self):
        """FNV over the first page, then the globals."""
        b = b"\x01\x02\x7F"  # locals: i, h
        b += b"\x41" + s(-2128831035) + b"\x21\x01\x03\x40"
        b += b"\x20\x01\x20\x00\x2D\x00\x00\x73\x41" + s(16777619) + b"\x6C\x21\x01"
        b += b"\x20\x00\x41\x01\x6A\x22\x00\x41" + s(16384) + b"\x48\x0D\x00\x0B"
        b += b"\x20\x01\x23\x00\x73\x23\x02\x6A\x23\x01\xA7\x73\x23\x03\x42\x20\x88\xA7\x6A\x0B"
        return u(len(b)) + b

    def binary(self):
        for t in (I32, I64):
            if ((), t) not in self.types:
                self.types.append(((), t))
        types = [b"\x60" + vec([bytes([p]) for p in ps]) + b"\x01" + bytes([r]) for ps, r in self.types]
        n = len(self.functions)
        kinds = [u(self.type_of(f)) for f in self.functions]
        kinds += [u(self.types.index(((), t))) for t, _ in self.runs] + [u(self.types.index(((), I32)))]
        exports = [vec([bytes([c]) for c in f"run{i}".encode()]) + b"\x00" + u(n + i)
                   for i in range(len(self.runs))]
        exports.append(b"\x04hash\x00" + u(n + len(self.runs)))
        globals_ = [bytes([g, 1]) + (b"\x41\x05" if g == I32 else b"\x42\x07") + b"\x0B"
                    for g in self.globals]
        table = [u(i) for i in range(n)]
        data = bytes(self.rng.randrange(256) for _ in range(64))
        codes = [f.code for f in self.functions] + [c for _, c in self.runs] + [self.hash_code()]
        return (b"\0asm\1\0\0\0" + section(1, vec(types)) + section(3, vec(kinds)) +
                section(4, b"\x01\x70\x00" + u(n + 2)) + section(5, b"\x01\x01\x01\x02") +
                section(6, vec(globals_)) + section(7, vec(exports)) +
                section(9, b"\x01\x00\x41\x00\x0B" + vec(table)) + section(10, vec(codes)) +
                section(11, b"\x01\x00\x41\x10\x0B" + u(len(data)) + data))


TRAPS = [("divide by zero", "DIVIDE"), ("remainder by zero", "DIVIDE"), ("integer overflow", "OVERFLOW"),
         ("unrepresentable", "OVERFLOW"), ("unreachable", "UNREACHABLE"),
         ("out of bounds memory", "MEMORY"), ("memory access out of bounds", "MEMORY"),
         ("out of bounds: ", "MEMORY"),
         ("undefined element", "CALL"), ("undefined table", "CALL"), ("uninitialized", "CALL"),
         ("mismatch", "CALL"), ("table index", "CALL"), ("null function", "CALL"),
         ("stack", "STACK"), ("fuel", "FUEL")]


def outcome(text):
    for words, name in TRAPS:
        if words in text.lower():
            return name
    return text.strip()


NODE = """
const fs = require('fs');
for (const path of process.argv.slice(1)) {
  console.log(path);
  const m = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(path)));
  for (const [name, f] of Object.entries(m.exports)) {
    try {
      const v = f();
      console.log(name + (typeof v === 'bigint' ? ' i64:' + BigInt.asUintN(64, v) : ' i32:' + (v >>> 0)));
    } catch (e) { console.log(name + ' ' + e.message); }
  }
}
"""


def sections(text):
    """path -> [(export, outcome)]"""
    out, now = {}, None
    for line in text.splitlines():
        if line.endswith(".wasm"):
            now = out.setdefault(line, [])
        elif now is not None:
            name, _, rest = line.partition(" ")
            now.append((name, outcome(rest)))
    return out


def run_node(paths):
    p = subprocess.run(["node", "-e", NODE] + paths, capture_output=True, text=True)
    if p.returncode:
        sys.exit("diff: node: " + p.stderr[-500:])
    return sections(p.stdout)


def run_wabt(paths):
    out = {}
    for path in paths:
        p = subprocess.run(["wasm-interp", path, "--run-all-exports"], capture_output=True, text=True)
        lines = [re.match(r"(\w+)\(\) => ?(?:error: )?(.*)", line) for line in p.stdout.splitlines()]
        out[path] = [(m.group(1), outcome(m.group(2))) for m in lines if m]
        if not out[path]:
            sys.exit(f"diff: wasm-interp {path}: {p.stdout[-300:]}{p.stderr[-300:]}")
    return out


def main():
    runner, work = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 400
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    others = [(name, f) for name, f in (("node", run_node), ("wasm-interp", run_wabt)) if shutil.which(name)]
    if not others:
        print("diff: neither Node nor wabt is installed: nothing to compare with\n0 passed, 0 failed")
        return
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    paths = []
    for i in range(count):
        paths.append(f"{work}/{seed + i}.wasm")
        with open(paths[-1], "wb") as f:
            f.write(Module(random.Random(seed + i)).binary())
    p = subprocess.run([runner] + paths, capture_output=True, text=True)
    if p.returncode:
        sys.exit(f"diff: the runner ended with {p.returncode}: {p.stdout[-200:]} {p.stderr[-3000:]}")
    ours = sections(p.stdout)
    passed = failed = calls = traps = 0
    # the slow engine gets a part of the modules only
    for name, run in others:
        part = paths if name == "node" or len(others) == 1 else paths[:len(paths) // 4]
        theirs = run(part)
        for path in part:
            if ours.get(path) == theirs[path]:
                passed += 1
                calls += len(theirs[path])
                traps += sum(1 for _, o in theirs[path] if ":" not in o)
                continue
            failed += 1
            differ = [(a, b) for a, b in zip(ours.get(path, []), theirs[path]) if a != b]
            print(f"{path}: here {differ[0][0] if differ else ours.get(path)}, {name} {differ[0][1] if differ else theirs[path]}")
        print(f"against {name}: {len(part)} modules")
    print(f"{calls} calls, of which {traps} trapped")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed != 0)


main()
