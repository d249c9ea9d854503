# Content commands on flash that loses power.
$(BUILD)/tests/manager/test_content_torn: $(call objs,san,tests/tear/flash.c)
# Secure channels: the host's side is on OpenSSL (tests/support/gp_host.c).
LDLIBS_test_scp := -lcrypto
LDLIBS_test_issued := -lcrypto
LDLIBS_test_domains := -lcrypto
LDLIBS_test_policy := -lcrypto
LDLIBS_test_extended := -lcrypto
LDLIBS_test_search := -lcrypto
LDLIBS_test_combined := -lcrypto
LDLIBS_test_rename := -lcrypto
LDLIBS_test_sessions := -lcrypto
LDLIBS_test_pieces := -lcrypto
LDLIBS_test_defences := -lcrypto
