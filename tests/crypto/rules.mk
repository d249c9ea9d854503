# The tests of src/crypto compare with OpenSSL 3.
LDLIBS_test_crypto_cipher := -lcrypto
LDLIBS_test_crypto_mac := -lcrypto
LDLIBS_test_crypto_digest := -lcrypto
LDLIBS_test_crypto_sm2_math := -lcrypto
LDLIBS_test_crypto_sm2_limb32 := -lcrypto
LDLIBS_test_crypto_sm2 := -lcrypto
LDLIBS_test_crypto_rsa := -lcrypto
LDLIBS_test_crypto_p256 := -lcrypto
LDLIBS_bench_crypto := -lcrypto

# make bench-crypto: operations per second beside mbedtls and OpenSSL.
.PHONY: bench-crypto
bench-crypto: $(BUILD)/bench/bench_crypto
	@$<

# make timing: does anything's time depend on a secret? TIMING_SECONDS for each primitive.
TIMING_SECONDS ?= 4
.PHONY: timing
timing: $(BUILD)/timing_crypto
	@$< $(TIMING_SECONDS)
$(BUILD)/timing_crypto: $(BUILD)/obj/tests/crypto/timing_crypto.o $(BUILD)/libonecard.a
	$(CC) $(OPT) -o $@ $^ $(MBEDTLS_LIBS) -lm
