# The model of the store's contents is shared by unit tests and the tear machine.
$(BUILD)/tests/store/test_store: $(call objs,san,tests/tear/model.c)

# The tear machine on the store alone: a short dose in "make test", a long one in "make tear".
# TEAR_SECONDS and TEAR_SEED choose another dose; several seeds may run at once.
TEAR_SECONDS ?= 120
TEAR_SEED ?= 1
TEAR_STORE_SRC := tests/tear/tear_store.c tests/tear/model.c tests/tear/flash.c
$(BUILD)/tear/tear_store: $(call objs,obj,$(TEAR_STORE_SRC)) $(BUILD)/libonecard.a
	@mkdir -p $(@D)
	$(call say,LD  $@)
	$(Q)$(CC) $(OPT) -o $@ $^ $(TOOL_LIBS)
$(BUILD)/tear/tear_store_san: $(call objs,san,$(TEAR_STORE_SRC)) $(BUILD)/san/libonecard.a
	@mkdir -p $(@D)
	$(call say,LD  $@)
	$(Q)clang $(SAN_FLAGS) -o $@ $^ $(TOOL_LIBS)

.PHONY: tear
tear: $(BUILD)/tear/tear_store
	@$(BUILD)/tear/tear_store $(TEAR_SECONDS) $(TEAR_SEED)

.PHONY: bench-store
bench-store: $(BUILD)/bench/bench_store $(BUILD)/bench/store_reads
	@$(BUILD)/bench/bench_store $(BUILD)
	@$(BUILD)/bench/store_reads

TEST_DEPS += $(BUILD)/tear/tear_store $(BUILD)/tear/tear_store_san
TEST_STEPS += '$(BUILD)/tear/tear_store 20 1000 --summary' \
              '$(BUILD)/tear/tear_store_san 20 2000 --summary'

# The whole card: every operation of every command of the scenarios in "make tear", one in so many in
# "make test".
TEAR_CARD_OBJ := $(call objs,obj,tests/tear/tear_card.c tests/tear/flash.c)
$(BUILD)/tear/tear_card: $(TEAR_CARD_OBJ) $(BUILD)/obj/libsupport.a $(BUILD)/libonecard.a
	@mkdir -p $(@D)
	$(call say,LD  $@)
	$(Q)$(CC) $(OPT) -o $@ $^ $(TOOL_LIBS)

TEAR_PROFILES := $(BUILD)/applets/test/hello.yaml $(BUILD)/applets/test/transit.yaml
.PHONY: tear-card
tear: tear-card
tear-card: applets $(TEAR_PROFILES) $(BUILD)/tear/tear_card
	@$(BUILD)/tear/tear_card $(BUILD) 1

TEST_DEPS += $(BUILD)/tear/tear_card $(TEAR_PROFILES)
TEST_STEPS += '$(BUILD)/tear/tear_card $(BUILD) 16 --summary'
BENCH_STEPS += '$(BUILD)/bench/bench_store $(BUILD)' $(BUILD)/bench/store_reads
