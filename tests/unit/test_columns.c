/* Columns of the queue: words to a list, and cells shared out. */
#include "tui/draw.h"
#include "tui/view/columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct columns parsed(const char *words)
{
    struct columns c;
    struct errmsg err = {""};
    if (columns_parse(words, &c, &err) != ST_OK)
        fail_msg("%s: %s", words, err.text);
    return c;
}

static void expect(const char *words, const enum column *want, size_t n)
{
    struct columns c = parsed(words);
    assert_int_equal(c.n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(c.list[i], want[i]);
}

static void words_become_columns(void **state)
{
    (void)state;
    expect("handler, left number",
           (enum column[]){COLUMN_HANDLER, COLUMN_LEFT, COLUMN_NUMBER, COLUMN_WHAT}, 4);
    /* the number and what has the signs are there whatever is named */
    expect("state", (enum column[]){COLUMN_NUMBER, COLUMN_STATE, COLUMN_WHAT}, 3);
    expect("what", (enum column[]){COLUMN_NUMBER, COLUMN_WHAT}, 2);
    expect(" ",
           (enum column[]){COLUMN_LEFT, COLUMN_NUMBER, COLUMN_CATEGORY, COLUMN_COMMUNITY,
                           COLUMN_STATE, COLUMN_WHAT},
           6);
}

static void errors_name_the_word(void **state)
{
    static const struct {
        const char *words, *named;
    } wrong[] = {{"left colour state", "\"colour\""},
                 {"left lef", "\"lef\""},
                 {"state number state", "\"state\""},
                 {"what number", "\"what\""}};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct columns c = {.n = 77};
        struct errmsg err = {""};
        assert_int_equal(columns_parse(wrong[i].words, &c, &err), ST_INVALID);
        if (!strstr(err.text, wrong[i].named))
            fail_msg("%s: %s", wrong[i].words, err.text);
        assert_int_equal(c.n, 77);
    }
}

/* The usual columns at the usual widths. */
static void the_usual_ones_share(void **state)
{
    static const struct {
        int cells, want[6];
    } row[] = {{159, {9, 11, 18, 14, 12, 95}}, {151, {9, 11, 18, 14, 12, 87}},
               {150, {9, 11, 15, 12, 11, 92}}, {101, {9, 11, 15, 12, 11, 43}},
               {100, {9, 11, 13, 10, 11, 46}}, {79, {9, 11, 13, 10, 11, 25}},
               {78, {9, 11, 11, 0, 11, 36}},   {66, {9, 11, 11, 0, 11, 24}},
               {65, {9, 11, 0, 0, 8, 37}},     {39, {9, 11, 0, 0, 8, 11}}};
    struct columns c = parsed("");
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        int cells[COLUMN_COUNT];
        columns_share(&c, row[i].cells, COLUMN_COUNT, cells);
        for (size_t k = 0; k < c.n; k++)
            if (cells[k] != row[i].want[k])
                fail_msg("%d cells: column %zu has %d, not %d", row[i].cells, k, cells[k],
                         row[i].want[k]);
    }
}

/* What a list is sorted by is seen in it, however narrow it is. */
static void the_order_has_its_column(void **state)
{
    struct columns c = parsed("");
    (void)state;
    assert_int_equal(columns_find("community"), COLUMN_COMMUNITY);
    assert_int_equal(columns_find("newest"), COLUMN_COUNT);
    for (int width = 50; width < 160; width++) {
        int cells[COLUMN_COUNT], sum = 0;
        columns_share(&c, width, COLUMN_COMMUNITY, cells);
        for (size_t k = 0; k < c.n; k++) {
            sum += cells[k];
            if (c.list[k] == COLUMN_COMMUNITY)
                assert_in_range(cells[k], 10, 14);
        }
        assert_int_equal(sum, width);
    }
}

/* At any width no more is given out than there is, and the number is never left out. */
static void any_columns_share(void **state)
{
    static const char *const words[] = {
        "number", "created building clock handler state community category number left",
        "handler building", "left clock created"};
    (void)state;
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        for (int width = 40; width < 300; width++) {
            struct columns c = parsed(words[w]);
            int cells[COLUMN_COUNT], sum = 0;
            columns_share(&c, width, COLUMN_COUNT, cells);
            for (size_t k = 0; k < c.n; k++) {
                sum += cells[k];
                assert_true(cells[k] >= 0);
                if (c.list[k] == COLUMN_NUMBER)
                    assert_int_equal(cells[k], 11);
            }
            if (sum != width)
                fail_msg("%s: %d of %d cells", words[w], sum, width);
        }
}

/* What tells a category from others stands where the whole name has no room. */
static void categories_keep_what_tells_them_apart(void **state)
{
    static const struct {
        const char *name;
        int cells;
        const char *shown;
    } row[] = {{"Dust", 12, "Dust"},
               {"供暖：暖气不热", 14, "供暖：暖气不热"},
               {"供暖：暖气不热", 12, "暖气不热"},
               {"供水：停水", 10, "供水：停水"},
               {"楼内下水管道老化", 12, "楼内下水管道老化"}, /* cut where it is drawn */
               {"Gas: supply cut off, repair", 12, "supply cut…"},
               {"Water: supply cut off", 14, "supply cut off"},
               {"Fire lane blocked", 12, "Fire lane…"},
               {"Electricity, old wiring", 14, "Electricity…"},
               {"Objects thrown from above", 12, "Objects thrown from above"},
               {"Heating: cold radiators or low room temperature", 12,
                "cold radiators or low room temperature"},
               {"Lift out of service (nobody trapped)", 20, "Lift out of service"},
               {"电梯停运（困人除外）", 8, "电梯停运"},
               {"：", 1, "："}};
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        assert_string_equal(draw_category(&a, row[i].name, row[i].cells), row[i].shown);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_become_columns),
                                       cmocka_unit_test(errors_name_the_word),
                                       cmocka_unit_test(the_usual_ones_share),
                                       cmocka_unit_test(the_order_has_its_column),
                                       cmocka_unit_test(any_columns_share),
                                       cmocka_unit_test(categories_keep_what_tells_them_apart)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
