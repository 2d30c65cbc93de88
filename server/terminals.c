#include "server/terminals.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include "server/audit.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const struct actor nobody = {
    .user = "", .name = "", .role = ROLE_NOBODY, .office = "", .unit = "", .device = ""};

enum status terminals_seen(struct db *db, const char *id, const struct actor *who, int64_t now_ms,
                           struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_TERMINAL_SEEN);
    stmt_text(q, 1, id);
    stmt_text(q, 2, who->user);
    stmt_text(q, 3, who->device);
    stmt_int(q, 4, now_ms);
    return stmt_run(q, err);
}

/* *ret_told: it has heard of it. */
static bool find(struct db *db, const char *id, struct revocation *ret, bool *ret_told)
{
    size_t n = 0;
    struct stmt *q = database_stmt(db, SQL_TERMINAL_GET);
    stmt_text(q, 1, id);
    bool found = stmt_row(q) && !stmt_is_null(q, 0);
    if (found) {
        *ret_told = !stmt_is_null(q, 1);
        snprintf(ret->terminal, sizeof ret->terminal, "%s", id);
        snprintf(ret->ticket, sizeof ret->ticket, "%s", stmt_get_text(q, 2, NULL));
        const void *key = stmt_get_blob(q, 3, &n);
        found = n == WORK_KEY;
        if (found)
            memcpy(ret->seal_to, key, WORK_KEY);
    }
    stmt_done(q);
    return found;
}

bool terminals_revoked(struct db *db, const char *id, struct revocation *ret)
{
    bool told;
    return *id && find(db, id, ret, &told);
}

bool terminals_more_revoked(struct db *db, int64_t *known)
{
    struct stmt *q = database_stmt(db, SQL_TERMINALS_REVOKED);
    int64_t n = stmt_row(q) ? stmt_get_int(q, 0) : 0;
    stmt_done(q);
    bool more = n != *known;
    *known = n;
    return more;
}

/* --- revoking ------------------------------------------------------------------------------------- */

static void key_path(struct db *db, char out[PATH_SIZE])
{
    snprintf(out, PATH_SIZE, "%.4000s.work-key", database_path(db));
}

/* Made where there is none and a random is given. */
static enum status read_key(struct db *db, const struct random *random,
                            unsigned char secret[WORK_KEY], struct errmsg *err)
{
    char path[PATH_SIZE], text[2 * WORK_KEY + 2];
    _Static_assert(WORK_KEY == (int)AUDIT_HASH, "one form of key files");
    key_path(db, path);
    enum status st = audit_key_read(path, true, secret, err);
    if (st != ST_NOT_FOUND || !random)
        return st;
    random_fill(random, secret, WORK_KEY);
    sodium_bin2hex(text, sizeof text, secret, WORK_KEY);
    text[2 * WORK_KEY] = '\n';
    st = file_write_atomic(path, text, sizeof text - 1, err);
    sodium_memzero(text, sizeof text);
    return st;
}

enum status terminal_revoke(struct db *db, const char *id, int64_t now_ms,
                            const struct random *random, struct errmsg *err)
{
    unsigned char secret[WORK_KEY], public[WORK_KEY], bytes[WORK_TICKET / 2];
    char ticket[WORK_TICKET + 1];
    struct stmt *q = database_stmt(db, SQL_TERMINAL_GET);
    stmt_text(q, 1, id);
    bool known = stmt_row(q), revoked = known && !stmt_is_null(q, 0);
    stmt_done(q);
    if (!known)
        return fail(err, ST_NOT_FOUND, _("There is no terminal \"%.40s\"; list shows them."), id);
    if (revoked)
        return fail(err, ST_EXISTS, _("Terminal %.40s was revoked already."), id);
    enum status st = read_key(db, random, secret, err);
    if (st != ST_OK)
        return st;
    crypto_scalarmult_base(public, secret);
    sodium_memzero(secret, sizeof secret);
    random_fill(random, bytes, sizeof bytes);
    sodium_bin2hex(ticket, sizeof ticket, bytes, sizeof bytes);
    q = database_stmt(db, SQL_TERMINAL_REVOKE);
    stmt_text(q, 1, id);
    stmt_int(q, 2, now_ms);
    stmt_text(q, 3, ticket);
    stmt_blob(q, 4, public, sizeof public);
    st = stmt_run(q, err);
    return st == ST_OK ? audit_note(db, AUDIT_TERMINAL_REVOKED, id, NULL, 0, err) : st;
}

/* --- the sealed work ------------------------------------------------------------------------------ */

/* Of the calls that write, in their transaction. */
struct job {
    const char *id, *ticket;
    const void *body;
    size_t n;
    int64_t now_ms;
};

static enum status told(struct db *db, void *self, struct errmsg *err)
{
    const struct job *job = self;
    struct stmt *q = database_stmt(db, SQL_TERMINAL_TOLD);
    stmt_text(q, 1, job->id);
    stmt_int(q, 2, job->now_ms);
    return stmt_run(q, err);
}

static void record(struct service *s, enum audit_action action, const char *id)
{
    struct errmsg err = {{0}};
    struct audit_entry entry = {.who = &nobody, .action = audit_words[action], .object = id};
    if (service_record(s, &entry, &err) != ST_OK)
        log_write(LOG_ERROR, "terminal %s: %s", id, err.text);
}

void terminal_refuse(struct call *c, const char *id)
{
    struct revocation found, r;
    struct errmsg err = {{0}};
    bool was_told = true;
    struct db *db = service_reader(c->service, &err);
    if (!db || !service_revoked(c->service, c->token, id, &found) ||
        !find(db, found.terminal, &r, &was_told)) {
        call_failed(c, ST_BUSY, &err);
        return;
    }
    struct job job = {.id = r.terminal, .now_ms = service_now(c->service)};
    if (!was_told && service_write(c->service, told, &job, &err) == ST_OK)
        record(c->service, AUDIT_TERMINAL_TOLD, r.terminal);
    response_problem(c->response, 403, REVOKED_WORD, _("This terminal was revoked"),
                     _("Work that was not sent is sealed for the centre, then the cache of this "
                       "terminal is destroyed. Ask the administrator."));
    revocation_add(&c->response->body, &r);
}

static enum status hand_in(struct db *db, void *self, struct errmsg *err)
{
    struct job *job = self;
    struct stmt *q = database_stmt(db, SQL_TERMINAL_OF_TICKET);
    stmt_text(q, 1, job->ticket);
    bool known = stmt_row(q) && strcmp(stmt_get_text(q, 0, NULL), job->id) == 0;
    stmt_done(q);
    if (!known)
        return fail(err, ST_UNAUTHORIZED, _("There is no terminal of this ticket."));
    q = database_stmt(db, SQL_TERMINAL_WORK_COUNT);
    stmt_text(q, 1, job->id);
    bool full = stmt_row(q) && stmt_get_int(q, 0) >= TERMINAL_WORK_FILES;
    stmt_done(q);
    if (full)
        return fail(err, ST_CONFLICT, _("The terminal has handed in %d times already."),
                    TERMINAL_WORK_FILES);
    q = database_stmt(db, SQL_TERMINAL_WORK_ADD);
    stmt_text(q, 1, job->id);
    stmt_int(q, 2, job->now_ms);
    stmt_blob(q, 3, job->body, job->n);
    return stmt_run(q, err);
}

void route_terminal_work(struct call *c)
{
    struct errmsg err = {{0}};
    struct revocation r = {.terminal = ""};
    struct job job = {.ticket = bearer(c->request->authorization),
                      .body = c->request->body,
                      .n = c->request->body_len,
                      .now_ms = service_now(c->service)};
    enum status st = job.ticket ? work_head(c->request->body, c->request->body_len, &r, &err)
                                : fail(&err, ST_UNAUTHORIZED, _("The ticket is missing."));
    job.id = r.terminal;
    if (st == ST_OK && strcmp(r.terminal, c->rest) != 0)
        st = fail(&err, ST_INVALID, _("The work is that of another terminal."));
    if (st == ST_OK)
        st = service_write(c->service, hand_in, &job, &err);
    if (st != ST_OK) {
        call_failed(c, st, &err);
        return;
    }
    record(c->service, AUDIT_TERMINAL_HANDED_IN, r.terminal);
    c->response->status = 204;
}

enum status terminal_work_file(struct db *db, const char *file, size_t n, struct buf *out,
                               char ret_id[TERMINAL_ID + 1], struct errmsg *err)
{
    unsigned char secret[WORK_KEY];
    struct revocation r;
    enum status st = work_head(file, n, &r, err);
    if (st == ST_OK)
        st = read_key(db, NULL, secret, err);
    if (st == ST_OK)
        st = work_open(secret, file, n, out, err);
    sodium_memzero(secret, sizeof secret);
    if (st == ST_OK)
        memcpy(ret_id, r.terminal, TERMINAL_ID + 1);
    return st;
}

enum status terminal_work(struct db *db, const char *id, struct buf *out, struct errmsg *err)
{
    unsigned char secret[WORK_KEY];
    enum status st = read_key(db, NULL, secret, err), opened = ST_NOT_FOUND;
    if (st != ST_OK)
        return st;
    fail(err, opened, _("Terminal %.40s has handed in nothing."), id);
    struct stmt *q = database_stmt(db, SQL_TERMINAL_WORK_LIST);
    stmt_text(q, 1, id);
    while (opened != ST_OK && stmt_row(q)) {
        size_t n;
        const void *body = stmt_get_blob(q, 1, &n);
        opened = work_open(secret, body, n, out, err);
    }
    stmt_done(q);
    sodium_memzero(secret, sizeof secret);
    st = database_status(db, err);
    return st == ST_OK ? opened : st;
}
