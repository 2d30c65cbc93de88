/* The centre looks a new order up: repeats, merge candidates, the warning of a cluster, the warning of a risk. */
#include "core/base/random.h"
#include "core/wire/codec.h"
#include "data/embedded.h"
#include "server/service.h"
#include "tests/sim/office_store.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char path[4096], url[4200];
static struct service *service;
static struct arena arena; /* of one test */
static int64_t now_ms;
static int place; /* each test has a point of its own */

static int64_t now(void *self)
{
    (void)self;
    return now_ms;
}
static const struct clock test_clock = {.wall_ms = now, .mono_ms = now};
static struct uuid_source ids = {.clock = &test_clock, .random = &random_system};

static const struct actor operator_chen = {"chen.op", "C", ROLE_OPERATOR, "BJ", "BJ", "t"};
static const struct actor dispatcher_sun = {"sun.dispatch", "S", ROLE_DISPATCHER, "BJ", "BJ", "t"};
static const struct actor dispatcher_fan = {"fan.dispatch", "F", ROLE_DISPATCHER, "BJ", "BJ", "t"};
static const struct actor leader_luo = {"luo.leader", "L", ROLE_LEADER, "1101", "110198", "t"};
static const struct actor leader_jiang = {"jiang.leader", "J", ROLE_LEADER, "1102", "110298", "t"};
static const struct actor desk_wang = {"wang.desk", "W", ROLE_DESK, "1101", "110190", "t"};
static const struct actor district_he = {"he.district", "H", ROLE_DISTRICT, "11", "11", "t"};

/* The shipped policy, but that a warning of an order of seven days is answered in duty hours. */
static bool write_policy(const char *name)
{
    static const char limit[] = "\"T7D\": \"24 hour\"";
    const char *text = (const char *)data_policy_json;
    const char *clock = strstr(text, "\"warning\": {\"starts\"");
    const char *at = clock ? strstr(clock, limit) : NULL;
    FILE *f = at ? fopen(name, "w") : NULL;
    if (!f)
        return false;
    fprintf(f, "%.*s\"T7D\": \"1 working_day\"%.*s", (int)(at - text), text,
            (int)(data_policy_json_len - (size_t)(at - text) - (sizeof limit - 1)),
            at + sizeof limit - 1);
    return fclose(f) == 0;
}

static int set_up(void **state)
{
    const char *tmp = getenv("JIBAN_TEST_TMP");
    char policy[4200];
    struct errmsg err = {{0}};
    (void)state;
    snprintf(path, sizeof path, "%.2000s/repeats.db", tmp ? tmp : "/tmp");
    snprintf(url, sizeof url, "sqlite:%.4000s", path);
    now_ms = INT64_C(1773673860000); /* Mon 16 Mar 2026 23:11 +08:00 */
    snprintf(policy, sizeof policy, "%.4000s.policy.json", path);
    if (!write_policy(policy) || !office_store_make(path, policy))
        return -1;
    struct service_config config = {.url = url, .clock = &test_clock, .random = &random_system};
    return service_open(&config, &service, &err) == ST_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    service_close(service);
    return 0;
}

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    place++;
    now_ms += MS_MINUTE;
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* --- giving commands -------------------------------------------------------------------------- */

static void give(const struct actor *who, enum command_type type, const struct uuid *id,
                 const struct value *v, size_t n)
{
    struct command c = {.id = uuid_new(&ids),
                        .case_id = *id,
                        .type = type,
                        .at_ms = now_ms,
                        .values = v,
                        .n_values = n};
    struct outcome o;
    struct errmsg err = {{0}};
    if (service_commands(service, who, &c, 1, &arena, &o, &err) != ST_OK)
        fail_msg("%s", err.text);
    if (o.kind != OUTCOME_APPLIED)
        fail_msg("%s: %s", command_table[type].word, o.problem.detail);
}
#define GIVE(who, type, id, ...)                                                                   \
    give(who, COMMAND_##type, id, (const struct value[]){__VA_ARGS__},                             \
         sizeof((const struct value[]){__VA_ARGS__}) / sizeof(struct value))

static struct uuid logged(const char *phone, const char *category, const char *content)
{
    struct uuid id = uuid_new(&ids);
    now_ms += MS_MINUTE;
    GIVE(&operator_chen, LOG, &id, {FIELD_TYPE, "complaint"}, {FIELD_CATEGORY, category},
         {FIELD_STREET, "1101"}, {FIELD_CONTENT, content}, {FIELD_PHONE, phone},
         {FIELD_TITLE, "夜里施工"}, {FIELD_ANONYMOUS, *phone ? "no" : "yes"},
         {FIELD_POINT, arena_printf(&arena, "工地%d号楼", place)});
    return id;
}

static void dispatched(const struct uuid *id)
{
    GIVE(&dispatcher_sun, DISPATCH, id, {FIELD_UNIT, "1101"});
}

/* The case as it is now. */
static struct casefile seen(const struct uuid *id)
{
    struct casefile c;
    struct errmsg err = {{0}};
    int64_t row;
    if (service_load(service_reader(service, &err), id, &c, &row, &arena, &err) != ST_OK || !row)
        fail_msg("%s", err.text);
    return c;
}

static const char *number(const struct uuid *id)
{
    return seen(id).value[FIELD_NUMBER];
}

static bool sees(const struct actor *who, const struct uuid *id)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    enum status st = service_case(service, who, id, &out, NULL);
    buf_release(&out);
    return st == ST_OK;
}

/* --- repeats ---------------------------------------------------------------------------------- */

static void log__of_the_same_claimant__is_order_two_and_names_the_first(void **state)
{
    (void)state;
    struct uuid one = logged("13800000001", "0602", "施工噪声"),
                two = logged("138-0000-0001", "0602", "又施工，第三次了");
    struct casefile c = seen(&two);
    assert_int_equal(c.version, 2); /* log, and what was found */
    assert_string_equal(c.value[FIELD_REPEAT], "2");
    assert_string_equal(c.value[FIELD_EARLIER], number(&one));
    assert_string_equal(c.value[FIELD_ALIKE], "");
    assert_string_equal(c.value[FIELD_LINKED], ""); /* a person links */
    assert_string_equal(c.value[FIELD_OLD_ORDER], "");
    assert_int_equal(seen(&one).version, 1);
}

static void log__of_another_matter_or_nobody__finds_nothing(void **state)
{
    (void)state;
    struct uuid one = logged("13800000001", "0602", "施工噪声"),
                other = logged("13800000001", "0606", "扬尘"),
                nobody = logged("", "0602", "施工噪声"), again = logged("", "0602", "施工噪声");
    const struct uuid *const all[] = {&one, &other, &nobody, &again};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(seen(all[i]).version, 1);
    now_ms += 90 * (int64_t)MS_DAY;
    struct uuid late = logged("13800000001", "0602", "施工噪声");
    assert_int_equal(seen(&late).version, 1);
}

static void correct__of_phone_and_category__moves_the_match(void **state)
{
    (void)state;
    struct uuid one = logged("13800000009", "0602", "施工噪声");
    GIVE(&operator_chen, CORRECT, &one, {FIELD_FIELD_NAME, "phone"},
         {FIELD_NEW_VALUE, "13800000001"}, {FIELD_REASON, "听错"});
    struct uuid two = logged("13800000001", "0602", "施工噪声");
    assert_string_equal(seen(&two).value[FIELD_EARLIER], number(&one));
    GIVE(&operator_chen, CORRECT, &one, {FIELD_FIELD_NAME, "category"}, {FIELD_NEW_VALUE, "0606"},
         {FIELD_REASON, "扬尘"});
    struct uuid three = logged("13800000001", "0602", "施工噪声");
    assert_string_equal(seen(&three).value[FIELD_EARLIER], number(&two));
}

static void void__order__is_no_candidate(void **state)
{
    (void)state;
    struct uuid one = logged("13800000001", "0602", "测试");
    GIVE(&dispatcher_sun, ASK_VOID, &one, {FIELD_REASON, "测试"});
    GIVE(&dispatcher_fan, CONFIRM_VOID, &one, {FIELD_GRANTED, "yes"});
    struct uuid two = logged("13800000001", "0602", "施工噪声");
    assert_int_equal(seen(&two).version, 1);
}

static void secret__report__is_matched_with_nothing(void **state)
{
    (void)state;
    struct uuid open = logged("13800000001", "0602", "施工噪声"), secret = uuid_new(&ids);
    GIVE(&operator_chen, LOG, &secret, {FIELD_TYPE, "report"}, {FIELD_CATEGORY, "0602"},
         {FIELD_STREET, "1101"}, {FIELD_CONTENT, "无证施工"}, {FIELD_PHONE, "13800000001"},
         {FIELD_SECRET, "yes"}, {FIELD_POINT, arena_printf(&arena, "工地%d号楼", place)});
    struct uuid later = logged("13800000002", "0602", "施工噪声");
    assert_int_equal(seen(&secret).version, 1);
    assert_string_equal(seen(&later).value[FIELD_ALIKE], number(&open));
}

/* --- clusters --------------------------------------------------------------------------------- */

static void cluster__of_three_claimants__warns_the_leader_once(void **state)
{
    (void)state;
    struct uuid one = logged("13800000001", "0602", "施工噪声"),
                two = logged("13800000002", "0602", "施工噪声"),
                again = logged("13800000001", "0602", "还在施工");
    struct casefile c = seen(&again);
    assert_int_equal(c.n_objects, 0); /* two claimants */
    assert_string_equal(c.value[FIELD_REPEAT], "2");
    assert_string_equal(c.value[FIELD_ALIKE], number(&two));
    assert_false(sees(&leader_luo, &again));

    struct uuid three = logged("13800000003", "0602", "施工噪声");
    c = seen(&three);
    assert_int_equal(c.n_objects, 1);
    assert_int_equal(c.objects[0].kind, OBJECT_WARNING);
    assert_string_equal(c.objects[0].class, "W1");
    assert_string_equal(c.objects[0].unit, "1101");
    assert_string_equal(c.objects[0].by_user, "clock");
    assert_non_null(strstr(c.objects[0].text, number(&one)));
    assert_non_null(strstr(c.objects[0].text, number(&again)));
    assert_true(sees(&leader_luo, &three));
    assert_true(sees(&district_he, &three));
    assert_false(sees(&leader_jiang, &three));
    assert_false(sees(&desk_wang, &three)); /* not dispatched yet */

    struct uuid four = logged("13800000004", "0602", "施工噪声");
    assert_int_equal(seen(&four).n_objects, 0);
    c = seen(&three);
    assert_int_equal(c.n_objects, 1);
    assert_non_null(strstr(c.objects[0].text, number(&four)));

    GIVE(&leader_luo, ANSWER_WARNING, &three, {FIELD_FINDING, "今夜到场"});
    struct uuid five = logged("13800000005", "0602", "施工噪声"),
                six = logged("13800000006", "0602", "施工噪声");
    assert_int_equal(seen(&five).n_objects, 0); /* answered: counted anew */
    assert_int_equal(seen(&six).n_objects, 0);
    struct uuid seven = logged("13800000007", "0602", "施工噪声");
    assert_int_equal(seen(&seven).n_objects, 1);
}

static void cluster__over_more_than_the_window__is_none(void **state)
{
    (void)state;
    logged("13800000001", "0602", "施工噪声");
    now_ms += 7 * (int64_t)MS_DAY;
    logged("13800000002", "0602", "施工噪声");
    struct uuid three = logged("13800000003", "0602", "施工噪声");
    assert_int_equal(seen(&three).n_objects, 0);
}

static void merge__of_the_newest__takes_the_warning_to_the_leading_order(void **state)
{
    (void)state;
    char id[UUID_TEXT];
    logged("13800000001", "0602", "施工噪声");
    struct uuid two = logged("13800000002", "0602", "施工噪声");
    dispatched(&two);
    struct uuid three = logged("13800000003", "0602", "施工噪声");
    uuid_format(&two, id);
    GIVE(&dispatcher_sun, MERGE, &three, {FIELD_MERGED_INTO, id});
    struct casefile lead = seen(&two), follower = seen(&three);
    assert_int_equal(follower.state, STATE_MERGED);
    assert_int_equal(casefile_open_objects(&follower, OBJECT_WARNING), 0);
    assert_int_equal(casefile_open_objects(&lead, OBJECT_WARNING), 1);
    assert_non_null(strstr(lead.objects[0].text, number(&three)));
    GIVE(&leader_luo, ANSWER_WARNING, &two, {FIELD_FINDING, "今夜到场"});
    /* the next cluster is warned of on the order that leads */
    logged("13800000004", "0602", "施工噪声");
    logged("13800000005", "0602", "施工噪声");
    struct uuid six = logged("13800000006", "0602", "施工噪声");
    lead = seen(&two);
    assert_int_equal(seen(&six).n_objects, 0);
    assert_int_equal(casefile_open_objects(&lead, OBJECT_WARNING), 1);
}

static void cluster__with_a_leading_order__is_warned_of_on_it(void **state)
{
    (void)state;
    char id[UUID_TEXT];
    struct uuid one = logged("13800000001", "0602", "施工噪声");
    dispatched(&one);
    struct uuid two = logged("13800000002", "0602", "施工噪声");
    uuid_format(&one, id);
    GIVE(&dispatcher_sun, MERGE, &two, {FIELD_MERGED_INTO, id});
    struct uuid three = logged("13800000003", "0602", "施工噪声");
    assert_int_equal(seen(&three).n_objects, 0);
    assert_int_equal(seen(&one).n_objects, 1);
}

static void risk__warns_leader_and_district_at_once(void **state)
{
    (void)state;
    struct uuid id = logged("13800000001", "0602", "工地燃气泄漏");
    struct casefile c = seen(&id);
    assert_int_equal(c.n_objects, 1);
    assert_string_equal(c.objects[0].class, "W3");
    assert_string_equal(c.objects[0].text, "泄漏");
    assert_true(sees(&leader_luo, &id));
    GIVE(&district_he, ANSWER_WARNING, &id, {FIELD_FINDING, "已断气，人员撤离"});
    c = seen(&id);
    assert_int_equal(c.objects[0].state, OBJECT_IS_DONE);
}

/* Last of all: later years are not told to the calendar. */
static void log__whose_warning_cannot_be_given__is_taken_all_the_same(void **state)
{
    (void)state;
    now_ms += 5 * 365 * (int64_t)MS_DAY;
    struct uuid id = logged("13800000001", "0601", "广场舞，有人扬言");
    struct casefile c = seen(&id);
    assert_int_equal(c.state, STATE_WAIT_DISPATCH);
    assert_int_equal(c.n_objects, 0);
}

/* --- for people --------------------------------------------------------------------------------- */

static enum status earlier_of(const struct actor *who, const struct uuid *id, struct earlier *ret,
                              const char **ret_text)
{
    struct buf out;
    struct errmsg err = {{0}};
    buf_init(&out, 1 << 20);
    enum status st = service_earlier(service, who, id, &arena, &out, &err);
    *ret_text = arena_strdup(&arena, out.data ? out.data : "");
    if (st == ST_OK && earlier_decode(out.data, out.len, &arena, ret, &err) != ST_OK)
        fail_msg("%s", err.text);
    buf_release(&out);
    return st;
}

static void earlier__of_a_case__tells_of_others_no_more_than_is_seen(void **state)
{
    struct earlier e;
    const char *text;
    (void)state;
    struct uuid one = logged("13800000001", "0602", "施工噪声"),
                two = logged("13800000002", "0602", "施工噪声"),
                three = logged("13800000001", "0602", "还在施工");
    dispatched(&three);
    dispatched(&one);
    assert_int_equal(earlier_of(&desk_wang, &three, &e, &text), ST_OK);
    assert_string_equal(e.number, number(&three));
    assert_int_equal(e.repeat, 2);
    assert_int_equal(e.n, 2);
    assert_string_equal(e.orders[0].number, number(&one));
    assert_true(e.orders[0].own && e.orders[0].seen);
    assert_int_equal(uuid_compare(&e.orders[0].id, &one), 0);
    assert_string_equal(e.orders[0].title, "夜里施工");
    assert_string_equal(e.orders[1].number, number(&two));
    assert_false(e.orders[1].own || e.orders[1].seen); /* not dispatched: not the street's yet */
    assert_string_equal(e.orders[1].title, "");
    assert_int_equal(e.orders[1].state, STATE_WAIT_DISPATCH);
    assert_string_equal(e.orders[1].category, "0602");
    assert_null(strstr(text, "1380000000"));
    assert_int_equal(earlier_of(&operator_chen, &three, &e, &text), ST_OK);
    assert_true(e.orders[1].seen);
    assert_int_equal(earlier_of(&desk_wang, &two, &e, &text), ST_NOT_FOUND);
    assert_int_equal(earlier_of(&leader_jiang, &three, &e, &text), ST_NOT_FOUND);
    assert_int_equal(earlier_of(&operator_chen, &one, &e, &text), ST_OK);
    assert_int_equal(e.n, 0); /* what came after is not earlier */
    assert_int_equal(e.repeat, 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(log__of_the_same_claimant__is_order_two_and_names_the_first),
        TEST(log__of_another_matter_or_nobody__finds_nothing),
        TEST(correct__of_phone_and_category__moves_the_match),
        TEST(void__order__is_no_candidate),
        TEST(secret__report__is_matched_with_nothing),
        TEST(cluster__of_three_claimants__warns_the_leader_once),
        TEST(cluster__over_more_than_the_window__is_none),
        TEST(merge__of_the_newest__takes_the_warning_to_the_leading_order),
        TEST(cluster__with_a_leading_order__is_warned_of_on_it),
        TEST(risk__warns_leader_and_district_at_once),
        TEST(earlier__of_a_case__tells_of_others_no_more_than_is_seen),
        TEST(log__whose_warning_cannot_be_given__is_taken_all_the_same),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
