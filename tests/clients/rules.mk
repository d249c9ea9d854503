# Clients of others, as Debian packs them for newer releases: fetched, not installed. Not part of
# "make test", which is not to depend on what is newest today.
.PHONY: test-clients
test-clients: $(DEPS)
	@$(MAKE) --no-print-directory test-clients-run
.PHONY: test-clients-run
test-clients-run: all
	@$(PCSC_PYTHON) tests/clients/gpshell.py $(BUILD)
