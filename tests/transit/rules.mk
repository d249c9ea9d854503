# The purse on flash that loses power.
$(BUILD)/tests/transit/test_transit_torn: $(call objs,san,tests/tear/flash.c)

# The demo card in a reader.
TEST_STEPS += '$(PCSC_PYTHON) tests/transit/readers.py $(BUILD)'
