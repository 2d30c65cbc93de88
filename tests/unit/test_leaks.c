/* What must not stand in a text for a claimant: what is found, what is none of it, and where. */
#include "core/case/leaks.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { MOST = 16, LONG = 64 * 1024 };

static const struct leak_person people[] = {
    {"王芳", "13700001111", true}, {"李小明", "13911112222", false}, {"Kate Miller", "", false},
    {"赵*", "136****9999", false}, {"小芳", "010-66668888", false},
};
enum { PEOPLE = sizeof people / sizeof *people };

/* The leaks as one line: word(what) of each. */
static const char *found_in(const char *text)
{
    static char line[1024];
    struct leak l[MOST];
    size_t used = 0, n = leaks_find(text, strlen(text), people, PEOPLE, l, MOST);
    line[0] = '\0';
    for (size_t i = 0; i < n; i++)
        used += (size_t)snprintf(line + used, sizeof line - used, "%s%s(%.*s)", i ? " " : "",
                                 leak_table[l[i].kind].word, (int)l[i].len, text + l[i].at);
    return line;
}

static void numbers(void **state)
{
    static const char *const row[][2] = {
        {"请拨13812345678联系", "mobile(13812345678)"},
        {"138-1234-5678、138 1234 5678", "mobile(138-1234-5678) mobile(138 1234 5678)"},
        {"１３８１２３４５６７８", "mobile(１３８１２３４５６７８)"},
        {"电话一三八一二三四五六七八。", "mobile(一三八一二三四五六七八)"},
        {"+8613812345678", "mobile(8613812345678)"},
        {"13812345678一直不通", "mobile(13812345678)"},
        {"13812345678 13912345678", "mobile(13812345678) mobile(13912345678)"},
        {"工单2608-10233 13812345678", "mobile(13812345678)"},
        {"请拨010-66667777", "fixed(010-66667777)"},
        {"0316-2212345", "fixed(0316-2212345)"},
        {"身份证11010519491231002X。", "identity(11010519491231002X)"},
        {"110105 19491231 002x", "identity(110105 19491231 002x)"},
        {"１１０１０５１９４９１２３１００２Ｘ", "identity(１１０１０５１９４９１２３１００２Ｘ)"},
        {"卡号6222 0202 0011 2230 129", "card(6222 0202 0011 2230 129)"},
        {"6222020200112230", "card(6222020200112230)"},
        {"京A12345停在楼下", "plate(京A12345)"},
        {"京a·D12345，粤Ｂ１２３４学", "plate(京a·D12345) plate(粤Ｂ１２３４学)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        assert_string_equal(found_in(row[i][0]), row[i][1]);
}

static void what_is_none(void **state)
{
    static const char *const text[] = {
        "",
        "12345热线、110、96010供暖",
        "2026年11月25日18:20复测，室温20度",
        "2026-11-25 17:48到场，20261125存档",
        "工单260812110102333，〔2025〕12号",
        "11010519491231002",  /* no check digit */
        "110105194912310021", /* a wrong one */
        "110105194913310026", /* no such month */
        "6222020200112231",   /* a wrong check digit */
        "138****5678",        /* masked */
        "138123456789",       /* too long */
        "15 000 000 000元",   /* an amount */
        "投资13 800 138 000元",
        "坐标39.90421 116.40739",
        "京A座、云南B1",
        "4008001234",
        "北京A1234567",
        "二〇二六年十一月二十五日",
    };
    (void)state;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        if (strcmp(found_in(text[i]), "") != 0)
            fail_msg("%s: %s", text[i], found_in(text[i]));
}

static void people_who_are_known(void **state)
{
    (void)state;
    assert_string_equal(found_in("王芳您好，李小明也反映过"), "name(李小明)");
    assert_string_equal(found_in("您的电话13700001111，137 0000 1111"), "");
    assert_string_equal(found_in("他的电话139-1111-2222"), "phone(139-1111-2222)");
    assert_string_equal(found_in("13612349999"), "phone(13612349999)");
    assert_string_equal(found_in("赵女士您好"), "");
    assert_string_equal(found_in("called Kate Miller; Kate Millers"), "name(Kate Miller)");
    assert_string_equal(found_in("010 6666 8888"), "phone(010 6666 8888)");
    struct leak_person whole[] = {{"王小芳", "", true}, {"小芳", "", false}};
    struct leak l;
    assert_int_equal(leaks_find("王小芳", 9, whole, 2, &l, 1), 0);
    assert_int_equal(leaks_find("张小芳", 9, whole, 2, &l, 1), 1);
    assert_int_equal(l.at, 3);
    assert_int_equal(leaks_find("13700001111", 11, NULL, 0, &l, 1), 1); /* for nobody: told */
}

static void told_without_saying_it(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    const char *text = "李小明 13812345678 京A12345";
    struct leak name = {LEAK_NAME, 0, 9}, mobile = {LEAK_MOBILE, 10, 11},
                plate = {LEAK_PLATE, 22, 9};
    assert_string_equal(leak_masked(&a, text, &name), "李*");
    assert_string_equal(leak_masked(&a, text, &mobile), "138***78");
    assert_string_equal(leak_masked(&a, text, &plate), "京A1***45");
    arena_release(&a);
}

/* Every cut of it, bad bytes, and 64 kB of what could be a number: no byte outside is read, and no list overflows. */
static void hostile(void **state)
{
    static const char *const piece[] = {"1",  "1 ",       "138-", "一",   "京A",
                                        "京", "\xE4\xBA", "\xFF", "李小", "11010519491231002X "};
    char *text = malloc(LONG + 32);
    struct leak l[MOST];
    (void)state;
    for (size_t i = 0; i < sizeof piece / sizeof *piece; i++) {
        size_t n = 0, len = strlen(piece[i]);
        struct timespec from, to;
        for (; n + len <= LONG; n += len)
            memcpy(text + n, piece[i], len);
        char *exact = malloc(n);
        memcpy(exact, text, n);
        clock_gettime(CLOCK_MONOTONIC, &from);
        size_t found = leaks_find(exact, n, people, PEOPLE, l, MOST);
        clock_gettime(CLOCK_MONOTONIC, &to);
        long ms = (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
        assert_true(found <= MOST && ms < 1000);
        for (size_t k = 0; k < 64 && k <= n; k++)
            (void)leaks_find(exact + n - k, k, people, PEOPLE, l, MOST);
        free(exact);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers), cmocka_unit_test(what_is_none),
                                       cmocka_unit_test(people_who_are_known),
                                       cmocka_unit_test(told_without_saying_it),
                                       cmocka_unit_test(hostile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
