#!/bin/sh
# Starts the first-boot firmware: first_boot.sh DIRECTORY SUITE KERNELS. -icount shift=0 makes QEMU's
# clock count instructions.
set -eu
suite=$(cd "$2" && pwd)
cp "$3" "$1/kernels.wasm"
cd "$1"
ln -sfn "$suite" suite
exec timeout 200 qemu-system-arm -M mps2-an386 -nographic -monitor none -serial none -icount shift=0 \
    -semihosting-config enable=on,target=native -kernel first_boot.elf </dev/null
