/* Changes between two looks: each told once, nothing told of what stayed. */
#include "tui/watch.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const int64_t now = (int64_t)1000 * MS_HOUR;

static char told[512];

static void tell(void *self, enum watch_change change, const struct watched *w)
{
    (void)self;
    size_t n = strlen(told);
    snprintf(told + n, sizeof told - n, "%s %s;", watch_word[change], w->number);
}

static struct case_row row_of(int n, int64_t due_ms)
{
    return (struct case_row){.id = {{(uint8_t)n, 1}},
                             .number = n == 1   ? "one"
                                       : n == 2 ? "two"
                                                : "three",
                             .state = STATE_SENT,
                             .next_clock = due_ms == TIME_NONE ? CLOCK_COUNT : CLOCK_SIGN,
                             .due_ms = due_ms};
}

/* The list of rows at a time; of the last one first, so that sorting is needed. */
static struct watch_list list(int64_t at_ms, const struct case_row *rows, size_t n)
{
    struct watch_list l = {.at_ms = at_ms};
    while (n > 0)
        watch_add(&l, &rows[--n]);
    watch_sort(&l);
    assert_false(l.failed);
    return l;
}

/* What is told between the two, as one text. */
static const char *between(int64_t from, const struct case_row *was, size_t n_was, int64_t to,
                           const struct case_row *is, size_t n_is)
{
    struct watch_list before = list(from, was, n_was), after = list(to, is, n_is);
    told[0] = '\0';
    watch_compare(&before, &after, tell, NULL);
    watch_release(&before);
    watch_release(&after);
    return told;
}

static void test_come_and_go(void **state)
{
    (void)state;
    struct case_row a[] = {row_of(1, TIME_NONE), row_of(2, TIME_NONE)};
    struct case_row b[] = {row_of(2, TIME_NONE), row_of(3, TIME_NONE)};
    assert_string_equal(between(now, a, 2, now, a, 2), "");
    assert_string_equal(between(now, a, 2, now, b, 2), "left one;entered three;");
    assert_string_equal(between(now, a, 0, now, a, 2), "entered one;entered two;");
}

static void test_change(void **state)
{
    (void)state;
    struct case_row a = row_of(1, TIME_NONE), b = a;
    b.state = STATE_CLOSED;
    assert_string_equal(between(now, &a, 1, now, &b, 1), "state one;");
    b = a;
    b.unsent = 2;
    assert_string_equal(between(now, &a, 1, now, &b, 1), "unsent one;");
    assert_string_equal(between(now, &b, 1, now, &b, 1), "");
    assert_string_equal(between(now, &b, 1, now, &a, 1), "sent one;");
    b = a;
    b.conflict = true;
    assert_string_equal(between(now, &a, 1, now, &b, 1), "conflict one;");
    assert_string_equal(between(now, &b, 1, now, &a, 1), "");
}

/* Time alone: nothing else changed. The borders belong to the earlier level. */
static void test_due(void **state)
{
    (void)state;
    int64_t soon = now - WATCH_SOON_MS;
    struct case_row a = row_of(1, now), b = row_of(1, now + MS_DAY), c = row_of(1, now + 1);
    assert_string_equal(between(soon - 2, &a, 1, soon - 1, &a, 1), "");
    assert_string_equal(between(soon - 1, &a, 1, soon, &a, 1), "soon one;");
    assert_string_equal(between(soon, &a, 1, now, &a, 1), "");
    assert_string_equal(between(now, &a, 1, now + 1, &a, 1), "overdue one;");
    assert_string_equal(between(now + 1, &a, 1, now + MS_DAY, &a, 1), "");
    assert_string_equal(between(soon - 1, &a, 1, now + 1, &a, 1), "overdue one;");
    assert_string_equal(between(now, &a, 1, now, &b, 1), ""); /* moved away */
    assert_string_equal(between(now, &a, 1, now, &c, 1), "soon one;");
    assert_string_equal(between(now, &a, 0, now + 1, &a, 1), "entered one;overdue one;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_come_and_go),
        cmocka_unit_test(test_change),
        cmocka_unit_test(test_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
