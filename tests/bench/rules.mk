# Benchmarks of the card in process; others stand with what they measure.
BENCH_DEPS += $(BUILD)/applets/test/hello.yaml
BENCH_STEPS += '$(BUILD)/bench/bench_card $(BUILD)/applets/test/hello.yaml'
BENCH_STEPS += $(BUILD)/bench/bench_door
BENCH_DEPS += $(BUILD)/applets/test/transit.yaml
BENCH_STEPS += '$(BUILD)/bench/bench_purse $(BUILD)/applets/test/transit.yaml $(BUILD)/bench_purse.img'
BENCH_STEPS += '$(BUILD)/bench/bench_many $(BUILD)/applets/demo.yaml'
LDLIBS_bench_secure := -lcrypto
BENCH_STEPS += $(BUILD)/bench/bench_secure

# What the store reads of flash: a build of the core in which every load calls a counter. Copies and
# comparisons go to counting ones by name, and the compiler makes none of its own from loops; it
# must not join loads into wider ones than there are callbacks for either.
READS_FLAGS := -O1 -fno-builtin -fno-vectorize -fno-slp-vectorize -fsanitize-coverage=func,trace-loads \
               -Dmemcpy=watch_memcpy -Dmemmove=watch_memmove -Dmemcmp=watch_memcmp
$(eval $(call flavour,reads,clang,$(READS_FLAGS)))
READS_OBJ := $(call objs,reads,$(foreach l,base crypto store,$(wildcard src/$(l)/*.c))) \
             $(call objs,obj,$(wildcard tests/bench/reads/*.c src/port/host/*.c))
$(BUILD)/bench/store_reads: $(READS_OBJ)
	@mkdir -p $(@D)
	$(call say,LD  $@)
	$(Q)clang -O1 -o $@ $^ $(MBEDTLS_LIBS)
BENCH_DEPS += $(BUILD)/bench/store_reads
