/* Times as a clerk types them. */
#include "core/base/clock.h"
#include "tui/widget/when.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

/* now is a Tuesday */
static void said_times_are_understood(void **state)
{
    static const struct {
        const char *said, *means; /* without the seconds and the offset */
    } row[] = {{"tomorrow 15:00", "2026-03-11T15:00"},
               {"Today 9", "2026-03-10T09:00"},
               {"yesterday", "2026-03-09T09:00"},
               {"fri 14:00", "2026-03-13T14:00"},
               {"Friday afternoon", "2026-03-13T14:00"},
               {"tue 8:00", "2026-03-10T08:00"},
               {"monday", "2026-03-16T09:00"},
               {"next monday", "2026-03-16T09:00"},
               {"next fri 3pm", "2026-03-20T15:00"},
               {"24 Nov 15:00", "2025-11-24T15:00"},
               {"Apr 2", "2026-04-02T09:00"},
               {"2026-03-10", "2026-03-10T09:00"},
               {"12pm", "2026-03-10T12:00"},
               {"12am", "2026-03-10T00:00"},
               {"+3d", "2026-03-13T09:30"},
               {"今天15:30", "2026-03-10T15:30"},
               {"明天下午3点", "2026-03-11T15:00"},
               {"明天 下午3点半", "2026-03-11T15:30"},
               {"后天上午", "2026-03-12T09:00"},
               {"周五下午", "2026-03-13T14:00"},
               {"星期日晚上", "2026-03-15T20:00"},
               {"下周一 9:00", "2026-03-16T09:00"},
               {"下周五", "2026-03-20T09:00"},
               {"中午", "2026-03-10T12:00"},
               {"中午12点半", "2026-03-10T12:30"},
               {"晚上8点", "2026-03-10T20:00"},
               {"3小时后", "2026-03-10T12:30"},
               {"半小时后", "2026-03-10T10:00"},
               {"10分钟前", "2026-03-10T09:20"},
               {"2天后", "2026-03-12T09:30"},
               {"3月11日15时20分", "2026-03-11T15:20"},
               {"2026年4月1日8点", "2026-04-01T08:00"},
               {"１５：３０", "2026-03-10T15:30"},
               {"  tomorrow   8:00 ", "2026-03-11T08:00"}};
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char whole[40];
        snprintf(whole, sizeof whole, "%s:00+08:00", row[i].means);
        good(row[i].said, whole);
    }
}

/* Whatever is typed: understood as a time, or not. */
static void no_text_does_harm(void **state)
{
    static const char *const piece[] = {
        "今天", "下", "周",    "五", "3",  "点",  "半",    "+",  "-",  "h",    " ",    "天", "后",
        ":",    "00", "99999", "月", "日", "mon", "next ", "pm", "年", "小时", "\xE5", "-"};
    uint32_t seed = 5;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        char text[100];
        size_t n = 0;
        int64_t ms = 0;
        for (int k = 0; k < 6; k++) {
            seed = seed * 1664525u + 1013904223u;
            n += (size_t)snprintf(text + n, sizeof text - n, "%s",
                                  piece[(seed >> 16) % (sizeof piece / sizeof *piece)]);
        }
        if (when_parse(text, now(), &ms) && (ms < 0 || ms > 253402300800000))
            fail_msg("\"%s\" is %lld", text, (long long)ms);
    }
}

static void anything_else_is_not(void **state)
{
    static const char *const bad[] = {"",
                                      " ",
                                      "later",
                                      "25:00",
                                      "12:60",
                                      "13-01 10:00",
                                      "02-30 10:00",
                                      "-m",
                                      "10m10",
                                      "::",
                                      "-99999999999999999999m",
                                      "9",
                                      "today 25",
                                      "tomorrow tomorrow",
                                      "周八",
                                      "下午下午",
                                      "今天 3点 4点",
                                      "2月30日",
                                      "下",
                                      "2小时"};
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
        cmocka_unit_test(said_times_are_understood),
        cmocka_unit_test(no_text_does_harm),
        cmocka_unit_test(anything_else_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
