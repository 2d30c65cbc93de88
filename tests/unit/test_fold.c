/* Texts made comparable, and cut into words. */
#include "core/text/fold.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void test_folding(void **state)
{
    static const struct {
        const char *text, *folded;
    } row[] = {{"Radiator COLD", "radiator cold"},
               {"１２３４５", "12345"},
               {"ＡＢＣ　ｄ", "abc d"},
               {"供暖\t 不热\n", "供暖 不热"},
               {"暖氣不熱，電梯壞了", "暖气不热,电梯坏了"},
               {"乾淨的樓後、幹部、餘裕", "干净的楼后、干部、余裕"},
               {"暖气 后台 里 只", "暖气 后台 里 只"},
               {"Straße ﬁne", "strasse fine"},
               {"a\xEE\x80\x81"
                "1380",
                "a1380"}, /* a word of the index cannot come from a text */
               {"\xFFx\xC3", "x"},
               {"", ""}};
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        assert_string_equal(fold_text(&a, row[i].text, strlen(row[i].text)), row[i].folded);
    arena_release(&a);
}

struct words {
    char text[400];
};

static int note_word(void *with, const char *text, size_t len)
{
    struct words *w = with;
    size_t n = strlen(w->text);
    snprintf(w->text + n, sizeof w->text - n, "[%.*s]", (int)len, text);
    return 0;
}

static void test_words(void **state)
{
    static const struct {
        const char *text, *indexed, *asked;
    } row[] = {{"暖气", "[暖][暖气][气]", "[暖气]"},
               {"气", "[气]", "[气]"},
               {"暖气片", "[暖][暖气][气][气片][片]", "[暖气][气片]"},
               {"no heat", "[no][heat]", "[no][heat]"},
               {"3号楼b座", "[3][号][号楼][楼][b][座]", "[3][号楼][b][座]"},
               {"水,电", "[水][电]", "[水][电]"},
               {"\xEE\x80\x81"
                "5678 x",
                "[\xEE\x80\x81"
                "5678][x]",
                "[\xEE\x80\x81"
                "5678][x]"},
               {"...", "", ""}};
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct words indexed = {""}, asked = {""};
        assert_int_equal(fold_words(row[i].text, strlen(row[i].text), false, note_word, &indexed),
                         0);
        assert_int_equal(fold_words(row[i].text, strlen(row[i].text), true, note_word, &asked), 0);
        assert_string_equal(indexed.text, row[i].indexed);
        assert_string_equal(asked.text, row[i].asked);
    }
}

static void test_has(void **state)
{
    (void)state;
    assert_true(fold_has("暖气不热", "气不"));
    assert_true(fold_has("no heating", "heat"));
    assert_false(fold_has("no heating", "eating"));
    assert_true(fold_has("eating, eating", "eating"));
    assert_true(fold_has("楼heat", "heat"));
    assert_false(fold_has("éclair", "clair"));
    assert_true(fold_has("x", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_folding), cmocka_unit_test(test_words),
                                       cmocka_unit_test(test_has)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
