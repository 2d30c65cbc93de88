/* wire_random.h: seeded events and commands for the tests of the codec, and a decoder's worst inputs. */
#ifndef JIBAN_TESTS_WIRE_RANDOM_H
#define JIBAN_TESTS_WIRE_RANDOM_H

#include "core/base/random.h"
#include "core/wire/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEST_CEILING = 64 * 1024 * 1024 };

/* Text with what JSON must escape, with Chinese and with a character outside the first plane. */
static inline const char *random_text(struct rng *r, struct arena *a)
{
    static const char *const piece[] = {"a",  "Z",      "7",      "\"",     "\\", "/",   "\n",
                                        "\t", "\x01",   "\x1f",   "\x7f",   "{",  "]",   ",",
                                        ":",  "\u8857", "\u9053", "\u00e9", "😀",  "\\u", " "};
    char text[256];
    size_t len = 0;
    for (uint32_t n = rng_below(r, 30); n > 0; n--) {
        const char *p = piece[rng_below(r, sizeof piece / sizeof *piece)];
        memcpy(text + len, p, strlen(p));
        len += strlen(p);
    }
    return arena_strndup(a, text, len);
}

static inline int64_t random_time(struct rng *r)
{
    int64_t ms = rng_between(r, 0, (int64_t)4102444800 * 1000);
    return rng_below(r, 2) ? ms : ms - ms % 1000;
}

static inline void random_uuid(struct rng *r, struct uuid *ret)
{
    for (size_t i = 0; i < sizeof ret->byte; i++)
        ret->byte[i] = (unsigned char)rng_below(r, 256);
}

static inline const char *random_value(struct rng *r, enum field field, struct arena *a)
{
    const struct field_row *row = &field_table[field];
    if (row->type == FIELD_TYPE_BOOL)
        return rng_below(r, 2) ? "yes" : "no";
    if (row->type == FIELD_TYPE_TIME) {
        char text[RFC3339_SIZE];
        rfc3339_format(random_time(r), BEIJING_OFFSET_MS, text);
        return arena_strdup(a, text);
    }
    if (row->choices->word)
        return row->choices->word;
    return random_text(r, a);
}

/* Each field with a chance of one in `one_in`; 1 takes all of them. */
static inline const struct value *random_values(struct rng *r, uint32_t one_in, struct arena *a,
                                                size_t *ret_n)
{
    struct value *v = arena_array(a, FIELD_COUNT, sizeof *v);
    size_t n = 0;
    assert_non_null(v);
    for (int f = 0; f < FIELD_COUNT; f++)
        if (rng_below(r, one_in) == 0)
            v[n++] = (struct value){(enum field)f, random_value(r, (enum field)f, a)};
    *ret_n = n;
    return v;
}

static inline struct actor random_actor(struct rng *r, struct arena *a)
{
    return (struct actor){.user = random_text(r, a),
                          .name = random_text(r, a),
                          .role = (enum role)rng_below(r, ROLE_COUNT),
                          .office = random_text(r, a),
                          .unit = rng_below(r, 2) ? random_text(r, a) : "",
                          .device = rng_below(r, 2) ? random_text(r, a) : ""};
}

static inline struct event random_event(struct rng *r, uint32_t one_in, struct arena *a)
{
    struct event e = {.seq = 1 + rng_below(r, 1000000),
                      .type = (enum command_type)rng_below(r, COMMAND_COUNT),
                      .at_ms = random_time(r),
                      .entered_ms = random_time(r),
                      .to = (enum state)rng_below(r, STATE_COUNT + 1)};
    random_uuid(r, &e.command_id);
    e.actor = random_actor(r, a);
    e.values = random_values(r, one_in, a, &e.n_values);
    e.n_clocks = rng_below(r, 5);
    struct clock_change *c = arena_array(a, e.n_clocks + 1, sizeof *c);
    assert_non_null(c);
    for (size_t i = 0; i < e.n_clocks; i++) {
        c[i].clock = (enum clock_id)rng_below(r, CLOCK_COUNT);
        c[i].op = (enum clock_op)rng_below(r, 3);
        c[i].due_ms = c[i].op == CLOCK_START ? random_time(r) : TIME_NONE;
    }
    e.clocks = c;
    return e;
}

static inline void same_values(const struct value *v, size_t n, const struct value *w, size_t m)
{
    assert_int_equal(n, m);
    for (size_t i = 0; i < n; i++) {
        const char *text = value_find(w, m, v[i].field);
        assert_non_null(text);
        assert_string_equal(v[i].text, text);
    }
}

static inline void same_actor(const struct actor *x, const struct actor *y)
{
    assert_string_equal(x->user, y->user);
    assert_string_equal(x->name, y->name);
    assert_int_equal(x->role, y->role);
    assert_string_equal(x->office, y->office);
    assert_string_equal(x->unit, y->unit);
    assert_string_equal(x->device, y->device);
}

static inline void same_event(const struct event *x, const struct event *y)
{
    assert_int_equal(x->seq, y->seq);
    assert_int_equal(x->type, y->type);
    assert_true(x->at_ms == y->at_ms);
    assert_true(x->entered_ms == y->entered_ms);
    assert_int_equal(uuid_compare(&x->command_id, &y->command_id), 0);
    assert_int_equal(x->to, y->to);
    same_actor(&x->actor, &y->actor);
    same_values(x->values, x->n_values, y->values, y->n_values);
    assert_int_equal(x->n_clocks, y->n_clocks);
    for (size_t i = 0; i < x->n_clocks; i++) {
        assert_int_equal(x->clocks[i].clock, y->clocks[i].clock);
        assert_int_equal(x->clocks[i].op, y->clocks[i].op);
        assert_true(x->clocks[i].due_ms == y->clocks[i].due_ms);
    }
}

/* The first n bytes in a block of exactly that size, so that a read past them is seen. */
static inline char *exact_copy(const char *text, size_t n)
{
    char *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    memcpy(copy, text, n);
    return copy;
}

/* {"deep":[[...]], with the top object counted as the first level; `rest` follows the brace. */
static inline void put_deep(struct buf *out, int levels, const char *rest)
{
    buf_puts(out, "{\"deep\":");
    for (int i = 1; i < levels; i++)
        buf_putc(out, '[');
    for (int i = 1; i < levels; i++)
        buf_putc(out, ']');
    buf_putc(out, ',');
    buf_puts(out, rest);
}

/* text with the first `from` replaced by `to`; from must be there. */
static inline void replaced(struct buf *out, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    buf_clear(out);
    buf_add(out, text, (size_t)(at - text));
    buf_puts(out, to);
    buf_puts(out, at + strlen(from));
}

#endif
