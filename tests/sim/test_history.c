/*
 * The checker can see: a good history passes, and each of these bad ones is flagged by its rule.
 *
 * Two consoles of street 1101, two cases, six commands; the events are those that the rules of
 * procedure make. Each plant changes one thing.
 */
#include "data/embedded.h"
#include "tests/sim/history.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { CASES = 2, COMMANDS = 6, EVENTS = 16, REFUSED = 3 };
static const int64_t start = INT64_C(1773100800000);

static const struct actor people[] = {{"chen.op", "C", ROLE_OPERATOR, "BJ", "BJ", "test"},
                                      {"sun.dispatch", "S", ROLE_DISPATCHER, "BJ", "BJ", "test"},
                                      {"wang.desk", "W", ROLE_DESK, "1101", "110190", "test"},
                                      {"li.desk", "L", ROLE_DESK, "1101", "110190", "test"}};

struct small {
    struct arena arena;
    struct policy policy;
    struct calendar calendar;
    struct workflow_context rules;
    struct event event[CASES][EVENTS];
    struct case_log log[CASES];
    struct operation operation[COMMANDS];
    struct report report[COMMANDS + 2];
    struct glimpse glimpse[8];
    struct cache cache[CASES * 2];
    struct history h;
};

static struct uuid numbered(char kind, int n)
{
    struct uuid id = {{1, (unsigned char)kind, 0, (unsigned char)n}};
    id.byte[6] = 0x70;
    id.byte[8] = 0x80;
    return id;
}

/* Applies what the rules make of the command; how many events, 0 when they refuse. */
static size_t apply(struct small *s, int case_n, const struct command *k, const struct actor *who,
                    int64_t at_ms)
{
    struct case_log *log = &s->log[case_n];
    struct casefile fold;
    struct decision d = {0};
    struct refusal why = {0};
    struct workflow_context rules = s->rules;
    rules.now_ms = at_ms;
    casefile_init(&fold, &log->id, &s->arena);
    for (size_t i = 0; i < log->n; i++)
        assert_int_equal(casefile_apply(&fold, &log->events[i], NULL), ST_OK);
    if (workflow_decide(&rules, &fold, k, who, &s->arena, &d, &why, NULL) != ST_OK) {
        if (log->n < 2)
            fail_msg("%s: %s", command_table[k->type].word, why.text);
        return 0;
    }
    for (size_t i = 0; i < d.n; i++)
        s->event[case_n][log->n++] = d.events[i];
    return d.n;
}

static void before(struct small *s, int case_n)
{
    static const struct value log_values[] =
        {{FIELD_TYPE, "help"},        {FIELD_CATEGORY, "0101"},       {FIELD_STREET, "1101"},
         {FIELD_CONTENT, "暖气不热"}, {FIELD_COMMUNITY, "110101"},    {FIELD_PHONE, "13800000001"},
         {FIELD_TIER, "T7D"},         {FIELD_NUMBER, "2603101100001"}},
                              unit[] = {{FIELD_UNIT, "1101"}};
    struct command k = {.id = numbered('b', case_n * 2),
                        .case_id = numbered('c', case_n),
                        .type = COMMAND_LOG,
                        .at_ms = start,
                        .values = log_values,
                        .n_values = sizeof log_values / sizeof *log_values};
    s->log[case_n] = (struct case_log){.id = k.case_id, .events = s->event[case_n]};
    assert_true(apply(s, case_n, &k, &people[0], start) > 0);
    k = (struct command){.id = numbered('b', case_n * 2 + 1),
                         .case_id = k.case_id,
                         .type = COMMAND_DISPATCH,
                         .at_ms = start,
                         .values = unit,
                         .n_values = 1};
    assert_true(apply(s, case_n, &k, &people[1], start) > 0);
    s->log[case_n].before = s->log[case_n].n;
}

static void operate(struct small *s, int n, enum command_type type, int case_n, int who,
                    const struct value *values, size_t n_values)
{
    int64_t at = start + (n + 1) * MS_MINUTE;
    struct operation *op = &s->operation[n];
    *op = (struct operation){.command = {.id = numbered('k', n),
                                         .case_id = numbered('c', case_n),
                                         .type = type,
                                         .at_ms = at,
                                         .values = values,
                                         .n_values = n_values},
                             .who = &people[who],
                             .invoked_ms = at,
                             .completed_ms = at + 20 * MS_SECOND,
                             .shown = true,
                             .foretold = true};
    size_t events = apply(s, case_n, &op->command, op->who, at + 10 * MS_SECOND);
    s->report[s->h.n_reports++] =
        (struct report){.command = op->command.id,
                        .kind = events ? OUTCOME_APPLIED : OUTCOME_REJECTED,
                        .version = events ? (uint32_t)s->log[case_n].n : 0,
                        .status = events ? 0 : 409,
                        .at_ms = at + 10 * MS_SECOND};
    if (!events) {
        op->conflict = &op->command;
        op->foretold = op->shown = false;
    }
}

static void good(struct small *s)
{
    static const struct value note[] = {{FIELD_NOTE, "明天上门"}}, other[] = {{FIELD_NOTE, "seen"}};
    memset(s, 0, sizeof *s);
    arena_init(&s->arena, 0);
    assert_int_equal(policy_decode((const char *)data_policy_json, data_policy_json_len, &s->arena,
                                   &s->policy, NULL),
                     ST_OK);
    assert_int_equal(calendar_decode((const char *)data_calendar_json, data_calendar_json_len,
                                     &s->calendar, NULL),
                     ST_OK);
    s->rules = (struct workflow_context){.policy = &s->policy, .calendar = &s->calendar};
    for (int i = 0; i < CASES; i++)
        before(s, i);
    operate(s, 0, COMMAND_SIGN, 0, 2, NULL, 0);
    operate(s, 1, COMMAND_NOTE, 0, 3, note, 1);
    operate(s, 2, COMMAND_SIGN, 1, 3, NULL, 0);
    operate(s, REFUSED, COMMAND_SIGN, 1, 2, NULL, 0); /* somebody was first */
    operate(s, 4, COMMAND_NOTE, 1, 2, other, 1);
    operate(s, 5, COMMAND_NOTE, 0, 2, other, 1);
    s->report[s->h.n_reports] = s->report[1]; /* sent again, and told the same */
    s->report[s->h.n_reports++].at_ms += MS_MINUTE;
    for (int i = 0; i < 4; i++)
        s->glimpse[i] = (struct glimpse){.console = i % 2, .number = 10 + i};
    for (int i = 0; i < 4; i++)
        s->glimpse[4 + i] =
            (struct glimpse){.console = i % 2, .of_case = numbered('c', 0), .number = 2 + i / 2};
    for (int i = 0; i < CASES * 2; i++) {
        const struct case_log *log = &s->log[i / 2];
        struct casefile fold;
        casefile_init(&fold, &log->id, &s->arena);
        for (size_t e = 0; e < log->n; e++)
            casefile_apply(&fold, &log->events[e], NULL);
        s->cache[i] = (struct cache){i % 2, log->id, fold.version, fold.state};
    }
    s->h = (struct history){.operations = s->operation,
                            .n_operations = COMMANDS,
                            .reports = s->report,
                            .n_reports = s->h.n_reports,
                            .logs = s->log,
                            .n_logs = CASES,
                            .glimpses = s->glimpse,
                            .n_glimpses = 8,
                            .caches = s->cache,
                            .n_caches = CASES * 2,
                            .consoles = 2,
                            .unit = "1101"};
}

/* --- the plants ----------------------------------------------------------------------------- */
static void drop_last(struct case_log *log)
{
    log->n--;
}

static void applied_not_in_log(struct small *s)
{
    drop_last(&s->log[0]);
}
static void refused_told_applied(struct small *s)
{
    s->report[REFUSED].kind = OUTCOME_APPLIED;
}
static void twice_in_a_case(struct small *s)
{
    struct case_log *log = &s->log[0];
    s->event[0][log->n] = s->event[0][log->before];
    s->event[0][log->n].seq = (uint32_t)log->n + 1;
    log->n++;
}
static void twice_in_two_cases(struct small *s)
{
    struct case_log *log = &s->log[1];
    s->event[1][log->n] = s->event[0][s->log[0].n - 1];
    s->event[1][log->n].seq = (uint32_t)log->n + 1;
    log->before = ++log->n;
}
static void in_log_and_in_conflicts(struct small *s)
{
    s->operation[1].conflict = &s->operation[1].command;
}
static void nobody_invoked(struct small *s)
{
    s->event[0][s->log[0].n - 1].command_id = numbered('x', 1);
}
static void another_person(struct small *s)
{
    s->event[0][s->log[0].n - 1].actor = people[3];
}
static void another_type(struct small *s)
{
    s->event[0][s->log[0].n - 1].type = COMMAND_CONTACT;
}
static void a_gap(struct small *s)
{
    s->event[1][s->log[1].n - 1].seq++;
}
static void a_number_twice(struct small *s)
{
    s->event[1][s->log[1].n - 1].seq--;
}
static void later_stands_before(struct small *s)
{
    struct event *e = s->event[0], a = e[s->log[0].n - 2];
    e[s->log[0].n - 2] = e[s->log[0].n - 1];
    e[s->log[0].n - 1] = a;
    e[s->log[0].n - 2].seq = (uint32_t)s->log[0].n - 1;
    e[s->log[0].n - 1].seq = (uint32_t)s->log[0].n;
}
static void done_early_stands_late(struct small *s)
{
    s->operation[5].completed_ms = start;
    s->operation[1].invoked_ms = start + 1;
    /* number 5 stands after number 1, though it was done before 1 was begun */
}
static void last_writer_wins(struct small *s)
{
    struct case_log *log = &s->log[1];
    struct event e = s->event[1][log->before]; /* the same signature once more, by the other one */
    e.command_id = s->operation[REFUSED].command.id;
    e.actor = *s->operation[REFUSED].who;
    e.seq = (uint32_t)log->n + 1;
    s->event[1][log->n++] = e;
    s->report[REFUSED].kind = OUTCOME_APPLIED;
    s->operation[REFUSED].conflict = NULL;
    for (int i = 2; i < 4; i++)
        s->cache[i].version++;
}
static void another_state_than_the_rules_say(struct small *s)
{
    s->event[0][s->log[0].before].to = STATE_REVIEW;
}
static void refused_without_reason(struct small *s)
{
    s->operation[1].conflict = &s->operation[1].command;
    s->report[1].kind = OUTCOME_REJECTED;
    s->report[s->h.n_reports - 1].kind = OUTCOME_REJECTED;
    struct event *e = &s->event[0][s->log[0].before + 1];
    e[0] = e[1];
    e[0].seq--;
    drop_last(&s->log[0]);
}
static void other_outcome_later(struct small *s)
{
    s->report[s->h.n_reports - 1].kind = OUTCOME_REJECTED;
}
static void other_version_later(struct small *s)
{
    s->report[s->h.n_reports - 1].version++;
}
static void other_problem_later(struct small *s)
{
    s->report[s->h.n_reports - 1].status = 422;
}
static void refused_and_in_log(struct small *s)
{
    s->report[0].kind = OUTCOME_REJECTED;
}
static void cursor_goes_back(struct small *s)
{
    s->glimpse[3].number = 1;
}
static void version_goes_back(struct small *s)
{
    s->glimpse[7].number = 1;
}
static void cache_behind(struct small *s)
{
    s->cache[1].version--;
}
static void cache_in_other_state(struct small *s)
{
    s->cache[2].state = STATE_CLOSED;
}
static void cache_lacks_a_case(struct small *s)
{
    s->h.n_caches--;
}
static void cache_keeps_a_foreign_case(struct small *s)
{
    s->h.unit = "1102";
    s->h.n_operations = s->h.n_reports = 0;
    for (int i = 0; i < CASES; i++)
        s->log[i].before = s->log[i].n;
}
static void refused_and_dropped(struct small *s)
{
    s->operation[REFUSED].conflict = NULL;
}
static void text_lost_in_the_log(struct small *s)
{
    static const struct value cut[] = {{FIELD_NOTE, "明天"}};
    s->event[0][s->log[0].before + 1].values = cut;
    s->event[0][s->log[0].before + 1].n_values = 1;
}
static void text_lost_in_the_conflicts(struct small *s)
{
    static struct command cut;
    static const struct value note[] = {{FIELD_NOTE, "明天上门"}};
    s->operation[REFUSED].command.values = note;
    s->operation[REFUSED].command.n_values = 1;
    cut = s->operation[REFUSED].command;
    cut.n_values = 0;
    s->operation[REFUSED].conflict = &cut;
}
static void own_command_not_seen(struct small *s)
{
    s->operation[4].shown = false;
}

static const struct plant {
    void (*plant)(struct small *s);
    enum history_rule rule;
    const char *name;
} plants[] = {
#define PLANT(function, rule)                                                                      \
    {                                                                                              \
        function, rule, #function                                                                  \
    }
    PLANT(applied_not_in_log, RULE_COMPLETE),
    PLANT(refused_told_applied, RULE_COMPLETE),
    PLANT(twice_in_a_case, RULE_ONCE),
    PLANT(twice_in_two_cases, RULE_ONCE),
    PLANT(in_log_and_in_conflicts, RULE_ONCE),
    PLANT(nobody_invoked, RULE_NO_PHANTOM),
    PLANT(another_person, RULE_NO_PHANTOM),
    PLANT(another_type, RULE_NO_PHANTOM),
    PLANT(a_gap, RULE_DENSE),
    PLANT(a_number_twice, RULE_DENSE),
    PLANT(later_stands_before, RULE_REAL_TIME),
    PLANT(done_early_stands_late, RULE_REAL_TIME),
    PLANT(last_writer_wins, RULE_LEGAL),
    PLANT(another_state_than_the_rules_say, RULE_LEGAL),
    PLANT(refused_without_reason, RULE_LEGAL),
    PLANT(other_outcome_later, RULE_STABLE),
    PLANT(other_version_later, RULE_STABLE),
    PLANT(other_problem_later, RULE_STABLE),
    PLANT(refused_and_in_log, RULE_STABLE),
    PLANT(cursor_goes_back, RULE_MONOTONIC),
    PLANT(version_goes_back, RULE_MONOTONIC),
    PLANT(cache_behind, RULE_CONVERGE),
    PLANT(cache_in_other_state, RULE_CONVERGE),
    PLANT(cache_lacks_a_case, RULE_CONVERGE),
    PLANT(cache_keeps_a_foreign_case, RULE_CONVERGE),
    PLANT(refused_and_dropped, RULE_NOT_LOST),
    PLANT(text_lost_in_the_log, RULE_NOT_LOST),
    PLANT(text_lost_in_the_conflicts, RULE_NOT_LOST),
    PLANT(own_command_not_seen, RULE_OWN_WRITES),
#undef PLANT
};

static void check__good_history__passes(void **state)
{
    static struct small s;
    char why[256] = "";
    (void)state;
    good(&s);
    if (history_check(&s.h, &s.rules, why, sizeof why) != RULE_NONE)
        fail_msg("%s", why);
    assert_int_equal(s.report[REFUSED].kind, OUTCOME_REJECTED);
    arena_release(&s.arena);
}

static void check__fresh_start__may_go_back(void **state)
{
    static struct small s;
    char why[256] = "";
    (void)state;
    good(&s);
    cursor_goes_back(&s);
    s.glimpse[3].fresh = true;
    assert_int_equal(history_check(&s.h, &s.rules, why, sizeof why), RULE_NONE);
    arena_release(&s.arena);
}

static void check__planted__is_flagged_by_its_rule(void **state)
{
    static struct small s;
    int flagged[RULE_COUNT] = {0};
    (void)state;
    for (size_t i = 0; i < sizeof plants / sizeof *plants; i++) {
        char why[256] = "nothing";
        good(&s);
        plants[i].plant(&s);
        enum history_rule rule = history_check(&s.h, &s.rules, why, sizeof why);
        if (rule != plants[i].rule)
            fail_msg("%s: expected %s, said %s", plants[i].name, history_rule_word[plants[i].rule],
                     why);
        flagged[rule]++;
        arena_release(&s.arena);
    }
    for (int rule = 1; rule < RULE_COUNT; rule++)
        assert_true(flagged[rule] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(check__good_history__passes),
                                       cmocka_unit_test(check__fresh_start__may_go_back),
                                       cmocka_unit_test(check__planted__is_flagged_by_its_rule)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
