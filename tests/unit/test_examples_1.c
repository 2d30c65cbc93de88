/* domain.md 14, E1 to E4, line by line: a cold flat, a loose facade, an illegal room, a lift. */
#include "tests/unit/examples_kit.h"

static void e1_cold_flat_at_night(void **state)
{
    (void)state;
    struct fixture order, *f = &order;
    example_begin(f, 1);
    taken_down(f, T(1, 13, 19, 42), "0101", "1101", "周一起暖气不热，家有老人");
    DUE(f, DISPATCH, 1, 13, 21, 42);
    dispatched(f, T(1, 13, 19, 48), "1101");
    IN(f, SENT);
    FIELD_IS(f, TIER, "T24H");
    FIELD_IS(f, DISTRICT_COPY, "11");
    FIELD_IS(f, POLICY, "beijing-default/1");
    USED(f, DISPATCH, 0, 6);
    DUE(f, HANDLE, 1, 14, 19, 48);
    DUE(f, SIGN, 1, 13, 20, 18);
    DUE(f, CONTACT, 1, 13, 21, 48);
    DUE(f, RETURN, 1, 13, 21, 48);
    must(f, T(1, 13, 19, 57), &desk_1, SIGN, );
    IN(f, SIGNED);
    USED(f, SIGN, 0, 9);
    reached(f, T(1, 13, 20, 10), &desk_1, "14.5 C");
    USED(f, CONTACT, 0, 22);
    must(f, T(1, 13, 20, 12), &desk_1, ASSIGN, {FIELD_HANDLER, "ha1"}, {FIELD_ASSISTANT, "110101"});
    IN(f, WORKING);
    whistled(f, T(1, 13, 20, 12), &desk_1, "J", "119001", "换阀");
    IN(f, WORKING);
    OBJECT_DUE(f, 1, WHISTLE_ACK, 1, 13, 22, 12);
    OBJECT_DUE(f, 1, WHISTLE_ARRIVE, 1, 14, 20, 12);
    REFUSED(REACH, f, T(1, 13, 20, 30), &fire, WHISTLE_ACK, );
    must(f, T(1, 13, 20, 31), &heat, WHISTLE_ACK, );
    OBJECT_IN(f, 1, ACKNOWLEDGED);
    must(f, T(1, 13, 22, 5), &heat, WHISTLE_ARRIVE, );
    OBJECT_IN(f, 1, ARRIVED);
    const struct clock_run *arrival = object_clock(f, 1, CLOCK_WHISTLE_ARRIVE);
    assert_int_equal(arrival->stopped_ms - arrival->started_ms, MS_HOUR + 53 * MS_MINUTE);
    must(f, T(1, 13, 22, 50), &heat, WHISTLE_RESULT, {FIELD_FINDING, "阀门已更换"});
    OBJECT_IN(f, 1, DONE);
    noted(f, T(1, 13, 23, 40), &community_1, "18.6 C");
    replied(f, T(1, 14, 9, 10), &handler_1, "solved");
    IN(f, REVIEW);
    DUE(f, REVIEW, 1, 14, 11, 10);
    must(f, T(1, 14, 9, 25), &reviewer_1, APPROVE, );
    IN(f, REPLIED);
    USED(f, HANDLE, 13, 37);
    DUE(f, CALLBACK, 1, 15, 9, 25);
    called_back(f, T(1, 14, 10, 30), "yes", "solved", "satisfied", "no");
    IN(f, CLOSED);
    /* R1 S1 M1 */
    FIELD_IS(f, FIRST_RATING, "yes/solved/satisfied");
    FIELD_IS(f, SCORE_MODE, "");
    assert_true(on_time(f));
    assert_int_equal(f->c.clock[CLOCK_EXCLUSION].status, CLOCK_NEVER);
    assert_int_equal(casefile_next_due(&f->c, NULL), CLOCK_COUNT);
    must(f, T(1, 14, 11, 0), &desk_1, JUDGE_WHISTLE, {FIELD_VERDICT, "came"});
    assert_string_equal(casefile_object(&f->c, 1)->verdict, "came");
    assert_int_equal(minutes_late(f, 1), -(22 * 60 + 7));
    fixture_end(f);
}

static void e2_loose_facade(void **state)
{
    (void)state;
    struct fixture order, *f = &order;
    example_begin(f, 1);
    taken_down(f, T(3, 7, 14, 6), "0303", "1101", "外墙板松动");
    DUE(f, DISPATCH, 3, 7, 15, 6);
    dispatched(f, T(3, 7, 14, 11), "1101");
    FIELD_IS(f, TIER, "T2H");
    DUE(f, HANDLE, 3, 7, 16, 11);
    DUE(f, SIGN, 3, 7, 14, 26);
    DUE(f, CONTACT, 3, 7, 14, 41);
    must(f, T(3, 7, 14, 14), &desk_1, SIGN, );
    whistled(f, T(3, 7, 14, 16), &desk_1, "E", "118008 118004", "封控、拆除");
    OBJECT_DUE(f, 1, WHISTLE_ACK, 3, 7, 14, 26);
    OBJECT_DUE(f, 1, WHISTLE_ARRIVE, 3, 7, 14, 46);
    OBJECT_DUE(f, 2, WHISTLE_ARRIVE, 3, 7, 14, 46);
    must(f, T(3, 7, 14, 17), &fire, WHISTLE_ACK, );
    must(f, T(3, 7, 14, 18), &housing, WHISTLE_ACK, );
    reached(f, T(3, 7, 14, 19), &desk_1, "在楼下");
    USED(f, CONTACT, 0, 8);
    must(f, T(3, 7, 14, 20), &desk_1, ASSIGN, {FIELD_HANDLER, "ha1"}, {FIELD_ASSISTANT, "110101"});
    noted(f, T(3, 7, 14, 25), &community_1, "已拉警戒线");
    must(f, T(3, 7, 14, 38), &fire, WHISTLE_ARRIVE, );
    /* the next level is told of housing, once, as soon as its time is over */
    clock_does(f, T(3, 7, 14, 46) + 1, COMMAND_LATE);
    assert_false(casefile_object(&f->c, 1)->late);
    assert_true(casefile_object(&f->c, 2)->late);
    must(f, T(3, 7, 14, 58), &housing, WHISTLE_ARRIVE, );
    assert_int_equal(minutes_late(f, 1), -8);
    assert_int_equal(minutes_late(f, 2), 12);
    must(f, T(3, 7, 15, 40), &fire, WHISTLE_RESULT, {FIELD_FINDING, "墙板已拆下"});
    must(f, T(3, 7, 15, 41), &housing, WHISTLE_RESULT, {FIELD_FINDING, "六栋待查"});
    replied(f, T(3, 7, 15, 52), &handler_1, "solved");
    DUE(f, REVIEW, 3, 7, 16, 2);
    must(f, T(3, 7, 15, 57), &reviewer_1, APPROVE, );
    IN(f, REPLIED);
    USED(f, HANDLE, 1, 46);
    DUE(f, CALLBACK, 3, 8, 15, 57);
    assert_int_equal(f->c.clock[CLOCK_CONFIRM].status, CLOCK_NEVER); /* two persons */
    called_back(f, T(3, 7, 16, 35), "yes", "solved", "satisfied", "no");
    IN(f, CLOSED);
    FIELD_IS(f, FIRST_RATING, "yes/solved/satisfied");
    assert_true(on_time(f));
    REFUSED(ARGUMENT, f, T(3, 7, 16, 40), &desk_1, JUDGE_WHISTLE, {FIELD_VERDICT, "late"});
    must(f, T(3, 7, 16, 40), &desk_1, JUDGE_WHISTLE, {FIELD_OBJECT, "2"}, {FIELD_VERDICT, "late"});
    assert_string_equal(casefile_object(&f->c, 2)->verdict, "late");
    fixture_end(f);
}

static void e3_illegal_rooftop_room(void **state)
{
    (void)state;
    struct fixture order, *f = &order;
    example_begin(f, 1);
    taken_down(f, T(3, 2, 10, 14), "0401", "1101", "楼顶违建");
    dispatched(f, T(3, 2, 10, 20), "1101");
    DUE(f, HANDLE, 3, 17, 10, 20);
    must(f, T(3, 2, 10, 41), &desk_1, SIGN, );
    reached(f, T(3, 2, 15, 10), &desk_1, "2019年建");
    must(f, T(3, 2, 15, 12), &desk_1, ASSIGN, {FIELD_HANDLER, "ha1"});
    noted(f, T(3, 3, 9, 30), &handler_1, "现场查看");
    whistled(f, T(3, 3, 10, 15), &desk_1, "J", "118001 118002", "认定、立案");
    OBJECT_DUE(f, 1, WHISTLE_ARRIVE, 3, 4, 10, 15);
    must(f, T(3, 3, 11, 0), &planning, WHISTLE_ACK, );
    must(f, T(3, 3, 11, 5), &urban, WHISTLE_ACK, );
    must(f, T(3, 4, 9, 50), &planning, WHISTLE_ARRIVE, );
    must(f, T(3, 4, 9, 50), &urban, WHISTLE_ARRIVE, );
    assert_int_equal(minutes_late(f, 1), -25);
    assert_int_equal(minutes_late(f, 2), -25);
    must(f, T(3, 5, 9, 0), &planning, WHISTLE_RESULT, {FIELD_FINDING, "2019年建，无规划许可"});
    must(f, T(3, 5, 9, 0), &urban, WHISTLE_RESULT, {FIELD_FINDING, "法定程序超过12日"});
    /* Fri 15:00; 450 duty minutes: 180 to 18:00, 270 on Monday: 15:00 */
    REFUSED(ARGUMENT, f, T(3, 13, 15, 0), &desk_1, ASK_EXTENSION, {FIELD_EXTENSION_CLASS, "E1"},
            {FIELD_REASON, "法定程序"}, {FIELD_NEW_DUE, "2026-04-01T10:20:00+08:00"});
    assert_int_equal(f->why.field, FIELD_LEGAL_BASIS);
    REFUSED(ARGUMENT, f, T(3, 13, 15, 0), &desk_1, ASK_EXTENSION, {FIELD_EXTENSION_CLASS, "E1"},
            {FIELD_REASON, "法定程序"}, {FIELD_LEGAL_BASIS, "第六十三条"},
            {FIELD_NEW_DUE, "2026-04-01T10:21:00+08:00"}); /* 30 days from the start at most */
    must(f, T(3, 13, 15, 0), &desk_1, ASK_EXTENSION, {FIELD_EXTENSION_CLASS, "E1"},
         {FIELD_REASON, "法定程序"}, {FIELD_LEGAL_BASIS, "第六十三条"},
         {FIELD_NEW_DUE, "2026-04-01T10:20:00+08:00"});
    OBJECT_DUE(f, 3, EXTENSION_REVIEW, 3, 16, 15, 0);
    DUE(f, HANDLE, 3, 17, 10, 20);
    REFUSED(OBJECT, f, T(3, 13, 17, 20), &district_1, DECIDE_EXTENSION, {FIELD_GRANTED, "yes"});
    must(f, T(3, 13, 17, 20), &leader_1, DECIDE_EXTENSION, {FIELD_GRANTED, "yes"});
    DUE(f, HANDLE, 3, 17, 10, 20);
    must(f, T(3, 13, 17, 20), &district_1, DECIDE_EXTENSION, {FIELD_GRANTED, "yes"});
    DUE(f, HANDLE, 4, 1, 10, 20);
    OBJECT_IN(f, 3, GRANTED);
    assert_int_equal(f->c.clock[CLOCK_HANDLE].first_due_ms, T(3, 17, 10, 20));
    FIELD_IS(f, FIRST_DUE, "2026-03-17T10:20:00+08:00");
    reached(f, T(3, 13, 17, 45), &handler_1, "已告知延期原因及新期限");
    noted(f, T(3, 27, 10, 0), &handler_1, "决定书送达，复议期内");
    REFUSED(REPEATED, f, T(3, 30, 9, 0), &desk_1, ASK_EXTENSION, {FIELD_EXTENSION_CLASS, "E4"},
            {FIELD_REASON, "再延"}, {FIELD_NEW_DUE, "2026-04-01T10:25:00+08:00"});
    must(f, T(3, 31, 10, 0), &leader_1, ASK_HANG, {FIELD_HANG_CLASS, "H4"},
         {FIELD_PLAN, "复议期满后拆除"}, {FIELD_NEXT_LOOK, "2026-05-01T09:10:00+08:00"},
         {FIELD_REASON, "法定程序进行中"});
    IN(f, WORKING);
    must(f, T(4, 1, 9, 10), &district_1, DECIDE_HANG, {FIELD_GRANTED, "yes"});
    IN(f, HUNG);
    DUE(f, HANG_REVIEW, 5, 1, 9, 10);
    FIELD_IS(f, SCORE_MODE, "response");
    called_back(f, T(4, 2, 10, 0), "yes", "not", "basically", "no");
    IN(f, HUNG);
    FIELD_IS(f, FIRST_RATING, "");
    assert_int_equal(f->c.clock[CLOCK_CALLBACK].status, CLOCK_STOPPED);
    must(f, T(5, 1, 9, 0), &leader_1, LOOK_HANG, {FIELD_NOTE, "等待复议"});
    DUE(f, HANG_REVIEW, 5, 31, 9, 0);
    must(f, T(5, 29, 9, 0), &leader_1, LOOK_HANG, {FIELD_NOTE, "复议维持"});
    noted(f, T(6, 12, 11, 0), &handler_1, "已拆除");
    must(f, T(6, 12, 14, 0), &leader_1, UNHANG, {FIELD_REASON, "已拆除"});
    IN(f, WORKING);
    FIELD_IS(f, SCORE_MODE, "");
    DUE(f, HANDLE, 6, 19, 14, 0);
    replied(f, T(6, 12, 15, 0), &handler_1, "solved");
    must(f, T(6, 12, 16, 0), &reviewer_1, APPROVE, );
    IN(f, REPLIED);
    called_back(f, T(6, 15, 10, 0), "yes", "solved", "satisfied", "no");
    IN(f, CLOSED);
    FIELD_IS(f, FIRST_RATING, "yes/solved/satisfied");
    FIELD_IS(f, FIRST_DUE, "2026-03-17T10:20:00+08:00");
    assert_false(on_time(f)); /* by the original due time */
    assert_true(in_lawful_time(f));
    fixture_end(f);
}

static void e4_push_off_refused(void **state)
{
    (void)state;
    struct fixture order, *f = &order;
    example_begin(f, 1);
    taken_down(f, T(3, 11, 8, 0), "0201", "1102", "电梯停运三天");
    dispatched(f, T(3, 11, 8, 5), "1102");
    DUE(f, HANDLE, 3, 12, 8, 5);
    DUE(f, RETURN, 3, 11, 10, 5);
    must(f, T(3, 11, 8, 12), &desk_2, SIGN, );
    must(f, T(3, 11, 8, 40), &desk_2, ASK_RETURN, {FIELD_RETURN_CLASS, "R2"},
         {FIELD_BASIS, "电梯安全属市场监管"}, {FIELD_PROPOSED, "118005"});
    IN(f, DISPUTED);
    DUE(f, RETURN_REVIEW, 3, 11, 10, 40);
    DUE(f, CONTACT, 3, 11, 10, 5); /* still owed */
    DUE(f, HANDLE, 3, 12, 8, 5);
    reached(f, T(3, 11, 9, 20), &desk_2, "第三天");
    USED(f, CONTACT, 1, 15);
    must(f, T(3, 11, 9, 55), &district_1, REFUSE_RETURN, {FIELD_REASON, "街道主责，市场监管协办"},
         {FIELD_CATALOGUE_ROW, "02-01"});
    IN(f, SIGNED);
    FIELD_IS(f, CATALOGUE_ROW, "02-01");
    DUE(f, HANDLE, 3, 12, 8, 5); /* did not pause */
    REFUSED(WINDOW, f, T(3, 11, 10, 0), &desk_2, ASK_RETURN, {FIELD_RETURN_CLASS, "R2"},
            {FIELD_BASIS, "再退"}, {FIELD_PROPOSED, "118005"});
    must(f, T(3, 11, 10, 5), &desk_2, ASSIGN, {FIELD_SECTION, "1102S1"});
    must(f, T(3, 11, 10, 10), &desk_2, OPEN_SUB, {FIELD_UNITS, "118005"}, {FIELD_TASK, "检查电梯"});
    OBJECT_DUE(f, 2, SUB, 3, 11, 18, 10);
    must(f, T(3, 11, 13, 30), &market, CLOSE_SUB, {FIELD_FINDING, "控制器磨损，修后可用"});
    OBJECT_IN(f, 2, DONE);
    noted(f, T(3, 12, 0, 30), &desk_2, "部件已安装");
    noted(f, T(3, 12, 6, 50), &desk_2, "试运行");
    replied(f, T(3, 12, 7, 20), &desk_2, "solved");
    must(f, T(3, 12, 7, 40), &reviewer_2, APPROVE, );
    IN(f, REPLIED);
    USED(f, HANDLE, 23, 35);
    assert_true(on_time(f));
    called_back(f, T(3, 12, 14, 0), "yes", "solved", "basically", "no");
    IN(f, CLOSED);
    FIELD_IS(f, FIRST_RATING, "yes/solved/basically"); /* R1 S1 M0.9 */
    assert_int_equal(f->c.clock[CLOCK_EXCLUSION].status, CLOCK_NEVER);
    fixture_end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_cold_flat_at_night),
        cmocka_unit_test(e2_loose_facade),
        cmocka_unit_test(e3_illegal_rooftop_room),
        cmocka_unit_test(e4_push_off_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
