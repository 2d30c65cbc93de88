/* The sync engine alone, over a line that is passed in: waiting, and not waiting. */
#include "core/sync/engine.h"
#include "tests/unit/store_kit.h"

static int started;

static enum status refuse(void *self, const struct request *r, struct errmsg *err)
{
    (void)self;
    (void)r;
    started++;
    snprintf(err->text, sizeof err->text, "refused");
    return ST_OFFLINE;
}

static void cancel(void *self, uint32_t id)
{
    (void)self;
    (void)id;
}

static void now_does_not_wait_for_the_next_try(void **state)
{
    (void)state;
    struct kit k;
    struct rng rng;
    struct sync_engine *e;
    struct errmsg err = {""};
    kit_begin(&k);
    rng_seed(&rng, 1);
    struct random random = rng_random(&rng);
    struct transport line = {.start = refuse, .cancel = cancel};
    struct sync_config config = {.store = k.store,
                                 .clock = &k.clock,
                                 .random = &random,
                                 .transport = &line,
                                 .user = "wang",
                                 .device = "test",
                                 .batch = 10,
                                 .body_limit = 1 << 20};
    assert_int_equal(sync_engine_new(&config, &e, &err), ST_OK);
    sync_engine_token(e, "token");
    for (int i = 0; i < 12; i++) { /* until it waits for minutes */
        sync_engine_tick(e);
        if (sync_engine_next_ms(e) > k.now)
            k.now = sync_engine_next_ms(e);
    }
    sync_engine_tick(e);
    int before = started;
    sync_engine_tick(e);
    sync_engine_poke(e);
    sync_engine_tick(e);
    assert_int_equal(started, before); /* something new alone does not break the wait */
    assert_true(sync_engine_next_ms(e) > k.now);
    sync_engine_now(e);
    assert_true(sync_engine_next_ms(e) <= k.now);
    sync_engine_tick(e);
    assert_int_equal(started, before + 1);
    sync_engine_free(e);
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(now_does_not_wait_for_the_next_try)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
