/* The lines of GET /v1/changes: what a console may store and what it must not. */
#include "tests/unit/wire_random.h"

#define ID "0192f0c1-0000-7000-8000-000000000001"

static void put_line(struct buf *out, const struct event *e, size_t n, uint32_t since)
{
    buf_printf(out, "{\"case\":\"" ID "\",\"version\":%u,\"since\":%u,\"events\":[",
               (unsigned)(since + n), (unsigned)since);
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_putc(out, ',');
        event_encode(out, &e[i]);
    }
    buf_puts(out, "]}");
}

static void test_round_trip(void **state)
{
    (void)state;
    struct rng r;
    struct arena a;
    struct buf line, raw;
    rng_seed(&r, 777);
    arena_init(&a, 0);
    buf_init(&line, TEST_CEILING);
    buf_init(&raw, TEST_CEILING);
    for (int round = 0; round < 100; round++) {
        struct event e[5];
        struct change c;
        size_t n = rng_below(&r, 6);
        uint32_t since = 1 + rng_below(&r, 9);
        buf_clear(&line);
        buf_clear(&raw);
        for (size_t i = 0; i < n; i++) {
            e[i] = random_event(&r, 10, &a);
            e[i].seq = since + 1 + (uint32_t)i;
            event_encode(&raw, &e[i]);
            buf_putc(&raw, '\n');
        }
        put_line(&line, e, n, since);
        char *copy = exact_copy(line.data, line.len);
        assert_int_equal(change_decode(copy, line.len, &a, &c, NULL), ST_OK);
        free(copy);
        assert_int_equal(c.kind, CHANGE_CASE);
        assert_int_equal(c.version, since + n);
        assert_int_equal(c.since, since);
        assert_int_equal(c.n_events, n);
        for (size_t i = 0; i < n; i++)
            same_event(&e[i], &c.events[i]);
        assert_int_equal(c.events_json_len, raw.len);
        assert_memory_equal(c.events_json, raw.data, raw.len);
        arena_reset(&a);
    }
    buf_release(&line);
    buf_release(&raw);
    arena_release(&a);
}

static void test_every_truncation(void **state)
{
    (void)state;
    struct rng r;
    struct arena a;
    struct buf line;
    struct change c = {.version = 77};
    rng_seed(&r, 3);
    arena_init(&a, 0);
    buf_init(&line, TEST_CEILING);
    struct event e = random_event(&r, 6, &a);
    e.seq = 1;
    put_line(&line, &e, 1, 0);
    for (size_t n = 0; n < line.len; n++) {
        char *copy = exact_copy(line.data, n);
        assert_int_equal(change_decode(copy, n, &a, &c, NULL), ST_INVALID);
        assert_int_equal(c.version, 77);
        free(copy);
    }
    buf_release(&line);
    arena_release(&a);
}

/* Members in another order, escaped keys, a key that only looks like ours: the raw text still fits. */
static void test_raw_text_of_other_writers(void **state)
{
    (void)state;
    static const char event[] = "{\"seq\":1,\"type\":\"sign\",\"at\":\"2026-11-24T08:00:00+08:00\","
                                "\"entered\":\"2026-11-24T08:00:00+08:00\",\"command\":\"" ID "\","
                                "\"by\":{\"user\":\"u\",\"name\":\"n\",\"role\":\"desk\","
                                "\"office\":\"1\"},\"values\":{}}";
    static const char *const form[] = {
        "{\"events\":[%s],\"version\":1,\"since\":0,\"case\":\"" ID "\"}",
        "{\"case\":\"" ID "\",\"version\":1,\"since\":0,\"\\u0065vents\":[%s]}",
        "{\"note\":\"events\",\"case\":\"" ID "\",\"version\":1,\"since\":0,\"events\" : [ %s ] }",
        "{\"x\":{\"events\":[{}]},\"case\":\"" ID "\",\"version\":1,\"since\":0,\"events\":[%s]}",
        "{\"case\":\"" ID "\",\n\"version\":1,\"since\":0,\"events\":[%s]}",
        "{\"y\":\"\\\"events\\\":[{}]\",\"case\":\"" ID
        "\",\"version\":1,\"since\":0,\"events\":[%s]}"};
    struct arena a;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof form / sizeof *form; i++) {
        struct buf line;
        struct change c;
        struct event back;
        buf_init(&line, TEST_CEILING);
        replaced(&line, form[i], "%s", event);
        assert_int_equal(change_decode(line.data, line.len, &a, &c, NULL), ST_OK);
        assert_int_equal(c.n_events, 1);
        assert_true(c.events_json_len > 1);
        assert_ptr_equal(strchr(c.events_json, '\n'), c.events_json + c.events_json_len - 1);
        assert_int_equal(event_decode(c.events_json, c.events_json_len - 1, &a, &back, NULL),
                         ST_OK);
        same_event(&c.events[0], &back);
        buf_release(&line);
    }
    arena_release(&a);
}

static void test_numbering_is_checked(void **state)
{
    (void)state;
    struct rng r;
    struct arena a;
    struct buf line;
    struct change c;
    struct event e[2];
    rng_seed(&r, 8);
    arena_init(&a, 0);
    buf_init(&line, TEST_CEILING);
    for (uint32_t i = 0; i < 2; i++) {
        e[i] = random_event(&r, 10, &a);
        e[i].seq = 5 + 2 * i; /* 6 is missing */
    }
    put_line(&line, e, 2, 4);
    assert_int_equal(change_decode(line.data, line.len, &a, &c, NULL), ST_INVALID);
    buf_clear(&line);
    put_line(&line, e, 1, 4);
    assert_int_equal(change_decode(line.data, line.len, &a, &c, NULL), ST_OK);
    char *at = strstr(line.data, "\"version\":5");
    assert_non_null(at);
    at[10] = '7'; /* says more than it brings */
    assert_int_equal(change_decode(line.data, line.len, &a, &c, NULL), ST_INVALID);
    buf_release(&line);
    arena_release(&a);
}

static void test_gone_and_end(void **state)
{
    (void)state;
    struct arena a;
    struct change c;
    static const char gone[] = "{\"gone\":\"" ID "\"}";
    static const char end[] = "{\"cursor\":\"E-123\",\"more\":true}";
    static const char *const bad[] = {
        "{}",
        "[]",
        "{\"cursor\":\"E-1\"}",
        "{\"gone\":1}",
        "{\"cursor\":\"\",\"more\":false}",
        "{\"cursor\":\"E-1\",\"more\":0}",
        "{\"cursor\":\"0123456789012345678901234567890123456789012345678901234567890123\","
        "\"more\":false}",
        "{\"cursor\":\"a\",\"cursor\":\"b\",\"more\":false}",
        "{\"gone\":\"" ID "\"}x"};
    arena_init(&a, 0);
    assert_int_equal(change_decode(gone, sizeof gone - 1, &a, &c, NULL), ST_OK);
    assert_int_equal(c.kind, CHANGE_GONE);
    assert_int_equal(change_decode(end, sizeof end - 1, &a, &c, NULL), ST_OK);
    assert_int_equal(c.kind, CHANGE_END);
    assert_string_equal(c.cursor, "E-123");
    assert_true(c.more);
    for (size_t n = 0; n < sizeof end - 1; n++) {
        char *copy = exact_copy(end, n);
        assert_int_equal(change_decode(copy, n, &a, &c, NULL), ST_INVALID);
        free(copy);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(change_decode(bad[i], strlen(bad[i]), &a, &c, NULL), ST_INVALID);
    arena_release(&a);
}

static void test_depth(void **state)
{
    (void)state;
    struct arena a;
    struct buf line;
    struct change c;
    arena_init(&a, 0);
    buf_init(&line, TEST_CEILING);
    put_deep(&line, 32, "\"gone\":\"" ID "\"}");
    assert_int_equal(change_decode(line.data, line.len, &a, &c, NULL), ST_OK);
    buf_clear(&line);
    put_deep(&line, 33, "\"gone\":\"" ID "\"}");
    assert_int_equal(change_decode(line.data, line.len, &a, &c, NULL), ST_TOOBIG);
    buf_release(&line);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip),
                                       cmocka_unit_test(test_every_truncation),
                                       cmocka_unit_test(test_raw_text_of_other_writers),
                                       cmocka_unit_test(test_numbering_is_checked),
                                       cmocka_unit_test(test_gone_and_end),
                                       cmocka_unit_test(test_depth)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
