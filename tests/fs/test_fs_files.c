/* Making, finding and deleting files; what applets do with them by number. */
#include "fs/fixture.h"

static struct fixture fx;

static int setup(void **state) {
    (void)state;
    fixture_start(&fx);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    fixture_stop(&fx);
    return 0;
}

static enum onecard_err create(fs_file parent, const char *fcp, fs_file *file) {
    uint8_t bytes[600];
    const uint32_t len = from_hex(bytes, sizeof bytes, fcp);
    return fs_file_create(fx.store, OWNER, parent, bytes, len, file);
}

static void templates_that_are_wrong(void **state) {
    (void)state;
    static const struct {
        const char *fcp;
        enum onecard_err err;
    } table[] = {
        {"", ONECARD_E_FORMAT},
        {"62", ONECARD_E_FORMAT},
        {"6200", ONECARD_E_UNSUPPORTED},                          /* no descriptor */
        {"6208 820101 8302EF05", ONECARD_E_FORMAT},               /* length lies */
        {"6207 820101 8302EF05", ONECARD_E_FORMAT},               /* transparent without 80 */
        {"620A 80020010 820101 8301EF", ONECARD_E_FORMAT},        /* FID of one byte */
        {"620B 80020010 820109 8302EF05", ONECARD_E_UNSUPPORTED}, /* no such kind */
        {"620B 80020010 820101 83023F00", ONECARD_E_FORMAT},      /* the MF's FID */
        {"620B 80020010 820101 83023FFF", ONECARD_E_FORMAT},      /* means "current" elsewhere */
        {"620B 80020010 820101 8302EF05 00", ONECARD_E_FORMAT},   /* a byte behind */
        {"6207 80020010 820101", ONECARD_E_FORMAT},               /* no FID */
        {"620C 8003010000 820101 8302EF05", ONECARD_E_TOO_BIG},
        {"620E 80020010 820101 8302EF05 8801F8", ONECARD_E_FORMAT},   /* SFI 31 */
        {"620E 80020010 820101 8302EF05 880129", ONECARD_E_FORMAT},   /* SFI bits 3-1 */
        {"620E 80020010 820101 8302EF05 8A010C", ONECARD_E_FORMAT},   /* born terminated */
        {"620F 80020010 820101 8302EF05 86020183", ONECARD_E_FORMAT}, /* rules cut short */
        {"620B 82050221000000 8302EF05", ONECARD_E_FORMAT},           /* records of no length */
        {"620B 820502210010FF 8302EF05", ONECARD_E_FORMAT},           /* 255 records */
        {"620B 820506210010 00 8302EF05", ONECARD_E_FORMAT},          /* no records, no size */
        {"6203 820138", ONECARD_E_FORMAT},                            /* DF without FID and name */
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        fs_file file;
        enum onecard_err err = create(FS_ROOT, table[i].fcp, &file);
        if (err != table[i].err)
            print_error("%s: %s\n", table[i].fcp, onecard_err_text(err));
        assert_int_equal(err, table[i].err);
    }
    assert_false(store_dirty(fx.store)); /* a refused template leaves nothing behind */
}

static void root_comes_with_the_first_file(void **state) {
    (void)state;
    struct fs_info info;
    assert_int_equal(fs_file_info(fx.store, OWNER, FS_ROOT, &info), ONECARD_E_NOT_FOUND);
    make_file(&fx, FS_ROOT, "620B 80020010 820101 8302EF05");
    assert_int_equal(fs_file_info(fx.store, OWNER, FS_ROOT, &info), ONECARD_OK);
    assert_int_equal(info.type, FS_DF);
    assert_int_equal(info.fid, 0x3F00);
    fs_file file;
    assert_int_equal(create(FS_NONE, "6207 820138 83023F00", &file), ONECARD_E_EXISTS);
}

static void root_of_its_own(void **state) {
    (void)state;
    fs_file file;
    struct fs_info info;
    assert_int_equal(create(FS_NONE, "6206 820138 8401AA", &file), ONECARD_OK);
    assert_int_equal(file, FS_ROOT);
    assert_int_equal(fs_file_info(fx.store, OWNER, FS_ROOT, &info), ONECARD_OK);
    assert_int_equal(info.fid, 0x3F00);
    assert_int_equal(info.parent, FS_ROOT);
    const uint8_t name = 0xAA;
    assert_int_equal(fs_file_find_name(fx.store, OWNER, &name, 1, 0, &file), ONECARD_OK);
    assert_int_equal(file, FS_ROOT);
}

static void numbers_and_identifiers(void **state) {
    (void)state;
    struct fs_info info;
    fs_file file, found;
    /* the SFI comes from the FID's low bits, is said, or is none */
    file = make_file(&fx, FS_ROOT, "620B 80020010 820101 8302EF05");
    assert_int_equal(fs_file_info(fx.store, OWNER, file, &info), ONECARD_OK);
    assert_int_equal(info.sfi, 5);
    assert_int_equal(info.size, 16);
    file = make_file(&fx, FS_ROOT, "620E 80020010 820101 8302EF06 8801A8"); /* 21 */
    assert_int_equal(fs_file_find_sfi(fx.store, OWNER, FS_ROOT, 21, &found), ONECARD_OK);
    assert_int_equal(found, file);
    assert_int_equal(fs_file_find(fx.store, OWNER, FS_ROOT, 0xEF06, &found), ONECARD_OK);
    assert_int_equal(found, file);
    file = make_file(&fx, FS_ROOT, "620D 80020010 820101 8302EF07 8800");
    assert_int_equal(fs_file_find_sfi(fx.store, OWNER, FS_ROOT, 7, &found), ONECARD_E_NOT_FOUND);
    assert_int_equal(fs_file_find(fx.store, OWNER, FS_ROOT, 0xEF07, &found), ONECARD_OK);
    assert_int_equal(found, file);
    /* an implied SFI that is taken: none; one that is said: refused */
    file = make_file(&fx, FS_ROOT, "620B 80020010 820101 83020005");
    assert_int_equal(fs_file_info(fx.store, OWNER, file, &info), ONECARD_OK);
    assert_int_equal(info.sfi, 0);
    assert_int_equal(create(FS_ROOT, "620E 80020010 820101 83020009 880128", &file),
                     ONECARD_E_EXISTS);
    assert_int_equal(create(FS_ROOT, "620B 80020010 820101 8302EF05", &file), ONECARD_E_EXISTS);
    /* files without SFI that fall on one slot are all found, after one of them is deleted too */
    const char *same[] = {"620D 80020010 820101 83020020 8800",
                          "620D 80020010 820101 830203FF 8800",
                          "620D 80020010 820101 830207DE 8800"};
    fs_file files[3];
    for (int i = 0; i < 3; i++)
        files[i] = make_file(&fx, FS_ROOT, same[i]);
    assert_int_equal(fs_file_delete(fx.store, OWNER, files[1]), ONECARD_OK);
    assert_int_equal(fs_file_find(fx.store, OWNER, FS_ROOT, 0x07DE, &found), ONECARD_OK);
    assert_int_equal(found, files[2]);
    assert_int_equal(fs_file_find(fx.store, OWNER, FS_ROOT, 0x03FF, &found), ONECARD_E_NOT_FOUND);
}

static void a_tree(void **state) {
    (void)state;
    static const uint8_t path[] = {0xDF, 0x01, 0xDF, 0x02, 0xEF, 0x05};
    fs_file file;
    fs_file df1 = make_file(&fx, FS_ROOT, "620B 820138 8302DF01 8402D156");
    fs_file df2 = make_file(&fx, df1, "620C 820138 8302DF02 8403D15600");
    fs_file ef = make_file(&fx, df2, "620B 80020010 820101 8302EF05");
    fs_file top = make_file(&fx, FS_ROOT, "620B 80020020 820101 8302EF05"); /* same FID, other DF */
    assert_int_not_equal(ef, top);
    assert_int_equal(fs_file_find_path(fx.store, OWNER, FS_ROOT, path, 6, &file), ONECARD_OK);
    assert_int_equal(file, ef);
    assert_int_equal(fs_file_find_path(fx.store, OWNER, df1, path + 2, 4, &file), ONECARD_OK);
    assert_int_equal(file, ef);
    assert_int_equal(fs_file_find_path(fx.store, OWNER, FS_ROOT, path, 5, &file), ONECARD_E_PARAM);
    assert_int_equal(fs_file_find_path(fx.store, OWNER, FS_ROOT, path, 0, &file), ONECARD_E_PARAM);
    assert_int_equal(fs_file_find_path(fx.store, OWNER, FS_ROOT, path + 4, 2, &file), ONECARD_OK);
    assert_int_equal(file, top);
    /* names: the beginning is enough, the whole of one is taken once */
    assert_int_equal(fs_file_find_name(fx.store, OWNER, path, 0, 1, &file), ONECARD_OK);
    assert_int_equal(create(FS_ROOT, "620B 820138 8302DF09 8402D156", &file), ONECARD_E_EXISTS);
    assert_int_equal(create(FS_ROOT, "620A 820138 8302DF09 8401D1", &file), ONECARD_OK);
    /* nothing can be made below an EF, or below nothing */
    assert_int_equal(create(ef, "620B 80020010 820101 8302EF05", &file), ONECARD_E_NOT_FOUND);
    assert_int_equal(create(0x7C00, "620B 80020010 820101 8302EF05", &file), ONECARD_E_NOT_FOUND);
    /* a DF goes with all below it, and with nothing else */
    assert_int_equal(fs_file_delete(fx.store, OWNER, df1), ONECARD_OK);
    struct fs_info info;
    assert_int_equal(fs_file_info(fx.store, OWNER, df2, &info), ONECARD_E_NOT_FOUND);
    assert_int_equal(fs_file_info(fx.store, OWNER, ef, &info), ONECARD_E_NOT_FOUND);
    assert_int_equal(fs_file_info(fx.store, OWNER, top, &info), ONECARD_OK);
}

static void many_dfs(void **state) {
    (void)state;
    fs_file file;
    for (unsigned i = 1; i < FS_DF_MAX; i++) {
        char fcp[40];
        sprintf(fcp, "6207 820138 8302DF%02X", i);
        assert_int_equal(create(FS_ROOT, fcp, &file), ONECARD_OK);
    }
    assert_int_equal(create(FS_ROOT, "6207 820138 8302DFFE", &file), ONECARD_E_FULL);
    assert_int_equal(fs_file_find(fx.store, OWNER, FS_ROOT, 0xDF3F, &file), ONECARD_OK);
}

static void F2_files_belong_to_their_owner(void **state) {
    (void)state;
    uint8_t byte;
    fs_file file = make_file(&fx, FS_ROOT, "620B 80020010 820101 8302EF05"), found;
    assert_int_equal(fs_binary_read(fx.store, STRANGER, file, 0, &byte, 1), ONECARD_E_NOT_FOUND);
    assert_int_equal(fs_binary_update(fx.store, STRANGER, file, 0, &byte, 1), ONECARD_E_NOT_FOUND);
    assert_int_equal(fs_file_delete(fx.store, STRANGER, file), ONECARD_E_NOT_FOUND);
    assert_int_equal(fs_file_find(fx.store, STRANGER, FS_ROOT, 0xEF05, &found),
                     ONECARD_E_NOT_FOUND);
    assert_int_equal(fs_file_find_name(fx.store, STRANGER, &byte, 0, 0, &found),
                     ONECARD_E_NOT_FOUND);
}

static void transparent(void **state) {
    (void)state;
    uint8_t in[16], out[16];
    fs_file file = make_file(&fx, FS_ROOT, "620B 80020010 820101 8302EF05");
    fixture_commit(&fx);
    memset(in, 0xA5, sizeof in);
    static const struct {
        uint32_t offset, len;
        enum onecard_err err;
    } table[] = {
        {0, 16, ONECARD_OK},
        {0, 17, ONECARD_E_RANGE},
        {16, 0, ONECARD_OK},
        {16, 1, ONECARD_E_RANGE},
        {15, 1, ONECARD_OK},
        {17, 0, ONECARD_E_RANGE},
        {0xFFFFFFFF, 2, ONECARD_E_RANGE},
        {1, 0xFFFFFFFF, ONECARD_E_RANGE},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(fs_binary_update(fx.store, OWNER, file, table[i].offset, in, table[i].len),
                         table[i].err);
        assert_int_equal(fs_binary_read(fx.store, OWNER, file, table[i].offset, out, table[i].len),
                         table[i].err);
    }
    assert_int_equal(fs_binary_read(fx.store, OWNER, file, 0, out, 16), ONECARD_OK);
    assert_memory_equal(in, out, 16);
    uint32_t size;
    assert_int_equal(fs_record_size(fx.store, OWNER, file, 1, &size), ONECARD_E_UNSUPPORTED);
    assert_int_equal(fs_record_append(fx.store, OWNER, file, in, 16), ONECARD_E_UNSUPPORTED);
}

static void life_cycle(void **state) {
    (void)state;
    fs_file file = make_file(&fx, FS_ROOT, "620E 80020010 820101 8302EF05 8A0101");
    struct fs_info info;
    assert_int_equal(fs_file_info(fx.store, OWNER, file, &info), ONECARD_OK);
    assert_int_equal(info.life, FS_LIFE_CREATION);
    assert_int_equal(fs_file_set_life(fx.store, OWNER, file, FS_LIFE_TERMINATED), ONECARD_OK);
    assert_int_equal(fs_file_set_life(fx.store, OWNER, file, FS_LIFE_ACTIVATED), ONECARD_E_STATE);
}

/* ---- records by number ---- */

static void append_all(fs_file file, const char *const *records, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[64];
        const uint32_t len = from_hex(bytes, sizeof bytes, records[i]);
        assert_int_equal(fs_record_append(fx.store, OWNER, file, bytes, len), ONECARD_OK);
    }
}

static void expect_records(fs_file file, const char *const *records, size_t count) {
    uint32_t size;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t want[64], got[64];
        const uint32_t len = from_hex(want, sizeof want, records[i]);
        assert_int_equal(fs_record_size(fx.store, OWNER, file, i + 1, &size), ONECARD_OK);
        assert_int_equal(size, len);
        assert_int_equal(fs_record_read(fx.store, OWNER, file, i + 1, 0, got, len), ONECARD_OK);
        assert_memory_equal(want, got, len);
    }
    assert_int_equal(fs_record_size(fx.store, OWNER, file, (uint32_t)count + 1, &size),
                     ONECARD_E_NOT_FOUND);
    assert_int_equal(fs_record_size(fx.store, OWNER, file, 0, &size), ONECARD_E_NOT_FOUND);
}

static void linear_fixed(void **state) {
    (void)state;
    static const char *const three[] = {"11111111", "22222222", "33333333"};
    fs_file file = make_file(&fx, FS_ROOT, "620B 82050221000403 8302EF05");
    expect_records(file, NULL, 0);
    append_all(file, three, 3);
    fixture_commit(&fx);
    expect_records(file, three, 3);
    assert_int_equal(fs_record_append(fx.store, OWNER, file, "abcd", 4), ONECARD_E_FULL);
    assert_int_equal(fs_record_update(fx.store, OWNER, file, 2, "abc", 3), ONECARD_E_RANGE);
    assert_int_equal(fs_record_update(fx.store, OWNER, file, 4, "abcd", 4), ONECARD_E_NOT_FOUND);
    assert_int_equal(fs_record_update(fx.store, OWNER, file, 2, "abcd", 4), ONECARD_OK);
    assert_int_equal(fs_record_patch(fx.store, OWNER, file, 3, 3, "x", 1), ONECARD_OK);
    assert_int_equal(fs_record_patch(fx.store, OWNER, file, 3, 3, "xy", 2), ONECARD_E_RANGE);
    static const char *const changed[] = {"11111111", "61626364", "33333378"};
    expect_records(file, changed, 3);
    store_abort(fx.store);
    expect_records(file, three, 3);
}

static void cyclic(void **state) {
    (void)state;
    fs_file file = make_file(&fx, FS_ROOT, "620B 82050621000203 8302EF05");
    static const char *const in[] = {"0001", "0002", "0003", "0004", "0005"};
    static const char *const two[] = {"0002", "0001"};
    static const char *const full[] = {"0005", "0004", "0003"};
    append_all(file, in, 2);
    expect_records(file, two, 2);
    append_all(file, in + 2, 3);
    expect_records(file, full, 3);
    assert_int_equal(fs_record_append(fx.store, OWNER, file, "abc", 3), ONECARD_E_RANGE);
    assert_int_equal(fs_record_update(fx.store, OWNER, file, 3, "zz", 2), ONECARD_OK);
    static const char *const changed[] = {"0005", "0004", "7A7A"};
    expect_records(file, changed, 3);
}

/* S5: an appended log record costs its bytes and a little, not the file's. */
static void cyclic_costs_little_flash(void **state) {
    (void)state;
    struct onecard_host_counters before, after;
    uint8_t record[48] = {3};
    fs_file file = make_file(&fx, FS_ROOT, "620B 8205062100301E 8302001E"); /* 30 x 48 */
    fixture_commit(&fx);
    onecard_host_counters(fx.host, &before);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(fs_record_append(fx.store, OWNER, file, record, sizeof record),
                         ONECARD_OK);
        fixture_commit(&fx);
    }
    onecard_host_counters(fx.host, &after);
    const uint64_t each = (after.program_bytes - before.program_bytes) / 100;
    print_message("appending 48 bytes to a log of 30 records programs %u bytes\n", (unsigned)each);
    assert_true(each < 300);
}

static void linear_variable(void **state) {
    (void)state;
    /* 40 bytes for up to 5 records of up to 20 */
    fs_file file = make_file(&fx, FS_ROOT, "620F 80020028 82050421001405 83020001");
    static const char *const in[] = {"AA01", "BB020202", "", "CC03030303"};
    append_all(file, in, 4);
    expect_records(file, in, 4);
    /* growing and shrinking moves those behind */
    static const char *const grown[] = {"AA01", "BB0202020202020202", "", "CC03030303"};
    uint8_t bytes[40] = {0xBB, 2, 2, 2, 2, 2, 2, 2, 2};
    assert_int_equal(fs_record_update(fx.store, OWNER, file, 2, bytes, 9), ONECARD_OK);
    expect_records(file, grown, 4);
    static const char *const shrunk[] = {"", "BB0202020202020202", "", "CC03030303"};
    assert_int_equal(fs_record_update(fx.store, OWNER, file, 1, bytes, 0), ONECARD_OK);
    expect_records(file, shrunk, 4);
    assert_int_equal(fs_record_update(fx.store, OWNER, file, 1, bytes, 21), ONECARD_E_RANGE);
    assert_int_equal(fs_record_append(fx.store, OWNER, file, bytes, 20), ONECARD_OK);
    assert_int_equal(fs_record_append(fx.store, OWNER, file, bytes, 1), ONECARD_E_FULL); /* 5 */
    /* 14 + 20 of 40 are used: 6 more fit, 7 do not */
    assert_int_equal(fs_record_update(fx.store, OWNER, file, 3, bytes, 7), ONECARD_E_FULL);
    assert_int_equal(fs_record_update(fx.store, OWNER, file, 3, bytes, 6), ONECARD_OK);
    struct fs_info info;
    assert_int_equal(fs_file_info(fx.store, OWNER, file, &info), ONECARD_OK);
    assert_int_equal(info.size, 40);
    assert_int_equal(info.record_count, 5);
    assert_int_equal(info.record_max, 5);
}

/* Against a plain model: any series of changes, with tails longer than one piece. */
static void linear_variable_at_random(void **state) {
    (void)state;
    static uint8_t model[12][120];
    uint32_t size[12], count = 0, total = 0, rnd = 12345;
    fs_file file = make_file(&fx, FS_ROOT, "620F 80020300 8205042100780C 83020001"); /* 768, 12 */
    for (int step = 0; step < 600; step++) {
        rnd = rnd * 1103515245 + 12345;
        const uint32_t len = rnd >> 8 & 0x7F, which = rnd >> 20 & 0x0F;
        uint8_t data[128];
        for (uint32_t i = 0; i < len; i++)
            data[i] = (uint8_t)(step + (int)i);
        if (which >= count) {
            enum onecard_err want = len > 120           ? ONECARD_E_RANGE
                                    : total + len > 768 ? ONECARD_E_FULL
                                                        : ONECARD_OK;
            if (count == 12)
                want = ONECARD_E_FULL;
            assert_int_equal(fs_record_append(fx.store, OWNER, file, data, len), want);
            if (want == ONECARD_OK) {
                memcpy(model[count], data, len);
                size[count++] = len;
                total += len;
            }
        } else {
            enum onecard_err want = len > 120                         ? ONECARD_E_RANGE
                                    : total - size[which] + len > 768 ? ONECARD_E_FULL
                                                                      : ONECARD_OK;
            assert_int_equal(fs_record_update(fx.store, OWNER, file, which + 1, data, len), want);
            if (want == ONECARD_OK) {
                memcpy(model[which], data, len);
                total += len - size[which];
                size[which] = len;
            }
        }
        fixture_commit(&fx);
        for (uint32_t i = 0; i < count; i++) {
            uint8_t got[120];
            assert_int_equal(fs_record_read(fx.store, OWNER, file, i + 1, 0, got, size[i]),
                             ONECARD_OK);
            assert_memory_equal(got, model[i], size[i]);
        }
    }
}

static void finding_records(void **state) {
    (void)state;
    fs_file file = make_file(&fx, FS_ROOT, "620F 80020040 82050421001408 83020001");
    static const char *const in[] = {"2701AA", "27", "2702BB", "2701CC"};
    static const uint8_t key[] = {0x27, 0x01};
    uint32_t number;
    append_all(file, in, 4);
    assert_int_equal(fs_record_find(fx.store, OWNER, file, 1, 0, key, 2, &number), ONECARD_OK);
    assert_int_equal(number, 1);
    assert_int_equal(fs_record_find(fx.store, OWNER, file, 2, 0, key, 2, &number), ONECARD_OK);
    assert_int_equal(number, 4);
    assert_int_equal(fs_record_find(fx.store, OWNER, file, 2, 1, key + 1, 1, &number), ONECARD_OK);
    assert_int_equal(number, 4);
    assert_int_equal(fs_record_find(fx.store, OWNER, file, 5, 0, key, 2, &number),
                     ONECARD_E_NOT_FOUND);
    assert_int_equal(fs_record_find(fx.store, OWNER, file, 1, 0, key, 17, &number),
                     ONECARD_E_PARAM);
}

/* ---- data objects by tag ---- */

static void objects(void **state) {
    (void)state;
    static const uint32_t tags[] = {0x5A,     0x9F79,   0xDF4D,   0xC1,
                                    0xDF8101, 0xDF8201, 0x5F8101, 0xBF8101};
    static const uint32_t wrong[] = {0, 0xFF, 0x1F, 0x9F80, 0x0101, 0xDF, 0x9F7901, 0x1000000};
    uint8_t out[16];
    uint32_t size;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        assert_int_equal(fs_object_size(fx.store, OWNER, tags[i], &size), ONECARD_E_NOT_FOUND);
        assert_int_equal(fs_object_write(fx.store, OWNER, tags[i], &tags[i], 4), ONECARD_OK);
    }
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        assert_int_equal(fs_object_size(fx.store, OWNER, tags[i], &size), ONECARD_OK);
        assert_int_equal(size, 4);
        assert_int_equal(fs_object_read(fx.store, OWNER, tags[i], 0, out, 4), ONECARD_OK);
        assert_memory_equal(out, &tags[i], 4);
        assert_int_equal(fs_object_read(fx.store, OWNER, tags[i], 1, out, 4), ONECARD_E_RANGE);
        assert_int_equal(fs_object_read(fx.store, STRANGER, tags[i], 0, out, 4),
                         ONECARD_E_NOT_FOUND); /* F2 */
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(fs_object_create(fx.store, OWNER, wrong[i], 0, 0, NULL, 0),
                         ONECARD_E_PARAM);
    assert_int_equal(fs_object_create(fx.store, OWNER, 0x5A, 0, 0, NULL, 0), ONECARD_E_EXISTS);
    assert_int_equal(fs_object_create(fx.store, OWNER, 0x5B, 0, 3, NULL, 0), ONECARD_OK);
    assert_int_equal(fs_object_write(fx.store, OWNER, 0x5B, "abcd", 4), ONECARD_E_TOO_BIG);
    assert_int_equal(fs_object_write(fx.store, OWNER, 0x5B, "abc", 3), ONECARD_OK);
    assert_int_equal(fs_object_patch(fx.store, OWNER, 0x5B, 1, "X", 1), ONECARD_OK);
    assert_int_equal(fs_object_patch(fx.store, OWNER, 0x5B, 3, "X", 1), ONECARD_E_RANGE);
    assert_int_equal(fs_object_read(fx.store, OWNER, 0x5B, 0, out, 3), ONECARD_OK);
    assert_memory_equal(out, "aXc", 3);
    assert_int_equal(fs_object_write(fx.store, OWNER, 0x5B, NULL, 0), ONECARD_OK);
    assert_int_equal(fs_object_size(fx.store, OWNER, 0x5B, &size), ONECARD_OK);
    assert_int_equal(size, 0);
    assert_int_equal(fs_object_delete(fx.store, OWNER, 0x5B), ONECARD_OK);
    assert_int_equal(fs_object_delete(fx.store, OWNER, 0x5B), ONECARD_E_NOT_FOUND);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(templates_that_are_wrong),
        T(root_comes_with_the_first_file),
        T(root_of_its_own),
        T(numbers_and_identifiers),
        T(a_tree),
        T(many_dfs),
        T(F2_files_belong_to_their_owner),
        T(transparent),
        T(life_cycle),
        T(linear_fixed),
        T(cyclic),
        T(cyclic_costs_little_flash),
        T(linear_variable),
        T(linear_variable_at_random),
        T(finding_records),
        T(objects),
    };
    return cmocka_run_group_tests_name("fs_files", tests, NULL, NULL);
}
