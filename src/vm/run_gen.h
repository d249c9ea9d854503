/* Made by src/vm/gen_ops.py; do not edit. */
/* clang-format off */
add_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
add_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t r = x + y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
add_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = x + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
add_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    uint32_t r = x + y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
add_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = x + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
add_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t r = x + y;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
add_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = x + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
add_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    uint32_t r = x + y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
sub_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x - y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
sub_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t r = x - y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
sub_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = x - y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
sub_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t r = x - y;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
sub_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t r = x - y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
sub_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t r = x - y;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
mul_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x * y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
mul_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t r = x * y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
mul_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = x * y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
mul_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    uint32_t r = x * y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
mul_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = x * y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
mul_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t r = x * y;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
mul_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = x * y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
mul_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    uint32_t r = x * y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
div_s_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    if (y == 0) goto trap_divide;
    if (x == 0x80000000u && y == UINT32_MAX) goto trap_overflow;
    uint32_t r = (uint32_t)((int32_t)x / (int32_t)y);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
div_s_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    if (y == 0) goto trap_divide;
    if (x == 0x80000000u && y == UINT32_MAX) goto trap_overflow;
    uint32_t r = (uint32_t)((int32_t)x / (int32_t)y);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
div_u_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    if (y == 0) goto trap_divide;
    uint32_t r = x / y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
div_u_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    if (y == 0) goto trap_divide;
    uint32_t r = x / y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
rem_s_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    if (y == 0) goto trap_divide;
    uint32_t r = y == UINT32_MAX ? 0 : (uint32_t)((int32_t)x % (int32_t)y);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
rem_s_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    if (y == 0) goto trap_divide;
    uint32_t r = y == UINT32_MAX ? 0 : (uint32_t)((int32_t)x % (int32_t)y);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
rem_u_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    if (y == 0) goto trap_divide;
    uint32_t r = x % y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
rem_u_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    if (y == 0) goto trap_divide;
    uint32_t r = x % y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
and_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x & y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
and_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t r = x & y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
and_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = x & y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
and_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    uint32_t r = x & y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
and_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = x & y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
and_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t r = x & y;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
and_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = x & y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
and_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    uint32_t r = x & y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
or_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
or_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t r = x | y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
or_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = x | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
or_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    uint32_t r = x | y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
or_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = x | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
or_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t r = x | y;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
or_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = x | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
or_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    uint32_t r = x | y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
xor_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
xor_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t r = x ^ y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
xor_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = x ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
xor_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    uint32_t r = x ^ y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
xor_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = x ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
xor_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t r = x ^ y;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
xor_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = x ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
xor_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    uint32_t r = x ^ y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shl_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x << (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shl_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t r = x << (y & 31);
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shl_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = x << (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
shl_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    uint32_t r = x << (y & 31);
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
shl_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = x << (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
shl_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t r = x << (y & 31);
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
shl_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = x << (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shl_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    uint32_t r = x << (y & 31);
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shl_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t r = x << (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
shl_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t r = x << (y & 31);
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
shr_s_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_s_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_s_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
shr_s_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    uint32_t r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_s_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_s_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
shr_s_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_s_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    uint32_t r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_s_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_s_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
shr_u_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x >> (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_u_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t r = x >> (y & 31);
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_u_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = x >> (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
shr_u_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    uint32_t r = x >> (y & 31);
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_u_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = x >> (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_u_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t r = x >> (y & 31);
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
shr_u_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = x >> (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_u_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    uint32_t r = x >> (y & 31);
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_u_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t r = x >> (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_u_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t r = x >> (y & 31);
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
rotl_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
rotl_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
rotl_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
rotl_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    uint32_t r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
rotl_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
rotl_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
rotl_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
rotl_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    uint32_t r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
rotr_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x >> (y & 31) | x << (-y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
eq_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x == y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
eq_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = x == y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
eq_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = x == y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
eq_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = x == y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
ne_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x != y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
ne_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = x != y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
ne_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = x != y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
ne_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = x != y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
lt_s_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = (int32_t)x < (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
lt_s_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = (int32_t)x < (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
lt_s_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = (int32_t)x < (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
lt_s_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = (int32_t)x < (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
lt_s_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t r = (int32_t)x < (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
ge_s_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = (int32_t)x >= (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
ge_s_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = (int32_t)x >= (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
ge_s_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = (int32_t)x >= (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
ge_s_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = (int32_t)x >= (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
ge_s_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t r = (int32_t)x >= (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
lt_u_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x < y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
lt_u_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = x < y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
lt_u_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = x < y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
lt_u_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = x < y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
lt_u_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t r = x < y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
ge_u_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t r = x >= y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
ge_u_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    uint32_t r = x >= y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
ge_u_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t r = x >= y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
ge_u_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 2);
    uint32_t r = x >= y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
ge_u_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t r = x >= y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
clz_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t r = clz32(x);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
clz_a_0: {
    uint32_t x = acc;
    uint32_t r = clz32(x);
    acc = r;
    fp[pc[1]] = r;
    pc += 2;
    goto *handlers[*pc];
}
ctz_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t r = ctz32(x);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
ctz_a_0: {
    uint32_t x = acc;
    uint32_t r = ctz32(x);
    acc = r;
    fp[pc[1]] = r;
    pc += 2;
    goto *handlers[*pc];
}
popcnt_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t r = popcount32(x);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
popcnt_a_0: {
    uint32_t x = acc;
    uint32_t r = popcount32(x);
    acc = r;
    fp[pc[1]] = r;
    pc += 2;
    goto *handlers[*pc];
}
ext8_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t r = (uint32_t)(int8_t)x;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
ext8_s_1: {
    uint32_t x = fp[pc[1]];
    uint32_t r = (uint32_t)(int8_t)x;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
ext8_a_0: {
    uint32_t x = acc;
    uint32_t r = (uint32_t)(int8_t)x;
    acc = r;
    fp[pc[1]] = r;
    pc += 2;
    goto *handlers[*pc];
}
ext8_a_1: {
    uint32_t x = acc;
    uint32_t r = (uint32_t)(int8_t)x;
    acc = r;
    pc += 1;
    goto *handlers[*pc];
}
ext16_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t r = (uint32_t)(int16_t)x;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
ext16_s_1: {
    uint32_t x = fp[pc[1]];
    uint32_t r = (uint32_t)(int16_t)x;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
ext16_a_0: {
    uint32_t x = acc;
    uint32_t r = (uint32_t)(int16_t)x;
    acc = r;
    fp[pc[1]] = r;
    pc += 2;
    goto *handlers[*pc];
}
ext16_a_1: {
    uint32_t x = acc;
    uint32_t r = (uint32_t)(int16_t)x;
    acc = r;
    pc += 1;
    goto *handlers[*pc];
}
shl_add_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = pc[4];
    uint32_t r = (x << k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
shl_add_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x << k) + y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
shl_add_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x << k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shl_add_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = pc[2];
    uint32_t r = (x << k) + y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shl_add_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = pc[3];
    uint32_t r = (x << k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shl_add_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = pc[2];
    uint32_t r = (x << k) + y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shl_xor_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = pc[4];
    uint32_t r = (x << k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
shl_xor_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x << k) ^ y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
shl_xor_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x << k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shl_xor_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = pc[2];
    uint32_t r = (x << k) ^ y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shl_xor_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = pc[3];
    uint32_t r = (x << k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shl_xor_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = pc[2];
    uint32_t r = (x << k) ^ y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shl_or_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = pc[4];
    uint32_t r = (x << k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
shl_or_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x << k) | y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
shl_or_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x << k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shl_or_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = pc[2];
    uint32_t r = (x << k) | y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shl_or_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = pc[3];
    uint32_t r = (x << k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shl_or_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = pc[2];
    uint32_t r = (x << k) | y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_u_add_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = pc[4];
    uint32_t r = (x >> k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
shr_u_add_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x >> k) + y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_u_add_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x >> k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_u_add_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = pc[2];
    uint32_t r = (x >> k) + y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_u_add_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = pc[3];
    uint32_t r = (x >> k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_u_add_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = pc[2];
    uint32_t r = (x >> k) + y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_u_xor_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = pc[4];
    uint32_t r = (x >> k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
shr_u_xor_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x >> k) ^ y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_u_xor_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x >> k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_u_xor_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = pc[2];
    uint32_t r = (x >> k) ^ y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_u_xor_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = pc[3];
    uint32_t r = (x >> k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_u_xor_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = pc[2];
    uint32_t r = (x >> k) ^ y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_u_or_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = pc[4];
    uint32_t r = (x >> k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
shr_u_or_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x >> k) | y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_u_or_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x >> k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_u_or_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = pc[2];
    uint32_t r = (x >> k) | y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
shr_u_or_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = pc[3];
    uint32_t r = (x >> k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
shr_u_or_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = pc[2];
    uint32_t r = (x >> k) | y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
rotl_add_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = pc[4];
    uint32_t r = (x << k | x >> (32 - k)) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
rotl_add_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x << k | x >> (32 - k)) + y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
rotl_add_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x << k | x >> (32 - k)) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
rotl_add_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = pc[2];
    uint32_t r = (x << k | x >> (32 - k)) + y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
rotl_add_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = pc[3];
    uint32_t r = (x << k | x >> (32 - k)) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
rotl_add_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = pc[2];
    uint32_t r = (x << k | x >> (32 - k)) + y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
rotl_xor_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = pc[4];
    uint32_t r = (x << k | x >> (32 - k)) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
rotl_xor_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x << k | x >> (32 - k)) ^ y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
rotl_xor_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x << k | x >> (32 - k)) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
rotl_xor_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = pc[2];
    uint32_t r = (x << k | x >> (32 - k)) ^ y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
rotl_xor_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = pc[3];
    uint32_t r = (x << k | x >> (32 - k)) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
rotl_xor_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = pc[2];
    uint32_t r = (x << k | x >> (32 - k)) ^ y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
rotl_or_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = pc[4];
    uint32_t r = (x << k | x >> (32 - k)) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
rotl_or_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x << k | x >> (32 - k)) | y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
rotl_or_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = pc[3];
    uint32_t r = (x << k | x >> (32 - k)) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
rotl_or_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = pc[2];
    uint32_t r = (x << k | x >> (32 - k)) | y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
rotl_or_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = pc[3];
    uint32_t r = (x << k | x >> (32 - k)) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
rotl_or_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = pc[2];
    uint32_t r = (x << k | x >> (32 - k)) | y;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
mul_add_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = imm32(pc + 4);
    uint32_t r = (x * k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    goto *handlers[*pc];
}
mul_add_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x * k) + y;
    acc = r;
    pc += 5;
    goto *handlers[*pc];
}
mul_add_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x * k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
mul_add_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = imm32(pc + 2);
    uint32_t r = (x * k) + y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
mul_add_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x * k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
mul_add_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = imm32(pc + 2);
    uint32_t r = (x * k) + y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
mul_xor_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = imm32(pc + 4);
    uint32_t r = (x * k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    goto *handlers[*pc];
}
mul_xor_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x * k) ^ y;
    acc = r;
    pc += 5;
    goto *handlers[*pc];
}
mul_xor_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x * k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
mul_xor_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = imm32(pc + 2);
    uint32_t r = (x * k) ^ y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
mul_xor_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x * k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
mul_xor_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = imm32(pc + 2);
    uint32_t r = (x * k) ^ y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
mul_or_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = imm32(pc + 4);
    uint32_t r = (x * k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    goto *handlers[*pc];
}
mul_or_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x * k) | y;
    acc = r;
    pc += 5;
    goto *handlers[*pc];
}
mul_or_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x * k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
mul_or_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = imm32(pc + 2);
    uint32_t r = (x * k) | y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
mul_or_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x * k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
mul_or_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = imm32(pc + 2);
    uint32_t r = (x * k) | y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
and_add_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = imm32(pc + 4);
    uint32_t r = (x & k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    goto *handlers[*pc];
}
and_add_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x & k) + y;
    acc = r;
    pc += 5;
    goto *handlers[*pc];
}
and_add_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x & k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
and_add_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = imm32(pc + 2);
    uint32_t r = (x & k) + y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
and_add_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x & k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
and_add_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = imm32(pc + 2);
    uint32_t r = (x & k) + y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
and_xor_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = imm32(pc + 4);
    uint32_t r = (x & k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    goto *handlers[*pc];
}
and_xor_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x & k) ^ y;
    acc = r;
    pc += 5;
    goto *handlers[*pc];
}
and_xor_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x & k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
and_xor_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = imm32(pc + 2);
    uint32_t r = (x & k) ^ y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
and_xor_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x & k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
and_xor_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = imm32(pc + 2);
    uint32_t r = (x & k) ^ y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
and_or_ss_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = fp[pc[3]];
    uint32_t k = imm32(pc + 4);
    uint32_t r = (x & k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    goto *handlers[*pc];
}
and_or_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x & k) | y;
    acc = r;
    pc += 5;
    goto *handlers[*pc];
}
and_or_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[2]];
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x & k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
and_or_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    uint32_t k = imm32(pc + 2);
    uint32_t r = (x & k) | y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
and_or_sa_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = acc;
    uint32_t k = imm32(pc + 3);
    uint32_t r = (x & k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
and_or_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    uint32_t k = imm32(pc + 2);
    uint32_t r = (x & k) | y;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
br_eq_ss_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    if (x == y) {
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_eq_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    if (x == y) {
    uint32_t cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_eq_si_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    if (x == y) {
    pc += (int16_t)pc[4] + 4;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_eq_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    if (x == y) {
    uint32_t cost = pc[5];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[4] + 4;
    goto *handlers[*pc];
    }
    pc += 6;
    goto *handlers[*pc];
}
br_eq_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    if (x == y) {
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
br_eq_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    if (x == y) {
    uint32_t cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_eq_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    if (x == y) {
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_eq_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    if (x == y) {
    uint32_t cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_ne_ss_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    if (x != y) {
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_ne_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    if (x != y) {
    uint32_t cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_ne_si_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    if (x != y) {
    pc += (int16_t)pc[4] + 4;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_ne_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    if (x != y) {
    uint32_t cost = pc[5];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[4] + 4;
    goto *handlers[*pc];
    }
    pc += 6;
    goto *handlers[*pc];
}
br_ne_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    if (x != y) {
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
br_ne_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    if (x != y) {
    uint32_t cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_ne_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    if (x != y) {
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_ne_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    if (x != y) {
    uint32_t cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_lt_s_ss_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    if ((int32_t)x < (int32_t)y) {
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_lt_s_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    if ((int32_t)x < (int32_t)y) {
    uint32_t cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_lt_s_si_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    if ((int32_t)x < (int32_t)y) {
    pc += (int16_t)pc[4] + 4;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_lt_s_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    if ((int32_t)x < (int32_t)y) {
    uint32_t cost = pc[5];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[4] + 4;
    goto *handlers[*pc];
    }
    pc += 6;
    goto *handlers[*pc];
}
br_lt_s_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    if ((int32_t)x < (int32_t)y) {
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
br_lt_s_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    if ((int32_t)x < (int32_t)y) {
    uint32_t cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_lt_s_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    if ((int32_t)x < (int32_t)y) {
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_lt_s_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    if ((int32_t)x < (int32_t)y) {
    uint32_t cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_lt_s_sa_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    if ((int32_t)x < (int32_t)y) {
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
br_lt_s_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    if ((int32_t)x < (int32_t)y) {
    uint32_t cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_ge_s_ss_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    if ((int32_t)x >= (int32_t)y) {
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_ge_s_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    if ((int32_t)x >= (int32_t)y) {
    uint32_t cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_ge_s_si_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    if ((int32_t)x >= (int32_t)y) {
    pc += (int16_t)pc[4] + 4;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_ge_s_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    if ((int32_t)x >= (int32_t)y) {
    uint32_t cost = pc[5];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[4] + 4;
    goto *handlers[*pc];
    }
    pc += 6;
    goto *handlers[*pc];
}
br_ge_s_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    if ((int32_t)x >= (int32_t)y) {
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
br_ge_s_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    if ((int32_t)x >= (int32_t)y) {
    uint32_t cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_ge_s_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    if ((int32_t)x >= (int32_t)y) {
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_ge_s_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    if ((int32_t)x >= (int32_t)y) {
    uint32_t cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_ge_s_sa_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    if ((int32_t)x >= (int32_t)y) {
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
br_ge_s_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    if ((int32_t)x >= (int32_t)y) {
    uint32_t cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_lt_u_ss_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    if (x < y) {
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_lt_u_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    if (x < y) {
    uint32_t cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_lt_u_si_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    if (x < y) {
    pc += (int16_t)pc[4] + 4;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_lt_u_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    if (x < y) {
    uint32_t cost = pc[5];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[4] + 4;
    goto *handlers[*pc];
    }
    pc += 6;
    goto *handlers[*pc];
}
br_lt_u_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    if (x < y) {
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
br_lt_u_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    if (x < y) {
    uint32_t cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_lt_u_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    if (x < y) {
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_lt_u_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    if (x < y) {
    uint32_t cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_lt_u_sa_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    if (x < y) {
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
br_lt_u_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    if (x < y) {
    uint32_t cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_ge_u_ss_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    if (x >= y) {
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_ge_u_ss_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = fp[pc[2]];
    if (x >= y) {
    uint32_t cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_ge_u_si_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    if (x >= y) {
    pc += (int16_t)pc[4] + 4;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_ge_u_si_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = imm32(pc + 2);
    if (x >= y) {
    uint32_t cost = pc[5];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[4] + 4;
    goto *handlers[*pc];
    }
    pc += 6;
    goto *handlers[*pc];
}
br_ge_u_as_0: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    if (x >= y) {
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
br_ge_u_as_1: {
    uint32_t x = acc;
    uint32_t y = fp[pc[1]];
    if (x >= y) {
    uint32_t cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_ge_u_ai_0: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    if (x >= y) {
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_ge_u_ai_1: {
    uint32_t x = acc;
    uint32_t y = imm32(pc + 1);
    if (x >= y) {
    uint32_t cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    goto *handlers[*pc];
    }
    pc += 5;
    goto *handlers[*pc];
}
br_ge_u_sa_0: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    if (x >= y) {
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
br_ge_u_sa_1: {
    uint32_t x = fp[pc[1]];
    uint32_t y = acc;
    if (x >= y) {
    uint32_t cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_z_s_0: {
    uint32_t x = fp[pc[1]];
    if (x == 0) {
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
br_z_s_1: {
    uint32_t x = fp[pc[1]];
    if (x == 0) {
    uint32_t cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_z_a_0: {
    uint32_t x = acc;
    if (x == 0) {
    pc += (int16_t)pc[1] + 1;
    goto *handlers[*pc];
    }
    pc += 2;
    goto *handlers[*pc];
}
br_z_a_1: {
    uint32_t x = acc;
    if (x == 0) {
    uint32_t cost = pc[2];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[1] + 1;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
br_nz_s_0: {
    uint32_t x = fp[pc[1]];
    if (x != 0) {
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
br_nz_s_1: {
    uint32_t x = fp[pc[1]];
    if (x != 0) {
    uint32_t cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    goto *handlers[*pc];
    }
    pc += 4;
    goto *handlers[*pc];
}
br_nz_a_0: {
    uint32_t x = acc;
    if (x != 0) {
    pc += (int16_t)pc[1] + 1;
    goto *handlers[*pc];
    }
    pc += 2;
    goto *handlers[*pc];
}
br_nz_a_1: {
    uint32_t x = acc;
    if (x != 0) {
    uint32_t cost = pc[2];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[1] + 1;
    goto *handlers[*pc];
    }
    pc += 3;
    goto *handlers[*pc];
}
jump_s_0: {
    pc += (int16_t)pc[1] + 1;
    goto *handlers[*pc];
}
jump_s_1: {
    uint32_t cost = pc[2];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[1] + 1;
    goto *handlers[*pc];
}
load_ss_0: {
    uint32_t x = fp[pc[2]] + fp[pc[3]];
    uint32_t o = pc[4];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v;
    memcpy(&v, mem + e - 3, 4);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
load_ss_1: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v;
    memcpy(&v, mem + e - 3, 4);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
load_as_0: {
    uint32_t x = acc + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v;
    memcpy(&v, mem + e - 3, 4);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load_as_1: {
    uint32_t x = acc + fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v;
    memcpy(&v, mem + e - 3, 4);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v;
    memcpy(&v, mem + e - 3, 4);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load_s_1: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v;
    memcpy(&v, mem + e - 3, 4);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load_a_0: {
    uint32_t x = acc;
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v;
    memcpy(&v, mem + e - 3, 4);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
load_a_1: {
    uint32_t x = acc;
    uint32_t o = pc[1];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v;
    memcpy(&v, mem + e - 3, 4);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
load_i_0: {
    uint32_t x = imm32(pc + 2);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint32_t v;
    memcpy(&v, mem + e - 3, 4);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load_i_1: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint32_t v;
    memcpy(&v, mem + e - 3, 4);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load8_s_ss_0: {
    uint32_t x = fp[pc[2]] + fp[pc[3]];
    uint32_t o = pc[4];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
load8_s_ss_1: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
load8_s_as_0: {
    uint32_t x = acc + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load8_s_as_1: {
    uint32_t x = acc + fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load8_s_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load8_s_s_1: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load8_s_a_0: {
    uint32_t x = acc;
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
load8_s_a_1: {
    uint32_t x = acc;
    uint32_t o = pc[1];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
load8_s_i_0: {
    uint32_t x = imm32(pc + 2);
    size_t e = x;
    if (e >= size) goto trap_memory;
    int8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load8_s_i_1: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    int8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load8_u_ss_0: {
    uint32_t x = fp[pc[2]] + fp[pc[3]];
    uint32_t o = pc[4];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
load8_u_ss_1: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
load8_u_as_0: {
    uint32_t x = acc + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load8_u_as_1: {
    uint32_t x = acc + fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load8_u_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load8_u_s_1: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load8_u_a_0: {
    uint32_t x = acc;
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
load8_u_a_1: {
    uint32_t x = acc;
    uint32_t o = pc[1];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
load8_u_i_0: {
    uint32_t x = imm32(pc + 2);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load8_u_i_1: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint8_t v;
    memcpy(&v, mem + e - 0, 1);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load16_s_ss_0: {
    uint32_t x = fp[pc[2]] + fp[pc[3]];
    uint32_t o = pc[4];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
load16_s_ss_1: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
load16_s_as_0: {
    uint32_t x = acc + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load16_s_as_1: {
    uint32_t x = acc + fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load16_s_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load16_s_s_1: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load16_s_a_0: {
    uint32_t x = acc;
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
load16_s_a_1: {
    uint32_t x = acc;
    uint32_t o = pc[1];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
load16_s_i_0: {
    uint32_t x = imm32(pc + 2);
    size_t e = x;
    if (e >= size) goto trap_memory;
    int16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load16_s_i_1: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    int16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load16_u_ss_0: {
    uint32_t x = fp[pc[2]] + fp[pc[3]];
    uint32_t o = pc[4];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
load16_u_ss_1: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 4;
    goto *handlers[*pc];
}
load16_u_as_0: {
    uint32_t x = acc + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load16_u_as_1: {
    uint32_t x = acc + fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load16_u_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load16_u_s_1: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load16_u_a_0: {
    uint32_t x = acc;
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    goto *handlers[*pc];
}
load16_u_a_1: {
    uint32_t x = acc;
    uint32_t o = pc[1];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 2;
    goto *handlers[*pc];
}
load16_u_i_0: {
    uint32_t x = imm32(pc + 2);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
load16_u_i_1: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint16_t v;
    memcpy(&v, mem + e - 1, 2);
    uint32_t r = (uint32_t)v;
    acc = r;
    pc += 3;
    goto *handlers[*pc];
}
load64_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint64_t v;
    memcpy(&v, mem + e - 7, 8);
    put64(fp + pc[1], (uint64_t)v);
    pc += 4;
    goto *handlers[*pc];
}
load64_8s_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int8_t v;
    memcpy(&v, mem + e - 0, 1);
    put64(fp + pc[1], (uint64_t)v);
    pc += 4;
    goto *handlers[*pc];
}
load64_8u_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v;
    memcpy(&v, mem + e - 0, 1);
    put64(fp + pc[1], (uint64_t)v);
    pc += 4;
    goto *handlers[*pc];
}
load64_16s_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int16_t v;
    memcpy(&v, mem + e - 1, 2);
    put64(fp + pc[1], (uint64_t)v);
    pc += 4;
    goto *handlers[*pc];
}
load64_16u_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v;
    memcpy(&v, mem + e - 1, 2);
    put64(fp + pc[1], (uint64_t)v);
    pc += 4;
    goto *handlers[*pc];
}
load64_32s_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    int32_t v;
    memcpy(&v, mem + e - 3, 4);
    put64(fp + pc[1], (uint64_t)v);
    pc += 4;
    goto *handlers[*pc];
}
load64_32u_s_0: {
    uint32_t x = fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v;
    memcpy(&v, mem + e - 3, 4);
    put64(fp + pc[1], (uint64_t)v);
    pc += 4;
    goto *handlers[*pc];
}
store_s_ss_0: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v = (uint32_t)fp[pc[4]];
    memcpy(mem + e - 3, &v, 4);
    pc += 5;
    goto *handlers[*pc];
}
store_s_as_0: {
    uint32_t x = acc + fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v = (uint32_t)fp[pc[3]];
    memcpy(mem + e - 3, &v, 4);
    pc += 4;
    goto *handlers[*pc];
}
store_s_s_0: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v = (uint32_t)fp[pc[3]];
    memcpy(mem + e - 3, &v, 4);
    pc += 4;
    goto *handlers[*pc];
}
store_s_a_0: {
    uint32_t x = acc;
    uint32_t o = pc[1];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v = (uint32_t)fp[pc[2]];
    memcpy(mem + e - 3, &v, 4);
    pc += 3;
    goto *handlers[*pc];
}
store_s_i_0: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint32_t v = (uint32_t)fp[pc[3]];
    memcpy(mem + e - 3, &v, 4);
    pc += 4;
    goto *handlers[*pc];
}
store_a_ss_0: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v = (uint32_t)acc;
    memcpy(mem + e - 3, &v, 4);
    pc += 4;
    goto *handlers[*pc];
}
store_a_s_0: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v = (uint32_t)acc;
    memcpy(mem + e - 3, &v, 4);
    pc += 3;
    goto *handlers[*pc];
}
store_a_i_0: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint32_t v = (uint32_t)acc;
    memcpy(mem + e - 3, &v, 4);
    pc += 3;
    goto *handlers[*pc];
}
store_i_ss_0: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v = (uint32_t)imm32(pc + 4);
    memcpy(mem + e - 3, &v, 4);
    pc += 6;
    goto *handlers[*pc];
}
store_i_s_0: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v = (uint32_t)imm32(pc + 3);
    memcpy(mem + e - 3, &v, 4);
    pc += 5;
    goto *handlers[*pc];
}
store_i_a_0: {
    uint32_t x = acc;
    uint32_t o = pc[1];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint32_t v = (uint32_t)imm32(pc + 2);
    memcpy(mem + e - 3, &v, 4);
    pc += 4;
    goto *handlers[*pc];
}
store_i_i_0: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint32_t v = (uint32_t)imm32(pc + 3);
    memcpy(mem + e - 3, &v, 4);
    pc += 5;
    goto *handlers[*pc];
}
store8_s_ss_0: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v = (uint8_t)fp[pc[4]];
    memcpy(mem + e - 0, &v, 1);
    pc += 5;
    goto *handlers[*pc];
}
store8_s_as_0: {
    uint32_t x = acc + fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v = (uint8_t)fp[pc[3]];
    memcpy(mem + e - 0, &v, 1);
    pc += 4;
    goto *handlers[*pc];
}
store8_s_s_0: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v = (uint8_t)fp[pc[3]];
    memcpy(mem + e - 0, &v, 1);
    pc += 4;
    goto *handlers[*pc];
}
store8_s_a_0: {
    uint32_t x = acc;
    uint32_t o = pc[1];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v = (uint8_t)fp[pc[2]];
    memcpy(mem + e - 0, &v, 1);
    pc += 3;
    goto *handlers[*pc];
}
store8_s_i_0: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint8_t v = (uint8_t)fp[pc[3]];
    memcpy(mem + e - 0, &v, 1);
    pc += 4;
    goto *handlers[*pc];
}
store8_a_ss_0: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v = (uint8_t)acc;
    memcpy(mem + e - 0, &v, 1);
    pc += 4;
    goto *handlers[*pc];
}
store8_a_s_0: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v = (uint8_t)acc;
    memcpy(mem + e - 0, &v, 1);
    pc += 3;
    goto *handlers[*pc];
}
store8_a_i_0: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint8_t v = (uint8_t)acc;
    memcpy(mem + e - 0, &v, 1);
    pc += 3;
    goto *handlers[*pc];
}
store8_i_ss_0: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v = (uint8_t)imm32(pc + 4);
    memcpy(mem + e - 0, &v, 1);
    pc += 6;
    goto *handlers[*pc];
}
store8_i_s_0: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v = (uint8_t)imm32(pc + 3);
    memcpy(mem + e - 0, &v, 1);
    pc += 5;
    goto *handlers[*pc];
}
store8_i_a_0: {
    uint32_t x = acc;
    uint32_t o = pc[1];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint8_t v = (uint8_t)imm32(pc + 2);
    memcpy(mem + e - 0, &v, 1);
    pc += 4;
    goto *handlers[*pc];
}
store8_i_i_0: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint8_t v = (uint8_t)imm32(pc + 3);
    memcpy(mem + e - 0, &v, 1);
    pc += 5;
    goto *handlers[*pc];
}
store16_s_ss_0: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v = (uint16_t)fp[pc[4]];
    memcpy(mem + e - 1, &v, 2);
    pc += 5;
    goto *handlers[*pc];
}
store16_s_as_0: {
    uint32_t x = acc + fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v = (uint16_t)fp[pc[3]];
    memcpy(mem + e - 1, &v, 2);
    pc += 4;
    goto *handlers[*pc];
}
store16_s_s_0: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v = (uint16_t)fp[pc[3]];
    memcpy(mem + e - 1, &v, 2);
    pc += 4;
    goto *handlers[*pc];
}
store16_s_a_0: {
    uint32_t x = acc;
    uint32_t o = pc[1];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v = (uint16_t)fp[pc[2]];
    memcpy(mem + e - 1, &v, 2);
    pc += 3;
    goto *handlers[*pc];
}
store16_s_i_0: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint16_t v = (uint16_t)fp[pc[3]];
    memcpy(mem + e - 1, &v, 2);
    pc += 4;
    goto *handlers[*pc];
}
store16_a_ss_0: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v = (uint16_t)acc;
    memcpy(mem + e - 1, &v, 2);
    pc += 4;
    goto *handlers[*pc];
}
store16_a_s_0: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v = (uint16_t)acc;
    memcpy(mem + e - 1, &v, 2);
    pc += 3;
    goto *handlers[*pc];
}
store16_a_i_0: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint16_t v = (uint16_t)acc;
    memcpy(mem + e - 1, &v, 2);
    pc += 3;
    goto *handlers[*pc];
}
store16_i_ss_0: {
    uint32_t x = fp[pc[1]] + fp[pc[2]];
    uint32_t o = pc[3];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v = (uint16_t)imm32(pc + 4);
    memcpy(mem + e - 1, &v, 2);
    pc += 6;
    goto *handlers[*pc];
}
store16_i_s_0: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v = (uint16_t)imm32(pc + 3);
    memcpy(mem + e - 1, &v, 2);
    pc += 5;
    goto *handlers[*pc];
}
store16_i_a_0: {
    uint32_t x = acc;
    uint32_t o = pc[1];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint16_t v = (uint16_t)imm32(pc + 2);
    memcpy(mem + e - 1, &v, 2);
    pc += 4;
    goto *handlers[*pc];
}
store16_i_i_0: {
    uint32_t x = imm32(pc + 1);
    size_t e = x;
    if (e >= size) goto trap_memory;
    uint16_t v = (uint16_t)imm32(pc + 3);
    memcpy(mem + e - 1, &v, 2);
    pc += 5;
    goto *handlers[*pc];
}
store64_s_s_0: {
    uint32_t x = fp[pc[1]];
    uint32_t o = pc[2];
    size_t e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    uint64_t v = (uint64_t)get64(fp + pc[3]);
    memcpy(mem + e - 7, &v, 8);
    pc += 4;
    goto *handlers[*pc];
}
address_si_0: {
    uint32_t x = fp[pc[2]];
    uint32_t y = imm32(pc + 3);
    if (x > UINT32_MAX - y) goto trap_memory;
    uint32_t r = x + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
add64_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    put64(fp + pc[1], x + y);
    pc += 4;
    goto *handlers[*pc];
}
add64_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], x + y);
    pc += 5;
    goto *handlers[*pc];
}
sub64_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    put64(fp + pc[1], x - y);
    pc += 4;
    goto *handlers[*pc];
}
sub64_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], x - y);
    pc += 5;
    goto *handlers[*pc];
}
mul64_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    put64(fp + pc[1], x * y);
    pc += 4;
    goto *handlers[*pc];
}
mul64_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], x * y);
    pc += 5;
    goto *handlers[*pc];
}
div64_s_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    if (y == 0) goto trap_divide;
    if (x == 1ull << 63 && y == UINT64_MAX) goto trap_overflow;
    put64(fp + pc[1], (uint64_t)((int64_t)x / (int64_t)y));
    pc += 4;
    goto *handlers[*pc];
}
div64_u_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    if (y == 0) goto trap_divide;
    put64(fp + pc[1], x / y);
    pc += 4;
    goto *handlers[*pc];
}
rem64_s_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    if (y == 0) goto trap_divide;
    put64(fp + pc[1], y == UINT64_MAX ? 0 : (uint64_t)((int64_t)x % (int64_t)y));
    pc += 4;
    goto *handlers[*pc];
}
rem64_u_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    if (y == 0) goto trap_divide;
    put64(fp + pc[1], x % y);
    pc += 4;
    goto *handlers[*pc];
}
and64_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    put64(fp + pc[1], x & y);
    pc += 4;
    goto *handlers[*pc];
}
and64_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], x & y);
    pc += 5;
    goto *handlers[*pc];
}
or64_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    put64(fp + pc[1], x | y);
    pc += 4;
    goto *handlers[*pc];
}
or64_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], x | y);
    pc += 5;
    goto *handlers[*pc];
}
xor64_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    put64(fp + pc[1], x ^ y);
    pc += 4;
    goto *handlers[*pc];
}
xor64_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], x ^ y);
    pc += 5;
    goto *handlers[*pc];
}
shl64_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    put64(fp + pc[1], x << (y & 63));
    pc += 4;
    goto *handlers[*pc];
}
shl64_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], x << (y & 63));
    pc += 5;
    goto *handlers[*pc];
}
shr64_s_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    put64(fp + pc[1], (uint64_t)((int64_t)x >> (y & 63)));
    pc += 4;
    goto *handlers[*pc];
}
shr64_s_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], (uint64_t)((int64_t)x >> (y & 63)));
    pc += 5;
    goto *handlers[*pc];
}
shr64_u_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    put64(fp + pc[1], x >> (y & 63));
    pc += 4;
    goto *handlers[*pc];
}
shr64_u_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], x >> (y & 63));
    pc += 5;
    goto *handlers[*pc];
}
rotl64_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    put64(fp + pc[1], x << (y & 63) | x >> (-y & 63));
    pc += 4;
    goto *handlers[*pc];
}
rotl64_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], x << (y & 63) | x >> (-y & 63));
    pc += 5;
    goto *handlers[*pc];
}
rotr64_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    put64(fp + pc[1], x >> (y & 63) | x << (-y & 63));
    pc += 4;
    goto *handlers[*pc];
}
rotr64_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], x >> (y & 63) | x << (-y & 63));
    pc += 5;
    goto *handlers[*pc];
}
eq64_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    uint32_t r = x == y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
eq64_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    uint32_t r = x == y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
ne64_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    uint32_t r = x != y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
ne64_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    uint32_t r = x != y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
lt64_s_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    uint32_t r = (int64_t)x < (int64_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
lt64_s_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    uint32_t r = (int64_t)x < (int64_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
ge64_s_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    uint32_t r = (int64_t)x >= (int64_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
ge64_s_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    uint32_t r = (int64_t)x >= (int64_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
lt64_u_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    uint32_t r = x < y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
lt64_u_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    uint32_t r = x < y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
ge64_u_ss_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = get64(fp + pc[3]);
    uint32_t r = x >= y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
ge64_u_si_0: {
    uint64_t x = get64(fp + pc[2]);
    uint64_t y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    uint32_t r = x >= y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
clz64_s_0: {
    uint64_t x = get64(fp + pc[2]);
    put64(fp + pc[1], clz64(x));
    pc += 3;
    goto *handlers[*pc];
}
ctz64_s_0: {
    uint64_t x = get64(fp + pc[2]);
    put64(fp + pc[1], ctz64(x));
    pc += 3;
    goto *handlers[*pc];
}
popcnt64_s_0: {
    uint64_t x = get64(fp + pc[2]);
    put64(fp + pc[1], popcount64(x));
    pc += 3;
    goto *handlers[*pc];
}
ext64_8_s_0: {
    uint64_t x = get64(fp + pc[2]);
    put64(fp + pc[1], (uint64_t)(int64_t)(int8_t)x);
    pc += 3;
    goto *handlers[*pc];
}
ext64_16_s_0: {
    uint64_t x = get64(fp + pc[2]);
    put64(fp + pc[1], (uint64_t)(int64_t)(int16_t)x);
    pc += 3;
    goto *handlers[*pc];
}
ext64_32_s_0: {
    uint64_t x = get64(fp + pc[2]);
    put64(fp + pc[1], (uint64_t)(int64_t)(int32_t)x);
    pc += 3;
    goto *handlers[*pc];
}
extend_s_s_0: {
    uint32_t x = fp[pc[2]];
    put64(fp + pc[1], (uint64_t)(int64_t)(int32_t)x);
    pc += 3;
    goto *handlers[*pc];
}
extend_u_s_0: {
    uint32_t x = fp[pc[2]];
    put64(fp + pc[1], x);
    pc += 3;
    goto *handlers[*pc];
}
move_s_0: {
    fp[pc[1]] = fp[pc[2]];
    pc += 3;
    goto *handlers[*pc];
}
move_a_0: {
    fp[pc[1]] = acc;
    pc += 2;
    goto *handlers[*pc];
}
move_i_0: {
    fp[pc[1]] = imm32(pc + 2);
    pc += 4;
    goto *handlers[*pc];
}
move64_s_0: {
    put64(fp + pc[1], get64(fp + pc[2]));
    pc += 3;
    goto *handlers[*pc];
}
move64_i_0: {
    put64(fp + pc[1], (uint64_t)(int64_t)(int32_t)imm32(pc + 2));
    pc += 4;
    goto *handlers[*pc];
}
const64_i_0: {
    fp[pc[1]] = imm32(pc + 2);
    fp[pc[1] + 1] = imm32(pc + 4);
    pc += 6;
    goto *handlers[*pc];
}
select_s_0: {
    uint32_t r = fp[pc[4]] ? fp[pc[2]] : fp[pc[3]];
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    goto *handlers[*pc];
}
select_a_0: {
    uint32_t r = acc ? fp[pc[2]] : fp[pc[3]];
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    goto *handlers[*pc];
}
select64_s_0: {
    const uint32_t *s = fp + (fp[pc[4]] ? pc[2] : pc[3]);
    put64(fp + pc[1], get64(s));
    pc += 5;
    goto *handlers[*pc];
}
select64_a_0: {
    const uint32_t *s = fp + (acc ? pc[2] : pc[3]);
    put64(fp + pc[1], get64(s));
    pc += 4;
    goto *handlers[*pc];
}
global_get_s_0: {
    acc = globals[pc[2]];
    fp[pc[1]] = acc;
    pc += 3;
    goto *handlers[*pc];
}
global_get_s_1: {
    acc = globals[pc[1]];
    pc += 2;
    goto *handlers[*pc];
}
global_set_s_0: {
    globals[pc[2]] = fp[pc[1]];
    pc += 3;
    goto *handlers[*pc];
}
global_set_a_0: {
    globals[pc[1]] = acc;
    pc += 2;
    goto *handlers[*pc];
}
global_set_i_0: {
    globals[pc[3]] = imm32(pc + 1);
    pc += 4;
    goto *handlers[*pc];
}
global_get64_s_0: {
    put64(fp + pc[1], get64(globals + pc[2]));
    pc += 3;
    goto *handlers[*pc];
}
global_set64_s_0: {
    put64(globals + pc[2], get64(fp + pc[1]));
    pc += 3;
    goto *handlers[*pc];
}
/* clang-format on */
