#include "core/case/attached.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool sha256_is(const char *text)
{
    return strspn(text, "0123456789abcdef") == SHA256_HEX && !text[SHA256_HEX];
}

/* May the character stand in the name of a file that another machine writes? */
static bool in_name(uint32_t c)
{
    return c != UTF8_BAD && c >= ' ' && c != 0x7F && c != '/' && c != '\\' &&
           (c < 0x80 || c > 0x9F);
}

const char *attached_name(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *from = slash ? slash + 1 : path;
    char name[ATTACHED_NAME + 1];
    size_t n = 0;
    for (size_t at = 0, left = strlen(from); at < left;) {
        uint32_t c;
        size_t len = utf8_decode(from + at, left - at, &c);
        bool fits = in_name(c);
        if (n + (fits ? len : 1) > ATTACHED_NAME)
            break;
        if (fits)
            memcpy(name + n, from + at, len);
        else
            name[n] = '_';
        n += fits ? len : 1;
        at += len;
    }
    name[n] = '\0';
    return arena_strdup(a, n > 0 && strspn(name, ". ") < n ? name : "file");
}

static bool name_is(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n > ATTACHED_NAME || strspn(name, ". ") == n)
        return false;
    for (size_t i = 0; i < n;) {
        uint32_t c;
        i += utf8_decode(name + i, n - i, &c);
        if (!in_name(c))
            return false;
    }
    return true;
}

/* The next word of a line, which is cut at its blank; NULL: there is none. */
static char *word(char **at)
{
    char *blank = *at ? strchr(*at, ' ') : NULL, *found = *at;
    if (!blank)
        return NULL;
    *blank = '\0';
    *at = blank + 1;
    return found;
}

static bool read_line(char *line, struct attached *ret)
{
    char *at = line, *end = NULL;
    const char *hash = word(&at), *type = word(&at), *bytes = word(&at), *located = word(&at);
    if (!hash || !type || !bytes || !located || !sha256_is(hash) || !name_is(at))
        return false;
    memcpy(ret->sha256, hash, sizeof ret->sha256);
    ret->type = filetype_find(type);
    ret->bytes = strtoll(bytes, &end, 10);
    ret->located = strcmp(located, "gps") == 0;
    ret->name = at;
    return ret->type != FILETYPE_COUNT && *bytes >= '1' && *bytes <= '9' && !*end &&
           ret->bytes <= ATTACHED_BYTES && (ret->located || strcmp(located, "-") == 0);
}

enum status attached_read(const char *text, struct arena *a, struct attached **ret, size_t *ret_n,
                          struct errmsg *err)
{
    struct attached *list = arena_array(a, ATTACHED_MOST, sizeof *list);
    char *copy = arena_alloc(a, strlen(text) + 1);
    size_t n = 0;
    if (!list || !copy || arena_failed(a))
        return fail(err, ST_NOMEM, "%s", _("Out of memory."));
    memcpy(copy, text, strlen(text) + 1);
    for (char *line = copy, *next; line && *line; line = next, n++) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        if (n == ATTACHED_MOST)
            return fail(err, ST_INVALID, _("More than %d files."), ATTACHED_MOST);
        if (!read_line(line, &list[n]))
            return fail(err, ST_INVALID, _("File %zu is not named as it should be."), n + 1);
        for (size_t i = 0; i < n; i++)
            if (strcmp(list[i].sha256, list[n].sha256) == 0)
                return fail(err, ST_INVALID, _("%s is there twice."), list[n].name);
    }
    *ret = list;
    *ret_n = n;
    return ST_OK;
}

void attached_put(struct buf *out, const struct attached *f)
{
    buf_printf(out, "%s%s %s %" PRId64 " %s %s", out->len ? "\n" : "", f->sha256,
               filetype_table[f->type].word, f->bytes, f->located ? "gps" : "-", f->name);
}

const char *attached_kind(struct arena *a, const struct attached *f)
{
    enum { KIB = 1024, MIB = 1024 * 1024 };
    const char *type = _(filetype_table[f->type].label);
    if (f->bytes < KIB)
        return arena_printf(a, _("%s, %lld bytes"), type, (long long)f->bytes);
    if (f->bytes < MIB)
        return arena_printf(a, _("%s, %lld KiB"), type, (long long)((f->bytes + KIB / 2) / KIB));
    return arena_printf(a, _("%s, %.1f MiB"), type, (double)f->bytes / MIB);
}

const char *attached_text(struct arena *a, const char *text)
{
    struct attached *files;
    size_t n;
    const char *all = "";
    if (attached_read(text, a, &files, &n, NULL) != ST_OK)
        return text;
    for (size_t i = 0; i < n; i++)
        all = arena_printf(a, "%s%s%s (%s%s%s)", all, *all ? "\n" : "", files[i].name,
                           attached_kind(a, &files[i]), files[i].located ? ", " : "",
                           files[i].located ? _("its place was taken out") : "");
    return all;
}
