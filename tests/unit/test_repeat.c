/* domain.md 7.11 and 10: by what orders are matched, the edges of both windows, what is a cluster, what a risk. */
#include "core/case/repeat.h"
#include "tests/unit/policy_fixture.h"

static const struct policy *numbers_of(struct fixture *f)
{
    fixture_begin(f);
    f->policy.risk_word[f->policy.n_risk_words++] = "泄漏";
    f->policy.risk_word[f->policy.n_risk_words++] = "扬言";
    f->policy.risk_category[f->policy.n_risk_categories++] = "21";
    f->policy.repeat_hint[f->policy.n_repeat_hints++] = "第三次";
    return &f->policy;
}

/* --- by what ------------------------------------------------------------------------------------ */

static struct repeat_key key_of(struct fixture *f, const char *phone, const char *point,
                                const char *community)
{
    struct repeat_key k;
    f->c.value[FIELD_TYPE] = "complaint";
    f->c.value[FIELD_CATEGORY] = "0602";
    f->c.value[FIELD_STREET] = "1101";
    f->c.value[FIELD_PHONE] = phone;
    f->c.value[FIELD_POINT] = point;
    f->c.value[FIELD_COMMUNITY] = community;
    repeat_key_of(&f->c, &f->arena, &k);
    return k;
}

static void phone__however_it_is_written__is_one_claimant(void **state)
{
    static const char *const forms[] = {"13800005678", "138-0000-5678", "138 0000 5678",
                                        "+86 138 0000 5678", "008613800005678"};
    struct fixture f;
    (void)state;
    fixture_begin(&f);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        assert_string_equal(key_of(&f, forms[i], "工地", "").claimant, "13800005678");
    assert_string_equal(key_of(&f, "010-8500 1234", "工地", "").claimant, "01085001234");
    fixture_end(&f);
}

static void claimant__anonymous_secret_or_without_phone__is_never_matched(void **state)
{
    struct fixture f;
    (void)state;
    fixture_begin(&f);
    assert_string_equal(key_of(&f, "", "工地", "").claimant, "");
    assert_string_equal(key_of(&f, "unknown", "工地", "").claimant, "");
    f.c.value[FIELD_ANONYMOUS] = "yes";
    assert_string_equal(key_of(&f, "13800005678", "工地", "").claimant, "");
    f.c.value[FIELD_ANONYMOUS] = "";
    f.c.value[FIELD_SECRET] = "yes"; /* a match would tell who reported */
    assert_string_equal(key_of(&f, "13800005678", "工地", "").claimant, "");
    fixture_end(&f);
}

static void place__point_to_its_building__else_coordinates_else_community(void **state)
{
    struct fixture f;
    (void)state;
    fixture_begin(&f);
    const char *one = key_of(&f, "1", "幸福里 3号楼2单元501", "110101").place;
    assert_string_equal(key_of(&f, "1", "幸福里三号楼", "110102").place, one);
    assert_string_not_equal(key_of(&f, "1", "幸福里4号楼", "110101").place, one);
    assert_string_not_equal(key_of(&f, "1", "三号路工地", "").place,
                            key_of(&f, "1", "三号路菜场", "").place);
    assert_string_equal(key_of(&f, "1", "幸福里3号楼", "").by, "point");
    struct repeat_key k = key_of(&f, "1", "", "110101");
    assert_string_equal(k.by, "community");
    assert_string_equal(k.place, key_of(&f, "2", "", "110101").place);
    f.c.value[FIELD_LATITUDE] = "39.90421";
    f.c.value[FIELD_LONGITUDE] = "116.40739";
    k = key_of(&f, "1", "", "110101");
    assert_string_equal(k.by, "coordinates");
    f.c.value[FIELD_LATITUDE] = "39.9049";
    assert_string_equal(k.place, key_of(&f, "1", "", "110101").place);
    f.c.value[FIELD_LATITUDE] = "39.905";
    assert_string_not_equal(k.place, key_of(&f, "1", "", "110101").place);
    f.c.value[FIELD_LATITUDE] = "";
    assert_string_equal(key_of(&f, "1", "", "").place, "");
    fixture_end(&f);
}

static void category__of_a_third_level__is_matched_by_the_second(void **state)
{
    struct fixture f;
    struct repeat_key k;
    (void)state;
    fixture_begin(&f);
    key_of(&f, "13800005678", "工地", "");
    f.c.value[FIELD_CATEGORY] = "060201";
    repeat_key_of(&f.c, &f.arena, &k);
    assert_string_equal(k.category, "0602");
    fixture_end(&f);
}

/* --- what was found ----------------------------------------------------------------------------- */

static const unsigned char own[REPEAT_HASH] = {'X'};
#define NOW at(2026, 3, 16, 23, 31)

/* who: a letter for each claimant. */
static struct repeat_order order(char who, int64_t created_ms, const char *number)
{
    return (struct repeat_order){.id = {{(unsigned char)number[0]}},
                                 .number = number,
                                 .state = STATE_SENT,
                                 .created_ms = created_ms,
                                 .claimant = {(unsigned char)who},
                                 .warned_ms = TIME_NONE};
}

static struct repeat_found sorted(struct fixture *f, const struct repeat_order *mine, size_t n_mine,
                                  const struct repeat_order *near, size_t n_near)
{
    struct repeat_found found;
    repeat_sort(&f->policy, NOW, own, mine, n_mine, near, n_near, &found);
    return found;
}

static void repeat__on_the_last_moment_of_the_window__counts(void **state)
{
    struct fixture f;
    (void)state;
    fixture_begin(&f);
    const int64_t window = 90 * (int64_t)MS_DAY;
    const struct repeat_order mine[] = {order('X', NOW - window, "a"),
                                        order('X', NOW - window - 1, "b")};
    struct repeat_found found = sorted(&f, mine, 2, NULL, 0);
    assert_int_equal(found.repeat, 2);
    assert_int_equal(found.n_earlier, 1);
    assert_string_equal(found.earlier[0]->number, "a");
    assert_int_equal(sorted(&f, &mine[1], 1, NULL, 0).repeat, 1);
    fixture_end(&f);
}

static void others__on_the_last_moment_of_the_window__are_alike(void **state)
{
    struct fixture f;
    (void)state;
    fixture_begin(&f);
    const int64_t window = 7 * (int64_t)MS_DAY;
    const struct repeat_order near[] = {order('X', NOW - 1, "m"), order('Y', NOW - window, "a"),
                                        order('Z', NOW - window - 1, "b")};
    struct repeat_found found = sorted(&f, NULL, 0, near, 3);
    assert_int_equal(found.n_alike, 1); /* not the claimant's own, not too old a one */
    assert_string_equal(found.alike[0]->number, "a");
    assert_int_equal(found.claimants, 2);
    assert_false(repeat_is_cluster(&f.policy, &found));
    fixture_end(&f);
}

static void cluster__of_three_different_claimants__is_one(void **state)
{
    struct fixture f;
    (void)state;
    fixture_begin(&f);
    const struct repeat_order near[] = {order('Y', NOW - 4, "4"), order('Y', NOW - 5, "3"),
                                        order('X', NOW - 6, "2"), order('Z', NOW - 7, "1")};
    struct repeat_found found = sorted(&f, NULL, 0, near, 3); /* X, Y twice */
    assert_int_equal(found.claimants, 2);
    assert_false(repeat_is_cluster(&f.policy, &found));
    found = sorted(&f, NULL, 0, near, 4);
    assert_int_equal(found.claimants, 3);
    assert_true(repeat_is_cluster(&f.policy, &found));
    assert_int_equal(found.n_cluster, 4);
    assert_null(found.warned);
    assert_null(found.leader);
    fixture_end(&f);
}

static void cluster__warned_of_or_led__is_found_while_that_order_is_open(void **state)
{
    struct fixture f;
    (void)state;
    fixture_begin(&f);
    struct repeat_order near[] = {order('Y', NOW - 4, "2"), order('Z', NOW - 5, "1")};
    near[0].leads = near[1].warned = true;
    struct repeat_found found = sorted(&f, NULL, 0, near, 2);
    assert_ptr_equal(found.leader, &near[0]);
    assert_ptr_equal(found.warned, &near[1]);
    near[0].state = near[1].state = STATE_CLOSED;
    found = sorted(&f, NULL, 0, near, 2);
    assert_null(found.leader);
    assert_null(found.warned);
    fixture_end(&f);
}

static void cluster__after_the_answer__is_counted_anew(void **state)
{
    struct fixture f;
    (void)state;
    fixture_begin(&f);
    struct repeat_order near[] = {order('V', NOW - 1, "4"), order('W', NOW - 2, "3"),
                                  order('Y', NOW - 10, "2"), order('Z', NOW - 11, "1")};
    near[3].warned_ms = NOW - 5;
    struct repeat_found found = sorted(&f, NULL, 0, &near[1], 3);
    assert_int_equal(found.claimants, 2); /* W and this one */
    assert_int_equal(found.n_alike, 3);   /* candidates for a merger all the same */
    found = sorted(&f, NULL, 0, near, 4);
    assert_int_equal(found.claimants, 3);
    assert_int_equal(found.n_cluster, 2);
    fixture_end(&f);
}

/* --- words --------------------------------------------------------------------------------------- */

static void risk__words_and_categories_of_the_policy__are_named(void **state)
{
    struct fixture f;
    (void)state;
    const struct policy *p = numbers_of(&f);
    f.c.value[FIELD_TYPE] = "help";
    f.c.value[FIELD_CATEGORY] = "0602";
    f.c.value[FIELD_CONTENT] = "楼道灯不亮";
    assert_string_equal(repeat_risk(p, &f.c, &f.arena), "");
    f.c.value[FIELD_CONTENT] = "燃气泄漏，有人扬言";
    assert_string_equal(repeat_risk(p, &f.c, &f.arena), "泄漏 扬言");
    f.c.value[FIELD_CATEGORY] = "2101";
    assert_string_equal(repeat_risk(p, &f.c, &f.arena), "2101 泄漏 扬言");
    f.c.value[FIELD_TYPE] = "praise";
    assert_string_equal(repeat_risk(p, &f.c, &f.arena), "");
    f.c.value[FIELD_REQUEST] = "第三次反映";
    assert_string_equal(repeat_marks(p, &f.c, &f.arena), "第三次");
    fixture_end(&f);
}

/* --- the steps of the clock ----------------------------------------------------------------------- */

static const struct actor other_leader = {"le2", "Lf", ROLE_LEADER, "1102", "", "t"};

static void logged(struct fixture *f)
{
    fixture_begin(f);
    must(f, at(2026, 3, 11, 10, 0), &operator_1, LOG, {FIELD_TYPE, "complaint"},
         {FIELD_CATEGORY, "0602"}, {FIELD_STREET, "1101"}, {FIELD_DISTRICT, "11"},
         {FIELD_CONTENT, "噪声"}, {FIELD_TIER, "T24H"}, {FIELD_PHONE, "13800005678"},
         {FIELD_NUMBER, "3"});
}

static void warning__grows_instead_of_a_second_one(void **state)
{
    struct fixture f;
    (void)state;
    logged(&f);
    must(&f, at(2026, 3, 11, 10, 0), &clock_1, WARN, {FIELD_WARNING, "W1"},
         {FIELD_WARNED_OF, "3 2 1"});
    must(&f, at(2026, 3, 11, 11, 0), &clock_1, WARN, {FIELD_WARNING, "W1"}, {FIELD_WARNED_OF, "4"});
    must(&f, at(2026, 3, 11, 11, 1), &clock_1, WARN, {FIELD_WARNING, "W1"}, {FIELD_WARNED_OF, "4"});
    assert_int_equal(casefile_open_objects(&f.c, OBJECT_WARNING), 1);
    assert_string_equal(casefile_object(&f.c, 1)->text, "3 2 1 4");
    assert_string_equal(casefile_object(&f.c, 1)->answer, "");
    assert_string_equal(casefile_object(&f.c, 1)->unit, "1101");
    assert_int_equal(f.c.clock[CLOCK_WARNING].due_ms, at(2026, 3, 11, 12, 0)); /* of the first */
    must(&f, at(2026, 3, 11, 11, 2), &clock_1, WARN, {FIELD_WARNING, "W3"},
         {FIELD_WARNED_OF, "泄漏"});
    assert_int_equal(casefile_open_objects(&f.c, OBJECT_WARNING), 2);
    fixture_end(&f);
}

static void warning__is_seen_and_answered_by_the_leader_of_the_street(void **state)
{
    struct fixture f;
    (void)state;
    logged(&f);
    assert_false(workflow_sees(&f.c, &leader_1)); /* nobody has it in hand yet */
    must(&f, at(2026, 3, 11, 10, 0), &clock_1, WARN, {FIELD_WARNING, "W1"},
         {FIELD_WARNED_OF, "3 2 1"});
    assert_true(workflow_sees(&f.c, &leader_1));
    assert_false(workflow_sees(&f.c, &other_leader));
    assert_int_equal(
        run(&f, at(2026, 3, 11, 10, 5), &other_leader, ANSWER_WARNING, {FIELD_FINDING, "x"}),
        REFUSAL_REACH);
    must(&f, at(2026, 3, 11, 10, 5), &leader_1, ANSWER_WARNING, {FIELD_FINDING, "今夜到场"});
    assert_int_equal(casefile_object(&f.c, 1)->state, OBJECT_IS_DONE);
    assert_string_equal(casefile_object(&f.c, 1)->answer, "今夜到场");
    assert_int_equal(f.c.clock[CLOCK_WARNING].status, CLOCK_STOPPED);
    fixture_end(&f);
}

static void warning__of_a_risk__is_answered_by_the_district(void **state)
{
    struct fixture f;
    (void)state;
    logged(&f);
    must(&f, at(2026, 3, 11, 10, 0), &clock_1, WARN, {FIELD_WARNING, "W3"},
         {FIELD_WARNED_OF, "泄漏"});
    assert_true(workflow_sees(&f.c, &leader_1));
    assert_int_equal(
        run(&f, at(2026, 3, 11, 10, 5), &leader_1, ANSWER_WARNING, {FIELD_FINDING, "x"}),
        REFUSAL_REACH);
    /* with a cluster beside it each has one to answer, and need not say which */
    must(&f, at(2026, 3, 11, 10, 5), &clock_1, WARN, {FIELD_WARNING, "W1"},
         {FIELD_WARNED_OF, "3 2 1"});
    must(&f, at(2026, 3, 11, 10, 6), &leader_1, ANSWER_WARNING, {FIELD_FINDING, "今夜到场"});
    assert_int_equal(casefile_object(&f.c, 2)->state, OBJECT_IS_DONE);
    must(&f, at(2026, 3, 11, 10, 7), &district_1, ANSWER_WARNING, {FIELD_FINDING, "已断气"});
    assert_int_equal(casefile_object(&f.c, 1)->state, OBJECT_IS_DONE);
    fixture_end(&f);
}

static void warning__not_answered_in_time__goes_up(void **state)
{
    struct fixture f;
    enum command_type type;
    const struct value *v;
    size_t n;
    (void)state;
    logged(&f);
    must(&f, at(2026, 3, 11, 10, 0), &clock_1, WARN, {FIELD_WARNING, "W1"},
         {FIELD_WARNED_OF, "3 2 1"});
    f.ctx.now_ms = at(2026, 3, 11, 12, 0) + 1;
    assert_int_equal(workflow_wake(&f.ctx, &f.c), f.ctx.now_ms);
    assert_true(workflow_automatic(&f.ctx, &f.c, &f.arena, &type, &v, &n));
    assert_int_equal(type, COMMAND_LATE);
    assert_string_equal(value_find(v, n, FIELD_LATE_CLOCK), "warning");
    fixture_end(&f);
}

static void warning__of_an_order_that_is_merged__goes_with_it(void **state)
{
    struct fixture f;
    (void)state;
    logged(&f);
    must(&f, at(2026, 3, 11, 10, 0), &clock_1, WARN, {FIELD_WARNING, "W1"},
         {FIELD_WARNED_OF, "3 2 1"});
    must(&f, at(2026, 3, 11, 10, 1), &dispatcher_1, MERGE,
         {FIELD_MERGED_INTO, "02000000-0000-7000-8000-000000000000"});
    assert_int_equal(casefile_open_objects(&f.c, OBJECT_WARNING), 0);
    assert_int_equal(f.decided.n_also, 2);
    assert_int_equal(f.decided.also[1].type, COMMAND_WARN);
    assert_string_equal(value_find(f.decided.also[1].values, 2, FIELD_WARNED_OF), "3 2 1");
    fixture_end(&f);
}

/* E11: the third call for progress with nothing new; a new fact, a record, or a person's own urge and there is none. */
static void hint__at_the_third_call_with_nothing_new__and_nothing_by_itself(void **state)
{
    struct fixture f;
    const int64_t now = at(2026, 3, 11, 10, 0);
    (void)state;
    logged(&f);
    must(&f, now, &operator_1, URGE, {FIELD_NOTE, "?"});
    for (int i = 1; i <= 4; i++) {
        must(&f, now, &clock_1, URGE, {FIELD_NOTE, "?"});
        assert_null(value_find(f.last->values, f.last->n_values, FIELD_HINT));
        if (i == 2) {
            must(&f, now, &operator_1, URGE, {FIELD_NOTE, "?"});
            assert_null(value_find(f.last->values, f.last->n_values, FIELD_HINT));
            must(&f, now, &operator_1, SUPPLEMENT, {FIELD_SUPPLEMENT, "今夜更响"});
        }
    }
    must(&f, now, &clock_1, URGE, {FIELD_NOTE, "?"});
    assert_string_equal(value_find(f.last->values, f.last->n_values, FIELD_HINT), "unreasonable");
    assert_string_equal(f.c.value[FIELD_UNREASONABLE], "");
    assert_int_equal(casefile_open_objects(&f.c, OBJECT_UNREASONABLE), 0);
    must(&f, now, &operator_1, MARK_UNREASONABLE, {FIELD_FORM, "repeated"},
         {FIELD_LAWFUL_ANSWER, "explained"}, {FIELD_DUTY_RECORD, "done"});
    must(&f, now, &clock_1, URGE, {FIELD_NOTE, "?"});
    assert_null(value_find(f.last->values, f.last->n_values, FIELD_HINT));
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phone__however_it_is_written__is_one_claimant),
        cmocka_unit_test(claimant__anonymous_secret_or_without_phone__is_never_matched),
        cmocka_unit_test(place__point_to_its_building__else_coordinates_else_community),
        cmocka_unit_test(category__of_a_third_level__is_matched_by_the_second),
        cmocka_unit_test(repeat__on_the_last_moment_of_the_window__counts),
        cmocka_unit_test(others__on_the_last_moment_of_the_window__are_alike),
        cmocka_unit_test(cluster__of_three_different_claimants__is_one),
        cmocka_unit_test(cluster__warned_of_or_led__is_found_while_that_order_is_open),
        cmocka_unit_test(cluster__after_the_answer__is_counted_anew),
        cmocka_unit_test(risk__words_and_categories_of_the_policy__are_named),
        cmocka_unit_test(warning__grows_instead_of_a_second_one),
        cmocka_unit_test(warning__is_seen_and_answered_by_the_leader_of_the_street),
        cmocka_unit_test(warning__of_a_risk__is_answered_by_the_district),
        cmocka_unit_test(warning__not_answered_in_time__goes_up),
        cmocka_unit_test(warning__of_an_order_that_is_merged__goes_with_it),
        cmocka_unit_test(hint__at_the_third_call_with_nothing_new__and_nothing_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
