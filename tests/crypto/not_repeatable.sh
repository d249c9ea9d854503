#!/bin/sh
# What tests may do to the generator (crypto_random_force), a product build has no way to: the symbol is
# in the tests' library and in no other. not_repeatable.sh BUILD
build=$1
passed=0 failed=0
has() {
    nm "$1" 2>/dev/null | grep -q ' T crypto_random_force$'
}
report() {
    if [ "$1" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "$2"; fi
}
has "$build/san/libonecard.a"
report $? "the tests' library has no crypto_random_force: this test would see nothing"
for product in "$build/libonecard.a" "$build/onecard" "$build/firmware/libonecard.a"; do
    if nm "$product" 2>/dev/null | grep -q 'crypto_random_bytes' && ! has "$product"; then
        report 0
    else
        report 1 "$product: crypto_random_force is in it, or it is not there"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
