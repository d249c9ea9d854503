#!/usr/bin/env python3
"""Writes sm2_table.c: multiples of SM2's base point in Montgomery form (sm2_point.h says which).

Usage: make_sm2_table.py > sm2_table.c
"""
P = 2**256 - 2**224 - 2**96 + 2**64 - 1
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
TEETH, BLOCKS, SPACING = 6, 4, 11
ROW = BLOCKS * SPACING
ODD = 32


def add(a, b):
    if a is None:
        return b
    if b is None:
        return a
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        m = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P)
    else:
        m = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (m * m - a[0] - b[0]) % P
    return x, (m * (a[0] - x) - a[1]) % P


def mul(k, a):
    r = None
    for bit in bin(k % N)[2:]:
        r = add(r, r)
        if bit == "1":
            r = add(r, a)
    return r


def number(v):
    v = v * 2**256 % P
    return "SM2_NUM(" + ", ".join(f"0x{v >> 32 * i & 0xFFFFFFFF:08X}" for i in range(8)) + ")"


def point(a):
    return f"    {{{number(a[0])},\n     {number(a[1])}}},"


assert (G[1]**2 - (G[0]**3 - 3 * G[0] + B)) % P == 0 and mul(N, G) is None

print("""/* Written by make_sm2_table.py: multiples of SM2's base point. */
#include "crypto/sm2_point.h"

/* clang-format off */
const struct sm2_affine sm2_comb[SM2_COMB_BLOCKS][SM2_COMB_POINTS] = {""")
for i in range(BLOCKS):
    print("  {")
    for m in range(1 << (TEETH - 1)):
        k = 1 << (TEETH - 1) * ROW
        for j in range(TEETH - 1):
            k += (1 if m >> j & 1 else -1) << ROW * j
        print(point(mul(k << SPACING * i, G)))
    print("  },")
print("};\n\nconst struct sm2_affine sm2_odd[SM2_ODD_POINTS] = {")
for i in range(ODD):
    print(point(mul(2 * i + 1, G)))
print("};\n/* clang-format on */")
