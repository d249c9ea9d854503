# Some 470 handlers that jump to each other: with sanitizers and any optimisation clang takes minutes.
CFLAGS_src_vm_run = $(if $(findstring /san/,$@)$(findstring /fuzz/,$@),-O0)
