/* domain.md 14, E5 to E8, line by line: a lamp, a noisy night, an unreasonable claim, a confidential tip. */
#include "tests/unit/examples_kit.h"

static void e5_lamp_across_the_road(void **state)
{
    (void)state;
    struct fixture order, *f = &order;
    example_begin(f, 1);
    taken_down(f, T(3, 12, 16, 15), "0203", "1103", "路灯不亮");
    dispatched(f, T(3, 12, 16, 22), "1103");
    FIELD_IS(f, TIER, "T7D");
    DUE(f, HANDLE, 3, 19, 16, 22);
    must(f, T(3, 12, 16, 50), &desk_3, SIGN, );
    must(f, T(3, 12, 17, 20), &desk_3, ASK_RETURN, {FIELD_RETURN_CLASS, "R1"},
         {FIELD_BASIS, "点位图、区界清单"}, {FIELD_PROPOSED, "1104"});
    IN(f, DISPUTED);
    DUE(f, RETURN_REVIEW, 3, 13, 17, 20);
    must(f, T(3, 13, 9, 40), &district_1, ACCEPT_RETURN, {FIELD_REASON, "路对面"});
    IN(f, WAIT_DISPATCH);
    assert_int_equal(f->c.returned, 1);
    FIELD_IS(f, UNIT, "");
    FIELD_IS(f, RETURNED_BY, "1103");
    assert_int_equal(f->c.clock[CLOCK_HANDLE].status, CLOCK_CANCELLED);
    DUE(f, DISPATCH, 3, 14, 9, 40);
    REFUSED(ARGUMENT, f, T(3, 13, 9, 45), &dispatcher_1, DISPATCH, {FIELD_UNIT, "1103"});
    dispatched(f, T(3, 13, 9, 46), "1104");
    IN(f, SENT);
    DUE(f, HANDLE, 3, 20, 9, 46);
    FIELD_IS(f, FIRST_DUE, "2026-03-19T16:22:00+08:00");
    must(f, T(3, 13, 10, 20), &desk_4, SIGN, );
    REFUSED(REACH, f, T(3, 13, 10, 30), &desk_3, CONTACT, {FIELD_REACHED, "yes"},
            {FIELD_SAID, "x"});
    reached(f, T(3, 13, 11, 5), &desk_4, "路灯");
    must(f, T(3, 13, 11, 6), &desk_4, ASSIGN, {FIELD_SECTION, "1104S1"});
    noted(f, T(3, 16, 14, 0), &desk_4, "灯亮");
    replied(f, T(3, 16, 15, 0), &desk_4, "solved");
    must(f, T(3, 16, 15, 30), &reviewer_4, APPROVE, );
    IN(f, REPLIED);
    assert_true(on_time(f));
    DUE(f, CALLBACK, 3, 19, 15, 30);
    called_back(f, T(3, 17, 10, 0), "yes", "solved", "satisfied", "no");
    IN(f, CLOSED);
    /* counts for D, which has it, and not for C, which returned it */
    FIELD_IS(f, UNIT, "1104");
    FIELD_IS(f, RETURNED_BY, "1103");
    fixture_end(f);
}

static const struct actor leader_b = {"le2", "Lb", ROLE_LEADER, "1102", "", "t"};

static void e6_logged(struct fixture *f, int64_t now, const char *number, const char *phone)
{
    must(f, now, &operator_1, LOG, {FIELD_TYPE, "complaint"}, {FIELD_CATEGORY, "0404"},
         {FIELD_STREET, "1101"}, {FIELD_CONTENT, "工地夜里施工"}, {FIELD_NUMBER, number},
         {FIELD_POINT, "三号路工地"}, {FIELD_PHONE, phone});
}

/* Before: order 1 of X, done on 14 Mar, and one of Z. */
static void e6_history(struct fixture *one, struct fixture *of_z)
{
    e6_logged(one, T(3, 12, 23, 0), "1", "13800005678");
    must(one, T(3, 14, 9, 0), &operator_1, WITHDRAW, {FIELD_SAID, "安静了"});
    e6_logged(of_z, T(3, 15, 22, 40), "0", "13800009999");
    looked_up(of_z, (struct fixture *[]){one}, 1);
    FIELD_IS(of_z, ALIKE, "1");
    FIELD_IS(of_z, REPEAT, "");
    assert_int_equal(of_z->c.n_objects, 0); /* two claimants are no cluster */
}

/* The calls of the night: order 2 of X, order 3 of Y that is merged into it, X's call for progress. */
static void e6_merged_and_urged(struct fixture *one, struct fixture *of_z, struct fixture *two,
                                struct fixture *three, struct fixture *call)
{
    char id[UUID_TEXT];
    e6_logged(two, T(3, 16, 23, 10), "2", "138-0000-5678");
    looked_up(two, (struct fixture *[]){of_z, one}, 2);
    FIELD_IS(two, REPEAT, "2");
    FIELD_IS(two, EARLIER, "1");
    FIELD_IS(two, ALIKE, "0");
    FIELD_IS(two, LINKED, ""); /* whether there is a new fact, a person says */
    must(two, T(3, 16, 23, 11), &operator_1, LINK, {FIELD_OLD_ORDER, "1"});
    FIELD_IS(two, LINKED, "1");
    dispatched(two, T(3, 16, 23, 13), "1101");
    DUE(two, HANDLE, 3, 17, 23, 13);
    must(two, T(3, 16, 23, 24), &desk_1, SIGN, );
    reached(two, T(3, 16, 23, 29), &desk_1, "吵得睡不着");
    USED(two, CONTACT, 0, 16);

    e6_logged(three, T(3, 16, 23, 31), "3", "13800001234");
    looked_up(three, (struct fixture *[]){two, of_z, one}, 3);
    FIELD_IS(three, ALIKE, "2 0 1");
    OBJECT_IN(three, 1, OPEN); /* the third claimant at this point in 7 days */
    assert_string_equal(casefile_object(&three->c, 1)->class, "W1");
    assert_string_equal(casefile_object(&three->c, 1)->text, "3 2 0 1");
    uuid_format(&two->c.id, id);
    three->ctx.other = &two->c;
    must(three, T(3, 16, 23, 31), &dispatcher_1, MERGE, {FIELD_MERGED_INTO, id});
    IN(three, MERGED);
    assert_int_equal(casefile_next_due(&three->c, NULL), CLOCK_COUNT);
    taken_over(three, 0, two);
    taken_over(three, 1, two); /* the leader is warned of the order that leads */
    OBJECT_IN(two, 1, OPEN);
    OBJECT_DUE(two, 1, WARNING, 3, 17, 1, 31);
    assert_string_equal(casefile_object(&two->c, 1)->text, "3 2 0 1");
    REFUSED(REACH, two, T(3, 16, 23, 35), &leader_b, ANSWER_WARNING, {FIELD_FINDING, "x"});
    must(two, T(3, 16, 23, 36), &leader_1, ANSWER_WARNING, {FIELD_FINDING, "今夜吹哨，到场制止"});
    OBJECT_IN(two, 1, DONE);
    uuid_format(&three->c.id, id);
    FIELD_IS(two, FOLLOWERS, id);
    DUE(two, HANDLE, 3, 17, 23, 13);

    call->ctx.other = &two->c;
    must(call, T(3, 16, 23, 40), &operator_1, TELL_PROGRESS, {FIELD_OLD_ORDER, "2"},
         {FIELD_SAID, "已派街道，今夜到场"}, {FIELD_PHONE, "13800005678"});
    IN(call, DIRECT);
    assert_string_equal(call->decided.also[0].target, "2");
    taken_over(call, 0, two);
    assert_int_equal(two->c.urged, 1);
}

static void e6_noise_at_night(void **state)
{
    (void)state;
    struct fixture order1, of_z, order2, order3, call, *two = &order2, *three = &order3;
    char id[UUID_TEXT];
    example_begin(&order1, 1);
    example_begin(&of_z, 5);
    example_begin(two, 2);
    example_begin(three, 3);
    example_begin(&call, 4);
    e6_history(&order1, &of_z);
    e6_merged_and_urged(&order1, &of_z, two, three, &call);
    OBJECT_DUE(two, 2, URGE, 3, 17, 1, 40);
    must(two, T(3, 16, 23, 45), &desk_1, ASSIGN, {FIELD_HANDLER, "ha1"});
    whistled(two, T(3, 16, 23, 50), &desk_1, "E", "118002", "制止施工");
    OBJECT_DUE(two, 3, WHISTLE_ARRIVE, 3, 17, 0, 20);
    must(two, T(3, 16, 23, 55), &urban, WHISTLE_ACK, );
    must(two, T(3, 17, 0, 15), &urban, WHISTLE_ARRIVE, );
    assert_int_equal(minutes_late(two, 3), -5);
    must(two, T(3, 17, 0, 30), &urban, WHISTLE_RESULT, {FIELD_FINDING, "已停工，许可至22时"});
    must(two, T(3, 17, 0, 40), &desk_1, ANSWER_URGE, {FIELD_FINDING, "已停工"});
    OBJECT_IN(two, 2, DONE);
    must(two, T(3, 17, 11, 0), &desk_1, MEETING, {FIELD_PARTICIPANTS, "工地、生态、住建"},
         {FIELD_DECISION, "限时施工、设围挡、公布工地电话"},
         {FIELD_TASKS, "118003 2026-03-17T15:00:00+08:00 测声\n118004 2026-03-31 巡查两周"});
    OBJECT_IN(two, 4, DONE);
    OBJECT_DUE(two, 5, SUB, 3, 17, 15, 0);
    OBJECT_DUE(two, 6, SUB, 4, 1, 0, 0); /* a date ends with its day */
    assert_int_equal(casefile_object(&two->c, 5)->parent, 4);
    must(two, T(3, 17, 14, 0), &ecology, CLOSE_SUB, {FIELD_FINDING, "昼间达标"});
    must(two, T(3, 17, 14, 30), &housing, CLOSE_SUB, {FIELD_FINDING, "已列入巡查"});
    replied(two, T(3, 17, 15, 45), &handler_1, "solved");
    must(two, T(3, 17, 16, 0), &reviewer_1, APPROVE, );
    IN(two, REPLIED);
    USED(two, HANDLE, 16, 47);
    taken_over(two, 0, three);
    IN(three, REPLIED);
    FIELD_IS(three, REPLY, FULL_REPLY);
    DUE(three, CALLBACK, 3, 18, 16, 0);
    called_back(two, T(3, 18, 9, 30), "yes", "solved", "basically", "no");
    called_back(three, T(3, 18, 9, 45), "yes", "solved", "satisfied", "no");
    IN(two, CLOSED);
    IN(three, CLOSED);
    FIELD_IS(two, FIRST_RATING, "yes/solved/basically");
    FIELD_IS(three, FIRST_RATING, "yes/solved/satisfied");
    uuid_format(&three->c.id, id);
    must(two, T(3, 20, 15, 0), &leader_1, CONSULTATION, {FIELD_PARTICIPANTS, "居民、工地"},
         {FIELD_PROPOSALS, "错时施工"}, {FIELD_DECISION, "22时后不施工"}, {FIELD_ORDERS, id});
    taken_over(two, 0, three);
    assert_int_equal(casefile_open_objects(&two->c, OBJECT_TELL), 1);
    assert_int_equal(casefile_open_objects(&three->c, OBJECT_TELL), 1);
    fixture_end(&order1);
    fixture_end(&of_z);
    fixture_end(two);
    fixture_end(three);
    fixture_end(&call);
}

/* Orders that were sent both: the earlier due time counts for the leading one, and never a later one. */
static void e6_earlier_due_counts(void **state)
{
    (void)state;
    struct fixture early, late;
    char id[UUID_TEXT];
    example_begin(&early, 1);
    example_begin(&late, 2);
    taken_down(&early, T(3, 16, 22, 0), "0404", "1101", "噪声");
    dispatched(&early, T(3, 16, 22, 5), "1101");
    taken_down(&late, T(3, 16, 23, 10), "0404", "1101", "噪声");
    dispatched(&late, T(3, 16, 23, 13), "1101");
    must(&late, T(3, 16, 23, 20), &desk_1, SIGN, );
    uuid_format(&late.c.id, id);
    early.ctx.other = &late.c;
    must(&early, T(3, 16, 23, 30), &desk_1, MERGE, {FIELD_MERGED_INTO, id});
    taken_over(&early, 0, &late);
    DUE(&late, HANDLE, 3, 17, 22, 5);
    /* taken out again it has the due times that it had, from its own start */
    must(&early, T(3, 17, 8, 0), &desk_1, UNMERGE, {FIELD_REASON, "另一工地"});
    taken_over(&early, 0, &late);
    FIELD_IS(&late, FOLLOWERS, "");
    IN(&early, SENT);
    DUE(&early, HANDLE, 3, 17, 22, 5);
    assert_int_equal(early.c.clock[CLOCK_HANDLE].started_ms, T(3, 16, 22, 5));
    assert_int_equal(early.c.clock[CLOCK_HANDLE].first_due_ms, T(3, 17, 22, 5));
    fixture_end(&early);
    fixture_end(&late);
}

static void e7_unreasonable_claim(void **state)
{
    (void)state;
    struct fixture order, *f = &order;
    example_begin(f, 1);
    taken_down(f, T(3, 13, 10, 50), "0604", "1101", "空调影响运气，要求拆除并赔偿");
    dispatched(f, T(3, 13, 11, 0), "1101");
    DUE(f, HANDLE, 3, 20, 11, 0);
    must(f, T(3, 13, 11, 18), &desk_1, SIGN, );
    reached(f, T(3, 13, 11, 40), &desk_1, "要求拆除");
    must(f, T(3, 13, 11, 42), &desk_1, ASSIGN, {FIELD_HANDLER, "ha1"}, {FIELD_ASSISTANT, "110101"});
    noted(f, T(3, 14, 10, 0), &handler_1, "两人上门，安装合规，签解释记录");
    replied(f, T(3, 17, 9, 30), &handler_1, "explained");
    must(f, T(3, 17, 10, 0), &reviewer_1, APPROVE, );
    IN(f, REPLIED);
    assert_true(on_time(f));
    called_back(f, T(3, 18, 14, 10), "yes", "not", "not", "no");
    IN(f, CLOSED);
    FIELD_IS(f, FIRST_RATING, "yes/not/not");
    DUE(f, EXCLUSION, 3, 23, 14, 10);
    f->ctx.now_ms = T(3, 23, 14, 11);
    assert_int_equal(workflow_offers(&f->ctx, &f->c, COMMAND_ASK_EXCLUSION, &leader_1),
                     REFUSAL_WINDOW);
    REFUSED(ROLE, f, T(3, 23, 10, 0), &handler_1, ASK_EXCLUSION, {FIELD_EXCLUSION_CLASS, "X6"},
            {FIELD_EVIDENCE, "五份"}, {FIELD_REASON, "明显不合理"});
    must(f, T(3, 23, 10, 0), &leader_1, ASK_EXCLUSION, {FIELD_EXCLUSION_CLASS, "X6"},
         {FIELD_EVIDENCE, "记录、照片、标准、调解、录音"}, {FIELD_REASON, "明显不合理"});
    OBJECT_DUE(f, 1, EXCLUSION_REVIEW, 3, 30, 10, 0);
    FIELD_IS(f, SCORE_MODE, "");
    REFUSED(OBJECT, f, T(3, 23, 15, 0), &judge_1, DECIDE_EXCLUSION, {FIELD_GRANTED, "yes"},
            {FIELD_REASON, "r"}); /* the district checks first */
    must(f, T(3, 23, 16, 0), &district_1, PRECHECK_EXCLUSION, {FIELD_GRANTED, "yes"},
         {FIELD_REASON, "证据齐"});
    OBJECT_IN(f, 1, AGREED);
    OBJECT_DUE(f, 1, EXCLUSION_REVIEW, 3, 30, 10, 0);
    must(f, T(3, 27, 10, 0), &judge_1, DECIDE_EXCLUSION, {FIELD_GRANTED, "yes"},
         {FIELD_REASON, "采纳"});
    OBJECT_IN(f, 1, GRANTED);
    FIELD_IS(f, EXCLUSION, "X6");
    FIELD_IS(f, SCORE_MODE, "response"); /* S and M dropped, R kept */
    FIELD_IS(f, FIRST_RATING, "yes/not/not");
    IN(f, CLOSED);
    fixture_end(f);
}

static void e8_confidential_tip(void **state)
{
    (void)state;
    static const struct actor n = {"hn", "N", ROLE_HANDLER, "1101", "1101S1", "t"};
    static const enum field identity[] = {FIELD_CLAIMANT, FIELD_PHONE, FIELD_ADDRESS_FORM};
    struct fixture order, *f = &order;
    example_begin(f, 1);
    must(f, T(3, 17, 10, 58), &operator_1, LOG, {FIELD_TYPE, "report"}, {FIELD_CATEGORY, "0804"},
         {FIELD_STREET, "1101"}, {FIELD_CONTENT, "无照厨房存气瓶"}, {FIELD_SECRET, "yes"},
         {FIELD_CLAIMANT, "李四"}, {FIELD_PHONE, "13800005678"});
    dispatched(f, T(3, 17, 11, 2), "1101");
    DUE(f, HANDLE, 3, 18, 11, 2);
    must(f, T(3, 17, 11, 9), &desk_1, SIGN, );
    must(f, T(3, 17, 11, 15), &desk_1, ASSIGN, {FIELD_HANDLER, "hn"}, {FIELD_ASSISTANT, "110101"},
         {FIELD_NOTE, "回避后指定"});
    for (size_t i = 0; i < sizeof identity / sizeof identity[0]; i++) {
        assert_int_equal(workflow_sight(&f->c, identity[i], &desk_1), SIGHT_NONE);
        assert_int_equal(workflow_sight(&f->c, identity[i], &community_1), SIGHT_NONE);
        assert_int_equal(workflow_sight(&f->c, identity[i], &leader_1), SIGHT_NONE);
        assert_int_equal(workflow_sight(&f->c, identity[i], &district_1), SIGHT_NONE);
        assert_int_equal(workflow_sight(&f->c, identity[i], &handler_1), SIGHT_NONE);
        assert_int_equal(workflow_sight(&f->c, identity[i], &n), SIGHT_REVEAL);
        assert_int_equal(workflow_sight(&f->c, identity[i], &callback_1), SIGHT_NONE);
    }
    assert_int_equal(workflow_sight(&f->c, FIELD_CONTENT, &desk_1), SIGHT_FULL);
    REFUSED(ROLE, f, T(3, 17, 11, 20), &desk_1, REVEAL, {FIELD_REASON, "x"});
    REFUSED(ROLE, f, T(3, 17, 11, 20), &community_1, REVEAL, {FIELD_REASON, "x"});
    REFUSED(ROLE, f, T(3, 17, 11, 20), &handler_1, REVEAL, {FIELD_REASON, "x"});
    must(f, T(3, 17, 11, 30), &n, REVEAL, {FIELD_REASON, "预约了解详情"});
    assert_int_equal(f->last->type, COMMAND_REVEAL);
    assert_string_equal(f->last->actor.user, "hn");
    assert_string_equal(value_find(f->last->values, f->last->n_values, FIELD_REASON),
                        "预约了解详情");
    reached(f, T(3, 17, 11, 35), &n, "明日可看");
    USED(f, CONTACT, 0, 33);
    whistled(f, T(3, 17, 14, 0), &desk_1, "E", "118008 118005 119002", "查处气瓶");
    must(f, T(3, 17, 14, 5), &fire, WHISTLE_ACK, );
    must(f, T(3, 17, 14, 5), &market, WHISTLE_ACK, );
    must(f, T(3, 17, 14, 5), &gas, WHISTLE_ACK, );
    must(f, T(3, 17, 14, 24), &fire, WHISTLE_ARRIVE, );
    must(f, T(3, 17, 14, 24), &market, WHISTLE_ARRIVE, );
    must(f, T(3, 17, 14, 24), &gas, WHISTLE_ARRIVE, );
    for (uint32_t i = 1; i <= 3; i++)
        assert_int_equal(minutes_late(f, i), -6);
    assert_int_equal(workflow_sight(&f->c, FIELD_PHONE, &fire), SIGHT_NONE);
    must(f, T(3, 17, 15, 0), &fire, WHISTLE_RESULT, {FIELD_FINDING, "气瓶移走"});
    must(f, T(3, 17, 15, 0), &market, WHISTLE_RESULT, {FIELD_FINDING, "已关停"});
    must(f, T(3, 17, 15, 0), &gas, WHISTLE_RESULT, {FIELD_FINDING, "无泄漏"});
    must(f, T(3, 18, 9, 20), &n, SUBMIT_REPLY, {FIELD_REPLY, FULL_REPLY}, {FIELD_RESULT, "solved"},
         {FIELD_PUBLIC_ANSWER, "无照厨房已关停"});
    must(f, T(3, 18, 9, 40), &reviewer_1, APPROVE, );
    IN(f, REPLIED);
    FIELD_IS(f, PUBLIC_ANSWER, "无照厨房已关停");
    assert_int_equal(workflow_sight(&f->c, FIELD_PHONE, &callback_1), SIGHT_FULL);
    called_back(f, T(3, 18, 10, 30), "yes", "solved", "satisfied", "no");
    IN(f, CLOSED);
    FIELD_IS(f, SECRET, "yes");
    fixture_end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e5_lamp_across_the_road), cmocka_unit_test(e6_noise_at_night),
        cmocka_unit_test(e6_earlier_due_counts),   cmocka_unit_test(e7_unreasonable_claim),
        cmocka_unit_test(e8_confidential_tip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
