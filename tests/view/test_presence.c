/* Who is at a case, on the screen: where one counts as being oneself, and how the others are shown. */
#include "core/base/i18n.h"
#include "tests/view/office.h"
#include "tui/app_model.h"
#include "tui/presence.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 24, COLS = 80, FIRST = 3 /* row of the first case */, LEASE_MINUTES = 10 };

static struct office office;
static struct app app;
static struct options options;

static void draw(void)
{
    struct cursor cursor;
    app_draw(&app, &cursor);
}

static int open_desk(void **state)
{
    static struct app_config config;
    struct errmsg err;
    (void)state;
    if (office_open(&office, "presence", "wang.desk", &err) != ST_OK)
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
    draw();
    return 0;
}

static int close_desk(void **state)
{
    (void)state;
    surface_set_ascii(false);
    app_release(&app);
    options_release(&options);
    office_close(&office);
    return 0;
}

/* Names as in actions.def; 'x' is pasted. */
static void press(const char *keys)
{
    while (*keys) {
        struct key key;
        keys = office_key(keys, &key);
        app_key(&app, &key);
        draw();
    }
}

/* A row of the surface without the blanks at its end; in a static buffer. */
static const char *row_text(int row)
{
    static char text[4096];
    struct buf out;
    buf_init(&out, 1 << 20);
    surface_dump(&app.surface, &out);
    const char *at = out.data;
    for (int i = 0; i < row; i++)
        at += strcspn(at, "\n") + 1;
    size_t n = strcspn(at, "\n");
    while (n > 0 && at[n - 1] == ' ')
        n--;
    snprintf(text, sizeof text, "%.*s", (int)n, at);
    buf_release(&out);
    return text;
}

/* How many & stand in a row: the sign of who is elsewhere. */
static int signs(int row)
{
    int n = 0;
    for (const char *at = row_text(row); (at = strchr(at, '&')); at++)
        n++;
    return n;
}

static bool shows(const char *text)
{
    bool found = false;
    for (int i = 0; i < app.surface.rows && !found; i++)
        found = strstr(row_text(i), text) != NULL;
    return found;
}

/* Somebody is at the case of the first row. */
static void comes(const char *user, enum presence what, bool own)
{
    struct presence_mark *m = &app.c.others.mark[app.c.others.n++];
    *m = (struct presence_mark){.case_id = app.queue.rows[0].id,
                                .what = what,
                                .command = what == PRESENCE_WRITE ? COMMAND_NOTE : COMMAND_COUNT,
                                .since_ms = office.now_ms,
                                .own = own};
    snprintf(m->user, sizeof m->user, "%s", user);
    app.c.others_heard++;
    draw();
}

static void all_leave(void)
{
    app.c.others.n = 0;
    app.c.others_heard++;
    draw();
}

static void one_is_where_ones_page_or_form_is(void **state)
{
    (void)state;
    assert_int_equal(presence_place(&app).what, PRESENCE_NONE); /* a mark in the list is no place */
    press("Enter");
    struct presence_own own = presence_place(&app);
    assert_int_equal(own.what, PRESENCE_OPEN);
    assert_int_equal(own.command, COMMAND_COUNT);
    assert_int_equal(uuid_compare(&own.case_id, &app.page.id), 0);
    press("n");
    assert_int_equal(presence_place(&app).what, PRESENCE_OPEN); /* nothing is written yet */
    press("'called'");
    own = presence_place(&app);
    assert_int_equal(own.what, PRESENCE_WRITE);
    assert_int_equal(own.command, COMMAND_NOTE);
    office.now_ms += LEASE_MINUTES * MS_MINUTE - 1;
    assert_int_equal(presence_place(&app).what, PRESENCE_WRITE);
    office.now_ms += 1;
    assert_int_equal(presence_place(&app).what, PRESENCE_OPEN); /* nobody is at the keyboard */
    press("'again'");
    assert_int_equal(presence_place(&app).what, PRESENCE_WRITE);
    app.lock.on = true;
    assert_int_equal(presence_place(&app).what, PRESENCE_NONE);
    app.lock.on = false;
    press("Esc");
    assert_int_equal(presence_place(&app).what, PRESENCE_OPEN);
    assert_int_equal(options_set(&options, OPT_LOW_BANDWIDTH, "yes", "test", NULL), ST_OK);
    assert_int_equal(presence_place(&app).what,
                     PRESENCE_NONE); /* only writing is worth its bytes */
    press("n");
    assert_int_equal(presence_place(&app).what, PRESENCE_WRITE); /* the draft goes on */
    press("Esc q");
    assert_int_equal(presence_place(&app).what, PRESENCE_NONE);
}

static void others_stand_in_the_row(void **state)
{
    (void)state;
    assert_int_equal(signs(FIRST), 0);
    comes("liu.desk", PRESENCE_OPEN, false);
    assert_int_equal(signs(FIRST), 1);
    assert_int_equal(signs(FIRST + 1), 0);
    comes("he.review", PRESENCE_WRITE, false);
    assert_int_equal(signs(FIRST), 2);
    all_leave();
    assert_int_equal(signs(FIRST), 0);
    surface_set_ascii(true); /* the same where there is nothing but ASCII */
    app.anew = true;
    comes("liu.desk", PRESENCE_OPEN, true);
    assert_int_equal(signs(FIRST), 1);
}

static void others_stand_on_the_page(void **state)
{
    (void)state;
    press("Enter");
    assert_false(shows("Also here"));
    comes("liu.desk", PRESENCE_OPEN, false);
    assert_true(shows("Also here  Liu Min has had it open since"));
    comes("nobody.known", PRESENCE_WRITE, false);
    assert_true(shows("Also here  nobody.known has been writing since"));
    all_leave();
    assert_false(shows("Also here"));
    comes("wang.desk", PRESENCE_WRITE, true);
    assert_true(shows("Also here  your other terminal has been writing since"));
}

static void who_writes_is_told_and_asked(void **state)
{
    (void)state;
    comes("liu.desk", PRESENCE_OPEN, false);
    press("Enter n"); /* who reads hinders nobody */
    assert_true(app.form.open);
    assert_false(shows("&&"));
    comes("liu.desk", PRESENCE_WRITE, false);
    assert_true(shows("&& Liu Min has been writing since"));
    presence_notice(&app);
    assert_non_null(strstr(app.c.message, "Whoever sends first wins"));
    press("'x'");
    assert_int_equal(app.c.message[0], '\0');
    presence_notice(&app); /* once */
    assert_int_equal(app.c.message[0], '\0');
    press("Esc n");
    assert_false(app.form.open);
    assert_int_equal(app.prompt.kind, PROMPT_ASK);
    assert_true(shows("Write there"));
    press("y");
    assert_true(app.form.open);
    presence_notice(&app); /* one was asked */
    assert_null(strstr(app.c.message, "Whoever sends first wins"));
    press("Esc");
    all_leave();
    comes("wang.desk", PRESENCE_WRITE, true);
    press("n");
    assert_true(app.form.open);
    assert_non_null(strstr(app.c.message, "your other terminal"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_is_where_ones_page_or_form_is, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(others_stand_in_the_row, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(others_stand_on_the_page, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(who_writes_is_told_and_asked, open_desk, close_desk)};
    return cmocka_run_group_tests_name("view/presence", tests, NULL, NULL);
}
