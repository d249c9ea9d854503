# Benchmarks of the card in process; others stand with what they measure.
BENCH_DEPS += $(BUILD)/applets/test/hello.yaml
BENCH_STEPS += '$(BUILD)/bench/bench_card $(BUILD)/applets/test/hello.yaml'
BENCH_STEPS += $(BUILD)/bench/bench_door
BENCH_DEPS += $(BUILD)/applets/test/transit.yaml
BENCH_STEPS += '$(BUILD)/bench/bench_purse $(BUILD)/applets/test/transit.yaml $(BUILD)/bench_purse.img'
BENCH_STEPS += '$(BUILD)/bench/bench_many $(BUILD)/applets/demo.yaml'
LDLIBS_bench_secure := -lcrypto
BENCH_STEPS += $(BUILD)/bench/bench_secure
