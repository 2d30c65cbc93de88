/* outbox.c: confirmed commands from the keyboard to the outcome: outbox, sent, conflicts. */
#include "core/store/db.h"
#include "core/base/i18n.h"
#include <stdlib.h>
#include <string.h>
#ifdef JIBAN_TEST_HOOKS
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>
#endif

enum { COMMAND_MAX = 4 * 1024 * 1024 };

/* Tells a test, outside of this process, what was promised. */
static void acknowledge(const char *kind, const struct uuid *id, const struct buf *text)
{
#ifdef JIBAN_TEST_HOOKS
    const char *fd = getenv("JIBAN_TEST_ACK_FD");
    if (!fd)
        return;
    unsigned char hash[crypto_hash_sha256_BYTES];
    char word[UUID_TEXT], hex[2 * sizeof hash + 1], line[160];
    crypto_hash_sha256(hash, (const unsigned char *)text->data, text->len);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    uuid_format(id, word);
    int n = snprintf(line, sizeof line, "ACK %s %s %s\n", kind, word, hex);
    if (write(atoi(fd), line, (size_t)n) != n)
        abort(); /* an oracle that misses a promise proves nothing */
#else
    (void)kind;
    (void)id;
    (void)text;
#endif
}

enum status store_queue(struct store *s, const struct command *c, struct errmsg *err)
{
    struct buf json;
    buf_init(&json, COMMAND_MAX);
    command_encode(&json, c);
    enum status st = buf_status(&json);
    if (st != ST_OK)
        st = fail(err, st, _("Not saved: the text is too long, or memory is out."));
    else
        st = db_write_begin(s, err);
    if (st != ST_OK) {
        buf_release(&json);
        return st;
    }
    if (db_int(s,
               "SELECT EXISTS(SELECT 1 FROM sent WHERE id = ?1)"
               " OR EXISTS(SELECT 1 FROM conflicts WHERE id = ?1)",
               "u", &c->id)) {
        db_rollback(s);
        buf_release(&json);
        return fail(err, ST_EXISTS, _("This command was sent before."));
    }
    db_run(s, "INSERT INTO outbox(id, case_id, user, json, queued) VALUES(?, ?, ?, ?, ?)", "uutsi",
           &c->id, &c->case_id, s->actor ? s->actor->user : "", json.data, json.len,
           clock_wall(s->clock));
    store_reproject(s, &c->case_id);
#if SABOTAGE == 2
    acknowledge("command", &c->id, &json); /* Damage: said before the commit, and said anyway. */
    db_write_end(s, NULL);
#else
    st = db_write_end(s, err);
    if (st == ST_OK)
        acknowledge("command", &c->id, &json);
#endif
    buf_release(&json);
    return st;
}

static enum status rows(struct store *s, bool sent, size_t limit, struct arena *a,
                        struct outbox_row **ret, size_t *ret_n, struct errmsg *err)
{
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    int64_t all = sent ? db_int(s, "SELECT count(*) FROM sent", "")
                       : db_int(s, "SELECT count(*) FROM outbox", "");
    size_t n = 0, most = (size_t)all < limit ? (size_t)all : limit;
    struct outbox_row *out = arena_array(a, most ? most : 1, sizeof *out);
    if (!out)
        db_nomem(s);
    struct sqlite3_stmt *q =
        sent ? db_query(s,
                        "SELECT json, tries, queued, last_try, '' FROM sent"
                        " ORDER BY acked DESC, seq DESC LIMIT ?",
                        "i", (int64_t)most)
             : db_query(s,
                        "SELECT json, tries, queued, last_try, last_error FROM outbox"
                        " ORDER BY seq LIMIT ?",
                        "i", (int64_t)most);
    for (; db_step(s, q); n++) {
        size_t len;
        const char *json = db_column_peek(q, 0, &len);
        if (command_decode(json, len, a, &out[n].command, NULL) != ST_OK)
            db_damaged(s);
        out[n].tries = (int)db_column_int(q, 1);
        out[n].queued_ms = db_column_int(q, 2);
        out[n].last_try_ms = db_column_int(q, 3);
        out[n].last_error = db_column_text(q, 4, a);
    }
    if (arena_failed(a))
        db_nomem(s);
    st = db_read_end(s, err);
    if (st == ST_OK) {
        *ret = out;
        *ret_n = n;
    }
    return st;
}

enum status store_outbox(struct store *s, size_t limit, struct arena *a, struct outbox_row **ret,
                         size_t *ret_n, struct errmsg *err)
{
    return rows(s, false, limit, a, ret, ret_n, err);
}

enum status store_sent(struct store *s, size_t limit, struct arena *a, struct outbox_row **ret,
                       size_t *ret_n, struct errmsg *err)
{
    return rows(s, true, limit, a, ret, ret_n, err);
}

enum status store_outbox_tried(struct store *s, const struct uuid *ids, size_t n, const char *error,
                               struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < n; i++) {
        db_run(s, "UPDATE outbox SET tries = tries + 1, last_try = ?, last_error = ? WHERE id = ?",
               "itu", clock_wall(s->clock), error, &ids[i]);
#if SABOTAGE == 4
        db_run(s, "DELETE FROM outbox WHERE id = ?", "u",
               &ids[i]); /* Damage: before the outcome. */
#endif
    }
    return db_write_end(s, err);
}

enum status store_outcomes(struct store *s, const struct outcome *o, size_t n, struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < n; i++) {
        enum outcome_kind kind = o[i].kind == OUTCOME_DUPLICATE ? o[i].first : o[i].kind;
        struct sqlite3_stmt *q =
            db_query(s, "SELECT case_id FROM outbox WHERE id = ?", "u", &o[i].id);
        if (!db_step(s, q))
            continue;
        struct uuid case_id = db_column_uuid(q, 0);
        db_done(q);
        if (kind == OUTCOME_REJECTED) {
            struct buf problem;
            buf_init(&problem, COMMAND_MAX);
            problem_encode(&problem, &o[i].problem);
            if (buf_status(&problem) != ST_OK)
                db_nomem(s);
            db_run(s,
                   "INSERT INTO conflicts(seq, id, case_id, user, json, problem, at)"
                   " SELECT seq, id, case_id, user, json, ?2, ?3 FROM outbox WHERE id = ?1",
                   "usi", &o[i].id, problem.data, problem.len, clock_wall(s->clock));
            buf_release(&problem);
        } else {
            db_run(
                s,
                "INSERT INTO sent(seq, id, case_id, user, json, queued, tries, last_try, version,"
                " acked) SELECT seq, id, case_id, user, json, queued, tries, last_try, ?2, ?3"
                " FROM outbox WHERE id = ?1",
                "uii", &o[i].id, (int64_t)o[i].version, clock_wall(s->clock));
        }
        db_run(s, "DELETE FROM outbox WHERE id = ?", "u", &o[i].id);
        store_reproject(s, &case_id);
    }
    return db_write_end(s, err);
}

enum status store_offer_again(struct store *s, int64_t since_ms, int *ret_n, struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    int n = 0;
    struct sqlite3_stmt *q;
    while (q = db_query(s, "SELECT id, case_id FROM sent WHERE acked >= ? ORDER BY seq LIMIT 1",
                        "i", since_ms),
           db_step(s, q)) {
        struct uuid id = db_column_uuid(q, 0), case_id = db_column_uuid(q, 1);
        db_done(q);
        db_run(s,
               "INSERT INTO outbox(seq, id, case_id, user, json, queued)"
               " SELECT seq, id, case_id, user, json, queued FROM sent WHERE id = ?",
               "u", &id);
        db_run(s, "DELETE FROM sent WHERE id = ?", "u", &id);
        store_reproject(s, &case_id);
        n++;
    }
    st = db_write_end(s, err);
    if (st == ST_OK && ret_n)
        *ret_n = n;
    return st;
}
