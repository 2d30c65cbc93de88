/* json.c: reading and writing JSON, the parts that every shape shares. */
#include "core/wire/json.h"
#include "core/wire/codec.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* jansson's own limit is far deeper and a build constant, so ours is counted before it. */
static bool too_deep(const char *text, size_t n)
{
    int depth = 0;
    for (size_t i = 0; i < n; i++) {
        switch (text[i]) {
        case '"':
            for (i++; i < n && text[i] != '"'; i++)
                if (text[i] == '\\')
                    i++;
            break;
        case '{':
        case '[':
            if (++depth > JSON_DEPTH_MAX)
                return true;
            break;
        case '}':
        case ']':
            depth--;
            break;
        default:
            break;
        }
    }
    return false;
}

enum status json_read(const char *what, const char *text, size_t n, json_t **ret,
                      struct errmsg *err)
{
    const char *name = what ? what : "", *sep = what ? ": " : "";
    if (too_deep(text, n))
        return fail(err, ST_TOOBIG, "%s%snested deeper than %d levels", name, sep, JSON_DEPTH_MAX);
    json_error_t e;
    json_t *top = json_loadb(text ? text : "", n, JSON_REJECT_DUPLICATES, &e);
    if (!top) {
        if (json_error_code(&e) == json_error_out_of_memory)
            return fail(err, ST_NOMEM, "%s%sout of memory", name, sep);
        return fail(err, ST_INVALID, "%s%sline %d, column %d: %s", name, sep, e.line, e.column,
                    e.text);
    }
    if (!json_is_object(top)) {
        json_decref(top);
        return fail(err, ST_INVALID, "%s%sline 1, column 1: a JSON object is expected", name, sep);
    }
    *ret = top;
    return ST_OK;
}

void json_place(struct errmsg *err, const char *fmt, ...)
{
    if (!err)
        return;
    char place[128], old[ERRMSG_SIZE];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(place, sizeof place, fmt, ap);
    va_end(ap);
    memcpy(old, err->text, sizeof old);
    (void)fail(err, ST_INVALID, "%s%s", place, old);
}

static enum status wrong(struct errmsg *err, const json_t *v, const char *key, const char *want)
{
    if (!v)
        return fail(err, ST_INVALID, "/%s: missing (%s)", key, want);
    return fail(err, ST_INVALID, "/%s: must be %s", key, want);
}

enum status json_text(const json_t *o, const char *key, struct arena *a, const char **ret,
                      struct errmsg *err)
{
    const json_t *v = json_object_get(o, key);
    if (!json_is_string(v))
        return wrong(err, v, key, "a text");
    *ret = arena_strndup(a, json_string_value(v), json_string_length(v));
    return ST_OK;
}

enum status json_text_or(const json_t *o, const char *key, struct arena *a, const char *otherwise,
                         const char **ret, struct errmsg *err)
{
    if (json_object_get(o, key))
        return json_text(o, key, a, ret, err);
    *ret = otherwise;
    return ST_OK;
}

enum status json_number(const json_t *o, const char *key, int64_t from, int64_t to, int64_t *ret,
                        struct errmsg *err)
{
    const json_t *v = json_object_get(o, key);
    if (!json_is_integer(v))
        return wrong(err, v, key, "a whole number");
    int64_t number = json_integer_value(v);
    if (number < from || number > to)
        return fail(err, ST_INVALID, "/%s: must be from %lld to %lld", key, (long long)from,
                    (long long)to);
    *ret = number;
    return ST_OK;
}

enum status json_flag(const json_t *o, const char *key, bool *ret, struct errmsg *err)
{
    const json_t *v = json_object_get(o, key);
    if (!json_is_boolean(v))
        return wrong(err, v, key, "true or false");
    *ret = json_is_true(v);
    return ST_OK;
}

enum status json_time(const json_t *o, const char *key, int64_t *ret_ms, struct errmsg *err)
{
    const json_t *v = json_object_get(o, key);
    int64_t ms;
    if (!json_is_string(v) || rfc3339_parse(json_string_value(v), &ms) != 0)
        return wrong(err, v, key, "a time with offset (RFC 3339)");
    *ret_ms = ms;
    return ST_OK;
}

enum status json_day(const json_t *o, const char *key, int *ret_day, struct errmsg *err)
{
    const json_t *v = json_object_get(o, key);
    int day = 0;
    if (v && (!json_is_string(v) || !day_parse(json_string_value(v), &day)))
        return wrong(err, v, key, "a day (2026-11-24)");
    *ret_day = day;
    return ST_OK;
}

enum status json_texts(const json_t *list, const char *key, struct arena *a,
                       const char *const **ret, size_t *ret_n, struct errmsg *err)
{
    if (!json_is_array(list))
        return wrong(err, list, key, "an array of texts");
    size_t n = json_array_size(list);
    const char **texts = arena_array(a, n + 1, sizeof *texts);
    if (!texts)
        return fail(err, ST_NOMEM, "/%s: out of memory", key);
    for (size_t i = 0; i < n; i++) {
        const json_t *v = json_array_get(list, i);
        if (!json_is_string(v) || json_string_length(v) == 0)
            return fail(err, ST_INVALID, "/%s/%zu: must be a text that is not empty", key, i);
        texts[i] = arena_strndup(a, json_string_value(v), json_string_length(v));
    }
    *ret = texts;
    *ret_n = n;
    return ST_OK;
}

enum status json_uuid(const json_t *o, const char *key, struct uuid *ret, struct errmsg *err)
{
    const json_t *v = json_object_get(o, key);
    struct uuid u;
    if (!json_is_string(v) || !uuid_parse(json_string_value(v), &u))
        return wrong(err, v, key, "a UUID");
    *ret = u;
    return ST_OK;
}

/* Length of the well-formed UTF-8 character (RFC 3629) at s, 0 if it is none. Stops at NUL. */
static size_t character(const unsigned char *s)
{
    unsigned char low = 0x80, high = 0xBF;
    size_t more;
    if (s[0] >= 0xC2 && s[0] <= 0xDF) {
        more = 1;
    } else if (s[0] >= 0xE0 && s[0] <= 0xEF) {
        more = 2;
        if (s[0] == 0xE0)
            low = 0xA0;
        if (s[0] == 0xED)
            high = 0x9F;
    } else if (s[0] >= 0xF0 && s[0] <= 0xF4) {
        more = 3;
        if (s[0] == 0xF0)
            low = 0x90;
        if (s[0] == 0xF4)
            high = 0x8F;
    } else {
        return 0;
    }
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i <= more; i++)
        if (s[i] < 0x80 || s[i] > 0xBF)
            return 0;
    return more + 1;
}

void json_put_text(struct buf *out, const char *text)
{
    const unsigned char *s = (const unsigned char *)(text ? text : "");
    buf_putc(out, '"');
    while (*s) {
        const unsigned char *from = s;
        while (*s >= 0x20 && *s != '"' && *s != '\\') {
            size_t n = *s < 0x80 ? 1 : character(s);
            if (n == 0)
                break;
            s += n;
        }
        if (s > from)
            buf_add(out, from, (size_t)(s - from));
        if (!*s)
            break;
        switch (*s) {
        case '"':
            buf_puts(out, "\\\"");
            break;
        case '\\':
            buf_puts(out, "\\\\");
            break;
        case '\n':
            buf_puts(out, "\\n");
            break;
        case '\r':
            buf_puts(out, "\\r");
            break;
        case '\t':
            buf_puts(out, "\\t");
            break;
        default:
            if (*s < 0x20)
                buf_printf(out, "\\u%04x", (unsigned)*s);
            else
                buf_puts(out, "\xEF\xBF\xBD");
            break;
        }
        s++;
    }
    buf_putc(out, '"');
}

void json_key(struct buf *out, bool *first, const char *key)
{
    buf_puts(out, *first ? "\"" : ",\"");
    buf_puts(out, key);
    buf_puts(out, "\":");
    *first = false;
}

void json_put_time(struct buf *out, int64_t ms)
{
    char text[RFC3339_SIZE];
    rfc3339_format(ms, BEIJING_OFFSET_MS, text);
    buf_putc(out, '"');
    buf_puts(out, text);
    buf_putc(out, '"');
}

void json_put_uuid(struct buf *out, const struct uuid *u)
{
    char text[UUID_TEXT];
    uuid_format(u, text);
    buf_putc(out, '"');
    buf_puts(out, text);
    buf_putc(out, '"');
}
