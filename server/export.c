#include "server/export.h"
#include "core/base/i18n.h"
#include "core/text/clean.h"
#include "core/text/escape.h"
#include "server/audit.h"
#include "server/open311.h"
#include <stdlib.h>
#include <string.h>

enum { PAGE = 50 }; /* orders in a part */
#define PRACTICE_MARK "【演练】"

enum column {
#define EXPORT(id, word, official) COLUMN_##id,
#include "server/export.def"
#undef EXPORT
    COLUMNS
};
static const struct {
    const char *word, *official;
} columns[COLUMNS] = {
#define EXPORT(id, word, official) [COLUMN_##id] = {word, official},
#include "server/export.def"
#undef EXPORT
};
static const struct {
    enum column column;
    const char *word, *official;
} words[] = {
#define EXPORT_WORD(column, word, official) {COLUMN_##column, word, official},
#include "server/export_words.def"
#undef EXPORT_WORD
};

enum format { FORMAT_CSV, FORMAT_NDJSON, FORMAT_HTML, FORMATS };
static const struct {
    const char *word, *media_type;
} formats[FORMATS] = {[FORMAT_CSV] = {"csv", "text/csv; charset=utf-8"},
                      [FORMAT_NDJSON] = {"ndjson", "application/x-ndjson"},
                      [FORMAT_HTML] = {"html", "text/html; charset=utf-8"}};

struct export_job {
    struct service *service;
    struct arena arena;
    struct actor who;
    struct assess_period period;
    enum format format;
    bool official, bom, names, started, practice;
    int64_t last; /* row of the last case of the parts before */
    struct uuid_source ids;
};

struct order {
    int64_t row;
    struct uuid id;
    struct assess_facts facts;
    bool given_out;
};

/* --- who ---------------------------------------------------------------------------------------- */

/* Domain 5, row "export": names only for those who may see them, and masked also for them (13). */
static bool may_export(enum role role, bool *ret_names)
{
    *ret_names = role == ROLE_DISPATCHER || role == ROLE_AUDITOR;
    return *ret_names || role == ROLE_DISTRICT || role == ROLE_DESK || role == ROLE_LEADER ||
           role == ROLE_DEPT || role == ROLE_JUDGE;
}

static enum status read_format(const struct export_question *q, struct export_job *x,
                               struct errmsg *err)
{
    const char *word = q->format ? q->format : "csv";
    int i = 0;
    while (i < FORMATS && strcmp(formats[i].word, word) != 0)
        i++;
    x->format = (enum format)i;
    x->official = q->official != NULL;
    x->bom = q->bom != NULL;
    return i < FORMATS ? ST_OK : fail(err, ST_INVALID, _("format is csv, ndjson or html."));
}

static struct actor actor_copy(const struct actor *who, struct arena *a)
{
    return (struct actor){.user = arena_strdup(a, who->user),
                          .name = arena_strdup(a, who->name),
                          .role = who->role,
                          .office = arena_strdup(a, who->office),
                          .unit = arena_strdup(a, who->unit),
                          .device = arena_strdup(a, who->device)};
}

static enum status record(struct export_job *x, struct errmsg *err)
{
    char from[RFC3339_SIZE], to[RFC3339_SIZE];
    rfc3339_format(x->period.from_ms, BEIJING_OFFSET_MS, from);
    rfc3339_format(x->period.to_ms, BEIJING_OFFSET_MS, to);
    const char *object = arena_printf(&x->arena, "%s %s/%s", formats[x->format].word, from, to);
    struct audit_entry entry = {
        .who = &x->who, .action = audit_words[AUDIT_EXPORT], .object = object};
    return service_record(x->service, &entry, err);
}

enum status export_open(struct service *s, const struct actor *who, const struct export_question *q,
                        struct export_job **ret, struct errmsg *err)
{
    bool names;
    if (!may_export(who->role, &names))
        return fail(err, ST_DENIED, _("Your role exports no orders."));
    struct export_job *x = calloc(1, sizeof *x);
    if (!x)
        return fail(err, ST_NOMEM, "out of memory");
    arena_init(&x->arena, 0);
    x->service = s;
    x->names = names;
    x->practice = service_is_practice(s);
    x->who = actor_copy(who, &x->arena);
    x->ids = service_ids(s);
    enum status st = read_format(q, x, err);
    if (st == ST_OK)
        st = service_period(s, &q->period, &x->period, err);
    if (st == ST_OK)
        st = record(x, err);
    if (st == ST_OK && arena_failed(&x->arena))
        st = fail(err, ST_NOMEM, "out of memory");
    if (st != ST_OK)
        export_free(x);
    else
        *ret = x;
    return st;
}

void export_free(struct export_job *x)
{
    if (!x)
        return;
    arena_release(&x->arena);
    free(x);
}

const char *export_media_type(const struct export_job *x)
{
    return formats[x->format].media_type;
}

/* --- what stands in a cell ------------------------------------------------------------------------ */

struct sheet {
    const struct export_job *x;
    const struct reference *reference;
    const struct casefile *c;
    const struct order *order;
    struct arena *a;
};

static const char *unit_name(const struct sheet *s, const char *code)
{
    return s->x->official && *code ? reference_unit_name(s->reference, code, true) : code;
}

static const char *time_text(const struct sheet *s, int64_t ms)
{
    char text[RFC3339_SIZE];
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    if (ms == TIME_NONE)
        return "";
    rfc3339_format(ms, BEIJING_OFFSET_MS, text);
    return s->x->official ? arena_printf(s->a, "%04d-%02d-%02d %02d:%02d:%02d", t.year, t.month,
                                         t.day, t.hour, t.minute, t.second)
                          : arena_strdup(s->a, text);
}

static const char *call_time(const struct sheet *s)
{
    int64_t ms;
    const char *text = s->c->value[FIELD_CALL_TIME];
    return rfc3339_parse(text, &ms) == 0 ? time_text(s, ms) : "";
}

/* Free text holds names, numbers and doors of people as well (domain 13). */
static const char *free_text(const struct sheet *s, enum field f)
{
    return open311_masked(s->c->value[f], s->c, s->a);
}

static const char *person(const struct sheet *s, enum field f)
{
    return s->x->names ? field_masked(f, s->c->value[f], s->a) : "";
}

static const char *level(const struct sheet *s, int which)
{
    const struct category *k = reference_category(s->reference, s->c->value[FIELD_CATEGORY]);
    return !k ? "" : which == 1 ? k->level1 : k->level2;
}

static const char *category(const struct sheet *s)
{
    const char *code = s->c->value[FIELD_CATEGORY];
    if (!s->x->official || !*level(s, 1))
        return code;
    return arena_printf(s->a, "%s->%s", level(s, 1), level(s, 2));
}

static bool called_only(const struct sheet *s)
{
    const struct actor *who = &s->x->who;
    const char *lead = s->c->value[FIELD_UNIT];
    return who->role == ROLE_DEPT && *lead && strcmp(who->office, lead) != 0 &&
           strcmp(who->unit, lead) != 0;
}

static const char *nature(const struct sheet *s)
{
    if (s->c->state == STATE_ELSEWHERE)
        return "passed_on";
    return called_only(s) ? "assist" : *s->c->value[FIELD_UNIT] ? "lead" : "";
}

static const char *way(const struct sheet *s)
{
    if (s->c->state == STATE_DIRECT)
        return "answered";
    if (s->c->state == STATE_ELSEWHERE)
        return "elsewhere";
    return s->c->dispatched > 0 ? "dispatched" : "";
}

static const char *closed(const struct sheet *s)
{
    return s->c->state == STATE_CLOSED ? time_text(s, s->c->state_ms) : "";
}

static const char *valid(const struct sheet *s)
{
    const struct assess_rating *r = &s->order->facts.first;
    return !r->there ? "" : r->valid ? "yes" : "no";
}

/* What could tell who spoke is not told of a secret order (E8): neither words nor the exact place. */
static bool is_hidden(const struct sheet *s, enum column column)
{
    static const enum column telling[] = {COLUMN_TITLE, COLUMN_CONTENT,   COLUMN_CLAIMANT,
                                          COLUMN_PHONE, COLUMN_COMMUNITY, COLUMN_POINT,
                                          COLUMN_REPLY, COLUMN_TAGS,      COLUMN_RESPONDENT};
    bool hidden = false;
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++)
        hidden = hidden || telling[i] == column;
#if SABOTAGE == 44
    return false; /* damage for the tests: a secret order comes out like any other */
#endif
    return hidden && strcmp(s->c->value[FIELD_SECRET], "yes") == 0;
}

static const char *plain_text(const struct sheet *s, enum column column)
{
    const char *const *v = s->c->value;
    switch (column) {
    case COLUMN_NUMBER:
        return v[FIELD_NUMBER];
    case COLUMN_TYPE:
        return v[FIELD_TYPE];
    case COLUMN_CATEGORY:
        return category(s);
    case COLUMN_TAGS:
        return v[FIELD_TAGS];
    case COLUMN_TITLE:
        return free_text(s, FIELD_TITLE);
    case COLUMN_CONTENT:
        return free_text(s, FIELD_CONTENT);
    case COLUMN_STATE:
        return state_table[s->c->state].word;
    case COLUMN_CLAIMANT:
        return person(s, FIELD_CLAIMANT);
    case COLUMN_PHONE:
        return person(s, FIELD_PHONE);
    case COLUMN_CALL_TIME:
        return call_time(s);
    case COLUMN_DISTRICT:
        return unit_name(s, v[FIELD_DISTRICT]);
    case COLUMN_STREET:
        return unit_name(s, v[FIELD_STREET]);
    case COLUMN_COMMUNITY:
        return unit_name(s, v[FIELD_COMMUNITY]);
    case COLUMN_POINT:
        return field_masked(FIELD_POINT, v[FIELD_POINT], s->a);
    case COLUMN_RESPONDENT:
        return person(s, FIELD_RESPONDENT);
    case COLUMN_UNIT:
        return unit_name(s, v[FIELD_UNIT]);
    case COLUMN_NATURE:
        return nature(s);
    case COLUMN_WAY:
        return way(s);
    case COLUMN_RESULT:
        return v[FIELD_RESULT];
    case COLUMN_REPLY:
        return free_text(s, FIELD_REPLY);
    case COLUMN_CLOSED:
        return closed(s);
    case COLUMN_SOLVED:
        return v[FIELD_SOLVED];
    case COLUMN_SATISFIED:
        return v[FIELD_SATISFIED];
    case COLUMN_CREATED:
        return time_text(s, s->c->created_ms);
    case COLUMN_LEVEL1:
        return level(s, 1);
    case COLUMN_LEVEL2:
        return level(s, 2);
    case COLUMN_VALID:
        return valid(s);
    case COLUMN_CONTACTED:
        return v[FIELD_CONTACTED];
    case COLUMNS:
        break;
    }
    return "";
}

static const char *cell_text(const struct sheet *s, enum column column)
{
    if (is_hidden(s, column))
        return s->x->official ? "保密" : "secret";
    const char *text = plain_text(s, column);
    for (size_t i = 0; s->x->official && i < sizeof words / sizeof *words; i++)
        if (words[i].column == column && strcmp(words[i].word, text) == 0)
            return words[i].official;
    return text;
}

/* --- forms ------------------------------------------------------------------------------------------ */

/* Text of others in its visible form: neither control characters nor turned direction reach who opens the file. */
static const char *shown(const char *text, struct arena *a)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    clean_plain(&out, text_clean_str(a, text, CLEAN_TEXT), 0);
    const char *ret = arena_strndup(a, out.data, out.len);
    a->failed |= buf_status(&out) != ST_OK;
    buf_release(&out);
    return ret;
}

/* What was practised must not be taken for real: the first column says so. */
static void put_name(struct buf *out, const struct export_job *x, enum column column)
{
    buf_puts(out, x->practice && column == COLUMN_NUMBER ? PRACTICE_MARK : "");
    buf_puts(out, x->official ? columns[column].official : columns[column].word);
}

static void put_cell(struct buf *out, const struct export_job *x, enum column column,
                     const char *text, bool head)
{
    switch (x->format) {
    case FORMAT_NDJSON:
        buf_puts(out, column ? ",\"" : "{\"");
        put_name(out, x, column); /* needs no escapes */
        buf_puts(out, "\":");
        json_string(out, text);
        break;
    case FORMAT_HTML:
        buf_puts(out, column ? "" : "<tr>");
        buf_puts(out, head ? "<th>" : "<td>");
        escape_markup(out, text, "<br>");
        break;
    default:
        buf_puts(out, column ? "," : "");
        escape_csv_cell(out, text);
    }
}

static void end_row(struct buf *out, const struct export_job *x)
{
    buf_puts(out, x->format == FORMAT_CSV ? "\r\n" : x->format == FORMAT_NDJSON ? "}\n" : "\n");
}

static void put_page_head(struct buf *out, const struct export_job *x)
{
    char from[RFC3339_SIZE], to[RFC3339_SIZE], now[RFC3339_SIZE];
    rfc3339_format(x->period.from_ms, BEIJING_OFFSET_MS, from);
    rfc3339_format(x->period.to_ms, BEIJING_OFFSET_MS, to);
    rfc3339_format(service_now(x->service), BEIJING_OFFSET_MS, now);
    buf_printf(out,
               "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>12345</title></head>"
               "<body><table border=\"1\">\n<caption>%s12345, %.16s - %.16s (%.16s)</caption>\n",
               x->practice ? PRACTICE_MARK : "", from, to, now);
}

static void put_head(struct buf *out, const struct export_job *x)
{
    if (x->bom && x->format != FORMAT_NDJSON)
        buf_puts(out, "\xEF\xBB\xBF");
    if (x->format == FORMAT_NDJSON)
        return;
    if (x->format == FORMAT_HTML)
        put_page_head(out, x);
    for (int i = 0; i < COLUMNS; i++) {
        struct buf name;
        buf_init(&name, 256);
        put_name(&name, x, (enum column)i);
        put_cell(out, x, (enum column)i, name.data, true);
        buf_release(&name);
    }
    end_row(out, x);
}

static void put_end(struct buf *out, const struct export_job *x)
{
    if (x->format == FORMAT_HTML)
        buf_puts(out, "</table></body></html>\n");
}

static void put_order(struct buf *out, const struct sheet *s)
{
    for (int i = 0; i < COLUMNS; i++) {
        const char *text = cell_text(s, (enum column)i);
        put_cell(out, s->x, (enum column)i,
                 s->x->format == FORMAT_NDJSON ? text : shown(text, s->a), false);
    }
    end_row(out, s->x);
}

/* --- part after part ---------------------------------------------------------------------------------- */

static enum status next_page(struct export_job *x, struct db *db, struct order page[PAGE],
                             size_t *ret_n, struct errmsg *err)
{
    size_t n = 0;
    struct stmt *q = database_stmt(db, SQL_EXPORT_PAGE);
    stmt_text(q, 1, service_scope(x->service, &x->who));
    stmt_int(q, 2, x->period.from_ms);
    stmt_int(q, 3, x->period.to_ms);
    stmt_int(q, 4, x->last);
    stmt_int(q, 5, PAGE);
    while (n < PAGE && stmt_row(q)) {
        size_t size;
        const void *id = stmt_get_blob(q, 1, &size);
        page[n] =
            (struct order){.row = stmt_get_int(q, 0), .facts = assess_unpack(stmt_get_int(q, 2))};
        if (size == sizeof page[n].id.byte)
            memcpy(page[n].id.byte, id, size);
        n++;
    }
    stmt_done(q);
    *ret_n = n;
    return database_status(db, err);
}

/* The event stands on the order before a word of it leaves; whom the procedure refuses it gets nothing of it. */
static enum status disclose(struct export_job *x, struct order page[PAGE], size_t n,
                            struct arena *a, struct errmsg *err)
{
    static const struct value how = {FIELD_DISCLOSED, "export"};
    struct command commands[PAGE];
    struct outcome outcomes[PAGE];
    int64_t now = service_now(x->service);
    for (size_t i = 0; i < n; i++)
        commands[i] = (struct command){.id = uuid_new(&x->ids),
                                       .case_id = page[i].id,
                                       .type = COMMAND_DISCLOSE,
                                       .at_ms = now,
                                       .values = &how,
                                       .n_values = 1};
    enum status st =
        n ? service_commands(x->service, &x->who, commands, n, a, outcomes, err) : ST_OK;
    for (size_t i = 0; st == ST_OK && i < n; i++)
        page[i].given_out = outcomes[i].kind == OUTCOME_APPLIED;
    return st;
}

static enum status put_page(struct export_job *x, struct db *db, const struct order page[PAGE],
                            size_t n, struct buf *out, struct errmsg *err)
{
    enum status st = database_begin(db, false, err);
    int64_t since;
    if (st != ST_OK)
        return st;
    const struct reference *r = service_rules_hold(x->service, &since);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        struct arena a;
        struct casefile c;
        struct sheet s = {.x = x, .reference = r, .c = &c, .order = &page[i], .a = &a};
        if (!page[i].given_out)
            continue;
        arena_init(&a, 0);
        casefile_init(&c, &page[i].id, &a);
        st = service_fold(db, page[i].row, &c, &a, err);
        if (st == ST_OK && workflow_sees(&c, &x->who))
            put_order(out, &s);
        if (st == ST_OK && arena_failed(&a))
            st = fail(err, ST_NOMEM, "out of memory");
        arena_release(&a);
    }
    service_rules_release(x->service);
    database_rollback(db); /* reading only */
    return st;
}

enum status export_more(struct export_job *x, struct buf *out, bool *ret_end, struct errmsg *err)
{
    struct order page[PAGE];
    struct arena a;
    size_t n = 0;
    struct db *db = service_reader(x->service, err);
    if (!db)
        return ST_IO;
    arena_init(&a, 0);
    if (!x->started)
        put_head(out, x);
    x->started = true;
    enum status st = next_page(x, db, page, &n, err);
    if (st == ST_OK)
        st = disclose(x, page, n, &a, err);
    if (st == ST_OK)
        st = put_page(x, db, page, n, out, err);
    if (n > 0)
        x->last = page[n - 1].row;
    *ret_end = n < PAGE;
    if (st == ST_OK && *ret_end)
        put_end(out, x);
    arena_release(&a);
    return st == ST_OK && buf_status(out) != ST_OK ? fail(err, buf_status(out), "out of memory")
                                                   : st;
}
