/* outbox.c: confirmed commands from the keyboard to the outcome: outbox, sent, conflicts. */
#include "core/store/attachments.h"
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
void store_acknowledge(const char *kind, const struct uuid *id, const struct buf *text)
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

/* Puts a command in; the transaction and json are the caller's. *batch: of those confirmed together, 0 at the first. */
static enum status queue(struct store *s, const struct command *c, int64_t not_before_ms,
                         int64_t *batch, struct buf *json, struct errmsg *err)
{
    command_encode(json, c);
    enum status st = buf_status(json);
    if (st != ST_OK)
        return fail(err, st, _("Not saved: the text is too long, or memory is out."));
    if (db_int(s,
               "SELECT EXISTS(SELECT 1 FROM sent WHERE id = ?1)"
               " OR EXISTS(SELECT 1 FROM conflicts WHERE id = ?1)",
               "u", &c->id))
        return fail(err, ST_EXISTS, _("This command was sent before."));
    db_run(s,
           "INSERT INTO outbox(id, case_id, user, json, queued, not_before, batch)"
           " VALUES(?, ?, ?, ?, ?, ?, ?)",
           "uutsiii", &c->id, &c->case_id, s->actor ? s->actor->user : "", json->data, json->len,
           clock_wall(s->clock), not_before_ms, *batch);
    if (*batch == 0)
        *batch = db_last_row(s);
    attachments_of_command(s, c);
    store_reproject(s, &c->case_id);
    return db_status(s, err);
}

enum status store_queue(struct store *s, const struct command *c, struct errmsg *err)
{
    struct buf json;
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    buf_init(&json, COMMAND_MAX);
    int64_t batch = 0;
    st = queue(s, c, 0, &batch, &json, err);
#if SABOTAGE == 2
    store_acknowledge("command", &c->id, &json); /* Damage: said before the commit, and anyway. */
#endif
    if (st == ST_OK)
        st = db_write_end(s, err);
    else
        db_rollback(s);
#if SABOTAGE == 2
    st = ST_OK;
#else
    if (st == ST_OK)
        store_acknowledge("command", &c->id, &json);
#endif
    buf_release(&json);
    return st;
}

enum status store_queue_all(struct store *s, const struct command *c, size_t n, struct errmsg *err)
{
    return store_queue_later(s, c, n, 0, err);
}

enum status store_queue_later(struct store *s, const struct command *c, size_t n,
                              int64_t not_before_ms, struct errmsg *err)
{
    struct buf json;
    int64_t batch = 0;
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    buf_init(&json, COMMAND_MAX);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        buf_clear(&json);
        st = queue(s, &c[i], not_before_ms, &batch, &json, err);
#if SABOTAGE == 86
        st = ST_OK; /* Damage: one that cannot be kept is passed over, the others go. */
#endif
    }
    if (st == ST_OK)
        st = db_write_end(s, err);
    else
        db_rollback(s);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        buf_clear(&json);
        command_encode(&json, &c[i]);
        store_acknowledge("command", &c[i].id, &json);
    }
    buf_release(&json);
    return st;
}

static void read_row(struct store *s, struct sqlite3_stmt *q, struct arena *a,
                     struct outbox_row *ret)
{
    size_t len;
    const char *json = db_column_peek(q, 0, &len);
    if (command_decode(json, len, a, &ret->command, NULL) != ST_OK)
        db_damaged(s);
    ret->tries = (int)db_column_int(q, 1);
    ret->queued_ms = db_column_int(q, 2);
    ret->last_try_ms = db_column_int(q, 3);
    ret->last_error = db_column_text(q, 4, a);
    ret->not_before_ms = db_column_int(q, 5);
    ret->leaving = db_column_int(q, 6) != 0;
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
                        "SELECT json, tries, queued, last_try, '', 0, 1 FROM sent"
                        " ORDER BY acked DESC, seq DESC LIMIT ?",
                        "i", (int64_t)most)
             : db_query(s,
                        "SELECT json, tries, queued, last_try, last_error, not_before, leaving "
                        "FROM outbox"
                        " ORDER BY seq LIMIT ?",
                        "i", (int64_t)most);
    for (; db_step(s, q); n++)
        read_row(s, q, a, &out[n]);
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

/* Neither it nor an earlier one of its case waits for its time, or for a file that is not at the centre yet. */
#define MAY_LEAVE                                                                                  \
    "not_before <= ?1 AND NOT EXISTS(SELECT 1 FROM outbox AS w WHERE w.case_id = o.case_id"        \
    " AND w.seq < o.seq AND w.not_before > ?1) AND NOT " WAITS_FOR_FILE
#if SABOTAGE == 173
#define WAITS_FOR_FILE "0" /* Damage: a command leaves before its file is at the centre. */
#else
#define WAITS_FOR_FILE                                                                             \
    "EXISTS(SELECT 1 FROM outbox AS w JOIN attached AS t ON t.command = w.id JOIN attachment AS f" \
    " ON f.hash = t.hash WHERE w.case_id = o.case_id AND w.seq <= o.seq AND f.state = 1)"
#endif

int64_t outbox_waiting(struct store *s)
{
    return db_int(s, "SELECT count(*) FROM outbox AS o WHERE NOT (" MAY_LEAVE ")", "i",
                  clock_wall(s->clock));
}

enum status store_outbox_leave(struct store *s, size_t limit, struct arena *a,
                               struct outbox_row **ret, size_t *ret_n, int64_t *ret_next_ms,
                               struct errmsg *err)
{
    int64_t now = clock_wall(s->clock), all, next;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    all = db_int(s, "SELECT count(*) FROM outbox AS o WHERE " MAY_LEAVE, "i", now);
    next = db_int(s, "SELECT min(not_before) FROM outbox WHERE not_before > ?", "i", now);
    st = db_read_end(s, err);
    *ret_next_ms = next ? next : INT64_MAX;
    *ret_n = 0;
    if (st != ST_OK || all == 0)
        return st;
    st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    size_t n = 0, most = (size_t)all < limit ? (size_t)all : limit;
    struct outbox_row *out = arena_array(a, most, sizeof *out);
    if (!out)
        db_nomem(s);
    struct sqlite3_stmt *q =
        db_query(s,
                 "SELECT json, tries, queued, last_try, last_error, not_before, leaving"
                 " FROM outbox AS o WHERE " MAY_LEAVE " ORDER BY seq LIMIT ?2",
                 "ii", now, (int64_t)most);
    for (; n < most && db_step(s, q); n++)
        read_row(s, q, a, &out[n]);
    if (q && n == most)
        db_done(q);
    for (size_t i = 0; i < n; i++)
        if (!out[i].leaving)
            db_run(s, "UPDATE outbox SET leaving = 1 WHERE id = ?", "u", &out[i].command.id);
    if (arena_failed(a))
        db_nomem(s);
    st = db_write_end(s, err);
    if (st == ST_OK) {
        *ret = out;
        *ret_n = n;
    }
    return st;
}

enum status store_hurry(struct store *s, int64_t until_ms, struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    db_run(s, "UPDATE outbox SET not_before = 0 WHERE not_before BETWEEN 1 AND ?", "i", until_ms);
    return db_write_end(s, err);
}

/* The text of a command that is taken back; the transaction is the caller's. */
static enum status into_draft(struct store *s, const struct command *c, struct errmsg *err)
{
    struct buf text;
    struct draft d = {.case_id = c->case_id,
                      .type = c->type,
                      .user = s->actor ? s->actor->user : "",
                      .values = c->values,
                      .n_values = c->n_values,
                      .revision = 1,
                      .saved_ms = clock_wall(s->clock),
                      .slot = draft_free_slot(s, &c->case_id, c->type)};
    buf_init(&text, COMMAND_MAX);
    enum status st = store_draft_write(s, &d, &text, err);
    buf_release(&text);
    return st;
}

static bool stays(enum command_type type)
{
    return type == COMMAND_REVEAL || type == COMMAND_DISCLOSE;
}

/* What is taken back: a batch, or one of it. */
struct taking {
    int64_t batch;
    int64_t alone; /* seq; 0: all */
};

/* The first that is left of it; none: nothing is taken. */
static enum status take_one(struct store *s, const struct taking *what, struct arena *a,
                            struct taken_back *ret, struct errmsg *err)
{
    struct outbox_row *row = arena_alloc(a, sizeof *row);
    struct sqlite3_stmt *q =
        db_query(s,
                 "SELECT json, tries, queued, last_try, last_error, not_before, leaving FROM outbox"
                 " WHERE iif(batch = 0, seq, batch) = ?1 AND (?2 = 0 OR seq = ?2)"
                 " ORDER BY seq LIMIT 1",
                 "ii", what->batch, what->alone);
    if (!row || !db_step(s, q))
        return db_status(s, err);
    read_row(s, q, a, row);
    db_done(q);
    if (s->rc != 0 || arena_failed(a))
        return db_status(s, err);
#if SABOTAGE == 191
    row->leaving = false; /* Damage: it comes back, and the server has it. */
#endif
    if (row->leaving)
        return fail(err, ST_CONFLICT,
                    _("Not taken back: it has left, and the server may have it already."));
    if (stays(row->command.type))
        return fail(err, ST_REFUSED,
                    _("Not taken back: it records what was shown or given out, and that stays."));
    if (row->command.n_values > 0) {
        enum status st = into_draft(s, &row->command, err);
        if (st != ST_OK)
            return st;
    }
    if (ret->n++ == 0) {
        ret->case_id = row->command.case_id;
        ret->type = row->command.type;
        ret->says = row->command.n_values > 0;
    }
    db_run(s, "DELETE FROM outbox WHERE id = ?", "u", &row->command.id);
    store_reproject(s, &row->command.case_id);
    return db_status(s, err);
}

/* What was confirmed last, but for records that stay; 0: nothing. */
static int64_t last_batch(struct store *s, struct arena *a)
{
    int64_t found = 0;
    struct sqlite3_stmt *q =
        db_query(s,
                 "SELECT json, tries, queued, last_try, last_error, not_before, leaving,"
                 " iif(batch = 0, seq, batch) FROM outbox ORDER BY seq DESC",
                 "");
    while (!found && db_step(s, q)) {
        struct outbox_row row;
        read_row(s, q, a, &row);
        if (s->rc == 0 && !stays(row.command.type))
            found = db_column_int(q, 7);
    }
    if (q && found)
        db_done(q);
    return found;
}

/* A command in the outbox with its batch, or alone; it stays where something later rests on it. */
static enum status taking_of(struct store *s, const struct uuid *id, bool alone, struct taking *ret,
                             struct errmsg *err)
{
    struct taking what = {
        .batch = db_int(s, "SELECT iif(batch = 0, seq, batch) FROM outbox WHERE id = ?", "u", id),
        .alone = alone ? db_int(s, "SELECT seq FROM outbox WHERE id = ?", "u", id) : 0};
    if (what.batch && db_int(s,
                             "SELECT EXISTS(SELECT 1 FROM outbox AS o JOIN outbox AS w"
                             " ON w.case_id = o.case_id AND w.seq > o.seq"
                             " WHERE iif(o.batch = 0, o.seq, o.batch) = ?1"
                             " AND (?2 = 0 OR o.seq = ?2)"
                             " AND (?2 != 0 OR iif(w.batch = 0, w.seq, w.batch) != ?1))",
                             "ii", what.batch, what.alone))
        return fail(err, ST_REFUSED,
                    _("Not taken back: something later of the same case waits behind it. Take that "
                      "back first."));
    *ret = what;
    return db_status(s, err);
}

/* id NULL: what was confirmed last. */
static enum status take_back(struct store *s, const struct uuid *id, bool alone,
                             struct taken_back *ret, struct errmsg *err)
{
    struct arena a;
    struct taken_back taken = {.n = 0};
    struct taking what = {.batch = 0};
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    arena_init(&a, 0);
    if (id)
        st = taking_of(s, id, alone, &what, err);
    else
        what.batch = last_batch(s, &a);
    if (st == ST_OK && what.batch == 0)
        st = fail(err, ST_NOT_FOUND, _("There is nothing to take back: everything has been sent."));
    for (size_t before = SIZE_MAX; st == ST_OK && taken.n != before;) {
        before = taken.n;
        st = take_one(s, &what, &a, &taken, err);
    }
    arena_release(&a);
    if (st == ST_OK)
        st = db_write_end(s, err);
    else
        db_rollback(s);
    if (st == ST_OK)
        *ret = taken;
    return st;
}

enum status store_take_back(struct store *s, struct taken_back *ret, struct errmsg *err)
{
    return take_back(s, NULL, false, ret, err);
}

enum status store_take_back_one(struct store *s, const struct uuid *id, struct taken_back *ret,
                                struct errmsg *err)
{
    return take_back(s, id, false, ret, err);
}

enum status store_take_back_alone(struct store *s, const struct uuid *id, struct taken_back *ret,
                                  struct errmsg *err)
{
#if SABOTAGE == 282
    return take_back(s, id, false, ret, err); /* Damage: the batch comes with it. */
#endif
    return take_back(s, id, true, ret, err);
}

enum status store_sent_forget(struct store *s, int64_t before_ms, struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    db_run(s, "DELETE FROM sent WHERE acked < ?", "i", before_ms);
    return db_write_end(s, err);
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
               "INSERT INTO outbox(seq, id, case_id, user, json, queued, leaving)"
               " SELECT seq, id, case_id, user, json, queued, 1 FROM sent WHERE id = ?",
               "u", &id);
        db_run(s, "DELETE FROM sent WHERE id = ?", "u", &id);
        store_reproject(s, &case_id);
        n++;
    }
    attachments_again(s);
    st = db_write_end(s, err);
    if (st == ST_OK && ret_n)
        *ret_n = n;
    return st;
}

/* --- conflicts ------------------------------------------------------------------------------ */
enum status store_conflicts(struct store *s, struct arena *a, struct conflict_row **ret,
                            size_t *ret_n, struct errmsg *err)
{
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    size_t n = 0, all = (size_t)db_int(s, "SELECT count(*) FROM conflicts", "");
    struct conflict_row *out = arena_array(a, all + 1, sizeof *out);
    if (!out)
        db_nomem(s);
    struct sqlite3_stmt *q =
        db_query(s, "SELECT json, problem, at FROM conflicts ORDER BY seq", "");
    for (; db_step(s, q); n++) {
        size_t len;
        const char *json = db_column_peek(q, 0, &len);
        if (command_decode(json, len, a, &out[n].command, NULL) != ST_OK)
            db_damaged(s);
        json = db_column_peek(q, 1, &len);
        if (problem_decode(json, len, a, &out[n].problem, NULL) != ST_OK)
            db_damaged(s);
        out[n].at_ms = db_column_int(q, 2);
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

/* The texts of a refused command as one note, each under its label. */
static enum status note_of(const struct command *c, struct arena *a, struct value *ret,
                           struct errmsg *err)
{
    struct buf text;
    buf_init(&text, COMMAND_MAX);
    buf_printf(&text, "%s", _(command_table[c->type].label));
    for (size_t i = 0; i < c->n_values; i++) {
        const struct field_row *f = &field_table[c->values[i].field];
        bool files = f->type == FIELD_TYPE_FILES;
        if (*c->values[i].text)
            buf_printf(&text, "\n%s: %s", _(f->label),
                       files ? attached_text(a, c->values[i].text) : c->values[i].text);
    }
    enum status st = buf_status(&text);
    if (st == ST_OK) {
        ret->field = FIELD_NOTE;
        st = value_check(FIELD_NOTE, text.data, a, &ret->text, err);
    } else {
        fail(err, st, _("Not saved: the text is too long, or memory is out."));
    }
    buf_release(&text);
    return st;
}

static enum status answer_write(struct store *s, const struct command *c,
                                enum conflict_answer answer, const char *user, struct arena *a,
                                struct buf *json, struct errmsg *err)
{
    if (answer == CONFLICT_TO_DRAFT) {
        struct draft d = {.case_id = c->case_id,
                          .type = c->type,
                          .user = user,
                          .values = c->values,
                          .n_values = c->n_values,
                          .slot = draft_free_slot(s, &c->case_id, c->type)};
        return store_draft_write(s, &d, json, err);
    }
    struct command anew = *c;
    struct value note[2];
    anew.at_ms =
        clock_wall(s->clock) +
        db_int(s, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?", "t", "server_offset_ms");
    int64_t version = db_int(s, "SELECT version FROM cases WHERE id = ?", "u", &c->case_id);
    if (version > 0)
        anew.base = (uint32_t)version;
    if (answer == CONFLICT_TO_NOTE) {
        enum status st = note_of(c, a, &note[0], err);
        if (st != ST_OK)
            return st;
        anew.type = COMMAND_NOTE;
        anew.values = note;
        anew.n_values = 1;
        const char *files = value_find(c->values, c->n_values, FIELD_ATTACH);
        if (files && *files && !attachments_refused(s, files))
            note[anew.n_values++] = (struct value){FIELD_ATTACH, files};
    }
    int64_t batch = 0;
    return queue(s, &anew, 0, &batch, json, err);
}

enum status store_conflict_answer(struct store *s, const struct uuid *id,
                                  enum conflict_answer answer, const struct uuid *new_id,
                                  struct errmsg *err)
{
    bool queues = answer == CONFLICT_RESEND || answer == CONFLICT_TO_NOTE;
    if (queues && (!new_id || uuid_is_nil(new_id)))
        return fail(err, ST_INVALID, _("A new command needs a new id."));
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    struct arena a;
    struct buf json;
    struct command c;
    arena_init(&a, 0);
    buf_init(&json, COMMAND_MAX);
    struct sqlite3_stmt *q =
        db_query(s, "SELECT case_id, json, user FROM conflicts WHERE id = ?", "u", id);
    if (db_step(s, q)) {
        size_t len;
        const char *text = db_column_peek(q, 1, &len);
        struct uuid case_id = db_column_uuid(q, 0);
        if (answer != CONFLICT_DISMISS && command_decode(text, len, &a, &c, NULL) != ST_OK)
            db_damaged(s);
        const char *user = db_column_text(q, 2, &a);
        db_done(q);
        st = db_status(s, err);
        if (queues)
            c.id = *new_id;
        if (st == ST_OK && answer != CONFLICT_DISMISS)
            st = answer_write(s, &c, answer, user, &a, &json, err);
        db_run(s, "DELETE FROM conflicts WHERE id = ?", "u", id);
        store_reproject(s, &case_id);
    } else {
        st = db_status(s, err);
        if (st == ST_OK)
            st = fail(err, ST_NOT_FOUND, _("This conflict was answered before."));
    }
    if (st == ST_OK && arena_failed(&a))
        db_nomem(s);
    if (st == ST_OK)
        st = db_write_end(s, err);
    else
        db_rollback(s);
    if (st == ST_OK && queues)
        store_acknowledge("command", new_id, &json);
    if (st == ST_OK && answer == CONFLICT_TO_DRAFT)
        store_acknowledge("draft", &c.case_id, &json);
    buf_release(&json);
    arena_release(&a);
    return st;
}
