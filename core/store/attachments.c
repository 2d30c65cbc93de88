#include "core/store/attachments.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "core/store/db.h"
#include "core/text/picture.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS "hash, type, bytes, located, name, state, moved, error"

/* --- bytes: in the cache itself, so that they are sealed and wiped with it ------------------------------ */

enum { PIECE_BYTES = 256 * 1024 };

static void hash_of(const void *data, size_t n, char out[SHA256_HEX + 1])
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(sum, data, n);
    sodium_bin2hex(out, SHA256_HEX + 1, sum, sizeof sum);
}

static void put_bytes(struct store *s, const char *hash, int64_t from, const char *data, size_t n)
{
    for (size_t at = 0; at < n; at += PIECE_BYTES)
        db_run(s, "INSERT OR REPLACE INTO attachment_piece(hash, at, data) VALUES(?, ?, ?)", "tib",
               hash, from + (int64_t)at, data + at, n - at < PIECE_BYTES ? n - at : PIECE_BYTES);
}

static void drop_bytes(struct store *s, const char *hash)
{
    db_run(s, "DELETE FROM attachment_piece WHERE hash = ?", "t", hash);
}

/* n bytes at most from an offset; none where it is not here. */
static void read_bytes(struct store *s, const char *hash, int64_t from, size_t n, struct buf *out)
{
    struct sqlite3_stmt *q = db_query(s,
                                      "SELECT at, data FROM attachment_piece WHERE hash = ?1"
                                      " AND at + length(data) > ?2 AND at < ?3 ORDER BY at",
                                      "tii", hash, from, from + (int64_t)n);
    while (db_step(s, q)) {
        size_t len, skip;
        int64_t at = db_column_int(q, 0);
        const char *data = db_column_peek(q, 1, &len);
        skip = from > at ? (size_t)(from - at) : 0;
        if (at > from || skip >= len)
            continue; /* a hole: what follows does not fit */
        size_t take = len - skip < n ? len - skip : n;
        buf_add(out, data + skip, take);
        from += (int64_t)take;
        n -= take;
    }
}

enum status store_attachment_data(struct store *s, const char *hash, struct buf *out,
                                  struct errmsg *err)
{
    return store_attachment_piece(s, hash, 0, ATTACHED_BYTES, out, err);
}

enum status store_attachment_piece(struct store *s, const char *hash, int64_t from, size_t n,
                                   struct buf *out, struct errmsg *err)
{
    size_t before = out->len;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    read_bytes(s, hash, from, n, out);
    st = db_read_end(s, err);
    if (st == ST_OK && buf_status(out) != ST_OK)
        st = fail(err, buf_status(out), _("The file is too large, or memory is out."));
    if (st == ST_OK && out->len == before)
        st = fail(err, ST_NOT_FOUND, _("The file is not on this machine."));
    return st;
}

/* --- rows ------------------------------------------------------------------------------------------ */

static void read_row(struct store *s, struct sqlite3_stmt *q, struct arena *a,
                     struct attachment *ret)
{
    const char *hash = db_column_text(q, 0, a), *type = db_column_text(q, 1, a);
    *ret = (struct attachment){.file = {.type = filetype_find(type),
                                        .bytes = db_column_int(q, 2),
                                        .located = db_column_int(q, 3) != 0,
                                        .name = db_column_text(q, 4, a)},
                               .state = (enum attachment_state)db_column_int(q, 5),
                               .moved = db_column_int(q, 6),
                               .error = db_column_text(q, 7, a)};
    if (!sha256_is(hash) || ret->file.type == FILETYPE_COUNT)
        db_damaged(s);
    else
        memcpy(ret->file.sha256, hash, sizeof ret->file.sha256);
}

static void put_row(struct store *s, const struct attached *f, enum attachment_state state)
{
    db_run(s,
           "INSERT INTO attachment(hash, type, bytes, located, name, state, moved, error, added)"
           " VALUES(?, ?, ?, ?, ?, ?, 0, '', ?) ON CONFLICT(hash) DO UPDATE SET"
           " state = excluded.state, moved = 0, error = '' WHERE state <> 2",
           "ttiitii", f->sha256, filetype_table[f->type].word, f->bytes, (int64_t)f->located,
           f->name, (int64_t)state, clock_wall(s->clock));
}

enum status store_attachment_add(struct store *s, const char *path, struct arena *a,
                                 struct attached *ret, struct errmsg *err)
{
    char *data = NULL;
    size_t n = 0;
    struct buf plain;
    struct attached f = {.name = attached_name(a, path)};
    enum status st = file_read(path, ATTACHED_BYTES, &data, &n, err);
    if (st == ST_TOOBIG)
        st = fail(err, st, _("%s is larger than %d MiB."), f.name, ATTACHED_BYTES / (1024 * 1024));
    if (st != ST_OK)
        return st;
    buf_init(&plain, ATTACHED_BYTES);
    f.type = filetype_of(data, n);
    if (f.type == FILETYPE_COUNT)
        st = fail(
            err, ST_UNSUPPORTED,
            _("%s: only photos (JPEG, PNG, WebP), papers (PDF) and plain text in UTF-8 are taken."),
            f.name);
    else
        st = picture_strip(f.type, data, n, &plain, &f.located, err);
    free(data);
    if (st == ST_OK)
        st = db_write_begin(s, err);
    if (st == ST_OK) {
        hash_of(plain.data, plain.len, f.sha256);
        f.bytes = (int64_t)plain.len;
        put_row(s, &f, ATTACHMENT_HERE);
        drop_bytes(s, f.sha256);
        put_bytes(s, f.sha256, 0, plain.data, plain.len);
        st = db_write_end(s, err);
    }
    buf_release(&plain);
    if (st == ST_OK)
        *ret = f;
    return st;
}

bool attachment_is_whole(const struct attachment *f)
{
    return f->state == ATTACHMENT_HERE || f->state == ATTACHMENT_THERE ||
           f->state == ATTACHMENT_REFUSED;
}

static enum status one(struct store *s, struct sqlite3_stmt *q, struct arena *a,
                       struct attachment *ret, bool *ret_found, struct errmsg *err)
{
    struct attachment found = {.state = ATTACHMENT_NONE, .error = ""};
    *ret_found = db_step(s, q);
    if (*ret_found) {
        read_row(s, q, a, &found);
        db_done(q);
    }
    if (arena_failed(a))
        db_nomem(s);
    enum status st = db_read_end(s, err);
    if (st == ST_OK)
        *ret = found;
    return st;
}

enum status store_attachment(struct store *s, const struct attached *file, struct arena *a,
                             struct attachment *ret, struct errmsg *err)
{
    bool found = false;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    st = one(s, db_query(s, "SELECT " COLUMNS " FROM attachment WHERE hash = ?", "t", file->sha256),
             a, ret, &found, err);
    if (st != ST_OK)
        return st;
    ret->file = *file; /* the name that this step gave it */
    return ST_OK;
}

/* Commands that name it and have not been answered; ?1: now. */
#define WAITS_FOR                                                                                  \
    "EXISTS(SELECT 1 FROM attached t JOIN outbox o ON o.id = t.command WHERE t.hash = "            \
    "attachment.hash AND o.not_before <= ?1)"

enum status store_attachments(struct store *s, struct arena *a, struct attachment **ret,
                              size_t *ret_n, struct errmsg *err)
{
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    size_t n = 0, all = (size_t)db_int(s, "SELECT count(*) FROM attachment WHERE state <> 2", "");
    struct attachment *out = arena_array(a, all + 1, sizeof *out);
    if (!out)
        db_nomem(s);
    struct sqlite3_stmt *q = db_query(s,
                                      "SELECT " COLUMNS ", " WAITS_FOR
                                      " FROM attachment WHERE state <> 2 ORDER BY added, hash",
                                      "i", clock_wall(s->clock));
    for (; db_step(s, q); n++) {
        read_row(s, q, a, &out[n]);
        out[n].leaving = db_column_int(q, 8) != 0;
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

enum status case_files(const struct case_view *v, struct arena *a, struct case_file **ret,
                       size_t *ret_n, struct errmsg *err)
{
    size_t n = 0, room = 0;
    struct case_file *list = NULL;
    for (size_t i = 0; i < v->n_events; i++) {
        const struct event *e = &v->events[i];
        const char *text = value_find(e->values, e->n_values, FIELD_ATTACH);
        struct attached *files;
        size_t more;
        if (!text || !*text || attached_read(text, a, &files, &more, NULL) != ST_OK)
            continue; /* of a newer console perhaps: the history shows it as it is */
        if (n + more > room) {
            room = 2 * (n + more);
            struct case_file *wider = arena_array(a, room, sizeof *wider);
            if (!wider)
                return fail(err, ST_NOMEM, "%s", _("Out of memory."));
            if (n > 0)
                memcpy(wider, list, n * sizeof *wider);
            list = wider;
        }
        for (size_t k = 0; k < more; k++)
            list[n++] = (struct case_file){.file = files[k],
                                           .at_ms = e->at_ms,
                                           .who = &e->actor,
                                           .type = e->type,
                                           .confirmed = i < v->n_confirmed};
    }
    *ret = list;
    *ret_n = n;
    return ST_OK;
}

enum status store_attachment_want(struct store *s, const struct attached *file, struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    if (db_int(s, "SELECT 1 FROM attachment WHERE hash = ? AND state NOT IN (3, 4)", "t",
               file->sha256) == 0) {
        drop_bytes(s, file->sha256);
        put_row(s, file, ATTACHMENT_WANTED);
    }
    return db_write_end(s, err);
}

/* --- the line -------------------------------------------------------------------------------------- */

enum status store_attachment_next(struct store *s, bool send, struct arena *a,
                                  struct attachment *ret, struct errmsg *err)
{
    bool found = false;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    struct sqlite3_stmt *q =
        send ? db_query(s,
                        "SELECT " COLUMNS " FROM attachment WHERE state = 1 AND " WAITS_FOR
                        " ORDER BY added, hash LIMIT 1",
                        "i", clock_wall(s->clock))
             : db_query(s,
                        "SELECT " COLUMNS
                        " FROM attachment WHERE state = 3 ORDER BY added, hash LIMIT 1",
                        "");
    st = one(s, q, a, ret, &found, err);
    return st == ST_OK && !found ? ST_NOT_FOUND : st;
}

enum status store_attachment_sent(struct store *s, const struct attached *file, int64_t have,
                                  struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    db_run(s, "UPDATE attachment SET moved = ?, state = iif(?1 = bytes, 2, 1) WHERE hash = ?", "it",
           have, file->sha256);
    return db_write_end(s, err);
}

/* All of it came: is it what was asked for? */
static bool is_right(struct store *s, const struct attached *file)
{
    char hash[SHA256_HEX + 1];
    struct buf all;
    buf_init(&all, ATTACHED_BYTES);
    read_bytes(s, file->sha256, 0, ATTACHED_BYTES, &all);
    hash_of(all.data, all.len, hash);
    if (buf_status(&all) == ST_NOMEM)
        db_nomem(s);
    buf_release(&all);
    return strcmp(hash, file->sha256) == 0;
}

enum status store_attachment_fetched(struct store *s, const struct attached *file, int64_t from,
                                     const char *data, size_t n, bool *ret_whole,
                                     struct errmsg *err)
{
    int64_t now = from + (int64_t)n;
    bool whole = now >= file->bytes;
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    if (from == 0)
        drop_bytes(s, file->sha256);
    put_bytes(s, file->sha256, from, data, n);
    bool right = !whole || is_right(s, file);
    if (!right)
        drop_bytes(s, file->sha256);
    db_run(s, "UPDATE attachment SET moved = ?, state = ? WHERE hash = ?", "iit", right ? now : 0,
           (int64_t)(right && whole ? ATTACHMENT_THERE : ATTACHMENT_WANTED), file->sha256);
    st = db_write_end(s, err);
    if (st == ST_OK && !right)
        return fail(err, ST_CORRUPT, _("%s is not what was attached; it was dropped."), file->name);
    if (st == ST_OK)
        *ret_whole = whole;
    return st;
}

enum status store_attachment_failed(struct store *s, const struct attached *file,
                                    const struct problem *why, struct errmsg *err)
{
    struct outcome o = {.kind = OUTCOME_REJECTED, .problem = *why};
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    db_run(s, "UPDATE attachment SET state = iif(state = 3, 4, 5), error = ? WHERE hash = ?", "tt",
           why->detail, file->sha256);
    struct sqlite3_stmt *q;
    while (st == ST_OK &&
           (q = db_query(s,
                         "SELECT o.id FROM outbox o JOIN attached t ON t.command = o.id"
                         " WHERE t.hash = ? AND o.leaving = 0 ORDER BY o.seq LIMIT 1",
                         "t", file->sha256),
            db_step(s, q))) {
        o.id = db_column_uuid(q, 0);
        db_done(q);
        st = store_outcomes(s, &o, 1, err);
    }
    if (st != ST_OK) {
        db_rollback(s);
        return st;
    }
    return db_write_end(s, err);
}

/* --- copies that nobody needs any more ------------------------------------------------------------- */

/* One of them; false: there is none. */
static bool old_one(struct store *s, int64_t before_ms, char out[SHA256_HEX + 1])
{
    size_t len = 0;
    struct sqlite3_stmt *q = db_query(
        s,
        "SELECT hash FROM attachment WHERE added < ? AND NOT EXISTS(SELECT 1 FROM attached t"
        " WHERE t.hash = attachment.hash AND (EXISTS(SELECT 1 FROM outbox WHERE id = t.command)"
        " OR EXISTS(SELECT 1 FROM sent WHERE id = t.command)"
        " OR EXISTS(SELECT 1 FROM conflicts WHERE id = t.command)))"
        " AND NOT EXISTS(SELECT 1 FROM draft WHERE instr(body, attachment.hash) > 0) LIMIT 1",
        "i", before_ms);
    if (!db_step(s, q))
        return false;
    const char *hash = db_column_peek(q, 0, &len);
    bool good = sha256_is(hash);
    if (good)
        memcpy(out, hash, SHA256_HEX + 1);
    db_done(q);
    if (!good)
        db_damaged(s);
    return good;
}

enum status store_attachments_forget(struct store *s, int64_t before_ms, int *ret_n,
                                     struct errmsg *err)
{
    char hash[SHA256_HEX + 1];
    int n = 0;
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    for (; old_one(s, before_ms, hash); n++) {
        drop_bytes(s, hash);
        db_run(s, "DELETE FROM attachment WHERE hash = ?", "t", hash);
    }
    db_run(s,
           "DELETE FROM attached WHERE command NOT IN (SELECT id FROM outbox UNION ALL"
           " SELECT id FROM sent UNION ALL SELECT id FROM conflicts)",
           "");
    st = db_write_end(s, err);
    if (st == ST_OK)
        *ret_n = n;
    return st;
}

/* --- the outbox ------------------------------------------------------------------------------------ */

void attachments_of_command(struct store *s, const struct command *c)
{
    const char *text = value_find(c->values, c->n_values, FIELD_ATTACH);
    struct attached *files;
    struct arena a;
    size_t n = 0;
    arena_init(&a, 0);
    if (text && *text && attached_read(text, &a, &files, &n, NULL) == ST_OK)
        for (size_t i = 0; i < n; i++) {
            db_run(s, "INSERT OR IGNORE INTO attached(command, hash) VALUES(?, ?)", "ut", &c->id,
                   files[i].sha256);
            /* One that was refused is tried again with a command that was confirmed again. */
            db_run(s, "UPDATE attachment SET state = 1, error = '' WHERE hash = ? AND state = 5",
                   "t", files[i].sha256);
        }
    arena_release(&a);
}

bool attachments_refused(struct store *s, const char *text)
{
    struct attached *files;
    struct arena a;
    size_t n = 0;
    bool refused = false;
    arena_init(&a, 0);
    if (attached_read(text, &a, &files, &n, NULL) == ST_OK)
        for (size_t i = 0; i < n; i++)
            refused = refused || db_int(s, "SELECT 1 FROM attachment WHERE hash = ? AND state = 5",
                                        "t", files[i].sha256) != 0;
    arena_release(&a);
    return refused;
}

void attachments_again(struct store *s)
{
    db_run(s,
           "UPDATE attachment SET state = 1, moved = 0 WHERE state = 2 AND hash IN"
           " (SELECT t.hash FROM attached t JOIN outbox o ON o.id = t.command)",
           "");
}

void attachments_moving(struct store *s, int64_t *ret_bytes, int64_t *ret_moved)
{
    int64_t now = clock_wall(s->clock);
    *ret_bytes =
        db_int(s, "SELECT coalesce(sum(bytes), 0) FROM attachment WHERE state = 1 AND " WAITS_FOR,
               "i", now);
    *ret_moved =
        db_int(s, "SELECT coalesce(sum(moved), 0) FROM attachment WHERE state = 1 AND " WAITS_FOR,
               "i", now);
}
