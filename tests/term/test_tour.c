/*
 * The tour comes by itself at the first start of a person, after the log-in, and never again; it is not shown to whom the
 * configuration spares it, nor where it cannot be kept that it was; on a terminal of lines it is said.
 */
#include "tests/term/server.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char wanted[] = "[screen]\ntour = yes\n[reply]\ngrace = 0\n";
static const char first[] = "What the screen says (page 1 of 6)";

static bool is_kept(const struct desk *d)
{
    char path[400];
    snprintf(path, sizeof path, "%.300s/state/jiban/tour", d->home);
    return access(path, F_OK) == 0;
}

static struct term *start(struct desk *d)
{
    struct term_options o = desk_options(d);
    struct term *t = term_start(&o);
    term_wait(t, "Password: ");
    return t;
}

static void comes_once(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    desk_config(&d, wanted);
    struct term *t = start(&d);
    assert_false(term_shows(t, "page 1 of 6")); /* nothing is there yet to tell about */
    assert_false(is_kept(&d));
    term_press(t, "'practice' Enter");
    term_wait(t, first);
    assert_true(is_kept(&d));
    term_press(t, "Space");
    term_wait(t, "Move and find (page 2 of 6)");
    term_press(t, "Left");
    term_wait(t, first);
    term_press(t, "Esc");
    term_wait_gone(t, "page 1 of 6");
    term_wait(t, "[7]All open 158");
    desk_leave(t);

    t = start(&d);
    term_press(t, "'practice' Enter");
    term_wait(t, "* online");
    term_wait(t, "rows 1-18 of 158");
    term_settle(t);
    assert_false(term_shows(t, "page 1 of 6"));
    term_press(t, ": 'tour' Enter");
    term_wait(t, first);
    term_press(t, "Enter Enter Enter Enter Enter");
    term_wait(t, "(page 6 of 6)");
    term_press(t, "Enter");
    term_wait_gone(t, "page 6 of 6");
    term_wait(t, "rows 1-18 of 158");
    desk_leave(t);
    server_stop(&s);
}

static void not_where_it_is_not_wanted(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "spared");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "rows 1-18 of 158");
    term_settle(t);
    assert_false(term_shows(t, "page 1 of 6"));
    assert_false(is_kept(&d));
    desk_leave(t);
    server_stop(&s);
}

/* It would come with every start. */
static void not_where_it_cannot_be_kept(void **state)
{
    static struct server s;
    struct desk d;
    char path[400];
    (void)state;
    server_make(&s, "full");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    desk_config(&d, wanted);
    snprintf(path, sizeof path, "%.300s/state", d.home);
    assert_int_equal(file_write_atomic(path, "", 0, NULL), ST_OK); /* no folder */
    struct term *t = start(&d);
    term_press(t, "'practice' Enter");
    term_wait(t, "rows 1-18 of 158");
    term_settle(t);
    assert_false(term_shows(t, "page 1 of 6"));
    desk_leave(t);
    server_stop(&s);
}

static void is_said_line_by_line(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "lines");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    desk_config(&d, "[screen]\ntour = yes\nlinear = yes\n");
    struct term_options o = desk_options(&d);
    o.rows = 200;
    struct term *t = term_start(&o);
    term_wait(t, "User: wang.desk");
    term_press(t, "'practice' Enter");
    term_wait(t, first);
    term_wait(t, "First row: who you are");
    term_press(t, "Enter");
    term_wait(t, "Move and find (page 2 of 6)");
    term_wait(t, "Enter opens the case, q goes back.");
    term_press(t, "Esc");
    term_wait(t, "1 of 158.");
    term_press(t, "q");
    assert_int_equal(term_wait_end(t), 0);
    term_end(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(comes_once, rig_end),
        cmocka_unit_test_teardown(not_where_it_is_not_wanted, rig_end),
        cmocka_unit_test_teardown(not_where_it_cannot_be_kept, rig_end),
        cmocka_unit_test_teardown(is_said_line_by_line, rig_end),
    };
    return cmocka_run_group_tests_name("term/tour", tests, NULL, NULL);
}
