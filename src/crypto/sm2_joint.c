/* s G + t a for verification. Everything is public here, so the time may depend on it: digits that
 * are mostly zero, one chain of doublings for both products. */
#include "crypto/sm2_jacobian.h"
#include "crypto/sm2_scalar.h"

#include <string.h>

/* A sum that came out with Z = 0 may have been of an infinite or of equal points. */
static void repair(struct sm2_jacobian *sum, const struct sm2_jacobian *a,
                   const struct sm2_jacobian *b) {
    if (sm2_num_is_zero(&sum->z) == 0)
        return;
    if (sm2_num_is_zero(&a->z))
        *sum = *b;
    else if (sm2_num_is_zero(&sum->x))
        sm2_jacobian_double(sum, a);
}

static void negate(struct sm2_num *y) {
    static const struct sm2_num zero = SM2_NUM(0, 0, 0, 0, 0, 0, 0, 0);
    sm2_field_sub(y, &zero, y);
}

/* sum += b, or sum -= b if minus. */
static void add(struct sm2_jacobian *sum, const struct sm2_cached *b, bool minus) {
    struct sm2_cached signed_b = *b;
    struct sm2_jacobian before = *sum;
    if (minus)
        negate(&signed_b.p.y);
    sm2_jacobian_add(sum, &before, &signed_b);
    repair(sum, &before, &signed_b.p);
}

static void add_affine(struct sm2_jacobian *sum, const struct sm2_affine *b, bool minus) {
    struct sm2_jacobian before = *sum, other = {b->x, b->y, sm2_field_one};
    if (minus)
        negate(&other.y);
    const struct sm2_affine signed_b = {other.x, other.y};
    sm2_jacobian_add_affine(sum, &before, &signed_b);
    repair(sum, &before, &other);
}

/* ---- digits ---- */

#define DIGITS 257
#define BASE_WIDTH 7  /* odd digits to 63: SM2_ODD_POINTS */
#define POINT_WIDTH 5 /* odd digits to 15 */
#define POINT_TABLE (1 << (POINT_WIDTH - 2))

/* The w-ary non-adjacent form: k is the sum of digits[i] 2^i, each 0 or odd below 2^(w - 1) in
 * size, and of any w in a row at most one is not 0. */
static void to_digits(int8_t digits[DIGITS], const struct sm2_num *k, unsigned width) {
    int carry = 0;
    memset(digits, 0, DIGITS);
    for (unsigned i = 0; i < DIGITS;) {
        int bit = i < 256 ? (int)sm2_num_bit(k, i) : 0;
        if (bit == carry) { /* the digit is even */
            i++;
            continue;
        }
        int value = carry;
        for (unsigned j = 0; j < width && i + j < 256; j++)
            value += (int)sm2_num_bit(k, i + j) << j;
        carry = value >> (width - 1) & 1;
        digits[i] = (int8_t)(value - (carry << width));
        i += width;
    }
}

bool sm2_point_verify(const struct sm2_num *s, const struct sm2_num *t, const struct sm2_affine *a,
                      const struct sm2_num *want) {
    int8_t base_digits[DIGITS], point_digits[DIGITS];
    struct sm2_cached table[POINT_TABLE], twice;
    struct sm2_jacobian sum;
    memset(&sum, 0, sizeof sum);
    to_digits(base_digits, s, BASE_WIDTH);
    to_digits(point_digits, t, POINT_WIDTH);
    table[0].p = (struct sm2_jacobian){a->x, a->y, sm2_field_one};
    sm2_cached_fill(&table[0]);
    sm2_jacobian_double(&twice.p, &table[0].p);
    sm2_cached_fill(&twice);
    for (int i = 1; i < POINT_TABLE; i++) {
        sm2_jacobian_add(&table[i].p, &table[i - 1].p, &twice);
        sm2_cached_fill(&table[i]);
    }
    for (int i = DIGITS - 1; i >= 0; i--) {
        int b = base_digits[i], p = point_digits[i];
        if (sm2_num_is_zero(&sum.z) == 0)
            sm2_jacobian_double(&sum, &sum);
        if (b != 0)
            add_affine(&sum, &sm2_odd[(b < 0 ? -b : b) >> 1], b < 0);
        if (p != 0)
            add(&sum, &table[(p < 0 ? -p : p) >> 1], p < 0);
    }
    if (sm2_num_is_zero(&sum.z))
        return false;
    sm2_field_sqr(&sum.z, &sum.z);
    return sm2_coordinate_is(&sum.x, &sum.z, want);
}
