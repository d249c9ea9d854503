# The model of the store's contents is shared by unit tests and the tear machine.
$(BUILD)/tests/store/test_store: $(call objs,san,tests/tear/model.c)
