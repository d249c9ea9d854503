# The VM's tests: the WebAssembly suite, our own .wast files, handlers as generated.
VM_OUT := $(BUILD)/vm
VM_SRC := $(sort $(wildcard src/vm/*.c))
SUITE_SHA := 82f008d7f63264b82ba4c4ea05afca30e1a77990e32e514e1c3c34a2e187cdf2

# Tests of proposals that the card refuses as a whole, of 64-bit memories, of floating point alone, and
# of the text parser of the package they come from.
SUITE_FOREIGN := %.fail.wast %64.wast simd.wast array.wast atomics.wast br_on_null.wast call_ref.wast \
    call_indirect_refnull.wast exception-handling.wast i31.wast ref_%.wast struct.wast tags.wast tuples.wast \
    multivalue.wast f32%.wast f64%.wast float_%.wast conversions.wast const.wast

$(VM_OUT)/binaryen/unpacked: tests/vm/fetch.sh | $(DEPS)
	@mkdir -p $(@D)
	$(Q)tests/vm/fetch.sh binaryen 108-1 $(SUITE_SHA) $(@D)

$(VM_OUT)/suite/scripts: $(VM_OUT)/binaryen/unpacked tests/vm/suite.py $(wildcard tests/vm/*.wast)
	@rm -rf $(@D)
	$(Q)python3 tests/vm/suite.py $(@D) '$(SUITE_FOREIGN)' $(VM_OUT)/binaryen/binaryen-*/test/spec tests/vm

$(VM_OUT)/suite_runner: $(call objs,san,tests/vm/suite_runner.c $(VM_SRC))
	@mkdir -p $(@D)
	clang $(SAN_FLAGS) -o $@ $^

$(VM_OUT)/ops_same: src/vm/gen_ops.py src/vm/ops_gen.h src/vm/run_gen.h | $(DEPS)
	@mkdir -p $(VM_OUT)/gen
	$(Q)python3 src/vm/gen_ops.py $(VM_OUT)/gen
	$(Q)cmp $(VM_OUT)/gen/ops_gen.h src/vm/ops_gen.h && cmp $(VM_OUT)/gen/run_gen.h src/vm/run_gen.h
	@touch $@

.PHONY: test-vm
test-vm: $(VM_OUT)/suite_runner $(VM_OUT)/suite/scripts
	@$(VM_OUT)/suite_runner $(VM_OUT)/suite

TEST_DEPS += $(VM_OUT)/suite_runner $(VM_OUT)/suite/scripts $(VM_OUT)/ops_same
TEST_STEPS += '$(VM_OUT)/suite_runner $(VM_OUT)/suite'
