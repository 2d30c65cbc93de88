/*
 * Notices beyond the screen: to the desktop and to a program of the person's own, not while the terminal says that it is
 * looked at. What the terminal was asked for is taken back at every way out.
 */
#include "tests/term/server.h"
#include <glob.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MINUTE_MS = 60 * 1000 };

/* Writes its arguments down, a line each, and that it has begun; ends when it is told to. */
static const char *program(void)
{
    static char path[400];
    static const char body[] = "#!/bin/sh\n"
                               "for word in \"$@\"; do printf '%s\\n' \"$word\"; done >\"$1\"\n"
                               "exit 3\n";
    struct errmsg err;
    snprintf(path, sizeof path, "%s", test_path("caller"));
    assert_int_equal(file_write_atomic(path, body, sizeof body - 1, &err), ST_OK);
    assert_int_equal(chmod(path, 0700), 0);
    return path;
}

/* Its last look at what is due is days ago: much has fallen due since. */
static void was_away(const struct desk *d)
{
    char pattern[400];
    glob_t found;
    sqlite3 *db;
    snprintf(pattern, sizeof pattern, "%.300s/data/jiban/*/cache.db", d->home);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    assert_int_equal(sqlite3_open(found.gl_pathv[0], &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "INSERT OR REPLACE INTO meta(key, value) VALUES('attention_seen_ms', '1')",
                     NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    globfree(&found);
}

static struct term *open_console(struct desk *d, struct server *s, const char *user,
                                 const char *config, bool shell)
{
    desk_make(d, s, user, "en");
    free(desk_run(d, 0, "sync", NULL));
    was_away(d);
    desk_config(d, config);
    struct term_options o = desk_options(d);
    o.shell = shell;
    struct term *t = term_start(&o);
    t->stream.notifies = true;
    desk_wait_online(d, t);
    return t;
}

/* Waits over the next minute. */
static void wait_for(struct term *t, const char *text)
{
    int64_t until = term_now_ms() + MINUTE_MS + TERM_PATIENCE_MS;
    while (!term_shows(t, text)) {
        if (term_now_ms() > until)
            term_fail(t, "no \"%s\"", text);
        term_pump(t, 100);
    }
}

static char *read_when_there(struct term *t, const char *path)
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS;
    char *text = NULL;
    size_t n = 0;
    while (file_read(path, 1 << 16, &text, &n, NULL) != ST_OK || n == 0) {
        free(text);
        text = NULL;
        if (term_now_ms() > until)
            term_fail(t, "nothing was written to %s", path);
        term_pump(t, 20);
    }
    return text;
}

static void only_who_does_not_look_is_called(void **state)
{
    static struct server s;
    struct desk away, here;
    char config[1400], heard[2][400];
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    const char *caller = program();
    struct term *t[2];
    for (int i = 0; i < 2; i++) {
        snprintf(heard[i], sizeof heard[i], "%s", test_path("heard-%d", i));
        snprintf(config, sizeof config, "[attention]\nosc = %s\ncommand = %s %s 'two words'\n",
                 i == 0 ? "777" : "99", caller, heard[i]);
        t[i] = open_console(i == 0 ? &away : &here, &s, i == 0 ? "wang.desk" : "liu.desk", config,
                            i == 0);
        assert_true(t[i]->stream.focus);
    }
    term_type_bytes(t[0], "\033[I\033[O", 6); /* looked at, and then no more */
    term_type_bytes(t[1], "\033[I", 3);
    for (int i = 0; i < 2; i++) {
        term_settle(t[i]);
        assert_false(term_shows(t[i], "does nothing here"));
    }
    wait_for(t[0], "newly overdue: ");
    wait_for(t[1], "newly overdue: ");
    term_settle(t[0]);
    term_settle(t[1]);
    assert_int_equal(t[0]->stream.notices, 1);
    assert_non_null(strstr(t[0]->stream.notice, "777;notify;jiban;newly overdue: "));
    char *text = read_when_there(t[0], heard[0]), expected[900];
    snprintf(expected, sizeof expected, "%s\n'two\nwords'\n%s\n", heard[0],
             t[0]->stream.notice + strlen("777;notify;jiban;")); /* no shell has read the words */
    assert_string_equal(text, expected);
    free(text);
    assert_int_equal(t[1]->stream.notices, 0);
    assert_int_equal(access(heard[1], F_OK), -1);
    /* the terminal is as it was, while others have it and at the end */
    term_press(t[0], "^Z");
    term_wait_stopped(t[0]);
    assert_false(t[0]->stream.focus);
    term_foreground(t[0]);
    term_settle(t[0]);
    assert_true(t[0]->stream.focus);
    desk_leave(t[0]);
    term_press(t[1], "q");
    assert_int_equal(term_wait_end(t[1]), 0);
    term_end(t[1]);
    server_stop(&s);
}

static void a_crash_takes_it_back(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "crash");
    server_start(&s);
    struct term *t = open_console(&d, &s, "wang.desk", "[attention]\nbell = yes\n", false);
    assert_true(t->stream.focus);
    term_signal(t, SIGABRT);
    assert_int_equal(term_wait_end(t), 128 + SIGABRT);
    assert_false(t->stream.focus);
    assert_false(t->stream.marks_pastes);
    term_check_restored(t);
    term_end(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(only_who_does_not_look_is_called, rig_end),
        cmocka_unit_test_teardown(a_crash_takes_it_back, rig_end),
    };
    return cmocka_run_group_tests_name("term/attention", tests, NULL, NULL);
}
