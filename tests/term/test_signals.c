/*
 * ^Z and fg, SIGTERM, SIGHUP, a terminal that goes away: the line is set as it was, what was typed is kept.
 */
#include "tests/term/server.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static struct server s;
static struct desk d;

/* A form with a text in it. */
static struct term *open_form(const char *name, bool shell, const char *text)
{
    server_make(&s, name);
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term_options o = desk_options(&d);
    o.shell = shell;
    struct term *t = term_start(&o);
    desk_wait_online(&d, t);
    term_wait(t, "[1]To sign 14");
    term_press(t, "n");
    term_wait(t, "Note *");
    term_type(t, text);
    term_wait(t, text);
    return t;
}

/* A new console shows the text in the same form. */
static void check_draft(const char *text)
{
    struct term *t = desk_open(&d, 24, 80);
    term_press(t, "n");
    term_wait(t, "Note *");
    term_wait(t, text);
    term_press(t, "Esc");
    term_wait(t, "Left ");
    desk_leave(t);
    server_stop(&s);
}

static bool on_main_screen(struct term *t)
{
    return !term_shows(t, "Left ") && !term_shows(t, "Note *");
}

static void suspends(void **state)
{
    (void)state;
    struct term *t = open_form("suspend", true, "before the break,");
    term_settle(t);
    char *before = strdup(term_screen(t));
    for (int i = 0; i < 3; i++) {
        if (i == 0)
            term_press(t, "^Z");
        else
            term_signal(t, i == 1 ? SIGTSTP : SIGSTOP);
        term_wait_stopped(t);
        if (i < 2) { /* SIGSTOP leaves it no time to tidy up */
            term_check_restored(t);
            assert_true(on_main_screen(t));
        }
        term_foreground(t);
        term_wait(t, "before the break,");
        term_settle(t);
        /* the draft went to the disk meanwhile, and a minute may have passed */
        assert_non_null(strstr(before, "Note *"));
        assert_true(term_shows(t, "^S confirm"));
        assert_true(term_find(t, "Note *") >= 0);
    }
    free(before);
    term_type(t, " after it");
    term_wait(t, "before the break, after it");
    term_press(t, "Esc");
    term_wait(t, "Left ");
    desk_leave(t);
    check_draft("before the break, after it");
}

static void ends_by_signal(const char *name, int number)
{
    char text[64];
    snprintf(text, sizeof text, "typed before %s", name);
    struct term *t = open_form(name, false, text);
    term_signal(t, number);
    int code = term_wait_end(t);
    if (code != 0)
        term_fail(t, "exit status %d after %s", code, name);
    term_check_restored(t);
    assert_true(on_main_screen(t));
    term_end(t);
    check_draft(text);
}

static void terminates(void **state)
{
    (void)state;
    ends_by_signal("SIGTERM", SIGTERM);
}

static void hangs_up(void **state)
{
    (void)state;
    ends_by_signal("SIGHUP", SIGHUP);
}

/* The window is closed: no one is there to tell, nothing is lost. */
static void terminal_goes_away(void **state)
{
    (void)state;
    struct term *t = open_form("gone", false, "typed before the window closed");
    term_hang_up(t);
    assert_int_equal(term_wait_end(t), 0);
    term_end(t);
    check_draft("typed before the window closed");
}

/* q says what is not sent yet, after the screen was given back. */
static void leaves_with_a_word(void **state)
{
    (void)state;
    server_make(&s, "leave");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "[1]To sign 14");
    server_stop(&s);
    term_wait(t, "offline");
    term_press(t, "1");
    term_wait(t, "rows 1-14 of 14");
    term_press(t, "s s");
    term_wait(t, "2 to send");
    term_press(t, "q");
    assert_int_equal(term_wait_end(t), 0);
    assert_true(
        term_shows(t, "2 commands are not sent yet. They are kept and go out the next time."));
    assert_true(on_main_screen(t));
    term_check_restored(t);
    term_end(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(suspends, rig_end),
        cmocka_unit_test_teardown(terminates, rig_end),
        cmocka_unit_test_teardown(hangs_up, rig_end),
        cmocka_unit_test_teardown(terminal_goes_away, rig_end),
        cmocka_unit_test_teardown(leaves_with_a_word, rig_end),
    };
    return cmocka_run_group_tests_name("term/signals", tests, NULL, NULL);
}
