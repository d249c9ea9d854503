# The tests of src/crypto compare with OpenSSL 3.
LDLIBS_test_crypto_cipher := -lcrypto
LDLIBS_test_crypto_mac := -lcrypto
LDLIBS_test_crypto_sm4_table := -lcrypto
LDLIBS_test_crypto_aes_mbedtls := -lcrypto
LDLIBS_test_crypto_digest := -lcrypto
LDLIBS_test_crypto_sm2_math := -lcrypto
LDLIBS_test_crypto_sm2_limb32 := -lcrypto
LDLIBS_test_crypto_sm2 := -lcrypto
LDLIBS_test_crypto_rsa := -lcrypto
LDLIBS_test_crypto_p256 := -lcrypto
LDLIBS_test_crypto_pk := -lcrypto
LDLIBS_test_crypto_rsa_math := -lcrypto
LDLIBS_bench_crypto := -lcrypto

# What tests may do to the generator, a product build has no way to: no such symbol is in it.
TEST_STEPS += 'sh tests/crypto/not_repeatable.sh $(BUILD)'

# make differential: RSA and P-256 beside OpenSSL, thousands of random cases each. The other
# algorithms have hundreds to thousands in make test.
CRYPTO_TIMES ?= 40
.PHONY: differential
differential: $(BUILD)/tests/crypto/test_crypto_rsa $(BUILD)/tests/crypto/test_crypto_pk $(BUILD)/tests/crypto/test_crypto_p256
	@set -e; for test in $^; do CRYPTO_TIMES=$(CRYPTO_TIMES) $$test; done

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

# The same on a board: instructions, counted by QEMU.
CRYPTO_BOARD_SRC := tests/crypto/board/board_bench.c $(wildcard src/crypto/sm2*.c) \
    src/crypto/sm3.c src/crypto/sm4_plain.c src/crypto/rsa_math.c src/crypto/rsa_private.c src/base/bytes.c
$(BUILD)/bench/board_bench.elf: $(CRYPTO_BOARD_SRC) $(wildcard src/crypto/*.h) \
    tests/crypto/board/board.ld $(BUILD)/firmware/include/mbedtls
	@mkdir -p $(@D)
	$(ARM_CC) $(FW_FLAGS) -std=c11 $(WARN) -Iinclude -Isrc -Itests -isystem $(BUILD)/firmware/include \
	    --specs=nano.specs -nostartfiles -Wl,--gc-sections -T tests/crypto/board/board.ld \
	    $(CRYPTO_BOARD_SRC) -o $@
.PHONY: bench-crypto-board
bench-crypto-board: $(BUILD)/bench/board_bench.elf
	@timeout 60 qemu-system-arm -M mps2-an386 -nographic -semihosting -icount shift=0 -kernel $< </dev/null
bench-crypto: bench-crypto-board
