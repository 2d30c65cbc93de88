/*
 * Windows and terminals of all kinds: it opens, shows the queue, leaves the terminal as it was. And an idle console is
 * silent: a minute costs the digits that change.
 */
#include "tests/term/server.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum { IDLE_MS = 3000, MINUTE_MS = 60 * 1000, ROW_BYTES = 12, FRAME_BYTES = 32 };

static struct server s;
static struct desk d; /* its cache is filled */
static struct desk watcher;
static struct term *watched;

static const struct look {
    const char *name, *term, *extra; /* extra: one more variable */
    int rows, cols;
    bool coloured, ascii;
    const char *shows;
} looks[] = {
    {"80x24", "xterm-256color", NULL, 24, 80, true, false, "待签收 14"},
    {"120x36", "xterm-256color", NULL, 36, 120, true, false,
     "时限"}, /* the case beside the queue */
    {"160x50", "screen-256color", NULL, 50, 160, true, false, "时限"},
    {"40x12", "xterm", NULL, 12, 40, true, false, "请放大窗口"},
    {"vt220", "vt220", NULL, 24, 80, false, false, "待签收 14"},
    {"linux", "linux", NULL, 24, 80, true, false, "待签收 14"},
    {"no colour", "xterm-256color", "NO_COLOR=1", 24, 80, false, false, "待签收 14"},
    {"xterm-mono", "xterm-mono", NULL, 24, 80, false, false, "待签收 14"},
    {"ASCII", "xterm", "LC_ALL=C", 24, 80, true, true, "Community"},
};

/* The option reaches the screen, whatever the locale can show. */
static void frames_of_ascii(void **state)
{
    struct term_options o = desk_options(&d);
    (void)state;
    desk_config(&d, "[screen]\nframe = ascii\n");
    struct term *t = term_start(&o);
    term_wait(t, "密码：");
    assert_true(term_shows(t, "+----"));
    assert_false(term_shows(t, "─"));
    term_press(t, "Esc");
    term_wait(t, "待签收 14");
    term_settle(t);
    assert_true(term_shows(t, "------"));
    assert_false(term_shows(t, "─") || term_shows(t, "…") || term_shows(t, "·"));
    desk_leave(t);
    desk_config(&d, "[reply]\ngrace = 0\n");
}

/* What the locale lacks is told once, with a number. */
static void unshown_is_told(void **state)
{
    struct term_options o = desk_options(&d);
    (void)state;
    o.ascii = true;
    o.env[6] = "LC_ALL=C";
    o.argv[6] = "en";
    struct term *t = term_start(&o);
    term_wait(t, "not in the character set of the locale (ANSI_X3.4-1968)");
    term_wait(t, "Password: ");
    term_press(t, "Esc j k"); /* a key takes the message away */
    term_wait_gone(t, "not in the character set");
    term_press(t, "Enter q");
    term_settle(t);
    assert_false(term_shows(t, "not in the character set"));
    desk_leave(t);
}

static void shows_queue(void **state)
{
    const struct look *look = *state;
    struct term_options o = desk_options(&d);
    char term[64];
    snprintf(term, sizeof term, "TERM=%s", look->term);
    o.rows = look->rows;
    o.cols = look->cols;
    o.ascii = look->ascii;
    o.env[6] = term;
    o.env[7] = look->extra;
    if (look->ascii)
        o.argv[6] = "en";
    struct term *t = term_start(&o);
    if (look->cols < 60) {
        term_wait(t, look->shows);
        siginfo_t ended = {0};
        term_press(t, "^C"); /* may be for the password that is asked for unseen */
        for (int tenths = 0; tenths < 20 && !ended.si_pid; tenths++) {
            nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
            assert_int_equal(waitid(P_PID, (id_t)t->pid, &ended, WEXITED | WNOHANG | WNOWAIT), 0);
        }
        if (!ended.si_pid)
            term_press(t, "^C");
        assert_int_equal(term_wait_end(t), 0);
        term_check_restored(t);
        term_end(t);
        return;
    }
    term_wait(t, look->ascii ? "Password: " : "密码：");
    term_press(t, "Esc");
    term_wait(t, look->ascii ? "[1]To sign 14" : look->shows);
    int row = term_find(t, " -0:"); /* minutes pass while the looks are tried */
    if (row < 0)
        term_fail(t, "no overdue case in the queue");
    assert_non_null(strchr(term_row(t, row), '!')); /* told without colour too */
    term_press(t, "j j k");
    term_settle(t);
    assert_true(term_row(t, 4)[0] == '>');
    if (look->coloured != (t->stream.colours > 0))
        term_fail(t, "%s", look->coloured ? "no colours" : "colours");
    desk_leave(t);
}

static void refuses_dumb(void **state)
{
    struct term_options o = desk_options(&d);
    (void)state;
    o.env[6] = "TERM=dumb";
    struct term *t = term_start(&o);
    int code = term_wait_end(t);
    assert_int_not_equal(code, 0);
    assert_true(term_shows(t, "TERM"));
    term_check_restored(t);
    term_end(t);
    o.env[6] = "TERM=no-such-terminal";
    t = term_start(&o);
    assert_int_not_equal(term_wait_end(t), 0);
    assert_true(term_shows(t, "TERM"));
    term_end(t);
}

/* Opens the console that is left alone while the others come and go. */
static void leave_alone(void **state)
{
    (void)state;
    watched = desk_open(&watcher, 24, 80);
    term_wait(watched, "待签收 14");
}

/* Rows that differ; both are screens of the same size. */
static int rows_changed(const char *before, const char *after)
{
    int n = 0;
    while (*before && *after) {
        size_t b = strcspn(before, "\n"), a = strcspn(after, "\n");
        n += a != b || memcmp(before, after, a) != 0;
        before += b + 1;
        after += a + 1;
    }
    return n;
}

static void minute_costs_digits(void **state)
{
    struct term *t = watched;
    (void)state;
    term_settle(t);
    char *before = strdup(term_screen(t));
    uint64_t bytes = t->stream.bytes;
    int64_t until = term_now_ms() + MINUTE_MS + TERM_PATIENCE_MS;
    while (t->stream.bytes == bytes) {
        term_pump(t, 1000);
        if (term_now_ms() > until)
            term_fail(t, "the minute does not change");
    }
    term_settle(t);
    uint64_t cost = t->stream.bytes - bytes;
    int rows = rows_changed(before, term_screen(t));
    printf("# a minute: %d rows, %llu bytes\n", rows, (unsigned long long)cost);
    assert_true(rows > 0);
    if (cost > (uint64_t)(rows * ROW_BYTES + FRAME_BYTES)) {
        fprintf(stderr, "# before:\n%s\n", before);
        term_fail(t, "%llu bytes for %d rows with other digits", (unsigned long long)cost, rows);
    }
    free(before);
    bytes = t->stream.bytes;
    for (int64_t end = term_now_ms() + IDLE_MS; term_now_ms() < end;)
        term_pump(t, 100);
    if (t->stream.bytes != bytes)
        term_fail(t, "%llu bytes while nothing happened",
                  (unsigned long long)(t->stream.bytes - bytes));
    desk_leave(t);
}

static int end_one(void **state)
{
    (void)state;
    term_end_all(watched);
    return 0;
}

static int begin(void **state)
{
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "zh_CN");
    desk_make(&watcher, &s, "liu.desk", "zh_CN");
    free(desk_run(&d, 0, "sync", NULL));
    return 0;
}

int main(void)
{
    enum { LOOKS = sizeof looks / sizeof *looks };
    struct CMUnitTest tests[LOOKS + 5] = {cmocka_unit_test(leave_alone)};
    for (size_t i = 0; i < LOOKS; i++)
        tests[i + 1] = (struct CMUnitTest){.name = looks[i].name,
                                           .test_func = shows_queue,
                                           .teardown_func = end_one,
                                           .initial_state = (void *)(uintptr_t)&looks[i]};
    tests[LOOKS + 1] = (struct CMUnitTest)cmocka_unit_test_teardown(refuses_dumb, end_one);
    tests[LOOKS + 2] = (struct CMUnitTest)cmocka_unit_test_teardown(frames_of_ascii, end_one);
    tests[LOOKS + 3] = (struct CMUnitTest)cmocka_unit_test_teardown(unshown_is_told, end_one);
    tests[LOOKS + 4] = (struct CMUnitTest)cmocka_unit_test(minute_costs_digits);
    return _cmocka_run_group_tests("term/looks", tests, LOOKS + 5, begin, rig_end);
}
