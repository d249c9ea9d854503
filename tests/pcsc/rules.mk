# The card in real and stand-in readers. The Python is Debian's own, which has pyscard.
PCSC_PYTHON := /usr/bin/python3
PCSC_FLAGS := -isystem /usr/include/PCSC
PCSC_PROGRAMS := $(BUILD)/pcsc/client $(BUILD)/pcsc/nullcard

CFLAGS_tests_pcsc_client := $(PCSC_FLAGS)
$(BUILD)/pcsc/client: LDLIBS := -lpcsclite
$(BUILD)/pcsc/%: $(BUILD)/obj/tests/pcsc/%.o
	@mkdir -p $(@D)
	$(call say,LD  $@)
	$(Q)$(CC) $(OPT) -o $@ $^ $(LDLIBS)

TEST_DEPS += $(PCSC_PROGRAMS)
TEST_STEPS += '$(PCSC_PYTHON) tests/pcsc/tool.py $(BUILD)' \
              '$(PCSC_PYTHON) tests/pcsc/clients.py $(BUILD)' \
              '$(PCSC_PYTHON) tests/pcsc/insertion.py $(BUILD)' \
              '$(PCSC_PYTHON) tests/pcsc/gp.py $(BUILD)' \
              '$(PCSC_PYTHON) tests/pcsc/gp_clients.py $(BUILD)' \
              '$(PCSC_PYTHON) tests/pcsc/gp_cases.py $(BUILD)' \
              '$(PCSC_PYTHON) tests/pcsc/durability.py $(BUILD)' \
              '$(PCSC_PYTHON) tests/pcsc/make_run.py $(BUILD)'

# The long form of the test of that name: hundreds of kills.
.PHONY: durability
durability: all $(PCSC_PROGRAMS)
	@$(PCSC_PYTHON) tests/pcsc/durability.py $(BUILD) 1000 100

CFLAGS_tests_bench_bench_pcsc := $(PCSC_FLAGS)
LDLIBS_bench_pcsc := -lpcsclite
BENCH_DEPS += $(PCSC_PROGRAMS) $(BUILD)/bench.card
BENCH_STEPS += '$(BUILD)/bench/bench_start $(BUILD)/onecard $(BUILD)/bench.card' \
               '$(PCSC_PYTHON) tests/bench/bench_pcsc.py $(BUILD)'
$(BUILD)/bench.card: $(BUILD)/onecard | applets
	@$(BUILD)/onecard new $@ --force 2>/dev/null
