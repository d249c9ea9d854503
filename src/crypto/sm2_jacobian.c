/* Jacobian coordinates. Formulas: Bernstein and Lange's collection, dbl-2001-b and add-2007-bl. */
#include "crypto/sm2_jacobian.h"

void sm2_jacobian_double(struct sm2_jacobian *r, const struct sm2_jacobian *a) {
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
static void finish(struct sm2_jacobian *r, const struct sm2_num *u1, const struct sm2_num *s1,
                   const struct sm2_num *h, const struct sm2_num *d, const struct sm2_num *z) {
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

void sm2_jacobian_add(struct sm2_jacobian *r, const struct sm2_jacobian *a,
                      const struct sm2_cached *b) {
    struct sm2_num zz, u1, s1, h, d, z;
    sm2_field_sqr(&zz, &a->z);
    sm2_field_mul(&u1, &a->x, &b->zz);
    sm2_field_mul(&h, &b->p.x, &zz);
    sm2_field_sub(&h, &h, &u1);
    sm2_field_mul(&s1, &a->y, &b->zzz);
    sm2_field_mul(&d, &zz, &a->z);
    sm2_field_mul(&d, &d, &b->p.y);
    sm2_field_sub(&d, &d, &s1);
    sm2_field_mul(&z, &a->z, &b->p.z);
    finish(r, &u1, &s1, &h, &d, &z);
}

void sm2_jacobian_add_affine(struct sm2_jacobian *r, const struct sm2_jacobian *a,
                             const struct sm2_affine *b) {
    struct sm2_num zz, h, d;
    const struct sm2_jacobian copy = *a;
    sm2_field_sqr(&zz, &a->z);
    sm2_field_mul(&h, &b->x, &zz);
    sm2_field_sub(&h, &h, &a->x);
    sm2_field_mul(&d, &zz, &a->z);
    sm2_field_mul(&d, &d, &b->y);
    sm2_field_sub(&d, &d, &a->y);
    finish(r, &copy.x, &copy.y, &h, &d, &copy.z);
}

void sm2_cached_fill(struct sm2_cached *c) {
    sm2_field_sqr(&c->zz, &c->p.z);
    sm2_field_mul(&c->zzz, &c->zz, &c->p.z);
}

void sm2_jacobian_from_affine(struct sm2_jacobian *r, const struct sm2_affine *a,
                              const struct sm2_num *blind) {
    struct sm2_num power;
    sm2_field_sqr(&power, blind);
    sm2_field_mul(&r->x, &a->x, &power);
    sm2_field_mul(&power, &power, blind);
    sm2_field_mul(&r->y, &a->y, &power);
    r->z = *blind;
}

void sm2_jacobian_to_point(struct sm2_point *r, const struct sm2_jacobian *a) {
    struct sm2_num zz;
    sm2_field_sqr(&zz, &a->z);
    sm2_field_mul(&r->x, &a->x, &a->z);
    r->y = a->y;
    sm2_field_mul(&r->z, &zz, &a->z);
}
