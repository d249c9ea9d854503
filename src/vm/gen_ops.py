#!/usr/bin/env python3
"""Writes ops_gen.h (tokens and rows) and run_gen.h (handlers) from the tables below.

A row is one operation; a form is where its operands come from: S a frame slot, A the accumulator,
I an immediate of 32 bits. Each form has two variants: for operations with a result, result in a
slot and in the accumulator (0), or in the accumulator only (1); for branches, forward (0) or
backward with a charge (1). A row's tokens are consecutive in the order of the bits of its mask,
so that token = base + popcount(mask below the bit).

Units of an instruction: token, destination slot (variant 0 of operations with a result), a, b,
immediate (two units), then the row's extra units. Run: gen_ops.py OUTDIR
"""
import re
import sys
import zlib

FORMS = ["SS", "SI", "AS", "AI", "SA", "S", "A", "I"]
rows = []      # (name, mask, base, extra)
handlers = []  # (label, text)


class Units:
    """Hands out unit numbers in the order of the format."""

    def __init__(self):
        self.next = 1

    def take(self, n=1):
        at = self.next
        self.next += n
        return at


def operand(kind, u, wide=False):
    if kind == "A":
        return "acc"
    if kind == "S":
        return f"get64(fp + pc[{u.take()}])" if wide else f"fp[pc[{u.take()}]]"
    at = u.take(2)
    imm = f"imm32(pc + {at})"
    return f"(uint64_t)(int64_t)(int32_t){imm}" if wide else imm


def finish(label, lines, u):
    lines = lines + [f"pc += {u.next};", "GOTO_NEXT;"]
    handlers.append((label, lines))


def row(name, variants, make, extra=0):
    """variants: list of (form, variant); make(form, variant, label) adds the handler."""
    bits = sorted({FORMS.index(f) * 2 + v for f, v in variants})
    mask = sum(1 << b for b in bits)
    rows.append((name, mask, len(handlers), extra))
    for b in bits:
        form = FORMS[b // 2]
        make(form, b % 2, f"{name.lower()}_{form.lower()}_{b % 2}")


def both(*forms):
    return [(f, v) for f in forms for v in (0, 1)]


def dest(*forms):
    return [(f, 0) for f in forms]


def value32(expr, label, u, d, pre=()):
    lines = list(pre) + [f"uint32_t r = {expr};", "acc = r;"]
    if d:
        lines.append(f"fp[pc[{d}]] = r;")
    finish(label, lines, u)


# ---- i32 with a result ----

def binary32(name, expr, variants, traps=()):
    def make(form, variant, label):
        u = Units()
        d = u.take() if variant == 0 else 0
        a = operand(form[0], u)
        b = operand(form[1], u)
        pre = [f"uint32_t x = {a};", f"uint32_t y = {b};"] + list(traps)
        value32(expr, label, u, d, pre)
    row(name, variants, make)


DIV0 = "if (y == 0) goto trap_divide;"
ALL = ("SS", "SI", "AS", "AI", "SA")
COMM = ("SS", "SI", "AS", "AI")
binary32("ADD", "x + y", both(*COMM))
binary32("SUB", "x - y", both("SS", "AS", "SA"))
binary32("MUL", "x * y", both(*COMM))
binary32("DIV_S", "(uint32_t)((int32_t)x / (int32_t)y)", dest("SS", "SI"),
         [DIV0, "if (x == 0x80000000u && y == UINT32_MAX) goto trap_overflow;"])
binary32("DIV_U", "x / y", dest("SS", "SI"), [DIV0])
binary32("REM_S", "y == UINT32_MAX ? 0 : (uint32_t)((int32_t)x % (int32_t)y)", dest("SS", "SI"),
         [DIV0])
binary32("REM_U", "x % y", dest("SS", "SI"), [DIV0])
binary32("AND", "x & y", both(*COMM))
binary32("OR", "x | y", both(*COMM))
binary32("XOR", "x ^ y", both(*COMM))
binary32("SHL", "x << (y & 31)", both(*ALL))
binary32("SHR_S", "(uint32_t)((int32_t)x >> (y & 31))", both(*ALL))
binary32("SHR_U", "x >> (y & 31)", both(*ALL))
binary32("ROTL", "x << (y & 31) | x >> (-y & 31)", both("SS", "SI", "AS", "AI"))
binary32("ROTR", "x >> (y & 31) | x << (-y & 31)", dest("SS"))

# Comparisons, in pairs of opposites: row ^ 1 is the negation.
CMP = [("EQ", "x == y"), ("NE", "x != y"), ("LT_S", "(int32_t)x < (int32_t)y"),
       ("GE_S", "(int32_t)x >= (int32_t)y"), ("LT_U", "x < y"), ("GE_U", "x >= y")]
for name, expr in CMP:
    binary32(name, expr, dest(*(COMM if name in ("EQ", "NE") else ALL)))


def unary32(name, expr, variants):
    def make(form, variant, label):
        u = Units()
        d = u.take() if variant == 0 else 0
        value32(expr, label, u, d, [f"uint32_t x = {operand(form, u)};"])
    row(name, variants, make)


unary32("CLZ", "clz32(x)", dest("S", "A"))
unary32("CTZ", "ctz32(x)", dest("S", "A"))
unary32("POPCNT", "popcount32(x)", dest("S", "A"))
unary32("EXT8", "(uint32_t)(int8_t)x", both("S", "A"))
unary32("EXT16", "(uint32_t)(int16_t)x", both("S", "A"))

# Two in one: a shift, rotation, multiplication or mask by a constant, then add, xor or or.
INNER = [("SHL", "x << k"), ("SHR_U", "x >> k"), ("ROTL", "x << k | x >> (32 - k)"),
         ("MUL", "x * k"), ("AND", "x & k")]
OUTER = [("ADD", "+"), ("XOR", "^"), ("OR", "|")]


def fused(inner, iexpr, outer, oexpr):
    def make(form, variant, label):
        u = Units()
        d = u.take() if variant == 0 else 0
        pre = [f"uint32_t x = {operand(form[0], u)};", f"uint32_t y = {operand(form[1], u)};"]
        if inner in ("MUL", "AND"):
            pre.append(f"uint32_t k = imm32(pc + {u.take(2)});")
        else:
            pre.append(f"uint32_t k = pc[{u.take()}];")
        value32(f"({iexpr}) {oexpr} y", label, u, d, pre)
    forms = ("SS", "AS", "SA")
    if inner == "SHL" and outer != "XOR":
        forms += ("SI", "AI")  # an index into an array, or a flag put in
    row(f"{inner}_{outer}", both(*forms), make, 2 if inner in ("MUL", "AND") else 1)


for i, ie in INNER:
    for o, oe in OUTER:
        fused(i, ie, o, oe)



def make_field(form, variant, label):
    u = Units()
    d = u.take() if variant == 0 else 0
    pre = [f"uint32_t x = {operand(form, u)};", f"uint32_t k = pc[{u.take()}];"]
    value32(f"x >> k & imm32(pc + {u.take(2)})", label, u, d, pre)


row("SHR_U_AND", both("S", "A"), make_field)

# ---- branches ----

def jump(u, variant, condition, pre, label):
    at = u.take()
    taken = []
    if variant:
        u.take()
        taken = [f"uint32_t cost = pc[{at + 1}];", "if (fuel < cost) goto refuel;", "fuel -= cost;"]
    taken += [f"pc += (int16_t)pc[{at}] + {at};", "GOTO_NEXT;"]
    if condition:
        finish(label, pre + [f"if ({condition}) {{"] + taken + ["}"], u)
    else:
        handlers.append((label, taken))


def branch(name, condition, variants):
    def make(form, variant, label):
        u = Units()
        pre = [f"uint32_t x = {operand(form[0], u)};"]
        if len(form) == 2:
            pre.append(f"uint32_t y = {operand(form[1], u)};")
        jump(u, variant, condition, pre, label)
    row(name, variants, make)


for name, expr in CMP:
    branch("BR_" + name, expr, both(*(COMM if name in ("EQ", "NE") else ALL)))
branch("BR_Z", "x == 0", both("S", "A"))
branch("BR_NZ", "x != 0", both("S", "A"))
row("JUMP", both("S"), lambda f, v, label: jump(Units(), v, "", [], label))

# ---- memory ----
# The offset unit holds the static offset plus the width less one: the address of the last byte.

def address(form, u, width):
    if form == "I":
        return [f"uint32_t x = imm32(pc + {u.take(2)});", "size_t e = x;",
                "if (e >= size) goto trap_memory;"]
    x = operand(form[0], u)
    if len(form) == 2:
        x = f"{x} + {operand(form[1], u)}"
    if form[1:] == "I":  # these have no static offset
        return [f"uint32_t x = {x};", f"size_t e = (size_t)x + {width - 1};",
                f"if (e >= size || (sizeof e == 4 && e < {width - 1})) goto trap_memory;"] if width > 1 else \
            [f"size_t e = {x};", "if (e >= size) goto trap_memory;"]
    return [f"uint32_t x = {x};", f"uint32_t o = pc[{u.take()}];", "size_t e = (size_t)x + o;",
            "if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;"]


LOADS = [("LOAD", "uint32_t", 4), ("LOAD8_S", "int8_t", 1), ("LOAD8_U", "uint8_t", 1),
         ("LOAD16_S", "int16_t", 2), ("LOAD16_U", "uint16_t", 2)]


def load32(name, ctype, width):
    def make(form, variant, label):
        u = Units()
        d = u.take() if variant == 0 else 0
        pre = address(form, u, width)
        value32(f"(uint32_t)get_{ctype}(mem + e - {width - 1})", label, u, d, pre)
    row(name, both("S", "A", "SS", "AS", "I", "SI", "AI"), make, 1)


for name, ctype, width in LOADS:
    load32(name, ctype, width)


def make_indexed(form, variant, label):
    """A word of an array: the index is shifted, the array's address added."""
    u = Units()
    d = u.take() if variant == 0 else 0
    x = operand(form, u)
    k = u.take()
    pre = [f"uint32_t x = ({x} << pc[{k}]) + imm32(pc + {u.take(2)});", "size_t e = (size_t)x + 3;",
           "if (e >= size || (sizeof e == 4 && e < 3)) goto trap_memory;"]
    value32("(uint32_t)get_uint32_t(mem + e - 3)", label, u, d, pre)


row("LOAD_INDEXED", both("S", "A"), make_indexed)


def load64(name, ctype, width):
    def make(form, variant, label):
        u = Units()
        d = u.take()
        lines = address(form, u, width)
        lines += [f"put64(fp + pc[{d}], (uint64_t)get_{ctype}(mem + e - {width - 1}));"]
        finish(label, lines, u)
    row(name, dest("S"), make, 1)


for name, ctype, width in [("LOAD64", "uint64_t", 8), ("LOAD64_8S", "int8_t", 1),
                           ("LOAD64_8U", "uint8_t", 1), ("LOAD64_16S", "int16_t", 2),
                           ("LOAD64_16U", "uint16_t", 2), ("LOAD64_32S", "int32_t", 4),
                           ("LOAD64_32U", "uint32_t", 4)]:
    load64(name, ctype, width)


def store(name, ctype, width, value, variants):
    def make(form, variant, label):
        u = Units()
        pre = address(form, u, width)
        wide = width == 8
        v = operand(value, u, wide)
        pre += [f"put_{ctype}(mem + e - {width - 1}, ({ctype}){v});"]
        finish(label, pre, u)
    row(name, variants, make)


for name, ctype, width in [("STORE", "uint32_t", 4), ("STORE8", "uint8_t", 1),
                           ("STORE16", "uint16_t", 2)]:
    store(name + "_S", ctype, width, "S", dest("S", "A", "SS", "AS", "I", "SI", "AI"))
    store(name + "_A", ctype, width, "A", dest("S", "I"))
    store(name + "_I", ctype, width, "I", dest("S", "A", "SS", "I"))
store("STORE64_S", "uint64_t", 8, "S", dest("S"))


def make_addoff(form, variant, label):
    u = Units()
    d = u.take()
    value32("x + y", label, u, d, [f"uint32_t x = {operand('S', u)};", f"uint32_t y = {operand('I', u)};",
                                   "if (x > UINT32_MAX - y) goto trap_memory;"])


row("ADDRESS", dest("SI"), make_addoff)

# ---- i64 ----

def binary64(name, expr, forms=("SS", "SI"), traps=()):
    def make(form, variant, label):
        u = Units()
        d = u.take()
        lines = [f"uint64_t x = {operand(form[0], u, True)};",
                 f"uint64_t y = {operand(form[1], u, True)};"] + list(traps)
        finish(label, lines + [f"put64(fp + pc[{d}], {expr});"], u)
    row(name, dest(*forms), make)


binary64("ADD64", "x + y")
binary64("SUB64", "x - y")
binary64("MUL64", "x * y")
binary64("DIV64_S", "(uint64_t)((int64_t)x / (int64_t)y)", ("SS",),
         [DIV0, "if (x == 1ull << 63 && y == UINT64_MAX) goto trap_overflow;"])
binary64("DIV64_U", "x / y", ("SS",), [DIV0])
binary64("REM64_S", "y == UINT64_MAX ? 0 : (uint64_t)((int64_t)x % (int64_t)y)", ("SS",), [DIV0])
binary64("REM64_U", "x % y", ("SS",), [DIV0])
binary64("AND64", "x & y")
binary64("OR64", "x | y")
binary64("XOR64", "x ^ y")
binary64("SHL64", "x << (y & 63)")
binary64("SHR64_S", "(uint64_t)((int64_t)x >> (y & 63))")
binary64("SHR64_U", "x >> (y & 63)")
binary64("ROTL64", "x << (y & 63) | x >> (-y & 63)")
binary64("ROTR64", "x >> (y & 63) | x << (-y & 63)")

CMP64 = [("EQ64", "x == y"), ("NE64", "x != y"), ("LT64_S", "(int64_t)x < (int64_t)y"),
         ("GE64_S", "(int64_t)x >= (int64_t)y"), ("LT64_U", "x < y"), ("GE64_U", "x >= y")]


def compare64(name, expr):
    def make(form, variant, label):
        u = Units()
        d = u.take() if variant == 0 else 0
        pre = [f"uint64_t x = {operand(form[0], u, True)};",
               f"uint64_t y = {operand(form[1], u, True)};"]
        value32(expr, label, u, d, pre)
    row(name, dest("SS", "SI"), make)


for name, expr in CMP64:
    compare64(name, expr)


def unary64(name, expr, wide=True):
    def make(form, variant, label):
        u = Units()
        d = u.take()
        x = operand("S", u, wide)
        t = "uint64_t" if wide else "uint32_t"
        finish(label, [f"{t} x = {x};", f"put64(fp + pc[{d}], {expr});"], u)
    row(name, dest("S"), make)


unary64("CLZ64", "clz64(x)")
unary64("CTZ64", "ctz64(x)")
unary64("POPCNT64", "popcount64(x)")
unary64("EXT64_8", "(uint64_t)(int64_t)(int8_t)x")
unary64("EXT64_16", "(uint64_t)(int64_t)(int16_t)x")
unary64("EXT64_32", "(uint64_t)(int64_t)(int32_t)x")
unary64("EXTEND_S", "(uint64_t)(int64_t)(int32_t)x", False)
unary64("EXTEND_U", "x", False)

# ---- moves: none of them changes the accumulator ----

def fixed(name, variants, body, units, extra=0):
    """A handler written out: body(form, variant) gives lines; units its length (0: it goes elsewhere)."""
    def make(form, variant, label):
        lines = body(form, variant)
        if units:
            u = Units()
            u.next = units(form, variant) if callable(units) else units
            finish(label, lines, u)
        else:
            handlers.append((label, lines))
    row(name, variants, make, extra)


fixed("MOVE", dest("S", "A", "I"),
      lambda f, v: {"S": ["fp[pc[1]] = fp[pc[2]];"], "A": ["fp[pc[1]] = acc;"],
                    "I": ["fp[pc[1]] = imm32(pc + 2);"]}[f],
      lambda f, v: {"S": 3, "A": 2, "I": 4}[f])
fixed("MOVE2", dest("S"), lambda f, v: ["fp[pc[1]] = fp[pc[2]];", "fp[pc[3]] = fp[pc[4]];"], 5)
fixed("MOVE64", dest("S", "I"),
      lambda f, v: {"S": ["put64(fp + pc[1], get64(fp + pc[2]));"],
                    "I": ["put64(fp + pc[1], (uint64_t)(int64_t)(int32_t)imm32(pc + 2));"]}[f],
      lambda f, v: {"S": 3, "I": 4}[f])
fixed("CONST64", dest("I"),
      lambda f, v: ["fp[pc[1]] = imm32(pc + 2);", "fp[pc[1] + 1] = imm32(pc + 4);"], 6)
fixed("SELECT", dest("S", "A"),
      lambda f, v: ["uint32_t r = %s ? fp[pc[2]] : fp[pc[3]];" % ("fp[pc[4]]" if f == "S" else "acc"),
                    "acc = r;", "fp[pc[1]] = r;"], lambda f, v: 5 if f == "S" else 4)
fixed("SELECT64", dest("S", "A"),
      lambda f, v: ["put64(fp + pc[1], get64(fp + (%s ? pc[2] : pc[3])));" % ("fp[pc[4]]" if f == "S" else "acc")], lambda f, v: 5 if f == "S" else 4)
fixed("GLOBAL_GET", both("S"),
      lambda f, v: ["acc = globals[pc[2]];", "fp[pc[1]] = acc;"] if v == 0 else
      ["acc = globals[pc[1]];"], lambda f, v: 3 if v == 0 else 2, 1)
fixed("GLOBAL_SET", dest("S", "A", "I"),
      lambda f, v: {"S": ["globals[pc[2]] = fp[pc[1]];"], "A": ["globals[pc[1]] = acc;"],
                    "I": ["globals[pc[3]] = imm32(pc + 1);"]}[f],
      lambda f, v: {"S": 3, "A": 2, "I": 4}[f])
fixed("GLOBAL_GET64", dest("S"), lambda f, v: ["put64(fp + pc[1], get64(globals + pc[2]));"], 3, 1)
fixed("GLOBAL_SET64", dest("S"), lambda f, v: ["put64(globals + pc[2], get64(fp + pc[1]));"], 3)

# ---- control: the bodies stand in run.c ----
for name, variants in [("BR_TABLE", dest("S", "A")), ("RETURN", dest("S", "A", "I")),
                       ("RETURN_VOID", dest("S")), ("RETURN64", dest("S")),
                       ("CALL", dest("S")), ("CALL_INDIRECT", dest("S")), ("CALL_HOST", dest("S")),
                       ("UNREACHABLE", dest("S")), ("HALT", dest("S")),
                       ("MEMORY_SIZE", dest("S")), ("MEMORY_GROW", dest("S")), ("BULK", dest("S"))]:
    row(name, variants, lambda f, v, label: handlers.append((label, None)))


def undeclared(lines):
    """Without declarations: the variables are the function's. A block that declares some and is left
    by a jump costs clang time that grows with the square of the number of handlers."""
    wide = any(line.startswith("uint64_t x") for line in lines)
    for line in lines:
        line = re.sub(r"^(uint32_t|uint64_t|size_t) (\w+) =", r"\2 =", line)
        if wide:
            line = re.sub(r"\b([xy])\b", r"wide_\1", line)
        yield line


def main():
    out = sys.argv[1]
    note = "/* Made by src/vm/gen_ops.py; do not edit. */\n"
    with open(f"{out}/ops_gen.h", "w") as f:
        f.write(note + "#ifndef VM_OPS_GEN_H\n#define VM_OPS_GEN_H\n\n/* clang-format off */\n")
        f.write("enum vm_row {\n")
        for name, *_ in rows:
            f.write(f"    ROW_{name},\n")
        f.write("    ROW_COUNT\n};\n\nenum vm_form {\n")
        for name in FORMS:
            f.write(f"    FORM_{name},\n")
        f.write("};\n\n/* The first token of each row, which forms it has (bit form * 2 + variant). */\n")
        f.write("#define VM_ROWS \\\n")
        for name, mask, base, extra in rows:
            f.write(f"    {{{base}u, 0x{mask:04x}u}}, /* {name} */ \\\n")
        f.write("\n")
        for i, (label, _) in enumerate(handlers):
            f.write(f"#define TOKEN_{label.upper()} {i}u\n")
        f.write(f"#define TOKEN_COUNT {len(handlers)}u\n")
        f.write("/* Tells one set of handlers from another: an image is of one set. */\n")
        f.write(f"#define VM_HANDLERS 0x{zlib.crc32(repr((rows, handlers)).encode()):08x}u\n")
        f.write("\n#define VM_HANDLER_LABELS \\\n")
        for label, _ in handlers:
            f.write(f"    &&{label}, \\\n")
        f.write("\n/* clang-format on */\n#endif\n")
    with open(f"{out}/run_gen.h", "w") as f:
        f.write(note + "/* clang-format off */\n")
        for label, lines in handlers:
            if lines is None:
                continue
            f.write(f"{label}: {{\n")
            for line in undeclared(lines):
                f.write(f"    {line}\n")
            f.write("}\n")
        f.write("/* clang-format on */\n")


main()
