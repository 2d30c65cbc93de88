/* domain.md 14, E9 to E12, line by line: an unanswered callback, a console off line, sixty calls, praise. */
#include "tests/unit/examples_kit.h"

/* Called back so long without an answer; a message; the clock closes it. */
static void e9_nobody_answers(void **state)
{
    (void)state;
    struct fixture order, *f = &order;
    example_begin(f, 1);
    taken_down(f, T(3, 13, 8, 50), "0203", "1101", "单元门损坏");
    dispatched(f, T(3, 13, 9, 0), "1101");
    DUE(f, HANDLE, 3, 20, 9, 0);
    must(f, T(3, 13, 9, 10), &desk_1, SIGN, );
    reached(f, T(3, 13, 9, 20), &desk_1, "单元门");
    must(f, T(3, 13, 9, 21), &desk_1, ASSIGN, {FIELD_HANDLER, "ha1"});
    replied(f, T(3, 18, 15, 30), &handler_1, "solved");
    must(f, T(3, 18, 16, 0), &reviewer_1, APPROVE, );
    DUE(f, CALLBACK, 3, 21, 16, 0);
    /* the street's own courtesy call stands in the log and counts for nothing */
    noted(f, T(3, 18, 17, 0), &desk_1, "电话问候，表示满意");
    IN(f, REPLIED);
    assert_int_equal(f->c.calls, 0);
    FIELD_IS(f, FIRST_RATING, "");
    REFUSED(ROLE, f, T(3, 18, 17, 1), &desk_1, ATTEMPT, {FIELD_CONNECTED, "yes"});
    must(f, T(3, 19, 9, 30), &callback_1, ATTEMPT, {FIELD_CONNECTED, "no_answer"});
    IN(f, CALLING);
    must(f, T(3, 19, 14, 20), &callback_1, ATTEMPT, {FIELD_CONNECTED, "no_answer"});
    must(f, T(3, 20, 19, 10), &callback_1, ATTEMPT, {FIELD_CONNECTED, "no_answer"});
    assert_int_equal(f->c.calls, 3);
    REFUSED(ATTEMPTS, f, T(3, 20, 19, 11), &callback_1, GIVE_UP, ); /* no message yet */
    must(f, T(3, 20, 19, 12), &callback_1, ATTEMPT, {FIELD_CONNECTED, "sms"});
    assert_int_equal(f->c.calls, 3); /* a message is no call */
    REFUSED(ATTEMPTS, f, T(3, 22, 19, 11), &callback_1, GIVE_UP, );
    clock_does(f, T(3, 22, 19, 12), COMMAND_GIVE_UP);
    IN(f, CLOSED);
    /* not valid: in no denominator, shown as "unrated" */
    FIELD_IS(f, CLOSED_AS, "unrated");
    FIELD_IS(f, FIRST_RATING, "");
    assert_int_equal(f->c.clock[CLOCK_EXCLUSION].status, CLOCK_NEVER);
    fixture_end(f);
}

static void e10_off_line_then_rework(void **state)
{
    (void)state;
    static const struct actor worker = {"hs2", "S", ROLE_HANDLER, "1101", "1101S2", "t"};
    struct fixture order, *f = &order;
    example_begin(f, 1);
    taken_down(f, T(3, 24, 7, 55), "0109", "1101", "村里污水堵塞");
    dispatched(f, T(3, 24, 8, 2), "1101");
    DUE(f, HANDLE, 3, 25, 8, 2);
    must(f, T(3, 24, 8, 20), &desk_1, SIGN, );
    must(f, T(3, 24, 8, 20), &desk_1, ASSIGN, {FIELD_SECTION, "1101S2"});
    must(f, T(3, 24, 10, 15), &desk_1, ASSIGN, {FIELD_SECTION, "1101S3"});
    /* 11:05, the outbox of station 2: the call was made by whoever had the order then */
    f->typed_ms = T(3, 24, 8, 41);
    must(f, T(3, 24, 11, 5), &worker, CONTACT, {FIELD_REACHED, "yes"}, {FIELD_SAID, "污水外溢"},
         {FIELD_TIME, "2026-03-24T08:40:00+08:00"});
    USED(f, CONTACT, 0, 38);
    assert_int_equal(f->last->entered_ms, T(3, 24, 8, 41));
    assert_int_equal(f->last->at_ms, T(3, 24, 11, 5));
    assert_string_equal(value_find(f->last->values, f->last->n_values, FIELD_LATE_ENTRY), "yes");
    f->typed_ms = T(3, 24, 9, 31);
    noted(f, T(3, 24, 11, 5), &worker, "09:30 现场照片");
    f->typed_ms = T(3, 24, 10, 30);
    REFUSED(REACH, f, T(3, 24, 11, 5), &worker, SUBMIT_REPLY, {FIELD_REPLY, FULL_REPLY},
            {FIELD_RESULT, "solved"});
    f->typed_ms = 0;
    IN(f, WORKING);
    noted(f, T(3, 24, 11, 20), &worker, "原拟答复");
    replied(f, T(3, 24, 15, 20), &desk_1, "solved");
    must(f, T(3, 24, 15, 30), &reviewer_1, APPROVE, );
    IN(f, REPLIED);
    USED(f, HANDLE, 7, 28);
    called_back(f, T(3, 25, 9, 0), "yes", "not", "not", "yes");
    IN(f, REWORK);
    DUE(f, REWORK, 3, 26, 9, 0);
    assert_int_equal(f->c.reworked, 1);
    noted(f, T(3, 25, 16, 0), &desk_1, "高压清洗，管道影像");
    replied(f, T(3, 25, 16, 30), &desk_1, "solved");
    must(f, T(3, 25, 16, 40), &reviewer_1, APPROVE, );
    IN(f, REPLIED);
    USED(f, REWORK, 7, 40);
    assert_true(f->c.clock[CLOCK_REWORK].stopped_ms <= f->c.clock[CLOCK_REWORK].due_ms);
    assert_true(on_time(f)); /* the first reply, 24 Mar 15:30 */
    called_back(f, T(3, 26, 10, 10), "yes", "solved", "basically", "no");
    IN(f, CLOSED);
    FIELD_IS(f, FIRST_RATING, "yes/not/not"); /* scored; the final one is shown */
    FIELD_IS(f, SOLVED, "solved");
    FIELD_IS(f, SATISFIED, "basically");
    fixture_end(f);
}

static void e11_sixty_calls(void **state)
{
    (void)state;
    struct fixture order, call, *f = &order;
    example_begin(f, 1);
    taken_down(f, T(3, 16, 22, 0), "0902", "1101", "狗叫");
    must(f, T(3, 16, 22, 1), &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    DUE(f, HANDLE, 3, 23, 22, 1);
    example_begin(&call, 2);
    call.ctx.other = &f->c;
    for (int i = 1; i <= 59; i++) {
        const struct uuid id = {{2, (unsigned char)i}};
        casefile_init(&call.c, &id, &call.arena);
        must(&call, T(3, 16, 22, 1) + i * 5 * MS_MINUTE, &operator_1, TELL_PROGRESS,
             {FIELD_OLD_ORDER, "1"}, {FIELD_SAID, "已派"}, {FIELD_PHONE, "13800005678"});
        IN(&call, DIRECT);
        assert_int_equal(call.decided.also[0].type, COMMAND_URGE);
        taken_over(&call, 0, f);
        /* the hint comes with the third call, and no more once it is recorded */
        assert_int_equal(value_find(f->last->values, f->last->n_values, FIELD_HINT) != NULL,
                         i == 3);
        if (i ==
            3) /* nothing new in three calls: the operator records it, and that art. 37 was told */
            must(f, call.ctx.now_ms, &operator_1, MARK_UNREASONABLE, {FIELD_FORM, "repeated"},
                 {FIELD_LAWFUL_ANSWER, "consequence"}, {FIELD_DUTY_RECORD, "已告知第三十七条"});
    }
    assert_int_equal(f->c.urged, 59);
    assert_int_equal(casefile_open_objects(&f->c, OBJECT_URGE), 59);
    IN(f, SENT); /* one order, and nothing of it stops */
    FIELD_IS(f, UNREASONABLE, "");
    must(f, T(3, 17, 9, 0), &leader_1, DECIDE_UNREASONABLE, {FIELD_GRANTED, "yes"},
         {FIELD_REASON, "核实"});
    FIELD_IS(f, UNREASONABLE, "repeated");
    DUE(f, HANDLE, 3, 23, 22, 1);
    must(f, T(3, 17, 9, 5), &desk_1, SIGN, );
    reached(f, T(3, 17, 9, 10), &desk_1, "狗叫");
    must(f, T(3, 17, 9, 11), &desk_1, ASSIGN, {FIELD_HANDLER, "ha1"});
    replied(f, T(3, 18, 10, 0), &handler_1, "solved");
    must(f, T(3, 18, 10, 30), &reviewer_1, APPROVE, );
    IN(f, REPLIED);
    assert_int_equal(casefile_open_objects(&f->c, OBJECT_URGE), 0);
    assert_true(on_time(f));
    fixture_end(f);
    fixture_end(&call);
}

static void e12_praise(void **state)
{
    (void)state;
    struct fixture order, *f = &order;
    example_begin(f, 1);
    must(f, T(3, 18, 9, 15), &operator_1, LOG, {FIELD_TYPE, "praise"}, {FIELD_CATEGORY, "2205"},
         {FIELD_STREET, "1101"}, {FIELD_CONTENT, "感谢网格员"}, {FIELD_PHONE, "13800005678"});
    dispatched(f, T(3, 18, 9, 20), "1101");
    IN(f, SENT);
    DUE(f, SIGN, 3, 18, 11, 20);
    for (int i = 0; i < CLOCK_COUNT; i++)
        if (i != CLOCK_SIGN)
            assert_int_not_equal(f->c.clock[i].status, CLOCK_RUNNING);
    must(f, T(3, 18, 9, 40), &desk_1, SIGN, );
    IN(f, CLOSED);
    FIELD_IS(f, CLOSED_AS, "passed_on");
    FIELD_IS(f, TYPE, "praise"); /* what the list of commendations goes by */
    FIELD_IS(f, FIRST_RATING, "");
    assert_int_equal(casefile_next_due(&f->c, NULL), CLOCK_COUNT);
    fixture_end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e9_nobody_answers),
        cmocka_unit_test(e10_off_line_then_rework),
        cmocka_unit_test(e11_sixty_calls),
        cmocka_unit_test(e12_praise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
