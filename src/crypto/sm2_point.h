/* Inside src/crypto: the group of SM2's curve y^2 = x^3 - 3 x + b. */
#ifndef CRYPTO_SM2_POINT_H
#define CRYPTO_SM2_POINT_H

#include "crypto/sm2_field.h"

struct sm2_affine {
    struct sm2_num x, y;
};

/* x = X / Z, y = Y / Z; the point at infinity is (0 : 1 : 0). */
struct sm2_point {
    struct sm2_num x, y, z;
};

/* 64 bytes x y. False if a coordinate is not below p, or the point is not on the curve. */
bool sm2_affine_from_bytes(struct sm2_affine *r, const uint8_t bytes[64]);
void sm2_affine_to_bytes(uint8_t bytes[64], const struct sm2_affine *a);
bool sm2_affine_on_curve(const struct sm2_affine *a);

/* False for the point at infinity, and if the point is not on the curve: a fault. */
bool sm2_point_to_affine(struct sm2_affine *r, const struct sm2_point *a);
/* Comparisons without a division. is: the two are the same point. has_x: a is not infinite, and its
 * x modulo n is x. */
bool sm2_point_is(const struct sm2_point *a, const struct sm2_affine *b);
bool sm2_point_has_x(const struct sm2_point *a, const struct sm2_num *x);
/* The same for coordinates times z: x_z is x z, for some z that is not 0. */
bool sm2_coordinate_is(const struct sm2_num *x_z, const struct sm2_num *z, const struct sm2_num *x);
void sm2_point_add(struct sm2_point *r, const struct sm2_point *a, const struct sm2_point *b);
void sm2_point_add_affine(struct sm2_point *r, const struct sm2_point *a,
                          const struct sm2_affine *b);

/* r = k G and r = k a, in constant time, for any k below n. blind is not zero: it scales the
 * coordinates of the first point, so that no two computations handle the same numbers. */
void sm2_point_base(struct sm2_point *r, const struct sm2_num *k, const struct sm2_num *blind);
void sm2_point_mul(struct sm2_point *r, const struct sm2_num *k, const struct sm2_affine *a,
                   const struct sm2_num *blind);

/* For verification: true if the x coordinate of s G + t a is want modulo n. Not in constant time:
 * everything here is public. */
bool sm2_point_verify(const struct sm2_num *s, const struct sm2_num *t, const struct sm2_affine *a,
                      const struct sm2_num *want);

/* The tables (sm2_table.c, written by make_sm2_table.py). */
#define SM2_COMB_TEETH 6
#define SM2_COMB_BLOCKS 4
#define SM2_COMB_SPACING 11
#define SM2_COMB_POINTS 32
/* [i][m]: 2^(11 i) times (2^220 and the sum over j < 5 of 2^(44 j) with the sign + if bit j of m is
 * set, else -) G */
extern const struct sm2_affine sm2_comb[SM2_COMB_BLOCKS][SM2_COMB_POINTS];

#define SM2_ODD_POINTS 32
extern const struct sm2_affine sm2_odd[SM2_ODD_POINTS]; /* [i]: (2 i + 1) G */

#endif
