/* Times as a clerk types them. */
#include "core/base/clock.h"
#include "tui/widget/when.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Tue 10 Mar 2026 09:30 in Beijing */
static int64_t now(void)
{
    int64_t ms;
    assert_int_equal(rfc3339_parse("2026-03-10T09:30:00+08:00", &ms), 0);
    return ms;
}

static void good(const char *text, const char *wanted)
{
    int64_t ms, want;
    if (!when_parse(text, now(), &ms))
        fail_msg("\"%s\" is not understood", text);
    assert_int_equal(rfc3339_parse(wanted, &want), 0);
    if (ms != want)
        fail_msg("\"%s\" is %lld ms off", text, (long long)(ms - want));
}

static void typed_times_are_understood(void **state)
{
    (void)state;
    good("now", "2026-03-10T09:30:00+08:00");
    good("08:05", "2026-03-10T08:05:00+08:00");
    good("8:05", "2026-03-10T08:05:00+08:00");
    good("-10m", "2026-03-10T09:20:00+08:00");
    good("-2h", "2026-03-10T07:30:00+08:00");
    good("03-09 14:05", "2026-03-09T14:05:00+08:00");
    good("12-31 23:00", "2025-12-31T23:00:00+08:00");
    good("2026-03-01 14:05", "2026-03-01T14:05:00+08:00");
    good("2026-03-01T14:05:00+08:00", "2026-03-01T14:05:00+08:00");
}

static void anything_else_is_not(void **state)
{
    static const char *const bad[] = {
        "",      " ",           "later",       "25:00",
        "12:60", "13-01 10:00", "02-30 10:00", "-m",
        "10m10", "2026-03-10",  "::",          "-99999999999999999999m"};
    int64_t ms;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (when_parse(bad[i], now(), &ms))
            fail_msg("\"%s\" is taken for a time", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_times_are_understood),
        cmocka_unit_test(anything_else_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
