/* UTF-8: what is accepted, what is bad, where a cut falls. */
#include "core/text/utf8.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_every_character_comes_back(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x110010; c++) {
        char bytes[4];
        uint32_t back = 0;
        size_t n = utf8_encode(c, bytes);
        if ((c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) {
            assert_int_equal(n, 0);
            continue;
        }
        assert_int_equal(utf8_decode(bytes, n, &back), n);
        assert_int_equal(back, c);
        if (n > 1) { /* cut short: the lead byte alone is bad */
            assert_int_equal(utf8_decode(bytes, n - 1, &back), 1);
            assert_int_equal(back, UTF8_BAD);
        }
    }
}

static void test_bad_forms(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80",
                                      "\xBF",
                                      "\xC0\xAF",
                                      "\xC1\xBF",
                                      "\xE0\x80\xAF",
                                      "\xE0\x9F\xBF",
                                      "\xED\xA0\x80",
                                      "\xED\xBF\xBF",
                                      "\xF0\x80\x80\xAF",
                                      "\xF5\x80",
                                      "\xF4\x90\x80\x80",
                                      "\xFF",
                                      "\xE6\x9A",
                                      "\xE6(\xA1",
                                      "\xF0\x8F\xBF\xBF"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint32_t c = 0;
        assert_int_equal(utf8_decode(bad[i], strlen(bad[i]), &c), 1);
        assert_int_equal(c, UTF8_BAD);
        assert_false(utf8_valid(bad[i], strlen(bad[i])));
    }
    assert_true(utf8_valid("\xE6\x9A\x96\xE6\xB0\x94 ok \xF0\x9F\x98\x80", 14));
    assert_true(utf8_valid("", 0));
}

static void test_count_and_cut(void **state)
{
    (void)state;
    static const char text[] = "a\xE6\x9A\x96\xF0\x9F\x98\x80z"; /* 1 + 3 + 4 + 1 */
    static const size_t want[] = {0, 1, 1, 1, 4, 4, 4, 4, 8, 9, 9};
    assert_int_equal(utf8_count(text, 9), 4);
    assert_int_equal(utf8_count("\x80\x80\xE6\x9A", 4), 4);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_int_equal(utf8_cut(text, 9, i), want[i]);
    assert_int_equal(utf8_cut("\x80\x80\x80\x80\x80\x80", 6, 4), 4); /* noise is cut where asked */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_character_comes_back),
        cmocka_unit_test(test_bad_forms),
        cmocka_unit_test(test_count_and_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
