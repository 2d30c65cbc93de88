/* Single rules of procedure: how often, how late, by whom; each against numbers written by hand. */
#include "tests/unit/policy_fixture.h"

#define IN(x) assert_int_equal(f.c.state, STATE_##x)

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

/* T2H at night: one person (7.2). What he files himself a leader confirms within a day (5). */
static void drafter_may_approve_in_t2h(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f);
    road(&f, at(2026, 3, 11, 9, 0), "T2H");
    must(&f, at(2026, 3, 11, 9, 40), &handler_1, SUBMIT_REPLY, {FIELD_REPLY, "x"},
         {FIELD_RESULT, "solved"});
    assert_int_equal(run(&f, at(2026, 3, 11, 9, 41), &desk_1, APPROVE, ), REFUSAL_FOUR_EYES);
    must(&f, at(2026, 3, 11, 9, 42), &handler_1, APPROVE, );
    assert_int_equal(f.c.state, STATE_REPLIED);
    assert_int_equal(casefile_open_objects(&f.c, OBJECT_CONFIRMATION), 1);
    must(&f, at(2026, 3, 11, 15, 0), &leader_1, CONFIRM_REPLY, );
    assert_int_equal(casefile_open_objects(&f.c, OBJECT_CONFIRMATION), 0);
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

/* What was dispatched as praise runs no handling clock; corrected, it gets one from that moment. */
static void praise_that_is_none_gets_its_clocks(void **state)
{
    (void)state;
    static const struct actor taker = {"op1", "Op", ROLE_OPERATOR, "BJ", "", "t"};
    struct fixture f;
    int64_t sent = at(2026, 3, 11, 8, 5), now = sent + MS_HOUR;
    fixture_begin(&f);
    must(&f, sent - MS_MINUTE, &operator_1, LOG, {FIELD_TYPE, "praise"}, {FIELD_CATEGORY, "0101"},
         {FIELD_STREET, "1101"}, {FIELD_DISTRICT, "11"}, {FIELD_CONTENT, "x"},
         {FIELD_PHONE, "13800005678"}, {FIELD_TIER, "T24H"});
    must(&f, sent, &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    assert_int_equal(f.c.clock[CLOCK_HANDLE].status, CLOCK_NEVER);
    must(&f, now, &taker, CORRECT, {FIELD_FIELD_NAME, "type"}, {FIELD_NEW_VALUE, "complaint"},
         {FIELD_REASON, "misheard"});
    assert_int_equal(due_of(&f, CLOCK_HANDLE), now + 24 * MS_HOUR);
    assert_true(*f.c.value[FIELD_FIRST_DUE]);
    assert_int_equal(run(&f, now, &taker, CORRECT, {FIELD_FIELD_NAME, "type"},
                         {FIELD_NEW_VALUE, "praise"}, {FIELD_REASON, "no"}),
                     REFUSAL_ARGUMENT);
    fixture_end(&f);
}

/* The clock signs praise as a person does: it is passed on and closed. */
static void praise_signed_by_the_clock_is_closed(void **state)
{
    (void)state;
    struct fixture f;
    int64_t sent = at(2026, 3, 11, 8, 5);
    fixture_begin(&f);
    f.policy.auto_sign = true;
    must(&f, sent - MS_MINUTE, &operator_1, LOG, {FIELD_TYPE, "praise"}, {FIELD_CATEGORY, "0101"},
         {FIELD_STREET, "1101"}, {FIELD_DISTRICT, "11"}, {FIELD_CONTENT, "x"},
         {FIELD_PHONE, "13800005678"}, {FIELD_TIER, "T24H"});
    must(&f, sent, &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    must(&f, sent + MS_HOUR, &clock_1, AUTO_SIGN, );
    assert_int_equal(f.c.state, STATE_CLOSED);
    assert_string_equal(f.c.value[FIELD_CLOSED_AS], "passed_on");
    fixture_end(&f);
}

/* A department that is late with its answer and then late on site is told of twice (7.5). */
static void each_clock_of_a_whistle_is_told_of(void **state)
{
    (void)state;
    struct fixture f;
    int64_t sent = at(2026, 3, 11, 8, 5), whistled = sent + 5 * MS_MINUTE;
    enum command_type type;
    const struct value *v;
    size_t n;
    fixture_begin(&f);
    log_case(&f, sent - MS_MINUTE, "T24H");
    must(&f, sent, &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    must(&f, sent + MS_MINUTE, &desk_1, SIGN, );
    must(&f, whistled, &desk_1, WHISTLE, {FIELD_KIND, "E"}, {FIELD_UNITS, "118008"},
         {FIELD_TASK, "come"});
    f.ctx.now_ms = whistled + 11 * MS_MINUTE; /* answer within 10 minutes */
    assert_true(workflow_automatic(&f.ctx, &f.c, &f.arena, &type, &v, &n));
    assert_string_equal(v[0].text, "whistle_ack");
    assert_int_equal(run_list(&f, f.ctx.now_ms, &clock_1, type, v, n), REFUSAL_NONE);
    assert_false(workflow_automatic(&f.ctx, &f.c, &f.arena, &type, &v, &n));
    f.ctx.now_ms = whistled + 31 * MS_MINUTE; /* on site within 30 */
    assert_true(workflow_automatic(&f.ctx, &f.c, &f.arena, &type, &v, &n));
    assert_string_equal(v[0].text, "whistle_arrive");
    assert_int_equal(run_list(&f, f.ctx.now_ms, &clock_1, type, v, n), REFUSAL_NONE);
    assert_false(workflow_automatic(&f.ctx, &f.c, &f.arena, &type, &v, &n));
    fixture_end(&f);
}

/* What a consultation on a closed order agreed is owed; nobody but the clock would tell that it is late (row 18b). */
static void task_on_a_closed_order_is_told_of(void **state)
{
    (void)state;
    struct fixture f;
    int64_t sent = at(2026, 3, 11, 9, 0), agreed = sent + 2 * MS_DAY;
    enum command_type type;
    const struct value *v;
    size_t n;
    fixture_begin(&f);
    road(&f, sent, "T24H");
    must(&f, sent + MS_HOUR, &dispatcher_1, WITHDRAW, {FIELD_SAID, "-"}, {FIELD_DUTY, "none"});
    IN(CLOSED);
    must(&f, agreed, &desk_1, CONSULTATION, {FIELD_PARTICIPANTS, "all"}, {FIELD_PROPOSALS, "p"},
         {FIELD_DECISION, "d"}, {FIELD_TASKS, "118008 2026-03-16 mend it"});
    IN(CLOSED);
    int64_t due = due_of(&f, CLOCK_SUB);
    assert_int_equal(due, at(2026, 3, 17, 0, 0));
    assert_int_equal(workflow_wake(&f.ctx, &f.c), due + 1);
    f.ctx.now_ms = due;
    assert_false(workflow_automatic(&f.ctx, &f.c, &f.arena, &type, &v, &n));
    f.ctx.now_ms = due + 1;
    assert_true(workflow_automatic(&f.ctx, &f.c, &f.arena, &type, &v, &n));
    assert_int_equal(type, COMMAND_LATE);
    assert_string_equal(v[0].text, "sub");
    assert_int_equal(run_list(&f, f.ctx.now_ms, &clock_1, type, v, n), REFUSAL_NONE);
    IN(CLOSED);
    assert_false(workflow_automatic(&f.ctx, &f.c, &f.arena, &type, &v, &n)); /* once */
    fixture_end(&f);
}

/* Who asks how a secret report stands is the one who made it: the answer is as secret. */
static void progress_of_a_secret_report_is_secret(void **state)
{
    (void)state;
    for (int secret = 0; secret < 2; secret++) {
        struct fixture f, old;
        fixture_begin(&f);
        fixture_begin(&old);
        log_case(&old, at(2026, 3, 11, 9, 0), "T7D");
        old.c.value[FIELD_SECRET] = secret ? "yes" : "";
        f.ctx.other = &old.c;
        must(&f, at(2026, 3, 11, 10, 0), &operator_1, TELL_PROGRESS, {FIELD_OLD_ORDER, "2603"},
             {FIELD_SAID, "in hand"}, {FIELD_CLAIMANT, "张三"}, {FIELD_PHONE, "13800005678"},
             {FIELD_STREET, "1101"});
        IN(DIRECT);
        assert_string_equal(f.c.value[FIELD_SECRET], secret ? "yes" : "");
        fixture_end(&old);
        fixture_end(&f);
    }
}

/* Where the policy says so, a clock stands still while another runs, and goes on with what was left (3.4.6). */
static void pause_of_the_policy_is_honoured(void **state)
{
    (void)state;
    struct fixture f;
    int64_t sent = at(2026, 3, 11, 9, 0), asked = sent + MS_HOUR, refused = asked + 3 * MS_HOUR;
    fixture_begin(&f);
    f.policy.pause[CLOCK_HANDLE] = 1u << CLOCK_RETURN_REVIEW;
    log_case(&f, sent - MS_MINUTE, "T24H");
    must(&f, sent, &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    assert_int_equal(ASK(&f, asked, &desk_1, "1102"), REFUSAL_NONE);
    assert_int_equal(f.c.clock[CLOCK_HANDLE].status, CLOCK_PAUSED);
    assert_int_equal(f.c.clock[CLOCK_HANDLE].paused_ms, asked);
    must(&f, refused, &dispatcher_1, REFUSE_RETURN, {FIELD_REASON, "r"});
    assert_int_equal(f.c.clock[CLOCK_HANDLE].status, CLOCK_RUNNING);
    assert_int_equal(due_of(&f, CLOCK_HANDLE), sent + MS_DAY + 3 * MS_HOUR);
    assert_int_equal(f.c.clock[CLOCK_HANDLE].first_due_ms, sent + MS_DAY);
    fixture_end(&f);
}

/* An order is put under an emergency once; its limits never make a due time earlier (invariant 7). */
static void emergency_is_joined_once(void **state)
{
    (void)state;
    struct fixture f;
    int64_t sent = at(2026, 3, 11, 9, 0);
    fixture_begin(&f);
    f.policy.emergency[0] = (struct emergency_kind){.code = "storm"};
    f.policy.emergency[0].clock[CLOCK_HANDLE][TIER_T24H] = (struct limit){6, LIMIT_HOUR};
    f.policy.emergency[1] = (struct emergency_kind){.code = "heating"};
    f.policy.emergency[1].clock[CLOCK_HANDLE][TIER_T24H] = (struct limit){48, LIMIT_HOUR};
    f.policy.n_emergencies = 2;
    road(&f, sent, "T24H");
    must(&f, sent + MS_HOUR, &desk_1, JOIN_EMERGENCY, {FIELD_EMERGENCY, "storm-20260311"});
    assert_int_equal(due_of(&f, CLOCK_HANDLE), sent + MS_DAY);
    assert_int_equal(run(&f, sent + 2 * MS_HOUR, &dispatcher_1, JOIN_EMERGENCY,
                         {FIELD_EMERGENCY, "storm-20260311"}),
                     REFUSAL_REPEATED);
    must(&f, sent + 3 * MS_HOUR, &dispatcher_1, JOIN_EMERGENCY,
         {FIELD_EMERGENCY, "heating-20260311"});
    assert_int_equal(due_of(&f, CLOCK_HANDLE), sent + 2 * MS_DAY);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_clock_of_a_whistle_is_told_of),
        cmocka_unit_test(task_on_a_closed_order_is_told_of),
        cmocka_unit_test(pause_of_the_policy_is_honoured),
        cmocka_unit_test(emergency_is_joined_once),
        cmocka_unit_test(progress_of_a_secret_report_is_secret),
        cmocka_unit_test(praise_that_is_none_gets_its_clocks),
        cmocka_unit_test(praise_signed_by_the_clock_is_closed),
        cmocka_unit_test(three_tries_apart_count),
        cmocka_unit_test(three_tries_at_once_count_in_t2h),
        cmocka_unit_test(log_needs_contact_or_anonymity),
        cmocka_unit_test(returns_have_their_limits),
        cmocka_unit_test(drafter_may_approve_in_t2h),
        cmocka_unit_test(drafter_may_not_approve),
        cmocka_unit_test(closed_case_returns_within_seven_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
