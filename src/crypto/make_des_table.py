#!/usr/bin/env python3
"""Writes des_table.h: DES (FIPS 46-3) as tables.

A round key, and on 64-bit machines half of a block too, is two words of four bytes with the six inputs of a box
in each: the low word has S8 S6 S4 S2 from the lowest byte up, the high word S7 S5 S3 S1. This is E of a half:
the word is the half turned left by one, the high word turned right by four more.

des_pc2: PC-2 of seven bits of C or D. C feeds S1 to S4 and D feeds S5 to S8, so that each fills half of each word: an
entry has the half of the low word above that of the high word.
des_sp64: a box, P, and E: what a box contributes to the next half.
des_sp32: a box and P, turned left by one: the same for halves of 32 bits.

Usage: make_des_table.py > des_table.h
"""
PC2 = [14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
       41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32]
P = [16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10,
     2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25]
# Rows 0 to 3 of each box, a digit for a column.
S = """
E4D12FB83A6C5907 0F74E2D1A6CB9538 41E8D62BFC973A50 FC8249175B3EA06D
F18E6B34972DC05A 3D47F28EC01A69B5 0E7BA4D158C6932F D8A13F42B67C05E9
A09E63F51DC7B428 D709346A285ECBF1 D6498F30B12C5AE7 1AD069874FE3B52C
7DE3069A1285BC4F D8B56F03472C1AE9 A690CB7DF13E5284 3F06A1D8945BC72E
2C417AB6853FD0E9 EB2C47D150FA3986 421BAD78F9C5630E B8C71E2D6F09A453
C1AF92680D34E75B AF427C9561DE0B38 9EF528C3704A1DB6 432C95FABE17608D
4B2EF08D3C975A61 D0B7491AE35C2F86 14BDC37EAF680592 6BD814A7950FE23C
D2846FB1A93E50C7 1FD8A374C56B0E92 7B419CE206ADF358 21E74A8DFC90356B
""".split()
# Which box has its inputs in byte n of the two words (counted from 0).
BOX = (7, 5, 3, 1, 6, 4, 2, 0)


def pc2_entry(half, chunk, value):
    """half 0 is C, 1 is D; chunk 0 has the first seven bits; the first bit is the highest."""
    word = 0
    for box in range(4):
        six = 0
        for bit in PC2[24 * half + 6 * box:24 * half + 6 * box + 6]:
            at = bit - 1 - 28 * half
            here = value >> (6 - at % 7) & 1 if at // 7 == chunk else 0
            six = six << 1 | here
        # S1 S2 S3 S4 of the half: high word high, low word high, high word low, low word low
        word |= six << (8, 24, 0, 16)[box]
    return word


def turn(x, n):
    return (x << n | x >> (32 - n)) & 0xFFFFFFFF


def box_entry(box, six):
    """P of the box's output, turned left by one."""
    out = int(S[4 * box + (six >> 4 & 2 | six & 1)][six >> 1 & 15], 16) << 28 - 4 * box
    return turn(sum((out >> 32 - p & 1) << 31 - i for i, p in enumerate(P)), 1)


def table(rows, per_line, form):
    for row in rows:
        print("    {")
        for at in range(0, len(row), per_line):
            print("      " + " ".join(form.format(v) for v in row[at:at + per_line]))
        print("    },")


print("""/* Written by make_des_table.py, which says what the tables are. */
#ifndef CRYPTO_DES_TABLE_H
#define CRYPTO_DES_TABLE_H

#include <stdint.h>

/* clang-format off */
static const uint32_t des_pc2[2][4][128] = {""")
for half in range(2):
    print("  {")
    table([[pc2_entry(half, chunk, v) for v in range(128)] for chunk in range(4)], 8, "0x{:08X},")
    print("  },")
print("};\n\n#ifdef DES_HALF_64\nstatic const uint64_t des_sp64[8][64] = {")
words = [[box_entry(box, six) for six in range(64)] for box in BOX]
MASK = 0x3F3F3F3F
table([[(turn(w, 28) & MASK) << 32 | w & MASK for w in row] for row in words], 4, "0x{:016X},")
print("};\n#else\nstatic const uint32_t des_sp32[8][64] = {")
table(words, 8, "0x{:08X},")
print("};\n#endif\n/* clang-format on */\n\n#endif")
