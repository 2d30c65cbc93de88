/* A slow line to the terminal: what a piece of work costs with --low-bandwidth and without, and that idleness is free. */
#include "tests/term/server.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_MS = 60 * 1000, STEPS = 8 };

static struct server s[2];
static struct desk desk[2];

static struct term *open_desk(int slow)
{
    struct term_options o = desk_options(&desk[slow]);
    o.argv[7] = slow ? "--low-bandwidth" : "";
    struct term *t = term_start(&o);
    desk_wait_online(&desk[slow], t);
    term_wait(t, "[1]待签收 14");
    term_settle(t);
    return t;
}

/* Bytes since the last call. */
static uint64_t cost(struct term *t, uint64_t *seen)
{
    term_settle(t);
    uint64_t bytes = t->stream.bytes - *seen;
    *seen = t->stream.bytes;
    return bytes;
}

/* Find a case, sign it, hand it on, record a call. Bytes of each step. */
static void work(struct term *t, uint64_t bytes[STEPS])
{
    uint64_t seen = 0;
    int n = 0;
    bytes[n++] = cost(t, &seen);
    term_press(t, "1");
    term_wait(t, "第 1-14 行，共 14 行");
    bytes[n++] = cost(t, &seen);
    term_press(t, "f"); /* as one types, the list follows or does not */
    term_settle(t);
    term_press(t, "'暖气'");
    term_settle(t);
    term_press(t, "'一直不热'");
    term_settle(t);
    term_press(t, "Enter");
    term_wait(t, "筛选：暖气一直不热");
    bytes[n++] = cost(t, &seen);
    term_press(t, "Enter");
    term_wait(t, "时限");
    bytes[n++] = cost(t, &seen);
    term_press(t, "s");
    term_wait(t, "已签收");
    bytes[n++] = cost(t, &seen);
    term_press(t, "a 'ln'");
    term_wait(t, ">lin.property");
    term_press(t, "Enter ^S");
    term_wait(t, "办理中");
    bytes[n++] = cost(t, &seen);
    term_press(t, "c Space");
    term_wait(t, "(x) 是");
    term_press(t, "Tab");
    term_type(t, "客厅只有14度，家里有老人。");
    term_press(t, "Tab Tab '电' ^S");
    term_wait(t, "已存到磁盘：记录联系");
    bytes[n++] = cost(t, &seen);
    term_press(t, "q");
    term_wait(t, "剩余");
    bytes[n++] = cost(t, &seen);
    assert_int_equal(n, STEPS);
}

static void costs_less(void **state)
{
    static const char *const names[STEPS] = {"open the console, log in",
                                             "another view",
                                             "filter",
                                             "open the case",
                                             "sign",
                                             "assign",
                                             "record a call",
                                             "back"};
    static const bool is_one_key[STEPS] = {false, true, false, true, true, false, false, true};
    uint64_t bytes[2][STEPS], sum[2] = {0, 0};
    (void)state;
    for (int slow = 0; slow < 2; slow++) {
        struct term *t = open_desk(slow);
        work(t, bytes[slow]);
        term_press(t, "Esc");
        desk_leave(t);
    }
    for (int i = 0; i < STEPS; i++) {
        printf("# %s: %" PRIu64 ", with --low-bandwidth %" PRIu64 "\n", names[i], bytes[0][i],
               bytes[1][i]);
        sum[0] += bytes[0][i];
        sum[1] += bytes[1][i];
    }
    printf("# all: %" PRIu64 ", with --low-bandwidth %" PRIu64 "\n", sum[0], sum[1]);
    /* What has no typing in it: how many frames that takes depends on the machine. */
    for (int i = 0; i < STEPS; i++)
        if (is_one_key[i])
            assert_true(bytes[1][i] < bytes[0][i]);
}

/* A step that stands alone says at once which rows are shown: what came 250 ms later would keep the line busy twice. */
static void rows_come_with_the_step(void **state)
{
    (void)state;
    struct term *t = open_desk(0);
    term_press(t, "7 g");
    term_wait(t, "第 1-18 行");
    term_type(t, "jjjjjjjjjjjjjjjjjj");
    term_wait(t, "第 2-19 行"); /* after a rest */
    term_pump(t, 400);
    term_press(t, "j");
    term_rest(t);
    if (!term_shows(t, "第 3-20 行"))
        term_fail(t, "the rows shown are those of before");
    desk_leave(t);
}

/* What is looked for while one types comes without another key, though nothing else happens. */
static void hints_come(void **state)
{
    (void)state;
    struct term *t = open_desk(1);
    term_press(t, "2 g");
    term_settle(t);
    kill(s[1].pid, SIGSTOP);
    term_press(t, "a");
    term_settle(t);
    term_type(t, "ln");
    term_pump(t, 100);
    term_pump(t, 1000);
    term_rest(t);
    bool there = term_shows(t, ">lin.property");
    kill(s[1].pid, SIGCONT);
    if (!there)
        term_fail(t, "the list of people does not come");
    term_press(t, "Esc");
    desk_leave(t);
}

/* Minutes pass, nobody asks: nothing is written. A key brings the times up to date. */
static void idle_is_free(void **state)
{
    (void)state;
    struct term *t = open_desk(1);
    char clock[64];
    term_press(t, "j k");
    term_settle(t);
    snprintf(clock, sizeof clock, "%s", strrchr(term_row(t, 0), ' '));
    uint64_t bytes = t->stream.bytes;
    json_int_t events = server_last_event(&s[1]);
    for (int64_t end = term_now_ms() + MINUTE_MS + 2000; term_now_ms() < end;)
        term_pump(t, 500);
    bool quiet = server_last_event(&s[1]) == events; /* else the centre's own clock did something */
    if (quiet && t->stream.bytes != bytes)
        term_fail(t, "%" PRIu64 " bytes in a minute of nothing", t->stream.bytes - bytes);
    assert_non_null(strstr(term_row(t, 0), clock));
    term_press(t, "j");
    term_settle(t);
    assert_null(strstr(term_row(t, 0), clock));
    desk_leave(t);
}

static int begin(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        server_make(&s[i], i ? "slow" : "fast");
        server_start(&s[i]);
        desk_make(&desk[i], &s[i], "wang.desk", "zh_CN");
        free(desk_run(&desk[i], 0, "sync", NULL));
    }
    return 0;
}

static int end_consoles(void **state)
{
    (void)state;
    term_end_all(NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(idle_is_free, end_consoles), /* before anything is under way */
        cmocka_unit_test_teardown(rows_come_with_the_step, end_consoles),
        cmocka_unit_test_teardown(hints_come, end_consoles),
        cmocka_unit_test_teardown(costs_less, end_consoles),
    };
    return cmocka_run_group_tests_name("term/bandwidth", tests, begin, rig_end);
}
