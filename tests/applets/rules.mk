# Applets that only tests use: tests/applets/NAME/*.c becomes build/applets/test/NAME.cap.
TEST_APPLETS := $(notdir $(patsubst %/,%,$(sort $(dir $(wildcard tests/applets/*/*.c)))))
TEST_CARDS := $(TEST_APPLETS:%=$(BUILD)/applets/test/%.cap) \
    $(patsubst tests/applets/%,$(BUILD)/applets/test/%,$(wildcard tests/applets/*.yaml))
TEST_DEPS += $(TEST_CARDS)
# A single test program that is made has the applets of the day, too.
$(UNIT_BIN): | $(TEST_CARDS)

$(BUILD)/applets/test/%.yaml: tests/applets/%.yaml
	@mkdir -p $(@D)
	@cp $< $@

$(BUILD)/applets/test/%.wasm: $$(sort $$(wildcard tests/applets/%/*.c)) $(SDK_SRC) \
    applets/sdk/sdk.h include/onecard/applet.h applets/rules.mk | $(DEPS)
	@mkdir -p $(@D)
	$(call say,WASM $@)
	$(Q)clang $(APPLET_CFLAGS) -Wno-unused-command-line-argument $(APPLET_LDFLAGS) $(filter %.c,$^) -o $@

# A test finds the applets of its card as they are now.
$(UNIT_BIN): | $(TEST_APPLETS:%=$(BUILD)/applets/test/%.cap) \
    $(patsubst tests/applets/%,$(BUILD)/applets/test/%,$(wildcard tests/applets/*.yaml)) applets

# One source in two packages, written from the table of host calls.
$(BUILD)/applets/test/attack.wasm $(BUILD)/applets/test/attacker.wasm: tests/applets/attack/attack.h \
    src/firewall/calls.def
