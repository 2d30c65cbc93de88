/* Dates by hand, RFC 3339, the clock of practice. */
#include "core/base/clock.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_known_dates(void **state)
{
    (void)state;
    struct civil c = civil_from_ms(0, BEIJING_OFFSET_MS);
    assert_int_equal(c.year, 1970);
    assert_int_equal(c.hour, 8);
    assert_int_equal(c.weekday, 4); /* a Thursday */
    c = civil_from_ms(INT64_C(1709222399999), 0);
    assert_int_equal(c.year * 10000 + c.month * 100 + c.day, 20240229);
    assert_int_equal(c.hour * 10000 + c.minute * 100 + c.second, 155959);
    assert_int_equal(c.ms, 999);
    c = civil_from_ms(-1, 0);
    assert_int_equal(c.year * 10000 + c.month * 100 + c.day, 19691231);
    assert_int_equal(c.ms, 999);
    assert_int_equal(c.weekday, 3);
}

static void test_every_day_comes_back(void **state)
{
    (void)state;
    int weekday = 4, day = 0, month = 1, year = 1970;
    for (int64_t ms = 0; year < 2201; ms += MS_DAY) {
        if (++day > civil_days_in_month(year, month)) {
            day = 1;
            month = month % 12 + 1;
            year += month == 1;
        }
        struct civil c = civil_from_ms(ms + 12345678, 0);
        assert_int_equal(c.year * 10000 + c.month * 100 + c.day, year * 10000 + month * 100 + day);
        assert_int_equal(c.weekday, weekday);
        assert_int_equal(civil_to_ms(&c, 0), ms + 12345678);
        weekday = (weekday + 1) % 7;
    }
    assert_int_equal(civil_days_in_month(1900, 2), 28);
    assert_int_equal(civil_days_in_month(2000, 2), 29);
    assert_int_equal(civil_days_in_month(2026, 13), 0);
}

static void test_rfc3339_format(void **state)
{
    (void)state;
    char text[RFC3339_SIZE];
    rfc3339_format(INT64_C(1795478400123), BEIJING_OFFSET_MS, text);
    assert_string_equal(text, "2026-11-24T08:00:00.123+08:00");
    rfc3339_format(INT64_C(1795478400000), 0, text);
    assert_string_equal(text, "2026-11-24T00:00:00+00:00");
    rfc3339_format(INT64_C(1795478400000), -(5 * MS_HOUR + 30 * MS_MINUTE), text);
    assert_string_equal(text, "2026-11-23T18:30:00-05:30");
}

static void test_rfc3339_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {
        {"2026-11-24T08:00:00.123+08:00", INT64_C(1795478400123)},
        {"2026-11-24t00:00:00z", INT64_C(1795478400000)},
        {"2026-11-24 00:00:00.1Z", INT64_C(1795478400100)},
        {"2026-11-24T00:00:00.1239999999999999999Z", INT64_C(1795478400123)},
        {"2026-11-23T18:30:00-05:30", INT64_C(1795478400000)},
        {"2016-12-31T23:59:60Z", INT64_C(1483228800000)},
        {"2024-02-29T00:00:00Z", INT64_C(1709164800000)},
    };
    static const char *const bad[] = {"",
                                      "2026-11-24",
                                      "2026-11-24T08:00:00",
                                      "2026-11-24T08:00Z",
                                      "2026-11-24T08:00:00.Z",
                                      "2026-11-24T24:00:00Z",
                                      "2026-11-24T08:60:00Z",
                                      "2026-11-24T08:00:61Z",
                                      "2026-02-29T00:00:00Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-01-00T00:00:00Z",
                                      "2026-11-24T08:00:00+0800",
                                      "2026-11-24T08:00:00+24:00",
                                      "2026-11-24T08:00:00Zx",
                                      "2026-11-24T08:00:00Z ",
                                      " 2026-11-24T08:00:00Z",
                                      "26-11-24T08:00:00Z",
                                      "2026-11-24T08:00:00+",
                                      "2026-1",
                                      "+026-11-24T08:00:00Z"};
    int64_t ms;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ms = 7;
        assert_int_equal(rfc3339_parse(good[i].text, &ms), 0);
        assert_int_equal(ms, good[i].ms);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ms = 7;
        if (rfc3339_parse(bad[i], &ms) != -1)
            fail_msg("\"%s\" was read", bad[i]);
        assert_int_equal(ms, 7);
    }
}

static int64_t now_ms;
static int64_t by_hand(void *self)
{
    (void)self;
    return now_ms;
}

static void test_scaled(void **state)
{
    (void)state;
    const struct clock base = {.wall_ms = by_hand, .mono_ms = by_hand};
    struct clock_scaled scaled;
    now_ms = 5000;
    struct clock c = clock_scaled_init(&scaled, &base, INT64_C(1795478400000), 60);
    assert_int_equal(clock_wall(&c), INT64_C(1795478400000));
    int64_t mono = clock_mono(&c);
    now_ms += 1000;
    assert_int_equal(clock_wall(&c), INT64_C(1795478460000));
    assert_int_equal(clock_mono(&c) - mono, 60000);
}

static void test_system_mono_never_goes_back(void **state)
{
    (void)state;
    int64_t last = clock_mono(&clock_system);
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_mono(&clock_system);
        assert_true(now >= last);
        last = now;
    }
    assert_true(clock_wall(&clock_system) > INT64_C(1577836800000)); /* after 2020 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_dates),    cmocka_unit_test(test_every_day_comes_back),
        cmocka_unit_test(test_rfc3339_format), cmocka_unit_test(test_rfc3339_parse),
        cmocka_unit_test(test_scaled),         cmocka_unit_test(test_system_mono_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
