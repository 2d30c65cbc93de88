/* The one-pass reader of events and change lines takes what our encoder writes, and nothing that the tree refuses or
 * reads in another way. */
#include "tests/unit/reader_same.h" /* before codec.h: both know a json_string */
#include "tests/unit/wire_random.h"

#define ID "0192f0c1-0000-7000-8000-000000000001"

/* Text without what is written as \u00XX: that is the tree's. */
static void plain(struct value *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (const char *p = v[i].text; *p; p++)
            if ((unsigned char)*p < 0x20 && *p != '\n' && *p != '\t')
                v[i].text = "plain \"quoted\" \\ \n 街道 😀";
}

static void put_line(struct buf *out, struct rng *r, struct arena *a, bool only_plain)
{
    size_t n = 1 + rng_below(r, 4);
    uint32_t since = rng_below(r, 9);
    buf_clear(out);
    buf_printf(out, "{\"case\":\"" ID "\",\"version\":%u,\"since\":%u,\"events\":[",
               (unsigned)(since + n), (unsigned)since);
    for (size_t i = 0; i < n; i++) {
        struct event e = random_event(r, 12, a);
        e.seq = since + 1 + (uint32_t)i;
        if (only_plain) {
            struct value *v = arena_array(a, e.n_values + 1, sizeof *v);
            assert_non_null(v);
            memcpy(v, e.values, e.n_values * sizeof *v);
            plain(v, e.n_values);
            e.values = v;
            e.actor =
                (struct actor){.user = "u", .name = "陈静", .role = ROLE_DESK, .office = "1101"};
            if (i % 2)
                e.actor.unit = e.actor.device = "x";
        }
        if (i)
            buf_putc(out, ',');
        event_encode(out, &e);
    }
    buf_puts(out, "]}");
}

static void same(const char *text, size_t n, struct arena *a, bool must_take)
{
    bool taken;
    char *copy = exact_copy(text, n);
    const char *why = reader_same(copy, n, a, &taken);
    if (why)
        fail_msg("%s: %.*s", why, (int)n, text);
    if (must_take && !taken)
        fail_msg("not taken: %.*s", (int)n, text);
    free(copy);
}

/* If the reader left its own encoder's lines to the tree, nobody would see it but the clock. */
static void test_takes_our_lines(void **state)
{
    (void)state;
    struct rng r;
    struct arena a;
    struct buf line;
    rng_seed(&r, 41);
    arena_init(&a, 0);
    buf_init(&line, TEST_CEILING);
    for (int i = 0; i < 300; i++) {
        arena_reset(&a);
        put_line(&line, &r, &a, true);
        same(line.data, line.len, &a, true);
        const char *from = strstr(line.data, "\"events\":[") + 10,
                   *end = strstr(from, "},{\"seq\"");
        if (end)
            same(from, (size_t)(end + 1 - from), &a, true);
    }
    buf_release(&line);
    arena_release(&a);
}

static void test_any_text(void **state)
{
    (void)state;
    struct rng r;
    struct arena a;
    struct buf line;
    rng_seed(&r, 42);
    arena_init(&a, 0);
    buf_init(&line, TEST_CEILING);
    for (int i = 0; i < 300; i++) {
        arena_reset(&a);
        put_line(&line, &r, &a, false);
        same(line.data, line.len, &a, false);
    }
    buf_release(&line);
    arena_release(&a);
}

/* Bytes changed, dropped, doubled and moved: most is refused by both, some is still right. */
static void test_damaged_lines(void **state)
{
    (void)state;
    static const char byte[] =
        "\"\\{}[],: 0129eE.-+utfn\n\t\x01\x7f\x80\xbf\xc0\xc3\xe4\xed\xa0\xf0\xf4\xff";
    struct rng r;
    struct arena a;
    struct buf line;
    rng_seed(&r, 43);
    arena_init(&a, 0);
    buf_init(&line, TEST_CEILING);
    for (int i = 0; i < 4000; i++) {
        if (i % 40 == 0)
            put_line(&line, &r, &a, true);
        char *copy = malloc(2 * line.len);
        assert_non_null(copy);
        memcpy(copy, line.data, line.len);
        size_t n = line.len, at = rng_below(&r, (uint32_t)n), len = rng_below(&r, 40);
        if (len > n - at)
            len = n - at;
        switch (rng_below(&r, 5)) {
        case 0:
            copy[at] = byte[rng_below(&r, sizeof byte)];
            break;
        case 1: /* dropped */
            memmove(copy + at, copy + at + len, n - at - len);
            n -= len;
            break;
        case 2: /* doubled */
            memmove(copy + at + len, copy + at, n - at);
            n += len;
            break;
        case 3: /* an escape */
            copy[at] = '\\';
            if (at + 1 < n)
                copy[at + 1] = byte[rng_below(&r, sizeof byte)];
            break;
        default: /* cut */
            n = at;
            break;
        }
        same(copy, n, &a, false);
        free(copy);
        if (i % 40 == 39)
            arena_reset(&a);
    }
    buf_release(&line);
    arena_release(&a);
}

#define HEAD "{\"case\":\"" ID "\",\"version\":1,\"since\":0,\"events\":["
#define EVENT(before_values, values, after)                                                        \
    "{\"seq\":1,\"type\":\"sign\",\"at\":\"2026-11-24T08:00:00+08:00\",\"entered\":"               \
    "\"2026-11-24T08:00:00+08:00\",\"command\":\"" ID                                              \
    "\",\"by\":{\"user\":\"u\",\"name\":\"n\",\"role\":\"desk\",\"office\":\"1\"" before_values    \
    ",\"values\":{" values "}" after "}"

/* One line of each kind that a lax reader would take; `good` says what the tree says. */
static void test_strictness(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool good;
    } row[] = {
        {HEAD EVENT("}", "", "") "]}", true},
        {HEAD EVENT("}", "\"note\":\"a\"", "") "]}", true},
        {HEAD EVENT("}", "\"note\":\"a\",\"note\":\"b\"", "") "]}", false}, /* twice */
        {HEAD EVENT("}", "\"note\":\"a\",\"n\\u006fte\":\"b\"", "") "]}", false},
        {HEAD EVENT("}", "\"note\":7", "") "]}", false},
        {HEAD EVENT("}", "\"reached\":\"yes\"", "") "]}", false},
        {HEAD EVENT("}", "\"reached\":truex", "") "]}", false},
        {HEAD EVENT("}", "\"time\":\"yesterday\"", "") "]}", false},
        {HEAD EVENT("}", "\"later\":[1]", "") "]}", true}, /* a newer field: left out */
        {HEAD EVENT("}", "\"note\":\"a\",", "") "]}", false},
        {HEAD EVENT("}", ",\"note\":\"a\"", "") "]}", false},
        {HEAD EVENT("}", "\"note\":\"\x80\"", "") "]}", false},
        {HEAD EVENT("}", "\"note\":\"\xed\xa0\x80\"", "") "]}", false},
        {HEAD EVENT("}", "\"note\":\"\xc0\xaf\"", "") "]}", false},
        {HEAD EVENT("}", "\"note\":\"\\ud800\"", "") "]}", false},
        {HEAD EVENT("}", "\"note\":\"\\u0000\"", "") "]}", false},
        {HEAD EVENT("}", "\"note\":\"\\x\"", "") "]}", false},
        {HEAD EVENT("}", "\"note\":\"\t\"", "") "]}", false},
        {HEAD EVENT(",\"unit\":\"\",\"unit\":\"\"}", "", "") "]}", false},
        {HEAD EVENT(",\"device\":\"d\",\"unit\":\"u\"}", "", "") "]}", true}, /* another order */
        {HEAD EVENT("},\"to\":\"NOWHERE\"", "", "") "]}", false},
        {HEAD EVENT("},\"to\":\"SIGNED\",\"to\":\"SIGNED\"", "", "") "]}", false},
        {HEAD EVENT("}", "", ",\"clocks\":[]") "]}", true},
        {HEAD EVENT("}", "", ",\"clocks\":[{\"clock\":\"sign\",\"op\":\"start\"}]") "]}", false},
        {HEAD EVENT("}", "",
                    ",\"clocks\":[{\"clock\":\"sign\",\"op\":\"stop\"}],\"clocks\":[]") "]}",
         false},
        {HEAD EVENT("}", "", ",\"clocks\":[{\"clock\":\"sign\",\"op\":\"stop\"},]") "]}", false},
        {HEAD EVENT("}", "", ",\"seq\":1") "]}", false},
        {HEAD EVENT("}", "", "") "]}x", false},
        {HEAD EVENT("}", "", "") "]} ", true},
        {HEAD EVENT("}", "", "") "],\"case\":\"" ID "\"}", false},
        {HEAD EVENT("}", "", "") ",]}", false},
        {HEAD EVENT("}", "", ""), false},
        {"{\"case\":\"" ID "\",\"version\":01,\"since\":0,\"events\":[" EVENT("}", "", "") "]}",
         false},
        {"{\"case\":\"" ID "\",\"version\":1.0,\"since\":0,\"events\":[" EVENT("}", "", "") "]}",
         false},
        {"{\"case\":\"" ID
         "\",\"version\":4294967297,\"since\":4294967296,\"events\":[" EVENT("}", "", "") "]}",
         false},
        {"{\"case\":\"" ID "\",\"version\":2,\"since\":0,\"events\":[" EVENT("}", "", "") "]}",
         false},
        {"{\"case\":\"" ID "\",\"version\":2,\"since\":1,\"events\":[" EVENT("}", "", "") "]}",
         false},
    };
    struct arena a;
    struct change c;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        size_t n = strlen(row[i].line);
        same(row[i].line, n, &a, false);
        if ((change_decode(row[i].line, n, &a, &c, NULL) == ST_OK) != row[i].good)
            fail_msg("row %zu: %s", i, row[i].line);
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_takes_our_lines), cmocka_unit_test(test_any_text),
        cmocka_unit_test(test_damaged_lines), cmocka_unit_test(test_strictness)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
