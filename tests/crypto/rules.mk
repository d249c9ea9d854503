# The tests of src/crypto compare with OpenSSL 3.
LDLIBS_test_crypto_cipher := -lcrypto
LDLIBS_test_crypto_mac := -lcrypto
LDLIBS_test_crypto_digest := -lcrypto
