/* Finished cases leave the cache after the time of the policy, and nothing else does. */
#include "core/store/retention.h"
#include "tests/unit/store_kit.h"

enum { KEEP_DAYS = 180 };

static void day(struct kit *k, int n)
{
    k->now = 1760000000000 + n * (int64_t)MS_DAY;
}

/* Events that bring the case from version since to this state, now. */
static void comes(struct kit *k, int n, uint32_t since, enum state state)
{
    struct kit_case c = {
        .n = n, .since = since, .version = since + 2, .state = state, .due_ms = TIME_NONE};
    bool gap, left;
    assert_int_equal(store_changes_begin(k->store, NULL), ST_OK);
    assert_int_equal(kit_add(k, &c, &gap), ST_OK);
    assert_false(gap);
    assert_int_equal(store_changes_commit(k->store, "c", NULL), ST_OK);
    assert_int_equal(store_index_step(k->store, 100, &left, NULL), ST_OK);
}

static bool is_there(struct kit *k, int n)
{
    struct case_view view;
    struct uuid id = kit_id('c', n);
    return store_case(k->store, &id, &k->arena, &view, NULL) == ST_OK;
}

static struct retention_place go(struct kit *k, int step)
{
    struct retention_place p = {0}, due = {0};
    int steps = 0;
    assert_int_equal(store_retention_due(k->store, &due, NULL), ST_OK);
    while (!p.done) {
        assert_int_equal(store_retention_step(k->store, step, &p, NULL), ST_OK);
        assert_true(++steps < 100);
    }
    assert_int_equal(p.removed, due.removed); /* what doctor says is what happens */
    assert_int_equal(p.kept, due.kept);
    return p;
}

enum { CLOSED_LONG = 1, CLOSED_LATER, STILL_OPEN, UNSENT, DRAFT, ARCHIVED, REOPENED, DIRECT };

static void fill(struct kit *k)
{
    day(k, 0);
    comes(k, CLOSED_LONG, 0, STATE_CLOSED);
    comes(k, CLOSED_LATER, 0, STATE_WORKING);
    comes(k, STILL_OPEN, 0, STATE_WORKING);
    comes(k, UNSENT, 0, STATE_CLOSED);
    comes(k, DRAFT, 0, STATE_CLOSED);
    comes(k, ARCHIVED, 0, STATE_CLOSED);
    comes(k, REOPENED, 0, STATE_CLOSED);
    comes(k, DIRECT, 0, STATE_DIRECT);
    day(k, 10);
    comes(k, REOPENED, 2, STATE_REWORK);
    day(k, 30);
    comes(k, ARCHIVED, 2, STATE_ARCHIVED); /* counts from the closing */
    day(k, 100);
    comes(k, CLOSED_LATER, 2, STATE_CLOSED);
    comes(k, REOPENED, 4, STATE_CLOSED);
    struct command note = kit_note(k, 1, UNSENT, "not sent");
    static const struct value text = {FIELD_NOTE, "half written"};
    struct draft d = {.case_id = kit_id('c', DRAFT),
                      .type = COMMAND_NOTE,
                      .user = "wang",
                      .values = &text,
                      .n_values = 1};
    assert_int_equal(store_queue(k->store, &note, NULL), ST_OK);
    assert_int_equal(store_draft_put(k->store, &d, NULL), ST_OK);
}

static void test_what_goes(void **state)
{
    (void)state;
    static const struct policy policy = {.retain_closed_ms = KEEP_DAYS * (int64_t)MS_DAY};
    for (int step = 1; step <= 100; step += 33) {
        struct kit k;
        kit_begin(&k);
        store_set_context(k.store, &policy, NULL, NULL, NULL);
        fill(&k);
        day(&k, KEEP_DAYS); /* to the millisecond: not yet */
        struct retention_place p = go(&k, step);
        assert_int_equal(p.removed, 0);
        assert_int_equal(p.kept, 0);
        k.now++;
        p = go(&k, step);
        assert_int_equal(p.removed, 3);
        assert_int_equal(p.kept, 2);
        for (int n = CLOSED_LONG; n <= DIRECT; n++)
            assert_int_equal(is_there(&k, n), n != CLOSED_LONG && n != ARCHIVED && n != DIRECT);
        assert_int_equal(kit_counts(&k).cases, 5);
        assert_int_equal(kit_counts(&k).outbox, 1);
        assert_int_equal(kit_counts(&k).drafts, 1);
        /* What was answered goes too, and what comes again goes again. */
        struct uuid id = kit_id('c', DRAFT);
        assert_int_equal(store_draft_drop(k.store, &id, COMMAND_NOTE, 0, NULL), ST_OK);
        day(&k, 0);
        comes(&k, DIRECT, 0, STATE_DIRECT);
        day(&k, KEEP_DAYS + 1);
        p = go(&k, step);
        assert_int_equal(p.removed, 2);
        assert_false(is_there(&k, DRAFT));
        day(&k, 100 + KEEP_DAYS + 1);
        p = go(&k, step);
        assert_int_equal(p.removed, 2);
        assert_true(is_there(&k, STILL_OPEN) && is_there(&k, UNSENT));
        struct store_health h;
        assert_int_equal(store_health(k.store, &k.arena, &h, NULL), ST_OK);
        assert_true(h.integrity_ok);
        kit_end(&k);
    }
}

/* The clock of this machine is years ahead; the server's time counts. */
static void test_a_wrong_clock_empties_nothing(void **state)
{
    (void)state;
    static const struct policy policy = {.retain_closed_ms = KEEP_DAYS * (int64_t)MS_DAY};
    static const struct policy no_end = {0};
    struct kit k;
    kit_begin(&k);
    store_set_context(k.store, &policy, NULL, NULL, NULL);
    fill(&k);
    day(&k, 3000);
    assert_int_equal(store_meta_set(k.store, "server_offset_ms", "-249696000000", NULL), ST_OK);
    assert_int_equal(go(&k, 10).removed, 0); /* 2890 days ahead: it is day 110 */
    assert_int_equal(store_meta_set(k.store, "server_offset_ms", "0", NULL), ST_OK);
    store_set_context(k.store, &no_end, NULL, NULL, NULL);
    assert_int_equal(go(&k, 10).removed, 0);
    store_set_context(k.store, NULL, NULL, NULL, NULL);
    assert_int_equal(go(&k, 10).removed, 0);
    assert_int_equal(kit_counts(&k).cases, 8);
    kit_end(&k);
}

/* A walk that has come to its end is due again when another day of cases is past, and at once for a shorter time. */
static void test_a_walk_a_day(void **state)
{
    (void)state;
    static const struct policy policy = {.retain_closed_ms = KEEP_DAYS * (int64_t)MS_DAY};
    static const struct policy shorter = {.retain_closed_ms = 30 * (int64_t)MS_DAY};
    static const struct policy no_end = {0};
    struct kit k;
    kit_begin(&k);
    assert_false(store_retention_wanted(k.store)); /* no policy came yet */
    store_set_context(k.store, &policy, NULL, NULL, NULL);
    fill(&k);
    day(&k, KEEP_DAYS + 1);
    assert_true(store_retention_wanted(k.store));
    struct retention_place p = {0};
    assert_int_equal(store_retention_step(k.store, 2, &p, NULL), ST_OK);
    assert_false(p.done);
    assert_true(store_retention_wanted(k.store)); /* it was cut off */
    go(&k, 10);
    assert_false(store_retention_wanted(k.store));
    k.now += MS_DAY - 1;
    assert_false(store_retention_wanted(k.store));
    k.now++;
    assert_true(store_retention_wanted(k.store));
    go(&k, 10);
    store_set_context(k.store, &shorter, NULL, NULL, NULL);
    assert_true(store_retention_wanted(k.store));
    store_set_context(k.store, &no_end, NULL, NULL, NULL);
    assert_false(store_retention_wanted(k.store));
    kit_end(&k);
}

/* However many old cases there are, a step is over after so many, whether they go or stay. */
static void test_a_step_is_short(void **state)
{
    (void)state;
    enum { MANY = 150, STEP = 64, FEW = 6 };
    static const struct policy policy = {.retain_closed_ms = KEEP_DAYS * (int64_t)MS_DAY};
    struct kit k;
    kit_begin(&k);
    store_set_context(k.store, &policy, NULL, NULL, NULL);
    day(&k, 0);
    for (int n = 1; n <= MANY; n++)
        comes(&k, n, 0, n % 2 ? STATE_WORKING : STATE_CLOSED);
    day(&k, KEEP_DAYS + 1);
    struct retention_place p = {0};
    int64_t before = 0, steps = 0;
    for (; !p.done; steps++) {
        assert_int_equal(store_retention_step(k.store, STEP, &p, NULL), ST_OK);
        assert_true(p.removed - before <= FEW);
        before = p.removed;
    }
    assert_int_equal(p.removed, MANY / 2);
    assert_true(steps > MANY / 2 / FEW);
    kit_end(&k);
}

/* What is past its time when it comes is not kept, be it new here or sent again; a draft on it keeps it. */
static void test_what_is_past_does_not_come_in(void **state)
{
    (void)state;
    static const struct policy policy = {.retain_closed_ms = KEEP_DAYS * (int64_t)MS_DAY};
    struct kit k;
    kit_begin(&k);
    store_set_context(k.store, &policy, NULL, NULL, NULL);
    struct draft d = {.case_id = kit_id('c', DRAFT), .type = COMMAND_NOTE, .user = "wang"};
    assert_int_equal(store_draft_put(k.store, &d, NULL), ST_OK);
    const struct kit_case old[] = {
        {.n = CLOSED_LONG, .version = 2, .state = STATE_CLOSED, .due_ms = TIME_NONE},
        {.n = STILL_OPEN, .version = 2, .state = STATE_WORKING, .due_ms = TIME_NONE},
        {.n = DRAFT, .version = 2, .state = STATE_CLOSED, .due_ms = TIME_NONE},
    };
    bool gap;
    day(&k, 0); /* of the events; by the server it is much later */
    assert_int_equal(store_meta_set(k.store, "server_offset_ms", "15638400000", NULL), ST_OK);
    for (int turn = 0; turn < 2; turn++) {
        assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
        for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
            assert_int_equal(kit_add(&k, &old[i], &gap), ST_OK);
            assert_false(gap);
        }
        assert_int_equal(store_changes_commit(k.store, "c", NULL), ST_OK);
        assert_false(is_there(&k, CLOSED_LONG));
        assert_true(is_there(&k, STILL_OPEN) && is_there(&k, DRAFT));
        assert_int_equal(kit_counts(&k).cases, 2);
    }
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_goes),
        cmocka_unit_test(test_a_wrong_clock_empties_nothing),
        cmocka_unit_test(test_a_walk_a_day),
        cmocka_unit_test(test_a_step_is_short),
        cmocka_unit_test(test_what_is_past_does_not_come_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
