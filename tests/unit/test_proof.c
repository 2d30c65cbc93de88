/* Proofs of due times against lines worked out by hand (domain.md 3.4), and that they add up whatever the start. */
#include "core/case/proof.h"
#include "tests/unit/policy_fixture.h"

enum { EVENTS_MOST = 8, HOUR = MS_HOUR };

/* What happened to a case, as the centre would write it. */
struct tale {
    struct arena arena;
    struct policy policy;
    struct calendar calendar;
    struct event event[EVENTS_MOST];
    struct clock_change change[EVENTS_MOST];
    struct value value[EVENTS_MOST];
    size_t n;
};

/* The notice of 2026 for National Day: 1 to 7 October off, Saturday the 10th worked. */
static void tale_begin(struct tale *t)
{
    memset(t, 0, sizeof *t);
    arena_init(&t->arena, 0);
    fixture_policy(&t->policy);
    calendar_init(&t->calendar);
    calendar_know(&t->calendar, 2026);
    for (int d = 1; d <= 7; d++)
        calendar_mark(&t->calendar, 2026, 10, d, DAY_OFF);
    calendar_mark(&t->calendar, 2026, 10, 10, DAY_WORKED);
}

static struct event *tell(struct tale *t, enum command_type type, int64_t at_ms,
                          enum clock_id clock, enum clock_op op, int64_t due_ms)
{
    size_t i = t->n++;
    assert_true(i < EVENTS_MOST);
    t->change[i] = (struct clock_change){clock, op, due_ms, 0};
    t->event[i] = (struct event){.seq = (uint32_t)i + 1,
                                 .type = type,
                                 .at_ms = at_ms,
                                 .entered_ms = at_ms,
                                 .actor = {"op1", "Op", ROLE_OPERATOR, "BJ", "", "t"},
                                 .to = STATE_NONE,
                                 .clocks = &t->change[i],
                                 .n_clocks = clock == CLOCK_COUNT ? 0 : 1};
    return &t->event[i];
}

static void with(struct tale *t, enum field field, const char *text)
{
    struct event *e = &t->event[t->n - 1];
    t->value[t->n - 1] = (struct value){field, text};
    e->values = &t->value[t->n - 1];
    e->n_values = 1;
}

static void logged(struct tale *t, const char *tier)
{
    tell(t, COMMAND_LOG, at(2026, 3, 1, 8, 0), CLOCK_COUNT, CLOCK_START, TIME_NONE);
    t->event[t->n - 1].to = STATE_WAIT_DISPATCH;
    with(t, FIELD_TIER, tier);
}

static struct proof prove(struct tale *t, enum clock_id clock)
{
    struct proof p;
    struct errmsg err = {""};
    enum status st =
        clock_proof(&t->policy, &t->calendar, t->event, t->n, clock, 0, &t->arena, &p, &err);
    if (st != ST_OK)
        fail_msg("%s", err.text);
    return p;
}

struct want {
    enum proof_kind kind;
    int64_t from_ms, to_ms, counted_ms;
};

static void same_lines(const struct proof *p, const struct want *want, size_t n)
{
    for (size_t i = 0; i < n && i < p->n; i++) {
        if (p->lines[i].kind != want[i].kind)
            fail_msg("line %zu is %s", i, proof_kind_table[p->lines[i].kind].word);
        assert_int_equal(p->lines[i].from_ms, want[i].from_ms);
        assert_int_equal(p->lines[i].to_ms, want[i].to_ms);
        assert_int_equal(p->lines[i].counted_ms, want[i].counted_ms);
    }
    assert_int_equal(p->n, n);
}
#define lines_are(p, ...)                                                                          \
    same_lines(p, (const struct want[]){__VA_ARGS__},                                              \
               sizeof((const struct want[]){__VA_ARGS__}) / sizeof(struct want))
#define MOMENT(kind, ms)                                                                           \
    {                                                                                              \
        kind, ms, ms, 0                                                                            \
    }

static void test_night_and_weekend(void **state)
{
    (void)state;
    struct tale t;
    int64_t from = at(2026, 3, 13, 16, 0), due = at(2026, 3, 16, 16, 0);
    tale_begin(&t);
    logged(&t, "T7D");
    tell(&t, COMMAND_DISPATCH, from, CLOCK_RETURN, CLOCK_START, due);
    struct proof p = prove(&t, CLOCK_RETURN);
    lines_are(&p, MOMENT(PROOF_START, from),
              {PROOF_COUNTED, from, at(2026, 3, 13, 18, 0), 2 * HOUR},
              {PROOF_OFF, at(2026, 3, 13, 18, 0), at(2026, 3, 14, 0, 0), 0},
              {PROOF_WEEKEND, at(2026, 3, 14, 0, 0), at(2026, 3, 16, 0, 0), 0},
              {PROOF_OFF, at(2026, 3, 16, 0, 0), at(2026, 3, 16, 9, 0), 0},
              {PROOF_COUNTED, at(2026, 3, 16, 9, 0), at(2026, 3, 16, 12, 0), 3 * HOUR},
              {PROOF_OFF, at(2026, 3, 16, 12, 0), at(2026, 3, 16, 13, 30), 0},
              {PROOF_COUNTED, at(2026, 3, 16, 13, 30), due, 5 * HOUR / 2}, MOMENT(PROOF_DUE, due));
    assert_int_equal(p.sum_ms, 15 * HOUR / 2);
    assert_int_equal(p.limit_ms, 15 * HOUR / 2);
    assert_int_equal(p.due_ms, due);
    assert_non_null(strstr(p.lines[0].rule, "clocks.return.T7D = 1 working_day; "));
    assert_string_equal(p.lines[1].rule, "working_hours");
    arena_release(&t.arena);
}

static void test_national_day(void **state)
{
    (void)state;
    struct tale t;
    int64_t from = at(2026, 9, 30, 16, 0), due = at(2026, 10, 10, 16, 0);
    tale_begin(&t);
    logged(&t, "T7D");
    tell(&t, COMMAND_REWORK, from, CLOCK_REWORK, CLOCK_START, due);
    struct proof p = prove(&t, CLOCK_REWORK);
    lines_are(&p, MOMENT(PROOF_START, from),
              {PROOF_COUNTED, from, at(2026, 9, 30, 18, 0), 2 * HOUR},
              {PROOF_OFF, at(2026, 9, 30, 18, 0), at(2026, 10, 1, 0, 0), 0},
              {PROOF_HOLIDAY, at(2026, 10, 1, 0, 0), at(2026, 10, 8, 0, 0), 0},
              {PROOF_OFF, at(2026, 10, 8, 0, 0), at(2026, 10, 8, 9, 0), 0},
              {PROOF_COUNTED, at(2026, 10, 8, 9, 0), at(2026, 10, 8, 12, 0), 3 * HOUR},
              {PROOF_OFF, at(2026, 10, 8, 12, 0), at(2026, 10, 8, 13, 30), 0},
              {PROOF_COUNTED, at(2026, 10, 8, 13, 30), at(2026, 10, 8, 18, 0), 9 * HOUR / 2},
              {PROOF_OFF, at(2026, 10, 8, 18, 0), at(2026, 10, 9, 9, 0), 0},
              {PROOF_COUNTED, at(2026, 10, 9, 9, 0), at(2026, 10, 9, 12, 0), 3 * HOUR},
              {PROOF_OFF, at(2026, 10, 9, 12, 0), at(2026, 10, 9, 13, 30), 0},
              {PROOF_COUNTED, at(2026, 10, 9, 13, 30), at(2026, 10, 9, 18, 0), 9 * HOUR / 2},
              {PROOF_OFF, at(2026, 10, 9, 18, 0), at(2026, 10, 10, 9, 0), 0},
              {PROOF_MAKE_UP, at(2026, 10, 10, 9, 0), at(2026, 10, 10, 12, 0), 3 * HOUR},
              {PROOF_OFF, at(2026, 10, 10, 12, 0), at(2026, 10, 10, 13, 30), 0},
              {PROOF_MAKE_UP, at(2026, 10, 10, 13, 30), due, 5 * HOUR / 2}, MOMENT(PROOF_DUE, due));
    assert_int_equal(p.sum_ms, 45 * HOUR / 2);
    assert_int_equal(p.limit_ms, 45 * HOUR / 2);
    arena_release(&t.arena);
}

static void test_pause_and_resume(void **state)
{
    (void)state;
    struct tale t;
    int64_t from = at(2026, 3, 12, 16, 0), still = at(2026, 3, 12, 20, 0);
    int64_t on = at(2026, 3, 13, 8, 0), due = at(2026, 3, 14, 4, 0);
    tale_begin(&t);
    logged(&t, "T24H");
    tell(&t, COMMAND_DISPATCH, from, CLOCK_HANDLE, CLOCK_START, at(2026, 3, 13, 16, 0));
    tell(&t, COMMAND_ASK_RETURN, still, CLOCK_HANDLE, CLOCK_PAUSE, TIME_NONE);
    struct proof p = prove(&t, CLOCK_HANDLE);
    lines_are(&p, MOMENT(PROOF_START, from), {PROOF_COUNTED, from, still, 4 * HOUR},
              MOMENT(PROOF_PAUSED, still));
    assert_int_equal(p.due_ms, TIME_NONE);
    assert_int_equal(p.limit_ms, 24 * HOUR);
    tell(&t, COMMAND_REFUSE_RETURN, on, CLOCK_HANDLE, CLOCK_RESUME, due);
    p = prove(&t, CLOCK_HANDLE);
    lines_are(&p, MOMENT(PROOF_START, from), {PROOF_COUNTED, from, still, 4 * HOUR},
              {PROOF_PAUSED, still, on, 0}, {PROOF_COUNTED, on, due, 20 * HOUR},
              MOMENT(PROOF_DUE, due));
    assert_int_equal(p.sum_ms, 24 * HOUR);
    assert_int_equal(p.limit_ms, 24 * HOUR);
    assert_string_equal(p.lines[2].rule, "pause.handle");
    arena_release(&t.arena);
}

/* Monday 10:00 to Tuesday 10:00 does not count; 4.5 h were left. */
static void test_pause_of_duty_hours(void **state)
{
    (void)state;
    struct tale t;
    int64_t due = at(2026, 3, 17, 16, 0);
    tale_begin(&t);
    logged(&t, "T7D");
    tell(&t, COMMAND_DISPATCH, at(2026, 3, 13, 16, 0), CLOCK_RETURN, CLOCK_START,
         at(2026, 3, 16, 16, 0));
    tell(&t, COMMAND_NOTE, at(2026, 3, 16, 10, 0), CLOCK_RETURN, CLOCK_PAUSE, TIME_NONE);
    tell(&t, COMMAND_NOTE, at(2026, 3, 17, 10, 0), CLOCK_RETURN, CLOCK_RESUME, due);
    struct proof p = prove(&t, CLOCK_RETURN);
    lines_are(&p, MOMENT(PROOF_START, at(2026, 3, 13, 16, 0)),
              {PROOF_COUNTED, at(2026, 3, 13, 16, 0), at(2026, 3, 13, 18, 0), 2 * HOUR},
              {PROOF_OFF, at(2026, 3, 13, 18, 0), at(2026, 3, 14, 0, 0), 0},
              {PROOF_WEEKEND, at(2026, 3, 14, 0, 0), at(2026, 3, 16, 0, 0), 0},
              {PROOF_OFF, at(2026, 3, 16, 0, 0), at(2026, 3, 16, 9, 0), 0},
              {PROOF_COUNTED, at(2026, 3, 16, 9, 0), at(2026, 3, 16, 10, 0), HOUR},
              {PROOF_PAUSED, at(2026, 3, 16, 10, 0), at(2026, 3, 17, 10, 0), 0},
              {PROOF_COUNTED, at(2026, 3, 17, 10, 0), at(2026, 3, 17, 12, 0), 2 * HOUR},
              {PROOF_OFF, at(2026, 3, 17, 12, 0), at(2026, 3, 17, 13, 30), 0},
              {PROOF_COUNTED, at(2026, 3, 17, 13, 30), due, 5 * HOUR / 2}, MOMENT(PROOF_DUE, due));
    assert_int_equal(p.sum_ms, p.limit_ms);
    arena_release(&t.arena);
}

static void test_extension(void **state)
{
    (void)state;
    struct tale t;
    int64_t from = at(2026, 3, 2, 10, 0), moved = at(2026, 3, 5, 10, 0);
    int64_t due = at(2026, 3, 12, 10, 0);
    tale_begin(&t);
    logged(&t, "T7D");
    tell(&t, COMMAND_DISPATCH, from, CLOCK_HANDLE, CLOCK_START, at(2026, 3, 9, 10, 0));
    tell(&t, COMMAND_DECIDE_EXTENSION, moved, CLOCK_HANDLE, CLOCK_EXTEND, due);
    struct proof p = prove(&t, CLOCK_HANDLE);
    lines_are(&p, MOMENT(PROOF_START, from), {PROOF_COUNTED, from, moved, 72 * HOUR},
              MOMENT(PROOF_EXTENDED, moved), {PROOF_COUNTED, moved, due, 168 * HOUR},
              MOMENT(PROOF_DUE, due));
    assert_int_equal(p.sum_ms, 240 * HOUR);
    assert_int_equal(p.limit_ms, 240 * HOUR); /* 7 d and 3 d more */
    assert_non_null(strstr(p.lines[0].rule, "clocks.handle.T7D = 7 day, day_rule = exact; "));
    arena_release(&t.arena);
}

static void test_restart_by_rework(void **state)
{
    (void)state;
    struct tale t;
    int64_t from = at(2026, 3, 9, 9, 0), due = at(2026, 3, 10, 9, 0), end = at(2026, 3, 9, 20, 0);
    tale_begin(&t);
    logged(&t, "T24H");
    tell(&t, COMMAND_REWORK, at(2026, 3, 2, 9, 0), CLOCK_REWORK, CLOCK_START, at(2026, 3, 3, 9, 0));
    tell(&t, COMMAND_APPROVE, at(2026, 3, 2, 19, 0), CLOCK_REWORK, CLOCK_STOP, TIME_NONE);
    tell(&t, COMMAND_REWORK, from, CLOCK_REWORK, CLOCK_START, due);
    tell(&t, COMMAND_APPROVE, end, CLOCK_REWORK, CLOCK_STOP, TIME_NONE);
    struct proof p = prove(&t, CLOCK_REWORK);
    lines_are(&p, MOMENT(PROOF_START, from), {PROOF_COUNTED, from, due, 24 * HOUR},
              MOMENT(PROOF_DUE, due), MOMENT(PROOF_STOPPED, end));
    assert_int_equal(p.run.status, CLOCK_STOPPED);
    arena_release(&t.arena);
}

/* A callback that waits for the end of the time for handling counts from there (law, article 23). */
static void test_callback_that_waits(void **state)
{
    (void)state;
    struct tale t;
    int64_t end = at(2026, 3, 9, 10, 0);
    tale_begin(&t);
    logged(&t, "T7D");
    tell(&t, COMMAND_DISPATCH, at(2026, 3, 2, 10, 0), CLOCK_HANDLE, CLOCK_START, end);
    tell(&t, COMMAND_APPROVE, at(2026, 3, 4, 10, 0), CLOCK_CALLBACK, CLOCK_START,
         at(2026, 3, 12, 10, 0));
    struct proof p = prove(&t, CLOCK_CALLBACK);
    lines_are(&p, MOMENT(PROOF_START, end), {PROOF_COUNTED, end, at(2026, 3, 12, 10, 0), 72 * HOUR},
              MOMENT(PROOF_DUE, at(2026, 3, 12, 10, 0)));
    assert_int_equal(p.sum_ms, p.limit_ms);
    arena_release(&t.arena);
}

static void test_what_the_limit_does_not_give(void **state)
{
    (void)state;
    struct tale t;
    int64_t from = at(2026, 3, 2, 10, 0), due = at(2026, 3, 4, 12, 0);
    tale_begin(&t);
    logged(&t, "T7D");
    tell(&t, COMMAND_SUPERVISE, from, CLOCK_URGE, CLOCK_START, due);
    with(&t, FIELD_ANSWER_BY, "2026-03-04T12:00:00+08:00");
    struct proof p = prove(&t, CLOCK_URGE);
    lines_are(&p, MOMENT(PROOF_START, from), MOMENT(PROOF_NAMED, due),
              {PROOF_COUNTED, from, due, 50 * HOUR}, MOMENT(PROOF_DUE, due));
    assert_string_equal(p.lines[1].rule, "answer_by");
    assert_int_equal(p.limit_ms, TIME_NONE);
    /* the centre had another policy when it counted */
    tell(&t, COMMAND_DISPATCH, from, CLOCK_HANDLE, CLOCK_START, due);
    p = prove(&t, CLOCK_HANDLE);
    lines_are(&p, MOMENT(PROOF_START, from), MOMENT(PROOF_OTHERWISE, due),
              {PROOF_COUNTED, from, due, 50 * HOUR}, MOMENT(PROOF_DUE, due));
    assert_int_equal(p.due_ms, due);
    assert_int_equal(p.limit_ms, TIME_NONE);
    arena_release(&t.arena);
}

static void test_year_without_notice(void **state)
{
    (void)state;
    struct tale t;
    struct proof p;
    struct errmsg err = {""};
    tale_begin(&t);
    logged(&t, "T7D");
    tell(&t, COMMAND_DISPATCH, at(2026, 12, 31, 16, 0), CLOCK_RETURN, CLOCK_START,
         at(2027, 1, 4, 16, 0));
    assert_int_equal(
        clock_proof(&t.policy, &t.calendar, t.event, t.n, CLOCK_RETURN, 0, &t.arena, &p, &err),
        ST_NOT_FOUND);
    assert_non_null(strstr(err.text, "2027"));
    arena_release(&t.arena);
}

static void test_all_of_a_case(void **state)
{
    (void)state;
    struct fixture f;
    struct tale t;
    const struct proof *all;
    size_t n;
    struct errmsg err = {""};
    tale_begin(&t);
    logged(&t, "T24H");
    tell(&t, COMMAND_DISPATCH, at(2026, 3, 2, 10, 0), CLOCK_HANDLE, CLOCK_START,
         at(2026, 3, 3, 10, 0));
    tell(&t, COMMAND_DISPATCH, at(2026, 3, 2, 10, 0), CLOCK_SIGN, CLOCK_START,
         at(2026, 3, 2, 10, 30));
    assert_int_equal(clock_proofs(&t.policy, &t.calendar, t.event, t.n, &t.arena, &all, &n, &err),
                     ST_OK);
    assert_int_equal(n, 2);
    assert_int_equal(all[0].clock, CLOCK_SIGN);
    assert_int_equal(all[1].clock, CLOCK_HANDLE);
    assert_int_equal(prove(&t, CLOCK_REWORK).n, 0);
    arena_release(&t.arena);
    /* what the table of procedure itself starts is proved by the policy */
    fixture_begin(&f);
    log_case(&f, at(2026, 3, 2, 9, 0), "T7D");
    assert_int_equal(clock_proofs(&f.policy, &f.calendar, f.last, 1, &f.arena, &all, &n, &err),
                     ST_OK);
    assert_int_equal(n, 1);
    assert_int_equal(all[0].clock, CLOCK_DISPATCH);
    assert_int_equal(all[0].sum_ms, 24 * HOUR);
    assert_int_equal(all[0].limit_ms, 24 * HOUR);
    fixture_end(&f);
}

/* --- whatever the start ----------------------------------------------------------------------- */

static unsigned chance(unsigned *seed, unsigned n)
{
    *seed = *seed * 1103515245 + 12345;
    return (*seed >> 16) % n;
}

/* One line begins where the one before ended, and each adds what it counts. */
static void hangs_together(const struct proof *p)
{
    int64_t to = p->lines[0].from_ms, sum = 0;
    assert_int_equal(p->lines[0].kind, PROOF_START);
    for (size_t i = 1; i < p->n; i++) {
        assert_int_equal(p->lines[i].from_ms, to);
        to = p->lines[i].to_ms;
        sum += p->lines[i].counted_ms;
        assert_int_equal(p->lines[i].sum_ms, sum);
    }
    assert_int_equal(p->lines[p->n - 1].kind, PROOF_DUE);
    assert_int_equal(to, p->due_ms);
    assert_int_equal(sum, p->sum_ms);
    assert_int_equal(sum, p->limit_ms);
}

static void test_adds_up(void **state)
{
    (void)state;
    static const enum limit_unit units[] = {LIMIT_MINUTE, LIMIT_HOUR, LIMIT_DAY, LIMIT_WORKING_DAY};
    static const int64_t unit_ms[] = {MS_MINUTE, MS_HOUR, MS_DAY, 15 * MS_HOUR / 2};
    unsigned seed = 2026;
    for (int i = 0; i < 2000; i++) {
        struct tale t;
        unsigned u = chance(&seed, 4);
        struct limit limit = {1 + (int)chance(&seed, u == 0 ? 300 : 15), units[u]};
        int64_t from = at(2026, 1, 1, 0, 0) + (int64_t)chance(&seed, 300) * MS_DAY +
                       (int64_t)chance(&seed, 24 * 60) * MS_MINUTE + (int64_t)chance(&seed, 60000);
        int64_t due, still, on;
        tale_begin(&t);
        logged(&t, "T7D");
        t.policy.clock[CLOCK_RETURN][TIER_T7D] = limit;
        assert_int_equal(limit_due(&t.calendar, DAY_RULE_EXACT, limit, from, &due, NULL), ST_OK);
        tell(&t, COMMAND_DISPATCH, from, CLOCK_RETURN, CLOCK_START, due);
        if (chance(&seed, 2)) {
            still = from + (int64_t)chance(&seed, 1000) * (due - from) / 1000;
            on = still + (int64_t)chance(&seed, 3 * 24 * 60) * MS_MINUTE;
            assert_int_equal(limit_shift(&t.calendar, limit, due, still, on, &due, NULL), ST_OK);
            tell(&t, COMMAND_NOTE, still, CLOCK_RETURN, CLOCK_PAUSE, TIME_NONE);
            tell(&t, COMMAND_NOTE, on, CLOCK_RETURN, CLOCK_RESUME, due);
        }
        struct proof p = prove(&t, CLOCK_RETURN);
        assert_int_equal(p.due_ms, due);
        assert_int_equal(p.sum_ms, limit.n * unit_ms[u]);
        hangs_together(&p);
        arena_release(&t.arena);
    }
}

/* Before it starts, while it runs, when it stands still, goes on, is late and has stopped. */
static void test_what_was_said(void **state)
{
    struct tale t;
    (void)state;
    tale_begin(&t);
    logged(&t, "T24H");
    int64_t start = at(2026, 3, 2, 9, 0), due = start + 24 * HOUR;
    tell(&t, COMMAND_DISPATCH, start, CLOCK_HANDLE, CLOCK_START, due);
    tell(&t, COMMAND_NOTE, start + 4 * HOUR, CLOCK_HANDLE, CLOCK_PAUSE, TIME_NONE);
    tell(&t, COMMAND_NOTE, start + 10 * HOUR, CLOCK_HANDLE, CLOCK_RESUME, due + 6 * HOUR);
    tell(&t, COMMAND_APPROVE, start + 33 * HOUR, CLOCK_HANDLE, CLOCK_STOP, TIME_NONE);
    static const struct {
        int hours, left, status;
    } want[] = {{0, 24, CLOCK_RUNNING},  {3, 21, CLOCK_RUNNING},  {4, 20, CLOCK_PAUSED},
                {9, 20, CLOCK_PAUSED},   {10, 20, CLOCK_RUNNING}, {29, 1, CLOCK_RUNNING},
                {32, -2, CLOCK_RUNNING}, {33, -3, CLOCK_STOPPED}, {99, -3, CLOCK_STOPPED}};
    const struct clock_said *said;
    size_t n;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_int_equal(
            clocks_said(t.event, t.n, start + want[i].hours * HOUR, &t.arena, &said, &n, NULL),
            ST_OK);
        assert_int_equal(n, 1);
        assert_int_equal(said[0].clock, CLOCK_HANDLE);
        assert_int_equal(said[0].run.status, want[i].status);
        assert_int_equal(said[0].left_ms, want[i].left * HOUR);
    }
    assert_int_equal(clocks_said(t.event, t.n, start - 1, &t.arena, &said, &n, NULL), ST_OK);
    assert_int_equal(n, 0);
    arena_release(&t.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_night_and_weekend),
                                       cmocka_unit_test(test_national_day),
                                       cmocka_unit_test(test_pause_and_resume),
                                       cmocka_unit_test(test_pause_of_duty_hours),
                                       cmocka_unit_test(test_extension),
                                       cmocka_unit_test(test_restart_by_rework),
                                       cmocka_unit_test(test_callback_that_waits),
                                       cmocka_unit_test(test_what_the_limit_does_not_give),
                                       cmocka_unit_test(test_year_without_notice),
                                       cmocka_unit_test(test_all_of_a_case),
                                       cmocka_unit_test(test_what_was_said),
                                       cmocka_unit_test(test_adds_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
