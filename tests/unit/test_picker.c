/* What is meant by a part of a code or a name, best first, and the list of it. */
#include "tui/widget/picker.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct picker_item items[] = {
    {"0101", "暖气不热", "Heating: cold radiators", "供暖", "Heating"},
    {"0102", "供暖管道漏水", "Heating: leaking pipe", "供暖", "Heating"},
    {"0801", "电梯困人", "Lift: people trapped", "电梯", "Lifts"},
    {"2102", "大风暴雪高温", "Gale, snowstorm, heat", "应急", "Emergencies"},
    {"ll", "刘丽", "Liu Li", "", ""},
    {"x9", "重里社区", "Zhongli Community", "", ""},
    {"01", "南里", "Nanli", "", ""},
};
enum { N = sizeof items / sizeof *items };

/* Codes with blanks between. */
static const char *found(const char *typed, bool pinyin, size_t most)
{
    static char text[200];
    struct picker_item ret[N];
    size_t n = picker_rank(items, N, typed, pinyin, ret, most), used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < n && i < most; i++)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? " " : "", ret[i].code);
    return text;
}

static void the_best_comes_first(void **state)
{
    static const struct {
        const char *typed, *pinyin, *without;
    } rows[] = {
        {"01", "01 0101 0102 0801", "01 0101 0102 0801"}, /* code, its beginning, a part of it */
        {"HEAT", "0101 0102 2102", "0101 0102 2102"},     /* beginning of the name, part */
        {"供", "0102 0101", "0102 0101"},                 /* name before what it belongs to */
        {"LL", "ll", "ll"},
        {"nqbr", "0101", ""},
        {"nuanqi", "0101", ""},
        {"gn", "0102 0101", ""},                  /* name before what it belongs to */
        {"cl", "x9", ""},                         /* another reading */
        {"zhongli", "x9", "x9"},                  /* its English name */
        {"li", "0801 ll x9 01", "0801 ll x9 01"}, /* beginnings of English names, then parts */
        {"", "0101 0102 0801 2102 ll x9 01", "0101 0102 0801 2102 ll x9 01"},
        {"qqq", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(found(rows[i].typed, true, N), rows[i].pinyin);
        assert_string_equal(found(rows[i].typed, false, N), rows[i].without);
    }
}

static void what_does_not_fit_is_the_worst(void **state)
{
    (void)state;
    assert_string_equal(found("01", true, 2), "01 0101");
    assert_string_equal(found("01", true, 1), "01");
    assert_string_equal(found("l", true, 2), "ll 0801");
    assert_string_equal(found("01", true, 0), "");
}

static void a_list_shows_the_marked_one(void **state)
{
    static struct picker_item many[PICKER_MOST + 50];
    static struct picker p;
    (void)state;
    for (size_t i = 0; i < PICKER_MOST + 50; i++)
        many[i] = items[i % N];
    picker_clear(&p);
    assert_false(picker_open(&p));
    assert_null(picker_marked(&p));
    assert_false(picker_step(&p, 1));
    picker_find(&p, many, PICKER_MOST + 50, "", true);
    assert_true(picker_open(&p));
    assert_int_equal(p.n, PICKER_MOST);
    assert_int_equal(p.all, PICKER_MOST + 50);
    assert_false(picker_step(&p, -1));
    for (int i = 1; i < PICKER_MOST; i++) {
        assert_true(picker_step(&p, 1));
        assert_true(picker_first(&p) <= (size_t)i && (size_t)i < picker_first(&p) + PICKER_ROWS);
        assert_string_equal(picker_marked(&p)->code, many[i].code);
    }
    assert_false(picker_step(&p, 1));
    picker_find(&p, many, PICKER_MOST, "no such", true);
    assert_false(picker_open(&p));
    assert_null(picker_marked(&p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_comes_first),
        cmocka_unit_test(what_does_not_fit_is_the_worst),
        cmocka_unit_test(a_list_shows_the_marked_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
