/* s G + t a for verification. Everything is public here, so the time may depend on it: Jacobian
 * coordinates (x = X / Z^2, y = Y / Z^3), digits that are mostly zero, one chain of doublings. */
#include "crypto/sm2_point.h"
#include "crypto/sm2_scalar.h"

#include <string.h>

struct jacobian {
    struct sm2_num x, y, z; /* infinite if z is 0 */
};

struct cached { /* a point to be added often */
    struct jacobian p;
    struct sm2_num zz, zzz;
};

static void jacobian_double(struct jacobian *r, const struct jacobian *a) {
    struct sm2_num delta, gamma, beta, alpha, t;
    sm2_field_sqr(&delta, &a->z);
    sm2_field_sqr(&gamma, &a->y);
    sm2_field_mul(&beta, &a->x, &gamma);
    /* alpha = 3 (X - Z^2) (X + Z^2) */
    sm2_field_sub(&alpha, &a->x, &delta);
    sm2_field_add(&t, &a->x, &delta);
    sm2_field_mul(&t, &alpha, &t);
    sm2_field_add(&alpha, &t, &t);
    sm2_field_add(&alpha, &alpha, &t);
    /* Z' = (Y + Z)^2 - Y^2 - Z^2 */
    sm2_field_add(&t, &a->y, &a->z);
    sm2_field_sqr(&t, &t);
    sm2_field_sub(&t, &t, &gamma);
    sm2_field_sub(&r->z, &t, &delta);
    /* X' = alpha^2 - 8 X Y^2 */
    sm2_field_add(&beta, &beta, &beta);
    sm2_field_add(&beta, &beta, &beta);
    sm2_field_sqr(&r->x, &alpha);
    sm2_field_sub(&r->x, &r->x, &beta);
    sm2_field_sub(&r->x, &r->x, &beta);
    /* Y' = alpha (4 X Y^2 - X') - 8 Y^4 */
    sm2_field_sub(&beta, &beta, &r->x);
    sm2_field_mul(&t, &alpha, &beta);
    sm2_field_add(&gamma, &gamma, &gamma);
    sm2_field_sqr(&gamma, &gamma);
    sm2_field_add(&gamma, &gamma, &gamma);
    sm2_field_sub(&r->y, &t, &gamma);
}

/* The end of an addition: u1, s1 of a; h = u2 - u1, d = s2 - s1; z is Z1 Z2. */
static void jacobian_finish(struct jacobian *r, const struct sm2_num *u1, const struct sm2_num *s1,
                            const struct sm2_num *h, const struct sm2_num *d,
                            const struct sm2_num *z) {
    struct sm2_num hh, hhh, v, t;
    sm2_field_mul(&r->z, z, h);
    sm2_field_sqr(&hh, h);
    sm2_field_mul(&hhh, &hh, h);
    sm2_field_mul(&v, u1, &hh);
    sm2_field_mul(&t, s1, &hhh);
    sm2_field_sqr(&r->x, d);
    sm2_field_sub(&r->x, &r->x, &hhh);
    sm2_field_sub(&r->x, &r->x, &v);
    sm2_field_sub(&r->x, &r->x, &v);
    sm2_field_sub(&v, &v, &r->x);
    sm2_field_mul(&r->y, d, &v);
    sm2_field_sub(&r->y, &r->y, &t);
}

/* r = a + b, or a - b if minus. */
static void jacobian_add(struct jacobian *r, const struct jacobian *a, const struct cached *b,
                         bool minus) {
    static const struct sm2_num zero = SM2_NUM(0, 0, 0, 0, 0, 0, 0, 0);
    struct sm2_num zz, u1, s1, h, d, z, y2 = b->p.y;
    if (minus)
        sm2_field_sub(&y2, &zero, &y2);
    if (sm2_num_is_zero(&a->z)) {
        r->x = b->p.x;
        r->y = y2;
        r->z = b->p.z;
        return;
    }
    sm2_field_sqr(&zz, &a->z);
    sm2_field_mul(&u1, &a->x, &b->zz);
    sm2_field_mul(&h, &b->p.x, &zz);
    sm2_field_sub(&h, &h, &u1);
    sm2_field_mul(&s1, &a->y, &b->zzz);
    sm2_field_mul(&d, &zz, &a->z);
    sm2_field_mul(&d, &d, &y2);
    sm2_field_sub(&d, &d, &s1);
    if (sm2_num_is_zero(&h) && sm2_num_is_zero(&d)) {
        jacobian_double(r, a);
        return;
    }
    sm2_field_mul(&z, &a->z, &b->p.z);
    jacobian_finish(r, &u1, &s1, &h, &d, &z);
}

/* The same with z = 1 in b. */
static void jacobian_add_affine(struct jacobian *r, const struct jacobian *a,
                                const struct sm2_affine *b, bool minus) {
    static const struct sm2_num zero = SM2_NUM(0, 0, 0, 0, 0, 0, 0, 0);
    struct sm2_num zz, h, d, y2 = b->y;
    if (minus)
        sm2_field_sub(&y2, &zero, &y2);
    if (sm2_num_is_zero(&a->z)) {
        r->x = b->x;
        r->y = y2;
        r->z = sm2_field_one;
        return;
    }
    sm2_field_sqr(&zz, &a->z);
    sm2_field_mul(&h, &b->x, &zz);
    sm2_field_sub(&h, &h, &a->x);
    sm2_field_mul(&d, &zz, &a->z);
    sm2_field_mul(&d, &d, &y2);
    sm2_field_sub(&d, &d, &a->y);
    if (sm2_num_is_zero(&h) && sm2_num_is_zero(&d)) {
        jacobian_double(r, a);
        return;
    }
    struct jacobian copy = *a;
    jacobian_finish(r, &copy.x, &copy.y, &h, &d, &copy.z);
}

static void cache(struct cached *c) {
    sm2_field_sqr(&c->zz, &c->p.z);
    sm2_field_mul(&c->zzz, &c->zz, &c->p.z);
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
    struct cached table[POINT_TABLE], twice;
    struct jacobian sum;
    memset(&sum, 0, sizeof sum);
    to_digits(base_digits, s, BASE_WIDTH);
    to_digits(point_digits, t, POINT_WIDTH);
    table[0].p = (struct jacobian){a->x, a->y, sm2_field_one};
    cache(&table[0]);
    jacobian_double(&twice.p, &table[0].p);
    cache(&twice);
    for (int i = 1; i < POINT_TABLE; i++) {
        jacobian_add(&table[i].p, &table[i - 1].p, &twice, false);
        cache(&table[i]);
    }
    for (int i = DIGITS - 1; i >= 0; i--) {
        int b = base_digits[i], p = point_digits[i];
        if (sm2_num_is_zero(&sum.z) == 0)
            jacobian_double(&sum, &sum);
        if (b != 0)
            jacobian_add_affine(&sum, &sum, &sm2_odd[(b < 0 ? -b : b) >> 1], b < 0);
        if (p != 0)
            jacobian_add(&sum, &sum, &table[(p < 0 ? -p : p) >> 1], p < 0);
    }
    if (sm2_num_is_zero(&sum.z))
        return false;
    sm2_field_sqr(&sum.z, &sum.z);
    return sm2_coordinate_is(&sum.x, &sum.z, want);
}
