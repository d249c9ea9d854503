/* Made by src/vm/gen_ops.py; do not edit. */
/* clang-format off */
add_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
add_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    r = x + y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
add_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = x + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
add_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    r = x + y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
add_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = x + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
add_as_1: {
    x = acc;
    y = fp[pc[1]];
    r = x + y;
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
add_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = x + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
add_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    r = x + y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
sub_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x - y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
sub_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    r = x - y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
sub_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = x - y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
sub_as_1: {
    x = acc;
    y = fp[pc[1]];
    r = x - y;
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
sub_sa_0: {
    x = fp[pc[2]];
    y = acc;
    r = x - y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
sub_sa_1: {
    x = fp[pc[1]];
    y = acc;
    r = x - y;
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
mul_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x * y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
mul_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    r = x * y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
mul_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = x * y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
mul_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    r = x * y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
mul_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = x * y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
mul_as_1: {
    x = acc;
    y = fp[pc[1]];
    r = x * y;
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
mul_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = x * y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
mul_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    r = x * y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
div_s_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    if (y == 0) goto trap_divide;
    if (x == 0x80000000u && y == UINT32_MAX) goto trap_overflow;
    r = (uint32_t)((int32_t)x / (int32_t)y);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
div_s_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    if (y == 0) goto trap_divide;
    if (x == 0x80000000u && y == UINT32_MAX) goto trap_overflow;
    r = (uint32_t)((int32_t)x / (int32_t)y);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
div_u_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    if (y == 0) goto trap_divide;
    r = x / y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
div_u_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    if (y == 0) goto trap_divide;
    r = x / y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
rem_s_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    if (y == 0) goto trap_divide;
    r = y == UINT32_MAX ? 0 : (uint32_t)((int32_t)x % (int32_t)y);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
rem_s_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    if (y == 0) goto trap_divide;
    r = y == UINT32_MAX ? 0 : (uint32_t)((int32_t)x % (int32_t)y);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
rem_u_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    if (y == 0) goto trap_divide;
    r = x % y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
rem_u_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    if (y == 0) goto trap_divide;
    r = x % y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
and_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x & y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
and_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    r = x & y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
and_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = x & y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
and_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    r = x & y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
and_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = x & y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
and_as_1: {
    x = acc;
    y = fp[pc[1]];
    r = x & y;
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
and_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = x & y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
and_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    r = x & y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
or_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
or_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    r = x | y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
or_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = x | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
or_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    r = x | y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
or_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = x | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
or_as_1: {
    x = acc;
    y = fp[pc[1]];
    r = x | y;
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
or_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = x | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
or_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    r = x | y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
xor_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
xor_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    r = x ^ y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
xor_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = x ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
xor_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    r = x ^ y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
xor_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = x ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
xor_as_1: {
    x = acc;
    y = fp[pc[1]];
    r = x ^ y;
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
xor_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = x ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
xor_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    r = x ^ y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shl_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x << (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shl_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    r = x << (y & 31);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shl_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = x << (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
shl_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    r = x << (y & 31);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
shl_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = x << (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
shl_as_1: {
    x = acc;
    y = fp[pc[1]];
    r = x << (y & 31);
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
shl_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = x << (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shl_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    r = x << (y & 31);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shl_sa_0: {
    x = fp[pc[2]];
    y = acc;
    r = x << (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
shl_sa_1: {
    x = fp[pc[1]];
    y = acc;
    r = x << (y & 31);
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
shr_s_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shr_s_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shr_s_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
shr_s_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
shr_s_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
shr_s_as_1: {
    x = acc;
    y = fp[pc[1]];
    r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
shr_s_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shr_s_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shr_s_sa_0: {
    x = fp[pc[2]];
    y = acc;
    r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
shr_s_sa_1: {
    x = fp[pc[1]];
    y = acc;
    r = (uint32_t)((int32_t)x >> (y & 31));
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
shr_u_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x >> (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shr_u_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    r = x >> (y & 31);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shr_u_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = x >> (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
shr_u_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    r = x >> (y & 31);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
shr_u_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = x >> (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
shr_u_as_1: {
    x = acc;
    y = fp[pc[1]];
    r = x >> (y & 31);
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
shr_u_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = x >> (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shr_u_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    r = x >> (y & 31);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shr_u_sa_0: {
    x = fp[pc[2]];
    y = acc;
    r = x >> (y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
shr_u_sa_1: {
    x = fp[pc[1]];
    y = acc;
    r = x >> (y & 31);
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
rotl_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
rotl_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
rotl_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
rotl_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
rotl_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
rotl_as_1: {
    x = acc;
    y = fp[pc[1]];
    r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
rotl_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
rotl_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    r = x << (y & 31) | x >> (-y & 31);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
rotr_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x >> (y & 31) | x << (-y & 31);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
eq_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x == y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
eq_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = x == y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
eq_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = x == y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
eq_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = x == y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
ne_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x != y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
ne_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = x != y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
ne_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = x != y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
ne_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = x != y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
lt_s_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = (int32_t)x < (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
lt_s_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = (int32_t)x < (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
lt_s_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = (int32_t)x < (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
lt_s_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = (int32_t)x < (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
lt_s_sa_0: {
    x = fp[pc[2]];
    y = acc;
    r = (int32_t)x < (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
ge_s_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = (int32_t)x >= (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
ge_s_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = (int32_t)x >= (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
ge_s_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = (int32_t)x >= (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
ge_s_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = (int32_t)x >= (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
ge_s_sa_0: {
    x = fp[pc[2]];
    y = acc;
    r = (int32_t)x >= (int32_t)y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
lt_u_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x < y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
lt_u_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = x < y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
lt_u_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = x < y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
lt_u_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = x < y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
lt_u_sa_0: {
    x = fp[pc[2]];
    y = acc;
    r = x < y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
ge_u_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    r = x >= y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
ge_u_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    r = x >= y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
ge_u_as_0: {
    x = acc;
    y = fp[pc[2]];
    r = x >= y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
ge_u_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    r = x >= y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
ge_u_sa_0: {
    x = fp[pc[2]];
    y = acc;
    r = x >= y;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
clz_s_0: {
    x = fp[pc[2]];
    r = clz32(x);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
clz_a_0: {
    x = acc;
    r = clz32(x);
    acc = r;
    fp[pc[1]] = r;
    pc += 2;
    GOTO_NEXT;
}
ctz_s_0: {
    x = fp[pc[2]];
    r = ctz32(x);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
ctz_a_0: {
    x = acc;
    r = ctz32(x);
    acc = r;
    fp[pc[1]] = r;
    pc += 2;
    GOTO_NEXT;
}
popcnt_s_0: {
    x = fp[pc[2]];
    r = popcount32(x);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
popcnt_a_0: {
    x = acc;
    r = popcount32(x);
    acc = r;
    fp[pc[1]] = r;
    pc += 2;
    GOTO_NEXT;
}
ext8_s_0: {
    x = fp[pc[2]];
    r = (uint32_t)(int8_t)x;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
ext8_s_1: {
    x = fp[pc[1]];
    r = (uint32_t)(int8_t)x;
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
ext8_a_0: {
    x = acc;
    r = (uint32_t)(int8_t)x;
    acc = r;
    fp[pc[1]] = r;
    pc += 2;
    GOTO_NEXT;
}
ext8_a_1: {
    x = acc;
    r = (uint32_t)(int8_t)x;
    acc = r;
    pc += 1;
    GOTO_NEXT;
}
ext16_s_0: {
    x = fp[pc[2]];
    r = (uint32_t)(int16_t)x;
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
ext16_s_1: {
    x = fp[pc[1]];
    r = (uint32_t)(int16_t)x;
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
ext16_a_0: {
    x = acc;
    r = (uint32_t)(int16_t)x;
    acc = r;
    fp[pc[1]] = r;
    pc += 2;
    GOTO_NEXT;
}
ext16_a_1: {
    x = acc;
    r = (uint32_t)(int16_t)x;
    acc = r;
    pc += 1;
    GOTO_NEXT;
}
shl_add_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = pc[4];
    r = (x << k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
shl_add_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = pc[3];
    r = (x << k) + y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
shl_add_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    k = pc[5];
    r = (x << k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    GOTO_NEXT;
}
shl_add_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    k = pc[4];
    r = (x << k) + y;
    acc = r;
    pc += 5;
    GOTO_NEXT;
}
shl_add_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = pc[3];
    r = (x << k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shl_add_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = pc[2];
    r = (x << k) + y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shl_add_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    k = pc[4];
    r = (x << k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
shl_add_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    k = pc[3];
    r = (x << k) + y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
shl_add_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = pc[3];
    r = (x << k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shl_add_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = pc[2];
    r = (x << k) + y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shl_xor_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = pc[4];
    r = (x << k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
shl_xor_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = pc[3];
    r = (x << k) ^ y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
shl_xor_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = pc[3];
    r = (x << k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shl_xor_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = pc[2];
    r = (x << k) ^ y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shl_xor_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = pc[3];
    r = (x << k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shl_xor_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = pc[2];
    r = (x << k) ^ y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shl_or_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = pc[4];
    r = (x << k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
shl_or_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = pc[3];
    r = (x << k) | y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
shl_or_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    k = pc[5];
    r = (x << k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    GOTO_NEXT;
}
shl_or_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    k = pc[4];
    r = (x << k) | y;
    acc = r;
    pc += 5;
    GOTO_NEXT;
}
shl_or_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = pc[3];
    r = (x << k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shl_or_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = pc[2];
    r = (x << k) | y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shl_or_ai_0: {
    x = acc;
    y = imm32(pc + 2);
    k = pc[4];
    r = (x << k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
shl_or_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    k = pc[3];
    r = (x << k) | y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
shl_or_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = pc[3];
    r = (x << k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shl_or_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = pc[2];
    r = (x << k) | y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shr_u_add_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = pc[4];
    r = (x >> k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
shr_u_add_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = pc[3];
    r = (x >> k) + y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
shr_u_add_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = pc[3];
    r = (x >> k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shr_u_add_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = pc[2];
    r = (x >> k) + y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shr_u_add_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = pc[3];
    r = (x >> k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shr_u_add_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = pc[2];
    r = (x >> k) + y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shr_u_xor_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = pc[4];
    r = (x >> k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
shr_u_xor_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = pc[3];
    r = (x >> k) ^ y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
shr_u_xor_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = pc[3];
    r = (x >> k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shr_u_xor_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = pc[2];
    r = (x >> k) ^ y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shr_u_xor_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = pc[3];
    r = (x >> k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shr_u_xor_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = pc[2];
    r = (x >> k) ^ y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shr_u_or_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = pc[4];
    r = (x >> k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
shr_u_or_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = pc[3];
    r = (x >> k) | y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
shr_u_or_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = pc[3];
    r = (x >> k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shr_u_or_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = pc[2];
    r = (x >> k) | y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
shr_u_or_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = pc[3];
    r = (x >> k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
shr_u_or_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = pc[2];
    r = (x >> k) | y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
rotl_add_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = pc[4];
    r = (x << k | x >> (32 - k)) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
rotl_add_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = pc[3];
    r = (x << k | x >> (32 - k)) + y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
rotl_add_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = pc[3];
    r = (x << k | x >> (32 - k)) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
rotl_add_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = pc[2];
    r = (x << k | x >> (32 - k)) + y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
rotl_add_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = pc[3];
    r = (x << k | x >> (32 - k)) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
rotl_add_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = pc[2];
    r = (x << k | x >> (32 - k)) + y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
rotl_xor_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = pc[4];
    r = (x << k | x >> (32 - k)) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
rotl_xor_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = pc[3];
    r = (x << k | x >> (32 - k)) ^ y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
rotl_xor_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = pc[3];
    r = (x << k | x >> (32 - k)) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
rotl_xor_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = pc[2];
    r = (x << k | x >> (32 - k)) ^ y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
rotl_xor_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = pc[3];
    r = (x << k | x >> (32 - k)) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
rotl_xor_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = pc[2];
    r = (x << k | x >> (32 - k)) ^ y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
rotl_or_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = pc[4];
    r = (x << k | x >> (32 - k)) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
rotl_or_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = pc[3];
    r = (x << k | x >> (32 - k)) | y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
rotl_or_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = pc[3];
    r = (x << k | x >> (32 - k)) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
rotl_or_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = pc[2];
    r = (x << k | x >> (32 - k)) | y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
rotl_or_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = pc[3];
    r = (x << k | x >> (32 - k)) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
rotl_or_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = pc[2];
    r = (x << k | x >> (32 - k)) | y;
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
mul_add_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = imm32(pc + 4);
    r = (x * k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    GOTO_NEXT;
}
mul_add_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = imm32(pc + 3);
    r = (x * k) + y;
    acc = r;
    pc += 5;
    GOTO_NEXT;
}
mul_add_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = imm32(pc + 3);
    r = (x * k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
mul_add_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = imm32(pc + 2);
    r = (x * k) + y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
mul_add_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = imm32(pc + 3);
    r = (x * k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
mul_add_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = imm32(pc + 2);
    r = (x * k) + y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
mul_xor_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = imm32(pc + 4);
    r = (x * k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    GOTO_NEXT;
}
mul_xor_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = imm32(pc + 3);
    r = (x * k) ^ y;
    acc = r;
    pc += 5;
    GOTO_NEXT;
}
mul_xor_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = imm32(pc + 3);
    r = (x * k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
mul_xor_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = imm32(pc + 2);
    r = (x * k) ^ y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
mul_xor_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = imm32(pc + 3);
    r = (x * k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
mul_xor_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = imm32(pc + 2);
    r = (x * k) ^ y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
mul_or_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = imm32(pc + 4);
    r = (x * k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    GOTO_NEXT;
}
mul_or_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = imm32(pc + 3);
    r = (x * k) | y;
    acc = r;
    pc += 5;
    GOTO_NEXT;
}
mul_or_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = imm32(pc + 3);
    r = (x * k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
mul_or_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = imm32(pc + 2);
    r = (x * k) | y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
mul_or_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = imm32(pc + 3);
    r = (x * k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
mul_or_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = imm32(pc + 2);
    r = (x * k) | y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
and_add_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = imm32(pc + 4);
    r = (x & k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    GOTO_NEXT;
}
and_add_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = imm32(pc + 3);
    r = (x & k) + y;
    acc = r;
    pc += 5;
    GOTO_NEXT;
}
and_add_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = imm32(pc + 3);
    r = (x & k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
and_add_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = imm32(pc + 2);
    r = (x & k) + y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
and_add_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = imm32(pc + 3);
    r = (x & k) + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
and_add_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = imm32(pc + 2);
    r = (x & k) + y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
and_xor_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = imm32(pc + 4);
    r = (x & k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    GOTO_NEXT;
}
and_xor_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = imm32(pc + 3);
    r = (x & k) ^ y;
    acc = r;
    pc += 5;
    GOTO_NEXT;
}
and_xor_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = imm32(pc + 3);
    r = (x & k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
and_xor_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = imm32(pc + 2);
    r = (x & k) ^ y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
and_xor_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = imm32(pc + 3);
    r = (x & k) ^ y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
and_xor_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = imm32(pc + 2);
    r = (x & k) ^ y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
and_or_ss_0: {
    x = fp[pc[2]];
    y = fp[pc[3]];
    k = imm32(pc + 4);
    r = (x & k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    GOTO_NEXT;
}
and_or_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    k = imm32(pc + 3);
    r = (x & k) | y;
    acc = r;
    pc += 5;
    GOTO_NEXT;
}
and_or_as_0: {
    x = acc;
    y = fp[pc[2]];
    k = imm32(pc + 3);
    r = (x & k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
and_or_as_1: {
    x = acc;
    y = fp[pc[1]];
    k = imm32(pc + 2);
    r = (x & k) | y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
and_or_sa_0: {
    x = fp[pc[2]];
    y = acc;
    k = imm32(pc + 3);
    r = (x & k) | y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
and_or_sa_1: {
    x = fp[pc[1]];
    y = acc;
    k = imm32(pc + 2);
    r = (x & k) | y;
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
shr_u_and_s_0: {
    x = fp[pc[2]];
    k = pc[3];
    r = x >> k & imm32(pc + 4);
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    GOTO_NEXT;
}
shr_u_and_s_1: {
    x = fp[pc[1]];
    k = pc[2];
    r = x >> k & imm32(pc + 3);
    acc = r;
    pc += 5;
    GOTO_NEXT;
}
shr_u_and_a_0: {
    x = acc;
    k = pc[2];
    r = x >> k & imm32(pc + 3);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
shr_u_and_a_1: {
    x = acc;
    k = pc[1];
    r = x >> k & imm32(pc + 2);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
br_eq_ss_0: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    if (x == y) {
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_eq_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    if (x == y) {
    cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_eq_si_0: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    if (x == y) {
    pc += (int16_t)pc[4] + 4;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_eq_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    if (x == y) {
    cost = pc[5];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[4] + 4;
    GOTO_NEXT;
    }
    pc += 6;
    GOTO_NEXT;
}
br_eq_as_0: {
    x = acc;
    y = fp[pc[1]];
    if (x == y) {
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
br_eq_as_1: {
    x = acc;
    y = fp[pc[1]];
    if (x == y) {
    cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_eq_ai_0: {
    x = acc;
    y = imm32(pc + 1);
    if (x == y) {
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_eq_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    if (x == y) {
    cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_ne_ss_0: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    if (x != y) {
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_ne_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    if (x != y) {
    cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_ne_si_0: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    if (x != y) {
    pc += (int16_t)pc[4] + 4;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_ne_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    if (x != y) {
    cost = pc[5];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[4] + 4;
    GOTO_NEXT;
    }
    pc += 6;
    GOTO_NEXT;
}
br_ne_as_0: {
    x = acc;
    y = fp[pc[1]];
    if (x != y) {
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
br_ne_as_1: {
    x = acc;
    y = fp[pc[1]];
    if (x != y) {
    cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_ne_ai_0: {
    x = acc;
    y = imm32(pc + 1);
    if (x != y) {
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_ne_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    if (x != y) {
    cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_lt_s_ss_0: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    if ((int32_t)x < (int32_t)y) {
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_lt_s_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    if ((int32_t)x < (int32_t)y) {
    cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_lt_s_si_0: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    if ((int32_t)x < (int32_t)y) {
    pc += (int16_t)pc[4] + 4;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_lt_s_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    if ((int32_t)x < (int32_t)y) {
    cost = pc[5];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[4] + 4;
    GOTO_NEXT;
    }
    pc += 6;
    GOTO_NEXT;
}
br_lt_s_as_0: {
    x = acc;
    y = fp[pc[1]];
    if ((int32_t)x < (int32_t)y) {
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
br_lt_s_as_1: {
    x = acc;
    y = fp[pc[1]];
    if ((int32_t)x < (int32_t)y) {
    cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_lt_s_ai_0: {
    x = acc;
    y = imm32(pc + 1);
    if ((int32_t)x < (int32_t)y) {
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_lt_s_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    if ((int32_t)x < (int32_t)y) {
    cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_lt_s_sa_0: {
    x = fp[pc[1]];
    y = acc;
    if ((int32_t)x < (int32_t)y) {
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
br_lt_s_sa_1: {
    x = fp[pc[1]];
    y = acc;
    if ((int32_t)x < (int32_t)y) {
    cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_ge_s_ss_0: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    if ((int32_t)x >= (int32_t)y) {
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_ge_s_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    if ((int32_t)x >= (int32_t)y) {
    cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_ge_s_si_0: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    if ((int32_t)x >= (int32_t)y) {
    pc += (int16_t)pc[4] + 4;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_ge_s_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    if ((int32_t)x >= (int32_t)y) {
    cost = pc[5];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[4] + 4;
    GOTO_NEXT;
    }
    pc += 6;
    GOTO_NEXT;
}
br_ge_s_as_0: {
    x = acc;
    y = fp[pc[1]];
    if ((int32_t)x >= (int32_t)y) {
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
br_ge_s_as_1: {
    x = acc;
    y = fp[pc[1]];
    if ((int32_t)x >= (int32_t)y) {
    cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_ge_s_ai_0: {
    x = acc;
    y = imm32(pc + 1);
    if ((int32_t)x >= (int32_t)y) {
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_ge_s_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    if ((int32_t)x >= (int32_t)y) {
    cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_ge_s_sa_0: {
    x = fp[pc[1]];
    y = acc;
    if ((int32_t)x >= (int32_t)y) {
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
br_ge_s_sa_1: {
    x = fp[pc[1]];
    y = acc;
    if ((int32_t)x >= (int32_t)y) {
    cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_lt_u_ss_0: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    if (x < y) {
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_lt_u_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    if (x < y) {
    cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_lt_u_si_0: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    if (x < y) {
    pc += (int16_t)pc[4] + 4;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_lt_u_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    if (x < y) {
    cost = pc[5];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[4] + 4;
    GOTO_NEXT;
    }
    pc += 6;
    GOTO_NEXT;
}
br_lt_u_as_0: {
    x = acc;
    y = fp[pc[1]];
    if (x < y) {
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
br_lt_u_as_1: {
    x = acc;
    y = fp[pc[1]];
    if (x < y) {
    cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_lt_u_ai_0: {
    x = acc;
    y = imm32(pc + 1);
    if (x < y) {
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_lt_u_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    if (x < y) {
    cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_lt_u_sa_0: {
    x = fp[pc[1]];
    y = acc;
    if (x < y) {
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
br_lt_u_sa_1: {
    x = fp[pc[1]];
    y = acc;
    if (x < y) {
    cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_ge_u_ss_0: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    if (x >= y) {
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_ge_u_ss_1: {
    x = fp[pc[1]];
    y = fp[pc[2]];
    if (x >= y) {
    cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_ge_u_si_0: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    if (x >= y) {
    pc += (int16_t)pc[4] + 4;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_ge_u_si_1: {
    x = fp[pc[1]];
    y = imm32(pc + 2);
    if (x >= y) {
    cost = pc[5];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[4] + 4;
    GOTO_NEXT;
    }
    pc += 6;
    GOTO_NEXT;
}
br_ge_u_as_0: {
    x = acc;
    y = fp[pc[1]];
    if (x >= y) {
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
br_ge_u_as_1: {
    x = acc;
    y = fp[pc[1]];
    if (x >= y) {
    cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_ge_u_ai_0: {
    x = acc;
    y = imm32(pc + 1);
    if (x >= y) {
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_ge_u_ai_1: {
    x = acc;
    y = imm32(pc + 1);
    if (x >= y) {
    cost = pc[4];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[3] + 3;
    GOTO_NEXT;
    }
    pc += 5;
    GOTO_NEXT;
}
br_ge_u_sa_0: {
    x = fp[pc[1]];
    y = acc;
    if (x >= y) {
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
br_ge_u_sa_1: {
    x = fp[pc[1]];
    y = acc;
    if (x >= y) {
    cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_z_s_0: {
    x = fp[pc[1]];
    if (x == 0) {
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
br_z_s_1: {
    x = fp[pc[1]];
    if (x == 0) {
    cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_z_a_0: {
    x = acc;
    if (x == 0) {
    pc += (int16_t)pc[1] + 1;
    GOTO_NEXT;
    }
    pc += 2;
    GOTO_NEXT;
}
br_z_a_1: {
    x = acc;
    if (x == 0) {
    cost = pc[2];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[1] + 1;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
br_nz_s_0: {
    x = fp[pc[1]];
    if (x != 0) {
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
br_nz_s_1: {
    x = fp[pc[1]];
    if (x != 0) {
    cost = pc[3];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[2] + 2;
    GOTO_NEXT;
    }
    pc += 4;
    GOTO_NEXT;
}
br_nz_a_0: {
    x = acc;
    if (x != 0) {
    pc += (int16_t)pc[1] + 1;
    GOTO_NEXT;
    }
    pc += 2;
    GOTO_NEXT;
}
br_nz_a_1: {
    x = acc;
    if (x != 0) {
    cost = pc[2];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[1] + 1;
    GOTO_NEXT;
    }
    pc += 3;
    GOTO_NEXT;
}
jump_s_0: {
    pc += (int16_t)pc[1] + 1;
    GOTO_NEXT;
}
jump_s_1: {
    cost = pc[2];
    if (fuel < cost) goto refuel;
    fuel -= cost;
    pc += (int16_t)pc[1] + 1;
    GOTO_NEXT;
}
load_ss_0: {
    x = fp[pc[2]] + fp[pc[3]];
    o = pc[4];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
load_ss_1: {
    x = fp[pc[1]] + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
load_si_0: {
    x = fp[pc[2]] + imm32(pc + 3);
    e = (size_t)x + 3;
    if (e >= size || (sizeof e == 4 && e < 3)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
load_si_1: {
    x = fp[pc[1]] + imm32(pc + 2);
    e = (size_t)x + 3;
    if (e >= size || (sizeof e == 4 && e < 3)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
load_as_0: {
    x = acc + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load_as_1: {
    x = acc + fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load_ai_0: {
    x = acc + imm32(pc + 2);
    e = (size_t)x + 3;
    if (e >= size || (sizeof e == 4 && e < 3)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load_ai_1: {
    x = acc + imm32(pc + 1);
    e = (size_t)x + 3;
    if (e >= size || (sizeof e == 4 && e < 3)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load_s_0: {
    x = fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load_s_1: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load_a_0: {
    x = acc;
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
load_a_1: {
    x = acc;
    o = pc[1];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
load_i_0: {
    x = imm32(pc + 2);
    e = x;
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load_i_1: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load8_s_ss_0: {
    x = fp[pc[2]] + fp[pc[3]];
    o = pc[4];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
load8_s_ss_1: {
    x = fp[pc[1]] + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
load8_s_si_0: {
    e = fp[pc[2]] + imm32(pc + 3);
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
load8_s_si_1: {
    e = fp[pc[1]] + imm32(pc + 2);
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
load8_s_as_0: {
    x = acc + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load8_s_as_1: {
    x = acc + fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load8_s_ai_0: {
    e = acc + imm32(pc + 2);
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load8_s_ai_1: {
    e = acc + imm32(pc + 1);
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load8_s_s_0: {
    x = fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load8_s_s_1: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load8_s_a_0: {
    x = acc;
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
load8_s_a_1: {
    x = acc;
    o = pc[1];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
load8_s_i_0: {
    x = imm32(pc + 2);
    e = x;
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load8_s_i_1: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_int8_t(mem + e - 0);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load8_u_ss_0: {
    x = fp[pc[2]] + fp[pc[3]];
    o = pc[4];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
load8_u_ss_1: {
    x = fp[pc[1]] + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
load8_u_si_0: {
    e = fp[pc[2]] + imm32(pc + 3);
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
load8_u_si_1: {
    e = fp[pc[1]] + imm32(pc + 2);
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
load8_u_as_0: {
    x = acc + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load8_u_as_1: {
    x = acc + fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load8_u_ai_0: {
    e = acc + imm32(pc + 2);
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load8_u_ai_1: {
    e = acc + imm32(pc + 1);
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load8_u_s_0: {
    x = fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load8_u_s_1: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load8_u_a_0: {
    x = acc;
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
load8_u_a_1: {
    x = acc;
    o = pc[1];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
load8_u_i_0: {
    x = imm32(pc + 2);
    e = x;
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load8_u_i_1: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_uint8_t(mem + e - 0);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load16_s_ss_0: {
    x = fp[pc[2]] + fp[pc[3]];
    o = pc[4];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
load16_s_ss_1: {
    x = fp[pc[1]] + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
load16_s_si_0: {
    x = fp[pc[2]] + imm32(pc + 3);
    e = (size_t)x + 1;
    if (e >= size || (sizeof e == 4 && e < 1)) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
load16_s_si_1: {
    x = fp[pc[1]] + imm32(pc + 2);
    e = (size_t)x + 1;
    if (e >= size || (sizeof e == 4 && e < 1)) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
load16_s_as_0: {
    x = acc + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load16_s_as_1: {
    x = acc + fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load16_s_ai_0: {
    x = acc + imm32(pc + 2);
    e = (size_t)x + 1;
    if (e >= size || (sizeof e == 4 && e < 1)) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load16_s_ai_1: {
    x = acc + imm32(pc + 1);
    e = (size_t)x + 1;
    if (e >= size || (sizeof e == 4 && e < 1)) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load16_s_s_0: {
    x = fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load16_s_s_1: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load16_s_a_0: {
    x = acc;
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
load16_s_a_1: {
    x = acc;
    o = pc[1];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
load16_s_i_0: {
    x = imm32(pc + 2);
    e = x;
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load16_s_i_1: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_int16_t(mem + e - 1);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load16_u_ss_0: {
    x = fp[pc[2]] + fp[pc[3]];
    o = pc[4];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
load16_u_ss_1: {
    x = fp[pc[1]] + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
load16_u_si_0: {
    x = fp[pc[2]] + imm32(pc + 3);
    e = (size_t)x + 1;
    if (e >= size || (sizeof e == 4 && e < 1)) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
load16_u_si_1: {
    x = fp[pc[1]] + imm32(pc + 2);
    e = (size_t)x + 1;
    if (e >= size || (sizeof e == 4 && e < 1)) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
load16_u_as_0: {
    x = acc + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load16_u_as_1: {
    x = acc + fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load16_u_ai_0: {
    x = acc + imm32(pc + 2);
    e = (size_t)x + 1;
    if (e >= size || (sizeof e == 4 && e < 1)) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load16_u_ai_1: {
    x = acc + imm32(pc + 1);
    e = (size_t)x + 1;
    if (e >= size || (sizeof e == 4 && e < 1)) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load16_u_s_0: {
    x = fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load16_u_s_1: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load16_u_a_0: {
    x = acc;
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 3;
    GOTO_NEXT;
}
load16_u_a_1: {
    x = acc;
    o = pc[1];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    pc += 2;
    GOTO_NEXT;
}
load16_u_i_0: {
    x = imm32(pc + 2);
    e = x;
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
load16_u_i_1: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    r = (uint32_t)get_uint16_t(mem + e - 1);
    acc = r;
    pc += 3;
    GOTO_NEXT;
}
load_indexed_s_0: {
    x = (fp[pc[2]] << pc[3]) + imm32(pc + 4);
    e = (size_t)x + 3;
    if (e >= size || (sizeof e == 4 && e < 3)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    fp[pc[1]] = r;
    pc += 6;
    GOTO_NEXT;
}
load_indexed_s_1: {
    x = (fp[pc[1]] << pc[2]) + imm32(pc + 3);
    e = (size_t)x + 3;
    if (e >= size || (sizeof e == 4 && e < 3)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    pc += 5;
    GOTO_NEXT;
}
load_indexed_a_0: {
    x = (acc << pc[2]) + imm32(pc + 3);
    e = (size_t)x + 3;
    if (e >= size || (sizeof e == 4 && e < 3)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
load_indexed_a_1: {
    x = (acc << pc[1]) + imm32(pc + 2);
    e = (size_t)x + 3;
    if (e >= size || (sizeof e == 4 && e < 3)) goto trap_memory;
    r = (uint32_t)get_uint32_t(mem + e - 3);
    acc = r;
    pc += 4;
    GOTO_NEXT;
}
load64_s_0: {
    x = fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put64(fp + pc[1], (uint64_t)get_uint64_t(mem + e - 7));
    pc += 4;
    GOTO_NEXT;
}
load64_8s_s_0: {
    x = fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put64(fp + pc[1], (uint64_t)get_int8_t(mem + e - 0));
    pc += 4;
    GOTO_NEXT;
}
load64_8u_s_0: {
    x = fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put64(fp + pc[1], (uint64_t)get_uint8_t(mem + e - 0));
    pc += 4;
    GOTO_NEXT;
}
load64_16s_s_0: {
    x = fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put64(fp + pc[1], (uint64_t)get_int16_t(mem + e - 1));
    pc += 4;
    GOTO_NEXT;
}
load64_16u_s_0: {
    x = fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put64(fp + pc[1], (uint64_t)get_uint16_t(mem + e - 1));
    pc += 4;
    GOTO_NEXT;
}
load64_32s_s_0: {
    x = fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put64(fp + pc[1], (uint64_t)get_int32_t(mem + e - 3));
    pc += 4;
    GOTO_NEXT;
}
load64_32u_s_0: {
    x = fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put64(fp + pc[1], (uint64_t)get_uint32_t(mem + e - 3));
    pc += 4;
    GOTO_NEXT;
}
store_s_ss_0: {
    x = fp[pc[1]] + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint32_t(mem + e - 3, (uint32_t)fp[pc[4]]);
    pc += 5;
    GOTO_NEXT;
}
store_s_si_0: {
    x = fp[pc[1]] + imm32(pc + 2);
    e = (size_t)x + 3;
    if (e >= size || (sizeof e == 4 && e < 3)) goto trap_memory;
    put_uint32_t(mem + e - 3, (uint32_t)fp[pc[4]]);
    pc += 5;
    GOTO_NEXT;
}
store_s_as_0: {
    x = acc + fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint32_t(mem + e - 3, (uint32_t)fp[pc[3]]);
    pc += 4;
    GOTO_NEXT;
}
store_s_ai_0: {
    x = acc + imm32(pc + 1);
    e = (size_t)x + 3;
    if (e >= size || (sizeof e == 4 && e < 3)) goto trap_memory;
    put_uint32_t(mem + e - 3, (uint32_t)fp[pc[3]]);
    pc += 4;
    GOTO_NEXT;
}
store_s_s_0: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint32_t(mem + e - 3, (uint32_t)fp[pc[3]]);
    pc += 4;
    GOTO_NEXT;
}
store_s_a_0: {
    x = acc;
    o = pc[1];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint32_t(mem + e - 3, (uint32_t)fp[pc[2]]);
    pc += 3;
    GOTO_NEXT;
}
store_s_i_0: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    put_uint32_t(mem + e - 3, (uint32_t)fp[pc[3]]);
    pc += 4;
    GOTO_NEXT;
}
store_a_s_0: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint32_t(mem + e - 3, (uint32_t)acc);
    pc += 3;
    GOTO_NEXT;
}
store_a_i_0: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    put_uint32_t(mem + e - 3, (uint32_t)acc);
    pc += 3;
    GOTO_NEXT;
}
store_i_ss_0: {
    x = fp[pc[1]] + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint32_t(mem + e - 3, (uint32_t)imm32(pc + 4));
    pc += 6;
    GOTO_NEXT;
}
store_i_s_0: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint32_t(mem + e - 3, (uint32_t)imm32(pc + 3));
    pc += 5;
    GOTO_NEXT;
}
store_i_a_0: {
    x = acc;
    o = pc[1];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint32_t(mem + e - 3, (uint32_t)imm32(pc + 2));
    pc += 4;
    GOTO_NEXT;
}
store_i_i_0: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    put_uint32_t(mem + e - 3, (uint32_t)imm32(pc + 3));
    pc += 5;
    GOTO_NEXT;
}
store8_s_ss_0: {
    x = fp[pc[1]] + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint8_t(mem + e - 0, (uint8_t)fp[pc[4]]);
    pc += 5;
    GOTO_NEXT;
}
store8_s_si_0: {
    e = fp[pc[1]] + imm32(pc + 2);
    if (e >= size) goto trap_memory;
    put_uint8_t(mem + e - 0, (uint8_t)fp[pc[4]]);
    pc += 5;
    GOTO_NEXT;
}
store8_s_as_0: {
    x = acc + fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint8_t(mem + e - 0, (uint8_t)fp[pc[3]]);
    pc += 4;
    GOTO_NEXT;
}
store8_s_ai_0: {
    e = acc + imm32(pc + 1);
    if (e >= size) goto trap_memory;
    put_uint8_t(mem + e - 0, (uint8_t)fp[pc[3]]);
    pc += 4;
    GOTO_NEXT;
}
store8_s_s_0: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint8_t(mem + e - 0, (uint8_t)fp[pc[3]]);
    pc += 4;
    GOTO_NEXT;
}
store8_s_a_0: {
    x = acc;
    o = pc[1];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint8_t(mem + e - 0, (uint8_t)fp[pc[2]]);
    pc += 3;
    GOTO_NEXT;
}
store8_s_i_0: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    put_uint8_t(mem + e - 0, (uint8_t)fp[pc[3]]);
    pc += 4;
    GOTO_NEXT;
}
store8_a_s_0: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint8_t(mem + e - 0, (uint8_t)acc);
    pc += 3;
    GOTO_NEXT;
}
store8_a_i_0: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    put_uint8_t(mem + e - 0, (uint8_t)acc);
    pc += 3;
    GOTO_NEXT;
}
store8_i_ss_0: {
    x = fp[pc[1]] + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint8_t(mem + e - 0, (uint8_t)imm32(pc + 4));
    pc += 6;
    GOTO_NEXT;
}
store8_i_s_0: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint8_t(mem + e - 0, (uint8_t)imm32(pc + 3));
    pc += 5;
    GOTO_NEXT;
}
store8_i_a_0: {
    x = acc;
    o = pc[1];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint8_t(mem + e - 0, (uint8_t)imm32(pc + 2));
    pc += 4;
    GOTO_NEXT;
}
store8_i_i_0: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    put_uint8_t(mem + e - 0, (uint8_t)imm32(pc + 3));
    pc += 5;
    GOTO_NEXT;
}
store16_s_ss_0: {
    x = fp[pc[1]] + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint16_t(mem + e - 1, (uint16_t)fp[pc[4]]);
    pc += 5;
    GOTO_NEXT;
}
store16_s_si_0: {
    x = fp[pc[1]] + imm32(pc + 2);
    e = (size_t)x + 1;
    if (e >= size || (sizeof e == 4 && e < 1)) goto trap_memory;
    put_uint16_t(mem + e - 1, (uint16_t)fp[pc[4]]);
    pc += 5;
    GOTO_NEXT;
}
store16_s_as_0: {
    x = acc + fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint16_t(mem + e - 1, (uint16_t)fp[pc[3]]);
    pc += 4;
    GOTO_NEXT;
}
store16_s_ai_0: {
    x = acc + imm32(pc + 1);
    e = (size_t)x + 1;
    if (e >= size || (sizeof e == 4 && e < 1)) goto trap_memory;
    put_uint16_t(mem + e - 1, (uint16_t)fp[pc[3]]);
    pc += 4;
    GOTO_NEXT;
}
store16_s_s_0: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint16_t(mem + e - 1, (uint16_t)fp[pc[3]]);
    pc += 4;
    GOTO_NEXT;
}
store16_s_a_0: {
    x = acc;
    o = pc[1];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint16_t(mem + e - 1, (uint16_t)fp[pc[2]]);
    pc += 3;
    GOTO_NEXT;
}
store16_s_i_0: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    put_uint16_t(mem + e - 1, (uint16_t)fp[pc[3]]);
    pc += 4;
    GOTO_NEXT;
}
store16_a_s_0: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint16_t(mem + e - 1, (uint16_t)acc);
    pc += 3;
    GOTO_NEXT;
}
store16_a_i_0: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    put_uint16_t(mem + e - 1, (uint16_t)acc);
    pc += 3;
    GOTO_NEXT;
}
store16_i_ss_0: {
    x = fp[pc[1]] + fp[pc[2]];
    o = pc[3];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint16_t(mem + e - 1, (uint16_t)imm32(pc + 4));
    pc += 6;
    GOTO_NEXT;
}
store16_i_s_0: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint16_t(mem + e - 1, (uint16_t)imm32(pc + 3));
    pc += 5;
    GOTO_NEXT;
}
store16_i_a_0: {
    x = acc;
    o = pc[1];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint16_t(mem + e - 1, (uint16_t)imm32(pc + 2));
    pc += 4;
    GOTO_NEXT;
}
store16_i_i_0: {
    x = imm32(pc + 1);
    e = x;
    if (e >= size) goto trap_memory;
    put_uint16_t(mem + e - 1, (uint16_t)imm32(pc + 3));
    pc += 5;
    GOTO_NEXT;
}
store64_s_s_0: {
    x = fp[pc[1]];
    o = pc[2];
    e = (size_t)x + o;
    if (e >= size || (sizeof e == 4 && e < o)) goto trap_memory;
    put_uint64_t(mem + e - 7, (uint64_t)get64(fp + pc[3]));
    pc += 4;
    GOTO_NEXT;
}
address_si_0: {
    x = fp[pc[2]];
    y = imm32(pc + 3);
    if (x > UINT32_MAX - y) goto trap_memory;
    r = x + y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
add64_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    put64(fp + pc[1], wide_x + wide_y);
    pc += 4;
    GOTO_NEXT;
}
add64_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], wide_x + wide_y);
    pc += 5;
    GOTO_NEXT;
}
sub64_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    put64(fp + pc[1], wide_x - wide_y);
    pc += 4;
    GOTO_NEXT;
}
sub64_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], wide_x - wide_y);
    pc += 5;
    GOTO_NEXT;
}
mul64_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    put64(fp + pc[1], wide_x * wide_y);
    pc += 4;
    GOTO_NEXT;
}
mul64_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], wide_x * wide_y);
    pc += 5;
    GOTO_NEXT;
}
div64_s_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    if (wide_y == 0) goto trap_divide;
    if (wide_x == 1ull << 63 && wide_y == UINT64_MAX) goto trap_overflow;
    put64(fp + pc[1], (uint64_t)((int64_t)wide_x / (int64_t)wide_y));
    pc += 4;
    GOTO_NEXT;
}
div64_u_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    if (wide_y == 0) goto trap_divide;
    put64(fp + pc[1], wide_x / wide_y);
    pc += 4;
    GOTO_NEXT;
}
rem64_s_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    if (wide_y == 0) goto trap_divide;
    put64(fp + pc[1], wide_y == UINT64_MAX ? 0 : (uint64_t)((int64_t)wide_x % (int64_t)wide_y));
    pc += 4;
    GOTO_NEXT;
}
rem64_u_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    if (wide_y == 0) goto trap_divide;
    put64(fp + pc[1], wide_x % wide_y);
    pc += 4;
    GOTO_NEXT;
}
and64_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    put64(fp + pc[1], wide_x & wide_y);
    pc += 4;
    GOTO_NEXT;
}
and64_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], wide_x & wide_y);
    pc += 5;
    GOTO_NEXT;
}
or64_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    put64(fp + pc[1], wide_x | wide_y);
    pc += 4;
    GOTO_NEXT;
}
or64_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], wide_x | wide_y);
    pc += 5;
    GOTO_NEXT;
}
xor64_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    put64(fp + pc[1], wide_x ^ wide_y);
    pc += 4;
    GOTO_NEXT;
}
xor64_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], wide_x ^ wide_y);
    pc += 5;
    GOTO_NEXT;
}
shl64_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    put64(fp + pc[1], wide_x << (wide_y & 63));
    pc += 4;
    GOTO_NEXT;
}
shl64_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], wide_x << (wide_y & 63));
    pc += 5;
    GOTO_NEXT;
}
shr64_s_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    put64(fp + pc[1], (uint64_t)((int64_t)wide_x >> (wide_y & 63)));
    pc += 4;
    GOTO_NEXT;
}
shr64_s_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], (uint64_t)((int64_t)wide_x >> (wide_y & 63)));
    pc += 5;
    GOTO_NEXT;
}
shr64_u_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    put64(fp + pc[1], wide_x >> (wide_y & 63));
    pc += 4;
    GOTO_NEXT;
}
shr64_u_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], wide_x >> (wide_y & 63));
    pc += 5;
    GOTO_NEXT;
}
rotl64_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    put64(fp + pc[1], wide_x << (wide_y & 63) | wide_x >> (-wide_y & 63));
    pc += 4;
    GOTO_NEXT;
}
rotl64_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], wide_x << (wide_y & 63) | wide_x >> (-wide_y & 63));
    pc += 5;
    GOTO_NEXT;
}
rotr64_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    put64(fp + pc[1], wide_x >> (wide_y & 63) | wide_x << (-wide_y & 63));
    pc += 4;
    GOTO_NEXT;
}
rotr64_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    put64(fp + pc[1], wide_x >> (wide_y & 63) | wide_x << (-wide_y & 63));
    pc += 5;
    GOTO_NEXT;
}
eq64_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    r = wide_x == wide_y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
eq64_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    r = wide_x == wide_y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
ne64_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    r = wide_x != wide_y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
ne64_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    r = wide_x != wide_y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
lt64_s_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    r = (int64_t)wide_x < (int64_t)wide_y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
lt64_s_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    r = (int64_t)wide_x < (int64_t)wide_y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
ge64_s_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    r = (int64_t)wide_x >= (int64_t)wide_y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
ge64_s_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    r = (int64_t)wide_x >= (int64_t)wide_y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
lt64_u_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    r = wide_x < wide_y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
lt64_u_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    r = wide_x < wide_y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
ge64_u_ss_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = get64(fp + pc[3]);
    r = wide_x >= wide_y;
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
ge64_u_si_0: {
    wide_x = get64(fp + pc[2]);
    wide_y = (uint64_t)(int64_t)(int32_t)imm32(pc + 3);
    r = wide_x >= wide_y;
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
clz64_s_0: {
    wide_x = get64(fp + pc[2]);
    put64(fp + pc[1], clz64(wide_x));
    pc += 3;
    GOTO_NEXT;
}
ctz64_s_0: {
    wide_x = get64(fp + pc[2]);
    put64(fp + pc[1], ctz64(wide_x));
    pc += 3;
    GOTO_NEXT;
}
popcnt64_s_0: {
    wide_x = get64(fp + pc[2]);
    put64(fp + pc[1], popcount64(wide_x));
    pc += 3;
    GOTO_NEXT;
}
ext64_8_s_0: {
    wide_x = get64(fp + pc[2]);
    put64(fp + pc[1], (uint64_t)(int64_t)(int8_t)wide_x);
    pc += 3;
    GOTO_NEXT;
}
ext64_16_s_0: {
    wide_x = get64(fp + pc[2]);
    put64(fp + pc[1], (uint64_t)(int64_t)(int16_t)wide_x);
    pc += 3;
    GOTO_NEXT;
}
ext64_32_s_0: {
    wide_x = get64(fp + pc[2]);
    put64(fp + pc[1], (uint64_t)(int64_t)(int32_t)wide_x);
    pc += 3;
    GOTO_NEXT;
}
extend_s_s_0: {
    x = fp[pc[2]];
    put64(fp + pc[1], (uint64_t)(int64_t)(int32_t)x);
    pc += 3;
    GOTO_NEXT;
}
extend_u_s_0: {
    x = fp[pc[2]];
    put64(fp + pc[1], x);
    pc += 3;
    GOTO_NEXT;
}
move_s_0: {
    fp[pc[1]] = fp[pc[2]];
    pc += 3;
    GOTO_NEXT;
}
move_a_0: {
    fp[pc[1]] = acc;
    pc += 2;
    GOTO_NEXT;
}
move_i_0: {
    fp[pc[1]] = imm32(pc + 2);
    pc += 4;
    GOTO_NEXT;
}
move2_s_0: {
    fp[pc[1]] = fp[pc[2]];
    fp[pc[3]] = fp[pc[4]];
    pc += 5;
    GOTO_NEXT;
}
move64_s_0: {
    put64(fp + pc[1], get64(fp + pc[2]));
    pc += 3;
    GOTO_NEXT;
}
move64_i_0: {
    put64(fp + pc[1], (uint64_t)(int64_t)(int32_t)imm32(pc + 2));
    pc += 4;
    GOTO_NEXT;
}
const64_i_0: {
    fp[pc[1]] = imm32(pc + 2);
    fp[pc[1] + 1] = imm32(pc + 4);
    pc += 6;
    GOTO_NEXT;
}
select_s_0: {
    r = fp[pc[4]] ? fp[pc[2]] : fp[pc[3]];
    acc = r;
    fp[pc[1]] = r;
    pc += 5;
    GOTO_NEXT;
}
select_a_0: {
    r = acc ? fp[pc[2]] : fp[pc[3]];
    acc = r;
    fp[pc[1]] = r;
    pc += 4;
    GOTO_NEXT;
}
select64_s_0: {
    put64(fp + pc[1], get64(fp + (fp[pc[4]] ? pc[2] : pc[3])));
    pc += 5;
    GOTO_NEXT;
}
select64_a_0: {
    put64(fp + pc[1], get64(fp + (acc ? pc[2] : pc[3])));
    pc += 4;
    GOTO_NEXT;
}
global_get_s_0: {
    acc = globals[pc[2]];
    fp[pc[1]] = acc;
    pc += 3;
    GOTO_NEXT;
}
global_get_s_1: {
    acc = globals[pc[1]];
    pc += 2;
    GOTO_NEXT;
}
global_set_s_0: {
    globals[pc[2]] = fp[pc[1]];
    pc += 3;
    GOTO_NEXT;
}
global_set_a_0: {
    globals[pc[1]] = acc;
    pc += 2;
    GOTO_NEXT;
}
global_set_i_0: {
    globals[pc[3]] = imm32(pc + 1);
    pc += 4;
    GOTO_NEXT;
}
global_get64_s_0: {
    put64(fp + pc[1], get64(globals + pc[2]));
    pc += 3;
    GOTO_NEXT;
}
global_set64_s_0: {
    put64(globals + pc[2], get64(fp + pc[1]));
    pc += 3;
    GOTO_NEXT;
}
/* clang-format on */
