/* Inside src/crypto: the group in Jacobian coordinates, x = X / Z^2 and y = Y / Z^3, infinite if Z
 * is 0. These formulas take fewer products than the complete ones, and run in constant time too,
 * but a sum of equal or opposite points, or with an infinite one, comes out with Z = 0. That Z
 * stays 0 through all further sums and doublings: whoever may have met such a sum looks at the end.
 */
#ifndef CRYPTO_SM2_JACOBIAN_H
#define CRYPTO_SM2_JACOBIAN_H

#include "crypto/sm2_point.h"

struct sm2_jacobian {
    struct sm2_num x, y, z;
};

/* A point that is added often, with Z^2 and Z^3. */
struct sm2_cached {
    struct sm2_jacobian p;
    struct sm2_num zz, zzz;
};

void sm2_cached_fill(struct sm2_cached *c); /* zz and zzz from p */

/* Right for all points. */
void sm2_jacobian_double(struct sm2_jacobian *r, const struct sm2_jacobian *a);
/* Z = 0 in the special cases; then X is 0 too if the points were equal. r may be a. */
void sm2_jacobian_add(struct sm2_jacobian *r, const struct sm2_jacobian *a,
                      const struct sm2_cached *b);
void sm2_jacobian_add_affine(struct sm2_jacobian *r, const struct sm2_jacobian *a,
                             const struct sm2_affine *b);
/* r = a with coordinates scaled by blind, which is not 0. */
void sm2_jacobian_from_affine(struct sm2_jacobian *r, const struct sm2_affine *a,
                              const struct sm2_num *blind);
/* The same point in the coordinates of sm2_point.h; a is not infinite. */
void sm2_jacobian_to_point(struct sm2_point *r, const struct sm2_jacobian *a);

#endif
