/* Events through JSON and back, and JSON that is not an event. */
#include "tests/unit/wire_random.h"

#define EVENT                                                                                      \
    "{\"seq\":3,\"type\":\"contact\",\"at\":\"2026-11-24T08:00:00.250+08:00\","                    \
    "\"entered\":\"2026-11-24T00:00:00Z\",\"command\":\"0192f0c1-0000-7000-8000-000000000001\","   \
    "\"by\":{\"user\":\"li\",\"name\":\"Li\",\"role\":\"handler\",\"office\":\"1101\"},"           \
    "\"to\":\"WORKING\",\"values\":{\"reached\":true,\"said\":\"x\"},"                             \
    "\"clocks\":[{\"clock\":\"contact\",\"op\":\"stop\"}]}"

static enum status decode(const char *text, struct arena *a, struct event *e, struct errmsg *err)
{
    size_t n = strlen(text);
    char *copy = exact_copy(text, n);
    enum status st = event_decode(copy, n, a, e, err);
    free(copy);
    return st;
}

static void test_round_trip(void **state)
{
    (void)state;
    struct rng r;
    struct arena a, b;
    struct buf out;
    rng_seed(&r, 12345);
    arena_init(&a, 0);
    arena_init(&b, 0);
    buf_init(&out, TEST_CEILING);
    for (int i = 0; i < 300; i++) {
        struct event e = random_event(&r, i == 0 ? 1 : 1 + rng_below(&r, 20), &a), back;
        struct errmsg err = {""};
        buf_clear(&out);
        event_encode(&out, &e);
        assert_int_equal(buf_status(&out), ST_OK);
        assert_null(strchr(out.data, '\n')); /* one line */
        assert_int_equal(event_decode(out.data, out.len, &b, &back, &err), ST_OK);
        same_event(&e, &back);
        arena_reset(&a);
        arena_reset(&b);
    }
    buf_release(&out);
    arena_release(&a);
    arena_release(&b);
}

static void test_known_event(void **state)
{
    (void)state;
    struct arena a;
    struct event e;
    arena_init(&a, 0);
    assert_int_equal(decode(EVENT, &a, &e, NULL), ST_OK);
    assert_int_equal(e.seq, 3);
    assert_int_equal(e.type, COMMAND_CONTACT);
    assert_true(e.at_ms - e.entered_ms == 250); /* milliseconds and offsets count */
    assert_int_equal(e.to, STATE_WORKING);
    assert_string_equal(e.actor.device, "");
    assert_string_equal(value_find(e.values, e.n_values, FIELD_REACHED), "yes");
    assert_int_equal(e.clocks[0].clock, CLOCK_CONTACT);
    assert_int_equal(e.clocks[0].op, CLOCK_STOP);
    arena_release(&a);
}

static void test_every_truncation(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    for (size_t n = 0; n < strlen(EVENT); n++) {
        struct event e = {.seq = 77};
        struct errmsg err = {""};
        char *copy = exact_copy(EVENT, n);
        assert_int_equal(event_decode(copy, n, &a, &e, &err), ST_INVALID);
        assert_int_equal(e.seq, 77);
        assert_true(err.text[0] != '\0');
        free(copy);
    }
    arena_release(&a);
}

static void test_depth(void **state)
{
    (void)state;
    struct arena a;
    struct buf out;
    struct event e;
    arena_init(&a, 0);
    buf_init(&out, TEST_CEILING);
    put_deep(&out, 32, &EVENT[1]);
    assert_int_equal(event_decode(out.data, out.len, &a, &e, NULL), ST_OK);
    buf_clear(&out);
    put_deep(&out, 33, &EVENT[1]);
    assert_int_equal(event_decode(out.data, out.len, &a, &e, NULL), ST_TOOBIG);
    buf_clear(&out);
    for (int i = 0; i < 1000000; i++)
        buf_putc(&out, '[');
    assert_int_equal(event_decode(out.data, out.len, &a, &e, NULL), ST_TOOBIG);
    buf_release(&out);
    arena_release(&a);
}

static void test_duplicate_and_unknown(void **state)
{
    (void)state;
    struct arena a;
    struct buf out;
    struct event e;
    arena_init(&a, 0);
    buf_init(&out, TEST_CEILING);
    replaced(&out, EVENT, "\"seq\":3", "\"seq\":3,\"seq\":4");
    assert_int_equal(decode(out.data, &a, &e, NULL), ST_INVALID);
    replaced(&out, EVENT, "\"said\":\"x\"", "\"said\":\"x\",\"said\":\"y\"");
    assert_int_equal(decode(out.data, &a, &e, NULL), ST_INVALID);
    /* members and fields of a newer version are passed over */
    replaced(&out, EVENT, "\"seq\":3", "\"seq\":3,\"newer\":{\"a\":[1,null]}");
    assert_int_equal(decode(out.data, &a, &e, NULL), ST_OK);
    replaced(&out, EVENT, "\"said\":\"x\"", "\"not_yet_known\":17,\"said\":\"x\"");
    assert_int_equal(decode(out.data, &a, &e, NULL), ST_OK);
    assert_int_equal(e.n_values, 2);
    buf_release(&out);
    arena_release(&a);
}

static void test_wrong_places_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *place;
        enum status st;
    } row[] = {{"\"seq\":3", "\"seq\":0", "/seq", ST_INVALID},
               {"\"seq\":3", "\"seq\":4294967296", "/seq", ST_INVALID},
               {"\"seq\":3", "\"seq\":3.5", "/seq", ST_INVALID},
               {"\"contact\",\"at\"", "\"fly\",\"at\"", "/type", ST_UNSUPPORTED},
               {"08:00:00.250+08:00", "08:00:00.250", "/at", ST_INVALID},
               {"T00:00:00Z", "T24:00:00Z", "/entered", ST_INVALID},
               {"0192f0c1-", "0192f0c1", "/command", ST_INVALID},
               {"\"handler\"", "\"emperor\"", "/by/role", ST_INVALID},
               {"\"user\":\"li\"", "\"user\":7", "/by/user", ST_INVALID},
               {"WORKING", "ASLEEP", "/to", ST_INVALID},
               {"\"reached\":true", "\"reached\":\"yes\"", "/values/reached", ST_INVALID},
               {"\"said\":\"x\"", "\"said\":null", "/values/said", ST_INVALID},
               {"\"said\":\"x\"", "\"time\":\"noon\"", "/values/time", ST_INVALID},
               {"\"clock\":\"contact\"", "\"clock\":\"sun\"", "/clocks/0/clock", ST_INVALID},
               {"\"op\":\"stop\"", "\"op\":\"start\"", "/clocks/0/due", ST_INVALID},
               {"\"said\":\"x\"", "\"said\":\"\\u0000\"", "line 1", ST_INVALID},
               {"\"said\":\"x\"", "\"said\":\"\xff\"", "line 1", ST_INVALID},
               {"\"said\":\"x\"", "\"said\":\"\\ud800\"", "line 1", ST_INVALID}};
    struct arena a;
    struct buf out;
    arena_init(&a, 0);
    buf_init(&out, TEST_CEILING);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct event e;
        struct errmsg err = {""};
        replaced(&out, EVENT, row[i].from, row[i].to);
        enum status st = decode(out.data, &a, &e, &err);
        if (st != row[i].st && row[i].st != ST_UNSUPPORTED)
            print_message("%s: %d %s\n", row[i].to, st, err.text);
        assert_int_equal(st, row[i].st);
        assert_true(strncmp(err.text, row[i].place, strlen(row[i].place)) == 0);
    }
    buf_release(&out);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip),
                                       cmocka_unit_test(test_known_event),
                                       cmocka_unit_test(test_every_truncation),
                                       cmocka_unit_test(test_depth),
                                       cmocka_unit_test(test_duplicate_and_unknown),
                                       cmocka_unit_test(test_wrong_places_are_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
