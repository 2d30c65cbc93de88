/*
 * What is typed is on the disk soon: after kill -9 at any moment at most two seconds of typing are missing, and a form
 * that is left keeps everything.
 */
#include "tests/term/server.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PROMISE_MS = 2000, WORDS_MOST = 4000, ROUNDS = 2 };

/* Types w0001 w0002 ... one by one, each waited for; says when each stood on the screen. Returns how many. */
static int type_words(struct term *t, int first, int64_t for_ms, int64_t *shown_ms,
                      int64_t *slowest_ms)
{
    int64_t until = term_now_ms() + for_ms;
    int i = first;
    for (; i < WORDS_MOST && term_now_ms() < until; i++) {
        char word[16];
        int64_t from = term_now_ms();
        snprintf(word, sizeof word, "w%04d ", i);
        term_type(t, word);
        word[5] = '\0';
        term_wait(t, word);
        shown_ms[i] = term_now_ms();
        if (shown_ms[i] - from > *slowest_ms)
            *slowest_ms = shown_ms[i] - from;
        for (int64_t next = shown_ms[i] + 40; term_now_ms() < next;) /* as fast as a hand */
            term_pump(t, (int)(next - term_now_ms()));
    }
    return i;
}

static void survives_kill(void **state)
{
    static struct server s;
    static int64_t shown_ms[WORDS_MOST];
    struct desk d;
    int have = 0, first = 0;
    unsigned seed = (unsigned)time(NULL);
    (void)state;
    printf("# seed %u\n", seed);
    server_make(&s, "office");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    for (int round = 0; round < ROUNDS; round++) {
        int64_t slowest = 0;
        struct term *t = desk_open(&d, 24, 80);
        term_wait(t, "[1]To sign 14");
        term_wait(t, "[7]All open 158");
        term_press(t, "n");
        term_wait(t, "Note *");
        if (round > 0) { /* what was there is there */
            char word[16];
            snprintf(word, sizeof word, "w%04d", have - 1);
            term_wait(t, word);
            first = have;
            term_press(t, "M->");
        }
        int n = type_words(t, first, 1700 + rand_r(&seed) % 2500, shown_ms, &slowest);
        int64_t killed = term_now_ms();
        term_kill(t);
        term_end(t);
        t = desk_open(&d, 24, 80);
        term_wait(t, "[1]To sign 14");
        term_wait(t, "[7]All open 158");
        term_press(t, "n");
        term_wait(t, "Note *");
        term_press(t, "M->");
        term_settle(t);
        for (have = n; have > 0; have--) { /* the last word that is there, whole */
            char word[16];
            snprintf(word, sizeof word, "w%04d ", have - 1);
            word[5] = '\0';
            if (term_shows(t, word))
                break;
        }
        /* how long the machine made a key wait, it may have made the clock wait too */
        for (int i = have; i < n; i++)
            if (killed - shown_ms[i] > PROMISE_MS + slowest)
                term_fail(t, "word %d stood there %lld ms before the end and is lost", i,
                          (long long)(killed - shown_ms[i]));
        term_kill(t);
        term_end(t);
    }
    server_stop(&s);
}

static void is_kept_when_left(void **state)
{
    static struct server s;
    struct desk d;
    static const char text[] = "第一段：已电话联系。\r\r第二段，有空行；tail";
    (void)state;
    server_make(&s, "left");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "[1]To sign 14");
    term_wait(t, "[7]All open 158");
    term_press(t, "1");
    term_wait(t, "rows 1-14 of 14");
    term_press(t, "c");
    term_wait(t, "What was said");
    term_press(t, "Space Tab");
    term_type(t, text);
    term_press(t, "Tab Tab 'v'");
    term_wait(t, "< visit >");
    term_press(t, "Esc");
    term_wait(t, "The draft is kept");
    desk_leave(t);
    t = desk_open(&d, 24, 80);
    term_press(t, "1");
    term_wait(t, "rows 1-14 of 14");
    term_press(t, "c");
    term_wait(t, "第二段，有空行；tail");
    term_wait(t, "< visit >");
    term_wait(t, "draft saved");
    term_press(t, "^S");
    term_wait(t, "Kept on the disk: record contact");
    json_t *mine = server_wait_events(&s, since, "wang.desk", "contact");
    assert_string_equal(text_at(json_array_get(mine, 0), "event.values.said"),
                        "第一段：已电话联系。\n\n第二段，有空行；tail");
    assert_string_equal(text_at(json_array_get(mine, 0), "event.values.way"), "visit");
    json_decref(mine);
    term_press(t, "c"); /* sent: nothing is left of the draft */
    term_wait(t, "What was said");
    assert_false(term_shows(t, "tail"));
    term_press(t, "Esc");
    term_wait(t, "Left ");
    desk_leave(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(survives_kill, rig_end),
        cmocka_unit_test_teardown(is_kept_when_left, rig_end),
    };
    return cmocka_run_group_tests_name("term/drafts", tests, NULL, NULL);
}
