/* The same tests with 32-bit limbs, as on boards. */
#define SM2_LIMB_32
#define CASES 1000
#include "../../src/crypto/sm2_field.c"
#include "../../src/crypto/sm2_jacobian.c"
#include "../../src/crypto/sm2_joint.c"
#include "../../src/crypto/sm2_point.c"
#include "../../src/crypto/sm2_scalar.c"
#include "../../src/crypto/sm2_table.c"

#include "test_crypto_sm2_math.c"
