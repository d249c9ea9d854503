# Applets: every applets/NAME/*.c with the SDK becomes build/applets/NAME.wasm, and from that a CAP
# file. What is in the CAP (AIDs, version) the source says itself, with CARD_PACKAGE.
APPLETS := $(filter-out sdk,$(notdir $(patsubst %/,%,$(sort $(dir $(wildcard applets/*/*.c))))))
SDK_SRC := $(sort $(wildcard applets/sdk/*.c))

APPLET_CFLAGS := --target=wasm32 -mcpu=mvp -mbulk-memory -std=c11 -Os -nostdlib -fno-builtin -Wall \
    -Wextra -Werror -Iinclude -Iapplets/sdk
APPLET_LDFLAGS := -Wl,--no-entry -Wl,-z,stack-size=2048 -Wl,--stack-first -Wl,--strip-all \
    -Wl,--max-memory=65536 -Wl,--export=__heap_base -Wl,--gc-sections

applets: $(APPLETS:%=$(BUILD)/applets/%.cap)

$(BUILD)/applets/%.cap: $(BUILD)/applets/%.wasm $(BUILD)/onecard
	$(call say,CAP $@)
	$(Q)$(BUILD)/onecard cap make $< $@

.SECONDARY:
.SECONDEXPANSION:
$(BUILD)/applets/%.wasm: $$(sort $$(wildcard applets/%/*.c applets/%/*.h)) $(SDK_SRC) \
    applets/sdk/sdk.h include/onecard/applet.h applets/rules.mk | $(DEPS)
	@mkdir -p $(@D)
	$(call say,WASM $@)
	$(Q)clang $(APPLET_CFLAGS) -Iapplets/$* $(APPLET_LDFLAGS) $(filter %.c,$^) -o $@

# The demo profile goes where "onecard new" looks for it.
applets: $(BUILD)/applets/demo.yaml
$(BUILD)/applets/demo.yaml: applets/demo.yaml
	@mkdir -p $(@D)
	cp $< $@
