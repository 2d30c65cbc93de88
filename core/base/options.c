#include "core/base/options.h"
#include "core/base/i18n.h"
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "core/base/banned.h" /* after all others */

enum { VALUE_MAX = 4096, FILE_MOST = 1 << 20 };

const struct option_row option_table[OPTION_COUNT] = {
#define OPTION(id, sec, nam, typ, dflt, lo, hi, cho, hlp)                                          \
    [OPT_##id] = {.section = sec,                                                                  \
                  .name = nam,                                                                     \
                  .type = typ,                                                                     \
                  .def = dflt,                                                                     \
                  .low = lo,                                                                       \
                  .high = hi,                                                                      \
                  .choices = cho,                                                                  \
                  .help = hlp},
#include "core/base/options.def"
#undef OPTION
};

void options_init(struct options *o)
{
    arena_init(&o->arena, 0);
    memset(o->other, 0, sizeof o->other);
    o->decode = NULL;
    for (int i = 0; i < OPTION_COUNT; i++) {
        o->text[i] = option_table[i].def;
        o->from[i] = "default";
    }
}

void options_release(struct options *o)
{
    arena_release(&o->arena);
    options_init(o);
}

static int read_bool(const char *value)
{
    static const char *const yes[] = {"yes", "true", "on", "1"}, *const no[] = {"no", "false",
                                                                                "off", "0"};
    for (size_t i = 0; i < 4; i++) {
        if (strcasecmp(value, yes[i]) == 0)
            return 1;
        if (strcasecmp(value, no[i]) == 0)
            return 0;
    }
    return -1;
}

static bool is_choice(const char *choices, const char *value)
{
    size_t n = strlen(value);
    for (const char *p = choices; p && *p;) {
        size_t len = strcspn(p, "|");
        if (len == n && strncmp(p, value, n) == 0)
            return true;
        p += len + (p[len] == '|');
    }
    return false;
}

static bool read_int(const struct option_row *row, const char *value, int64_t *ret)
{
    char *end;
    errno = 0;
    long long n = strtoll(value, &end, 10);
    if (end == value || *end || errno || n < row->low || n > row->high)
        return false;
    *ret = n;
    return true;
}

enum status options_set(struct options *o, enum option_id id, const char *value, const char *from,
                        struct errmsg *err)
{
    const struct option_row *row = &option_table[id];
    int64_t number;
    if (strlen(value) > VALUE_MAX)
        return fail(err, ST_INVALID, _("%s: %s.%s is longer than %d bytes."), from, row->section,
                    row->name, VALUE_MAX);
    switch (row->type) {
    case OPTION_BOOL:
        if (read_bool(value) < 0)
            return fail(err, ST_INVALID, _("%s: %s.%s is yes or no, not \"%.80s\"."), from,
                        row->section, row->name, value);
        value = read_bool(value) ? "yes" : "no";
        break;
    case OPTION_INT:
        if (!read_int(row, value, &number))
            return fail(err, ST_INVALID,
                        _("%s: %s.%s is a number from %lld to %lld, not \"%.80s\"."), from,
                        row->section, row->name, (long long)row->low, (long long)row->high, value);
        break;
    case OPTION_ENUM:
        if (!is_choice(row->choices, value))
            return fail(err, ST_INVALID, _("%s: %s.%s is one of %s, not \"%.80s\"."), from,
                        row->section, row->name, row->choices, value);
        break;
    case OPTION_STRING:
    case OPTION_PATH:
        break;
    }
    o->text[id] = arena_strdup(&o->arena, value);
    o->from[id] = arena_strdup(&o->arena, from);
    return arena_failed(&o->arena) ? fail(err, ST_NOMEM, "out of memory") : ST_OK;
}

struct reading {
    FILE *file;
    int at;     /* number of the line that was read last */
    bool whole; /* to its end */
    struct options *options;
    const char *path;
    int line;
    enum status st;
    struct errmsg *err;
    void (*warn)(const char *text, void *user);
    void *user;
    unsigned char seen[OPTION_COUNT];
};

static char *next_line(char *text, int size, void *user)
{
    struct reading *r = user;
    char *got = fgets(text, size, r->file);
    size_t n = got ? strlen(got) : 0;
    r->at += n > 0 && (r->at == 0 || r->whole);
    r->whole = n > 0 && got[n - 1] == '\n';
    return got;
}

static options_line *other_line(const struct options *o, const char *section)
{
    for (int i = 0; i < OPTIONS_OTHERS; i++)
        if (o->other[i].section && strcmp(section, o->other[i].section) == 0)
            return o->other[i].line;
    return NULL;
}

static int on_value(void *user, const char *section, const char *name, const char *value)
{
    struct reading *r = user;
    char from[VALUE_MAX];
    snprintf(from, sizeof from, "%.1000s: [%.100s] %.100s", r->path, section, name);
    options_line *other = other_line(r->options, section);
    if (other) {
        struct errmsg err;
        snprintf(from, sizeof from, _("%.1000s, line %d: [%.100s] %.100s"), r->path, r->at, section,
                 name);
        if (other(name, value, from, &err) != ST_OK && r->warn)
            r->warn(err.text, r->user);
        return 1;
    }
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (strcmp(option_table[i].section, section) != 0 ||
            strcmp(option_table[i].name, name) != 0)
            continue;
        if (r->seen[i]++) {
            r->st = fail(r->err, ST_INVALID, _("%s stands there twice."), from);
            return 0;
        }
        r->st = options_set(r->options, (enum option_id)i, value, from, r->err);
        return r->st == ST_OK;
    }
    if (r->warn) {
        char text[VALUE_MAX + 64];
        snprintf(text, sizeof text, _("%s is not known and was passed over."), from);
        r->warn(text, r->user);
    }
    return 1;
}

/* The file in UTF-8, as far as it is read at most; closes f. NULL: no memory. */
static FILE *decoded(options_decode *decode, FILE *f)
{
    char piece[VALUE_MAX];
    struct buf bytes, text;
    buf_init(&bytes, FILE_MOST);
    buf_init(&text, 4 * FILE_MOST);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&bytes, piece, n);
    fclose(f);
    decode(&text, bytes.data, bytes.len);
    bool whole = buf_status(&bytes) == ST_OK && buf_status(&text) == ST_OK;
    FILE *made = whole ? fmemopen(NULL, text.len + 1, "w+") : NULL;
    if (made && fwrite(text.data, 1, text.len, made) == text.len)
        rewind(made);
    buf_release(&bytes);
    buf_release(&text);
    return made;
}

enum status options_read_file(struct options *o, const char *path,
                              void (*warn)(const char *text, void *user), void *user,
                              struct errmsg *err)
{
    struct stat info;
    struct reading r = {.options = o, .path = path, .err = err, .warn = warn, .user = user};
    FILE *f = fopen(path, "re");
    if (!f)
        return fail(err, errno == ENOENT ? ST_NOT_FOUND : ST_IO,
                    _("Cannot open the configuration %s: %s"), path, strerror(errno));
    if (fstat(fileno(f), &info) == 0 && S_ISDIR(info.st_mode)) {
        fclose(f);
        return fail(err, ST_INVALID, _("%s is a folder, not a configuration."), path);
    }
    if (o->decode)
        f = decoded(o->decode, f);
    if (!f)
        return fail(err, ST_TOOBIG, _("The configuration %s is too long."), path);
    r.file = f;
    int line = ini_parse_stream(next_line, &r, on_value, &r);
    fclose(f);
    if (r.st != ST_OK) {
        struct errmsg copy = {{0}};
        if (err && line > 0) {
            copy = *err;
            fail(err, r.st, _("line %d: %.400s"), line, copy.text);
        }
        return r.st;
    }
    if (line != 0)
        return fail(err, ST_INVALID, _("%s, line %d: neither [section] nor name = value."), path,
                    line);
    return ST_OK;
}

int64_t option_int(const struct options *o, enum option_id id)
{
    int64_t n = 0;
    if (!read_int(&option_table[id], o->text[id], &n))
        read_int(&option_table[id], option_table[id].def, &n);
    return n;
}

bool option_bool(const struct options *o, enum option_id id)
{
    return read_bool(o->text[id]) == 1;
}

const char *option_text(const struct options *o, enum option_id id)
{
    return o->text[id];
}
