/*
 * The window changes at every moment: nothing typed is lost, nothing breaks, and what stands there afterwards is what a
 * fresh painting gives. A terminal that reads slowly loses nothing either.
 */
#include "tests/term/server.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RESIZES = 80 };

static unsigned seed;

static int chance(int n)
{
    return rand_r(&seed) % n;
}

static void repaint(struct term *t)
{
    uint64_t clears = t->stream.clears;
    term_press(t, "^L");
    while (t->stream.clears == clears)
        term_pump(t, 100);
    term_settle(t);
}

/* What stands there is what a fresh painting gives. */
static void check_fresh(struct term *t)
{
    for (int i = 0;; i++) { /* a minute may end between the two, once */
        term_settle(t);
        char *before = strdup(term_picture(t));
        repaint(t);
        const char *after = term_picture(t);
        if (strcmp(before, after) == 0) {
            free(before);
            return;
        }
        if (i > 0)
            fprintf(stderr, "# before ^L:\n%s\n# after:\n%s\n", before, after);
        free(before);
        if (i > 0)
            term_fail(t, "the screen is not what a fresh painting gives (seed %u)", seed);
    }
}

/* It fills the window, or says why it does not. Waited for: a signal is not read like a key. */
static void check_fits(struct term *t)
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS;
    bool whole = t->rows >= 16 && t->cols >= 60;
    if (t->rows == 12 && t->cols == 40)
        term_wait(t, "请放大窗口");
    while (whole && !strstr(term_row(t, -1), "^S 确认"))
        if (!term_pump(t, 10) && term_now_ms() > until)
            term_fail(t, "the last row is not the last one (seed %u)", seed);
    term_settle(t);
}

static void resizes(void **state)
{
    static struct server s;
    struct desk d;
    struct buf want;
    (void)state;
    const char *given = getenv("JIBAN_TEST_SEED");
    seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    printf("# seed %u\n", seed);
    server_make(&s, "office");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "wang.desk", "zh_CN");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "待签收 14");
    buf_init(&want, 1 << 20);
    term_press(t, "n");
    term_wait(t, "备注 *");
    for (int i = 0; i < RESIZES; i++) {
        char word[64];
        snprintf(word, sizeof word, "%s%d，", i % 3 ? "室温" : "valve ", i);
        buf_puts(&want, word);
        term_type(t, word);
        if (chance(4) == 0) {
            buf_putc(&want, '\n');
            term_type(t, "\r");
        }
        if (i % 10 == 0)
            term_resize(t, 1, 1);
        else if (chance(3) == 0)
            term_resize(t, 1 + chance(10), 1 + chance(20));
        else
            term_resize(t, 1 + chance(60), 1 + chance(200));
        if (chance(2))
            check_fits(t);
        if (chance(6) == 0 && t->rows >= 16 && t->cols >= 60)
            check_fresh(t);
    }
    static const int sizes[][2] = {{24, 80}, {36, 120}, {50, 160}, {16, 60}, {12, 40}, {24, 80}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        term_resize(t, sizes[i][0], sizes[i][1]);
        check_fits(t);
        check_fresh(t);
    }
    term_type(t, "Ende");
    buf_puts(&want, "Ende");
    term_wait(t, "Ende");
    term_press(t, "^S");
    term_wait(t, "已存到磁盘：备注");
    json_t *mine = server_wait_events(&s, since, "wang.desk", "note");
    assert_string_equal(text_at(json_array_get(mine, 0), "event.values.note"), want.data);
    json_decref(mine);
    buf_release(&want);
    check_fresh(t);
    desk_leave(t);
    server_stop(&s);
}

/* 9600 baud: keys are not lost while it paints, and the end is the same. */
static void slow_terminal(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "slow");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "zh_CN");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "待签收 14");
    term_press(t, "7");
    term_settle(t);
    t->rate = 2400;
    term_press(t, "PgDn PgDn j j PgUp ^L j n '慢慢来，一个字也不少。' ^L");
    term_wait(t, "慢慢来，一个字也不少。");
    t->rate = 0;
    check_fresh(t);
    term_press(t, "Esc");
    term_wait(t, "剩余");
    desk_leave(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(resizes, rig_end),
        cmocka_unit_test_teardown(slow_terminal, rig_end),
    };
    return cmocka_run_group_tests_name("term/resize", tests, NULL, NULL);
}
