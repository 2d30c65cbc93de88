#include "core/sync/backoff.h"
#include "core/sync/sse.h"
#include "core/base/clock.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct heard {
    struct buf text;
    int n;
};

static void hear(void *self, const struct sse_event *e)
{
    struct heard *h = self;
    h->n++;
    buf_printf(&h->text, "[%s|%s|%s]", e->type, e->data, e->id);
}

static void feed_all(const char *bytes, size_t n, size_t piece, const char *want, int64_t dropped)
{
    struct heard h = {.n = 0};
    struct sse_reader r;
    buf_init(&h.text, 1 << 20);
    sse_init(&r, &h, hear);
    for (size_t at = 0; at < n; at += piece)
        sse_feed(&r, bytes + at, n - at < piece ? n - at : piece);
    assert_string_equal(h.text.data, want);
    assert_int_equal(r.dropped, dropped);
    sse_release(&r);
    buf_release(&h.text);
}

static void sse__any_split__gives_the_same_events(void **state)
{
    (void)state;
    static const char stream[] = ": hello\r\nevent: change\r\ndata: e1-5\r\nid: 5\r\n\r\n"
                                 "data: a\ndata: b\n\n"
                                 "event:ping\rdata\r\r"
                                 "event: nothing\n\n"
                                 "data: last\n";
    for (size_t piece = 1; piece < sizeof stream; piece++)
        feed_all(stream, sizeof stream - 1, piece, "[change|e1-5|5][message|a\nb|5][ping||5]", 0);
}

static void sse__id_with_nul__is_ignored(void **state)
{
    (void)state;
    static const char stream[] = "id: 1\ndata: x\n\nid: 2\0z\ndata: y\n\n";
    feed_all(stream, sizeof stream - 1, 7, "[message|x|1][message|y|1]", 0);
}

static void sse__line_over_its_bound__drops_the_event_only(void **state)
{
    (void)state;
    size_t n = SSE_LINE_MAX + 100;
    char *stream = malloc(n + 64);
    assert_non_null(stream);
    memcpy(stream, "data: ", 6);
    memset(stream + 6, 'x', n);
    memcpy(stream + 6 + n, "\n\ndata: ok\n\n", 12);
    feed_all(stream, n + 18, 4096, "[message|ok|]", 2); /* the line, then its event */
    free(stream);
}

static void sse__event_over_its_bound__is_dropped(void **state)
{
    (void)state;
    struct buf stream;
    buf_init(&stream, 1 << 20);
    for (int i = 0; i < 300; i++) {
        buf_puts(&stream, "data: ");
        for (int k = 0; k < 1000; k++)
            buf_putc(&stream, 'y');
        buf_putc(&stream, '\n');
    }
    buf_puts(&stream, "\ndata: ok\n\n");
    feed_all(stream.data, stream.len, 1000, "[message|ok|]", 1);
    buf_release(&stream);
}

static void sse__retry__is_clamped(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        int64_t want;
    } cases[] = {{"retry: 0\n", 1000},
                 {"retry: 5000\n", 5000},
                 {"retry: 1000000000\n", 300000},
                 {"retry: 99999999999999999999\n", 300000},
                 {"retry: 1e9\n", -1},
                 {"retry: -1\n", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sse_reader r;
        struct heard h = {.n = 0};
        sse_init(&r, &h, hear);
        sse_feed(&r, cases[i].line, strlen(cases[i].line));
        assert_int_equal(r.retry_ms, cases[i].want);
        sse_release(&r);
    }
}

static void backoff__grows_and_stays_in_bounds(void **state)
{
    (void)state;
    struct rng rng;
    struct random random;
    int64_t most[12] = {0};
    rng_seed(&rng, 7);
    random = rng_random(&rng);
    for (int failures = 1; failures < 12; failures++) {
        for (int i = 0; i < 2000; i++) {
            int64_t wait = backoff_wait_ms(failures, -1, &random);
            assert_in_range(wait, BACKOFF_FIRST_MS, BACKOFF_MOST_MS + BACKOFF_FIRST_MS);
            if (wait > most[failures])
                most[failures] = wait;
        }
    }
    assert_true(most[4] > 4 * most[1] / 2);
    assert_true(most[11] > BACKOFF_MOST_MS * 9 / 10);
    assert_true(most[1] <= 2 * BACKOFF_FIRST_MS);
}

static void backoff__retry_after__is_honoured_up_to_15_minutes(void **state)
{
    (void)state;
    assert_int_equal(backoff_wait_ms(1, 30, &random_system), 30 * MS_SECOND);
    assert_int_equal(backoff_wait_ms(9, 0, &random_system), BACKOFF_FIRST_MS);
    assert_int_equal(backoff_wait_ms(1, 99999999, &random_system), 15 * MS_MINUTE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sse__any_split__gives_the_same_events),
        cmocka_unit_test(sse__id_with_nul__is_ignored),
        cmocka_unit_test(sse__line_over_its_bound__drops_the_event_only),
        cmocka_unit_test(sse__event_over_its_bound__is_dropped),
        cmocka_unit_test(sse__retry__is_clamped),
        cmocka_unit_test(backoff__grows_and_stays_in_bounds),
        cmocka_unit_test(backoff__retry_after__is_honoured_up_to_15_minutes),
    };
    return cmocka_run_group_tests_name("sse", tests, NULL, NULL);
}
