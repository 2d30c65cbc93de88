/*
 * cases.c: changes from the server, folding, and one case whole. The row that a list shows is made in rows.c.
 *
 * A case as shown is the fold of its log, then of the commands that were acknowledged but whose
 * events have not come yet, then of the outbox, by the same workflow as the server's.
 */
#include "core/store/db.h"
#include "core/base/i18n.h"
#include "core/store/earlier.h"
#include "core/store/retention.h"
#include "core/store/search.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if SABOTAGE == 8
enum { LINE_MAX_BYTES = 64 * 1024 * 1024 };
#endif

/* --- folding -------------------------------------------------------------------------------- */
struct folding {
    struct casefile cached, shown;
    struct event *events;
    size_t n, cap, n_confirmed;
    int unsent;
    struct arena *arena;
};

static void folding_push(struct store *s, struct folding *f, const struct event *e)
{
    if (f->n == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 16;
        struct event *bigger = arena_array(f->arena, cap, sizeof *bigger);
        if (!bigger || arena_failed(f->arena)) {
            db_nomem(s);
            return;
        }
        if (f->n)
            memcpy(bigger, f->events, f->n * sizeof *bigger);
        f->events = bigger;
        f->cap = cap;
    }
    f->events[f->n++] = *e;
}

/* Decodes and folds one event a line. */
static void fold_log(struct store *s, struct folding *f, const char *log, size_t n)
{
    while (n > 0) {
        const char *end = memchr(log, '\n', n);
        size_t len = end ? (size_t)(end - log) : n;
        struct event e;
        enum status st = len ? event_decode(log, len, f->arena, &e, NULL) : ST_OK;
        if (st == ST_OK && len) {
            st = casefile_apply(&f->cached, &e, NULL);
            if (st == ST_OK)
                folding_push(s, f, &e);
        }
        if (st != ST_OK) {
            if (st == ST_NOMEM)
                db_nomem(s);
            else
                db_damaged(s);
            return;
        }
        if (!end)
            break;
        log += len + 1;
        n -= len + 1;
    }
}

void store_fold_log(struct store *s, const struct uuid *id, const char *log, size_t len,
                    struct arena *a, struct folded_log *ret)
{
    struct folding f = {.arena = a};
    casefile_init(&f.cached, id, a);
    fold_log(s, &f, log, len);
    *ret = (struct folded_log){.c = f.cached, .events = f.events, .n = f.n};
}

/* One command on top. What the workflow refuses now changes nothing: the server decides. */
static void fold_command(struct store *s, struct folding *f, const char *user, const char *json,
                         size_t len)
{
    struct command c;
    if (!s->policy || !s->calendar || !s->actor || strcmp(user, s->actor->user) != 0)
        return;
    if (command_decode(json, len, f->arena, &c, NULL) != ST_OK)
        return;
    for (size_t i = 0; i < f->n_confirmed; i++)
        if (uuid_compare(&f->events[i].command_id, &c.id) == 0)
            return; /* its events came before its outcome */
    struct workflow_context context = {
        .policy = s->policy, .calendar = s->calendar, .reference = s->reference, .now_ms = c.at_ms};
    struct decision decision;
    struct refusal why;
    if (workflow_decide(&context, &f->shown, &c, s->actor, f->arena, &decision, &why, NULL) !=
        ST_OK)
        return;
    for (size_t i = 0; i < decision.n; i++)
        if (casefile_apply(&f->shown, &decision.events[i], NULL) == ST_OK)
            folding_push(s, f, &decision.events[i]);
}

static void fold_unsent(struct store *s, struct folding *f, const struct uuid *id)
{
    f->shown = f->cached;
    f->n_confirmed = f->n;
    struct sqlite3_stmt *q = db_query(
        s,
        "SELECT user, json, 0, seq FROM sent WHERE case_id = ?1 AND version > ?2"
        " UNION ALL SELECT user, json, 1, seq FROM outbox WHERE case_id = ?1 ORDER BY 3, 4",
        "ui", id, (int64_t)f->cached.version);
    while (db_step(s, q)) {
        size_t len, n;
        const char *user = db_column_peek(q, 0, &n);
        const char *json = db_column_peek(q, 1, &len);
        f->unsent += db_column_int(q, 2) != 0;
        fold_command(s, f, user, json, len);
    }
    if (arena_failed(f->arena))
        db_nomem(s);
}

/* --- rows ----------------------------------------------------------------------------------- */
static void reproject(struct store *s, const struct uuid *id)
{
    struct sqlite3_stmt *q =
        db_query(s,
                 "SELECT c.row, c.views, c.due, c.created, l.log, c.ready FROM cases AS c"
                 " JOIN case_log AS l ON l.row = c.row WHERE c.id = ?",
                 "u", id);
    if (!db_step(s, q))
        return;
    struct row_place before = {db_column_int(q, 0), db_column_int(q, 1), db_column_int(q, 2),
                               db_column_int(q, 3)};
    struct arena a;
    arena_init(&a, 0);
    struct folding f = {.arena = &a};
    casefile_init(&f.cached, id, &a);
    size_t len;
    const char *log = db_column_peek(q, 4, &len);
    fold_log(s, &f, log, len);
    bool ready = db_column_int(q, 5) != 0;
    db_done(q);
    fold_unsent(s, &f, id);
    if (s->rc == 0) {
        struct row_flags flags;
        store_read_flags(s, id, &flags);
        store_write_row(s, &before, &f.shown, f.cached.version, &flags);
        if (ready)
            search_write(s, before.row, &f.shown, f.events, f.n);
    }
    arena_release(&a);
}

void store_reproject(struct store *s, const struct uuid *id)
{
    store_read_viewer(s);
    reproject(s, id);
}

void store_reproject_all(struct store *s)
{
    int64_t after = 0;
    /* The places in the views are those of the old role: none of them is looked for. */
    db_run(s, "DELETE FROM shown", "");
    db_run(s, "DELETE FROM counts", "");
    db_run(s, "DELETE FROM due_days", "");
    db_run(s, "UPDATE cases SET views = 0", "");
    memset(s->count_change, 0, sizeof s->count_change);
    s->n_days = 0;
    store_read_viewer(s);
    for (;;) {
        struct sqlite3_stmt *q =
            db_query(s, "SELECT row, id FROM cases WHERE row > ? ORDER BY row LIMIT 1", "i", after);
        if (!db_step(s, q))
            return;
        after = db_column_int(q, 0);
        struct uuid id = db_column_uuid(q, 1);
        db_done(q);
        reproject(s, &id);
    }
}

/* --- changes -------------------------------------------------------------------------------- */
static int64_t meta_int(struct store *s, const char *key)
{
    return db_int(s, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?", "t", key);
}

static void meta_put(struct store *s, const char *key, const char *value)
{
    db_run(s, "INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)", "tt", key, value);
}

/* A change that comes after all the others is indexed with it; what comes in bulk waits for store_index_step. */
static bool indexes_at_once(struct store *s)
{
    return db_int(s, "SELECT 1 FROM meta WHERE key = 'cursor' AND value <> ''", "") != 0 &&
           search_is_whole(s);
}

enum status store_changes_begin(struct store *s, struct errmsg *err)
{
#if SABOTAGE == 8
    (void)err;
    buf_init(&s->held, LINE_MAX_BYTES);
    return ST_OK;
#else
    /* The records come again as long as the cursor does not know of them: they are synced with it. */
    s->lazy = true;
    enum status st = db_write_begin(s, err);
    s->lazy = false;
    if (st != ST_OK)
        return st;
    s->in_changes = true;
    s->generation = meta_int(s, "generation");
    s->past_ms = store_retention_limit(s);
    s->indexing = indexes_at_once(s);
    store_read_viewer(s);
    /* Nobody else can add one while this transaction writes. */
    s->any_marks = db_int(s,
                          "SELECT EXISTS(SELECT 1 FROM outbox) OR EXISTS(SELECT 1 FROM conflicts)"
                          " OR EXISTS(SELECT 1 FROM draft) OR EXISTS(SELECT 1 FROM sent)",
                          "") != 0;
    st = db_status(s, err);
    if (st != ST_OK)
        db_rollback(s);
    return st;
#endif
}

void store_remove_case(struct store *s, const struct row_place *p)
{
    const struct row_place nowhere = {0};
    search_drop(s, p->row);
    db_run(s, "DELETE FROM case_log WHERE row = ?", "i", p->row);
    store_move_row(s, p, &nowhere);
    db_run(s, "DELETE FROM cases WHERE row = ?", "i", p->row);
}

/* The lines of the events that come after the first skip ones. */
static const char *skip_lines(const char *text, size_t *len, uint32_t skip)
{
    for (; skip > 0 && *len > 0; skip--) {
        const char *end = memchr(text, '\n', *len);
        size_t n = end ? (size_t)(end - text) + 1 : *len;
        text += n;
        *len -= n;
    }
    return text;
}

static enum status add_case(struct store *s, const struct change *c, bool *ret_gap,
                            struct errmsg *err)
{
    struct arena *a = &s->scratch;
    struct row_place before = {0};
    int64_t version = 0, gen = 0;
    bool ready = s->indexing;
    struct sqlite3_stmt *q =
        db_query(s, "SELECT row, views, due, created, version, gen, ready FROM cases WHERE id = ?",
                 "u", &c->case_id);
    if (db_step(s, q)) {
        before = (struct row_place){db_column_int(q, 0), db_column_int(q, 1), db_column_int(q, 2),
                                    db_column_int(q, 3)};
        version = db_column_int(q, 4);
        gen = db_column_int(q, 5);
        ready = db_column_int(q, 6) != 0;
        db_done(q);
    }
    if (s->rc != 0)
        return db_status(s, err);
    int64_t row = before.row;
    bool anew = row == 0 || (gen < s->generation && c->since == 0);
    if (!anew && c->version <= version) {
        if (gen < s->generation)
            db_run(s, "UPDATE cases SET gen = ? WHERE row = ?", "ii", s->generation, row);
        return db_status(s, err);
    }
    if (anew ? c->since != 0 : c->since > version) {
        *ret_gap = true;
        return ST_OK;
    }
    if (c->version < c->since || c->n_events != c->version - c->since)
        return fail(err, ST_INVALID, _("A change names version %u and %zu events after %u."),
                    c->version, c->n_events, c->since);

    arena_reset(a);
    struct folding f = {.arena = a};
    casefile_init(&f.cached, &c->case_id, a);
    uint32_t known = anew ? 0 : (uint32_t)version - c->since;
    size_t len = c->events_json_len;
    const char *json = skip_lines(c->events_json, &len, known);
    if (!anew) {
        size_t n;
        q = db_query(s, "SELECT log FROM case_log WHERE row = ?", "i", row);
        if (db_step(s, q)) {
            const char *log = db_column_peek(q, 0, &n);
            fold_log(s, &f, log, n);
            db_done(q);
        }
    }
    bool concerns = anew;
    for (size_t i = known; i < c->n_events; i++) {
        const struct event *e = &c->events[i];
        concerns = concerns || search_concerns(e);
        enum status st = casefile_apply(&f.cached, e, err);
        if (st != ST_OK)
            return st;
        if (s->any_marks || ready)
            folding_push(s, &f, e);
    }
    struct row_flags flags = {0};
    if (s->any_marks) {
        fold_unsent(s, &f, &c->case_id);
        store_read_flags(s, &c->case_id, &flags);
        for (size_t i = f.n_confirmed; i < f.n; i++)
            concerns = concerns || search_concerns(&f.events[i]);
    } else {
        f.shown = f.cached;
    }
    bool replaces = row != 0, held = flags.unsent > 0 || flags.draft || flags.conflict;
    bool past = !replaces && !held && state_table[f.cached.state].terminal &&
                store_finished_before(c->events, c->n_events, s->past_ms);
#if SABOTAGE == 331
    past = false; /* Damage: it comes in, and is there until the next walk. */
#endif
    if (past)
        return db_status(s, err);
    row = store_write_row(s, &before, &f.shown, f.cached.version, &flags);
    if (!replaces)
        db_run(s, "INSERT INTO case_log(row, log) VALUES(?, ?)", "is", row, json, len);
    else if (anew)
        db_run(s, "UPDATE case_log SET log = ?2 WHERE row = ?1", "is", row, json, len);
    else
        db_run(s, "UPDATE case_log SET log = log || ?2 WHERE row = ?1", "is", row, json, len);
    if (ready && anew && replaces) /* a fresh start: they come all of them again */
        db_run(s, "UPDATE cases SET ready = 0 WHERE row = ?", "i", row);
    else if (ready && concerns)
        search_write(s, row, &f.shown, f.events, f.n);
    if (arena_failed(a))
        db_nomem(s);
    return db_status(s, err);
}

static enum status changes_add(struct store *s, const struct change *c, bool *ret_gap,
                               struct errmsg *err)
{
    *ret_gap = false;
    if (c->kind == CHANGE_CASE)
        return add_case(s, c, ret_gap, err);
    if (c->kind != CHANGE_GONE)
        return ST_OK;
    struct sqlite3_stmt *q =
        db_query(s, "SELECT row, views, due, created FROM cases WHERE id = ?", "u", &c->case_id);
    if (db_step(s, q)) {
        struct row_place p = {db_column_int(q, 0), db_column_int(q, 1), db_column_int(q, 2),
                              db_column_int(q, 3)};
        db_done(q);
        store_remove_case(s, &p);
    }
    return db_status(s, err);
}

#if SABOTAGE == 8
/* Damage: the cursor is stored first, in a transaction of its own; the records wait until then. */
enum status store_changes_add(struct store *s, const struct change *c, bool *ret_gap,
                              struct errmsg *err)
{
    char id[UUID_TEXT];
    *ret_gap = false;
    uuid_format(&c->case_id, id);
    if (c->kind == CHANGE_GONE)
        buf_printf(&s->held, "{\"gone\":\"%s\"}\n", id);
    if (c->kind != CHANGE_CASE)
        return ST_OK;
    buf_printf(&s->held, "{\"case\":\"%s\",\"version\":%u,\"since\":%u,\"events\":[", id,
               c->version, c->since);
    for (size_t i = 0; i + 1 < c->events_json_len; i++)
        buf_putc(&s->held, c->events_json[i] == '\n' ? ',' : c->events_json[i]);
    buf_puts(&s->held, "]}\n");
    (void)err;
    return ST_OK;
}

enum status store_changes_commit(struct store *s, const char *cursor, struct errmsg *err)
{
    struct arena a;
    enum status st = cursor ? store_meta_set(s, "cursor", cursor, err) : ST_OK;
    if (st == ST_OK)
        st = db_write_begin(s, err);
    s->indexing = indexes_at_once(s);
    s->generation = meta_int(s, "generation");
    store_read_viewer(s);
    s->any_marks = true;
    arena_init(&a, 0);
    for (char *line = s->held.data, *end; st == ST_OK && (end = strchr(line, '\n'));
         line = end + 1) {
        struct change c;
        bool gap;
        st = change_decode(line, (size_t)(end - line), &a, &c, err);
        if (st == ST_OK)
            st = changes_add(s, &c, &gap, err);
    }
    if (st == ST_OK)
        st = db_write_end(s, err);
    else
        db_rollback(s);
    arena_release(&a);
    buf_release(&s->held);
    s->held.data = NULL;
    return st;
}
#else
enum status store_changes_add(struct store *s, const struct change *c, bool *ret_gap,
                              struct errmsg *err)
{
    return changes_add(s, c, ret_gap, err);
}

enum status store_changes_commit(struct store *s, const char *cursor, struct errmsg *err)
{
    if (cursor)
        meta_put(s, "cursor", cursor);
    s->in_changes = false;
    arena_reset(&s->scratch);
    return db_write_end(s, err);
}
#endif

void store_changes_rollback(struct store *s)
{
#if SABOTAGE == 8
    if (s->held.data)
        buf_release(&s->held);
    s->held.data = NULL;
#endif
    if (s->in_changes)
        db_rollback(s);
    arena_reset(&s->scratch);
}

enum status store_fresh_begin(struct store *s, struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, meta_int(s, "generation") + 1);
    meta_put(s, "generation", text);
    return db_write_end(s, err);
}

enum status store_fresh_end(struct store *s, struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    int64_t generation = meta_int(s, "generation");
    struct row_place p = {0};
    bool more = true;
    store_read_viewer(s);
    while (more) {
        struct sqlite3_stmt *q =
            db_query(s,
                     "SELECT row, views, due, created FROM cases WHERE row > ? AND gen < ?"
                     " ORDER BY row LIMIT 1",
                     "ii", p.row, generation);
        more = db_step(s, q);
        if (more) {
            p = (struct row_place){db_column_int(q, 0), db_column_int(q, 1), db_column_int(q, 2),
                                   db_column_int(q, 3)};
            db_done(q);
            store_remove_case(s, &p);
        }
    }
    return db_write_end(s, err);
}

enum status store_index_step(struct store *s, int most, bool *ret_left, struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    int n = 0;
    *ret_left = false;
    if (st != ST_OK)
        return st;
    for (; n < most; n++) {
        struct sqlite3_stmt *q =
            db_query(s,
                     "SELECT c.row, c.id, l.log FROM cases AS c JOIN case_log AS l ON l.row = c.row"
                     " WHERE c.ready = 0 ORDER BY c.row LIMIT 1",
                     "");
        if (!db_step(s, q))
            break;
        arena_reset(&s->scratch);
        struct folding f = {.arena = &s->scratch};
        struct uuid id = db_column_uuid(q, 1);
        int64_t row = db_column_int(q, 0);
        size_t len;
        casefile_init(&f.cached, &id, &s->scratch);
        const char *log = db_column_peek(q, 2, &len);
        fold_log(s, &f, log, len);
        db_done(q);
        fold_unsent(s, &f, &id);
        search_write(s, row, &f.shown, f.events, f.n);
        if (s->rc != 0)
            break;
    }
    arena_reset(&s->scratch);
    *ret_left = n == most;
    return db_write_end(s, err);
}

/* --- facts ---------------------------------------------------------------------------------- */
enum status store_meta_get(struct store *s, const char *key, struct arena *a, const char **ret,
                           struct errmsg *err)
{
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    const char *text = "";
    struct sqlite3_stmt *q = db_query(s, "SELECT value FROM meta WHERE key = ?", "t", key);
    if (db_step(s, q)) {
        text = db_column_text(q, 0, a);
        db_done(q);
    }
    if (arena_failed(a))
        db_nomem(s);
    st = db_read_end(s, err);
    if (st == ST_OK)
        *ret = text;
    return st;
}

enum status store_meta_set(struct store *s, const char *key, const char *value, struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    meta_put(s, key, value);
    return db_write_end(s, err);
}

enum status store_document_get(struct store *s, const char *name, struct arena *a,
                               const char **ret_body, size_t *ret_len, const char **ret_etag,
                               struct errmsg *err)
{
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    const char *body = NULL, *etag = "";
    size_t len = 0;
    struct sqlite3_stmt *q =
        db_query(s, "SELECT body, etag FROM document WHERE name = ?", "t", name);
    if (db_step(s, q)) {
        const char *text = db_column_peek(q, 0, &len);
        body = arena_strndup(a, text, len);
        etag = db_column_text(q, 1, a);
        db_done(q);
    }
    if (arena_failed(a))
        db_nomem(s);
    st = db_read_end(s, err);
    if (st != ST_OK)
        return st;
    if (!body)
        return fail(err, ST_NOT_FOUND, _("The document \"%s\" has not come from the server yet."),
                    name);
    *ret_body = body;
    *ret_len = len;
    *ret_etag = etag;
    return ST_OK;
}

enum status store_document_set(struct store *s, const char *name, const char *body, size_t len,
                               const char *etag, struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    db_run(s, "INSERT OR REPLACE INTO document(name, body, etag) VALUES(?, ?, ?)", "tbt", name,
           body, len, etag);
    return db_write_end(s, err);
}

/* --- one case ------------------------------------------------------------------------------- */
enum status store_case(struct store *s, const struct uuid *id, struct arena *a,
                       struct case_view *ret, struct errmsg *err)
{
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    struct folding f = {.arena = a};
    bool found = false;
    casefile_init(&f.cached, id, a);
    struct sqlite3_stmt *q = db_query(
        s, "SELECT l.log FROM cases AS c JOIN case_log AS l ON l.row = c.row WHERE c.id = ?", "u",
        id);
    if (db_step(s, q)) {
        size_t len;
        const char *log = db_column_peek(q, 0, &len);
        found = true;
        fold_log(s, &f, log, len);
        db_done(q);
        fold_unsent(s, &f, id);
    }
    if (arena_failed(a))
        db_nomem(s);
    st = db_read_end(s, err);
    if (st != ST_OK)
        return st;
    if (!found)
        return fail(err, ST_NOT_FOUND, _("There is no such case in the cache."));
    *ret = (struct case_view){.cached = f.cached,
                              .shown = f.shown,
                              .events = f.events,
                              .n_events = f.n,
                              .n_confirmed = f.n_confirmed,
                              .unsent = f.unsent};
    return ST_OK;
}

/* Ids that a query finds; *ret is the first. */
static int first_id(struct store *s, struct sqlite3_stmt *q, struct uuid *ret)
{
    int n = 0;
    for (; db_step(s, q); n++)
        if (n == 0)
            *ret = db_column_uuid(q, 0);
    return n;
}

/* "2608-10233": year and month, and the last five digits. */
static int find_short_form(struct store *s, const char *number, struct uuid *ret)
{
    enum { MONTH = 4, TAIL = 5 };
    static const char digits[] = "0123456789";
    if (strspn(number, digits) != MONTH || number[MONTH] != '-' ||
        strspn(number + MONTH + 1, digits) != TAIL || number[MONTH + 1 + TAIL] != '\0')
        return 0;
    return first_id(s,
                    db_query(s,
                             "SELECT id FROM cases WHERE length(number) = 15"
                             " AND substr(number, 1, 4) = substr(?1, 1, 4)"
                             " AND substr(number, -5) = substr(?1, -5) LIMIT 2",
                             "t", number),
                    ret);
}

static int find_by_tail(struct store *s, const char *number, struct uuid *ret)
{
    size_t len = strlen(number);
    if (len < 3 || strspn(number, "0123456789") != len)
        return 0;
    return first_id(s,
                    db_query(s,
                             "SELECT id FROM cases WHERE length(number) > ?2"
                             " AND substr(number, -?2) = ?1 LIMIT 2",
                             "ti", number, (int64_t)len),
                    ret);
}

enum status store_find(struct store *s, const char *number, struct uuid *ret, struct errmsg *err)
{
    struct uuid id, first = {{0}};
    bool by_id = uuid_parse(number, &id);
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    int n =
        first_id(s,
                 by_id ? db_query(s, "SELECT id FROM cases WHERE id = ?", "u", &id)
                       : db_query(s, "SELECT id FROM cases WHERE number = ? LIMIT 2", "t", number),
                 &first);
    if (n == 0 && !by_id)
        n = find_short_form(s, number, &first);
    if (n == 0 && !by_id)
        n = find_by_tail(s, number, &first);
    st = db_read_end(s, err);
    if (st != ST_OK)
        return st;
    if (n == 0)
        return fail(err, ST_NOT_FOUND, _("No case has the number %s."), number);
    if (n > 1)
        return fail(err, ST_CONFLICT, _("Several cases have the number %s; give more of it."),
                    number);
    *ret = first;
    return ST_OK;
}

/* --- upkeep --------------------------------------------------------------------------------- */
enum status store_checkpoint(struct store *s, struct errmsg *err)
{
    return db_checkpoint(s, err);
}
