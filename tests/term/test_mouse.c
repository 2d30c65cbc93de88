/*
 * The mouse, asked for in the configuration: rows, views, keys of the last line, wheel; given back at the end and while
 * suspended. And a screen without its last line.
 */
#include "tests/term/server.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct server s;
static struct desk d;

static struct term *open_console(const char *name, const char *config, bool shell)
{
    server_make(&s, name);
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    desk_config(&d, config);
    struct term_options o = desk_options(&d);
    o.shell = shell;
    struct term *t = term_start(&o);
    desk_wait_online(&d, t);
    term_wait(t, "[1]To sign 14");
    term_wait(t, "[7]All open 158");
    return t;
}

/* button, then cells from 1 */
static void click(struct term *t, int button, int col, int row)
{
    char bytes[40];
    snprintf(bytes, sizeof bytes, "\033[<%d;%d;%dM\033[<%d;%d;%dm", button, col, row, button, col,
             row);
    term_type_bytes(t, bytes, strlen(bytes));
    term_settle(t);
}

static void expect_mark(struct term *t, int row)
{
    if (term_row(t, row)[0] != '>')
        term_fail(t, "the mark is not in row %d", row);
}

static void does_what_keys_do(void **state)
{
    (void)state;
    struct term *t = open_console("mouse", "[screen]\nmouse = yes\n", true);
    assert_true(t->stream.mouse);
    click(t, 0, 20, 8);
    expect_mark(t, 7);
    click(t, 65, 20, 8); /* wheel: three rows */
    expect_mark(t, 10);
    click(t, 64, 20, 8);
    expect_mark(t, 7);
    click(t, 0, 20, 3); /* the heading */
    expect_mark(t, 7);
    click(t, 0, 20, 10);
    expect_mark(t, 9);
    char number[20], *row = strdup(term_row(t, 9));
    assert_non_null(term_number_in(row, strlen(row)));
    snprintf(number, sizeof number, "%.10s", term_number_in(row, strlen(row)));
    free(row);
    click(t, 0, 20, 10); /* the second one opens */
    term_wait(t, "done in");
    assert_true(term_shows(t, number));
    term_press(t, "q");
    term_wait(t, "Left ");
    click(t, 0, 4, 2); /* the first view */
    term_wait(t, "rows 1-14 of 14");
    row = strdup(term_row(t, -1));
    char *help = strstr(row, "? help");
    assert_non_null(help);
    click(t, 0, (int)(help - row) + 4, 24);
    free(row);
    term_wait(t, "sign for the case");
    click(t, 0, 5, 6);
    expect_mark(t, 5);
    term_press(t, "q");
    term_press(t, ":"); /* what is typed has the keys alone */
    click(t, 0, 20, 6);
    term_press(t, "^C");
    term_press(t, "^Z");
    term_wait_stopped(t);
    while (term_pump(t, 50))
        ;
    assert_false(t->stream.mouse);
    term_foreground(t);
    term_wait(t, "rows 1-14 of 14");
    term_settle(t);
    assert_true(t->stream.mouse);
    desk_leave(t); /* with the mouse taken its end would be a fault */
    server_stop(&s);
}

static void is_left_alone(void **state)
{
    (void)state;
    struct term *t = open_console("plain", "[screen]\nhints = no\n", false);
    assert_false(t->stream.mouse);
    /* the list has the line of the keys; a line that is typed takes it back */
    assert_int_equal(strncmp(term_row(t, -1), " 6 overdue", 10), 0);
    assert_false(term_shows(t, "? help"));
    term_press(t, ":");
    term_wait(t, "assign to a person");
    assert_int_equal(term_row(t, -1)[0], ':');
    term_press(t, "^C");
    term_wait_gone(t, "assign to a person");
    assert_int_equal(strncmp(term_row(t, -1), " 6 overdue", 10), 0);
    desk_leave(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(does_what_keys_do, rig_end),
                                       cmocka_unit_test_teardown(is_left_alone, rig_end)};
    return cmocka_run_group_tests_name("term/mouse", tests, NULL, NULL);
}
