/* change.c: the lines of GET /v1/changes by way of a tree; reader.c takes the usual ones. */
#include "core/wire/json.h"
#include "core/wire/codec.h"
#include "core/wire/reader.h"
#include <string.h>

/* The position after the string that starts at i (a quote), or n. */
static size_t string_end(const char *s, size_t n, size_t i)
{
    for (i++; i < n && s[i] != '"'; i++)
        if (s[i] == '\\')
            i++;
    return i < n ? i + 1 : n;
}

/* Cuts the elements of the top-level array "events" out of a line that jansson has accepted, one a
 * line. Returns how many, 0 when the key is written with escapes or an element has a line break:
 * the caller then encodes them anew. dest holds at least n + 1 bytes: what is cut and a newline
 * for each comma or bracket. */
static size_t cut_events(const char *s, size_t n, char *dest, size_t *ret_len)
{
    static const char key[] = "\"events\"";
    const size_t key_len = sizeof key - 1;
    int depth = 0;
    bool inside = false;
    size_t count = 0, len = 0, from = 0;
    for (size_t i = 0; i < n;) {
        char c = s[i];
        if (c == '"') {
            size_t end = string_end(s, n, i);
            bool is_key =
                !inside && depth == 1 && end - i == key_len && memcmp(s + i, key, key_len) == 0;
            i = end;
            if (is_key) {
                while (i < n && (s[i] == ' ' || s[i] == '\t'))
                    i++;
                if (i < n && s[i] == ':') { /* a key and no value of that text */
                    i++;
                    while (i < n && (s[i] == ' ' || s[i] == '\t'))
                        i++;
                    inside = i < n && s[i] == '[';
                }
            }
            continue;
        }
        if (c == '{' || c == '[') {
            if (inside && depth == 2)
                from = i;
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
            if (inside && depth == 2) {
                memcpy(dest + len, s + from, i + 1 - from);
                len += i + 1 - from;
                dest[len++] = '\n';
                count++;
            } else if (inside && depth == 1) {
                break;
            }
        } else if (c == '\n' || c == '\r') {
            return 0;
        }
        i++;
    }
    *ret_len = len;
    return count;
}

static enum status encode_anew(struct change *c, struct arena *a, size_t n, struct errmsg *err)
{
    struct buf out;
    /* \u escapes shrink; only control characters written raw could grow, and JSON has none. Times
     * and left-out members come to a fixed size an event. */
    buf_init(&out, 4096 + 8 * n + c->n_events * 1024);
    for (size_t i = 0; i < c->n_events; i++) {
        event_encode(&out, &c->events[i]);
        buf_putc(&out, '\n');
    }
    enum status st = buf_status(&out);
    if (!st) {
        c->events_json = arena_strndup(a, out.data, out.len);
        c->events_json_len = out.len;
    } else {
        st = fail(err, st, "/events: out of memory");
    }
    buf_release(&out);
    return st;
}

static enum status case_get(const json_t *top, const char *line, size_t n, struct arena *a,
                            struct change *c, struct errmsg *err)
{
    int64_t version = 0, since = 0;
    enum status st = json_uuid(top, "case", &c->case_id, err);
    if (!st)
        st = json_number(top, "version", 1, UINT32_MAX, &version, err);
    if (!st)
        st = json_number(top, "since", 0, version, &since, err);
    if (st)
        return st;
    c->version = (uint32_t)version;
    c->since = (uint32_t)since;
    const json_t *list = json_object_get(top, "events");
    if (!json_is_array(list))
        return fail(err, ST_INVALID, "/events: %s",
                    list ? "must be an array" : "missing (an array)");
    c->n_events = json_array_size(list);
    if ((int64_t)c->n_events != version - since)
        return fail(err, ST_INVALID, "/events: %zu of them for versions %lld to %lld", c->n_events,
                    (long long)since + 1, (long long)version);
    struct event *e = arena_array(a, c->n_events + 1, sizeof *e);
    char *raw = arena_alloc(a, n + 1);
    if (!e || !raw)
        return fail(err, ST_NOMEM, "/events: out of memory");
    for (size_t i = 0; i < c->n_events; i++) {
        st = event_get(json_array_get(list, i), a, &e[i], err);
        if (!st && (int64_t)e[i].seq != since + 1 + (int64_t)i)
            st = fail(err, ST_INVALID, "/seq: must be %lld", (long long)since + 1 + (long long)i);
        if (st) {
            json_place(err, "/events/%zu", i);
            return st;
        }
    }
    c->events = e;
    size_t len = 0;
    if (cut_events(line, n, raw, &len) != c->n_events)
        return encode_anew(c, a, n, err);
    raw[len] = '\0';
    c->events_json = raw;
    c->events_json_len = len;
    return ST_OK;
}

static enum status end_get(const json_t *top, struct arena *a, struct change *c, struct errmsg *err)
{
    enum status st = json_text(top, "cursor", a, &c->cursor, err);
    if (!st)
        st = json_flag(top, "more", &c->more, err);
    if (!st && (!*c->cursor || strlen(c->cursor) >= CURSOR_SIZE))
        st = fail(err, ST_INVALID, "/cursor: must have 1 to %d bytes", CURSOR_SIZE - 1);
    return st;
}

enum status change_tree(const char *line, size_t n, struct arena *a, struct change *ret,
                        struct errmsg *err)
{
    json_t *top;
    struct change c = {.events_json = "", .cursor = ""};
    enum status st = json_read(NULL, line, n, &top, err);
    if (st)
        return st;
    if (json_object_get(top, "case")) {
        c.kind = CHANGE_CASE;
        st = case_get(top, line, n, a, &c, err);
    } else if (json_object_get(top, "gone")) {
        c.kind = CHANGE_GONE;
        st = json_uuid(top, "gone", &c.case_id, err);
    } else if (json_object_get(top, "cursor")) {
        c.kind = CHANGE_END;
        st = end_get(top, a, &c, err);
    } else {
        st = fail(err, ST_INVALID, "neither case, gone nor cursor is there");
    }
    json_decref(top);
    if (!st && arena_failed(a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (!st)
        *ret = c;
    return st;
}

enum status change_decode(const char *line, size_t n, struct arena *a, struct change *ret,
                          struct errmsg *err)
{
    return change_read(line, n, a, ret) ? ST_OK : change_tree(line, n, a, ret, err);
}
