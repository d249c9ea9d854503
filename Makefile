# onecard: a multi-application smart-card operating system. "make help" lists the targets.

BUILD ?= build
CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif

WARN := -Wall -Wextra -Werror -Wshadow -Wpointer-arith -Wcast-align -Wstrict-prototypes \
        -Wmissing-prototypes -Wvla -Wundef -Wwrite-strings
CPPFLAGS += -Iinclude -Isrc -D_GNU_SOURCE
CFLAGS_COMMON := -std=c11 $(WARN) -g -MMD -MP
OPT ?= -O2
# Tests may choose the card's random numbers (crypto_random_force); other builds have no way to.
SAN_FLAGS := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
             -DONECARD_REPEATABLE

# make V=1 shows whole commands; otherwise a line for each file.
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1)')

# The card itself: portable, built for the board too. Layers from the bottom up.
CORE_LAYERS := base crypto store vm fs keys secure firewall manager runtime
CORE_SRC := $(foreach l,$(CORE_LAYERS),$(sort $(wildcard src/$(l)/*.c)))
HOST_SRC := $(sort $(wildcard src/port/host/*.c src/transport/*.c))
TOOL_SRC := $(sort $(wildcard tools/onecard/*.c))

MBEDTLS_LIBS := -lmbedcrypto
TOOL_LIBS := -lzip -lyaml $(MBEDTLS_LIBS)

.PHONY: all
all: lib tool applets

.DEFAULT_GOAL := all

# ---- dependencies of the machine: one list, one script ----
DEPS := $(BUILD)/.deps
.PHONY: deps
deps: $(DEPS)
$(DEPS): tools/setup/packages.txt tools/setup/install.sh
	@tools/setup/install.sh
	@mkdir -p $(@D) && touch $@

# ---- objects: one rule per flavour ----
# $(call flavour,dir,compiler,flags)
define flavour
$(BUILD)/$(1)/%.o: %.c | $(DEPS)
	@mkdir -p $$(@D)
	$$(call say,CC  $(1) $$<)
	$(Q)$(2) $$(CPPFLAGS) $(CFLAGS_COMMON) $(3) $$(CFLAGS_$$(subst /,_,$$*)) -c $$< -o $$@
endef
$(eval $(call flavour,obj,$(CC),$(OPT)))
$(eval $(call flavour,san,clang,$(SAN_FLAGS)))
$(eval $(call flavour,fuzz,clang,$(SAN_FLAGS) -fsanitize=fuzzer-no-link -DONECARD_FUZZING))

objs = $(patsubst %.c,$(BUILD)/$(1)/%.o,$(2))

# ---- the library and the tool ----
.PHONY: lib tool
lib: $(BUILD)/libonecard.a
tool: $(BUILD)/onecard
$(BUILD)/libonecard.a: $(call objs,obj,$(CORE_SRC) $(HOST_SRC))
	@rm -f $@
	@echo '  AR  '$@
	@ar rcs $@ $^
$(BUILD)/san/libonecard.a: $(call objs,san,$(CORE_SRC) $(HOST_SRC))
	@rm -f $@
	@echo '  AR  '$@
	@ar rcs $@ $^
$(BUILD)/fuzz/libonecard.a: $(call objs,fuzz,$(CORE_SRC) $(HOST_SRC))
	@rm -f $@
	@echo '  AR  '$@
	@ar rcs $@ $^
$(BUILD)/onecard: $(call objs,obj,$(TOOL_SRC)) $(BUILD)/libonecard.a
	$(call say,LD  $@)
	$(Q)$(CC) $(OPT) -o $@ $^ $(TOOL_LIBS)

# ---- unit tests: every tests/*/test_*.c is one cmocka program, run under ASan and UBSan ----
UNIT_SRC := $(sort $(wildcard tests/*/test_*.c))
UNIT_BIN := $(patsubst tests/%.c,$(BUILD)/tests/%,$(UNIT_SRC))
TEST_SUPPORT := $(sort $(wildcard tests/support/*.c))
CPPFLAGS += -Itests
# What tests share: tests/support, and the tool's parts (making cards from profiles).
$(BUILD)/san/libsupport.a: $(call objs,san,$(TEST_SUPPORT) $(filter-out tools/onecard/main.c,$(TOOL_SRC)))
	@rm -f $@
	@echo '  AR  '$@
	@ar rcs $@ $^
$(BUILD)/tests/%: $(BUILD)/san/tests/%.o $(BUILD)/san/libsupport.a $(BUILD)/san/libonecard.a
	@mkdir -p $(@D)
	$(call say,LD  $@)
	$(Q)clang $(SAN_FLAGS) -o $@ $^ -lcmocka $(TOOL_LIBS) $(LDLIBS_$(notdir $@))

# ---- fuzz targets: every tests/fuzz/fuzz_*.c; seeds in tests/fuzz/corpus/NAME ----
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_BIN := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SRC))
$(BUILD)/fuzz/libsupport.a: $(call objs,fuzz,$(filter-out %/card.c %/attack.c,$(TEST_SUPPORT)) $(filter-out tools/onecard/main.c,$(TOOL_SRC)))
	@rm -f $@
	@echo '  AR  '$@
	@ar rcs $@ $^
$(BUILD)/fuzz/fuzz_%: $(BUILD)/fuzz/tests/fuzz/fuzz_%.o $(BUILD)/fuzz/libsupport.a $(BUILD)/fuzz/libonecard.a
	$(call say,LD  $@)
	$(Q)clang $(SAN_FLAGS) -fsanitize=fuzzer -o $@ $^ $(TOOL_LIBS)

# ---- benchmarks: every tests/bench/bench_*.c ----
BENCH_SRC := $(sort $(wildcard tests/bench/bench_*.c))
BENCH_BIN := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(BENCH_SRC))
$(BUILD)/obj/libsupport.a: $(call objs,obj,$(filter-out %/card.c %/attack.c,$(TEST_SUPPORT)) $(filter-out tools/onecard/main.c,$(TOOL_SRC)))
	@rm -f $@
	@echo '  AR  '$@
	@ar rcs $@ $^
$(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(BUILD)/obj/libsupport.a $(BUILD)/libonecard.a
	@mkdir -p $(@D)
	$(call say,LD  $@)
	$(Q)$(CC) $(OPT) -o $@ $^ $(TOOL_LIBS) $(LDLIBS_$(notdir $@))

# Each area adds its own rules, test steps (TEST_STEPS) and bench steps (BENCH_STEPS).
TEST_STEPS :=
TEST_DEPS :=
BENCH_STEPS :=
BENCH_DEPS :=
.PHONY: applets
include $(sort $(wildcard applets/rules.mk src/*/rules.mk tests/*/rules.mk tools/*/rules.mk))

.PHONY: test
test: $(DEPS)
	@$(MAKE) --no-print-directory test-run
.PHONY: test-run
test-run: all $(UNIT_BIN) $(FUZZ_BIN) $(TEST_DEPS)
	@BUILD_DIR=$(BUILD) python3 tests/run.py $(UNIT_BIN) $(TEST_STEPS) $(addprefix fuzz:,$(FUZZ_BIN))

.PHONY: bench
bench: $(DEPS)
	@$(MAKE) --no-print-directory bench-run
.PHONY: bench-run
bench-run: all $(BENCH_BIN) $(BENCH_DEPS)
	@set -e; for step in $(BENCH_STEPS); do $$step; done

.PHONY: clean
clean:
	rm -rf $(BUILD)

# Compiler-written dependencies.
-include $(shell find $(BUILD) -type f -name '*.d' 2>/dev/null)
