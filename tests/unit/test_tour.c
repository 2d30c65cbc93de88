/* The pages of the tour: each fits the smallest usual screen in every language, and names the keys that are in force. */
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/view/tour.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int lines_of(const char *text)
{
    int lines = 0;
    while (*text) {
        size_t n = strcspn(text, "\n");
        for (size_t from = 0; from < n; lines++)
            from += text_break(text + from, n - from, TOUR_COLS);
        text += n + (text[n] == '\n');
    }
    return lines;
}

static void each_page_fits(void **state)
{
    static const char *const languages[] = {"en", "zh_CN"};
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    for (size_t l = 0; l < sizeof languages / sizeof *languages; l++) {
        i18n_init(languages[l]);
        for (int p = 0; p < TOUR_PAGES; p++) {
            const char *text = tour_text((enum tour_page)p, &a);
            if (*text == '\0' || lines_of(text) > TOUR_ROWS)
                fail_msg("%s, page %d: %d lines", languages[l], p + 1, lines_of(text));
            /* what no action is named by would stay as it is written */
            if (strpbrk(text, "{}"))
                fail_msg("%s, page %d: %s", languages[l], p + 1, text);
        }
    }
    i18n_init("en");
    arena_release(&a);
}

static void keys_are_those_in_force(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    assert_string_equal(tour_keys("{queue.down} or {queue.open}.", &a), "j or Enter.");
    assert_int_equal(keymap_set("down", "^N Down", "test", NULL), ST_OK);
    assert_string_equal(tour_keys("{queue.down}", &a), "^N");
    assert_non_null(strstr(tour_text(TOUR_MOVE, &a), "^N and k go down and up"));
    assert_int_equal(keymap_set("queue.down", "none", "test", NULL), ST_OK);
    assert_string_equal(tour_keys("{queue.down}", &a), ":down");
    assert_string_equal(tour_keys("{case.down}", &a), "^N"); /* of its place */
    keymap_reset();
    arena_release(&a);
}

static void what_is_no_action_stays(void **state)
{
    static const char *const texts[] = {"",
                                        "{",
                                        "}",
                                        "{}",
                                        "{queue}",
                                        "{queue.}",
                                        "{queue.nothing}",
                                        "{nowhere.down}",
                                        "{ask.filter}",
                                        "{queue.down",
                                        "a {"};
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_string_equal(tour_keys(texts[i], &a), texts[i]);
    assert_string_equal(tour_keys("{{queue.down}", &a), "{j");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_page_fits),
                                       cmocka_unit_test(keys_are_those_in_force),
                                       cmocka_unit_test(what_is_no_action_stays)};
    return cmocka_run_group_tests_name("unit/tour", tests, NULL, NULL);
}
