#!/usr/bin/env python3
"""Writes des_table.h: PC-2 of DES (FIPS 46-3) as tables of seven bits of C or D.

mbedtls keeps a round key in two words: the first has the inputs of S2 S4 S6 S8, one in a byte, the
second those of S1 S3 S5 S7. C feeds S1 to S4 and D feeds S5 to S8, so that each half fills half of each
word: an entry has the half of the first word above that of the second.

Usage: make_des_table.py > des_table.h
"""
PC2 = [14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
       41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32]


def entry(half, chunk, value):
    """half 0 is C, 1 is D; chunk 0 has the first seven bits; the first bit is the highest."""
    word = 0
    for box in range(4):
        six = 0
        for bit in PC2[24 * half + 6 * box:24 * half + 6 * box + 6]:
            at = bit - 1 - 28 * half
            here = value >> (6 - at % 7) & 1 if at // 7 == chunk else 0
            six = six << 1 | here
        # S1 S2 S3 S4 of the half: second word high, first word high, second low, first low
        word |= six << (8, 24, 0, 16)[box]
    return word


print("""/* Written by make_des_table.py: PC-2 (FIPS 46-3) for [C or D][seven bits]. */
#ifndef CRYPTO_DES_TABLE_H
#define CRYPTO_DES_TABLE_H

#include <stdint.h>

/* clang-format off */
static const uint32_t des_pc2[2][4][128] = {""")
for half in range(2):
    print("  {")
    for chunk in range(4):
        print("    {")
        for row in range(0, 128, 8):
            print("      " + " ".join(f"0x{entry(half, chunk, v):08X}," for v in range(row, row + 8)))
        print("    },")
    print("  },")
print("};\n/* clang-format on */\n\n#endif")
