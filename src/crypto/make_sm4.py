#!/usr/bin/env python3
"""Writes what SM4 needs to run without tables: sm4_circuit.h, the S-box as exclusive-ors and ands,
and sm4_affine.h, the maps that turn the S-box of AES into that of SM4.

S(x) = A inv(A x + C) + C over GF(2)[t]/(t^8 + t^7 + t^6 + t^5 + t^4 + t^2 + 1)   (GB/T 32907).
The inverse is taken in the isomorphic tower GF(((2^2)^2)^2), where it is small:
    GF(4)   = GF(2)[w]  / (w^2 + w + 1)
    GF(16)  = GF(4)[z]  / (z^2 + z + w)
    GF(256) = GF(16)[y] / (y^2 + y + nu)
The change of basis is folded into the affine maps on both sides, and the linear maps are shortened
greedily (Paar's method). The script checks the finished circuit on all 256 inputs.

Both S-boxes invert in a field of 256 elements, and all such fields are the same but for a change of
basis phi. So S(x) = Q(AES(P(x))), where P and Q are affine: P(x) = phi(A x + C) and
Q(y) = A phi^-1 B^-1 (y + 63) + C, with B the matrix of AES (FIPS 197, 5.1.1). A map of a byte is the
sum of the maps of its halves, that is two tables of 16.

Usage: make_sm4.py circuit > sm4_circuit.h
       make_sm4.py affine > sm4_affine.h
"""
import sys

POLY = 0x1F5
ROW, CONST = 0xA7, 0xD3


def gf_mul(a, b, poly=POLY):
    r = 0
    while b:
        if b & 1:
            r ^= a
        a <<= 1
        if a & 0x100:
            a ^= poly
        b >>= 1
    return r


def apply(matrix, x):
    """matrix: 8 rows, bit j of row i takes input bit j."""
    return sum((bin(row & x).count("1") & 1) << i for i, row in enumerate(matrix))


def affine_matrix():
    return [((ROW << i) | (ROW >> (8 - i))) & 0xFF for i in range(8)]


def sbox():
    inverse = [0] * 256
    for a in range(1, 256):
        inverse[a] = next(b for b in range(1, 256) if gf_mul(a, b) == 1)
    m = affine_matrix()
    return [apply(m, inverse[apply(m, x) ^ CONST]) ^ CONST for x in range(256)]


# ---- the tower; an element of GF(16) is 4 bits: high GF(4), low GF(4) ----

def mul4(a, b):
    a1, a0, b1, b0 = a >> 1, a & 1, b >> 1, b & 1
    h, m, l = a1 & b1, (a1 ^ a0) & (b1 ^ b0), a0 & b0
    return (m ^ l) << 1 | (l ^ h)


def mul16(a, b):
    a1, a0, b1, b0 = a >> 2, a & 3, b >> 2, b & 3
    h, m, l = mul4(a1, b1), mul4(a1 ^ a0, b1 ^ b0), mul4(a0, b0)
    return (m ^ l) << 2 | (l ^ mul4(h, 2))


def find_nu():
    for nu in range(1, 16):
        if all(mul16(y, y) ^ y ^ nu for y in range(16)):
            return nu
    raise SystemExit("no irreducible polynomial")


NU = find_nu()


def mul256(a, b):
    a1, a0, b1, b0 = a >> 4, a & 15, b >> 4, b & 15
    h, m, l = mul16(a1, b1), mul16(a1 ^ a0, b1 ^ b0), mul16(a0, b0)
    return (m ^ l) << 4 | (l ^ mul16(h, NU))


def isomorphisms(mul):
    """Matrices (as 8 images of t^i) from SM4's field to that with the product mul."""
    for root in range(2, 256):
        powers = [1]
        for _ in range(8):
            powers.append(mul(powers[-1], root))
        value = 0
        for i in range(9):
            if POLY >> i & 1:
                value ^= powers[i]
        if value == 0:
            yield powers[:8]


def rows_of(images):
    return [sum((images[j] >> i & 1) << j for j in range(8)) for i in range(8)]


def compose(a, b):
    """Matrix of x -> a(b(x))."""
    return rows_of([apply(a, apply(b, 1 << j)) for j in range(8)])


def invert(m):
    table = {apply(m, x): x for x in range(256)}
    return rows_of([table[1 << j] for j in range(8)])


def shorten(rows, names, prefix):
    """Paar's greedy elimination: lines of xors, then the name of each row's value."""
    rows, names, lines = list(rows), list(names), []
    sets = [{j for j in range(len(names)) if r >> j & 1} for r in rows]
    while True:
        best, count = None, 1
        for i in range(len(names)):
            for j in range(i + 1, len(names)):
                c = sum(1 for s in sets if i in s and j in s)
                if c > count:
                    best, count = (i, j), c
        if best is None:
            break
        i, j = best
        names.append(f"{prefix}{len(names)}")
        lines.append((names[-1], names[i], "^", names[j]))
        for s in sets:
            if i in s and j in s:
                s -= {i, j}
                s.add(len(names) - 1)
    out = []
    for s in sets:
        members = sorted(s)
        name = names[members[0]]
        for m in members[1:]:
            new = f"{prefix}{len(names)}"
            names.append(new)
            lines.append((new, name, "^", names[m]))
            name = new
        out.append(name)
    return lines, out


class Circuit:
    """Emits gates; equal gates are made once."""

    def __init__(self):
        self.lines, self.known = [], {}

    def gate(self, a, op, b):
        key = (op,) + tuple(sorted((a, b)))
        if key not in self.known:
            name = f"g{len(self.known)}"
            self.known[key] = name
            self.lines.append((name, a, op, b))
        return self.known[key]

    def xor(self, a, b):
        return [self.gate(p, "^", q) for p, q in zip(a, b)]

    def mul4(self, a, b):  # lists, low bit first
        h = self.gate(a[1], "&", b[1])
        l = self.gate(a[0], "&", b[0])
        m = self.gate(self.gate(a[1], "^", a[0]), "&", self.gate(b[1], "^", b[0]))
        return [self.gate(l, "^", h), self.gate(m, "^", l)]

    def times_w(self, a):  # (a1 w + a0) w = (a1 + a0) w + a1
        return [a[1], self.gate(a[1], "^", a[0])]

    def mul16(self, a, b):
        h = self.mul4(a[2:], b[2:])
        l = self.mul4(a[:2], b[:2])
        m = self.mul4(self.xor(a[2:], a[:2]), self.xor(b[2:], b[:2]))
        return self.xor(l, self.times_w(h)) + self.xor(m, l)

    def linear(self, function, a):
        rows = [sum((function(1 << j) >> i & 1) << j for j in range(len(a))) for i in range(len(a))]
        out = []
        for row in rows:
            terms = [a[j] for j in range(len(a)) if row >> j & 1]
            value = terms[0]
            for t in terms[1:]:
                value = self.gate(value, "^", t)
            out.append(value)
        return out

    def inv4(self, a):  # the inverse in GF(4) is the square
        return [self.gate(a[0], "^", a[1]), a[1]]

    def inv16(self, a):
        high, low = a[2:], a[:2]
        square = self.linear(lambda x: mul4(mul4(x, x), 2), high)  # w high^2
        delta = self.xor(square, self.mul4(low, self.xor(high, low)))
        d = self.inv4(delta)
        return self.mul4(self.xor(high, low), d) + self.mul4(high, d)

    def inv256(self, a):
        high, low = a[4:], a[:4]
        square = self.linear(lambda x: mul16(mul16(x, x), NU), high)
        both = self.xor(high, low)
        delta = self.xor(square, self.mul16(low, both))
        d = self.inv16(delta)
        return self.mul16(both, d) + self.mul16(high, d)


def build(images):
    t = rows_of(images)
    a = affine_matrix()
    top, c_top = compose(t, a), apply(t, CONST)
    bottom = compose(a, invert(t))
    lines, ins = shorten(top, [f"x[{i}]" for i in range(8)], "t")
    named = []
    for i in range(8):
        if c_top >> i & 1:
            lines.append((f"n{i}", ins[i], "~", None))
            named.append(f"n{i}")
        else:
            named.append(ins[i])
    c = Circuit()
    outs = c.inv256(named)
    lines += c.lines
    low, results = shorten(bottom, outs, "b")
    return lines + low, results


def check(lines, results):
    for x in range(256):
        v = {f"x[{i}]": x >> i & 1 for i in range(8)}
        for name, a, op, b in lines:
            v[name] = v[a] ^ 1 if op == "~" else (v[a] ^ v[b] if op == "^" else v[a] & v[b])
        y = sum((v[r] ^ (CONST >> i & 1)) << i for i, r in enumerate(results))
        assert y == SBOX[x], x


def rename(lines, results):
    """Short names in order of appearance."""
    names = {}
    out = []
    for name, a, op, b in lines:
        names[name] = f"v{len(names)}"
        out.append((names[name], names.get(a, a), op, names.get(b, b)))
    return out, [names.get(r, r) for r in results]


SBOX = sbox()


def print_circuit():
    lines, results = min((build(i) for i in isomorphisms(mul256)), key=lambda b: len(b[0]))
    check(lines, results)
    lines, results = rename(lines, results)
    print("""/* Written by make_sm4.py: the SM4 S-box (GB/T 32907) as a circuit of %d gates.
 * x[i] holds bit i of every byte in the lane, wherever the byte lies; so does y[i]. */
#ifndef CRYPTO_SM4_CIRCUIT_H
#define CRYPTO_SM4_CIRCUIT_H

static inline void sm4_circuit(const sm4_lane x[8], sm4_lane y[8]) {"""
          % (len(lines) + bin(CONST).count("1")))
    for name, a, op, b in lines:
        right = f"~{a}" if op == "~" else f"{a} {op} {b}"
        print(f"    const sm4_lane {name} = {right};")
    for i, r in enumerate(results):
        print(f"    y[{i}] = {'~' if CONST >> i & 1 else ''}{r};")
    print("}\n\n#endif")


def aes_affine():
    """Row i of B takes bits i, i+4, i+5, i+6, i+7 (mod 8)."""
    return [sum(1 << (i + k) % 8 for k in (0, 4, 5, 6, 7)) for i in range(8)]


def print_affine():
    mul = lambda a, b: gf_mul(a, b, 0x11B)
    inverse = [0] * 256
    for a in range(1, 256):
        inverse[a] = next(b for b in range(1, 256) if mul(a, b) == 1)
    b = aes_affine()
    aes = [apply(b, inverse[x]) ^ 0x63 for x in range(256)]
    assert aes[0x53] == 0xED
    phi = rows_of(next(isomorphisms(mul)))
    a = affine_matrix()
    p, p0 = compose(phi, a), apply(phi, CONST)
    q = compose(a, compose(invert(phi), invert(b)))
    q0 = apply(q, 0x63) ^ CONST
    for x in range(256):
        assert SBOX[x] == apply(q, aes[apply(p, x) ^ p0]) ^ q0
    print("""/* Written by make_sm4.py: S(x) = POST(AES(PRE(x))), each map as a table of the low and one of the
 * high half of the byte; the constant is in the low one. */
#ifndef CRYPTO_SM4_AFFINE_H
#define CRYPTO_SM4_AFFINE_H
""")
    for name, matrix, constant in (("PRE", p, p0), ("POST", q, q0)):
        for half, shift, c in (("LOW", 0, constant), ("HIGH", 4, 0)):
            values = ", ".join(f"0x{apply(matrix, i << shift) ^ c:02X}" for i in range(16))
            print(f"#define SM4_{name}_{half} {values}")
    print("\n#endif")


{"circuit": print_circuit, "affine": print_affine}[sys.argv[1]]()
