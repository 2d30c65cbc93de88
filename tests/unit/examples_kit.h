/*
 * examples_kit.h: what the worked examples of domain.md 14 are played with.
 *
 * Purpose: the shipped policy and calendar, the units of the examples, the centre that takes what one order makes
 *          of another to it, the clock that acts, and words for what is asserted. Times are Beijing time, 2026.
 * Ownership: a struct fixture owns its arena, the policy's text lies in it; fixture_end gives it back.
 */
#ifndef JIBAN_TESTS_EXAMPLES_KIT_H
#define JIBAN_TESTS_EXAMPLES_KIT_H

#include "core/base/paths.h"
#include "core/case/repeat.h"
#include "core/wire/codec.h"
#include "tests/unit/policy_fixture.h"

#include <stdlib.h>

/* Streets A to D are 1101 to 1104 in district 11; sorted by code. */
static const struct unit example_units[] = {
    UNIT("11", "永安区", "district", DISTRICT, "BJ"),
    UNIT("1101", "甲街道", "Street A", STREET, "11"),
    UNIT("110101", "一社区", "community", COMMUNITY, "1101"),
    UNIT("1101S1", "执法队", "enforcement team", SECTION, "1101"),
    UNIT("1101S2", "二站", "station 2", SECTION, "1101"),
    UNIT("1101S3", "施工队", "contractor's team", SECTION, "1101"),
    UNIT("1102", "乙街道", "Street B", STREET, "11"),
    UNIT("1102S1", "物业专班", "property team", SECTION, "1102"),
    UNIT("1103", "丙街道", "Street C", STREET, "11"),
    UNIT("1104", "丁街道", "Street D", STREET, "11"),
    UNIT("1104S1", "城管办", "urban affairs", SECTION, "1104"),
    UNIT("118001", "规划", "planning", DEPT, "11"),
    UNIT("118002", "城管", "urban management", DEPT, "11"),
    UNIT("118003", "生态", "ecology", DEPT, "11"),
    UNIT("118004", "住建", "housing", DEPT, "11"),
    UNIT("118005", "市场", "market supervision", DEPT, "11"),
    UNIT("118008", "消防", "fire", DEPT, "11"),
    UNIT("119001", "热力", "heat firm", FIRM, "11"),
    UNIT("119002", "燃气", "gas firm", FIRM, "11"),
    UNIT("BJ", "热线", "hotline", HOTLINE, "")};
static const struct person example_people[] = {{.user = "ha1",
                                                .name = "甲",
                                                .name_en = "A",
                                                .role = ROLE_HANDLER,
                                                .office = "1101",
                                                .unit = "1101S1"},
                                               {.user = "hn",
                                                .name = "恩",
                                                .name_en = "N",
                                                .role = ROLE_HANDLER,
                                                .office = "1101",
                                                .unit = "1101S1"},
                                               {.user = "hs2",
                                                .name = "站",
                                                .name_en = "S",
                                                .role = ROLE_HANDLER,
                                                .office = "1101",
                                                .unit = "1101S2"}};
static const struct category example_categories[] = {
    {"0101", "公共服务", "utilities", "供暖", "heating", TIER_T24H},
    {"0109", "公共服务", "utilities", "排水", "drainage", TIER_T24H},
    {"0201", "物业管理", "property", "电梯故障", "lift out of service", TIER_T24H},
    {"0203", "物业管理", "property", "公共设施", "shared equipment", TIER_T7D},
    {"0303", "住房", "housing", "外墙", "loose facade", TIER_T2H},
    {"0401", "城乡建设", "construction", "违法建设", "illegal construction", TIER_T15D},
    {"0404", "城乡建设", "construction", "夜间施工", "building at night", TIER_T24H},
    {"0604", "环境保护", "environment", "设备噪声", "machine noise", TIER_T7D},
    {"0804", "公共安全", "safety", "安全隐患", "hazard", TIER_T24H},
    {"0902", "社会秩序", "order", "犬类", "dogs", TIER_T7D},
    {"2205", "其他", "other", "表扬", "praise", TIER_T7D}};
static const struct reference example_reference = {
    .units = example_units,
    .n_units = sizeof example_units / sizeof example_units[0],
    .people = example_people,
    .n_people = sizeof example_people / sizeof example_people[0],
    .categories = example_categories,
    .n_categories = sizeof example_categories / sizeof example_categories[0]};

static const struct actor UNUSED desk_3 = {"de3", "Dc", ROLE_DESK, "1103", "", "t"};
static const struct actor UNUSED desk_4 = {"de4", "Dd", ROLE_DESK, "1104", "", "t"};
static const struct actor UNUSED reviewer_4 = {"re4", "Rd", ROLE_REVIEWER, "1104", "", "t"};
static const struct actor UNUSED planning = {"pl1", "Pl", ROLE_DEPT, "11", "118001", "t"};
static const struct actor UNUSED urban = {"um1", "Um", ROLE_DEPT, "11", "118002", "t"};
static const struct actor UNUSED ecology = {"ec1", "Ec", ROLE_DEPT, "11", "118003", "t"};
static const struct actor UNUSED housing = {"ho1", "Ho", ROLE_DEPT, "11", "118004", "t"};
static const struct actor UNUSED market = {"ms1", "Ms", ROLE_DEPT, "11", "118005", "t"};
static const struct actor UNUSED fire = {"fi1", "Fi", ROLE_DEPT, "11", "118008", "t"};
static const struct actor UNUSED heat = {"he1", "He", ROLE_DEPT, "11", "119001", "t"};
static const struct actor UNUSED gas = {"ga1", "Ga", ROLE_DEPT, "11", "119002", "t"};

/* Meets the shipped checklist: when we spoke, what was found and done, the result, whom to call. */
#define FULL_REPLY                                                                                                 \
    "您好！接到您的反映后，我们已电话与您联系。经查，现场情况与您反映的一致，" \
    "工作人员已安排维修并完成更换，目前问题已解决，使用恢复正常。"                   \
    "如有疑问，请拨打联系电话010-12345678，联系人王工。"

static inline void shipped(const char *name, char **ret, size_t *ret_n)
{
    char path[4096];
    struct errmsg err = {""};
    const char *top = getenv("JIBAN_TOP_SRCDIR");
    (void)snprintf(path, sizeof path, "%s/data/%s", top ? top : ".", name);
    assert_int_equal(file_read(path, 1 << 20, ret, ret_n, &err), ST_OK);
}

/* An order that is not there yet, under the shipped policy; number tells several orders apart. */
static inline void example_begin(struct fixture *f, unsigned char number)
{
    const struct uuid id = {{number}};
    struct errmsg err = {""};
    char *text;
    size_t n;
    memset(f, 0, sizeof *f);
    arena_init(&f->arena, 0);
    shipped("policy.json", &text, &n);
    assert_int_equal(policy_decode(text, n, &f->arena, &f->policy, &err), ST_OK);
    free(text);
    shipped("calendar.json", &text, &n);
    assert_int_equal(calendar_decode(text, n, &f->calendar, &err), ST_OK);
    free(text);
    f->ctx = (struct workflow_context){
        .policy = &f->policy, .calendar = &f->calendar, .reference = &example_reference};
    casefile_init(&f->c, &id, &f->arena);
}

/* Month, day, hour, minute. */
#define T(...) at(2026, __VA_ARGS__)
#define IN(f, x) assert_int_equal((f)->c.state, STATE_##x)
#define DUE(f, clock, ...) assert_int_equal(due_of(f, CLOCK_##clock), T(__VA_ARGS__))
#define FIELD_IS(f, field, text) assert_string_equal((f)->c.value[FIELD_##field], text)
#define REFUSED(code, ...) assert_int_equal(run(__VA_ARGS__), REFUSAL_##code)

static inline void taken_down(struct fixture *f, int64_t now, const char *category,
                              const char *street, const char *content)
{
    must(f, now, &operator_1, LOG, {FIELD_TYPE, "complaint"}, {FIELD_CATEGORY, category},
         {FIELD_STREET, street}, {FIELD_CONTENT, content}, {FIELD_CHANNEL, "phone"},
         {FIELD_CLAIMANT, "张三"}, {FIELD_PHONE, "13800005678"});
    IN(f, WAIT_DISPATCH);
}

#define dispatched(f, now, unit) must(f, now, &dispatcher_1, DISPATCH, {FIELD_UNIT, unit})
#define reached(f, now, who, said)                                                                 \
    must(f, now, who, CONTACT, {FIELD_REACHED, "yes"}, {FIELD_SAID, said})
#define noted(f, now, who, note) must(f, now, who, NOTE, {FIELD_NOTE, note})
#define replied(f, now, who, result)                                                               \
    must(f, now, who, SUBMIT_REPLY, {FIELD_REPLY, FULL_REPLY}, {FIELD_RESULT, result})
#define whistled(f, now, who, kind, units, task)                                                   \
    must(f, now, who, WHISTLE, {FIELD_KIND, kind}, {FIELD_UNITS, units}, {FIELD_TASK, task},       \
         {FIELD_PLACE, "现场"})

static inline void called_back(struct fixture *f, int64_t now, const char *contacted,
                               const char *solved, const char *satisfied, const char *lawful_left)
{
    must(f, now, &callback_1, ATTEMPT, {FIELD_CONNECTED, "yes"});
    must(f, now, &callback_1, RATE, {FIELD_CONTACTED, contacted}, {FIELD_SOLVED, solved},
         {FIELD_SATISFIED, satisfied}, {FIELD_LAWFUL_LEFT, lawful_left});
}

/* What an order's last command makes of another one, done there by the centre. */
static inline void taken_over(const struct fixture *from, size_t i, struct fixture *to)
{
    assert_true(i < from->decided.n_also);
    const struct consequence *k = &from->decided.also[i];
    assert_int_equal(run_list(to, from->ctx.now_ms, &clock_1, k->type, k->values, k->n_values),
                     REFUSAL_NONE);
}

/* The clock wakes at that moment and not before, and does this. */
static inline void clock_does(struct fixture *f, int64_t now, enum command_type expected)
{
    enum command_type type = COMMAND_COUNT;
    const struct value *v = NULL;
    size_t n = 0;
    f->ctx.now_ms = now;
    assert_int_equal(workflow_wake(&f->ctx, &f->c), now);
    assert_true(workflow_automatic(&f->ctx, &f->c, &f->arena, &type, &v, &n));
    assert_int_equal(type, expected);
    assert_int_equal(run_list(f, now, &clock_1, type, v, n), REFUSAL_NONE);
}

/* What the centre finds among other orders, newest first, when this one was logged, done as it does it. */
static inline void looked_up(struct fixture *f, struct fixture *const *others, size_t n)
{
    struct repeat_order orders[8];
    struct repeat_key own, k;
    struct repeat_found found;
    struct consequence steps[REPEAT_STEPS];
    unsigned char claimant[REPEAT_HASH] = {0};
    size_t near = 0;
    char id[UUID_TEXT];
    repeat_key_of(&f->c, &f->arena, &own);
    memcpy(claimant, own.claimant, strlen(own.claimant)); /* here the store has its keyed hash */
    for (size_t i = 0; i < n; i++) {
        const struct casefile *c = &others[i]->c;
        repeat_key_of(c, &f->arena, &k);
        if (strcmp(k.category, own.category) != 0 || strcmp(k.place, own.place) != 0)
            continue;
        orders[near] = (struct repeat_order){.id = c->id,
                                             .number = c->value[FIELD_NUMBER],
                                             .state = c->state,
                                             .created_ms = c->created_ms,
                                             .leads = *c->value[FIELD_FOLLOWERS],
                                             .warned = casefile_open_objects(c, OBJECT_WARNING) > 0,
                                             .warned_ms = TIME_NONE};
        memcpy(orders[near++].claimant, k.claimant, strlen(k.claimant));
    }
    repeat_sort(&f->policy, f->c.created_ms, claimant, orders, near, orders, near, &found);
    n = repeat_steps(&f->c, &f->policy, own.by, &found, &f->arena, steps);
    uuid_format(&f->c.id, id);
    for (size_t i = 0; i < n; i++) { /* none of the examples has it on another order */
        assert_string_equal(steps[i].target, id);
        assert_int_equal(
            run_list(f, f->ctx.now_ms, &clock_1, steps[i].type, steps[i].values, steps[i].n_values),
            REFUSAL_NONE);
    }
}

/* Minutes from the start of a clock to its stop. */
static inline int64_t minutes_used(const struct fixture *f, enum clock_id clock)
{
    assert_int_equal(f->c.clock[clock].status, CLOCK_STOPPED);
    return (f->c.clock[clock].stopped_ms - f->c.clock[clock].started_ms) / MS_MINUTE;
}
#define USED(f, clock, hours, minutes)                                                             \
    assert_int_equal(minutes_used(f, CLOCK_##clock), (hours)*60 + (minutes))

/* "On time" goes by the due time as it was started, "in lawful time" by the one that was granted (7.7). */
static inline bool on_time(const struct fixture *f)
{
    const struct clock_run *run = &f->c.clock[CLOCK_HANDLE];
    return run->status == CLOCK_STOPPED && run->stopped_ms <= run->first_due_ms;
}

static inline bool in_lawful_time(const struct fixture *f)
{
    const struct clock_run *run = &f->c.clock[CLOCK_HANDLE];
    return run->status == CLOCK_STOPPED && run->stopped_ms <= run->due_ms;
}

static inline const struct clock_run *object_clock(const struct fixture *f, uint32_t object,
                                                   enum clock_id clock)
{
    const struct object *o = casefile_object(&f->c, object);
    assert_non_null(o);
    for (int i = 0; i < OBJECT_CLOCKS; i++)
        if (o->clock[i].id == clock)
            return &o->clock[i].run;
    fail_msg("object %u has no clock %s", object, clock_table[clock].word);
    return NULL;
}
#define OBJECT_DUE(f, object, clock, ...)                                                          \
    assert_int_equal(object_clock(f, object, CLOCK_##clock)->due_ms, T(__VA_ARGS__))
#define OBJECT_IN(f, object, x)                                                                    \
    assert_int_equal(casefile_object(&(f)->c, object)->state, OBJECT_IS_##x)

/* Minutes by which a department came late; negative: it came so long before. */
static inline int64_t minutes_late(const struct fixture *f, uint32_t whistle)
{
    const struct object *o = casefile_object(&f->c, whistle);
    assert_int_not_equal(o->arrived_ms, TIME_NONE);
    return (o->arrived_ms - object_clock(f, whistle, CLOCK_WHISTLE_ARRIVE)->due_ms) / MS_MINUTE;
}

#endif
