# The purse on flash that loses power.
$(BUILD)/tests/transit/test_transit_torn: $(call objs,san,tests/tear/flash.c)
