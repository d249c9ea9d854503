/* The standard file commands, as a reader sends them: command, expected answer, why. */
#include "fs/fixture.h"

static struct fixture fx;

/* The files of a purse and of a social-security card:
 *   EF15 transparent 30 bytes 00..1D     EF16 transparent 300 bytes
 *   EF18 cyclic 4 x 3                    EF1A variable, records AA01.., BB.., AA02..
 *   EF0B linear fixed 3 x 4, 2 records   DF DDF1 "abc" with EF05, DF DDF2 "abd" in it, EF02 no SFI
 */
static int setup(void **state) {
    (void)state;
    uint8_t bytes[300];
    fixture_start(&fx);
    fs_file file = make_file(&fx, FS_ROOT, "620F 8002001E 820101 83020015 " FREE_READ_UPDATE);
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    fs_binary_update(fx.store, OWNER, file, 0, bytes, 30);
    file = make_file(&fx, FS_ROOT, "620F 8002012C 820101 83020016 " FREE_READ_UPDATE);
    fs_binary_update(fx.store, OWNER, file, 0, bytes, 300);
    file = make_file(&fx, FS_ROOT, "620F 82050621000304 83020018 " FREE_READ_UPDATE);
    fs_record_append(fx.store, OWNER, file, "\x01\x01\x01", 3);
    fs_record_append(fx.store, OWNER, file, "\x02\x02\x02", 3);
    file = make_file(&fx, FS_ROOT, "6213 80020040 82050421001006 8302001A " FREE_READ_UPDATE);
    fs_record_append(fx.store, OWNER, file, "\xAA\x01\x11", 3);
    fs_record_append(fx.store, OWNER, file, "\xBB\x02\x22\x22", 4);
    fs_record_append(fx.store, OWNER, file, "\xAA\x03", 2);
    file = make_file(&fx, FS_ROOT, "620F 82050201000403 8302000B " FREE_READ_UPDATE);
    fs_record_append(fx.store, OWNER, file, "\xC1\x01\x01\x01", 4);
    fs_record_append(fx.store, OWNER, file, "\xC2\x02\x02\x02", 4);
    fs_file df = make_file(&fx, FS_ROOT, "6211 820138 8302DDF1 8403616263 A503880105");
    file = make_file(&fx, df, "620F 80020004 820101 8302EF05 " FREE_READ_UPDATE);
    fs_binary_update(fx.store, OWNER, file, 0, "\xD1\xD1\xD1\xD1", 4);
    make_file(&fx, df, "620C 820138 8302DDF2 8403616264");
    make_file(&fx, df, "6211 80020002 820101 8302EF02 8800 " FREE_READ_UPDATE);
    fixture_commit(&fx);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    fixture_stop(&fx);
    return 0;
}

static void select_files(void **state) {
    (void)state;
    static const struct exchange table[] = {
        {"00A4000C", "9000", "no data is the root"},
        {"00A4000C023F00", "9000", "the MF"},
        {"00A4000C020015", "9000", "an EF"},
        {"00A4000C029999", "6A82", NULL},
        {"00B0000002", "00019000", "what failed left the selection alone"},
        {"00A4000C02DDF1", "9000", "a DF"},
        {"00B0000002", "6986", "no EF is current in it"},
        {"00A4000C02EF05", "9000", "EF below it"},
        {"00B0000000", "D1D1D1D19000", NULL},
        {"00A4000C020015", "6A82", "the parent's EF is not in reach"},
        {"00A4000C02DDF2", "9000", "child DF"},
        {"00A4000C02DDF1", "9000", "its parent"},
        {"00A4010C02DDF2", "9000", "P1 01: child DF"},
        {"00A4010C02EF05", "6A82", NULL},
        {"00A4030C", "9000", "P1 03: parent"},
        {"00A4020C02EF05", "9000", "P1 02: EF below the current DF"},
        {"00A4020C02DDF2", "6A82", "a DF is none"},
        {"00A4030C", "9000", NULL},
        {"00A4030C", "6A82", "the root has no parent"},
        {"00A4030C023F00", "6700", NULL},
        {"00A4080C04DDF1EF05", "9000", "path from the MF"},
        {"00B0000000", "D1D1D1D19000", NULL},
        {"00A4080C063F00DDF1DDF2", "9000", "some readers send the MF's own FID too"},
        {"00A4080C023F00", "9000", NULL},
        {"00A4090C04DDF1EF05", "9000", "path from the current DF"},
        {"00A4090C04DDF1EF05", "6A82", "the current DF is DDF1 now"},
        {"00A4090C02EF05", "9000", NULL},
        {"00A4090C04EF05EF05", "6A82", "through an EF"},
        {"00A4090C03DDF1EF", "6700", "half a FID"},
        {"00A4090C", "6700", "no path"},
        {"00A4000C01EF", "6700", NULL},
        {"00A4000C03EF0500", "6700", NULL},
        {"00A4050C", "6A86", "no such P1"},
        {"00A4001C", "6A86", "P2 bits 8-5"},
        {"00A4000D023F00", "6A86", "an occurrence is for names only"},
    };
    EXPECT_ALL(&fx, table);
}

static void select_by_name(void **state) {
    (void)state;
    static const struct exchange table[] = {
        {"00A4040003616263", "6F0A 8403616263 A503880105 9000", "full name"},
        {"00A40400026162", "6F0A 8403616263 A503880105 9000", "its beginning: the first"},
        {"00A40402026162", "6F05 8403616264 9000", "next"},
        {"00A40402026162", "6A82", "no more"},
        {"00A40403026162", "6F0A 8403616263 A503880105 9000", "previous"},
        {"00A40401026162", "6F05 8403616264 9000", "last"},
        {"00A4040003616265", "6A82", NULL},
        {"00A404000461626364", "6A82", "longer than any"},
        {"00A40400", "6700", "no name"},
        {"00A4040011 00112233445566778899AABBCCDDEEFF00", "6700", "17 bytes"},
    };
    EXPECT_ALL(&fx, table);
}

static void select_answers(void **state) {
    (void)state;
    static const struct exchange table[] = {
        {"00A4000002001500", "6F16 8002001E 82020101 83020015 8801A8 8A0105 860207C0 9000",
         "FCI of an EF"},
        {"00A4000402001500", "6216 8002001E 82020101 83020015 8801A8 8A0105 860207C0 9000", "FCP"},
        {"00A40008020015", "6400 9000", "FMD: nothing there"},
        {"00A4000C020015", "9000", "nothing wanted"},
        {"00A4000402001A00", "6219 8002004C 82050421001006 8302001A 8801D0 8A0105 860207C0 9000",
         "record size and number"},
        {"00A4000002DDF1", "6F0A 8403616263 A503880105 9000",
         "a DF with name answers as an ADF: name and template only"},
        {"00A4000402DDF100", "6214 820138 8302DDF1 8403616263 8A0105 A503880105 9000", "its FCP"},
        {"00A4000802DDF100", "640A 8403616263 A503880105 9000", "its FMD"},
        {"00A4000402EF02", "6215 80020002 82020101 8302EF02 8800 8A0105 860207C0 9000",
         "an EF without SFI"},
        {"00A4000002DDF10C", "6F0A 8403616263 A503880105 9000", "Le as long as the answer"},
        {"00A4000002DDF10B", "6C0C", "Le too short"},
        {"00A4000002DDF120", "6F0A 8403616263 A503880105 9000", "Le longer is fine"},
    };
    EXPECT_ALL(&fx, table);
}

static void read_binary(void **state) {
    (void)state;
    char all[604], text[700];
    static const struct exchange table[] = {
        {"00B0000004", "6986", "no current EF"},
        {"00B0950004", "00010203 9000", "SFI 15"},
        {"00B0000202", "0203 9000", "which is the current EF now"},
        {"00B0951C02", "1C1D 9000", "the last bytes"},
        {"00B0951C03", "1C1D 6282", "end of file"},
        {"00B0951C00", "1C1D 9000", "Le 00 asks for what is there"},
        {"00B0951C000000", "1C1D 9000", "the same, extended"},
        {"00B0951C000100", "1C1D 6282", "extended Le of 256 means 256"},
        {"00B0951C", "1C1D 9000", "no Le: simply sent"},
        {"00B0951E01", "6B00", "offset at the end"},
        {"00B095FF01", "6B00", NULL},
        {"00B0001E01", "6B00", NULL},
        {"00B07FFF01", "6B00", "largest offset"},
        {"00B0960001", "00 9000", "SFI 16"},
        {"00B0010001", "00 9000", "offset 256"},
        {"00B0012B01", "2B 9000", "the last of 300"},
        {"00B08D0004", "6A82", "no such SFI"},
        {"00B0800004", "6A86", "SFI 0 behind bit 8"},
        {"00B0B50004", "6A86", "bits 7 and 6"},
        {"00B09F0004", "6A86", "SFI 31"},
        {"00B0980003", "6981", "a record file"},
        {"00B095000100", "6700", "READ with data"},
        {"00B09500", "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D9000",
         "30 bytes as readers of T-Union ask for them"},
    };
    EXPECT_ALL(&fx, table);
    for (unsigned i = 0; i < 300; i++)
        sprintf(all + 2 * i, "%02X", i & 0xFF);
    sprintf(text, "%.512s9000", all);
    EXPECT(&fx, "00B0960000", text); /* short Le: 256 */
    sprintf(text, "%.600s9000", all);
    EXPECT(&fx, "00B09600000000", text);
    sprintf(text, "%.598s9000", all);
    EXPECT(&fx, "00B0960000012B", text);
}

static void read_binary_odd(void **state) {
    (void)state;
    static const struct exchange table[] = {
        {"00B10015 03 540102 06", "5304 02030405 9000", "SFI in P2, Le counts the header"},
        {"00B10015 04 5402001C 00", "5302 1C1D 9000", "to the end"},
        {"00B10000 03 54011D 00", "5301 1D 9000", "0000: the current EF"},
        {"00B10015 03 54011D 04", "5301 1D 6282", "end of file"},
        {"00B1001A 03 540100 00", "6981", NULL},
        {"00B1EF99 03 540100 00", "6A82", "by FID: not there"},
        {"00B1DDF1 03 540100 00", "6981", "a DF"},
        {"00B10015 03 54011E 00", "6B00", "behind the end"},
        {"00B10015", "6700", "no offset"},
        {"00B10015 02 5400 00", "6A80", "empty offset"},
        {"00B10015 03 550100 00", "6A80", "not an offset"},
        {"00B10015 04 54010000 00", "6A80", "something behind it"},
        {"00B10015 07 54050000000000 00", "6A80", "offset of five bytes"},
        {"00B10015 06 5404FFFFFFFF 00", "6B00", NULL},
    };
    EXPECT_ALL(&fx, table);
    /* 172 bytes left: 53 81 AC and the data; Le of 2 bytes holds the header only */
    assert_int_equal(send(&fx, "00B10016 04 54020080 00"), SW_OK);
    assert_int_equal(fx.answer_len, 3 + 172);
    assert_memory_equal(fx.answer, "\x53\x81\xAC\x80\x81", 5);
    EXPECT(&fx, "00B10016 03 540100 02", "5300 9000");
}

static void update_binary(void **state) {
    (void)state;
    static const struct exchange table[] = {
        {"00D6000001FF", "6986", NULL},
        {"00D6950002A0A1", "9000", NULL},
        {"00B0000003", "A0A102 9000", NULL},
        {"00D6001D01DD", "9000", "the last byte"},
        {"00D6001D02DDDD", "6A84", "over the end"},
        {"00D6001E01DD", "6B00", "behind the end"},
        {"00D69500", "6700", "no data"},
        {"00D6980001FF", "6981", NULL},
        {"00D68D0001FF", "6A82", NULL},
        {"00D70015 06 540102 5301C2", "9000", "odd, with 53"},
        {"00D70015 06 540103 7301C3", "9000", "or 73"},
        {"00B0000204", "C2C30405 9000", NULL},
        {"00D70015 05 540102 5300", "6700", "nothing to write"},
        {"00D70015 03 540102", "6A80", "no data object"},
        {"00D70015 06 54011E 5301FF", "6B00", NULL},
        {"00D70015 07 54011D 5302FFFF", "6A84", NULL},
        {"00D70016 07 5402012B 5301EE", "9000", NULL},
        {"00B0012B00", "EE 9000", NULL},
    };
    EXPECT_ALL(&fx, table);
}

static void erase_and_write_binary(void **state) {
    (void)state;
    static const struct exchange table[] = {
        {"000E950002 0004", "9000", "up to offset 4"},
        {"00B0000006", "000000000405 9000", NULL},
        {"000E0002", "9000", "to the end"},
        {"00B0001400", "00000000000000000000 9000", NULL},
        {"000E0002020002", "6B00", "end before start"},
        {"000E000202001F", "6B00", "end behind the file"},
        {"000E0002010A", "6700", NULL},
        {"000E001E", "6B00", NULL},
        {"000F0015 06 540101 540103", "9000", "odd, from and to"},
        {"000F0015 03 540101", "9000", "from"},
        {"000F0015", "9000", "all"},
        {"000F0015 09 540101 540102 540103", "6A80", NULL},
        {"000F0015 03 530101", "6A80", NULL},
        {"00D0000001A1", "9000", "one-time write: into erased bytes"},
        {"00D0000001A1", "6985", "and not twice"},
        {"00D1001506 540101 5301A2", "9000", NULL},
        {"00B0000003", "A1A200 9000", NULL},
        {"00D0001E01FF", "6B00", NULL},
        {"00D0001D02FFFF", "6A84", NULL},
        {"00D09500", "6700", NULL},
    };
    EXPECT_ALL(&fx, table);
    make_file(&fx, FS_ROOT, "6210 80020002 82020141 83020001 " FREE_READ_UPDATE);
    make_file(&fx, FS_ROOT, "6210 80020002 82020161 83020002 " FREE_READ_UPDATE);
    make_file(&fx, FS_ROOT, "6210 80020002 82020121 83020003 " FREE_READ_UPDATE);
    static const struct exchange behaviours[] = {
        {"00D0810001F0", "9000", "write OR"},
        {"00D081000103", "9000", NULL},
        {"00B0810001", "F3 9000", NULL},
        {"00D6820001FF", "9000", NULL},
        {"00D0820001F0", "9000", "write AND"},
        {"00B0820001", "F0 9000", NULL},
        {"00D0830001F0", "6981", "proprietary: none here"},
    };
    EXPECT_ALL(&fx, behaviours);
}

static void read_record(void **state) {
    (void)state;
    static const struct exchange table[] = {
        {"00B2010400", "6986", "no current EF"},
        {"00B201C403", "020202 9000", "SFI 18: the newest record is number 1"},
        {"00B202C400", "010101 9000", NULL},
        {"00B203C403", "6A83", "readers read until this"},
        {"00B2FFC403", "6A83", NULL},
        {"00B201C402", "6C03", "a fixed record is read whole"},
        {"00B201C404", "020202 6282", NULL},
        {"00B201C4", "020202 9000", NULL},
        {"00B2010400", "020202 9000", "it is the current EF now"},
        {"00B2000400", "6A83", "current record: none yet"},
    };
    EXPECT_ALL(&fx, table);
    static const struct exchange variable[] = {
        {"00B202D400", "BB022222 9000", "variable: whole"},
        {"00B202D402", "BB02 9000", "or its beginning: tag and length"},
        {"00B202D405", "BB022222 6282", NULL},
        {"00B201D500", "AA0111 BB022222 AA03 9000", "all from 1 on"},
        {"00B202D500", "BB022222 AA03 9000", NULL},
        {"00B202D504", "BB022222 9000", "as much as Le says"},
        {"00B202D520", "BB022222 AA03 6282", NULL},
        {"00B202D600", "AA03 BB022222 9000", "from the last down to 2"},
        {"00B204D500", "6A83", NULL},
        {"00B201D700", "6A86", "no such mode"},
        {"00B201FC00", "6A86", "SFI 31"},
        {"00B2016C00", "6A82", "no such file"},
        {"00B201AC00", "6981", "transparent"},
        {"00B201D40100", "6700", "READ with data"},
    };
    EXPECT_ALL(&fx, variable);
}

static void record_pointer(void **state) {
    (void)state;
    static const struct exchange table[] = {
        {"00B2AAD000", "AA0111 9000", "first with identifier AA"},
        {"00B2AAD200", "AA03 9000", "next"},
        {"00B2AAD200", "6A83", "no more; the pointer stays"},
        {"00B2000400", "AA03 9000", "current record"},
        {"00B2AAD300", "AA0111 9000", "previous"},
        {"00B2AAD100", "AA03 9000", "last"},
        {"00B2CCD000", "6A83", "no such identifier"},
        {"00B200D000", "AA0111 9000", "identifier 00: any"},
        {"00B200D200", "BB022222 9000", NULL},
        {"00B200D200", "AA03 9000", NULL},
        {"00B200D200", "6A83", NULL},
        {"00B200D300", "BB022222 9000", NULL},
        {"00B201D400", "AA0111 9000", "reading by number"},
        {"00B2000400", "BB022222 9000", "does not move the pointer"},
        {"00B200D500", "BB022222 AA03 9000", "all from the current one on"},
        {"00B201C400", "020202 9000", "another EF"},
        {"00B200D200", "AA0111 9000", "selecting anew forgets the pointer: next is first"},
        {"00A4000C02001A", "9000", NULL},
        {"00B2000300", "AA03 9000", "previous of none is the last"},
        {"00B200C200", "020202 9000", "cyclic: first is the newest"},
        {"00B2000200", "010101 9000", "next is older"},
        {"00B2000101", "6C03", NULL},
        {"00B2000400", "010101 9000", "6Cxx did not move it"},
    };
    EXPECT_ALL(&fx, table);
}

static void read_record_odd(void **state) {
    (void)state;
    static const struct exchange table[] = {
        {"00B302D4 03 540101 00", "5303 022222 9000", NULL},
        {"00B302D4 03 540101 04", "5302 0222 9000", NULL},
        {"00B302D4 03 540104 00", "6B00", NULL},
        {"00B309D4 03 540101 00", "6A83", NULL},
        {"00B302D4", "6700", NULL},
        {"00B302D5 03 540101 00", "6A86", NULL},
        {"00B302AC 03 540101 00", "6981", NULL},
        {"00B302D4 02 5302 00", "6A80", NULL},
    };
    EXPECT_ALL(&fx, table);
}

static void change_records(void **state) {
    (void)state;
    static const struct exchange table[] = {
        {"00DC025C04D0D1D2D3", "9000", "SFI 0B, record 2"},
        {"00B2025C00", "D0D1D2D3 9000", NULL},
        {"00DC025C03D0D1D2", "6700", "fixed length"},
        {"00DC035C04D0D1D2D3", "6A83", "not there yet"},
        {"00DC005C04D0D1D2D3", "6A83", "current: none"},
        {"00DC005804E0E1E2E3", "9000", "first"},
        {"00DC005A04E4E5E6E7", "9000", "next"},
        {"00DC000404E8E9EAEB", "9000", "current"},
        {"00B2015D00", "E0E1E2E3 E8E9EAEB 9000", NULL},
        {"00DC015804E0E1E2E3", "6A86", "no identifiers here"},
        {"00DC015D04E0E1E2E3", "6A86", NULL},
        {"00DC015C", "6700", NULL},
        {"00E2005803F0F1F2", "6700", NULL},
        {"00E2005804F0F1F2F3", "9000", "append"},
        {"00B2000400", "F0F1F2F3 9000", "which is the current record"},
        {"00E2005804F0F1F2F3", "6A84", "full"},
        {"00E2015804F0F1F2F3", "6A86", NULL},
        {"00E2005C04F0F1F2F3", "6A86", NULL},
        {"00E20058", "6700", NULL},
        {"00E200A804F0F1F2F3", "6981", "transparent"},
        {"00E2006804F0F1F2F3", "6A82", NULL},
        {"00DD025C 06 540101 5301C1", "9000", "odd: part of a record"},
        {"00B2025C00", "E8C1EAEB 9000", NULL},
        {"00DD025C 06 540104 5301C1", "6B00", NULL},
        {"00DD025C 07 540103 5302C1C1", "6A84", NULL},
        {"00DD025C 05 540103 5300", "6700", NULL},
        {"00DD095C 06 540101 5301C1", "6A83", NULL},
        {"00E200C003030303", "9000", "cyclic"},
        {"00DC00C303040404", "9000", "UPDATE previous appends to a cyclic file"},
        {"00DC00C303050505", "9000", NULL},
        {"00B201C500", "050505 040404 030303 020202 9000", "the oldest gave way"},
        {"00DD00C3 06 540101 5301C1", "6A86", NULL},
        {"00DC02D403BB0133", "9000", "variable: shorter"},
        {"00DC03D406AA0433333333", "9000", "and longer"},
        {"00B201D500", "AA0111 BB0133 AA0433333333 9000", NULL},
        {"00DC01D411 00000000000000000000000000000000 00", "6A84", "longer than a record may be"},
        {"00E200D010 00000000000000000000000000000000", "9000", NULL},
        {"00E200D010 00000000000000000000000000000000", "9000", NULL},
        {"00E200D010 00000000000000000000000000000000", "9000", NULL},
        {"00E200D010 00000000000000000000000000000000", "6A84", "more records than planned"},
        {"00DC01D410 00000000000000000000000000000000", "6A84", "no room: 60 of 64 are used"},
    };
    EXPECT_ALL(&fx, table);
}

static void write_record(void **state) {
    (void)state;
    static const struct exchange table[] = {
        {"00D2025C04FFFFFFFF", "6985", "one-time write, and something is there"},
        {"00DC025C0400000000", "9000", NULL},
        {"00D2025C0412345678", "9000", NULL},
        {"00B2025C00", "12345678 9000", NULL},
        {"00D2025C03123456", "6700", NULL},
        {"00D200C303777777", "9000", "previous in a cyclic file appends"},
        {"00B201C400", "777777 9000", NULL},
        {"00D2095C0412345678", "6A83", NULL},
    };
    EXPECT_ALL(&fx, table);
}

static void data_objects(void **state) {
    (void)state;
    static const uint8_t free_rule[] = {0x03, 0xC0};
    static const struct {
        uint32_t tag;
        uint8_t flags;
        const char *value;
    } objects[] = {{0x9F79, 0, "balance"}, {0x66, 0, ""}, {0xDF8101, 0, "long"}, {0x5A, 1, "pan"}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(
            fs_object_create(fx.store, OWNER, objects[i].tag, objects[i].flags, 8, free_rule, 2),
            ONECARD_OK);
        assert_int_equal(fs_object_write(fx.store, OWNER, objects[i].tag, objects[i].value,
                                         (uint32_t)strlen(objects[i].value)),
                         ONECARD_OK);
    }
    fs_object_write(fx.store, OWNER, 0x5B, "own", 3); /* no rules: the applet's alone */
    static const struct exchange table[] = {
        {"80CA9F7900", "9F7907 62616C616E6365 9000", "GET DATA as EMV reads it"},
        {"00CA9F790A", "9F7907 62616C616E6365 9000", NULL},
        {"00CA9F7909", "6C0A", "Le too short"},
        {"00CA006600", "6600 9000", "empty"},
        {"00CA005A00", "70616E 9000", "value only"},
        {"00CA005B00", "6982", NULL},
        {"00CA9F7800", "6A88", NULL},
        {"00CA000000", "6A88", NULL},
        {"00CA9F790100", "6700", "with data"},
        {"00CB3FFF 06 5C04 DF8101 5A 00", "DF810104 6C6F6E67 5A03 70616E 9000", "a tag list"},
        {"00CB3FFF 04 5C02 5A5B 00", "6982", "one of them may not be read"},
        {"00CB3FFF 04 5C02 5A77 00", "6A88", NULL},
        {"00CB0000 02 5C00 00", "5A03 70616E 6600 DF810104 6C6F6E67 9F7907 62616C616E6365 9000",
         "an empty list: all that may be read"},
        {"00CB0001 02 5C00 00", "6A86", NULL},
        {"00CB3FFF 02 5D00 00", "6A80", NULL},
        {"00CB3FFF 02 4D00 00", "6A81", "header lists"},
        {"00CB3FFF 03 5C01DF 00", "6A80", "half a tag"},
        {"00CB3FFF 00", "6700", NULL},
        {"00DA9F79 03 616263", "9000", "PUT DATA"},
        {"00CA9F7900", "9F7903 616263 9000", NULL},
        {"00DA9F79", "9000", "empty"},
        {"00CA9F7900", "9F7900 9000", NULL},
        {"00DA9F79 09 616263616263616263", "6700", "beyond its size"},
        {"00DA005B 01 00", "6982", NULL},
        {"00DA9F78 01 00", "6A88", "only personalisation makes new ones"},
        {"00DB3FFF 0A 9F79026162 DF81010131", "9000", "several"},
        {"00CB3FFF 07 5C05 9F79 DF8101 00", "9F79026162 DF81010131 9000", NULL},
        {"00DB3FFF 08 9F7902FFFF DF8101", "6A80", "cut short"},
        {"00DB3FFF 08 9F7902FFFF 5B0100", "6982", NULL},
        {"00CA9F7900", "9F79026162 9000", "and nothing was changed"},
        {"00DB3FFF 00", "6700", NULL},
    };
    EXPECT_ALL(&fx, table);
}

static void create_delete_and_life(void **state) {
    (void)state;
    /* the root may be extended once its rules say so: a DF with rules for all */
    make_file(&fx, FS_ROOT, "620B 820138 8302DD05 86023FC0");
    static const struct exchange table[] = {
        {"00E00000 0D 620B 80020002 820101 83020001", "6982", "the root's rules do not allow it"},
        {"00A4000C02DD05", "9000", NULL},
        {"00E00000 11 620F 80020002 820101 83020001 86023FC0", "9000", NULL},
        {"00D6000001AA", "9000", "it is the current EF"},
        {"00E00000 11 620F 80020002 820101 83020001 86023FC0", "6A89", "exists"},
        {"00E00000 02 6200", "6A81", NULL},
        {"00E00000 02 6300", "6A80", NULL},
        {"00E00000", "6700", NULL},
        {"00E00001 02 6200", "6A86", NULL},
        {"00040000 02 0001", "9000", "deactivate"},
        {"00B0810001", "6985", NULL},
        {"00A4000C020001", "6283", "selected, but deactivated"},
        {"00440000", "9000", "activate the current EF"},
        {"00B0000001", "AA 9000", NULL},
        {"00E60000", "6981", "not a DF"},
        {"00E80000", "9000", "terminate"},
        {"00A4000C020001", "6285", NULL},
        {"00B0810001", "6985", NULL},
        {"00440000", "6985", "for good"},
        {"00E40000 02 0001", "6985", "a terminated file stays"},
        {"00E00000 0D 620B 820138 8302DD06 8402AABB", "9000", "a DF"},
        {"00A4000C02DD05", "9000", NULL},
        {"00E00000 11 620F 80020002 820101 83020002 86023FC0", "9000", NULL},
        {"00E40000", "9000", "delete the current EF"},
        {"00B0000001", "6986", NULL},
        {"00E40000 02 0002", "6A82", NULL},
        {"00E40000 01 00", "6700", NULL},
        {"00E40100", "9000", "the current DF, by its own rules"},
        {"00A4000C02DD05", "6A82", NULL},
        {"00E40000", "6982", "the root"},
        {"00440400", "6A86", NULL},
    };
    EXPECT_ALL(&fx, table);
}

static void classes_and_instructions(void **state) {
    (void)state;
    static const struct exchange table[] = {
        {"04B0950001", "6882", "secure messaging that nobody unwrapped"},
        {"0CB0950001", "6882", NULL},
        {"84B0950001", "6882", NULL},
        {"60B0950001", "6882", "further interindustry class"},
        {"03B0950001", "00 9000", "a channel number is no matter here"},
        {"43B0950001", "00 9000", NULL},
        {"80B0950001", "00 9000", NULL},
        {"00A2010400", "6D00", "SEARCH RECORD is not there"},
        {"0050000000", "6D00", "the applet's own"},
    };
    EXPECT_ALL(&fx, table);
    fx.status.sm = STATUS_SM_MAC;
    EXPECT(&fx, "04B0950001", "00 9000");
}

static void deleted_behind_the_selection(void **state) {
    (void)state;
    EXPECT(&fx, "00A4080C04DDF1EF05", "9000");
    fs_file df;
    assert_int_equal(fs_file_find(fx.store, OWNER, FS_ROOT, 0xDDF1, &df), ONECARD_OK);
    assert_int_equal(fs_file_delete(fx.store, OWNER, df), ONECARD_OK);
    EXPECT(&fx, "00B0000001", "6986");
    EXPECT(&fx, "00B0850001", "6A82");
    EXPECT(&fx, "00A4000C02EF05", "6A82");
    EXPECT(&fx, "00A4030C", "6A82");
    EXPECT(&fx, "00E00000 0D 620B 80020002 820101 83020001", "6A82");
    EXPECT(&fx, "00A4000C", "9000");
    EXPECT(&fx, "00B0950001", "00 9000");
}

static void nothing_there_at_all(void **state) {
    (void)state;
    assert_int_equal(store_delete_owner(fx.store, OWNER), ONECARD_OK);
    static const struct exchange table[] = {
        {"00A4000C", "6A82", NULL},         {"00B0950001", "6A82", NULL},
        {"00B0000001", "6986", NULL},       {"00B2010C00", "6A82", NULL},
        {"00CA9F7900", "6A88", NULL},       {"00E40000", "6A82", NULL},
        {"00CB3FFF025C0000", "6A88", NULL}, {"00A4040001AA", "6A82", NULL},
    };
    EXPECT_ALL(&fx, table);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(select_files),
        T(select_by_name),
        T(select_answers),
        T(read_binary),
        T(read_binary_odd),
        T(update_binary),
        T(erase_and_write_binary),
        T(read_record),
        T(record_pointer),
        T(read_record_odd),
        T(change_records),
        T(write_record),
        T(data_objects),
        T(create_delete_and_life),
        T(classes_and_instructions),
        T(deleted_behind_the_selection),
        T(nothing_there_at_all),
    };
    return cmocka_run_group_tests_name("fs_commands", tests, NULL, NULL);
}
