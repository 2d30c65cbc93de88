/* earlier.c: the orders that are about the same matter as one order. */
#include "core/wire/json.h"
#include "core/wire/codec.h"
#include <string.h>

enum { REPEAT_MOST = 1000000 };

static const char *const by_word[] = {"others", "claimant"};

static void put_order(struct buf *out, const struct earlier_order *o)
{
    bool first = true;
    buf_putc(out, '{');
    json_key(out, &first, "number");
    json_put_text(out, o->number);
    json_key(out, &first, "created");
    json_put_time(out, o->created_ms);
    json_key(out, &first, "category");
    json_put_text(out, o->category);
    json_key(out, &first, "state");
    json_put_text(out, state_table[o->state].word);
    json_key(out, &first, "of");
    json_put_text(out, by_word[o->own]);
    if (o->seen) {
        json_key(out, &first, "id");
        json_put_uuid(out, &o->id);
        json_key(out, &first, "title");
        json_put_text(out, o->title);
    }
    buf_putc(out, '}');
}

void earlier_encode(struct buf *out, const struct earlier *e)
{
    bool first = true;
    buf_putc(out, '{');
    json_key(out, &first, "number");
    json_put_text(out, e->number);
    json_key(out, &first, "repeat");
    buf_printf(out, "%d", e->repeat);
    json_key(out, &first, "orders");
    buf_putc(out, '[');
    for (size_t i = 0; i < e->n; i++) {
        buf_puts(out, i ? "," : "");
        put_order(out, &e->orders[i]);
    }
    buf_puts(out, "]}\n");
}

static enum status get_order(const json_t *o, struct arena *a, struct earlier_order *ret,
                             struct errmsg *err)
{
    const char *state = "", *of = "";
    enum status st = json_text(o, "number", a, &ret->number, err);
    if (st == ST_OK)
        st = json_time(o, "created", &ret->created_ms, err);
    if (st == ST_OK)
        st = json_text(o, "category", a, &ret->category, err);
    if (st == ST_OK)
        st = json_text(o, "state", a, &state, err);
    if (st == ST_OK)
        st = json_text(o, "of", a, &of, err);
    if (st == ST_OK)
        st = json_text_or(o, "title", a, "", &ret->title, err);
    ret->seen = json_object_get(o, "id") != NULL;
    if (st == ST_OK && ret->seen)
        st = json_uuid(o, "id", &ret->id, err);
    ret->state = state_find(state);
    ret->own = strcmp(of, by_word[true]) == 0;
    if (st == ST_OK && ret->state == STATE_COUNT)
        st = fail(err, ST_INVALID, "/state: is no state");
    if (st == ST_OK && !ret->own && strcmp(of, by_word[false]) != 0)
        st = fail(err, ST_INVALID, "/of: must be claimant or others");
    return st;
}

enum status earlier_decode(const char *json, size_t n, struct arena *a, struct earlier *ret,
                           struct errmsg *err)
{
    json_t *top;
    struct earlier e = {0};
    int64_t repeat = 1;
    enum status st = json_read(NULL, json, n, &top, err);
    if (st != ST_OK)
        return st;
    const json_t *list = json_object_get(top, "orders");
    size_t most = json_array_size(list);
    struct earlier_order *orders = arena_array(a, most + 1, sizeof *orders);
    st =
        orders ? json_text(top, "number", a, &e.number, err) : fail(err, ST_NOMEM, "out of memory");
    if (st == ST_OK)
        st = json_number(top, "repeat", 1, REPEAT_MOST, &repeat, err);
    if (st == ST_OK && !json_is_array(list))
        st = fail(err, ST_INVALID, "/orders: must be an array");
    for (; st == ST_OK && e.n < most; e.n++) {
        orders[e.n] = (struct earlier_order){.own = false};
        st = get_order(json_array_get(list, e.n), a, &orders[e.n], err);
    }
    json_decref(top);
    e.repeat = (int)repeat;
    e.orders = orders;
    if (st == ST_OK)
        *ret = e;
    return st;
}
