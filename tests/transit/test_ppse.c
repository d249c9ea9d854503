/* The directories: what readers ask for first. */
#include "transit/fixture.h"

#define ENTRY "6117 4F08A000000632010105 50084D4F545F545F4550 870101"

static void test_contactless(void **state) {
    struct test_card *t = *state;
    EXPECT(t, "00A404000E325041592E5359532E444446303100",
           "6F2E 840E325041592E5359532E4444463031 A51C BF0C19" ENTRY "9000");
    EXPECT(t, "00A4040C0E325041592E5359532E444446303100", "9000");
    EXPECT(t, "00A4040004325041590000", "6700");
    EXPECT(t, "00A40400043250415900", "*9000"); /* partial name */
    EXPECT(t, "00B2010C00", "6A82");            /* no directory file here */
}

static void test_contact(void **state) {
    struct test_card *t = *state;
    EXPECT(t, "00A404000E315041592E5359532E444446303100",
           "6F15 840E315041592E5359532E4444463031 A503 880101 9000");
    EXPECT(t, "00B2010C00", "7019" ENTRY "9000");
    EXPECT(t, "00B2020C00", "6A83");
    EXPECT(t, "00DC010C020000", "6982");
    EXPECT(t, "80E2000000", "6E00"); /* a terminal does not personalise */
    EXPECT(t, "00CA00A500", "6982"); /* or see more than the FCI says */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_contactless),
                                       cmocka_unit_test(test_contact)};
    return cmocka_run_group_tests_name("ppse", tests, setup, teardown);
}
