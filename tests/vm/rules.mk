# The VM's tests: the WebAssembly suite, our own .wast files, handlers as generated.
VM_OUT := $(BUILD)/vm
VM_SRC := $(sort $(wildcard src/vm/*.c))
SUITE_SHA := 82f008d7f63264b82ba4c4ea05afca30e1a77990e32e514e1c3c34a2e187cdf2

# Tests of proposals that the card refuses as a whole, of 64-bit memories, of floating point alone, and
# of the text parser of the package they come from.
SUITE_FOREIGN := %.fail.wast %64.wast simd.wast array.wast atomics.wast br_on_null.wast call_ref.wast \
    call_indirect_refnull.wast exception-handling.wast i31.wast ref_%.wast struct.wast tags.wast tuples.wast \
    multivalue.wast f32.wast f64.wast f32_%.wast f64_%.wast float_memory.wast

$(VM_OUT)/binaryen/unpacked: tests/vm/fetch.sh | $(DEPS)
	@mkdir -p $(@D)
	$(Q)tests/vm/fetch.sh binaryen 108-1 $(SUITE_SHA) $(@D) test/spec

$(VM_OUT)/suite/scripts: $(VM_OUT)/binaryen/unpacked tests/vm/suite.py $(wildcard tests/vm/*.wast)
	@rm -rf $(@D)
	$(Q)python3 tests/vm/suite.py $(@D) '$(SUITE_FOREIGN)' $(VM_OUT)/binaryen/source/test/spec tests/vm

$(VM_OUT)/suite_runner: $(call objs,san,tests/vm/suite_runner.c $(VM_SRC))
	@mkdir -p $(@D)
	$(Q)clang $(SAN_FLAGS) -o $@ $^

$(VM_OUT)/ops_same: src/vm/gen_ops.py src/vm/ops_gen.h src/vm/run_gen.h | $(DEPS)
	@mkdir -p $(VM_OUT)/gen
	$(Q)python3 src/vm/gen_ops.py $(VM_OUT)/gen
	$(Q)cmp $(VM_OUT)/gen/ops_gen.h src/vm/ops_gen.h && cmp $(VM_OUT)/gen/run_gen.h src/vm/run_gen.h
	@touch $@

.PHONY: test-vm
test-vm: $(VM_OUT)/suite_runner $(VM_OUT)/suite/scripts
	@$(VM_OUT)/suite_runner $(VM_OUT)/suite

# Says for each file of the suite what ran, passed and was left out, and why; the step of make test
# counts and judges.
.PHONY: vm-suite-report
vm-suite-report: $(VM_OUT)/suite_runner $(VM_OUT)/suite/scripts
	@echo "The WebAssembly suite, file by file:"
	@$(VM_OUT)/suite_runner $(VM_OUT)/suite || true

TEST_DEPS += vm-suite-report $(VM_OUT)/ops_same
TEST_STEPS += '$(VM_OUT)/suite_runner $(VM_OUT)/suite'

# ---- make bench-vm ----
KERNELS := crc32 sm4 tdes tlv sort sha256 calls mix
KERNEL_TIMES := 100
KERNEL_WASM := clang --target=wasm32 -mcpu=mvp -O2 -nostdlib -fno-builtin -Wl,--no-entry -Wl,-z,stack-size=2048 \
    -Wl,--stack-first -Wl,--strip-all -Wl,--max-memory=65536 -Wl,--export=__heap_base
KERNEL_SRC := tests/bench/vm/kernels.c tests/bench/vm/kernels.h
BVM := $(BUILD)/bench/vm
$(BVM)/kernels.wasm $(BVM)/caller.wasm: $(BVM)/%.wasm: tests/bench/vm/%.c tests/bench/vm/kernels.h | $(DEPS)
	@mkdir -p $(@D)
	$(Q)$(KERNEL_WASM) $< -o $@
$(BVM)/alone_%.wasm: $(KERNEL_SRC) tests/vm/rules.mk | $(DEPS)
	@mkdir -p $(@D)
	$(Q)$(KERNEL_WASM) -DKERNEL_ALONE=kernel_$* -DKERNEL_TIMES=$(KERNEL_TIMES) $< -o $@
$(BVM)/kernels_w2c.c: $(BVM)/kernels.wasm
	$(Q)wasm2c $< -o $@
$(BVM)/%_w2c.o: $(BVM)/%_w2c.c tests/bench/vm/w2c.c
	$(Q)$(CC) -O2 -w -I$(BVM) -c $< -o $@
$(BVM)/w2c.o: tests/bench/vm/w2c.c $(BVM)/kernels_w2c.c
	$(Q)$(CC) -O2 -w -I$(BVM) -c $< -o $@
$(BVM)/wasm-rt-impl.o: | $(DEPS)
	@mkdir -p $(@D)
	$(Q)$(CC) -O2 -w -I/usr/share/wabt/wasm2c -c /usr/share/wabt/wasm2c/wasm-rt-impl.c -o $@

CFLAGS_tests_bench_bench_vm = -DKERNEL_TIMES=$(KERNEL_TIMES)
LDLIBS_bench_vm := -lm
$(BUILD)/obj/tests/bench/bench_vm.o: tests/vm/rules.mk
$(BUILD)/bench/bench_vm: $(BUILD)/obj/tests/bench/vm/kernels.o $(BVM)/w2c.o $(BVM)/kernels_w2c.o $(BVM)/wasm-rt-impl.o

# ---- first boot: the suite, mbedtls's self tests and the kernels on a Cortex-M4 in QEMU ----
MBEDTLS_SHA := a8bf91b5ffb40654efb0ebe0c962ac1e87b8eed5e104880982eaa70dd4bb33e3
BOOT := $(BUILD)/boot
# Whatever the board's configuration may want; a file for what it does not want is empty.
BOOT_MBEDTLS := aes asn1parse asn1write bignum ccm cipher cipher_wrap cmac constant_time ctr_drbg des ecdh ecdsa ecp \
    ecp_curves entropy error gcm hkdf hmac_drbg md md5 memory_buffer_alloc nist_kw oid pk pk_wrap platform \
    platform_util rsa rsa_internal sha1 sha256 sha512
BOOT_FLAGS := -mcpu=cortex-m4 -mthumb -ffunction-sections -fdata-sections -std=c11 -g -Iinclude -Isrc -Itests \
    -I$(VM_OUT)/mbedtls/source/include -DMBEDTLS_CONFIG_FILE='"firmware/mbedtls_self_test.h"'
BOOT_OBJ := $(BOOT_MBEDTLS:%=$(BOOT)/mbedtls/%.o) \
    $(patsubst %.c,$(BOOT)/%.o,$(VM_SRC) src/port/qemu/start.c tests/firmware/first_boot.c tests/vm/suite_runner.c \
    tests/bench/vm/kernels.c)

$(VM_OUT)/mbedtls/unpacked: tests/vm/fetch.sh | $(DEPS)
	@mkdir -p $(@D)
	$(Q)tests/vm/fetch.sh mbedtls 2.28.3-1 $(MBEDTLS_SHA) $(@D) include library

$(BOOT)/mbedtls/%.o: $(VM_OUT)/mbedtls/unpacked tests/firmware/mbedtls_self_test.h src/port/mbedtls_board.h
	@mkdir -p $(@D)
	$(Q)$(ARM_CC) $(BOOT_FLAGS) -Os -w -c $(VM_OUT)/mbedtls/source/library/$*.c -o $@
# the native kernels are compiled for speed, the engine as it will be on a board
BOOT_OPT = $(if $(findstring kernels,$*),-O2,-Os)
$(BOOT)/%.o: %.c $(VM_OUT)/mbedtls/unpacked
	@mkdir -p $(@D)
	$(Q)$(ARM_CC) $(BOOT_FLAGS) $(BOOT_OPT) $(WARN) -MMD -MP \
	    $(if $(findstring suite_runner,$*),-Dmain=suite_main -DMEMORY_MAX='(2u << 20)' -Wno-missing-prototypes) \
	    -c $< -o $@
$(BOOT)/first_boot.elf: $(BOOT_OBJ) src/port/qemu/qemu.ld
	$(Q)$(ARM_CC) -mcpu=cortex-m4 -mthumb -nostartfiles --specs=rdimon.specs -Wl,--gc-sections \
	    -Wl,--no-warn-rwx-segments -T src/port/qemu/qemu.ld $(BOOT_OBJ) -o $@

# Wasm instructions a round of each kernel, by wabt's trace: the second round less the first.
$(BOOT)/kernels.counts: tests/vm/count.py $(KERNEL_SRC) | $(DEPS)
	@mkdir -p $(@D)
	$(Q)python3 tests/vm/count.py $@ "$(KERNEL_WASM)" tests/bench/vm/kernels.c $(KERNELS)

$(BOOT)/kernels.image: $(BVM)/kernels.wasm $(VM_OUT)/diff_runner
	@mkdir -p $(@D)
	$(Q)$(VM_OUT)/diff_runner --image $< $@ $(BOOT)/kernels.fuel

BOOT_FILES := $(BOOT)/first_boot.elf $(BVM)/kernels.wasm $(BOOT)/kernels.counts $(BOOT)/kernels.image
.PHONY: first-boot
first-boot: $(BOOT_FILES) $(VM_OUT)/suite/scripts
	@tests/vm/first_boot.sh $(BOOT) $(VM_OUT)/suite $(BVM)/kernels.wasm
TEST_DEPS += $(BOOT_FILES)
TEST_STEPS += 'tests/vm/first_boot.sh $(BOOT) $(VM_OUT)/suite $(BVM)/kernels.wasm'

.PHONY: bench-vm
bench-vm: $(BUILD)/bench/bench_vm $(BVM)/kernels.wasm $(BVM)/caller.wasm $(KERNELS:%=$(BVM)/alone_%.wasm) \
    $(call objs,obj,$(VM_SRC)) $(patsubst %.c,$(BUILD)/firmware/%.o,$(VM_SRC)) $(BOOT_FILES) $(VM_OUT)/suite/scripts
	@$(BUILD)/bench/bench_vm $(BVM)
	@python3 tests/vm/sizes.py "x86-64, -O2" $(call objs,obj,$(VM_SRC))
	@python3 tests/vm/sizes.py "Cortex-M4, -Os" $(patsubst %.c,$(BUILD)/firmware/%.o,$(VM_SRC))
	@echo "on a Cortex-M4, for each round of:"
	@tests/vm/first_boot.sh $(BOOT) $(VM_OUT)/suite $(BVM)/kernels.wasm | grep -E "^kernel_|Wasm instruction"

# ---- random modules, here and in another engine ----
$(VM_OUT)/diff_runner: $(call objs,san,tests/vm/diff_runner.c $(VM_SRC))
	@mkdir -p $(@D)
	$(Q)clang $(SAN_FLAGS) -o $@ $^
DIFF_COUNT ?= 400
DIFF_SEED ?= 1
TEST_DEPS += $(VM_OUT)/diff_runner
TEST_STEPS += 'python3 tests/vm/diff.py $(VM_OUT)/diff_runner $(VM_OUT)/diff $(DIFF_COUNT) $(DIFF_SEED)'
