/* checkpoint.c: checkpoints of the audit log. */
#include "core/wire/json.h"
#include "core/base/i18n.h"
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

/* The next line of a text that is walked; false at its end. */
static bool next_line(const char **at, const char *end, const char **ret, size_t *ret_n)
{
    if (*at == end)
        return false;
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    *ret = *at;
    *ret_n = (size_t)((stop ? stop : end) - *at);
    *at = stop ? stop + 1 : end;
    return true;
}

/* Finds the line of that number from *at on, which is left behind it or before the first greater one. */
static enum status line_of(const char **at, const char *end, int64_t number, struct checkpoint *ret,
                           struct errmsg *err)
{
    const char *line, *from = *at;
    size_t n;
    *ret = (struct checkpoint){.number = 0};
    while (next_line(at, end, &line, &n)) {
        struct checkpoint c;
        enum status st = checkpoint_decode(line, n, &c, err);
        if (st != ST_OK)
            return st;
        if (c.number > number) {
            *at = from;
            return ST_OK;
        }
        from = *at;
        if (c.number == number) {
            *ret = c;
            return ST_OK;
        }
    }
    return ST_OK;
}

enum status checkpoints_add(const char *kept, size_t n_kept, const char *now, size_t n_now,
                            struct buf *out, int *ret_new, struct errmsg *err)
{
    const char *line, *at = now, *seek = kept, *kept_end = kept + n_kept;
    size_t n;
    int64_t newest = 0, reached = 0;
    struct checkpoint old = {.number = 0};
    *ret_new = 0;
    while (next_line(&seek, kept_end, &line, &n)) {
        enum status st = checkpoint_decode(line, n, &old, err);
        if (st != ST_OK)
            return st;
        newest = old.number;
    }
    buf_add(out, kept, n_kept);
    seek = kept;
    while (next_line(&at, now + n_now, &line, &n)) {
        struct checkpoint c;
        enum status st = checkpoint_decode(line, n, &c, err);
        if (st == ST_OK && c.number <= newest)
            st = line_of(&seek, kept_end, c.number, &old, err);
        if (st != ST_OK)
            return st;
        if (c.number <= newest && old.number == c.number && strcmp(old.head, c.head) != 0)
            return fail(
                err, ST_CORRUPT,
                _("The server's audit log is not the one whose checkpoints were kept here: entry "
                  "%" PRId64 " has another hash now. What was kept stays as it is; have the log "
                  "verified."),
                c.number);
        reached = c.number;
        if (c.number > newest) {
            buf_add(out, line, n);
            buf_putc(out, '\n');
            ++*ret_new;
        }
    }
    if (reached < newest)
        return fail(
            err, ST_CORRUPT,
            _("The server's audit log is not the one whose checkpoints were kept here: it ends "
              "before entry %" PRId64 ". What was kept stays as it is; have the log verified."),
            newest);
    return buf_status(out) == ST_OK ? ST_OK : fail(err, buf_status(out), "too many checkpoints");
}
