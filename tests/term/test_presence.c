/*
 * Two desks at one case: each sees the other in the list, on the page and in the form; nobody is held up by it. Who dies is
 * gone after a while, who leaves at once. One's own second terminal never asks. Who tells nothing is told nothing.
 */
#include "tests/term/server.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_ROW = 3,
    SEEN_MS = 5000,
    TTL_MS = 8000,
    SWEPT_MS =
        TTL_MS + 8000 /* the table is looked through each 5 s, a console asks after up to 2 s */
};

static struct server server;

static void begin(const char *name, const char *ttl)
{
    if (ttl)
        assert_int_equal(setenv("JIBAN_TEST_PRESENCE_TTL", ttl, 1), 0);
    else
        unsetenv("JIBAN_TEST_PRESENCE_TTL");
    server_make(&server, name);
    server_start(&server);
}

static struct term *open_list(struct desk *d, const char *user, const char *config)
{
    desk_make(d, &server, user, "en");
    if (config)
        desk_config(d, config);
    struct term *t = desk_open(d, 24, 100);
    term_wait(t, "[7]All open");
    term_press(t, "7");
    term_wait(t, "rows 1-18 of 158");
    term_settle(t);
    return t;
}

/* The last word of the first case's row: its signs come last. */
static const char *last_word(struct term *t)
{
    const char *blank = strrchr(term_row(t, FIRST_ROW), ' ');
    return blank ? blank + 1 : "";
}

static void wait_sign(struct term *t, const char *sign, int64_t most_ms)
{
    int64_t from = term_now_ms();
    while (strcmp(last_word(t), sign) != 0) {
        if (term_now_ms() - from > most_ms)
            term_fail(t, "no %s within %d ms", sign, (int)most_ms);
        term_pump(t, 50);
    }
}

static void wait_no_sign(struct term *t, int64_t most_ms)
{
    int64_t from = term_now_ms();
    while (last_word(t)[0] == '&') {
        if (term_now_ms() - from > most_ms)
            term_fail(t, "the sign is there after %d ms", (int)most_ms);
        term_pump(t, 50);
    }
}

static void each_sees_the_other(void **state)
{
    struct desk wang, liu;
    (void)state;
    begin("two", NULL);
    json_int_t since = server_last_event(&server);
    struct term *w = open_list(&wang, "wang.desk", NULL), *l = open_list(&liu, "liu.desk", NULL);
    term_press(w, "Enter");
    term_wait(w, "Clocks");
    wait_sign(l, "&", SEEN_MS);
    term_press(w, "n");
    term_wait(w, "Note *");
    term_press(w, "'called the owner'");
    wait_sign(l, "&&", SEEN_MS);
    term_press(l, "Enter");
    term_wait(l, "Also here");
    term_wait(l, "Wang Jianguo has been writing since");
    term_wait_gone(w, "Liu Min");
    term_press(l, "n"); /* asked once, hindered never */
    term_wait(l, "Write there too?");
    term_press(l, "n");
    term_wait_gone(l, "Write there too?");
    term_press(l, "n");
    term_wait(l, "Write there too?");
    term_press(l, "y");
    term_wait(l, "Note *");
    term_wait(l, "&& Wang Jianguo has been writing since");
    term_press(l, "'so did I'");
    term_wait(w, "Whoever sends first wins");
    term_wait(w, "&& Liu Min has been writing since");
    term_press(w, "' twice'"); /* the keyboard is still the writer's */
    term_wait(w, "called the owner twice");
    term_press(w, "^S");
    term_wait_gone(w, "Note *");
    term_wait_gone(l, "has been writing since");
    term_wait(l, "so did I");
    term_press(l, "^S");
    term_wait_gone(l, "Note *");
    json_decref(server_wait_events(&server, since, "wang.desk", "note"));
    json_decref(server_wait_events(&server, since, "liu.desk", "note"));
    term_press(l, "q");
    wait_sign(l, "&", SEEN_MS);
    term_press(w, "q");
    wait_no_sign(l, SEEN_MS);
    term_press(w, "Enter");
    term_wait(w, "Clocks");
    wait_sign(l, "&", SEEN_MS);
    term_press(w, "q");
    desk_leave(w);
    wait_no_sign(l, SEEN_MS);
    desk_leave(l);
    server_stop(&server);
}

static void who_dies_is_gone_after_a_while(void **state)
{
    struct desk wang, liu;
    (void)state;
    begin("dies", "8000");
    struct term *w = open_list(&wang, "wang.desk", NULL), *l = open_list(&liu, "liu.desk", NULL);
    term_press(w, "Enter");
    term_wait(w, "Clocks");
    wait_sign(l, "&", SEEN_MS);
    term_kill(w);
    term_end(w);
    wait_no_sign(l, SWEPT_MS);
    /* a server that was started anew knows of nobody until it is told */
    term_press(l, "Enter");
    term_wait(l, "Clocks");
    w = open_list(&wang, "wang.desk", NULL);
    wait_sign(w, "&", SEEN_MS);
    server_kill(&server);
    wait_no_sign(w, TERM_PATIENCE_MS);
    server_start(&server);
    wait_sign(w, "&", TERM_PATIENCE_MS);
    term_press(l, "q");
    desk_leave(l);
    desk_leave(w);
    server_stop(&server);
}

static void ones_own_other_terminal(void **state)
{
    struct desk wang, again;
    (void)state;
    begin("own", NULL);
    struct term *w = open_list(&wang, "wang.desk", NULL), *o = open_list(&again, "wang.desk", NULL);
    term_press(w, "n");
    term_wait(w, "Note *");
    term_press(w, "'called the owner'");
    wait_sign(o, "&&", SEEN_MS);
    term_press(o, "n");
    term_wait(o, "Note *"); /* no question */
    term_wait(o, "your other terminal has been writing since");
    term_press(o, "Esc");
    term_wait_gone(o, "Note *");
    term_press(o, "Enter");
    term_wait(o, "Also here  your other terminal");
    term_press(o, "q");
    desk_leave(o);
    term_press(w, "Esc");
    term_wait(w, "The draft is kept");
    desk_leave(w);
    server_stop(&server);
}

static void who_tells_nothing_is_told_nothing(void **state)
{
    struct desk wang, liu, sun;
    (void)state;
    begin("off", NULL);
    struct term *w = open_list(&wang, "wang.desk", "[desk]\npresence = no\n");
    struct term *l = open_list(&liu, "liu.desk", NULL);
    desk_make(&sun, &server, "he.review", "en");
    struct term *s = desk_open(&sun, 24, 100);
    term_wait(s, "All open");
    term_press(l, "Enter");
    term_wait(l, "Clocks");
    term_press(s, ": 'view all' Enter");
    wait_sign(s, "&", SEEN_MS);
    assert_string_not_equal(last_word(w), "&");
    term_press(w, "Enter");
    term_wait(w, "Clocks");
    assert_false(term_shows(w, "Also here"));
    term_press(l, "q");
    wait_no_sign(s, SEEN_MS); /* wang is there, and told nobody */
    term_press(w, "q");
    desk_leave(w);
    desk_leave(l);
    desk_leave(s);
    server_stop(&server);
}

static void in_words(void **state)
{
    struct desk wang, liu;
    (void)state;
    begin("words", NULL);
    struct term *w = open_list(&wang, "wang.desk", NULL);
    desk_make(&liu, &server, "liu.desk", "en");
    desk_config(&liu, "[screen]\nlinear = yes\n");
    free(desk_run(&liu, 0, "sync", NULL));
    struct term_options o = desk_options(&liu);
    o.rows = 60;
    struct term *l = term_start(&o);
    term_wait(l, "Password:");
    term_press(l, "'practice' Enter");
    term_wait(l, "online");
    term_press(w, "Enter");
    term_wait(w, "Clocks");
    for (int i = 0; i < 100 && !term_shows(l, "open elsewhere"); i++) {
        term_press(l, "7");
        term_settle(l);
        term_pump(l, 100);
    }
    assert_true(term_shows(l, "open elsewhere"));
    term_press(w, "q");
    desk_leave(w);
    term_press(l, "q");
    assert_int_equal(term_wait_end(l), 0);
    term_end(l);
    server_stop(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(each_sees_the_other, rig_end),
        cmocka_unit_test_teardown(who_dies_is_gone_after_a_while, rig_end),
        cmocka_unit_test_teardown(ones_own_other_terminal, rig_end),
        cmocka_unit_test_teardown(who_tells_nothing_is_told_nothing, rig_end),
        cmocka_unit_test_teardown(in_words, rig_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
