/* The arithmetic of the assessment against vectors worked by hand: domain 9.2 first, then what surrounds them. */
#include "core/case/assess.h"

#include "tests/unit/policy_fixture.h"

static struct score_policy the_policy(void)
{
    struct score_policy p = {.w_r = 100,
                             .w_s = 500,
                             .w_m = 400,
                             .basic_value = 900,
                             .decimals = 1,
                             .bonus_cap = 2,
                             .type = {{"consult", RATE_R},
                                      {"help", RATE_ALL},
                                      {"suggestion", RATE_R | RATE_M},
                                      {"praise", 0}},
                             .n_types = 4,
                             .category = {{"1904", RATE_R}, {"22", 0}},
                             .n_categories = 2,
                             .outside = {"grid", "own", "counter"},
                             .n_outside = 3,
                             .hung_rates = RATE_R,
                             .excluded_rates = RATE_R,
                             .exclusion = {{"X9", 0}, {"X1", RATE_R}},
                             .n_exclusions = 2,
                             .month_start_day = 19,
                             .day_cut_min = 720,
                             .grade = {{"A", 95}, {"B", 90}, {"C", 85}, {"D", 0}},
                             .n_grades = 4,
                             .class_size = 2,
                             .govern_by_density = true,
                             .govern_by_total = true};
    return p;
}

static struct assess_figures figures(int64_t valid, int64_t contacted, int64_t solved, int64_t sat,
                                     int64_t basic, int64_t full)
{
    struct score_policy p = the_policy();
    struct assess_figures f = {.units = 0};
    f.n[ASSESS_RECEIVED] = f.n[ASSESS_VALID] = valid;
    f.n[ASSESS_CONTACTED] = contacted;
    f.n[ASSESS_S_OF] = f.n[ASSESS_M_OF] = full;
    f.n[ASSESS_SOLVED] = solved;
    f.n[ASSESS_SATISFIED] = sat;
    f.n[ASSESS_BASICALLY] = basic;
    assess_figures_of(&p, &f);
    return f;
}

static void test_vectors_of_the_domain(void **state)
{
    /* rates in millionths, score cut to thousandths, score as shown */
    static const struct {
        int64_t in[6], r, s, m, score, shown;
    } row[] = {{{200, 198, 181, 160, 25, 200}, 990000, 905000, 912500, 91650, 91700},
               {{50, 50, 41, 30, 12, 50}, 1000000, 820000, 816000, 83640, 83600},
               {{8, 8, 5, 4, 2, 8}, 1000000, 625000, 725000, 70250, 70300},
               {{120, 119, 96, 80, 14, 100}, 991666, 960000, 926000, 94956, 95000},
               {{20, 18, 10, 8, 4, 20}, 900000, 500000, 580000, 57200, 57200}};
    struct score_policy p = the_policy();
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const int64_t *v = row[i].in;
        struct assess_figures f = figures(v[0], v[1], v[2], v[3], v[4], v[5]);
        assert_int_equal(f.r, row[i].r);
        assert_int_equal(f.s, row[i].s);
        assert_int_equal(f.m, row[i].m);
        assert_int_equal(f.score, row[i].score);
        assert_int_equal(assess_shown(&p, f.score), row[i].shown);
    }
}

static void test_no_data_is_not_zero(void **state)
{
    struct score_policy p = the_policy();
    (void)state;
    struct assess_figures none = figures(0, 0, 0, 0, 0, 0), zero = figures(3, 0, 0, 0, 0, 3);
    assert_true(none.r == ASSESS_NO_DATA && none.s == ASSESS_NO_DATA && none.m == ASSESS_NO_DATA);
    assert_true(none.score == ASSESS_NO_DATA);
    assert_true(assess_shown(&p, none.score) == ASSESS_NO_DATA);
    assert_true(assess_with_bonus(&p, none.score, 1000) == ASSESS_NO_DATA);
    assert_string_equal(assess_grade(&p, none.score), "");
    assert_int_equal(zero.score, 0);
    assert_string_equal(assess_grade(&p, zero.score), "D");
    struct assess_figures response =
        figures(94, 94, 0, 0, 0, 0); /* response only: R, and no score */
    assert_int_equal(response.r, 1000000);
    assert_true(response.score == ASSESS_NO_DATA);
}

/* Partly solved counts as the policy says: 10 solved and 10 partly of 40 are 10 + 5. */
static void test_partly_and_other_weights(void **state)
{
    struct score_policy p = the_policy();
    (void)state;
    struct assess_figures f = figures(40, 40, 10, 0, 0, 40);
    f.n[ASSESS_PARTLY] = 10;
    assess_figures_of(&p, &f);
    assert_int_equal(f.s, 250000);
    p.partly_value = 500;
    assess_figures_of(&p, &f);
    assert_int_equal(f.s, 375000);
    p.w_r = 0;
    p.w_s = 1000;
    p.w_m = 0;
    assess_figures_of(&p, &f);
    assert_int_equal(f.score, 37500);
}

static void test_rounding_at_the_border(void **state)
{
    struct score_policy p = the_policy();
    (void)state;
    assert_int_equal(assess_shown(&p, 94949), 94900); /* 94.9499...: not twice rounded */
    assert_int_equal(assess_shown(&p, 94950), 95000);
    assert_string_equal(assess_grade(&p, 94950), "A"); /* of the score as shown */
    assert_string_equal(assess_grade(&p, 94949), "B");
    assert_string_equal(assess_grade(&p, 85000), "C");
    assert_string_equal(assess_grade(&p, 84949), "D");
    p.decimals = 0;
    assert_int_equal(assess_shown(&p, 94500), 95000);
    p.decimals = 2;
    assert_int_equal(assess_shown(&p, 94945), 94950);
    assert_int_equal(assess_with_bonus(&p, 91650, 1500), 93150);
    assert_int_equal(assess_with_bonus(&p, 91650, 2500), 93650); /* two points at most */
    assert_int_equal(assess_with_bonus(&p, 91650, -1), 91650);
}

static void test_large_counts_do_not_overflow(void **state)
{
    (void)state;
    struct assess_figures f = figures(999999999, 999999999, 999999999, 999999999, 0, 999999999);
    assert_int_equal(f.score, 100000);
    f = figures(999999999, 0, 0, 0, 999999999, 999999999);
    assert_int_equal(f.score, 36000);
}

/* Domain 9.2: A 91.65 and B 57.2: mean 74.4, pooled 88.5; a unit without data is in neither. */
static void test_pooled_and_mean(void **state)
{
    struct score_policy p = the_policy();
    struct assess_figures all;
    (void)state;
    struct assess_figures unit[] = {figures(200, 198, 181, 160, 25, 200), figures(0, 0, 0, 0, 0, 0),
                                    figures(20, 18, 10, 8, 4, 20)};
    assess_summary(&p, unit, 3, &all);
    assert_int_equal(all.n[ASSESS_VALID], 220);
    assert_int_equal(all.r, 981818);
    assert_int_equal(assess_shown(&p, all.score), 88500);
    assert_int_equal(all.units, 0);
    p.mean = true;
    assess_summary(&p, unit, 3, &all);
    assert_int_equal(all.n[ASSESS_VALID], 220);
    assert_int_equal(all.r, 945000);
    assert_int_equal(all.s, 702500);
    assert_int_equal(all.m, 746250);
    assert_int_equal(all.score, 74425);
    assert_int_equal(assess_shown(&p, all.score), 74400);
    assert_int_equal(all.units, 2);
    /* thirds: 1/3, 1/3 and 1/3 of R alone are a third again; 1/3, 2/3 a half */
    struct assess_figures third[] = {figures(3, 1, 0, 0, 0, 3), figures(3, 2, 0, 0, 0, 3)};
    assess_summary(&p, third, 2, &all);
    assert_int_equal(all.r, 500000);
    assert_int_equal(all.score, 5000);
    assess_summary(&p, unit + 1, 1, &all);
    assert_true(all.score == ASSESS_NO_DATA && all.units == 0);
}

static struct assess_row street(const char *code, int64_t valid, int64_t good, int64_t residents,
                                int64_t before)
{
    struct assess_row r = {.code = code, .name = code, .office = "", .residents = residents};
    r.set[SET_ASSESSED] = r.set[SET_ALL] = figures(valid, good, good, good, 0, valid);
    r.before = before;
    return r;
}

static const struct assess_row *row_of(const struct assess_row *rows, size_t n, const char *code)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].code, code) == 0)
            return &rows[i];
    fail_msg("no row %s", code);
    return NULL;
}

static void test_ranks_with_ties(void **state)
{
    struct score_policy p = the_policy();
    (void)state;
    struct assess_row row[] = {street("e", 0, 0, 0, 0),   street("a", 10, 9, 0, 0),
                               street("b", 30, 30, 0, 0), street("c", 40, 40, 0, 0),
                               street("d", 20, 20, 0, 0), street("f", 10, 5, 0, 0)};
    static const char *const order = "cbdafe";
    static const int rank[] = {1, 1, 1, 4, 5, 0}; /* three share the first place, as in July 2019 */
    assert_int_equal(assess_rank(&p, row, 6), 5);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(*row[i].code, order[i]);
        assert_int_equal(row[i].rank, rank[i]);
    }
    /* equal as shown is equal: 91.65 and 91.7 */
    struct assess_row near[] = {street("x", 1000, 917, 0, 0), street("y", 10, 9, 0, 0)};
    near[1].set[SET_ASSESSED] = figures(200, 198, 181, 160, 25, 200);
    assess_rank(&p, near, 2);
    assert_int_equal(near[0].rank, 1);
    assert_int_equal(near[1].rank, 1);
}

static void test_classes_of_streets(void **state)
{
    struct score_policy p = the_policy();
    (void)state;
    /* requests: total a 10 b 20 c 30 d 40 e 50 f 60; per 10,000: a 10, b 4, c 3, d 2, e 1, f not known.
     * places by total f0 e1 d2 c3 b4 a5, by density a0 b1 c2 d3 e4 f5:
     * 5 together for each. */
    struct assess_row row[] = {
        street("a", 10, 10, 10000, 99000),  street("b", 20, 18, 50000, 80000),
        street("c", 30, 24, 100000, 85000), street("d", 40, 28, 200000, ASSESS_NO_DATA),
        street("e", 50, 30, 500000, 59000), street("f", 60, 30, 0, 60000)};
    assess_rank(&p, row, 6);
    assess_classify(&p, row, 6);
    assert_int_equal(row_of(row, 6, "a")->classes & ~CLASS_GOVERN,
                     CLASS_ADVANCED | CLASS_IMPROVING);
    assert_int_equal(row_of(row, 6, "b")->classes & ~CLASS_GOVERN,
                     CLASS_ADVANCED | CLASS_IMPROVING);
    assert_int_equal(row_of(row, 6, "c")->classes & ~CLASS_GOVERN, 0);
    assert_int_equal(row_of(row, 6, "d")->classes & ~CLASS_GOVERN, 0);
    /* rises: a 1, b 10, e 1: two places, shared by a and e */
    assert_int_equal(row_of(row, 6, "e")->classes & ~CLASS_GOVERN, CLASS_CORRECT | CLASS_IMPROVING);
    assert_int_equal(row_of(row, 6, "f")->classes & ~CLASS_GOVERN, CLASS_CORRECT);
    for (size_t i = 0; i < 6; i++)
        assert_true(row[i].classes & CLASS_GOVERN); /* all share the first place */
    p.govern_by_density = false;
    assess_classify(&p, row, 6);
    assert_true(row_of(row, 6, "f")->classes & CLASS_GOVERN);
    assert_true(row_of(row, 6, "e")->classes & CLASS_GOVERN);
    assert_false(row_of(row, 6, "d")->classes & CLASS_GOVERN);
    /* two streets: one at either end, none at both */
    assess_rank(&p, row, 2);
    assess_classify(&p, row, 2);
    assert_int_equal(row[0].classes & (CLASS_ADVANCED | CLASS_CORRECT), CLASS_ADVANCED);
    assert_int_equal(row[1].classes & (CLASS_ADVANCED | CLASS_CORRECT), CLASS_CORRECT);
}

static void test_periods(void **state)
{
    struct score_policy p = the_policy();
    (void)state;
    struct assess_period m = assess_month(&p, 2026, 11);
    assert_string_equal(m.name, "2026-11");
    assert_true(m.from_ms == at(2026, 10, 19, 0, 0));
    assert_true(m.to_ms == at(2026, 11, 19, 0, 0)); /* 18th 24:00 */
    m = assess_month(&p, 2026, 1);
    assert_true(m.from_ms == at(2025, 12, 19, 0, 0) && m.to_ms == at(2026, 1, 19, 0, 0));
    m = assess_month(&p, 2026, 12);
    assert_true(m.to_ms == at(2026, 12, 19, 0, 0));
    assert_string_equal(assess_month_of(&p, at(2026, 11, 18, 23, 59)).name, "2026-11");
    assert_string_equal(assess_month_of(&p, at(2026, 11, 19, 0, 0)).name, "2026-12");
    assert_string_equal(assess_month_of(&p, at(2026, 12, 19, 0, 0)).name, "2027-01");
    assert_string_equal(assess_before(&p, &m).name, "2026-11");
    struct assess_period d = assess_day(&p, 2026, 3, 1);
    assert_string_equal(d.name, "2026-03-01");
    assert_true(d.from_ms == at(2026, 2, 28, 12, 0) && d.to_ms == at(2026, 3, 1, 12, 0));
    struct assess_period w = {"", at(2026, 3, 10, 0, 0), at(2026, 3, 13, 0, 0)},
                         before = assess_before(&p, &w);
    assert_true(before.from_ms == at(2026, 3, 7, 0, 0) && before.to_ms == w.from_ms);
    p.month_start_day = 1;
    m = assess_month(&p, 2026, 2);
    assert_true(m.from_ms == at(2026, 2, 1, 0, 0) && m.to_ms == at(2026, 3, 1, 0, 0));
    assert_string_equal(assess_month_of(&p, at(2026, 12, 31, 23, 59)).name, "2026-12");
}

/* --- an order ------------------------------------------------------------------------------ */

static struct casefile rated(const char *type, const char *first)
{
    static const struct uuid id = {{1}};
    struct casefile c;
    casefile_init(&c, &id, NULL);
    c.value[FIELD_TYPE] = type;
    c.value[FIELD_CATEGORY] = "0101";
    c.value[FIELD_CHANNEL] = "phone";
    c.state = STATE_CLOSED;
    c.state_ms = 5;
    c.value[FIELD_CLOSED_AS] = "rated";
    c.value[FIELD_FIRST_RATING] = first;
    c.value[FIELD_CONTACTED] = "yes";
    c.value[FIELD_SOLVED] = "solved";
    c.value[FIELD_SATISFIED] = "satisfied";
    return c;
}

/* "received valid contacted ..." of the set */
static const char *counts(const struct casefile *c, enum assess_set set, bool final)
{
    static char text[512];
    struct score_policy p = the_policy();
    p.final_rating = final;
    struct assess_facts f = assess_facts(&p, c), again = assess_unpack(assess_pack(&f));
    uint32_t in = assess_counts_of(&p, &f, set);
    assert_int_equal(in, assess_counts_of(&p, &again, set));
    assert_true(assess_pack(&f) == assess_pack(&again));
    size_t n = 0;
    text[0] = '\0';
    int outside = 0;
    for (int i = 1; i < ASSESS_COUNT; i++)
        if (in >> i & 1) {
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? " " : "",
                                  assess_table[i].word);
            outside += i >= ASSESS_OUTSIDE_FIRST || i == ASSESS_VALID;
        }
    assert_true(in & 1);
    assert_int_equal(outside, 1); /* each order is in exactly one of them */
    return text;
}

static void test_what_an_order_counts_in(void **state)
{
    (void)state;
    struct casefile c = rated("help", "no/partly/basically");
    assert_string_equal(counts(&c, SET_ASSESSED, false),
                        "valid of_solved partly of_satisfied basically");
    assert_string_equal(counts(&c, SET_ASSESSED, true),
                        "valid contacted of_solved solved of_satisfied satisfied");
    c = rated("help", "yes/not/no_answer"); /* no answer: out of M only */
    assert_string_equal(counts(&c, SET_ASSESSED, false), "valid contacted of_solved");
    c = rated("help", "cannot_say/solved/satisfied");
    assert_string_equal(counts(&c, SET_ASSESSED, false), "invalid");
    c = rated("consult", "yes/solved/satisfied");
    assert_string_equal(counts(&c, SET_ASSESSED, false), "valid contacted");
    c = rated("suggestion", "yes/not/not");
    assert_string_equal(counts(&c, SET_ASSESSED, false), "valid contacted of_satisfied");
    c = rated("help", "yes/solved/satisfied");
    c.value[FIELD_CATEGORY] = "1904";
    assert_string_equal(counts(&c, SET_ASSESSED, false), "valid contacted");
    c.value[FIELD_CATEGORY] = "2201"; /* by the beginning of its code */
    assert_string_equal(counts(&c, SET_ASSESSED, false), "scope");
}

static void test_what_is_outside(void **state)
{
    (void)state;
    struct casefile c = rated("praise", "");
    assert_string_equal(counts(&c, SET_ASSESSED, false), "praise");
    c = rated("help", "yes/solved/satisfied");
    c.value[FIELD_CHANNEL] = "counter";
    assert_string_equal(counts(&c, SET_ALL, false), "own");
    c.state = STATE_VOID;
    assert_string_equal(counts(&c, SET_ALL, false), "void");
    c.state = STATE_DIRECT;
    assert_string_equal(counts(&c, SET_ALL, false), "direct");
    c.state = STATE_ELSEWHERE;
    assert_string_equal(counts(&c, SET_ALL, false), "elsewhere");
    c = rated("help", "");
    c.value[FIELD_CLOSED_AS] = "unrated";
    assert_string_equal(counts(&c, SET_ASSESSED, false), "unrated");
    c.value[FIELD_CLOSED_AS] = "checked";
    assert_string_equal(counts(&c, SET_ASSESSED, false), "uncalled");
    c.state = STATE_MERGED;
    assert_string_equal(counts(&c, SET_ASSESSED, false), "merged");
    c.state = STATE_WORKING;
    assert_string_equal(counts(&c, SET_ASSESSED, false), "in_hand");
    c = rated("help", "yes/solved/satisfied"); /* withdrawn after a first rating: not scored */
    c.value[FIELD_CLOSED_AS] = "withdrawn";
    assert_string_equal(counts(&c, SET_ASSESSED, false), "withdrawn");
    c = rated("help", "yes/solved/satisfied");
    c.value[FIELD_SCORE_MODE] = "none";
    assert_string_equal(counts(&c, SET_ALL, false), "not_scored");
}

/* In rework the first rating stands already; the final one is not known before the end. */
static void test_first_and_final(void **state)
{
    (void)state;
    struct casefile c = rated("help", "yes/not/not");
    c.state = STATE_REWORK;
    assert_string_equal(counts(&c, SET_ASSESSED, false), "valid contacted of_solved of_satisfied");
    assert_string_equal(counts(&c, SET_ASSESSED, true), "in_hand");
    c.state = STATE_CLOSED;
    c.value[FIELD_CLOSED_AS] = "unrated"; /* reached once, then never again */
    assert_string_equal(counts(&c, SET_ASSESSED, false), "valid contacted of_solved of_satisfied");
    assert_string_equal(counts(&c, SET_ASSESSED, true), "unrated");
    c = rated("help",
              ""); /* E3: the callback on the ledger counts for the response, and while it hangs */
    c.state = STATE_HUNG;
    assert_string_equal(counts(&c, SET_ASSESSED, false), "valid contacted hung");
    c.state = STATE_WORKING;
    assert_string_equal(counts(&c, SET_ASSESSED, false), "in_hand");
    c.state = STATE_HUNG;
    c.value[FIELD_CONTACTED] = "";
    assert_string_equal(counts(&c, SET_ASSESSED, false), "hung in_hand");
}

static void test_exclusions(void **state)
{
    (void)state;
    const char *full = "valid contacted of_solved of_satisfied";
    struct casefile c = rated("help", "yes/not/not");
    c.value[FIELD_EXCLUSION] = "X6";
    c.value[FIELD_SCORE_MODE] = "response";
    assert_string_equal(counts(&c, SET_ASSESSED, false), "valid contacted excluded_sm");
    assert_string_equal(counts(&c, SET_ALL, false), full);
    c.value[FIELD_SCORE_MODE] = ""; /* the default effect */
    assert_string_equal(counts(&c, SET_ASSESSED, false), "valid contacted excluded_sm");
    c.value[FIELD_EXCLUSION] = "X9"; /* a class whose effect is another */
    assert_string_equal(counts(&c, SET_ASSESSED, false), "excluded");
    assert_string_equal(counts(&c, SET_ALL, false), full);
    c.value[FIELD_SCORE_MODE] = "response"; /* what was decided on the order goes before it */
    assert_string_equal(counts(&c, SET_ASSESSED, false), "valid contacted excluded_sm");
    c.value[FIELD_EXCLUSION] = "X6";
    c.value[FIELD_SCORE_MODE] = "none";
    assert_string_equal(counts(&c, SET_ASSESSED, false), "excluded");
    assert_string_equal(counts(&c, SET_ALL, false), full);
    c.value[FIELD_EXCLUSION] = ""; /* a mode that no exclusion gave holds for both sets */
    c.value[FIELD_SCORE_MODE] = "response";
    assert_string_equal(counts(&c, SET_ALL, false), "valid contacted");
    c = rated("consult", "yes/not/not");
    c.value[FIELD_SCORE_MODE] = "full";
    assert_string_equal(counts(&c, SET_ALL, false), full);
}

static void test_times(void **state)
{
    (void)state;
    struct casefile c = rated("help", "yes/solved/satisfied");
    c.dispatched = 1;
    c.value[FIELD_FIRST_DUE] = "2026-03-17T10:20:00+08:00";
    struct clock_run *h = &c.clock[CLOCK_HANDLE];
    h->status = CLOCK_STOPPED;
    h->due_ms = at(2026, 3, 17, 10, 20);
    h->stopped_ms = h->due_ms;
    assert_non_null(strstr(counts(&c, SET_ALL, false), "filed on_time lawful"));
    h->stopped_ms++;
    assert_null(strstr(counts(&c, SET_ALL, false), "on_time"));
    assert_null(strstr(counts(&c, SET_ALL, false), "lawful"));
    h->due_ms =
        at(2026, 6, 19, 9, 0); /* E3: late by the first limit, in lawful time by the later one */
    assert_null(strstr(counts(&c, SET_ALL, false), "on_time"));
    assert_non_null(strstr(counts(&c, SET_ALL, false), "filed lawful"));
    c.dispatched = 2; /* E5: the new unit has a fresh limit */
    assert_non_null(strstr(counts(&c, SET_ALL, false), "filed on_time lawful"));
    c.state = STATE_HUNG;
    assert_null(strstr(counts(&c, SET_ALL, false), "filed"));
    h->status = CLOCK_RUNNING;
    c.state = STATE_WORKING;
    assert_null(strstr(counts(&c, SET_ALL, false), "filed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_of_the_domain),
        cmocka_unit_test(test_no_data_is_not_zero),
        cmocka_unit_test(test_partly_and_other_weights),
        cmocka_unit_test(test_rounding_at_the_border),
        cmocka_unit_test(test_large_counts_do_not_overflow),
        cmocka_unit_test(test_pooled_and_mean),
        cmocka_unit_test(test_ranks_with_ties),
        cmocka_unit_test(test_classes_of_streets),
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_what_an_order_counts_in),
        cmocka_unit_test(test_what_is_outside),
        cmocka_unit_test(test_first_and_final),
        cmocka_unit_test(test_exclusions),
        cmocka_unit_test(test_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
