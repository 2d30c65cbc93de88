/* changes.c: what consoles read: cursor, changes, one case and its history, earlier orders, the assessment. */
#include "server/service_own.h"
#include "core/base/i18n.h"
#include "core/base/uuid.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void service_cursor(struct service *s, char out[CURSOR_SIZE])
{
    snprintf(out, CURSOR_SIZE, "%s-%" PRId64, s->epoch, (int64_t)s->committed);
}

/* What a console has heard of. */
struct heard {
    int64_t all; /* of every case, up to this event */
    int64_t to;  /* beyond that, of the cases of whole pages that changed last up to this one */
};

/* EPOCH-TO, or EPOCH-TO.ALL between two pages; of this epoch and not beyond the store. */
static enum status read_cursor(struct service *s, const char *since, int64_t last,
                               struct heard *ret, struct errmsg *err)
{
    size_t n = strlen(s->epoch);
    char *end;
    *ret = (struct heard){0, 0};
    if (!since || !*since)
        return ST_OK;
    if (strncmp(since, s->epoch, n) != 0 || since[n] != '-' || since[n + 1] < '0' ||
        since[n + 1] > '9')
        return fail(err, ST_GONE, _("The cursor is not of this store; start afresh."));
    ret->to = ret->all = strtoll(since + n + 1, &end, 10);
    if (*end == '.' && end[1] >= '0' && end[1] <= '9')
        ret->all = strtoll(end + 1, &end, 10);
    if (*end || ret->to > last || ret->all > ret->to)
        return fail(err, ST_GONE, _("The cursor is beyond this store; start afresh."));
    return ST_OK;
}

/* These see every field of every case; for all others the case itself is asked (is it secret? is it
 * mine?), so what came before must be folded. */
static bool sees_all(const struct actor *who)
{
    return who->role == ROLE_OPERATOR || who->role == ROLE_DISPATCHER;
}

/* The events of one case up to a moment, with the text they are stored as. */
struct history {
    struct arena arena;
    struct casefile c;
    struct stored {
        struct event event;
        const char *body;
        size_t n;
    } * stored;
    size_t n, cap;
};

static enum status history_add(struct history *h, const char *body, size_t n, struct errmsg *err)
{
    if (h->n == h->cap) {
        size_t cap = h->cap ? h->cap * 2 : 16;
        struct stored *more = realloc(h->stored, cap * sizeof *more);
        if (!more)
            return fail(err, ST_NOMEM, "out of memory");
        h->stored = more;
        h->cap = cap;
    }
    struct stored *one = &h->stored[h->n];
    one->body = arena_strndup(&h->arena, body, n);
    one->n = n;
    enum status st = event_decode(one->body, n, &h->arena, &one->event, err);
    if (st == ST_OK)
        st = casefile_apply(&h->c, &one->event, err);
    h->n += st == ST_OK;
    return st;
}

/* The event as who may know it: fields out of sight are empty, others perhaps masked. */
static void put_for(struct history *h, struct stored *one, const struct actor *who, struct buf *out)
{
    struct event *e = &one->event;
    struct value *values = arena_array(&h->arena, e->n_values + 1, sizeof *values);
    bool changed = false;
    for (size_t k = 0; values && k < e->n_values; k++) {
        enum sight sight = workflow_sight(&h->c, e->values[k].field, who);
        values[k] = e->values[k];
#if SABOTAGE == 63
        /* damage for the tests: what is out of sight goes to the consoles */
        if (sight == SIGHT_NONE)
            continue;
#endif
        if (sight == SIGHT_FULL || sight == SIGHT_REVEAL)
            continue;
        values[k].text =
            sight == SIGHT_NONE ? "" : field_masked(values[k].field, values[k].text, &h->arena);
        changed = true;
    }
    if (!changed) {
        buf_add(out, one->body, one->n);
        return;
    }
    e->values = values;
    event_encode(out, e);
}

static void put_record(struct buf *out, const struct uuid *id, int64_t first, int64_t last,
                       const struct buf *events)
{
    char text[UUID_TEXT];
    uuid_format(id, text);
    buf_printf(out, "{\"case\":\"%s\",\"version\":%" PRId64 ",\"since\":%" PRId64 ",\"events\":[",
               text, last, first - 1);
    buf_add(out, events->data, events->len);
    buf_puts(out, "]}\n");
}

static void put_gone(struct buf *out, const struct uuid *id)
{
    char text[UUID_TEXT];
    uuid_format(id, text);
    buf_printf(out, "{\"gone\":\"%s\"}\n", text);
}

/* What happened to a case after from, as one line; *ret_sees is false and nothing is written when
 * who may not see the case as it is now. */
static enum status put_events(struct db *db, int64_t row, int64_t from, int64_t to,
                              const struct uuid *id, const struct actor *who, struct buf *out,
                              bool *ret_sees, struct errmsg *err)
{
    int64_t first = 0, last = 0;
    bool all = sees_all(who);
    struct history h = {.n = 0};
    struct buf events;
    enum status st = ST_OK;
    arena_init(&h.arena, 0);
    casefile_init(&h.c, id, &h.arena);
    buf_init(&events, out->ceiling);
    struct stmt *q = database_stmt(db, SQL_CHANGE_EVENTS);
    stmt_int(q, 1, row);
    stmt_int(q, 2, all ? from : 0);
    stmt_int(q, 3, to);
    while (st == ST_OK && stmt_row(q)) {
        size_t n;
        const char *body = stmt_get_text(q, 1, &n);
        last = stmt_get_int(q, 0);
        if (first == 0 && stmt_get_int(q, 2) > from) /* what came before is old news */
            first = last;
        if (!all) {
            st = history_add(&h, body, n, err);
        } else {
            buf_puts(&events, events.len ? "," : "");
            buf_add(&events, body, n);
        }
    }
    stmt_done(q);
    if (st == ST_OK)
        st = database_status(db, err);
    *ret_sees = all || (st == ST_OK && workflow_sees(&h.c, who));
    for (size_t i = 0; st == ST_OK && *ret_sees && first > 0 && i < h.n; i++)
        if ((int64_t)h.stored[i].event.seq >= first) {
            buf_puts(&events, events.len ? "," : "");
            put_for(&h, &h.stored[i], who, &events);
        }
    if (st == ST_OK && events.len > 0)
        put_record(out, id, first, last, &events);
    if (st == ST_OK && (buf_status(&events) != ST_OK || arena_failed(&h.arena)))
        st = fail(err, buf_status(&events) != ST_OK ? buf_status(&events) : ST_NOMEM,
                  "a case is too large");
    free(h.stored);
    buf_release(&events);
    arena_release(&h.arena);
    return st;
}

enum status service_changes(struct service *s, const struct actor *who, const char *since,
                            int limit, struct buf *out, struct errmsg *err)
{
    struct change_row {
        int64_t row, since, changed;
        bool gone;
        struct uuid id;
    } *rows = NULL;
    int n = 0;
    int64_t last;
    struct heard heard = {0, 0};
    struct db *db = service_reader(s, err);
    if (!db)
        return ST_IO;
    enum status st = database_begin(db, false, err);
    if (st != ST_OK)
        return st;
    struct stmt *q = database_stmt(db, SQL_EVENT_LAST);
    last = stmt_row(q) ? stmt_get_int(q, 0) : 0;
    stmt_done(q);
    st = read_cursor(s, since, last, &heard, err);
    if (st == ST_OK && !(rows = calloc((size_t)limit, sizeof *rows)))
        st = fail(err, ST_NOMEM, "out of memory");
    if (st == ST_OK) {
        q = database_stmt(db, SQL_CHANGES);
        stmt_text(q, 1, service_scope(s, who));
        stmt_int(q, 2, heard.to);
        stmt_int(q, 3, limit);
        while (n < limit && stmt_row(q)) {
            size_t size;
            const void *id = stmt_get_blob(q, 4, &size);
            rows[n] = (struct change_row){.row = stmt_get_int(q, 0),
                                          .since = stmt_get_int(q, 1),
                                          .changed = stmt_get_int(q, 2),
                                          .gone = !stmt_is_null(q, 3)};
            if (size == sizeof rows[n].id.byte)
                memcpy(rows[n].id.byte, id, size);
            n++;
        }
        stmt_done(q);
        st = database_status(db, err);
    }
    bool more = n == limit;
    for (int i = 0; st == ST_OK && i < n; i++) {
        bool known = rows[i].since <= heard.to; /* else this console never heard of it */
        if (rows[i].gone) {
            if (known)
                put_gone(out, &rows[i].id);
        } else {
            /* A case that came into the scope after all that was heard comes whole. */
            bool sees, fresh = rows[i].since > heard.all;
            st = put_events(db, rows[i].row, fresh ? 0 : heard.all, rows[i].changed, &rows[i].id,
                            who, out, &sees, err);
            if (st == ST_OK && !sees && known && heard.to > 0)
                put_gone(out, &rows[i].id);
        }
    }
    database_rollback(db); /* reading only */
    int64_t to = more ? rows[n - 1].changed : last;
    free(rows);
    /* Up to the last page the next ones go on from what was heard before the first: a case that changed again while it
     * waited for its page has events on both sides of the place where the pages are. */
    if (st == ST_OK && more)
        buf_printf(out, "{\"cursor\":\"%s-%" PRId64 ".%" PRId64 "\",\"more\":true}\n", s->epoch, to,
                   heard.all);
    else if (st == ST_OK)
        buf_printf(out, "{\"cursor\":\"%s-%" PRId64 "\",\"more\":false}\n", s->epoch, to);
    if (st == ST_OK && buf_status(out) != ST_OK)
        st = fail(err, buf_status(out), "the answer is too large; ask for fewer");
    return st;
}

static enum status no_such_case(struct errmsg *err)
{
    return fail(err, ST_NOT_FOUND, _("There is no such case in your sight."));
}

/* The row of a case in the scope of the person. */
static enum status find_in_scope(struct service *s, struct db *db, const struct actor *who,
                                 const struct uuid *id, int64_t *ret_row, struct errmsg *err)
{
    int64_t row = 0;
    struct stmt *q = database_stmt(db, SQL_CASE_BY_ID);
    stmt_blob(q, 1, id->byte, sizeof id->byte);
    if (stmt_row(q))
        row = stmt_get_int(q, 0);
    stmt_done(q);
    q = database_stmt(db, SQL_SIGHT_OF);
    stmt_text(q, 1, service_scope(s, who));
    stmt_int(q, 2, row);
    bool in_sight = stmt_row(q);
    stmt_done(q);
    enum status st = database_status(db, err);
    if (st == ST_OK && !in_sight)
        st = no_such_case(err);
    if (st == ST_OK)
        *ret_row = row;
    return st;
}

enum status service_sees(struct service *s, struct db *db, const struct actor *who,
                         const struct uuid *id, int64_t *ret_row, struct errmsg *err)
{
    struct arena a;
    struct casefile c;
    int64_t row = 0;
    enum status st = find_in_scope(s, db, who, id, &row, err);
    if (st == ST_OK && !sees_all(who)) {
        arena_init(&a, 0);
        casefile_init(&c, id, &a);
        st = service_fold(db, row, &c, &a, err);
        if (st == ST_OK && !workflow_sees(&c, who))
            st = no_such_case(err);
        arena_release(&a);
    }
    if (st == ST_OK)
        *ret_row = row;
    return st;
}

enum status service_case(struct service *s, const struct actor *who, const struct uuid *id,
                         struct buf *out, struct errmsg *err)
{
    struct db *db = service_reader(s, err);
    int64_t row = 0;
    bool in_sight = false;
    if (!db)
        return ST_IO;
    enum status st = database_begin(db, false, err);
    if (st != ST_OK)
        return st;
    st = find_in_scope(s, db, who, id, &row, err);
    if (st == ST_OK)
        st = put_events(db, row, 0, INT64_MAX, id, who, out, &in_sight, err);
    if (st == ST_OK && !in_sight)
        st = no_such_case(err);
    database_rollback(db);
    return st;
}

enum status service_earlier(struct service *s, const struct actor *who, const struct uuid *id,
                            struct arena *a, struct buf *out, struct errmsg *err)
{
    struct earlier earlier;
    struct db *db = service_reader(s, err);
    enum status st = db ? database_begin(db, false, err) : ST_IO;
    if (st != ST_OK)
        return st;
    const char *scope = service_scope(s, who);
    pthread_rwlock_rdlock(&s->rules_lock);
    st = repeats_earlier(db, s->repeats_key, scope, who, id, &s->rules->policy, a, &earlier, err);
    pthread_rwlock_unlock(&s->rules_lock);
    database_rollback(db); /* reading only */
    if (st == ST_OK)
        earlier_encode(out, &earlier);
    return st;
}

enum status service_assessment(struct service *s, const struct actor *who,
                               const struct assess_question *q, struct arena *a, struct buf *out,
                               struct errmsg *err)
{
    struct db *db = service_reader(s, err);
    enum status st = db ? database_begin(db, false, err) : ST_IO;
    if (st != ST_OK)
        return st;
    pthread_rwlock_rdlock(&s->rules_lock);
    st = assess_answer(db, &s->rules->policy, &s->rules->reference, who, q,
                       clock_wall(s->config.clock), a, out, err);
    pthread_rwlock_unlock(&s->rules_lock);
    database_rollback(db); /* reading only */
    return st;
}

enum status service_period(struct service *s, const struct assess_question *q,
                           struct assess_period *ret, struct errmsg *err)
{
    pthread_rwlock_rdlock(&s->rules_lock);
    enum status st =
        assess_read_period(q, &s->rules->policy.score, clock_wall(s->config.clock), ret, err);
    pthread_rwlock_unlock(&s->rules_lock);
    return st;
}
