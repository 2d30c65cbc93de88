/* The fold of events, masks, checks of values and lookups. */
#include "tests/unit/policy_fixture.h"

static void gap_changes_nothing(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f);
    log_case(&f, at(2026, 3, 11, 8, 0), "T24H");
    struct casefile before = f.c;
    struct event e = *f.last;
    for (uint32_t seq = 0; seq < 5; seq++) {
        struct errmsg err = {""};
        if (seq == 2)
            continue;
        e.seq = seq;
        assert_int_equal(casefile_apply(&f.c, &e, &err), ST_CORRUPT);
        assert_true(*err.text);
        assert_memory_equal(&before, &f.c, sizeof before);
    }
    fixture_end(&f);
}

static void fold_counts_and_keeps(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f);
    assert_int_equal(f.c.state, STATE_NEW);
    assert_int_equal(casefile_next_due(&f.c, NULL), CLOCK_COUNT);
    log_case(&f, at(2026, 3, 11, 8, 0), "T24H");
    must(&f, at(2026, 3, 11, 8, 5), &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    assert_int_equal(f.c.version, 2);
    assert_int_equal(f.c.dispatched, 1);
    assert_int_equal(f.c.created_ms, at(2026, 3, 11, 8, 0));
    assert_int_equal(f.c.changed_ms, at(2026, 3, 11, 8, 5));
    assert_string_equal(f.c.state_by.name, "Dp");
    assert_int_equal(casefile_tier(&f.c), TIER_T24H);
    int64_t due = 0;
    assert_int_equal(casefile_next_due(&f.c, &due), CLOCK_SIGN);
    assert_int_equal(due, at(2026, 3, 11, 8, 35));
    must(&f, at(2026, 3, 11, 8, 6), &desk_1, NOTE, {FIELD_NOTE, "n"});
    assert_string_equal(f.c.value[FIELD_NOTE], ""); /* stands in the event only */
    assert_string_equal(f.c.value[FIELD_PHONE], "13800005678");
    fixture_end(&f);
}

static void masks(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    assert_string_equal(field_masked(FIELD_CLAIMANT, "张秀兰", &a), "张*");
    assert_string_equal(field_masked(FIELD_CLAIMANT, "𠮷野芳", &a), "𠮷*");
    assert_string_equal(field_masked(FIELD_PHONE, "13812345678", &a), "138****5678");
    assert_string_equal(field_masked(FIELD_PHONE, "110", &a), "****");
    assert_string_equal(field_masked(FIELD_POINT, "幸福里4号楼1单元302", &a), "幸福里4号楼***");
    assert_string_equal(field_masked(FIELD_TITLE, "灯不亮", &a), "灯不亮");
    assert_string_equal(field_masked(FIELD_PHONE, "", &a), "");
    arena_release(&a);
}

static void checks_of_values(void **state)
{
    (void)state;
    static const struct {
        enum field field;
        const char *text, *out; /* out NULL: refused */
    } rows[] = {{FIELD_TITLE, "灯", "灯"},
                {FIELD_TITLE, "two\nlines", NULL},
                {FIELD_TITLE, "\xff", NULL},
                {FIELD_CONTENT, "two\nlines", "two\nlines"},
                {FIELD_CALL_TIME, "2026-03-11T00:05:00Z", "2026-03-11T08:05:00+08:00"},
                {FIELD_CALL_TIME, "yesterday", NULL},
                {FIELD_SECRET, "是", "yes"},
                {FIELD_SECRET, "false", "no"},
                {FIELD_SECRET, "maybe", NULL},
                {FIELD_TYPE, "help", "help"},
                {FIELD_TYPE, "hel", NULL},
                {FIELD_TYPE, "help|complaint", NULL},
                {FIELD_UNIT, "1101", "1101"},
                {FIELD_UNIT, "11/01", NULL},
                {FIELD_HANDLER, "ha1", "ha1"},
                {FIELD_HANDLER, "a b", NULL},
                {FIELD_CATEGORY, "0101", "0101"},
                {FIELD_CATEGORY, "$x", NULL},
                {FIELD_TITLE, NULL, NULL},
                {FIELD_NONE, "x", NULL}};
    struct arena a;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *out = "untouched";
        struct errmsg err = {""};
        enum status st = value_check(rows[i].field, rows[i].text, &a, &out, &err);
        assert_int_equal(st, rows[i].out ? ST_OK : ST_INVALID);
        assert_string_equal(out, rows[i].out ? rows[i].out : "untouched");
        assert_true(rows[i].out ? !*err.text : *err.text);
    }
    char line[3 * 201 + 1] = "";
    const char *out = NULL;
    for (int i = 0; i < 200; i++)
        memcpy(line + 3 * i, "字", 4);
    assert_int_equal(value_check(FIELD_TITLE, line, &a, &out, NULL), ST_OK);
    memcpy(line + 600, "字", 4);
    assert_int_equal(value_check(FIELD_TITLE, line, &a, &out, NULL), ST_INVALID);
    arena_release(&a);
}

static void lookups(void **state)
{
    (void)state;
    for (int i = 0; i < STATE_COUNT; i++)
        assert_int_equal(state_find(state_table[i].word), i);
    for (int i = 0; i < ROLE_COUNT; i++)
        assert_int_equal(role_find(role_table[i].word), i);
    for (int i = 0; i < CLOCK_COUNT; i++)
        assert_int_equal(clock_find(clock_table[i].word), i);
    for (int i = 0; i < FIELD_COUNT; i++)
        assert_int_equal(field_find(field_table[i].word), i);
    for (int i = 0; i < COMMAND_COUNT; i++)
        assert_int_equal(command_find(command_table[i].word), i);
    for (int i = 0; i < TIER_COUNT; i++)
        assert_int_equal(tier_find(tier_word[i]), i);
    assert_int_equal(command_find("submit-reply"), COMMAND_SUBMIT_REPLY);
    assert_int_equal(command_find("reply"), COMMAND_SUBMIT_REPLY);
    assert_int_equal(command_find("submit"), COMMAND_COUNT);
    assert_int_equal(state_find(""), STATE_COUNT);
    assert_int_equal(field_find(NULL), FIELD_COUNT);
    assert_int_equal(tier_find("t2h"), TIER_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gap_changes_nothing), cmocka_unit_test(fold_counts_and_keeps),
        cmocka_unit_test(masks), cmocka_unit_test(checks_of_values), cmocka_unit_test(lookups)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
