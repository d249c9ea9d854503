# Try counters on flash that loses power.
$(BUILD)/tests/keys/test_tries_torn: $(call objs,san,tests/tear/flash.c)
