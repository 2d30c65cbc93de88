/* The table of the assessment through JSON and back; broken ones name the place. */
#include "tests/unit/wire_random.h"

static struct assess_row row(const char *code, int seed, const struct score_policy *p)
{
    struct assess_row r = {.code = code,
                           .name = "幸福里街道",
                           .name_en = "Xingfuli \"Street\"",
                           .office = "1101",
                           .grade = "B",
                           .rank = seed,
                           .closed = 7 * seed,
                           .residents = 40001 * seed,
                           .bonus = 1250 * seed,
                           .classes = seed & 15,
                           .before = ASSESS_NO_DATA};
    for (int set = 0; set < SET_COUNT; set++) {
        for (int i = 0; i < ASSESS_COUNT; i++)
            r.set[set].n[i] = seed * (100 - i + set);
        assess_figures_of(p, &r.set[set]);
    }
    return r;
}

static void test_there_and_back(void **state)
{
    static const struct score_policy p = {
        .w_r = 100, .w_s = 500, .w_m = 400, .basic_value = 900, .decimals = 1};
    struct arena a;
    struct buf text, again;
    struct errmsg err = {""};
    struct assess_row rows[] = {row("1101", 3, &p), row("1102", 1, &p), row("1103", 0, &p)};
    struct assess_board b = {.level = LEVEL_STREET,
                             .scope = "11",
                             .period = {"2026-11", 1760803200000, 1763481600000},
                             .as_of_ms = 1763000000123,
                             .policy = "beijing-default/1",
                             .w_r = 100,
                             .w_s = 500,
                             .w_m = 400,
                             .decimals = 1,
                             .mean = true,
                             .show_rank = true,
                             .show_grade = true,
                             .month_start_day = 19,
                             .day_cut_min = 720,
                             .ranked = 2,
                             .rows = rows,
                             .n_rows = 3},
                        back;
    (void)state;
    b.total = rows[0];
    b.total.set[SET_ALL].units = 2;
    arena_init(&a, 0);
    buf_init(&text, TEST_CEILING);
    buf_init(&again, TEST_CEILING);
    assess_board_encode(&text, &b);
    if (assess_board_decode(text.data, text.len, &a, &back, &err) != ST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(back.n_rows, 3);
    assert_int_equal(back.rows[0].classes, 3);
    assert_int_equal(back.rows[0].set[SET_ALL].n[ASSESS_EXCLUDED],
                     rows[0].set[SET_ALL].n[ASSESS_EXCLUDED]);
    assert_true(back.rows[2].set[SET_ASSESSED].score == ASSESS_NO_DATA);
    assert_true(back.rows[0].shown == assess_shown(&p, rows[0].set[SET_ASSESSED].score));
    assert_true(back.mean && !back.final_rating);
    back.month_start_day = 19; /* what is told of the periods' rules is for people */
    back.day_cut_min = 720;
    assess_board_encode(&again, &back);
    assert_string_equal(again.data, text.data);
    for (size_t n = 0; n + 2 < text.len; n += n < 300 ? 1 : 53) {
        char *copy = exact_copy(text.data, n);
        assert_int_equal(assess_board_decode(copy, n, &a, &back, NULL), ST_INVALID);
        free(copy);
    }
    buf_release(&again);
    buf_release(&text);
    arena_release(&a);
}

static void test_printed_numbers(void **state)
{
    static const struct score_policy p = {
        .w_r = 100, .w_s = 500, .w_m = 400, .basic_value = 900, .decimals = 1};
    struct buf text;
    struct assess_board b = {.level = LEVEL_CITY, .scope = "*", .policy = "p", .decimals = 1};
    (void)state;
    b.total = row("*", 0, &p);
    struct assess_figures *f = &b.total.set[SET_ASSESSED];
    f->n[ASSESS_VALID] = f->n[ASSESS_S_OF] = f->n[ASSESS_M_OF] = 200;
    f->n[ASSESS_CONTACTED] = 198;
    f->n[ASSESS_SOLVED] = 181;
    f->n[ASSESS_SATISFIED] = 160;
    f->n[ASSESS_BASICALLY] = 25;
    assess_figures_of(&p, f);
    buf_init(&text, TEST_CEILING);
    assess_board_encode(&text, &b);
    assert_non_null(strstr(text.data, "\"R\":99.00,\"S\":90.50,\"M\":91.25,\"score\":91.7,"));
    assert_non_null(strstr(text.data, "\"R\":null,\"S\":null,\"M\":null,\"score\":null,"));
    f->n[ASSESS_VALID] = 120;
    f->n[ASSESS_CONTACTED] = 119;
    assess_figures_of(&p, f);
    buf_clear(&text);
    assess_board_encode(&text, &b);
    assert_non_null(strstr(text.data, "\"R\":99.17,"));
    buf_release(&text);
}

/* valid, contacted, solved, satisfied, basically satisfied; all asked for everything */
static struct assess_figures figures(const struct score_policy *p, const int64_t n[5])
{
    struct assess_figures f = {.units = 0};
    f.n[ASSESS_VALID] = f.n[ASSESS_S_OF] = f.n[ASSESS_M_OF] = n[0];
    f.n[ASSESS_CONTACTED] = n[1];
    f.n[ASSESS_SOLVED] = n[2];
    f.n[ASSESS_SATISFIED] = n[3];
    f.n[ASSESS_BASICALLY] = n[4];
    assess_figures_of(p, &f);
    return f;
}

/* As lines of text: both sets, each rate with its denominator, half up, nothing that a terminal would obey. */
static void test_lines_of_text(void **state)
{
    static const struct score_policy p = {
        .w_r = 100, .w_s = 500, .w_m = 400, .basic_value = 900, .decimals = 1};
    struct buf text;
    struct assess_row one = {.code = "1101",
                             .name = "幸福里\033[2J街道",
                             .name_en = "",
                             .office = "",
                             .grade = "B",
                             .rank = 2,
                             .closed = 7};
    struct assess_board b = {.level = LEVEL_STREET,
                             .scope = "11",
                             .policy = "p/1",
                             .decimals = 1,
                             .ranked = 343,
                             .rows = &one,
                             .n_rows = 1};
    (void)state;
    one.set[SET_ASSESSED] = figures(&p, (const int64_t[]){200, 198, 181, 160, 25});
    one.set[SET_ASSESSED].n[ASSESS_EXCLUDED_SM] = 3;
    one.set[SET_ALL] = figures(&p, (const int64_t[]){50, 50, 41, 30, 12});
    b.total = one;
    b.total.rank = 0;
    b.total.set[SET_ASSESSED] = figures(&p, (const int64_t[]){3, 1, 2, 0, 0});
    b.total.set[SET_ALL] = figures(&p, (const int64_t[]){0, 0, 0, 0, 0});
    buf_init(&text, TEST_CEILING);
    assess_board_print(&text, &b, false, true);
    assert_non_null(strstr(text.data, "\n2/343    B  "));
    assert_non_null(
        strstr(text.data,
               "     99.00 (200)     90.50 (200)     91.25 (200)    91.7 |"
               "     100.00 (50)      82.00 (50)      81.60 (50)    83.6  received 0, closed 7,"));
    assert_non_null(strstr(text.data, "\n            excluded from S and M 3\n"));
    assert_non_null(strstr(text.data, "       33.33 (3)       66.67 (3)        0.00 (3)    36.7 |  "
                                      "       no data         no data         no data no data  "));
    for (size_t i = 0; i < text.len; i++)
        assert_true(text.data[i] == '\n' || (text.data[i] >= ' ' && text.data[i] <= '~'));
    buf_release(&text);
}

static void test_broken_tables_name_the_place(void **state)
{
    static const struct {
        const char *from, *to, *place;
    } rows[] = {{"\"level\":\"city\"", "\"level\":\"sea\"", "/level"},
                {"\"valid\":0", "\"valid\":-1", "/total/valid"},
                {"\"assessed\":{", "\"asessed\":{", "/total/assessed"},
                {"\"weights\":{\"R\":0", "\"weights\":{\"R\":\"0\"", "/R"}};
    struct buf text, broken;
    struct arena a;
    struct assess_board b = {.level = LEVEL_CITY, .scope = "*", .policy = "p", .decimals = 1}, back;
    static const struct score_policy p = {.w_r = 1000};
    (void)state;
    b.total = row("*", 0, &p);
    arena_init(&a, 0);
    buf_init(&text, TEST_CEILING);
    buf_init(&broken, TEST_CEILING);
    assess_board_encode(&text, &b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct errmsg err = {""};
        replaced(&broken, text.data, rows[i].from, rows[i].to);
        assert_int_equal(assess_board_decode(broken.data, broken.len, &a, &back, &err), ST_INVALID);
        if (strncmp(err.text, rows[i].place, strlen(rows[i].place)) != 0)
            fail_msg("%s: %s", rows[i].to, err.text);
    }
    buf_release(&broken);
    buf_release(&text);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_printed_numbers),
        cmocka_unit_test(test_lines_of_text), cmocka_unit_test(test_broken_tables_name_the_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
