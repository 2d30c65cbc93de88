/* checkpoint.c: checkpoints of the audit log. */
#include "core/wire/json.h"
#include "core/wire/codec.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void checkpoint_encode(struct buf *out, const struct checkpoint *c)
{
    buf_printf(out, "{\"number\":%" PRId64 ",\"time\":", c->number);
    json_put_time(out, c->at_ms);
    buf_puts(out, ",\"head\":");
    json_put_text(out, c->head);
    buf_puts(out, ",\"signature\":");
    json_put_text(out, c->signature);
    buf_putc(out, '}');
}

/* key of top as exactly n - 1 hexadecimal digits. */
static enum status hex_get(const json_t *top, const char *key, struct arena *a, char *out, size_t n,
                           struct errmsg *err)
{
    const char *text = "";
    enum status st = json_text(top, key, a, &text, err);
    if (st == ST_OK && (strlen(text) != n - 1 || strspn(text, "0123456789abcdef") != n - 1))
        st = fail(err, ST_INVALID, "/%s: must be %zu hexadecimal digits", key, n - 1);
    if (st == ST_OK)
        memcpy(out, text, n);
    return st;
}

enum status checkpoint_decode(const char *json, size_t n, struct checkpoint *ret,
                              struct errmsg *err)
{
    json_t *top;
    struct arena a;
    struct checkpoint c = {.number = 0};
    enum status st = json_read(NULL, json, n, &top, err);
    if (st != ST_OK)
        return st;
    arena_init(&a, 0);
    st = json_number(top, "number", 1, INT64_MAX, &c.number, err);
    if (st == ST_OK)
        st = json_time(top, "time", &c.at_ms, err);
    if (st == ST_OK)
        st = hex_get(top, "head", &a, c.head, sizeof c.head, err);
    if (st == ST_OK)
        st = hex_get(top, "signature", &a, c.signature, sizeof c.signature, err);
    arena_release(&a);
    json_decref(top);
    if (st == ST_OK)
        *ret = c;
    return st;
}
