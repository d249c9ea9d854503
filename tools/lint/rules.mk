# make lint: the formatter, clang-tidy, and the rules of the house (layers.py, also in make test).
FORMAT_SRC := $(shell find src include tools tests applets -name '*.[ch]' ! -name '*_gen.h' 2>/dev/null)
# What lies deeper in tests is WebAssembly or for boards: the host's headers are wrong there.
TIDY_SRC := $(sort $(CORE_SRC) $(HOST_SRC) $(TOOL_SRC) $(wildcard tests/*/*.c))
TIDY_DONE := $(patsubst %.c,$(BUILD)/tidy/%.ok,$(TIDY_SRC))

.PHONY: lint lint-format lint-tidy lint-layers
lint: lint-format lint-tidy lint-layers

lint-format: $(DEPS)
	@clang-format --dry-run --Werror $(FORMAT_SRC)
	@echo "format: $(words $(FORMAT_SRC)) files"

lint-tidy: $(TIDY_DONE)
	@echo "clang-tidy: $(words $(TIDY_SRC)) files"
# A file about which something was said is looked at again the next time.
$(BUILD)/tidy/%.ok: %.c .clang-tidy | $(DEPS)
	@mkdir -p $(@D)
	$(call say,TIDY $<)
	@clang-tidy --quiet $< -- $(CPPFLAGS) -DONECARD_REPEATABLE \
	    $(CFLAGS_$(subst /,_,$*)) -std=c11 2>$@.err >$@.out || { cat $@.out $@.err; exit 1; }
	@cat $@.out; test -s $@.out || touch $@

lint-layers: lib
	@tools/lint/layers.py $(BUILD)/obj/src

TEST_STEPS += 'tools/lint/layers.py $(BUILD)/obj/src'
