/* Values and people as they are read: words for codes, lists, names by language; and a refusal that names who, when. */
#include "core/base/i18n.h"
#include "core/case/shown.h"
#include "tests/unit/policy_fixture.h"

static struct arena arena;

static const char *shown(enum field field, const char *text, bool chinese)
{
    return value_shown(field, text, &fixture_reference, chinese, &arena);
}

static void codes_are_words(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    assert_string_equal(shown(FIELD_UNIT, "1101", true), "甲街道");
    assert_string_equal(shown(FIELD_UNIT, "7777", true), "7777");
    assert_string_equal(shown(FIELD_HANDLER, "ha1", false), "A");
    assert_string_equal(shown(FIELD_CATEGORY, "0101", false), "utilities / heating");
    assert_string_equal(shown(FIELD_RESULT, "not", false), "not solved");
    assert_string_equal(shown(FIELD_ANONYMOUS, "yes", false), "yes");
    assert_string_equal(shown(FIELD_EXCLUSION, "X6", false), "X6 unreasonable");
    assert_string_equal(shown(FIELD_LATE_CLOCK, "handle", false), "resolve");
    assert_string_equal(shown(FIELD_NOTE, "yes", false), "yes");
    assert_string_equal(value_shown(FIELD_UNIT, "1101", NULL, true, &arena), "1101");
    arena_release(&arena);
}

static void lists_are_taken_apart(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    assert_string_equal(shown(FIELD_HANDLED_BY, "1101 7777", false), "A (1101), 7777");
    assert_string_equal(shown(FIELD_UNITS, "1101,118008", true), "甲街道（1101）、消防（118008）");
    assert_string_equal(shown(FIELD_HANDLED_BY, "", true), "");
    assert_string_equal(shown(FIELD_VULNERABLE, "aged, disabled", false),
                        "aged person, disabled person");
    /* what an operator wrote in words stays as it is, known words in it too */
    assert_string_equal(shown(FIELD_VULNERABLE, "aged, 行动不便", true), "aged, 行动不便");
    assert_string_equal(shown(FIELD_FIRST_RATING, "yes/not/no_answer", false),
                        "was contacted, not solved, no answer");
    assert_string_equal(shown(FIELD_FIRST_RATING, "yes", false), "was contacted");
    arena_release(&arena);
}

static void people_have_the_name_of_the_language(void **state)
{
    const struct actor unknown = {.user = "x1", .name = "某人"}, bare = {.user = "x1", .name = ""};
    (void)state;
    assert_string_equal(reference_actor_name(&fixture_reference, &handler_1, true), "甲");
    assert_string_equal(reference_actor_name(&fixture_reference, &handler_1, false), "A");
    assert_string_equal(reference_actor_name(NULL, &handler_1, false), "Ha");
    assert_string_equal(reference_actor_name(&fixture_reference, &unknown, false), "某人");
    assert_string_equal(reference_actor_name(&fixture_reference, &bare, false), "x1");
    assert_string_equal(reference_actor_name(NULL, &clock_1, false), "the clock");
}

/* The day stands there when it was another one. */
static void a_refusal_says_who_and_when(void **state)
{
    struct fixture f;
    struct reference people = {.people = fixture_reference.people,
                               .n_people = fixture_reference.n_people};
    (void)state;
    fixture_begin(&f);
    log_case(&f, at(2026, 3, 11, 8, 0), "T24H");
    must(&f, at(2026, 3, 11, 8, 5), &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    must(&f, at(2026, 3, 11, 8, 6), &desk_1, SIGN, );
    assert_int_equal(run(&f, at(2026, 3, 11, 8, 7), &desk_1, SIGN, ), REFUSAL_STATE);
    assert_string_equal(f.why.text,
                        "This was done already: it stands at \"signed\" (by De, 08:06).");
    assert_int_equal(run(&f, at(2026, 3, 12, 0, 1), &desk_1, SIGN, ), REFUSAL_STATE);
    assert_string_equal(f.why.text,
                        "This was done already: it stands at \"signed\" (by De, 03-11 08:06).");
    f.ctx.reference = &people;
    f.c.state_by = handler_1;
    f.c.state_how = COMMAND_NOTE;
    assert_int_equal(run(&f, at(2026, 3, 12, 0, 1), &desk_1, SIGN, ), REFUSAL_STATE);
    assert_string_equal(
        f.why.text,
        "The case stands at \"signed\" (by A, 03-11 08:06): \"sign\" is not possible now.");
    fixture_end(&f);
}

static void punctuation_is_of_the_language(void **state)
{
    (void)state;
    for (int i = 0; i < MARK_KINDS; i++) {
        assert_in_range((unsigned char)*i18n_mark((enum punctuation)i, false), 1, 127);
        assert_in_range((unsigned char)*i18n_mark((enum punctuation)i, true), 128, 255);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(codes_are_words),
                                       cmocka_unit_test(lists_are_taken_apart),
                                       cmocka_unit_test(people_have_the_name_of_the_language),
                                       cmocka_unit_test(a_refusal_says_who_and_when),
                                       cmocka_unit_test(punctuation_is_of_the_language)};
    return cmocka_run_group_tests_name("unit/shown", tests, NULL, NULL);
}
