/* Limits against dates worked out by hand (domain.md 3.4). */
#include "core/case/calendar.h"
#include "core/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int64_t at(int year, int month, int day, int hour, int minute)
{
    struct civil t = {.year = year, .month = month, .day = day, .hour = hour, .minute = minute};
    return civil_to_ms(&t, BEIJING_OFFSET_MS);
}

static struct calendar y2026(void)
{
    struct calendar c;
    calendar_init(&c);
    calendar_know(&c, 2026);
    for (int d = 15; d <= 23; d++)
        calendar_mark(&c, 2026, 2, d, DAY_OFF);
    calendar_mark(&c, 2026, 2, 14, DAY_WORKED);
    calendar_mark(&c, 2026, 2, 28, DAY_WORKED);
    return c;
}

static int64_t due(enum day_rule rule, const char *text, int64_t from)
{
    struct calendar c = y2026();
    struct limit limit;
    int64_t ms = 0;
    assert_true(limit_parse(text, &limit));
    assert_int_equal(limit_due(&c, rule, limit, from, &ms, NULL), ST_OK);
    return ms;
}

static void test_working_day(void **state)
{
    (void)state;
    assert_int_equal(due(DAY_RULE_EXACT, "1 working_day", at(2026, 3, 13, 16, 0)),
                     at(2026, 3, 16, 16, 0));
    assert_int_equal(due(DAY_RULE_EXACT, "3 working_day", at(2026, 3, 18, 14, 10)),
                     at(2026, 3, 23, 14, 10)); /* E7 */
    /* Sat 14 Feb is worked, then the Spring Festival until the 23rd */
    assert_int_equal(due(DAY_RULE_EXACT, "1 working_day", at(2026, 2, 13, 16, 0)),
                     at(2026, 2, 14, 16, 0));
    assert_int_equal(due(DAY_RULE_EXACT, "1 working_day", at(2026, 2, 14, 16, 0)),
                     at(2026, 2, 24, 16, 0));
}

/* Duty is 9:00-12:00 and 13:30-18:00. What is counted to the end of a duty period falls due with it, not when the
 * next one begins; what starts out of duty starts with the next. */
static void test_edges_of_duty(void **state)
{
    (void)state;
    assert_int_equal(due(DAY_RULE_EXACT, "1 working_day", at(2026, 3, 12, 9, 0)),
                     at(2026, 3, 12, 18, 0));
    assert_int_equal(due(DAY_RULE_EXACT, "1 working_day", at(2026, 3, 12, 7, 15)),
                     at(2026, 3, 12, 18, 0));
    assert_int_equal(due(DAY_RULE_EXACT, "1 working_day", at(2026, 3, 12, 18, 0)),
                     at(2026, 3, 13, 18, 0));
    assert_int_equal(due(DAY_RULE_EXACT, "1 working_day", at(2026, 3, 12, 12, 0)),
                     at(2026, 3, 13, 12, 0));
    assert_int_equal(due(DAY_RULE_EXACT, "1 working_day", at(2026, 3, 12, 13, 0)),
                     at(2026, 3, 13, 12, 0));
    assert_int_equal(due(DAY_RULE_EXACT, "1 working_day", at(2026, 3, 13, 20, 0)),
                     at(2026, 3, 16, 18, 0));
}

static void test_unknown_year_is_refused(void **state)
{
    (void)state;
    struct calendar c = y2026();
    struct limit limit = {1, LIMIT_WORKING_DAY};
    struct errmsg err = {""};
    int64_t ms = 7;
    assert_int_equal(limit_due(&c, DAY_RULE_EXACT, limit, at(2027, 3, 1, 9, 0), &ms, &err),
                     ST_NOT_FOUND);
    assert_int_equal(ms, 7);
    assert_non_null(strstr(err.text, "2027"));
}

static void test_hours_and_day_rules(void **state)
{
    (void)state;
    int64_t from = at(2026, 3, 12, 16, 22);
    assert_int_equal(due(DAY_RULE_EXACT, "24 hour", from), at(2026, 3, 13, 16, 22));
    assert_int_equal(due(DAY_RULE_EXACT, "7 day", from), at(2026, 3, 19, 16, 22)); /* E5 */
    assert_int_equal(due(DAY_RULE_END_OF_DAY, "7 day", from), at(2026, 3, 20, 0, 0));
    assert_int_equal(due(DAY_RULE_CIVIL, "2 day", from), at(2026, 3, 17, 0, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_working_day), cmocka_unit_test(test_edges_of_duty),
        cmocka_unit_test(test_unknown_year_is_refused), cmocka_unit_test(test_hours_and_day_rules)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
