/* Chinese names found by initials, by syllables, by themselves, and by all of that mixed. */
#include "core/text/pinyin.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

struct row {
    const char *text, *typed;
    bool anywhere, begins;
};

static void what_is_typed_finds_the_text(void **state)
{
    static const struct row rows[] = {
        {"幸福里一社区", "xflysq", true, true},
        {"幸福里一社区", "XFLYSQ", true, true},
        {"幸福里一社区", "xingfuli", true, true},
        {"幸福里一社区", "xingf", true, true},
        {"幸福里一社区", "xinf", false, false}, /* only the last one may be cut off */
        {"幸福里一社区", "xfuliy", true, true},
        {"幸福里一社区", "fuli", true, false},
        {"幸福里一社区", "幸f里", true, true},
        {"幸福里一社区", "社区", true, false},
        {"幸福里一社区", "shequ", true, false},
        {"幸福里一社区", "shq", true, false},
        {"幸福里一社区", "xflysqx", false, false},
        {"幸福里一社区", "xli", false, false},
        {"重庆路", "cql", true, true},
        {"重庆路", "zql", true, true},
        {"重庆路", "chongqing", true, true},
        {"重庆路", "zhqinglu", true, true},
        {"银行", "yinhang", true, true},
        {"银行", "yx", true, true},
        {"长安街", "changan", true, true},
        {"幸福里一社区", "xin", true, true},
        {"旅店", "lvdi", true, true},
        {"旅店", "ludi", true, true},
        {"西安门", "xianm", true, true},
        {"南里 B座", "nlbz", true, true},
        {"12号楼", "12hl", true, true},
        {"12号楼", "2h", true, false},
        {"Donglijie", "liJ", true, false},
        {"", "a", false, false},
        {"幸", "", true, true},
        {"，。", "a", false, false},
        {"\xE5\xB9", "\xE5", true, true},
        {"㐀㐁", "qt", true, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *r = &rows[i];
        if (pinyin_matches(r->text, r->typed) != r->anywhere)
            fail_msg("%s in %s: %d", r->typed, r->text, !r->anywhere);
        if (pinyin_begins(r->text, r->typed) != r->begins)
            fail_msg("%s at the beginning of %s: %d", r->typed, r->text, !r->begins);
    }
}

static void longer_than_can_be_is_not_found(void **state)
{
    char text[3 * 80 + 1] = "", typed[81] = "";
    (void)state;
    for (int i = 0; i < 80; i++)
        strcat(text, "里");
    for (size_t i = 0; i < 80; i++)
        typed[i] = 'l';
    assert_false(pinyin_matches(text, typed));
    typed[PINYIN_TYPED_MOST] = '\0';
    assert_true(pinyin_matches(text, typed));
}

static void initials_are_those_of_the_usual_readings(void **state)
{
    char out[8];
    (void)state;
    assert_int_equal(pinyin_initials("幸福里一社区", out, sizeof out), 6);
    assert_string_equal(out, "xflysq");
    assert_int_equal(pinyin_initials("南里 B-3 号楼，重点区", out, sizeof out), 9);
    assert_string_equal(out, "nlb3hlz");
    assert_int_equal(pinyin_initials("里", NULL, 0), 1);
    assert_int_equal(pinyin_initials("", out, sizeof out), 0);
    assert_string_equal(out, "");
}

/* Whatever bytes stand on either side. */
static void no_text_does_harm(void **state)
{
    static const char *const piece[] = {"幸", "重",   "里",   "x", "zh", "chong",
                                        " ",  "\xE5", "\xB9", "Z", "v",  "\xF4\x8F\xBF\xBF",
                                        "7",  "\xFF"};
    uint32_t seed = 11;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        char side[2][80] = {"", ""}, out[5];
        for (int k = 0; k < 12; k++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(side[k % 2], piece[(seed >> 16) % (sizeof piece / sizeof *piece)]);
        }
        if (pinyin_begins(side[0], side[1]) && !pinyin_matches(side[0], side[1]))
            fail_msg("%s begins %s and is not in it", side[1], side[0]);
        if (!pinyin_begins(side[0], side[0]))
            fail_msg("%s is not at the beginning of itself", side[0]);
        (void)pinyin_initials(side[0], out, sizeof out);
        assert_true(strlen(out) < sizeof out);
    }
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A list of 5000 names within a key's time. Ten times what an optimised build may need: this one has sanitizers. */
static void a_long_list_takes_no_time(void **state)
{
    static const char *const part[] = {"幸福", "东里", "南重", "西长", "北行", "朝阳", "新华"};
    static char names[5000][40];
    size_t found = 0;
    double best = 1e9;
    (void)state;
    for (size_t i = 0; i < 5000; i++) {
        names[i][0] = '\0';
        for (size_t k = 0; k < 3; k++)
            strcat(names[i], part[(i / (k * 6 + 1)) % 7]);
        strcat(names[i], "社区");
    }
    for (int run = 0; run < 5; run++) {
        double begun = seconds();
        for (size_t i = 0; i < 5000; i++)
            found += pinyin_matches(names[i], "xingfudl");
        double took = seconds() - begun;
        best = took < best ? took : best;
    }
    assert_true(found > 0);
    print_message("# 5000 names in %.1f ms\n", best * 1000);
    assert_true(best < 0.050);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_typed_finds_the_text),
        cmocka_unit_test(longer_than_can_be_is_not_found),
        cmocka_unit_test(initials_are_those_of_the_usual_readings),
        cmocka_unit_test(no_text_does_harm),
        cmocka_unit_test(a_long_list_takes_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
