/*
 * The seconds in which a command can be taken back: the console or the server dies at any moment around its departure, and
 * the server ends with the command once, or, taken back, never. It never has it twice.
 */
#include "core/base/random.h"
#include "tests/term/server.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GRACE_MS = 1000, ROUNDS = 6 };

static struct server s;
static json_int_t since;

/* How often the leader's approval is at the server; each by a command of its own. */
static size_t approvals(void)
{
    json_t *all = server_events(&s, since), *one;
    const char *ids[64];
    size_t i, n = 0;
    json_array_foreach(all, i, one)
    {
        if (strcmp(text_at(one, "event.type"), "approve") != 0)
            continue;
        assert_true(n < 64);
        ids[n] = strdup(text_at(one, "event.command"));
        for (size_t k = 0; k < n; k++)
            assert_string_not_equal(ids[k], ids[n]);
        n++;
    }
    for (i = 0; i < n; i++)
        free((char *)(uintptr_t)ids[i]);
    json_decref(all);
    return n;
}

static void wait_approvals(struct term *t, size_t wanted)
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS;
    while (approvals() != wanted) {
        if (term_now_ms() > until)
            term_fail(t, "%zu approvals at the server, not %zu", approvals(), wanted);
        term_pump(t, 50);
    }
}

/* Approves what is on top; it is held back then. */
static void approve(struct term *t)
{
    term_wait(t, "To approve");
    term_press(t, "3");
    term_wait(t, "to approve"); /* a case that waits for it */
    term_press(t, "p");
    term_wait(t, "is filed with the hotline");
    term_press(t, "y");
    term_wait(t, "Note");
    term_press(t, "^S");
    term_wait(t, "u takes it back");
}

static void wait_ms(struct term *t, int64_t ms)
{
    for (int64_t until = term_now_ms() + ms; term_now_ms() < until;)
        term_pump(t, (int)(until - term_now_ms()));
}

/* Pressed as soon as there is a screen again. True: it came back. */
static bool take_back(struct term *t)
{
    static const char *const said[] = {"Taken back: approve", "Not taken back: it has left",
                                       "There is nothing to take back", NULL};
    term_press(t, "u");
    return term_wait_any(t, said) == 0;
}

static void once_or_never(void **state)
{
    struct desk d;
    struct rng rng;
    const char *given = getenv("SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)term_now_ms();
    size_t have = 0;
    int back = 0;
    (void)state;
    printf("# SEED=%llu\n", (unsigned long long)seed);
    rng_seed(&rng, seed);
    server_make(&s, "office");
    server_start(&s);
    since = server_last_event(&s);
    desk_make(&d, &s, "luo.leader", "en");
    desk_config(&d, "[reply]\ngrace = 1\n");
    for (int round = 0; round < ROUNDS; round++) {
        bool server_dies = round % 2 == 1, regrets = round % 3 == 2;
        struct term *t = desk_open(&d, 24, 80);
        approve(t);
        wait_ms(t, rng_between(&rng, 0, 2 * GRACE_MS));
        if (server_dies)
            server_kill(&s);
        else
            term_kill(t);
        if (!server_dies) {
            term_end(t);
            t = desk_open(&d, 24, 80);
        } else {
            wait_ms(t, rng_between(&rng, 0, GRACE_MS)); /* it leaves into nothing, or waits */
        }
        bool never = regrets && take_back(t);
        if (server_dies)
            server_start(&s);
        if (never) {
            term_press(t, "Esc"); /* the form with its text */
            back++;
        } else {
            have++;
        }
        wait_approvals(t, have);
        term_press(t, "^R"); /* and not once more */
        wait_ms(t, GRACE_MS / 2);
        wait_approvals(t, have);
        term_wait_gone(t, "to send");
        term_kill(t);
        term_end(t);
    }
    printf("# %zu sent, %d taken back\n", have, back);
    assert_true(have >= ROUNDS / 2);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(once_or_never, rig_end)};
    return cmocka_run_group_tests_name("term/grace", tests, NULL, NULL);
}
