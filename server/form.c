#include "server/form.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include <string.h>
#include <strings.h>

enum { BOUNDARY_MOST = 70 /* RFC 2046 section 5.1.1 */ };

static enum status add(struct form *f, const char *name, size_t name_n, const char *value, size_t n,
                       struct arena *a, struct errmsg *err)
{
    if (n == 0 || name_n == 0)
        return ST_OK;
    if (memchr(name, 0, name_n) || memchr(value, 0, n) || !utf8_valid(name, name_n))
        return fail(err, ST_INVALID, _("A parameter bears a NUL or a name that is not UTF-8."));
    if (!utf8_valid(value, n))
        return fail(err, ST_INVALID, _("%.60s is not UTF-8."), arena_strndup(a, name, name_n));
    if (f->n == FORM_FIELDS)
        return fail(err, ST_TOOBIG, _("There are more than %d parameters."), FORM_FIELDS);
    f->field[f->n].name = arena_strndup(a, name, name_n);
    f->field[f->n++].value = arena_strndup(a, value, n);
    return ST_OK;
}

static int hex(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Undoes %XX and +. A % that begins no escape stands for itself. */
static size_t decode(const char *s, size_t n, char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        int high = s[i] == '%' && i + 2 < n ? hex(s[i + 1]) : -1;
        int low = high >= 0 ? hex(s[i + 2]) : -1;
        if (low >= 0) {
            out[len++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[len++] = s[i] == '+' ? ' ' : s[i];
        }
    }
    return len;
}

static enum status urlencoded(struct form *f, const char *s, size_t n, struct arena *a,
                              struct errmsg *err)
{
    char *room = arena_alloc(a, n + 1);
    enum status st = room ? ST_OK : fail(err, ST_NOMEM, "out of memory");
    while (st == ST_OK && n > 0) {
        const char *end = memchr(s, '&', n);
        size_t pair = end ? (size_t)(end - s) : n;
        const char *equal = memchr(s, '=', pair);
        size_t name = equal ? (size_t)(equal - s) : pair;
        size_t name_n = decode(s, name, room);
        size_t value_n = equal ? decode(equal + 1, pair - name - 1, room + name_n) : 0;
        st = add(f, room, name_n, room + name_n, value_n, a, err);
        s += end ? pair + 1 : pair;
        n -= end ? pair + 1 : pair;
    }
    return st;
}

enum status form_query(struct form *f, const char *text, struct arena *a, struct errmsg *err)
{
    return text ? urlencoded(f, text, strlen(text), a, err) : ST_OK;
}

/* name="VALUE" of a header line of a part; NULL when it is not there. */
static const char *parameter(const char *line, size_t n, const char *name, struct arena *a)
{
    const char *copy = arena_strndup(a, line, n);
    for (const char *p = copy; (p = strcasestr(p, name)); p++) {
        const char *value = p + strlen(name);
        if (p == copy || !strchr("; \t", p[-1]) || value[0] != '=')
            continue;
        value++;
        size_t len = *value == '"' ? strcspn(++value, "\"") : strcspn(value, "; \t\r");
        return arena_strndup(a, value, len);
    }
    return NULL;
}

/* One part: head lines, an empty line, the value. */
static enum status part(struct form *f, const char *s, size_t n, struct arena *a,
                        struct errmsg *err)
{
    const char *body = memmem(s, n, "\r\n\r\n", 4), *name = NULL, *file = NULL;
    if (!body)
        return fail(err, ST_INVALID, _("A part of the form has no end of its head."));
    for (const char *line = s, *end; line < body + 2; line = end + 2) {
        end = memmem(line, (size_t)(body + 2 - line), "\r\n", 2);
        if (!end)
            break;
        if (strncasecmp(line, "Content-Disposition:", 20) != 0)
            continue;
        name = parameter(line, (size_t)(end - line), "name", a);
        file = parameter(line, (size_t)(end - line), "filename", a);
    }
    body += 4;
    if (file) {
        f->files++;
        return ST_OK;
    }
    if (!name)
        return fail(err, ST_INVALID, _("A part of the form has no name."));
    return add(f, name, strlen(name), body, (size_t)(s + n - body), a, err);
}

static enum status multipart(struct form *f, const char *boundary, const char *s, size_t n,
                             struct arena *a, struct errmsg *err)
{
    const char *mark = arena_printf(a, "\r\n--%s", boundary), *stop = s + n;
    size_t mark_n = strlen(mark);
    /* the first mark has no line before it that must be there */
    const char *at = n >= mark_n - 2 && memcmp(s, mark + 2, mark_n - 2) == 0
                         ? s + mark_n - 2
                         : memmem(s, n, mark, mark_n);
    if (at && at != s + mark_n - 2)
        at += mark_n;
    while (at && stop - at >= 2 && memcmp(at, "--", 2) != 0) {
        const char *from = memmem(at, (size_t)(stop - at), "\r\n", 2);
        const char *to = from ? memmem(from, (size_t)(stop - from), mark, mark_n) : NULL;
        if (!to)
            break;
        enum status st = from + 2 <= to ? part(f, from + 2, (size_t)(to - from - 2), a, err)
                                        : fail(err, ST_INVALID, _("A part of the form is empty."));
        if (st != ST_OK)
            return st;
        at = to + mark_n;
    }
    return at && stop - at >= 2 && memcmp(at, "--", 2) == 0
               ? ST_OK
               : fail(err, ST_INVALID, _("The form is cut: its last mark is missing."));
}

enum status form_body(struct form *f, const char *content_type, const void *body, size_t n,
                      struct arena *a, struct errmsg *err)
{
    const char *type = content_type ? content_type : "";
    size_t word = strcspn(type, "; \t");
    if (n == 0 || !*type ||
        (word == 33 && strncasecmp(type, "application/x-www-form-urlencoded", word) == 0))
        return urlencoded(f, body, n, a, err);
    if (word != 19 || strncasecmp(type, "multipart/form-data", word) != 0)
        return fail(err, ST_INVALID,
                    _("The body is application/x-www-form-urlencoded or multipart/form-data."));
    const char *boundary = parameter(type, strlen(type), "boundary", a);
    if (!boundary || !*boundary || strlen(boundary) > BOUNDARY_MOST)
        return fail(err, ST_INVALID, _("The content type names no boundary."));
    return multipart(f, boundary, body, n, a, err);
}

const char *form_get(const struct form *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->field[i].name, name) == 0)
            return f->field[i].value;
    return "";
}
