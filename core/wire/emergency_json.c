/* emergency_json.c: the list of emergencies, and what is asked for to open one. */
#include "core/wire/json.h"
#include "core/wire/codec.h"
#include <string.h>

static enum status texts_or_none(const json_t *o, const char *key, struct arena *a,
                                 const char *const **ret, size_t *ret_n, struct errmsg *err)
{
    const json_t *list = json_object_get(o, key);
    return list ? json_texts(list, key, a, ret, ret_n, err) : ST_OK;
}

/* What both shapes have. */
static enum status wanted_get(const json_t *o, struct arena *a, struct emergency *e,
                              struct errmsg *err)
{
    enum status st = json_text(o, "code", a, &e->code, err);
    if (st == ST_OK)
        st = json_text_or(o, "name", a, "", &e->name, err);
    if (st == ST_OK)
        st = json_text_or(o, "district", a, "", &e->district, err);
    if (st == ST_OK)
        st = json_text_or(o, "text", a, "", &e->text, err);
    if (st == ST_OK)
        st = texts_or_none(o, "areas", a, &e->areas, &e->n_areas, err);
    if (st == ST_OK)
        st = texts_or_none(o, "categories", a, &e->categories, &e->n_categories, err);
    return st;
}

static enum status emergency_get(const json_t *o, struct arena *a, struct emergency *e,
                                 struct errmsg *err)
{
    e->closed_ms = TIME_NONE;
    enum status st = wanted_get(o, a, e, err);
    if (st == ST_OK)
        st = json_time(o, "opened", &e->opened_ms, err);
    if (st == ST_OK)
        st = json_text_or(o, "opened_by", a, "", &e->opened_by, err);
    if (st == ST_OK && json_object_get(o, "closed"))
        st = json_time(o, "closed", &e->closed_ms, err);
    if (st == ST_OK)
        st = json_text_or(o, "closed_by", a, "", &e->closed_by, err);
    return st;
}

static enum status list_get(const json_t *top, struct arena *a, struct emergencies *ret,
                            struct errmsg *err)
{
    const json_t *list = json_object_get(top, "emergencies");
    size_t n = json_array_size(list);
    int64_t version = 0;
    enum status st = json_number(top, "version", 0, INT32_MAX, &version, err);
    if (st != ST_OK)
        return st;
    if (!json_is_array(list))
        return fail(err, ST_INVALID, "/emergencies: %s", list ? "no array" : "missing");
    struct emergency *e = arena_array(a, n + 1, sizeof *e);
    if (!e)
        return fail(err, ST_NOMEM, "out of memory");
    for (size_t i = 0; i < n; i++)
        if ((st = emergency_get(json_array_get(list, i), a, &e[i], err)) != ST_OK) {
            json_place(err, "/emergencies/%zu", i);
            return st;
        }
    *ret = (struct emergencies){.version = (int)version, .list = e, .n = n};
    return ST_OK;
}

enum status emergencies_decode(const char *json, size_t n, struct arena *a, struct emergencies *ret,
                               struct errmsg *err)
{
    json_t *top;
    enum status st = json_read(NULL, json, n, &top, err);
    if (st != ST_OK)
        return st;
    st = list_get(top, a, ret, err);
    json_decref(top);
    return st == ST_OK && arena_failed(a) ? fail(err, ST_NOMEM, "out of memory") : st;
}

enum status emergency_wanted_decode(const char *json, size_t n, struct arena *a,
                                    struct emergency *ret, struct errmsg *err)
{
    json_t *top;
    struct emergency e = {.closed_ms = TIME_NONE, .opened_by = "", .closed_by = ""};
    enum status st = json_read(NULL, json, n, &top, err);
    if (st != ST_OK)
        return st;
    st = wanted_get(top, a, &e, err);
    json_decref(top);
    if (st == ST_OK && arena_failed(a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (st == ST_OK)
        *ret = e;
    return st;
}

static void put_text(struct buf *out, bool *first, const char *key, const char *text)
{
    if (!*text)
        return;
    json_key(out, first, key);
    json_put_text(out, text);
}

static void put_texts(struct buf *out, bool *first, const char *key, const char *const *list,
                      size_t n)
{
    if (n == 0)
        return;
    json_key(out, first, key);
    buf_putc(out, '[');
    for (size_t i = 0; i < n; i++) {
        buf_puts(out, i ? "," : "");
        json_put_text(out, list[i]);
    }
    buf_putc(out, ']');
}

static void put_wanted(struct buf *out, bool *first, const struct emergency *e)
{
    put_text(out, first, "code", e->code);
    put_text(out, first, "name", e->name);
    put_text(out, first, "district", e->district);
    put_texts(out, first, "areas", e->areas, e->n_areas);
    put_texts(out, first, "categories", e->categories, e->n_categories);
    put_text(out, first, "text", e->text);
}

void emergency_wanted_encode(struct buf *out, const struct emergency *e)
{
    bool first = true;
    buf_putc(out, '{');
    put_wanted(out, &first, e);
    buf_putc(out, '}');
}

void emergencies_encode(struct buf *out, const struct emergencies *l)
{
    buf_printf(out, "{\"version\":%d,\"emergencies\":[", l->version);
    for (size_t i = 0; i < l->n; i++) {
        const struct emergency *e = &l->list[i];
        bool first = true;
        buf_puts(out, i ? ",{" : "{");
        put_wanted(out, &first, e);
        json_key(out, &first, "opened");
        json_put_time(out, e->opened_ms);
        put_text(out, &first, "opened_by", e->opened_by);
        if (e->closed_ms != TIME_NONE) {
            json_key(out, &first, "closed");
            json_put_time(out, e->closed_ms);
            put_text(out, &first, "closed_by", e->closed_by);
        }
        buf_putc(out, '}');
    }
    buf_puts(out, "]}");
}
