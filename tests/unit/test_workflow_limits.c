/* The main road of the worked examples (domain.md 14): states, and due times to the minute. */
#include "tests/unit/policy_fixture.h"

#define IN(x) assert_int_equal(f.c.state, STATE_##x)
#define DUE(clock, ...) assert_int_equal(due_of(&f, CLOCK_##clock), at(2026, __VA_ARGS__))

static void e1_cold_flat_at_night(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f);
    log_case(&f, at(2026, 1, 13, 19, 42), "T24H");
    IN(WAIT_DISPATCH);
    DUE(DISPATCH, 1, 13, 21, 42);
    must(&f, at(2026, 1, 13, 19, 48), &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    IN(SENT);
    DUE(HANDLE, 1, 14, 19, 48);
    DUE(SIGN, 1, 13, 20, 18);
    DUE(CONTACT, 1, 13, 21, 48);
    DUE(RETURN, 1, 13, 21, 48);
    assert_int_equal(f.c.clock[CLOCK_DISPATCH].stopped_ms, at(2026, 1, 13, 19, 48));
    assert_string_equal(f.c.value[FIELD_POLICY], "fixture/1");
    must(&f, at(2026, 1, 13, 19, 57), &desk_1, SIGN, );
    IN(SIGNED);
    assert_int_equal(f.c.clock[CLOCK_SIGN].status, CLOCK_STOPPED);
    must(&f, at(2026, 1, 13, 20, 10), &desk_1, CONTACT, {FIELD_REACHED, "yes"},
         {FIELD_SAID, "14.5 C"});
    assert_int_equal(f.c.clock[CLOCK_CONTACT].stopped_ms, at(2026, 1, 13, 20, 10));
    must(&f, at(2026, 1, 13, 20, 12), &desk_1, ASSIGN, {FIELD_HANDLER, "ha1"},
         {FIELD_ASSISTANT, "110101"});
    IN(WORKING);
    must(&f, at(2026, 1, 14, 9, 10), &handler_1, SUBMIT_REPLY, {FIELD_REPLY, "阀门已更换"},
         {FIELD_RESULT, "solved"});
    IN(REVIEW);
    DUE(REVIEW, 1, 14, 11, 10);
    must(&f, at(2026, 1, 14, 9, 25), &reviewer_1, APPROVE, );
    IN(REPLIED);
    assert_int_equal(f.c.clock[CLOCK_HANDLE].stopped_ms - f.c.clock[CLOCK_HANDLE].started_ms,
                     13 * MS_HOUR + 37 * MS_MINUTE);
    DUE(CALLBACK, 1, 15, 9, 25);
    must(&f, at(2026, 1, 14, 10, 30), &callback_1, ATTEMPT, {FIELD_CONNECTED, "yes"});
    IN(CALLING);
    must(&f, at(2026, 1, 14, 10, 30), &callback_1, RATE, {FIELD_CONTACTED, "yes"},
         {FIELD_SOLVED, "solved"}, {FIELD_SATISFIED, "satisfied"});
    IN(CLOSED);
    assert_string_equal(f.c.value[FIELD_FIRST_RATING], "yes/solved/satisfied");
    assert_int_equal(f.c.clock[CLOCK_EXCLUSION].status, CLOCK_NEVER);
    assert_int_equal(casefile_next_due(&f.c, NULL), CLOCK_COUNT);
    fixture_end(&f);
}

static void e4_push_off_refused(void **state)
{
    (void)state;
    static const struct actor desk_b = {"de2", "De", ROLE_DESK, "1102", "", "t"};
    struct fixture f;
    fixture_begin(&f);
    log_case(&f, at(2026, 3, 11, 8, 0), "T24H");
    must(&f, at(2026, 3, 11, 8, 5), &dispatcher_1, DISPATCH, {FIELD_UNIT, "1102"});
    DUE(HANDLE, 3, 12, 8, 5);
    DUE(RETURN, 3, 11, 10, 5);
    must(&f, at(2026, 3, 11, 8, 12), &desk_b, SIGN, );
    must(&f, at(2026, 3, 11, 8, 40), &desk_b, ASK_RETURN, {FIELD_RETURN_CLASS, "R2"},
         {FIELD_BASIS, "lift safety"}, {FIELD_PROPOSED, "11M1"});
    IN(DISPUTED);
    DUE(RETURN_REVIEW, 3, 11, 10, 40);
    DUE(HANDLE, 3, 12, 8, 5); /* asking does not pause it */
    must(&f, at(2026, 3, 11, 9, 20), &desk_b, CONTACT, {FIELD_REACHED, "yes"},
         {FIELD_SAID, "third day"});
    must(&f, at(2026, 3, 11, 9, 55), &dispatcher_1, REFUSE_RETURN, {FIELD_REASON, "row 02-01"});
    IN(SIGNED);
    DUE(HANDLE, 3, 12, 8, 5);
    assert_int_equal(f.c.clock[CLOCK_RETURN_REVIEW].status, CLOCK_STOPPED);
    must(&f, at(2026, 3, 11, 10, 10), &desk_b, ASSIGN, {FIELD_SECTION, "1102S1"});
    must(&f, at(2026, 3, 12, 7, 20), &desk_b, SUBMIT_REPLY, {FIELD_REPLY, "电梯已修复"},
         {FIELD_RESULT, "solved"});
    must(&f, at(2026, 3, 12, 7, 40), &reviewer_2, APPROVE, );
    IN(REPLIED);
    assert_int_equal(f.c.clock[CLOCK_HANDLE].stopped_ms - f.c.clock[CLOCK_HANDLE].started_ms,
                     23 * MS_HOUR + 35 * MS_MINUTE);
    must(&f, at(2026, 3, 12, 14, 0), &callback_1, ATTEMPT, {FIELD_CONNECTED, "yes"});
    must(&f, at(2026, 3, 12, 14, 0), &callback_1, RATE, {FIELD_CONTACTED, "yes"},
         {FIELD_SOLVED, "solved"}, {FIELD_SATISFIED, "basically"});
    IN(CLOSED);
    fixture_end(&f);
}

static void e5_return_accepted(void **state)
{
    (void)state;
    static const struct actor reviewer_d = {"re4", "Re", ROLE_REVIEWER, "1104", "", "t"};
    static const struct actor desk_d = {"de4", "De", ROLE_DESK, "1104", "", "t"};
    static const struct actor desk_c = {"de5", "De", ROLE_DESK, "1103", "", "t"};
    struct fixture f;
    fixture_begin(&f);
    log_case(&f, at(2026, 3, 12, 16, 15), "T7D");
    must(&f, at(2026, 3, 12, 16, 22), &dispatcher_1, DISPATCH, {FIELD_UNIT, "1103"});
    DUE(HANDLE, 3, 19, 16, 22);
    must(&f, at(2026, 3, 12, 16, 50), &desk_c, SIGN, );
    must(&f, at(2026, 3, 12, 17, 20), &desk_c, ASK_RETURN, {FIELD_RETURN_CLASS, "R1"},
         {FIELD_BASIS, "boundary list"}, {FIELD_PROPOSED, "1104"});
    must(&f, at(2026, 3, 13, 9, 40), &district_1, ACCEPT_RETURN, {FIELD_REASON, "other side"});
    IN(WAIT_DISPATCH);
    assert_int_equal(f.c.returned, 1);
    assert_string_equal(f.c.value[FIELD_UNIT], "");
    assert_string_equal(f.c.value[FIELD_RETURNED_BY], "1103");
    assert_int_equal(f.c.clock[CLOCK_HANDLE].status, CLOCK_CANCELLED);
    must(&f, at(2026, 3, 13, 9, 46), &dispatcher_1, DISPATCH, {FIELD_UNIT, "1104"});
    IN(SENT);
    DUE(HANDLE, 3, 20, 9, 46);
    assert_string_equal(f.c.value[FIELD_FIRST_DUE], "2026-03-19T16:22:00+08:00");
    must(&f, at(2026, 3, 13, 10, 20), &desk_d, SIGN, );
    assert_int_equal(run(&f, at(2026, 3, 13, 10, 30), &desk_c, CONTACT, {FIELD_REACHED, "yes"},
                         {FIELD_SAID, "x"}),
                     REFUSAL_REACH);
    must(&f, at(2026, 3, 13, 11, 5), &desk_d, CONTACT, {FIELD_REACHED, "yes"},
         {FIELD_SAID, "lamp"});
    must(&f, at(2026, 3, 13, 11, 6), &desk_d, ASSIGN, {FIELD_SECTION, "1104S1"});
    must(&f, at(2026, 3, 16, 15, 0), &desk_d, SUBMIT_REPLY, {FIELD_REPLY, "路灯已亮"},
         {FIELD_RESULT, "solved"});
    must(&f, at(2026, 3, 16, 15, 30), &reviewer_d, APPROVE, );
    IN(REPLIED);
    DUE(CALLBACK, 3, 19, 15, 30);
    fixture_end(&f);
}

/* Logged, sent, signed, contacted and in hand at street A. */
static void road(struct fixture *f, int64_t sent, const char *tier)
{
    log_case(f, sent - 6 * MS_MINUTE, tier);
    must(f, sent, &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    must(f, sent + 10 * MS_MINUTE, &desk_1, SIGN, );
    must(f, sent + 20 * MS_MINUTE, &desk_1, CONTACT, {FIELD_REACHED, "yes"}, {FIELD_SAID, "x"});
    must(f, sent + 21 * MS_MINUTE, &desk_1, ASSIGN, {FIELD_HANDLER, "ha1"});
}

static void reply(struct fixture *f, int64_t filed)
{
    must(f, filed - 10 * MS_MINUTE, &handler_1, SUBMIT_REPLY, {FIELD_REPLY, "答复"},
         {FIELD_RESULT, "explained"});
    must(f, filed, &reviewer_1, APPROVE, );
    assert_int_equal(f->c.state, STATE_REPLIED);
}

static void e7_unreasonable_claim(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f);
    road(&f, at(2026, 3, 13, 11, 0), "T7D");
    DUE(HANDLE, 3, 20, 11, 0);
    reply(&f, at(2026, 3, 17, 10, 0));
    must(&f, at(2026, 3, 18, 14, 10), &callback_1, ATTEMPT, {FIELD_CONNECTED, "yes"});
    must(&f, at(2026, 3, 18, 14, 10), &callback_1, RATE, {FIELD_CONTACTED, "yes"},
         {FIELD_SOLVED, "not"}, {FIELD_SATISFIED, "not"}, {FIELD_LAWFUL_LEFT, "no"});
    IN(CLOSED);
    DUE(EXCLUSION, 3, 23, 14, 10);
    fixture_end(&f);
}

static void e9_nobody_answers(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f);
    road(&f, at(2026, 3, 13, 9, 0), "T7D");
    DUE(HANDLE, 3, 20, 9, 0);
    reply(&f, at(2026, 3, 18, 16, 0));
    must(&f, at(2026, 3, 19, 9, 30), &callback_1, ATTEMPT, {FIELD_CONNECTED, "no_answer"});
    must(&f, at(2026, 3, 19, 14, 20), &callback_1, ATTEMPT, {FIELD_CONNECTED, "no_answer"});
    must(&f, at(2026, 3, 19, 14, 21), &callback_1, ATTEMPT, {FIELD_CONNECTED, "sms"});
    assert_int_equal(f.c.calls, 2); /* a message is no call */
    assert_int_equal(run(&f, at(2026, 3, 22, 14, 21), &callback_1, GIVE_UP, ), REFUSAL_ATTEMPTS);
    must(&f, at(2026, 3, 20, 19, 10), &callback_1, ATTEMPT, {FIELD_CONNECTED, "no_answer"});
    must(&f, at(2026, 3, 20, 19, 12), &callback_1, ATTEMPT, {FIELD_CONNECTED, "sms"});
    assert_int_equal(run(&f, at(2026, 3, 22, 19, 11), &callback_1, GIVE_UP, ), REFUSAL_ATTEMPTS);
    must(&f, at(2026, 3, 22, 19, 12), &callback_1, GIVE_UP, );
    IN(CLOSED);
    assert_string_equal(f.c.value[FIELD_CLOSED_AS], "unrated");
    assert_string_equal(f.c.value[FIELD_FIRST_RATING], "");
    assert_int_equal(f.c.clock[CLOCK_EXCLUSION].status, CLOCK_NEVER);
    fixture_end(&f);
}

static void e10_off_line_then_rework(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f);
    log_case(&f, at(2026, 3, 24, 7, 55), "T24H");
    must(&f, at(2026, 3, 24, 8, 2), &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    must(&f, at(2026, 3, 24, 8, 20), &desk_1, SIGN, );
    must(&f, at(2026, 3, 24, 8, 20), &desk_1, ASSIGN, {FIELD_HANDLER, "ha1"});
    must(&f, at(2026, 3, 24, 10, 15), &desk_1, ASSIGN, {FIELD_HANDLER, "ha2"});
    /* the section's first worker is no longer the handler */
    assert_int_equal(run(&f, at(2026, 3, 24, 11, 5), &handler_1, SUBMIT_REPLY, {FIELD_REPLY, "x"},
                         {FIELD_RESULT, "solved"}),
                     REFUSAL_REACH);
    must(&f, at(2026, 3, 24, 11, 5), &desk_1, CONTACT, {FIELD_REACHED, "yes"},
         {FIELD_SAID, "sewer"}, {FIELD_TIME, "2026-03-24T08:40:00+08:00"});
    assert_int_equal(f.c.clock[CLOCK_CONTACT].stopped_ms, at(2026, 3, 24, 8, 40));
    assert_string_equal(value_find(f.last->values, f.last->n_values, FIELD_LATE_ENTRY), "yes");
    must(&f, at(2026, 3, 24, 15, 20), &handler_2, SUBMIT_REPLY, {FIELD_REPLY, "已疏通"},
         {FIELD_RESULT, "solved"});
    must(&f, at(2026, 3, 24, 15, 30), &reviewer_1, APPROVE, );
    must(&f, at(2026, 3, 25, 9, 0), &callback_1, ATTEMPT, {FIELD_CONNECTED, "yes"});
    must(&f, at(2026, 3, 25, 9, 0), &callback_1, RATE, {FIELD_CONTACTED, "yes"},
         {FIELD_SOLVED, "not"}, {FIELD_SATISFIED, "not"}, {FIELD_LAWFUL_LEFT, "yes"});
    IN(REWORK);
    DUE(REWORK, 3, 26, 9, 0);
    assert_int_equal(f.c.reworked, 1);
    must(&f, at(2026, 3, 25, 16, 30), &handler_2, SUBMIT_REPLY, {FIELD_REPLY, "已清洗"},
         {FIELD_RESULT, "solved"});
    must(&f, at(2026, 3, 25, 16, 40), &reviewer_1, APPROVE, );
    IN(REPLIED);
    assert_int_equal(f.c.clock[CLOCK_REWORK].status, CLOCK_STOPPED);
    must(&f, at(2026, 3, 26, 10, 10), &callback_1, ATTEMPT, {FIELD_CONNECTED, "yes"});
    must(&f, at(2026, 3, 26, 10, 10), &callback_1, RATE, {FIELD_CONTACTED, "yes"},
         {FIELD_SOLVED, "solved"}, {FIELD_SATISFIED, "basically"});
    IN(CLOSED);
    assert_string_equal(f.c.value[FIELD_FIRST_RATING], "yes/not/not");
    assert_string_equal(f.c.value[FIELD_SATISFIED], "basically");
    fixture_end(&f);
}

/* --- single rules ------------------------------------------------------------------------- */

static void tried(struct fixture *f, int64_t now)
{
    must(f, now, &desk_1, CONTACT, {FIELD_REACHED, "no"}, {FIELD_SAID, "-"});
}

static void three_tries_apart_count(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f);
    log_case(&f, at(2026, 3, 11, 8, 50), "T7D");
    must(&f, at(2026, 3, 11, 9, 0), &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    must(&f, at(2026, 3, 11, 9, 1), &desk_1, SIGN, );
    must(&f, at(2026, 3, 11, 9, 2), &desk_1, ASSIGN, {FIELD_SECTION, "1101S1"});
    tried(&f, at(2026, 3, 11, 13, 0));
    tried(&f, at(2026, 3, 11, 13, 1));
    tried(&f, at(2026, 3, 11, 13, 2));
    assert_int_equal(f.c.contact_tries, 3);
    assert_int_equal(f.c.clock[CLOCK_CONTACT].status, CLOCK_RUNNING);
    assert_int_equal(workflow_offers(&f.ctx, &f.c, COMMAND_SUBMIT_REPLY, &desk_1), REFUSAL_CONTACT);
    tried(&f, at(2026, 3, 11, 15, 0));
    tried(&f, at(2026, 3, 11, 17, 0)); /* the third, all in one afternoon */
    assert_int_equal(f.c.clock[CLOCK_CONTACT].status, CLOCK_RUNNING);
    assert_int_equal(workflow_offers(&f.ctx, &f.c, COMMAND_SUBMIT_REPLY, &desk_1), REFUSAL_CONTACT);
    tried(&f, at(2026, 3, 11, 18, 59)); /* not two hours after 17:00 */
    assert_int_equal(f.c.clock[CLOCK_CONTACT].status, CLOCK_RUNNING);
    tried(&f, at(2026, 3, 11, 19, 0));
    assert_int_equal(f.c.clock[CLOCK_CONTACT].status, CLOCK_STOPPED);
    assert_int_equal(workflow_offers(&f.ctx, &f.c, COMMAND_SUBMIT_REPLY, &desk_1), REFUSAL_NONE);
    assert_int_equal(f.c.contacted_ok, 0); /* never "contacted" */
    fixture_end(&f);
}

static void three_tries_at_once_count_in_t2h(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f);
    log_case(&f, at(2026, 3, 11, 8, 50), "T2H");
    must(&f, at(2026, 3, 11, 9, 0), &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    tried(&f, at(2026, 3, 11, 9, 5));
    tried(&f, at(2026, 3, 11, 9, 6));
    assert_int_equal(f.c.clock[CLOCK_CONTACT].status, CLOCK_RUNNING);
    tried(&f, at(2026, 3, 11, 9, 7));
    assert_int_equal(f.c.clock[CLOCK_CONTACT].status, CLOCK_STOPPED);
    fixture_end(&f);
}

#define LOG_WITH(...)                                                                              \
    run(&f, at(2026, 3, 11, 9, 0), &operator_1, LOG, {FIELD_TYPE, "help"},                         \
        {FIELD_CATEGORY, "0101"}, {FIELD_STREET, "1101"}, {FIELD_CONTENT, "x"},                    \
        {FIELD_TIER, "T7D"}, __VA_ARGS__)

static void log_needs_contact_or_anonymity(void **state)
{
    (void)state;
    static const struct value with[][2] = {{{FIELD_CHANNEL, "phone"}, {FIELD_PHONE, "13800005678"}},
                                           {{FIELD_CHANNEL, "phone"}, {FIELD_ANONYMOUS, "yes"}},
                                           {{FIELD_CHANNEL, "grid"}, {FIELD_PHONE, ""}},
                                           {{FIELD_CHANNEL, "own"}, {FIELD_PHONE, ""}},
                                           {{FIELD_CHANNEL, "open311"}, {FIELD_PHONE, ""}}};
    static const struct value without[][2] = {
        {{FIELD_CHANNEL, "phone"}, {FIELD_PHONE, ""}},
        {{FIELD_CHANNEL, "phone"}, {FIELD_ANONYMOUS, "no"}},
        {{FIELD_CHANNEL, "counter"}, {FIELD_CLAIMANT, "张三"}}};
    struct fixture f;
    for (size_t i = 0; i < sizeof with / sizeof with[0]; i++) {
        fixture_begin(&f);
        assert_int_equal(LOG_WITH(with[i][0], with[i][1]), REFUSAL_NONE);
        fixture_end(&f);
    }
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        fixture_begin(&f);
        assert_int_equal(LOG_WITH(without[i][0], without[i][1]), REFUSAL_ARGUMENT);
        assert_int_equal(f.why.field, FIELD_PHONE);
        fixture_end(&f);
    }
}

static const struct actor desk_b = {"d", "D", ROLE_DESK, "1102", "", "t"};

#define ASK(f, ms, desk, other)                                                                    \
    run(f, ms, desk, ASK_RETURN, {FIELD_RETURN_CLASS, "R1"}, {FIELD_BASIS, "b"},                   \
        {FIELD_PROPOSED, other})

/* Within the limit, once a unit, and never when designated: the third dispatch is a designation (row 13). */
static void returns_have_their_limits(void **state)
{
    (void)state;
    struct fixture f;
    int64_t sent = at(2026, 3, 11, 8, 5);
    fixture_begin(&f);
    log_case(&f, at(2026, 3, 11, 8, 0), "T24H");
    must(&f, sent, &dispatcher_1, DISPATCH, {FIELD_UNIT, "1102"});
    assert_int_equal(ASK(&f, sent + 2 * MS_HOUR + 1, &desk_b, "1101"), REFUSAL_WINDOW);
    assert_int_equal(ASK(&f, sent + MS_MINUTE, &desk_b, "1101"), REFUSAL_NONE);
    must(&f, sent + 2 * MS_MINUTE, &district_1, ACCEPT_RETURN, {FIELD_REASON, "r"});
    sent += MS_DAY;
    assert_int_equal(run(&f, sent, &dispatcher_1, DISPATCH, {FIELD_UNIT, "1102"}),
                     REFUSAL_ARGUMENT); /* it returned it */
    assert_int_equal(
        run(&f, sent, &dispatcher_1, DESIGNATE, {FIELD_UNIT, "1101"}, {FIELD_DECISION, "d"}),
        REFUSAL_WINDOW); /* too early */
    must(&f, sent, &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    assert_int_equal(ASK(&f, sent + MS_MINUTE, &desk_1, "1103"), REFUSAL_NONE);
    must(&f, sent + 2 * MS_MINUTE, &district_1, ACCEPT_RETURN, {FIELD_REASON, "r"});
    sent += MS_DAY;
    assert_int_equal(run(&f, sent, &dispatcher_1, DISPATCH, {FIELD_UNIT, "1103"}),
                     REFUSAL_REPEATED);
    must(&f, sent, &dispatcher_1, DESIGNATE, {FIELD_UNIT, "1101"}, {FIELD_DECISION, "d"});
    assert_int_equal(ASK(&f, sent + MS_MINUTE, &desk_1, "1103"), REFUSAL_REPEATED);
    assert_int_not_equal(f.c.clock[CLOCK_RETURN].status, CLOCK_RUNNING);
    assert_int_equal(f.c.dispatched, 3);
    assert_string_equal(f.c.value[FIELD_FIRST_UNIT], "1102");
    assert_string_equal(f.c.value[FIELD_RETURNED_BY], "1102 1101");
    fixture_end(&f);
}

static void drafter_may_not_approve(void **state)
{
    (void)state;
    static const struct actor leader_h = {"ha1", "Ha", ROLE_LEADER, "1101", "", "t"};
    struct fixture f;
    fixture_begin(&f);
    road(&f, at(2026, 3, 11, 9, 0), "T24H");
    must(&f, at(2026, 3, 11, 12, 0), &handler_1, SUBMIT_REPLY, {FIELD_REPLY, "x"},
         {FIELD_RESULT, "solved"});
    assert_int_equal(run(&f, at(2026, 3, 11, 12, 1), &leader_h, APPROVE, ), REFUSAL_FOUR_EYES);
    must(&f, at(2026, 3, 11, 12, 2), &leader_1, APPROVE, );
    fixture_end(&f);
}

static void closed_case_returns_within_seven_days(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f);
    road(&f, at(2026, 3, 11, 9, 0), "T24H");
    reply(&f, at(2026, 3, 11, 15, 0));
    must(&f, at(2026, 3, 11, 16, 0), &callback_1, ATTEMPT, {FIELD_CONNECTED, "yes"});
    must(&f, at(2026, 3, 11, 16, 0), &callback_1, RATE, {FIELD_CONTACTED, "yes"},
         {FIELD_SOLVED, "solved"}, {FIELD_SATISFIED, "satisfied"});
    assert_int_equal(
        run(&f, at(2026, 3, 18, 16, 1), &district_1, REWORK, {FIELD_OPEN_POINT, "smell"}),
        REFUSAL_WINDOW);
    must(&f, at(2026, 3, 18, 16, 0), &district_1, REWORK, {FIELD_OPEN_POINT, "smell"});
    IN(REWORK);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_cold_flat_at_night),
        cmocka_unit_test(e4_push_off_refused),
        cmocka_unit_test(e5_return_accepted),
        cmocka_unit_test(e7_unreasonable_claim),
        cmocka_unit_test(e9_nobody_answers),
        cmocka_unit_test(e10_off_line_then_rework),
        cmocka_unit_test(three_tries_apart_count),
        cmocka_unit_test(three_tries_at_once_count_in_t2h),
        cmocka_unit_test(log_needs_contact_or_anonymity),
        cmocka_unit_test(returns_have_their_limits),
        cmocka_unit_test(drafter_may_not_approve),
        cmocka_unit_test(closed_case_returns_within_seven_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
