# The tests of src/crypto compare with OpenSSL 3.
LDLIBS_test_crypto_cipher := -lcrypto
LDLIBS_test_crypto_mac := -lcrypto
LDLIBS_test_crypto_digest := -lcrypto
LDLIBS_test_crypto_sm2_math := -lcrypto
LDLIBS_test_crypto_sm2_limb32 := -lcrypto
LDLIBS_test_crypto_sm2 := -lcrypto
LDLIBS_test_crypto_rsa := -lcrypto
LDLIBS_test_crypto_p256 := -lcrypto
