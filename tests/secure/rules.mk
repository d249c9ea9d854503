# The other side of secure messaging and certificates is OpenSSL.
LDLIBS_test_sm := -lcrypto
LDLIBS_test_sm_applet := -lcrypto
LDLIBS_test_cert := -lcrypto
LDLIBS_test_cert_emv := -lcrypto
LDLIBS_test_cert_applet := -lcrypto
LDLIBS_test_cert_torn := -lcrypto
# Certificates on flash that loses power.
$(BUILD)/tests/secure/test_cert_torn: $(call objs,san,tests/tear/flash.c)
