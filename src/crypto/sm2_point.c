/* The group, in constant time: complete formulas (Renes, Costello, Batina 2016, for a = -3), which
 * hold for all pairs of points, equal, opposite and infinite ones too. So no scalar and no fault
 * has a special path.
 *
 * Scalars are recoded to signs: an odd k below 2^256 is the sum of s_i 2^i for i < L with every s_i
 * +1 or -1, where s_i is + if bit i + 1 of k is set, and the last one is always +. No digit is
 * zero. An even k is replaced by n - k, and the result negated. */
#include "crypto/sm2_point.h"

#include "base/bytes.h"
#include "crypto/sm2_jacobian.h"
#include "crypto/sm2_scalar.h"

/* y^2 - (x^3 - 3 x + b) is zero */
bool sm2_affine_on_curve(const struct sm2_affine *a) {
    struct sm2_num t, u;
    sm2_field_sqr(&t, &a->x);
    sm2_field_mul(&t, &t, &a->x);
    for (int i = 0; i < 3; i++)
        sm2_field_sub(&t, &t, &a->x);
    sm2_field_add(&t, &t, &sm2_field_b);
    sm2_field_sqr(&u, &a->y);
    sm2_field_sub(&t, &t, &u);
    return sm2_num_is_zero(&t) != 0;
}

bool sm2_affine_from_bytes(struct sm2_affine *r, const uint8_t bytes[64]) {
    bool x_good = sm2_field_from_bytes(&r->x, bytes);
    bool y_good = sm2_field_from_bytes(&r->y, bytes + 32);
    return x_good && y_good && sm2_affine_on_curve(r);
}

void sm2_affine_to_bytes(uint8_t bytes[64], const struct sm2_affine *a) {
    sm2_field_to_bytes(bytes, &a->x);
    sm2_field_to_bytes(bytes + 32, &a->y);
}

bool sm2_point_to_affine(struct sm2_affine *r, const struct sm2_point *a) {
    struct sm2_num z;
    sm2_field_inv(&z, &a->z);
    sm2_field_mul(&r->x, &a->x, &z);
    sm2_field_mul(&r->y, &a->y, &z);
    bytes_wipe(&z, sizeof z);
    return sm2_num_is_zero(&a->z) == 0 && sm2_affine_on_curve(r);
}

/* a z == a_z */
static bool times_is(const struct sm2_num *a_z, const struct sm2_num *z, const struct sm2_num *a) {
    struct sm2_num t;
    sm2_field_mul(&t, a, z);
    sm2_field_sub(&t, &t, a_z);
    return sm2_num_is_zero(&t) != 0;
}

bool sm2_point_is(const struct sm2_point *a, const struct sm2_affine *b) {
    bool x = times_is(&a->x, &a->z, &b->x), y = times_is(&a->y, &a->z, &b->y);
    return x && y && sm2_num_is_zero(&a->z) == 0;
}

bool sm2_coordinate_is(const struct sm2_num *x_z, const struct sm2_num *z,
                       const struct sm2_num *x) {
    struct sm2_num more, d, field;
    sm2_field_from_num(&field, x);
    if (times_is(x_z, z, &field))
        return true;
    /* p is a little above n: the coordinate may be x + n. */
    if (sm2_num_add(&more, x, &sm2_n) != 0 || sm2_num_sub(&d, &more, &sm2_p) == 0)
        return false;
    sm2_field_from_num(&field, &more);
    return times_is(x_z, z, &field);
}

bool sm2_point_has_x(const struct sm2_point *a, const struct sm2_num *x) {
    return sm2_num_is_zero(&a->z) == 0 && sm2_coordinate_is(&a->x, &a->z, x);
}

/* The products of coordinates that addition and doubling share: pq is X1 Y2 + X2 Y1 for xy, and
 * X1 X2 for xx. */
struct products {
    struct sm2_num xx, yy, zz, xy, yz, xz;
};

/* The common end of algorithms 4, 5 and 6. */
static void combine(struct sm2_point *r, const struct products *p) {
    struct sm2_num u, v, w, minus, plus, t, zz3;
    sm2_field_add(&zz3, &p->zz, &p->zz);
    sm2_field_add(&zz3, &zz3, &p->zz);
    /* u = 3 (xz - b zz), minus = yy - u, plus = yy + u */
    sm2_field_mul(&t, &sm2_field_b, &p->zz);
    sm2_field_sub(&t, &p->xz, &t);
    sm2_field_add(&u, &t, &t);
    sm2_field_add(&u, &u, &t);
    sm2_field_sub(&minus, &p->yy, &u);
    sm2_field_add(&plus, &p->yy, &u);
    /* v = 3 (b xz - 3 zz - xx) */
    sm2_field_mul(&t, &sm2_field_b, &p->xz);
    sm2_field_sub(&t, &t, &zz3);
    sm2_field_sub(&t, &t, &p->xx);
    sm2_field_add(&v, &t, &t);
    sm2_field_add(&v, &v, &t);
    /* w = 3 (xx - zz) */
    sm2_field_add(&w, &p->xx, &p->xx);
    sm2_field_add(&w, &w, &p->xx);
    sm2_field_sub(&w, &w, &zz3);
    /* X = xy plus - yz v; Y = plus minus + w v; Z = yz minus + xy w */
    sm2_field_mul(&r->x, &p->xy, &plus);
    sm2_field_mul(&t, &p->yz, &v);
    sm2_field_sub(&r->x, &r->x, &t);
    sm2_field_mul(&r->y, &plus, &minus);
    sm2_field_mul(&t, &w, &v);
    sm2_field_add(&r->y, &r->y, &t);
    sm2_field_mul(&r->z, &p->yz, &minus);
    sm2_field_mul(&t, &p->xy, &w);
    sm2_field_add(&r->z, &r->z, &t);
}

/* r = (a1 + b1) (a2 + b2) - aa - bb = a1 b2 + a2 b1 */
static void cross(struct sm2_num *r, const struct sm2_num *a1, const struct sm2_num *b1,
                  const struct sm2_num *a2, const struct sm2_num *b2, const struct sm2_num *aa,
                  const struct sm2_num *bb) {
    struct sm2_num t, u;
    sm2_field_add(&t, a1, b1);
    sm2_field_add(&u, a2, b2);
    sm2_field_mul(&t, &t, &u);
    sm2_field_add(&u, aa, bb);
    sm2_field_sub(r, &t, &u);
}

void sm2_point_add(struct sm2_point *r, const struct sm2_point *a, const struct sm2_point *b) {
    struct products p;
    sm2_field_mul(&p.xx, &a->x, &b->x);
    sm2_field_mul(&p.yy, &a->y, &b->y);
    sm2_field_mul(&p.zz, &a->z, &b->z);
    cross(&p.xy, &a->x, &a->y, &b->x, &b->y, &p.xx, &p.yy);
    cross(&p.yz, &a->y, &a->z, &b->y, &b->z, &p.yy, &p.zz);
    cross(&p.xz, &a->x, &a->z, &b->x, &b->z, &p.xx, &p.zz);
    combine(r, &p);
}

void sm2_point_add_affine(struct sm2_point *r, const struct sm2_point *a,
                          const struct sm2_affine *b) {
    struct products p;
    sm2_field_mul(&p.xx, &a->x, &b->x);
    sm2_field_mul(&p.yy, &a->y, &b->y);
    p.zz = a->z;
    cross(&p.xy, &a->x, &a->y, &b->x, &b->y, &p.xx, &p.yy);
    sm2_field_mul(&p.yz, &b->y, &a->z);
    sm2_field_add(&p.yz, &p.yz, &a->y);
    sm2_field_mul(&p.xz, &b->x, &a->z);
    sm2_field_add(&p.xz, &p.xz, &a->x);
    combine(r, &p);
}

/* ---- recoding ---- */

/* The odd one of k and n - k; the mask says whether the result must be negated. */
static sm2_limb make_odd(struct sm2_num *odd, const struct sm2_num *k) {
    struct sm2_num other;
    sm2_limb even = sm2_mask((k->v[0] & 1) ^ 1);
    (void)sm2_num_sub(&other, &sm2_n, k);
    *odd = *k;
    sm2_num_choose(odd, &other, even);
    bytes_wipe(&other, sizeof other);
    return even;
}

/* Sign i of the recoding with L signs, as 1 for + and 0 for -. */
static uint32_t sign_at(const struct sm2_num *odd, unsigned i, unsigned length) {
    if (i == length - 1)
        return 1;
    return i + 1 < 256 ? (uint32_t)sm2_num_bit(odd, i + 1) : 0;
}

/* All ones if a equals b, both below 2^31. */
static sm2_limb equal_mask(uint32_t a, uint32_t b) {
    return sm2_mask(((a ^ b) - 1) >> 31);
}

/* y = -y where mask is ones. */
static void negate_if(struct sm2_num *y, sm2_limb mask) {
    static const struct sm2_num zero = SM2_NUM(0, 0, 0, 0, 0, 0, 0, 0);
    struct sm2_num minus;
    sm2_field_sub(&minus, &zero, y);
    sm2_num_choose(y, &minus, mask);
}

/* ---- k G by a comb ---- */

#define COMB_ROW (SM2_COMB_BLOCKS * SM2_COMB_SPACING)
#define COMB_LENGTH (SM2_COMB_TEETH * COMB_ROW)

/* The table's point for a column of signs; every entry of the block is read. */
static void comb_select(struct sm2_affine *r, const struct sm2_num *odd, unsigned block,
                        unsigned column) {
    uint32_t index = 0;
    for (unsigned j = 0; j < SM2_COMB_TEETH; j++)
        index |= sign_at(odd, j * COMB_ROW + block * SM2_COMB_SPACING + column, COMB_LENGTH) << j;
    uint32_t negative = index >> (SM2_COMB_TEETH - 1) ^ 1;
    index = (index ^ (0 - negative)) & (SM2_COMB_POINTS - 1);
    *r = sm2_comb[block][0];
    for (uint32_t m = 1; m < SM2_COMB_POINTS; m++) {
        sm2_limb mask = equal_mask(m, index);
        sm2_num_choose(&r->x, &sm2_comb[block][m].x, mask);
        sm2_num_choose(&r->y, &sm2_comb[block][m].y, mask);
    }
    negate_if(&r->y, sm2_mask(negative));
}

static void comb_complete(struct sm2_point *r, const struct sm2_num *odd) {
    struct sm2_affine entry;
    comb_select(&entry, odd, 0, SM2_COMB_SPACING - 1);
    *r = (struct sm2_point){entry.x, entry.y, sm2_field_one};
    for (unsigned block = 1; block < SM2_COMB_BLOCKS; block++) {
        comb_select(&entry, odd, block, SM2_COMB_SPACING - 1);
        sm2_point_add_affine(r, r, &entry);
    }
    for (unsigned column = SM2_COMB_SPACING - 1; column-- > 0;) {
        sm2_point_add(r, r, r);
        for (unsigned block = 0; block < SM2_COMB_BLOCKS; block++) {
            comb_select(&entry, odd, block, column);
            sm2_point_add_affine(r, r, &entry);
        }
    }
}

static void comb_jacobian(struct sm2_jacobian *r, const struct sm2_num *odd,
                          const struct sm2_num *blind) {
    struct sm2_affine entry;
    comb_select(&entry, odd, 0, SM2_COMB_SPACING - 1);
    sm2_jacobian_from_affine(r, &entry, blind);
    for (unsigned block = 1; block < SM2_COMB_BLOCKS; block++) {
        comb_select(&entry, odd, block, SM2_COMB_SPACING - 1);
        sm2_jacobian_add_affine(r, r, &entry);
    }
    for (unsigned column = SM2_COMB_SPACING - 1; column-- > 0;) {
        sm2_jacobian_double(r, r);
        for (unsigned block = 0; block < SM2_COMB_BLOCKS; block++) {
            comb_select(&entry, odd, block, column);
            sm2_jacobian_add_affine(r, r, &entry);
        }
    }
    bytes_wipe(&entry, sizeof entry);
}

void sm2_point_base(struct sm2_point *r, const struct sm2_num *k, const struct sm2_num *blind) {
    struct sm2_num odd;
    struct sm2_jacobian product;
    sm2_limb negate = make_odd(&odd, k);
    comb_jacobian(&product, &odd, blind);
    if (sm2_num_is_zero(&product.z) == 0)
        sm2_jacobian_to_point(r, &product);
    else
        comb_complete(r, &odd);
    negate_if(&r->y, negate);
    bytes_wipe(&odd, sizeof odd);
    bytes_wipe(&product, sizeof product);
}

/* ---- k a by windows of four signs ---- */

#define WINDOW 4
#define WINDOW_POINTS (1u << (WINDOW - 1))

/* Digit of a window: its sign, and half its size (it is odd). */
static uint32_t window_digit(const struct sm2_num *odd, unsigned window, uint32_t *negative) {
    uint32_t index = 0;
    for (unsigned j = 0; j < WINDOW; j++)
        index |= sign_at(odd, window * WINDOW + j, 256) << j;
    *negative = index >> (WINDOW - 1) ^ 1;
    return (index ^ (0 - *negative)) & (WINDOW_POINTS - 1);
}

/* The table's point for a window; every entry is read. */
static void window_select(struct sm2_cached *r, const struct sm2_cached table[WINDOW_POINTS],
                          const struct sm2_num *odd, unsigned window) {
    uint32_t negative, index = window_digit(odd, window, &negative);
    *r = table[0];
    for (uint32_t m = 1; m < WINDOW_POINTS; m++) {
        sm2_limb mask = equal_mask(m, index);
        sm2_num_choose(&r->p.x, &table[m].p.x, mask);
        sm2_num_choose(&r->p.y, &table[m].p.y, mask);
        sm2_num_choose(&r->p.z, &table[m].p.z, mask);
        sm2_num_choose(&r->zz, &table[m].zz, mask);
        sm2_num_choose(&r->zzz, &table[m].zzz, mask);
    }
    negate_if(&r->p.y, sm2_mask(negative));
}

/* table[m] = (2 m + 1) a */
static void window_table(struct sm2_cached table[WINDOW_POINTS], const struct sm2_affine *a,
                         const struct sm2_num *blind) {
    struct sm2_cached twice;
    sm2_jacobian_from_affine(&table[0].p, a, blind);
    sm2_cached_fill(&table[0]);
    sm2_jacobian_double(&twice.p, &table[0].p);
    sm2_cached_fill(&twice);
    for (unsigned m = 1; m < WINDOW_POINTS; m++) {
        sm2_jacobian_add(&table[m].p, &table[m - 1].p, &twice);
        sm2_cached_fill(&table[m]);
    }
}

static void window_jacobian(struct sm2_jacobian *r, const struct sm2_num *odd,
                            const struct sm2_affine *a, const struct sm2_num *blind) {
    struct sm2_cached table[WINDOW_POINTS], entry;
    window_table(table, a, blind);
    window_select(&entry, table, odd, 256 / WINDOW - 1);
    *r = entry.p;
    for (unsigned window = 256 / WINDOW - 1; window-- > 0;) {
        for (int i = 0; i < WINDOW; i++)
            sm2_jacobian_double(r, r);
        window_select(&entry, table, odd, window);
        sm2_jacobian_add(r, r, &entry);
    }
    bytes_wipe(table, sizeof table);
    bytes_wipe(&entry, sizeof entry);
}

/* Sign by sign from the top, which is +: r = 2 r + a or 2 r - a. */
static void signs_complete(struct sm2_point *r, const struct sm2_num *odd,
                           const struct sm2_affine *a) {
    *r = (struct sm2_point){a->x, a->y, sm2_field_one};
    for (unsigned i = 255; i-- > 0;) {
        struct sm2_affine entry = *a;
        sm2_point_add(r, r, r);
        negate_if(&entry.y, sm2_mask(sign_at(odd, i, 256) ^ 1));
        sm2_point_add_affine(r, r, &entry);
    }
}

void sm2_point_mul(struct sm2_point *r, const struct sm2_num *k, const struct sm2_affine *a,
                   const struct sm2_num *blind) {
    struct sm2_num odd;
    struct sm2_jacobian product;
    sm2_limb negate = make_odd(&odd, k);
    window_jacobian(&product, &odd, a, blind);
    if (sm2_num_is_zero(&product.z) == 0)
        sm2_jacobian_to_point(r, &product);
    else
        signs_complete(r, &odd, a);
    negate_if(&r->y, negate);
    bytes_wipe(&odd, sizeof odd);
    bytes_wipe(&product, sizeof product);
}
