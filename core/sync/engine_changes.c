/* engine_changes.c: fetches what happened to the cases and writes it into the cache. */
#include "core/sync/engine_own.h"
#include "core/base/i18n.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH_LEAST = 20,
    TRANSACTION_RECORDS = 100 /* a commit of so many takes a millisecond or two */
};

void start_changes(struct sync_engine *e, const char *cursor)
{
    char target[64 + CURSOR_SIZE];
    snprintf(e->cursor_asked, sizeof e->cursor_asked, "%s", cursor);
    if (*cursor)
        snprintf(target, sizeof target, "/v1/changes?since=%s&limit=%d", cursor, e->batch);
    else
        snprintf(target, sizeof target, "/v1/changes?limit=%d", e->batch);
    struct request r = {
        .method = "GET", .target = target, .token = e->token, .limit = e->config.body_limit};
    start_request(e, OP_CHANGES, &r);
}

void start_case(struct sync_engine *e)
{
    char id[UUID_TEXT], target[64];
    uuid_format(&e->gap, id);
    snprintf(target, sizeof target, "/v1/cases/%s", id);
    struct request r = {
        .method = "GET", .target = target, .token = e->token, .limit = 16 * SMALL_BODY};
    start_request(e, OP_CASE, &r);
}

static enum status after_fresh(struct sync_engine *e, const char *cursor, struct arena *a,
                               struct errmsg *err)
{
    const char *old = "";
    char epoch[CURSOR_SIZE];
    snprintf(epoch, sizeof epoch, "%s", cursor);
    char *dash = strrchr(epoch, '-');
    if (dash)
        *dash = '\0';
    enum status st = store_meta_get(e->config.store, "epoch", a, &old, err);
    if (st == ST_OK && e->fresh)
        st = store_fresh_end(e->config.store, err);
    if (st == ST_OK && *old && strcmp(old, epoch) != 0) {
        /* The store was put back from a copy: what it acknowledged since may be lost there. The
         * ids make it safe to offer all of it again. */
        int n = 0;
        st = store_offer_again(e->config.store, offered_from(e), &n, err);
        e->want_commands = true;
    }
    if (st == ST_OK && strcmp(old, epoch) != 0)
        st = store_meta_set(e->config.store, "epoch", epoch, err);
    if (st == ST_OK && e->fresh)
        st = store_meta_set(e->config.store, "fresh", "", err);
    if (st == ST_OK)
        e->fresh = false;
    return st;
}

/* Finds the last line and reads it: it alone proves that the body is whole. */
static bool find_end(const struct buf *body, struct arena *a, struct change *ret)
{
    size_t end = body->len;
    if (end == 0 || body->data[end - 1] != '\n')
        return false;
    size_t begin = end - 1;
    while (begin > 0 && body->data[begin - 1] != '\n')
        begin--;
    return change_decode(body->data + begin, end - begin - 1, a, ret, NULL) == ST_OK &&
           ret->kind == CHANGE_END;
}

/* Cursors are EPOCH-NUMBER, and what the server put behind the number; false when next is of the same epoch and lower than what is known. With more
 * to come it must be higher, or the same piece would come for ever. */
static bool cursor_goes_on(const char *known, const char *next, bool more)
{
    const char *dash_known = strrchr(known, '-'), *dash_next = strrchr(next, '-');
    if (!dash_known || !dash_next || dash_known - known != dash_next - next ||
        strncmp(known, next, (size_t)(dash_known - known)) != 0)
        return true;
    return strtoll(dash_next + 1, NULL, 10) >= strtoll(dash_known + 1, NULL, 10) + more;
}

static enum status apply_body(struct sync_engine *e, const struct buf *body, const char *cursor,
                              struct errmsg *err)
{
    struct arena a;
    enum status st = store_changes_begin(e->config.store, err);
    if (st != ST_OK)
        return st;
    arena_init(&a, 0);
    int64_t records = 0, gone = 0;
    int in_transaction = 0;
    for (size_t at = 0; at < body->len && st == ST_OK;) {
        const char *line = body->data + at;
        const char *newline = memchr(line, '\n', body->len - at);
        size_t n = newline ? (size_t)(newline - line) : body->len - at;
        struct change change;
        bool gap = false;
        arena_reset(&a);
        at += n + 1;
        if (n == 0)
            continue;
        st = change_decode(line, n, &a, &change, err);
        if (st != ST_OK || change.kind == CHANGE_END)
            continue;
        st = store_changes_add(e->config.store, &change, &gap, err);
        if (gap) {
            e->gap = change.case_id;
            e->have_gap = true;
            st = fail(err, ST_CORRUPT, "events of a case are missing");
        }
        if (change.kind == CHANGE_GONE)
            gone++;
        else
            records++;
        if (st == ST_OK &&
            (++in_transaction >= TRANSACTION_RECORDS || store_writer_waits(e->config.store))) {
            in_transaction = 0;
            st = store_changes_commit(e->config.store, NULL, err);
            if (st == ST_OK)
                st = store_changes_begin(e->config.store, err);
        }
    }
    if (st == ST_OK && arena_failed(&a))
        st = fail(err, ST_NOMEM, "out of memory");
    arena_release(&a);
    if (st == ST_OK)
        st = store_changes_commit(e->config.store, cursor, err);
    if (st != ST_OK) {
        store_changes_rollback(e->config.store);
        return st;
    }
    e->report.records += records;
    e->report.gone += gone;
    if (records + gone > 0)
        hint(e, HINT_CASES);
    return ST_OK;
}

void changes_cut(struct sync_engine *e, const char *why)
{
    /* A smaller piece has a better chance on a line that cuts. */
    e->batch = e->batch / 4 < BATCH_LEAST ? BATCH_LEAST : e->batch / 4;
    line_failed(e, LINE_OFFLINE, why);
}

static void apply_failed(struct sync_engine *e, enum status st, const struct errmsg *err)
{
    if (st == ST_INVALID || st == ST_UNSUPPORTED || st == ST_TOOBIG)
        not_understood(e, _("changes"), err);
    else
        store_failed(e, st, err);
}

void changes_done(struct sync_engine *e, struct arena *a)
{
    struct errmsg err = {{0}};
    struct change end;
    if (e->head.status == 410 && *e->cursor_asked) {
        enum status st = store_meta_set(e->config.store, "fresh", "yes", &err);
        if (st == ST_OK)
            st = store_fresh_begin(e->config.store, &err);
        if (st == ST_OK)
            st = store_meta_set(e->config.store, "cursor", "", &err);
        if (st != ST_OK) {
            store_failed(e, st, &err);
            return;
        }
        e->fresh = true;
        e->want_changes = true;
        return;
    }
    if (e->head.status != 200) {
        changes_cut(e, _("The server does not give its changes."));
        return;
    }
    if (!find_end(&e->body, a, &end)) {
#if SABOTAGE == 9
        /* damage for the tests: a body that was cut is taken as whole */
        char guess[CURSOR_SIZE];
        const char *dash = strrchr(e->cursor_asked, '-');
        if (dash) {
            snprintf(guess, sizeof guess, "%.*s-%lld", (int)(dash - e->cursor_asked),
                     e->cursor_asked, strtoll(dash + 1, NULL, 10) + 1);
            size_t whole = e->body.len;
            while (whole > 0 && e->body.data[whole - 1] != '\n')
                whole--;
            e->body.len = whole;
            apply_body(e, &e->body, guess, &err);
            e->want_changes = false;
            return;
        }
#endif
        changes_cut(e, _("The server's answer was cut; asking again."));
        return;
    }
    if (!cursor_goes_on(e->cursor_asked, end.cursor, end.more)) {
        changes_cut(e, _("Something on the line gave an old answer; asking again."));
        return;
    }
    struct buf body = e->body; /* ours from here on */
    buf_init(&e->body, e->config.body_limit);
    char cursor[CURSOR_SIZE];
    snprintf(cursor, sizeof cursor, "%s", end.cursor);
    bool more = end.more;
    if (more) /* the next piece comes over the line while this one is written */
        start_changes(e, cursor);
    enum status st = apply_body(e, &body, cursor, &err);
    buf_release(&body);
    if (st == ST_OK && !more)
        st = after_fresh(e, cursor, a, &err);
    if (st != ST_OK) {
        if (e->op == OP_CHANGES) {
            e->config.transport->cancel(e->config.transport->self, e->op_id);
            op_end(e);
        }
        e->want_changes = true;
        if (!e->have_gap)
            apply_failed(e, st, &err);
        return;
    }
    if (!more)
        store_rest(e->config.store); /* what came is written: the next may be hours away */
    e->failures = 0;
    if (e->batch < e->config.batch)
        e->batch = e->batch * 2 > e->config.batch ? e->config.batch : e->batch * 2;
}

void case_done(struct sync_engine *e, struct arena *a)
{
    struct errmsg err = {{0}};
    const char *cursor = "";
    e->have_gap = false;
    if (e->head.status != 200) { /* out of scope by now: the next changes will say so */
        e->want_changes = true;
        return;
    }
    enum status st = store_meta_get(e->config.store, "cursor", a, &cursor, &err);
    if (st == ST_OK)
        st = apply_body(e, &e->body, cursor, &err);
    if (st != ST_OK)
        apply_failed(e, st, &err);
    e->want_changes = true;
}
