/* The board's configuration with the self tests, which print. */
#define MBEDTLS_SELF_TEST
#define MBEDTLS_PLATFORM_C
#include "port/mbedtls_board.h"
