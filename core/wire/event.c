/* event.c: events, their actor and their values. */
#include "core/wire/json.h"
#include "core/wire/codec.h"
#include "core/wire/reader.h"
#include <string.h>

void values_put(struct buf *out, const struct value *v, size_t n)
{
    bool first = true;
    buf_putc(out, '{');
    for (size_t i = 0; i < n; i++) {
        const struct field_row *row = &field_table[v[i].field];
        json_key(out, &first, row->word);
        if (row->type == FIELD_TYPE_BOOL)
            buf_puts(out, strcmp(v[i].text, "yes") == 0 ? "true" : "false");
        else
            json_put_text(out, v[i].text);
    }
    buf_putc(out, '}');
}

enum status values_get(const json_t *o, bool newer, struct arena *a, const struct value **ret,
                       size_t *ret_n, struct errmsg *err)
{
    if (!json_is_object(o))
        return fail(err, ST_INVALID, ": %s", o ? "must be an object" : "missing (an object)");
    struct value *list = arena_array(a, json_object_size(o) + 1, sizeof *list);
    if (!list)
        return fail(err, ST_NOMEM, ": out of memory");
    size_t n = 0;
    /* jansson's iterators take a tree that is not const, though they do not change it. */
    json_t *top = (json_t *)(uintptr_t)o;
    for (void *at = json_object_iter(top); at; at = json_object_iter_next(top, at)) {
        const char *word = json_object_iter_key(at);
        const json_t *v = json_object_iter_value(at);
        enum field field = field_find(word);
        if (field == FIELD_NONE) {
            if (newer)
                continue;
            return fail(err, ST_INVALID, "/%.60s: there is no such argument", word);
        }
        list[n].field = field;
        if (field_table[field].type == FIELD_TYPE_BOOL) {
            if (!json_is_boolean(v))
                return fail(err, ST_INVALID, "/%s: must be true or false", word);
            list[n].text = json_is_true(v) ? "yes" : "no";
        } else {
            if (!json_is_string(v))
                return fail(err, ST_INVALID, "/%s: must be a text", word);
            int64_t ms;
            if (field_table[field].type == FIELD_TYPE_TIME &&
                rfc3339_parse(json_string_value(v), &ms) != 0)
                return fail(err, ST_INVALID, "/%s: must be a time with offset (RFC 3339)", word);
            list[n].text = arena_strndup(a, json_string_value(v), json_string_length(v));
        }
        n++;
    }
    *ret = list;
    *ret_n = n;
    return ST_OK;
}

void actor_put(struct buf *out, const struct actor *who)
{
    buf_puts(out, "{\"user\":");
    json_put_text(out, who->user);
    buf_puts(out, ",\"name\":");
    json_put_text(out, who->name);
    buf_puts(out, ",\"role\":");
    json_put_text(out, role_table[who->role].word);
    buf_puts(out, ",\"office\":");
    json_put_text(out, who->office);
    if (who->unit && *who->unit) {
        buf_puts(out, ",\"unit\":");
        json_put_text(out, who->unit);
    }
    if (who->device && *who->device) {
        buf_puts(out, ",\"device\":");
        json_put_text(out, who->device);
    }
    buf_putc(out, '}');
}

enum status actor_get(const json_t *o, struct arena *a, struct actor *ret, struct errmsg *err)
{
    if (!json_is_object(o))
        return fail(err, ST_INVALID, ": %s", o ? "must be an object" : "missing (an object)");
    struct actor who = {0};
    enum status st = json_text(o, "user", a, &who.user, err);
    if (!st)
        st = json_text(o, "name", a, &who.name, err);
    if (!st)
        st = json_text(o, "office", a, &who.office, err);
    if (!st)
        st = json_text_or(o, "unit", a, "", &who.unit, err);
    if (!st)
        st = json_text_or(o, "device", a, "", &who.device, err);
    if (st)
        return st;
    const json_t *role = json_object_get(o, "role");
    who.role = json_is_string(role) ? role_find(json_string_value(role)) : ROLE_COUNT;
    if (who.role == ROLE_COUNT)
        return fail(err, ST_INVALID, "/role: %s", role ? "there is no such role" : "missing");
    *ret = who;
    return ST_OK;
}

/* RESUME and EXTEND move the due time, START sets it. */
static bool has_due(enum clock_op op)
{
    return op == CLOCK_START || op == CLOCK_RESUME || op == CLOCK_EXTEND;
}

static void clocks_put(struct buf *out, const struct event *e)
{
    for (size_t i = 0; i < e->n_clocks; i++) {
        const struct clock_change *c = &e->clocks[i];
        buf_puts(out, i ? ",{\"clock\":" : ",\"clocks\":[{\"clock\":");
        json_put_text(out, clock_table[c->clock].word);
        buf_puts(out, ",\"op\":");
        json_put_text(out, clock_op_word[c->op]);
        if (has_due(c->op)) {
            buf_puts(out, ",\"due\":");
            json_put_time(out, c->due_ms);
        }
        if (c->object > 0)
            buf_printf(out, ",\"object\":%lu", (unsigned long)c->object);
        buf_putc(out, '}');
    }
    if (e->n_clocks > 0)
        buf_putc(out, ']');
}

static void text_put(struct buf *out, const char *key, const char *text)
{
    if (!text || !*text)
        return;
    buf_printf(out, ",\"%s\":", key);
    json_put_text(out, text);
}

static void objects_put(struct buf *out, const struct event *e)
{
    for (size_t i = 0; i < e->n_objects; i++) {
        const struct object_change *k = &e->objects[i];
        buf_printf(out, "%s{\"object\":%lu,\"kind\":", i ? "," : ",\"objects\":[",
                   (unsigned long)k->object);
        json_put_text(out, object_table[k->kind].word);
        text_put(out, "state", object_state_table[k->state].word);
        text_put(out, "unit", k->unit);
        text_put(out, "class", k->class);
        text_put(out, "text", k->text);
        if (k->due_ms != TIME_NONE) {
            buf_puts(out, ",\"due\":");
            json_put_time(out, k->due_ms);
        }
        if (k->parent > 0)
            buf_printf(out, ",\"parent\":%lu", (unsigned long)k->parent);
        buf_puts(out, k->late ? ",\"late\":true}" : "}");
    }
    if (e->n_objects > 0)
        buf_putc(out, ']');
}

void event_encode(struct buf *out, const struct event *e)
{
    buf_printf(out, "{\"seq\":%lu,\"type\":", (unsigned long)e->seq);
    json_put_text(out, command_table[e->type].word);
    buf_puts(out, ",\"at\":");
    json_put_time(out, e->at_ms);
    buf_puts(out, ",\"entered\":");
    json_put_time(out, e->entered_ms);
    buf_puts(out, ",\"command\":");
    json_put_uuid(out, &e->command_id);
    buf_puts(out, ",\"by\":");
    actor_put(out, &e->actor);
    if (e->to != STATE_NONE) {
        buf_puts(out, ",\"to\":");
        json_put_text(out, state_table[e->to].word);
    }
    buf_puts(out, ",\"values\":");
    values_put(out, e->values, e->n_values);
    clocks_put(out, e);
    objects_put(out, e);
    buf_putc(out, '}');
}

static enum status clock_get(const json_t *o, struct clock_change *ret, struct errmsg *err)
{
    if (!json_is_object(o))
        return fail(err, ST_INVALID, ": must be an object");
    const json_t *clock = json_object_get(o, "clock"), *op = json_object_get(o, "op");
    struct clock_change c = {.due_ms = TIME_NONE};
    c.clock = json_is_string(clock) ? clock_find(json_string_value(clock)) : CLOCK_COUNT;
    if (c.clock == CLOCK_COUNT)
        return fail(err, ST_INVALID, "/clock: %s", clock ? "there is no such clock" : "missing");
    size_t i = 0;
    while (i < CLOCK_OP_COUNT &&
           !(json_is_string(op) && strcmp(clock_op_word[i], json_string_value(op)) == 0))
        i++;
    if (i == CLOCK_OP_COUNT)
        return fail(err, ST_INVALID, "/op: must be start, stop, cancel, pause, resume or extend");
    c.op = (enum clock_op)i;
    enum status st = has_due(c.op) ? json_time(o, "due", &c.due_ms, err) : ST_OK;
    if (!st && json_object_get(o, "object")) {
        int64_t object;
        st = json_number(o, "object", 1, CASEFILE_OBJECTS, &object, err);
        c.object = st ? 0 : (uint32_t)object;
    }
    if (!st)
        *ret = c;
    return st;
}

static enum status object_get(const json_t *o, struct arena *a, struct object_change *ret,
                              struct errmsg *err)
{
    if (!json_is_object(o))
        return fail(err, ST_INVALID, ": must be an object");
    struct object_change k = {.due_ms = TIME_NONE};
    const json_t *kind = json_object_get(o, "kind"), *state = json_object_get(o, "state");
    int64_t object = 0, parent = 0;
    k.kind = json_is_string(kind) ? object_kind_find(json_string_value(kind)) : OBJECT_NONE;
    if (k.kind == OBJECT_NONE)
        return fail(err, ST_INVALID, "/kind: %s", kind ? "there is no such kind" : "missing");
    k.state =
        json_is_string(state) ? object_state_find(json_string_value(state)) : OBJECT_STATE_COUNT;
    if (k.state == OBJECT_STATE_COUNT)
        return fail(err, ST_INVALID, "/state: %s", state ? "there is no such state" : "missing");
    enum status st = json_number(o, "object", 1, CASEFILE_OBJECTS, &object, err);
    if (!st)
        st = json_text_or(o, "unit", a, "", &k.unit, err);
    if (!st)
        st = json_text_or(o, "class", a, "", &k.class, err);
    if (!st)
        st = json_text_or(o, "text", a, "", &k.text, err);
    if (!st && json_object_get(o, "due"))
        st = json_time(o, "due", &k.due_ms, err);
    if (!st && json_object_get(o, "parent"))
        st = json_number(o, "parent", 1, CASEFILE_OBJECTS, &parent, err);
    if (st)
        return st;
    k.object = (uint32_t)object;
    k.parent = (uint32_t)parent;
    k.late = json_is_true(json_object_get(o, "late"));
    *ret = k;
    return ST_OK;
}

static enum status objects_get(const json_t *list, struct arena *a, struct event *e,
                               struct errmsg *err)
{
    if (!json_is_array(list))
        return fail(err, ST_INVALID, "/objects: must be an array");
    size_t n = json_array_size(list);
    struct object_change *k = arena_array(a, n + 1, sizeof *k);
    if (!k)
        return fail(err, ST_NOMEM, "/objects: out of memory");
    for (size_t i = 0; i < n; i++) {
        enum status st = object_get(json_array_get(list, i), a, &k[i], err);
        if (st) {
            json_place(err, "/objects/%zu", i);
            return st;
        }
    }
    e->objects = k;
    e->n_objects = n;
    return ST_OK;
}

static enum status clocks_get(const json_t *list, struct arena *a, struct event *e,
                              struct errmsg *err)
{
    if (!json_is_array(list))
        return fail(err, ST_INVALID, "/clocks: must be an array");
    size_t n = json_array_size(list);
    struct clock_change *c = arena_array(a, n + 1, sizeof *c);
    if (!c)
        return fail(err, ST_NOMEM, "/clocks: out of memory");
    for (size_t i = 0; i < n; i++) {
        enum status st = clock_get(json_array_get(list, i), &c[i], err);
        if (st) {
            json_place(err, "/clocks/%zu", i);
            return st;
        }
    }
    e->clocks = c;
    e->n_clocks = n;
    return ST_OK;
}

enum status event_get(const json_t *o, struct arena *a, struct event *ret, struct errmsg *err)
{
    if (!json_is_object(o))
        return fail(err, ST_INVALID, ": must be an object");
    struct event e = {.to = STATE_NONE};
    int64_t seq = 0;
    enum status st = json_number(o, "seq", 1, UINT32_MAX, &seq, err);
    if (!st)
        st = json_time(o, "at", &e.at_ms, err);
    if (!st)
        st = json_time(o, "entered", &e.entered_ms, err);
    if (!st)
        st = json_uuid(o, "command", &e.command_id, err);
    if (st)
        return st;
    e.seq = (uint32_t)seq;
    const json_t *type = json_object_get(o, "type"), *to = json_object_get(o, "to");
    if (!json_is_string(type))
        return fail(err, ST_INVALID, "/type: %s", type ? "must be a text" : "missing (a text)");
    e.type = command_find(json_string_value(type));
    if (e.type == COMMAND_COUNT)
        return fail(err, ST_UNSUPPORTED, "/type: this version does not know \"%.60s\"",
                    json_string_value(type));
    if (to) {
        e.to = json_is_string(to) ? state_find(json_string_value(to)) : STATE_NONE;
        if (e.to == STATE_NONE)
            return fail(err, ST_INVALID, "/to: there is no such state");
    }
    st = actor_get(json_object_get(o, "by"), a, &e.actor, err);
    if (st) {
        json_place(err, "/by");
        return st;
    }
    st = values_get(json_object_get(o, "values"), true, a, &e.values, &e.n_values, err);
    if (st) {
        json_place(err, "/values");
        return st;
    }
    const json_t *clocks = json_object_get(o, "clocks");
    if (clocks && (st = clocks_get(clocks, a, &e, err)) != ST_OK)
        return st;
    const json_t *objects = json_object_get(o, "objects");
    if (objects && (st = objects_get(objects, a, &e, err)) != ST_OK)
        return st;
    *ret = e;
    return ST_OK;
}

enum status event_tree(const char *json, size_t n, struct arena *a, struct event *ret,
                       struct errmsg *err)
{
    json_t *top;
    struct event e;
    enum status st = json_read(NULL, json, n, &top, err);
    if (st)
        return st;
    st = event_get(top, a, &e, err);
    json_decref(top);
    if (!st && arena_failed(a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (!st)
        *ret = e;
    return st;
}

enum status event_decode(const char *json, size_t n, struct arena *a, struct event *ret,
                         struct errmsg *err)
{
    return event_read(json, n, a, ret) ? ST_OK : event_tree(json, n, a, ret, err);
}
