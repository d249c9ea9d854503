/* Made by src/vm/gen_ops.py; do not edit. */
#ifndef VM_OPS_GEN_H
#define VM_OPS_GEN_H

/* clang-format off */
enum vm_row {
    ROW_ADD,
    ROW_SUB,
    ROW_MUL,
    ROW_DIV_S,
    ROW_DIV_U,
    ROW_REM_S,
    ROW_REM_U,
    ROW_AND,
    ROW_OR,
    ROW_XOR,
    ROW_SHL,
    ROW_SHR_S,
    ROW_SHR_U,
    ROW_ROTL,
    ROW_ROTR,
    ROW_EQ,
    ROW_NE,
    ROW_LT_S,
    ROW_GE_S,
    ROW_LT_U,
    ROW_GE_U,
    ROW_CLZ,
    ROW_CTZ,
    ROW_POPCNT,
    ROW_EXT8,
    ROW_EXT16,
    ROW_SHL_ADD,
    ROW_SHL_XOR,
    ROW_SHL_OR,
    ROW_SHR_U_ADD,
    ROW_SHR_U_XOR,
    ROW_SHR_U_OR,
    ROW_ROTL_ADD,
    ROW_ROTL_XOR,
    ROW_ROTL_OR,
    ROW_MUL_ADD,
    ROW_MUL_XOR,
    ROW_MUL_OR,
    ROW_AND_ADD,
    ROW_AND_XOR,
    ROW_AND_OR,
    ROW_SHR_U_AND,
    ROW_BR_EQ,
    ROW_BR_NE,
    ROW_BR_LT_S,
    ROW_BR_GE_S,
    ROW_BR_LT_U,
    ROW_BR_GE_U,
    ROW_BR_Z,
    ROW_BR_NZ,
    ROW_JUMP,
    ROW_LOAD,
    ROW_LOAD8_S,
    ROW_LOAD8_U,
    ROW_LOAD16_S,
    ROW_LOAD16_U,
    ROW_LOAD_INDEXED,
    ROW_LOAD64,
    ROW_LOAD64_8S,
    ROW_LOAD64_8U,
    ROW_LOAD64_16S,
    ROW_LOAD64_16U,
    ROW_LOAD64_32S,
    ROW_LOAD64_32U,
    ROW_STORE_S,
    ROW_STORE_A,
    ROW_STORE_I,
    ROW_STORE8_S,
    ROW_STORE8_A,
    ROW_STORE8_I,
    ROW_STORE16_S,
    ROW_STORE16_A,
    ROW_STORE16_I,
    ROW_STORE64_S,
    ROW_ADDRESS,
    ROW_ADD64,
    ROW_SUB64,
    ROW_MUL64,
    ROW_DIV64_S,
    ROW_DIV64_U,
    ROW_REM64_S,
    ROW_REM64_U,
    ROW_AND64,
    ROW_OR64,
    ROW_XOR64,
    ROW_SHL64,
    ROW_SHR64_S,
    ROW_SHR64_U,
    ROW_ROTL64,
    ROW_ROTR64,
    ROW_EQ64,
    ROW_NE64,
    ROW_LT64_S,
    ROW_GE64_S,
    ROW_LT64_U,
    ROW_GE64_U,
    ROW_CLZ64,
    ROW_CTZ64,
    ROW_POPCNT64,
    ROW_EXT64_8,
    ROW_EXT64_16,
    ROW_EXT64_32,
    ROW_EXTEND_S,
    ROW_EXTEND_U,
    ROW_MOVE,
    ROW_MOVE2,
    ROW_MOVE64,
    ROW_CONST64,
    ROW_SELECT,
    ROW_SELECT64,
    ROW_GLOBAL_GET,
    ROW_GLOBAL_SET,
    ROW_GLOBAL_GET64,
    ROW_GLOBAL_SET64,
    ROW_BR_TABLE,
    ROW_RETURN,
    ROW_RETURN_VOID,
    ROW_RETURN64,
    ROW_CALL,
    ROW_CALL_INDIRECT,
    ROW_CALL_HOST,
    ROW_UNREACHABLE,
    ROW_HALT,
    ROW_MEMORY_SIZE,
    ROW_MEMORY_GROW,
    ROW_BULK,
    ROW_COUNT
};

enum vm_form {
    FORM_SS,
    FORM_SI,
    FORM_AS,
    FORM_AI,
    FORM_SA,
    FORM_S,
    FORM_A,
    FORM_I,
};

/* The first token of each row, which forms it has (bit form * 2 + variant). */
#define VM_ROWS \
    {0u, 0x00ffu}, /* ADD */ \
    {8u, 0x0333u}, /* SUB */ \
    {14u, 0x00ffu}, /* MUL */ \
    {22u, 0x0005u}, /* DIV_S */ \
    {24u, 0x0005u}, /* DIV_U */ \
    {26u, 0x0005u}, /* REM_S */ \
    {28u, 0x0005u}, /* REM_U */ \
    {30u, 0x00ffu}, /* AND */ \
    {38u, 0x00ffu}, /* OR */ \
    {46u, 0x00ffu}, /* XOR */ \
    {54u, 0x03ffu}, /* SHL */ \
    {64u, 0x03ffu}, /* SHR_S */ \
    {74u, 0x03ffu}, /* SHR_U */ \
    {84u, 0x00ffu}, /* ROTL */ \
    {92u, 0x0001u}, /* ROTR */ \
    {93u, 0x0055u}, /* EQ */ \
    {97u, 0x0055u}, /* NE */ \
    {101u, 0x0155u}, /* LT_S */ \
    {106u, 0x0155u}, /* GE_S */ \
    {111u, 0x0155u}, /* LT_U */ \
    {116u, 0x0155u}, /* GE_U */ \
    {121u, 0x1400u}, /* CLZ */ \
    {123u, 0x1400u}, /* CTZ */ \
    {125u, 0x1400u}, /* POPCNT */ \
    {127u, 0x3c00u}, /* EXT8 */ \
    {131u, 0x3c00u}, /* EXT16 */ \
    {135u, 0x03ffu}, /* SHL_ADD */ \
    {145u, 0x0333u}, /* SHL_XOR */ \
    {151u, 0x03ffu}, /* SHL_OR */ \
    {161u, 0x0333u}, /* SHR_U_ADD */ \
    {167u, 0x0333u}, /* SHR_U_XOR */ \
    {173u, 0x0333u}, /* SHR_U_OR */ \
    {179u, 0x0333u}, /* ROTL_ADD */ \
    {185u, 0x0333u}, /* ROTL_XOR */ \
    {191u, 0x0333u}, /* ROTL_OR */ \
    {197u, 0x0333u}, /* MUL_ADD */ \
    {203u, 0x0333u}, /* MUL_XOR */ \
    {209u, 0x0333u}, /* MUL_OR */ \
    {215u, 0x0333u}, /* AND_ADD */ \
    {221u, 0x0333u}, /* AND_XOR */ \
    {227u, 0x0333u}, /* AND_OR */ \
    {233u, 0x3c00u}, /* SHR_U_AND */ \
    {237u, 0x00ffu}, /* BR_EQ */ \
    {245u, 0x00ffu}, /* BR_NE */ \
    {253u, 0x03ffu}, /* BR_LT_S */ \
    {263u, 0x03ffu}, /* BR_GE_S */ \
    {273u, 0x03ffu}, /* BR_LT_U */ \
    {283u, 0x03ffu}, /* BR_GE_U */ \
    {293u, 0x3c00u}, /* BR_Z */ \
    {297u, 0x3c00u}, /* BR_NZ */ \
    {301u, 0x0c00u}, /* JUMP */ \
    {303u, 0xfcffu}, /* LOAD */ \
    {317u, 0xfcffu}, /* LOAD8_S */ \
    {331u, 0xfcffu}, /* LOAD8_U */ \
    {345u, 0xfcffu}, /* LOAD16_S */ \
    {359u, 0xfcffu}, /* LOAD16_U */ \
    {373u, 0x3c00u}, /* LOAD_INDEXED */ \
    {377u, 0x0400u}, /* LOAD64 */ \
    {378u, 0x0400u}, /* LOAD64_8S */ \
    {379u, 0x0400u}, /* LOAD64_8U */ \
    {380u, 0x0400u}, /* LOAD64_16S */ \
    {381u, 0x0400u}, /* LOAD64_16U */ \
    {382u, 0x0400u}, /* LOAD64_32S */ \
    {383u, 0x0400u}, /* LOAD64_32U */ \
    {384u, 0x5455u}, /* STORE_S */ \
    {391u, 0x4400u}, /* STORE_A */ \
    {393u, 0x5401u}, /* STORE_I */ \
    {397u, 0x5455u}, /* STORE8_S */ \
    {404u, 0x4400u}, /* STORE8_A */ \
    {406u, 0x5401u}, /* STORE8_I */ \
    {410u, 0x5455u}, /* STORE16_S */ \
    {417u, 0x4400u}, /* STORE16_A */ \
    {419u, 0x5401u}, /* STORE16_I */ \
    {423u, 0x0400u}, /* STORE64_S */ \
    {424u, 0x0004u}, /* ADDRESS */ \
    {425u, 0x0005u}, /* ADD64 */ \
    {427u, 0x0005u}, /* SUB64 */ \
    {429u, 0x0005u}, /* MUL64 */ \
    {431u, 0x0001u}, /* DIV64_S */ \
    {432u, 0x0001u}, /* DIV64_U */ \
    {433u, 0x0001u}, /* REM64_S */ \
    {434u, 0x0001u}, /* REM64_U */ \
    {435u, 0x0005u}, /* AND64 */ \
    {437u, 0x0005u}, /* OR64 */ \
    {439u, 0x0005u}, /* XOR64 */ \
    {441u, 0x0005u}, /* SHL64 */ \
    {443u, 0x0005u}, /* SHR64_S */ \
    {445u, 0x0005u}, /* SHR64_U */ \
    {447u, 0x0005u}, /* ROTL64 */ \
    {449u, 0x0005u}, /* ROTR64 */ \
    {451u, 0x0005u}, /* EQ64 */ \
    {453u, 0x0005u}, /* NE64 */ \
    {455u, 0x0005u}, /* LT64_S */ \
    {457u, 0x0005u}, /* GE64_S */ \
    {459u, 0x0005u}, /* LT64_U */ \
    {461u, 0x0005u}, /* GE64_U */ \
    {463u, 0x0400u}, /* CLZ64 */ \
    {464u, 0x0400u}, /* CTZ64 */ \
    {465u, 0x0400u}, /* POPCNT64 */ \
    {466u, 0x0400u}, /* EXT64_8 */ \
    {467u, 0x0400u}, /* EXT64_16 */ \
    {468u, 0x0400u}, /* EXT64_32 */ \
    {469u, 0x0400u}, /* EXTEND_S */ \
    {470u, 0x0400u}, /* EXTEND_U */ \
    {471u, 0x5400u}, /* MOVE */ \
    {474u, 0x0400u}, /* MOVE2 */ \
    {475u, 0x4400u}, /* MOVE64 */ \
    {477u, 0x4000u}, /* CONST64 */ \
    {478u, 0x1400u}, /* SELECT */ \
    {480u, 0x1400u}, /* SELECT64 */ \
    {482u, 0x0c00u}, /* GLOBAL_GET */ \
    {484u, 0x5400u}, /* GLOBAL_SET */ \
    {487u, 0x0400u}, /* GLOBAL_GET64 */ \
    {488u, 0x0400u}, /* GLOBAL_SET64 */ \
    {489u, 0x1400u}, /* BR_TABLE */ \
    {491u, 0x5400u}, /* RETURN */ \
    {494u, 0x0400u}, /* RETURN_VOID */ \
    {495u, 0x0400u}, /* RETURN64 */ \
    {496u, 0x0400u}, /* CALL */ \
    {497u, 0x0400u}, /* CALL_INDIRECT */ \
    {498u, 0x0400u}, /* CALL_HOST */ \
    {499u, 0x0400u}, /* UNREACHABLE */ \
    {500u, 0x0400u}, /* HALT */ \
    {501u, 0x0400u}, /* MEMORY_SIZE */ \
    {502u, 0x0400u}, /* MEMORY_GROW */ \
    {503u, 0x0400u}, /* BULK */ \

#define TOKEN_ADD_SS_0 0u
#define TOKEN_ADD_SS_1 1u
#define TOKEN_ADD_SI_0 2u
#define TOKEN_ADD_SI_1 3u
#define TOKEN_ADD_AS_0 4u
#define TOKEN_ADD_AS_1 5u
#define TOKEN_ADD_AI_0 6u
#define TOKEN_ADD_AI_1 7u
#define TOKEN_SUB_SS_0 8u
#define TOKEN_SUB_SS_1 9u
#define TOKEN_SUB_AS_0 10u
#define TOKEN_SUB_AS_1 11u
#define TOKEN_SUB_SA_0 12u
#define TOKEN_SUB_SA_1 13u
#define TOKEN_MUL_SS_0 14u
#define TOKEN_MUL_SS_1 15u
#define TOKEN_MUL_SI_0 16u
#define TOKEN_MUL_SI_1 17u
#define TOKEN_MUL_AS_0 18u
#define TOKEN_MUL_AS_1 19u
#define TOKEN_MUL_AI_0 20u
#define TOKEN_MUL_AI_1 21u
#define TOKEN_DIV_S_SS_0 22u
#define TOKEN_DIV_S_SI_0 23u
#define TOKEN_DIV_U_SS_0 24u
#define TOKEN_DIV_U_SI_0 25u
#define TOKEN_REM_S_SS_0 26u
#define TOKEN_REM_S_SI_0 27u
#define TOKEN_REM_U_SS_0 28u
#define TOKEN_REM_U_SI_0 29u
#define TOKEN_AND_SS_0 30u
#define TOKEN_AND_SS_1 31u
#define TOKEN_AND_SI_0 32u
#define TOKEN_AND_SI_1 33u
#define TOKEN_AND_AS_0 34u
#define TOKEN_AND_AS_1 35u
#define TOKEN_AND_AI_0 36u
#define TOKEN_AND_AI_1 37u
#define TOKEN_OR_SS_0 38u
#define TOKEN_OR_SS_1 39u
#define TOKEN_OR_SI_0 40u
#define TOKEN_OR_SI_1 41u
#define TOKEN_OR_AS_0 42u
#define TOKEN_OR_AS_1 43u
#define TOKEN_OR_AI_0 44u
#define TOKEN_OR_AI_1 45u
#define TOKEN_XOR_SS_0 46u
#define TOKEN_XOR_SS_1 47u
#define TOKEN_XOR_SI_0 48u
#define TOKEN_XOR_SI_1 49u
#define TOKEN_XOR_AS_0 50u
#define TOKEN_XOR_AS_1 51u
#define TOKEN_XOR_AI_0 52u
#define TOKEN_XOR_AI_1 53u
#define TOKEN_SHL_SS_0 54u
#define TOKEN_SHL_SS_1 55u
#define TOKEN_SHL_SI_0 56u
#define TOKEN_SHL_SI_1 57u
#define TOKEN_SHL_AS_0 58u
#define TOKEN_SHL_AS_1 59u
#define TOKEN_SHL_AI_0 60u
#define TOKEN_SHL_AI_1 61u
#define TOKEN_SHL_SA_0 62u
#define TOKEN_SHL_SA_1 63u
#define TOKEN_SHR_S_SS_0 64u
#define TOKEN_SHR_S_SS_1 65u
#define TOKEN_SHR_S_SI_0 66u
#define TOKEN_SHR_S_SI_1 67u
#define TOKEN_SHR_S_AS_0 68u
#define TOKEN_SHR_S_AS_1 69u
#define TOKEN_SHR_S_AI_0 70u
#define TOKEN_SHR_S_AI_1 71u
#define TOKEN_SHR_S_SA_0 72u
#define TOKEN_SHR_S_SA_1 73u
#define TOKEN_SHR_U_SS_0 74u
#define TOKEN_SHR_U_SS_1 75u
#define TOKEN_SHR_U_SI_0 76u
#define TOKEN_SHR_U_SI_1 77u
#define TOKEN_SHR_U_AS_0 78u
#define TOKEN_SHR_U_AS_1 79u
#define TOKEN_SHR_U_AI_0 80u
#define TOKEN_SHR_U_AI_1 81u
#define TOKEN_SHR_U_SA_0 82u
#define TOKEN_SHR_U_SA_1 83u
#define TOKEN_ROTL_SS_0 84u
#define TOKEN_ROTL_SS_1 85u
#define TOKEN_ROTL_SI_0 86u
#define TOKEN_ROTL_SI_1 87u
#define TOKEN_ROTL_AS_0 88u
#define TOKEN_ROTL_AS_1 89u
#define TOKEN_ROTL_AI_0 90u
#define TOKEN_ROTL_AI_1 91u
#define TOKEN_ROTR_SS_0 92u
#define TOKEN_EQ_SS_0 93u
#define TOKEN_EQ_SI_0 94u
#define TOKEN_EQ_AS_0 95u
#define TOKEN_EQ_AI_0 96u
#define TOKEN_NE_SS_0 97u
#define TOKEN_NE_SI_0 98u
#define TOKEN_NE_AS_0 99u
#define TOKEN_NE_AI_0 100u
#define TOKEN_LT_S_SS_0 101u
#define TOKEN_LT_S_SI_0 102u
#define TOKEN_LT_S_AS_0 103u
#define TOKEN_LT_S_AI_0 104u
#define TOKEN_LT_S_SA_0 105u
#define TOKEN_GE_S_SS_0 106u
#define TOKEN_GE_S_SI_0 107u
#define TOKEN_GE_S_AS_0 108u
#define TOKEN_GE_S_AI_0 109u
#define TOKEN_GE_S_SA_0 110u
#define TOKEN_LT_U_SS_0 111u
#define TOKEN_LT_U_SI_0 112u
#define TOKEN_LT_U_AS_0 113u
#define TOKEN_LT_U_AI_0 114u
#define TOKEN_LT_U_SA_0 115u
#define TOKEN_GE_U_SS_0 116u
#define TOKEN_GE_U_SI_0 117u
#define TOKEN_GE_U_AS_0 118u
#define TOKEN_GE_U_AI_0 119u
#define TOKEN_GE_U_SA_0 120u
#define TOKEN_CLZ_S_0 121u
#define TOKEN_CLZ_A_0 122u
#define TOKEN_CTZ_S_0 123u
#define TOKEN_CTZ_A_0 124u
#define TOKEN_POPCNT_S_0 125u
#define TOKEN_POPCNT_A_0 126u
#define TOKEN_EXT8_S_0 127u
#define TOKEN_EXT8_S_1 128u
#define TOKEN_EXT8_A_0 129u
#define TOKEN_EXT8_A_1 130u
#define TOKEN_EXT16_S_0 131u
#define TOKEN_EXT16_S_1 132u
#define TOKEN_EXT16_A_0 133u
#define TOKEN_EXT16_A_1 134u
#define TOKEN_SHL_ADD_SS_0 135u
#define TOKEN_SHL_ADD_SS_1 136u
#define TOKEN_SHL_ADD_SI_0 137u
#define TOKEN_SHL_ADD_SI_1 138u
#define TOKEN_SHL_ADD_AS_0 139u
#define TOKEN_SHL_ADD_AS_1 140u
#define TOKEN_SHL_ADD_AI_0 141u
#define TOKEN_SHL_ADD_AI_1 142u
#define TOKEN_SHL_ADD_SA_0 143u
#define TOKEN_SHL_ADD_SA_1 144u
#define TOKEN_SHL_XOR_SS_0 145u
#define TOKEN_SHL_XOR_SS_1 146u
#define TOKEN_SHL_XOR_AS_0 147u
#define TOKEN_SHL_XOR_AS_1 148u
#define TOKEN_SHL_XOR_SA_0 149u
#define TOKEN_SHL_XOR_SA_1 150u
#define TOKEN_SHL_OR_SS_0 151u
#define TOKEN_SHL_OR_SS_1 152u
#define TOKEN_SHL_OR_SI_0 153u
#define TOKEN_SHL_OR_SI_1 154u
#define TOKEN_SHL_OR_AS_0 155u
#define TOKEN_SHL_OR_AS_1 156u
#define TOKEN_SHL_OR_AI_0 157u
#define TOKEN_SHL_OR_AI_1 158u
#define TOKEN_SHL_OR_SA_0 159u
#define TOKEN_SHL_OR_SA_1 160u
#define TOKEN_SHR_U_ADD_SS_0 161u
#define TOKEN_SHR_U_ADD_SS_1 162u
#define TOKEN_SHR_U_ADD_AS_0 163u
#define TOKEN_SHR_U_ADD_AS_1 164u
#define TOKEN_SHR_U_ADD_SA_0 165u
#define TOKEN_SHR_U_ADD_SA_1 166u
#define TOKEN_SHR_U_XOR_SS_0 167u
#define TOKEN_SHR_U_XOR_SS_1 168u
#define TOKEN_SHR_U_XOR_AS_0 169u
#define TOKEN_SHR_U_XOR_AS_1 170u
#define TOKEN_SHR_U_XOR_SA_0 171u
#define TOKEN_SHR_U_XOR_SA_1 172u
#define TOKEN_SHR_U_OR_SS_0 173u
#define TOKEN_SHR_U_OR_SS_1 174u
#define TOKEN_SHR_U_OR_AS_0 175u
#define TOKEN_SHR_U_OR_AS_1 176u
#define TOKEN_SHR_U_OR_SA_0 177u
#define TOKEN_SHR_U_OR_SA_1 178u
#define TOKEN_ROTL_ADD_SS_0 179u
#define TOKEN_ROTL_ADD_SS_1 180u
#define TOKEN_ROTL_ADD_AS_0 181u
#define TOKEN_ROTL_ADD_AS_1 182u
#define TOKEN_ROTL_ADD_SA_0 183u
#define TOKEN_ROTL_ADD_SA_1 184u
#define TOKEN_ROTL_XOR_SS_0 185u
#define TOKEN_ROTL_XOR_SS_1 186u
#define TOKEN_ROTL_XOR_AS_0 187u
#define TOKEN_ROTL_XOR_AS_1 188u
#define TOKEN_ROTL_XOR_SA_0 189u
#define TOKEN_ROTL_XOR_SA_1 190u
#define TOKEN_ROTL_OR_SS_0 191u
#define TOKEN_ROTL_OR_SS_1 192u
#define TOKEN_ROTL_OR_AS_0 193u
#define TOKEN_ROTL_OR_AS_1 194u
#define TOKEN_ROTL_OR_SA_0 195u
#define TOKEN_ROTL_OR_SA_1 196u
#define TOKEN_MUL_ADD_SS_0 197u
#define TOKEN_MUL_ADD_SS_1 198u
#define TOKEN_MUL_ADD_AS_0 199u
#define TOKEN_MUL_ADD_AS_1 200u
#define TOKEN_MUL_ADD_SA_0 201u
#define TOKEN_MUL_ADD_SA_1 202u
#define TOKEN_MUL_XOR_SS_0 203u
#define TOKEN_MUL_XOR_SS_1 204u
#define TOKEN_MUL_XOR_AS_0 205u
#define TOKEN_MUL_XOR_AS_1 206u
#define TOKEN_MUL_XOR_SA_0 207u
#define TOKEN_MUL_XOR_SA_1 208u
#define TOKEN_MUL_OR_SS_0 209u
#define TOKEN_MUL_OR_SS_1 210u
#define TOKEN_MUL_OR_AS_0 211u
#define TOKEN_MUL_OR_AS_1 212u
#define TOKEN_MUL_OR_SA_0 213u
#define TOKEN_MUL_OR_SA_1 214u
#define TOKEN_AND_ADD_SS_0 215u
#define TOKEN_AND_ADD_SS_1 216u
#define TOKEN_AND_ADD_AS_0 217u
#define TOKEN_AND_ADD_AS_1 218u
#define TOKEN_AND_ADD_SA_0 219u
#define TOKEN_AND_ADD_SA_1 220u
#define TOKEN_AND_XOR_SS_0 221u
#define TOKEN_AND_XOR_SS_1 222u
#define TOKEN_AND_XOR_AS_0 223u
#define TOKEN_AND_XOR_AS_1 224u
#define TOKEN_AND_XOR_SA_0 225u
#define TOKEN_AND_XOR_SA_1 226u
#define TOKEN_AND_OR_SS_0 227u
#define TOKEN_AND_OR_SS_1 228u
#define TOKEN_AND_OR_AS_0 229u
#define TOKEN_AND_OR_AS_1 230u
#define TOKEN_AND_OR_SA_0 231u
#define TOKEN_AND_OR_SA_1 232u
#define TOKEN_SHR_U_AND_S_0 233u
#define TOKEN_SHR_U_AND_S_1 234u
#define TOKEN_SHR_U_AND_A_0 235u
#define TOKEN_SHR_U_AND_A_1 236u
#define TOKEN_BR_EQ_SS_0 237u
#define TOKEN_BR_EQ_SS_1 238u
#define TOKEN_BR_EQ_SI_0 239u
#define TOKEN_BR_EQ_SI_1 240u
#define TOKEN_BR_EQ_AS_0 241u
#define TOKEN_BR_EQ_AS_1 242u
#define TOKEN_BR_EQ_AI_0 243u
#define TOKEN_BR_EQ_AI_1 244u
#define TOKEN_BR_NE_SS_0 245u
#define TOKEN_BR_NE_SS_1 246u
#define TOKEN_BR_NE_SI_0 247u
#define TOKEN_BR_NE_SI_1 248u
#define TOKEN_BR_NE_AS_0 249u
#define TOKEN_BR_NE_AS_1 250u
#define TOKEN_BR_NE_AI_0 251u
#define TOKEN_BR_NE_AI_1 252u
#define TOKEN_BR_LT_S_SS_0 253u
#define TOKEN_BR_LT_S_SS_1 254u
#define TOKEN_BR_LT_S_SI_0 255u
#define TOKEN_BR_LT_S_SI_1 256u
#define TOKEN_BR_LT_S_AS_0 257u
#define TOKEN_BR_LT_S_AS_1 258u
#define TOKEN_BR_LT_S_AI_0 259u
#define TOKEN_BR_LT_S_AI_1 260u
#define TOKEN_BR_LT_S_SA_0 261u
#define TOKEN_BR_LT_S_SA_1 262u
#define TOKEN_BR_GE_S_SS_0 263u
#define TOKEN_BR_GE_S_SS_1 264u
#define TOKEN_BR_GE_S_SI_0 265u
#define TOKEN_BR_GE_S_SI_1 266u
#define TOKEN_BR_GE_S_AS_0 267u
#define TOKEN_BR_GE_S_AS_1 268u
#define TOKEN_BR_GE_S_AI_0 269u
#define TOKEN_BR_GE_S_AI_1 270u
#define TOKEN_BR_GE_S_SA_0 271u
#define TOKEN_BR_GE_S_SA_1 272u
#define TOKEN_BR_LT_U_SS_0 273u
#define TOKEN_BR_LT_U_SS_1 274u
#define TOKEN_BR_LT_U_SI_0 275u
#define TOKEN_BR_LT_U_SI_1 276u
#define TOKEN_BR_LT_U_AS_0 277u
#define TOKEN_BR_LT_U_AS_1 278u
#define TOKEN_BR_LT_U_AI_0 279u
#define TOKEN_BR_LT_U_AI_1 280u
#define TOKEN_BR_LT_U_SA_0 281u
#define TOKEN_BR_LT_U_SA_1 282u
#define TOKEN_BR_GE_U_SS_0 283u
#define TOKEN_BR_GE_U_SS_1 284u
#define TOKEN_BR_GE_U_SI_0 285u
#define TOKEN_BR_GE_U_SI_1 286u
#define TOKEN_BR_GE_U_AS_0 287u
#define TOKEN_BR_GE_U_AS_1 288u
#define TOKEN_BR_GE_U_AI_0 289u
#define TOKEN_BR_GE_U_AI_1 290u
#define TOKEN_BR_GE_U_SA_0 291u
#define TOKEN_BR_GE_U_SA_1 292u
#define TOKEN_BR_Z_S_0 293u
#define TOKEN_BR_Z_S_1 294u
#define TOKEN_BR_Z_A_0 295u
#define TOKEN_BR_Z_A_1 296u
#define TOKEN_BR_NZ_S_0 297u
#define TOKEN_BR_NZ_S_1 298u
#define TOKEN_BR_NZ_A_0 299u
#define TOKEN_BR_NZ_A_1 300u
#define TOKEN_JUMP_S_0 301u
#define TOKEN_JUMP_S_1 302u
#define TOKEN_LOAD_SS_0 303u
#define TOKEN_LOAD_SS_1 304u
#define TOKEN_LOAD_SI_0 305u
#define TOKEN_LOAD_SI_1 306u
#define TOKEN_LOAD_AS_0 307u
#define TOKEN_LOAD_AS_1 308u
#define TOKEN_LOAD_AI_0 309u
#define TOKEN_LOAD_AI_1 310u
#define TOKEN_LOAD_S_0 311u
#define TOKEN_LOAD_S_1 312u
#define TOKEN_LOAD_A_0 313u
#define TOKEN_LOAD_A_1 314u
#define TOKEN_LOAD_I_0 315u
#define TOKEN_LOAD_I_1 316u
#define TOKEN_LOAD8_S_SS_0 317u
#define TOKEN_LOAD8_S_SS_1 318u
#define TOKEN_LOAD8_S_SI_0 319u
#define TOKEN_LOAD8_S_SI_1 320u
#define TOKEN_LOAD8_S_AS_0 321u
#define TOKEN_LOAD8_S_AS_1 322u
#define TOKEN_LOAD8_S_AI_0 323u
#define TOKEN_LOAD8_S_AI_1 324u
#define TOKEN_LOAD8_S_S_0 325u
#define TOKEN_LOAD8_S_S_1 326u
#define TOKEN_LOAD8_S_A_0 327u
#define TOKEN_LOAD8_S_A_1 328u
#define TOKEN_LOAD8_S_I_0 329u
#define TOKEN_LOAD8_S_I_1 330u
#define TOKEN_LOAD8_U_SS_0 331u
#define TOKEN_LOAD8_U_SS_1 332u
#define TOKEN_LOAD8_U_SI_0 333u
#define TOKEN_LOAD8_U_SI_1 334u
#define TOKEN_LOAD8_U_AS_0 335u
#define TOKEN_LOAD8_U_AS_1 336u
#define TOKEN_LOAD8_U_AI_0 337u
#define TOKEN_LOAD8_U_AI_1 338u
#define TOKEN_LOAD8_U_S_0 339u
#define TOKEN_LOAD8_U_S_1 340u
#define TOKEN_LOAD8_U_A_0 341u
#define TOKEN_LOAD8_U_A_1 342u
#define TOKEN_LOAD8_U_I_0 343u
#define TOKEN_LOAD8_U_I_1 344u
#define TOKEN_LOAD16_S_SS_0 345u
#define TOKEN_LOAD16_S_SS_1 346u
#define TOKEN_LOAD16_S_SI_0 347u
#define TOKEN_LOAD16_S_SI_1 348u
#define TOKEN_LOAD16_S_AS_0 349u
#define TOKEN_LOAD16_S_AS_1 350u
#define TOKEN_LOAD16_S_AI_0 351u
#define TOKEN_LOAD16_S_AI_1 352u
#define TOKEN_LOAD16_S_S_0 353u
#define TOKEN_LOAD16_S_S_1 354u
#define TOKEN_LOAD16_S_A_0 355u
#define TOKEN_LOAD16_S_A_1 356u
#define TOKEN_LOAD16_S_I_0 357u
#define TOKEN_LOAD16_S_I_1 358u
#define TOKEN_LOAD16_U_SS_0 359u
#define TOKEN_LOAD16_U_SS_1 360u
#define TOKEN_LOAD16_U_SI_0 361u
#define TOKEN_LOAD16_U_SI_1 362u
#define TOKEN_LOAD16_U_AS_0 363u
#define TOKEN_LOAD16_U_AS_1 364u
#define TOKEN_LOAD16_U_AI_0 365u
#define TOKEN_LOAD16_U_AI_1 366u
#define TOKEN_LOAD16_U_S_0 367u
#define TOKEN_LOAD16_U_S_1 368u
#define TOKEN_LOAD16_U_A_0 369u
#define TOKEN_LOAD16_U_A_1 370u
#define TOKEN_LOAD16_U_I_0 371u
#define TOKEN_LOAD16_U_I_1 372u
#define TOKEN_LOAD_INDEXED_S_0 373u
#define TOKEN_LOAD_INDEXED_S_1 374u
#define TOKEN_LOAD_INDEXED_A_0 375u
#define TOKEN_LOAD_INDEXED_A_1 376u
#define TOKEN_LOAD64_S_0 377u
#define TOKEN_LOAD64_8S_S_0 378u
#define TOKEN_LOAD64_8U_S_0 379u
#define TOKEN_LOAD64_16S_S_0 380u
#define TOKEN_LOAD64_16U_S_0 381u
#define TOKEN_LOAD64_32S_S_0 382u
#define TOKEN_LOAD64_32U_S_0 383u
#define TOKEN_STORE_S_SS_0 384u
#define TOKEN_STORE_S_SI_0 385u
#define TOKEN_STORE_S_AS_0 386u
#define TOKEN_STORE_S_AI_0 387u
#define TOKEN_STORE_S_S_0 388u
#define TOKEN_STORE_S_A_0 389u
#define TOKEN_STORE_S_I_0 390u
#define TOKEN_STORE_A_S_0 391u
#define TOKEN_STORE_A_I_0 392u
#define TOKEN_STORE_I_SS_0 393u
#define TOKEN_STORE_I_S_0 394u
#define TOKEN_STORE_I_A_0 395u
#define TOKEN_STORE_I_I_0 396u
#define TOKEN_STORE8_S_SS_0 397u
#define TOKEN_STORE8_S_SI_0 398u
#define TOKEN_STORE8_S_AS_0 399u
#define TOKEN_STORE8_S_AI_0 400u
#define TOKEN_STORE8_S_S_0 401u
#define TOKEN_STORE8_S_A_0 402u
#define TOKEN_STORE8_S_I_0 403u
#define TOKEN_STORE8_A_S_0 404u
#define TOKEN_STORE8_A_I_0 405u
#define TOKEN_STORE8_I_SS_0 406u
#define TOKEN_STORE8_I_S_0 407u
#define TOKEN_STORE8_I_A_0 408u
#define TOKEN_STORE8_I_I_0 409u
#define TOKEN_STORE16_S_SS_0 410u
#define TOKEN_STORE16_S_SI_0 411u
#define TOKEN_STORE16_S_AS_0 412u
#define TOKEN_STORE16_S_AI_0 413u
#define TOKEN_STORE16_S_S_0 414u
#define TOKEN_STORE16_S_A_0 415u
#define TOKEN_STORE16_S_I_0 416u
#define TOKEN_STORE16_A_S_0 417u
#define TOKEN_STORE16_A_I_0 418u
#define TOKEN_STORE16_I_SS_0 419u
#define TOKEN_STORE16_I_S_0 420u
#define TOKEN_STORE16_I_A_0 421u
#define TOKEN_STORE16_I_I_0 422u
#define TOKEN_STORE64_S_S_0 423u
#define TOKEN_ADDRESS_SI_0 424u
#define TOKEN_ADD64_SS_0 425u
#define TOKEN_ADD64_SI_0 426u
#define TOKEN_SUB64_SS_0 427u
#define TOKEN_SUB64_SI_0 428u
#define TOKEN_MUL64_SS_0 429u
#define TOKEN_MUL64_SI_0 430u
#define TOKEN_DIV64_S_SS_0 431u
#define TOKEN_DIV64_U_SS_0 432u
#define TOKEN_REM64_S_SS_0 433u
#define TOKEN_REM64_U_SS_0 434u
#define TOKEN_AND64_SS_0 435u
#define TOKEN_AND64_SI_0 436u
#define TOKEN_OR64_SS_0 437u
#define TOKEN_OR64_SI_0 438u
#define TOKEN_XOR64_SS_0 439u
#define TOKEN_XOR64_SI_0 440u
#define TOKEN_SHL64_SS_0 441u
#define TOKEN_SHL64_SI_0 442u
#define TOKEN_SHR64_S_SS_0 443u
#define TOKEN_SHR64_S_SI_0 444u
#define TOKEN_SHR64_U_SS_0 445u
#define TOKEN_SHR64_U_SI_0 446u
#define TOKEN_ROTL64_SS_0 447u
#define TOKEN_ROTL64_SI_0 448u
#define TOKEN_ROTR64_SS_0 449u
#define TOKEN_ROTR64_SI_0 450u
#define TOKEN_EQ64_SS_0 451u
#define TOKEN_EQ64_SI_0 452u
#define TOKEN_NE64_SS_0 453u
#define TOKEN_NE64_SI_0 454u
#define TOKEN_LT64_S_SS_0 455u
#define TOKEN_LT64_S_SI_0 456u
#define TOKEN_GE64_S_SS_0 457u
#define TOKEN_GE64_S_SI_0 458u
#define TOKEN_LT64_U_SS_0 459u
#define TOKEN_LT64_U_SI_0 460u
#define TOKEN_GE64_U_SS_0 461u
#define TOKEN_GE64_U_SI_0 462u
#define TOKEN_CLZ64_S_0 463u
#define TOKEN_CTZ64_S_0 464u
#define TOKEN_POPCNT64_S_0 465u
#define TOKEN_EXT64_8_S_0 466u
#define TOKEN_EXT64_16_S_0 467u
#define TOKEN_EXT64_32_S_0 468u
#define TOKEN_EXTEND_S_S_0 469u
#define TOKEN_EXTEND_U_S_0 470u
#define TOKEN_MOVE_S_0 471u
#define TOKEN_MOVE_A_0 472u
#define TOKEN_MOVE_I_0 473u
#define TOKEN_MOVE2_S_0 474u
#define TOKEN_MOVE64_S_0 475u
#define TOKEN_MOVE64_I_0 476u
#define TOKEN_CONST64_I_0 477u
#define TOKEN_SELECT_S_0 478u
#define TOKEN_SELECT_A_0 479u
#define TOKEN_SELECT64_S_0 480u
#define TOKEN_SELECT64_A_0 481u
#define TOKEN_GLOBAL_GET_S_0 482u
#define TOKEN_GLOBAL_GET_S_1 483u
#define TOKEN_GLOBAL_SET_S_0 484u
#define TOKEN_GLOBAL_SET_A_0 485u
#define TOKEN_GLOBAL_SET_I_0 486u
#define TOKEN_GLOBAL_GET64_S_0 487u
#define TOKEN_GLOBAL_SET64_S_0 488u
#define TOKEN_BR_TABLE_S_0 489u
#define TOKEN_BR_TABLE_A_0 490u
#define TOKEN_RETURN_S_0 491u
#define TOKEN_RETURN_A_0 492u
#define TOKEN_RETURN_I_0 493u
#define TOKEN_RETURN_VOID_S_0 494u
#define TOKEN_RETURN64_S_0 495u
#define TOKEN_CALL_S_0 496u
#define TOKEN_CALL_INDIRECT_S_0 497u
#define TOKEN_CALL_HOST_S_0 498u
#define TOKEN_UNREACHABLE_S_0 499u
#define TOKEN_HALT_S_0 500u
#define TOKEN_MEMORY_SIZE_S_0 501u
#define TOKEN_MEMORY_GROW_S_0 502u
#define TOKEN_BULK_S_0 503u
#define TOKEN_COUNT 504u
/* Tells one set of handlers from another: an image is of one set. */
#define VM_HANDLERS 0x2368a1d0u

#define VM_HANDLER_LABELS \
    &&add_ss_0, \
    &&add_ss_1, \
    &&add_si_0, \
    &&add_si_1, \
    &&add_as_0, \
    &&add_as_1, \
    &&add_ai_0, \
    &&add_ai_1, \
    &&sub_ss_0, \
    &&sub_ss_1, \
    &&sub_as_0, \
    &&sub_as_1, \
    &&sub_sa_0, \
    &&sub_sa_1, \
    &&mul_ss_0, \
    &&mul_ss_1, \
    &&mul_si_0, \
    &&mul_si_1, \
    &&mul_as_0, \
    &&mul_as_1, \
    &&mul_ai_0, \
    &&mul_ai_1, \
    &&div_s_ss_0, \
    &&div_s_si_0, \
    &&div_u_ss_0, \
    &&div_u_si_0, \
    &&rem_s_ss_0, \
    &&rem_s_si_0, \
    &&rem_u_ss_0, \
    &&rem_u_si_0, \
    &&and_ss_0, \
    &&and_ss_1, \
    &&and_si_0, \
    &&and_si_1, \
    &&and_as_0, \
    &&and_as_1, \
    &&and_ai_0, \
    &&and_ai_1, \
    &&or_ss_0, \
    &&or_ss_1, \
    &&or_si_0, \
    &&or_si_1, \
    &&or_as_0, \
    &&or_as_1, \
    &&or_ai_0, \
    &&or_ai_1, \
    &&xor_ss_0, \
    &&xor_ss_1, \
    &&xor_si_0, \
    &&xor_si_1, \
    &&xor_as_0, \
    &&xor_as_1, \
    &&xor_ai_0, \
    &&xor_ai_1, \
    &&shl_ss_0, \
    &&shl_ss_1, \
    &&shl_si_0, \
    &&shl_si_1, \
    &&shl_as_0, \
    &&shl_as_1, \
    &&shl_ai_0, \
    &&shl_ai_1, \
    &&shl_sa_0, \
    &&shl_sa_1, \
    &&shr_s_ss_0, \
    &&shr_s_ss_1, \
    &&shr_s_si_0, \
    &&shr_s_si_1, \
    &&shr_s_as_0, \
    &&shr_s_as_1, \
    &&shr_s_ai_0, \
    &&shr_s_ai_1, \
    &&shr_s_sa_0, \
    &&shr_s_sa_1, \
    &&shr_u_ss_0, \
    &&shr_u_ss_1, \
    &&shr_u_si_0, \
    &&shr_u_si_1, \
    &&shr_u_as_0, \
    &&shr_u_as_1, \
    &&shr_u_ai_0, \
    &&shr_u_ai_1, \
    &&shr_u_sa_0, \
    &&shr_u_sa_1, \
    &&rotl_ss_0, \
    &&rotl_ss_1, \
    &&rotl_si_0, \
    &&rotl_si_1, \
    &&rotl_as_0, \
    &&rotl_as_1, \
    &&rotl_ai_0, \
    &&rotl_ai_1, \
    &&rotr_ss_0, \
    &&eq_ss_0, \
    &&eq_si_0, \
    &&eq_as_0, \
    &&eq_ai_0, \
    &&ne_ss_0, \
    &&ne_si_0, \
    &&ne_as_0, \
    &&ne_ai_0, \
    &&lt_s_ss_0, \
    &&lt_s_si_0, \
    &&lt_s_as_0, \
    &&lt_s_ai_0, \
    &&lt_s_sa_0, \
    &&ge_s_ss_0, \
    &&ge_s_si_0, \
    &&ge_s_as_0, \
    &&ge_s_ai_0, \
    &&ge_s_sa_0, \
    &&lt_u_ss_0, \
    &&lt_u_si_0, \
    &&lt_u_as_0, \
    &&lt_u_ai_0, \
    &&lt_u_sa_0, \
    &&ge_u_ss_0, \
    &&ge_u_si_0, \
    &&ge_u_as_0, \
    &&ge_u_ai_0, \
    &&ge_u_sa_0, \
    &&clz_s_0, \
    &&clz_a_0, \
    &&ctz_s_0, \
    &&ctz_a_0, \
    &&popcnt_s_0, \
    &&popcnt_a_0, \
    &&ext8_s_0, \
    &&ext8_s_1, \
    &&ext8_a_0, \
    &&ext8_a_1, \
    &&ext16_s_0, \
    &&ext16_s_1, \
    &&ext16_a_0, \
    &&ext16_a_1, \
    &&shl_add_ss_0, \
    &&shl_add_ss_1, \
    &&shl_add_si_0, \
    &&shl_add_si_1, \
    &&shl_add_as_0, \
    &&shl_add_as_1, \
    &&shl_add_ai_0, \
    &&shl_add_ai_1, \
    &&shl_add_sa_0, \
    &&shl_add_sa_1, \
    &&shl_xor_ss_0, \
    &&shl_xor_ss_1, \
    &&shl_xor_as_0, \
    &&shl_xor_as_1, \
    &&shl_xor_sa_0, \
    &&shl_xor_sa_1, \
    &&shl_or_ss_0, \
    &&shl_or_ss_1, \
    &&shl_or_si_0, \
    &&shl_or_si_1, \
    &&shl_or_as_0, \
    &&shl_or_as_1, \
    &&shl_or_ai_0, \
    &&shl_or_ai_1, \
    &&shl_or_sa_0, \
    &&shl_or_sa_1, \
    &&shr_u_add_ss_0, \
    &&shr_u_add_ss_1, \
    &&shr_u_add_as_0, \
    &&shr_u_add_as_1, \
    &&shr_u_add_sa_0, \
    &&shr_u_add_sa_1, \
    &&shr_u_xor_ss_0, \
    &&shr_u_xor_ss_1, \
    &&shr_u_xor_as_0, \
    &&shr_u_xor_as_1, \
    &&shr_u_xor_sa_0, \
    &&shr_u_xor_sa_1, \
    &&shr_u_or_ss_0, \
    &&shr_u_or_ss_1, \
    &&shr_u_or_as_0, \
    &&shr_u_or_as_1, \
    &&shr_u_or_sa_0, \
    &&shr_u_or_sa_1, \
    &&rotl_add_ss_0, \
    &&rotl_add_ss_1, \
    &&rotl_add_as_0, \
    &&rotl_add_as_1, \
    &&rotl_add_sa_0, \
    &&rotl_add_sa_1, \
    &&rotl_xor_ss_0, \
    &&rotl_xor_ss_1, \
    &&rotl_xor_as_0, \
    &&rotl_xor_as_1, \
    &&rotl_xor_sa_0, \
    &&rotl_xor_sa_1, \
    &&rotl_or_ss_0, \
    &&rotl_or_ss_1, \
    &&rotl_or_as_0, \
    &&rotl_or_as_1, \
    &&rotl_or_sa_0, \
    &&rotl_or_sa_1, \
    &&mul_add_ss_0, \
    &&mul_add_ss_1, \
    &&mul_add_as_0, \
    &&mul_add_as_1, \
    &&mul_add_sa_0, \
    &&mul_add_sa_1, \
    &&mul_xor_ss_0, \
    &&mul_xor_ss_1, \
    &&mul_xor_as_0, \
    &&mul_xor_as_1, \
    &&mul_xor_sa_0, \
    &&mul_xor_sa_1, \
    &&mul_or_ss_0, \
    &&mul_or_ss_1, \
    &&mul_or_as_0, \
    &&mul_or_as_1, \
    &&mul_or_sa_0, \
    &&mul_or_sa_1, \
    &&and_add_ss_0, \
    &&and_add_ss_1, \
    &&and_add_as_0, \
    &&and_add_as_1, \
    &&and_add_sa_0, \
    &&and_add_sa_1, \
    &&and_xor_ss_0, \
    &&and_xor_ss_1, \
    &&and_xor_as_0, \
    &&and_xor_as_1, \
    &&and_xor_sa_0, \
    &&and_xor_sa_1, \
    &&and_or_ss_0, \
    &&and_or_ss_1, \
    &&and_or_as_0, \
    &&and_or_as_1, \
    &&and_or_sa_0, \
    &&and_or_sa_1, \
    &&shr_u_and_s_0, \
    &&shr_u_and_s_1, \
    &&shr_u_and_a_0, \
    &&shr_u_and_a_1, \
    &&br_eq_ss_0, \
    &&br_eq_ss_1, \
    &&br_eq_si_0, \
    &&br_eq_si_1, \
    &&br_eq_as_0, \
    &&br_eq_as_1, \
    &&br_eq_ai_0, \
    &&br_eq_ai_1, \
    &&br_ne_ss_0, \
    &&br_ne_ss_1, \
    &&br_ne_si_0, \
    &&br_ne_si_1, \
    &&br_ne_as_0, \
    &&br_ne_as_1, \
    &&br_ne_ai_0, \
    &&br_ne_ai_1, \
    &&br_lt_s_ss_0, \
    &&br_lt_s_ss_1, \
    &&br_lt_s_si_0, \
    &&br_lt_s_si_1, \
    &&br_lt_s_as_0, \
    &&br_lt_s_as_1, \
    &&br_lt_s_ai_0, \
    &&br_lt_s_ai_1, \
    &&br_lt_s_sa_0, \
    &&br_lt_s_sa_1, \
    &&br_ge_s_ss_0, \
    &&br_ge_s_ss_1, \
    &&br_ge_s_si_0, \
    &&br_ge_s_si_1, \
    &&br_ge_s_as_0, \
    &&br_ge_s_as_1, \
    &&br_ge_s_ai_0, \
    &&br_ge_s_ai_1, \
    &&br_ge_s_sa_0, \
    &&br_ge_s_sa_1, \
    &&br_lt_u_ss_0, \
    &&br_lt_u_ss_1, \
    &&br_lt_u_si_0, \
    &&br_lt_u_si_1, \
    &&br_lt_u_as_0, \
    &&br_lt_u_as_1, \
    &&br_lt_u_ai_0, \
    &&br_lt_u_ai_1, \
    &&br_lt_u_sa_0, \
    &&br_lt_u_sa_1, \
    &&br_ge_u_ss_0, \
    &&br_ge_u_ss_1, \
    &&br_ge_u_si_0, \
    &&br_ge_u_si_1, \
    &&br_ge_u_as_0, \
    &&br_ge_u_as_1, \
    &&br_ge_u_ai_0, \
    &&br_ge_u_ai_1, \
    &&br_ge_u_sa_0, \
    &&br_ge_u_sa_1, \
    &&br_z_s_0, \
    &&br_z_s_1, \
    &&br_z_a_0, \
    &&br_z_a_1, \
    &&br_nz_s_0, \
    &&br_nz_s_1, \
    &&br_nz_a_0, \
    &&br_nz_a_1, \
    &&jump_s_0, \
    &&jump_s_1, \
    &&load_ss_0, \
    &&load_ss_1, \
    &&load_si_0, \
    &&load_si_1, \
    &&load_as_0, \
    &&load_as_1, \
    &&load_ai_0, \
    &&load_ai_1, \
    &&load_s_0, \
    &&load_s_1, \
    &&load_a_0, \
    &&load_a_1, \
    &&load_i_0, \
    &&load_i_1, \
    &&load8_s_ss_0, \
    &&load8_s_ss_1, \
    &&load8_s_si_0, \
    &&load8_s_si_1, \
    &&load8_s_as_0, \
    &&load8_s_as_1, \
    &&load8_s_ai_0, \
    &&load8_s_ai_1, \
    &&load8_s_s_0, \
    &&load8_s_s_1, \
    &&load8_s_a_0, \
    &&load8_s_a_1, \
    &&load8_s_i_0, \
    &&load8_s_i_1, \
    &&load8_u_ss_0, \
    &&load8_u_ss_1, \
    &&load8_u_si_0, \
    &&load8_u_si_1, \
    &&load8_u_as_0, \
    &&load8_u_as_1, \
    &&load8_u_ai_0, \
    &&load8_u_ai_1, \
    &&load8_u_s_0, \
    &&load8_u_s_1, \
    &&load8_u_a_0, \
    &&load8_u_a_1, \
    &&load8_u_i_0, \
    &&load8_u_i_1, \
    &&load16_s_ss_0, \
    &&load16_s_ss_1, \
    &&load16_s_si_0, \
    &&load16_s_si_1, \
    &&load16_s_as_0, \
    &&load16_s_as_1, \
    &&load16_s_ai_0, \
    &&load16_s_ai_1, \
    &&load16_s_s_0, \
    &&load16_s_s_1, \
    &&load16_s_a_0, \
    &&load16_s_a_1, \
    &&load16_s_i_0, \
    &&load16_s_i_1, \
    &&load16_u_ss_0, \
    &&load16_u_ss_1, \
    &&load16_u_si_0, \
    &&load16_u_si_1, \
    &&load16_u_as_0, \
    &&load16_u_as_1, \
    &&load16_u_ai_0, \
    &&load16_u_ai_1, \
    &&load16_u_s_0, \
    &&load16_u_s_1, \
    &&load16_u_a_0, \
    &&load16_u_a_1, \
    &&load16_u_i_0, \
    &&load16_u_i_1, \
    &&load_indexed_s_0, \
    &&load_indexed_s_1, \
    &&load_indexed_a_0, \
    &&load_indexed_a_1, \
    &&load64_s_0, \
    &&load64_8s_s_0, \
    &&load64_8u_s_0, \
    &&load64_16s_s_0, \
    &&load64_16u_s_0, \
    &&load64_32s_s_0, \
    &&load64_32u_s_0, \
    &&store_s_ss_0, \
    &&store_s_si_0, \
    &&store_s_as_0, \
    &&store_s_ai_0, \
    &&store_s_s_0, \
    &&store_s_a_0, \
    &&store_s_i_0, \
    &&store_a_s_0, \
    &&store_a_i_0, \
    &&store_i_ss_0, \
    &&store_i_s_0, \
    &&store_i_a_0, \
    &&store_i_i_0, \
    &&store8_s_ss_0, \
    &&store8_s_si_0, \
    &&store8_s_as_0, \
    &&store8_s_ai_0, \
    &&store8_s_s_0, \
    &&store8_s_a_0, \
    &&store8_s_i_0, \
    &&store8_a_s_0, \
    &&store8_a_i_0, \
    &&store8_i_ss_0, \
    &&store8_i_s_0, \
    &&store8_i_a_0, \
    &&store8_i_i_0, \
    &&store16_s_ss_0, \
    &&store16_s_si_0, \
    &&store16_s_as_0, \
    &&store16_s_ai_0, \
    &&store16_s_s_0, \
    &&store16_s_a_0, \
    &&store16_s_i_0, \
    &&store16_a_s_0, \
    &&store16_a_i_0, \
    &&store16_i_ss_0, \
    &&store16_i_s_0, \
    &&store16_i_a_0, \
    &&store16_i_i_0, \
    &&store64_s_s_0, \
    &&address_si_0, \
    &&add64_ss_0, \
    &&add64_si_0, \
    &&sub64_ss_0, \
    &&sub64_si_0, \
    &&mul64_ss_0, \
    &&mul64_si_0, \
    &&div64_s_ss_0, \
    &&div64_u_ss_0, \
    &&rem64_s_ss_0, \
    &&rem64_u_ss_0, \
    &&and64_ss_0, \
    &&and64_si_0, \
    &&or64_ss_0, \
    &&or64_si_0, \
    &&xor64_ss_0, \
    &&xor64_si_0, \
    &&shl64_ss_0, \
    &&shl64_si_0, \
    &&shr64_s_ss_0, \
    &&shr64_s_si_0, \
    &&shr64_u_ss_0, \
    &&shr64_u_si_0, \
    &&rotl64_ss_0, \
    &&rotl64_si_0, \
    &&rotr64_ss_0, \
    &&rotr64_si_0, \
    &&eq64_ss_0, \
    &&eq64_si_0, \
    &&ne64_ss_0, \
    &&ne64_si_0, \
    &&lt64_s_ss_0, \
    &&lt64_s_si_0, \
    &&ge64_s_ss_0, \
    &&ge64_s_si_0, \
    &&lt64_u_ss_0, \
    &&lt64_u_si_0, \
    &&ge64_u_ss_0, \
    &&ge64_u_si_0, \
    &&clz64_s_0, \
    &&ctz64_s_0, \
    &&popcnt64_s_0, \
    &&ext64_8_s_0, \
    &&ext64_16_s_0, \
    &&ext64_32_s_0, \
    &&extend_s_s_0, \
    &&extend_u_s_0, \
    &&move_s_0, \
    &&move_a_0, \
    &&move_i_0, \
    &&move2_s_0, \
    &&move64_s_0, \
    &&move64_i_0, \
    &&const64_i_0, \
    &&select_s_0, \
    &&select_a_0, \
    &&select64_s_0, \
    &&select64_a_0, \
    &&global_get_s_0, \
    &&global_get_s_1, \
    &&global_set_s_0, \
    &&global_set_a_0, \
    &&global_set_i_0, \
    &&global_get64_s_0, \
    &&global_set64_s_0, \
    &&br_table_s_0, \
    &&br_table_a_0, \
    &&return_s_0, \
    &&return_a_0, \
    &&return_i_0, \
    &&return_void_s_0, \
    &&return64_s_0, \
    &&call_s_0, \
    &&call_indirect_s_0, \
    &&call_host_s_0, \
    &&unreachable_s_0, \
    &&halt_s_0, \
    &&memory_size_s_0, \
    &&memory_grow_s_0, \
    &&bulk_s_0, \

/* clang-format on */
#endif
