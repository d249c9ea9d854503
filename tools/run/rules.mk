# make run: the demo card in a PC/SC reader, with a live trace, until Ctrl-C. CARD="A B" puts two into it.
CARD ?= $(BUILD)/demo.card
RUN_DIR ?= $(BUILD)/run

.PHONY: run
run: $(DEPS)
	@$(MAKE) --no-print-directory all
	@exec python3 tools/run/run.py $(BUILD)/onecard "$(CARD)" $(RUN_DIR) $(RUN_FLAGS)
