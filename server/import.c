#include "core/wire/json.h" /* before codec.h: both know a json_string */
#include "server/import.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "core/text/clean.h"
#include "core/text/utf8.h"
#include "core/wire/codec.h"
#include "data/embedded.h"
#include "server/service.h"
#include <stdlib.h>
#include <string.h>

enum {
    BATCH = 1000,
    VALUES = 24,
    COLUMNS_MOST = 512,
    STREETS_MOST = 99,
    COMMUNITIES_MOST = 89, /* from 90 on the codes below a street are its sections */
    TITLE_CHARACTERS = 30,
    ROW_MOST = 4 * 1024 * 1024
};
static const size_t FILE_MOST = (size_t)2 * 1024 * 1024 * 1024;

struct importer {
    const struct import_job *job;
    json_t *map;
    const json_t *fields;
    bool csv, keywords_first;
    const char *text; /* the whole file */
    size_t n, at;
    int64_t line;     /* of at, from 1 */
    int64_t row_line; /* where the row in hand begins */
    const char *column[COLUMNS_MOST], *cell[COLUMNS_MOST];
    size_t n_columns, n_cells;
    struct arena header, arena; /* of the file; of one row */
    json_t *object;             /* the row in hand, when it is JSON */
    struct service *service;
    const char *hotline;
    int64_t oldest, newest, span_ms; /* of the source; span_ms: what it becomes */
    uint64_t hash[2];
    struct rng rng;
    struct random random;
    struct clock clock;
    struct uuid_source ids;
    int64_t at_ms;
    struct uuid case_id;
    uint32_t version;
};

/* --- the map ---------------------------------------------------------------------------------- */

static const char *str(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

static int64_t number(const json_t *o, const char *key)
{
    return (int64_t)json_integer_value(json_object_get(o, key));
}

static enum status map_error(const char *name, const char *what, struct errmsg *err)
{
    return fail(err, ST_INVALID, _("%s: %s. Nothing was imported."), name, what);
}

static enum status map_read(struct importer *im, struct errmsg *err)
{
    static const struct {
        const char *format, *name;
        const unsigned char *text;
        const size_t *n;
    } shipped[] = {
        {"open311", "boston-open311.json", data_maps_boston_open311_json,
         &data_maps_boston_open311_json_len},
        {"nyc311", "nyc311.json", data_maps_nyc311_json, &data_maps_nyc311_json_len},
        {"csv", "sample-csv.json", data_maps_sample_csv_json, &data_maps_sample_csv_json_len},
        {"ndjson", "zh-messages.json", data_maps_zh_messages_json, &data_maps_zh_messages_json_len},
    };
    static const char *const needed[] = {"external_id", "time"};
    const char *format = im->job->format, *name = im->job->map, *text = NULL;
    char *own = NULL;
    size_t n = 0;
    for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++)
        if (strcmp(shipped[i].format, format) == 0) {
            text = (const char *)shipped[i].text;
            n = *shipped[i].n;
            if (!im->job->map)
                name = shipped[i].name;
        }
    if (!text)
        return fail(err, ST_INVALID, _("--format is open311, nyc311, csv or ndjson"));
    enum status st = ST_OK;
    if (im->job->map) {
        st = file_read(im->job->map, ROW_MOST, &own, &n, err);
        text = own;
    }
    if (st == ST_OK)
        st = json_read(name, text, n, &im->map, err);
    free(own);
    if (st != ST_OK)
        return st;
    im->fields = json_object_get(im->map, "fields");
    im->csv = strcmp(format, "csv") == 0 || strcmp(format, "nyc311") == 0;
    im->keywords_first = strcmp(format, "ndjson") == 0;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!*str(im->fields, needed[i]))
            return fail(err, ST_INVALID, _("%s: /fields/%s is missing. Nothing was imported."),
                        name, needed[i]);
    const json_t *streets = json_object_get(im->map, "streets");
    const json_t *communities = json_object_get(im->map, "communities");
    const char *from = str(streets, "from");
    int64_t count = number(streets, "count"), per = number(communities, "per_street");
    if (!*str(json_object_get(im->map, "district"), "code"))
        return map_error(name, _("/district/code is missing"), err);
    if (count < 1 || count > STREETS_MOST)
        return map_error(name, _("/streets/count must be 1 to 99"), err);
    if (per < 1 || per > COMMUNITIES_MOST)
        return map_error(name, _("/communities/per_street must be 1 to 89"), err);
    if (strcmp(from, "hash") != 0 && strcmp(from, "field") != 0 && strcmp(from, "grid") != 0 &&
        strcmp(from, "name") != 0)
        return map_error(name, _("/streets/from must be hash, field, grid or name"), err);
    if (strcmp(from, "grid") == 0 &&
        (json_array_size(json_object_get(streets, "lat")) != 2 ||
         json_array_size(json_object_get(streets, "long")) != 2 || number(streets, "rows") < 1 ||
         number(streets, "columns") < 1 ||
         number(streets, "rows") > count / number(streets, "columns")))
        return map_error(name, _("/streets: a grid needs lat, long, rows and columns"), err);
    if (strcmp(str(communities, "from"), "grid") == 0 &&
        (strcmp(from, "grid") != 0 || number(communities, "rows") < 1 ||
         number(communities, "columns") < 1 ||
         number(communities, "rows") > per / number(communities, "columns")))
        return map_error(name, _("/communities: the grid does not fit per_street"), err);
    return ST_OK;
}

/* --- the units -------------------------------------------------------------------------------- */

struct units {
    struct arena *arena;
    struct unit *list;
    size_t n;
};

static const struct unit *unit_of(const struct units *u, const char *code)
{
    for (size_t i = 0; i < u->n; i++)
        if (strcmp(u->list[i].code, code) == 0)
            return &u->list[i];
    return NULL;
}

static void add_unit(struct units *u, const char *code, enum unit_kind kind, const char *parent,
                     const char *name, const char *name_en)
{
    u->list[u->n++] = (struct unit){
        .code = code, .name = name, .name_en = name_en, .kind = kind, .parent = parent};
}

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct unit *)a)->code, ((const struct unit *)b)->code);
}

/* What the map names and the store has not: the district, its streets, communities, and one section each
 * that the cases of the street are assigned to. */
static void add_units(const struct importer *im, struct units *u)
{
    struct arena *a = u->arena;
    const json_t *district = json_object_get(im->map, "district"),
                 *streets = json_object_get(im->map, "streets");
    const char *top = "", *dd = arena_strdup(a, str(district, "code"));
    int64_t count = number(streets, "count"),
            per = number(json_object_get(im->map, "communities"), "per_street");
    for (size_t i = 0; i < u->n; i++)
        if (u->list[i].kind == UNIT_HOTLINE)
            top = u->list[i].code;
    if (!unit_of(u, dd))
        add_unit(u, dd, UNIT_DISTRICT, top, arena_strdup(a, str(district, "name")),
                 arena_strdup(a, str(district, "name_en")));
    for (int64_t s = 0; s < count; s++) {
        const char *code = arena_printf(a, "%s%02d", dd, (int)s + 1);
        const char *name =
            json_string_value(json_array_get(json_object_get(streets, "names"), (size_t)s));
        const char *name_en =
            json_string_value(json_array_get(json_object_get(streets, "names_en"), (size_t)s));
        name = name ? arena_strdup(a, name) : code;
        name_en = name_en ? arena_strdup(a, name_en) : name;
        bool there = unit_of(u, code) != NULL, section = false;
        if (!there) {
            add_unit(u, code, UNIT_STREET, dd, name, name_en);
            for (int c = 1; c <= per; c++)
                add_unit(u, arena_printf(a, "%s%02d", code, c), UNIT_COMMUNITY, code,
                         arena_printf(a, "%s第%d社区", name, c),
                         arena_printf(a, "%s Community %d", name_en, c));
        }
        for (size_t i = 0; i < u->n; i++)
            section |= u->list[i].kind == UNIT_SECTION && strcmp(u->list[i].parent, code) == 0;
        const char *desk = arena_printf(a, "%s90", code);
        if (!section && !unit_of(u, desk))
            add_unit(u, desk, UNIT_SECTION, code, arena_printf(a, "%s诉求处置中心", name),
                     arena_printf(a, "%s Complaint Handling Centre", name_en));
    }
}

static enum status put_units(struct importer *im, struct errmsg *err)
{
    struct db *db = NULL;
    struct arena a;
    struct buf out;
    struct reference r;
    arena_init(&a, 0);
    buf_init(&out, FILE_MOST);
    enum status st = database_open(im->job->url, DB_WRITE, &db, err);
    bool begun = st == ST_OK && (st = database_begin(db, true, err)) == ST_OK;
    if (st == ST_OK) {
        size_t n = 0;
        struct stmt *q = database_stmt(db, SQL_DOCUMENT_GET);
        stmt_text(q, 1, "people");
        const char *body = stmt_row(q) ? stmt_get_text(q, 0, &n) : "";
        st = reference_decode(body, n, &a, &r, err);
        stmt_done(q);
    }
    if (st == ST_OK) {
        size_t most = r.n_units + 1 + (size_t)STREETS_MOST * (COMMUNITIES_MOST + 2);
        struct units u = {.arena = &a, .list = arena_array(&a, most, sizeof(struct unit))};
        if (u.list) {
            if (r.n_units)
                memcpy(u.list, r.units, r.n_units * sizeof *u.list);
            u.n = r.n_units;
            add_units(im, &u);
            qsort(u.list, u.n, sizeof *u.list, by_code);
            bool added = u.n > r.n_units;
            r.units = u.list;
            r.n_units = u.n;
            r.version += added && r.version > 0; /* without a number the store counts itself */
            reference_encode(&out, &r);
            st = buf_status(&out);
            if (st == ST_OK && added && !arena_failed(&a))
                st = im->job->put_document(db, "people", out.data, out.len, err);
        }
        if (st == ST_OK && arena_failed(&a))
            st = fail(err, ST_NOMEM, "out of memory");
    }
    if (begun && st == ST_OK)
        st = database_commit(db, err);
    else if (begun)
        database_rollback(db);
    database_close(db);
    buf_release(&out);
    arena_release(&a);
    return st;
}

/* --- rows ------------------------------------------------------------------------------------- */

static void count_lines(struct importer *im, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        im->line += im->text[i] == '\n';
}

/* RFC 4180: quotes doubled within quotes, line breaks within quotes. false: the end of the file. */
static bool csv_record(struct importer *im, struct arena *a, const char **cell, size_t *ret_n,
                       enum status *st, struct errmsg *err)
{
    const char *t = im->text;
    size_t n = 0, at = im->at;
    while (at < im->n && (t[at] == '\n' || t[at] == '\r')) /* empty lines between records */
        at++;
    count_lines(im, im->at, at);
    im->row_line = im->line;
    if (at >= im->n) {
        im->at = im->n;
        return false;
    }
    size_t start = at;
    bool more = true, nul = false, extra = false, open = false;
    while (more) {
        const char *value;
        if (at < im->n && t[at] == '"') {
            size_t from = ++at, kept = 0;
            while (at < im->n && (t[at] != '"' || (at + 1 < im->n && t[at + 1] == '"')))
                at += t[at] == '"' ? 2 : 1;
            char *out = arena_alloc(a, at - from + 1);
            for (size_t i = from; out && i < at; i++) {
                out[kept++] = t[i];
                i += t[i] == '"';
            }
            nul |= memchr(t + from, 0, at - from) != NULL;
            value = out ? out : "";
            open = at >= im->n;
            at += !open;
            extra |= at < im->n && t[at] != ',' && t[at] != '\n' && t[at] != '\r';
            while (at < im->n && t[at] != ',' && t[at] != '\n')
                at++;
        } else {
            size_t from = at;
            while (at < im->n && t[at] != ',' && t[at] != '\n')
                at++;
            size_t len = at - from;
            if (len && (at >= im->n || t[at] == '\n') && t[from + len - 1] == '\r')
                len--;
            nul |= memchr(t + from, 0, len) != NULL;
            value = arena_strndup(a, t + from, len);
        }
        if (n < COLUMNS_MOST)
            cell[n] = value;
        n++;
        more = at < im->n && t[at] == ',';
        at += at < im->n;
    }
    count_lines(im, start, at);
    im->at = at;
    *ret_n = n < COLUMNS_MOST ? n : COLUMNS_MOST;
    if (open)
        *st = fail(err, ST_INVALID, _("a quote is opened and not closed"));
    else if (nul)
        *st = fail(err, ST_INVALID, _("a NUL byte"));
    else if (extra)
        *st = fail(err, ST_INVALID, _("text after a closing quote"));
    else if (!utf8_valid(t + start, at - start))
        *st = fail(err, ST_INVALID, _("not valid UTF-8"));
    else if (n > COLUMNS_MOST)
        *st = fail(err, ST_TOOBIG, _("more than %d columns"), COLUMNS_MOST);
    return true;
}

/* One line, or one element of the array that the file is. */
static bool json_record(struct importer *im, enum status *st, struct errmsg *err)
{
    const char *t = im->text;
    size_t at = im->at, start, end;
    bool array = false;
    for (size_t i = 0; i < im->n && !array; i++) {
        if (t[i] == '[')
            array = true;
        else if (!strchr(" \t\r\n", t[i]) || !t[i])
            break;
    }
    while (at < im->n && t[at] && (strchr(" \t\r\n", t[at]) || (array && strchr("[],", t[at]))))
        at++;
    count_lines(im, im->at, at);
    im->row_line = im->line;
    start = at;
    if (at >= im->n) {
        im->at = im->n;
        return false;
    }
    if (array) {
        int depth = 0;
        bool quoted = false;
        for (; at < im->n; at++) {
            if (quoted && t[at] == '\\')
                at++;
            else if (t[at] == '"')
                quoted = !quoted;
            else if (!quoted && (t[at] == '{' || t[at] == '['))
                depth++;
            else if (!quoted && (t[at] == '}' || t[at] == ']') && --depth <= 0)
                break;
            else if (!quoted && depth == 0 && t[at] == ',')
                break;
        }
        at = end = at < im->n ? at + 1 : im->n;
    } else {
        const char *stop = memchr(t + at, '\n', im->n - at);
        end = stop ? (size_t)(stop - t) : im->n;
        at = end;
    }
    count_lines(im, start, at);
    im->at = at;
    json_decref(im->object);
    im->object = NULL;
    if (memchr(t + start, 0, end - start))
        *st = fail(err, ST_INVALID, _("a NUL byte"));
    else if (!utf8_valid(t + start, end - start))
        *st = fail(err, ST_INVALID, _("not valid UTF-8"));
    else if (end - start > ROW_MOST)
        *st = fail(err, ST_TOOBIG, _("longer than 4 MiB"));
    else
        *st = json_read("JSON", t + start, end - start, &im->object, err);
    return true;
}

/* false: no more rows. *st: whether this one can be read. */
static bool next_row(struct importer *im, enum status *st, struct errmsg *err)
{
    *st = ST_OK;
    arena_reset(&im->arena);
    if (!im->csv)
        return json_record(im, st, err);
    if (!csv_record(im, &im->arena, im->cell, &im->n_cells, st, err))
        return false;
    if (*st == ST_OK && im->n_cells != im->n_columns)
        *st = fail(err, ST_INVALID, _("%zu cells where the heading has %zu"), im->n_cells,
                   im->n_columns);
    return true;
}

static enum status rewind_rows(struct importer *im, struct errmsg *err)
{
    enum status st = ST_OK;
    im->at = im->n >= 3 && memcmp(im->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    im->line = 1;
    if (!im->csv)
        return ST_OK;
    arena_reset(&im->header);
    if (!csv_record(im, &im->header, im->column, &im->n_columns, &st, err))
        st = fail(err, ST_INVALID, _("the file is empty"));
    static const char *const needed[] = {"external_id", "time"};
    for (size_t i = 0; st == ST_OK && i < sizeof needed / sizeof *needed; i++) {
        bool found = false;
        for (size_t k = 0; k < im->n_columns; k++)
            found |= strcmp(im->column[k], str(im->fields, needed[i])) == 0;
        if (!found)
            st = fail(err, ST_INVALID, _("the heading has no column \"%s\", which the map names"),
                      str(im->fields, needed[i]));
    }
    if (st != ST_OK)
        errmsg_prefix(err, "%s:1", im->job->file);
    return st;
}

static const char *trimmed(struct arena *a, const char *s)
{
    while (*s && strchr(" \t\r\n", *s))
        s++;
    size_t n = strlen(s);
    while (n && strchr(" \t\r\n", s[n - 1]))
        n--;
    return arena_strndup(a, s, n);
}

/* Text of a column of the file. "" when it is not there. */
static const char *column_text(struct importer *im, const char *name)
{
    if (!*name)
        return "";
    if (im->csv) {
        for (size_t i = 0; i < im->n_columns && i < im->n_cells; i++)
            if (strcmp(im->column[i], name) == 0)
                return trimmed(&im->arena, im->cell[i]);
        return "";
    }
    const json_t *v = json_object_get(im->object, name);
    if (json_is_string(v))
        return trimmed(&im->arena, json_string_value(v));
    if (json_is_integer(v))
        return arena_printf(&im->arena, "%lld", (long long)json_integer_value(v));
    if (json_is_real(v))
        return arena_printf(&im->arena, "%.6f", json_real_value(v));
    return "";
}

static const char *field_text(struct importer *im, const char *field)
{
    return column_text(im, str(im->fields, field));
}

/* For one-line fields: line breaks and tabs as blanks. */
static const char *line_of(struct arena *a, const char *s)
{
    size_t n = strlen(s);
    char *out = arena_alloc(a, n + 1);
    if (!out)
        return "";
    for (size_t i = 0; i < n; i++)
        out[i] = strchr("\r\n\t", s[i]) ? ' ' : s[i];
    return out;
}

static bool time_of(struct importer *im, const char *text, int64_t *ret)
{
    if (rfc3339_parse(text, ret) == 0)
        return true;
    return *text && rfc3339_parse(arena_printf(&im->arena, "%s%s", text, str(im->map, "time_zone")),
                                  ret) == 0;
}

/* --- one row as the map sees it ---------------------------------------------------------------- */

struct row {
    const char *external, *title, *content, *claimant, *phone, *point, *lat, *lon, *reply;
    const char *type, *category, *channel, *street, *community, *solved, *satisfied;
    int64_t time_ms, closed_ms;
    bool closed;
};

static bool contains(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (; n && *text; text++) {
        size_t i = 0;
        while (i < n && text[i] &&
               (text[i] == word[i] || ((text[i] | 32) == (word[i] | 32) && (word[i] | 32) >= 'a' &&
                                       (word[i] | 32) <= 'z')))
            i++;
        if (i == n)
            return true;
    }
    return false;
}

static const char *by_words(const json_t *list, const char *key, const char *text)
{
    size_t i, k;
    const json_t *entry, *word;
    json_array_foreach(list, i, entry)
    {
        json_array_foreach(json_object_get(entry, "words"), k, word)
        {
            const char *w = json_string_value(word);
            if (w && contains(text, w))
                return str(entry, key);
        }
    }
    return "";
}

static const char *category_of(struct importer *im, const char *title, const char *content)
{
    const json_t *map = json_object_get(im->map, "category"),
                 *keywords = json_object_get(im->map, "keywords");
    const char *split = str(im->map, "category_split"), *code;
    char *path = strdup(field_text(im, "category"));
    const char *column = "";
    while (path && !*(column = str(map, path)) && *split) {
        char *last = NULL;
        for (char *p = path; (p = strstr(p, split)); p += strlen(split))
            last = p;
        if (!last)
            break;
        *last = '\0';
    }
    free(path);
    if (*column && !im->keywords_first)
        return column;
    if (!*(code = by_words(keywords, "category", title)) &&
        !*(code = by_words(keywords, "category", content)))
        code = column;
    return *code ? code : str(im->map, "category_default");
}

static uint32_t fnv(const char *s)
{
    uint32_t h = 2166136261u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

/* Cell of x between from and to, counted from from; places outside go to the nearest. rest: where in it, 0..1. */
static int64_t cell_of(double x, double from, double to, int64_t n, double *rest)
{
    double at = (x - from) / (to - from) * (double)n;
    if (!(at > 0)) /* also when it is no number */
        at = 0;
    if (at >= (double)n)
        at = (double)n - 1e-9;
    int64_t i = (int64_t)at;
    *rest = at - (double)i;
    return i;
}

static const char *unit_named(const struct reference *r, const char *name, const char *parent)
{
    for (size_t i = 0; r && *name && i < r->n_units; i++)
        if (strcmp(r->units[i].name, name) == 0 &&
            (!*parent || strcmp(r->units[i].parent, parent) == 0))
            return r->units[i].code;
    return "";
}

static void place_of(struct importer *im, struct row *r)
{
    const json_t *streets = json_object_get(im->map, "streets"),
                 *communities = json_object_get(im->map, "communities");
    const char *from = str(streets, "from"), *below = str(communities, "from");
    const char *dd = str(json_object_get(im->map, "district"), "code");
    const struct reference *ref = im->service ? service_reference(im->service) : NULL;
    int64_t count = number(streets, "count"), per = number(communities, "per_street"), s = 0, c = 0;
    const char *key = column_text(im, str(streets, "field"));
    if (strcmp(from, "grid") == 0) {
        const json_t *lat = json_object_get(streets, "lat"),
                     *lon = json_object_get(streets, "long");
        if (*r->lat && *r->lon) {
            double y, x;
            s = cell_of(strtod(r->lat, NULL), json_number_value(json_array_get(lat, 0)),
                        json_number_value(json_array_get(lat, 1)), number(streets, "rows"), &y) *
                    number(streets, "columns") +
                cell_of(strtod(r->lon, NULL), json_number_value(json_array_get(lon, 0)),
                        json_number_value(json_array_get(lon, 1)), number(streets, "columns"), &x);
            if (strcmp(below, "grid") == 0) {
                double unused;
                c = cell_of(y, 0, 1, number(communities, "rows"), &unused) *
                        number(communities, "columns") +
                    cell_of(x, 0, 1, number(communities, "columns"), &unused);
            }
        } else {
            uint32_t h = fnv(*r->point ? r->point : r->external);
            s = h % count;
            c = h / count % per;
        }
    } else if (strcmp(from, "hash") == 0) {
        s = fnv(*key ? key : r->external) % count;
    } else if (strcmp(from, "field") == 0) {
        size_t i;
        const json_t *value;
        s = count - 1;
        json_array_foreach(json_object_get(streets, "values"), i, value)
        {
            const char *v = json_string_value(value);
            if (v && (strcmp(v, "*") == 0 || strcmp(v, key) == 0) && (int64_t)i < count) {
                s = (int64_t)i;
                break;
            }
        }
    }
    r->street = arena_printf(&im->arena, "%s%02d", dd, (int)s + 1);
    if (strcmp(from, "name") == 0) {
        const char *code = unit_named(ref, key, "");
        r->street = *code ? code : str(streets, "default");
    }
    if (strcmp(below, "name") == 0) {
        r->community = unit_named(ref, column_text(im, str(communities, "field")), r->street);
        return;
    }
    if (strcmp(below, "hash") == 0) {
        const char *which = column_text(im, str(communities, "field"));
        c = fnv(*which ? which : r->external) / count % per;
    }
    r->community = arena_printf(&im->arena, "%s%02d", r->street, (int)c + 1);
}

/* Title and content stand in for one another. */
static void texts_of(struct importer *im, struct row *r)
{
    const json_t *parts = json_object_get(im->map, "content_parts"), *part;
    struct arena *a = &im->arena;
    size_t i;
    r->title = line_of(a, field_text(im, "title"));
    r->content = parts ? "" : field_text(im, "content");
    json_array_foreach(parts, i, part)
    {
        const char *name = json_string_value(part), *text = name ? column_text(im, name) : "";
        if (*text)
            r->content = *r->content ? arena_printf(a, "%s · %s", r->content, text) : text;
    }
    if (!*r->title) {
        size_t n = strlen(r->content), cut = 0;
        uint32_t unused;
        for (int k = 0; k < TITLE_CHARACTERS && cut < n; k++)
            cut += utf8_decode(r->content + cut, n - cut, &unused);
        r->title = line_of(a, arena_strndup(a, r->content, cut));
    }
    if (!*r->content)
        r->content = r->title;
}

static enum status row_read(struct importer *im, struct row *r, struct errmsg *err)
{
    const json_t *closed = json_object_get(im->map, "closed"), *word;
    const json_t *channel = json_object_get(im->map, "channel");
    struct arena *a = &im->arena;
    size_t i;
    memset(r, 0, sizeof *r);
    r->external = line_of(a, field_text(im, "external_id"));
    const char *time = field_text(im, "time");
    texts_of(im, r);
    if (!*r->external)
        return fail(err, ST_INVALID, _("no number of its own (\"%s\")"),
                    str(im->fields, "external_id"));
    if (!*r->content)
        return fail(err, ST_INVALID, _("no text"));
    if (!*time)
        return fail(err, ST_INVALID, _("no time (\"%s\")"), str(im->fields, "time"));
    if (!time_of(im, time, &r->time_ms))
        return fail(err, ST_INVALID, _("\"%.40s\" is not a time"), time);
    if (!time_of(im, field_text(im, "closed_time"), &r->closed_ms) || r->closed_ms < r->time_ms)
        r->closed_ms = r->time_ms;
    r->reply = field_text(im, "reply");
    r->closed = !*str(im->fields, "status") && *r->reply;
    const char *status = field_text(im, "status");
    json_array_foreach(closed, i, word)
    {
        const char *w = json_string_value(word);
        r->closed |= w && *status && strcmp(w, status) == 0;
    }
    r->claimant = line_of(a, field_text(im, "claimant"));
    r->phone = line_of(a, field_text(im, "phone"));
    r->point = line_of(a, field_text(im, "place"));
    r->lat = line_of(a, field_text(im, "lat"));
    r->lon = line_of(a, field_text(im, "long"));
    r->type = str(json_object_get(im->map, "type"), field_text(im, "type"));
    if (!*r->type)
        r->type = by_words(json_object_get(im->map, "types"), "type", r->title);
    if (!*r->type)
        r->type = str(im->map, "type_default");
    r->channel = json_is_string(channel) ? json_string_value(channel)
                                         : str(channel, field_text(im, "channel"));
    if (!*r->channel)
        r->channel = str(im->map, "channel_default");
    r->solved = str(json_object_get(im->map, "solved"), field_text(im, "solved"));
    r->satisfied = str(json_object_get(im->map, "satisfied"), field_text(im, "satisfied"));
    return arena_failed(a) ? fail(err, ST_NOMEM, "out of memory") : ST_OK;
}

/* --- playing ---------------------------------------------------------------------------------- */

static int64_t event_time(void *self)
{
    return ((struct importer *)self)->at_ms;
}

/* What the file says is foreign: it is cleaned before a person sees it. */
static void complain(struct importer *im, const char *what)
{
    struct arena a;
    struct buf out;
    arena_init(&a, 0);
    buf_init(&out, ROW_MOST);
    const char *line =
        arena_printf(&a, _("%s:%lld: %s"), im->job->file, (long long)im->row_line, what);
    clean_plain(&out, text_clean_str(&a, line, CLEAN_LINE), im->job->ascii);
    fprintf(im->job->complaints, "%s\n", out.data);
    buf_release(&out);
    arena_release(&a);
}

/* ST_REFUSED with the reason when the workflow says no. */
static enum status give(struct importer *im, enum command_type type, const struct actor *who,
                        int64_t at_ms, const struct value *values, size_t n, struct errmsg *err)
{
    struct value kept[VALUES];
    size_t n_kept = 0;
    struct outcome outcome;
    for (size_t i = 0; i < n && n_kept < VALUES; i++)
        if (values[i].text && *values[i].text)
            kept[n_kept++] = values[i];
    im->at_ms = at_ms;
    struct command c = {.id = uuid_new(&im->ids),
                        .case_id = im->case_id,
                        .base = im->version,
                        .type = type,
                        .at_ms = at_ms,
                        .values = kept,
                        .n_values = n_kept};
    enum status st = service_bulk_command(im->service, who, &c, at_ms, &outcome, &im->arena, err);
    if (st != ST_OK)
        return st;
    if (outcome.kind != OUTCOME_APPLIED) {
        if (type == COMMAND_LOG && strstr(outcome.problem.type, "state"))
            return fail(err, ST_REFUSED, _("the store has a case with this number already"));
        return fail(err, ST_REFUSED, "%s: %.300s", command_table[type].word,
                    outcome.problem.detail);
    }
    im->version = outcome.version;
    return ST_OK;
}

#define GIVE(type, who, at, ...)                                                                   \
    do {                                                                                           \
        const struct value list[] = {__VA_ARGS__};                                                 \
        st = give(im, type, who, at, list, sizeof list / sizeof *list, err);                       \
        if (st != ST_OK)                                                                           \
            return st;                                                                             \
    } while (0)

static int64_t moved(const struct importer *im, int64_t ms)
{
    double span = (double)(im->newest - im->oldest);
    double share = span > 0 ? (double)(im->newest - ms) / span : 0;
    return im->job->now_ms - MS_MINUTE - (int64_t)(share * (double)im->span_ms) / 1000 * 1000;
}

static struct actor actor_of(enum role role, const char *user, const char *office)
{
    return (struct actor){
        .user = user, .name = user, .role = role, .office = office, .unit = "", .device = "import"};
}

/* The id is made from the source's own time and number, so it is the same at every import. */
static struct uuid case_id_of(const struct importer *im, const struct row *r)
{
    struct uuid id;
    const char *dd = str(json_object_get(im->map, "district"), "code");
    uint64_t h = 14695981039346656037u, time = (uint64_t)r->time_ms;
    for (int round = 0; round < 2; round++) {
        for (const char *s = dd; *s; s++)
            h = (h ^ (unsigned char)*s) * 1099511628211u;
        for (const char *s = r->external; *s; s++)
            h = (h ^ (unsigned char)*s) * 1099511628211u;
        for (int i = 0; i < 5; i++)
            id.byte[6 + 5 * round + i] = (unsigned char)(h >> (8 * i + 16));
    }
    for (int i = 0; i < 6; i++)
        id.byte[i] = (unsigned char)(time >> (8 * (5 - i)));
    id.byte[6] = (unsigned char)((id.byte[6] & 0x0F) | 0x70);
    id.byte[8] = (unsigned char)((id.byte[8] & 0x3F) | 0x80);
    return id;
}

static const char *section_of(const struct reference *r, const char *street)
{
    for (size_t i = 0; i < r->n_units; i++)
        if (r->units[i].kind == UNIT_SECTION && strcmp(r->units[i].parent, street) == 0)
            return r->units[i].code;
    return "";
}

static enum status play(struct importer *im, const struct row *r, bool *ret_made,
                        struct errmsg *err)
{
    const struct reference *ref = service_reference(im->service);
    struct actor intake = actor_of(ROLE_OPERATOR, "import", im->hotline);
    struct actor dispatcher = actor_of(ROLE_DISPATCHER, "import", im->hotline);
    struct actor desk = actor_of(ROLE_DESK, "import", r->street);
    struct actor reviewer = actor_of(ROLE_REVIEWER, "import-review", r->street);
    struct actor caller = actor_of(ROLE_CALLBACK, "import", im->hotline);
    int64_t at = moved(im, r->time_ms), now = im->job->now_ms;
    int64_t end = at + (r->closed_ms - r->time_ms);
    char stamp[RFC3339_SIZE];
    enum status st;
    if (end > now - 10)
        end = now - 10;
    int64_t step = (end - at) / 8 < MS_MINUTE ? (end - at) / 8 : MS_MINUTE;
    if (!r->closed)
        step = MS_SECOND;
    im->case_id = case_id_of(im, r);
    im->version = 0;
    im->ids.last_ms = 0;
    rfc3339_format(at, BEIJING_OFFSET_MS, stamp);
    const char *category = category_of(im, r->title, r->content);
    GIVE(COMMAND_LOG, &intake, at, {FIELD_TYPE, r->type}, {FIELD_CATEGORY, category},
         {FIELD_STREET, r->street}, {FIELD_COMMUNITY, r->community}, {FIELD_TITLE, r->title},
         {FIELD_CONTENT, r->content}, {FIELD_EXTERNAL_ID, r->external}, {FIELD_CHANNEL, r->channel},
         {FIELD_CALL_TIME, stamp}, {FIELD_CLAIMANT, r->claimant}, {FIELD_PHONE, r->phone},
         /* foreign files rarely say how to reach the person; row 1 wants a phone or this */
         {FIELD_ANONYMOUS, r->phone && *r->phone ? "" : "yes"}, {FIELD_POINT, r->point},
         {FIELD_LATITUDE, r->lat}, {FIELD_LONGITUDE, r->lon});
    *ret_made = true;
    GIVE(COMMAND_DISPATCH, &dispatcher, at += step, {FIELD_UNIT, r->street});
    if (!r->closed)
        return ST_OK;
    GIVE(COMMAND_SIGN, &desk, at += step, {FIELD_NOTE, ""});
    if (strcmp(r->type, "praise") == 0) /* passed on and closed with it */
        return ST_OK;
    GIVE(COMMAND_CONTACT, &desk, at += step, {FIELD_REACHED, "yes"}, {FIELD_WAY, "other"},
         {FIELD_SAID, _("Taken over from the source; what was said is not recorded.")});
    GIVE(COMMAND_ASSIGN, &desk, at += step, {FIELD_SECTION, section_of(ref, r->street)});
    const char *reply = *r->reply ? r->reply : _("The source closed the case without a reply.");
    const char *result =
        !*r->solved || strcmp(r->solved, "withdrawn") == 0 ? "explained" : r->solved;
    GIVE(COMMAND_SUBMIT_REPLY, &desk, at = end - 2 * step, {FIELD_REPLY, reply},
         {FIELD_RESULT, result}, {FIELD_OVERRIDE, _("as the source wrote it")});
    GIVE(COMMAND_APPROVE, &reviewer, end, {FIELD_NOTE, ""});
    if (!*r->solved || !*r->satisfied)
        return ST_OK;
    if (!r->phone ||
        !*r->phone) { /* closed without a callback of ours; what the source knows is kept */
        char rating[120];
        snprintf(rating, sizeof rating, "solved=%.40s satisfied=%.40s", r->solved, r->satisfied);
        GIVE(COMMAND_NOTE, &desk, end + 2, {FIELD_NOTE, rating});
        return ST_OK;
    }
    GIVE(COMMAND_ATTEMPT, &caller, end + 2, {FIELD_CONNECTED, "yes"});
    GIVE(COMMAND_RATE, &caller, end + 4, {FIELD_CONTACTED, "yes"}, {FIELD_SOLVED, r->solved},
         {FIELD_SATISFIED, r->satisfied});
    return ST_OK;
}

/* First reading: counts, the span of times, nothing written. */
static enum status survey(struct importer *im, struct import_counts *n, struct errmsg *err)
{
    enum status row_st, st = rewind_rows(im, err);
    struct errmsg why = {{0}};
    struct row r;
    int64_t good = 0;
    while (st == ST_OK && next_row(im, &row_st, &why)) {
        n->rows++;
        if (row_st == ST_OK)
            row_st = row_read(im, &r, &why);
        if (row_st == ST_NOMEM)
            return fail(err, ST_NOMEM, "out of memory");
        if (row_st != ST_OK)
            continue;
        if (good == 0 || r.time_ms < im->oldest)
            im->oldest = r.time_ms;
        if (good == 0 || r.time_ms > im->newest)
            im->newest = r.time_ms;
        good++;
    }
    if (st == ST_OK && good == 0) {
        n->refused = n->rows;
        rewind_rows(im, NULL);
        while (next_row(im, &row_st, &why)) {
            if (row_st == ST_OK)
                (void)row_read(im, &r, &why);
            complain(im, why.text);
        }
        st = fail(err, ST_INVALID,
                  _("%s: none of its %lld rows can be taken. The store is as it was."),
                  im->job->file, (long long)n->rows);
    }
    return st;
}

static enum status play_all(struct importer *im, struct import_counts *n, struct errmsg *err)
{
    enum status row_st, st = rewind_rows(im, err);
    struct errmsg why = {{0}};
    struct row r;
    int64_t at = 0;
    if (st == ST_OK)
        st = service_bulk_begin(im->service, err);
    while (st == ST_OK && next_row(im, &row_st, &why)) {
        bool made = false;
        at++;
        if (row_st == ST_OK)
            row_st = row_read(im, &r, &why);
        if (row_st == ST_OK) {
            place_of(im, &r);
            row_st = play(im, &r, &made, &why);
            if (row_st != ST_OK && row_st != ST_REFUSED) { /* the store, not the row */
                st = row_st;
                if (err)
                    *err = why;
                break;
            }
        }
        n->cases += made;
        n->refused += !made;
        n->halted += made && row_st != ST_OK;
        if (row_st != ST_OK)
            complain(im, why.text);
        if (at % BATCH == 0) {
            st = service_bulk_commit(im->service, err);
            if (st == ST_OK)
                st = service_bulk_begin(im->service, err);
            if (im->job->progress)
                fprintf(stderr, _("\r%lld of %lld rows"), (long long)at, (long long)n->rows);
        }
    }
    if (im->job->progress)
        fprintf(stderr, "\r%60s\r", "");
    return st == ST_OK ? service_bulk_commit(im->service, err) : st;
}

enum status import_run(const struct import_job *job, struct import_counts *ret, struct errmsg *err)
{
    struct importer *im = calloc(1, sizeof *im);
    struct import_counts n = {0};
    char *text = NULL;
    if (!im)
        return fail(err, ST_NOMEM, "out of memory");
    im->job = job;
    arena_init(&im->header, 0);
    arena_init(&im->arena, 0);
    rng_seed(&im->rng, (uint64_t)job->now_ms);
    random_fill(&random_system, im->rng.s, sizeof im->rng.s);
    im->random = rng_random(&im->rng);
    im->clock = (struct clock){.self = im, .wall_ms = event_time, .mono_ms = event_time};
    im->ids = (struct uuid_source){.clock = &im->clock, .random = &im->random};
    enum status st = map_read(im, err);
    if (st == ST_OK)
        st = file_read(job->file, FILE_MOST, &text, &im->n, err);
    im->text = text;
    if (st == ST_OK)
        st = survey(im, &n, err);
    if (st == ST_OK)
        st = put_units(im, err);
    struct service_config config = {
        .url = job->url, .clock = &clock_system, .random = &random_system};
    if (st == ST_OK)
        st = service_open(&config, &im->service, err);
    if (st == ST_OK) {
        const struct reference *r = service_reference(im->service);
        const struct civil first = {.year = 2019, .month = 1, .day = 2};
        int64_t most = job->now_ms - MS_MINUTE - civil_to_ms(&first, BEIJING_OFFSET_MS);
        im->span_ms = im->newest - im->oldest;
        if (im->span_ms > most && most > 0)
            im->span_ms = most; /* the calendar has no notice for earlier years */
        im->hotline = "";
        for (size_t i = 0; i < r->n_units; i++)
            if (r->units[i].kind == UNIT_HOTLINE)
                im->hotline = r->units[i].code;
        st = play_all(im, &n, err);
    }
    service_close(im->service);
    json_decref(im->object);
    json_decref(im->map);
    arena_release(&im->arena);
    arena_release(&im->header);
    free(text);
    free(im);
    *ret = n;
    return st;
}
