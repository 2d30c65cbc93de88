/*
 * What stands around the views: whole pieces are left out where there is no room, a message is not cut at its reason, and
 * the keys in the last line are those that do something here.
 */
#include "core/base/i18n.h"
#include "tests/view/office.h"
#include "tui/app_model.h"
#include "tui/draw.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 24, COLS = 80 };

static struct office office;
static struct app app;
static struct options options;

static void open_desk(const char *name)
{
    static struct app_config config;
    struct errmsg err;
    struct cursor cursor;
    if (office_open(&office, name, "wang.desk", &err) != ST_OK)
        fail_msg("%s", err.text);
    i18n_init("en");
    options_init(&options);
    config = (struct app_config){.options = &options,
                                 .store = office.store,
                                 .context = &office.context,
                                 .clock = &office.clock,
                                 .random = &office.random,
                                 .device = "test",
                                 .practice = true};
    app_init(&app, &config);
    assert_int_equal(surface_resize(&app.surface, ROWS, COLS, &err), ST_OK);
    app_reload(&app);
    app_draw(&app, &cursor);
}

static void close_desk(void)
{
    app_release(&app);
    options_release(&options);
    office_close(&office);
}

/* Names as in actions.def; 'x' is pasted. */
static void press(const char *keys)
{
    while (*keys) {
        struct key key;
        struct cursor cursor;
        keys = office_key(keys, &key);
        app_key(&app, &key);
        app_draw(&app, &cursor);
    }
}

static void window(int cols)
{
    struct cursor cursor;
    assert_int_equal(surface_resize(&app.surface, ROWS, cols, NULL), ST_OK);
    app.anew = true;
    app_draw(&app, &cursor);
}

/* One row of the screen as text, until the next call. */
static const char *row_text(int row)
{
    static char text[4096];
    const struct surface *s = &app.surface;
    size_t n = 0;
    for (int col = 0; col < s->cols; col++) {
        const struct cell *cell = &s->cell[(size_t)row * (size_t)s->cols + (size_t)col];
        memcpy(text + n, cell->text, cell->len);
        n += cell->len;
    }
    text[n] = '\0';
    return text;
}

static enum theme_role role_at(int row, int col)
{
    return app.surface.cell[(size_t)row * (size_t)app.surface.cols + (size_t)col].role;
}

static void no_count_is_cut(void **state)
{
    int with_order = 0, without = 0;
    (void)state;
    open_desk("pieces");
    press("7 f 'category:供暖' Enter Space Space");
    for (int cols = FRAME_LEAST_COLS; cols < FRAME_WIDE; cols++) {
        window(cols);
        const char *status = row_text(ROWS - 2);
        assert_non_null(strstr(status, "158 cases, 6 overdue"));
        const char *found = strstr(status, " (");
        assert_non_null(found);
        assert_non_null(strstr(found, " cases)"));
        with_order += strstr(status, "by time left · ") != NULL;
        without += strstr(status, "by time") == NULL;
        const char *head = row_text(0);
        assert_non_null(strstr(head, "2 marked  no line"));
        assert_null(strstr(head, "…"));
        if (strstr(head, "("))
            assert_non_null(strstr(head, "(desk)"));
    }
    assert_true(with_order > 0 && without > 0);
    close_desk();
}

/* The line is opened when the first frame is out: until then it is not told as one that is missing. */
static void a_line_is_told_before_it_is_open(void **state)
{
    (void)state;
    struct sync_options line = {.url = "unix:none"};
    struct app_config with_line;
    open_desk("line");
    window(COLS);
    assert_non_null(strstr(row_text(0), "no line"));
    with_line = *app.c.config;
    with_line.line = &line;
    app.c.config = &with_line;
    window(COLS);
    assert_non_null(strstr(row_text(0), "connecting"));
    app.c.line_failed = true;
    window(COLS);
    assert_non_null(strstr(row_text(0), "no line"));
    close_desk();
}

static void a_message_says_its_reason(void **state)
{
    char text[300];
    struct cursor cursor;
    (void)state;
    open_desk("message");
    console_say(&app.c, THEME_ERROR, "short");
    app_draw(&app, &cursor);
    assert_non_null(strstr(row_text(ROWS - 2), " short "));
    assert_non_null(strstr(row_text(ROWS - 2), "rows 1-18 of 158"));
    assert_int_equal(role_at(ROWS - 3, 1), THEME_RULE);
    for (int i = 0; i < 16; i++)
        memcpy(text + 8 * i, "message ", 9);
    memcpy(text + 8 * 16, "reason", 7);
    console_say(&app.c, THEME_ERROR, "%s", text);
    app_draw(&app, &cursor);
    assert_non_null(strstr(row_text(ROWS - 3), "message message"));
    assert_non_null(strstr(row_text(ROWS - 2), "message reason"));
    for (int i = 0; i < 30; i++)
        memcpy(text + 8 * i, "message ", 9);
    console_say(&app.c, THEME_ERROR, "%s", text);
    app_draw(&app, &cursor);
    assert_non_null(strstr(row_text(ROWS - 2), "… :messages"));
    press("j");
    assert_int_equal(role_at(ROWS - 3, 1), THEME_RULE);
    close_desk();
}

static bool hints(enum action action)
{
    for (int i = 0; i < app.frame.n_hints; i++)
        if (app.frame.hint[i].action == action)
            return true;
    return false;
}

static void hints_are_of_what_can_be_done(void **state)
{
    static const char *const places[] = {
        "g", "Enter", "C", "F", ": 'drafts' Enter", ": 'outbox' Enter", "B"};
    (void)state;
    open_desk("hints");
    press("2");
    assert_true(hints(ACTION_REPLY));
    press("f 'qqqq' Enter"); /* nothing is left */
    assert_false(hints(ACTION_REPLY) || hints(ACTION_OPEN) || hints(ACTION_NOTE));
    assert_true(hints(ACTION_LOG) == console_may_begin(&app.c, COMMAND_LOG));
    assert_true(hints(ACTION_FILTER));
    press("Esc C");
    assert_false(hints(ACTION_RESEND) || hints(ACTION_DROP));
    press("q F");
    assert_false(hints(ACTION_OPEN_FILE) || hints(ACTION_SAVE_FILE));
    press("q 2 n 'half written' Esc : 'readonly' Enter");
    for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
        press(places[k]);
        for (int i = 0; i < app.frame.n_hints; i++)
            if (action_changes(app.frame.hint[i].action))
                fail_msg("%s is offered after %s", action_table[app.frame.hint[i].action].word,
                         places[k]);
        if (k > 0)
            press("q");
    }
    press(": 'readonly' Enter 2");
    assert_true(hints(ACTION_REPLY));
    close_desk();
}

static void a_box_has_its_own_keys(void **state)
{
    (void)state;
    open_desk("box");
    press("1 Space Space s");
    assert_int_equal(app.prompt.kind, PROMPT_ASK);
    assert_int_equal(app.frame.hint[0].action, ACTION_YES);
    for (int i = 0; i < app.frame.n_hints; i++)
        assert_true(action_table[app.frame.hint[i].action].contexts >> KEYS_ASK & 1u);
    press("n");
    assert_false(hints(ACTION_YES));
    assert_true(hints(ACTION_SIGN));
    press("Esc 2 r M-t");
    assert_int_equal(app.frame.hint[0].action, ACTION_EDIT_NEWLINE);
    assert_true(hints(ACTION_LEAVE_FORM) && hints(ACTION_EDIT_DOWN));
    assert_false(hints(ACTION_CONFIRM));
    press("Esc");
    assert_true(hints(ACTION_CONFIRM));
    assert_false(hints(ACTION_EDIT_NEWLINE));
    close_desk();
}

static void a_wrong_filter_stays_an_error(void **state)
{
    (void)state;
    open_desk("filter");
    press("7 f 'colour:red' Enter");
    office.now_ms += 1000;
    app_due(&app);
    press("^L");
    assert_int_equal(app.prompt.kind, PROMPT_FILTER);
    press("Esc f 'colour:red' Enter");
    office.now_ms += 1000;
    app_due(&app);
    assert_int_equal(app.c.message_role, THEME_ERROR);
    const char *word = strstr(app.c.message, "colour:red");
    assert_non_null(word);
    assert_null(strstr(word + 1, "colour:red"));
    close_desk();
}

static void equal_reasons_stand_together(void **state)
{
    (void)state;
    open_desk("reasons");
    press("1 Space Space Space : 'auto_sign' Enter");
    if (!strstr(app.c.message, "and 2 more: "))
        fail_msg("%s", app.c.message);
    close_desk();
}

static void what_goes_on_is_marked(void **state)
{
    struct surface s;
    const struct rect r = {1, 2, 3, 4};
    static const struct {
        int first, lines;
        const char *above, *below;
    } cases[] = {
        {0, 3, " ", " "}, {0, 4, " ", "↓"}, {1, 4, "↑", " "}, {1, 5, "↑", "↓"}, {0, 0, " ", " "}};
    (void)state;
    surface_init(&s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(surface_resize(&s, 6, 8, NULL), ST_OK);
        draw_more(&s, r, cases[i].first, cases[i].lines);
        const struct cell *above = &s.cell[1 * 8 + 5], *below = &s.cell[3 * 8 + 5];
        assert_memory_equal(above->text, cases[i].above, above->len);
        assert_memory_equal(below->text, cases[i].below, below->len);
        assert_int_equal(above->len, strlen(cases[i].above));
        assert_int_equal(below->len, strlen(cases[i].below));
    }
    surface_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_count_is_cut),
                                       cmocka_unit_test(a_line_is_told_before_it_is_open),
                                       cmocka_unit_test(a_message_says_its_reason),
                                       cmocka_unit_test(hints_are_of_what_can_be_done),
                                       cmocka_unit_test(a_box_has_its_own_keys),
                                       cmocka_unit_test(a_wrong_filter_stays_an_error),
                                       cmocka_unit_test(equal_reasons_stand_together),
                                       cmocka_unit_test(what_goes_on_is_marked)};
    return cmocka_run_group_tests_name("view/frame", tests, NULL, NULL);
}
