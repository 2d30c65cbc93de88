/* What a time left looks like: the marks of the policy decide, in the list and on the page alike. */
#include "core/base/clock.h"
#include "tui/view/left_draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const int64_t began = 1000 * (int64_t)MS_HOUR,
                     due = 1100 * (int64_t)MS_HOUR; /* 1 % is an hour */

static enum theme_role after(const struct policy *p, int64_t hours)
{
    return draw_left_role(p, began, due, began + hours * MS_HOUR);
}

static void a_clock_turns_amber_and_red(void **state)
{
    (void)state;
    assert_int_equal(after(NULL, 0), THEME_PLAIN);
    assert_int_equal(after(NULL, 74), THEME_PLAIN);
    assert_int_equal(after(NULL, 75), THEME_WARN);
    assert_int_equal(after(NULL, 89), THEME_WARN);
    assert_int_equal(after(NULL, 90), THEME_OVERDUE);
    assert_int_equal(after(NULL, 101), THEME_OVERDUE);
    assert_int_equal(draw_left_role(NULL, TIME_NONE, TIME_NONE, began), THEME_PLAIN);
}

static void the_policy_says_when(void **state)
{
    const struct policy p = {.warn_mark = {10, 20, 30, 100}};
    (void)state;
    assert_int_equal(after(&p, 19), THEME_PLAIN);
    assert_int_equal(after(&p, 20), THEME_WARN);
    assert_int_equal(after(&p, 30), THEME_OVERDUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_turns_amber_and_red),
        cmocka_unit_test(the_policy_says_when),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
