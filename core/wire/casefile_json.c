/* casefile_json.c: a case as one JSON object, for scripts. */
#include "core/wire/json.h"
#include "core/wire/codec.h"

static const char *const run_word[] = {[CLOCK_NEVER] = "never",
                                       [CLOCK_RUNNING] = "running",
                                       [CLOCK_STOPPED] = "stopped",
                                       [CLOCK_CANCELLED] = "cancelled",
                                       [CLOCK_PAUSED] = "paused"};

/* A clock stopped before it ever ran has no start and no due time. */
static void time_put(struct buf *out, bool *first, const char *key, int64_t ms)
{
    if (ms == TIME_NONE)
        return;
    json_key(out, first, key);
    json_put_time(out, ms);
}

static void run_put(struct buf *out, bool *first, enum clock_id clock, const struct clock_run *run)
{
    bool inner = true;
    if (run->status == CLOCK_NEVER)
        return;
    json_key(out, first, clock_table[clock].word);
    buf_putc(out, '{');
    json_key(out, &inner, "status");
    json_put_text(out, run_word[run->status]);
    time_put(out, &inner, "started", run->started_ms);
    time_put(out, &inner, "due", run->due_ms);
    if (run->first_due_ms != run->due_ms)
        time_put(out, &inner, "first_due", run->first_due_ms);
    if (run->status == CLOCK_PAUSED)
        time_put(out, &inner, "paused", run->paused_ms);
    else if (run->status != CLOCK_RUNNING)
        time_put(out, &inner, "stopped", run->stopped_ms);
    buf_putc(out, '}');
}

static void clocks_put(struct buf *out, const struct casefile *c)
{
    bool first = true;
    buf_putc(out, '{');
    for (size_t i = 0; i < CLOCK_COUNT; i++)
        run_put(out, &first, (enum clock_id)i, &c->clock[i]);
    buf_putc(out, '}');
}

static void text_put(struct buf *out, bool *first, const char *key, const char *text)
{
    if (!*text)
        return;
    json_key(out, first, key);
    json_put_text(out, text);
}

static void object_put(struct buf *out, const struct object *o)
{
    bool first = true, clock = true;
    buf_putc(out, '{');
    json_key(out, &first, "object");
    buf_printf(out, "%lu", (unsigned long)o->id);
    text_put(out, &first, "kind", object_table[o->kind].word);
    text_put(out, &first, "state", object_state_table[o->state].word);
    text_put(out, &first, "unit", o->unit);
    text_put(out, &first, "class", o->class);
    text_put(out, &first, "text", o->text);
    text_put(out, &first, "answer", o->answer);
    text_put(out, &first, "verdict", o->verdict);
    text_put(out, &first, "by", o->by_user);
    time_put(out, &first, "opened", o->opened_ms);
    time_put(out, &first, "changed", o->changed_ms);
    time_put(out, &first, "arrived", o->arrived_ms);
    time_put(out, &first, "due", o->due_ms);
    if (o->parent > 0) {
        json_key(out, &first, "parent");
        buf_printf(out, "%lu", (unsigned long)o->parent);
    }
    if (o->late) {
        json_key(out, &first, "late");
        buf_puts(out, "true");
    }
    json_key(out, &first, "clocks");
    buf_putc(out, '{');
    for (int i = 0; i < OBJECT_CLOCKS; i++)
        if (o->clock[i].id != CLOCK_COUNT)
            run_put(out, &clock, o->clock[i].id, &o->clock[i].run);
    buf_puts(out, "}}");
}

void casefile_encode(struct buf *out, const struct casefile *c, bool masked)
{
    struct arena a;
    arena_init(&a, 0);
    bool first = true;
    buf_putc(out, '{');
    json_key(out, &first, "id");
    json_put_uuid(out, &c->id);
    json_key(out, &first, "version");
    buf_printf(out, "%lu", (unsigned long)c->version);
    json_key(out, &first, "state");
    json_put_text(out, state_table[c->state].word);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const char *text = c->value[i];
        if (!text || !*text)
            continue;
        json_key(out, &first, field_table[i].word);
        if (field_table[i].type == FIELD_TYPE_BOOL)
            buf_puts(out, text[0] == 'y' ? "true" : "false");
        else
            json_put_text(out, masked ? field_masked((enum field)i, text, &a) : text);
    }
    if (c->version > 0) {
        json_key(out, &first, "created");
        json_put_time(out, c->created_ms);
        json_key(out, &first, "changed");
        json_put_time(out, c->changed_ms);
    }
    json_key(out, &first, "clocks");
    clocks_put(out, c);
    json_key(out, &first, "objects");
    buf_putc(out, '[');
    for (size_t i = 0; i < c->n_objects; i++) {
        buf_puts(out, i ? "," : "");
        object_put(out, &c->objects[i]);
    }
    buf_putc(out, ']');
    json_key(out, &first, "counters");
    buf_printf(out,
               "{\"dispatched\":%d,\"returned\":%d,\"contacted_ok\":%d,\"contact_tries\":%d,"
               "\"reworked\":%d,\"attempts\":%d,\"calls\":%d,\"submitted\":%d,\"extended\":%d,"
               "\"urged\":%d,\"supplemented\":%d}}",
               c->dispatched, c->returned, c->contacted_ok, c->contact_tries, c->reworked,
               c->attempts, c->calls, c->submitted, c->extended, c->urged, c->supplemented);
    /* Without memory a mask is "": less is shown, never more; yet the reader must not take it for
     * an empty field. */
    if (arena_failed(&a) && !out->failed)
        out->failed = ST_NOMEM;
    arena_release(&a);
}
