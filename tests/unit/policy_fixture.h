/*
 * policy_fixture.h: the numbers of domain.md 3.3 and 12, by hand, and a case to play with.
 *
 * Purpose: tests of procedure compare against numbers copied from the document, not against
 *          data/policy.json, which is itself under test elsewhere.
 * Ownership: a struct fixture owns its arena; fixture_end gives it back.
 */
#ifndef JIBAN_TESTS_POLICY_FIXTURE_H
#define JIBAN_TESTS_POLICY_FIXTURE_H

#include "core/case/workflow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define UNUSED __attribute__((unused))

struct fixture {
    struct policy policy;
    struct calendar calendar;
    struct workflow_context ctx;
    struct casefile c;
    struct arena arena;
    struct refusal why;
    const struct event *last; /* of the last applied command */
    struct decision decided;  /* that one, with what it makes of other orders */
    int64_t typed_ms; /* when the person typed what is sent only now; 0: it is sent at once */
};

static inline int64_t at(int year, int month, int day, int hour, int minute)
{
    struct civil t = {.year = year, .month = month, .day = day, .hour = hour, .minute = minute};
    return civil_to_ms(&t, BEIJING_OFFSET_MS);
}

static inline void fixture_clock(struct policy *p, enum clock_id clock, const char *t2h,
                                 const char *t24h, const char *t7d, const char *t15d)
{
    const char *const text[TIER_COUNT] = {t2h, t24h, t7d, t15d};
    for (int i = 0; i < TIER_COUNT; i++)
        if (text[i])
            assert_true(limit_parse(text[i], &p->clock[clock][i]));
}

static inline void fixture_policy(struct policy *p)
{
    memset(p, 0, sizeof *p);
    p->name = "fixture";
    p->version = 1;
    p->label = "fixture/1";
    fixture_clock(p, CLOCK_DISPATCH, "1 hour", "2 hour", "24 hour", "24 hour");
    fixture_clock(p, CLOCK_SIGN, "15 minute", "30 minute", "2 hour", "2 hour");
    fixture_clock(p, CLOCK_CONTACT, "30 minute", "2 hour", "24 hour", "24 hour");
    fixture_clock(p, CLOCK_HANDLE, "2 hour", "24 hour", "7 day", "15 day");
    fixture_clock(p, CLOCK_RETURN, "15 minute", "2 hour", "1 working_day", "2 working_day");
    fixture_clock(p, CLOCK_RETURN_REVIEW, "15 minute", "2 hour", "1 working_day", "1 working_day");
    fixture_clock(p, CLOCK_REVIEW, "10 minute", "2 hour", "4 hour", "1 working_day");
    fixture_clock(p, CLOCK_SUB, "45 minute", "8 hour", "3 day", "7 day");
    fixture_clock(p, CLOCK_CALLBACK, "24 hour", "24 hour", "72 hour", "72 hour");
    fixture_clock(p, CLOCK_REWORK, "4 hour", "24 hour", "3 working_day", "3 working_day");
    fixture_clock(p, CLOCK_EXTENSION_REVIEW, NULL, "4 hour", "1 working_day", "1 working_day");
    fixture_clock(p, CLOCK_EXCLUSION, "3 working_day", "3 working_day", "3 working_day",
                  "3 working_day");
    fixture_clock(p, CLOCK_EXCLUSION_REVIEW, "5 working_day", "5 working_day", "5 working_day",
                  "5 working_day");
    p->day_rule = DAY_RULE_EXACT;
    p->warn_mark[0] = 50;
    p->warn_mark[1] = 75;
    p->warn_mark[2] = 90;
    p->warn_mark[3] = 100;
    p->return_max_per_unit = 1;
    p->dispatch_max_before_designate = 3;
    p->contact_tries = 3;
    p->contact_gap = (struct limit){2, LIMIT_HOUR};
    p->contact_day_parts = 2;
    p->rework_max = 2;
    p->reopen_within = (struct limit){7, LIMIT_DAY};
    p->callback_early = true;
    p->callback_attempts = 3;
    p->sms_valid = (struct limit){48, LIMIT_HOUR};
    p->late_entry = (struct limit){2, LIMIT_HOUR};
    p->late_entry_t2h = (struct limit){15, LIMIT_MINUTE};
    p->four_eyes_t2h_exception = true;
    fixture_clock(p, CLOCK_HANG_REVIEW, NULL, "30 day", "30 day", "30 day");
    fixture_clock(p, CLOCK_URGE, "15 minute", "2 hour", "1 working_day", "1 working_day");
    fixture_clock(p, CLOCK_TELL, "1 working_day", "1 working_day", "3 working_day",
                  "3 working_day");
    fixture_clock(p, CLOCK_CONFIRM, "24 hour", NULL, NULL, NULL);
    fixture_clock(p, CLOCK_WARNING, "30 minute", "2 hour", "24 hour", "24 hour");
    p->repeat_window_ms = 90 * (int64_t)MS_DAY;
    p->repeat_calls = 3;
    p->cluster_claimants = 3;
    p->cluster_window_ms = 7 * (int64_t)MS_DAY;
    p->whistle[WHISTLE_E].ack = (struct limit){10, LIMIT_MINUTE};
    p->whistle[WHISTLE_E].arrive = (struct limit){30, LIMIT_MINUTE};
    p->whistle[WHISTLE_J].ack = (struct limit){2, LIMIT_HOUR};
    p->whistle[WHISTLE_J].arrive = (struct limit){24, LIMIT_HOUR};
    p->whistle[WHISTLE_K].ack = (struct limit){1, LIMIT_WORKING_DAY};
    p->whistle[WHISTLE_K].arrive = (struct limit){3, LIMIT_WORKING_DAY};
    p->auto_sign_factor = 2;
    p->extension_max_count = 1;
    p->extension_max_total[TIER_T24H] = (struct limit){72, LIMIT_HOUR};
    p->extension_max_total[TIER_T7D] = (struct limit){15, LIMIT_DAY};
    p->extension_max_total[TIER_T15D] = (struct limit){30, LIMIT_DAY};
    p->hang_limit = (struct limit){180, LIMIT_DAY};
    p->hang_renew = 1;
    p->hang_look = (struct limit){30, LIMIT_DAY};
    p->hang_handle = (struct limit){7, LIMIT_DAY};
    p->reopen_archived_within = (struct limit){180, LIMIT_DAY};
    p->archive_after = (struct limit){1, LIMIT_DAY};
    p->callback_day_parts = 2;
    p->quiet[0].from = 20 * 60 + 30;
    p->quiet[0].to = 8 * 60 + 30;
    p->quiet[1].from = 12 * 60;
    p->quiet[1].to = 14 * 60;
    p->n_quiet = 2;
    p->exclusion_appeals = 1;
    p->score.excluded_rates = RATE_R;
}

/* Units, people and categories of the walk; the examples look no codes up. */
#define UNIT(c, zh, en, k, up)                                                                     \
    {                                                                                              \
        .code = (c), .name = (zh), .name_en = (en), .kind = UNIT_##k, .parent = (up)               \
    }
static const struct unit fixture_units[] = {
    UNIT("11", "永安区", "D", DISTRICT, "BJ"),        UNIT("1101", "甲街道", "A", STREET, "11"),
    UNIT("110101", "一社区", "C", COMMUNITY, "1101"), UNIT("1102", "乙街道", "B", STREET, "11"),
    UNIT("118005", "市场", "M", DEPT, "11"),          UNIT("118008", "消防", "F", DEPT, "11"),
    UNIT("99", "外区", "X", DISTRICT, "BJ"),          UNIT("BJ", "热线", "H", HOTLINE, "")};
static const struct person fixture_people[] = {{.user = "ha1",
                                                .name = "甲",
                                                .name_en = "A",
                                                .role = ROLE_HANDLER,
                                                .office = "1101",
                                                .unit = "1101S1"},
                                               {.user = "ha2",
                                                .name = "乙",
                                                .name_en = "B",
                                                .role = ROLE_HANDLER,
                                                .office = "1101",
                                                .unit = "1101S1"}};
static const struct category fixture_categories[] = {
    {"0101", "公共服务", "utilities", "供暖", "heating", TIER_T24H}};
static const struct reference UNUSED fixture_reference = {
    .units = fixture_units,
    .n_units = sizeof fixture_units / sizeof fixture_units[0],
    .people = fixture_people,
    .n_people = sizeof fixture_people / sizeof fixture_people[0],
    .categories = fixture_categories,
    .n_categories = sizeof fixture_categories / sizeof fixture_categories[0]};

/* No reference data: codes are not looked up. Of 2026 only ordinary weeks are needed here. */
static inline void fixture_begin(struct fixture *f)
{
    static const struct uuid id = {{1}};
    memset(f, 0, sizeof *f);
    arena_init(&f->arena, 0);
    fixture_policy(&f->policy);
    calendar_init(&f->calendar);
    calendar_know(&f->calendar, 2026);
    f->ctx = (struct workflow_context){.policy = &f->policy, .calendar = &f->calendar};
    casefile_init(&f->c, &id, &f->arena);
}

static inline void fixture_end(struct fixture *f)
{
    arena_release(&f->arena);
}

/* The people of the examples: street A is 1101, B 1102, in district 11. */
static const struct actor UNUSED operator_1 = {"op1", "Op", ROLE_OPERATOR, "BJ", "", "t"};
static const struct actor UNUSED dispatcher_1 = {"dp1", "Dp", ROLE_DISPATCHER, "BJ", "", "t"};
static const struct actor UNUSED district_1 = {"di1", "Di", ROLE_DISTRICT, "11", "", "t"};
static const struct actor UNUSED desk_1 = {"de1", "De", ROLE_DESK, "1101", "", "t"};
static const struct actor UNUSED desk_2 = {"de2", "De", ROLE_DESK, "1102", "", "t"};
static const struct actor UNUSED handler_1 = {"ha1", "Ha", ROLE_HANDLER, "1101", "1101S1", "t"};
static const struct actor UNUSED handler_2 = {"ha2", "Hb", ROLE_HANDLER, "1101", "1101S1", "t"};
static const struct actor UNUSED reviewer_1 = {"re1", "Re", ROLE_REVIEWER, "1101", "", "t"};
static const struct actor UNUSED reviewer_2 = {"re2", "Re", ROLE_REVIEWER, "1102", "", "t"};
static const struct actor UNUSED leader_1 = {"le1", "Le", ROLE_LEADER, "1101", "", "t"};
static const struct actor UNUSED callback_1 = {"cb1", "Cb", ROLE_CALLBACK, "BJ", "", "t"};

static const struct actor UNUSED dept_1 = {"dept1", "Dt", ROLE_DEPT, "11", "118008", "t"};
static const struct actor UNUSED dept_2 = {"dept2", "Du", ROLE_DEPT, "11", "118005", "t"};
static const struct actor UNUSED community_1 = {"co1", "Co", ROLE_COMMUNITY, "1101", "110101", "t"};
static const struct actor UNUSED judge_1 = {"ju1", "Ju", ROLE_JUDGE, "BJ", "", "t"};
static const struct actor UNUSED clock_1 = {"clock", "clock", ROLE_AUTOMATIC, "", "", ""};

static inline enum refusal_code run_list(struct fixture *f, int64_t now_ms, const struct actor *who,
                                         enum command_type type, const struct value *v, size_t n)
{
    struct command cmd = {.id = {{2}},
                          .case_id = f->c.id,
                          .base = f->c.version,
                          .type = type,
                          .at_ms = f->typed_ms ? f->typed_ms : now_ms,
                          .values = v,
                          .n_values = n};
    struct decision d = {0};
    struct errmsg err = {""};
    f->ctx.now_ms = now_ms;
    f->why = (struct refusal){.code = REFUSAL_NONE, .field = FIELD_NONE};
    enum status st = workflow_decide(&f->ctx, &f->c, &cmd, who, &f->arena, &d, &f->why, &err);
    if (st == ST_REFUSED) {
        assert_int_not_equal(f->why.code, REFUSAL_NONE);
        assert_true(*f->why.text);
        return f->why.code;
    }
    assert_int_equal(st, ST_OK);
    for (size_t i = 0; i < d.n; i++)
        assert_int_equal(casefile_apply(&f->c, &d.events[i], &err), ST_OK);
    f->last = &d.events[d.n - 1];
    f->decided = d;
    return REFUSAL_NONE;
}

/* run(f, when, &who, SIGN) or run(f, when, &who, NOTE, {FIELD_NOTE, "..."}); gives the refusal. */
#define run(f, now, who, type, ...)                                                                \
    run_list(                                                                                      \
        f, now, who, COMMAND_##type, (const struct value[]){{FIELD_NONE, NULL}, __VA_ARGS__} + 1,  \
        sizeof((const struct value[]){{FIELD_NONE, NULL}, __VA_ARGS__}) / sizeof(struct value) -   \
            1)
#define must(...) assert_int_equal(run(__VA_ARGS__), REFUSAL_NONE)

static inline int64_t due_of(const struct fixture *f, enum clock_id clock)
{
    assert_int_equal(f->c.clock[clock].status, CLOCK_RUNNING);
    return f->c.clock[clock].due_ms;
}

static inline void log_case(struct fixture *f, int64_t now_ms, const char *tier)
{
    must(f, now_ms, &operator_1, LOG, {FIELD_TYPE, "help"}, {FIELD_CATEGORY, "0101"},
         {FIELD_STREET, "1101"}, {FIELD_DISTRICT, "11"}, {FIELD_CONTENT, "暖气不热"},
         {FIELD_PHONE, "13800005678"}, {FIELD_TIER, tier});
}

#endif
