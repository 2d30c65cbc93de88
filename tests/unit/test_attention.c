/* The gate of all notices: a table of times, what is held back, and the one digest behind the quiet hours. */
#include "tui/attention.h"
#include "core/base/clock.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int64_t at(int hour, int minute)
{
    struct civil t = {.year = 2026, .month = 11, .day = 24, .hour = hour, .minute = minute};
    return civil_to_ms(&t, BEIJING_OFFSET_MS);
}

static void test_times(void **state)
{
    (void)state;
    static const struct {
        const char *quiet;
        int hour, minute;
        bool is;
    } row[] = {
        {"22:00-07:00", 21, 59, false},
        {"22:00-07:00", 22, 0, true},
        {"22:00-07:00", 0, 0, true},
        {"22:00-07:00", 6, 59, true},
        {"22:00-07:00", 7, 0, false},
        {"12:00-13:30", 11, 59, false},
        {"12:00-13:30", 12, 0, true},
        {"12:00-13:30", 13, 29, true},
        {"12:00-13:30", 13, 30, false},
        {"08:00-08:00", 8, 0, false},
        {"", 3, 0, false},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct attention_quiet q;
        assert_true(attention_quiet_read(row[i].quiet, &q));
        assert_int_equal(attention_is_quiet(&q, at(row[i].hour, row[i].minute)), row[i].is);
    }
}

static void test_bad_times(void **state)
{
    (void)state;
    static const char *const bad[] = {"22:00",       "24:00-07:00", "22:60-07:00", "22:00 07:00",
                                      "22:00-07:0x", "22.00-07:00", "2200-0700",   "22:00-07:000"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct attention_quiet q = {1, 2};
        assert_false(attention_quiet_read(bad[i], &q));
        assert_true(q.from == 1 && q.to == 2);
    }
}

static void test_gate(void **state)
{
    (void)state;
    struct attention a = {.quiet = {22 * 60, 7 * 60}};
    int got[ATTENTION_CLASSES];
    assert_false(attention_take(&a, at(21, 0), got));
    attention_count(&a, ATTENTION_SOON);
    assert_true(attention_take(&a, at(21, 0), got));
    assert_int_equal(got[ATTENTION_SOON], 1);
    assert_false(attention_take(&a, at(21, 1), got)); /* once */
    attention_count(&a, ATTENTION_SOON);
    attention_count(&a, ATTENTION_OVERDUE);
    attention_count(&a, ATTENTION_OVERDUE);
    assert_false(attention_take(&a, at(23, 0), got)); /* held back */
    attention_count(&a, ATTENTION_URGENT);
    assert_true(attention_take(&a, at(23, 1), got));
    assert_int_equal(got[ATTENTION_URGENT], 1);
    assert_int_equal(got[ATTENTION_OVERDUE], 0);
    assert_false(attention_take(&a, at(6, 59), got));
    assert_true(attention_take(&a, at(7, 0), got)); /* all of the night at once */
    assert_int_equal(got[ATTENTION_SOON], 1);
    assert_int_equal(got[ATTENTION_OVERDUE], 2);
    assert_int_equal(got[ATTENTION_URGENT], 0);
    assert_false(attention_take(&a, at(7, 1), got));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_bad_times),
        cmocka_unit_test(test_gate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
