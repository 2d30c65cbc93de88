/* The thread of the line: started at once, what it cannot do comes as a report, stopped at any moment. */
#include "tests/unit/store_kit.h"

#include "core/sync/sync.h"
#include <poll.h>

static struct sync_options options_of(const struct kit *k, const char *url)
{
    return (struct sync_options){.folder = k->folder,
                                 .url = url,
                                 .user = "li",
                                 .device = "test",
                                 .password = "secret",
                                 .once = true,
                                 .batch = 100,
                                 .body_limit = 1 << 20,
                                 .clock = &clock_system,
                                 .random = &random_system};
}

static void wait_for_done(struct sync *s)
{
    for (bool done = false; !done;) {
        struct pollfd p = {.fd = sync_fd(s), .events = POLLIN};
        char bytes[64];
        assert_int_equal(poll(&p, 1, 30000), 1);
        ssize_t n = read(p.fd, bytes, sizeof bytes);
        done = n > 0 && memchr(bytes, HINT_DONE, (size_t)n);
    }
}

static void test_address(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "ftp://x", "http://far.example", "https://a/b",
                                      "https://"};
    struct kit k;
    struct errmsg err = {{0}};
    kit_begin(&k);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct sync *s = NULL;
        struct sync_options o = options_of(&k, bad[i]);
        assert_int_equal(sync_start(&o, &s, &err), ST_INVALID);
        assert_null(s);
    }
    kit_end(&k);
}

/* The cache is opened in the thread: that it cannot be is told like a line that is not there. */
static void test_no_cache(void **state)
{
    (void)state;
    struct kit k;
    struct sync *s = NULL;
    struct sync_report r;
    kit_begin(&k);
    store_close(k.store); /* nobody holds it now */
    struct sync_options o = options_of(&k, "http://127.0.0.1:1");
    assert_int_equal(sync_start(&o, &s, NULL), ST_OK);
    wait_for_done(s);
    sync_report(s, &r);
    assert_int_equal(r.line, LINE_OFFLINE);
    assert_non_null(strstr(r.error, k.folder));
    sync_login(s, "again"); /* nobody listens; it is freed all the same */
    sync_poke(s);
    sync_stop(s);
    kit_open(&k);
    kit_end(&k);
}

static void test_nobody_answers(void **state)
{
    (void)state;
    struct kit k;
    struct sync *s = NULL;
    struct sync_report r;
    kit_begin(&k);
    struct sync_options o = options_of(&k, "unix:/nowhere/socket");
    assert_int_equal(sync_start(&o, &s, NULL), ST_OK);
    wait_for_done(s);
    sync_report(s, &r);
    assert_int_equal(r.line, LINE_OFFLINE);
    assert_int_equal(r.cycles, 0);
    sync_stop(s);
    kit_end(&k);
}

static void test_stop_at_any_moment(void **state)
{
    (void)state;
    struct kit k;
    kit_begin(&k);
    for (int i = 0; i < 20; i++) {
        struct sync *s = NULL;
        struct sync_options o = options_of(&k, "unix:/nowhere/socket");
        o.once = false;
        assert_int_equal(sync_start(&o, &s, NULL), ST_OK);
        usleep((useconds_t)(i * 200));
        sync_stop(s);
    }
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address), cmocka_unit_test(test_no_cache),
        cmocka_unit_test(test_nobody_answers), cmocka_unit_test(test_stop_at_any_moment)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
