# The power fails within a shared call: on the tear machine's flash.
$(BUILD)/tests/runtime/test_share_torn: $(call objs,san,tests/tear/flash.c)

# A shared call, and the door.
BENCH_DEPS += $(BUILD)/applets/test/peer.yaml $(BUILD)/applets/test/peer.cap
BENCH_STEPS += '$(BUILD)/bench/bench_share $(BUILD)/applets/test/peer.yaml'
