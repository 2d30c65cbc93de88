/*
 * store_kit.h: a cache in a folder of its own, a clock that stands, cases made of few numbers.
 *
 * Ownership: kit_end removes the folder. Errors: assertions of cmocka. Threads: one.
 */
#ifndef JIBAN_TESTS_UNIT_STORE_KIT_H
#define JIBAN_TESTS_UNIT_STORE_KIT_H

#include "core/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct kit {
    char folder[256];
    int64_t now;
    struct clock clock;
    struct arena arena;
    struct store *store;
};

static inline int64_t kit_now(void *self)
{
    return ((struct kit *)self)->now;
}

static inline void kit_open(struct kit *k)
{
    struct errmsg err = {""};
    if (store_open(k->folder, STORE_OWNER, &k->clock, &k->store, &err) != ST_OK)
        fail_msg("%s", err.text);
}

static inline void kit_folder(struct kit *k)
{
    const char *tmp = getenv("TMPDIR");
    memset(k, 0, sizeof *k);
    k->now = 1795000000000;
    k->clock = (struct clock){k, kit_now, kit_now};
    arena_init(&k->arena, 0);
    snprintf(k->folder, sizeof k->folder, "%s/jiban-store-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(k->folder));
}

static inline void kit_begin(struct kit *k)
{
    kit_folder(k);
    kit_open(k);
}

static inline void kit_path(const struct kit *k, const char *name, char out[300])
{
    snprintf(out, 300, "%s/%s", k->folder, name);
}

static inline void kit_end(struct kit *k)
{
    static const char *const name[] = {"cache.db", "cache.db-wal", "cache.db-shm", "lock"};
    char path[300];
    store_close(k->store);
    arena_release(&k->arena);
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        kit_path(k, name[i], path);
        unlink(path);
    }
    assert_int_equal(rmdir(k->folder), 0);
}

/* kind 'c' for a case, others for commands. */
static inline struct uuid kit_id(char kind, int n)
{
    struct uuid id = {{1, (unsigned char)kind, (unsigned char)(n >> 8), (unsigned char)n}};
    id.byte[6] = 0x70;
    id.byte[8] = 0x80;
    return id;
}

struct kit_case {
    int n;
    uint32_t since, version;
    enum state state; /* of the last event */
    int64_t due_ms;   /* TIME_NONE: no clock */
    const char *category, *community, *handler, *title;
    const char *number; /* NULL: made of n */
    const char *unit;   /* NULL: none */
    const char *repeat, *old_order;
    const char *point, *phone, *content;
    const char *note; /* of the events after the first; NULL: "seen" */
};

/* Events since + 1 .. version: the first takes it down, the last brings state and clock. */
static inline enum status kit_add(struct kit *k, const struct kit_case *c, bool *ret_gap)
{
    struct arena *a = &k->arena;
    struct buf raw;
    struct change change = {.kind = CHANGE_CASE,
                            .case_id = kit_id('c', c->n),
                            .version = c->version,
                            .since = c->since,
                            .cursor = ""};
    size_t n = c->version - c->since;
    struct event *e = arena_array(a, n + 1, sizeof *e);
    buf_init(&raw, 1 << 20);
    for (size_t i = 0; i < n; i++) {
        uint32_t seq = c->since + 1 + (uint32_t)i;
        struct value *v = arena_array(a, 12, sizeof *v);
        struct clock_change *clock = arena_alloc(a, sizeof *clock);
        e[i] = (struct event){.seq = seq,
                              .type = seq == 1 ? COMMAND_LOG : COMMAND_NOTE,
                              .at_ms = k->now,
                              .entered_ms = k->now,
                              .command_id = kit_id('e', c->n * 16 + (int)seq),
                              .actor = {"li", "Li", ROLE_OPERATOR, "BJ", "", ""},
                              .to = STATE_NONE,
                              .values = v};
        if (seq == 1) {
            v[e[i].n_values++] = (struct value){
                FIELD_NUMBER, c->number ? c->number : arena_printf(a, "BJ%06d", 100000 + c->n)};
            v[e[i].n_values++] = (struct value){FIELD_TITLE, c->title ? c->title : "Lamp out"};
            v[e[i].n_values++] = (struct value){FIELD_CATEGORY, c->category ? c->category : "0101"};
            v[e[i].n_values++] =
                (struct value){FIELD_COMMUNITY, c->community ? c->community : "110101"};
            v[e[i].n_values++] = (struct value){FIELD_HANDLER, c->handler ? c->handler : "wang"};
            if (c->unit)
                v[e[i].n_values++] = (struct value){FIELD_UNIT, c->unit};
            if (c->repeat)
                v[e[i].n_values++] = (struct value){FIELD_REPEAT, c->repeat};
            if (c->old_order)
                v[e[i].n_values++] = (struct value){FIELD_OLD_ORDER, c->old_order};
            if (c->point)
                v[e[i].n_values++] = (struct value){FIELD_POINT, c->point};
            if (c->phone)
                v[e[i].n_values++] = (struct value){FIELD_PHONE, c->phone};
            if (c->content)
                v[e[i].n_values++] = (struct value){FIELD_CONTENT, c->content};
        } else {
            v[e[i].n_values++] = (struct value){FIELD_NOTE, c->note ? c->note : "seen"};
        }
        if (i + 1 == n) {
            e[i].to = c->state;
            if (c->due_ms != TIME_NONE) {
                *clock = (struct clock_change){CLOCK_HANDLE, CLOCK_START, c->due_ms, 0};
                e[i].clocks = clock;
                e[i].n_clocks = 1;
            }
        }
        event_encode(&raw, &e[i]);
        buf_putc(&raw, '\n');
    }
    change.events = e;
    change.n_events = n;
    change.events_json = arena_strndup(a, raw.data, raw.len);
    change.events_json_len = raw.len;
    buf_release(&raw);
    return store_changes_add(k->store, &change, ret_gap, NULL);
}

/* One case in a batch of its own. */
static inline void kit_case(struct kit *k, int n, enum state state, const char *cursor)
{
    struct kit_case c = {
        .n = n, .version = 2, .state = state, .due_ms = k->now + (int64_t)n * MS_HOUR};
    bool gap;
    assert_int_equal(store_changes_begin(k->store, NULL), ST_OK);
    assert_int_equal(kit_add(k, &c, &gap), ST_OK);
    assert_int_equal(store_changes_commit(k->store, cursor, NULL), ST_OK);
}

static inline struct command kit_note(struct kit *k, int n, int case_n, const char *text)
{
    struct value *v = arena_alloc(&k->arena, sizeof *v);
    *v = (struct value){FIELD_NOTE, text};
    return (struct command){.id = kit_id('k', n),
                            .case_id = kit_id('c', case_n),
                            .base = 2,
                            .type = COMMAND_NOTE,
                            .at_ms = k->now,
                            .values = v,
                            .n_values = 1};
}

static inline const char *kit_cursor(struct kit *k)
{
    const char *cursor = NULL;
    assert_int_equal(store_meta_get(k->store, "cursor", &k->arena, &cursor, NULL), ST_OK);
    return cursor;
}

static inline struct store_counts kit_counts(struct kit *k)
{
    struct store_counts c;
    assert_int_equal(store_counts(k->store, k->now, &c, NULL), ST_OK);
    return c;
}

#endif
