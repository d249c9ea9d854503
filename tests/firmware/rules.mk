# make firmware: the portable core as a library for Cortex-M4, with its sizes. Part of make test, so
# that the core stays portable.
ARM_CC ?= arm-none-eabi-gcc
FW := $(BUILD)/firmware
FW_FLAGS := -mcpu=cortex-m4 -mthumb -Os -ffunction-sections -fdata-sections \
            -DMBEDTLS_CONFIG_FILE='"port/mbedtls_board.h"'
FW_OBJ := $(patsubst %.c,$(FW)/%.o,$(CORE_SRC))

# mbedtls's headers alone; the rest of /usr/include belongs to the host.
$(FW)/include/mbedtls: | $(DEPS)
	@mkdir -p $(@D)
	ln -sfn /usr/include/mbedtls $@

$(FW)/%.o: %.c $(FW)/include/mbedtls | $(DEPS)
	@mkdir -p $(@D)
	$(call say,ARM $<)
	$(Q)$(ARM_CC) -Iinclude -Isrc -isystem $(FW)/include -std=c11 $(WARN) -g -MMD -MP $(FW_FLAGS) -c $< -o $@

$(FW)/libonecard.a: $(FW_OBJ)
	@rm -f $@
	arm-none-eabi-ar rcs $@ $^

.PHONY: firmware
firmware: $(FW)/libonecard.a
	@python3 tests/firmware/sizes.py $(FW) $(CORE_LAYERS)

TEST_DEPS += $(FW)/libonecard.a
TEST_STEPS += 'python3 tests/firmware/sizes.py $(FW) $(CORE_LAYERS)'
