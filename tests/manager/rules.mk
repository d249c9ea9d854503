# Content commands on flash that loses power.
$(BUILD)/tests/manager/test_content_torn: $(call objs,san,tests/tear/flash.c)
