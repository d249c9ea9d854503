#include "kernels.h"

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static uint8_t buffer[1024];

static void fill_buffer(uint32_t seed) {
    for (uint32_t i = 0; i < sizeof buffer; i++)
        buffer[i] = (uint8_t)next_random(&seed);
}

static uint32_t rotl(uint32_t x, unsigned k) {
    return x << k | x >> (32 - k);
}

static uint32_t be32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

KERNEL(kernel_nothing) {
    return n;
}

/* ---- CRC-32, one table ---- */

static uint32_t crc_table[256];

KERNEL(kernel_crc32) {
    uint32_t crc = 0;
    if (crc_table[1] == 0) {
        for (uint32_t i = 0; i < 256; i++) {
            uint32_t c = i;
            for (int k = 0; k < 8; k++)
                c = c & 1 ? c >> 1 ^ 0xEDB88320u : c >> 1;
            crc_table[i] = c;
        }
    }
    fill_buffer(1);
    while (n-- > 0) {
        crc = ~crc;
        for (uint32_t i = 0; i < sizeof buffer; i++)
            crc = crc >> 8 ^ crc_table[(crc ^ buffer[i]) & 0xFF];
        crc = ~crc;
    }
    return crc;
}

/* ---- SM4 (GB/T 32907) ---- */

static const uint8_t sm4_box[256] = {
    0xd6, 0x90, 0xe9, 0xfe, 0xcc, 0xe1, 0x3d, 0xb7, 0x16, 0xb6, 0x14, 0xc2, 0x28, 0xfb, 0x2c, 0x05,
    0x2b, 0x67, 0x9a, 0x76, 0x2a, 0xbe, 0x04, 0xc3, 0xaa, 0x44, 0x13, 0x26, 0x49, 0x86, 0x06, 0x99,
    0x9c, 0x42, 0x50, 0xf4, 0x91, 0xef, 0x98, 0x7a, 0x33, 0x54, 0x0b, 0x43, 0xed, 0xcf, 0xac, 0x62,
    0xe4, 0xb3, 0x1c, 0xa9, 0xc9, 0x08, 0xe8, 0x95, 0x80, 0xdf, 0x94, 0xfa, 0x75, 0x8f, 0x3f, 0xa6,
    0x47, 0x07, 0xa7, 0xfc, 0xf3, 0x73, 0x17, 0xba, 0x83, 0x59, 0x3c, 0x19, 0xe6, 0x85, 0x4f, 0xa8,
    0x68, 0x6b, 0x81, 0xb2, 0x71, 0x64, 0xda, 0x8b, 0xf8, 0xeb, 0x0f, 0x4b, 0x70, 0x56, 0x9d, 0x35,
    0x1e, 0x24, 0x0e, 0x5e, 0x63, 0x58, 0xd1, 0xa2, 0x25, 0x22, 0x7c, 0x3b, 0x01, 0x21, 0x78, 0x87,
    0xd4, 0x00, 0x46, 0x57, 0x9f, 0xd3, 0x27, 0x52, 0x4c, 0x36, 0x02, 0xe7, 0xa0, 0xc4, 0xc8, 0x9e,
    0xea, 0xbf, 0x8a, 0xd2, 0x40, 0xc7, 0x38, 0xb5, 0xa3, 0xf7, 0xf2, 0xce, 0xf9, 0x61, 0x15, 0xa1,
    0xe0, 0xae, 0x5d, 0xa4, 0x9b, 0x34, 0x1a, 0x55, 0xad, 0x93, 0x32, 0x30, 0xf5, 0x8c, 0xb1, 0xe3,
    0x1d, 0xf6, 0xe2, 0x2e, 0x82, 0x66, 0xca, 0x60, 0xc0, 0x29, 0x23, 0xab, 0x0d, 0x53, 0x4e, 0x6f,
    0xd5, 0xdb, 0x37, 0x45, 0xde, 0xfd, 0x8e, 0x2f, 0x03, 0xff, 0x6a, 0x72, 0x6d, 0x6c, 0x5b, 0x51,
    0x8d, 0x1b, 0xaf, 0x92, 0xbb, 0xdd, 0xbc, 0x7f, 0x11, 0xd9, 0x5c, 0x41, 0x1f, 0x10, 0x5a, 0xd8,
    0x0a, 0xc1, 0x31, 0x88, 0xa5, 0xcd, 0x7b, 0xbd, 0x2d, 0x74, 0xd0, 0x12, 0xb8, 0xe5, 0xb4, 0xb0,
    0x89, 0x69, 0x97, 0x4a, 0x0c, 0x96, 0x77, 0x7e, 0x65, 0xb9, 0xf1, 0x09, 0xc5, 0x6e, 0xc6, 0x84,
    0x18, 0xf0, 0x7d, 0xec, 0x3a, 0xdc, 0x4d, 0x20, 0x79, 0xee, 0x5f, 0x3e, 0xd7, 0xcb, 0x39, 0x48,
};

static uint32_t sm4_tau(uint32_t x) {
    return (uint32_t)sm4_box[x >> 24] << 24 | (uint32_t)sm4_box[x >> 16 & 0xFF] << 16 |
           (uint32_t)sm4_box[x >> 8 & 0xFF] << 8 | sm4_box[x & 0xFF];
}

static uint32_t sm4_keys[32];

static void sm4_schedule(const uint8_t key[16]) {
    static const uint32_t fk[4] = {0xA3B1BAC6u, 0x56AA3350u, 0x677D9197u, 0xB27022DCu};
    uint32_t k[4];
    for (int i = 0; i < 4; i++)
        k[i] = be32(key + 4 * i) ^ fk[i];
    for (uint32_t i = 0; i < 32; i++) {
        uint32_t ck = 0;
        for (uint32_t j = 0; j < 4; j++)
            ck = ck << 8 | ((4 * i + j) * 7 & 0xFF);
        uint32_t t = sm4_tau(k[1] ^ k[2] ^ k[3] ^ ck);
        t = k[0] ^ t ^ rotl(t, 13) ^ rotl(t, 23);
        k[0] = k[1];
        k[1] = k[2];
        k[2] = k[3];
        k[3] = sm4_keys[i] = t;
    }
}

KERNEL(kernel_sm4) {
    uint32_t a, b, c, d;
    fill_buffer(2);
    sm4_schedule(buffer);
    a = be32(buffer), b = be32(buffer + 4), c = be32(buffer + 8), d = be32(buffer + 12);
    for (n *= 64; n > 0; n--) {
        for (int i = 0; i < 32; i++) {
            uint32_t t = sm4_tau(b ^ c ^ d ^ sm4_keys[i]);
            t = a ^ t ^ rotl(t, 2) ^ rotl(t, 10) ^ rotl(t, 18) ^ rotl(t, 24);
            a = b;
            b = c;
            c = d;
            d = t;
        }
    }
    return a ^ b ^ c ^ d;
}

/* ---- triple DES, with S-boxes and permutation in one table ---- */

static const uint8_t des_boxes[8][64] = {
    {14, 4,  13, 1, 2,  15, 11, 8, 3, 10, 6, 12, 5,  9,  0,  7,  0,  15, 7,  4,  14, 2,
     13, 1,  10, 6, 12, 11, 9,  5, 3, 8,  4, 1,  14, 8,  13, 6,  2,  11, 15, 12, 9,  7,
     3,  10, 5,  0, 15, 12, 8,  2, 4, 9,  1, 7,  5,  11, 3,  14, 10, 0,  6,  13},
    {15, 1,  8,  14, 6,  11, 3,  4, 9,  7,  2, 13, 12, 0,  5,  10, 3,  13, 4,  7, 15, 2,
     8,  14, 12, 0,  1,  10, 6,  9, 11, 5,  0, 14, 7,  11, 10, 4,  13, 1,  5,  8, 12, 6,
     9,  3,  2,  15, 13, 8,  10, 1, 3,  15, 4, 2,  11, 6,  7,  12, 0,  5,  14, 9},
    {10, 0,  9,  14, 6, 3,  15, 5,  1,  13, 12, 7, 11, 4,  2,  8,  13, 7, 0,  9, 3, 4,
     6,  10, 2,  8,  5, 14, 12, 11, 15, 1,  13, 6, 4,  9,  8,  15, 3,  0, 11, 1, 2, 12,
     5,  10, 14, 7,  1, 10, 13, 0,  6,  9,  8,  7, 4,  15, 14, 3,  11, 5, 2,  12},
    {7, 13, 14, 3, 0, 6,  9, 10, 1,  2, 8,  5, 11, 12, 4,  15, 13, 8,  11, 5, 6, 15,
     0, 3,  4,  7, 2, 12, 1, 10, 14, 9, 10, 6, 9,  0,  12, 11, 7,  13, 15, 1, 3, 14,
     5, 2,  8,  4, 3, 15, 0, 6,  10, 1, 13, 8, 9,  4,  5,  11, 12, 7,  2,  14},
    {2,  12, 4, 1,  7,  10, 11, 6, 8, 5,  3, 15, 13, 0,  14, 9,  14, 11, 2,  12, 4,  7,
     13, 1,  5, 0,  15, 10, 3,  9, 8, 6,  4, 2,  1,  11, 10, 13, 7,  8,  15, 9,  12, 5,
     6,  3,  0, 14, 11, 8,  12, 7, 1, 14, 2, 13, 6,  15, 0,  9,  10, 4,  5,  3},
    {12, 1,  10, 15, 9,  2,  6, 8,  0, 13, 3,  4,  14, 7,  5, 11, 10, 15, 4, 2, 7, 12,
     9,  5,  6,  1,  13, 14, 0, 11, 3, 8,  9,  14, 15, 5,  2, 8,  12, 3,  7, 0, 4, 10,
     1,  13, 11, 6,  4,  3,  2, 12, 9, 5,  15, 10, 11, 14, 1, 7,  6,  0,  8, 13},
    {4, 11, 2,  14, 15, 0,  8,  13, 3, 12, 9,  7, 5,  10, 6,  1,  13, 0,  11, 7,  4, 9,
     1, 10, 14, 3,  5,  12, 2,  15, 8, 6,  1,  4, 11, 13, 12, 3,  7,  14, 10, 15, 6, 8,
     0, 5,  9,  2,  6,  11, 13, 8,  1, 4,  10, 7, 9,  5,  0,  15, 14, 2,  3,  12},
    {13, 2, 8,  4, 6, 15, 11, 1,  10, 9,  3, 14, 5,  0,  12, 7,  1,  15, 13, 8, 10, 3,
     7,  4, 12, 5, 6, 11, 0,  14, 9,  2,  7, 11, 4,  1,  9,  12, 14, 2,  0,  6, 10, 13,
     15, 3, 5,  8, 2, 1,  14, 7,  4,  10, 8, 13, 15, 12, 9,  0,  3,  5,  6,  11},
};
static const uint8_t des_p[32] = {16, 7, 20, 21, 29, 12, 28, 17, 1,  15, 23, 26, 5,  18, 31, 10,
                                  2,  8, 24, 14, 32, 27, 3,  9,  19, 13, 30, 6,  22, 11, 4,  25};

static uint32_t des_sp[8][64];
static uint32_t des_keys[3][16][2];

static void des_tables(void) {
    for (uint32_t box = 0; box < 8; box++) {
        for (uint32_t v = 0; v < 64; v++) {
            uint32_t row = (v >> 4 & 2) | (v & 1), column = v >> 1 & 15;
            uint32_t s = (uint32_t)des_boxes[box][row * 16 + column] << (28 - 4 * box), p = 0;
            for (uint32_t i = 0; i < 32; i++)
                p |= (s >> (32 - des_p[i]) & 1) << (31 - i);
            des_sp[box][v] = rotl(p, 1);
        }
    }
}

static void des_round(uint32_t *half, uint32_t other, const uint32_t key[2]) {
    uint32_t odd = rotl(other, 28) ^ key[0], even = other ^ key[1];
    *half ^= des_sp[0][odd >> 24 & 63] ^ des_sp[2][odd >> 16 & 63] ^ des_sp[4][odd >> 8 & 63] ^
             des_sp[6][odd & 63] ^ des_sp[1][even >> 24 & 63] ^ des_sp[3][even >> 16 & 63] ^
             des_sp[5][even >> 8 & 63] ^ des_sp[7][even & 63];
}

KERNEL(kernel_tdes) {
    uint32_t seed = 3, left = 0x01234567u, right = 0x89ABCDEFu;
    if (des_sp[0][0] == 0)
        des_tables();
    for (uint32_t i = 0; i < 96; i++)
        des_keys[i / 32][i / 2 % 16][i % 2] = next_random(&seed) & 0x3F3F3F3Fu;
    for (n *= 32; n > 0; n--) {
        for (int k = 0; k < 3; k++) {
            for (int r = 0; r < 16; r += 2) {
                des_round(&left, right, des_keys[k][r]);
                des_round(&right, left, des_keys[k][r + 1]);
            }
            uint32_t t = left;
            left = right;
            right = t;
        }
    }
    return left ^ right;
}

/* ---- BER-TLV: walk nested objects, sum the values ---- */

static uint32_t tlv_put(uint8_t *p, uint32_t at, uint32_t depth, uint32_t *seed) {
    for (int i = 0; i < 4; i++) {
        if (depth > 0) {
            uint32_t begin = at + 3;
            uint32_t end = tlv_put(p, begin, depth - 1, seed);
            p[at] = 0xE1;
            p[at + 1] = 0x81;
            p[at + 2] = (uint8_t)(end - begin);
            at = end;
        } else {
            uint32_t len = next_random(seed) % 7;
            p[at++] = 0x9F;
            p[at++] = (uint8_t)(next_random(seed) & 0x3F);
            p[at++] = (uint8_t)len;
            while (len-- > 0)
                p[at++] = (uint8_t)next_random(seed);
        }
    }
    return at;
}

__attribute__((noinline)) static uint32_t tlv_walk(const uint8_t *p, const uint8_t *end) {
    uint32_t sum = 0;
    while (p < end) {
        uint32_t tag = *p++;
        uint8_t first = (uint8_t)tag;
        if ((tag & 0x1F) == 0x1F)
            do
                tag = tag << 8 | *p;
            while (*p++ & 0x80);
        uint32_t len = *p++;
        if (len & 0x80) {
            uint32_t bytes = len & 0x7F;
            for (len = 0; bytes > 0; bytes--)
                len = len << 8 | *p++;
        }
        if (first & 0x20) {
            sum = sum * 31 + tlv_walk(p, p + len);
        } else {
            sum += tag;
            for (uint32_t i = 0; i < len; i++)
                sum = sum * 33 ^ p[i];
        }
        p += len;
    }
    return sum;
}

KERNEL(kernel_tlv) {
    uint32_t seed = 4, sum = 0;
    uint32_t len = tlv_put(buffer, 0, 2, &seed);
    while (n-- > 0) {
        sum += tlv_walk(buffer, buffer + len);
        buffer[7] = (uint8_t)(sum & 0x3F); /* the tag of the first value */
    }
    return sum;
}

/* ---- sorting: heap sort of records by their keys ---- */

struct record {
    uint32_t key, value;
};

static struct record records[256];

static void sift(uint32_t root, uint32_t count) {
    struct record moving = records[root];
    for (;;) {
        uint32_t child = 2 * root + 1;
        if (child >= count)
            break;
        if (child + 1 < count && records[child].key < records[child + 1].key)
            child++;
        if (moving.key >= records[child].key)
            break;
        records[root] = records[child];
        root = child;
    }
    records[root] = moving;
}

KERNEL(kernel_sort) {
    uint32_t seed = 5, sum = 0, count = 256;
    while (n-- > 0) {
        for (uint32_t i = 0; i < count; i++) {
            records[i].key = next_random(&seed);
            records[i].value = i;
        }
        for (uint32_t i = count / 2; i-- > 0;)
            sift(i, count);
        for (uint32_t i = count - 1; i > 0; i--) {
            struct record top = records[0];
            records[0] = records[i];
            records[i] = top;
            sift(0, i);
        }
        sum += records[0].value ^ records[100].key;
    }
    return sum;
}

/* ---- SHA-256 (FIPS 180-4) ---- */

static const uint32_t sha_k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static void sha_block(uint32_t state[8], const uint8_t *p) {
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++)
        w[i] = be32(p + 4 * i);
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotl(a, 25) ^ rotl(a, 14) ^ a >> 3) +
               (rotl(b, 15) ^ rotl(b, 13) ^ b >> 10);
    }
    for (int i = 0; i < 8; i++)
        s[i] = state[i];
    for (int i = 0; i < 64; i++) {
        uint32_t a = s[0], e = s[4];
        uint32_t t1 = s[7] + (rotl(e, 26) ^ rotl(e, 21) ^ rotl(e, 7)) + ((e & s[5]) ^ (~e & s[6])) +
                      sha_k[i] + w[i];
        uint32_t t2 =
            (rotl(a, 30) ^ rotl(a, 19) ^ rotl(a, 10)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        s[7] = s[6];
        s[6] = s[5];
        s[5] = e;
        s[4] = s[3] + t1;
        s[3] = s[2];
        s[2] = s[1];
        s[1] = a;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        state[i] += s[i];
}

KERNEL(kernel_sha256) {
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    fill_buffer(6);
    while (n-- > 0)
        for (uint32_t at = 0; at < sizeof buffer; at += 64)
            sha_block(state, buffer + at);
    return state[0];
}

/* ---- calls ---- */

__attribute__((noinline)) static uint32_t ackermann(uint32_t m, uint32_t k) {
    if (m == 0)
        return k + 1;
    if (k == 0)
        return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, k - 1));
}

KERNEL(kernel_calls) {
    uint32_t sum = 0;
    while (n-- > 0)
        sum += ackermann(2, 20 + (n & 7));
    return sum;
}

/* ---- a mix in the manner of CoreMark: a list, a matrix, a state machine, a checksum ---- */

struct node {
    struct node *next;
    int16_t index, data;
};

static struct node nodes[64];
static int16_t matrix_a[12 * 12], matrix_b[12 * 12];
static int32_t matrix_c[12 * 12];

static uint16_t crc16(uint16_t crc, uint8_t byte) {
    for (int i = 0; i < 8; i++) {
        uint16_t bit = (uint16_t)((crc ^ byte) & 1);
        crc = (uint16_t)(crc >> 1);
        byte = (uint8_t)(byte >> 1);
        if (bit)
            crc = (uint16_t)(crc ^ 0xA001);
    }
    return crc;
}

static struct node *merge_sort(struct node *list) {
    for (int size = 1;; size *= 2) {
        struct node *rest = list, *tail = 0;
        int merges = 0;
        list = 0;
        while (rest) {
            struct node *a = rest, *b = rest;
            int a_left = 0, b_left = size;
            merges++;
            while (a_left < size && b) {
                a_left++;
                b = b->next;
            }
            while (a_left > 0 || (b_left > 0 && b)) {
                struct node *take;
                if (a_left > 0 && (b_left == 0 || !b || a->data <= b->data)) {
                    take = a;
                    a = a->next;
                    a_left--;
                } else {
                    take = b;
                    b = b->next;
                    b_left--;
                }
                if (tail)
                    tail->next = take;
                else
                    list = take;
                tail = take;
            }
            rest = b;
        }
        tail->next = 0;
        if (merges <= 1)
            return list;
    }
}

static uint16_t mix_list(uint32_t *seed, uint16_t crc) {
    for (int i = 0; i < 64; i++) {
        nodes[i].next = i < 63 ? &nodes[i + 1] : 0;
        nodes[i].index = (int16_t)i;
        nodes[i].data = (int16_t)next_random(seed);
    }
    struct node *list = merge_sort(nodes), *reversed = 0;
    while (list) {
        struct node *next = list->next;
        list->next = reversed;
        reversed = list;
        list = next;
    }
    for (; reversed; reversed = reversed->next)
        crc = crc16(crc, (uint8_t)reversed->index);
    return crc;
}

static uint16_t mix_matrix(uint32_t *seed, uint16_t crc) {
    for (int i = 0; i < 144; i++) {
        matrix_a[i] = (int16_t)(next_random(seed) & 0xFF);
        matrix_b[i] = (int16_t)(next_random(seed) & 0xFF);
    }
    for (int i = 0; i < 12; i++) {
        for (int j = 0; j < 12; j++) {
            int32_t sum = 0;
            for (int k = 0; k < 12; k++)
                sum += matrix_a[i * 12 + k] * matrix_b[k * 12 + j];
            matrix_c[i * 12 + j] = sum;
        }
    }
    for (int i = 0; i < 144; i += 9)
        crc = crc16(crc, (uint8_t)(matrix_c[i] >> 4));
    return crc;
}

enum state { START, SIGN, INTEGER, POINT, FRACTION, INVALID, STATES };

static uint16_t mix_states(uint32_t *seed, uint16_t crc) {
    static const char text[] = "+12,3.75,-0.5,88,x9,4.,123456,--1,.5,7e2,";
    uint32_t counts[STATES] = {0};
    enum state state = START;
    for (int round = 0; round < 8; round++) {
        uint32_t skip = next_random(seed) & 7;
        for (const char *p = text + skip; *p; p++) {
            char c = *p;
            if (c == ',') {
                counts[state]++;
                state = START;
                continue;
            }
            switch (state) {
            case START:
                state = c == '+' || c == '-'   ? SIGN
                        : c >= '0' && c <= '9' ? INTEGER
                        : c == '.'             ? POINT
                                               : INVALID;
                break;
            case SIGN:
                state = c >= '0' && c <= '9' ? INTEGER : c == '.' ? POINT : INVALID;
                break;
            case INTEGER:
                state = c >= '0' && c <= '9' ? INTEGER : c == '.' ? POINT : INVALID;
                break;
            case POINT:
            case FRACTION:
                state = c >= '0' && c <= '9' ? FRACTION : INVALID;
                break;
            default:
                break;
            }
        }
    }
    for (int i = 0; i < STATES; i++)
        crc = crc16(crc, (uint8_t)counts[i]);
    return crc;
}

KERNEL(kernel_mix) {
    uint32_t seed = 7;
    uint16_t crc = 0;
    while (n-- > 0) {
        crc = mix_list(&seed, crc);
        crc = mix_matrix(&seed, crc);
        crc = mix_states(&seed, crc);
    }
    return crc;
}

#ifdef KERNEL_ALONE
/* For wasm-interp, which runs exports without arguments only. */
__attribute__((export_name("run"))) uint32_t run(void) {
    return KERNEL_ALONE(KERNEL_TIMES);
}
#endif
