/* Text for other programs and for paper: markup, cells, pages, lines of a calendar. */
#include "core/text/escape.h"
#include "core/text/ical.h"
#include "core/text/pages.h"
#include "core/text/utf8.h"
#include "core/text/width.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct buf out;

static int set_up(void **state)
{
    (void)state;
    buf_init(&out, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_release(&out);
    return 0;
}

static void test_markup(void **state)
{
    (void)state;
    escape_markup(&out, "<b a=\"1\">&\nx", "<br>");
    assert_string_equal(out.data, "&lt;b a=&quot;1&quot;&gt;&amp;<br>x");
}

static void test_cell(void **state)
{
    (void)state;
    escape_csv_cell(&out, " ＝1+1");
    buf_putc(&out, '|');
    escape_csv_cell(&out, "a,\"b\"");
    buf_putc(&out, '|');
    escape_csv_cell(&out, "plain");
    assert_string_equal(out.data, "\"' ＝1+1\"|\"a,\"\"b\"\"\"|plain");
}

/* Each page has its head and number, no line is wider or page longer than was asked, and no line is lost. */
static void test_pages(void **state)
{
    (void)state;
    struct buf body;
    buf_init(&body, 1 << 20);
    for (int i = 0; i < 25; i++)
        buf_printf(&body, "  line%02d 居民反映供暖不热，请尽快处理\n", i);
    pages_print(&out, "Case 2611-00001", body.data, 30, 20);
    int pages = 0, row = 0, seen = 0;
    for (const char *line = out.data; *line;) {
        size_t n = strcspn(line, "\n");
        if (line == out.data || *line == '\f') {
            char number[32];
            const char *text = *line == '\f' ? line + 1 : line;
            snprintf(number, sizeof number, "page %d of 3", ++pages);
            assert_memory_equal(text, "Case 2611-00001", 15);
            assert_memory_equal(line + n - strlen(number), number, strlen(number));
            row = 0;
        }
        assert_true(++row <= 20);
        assert_true(text_width(line + (*line == '\f'), n - (*line == '\f')) <= 30);
        if (strncmp(line, "  line", 6) == 0)
            assert_int_equal(atoi(line + 6), seen++);
        else if (row > 2)
            assert_memory_equal(line, "  ", 2); /* what follows stands under the first letter */
        line += n + 1;
    }
    assert_int_equal(pages, 3);
    assert_int_equal(seen, 25);
    buf_release(&body);
}

static void test_empty_page(void **state)
{
    (void)state;
    pages_print(&out, "a head that is longer than the line", "", 30, 20);
    assert_string_equal(out.data, "a head that is lon page 1 of 1\n\n");
}

static void test_calendar_text(void **state)
{
    (void)state;
    ical_text(&out, "SUMMARY", "a;b,c\\d\ne:f");
    ical_time(&out, "DUE", 1795500300999);
    assert_string_equal(out.data, "SUMMARY:a\\;b\\,c\\\\d\\ne:f\r\nDUE:20261124T060500Z\r\n");
}

/* Folded at every length: lines of at most 75 octets, whole characters, and unfolded the same again. */
static void test_fold(void **state)
{
    (void)state;
    char text[512], back[600];
    for (size_t latin = 0; latin < 80; latin++) {
        size_t n = latin, b = 0;
        memset(text, 'x', latin);
        for (int i = 0; i < 60; i++, n += 3)
            memcpy(text + n, "热", 3);
        text[n] = '\0';
        buf_clear(&out);
        ical_text(&out, "N", text);
        for (const char *line = out.data; *line;) {
            size_t len = strcspn(line, "\r");
            uint32_t c;
            assert_true(len <= 75);
            assert_memory_equal(line + len, "\r\n", 2);
            for (size_t at = 0; at < len;) {
                at += utf8_decode(line + at, len - at, &c);
                assert_true(c != UTF8_BAD);
            }
            size_t skip = line == out.data ? 2 : 1;
            assert_true(line == out.data || *line == ' ');
            memcpy(back + b, line + skip, len - skip);
            b += len - skip;
            line += len + 2;
        }
        back[b] = '\0';
        assert_string_equal(back, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_markup, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cell, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_empty_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_calendar_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fold, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
