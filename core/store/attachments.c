#include "core/store/attachments.h"
#include "core/base/erase.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "core/store/db.h"
#include "core/text/picture.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COLUMNS "hash, type, bytes, located, name, state, moved, error"

/* --- files ----------------------------------------------------------------------------------------- */

static enum status path_of(const struct store *s, const char *hash, const char *ending,
                           char out[PATH_SIZE], struct errmsg *err)
{
    int n = snprintf(out, PATH_SIZE, "%s/files/%s%s", s->folder, hash, ending);
    return n < PATH_SIZE ? ST_OK : fail(err, ST_IO, _("The path of the file is too long."));
}

static enum status make_folder(const struct store *s, struct errmsg *err)
{
    char folder[PATH_SIZE];
    int n = snprintf(folder, sizeof folder, "%s/files", s->folder);
    if (n >= PATH_SIZE)
        return fail(err, ST_IO, _("The path of the file is too long."));
    if (mkdir(folder, 0700) == 0 || errno == EEXIST)
        return path_check_private(folder, true, err);
    return fail(err, errno_is_full(errno) ? ST_FULL : ST_IO, "%.300s: %s", folder, strerror(errno));
}

static void hash_of(const void *data, size_t n, char out[SHA256_HEX + 1])
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(sum, data, n);
    sodium_bin2hex(out, SHA256_HEX + 1, sum, sizeof sum);
}

enum status store_attachment_path(struct store *s, const char *hash, char out[PATH_SIZE],
                                  struct errmsg *err)
{
    enum status st = path_of(s, hash, "", out, err);
    if (st == ST_OK && access(out, R_OK) != 0)
        st = fail(err, ST_NOT_FOUND, _("The file is not on this machine."));
    return st;
}

enum status store_attachment_data(struct store *s, const char *hash, struct buf *out,
                                  struct errmsg *err)
{
    return store_attachment_piece(s, hash, 0, ATTACHED_BYTES, out, err);
}

enum status store_attachment_piece(struct store *s, const char *hash, int64_t from, size_t n,
                                   struct buf *out, struct errmsg *err)
{
    char path[PATH_SIZE], piece[16 * 1024];
    enum status st = store_attachment_path(s, hash, path, err);
    if (st != ST_OK)
        return st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t got = fd >= 0 ? 1 : -1;
    while (got > 0 && n > 0) {
        got = pread(fd, piece, n < sizeof piece ? n : sizeof piece, from);
        if (got > 0) {
            buf_add(out, piece, (size_t)got);
            from += got;
            n -= (size_t)got;
        }
    }
    int why = errno;
    if (fd >= 0)
        close(fd);
    if (got < 0)
        return fail(err, ST_IO, "%.300s: %s", path, strerror(why));
    st = buf_status(out);
    return st == ST_OK ? ST_OK : fail(err, st, _("The file is too large, or memory is out."));
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
    char *data = NULL, whole[PATH_SIZE];
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
        st = make_folder(s, err);
    if (st == ST_OK) {
        hash_of(plain.data, plain.len, f.sha256);
        f.bytes = (int64_t)plain.len;
        st = path_of(s, f.sha256, "", whole, err);
    }
    if (st == ST_OK)
        st = file_write_atomic(whole, plain.data, plain.len, err);
    buf_release(&plain);
    if (st == ST_OK)
        st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    put_row(s, &f, ATTACHMENT_HERE);
    st = db_write_end(s, err);
    if (st == ST_OK)
        *ret = f;
    return st;
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
    char path[PATH_SIZE];
    bool whole = ret->state == ATTACHMENT_HERE || ret->state == ATTACHMENT_THERE;
    if (whole && store_attachment_path(s, file->sha256, path, NULL) != ST_OK)
        ret->state = ATTACHMENT_NONE; /* somebody has removed it: it can be fetched again */
    ret->file = *file;                /* the name that this step gave it */
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
    char path[PATH_SIZE];
    if (store_attachment_path(s, file->sha256, path, NULL) == ST_OK)
        return ST_OK;
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    db_run(s, "DELETE FROM attachment WHERE hash = ?", "t", file->sha256);
    put_row(s, file, ATTACHMENT_WANTED);
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
static enum status keep_whole(struct store *s, const struct attached *file, const char *part,
                              struct errmsg *err)
{
    char whole[PATH_SIZE], hash[SHA256_HEX + 1], *data = NULL;
    size_t n = 0;
    enum status st = path_of(s, file->sha256, "", whole, err);
    if (st == ST_OK)
        st = file_read(part, ATTACHED_BYTES, &data, &n, err);
    if (st == ST_OK) {
        hash_of(data, n, hash);
        if (strcmp(hash, file->sha256) != 0)
            st = fail(err, ST_CORRUPT, _("%s is not what was attached; it was dropped."),
                      file->name);
    }
    free(data);
    if (st == ST_OK && rename(part, whole) != 0)
        st = fail(err, ST_IO, "%.300s: %s", whole, strerror(errno));
    if (st == ST_CORRUPT)
        unlink(part);
    if (st == ST_OK)
        path_sync_parent(whole);
    return st;
}

enum status store_attachment_fetched(struct store *s, const struct attached *file, int64_t from,
                                     const char *data, size_t n, bool *ret_whole,
                                     struct errmsg *err)
{
    char part[PATH_SIZE];
    int64_t now = from + (int64_t)n;
    enum status st = make_folder(s, err);
    if (st == ST_OK)
        st = path_of(s, file->sha256, ".part", part, err);
    if (st != ST_OK)
        return st;
    int fd =
        open(part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (from == 0 ? O_TRUNC : 0), 0600);
    bool whole = now >= file->bytes;
    bool ok = fd >= 0;
    for (size_t done = 0; ok && done < n;) {
        ssize_t more = pwrite(fd, data + done, n - done, from + (off_t)done);
        ok = more > 0;
        done += ok ? (size_t)more : 0;
    }
    if (ok && whole)
        ok = fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    if (!ok)
        return fail(err, errno_is_full(why) ? ST_FULL : ST_IO, "%.300s: %s", part, strerror(why));
    if (whole)
        st = keep_whole(s, file, part, err);
    if (st == ST_OK)
        st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    db_run(s, "UPDATE attachment SET moved = ?, state = ? WHERE hash = ?", "iit", now,
           (int64_t)(whole ? ATTACHMENT_THERE : ATTACHMENT_WANTED), file->sha256);
    st = db_write_end(s, err);
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
    db_run(s, "UPDATE attachment SET state = 4, error = ? WHERE hash = ?", "tt", why->detail,
           file->sha256);
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
    char hash[SHA256_HEX + 1], path[PATH_SIZE];
    struct erased total = {0};
    int n = 0;
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    while (st == ST_OK && old_one(s, before_ms, hash)) {
        st = path_of(s, hash, "", path, err);
        if (st == ST_OK)
            st = file_erase(path, &total, err);
        if (st == ST_OK)
            st = path_of(s, hash, ".part", path, err);
        if (st == ST_OK)
            st = file_erase(path, &total, err);
        db_run(s, "DELETE FROM attachment WHERE hash = ?", "t", hash);
        n++;
    }
    db_run(s,
           "DELETE FROM attached WHERE command NOT IN (SELECT id FROM outbox UNION ALL"
           " SELECT id FROM sent UNION ALL SELECT id FROM conflicts)",
           "");
    if (st != ST_OK) {
        db_rollback(s);
        return st;
    }
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
            /* One that failed is tried again with a command that was confirmed again. */
            db_run(s, "UPDATE attachment SET state = 1, error = '' WHERE hash = ? AND state = 4",
                   "t", files[i].sha256);
        }
    arena_release(&a);
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
