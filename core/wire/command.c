/* command.c: commands, outcomes, problems. */
#include "core/wire/json.h"
#include "core/wire/codec.h"
#include <string.h>

void command_encode(struct buf *out, const struct command *c)
{
    buf_puts(out, "{\"id\":");
    json_put_uuid(out, &c->id);
    buf_puts(out, ",\"case\":");
    json_put_uuid(out, &c->case_id);
    buf_printf(out, ",\"base\":%lu,\"type\":", (unsigned long)c->base);
    json_put_text(out, command_table[c->type].word);
    buf_puts(out, ",\"at\":");
    json_put_time(out, c->at_ms);
    buf_puts(out, ",\"args\":");
    values_put(out, c->values, c->n_values);
    buf_putc(out, '}');
}

/* ret->id is filled as soon as it can be read, also when the rest is broken. */
static enum status command_get(const json_t *o, struct arena *a, struct command *ret,
                               struct errmsg *err)
{
    if (!json_is_object(o))
        return fail(err, ST_INVALID, ": must be an object");
    int64_t base = 0;
    enum status st = json_uuid(o, "id", &ret->id, err);
    if (!st)
        st = json_uuid(o, "case", &ret->case_id, err);
    if (!st)
        st = json_number(o, "base", 0, UINT32_MAX, &base, err);
    if (!st)
        st = json_time(o, "at", &ret->at_ms, err);
    if (st)
        return st;
    ret->base = (uint32_t)base;
    const json_t *type = json_object_get(o, "type");
    if (!json_is_string(type))
        return fail(err, ST_INVALID, "/type: %s", type ? "must be a text" : "missing (a text)");
    ret->type = command_find(json_string_value(type));
    if (ret->type == COMMAND_COUNT)
        return fail(err, ST_UNSUPPORTED, "/type: this version does not know \"%.60s\"",
                    json_string_value(type));
    st = values_get(json_object_get(o, "args"), false, a, &ret->values, &ret->n_values, err);
    if (st)
        json_place(err, "/args");
    return st;
}

enum status command_decode(const char *json, size_t n, struct arena *a, struct command *ret,
                           struct errmsg *err)
{
    json_t *top;
    struct command c = {0};
    enum status st = json_read(NULL, json, n, &top, err);
    if (st)
        return st;
    st = command_get(top, a, &c, err);
    json_decref(top);
    if (!st && arena_failed(a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (!st)
        *ret = c;
    return st;
}

void commands_encode(struct buf *out, const struct command *c, size_t n)
{
    buf_puts(out, "{\"commands\":[");
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_putc(out, ',');
        command_encode(out, &c[i]);
    }
    buf_puts(out, "]}");
}

/* The array under key, at most WIRE_BATCH_MAX long. */
static enum status batch(const json_t *top, const char *key, const json_t **ret, struct errmsg *err)
{
    const json_t *list = json_object_get(top, key);
    if (!json_is_array(list))
        return fail(err, ST_INVALID, "/%s: %s", key,
                    list ? "must be an array" : "missing (an array)");
    if (json_array_size(list) > WIRE_BATCH_MAX)
        return fail(err, ST_TOOBIG, "/%s: at most %d at once", key, WIRE_BATCH_MAX);
    *ret = list;
    return ST_OK;
}

enum status commands_decode(const char *json, size_t n, struct arena *a, struct command **ret,
                            enum status **ret_status, struct errmsg **ret_err, size_t *ret_n,
                            struct errmsg *err)
{
    json_t *top;
    const json_t *list;
    enum status st = json_read(NULL, json, n, &top, err);
    if (st)
        return st;
    st = batch(top, "commands", &list, err);
    if (st) {
        json_decref(top);
        return st;
    }
    size_t count = json_array_size(list);
    struct command *c = arena_array(a, count + 1, sizeof *c);
    enum status *each = arena_array(a, count + 1, sizeof *each);
    struct errmsg *why = arena_array(a, count + 1, sizeof *why);
    for (size_t i = 0; c && each && why && i < count; i++) {
        each[i] = command_get(json_array_get(list, i), a, &c[i], &why[i]);
        if (each[i])
            json_place(&why[i], "/commands/%zu", i);
    }
    json_decref(top);
    if (!c || !each || !why || arena_failed(a))
        return fail(err, ST_NOMEM, "out of memory");
    *ret = c;
    *ret_status = each;
    *ret_err = why;
    *ret_n = count;
    return ST_OK;
}

void problem_encode(struct buf *out, const struct problem *p)
{
    buf_puts(out, "{\"type\":");
    json_put_text(out, p->type);
    buf_puts(out, ",\"title\":");
    json_put_text(out, p->title);
    buf_printf(out, ",\"status\":%d,\"detail\":", p->status);
    json_put_text(out, p->detail);
    if (p->field && *p->field) {
        buf_puts(out, ",\"field\":");
        json_put_text(out, p->field);
    }
    buf_putc(out, '}');
}

/* RFC 9457 section 3.1: every member is optional, an absent type is about:blank. */
static enum status problem_get(const json_t *o, struct arena *a, struct problem *ret,
                               struct errmsg *err)
{
    if (!json_is_object(o))
        return fail(err, ST_INVALID, ": %s", o ? "must be an object" : "missing (an object)");
    struct problem p = {0};
    int64_t status = 0;
    enum status st = json_text_or(o, "type", a, "about:blank", &p.type, err);
    if (!st)
        st = json_text_or(o, "title", a, "", &p.title, err);
    if (!st)
        st = json_text_or(o, "detail", a, "", &p.detail, err);
    if (!st)
        st = json_text_or(o, "field", a, "", &p.field, err);
    if (!st && json_object_get(o, "status"))
        st = json_number(o, "status", 100, 599, &status, err);
    if (st)
        return st;
    p.status = (int)status;
    *ret = p;
    return ST_OK;
}

enum status problem_decode(const char *json, size_t n, struct arena *a, struct problem *ret,
                           struct errmsg *err)
{
    json_t *top;
    struct problem p;
    enum status st = json_read(NULL, json, n, &top, err);
    if (st)
        return st;
    st = problem_get(top, a, &p, err);
    json_decref(top);
    if (!st && arena_failed(a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (!st)
        *ret = p;
    return st;
}

static const char *const outcome_word[] = {[OUTCOME_APPLIED] = "applied",
                                           [OUTCOME_DUPLICATE] = "duplicate",
                                           [OUTCOME_REJECTED] = "rejected"};

static enum status outcome_kind_get(const json_t *o, const char *key, enum outcome_kind *ret,
                                    struct errmsg *err)
{
    const json_t *v = json_object_get(o, key);
    for (size_t i = 0; json_is_string(v) && i < 3; i++)
        if (strcmp(outcome_word[i], json_string_value(v)) == 0) {
            *ret = (enum outcome_kind)i;
            return ST_OK;
        }
    return fail(err, ST_INVALID, "/%s: must be applied, duplicate or rejected", key);
}

/* What counts: of a duplicate the first outcome. */
static enum outcome_kind effective(const struct outcome *o)
{
    return o->kind == OUTCOME_DUPLICATE ? o->first : o->kind;
}

void outcomes_encode(struct buf *out, const struct outcome *o, size_t n)
{
    buf_puts(out, "{\"outcomes\":[");
    for (size_t i = 0; i < n; i++) {
        buf_puts(out, i ? ",{\"id\":" : "{\"id\":");
        json_put_uuid(out, &o[i].id);
        buf_puts(out, ",\"outcome\":");
        json_put_text(out, outcome_word[o[i].kind]);
        if (o[i].kind == OUTCOME_DUPLICATE) {
            buf_puts(out, ",\"first\":");
            json_put_text(out, outcome_word[o[i].first]);
        }
        if (effective(&o[i]) == OUTCOME_APPLIED) {
            buf_printf(out, ",\"version\":%lu", (unsigned long)o[i].version);
        } else {
            buf_puts(out, ",\"problem\":");
            problem_encode(out, &o[i].problem);
        }
        buf_putc(out, '}');
    }
    buf_puts(out, "]}");
}

static enum status outcome_get(const json_t *o, struct arena *a, struct outcome *ret,
                               struct errmsg *err)
{
    if (!json_is_object(o))
        return fail(err, ST_INVALID, ": must be an object");
    enum status st = json_uuid(o, "id", &ret->id, err);
    if (!st)
        st = outcome_kind_get(o, "outcome", &ret->kind, err);
    ret->first = ret->kind;
    if (!st && ret->kind == OUTCOME_DUPLICATE) {
        st = outcome_kind_get(o, "first", &ret->first, err);
        if (!st && ret->first == OUTCOME_DUPLICATE)
            st = fail(err, ST_INVALID, "/first: must be applied or rejected");
    }
    if (st)
        return st;
    ret->problem = (struct problem){0, "", "", "", ""};
    if (effective(ret) == OUTCOME_APPLIED) {
        int64_t version = 0;
        st = json_number(o, "version", 0, UINT32_MAX, &version, err);
        ret->version = (uint32_t)version;
    } else {
        st = problem_get(json_object_get(o, "problem"), a, &ret->problem, err);
        if (st)
            json_place(err, "/problem");
    }
    return st;
}

enum status outcomes_decode(const char *json, size_t n, struct arena *a, struct outcome **ret,
                            size_t *ret_n, struct errmsg *err)
{
    json_t *top;
    const json_t *list;
    enum status st = json_read(NULL, json, n, &top, err);
    if (st)
        return st;
    st = batch(top, "outcomes", &list, err);
    size_t count = st ? 0 : json_array_size(list);
    struct outcome *o = st ? NULL : arena_array(a, count + 1, sizeof *o);
    for (size_t i = 0; o && !st && i < count; i++) {
        st = outcome_get(json_array_get(list, i), a, &o[i], err);
        if (st)
            json_place(err, "/outcomes/%zu", i);
    }
    json_decref(top);
    if (!st && (!o || arena_failed(a)))
        st = fail(err, ST_NOMEM, "out of memory");
    if (!st) {
        *ret = o;
        *ret_n = count;
    }
    return st;
}
