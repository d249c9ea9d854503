# The files that are written from src/firewall/calls.def.
.PHONY: gen
gen:
	python3 tools/gen/host_calls.py

TEST_STEPS += 'python3 tools/gen/host_calls.py --check'
