/* Emergencies: who may open and close one, the form of a code, which cases lie in one, what joins and what is refused,
 * the clocks of a case that is dispatched into one, and the list as JSON and back. */
#include "core/wire/codec.h"
#include "tests/unit/policy_fixture.h"

static const struct unit units[] = {
    {.code = "11", .name = "x", .name_en = "", .kind = UNIT_DISTRICT, .parent = ""},
    {.code = "1101", .name = "x", .name_en = "", .kind = UNIT_STREET, .parent = "11"},
    {.code = "110101", .name = "x", .name_en = "", .kind = UNIT_COMMUNITY, .parent = "1101"},
    {.code = "1102", .name = "x", .name_en = "", .kind = UNIT_STREET, .parent = "11"},
    {.code = "118001", .name = "x", .name_en = "", .kind = UNIT_DEPT, .parent = "11"},
    {.code = "12", .name = "x", .name_en = "", .kind = UNIT_DISTRICT, .parent = ""},
    {.code = "1201", .name = "x", .name_en = "", .kind = UNIT_STREET, .parent = "12"},
    {.code = "BJ", .name = "x", .name_en = "", .kind = UNIT_HOTLINE, .parent = ""}};
static const struct category categories[] = {
    {.code = "0101", .level1 = "", .level1_en = "", .level2 = "", .level2_en = ""},
    {.code = "0204", .level1 = "", .level1_en = "", .level2 = "", .level2_en = ""},
    {.code = "2102", .level1 = "", .level1_en = "", .level2 = "", .level2_en = ""}};
static const struct reference reference = {.units = units,
                                           .n_units = sizeof units / sizeof *units,
                                           .categories = categories,
                                           .n_categories = 3};
static const char *const street[] = {"1101"}, *const community[] = {"110101"},
                         *const foreign[] = {"1201"}, *const dept[] = {"118001"},
                         *const storms[] = {"21"}, *const homes[] = {"02"},
                         *const nothing[] = {"99"};

static struct emergency storm(const char *code)
{
    return (struct emergency){.code = code,
                              .name = "Storm",
                              .district = "11",
                              .opened_by = "di1",
                              .closed_by = "",
                              .text = "",
                              .opened_ms = at(2026, 3, 11, 8, 0),
                              .closed_ms = TIME_NONE};
}

static void kinds(struct policy *p)
{
    p->n_emergencies = 1;
    p->emergency[0] = (struct emergency_kind){.code = "storm", .zh = "", .en = "storm"};
    for (int c = 0; c < CLOCK_COUNT; c++)
        for (int t = 0; t < TIER_COUNT; t++)
            p->emergency[0].clock[c][t].unit = LIMIT_NONE;
    assert_int_equal(limit_parse("3 hour", &p->emergency[0].clock[CLOCK_HANDLE][TIER_T7D]), true);
    assert_int_equal(limit_parse("9 minute", &p->emergency[0].clock[CLOCK_SIGN][TIER_T7D]), true);
}

static void expect(const struct emergencies *l, const struct actor *who, struct emergency e,
                   enum status want, const char *word)
{
    struct policy p;
    struct errmsg err = {{0}};
    fixture_policy(&p);
    kinds(&p);
    enum status st = emergency_may_open(l, &p, &reference, who, &e, &err);
    if (st != want || (want != ST_OK && !strstr(err.text, word)))
        fail_msg("%s by %s: %s, %s", e.code, who->user, status_word(st), err.text);
}

static void test_open(void **state)
{
    (void)state;
    static const char *const bad[] = {"storm",           "storm-",           "storm-2603",
                                      "storm-20261311",  "storm-20260300",   "storm-20260311-",
                                      "storm-20260311x", "storm-20260311-x", "storm-20260311-1234"};
    const struct emergency one = storm("storm-20260311");
    const struct emergencies none = {0}, open = {.version = 1, .list = &one, .n = 1};
    struct emergency e = storm("storm-20260311");
    expect(&none, &district_1, e, ST_OK, "");
    expect(&none, &dispatcher_1, e, ST_OK, "");
    expect(&open, &district_1, e, ST_CONFLICT, "opened before");
    expect(&open, &district_1, storm("storm-20260311-2"), ST_OK, "");
    expect(&none, &desk_1, e, ST_DENIED, "district or the dispatchers");
    expect(&none, &operator_1, e, ST_DENIED, "district or the dispatchers");
    expect(&none, &district_1, storm("flood-20260311"), ST_INVALID, "no kind");
    expect(&none, &district_1, storm("stor-20260311"), ST_INVALID, "no kind");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect(&none, &district_1, storm(bad[i]), ST_INVALID, "its kind and its day");
    e.district = "12";
    expect(&none, &district_1, e, ST_DENIED, "another district");
    expect(&none, &dispatcher_1, e, ST_OK, "");
    e.areas = street;
    e.n_areas = 1;
    expect(&none, &dispatcher_1, e, ST_INVALID, "\"1101\" is no street");
    e.areas = foreign;
    expect(&none, &dispatcher_1, e, ST_OK, "");
    e.district = "11";
    e.areas = dept;
    expect(&none, &dispatcher_1, e, ST_INVALID, "\"118001\" is no street");
    e.district = "1101";
    expect(&none, &dispatcher_1, e, ST_INVALID, "no district");
    e = storm("storm-20260311");
    e.categories = nothing;
    e.n_categories = 1;
    expect(&none, &district_1, e, ST_INVALID, "No category");
    e = storm("storm-20260311");
    e.name = "";
    expect(&none, &district_1, e, ST_INVALID, "needs a name");
}

static void test_close(void **state)
{
    (void)state;
    static const struct actor other = {"di2", "Di", ROLE_DISTRICT, "12", "", "t"};
    struct errmsg err;
    struct emergency one = storm("storm-20260311");
    const struct emergencies l = {.version = 1, .list = &one, .n = 1};
    assert_int_equal(emergency_may_close(&l, &district_1, "storm-20260311", &err), ST_OK);
    assert_int_equal(emergency_may_close(&l, &dispatcher_1, "storm-20260311", &err), ST_OK);
    assert_int_equal(emergency_may_close(&l, &other, "storm-20260311", &err), ST_DENIED);
    assert_int_equal(emergency_may_close(&l, &desk_1, "storm-20260311", &err), ST_DENIED);
    assert_int_equal(emergency_may_close(&l, &district_1, "storm-2026031", &err), ST_NOT_FOUND);
    one.closed_ms = at(2026, 3, 12, 8, 0);
    assert_int_equal(emergency_may_close(&l, &district_1, "storm-20260311", &err), ST_CONFLICT);
}

static void test_which(void **state)
{
    (void)state;
    struct fixture f;
    struct emergency all[] = {storm("storm-20260311"), storm("storm-20260312"),
                              storm("storm-20260313")};
    const struct emergencies l = {.version = 3, .list = all, .n = 3};
    fixture_begin(&f);
    f.c.value[FIELD_STREET] = "1101";
    f.c.value[FIELD_COMMUNITY] = "110101";
    f.c.value[FIELD_CATEGORY] = "2102";
    all[2].district = "12";
    assert_ptr_equal(emergency_for(&l, &reference, &f.c, "1101"), &all[1]); /* the last opened */
    all[1].closed_ms = at(2026, 3, 12, 8, 0);
    assert_ptr_equal(emergency_for(&l, &reference, &f.c, "1101"), &all[0]);
    all[0].categories = homes;
    all[0].n_categories = 1;
    assert_null(emergency_for(&l, &reference, &f.c, "1101"));
    all[0].categories = storms;
    assert_ptr_equal(emergency_for(&l, &reference, &f.c, "1101"), &all[0]);
    all[0].areas = community;
    all[0].n_areas = 1;
    assert_ptr_equal(emergency_for(&l, &reference, &f.c, "1101"), &all[0]);
    all[0].areas = foreign;
    assert_null(emergency_for(&l, &reference, &f.c, "1101"));
    f.c.value[FIELD_STREET] = f.c.value[FIELD_COMMUNITY] = "";
    all[0].areas = street;
    assert_ptr_equal(emergency_for(&l, &reference, &f.c, "1101"), &all[0]); /* by its unit */
    assert_null(emergency_for(&l, &reference, &f.c, "1102"));
    fixture_end(&f);
}

static void test_join(void **state)
{
    (void)state;
    struct fixture f;
    struct emergency all[] = {storm("storm-20260311"), storm("storm-20260312")};
    const struct emergencies l = {.version = 2, .list = all, .n = 2};
    int64_t now = at(2026, 3, 11, 9, 0);
    fixture_begin(&f);
    kinds(&f.policy);
    f.ctx.reference = &reference;
    f.ctx.emergencies = &l;
    log_case(&f, now, "T7D");
    f.c.value[FIELD_DISTRICT] = "11";
    all[1].closed_ms = now;
#define JOIN(code) run(&f, now, &dispatcher_1, JOIN_EMERGENCY, {FIELD_EMERGENCY, code})
    assert_int_equal(JOIN("storm-1"), REFUSAL_ARGUMENT);
    assert_int_equal(JOIN("storm-20260312"), REFUSAL_WINDOW);
    f.c.value[FIELD_DISTRICT] = "12";
    assert_int_equal(JOIN("storm-20260311"), REFUSAL_REACH);
    f.ctx.emergencies = NULL; /* not known here: the centre decides */
    assert_int_equal(JOIN("storm-1"), REFUSAL_NONE);
    fixture_end(&f);
}

static void test_dispatch(void **state)
{
    (void)state;
    struct fixture f;
    struct emergency one = storm("storm-20260311");
    const struct emergencies l = {.version = 1, .list = &one, .n = 1};
    int64_t now = at(2026, 3, 11, 9, 0);
    fixture_begin(&f);
    kinds(&f.policy);
    f.ctx.reference = &reference;
    f.ctx.emergencies = &l;
    log_case(&f, now, "T7D");
    uint32_t version = f.c.version;
    assert_int_equal(run(&f, now, &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"}), REFUSAL_NONE);
    assert_int_equal(f.decided.n, 2);
    assert_int_equal(f.decided.events[0].type, COMMAND_JOIN_EMERGENCY);
    assert_int_equal(f.decided.events[0].actor.role, ROLE_AUTOMATIC);
    assert_int_equal(f.decided.events[0].seq, version + 1);
    assert_int_equal(f.decided.events[1].type, COMMAND_DISPATCH);
    assert_int_equal(f.decided.events[1].actor.role, ROLE_DISPATCHER);
    assert_string_equal(f.c.value[FIELD_EMERGENCY], "storm-20260311");
    assert_int_equal(due_of(&f, CLOCK_SIGN), now + 9 * MS_MINUTE);
    assert_int_equal(due_of(&f, CLOCK_HANDLE), now + 3 * MS_HOUR);
    fixture_end(&f);
}

static void test_json(void **state)
{
    (void)state;
    struct arena a;
    struct buf text, again;
    struct errmsg err;
    struct emergency all[] = {storm("storm-20260311"), storm("storm-20260312")}, wanted;
    const struct emergencies l = {.version = 7, .list = all, .n = 2};
    struct emergencies back;
    arena_init(&a, 0);
    buf_init(&text, 1 << 16);
    buf_init(&again, 1 << 16);
    all[0].areas = street;
    all[0].n_areas = 1;
    all[0].text = "a \"quoted\"\nline";
    all[1].categories = storms;
    all[1].n_categories = 1;
    all[1].closed_ms = at(2026, 3, 12, 8, 0);
    all[1].closed_by = "dp1";
    emergencies_encode(&text, &l);
    assert_int_equal(emergencies_decode(text.data, text.len, &a, &back, &err), ST_OK);
    assert_int_equal(back.n, 2);
    assert_int_equal(back.list[0].closed_ms, TIME_NONE);
    assert_string_equal(back.list[0].areas[0], "1101");
    assert_string_equal(back.list[1].categories[0], "21");
    assert_int_equal(back.list[1].closed_ms, all[1].closed_ms);
    assert_string_equal(back.list[1].closed_by, "dp1");
    emergencies_encode(&again, &back);
    assert_string_equal(again.data, text.data);
    buf_clear(&text);
    emergency_wanted_encode(&text, &all[0]);
    assert_int_equal(emergency_wanted_decode(text.data, text.len, &a, &wanted, &err), ST_OK);
    assert_string_equal(wanted.areas[0], "1101");
    assert_string_equal(wanted.text, all[0].text);
    static const char *const bad[] = {
        "{}", "{\"version\":1}", "{\"version\":1,\"emergencies\":{}}",
        "{\"version\":1,\"emergencies\":[{\"code\":\"x\"}]}",
        "{\"version\":1,\"emergencies\":[{\"code\":\"x\",\"areas\":[1]}]}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(emergencies_decode(bad[i], strlen(bad[i]), &a, &back, &err), ST_INVALID);
    buf_release(&text);
    buf_release(&again);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open), cmocka_unit_test(test_close),    cmocka_unit_test(test_which),
        cmocka_unit_test(test_join), cmocka_unit_test(test_dispatch), cmocka_unit_test(test_json)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
