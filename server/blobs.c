#include "server/blobs.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/case/attached.h"
#include "core/text/picture.h"
#include "server/service_own.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t pieces = PTHREAD_MUTEX_INITIALIZER; /* one piece is written at a time */

/* --- names ----------------------------------------------------------------------------------------- */

/* "STORE.files/HASH", with what is asked for behind it. */
static enum status path_of(struct service *s, const char *name, const char *ending,
                           char out[PATH_SIZE], struct errmsg *err)
{
    int n = snprintf(out, PATH_SIZE, "%s.files/%s%s", database_path(s->writer), name, ending);
    return n < PATH_SIZE ? ST_OK : fail(err, ST_IO, _("The path of the file is too long."));
}

/* What a person has begun to send: of that person alone, so that nobody spoils it for another one. */
static enum status part_of(struct service *s, const char *hash, const char *user,
                           char out[PATH_SIZE], struct errmsg *err)
{
    enum { BYTES = crypto_generichash_BYTES_MIN };
    unsigned char bytes[BYTES];
    char ending[2 * BYTES + 8] = ".";
    crypto_generichash(bytes, sizeof bytes, (const unsigned char *)user, strlen(user), NULL, 0);
    sodium_bin2hex(ending + 1, sizeof ending - 1, bytes, sizeof bytes);
    memcpy(ending + 1 + 2 * BYTES, ".part", sizeof ".part");
    return path_of(s, hash, ending, out, err);
}

static int64_t size_of(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? info.st_size : 0;
}

/* --- who may --------------------------------------------------------------------------------------- */

static bool is_there(struct db *db, const char *hash, int64_t *ret_bytes, char type[16])
{
    struct stmt *q = database_stmt(db, SQL_BLOB_GET);
    stmt_text(q, 1, hash);
    bool found = stmt_row(q);
    if (found) {
        *ret_bytes = stmt_get_int(q, 0);
        snprintf(type, 16, "%s", stmt_get_text(q, 1, NULL));
    }
    stmt_done(q);
    return found;
}

static bool sent_by(struct db *db, const char *hash, const char *user)
{
    struct stmt *q = database_stmt(db, SQL_BLOB_USER);
    stmt_text(q, 1, hash);
    stmt_text(q, 2, user);
    bool found = stmt_row(q);
    stmt_done(q);
    return found;
}

/* Does the person see one of the cases that refer to it? *ret_any: some case does. */
static enum status in_sight(struct service *s, struct db *db, const struct actor *who,
                            const char *hash, bool *ret, bool *ret_any, struct errmsg *err)
{
    enum status st = ST_OK;
    struct arena a;
    int64_t rows[64];
    struct uuid ids[64];
    size_t n = 0;
    *ret = false;
    struct stmt *q = database_stmt(db, SQL_BLOB_ANY);
    stmt_text(q, 1, hash);
    *ret_any = stmt_row(q);
    stmt_done(q);
    q = database_stmt(db, SQL_BLOB_CASES);
    stmt_text(q, 1, hash);
    stmt_text(q, 2, service_scope(s, who));
    while (n < sizeof rows / sizeof *rows && stmt_row(q)) {
        size_t len;
        const void *id = stmt_get_blob(q, 1, &len);
        if (len != sizeof ids[n].byte)
            continue;
        memcpy(ids[n].byte, id, len);
        rows[n++] = stmt_get_int(q, 0);
    }
    stmt_done(q);
    st = database_status(db, err);
    arena_init(&a, 0);
    for (size_t i = 0; st == ST_OK && !*ret && i < n; i++) {
        struct casefile c;
        arena_reset(&a);
        casefile_init(&c, &ids[i], &a);
        st = service_fold(db, rows[i], &c, &a, err);
        *ret = st == ST_OK && workflow_sees(&c, who);
    }
    arena_release(&a);
    return st;
}

static enum status not_here(struct errmsg *err)
{
    return fail(err, ST_NOT_FOUND, _("There is no such file in your sight."));
}

/* The file of that hash, if the person may read it, or may attach it (then also what he has sent himself). */
static enum status find(struct service *s, struct db *db, const struct actor *who, const char *hash,
                        bool attaching, int64_t *ret_bytes, char type[16], struct errmsg *err)
{
    bool sees = false, any = false;
    bool found = is_there(db, hash, ret_bytes, type);
    enum status st = database_status(db, err);
    if (st == ST_OK && found)
        st = in_sight(s, db, who, hash, &sees, &any, err);
    if (st == ST_OK && found && !sees && (attaching || !any))
        sees = sent_by(db, hash, who->user);
#if SABOTAGE == 171
    sees = true; /* damage for the tests: whoever knows the hash of a file may read it */
#endif
    if (st == ST_OK)
        st = database_status(db, err);
    return st != ST_OK || (found && sees) ? st : not_here(err);
}

/* --- sending --------------------------------------------------------------------------------------- */

static enum status bounds(int64_t from, int64_t total, size_t n, struct errmsg *err)
{
    if (total > ATTACHED_BYTES)
        return fail(err, ST_TOOBIG, _("The file is larger than %d MiB."),
                    ATTACHED_BYTES / (1024 * 1024));
    if (total < 1 || from < 0 || from > total || (int64_t)n > total - from)
        return fail(err, ST_INVALID, _("Content-Range does not fit the body."));
    return ST_OK;
}

enum status blob_have(struct service *s, const struct actor *who, const char *hash, int64_t total,
                      int64_t *ret_have, struct errmsg *err)
{
    char path[PATH_SIZE], type[16];
    int64_t bytes = 0;
    struct db *db = service_reader(s, err);
    enum status st = db ? bounds(0, total, 0, err) : ST_IO;
    if (st == ST_OK)
        st = find(s, db, who, hash, true, &bytes, type, err);
    if (st == ST_NOT_FOUND) {
        st = part_of(s, hash, who->user, path, err);
        bytes = st == ST_OK ? size_of(path) : 0;
    }
    if (st == ST_OK)
        *ret_have = bytes;
    return st;
}

struct begun {
    const char *hash, *user;
    int64_t now_ms;
    const char *type; /* of one that is whole */
    int64_t bytes;
    bool ends; /* nothing of it is there any more, or all of it */
};

/* Notes that a part is there, so that it is removed some day; or that it is none any more. */
static enum status note_part(struct db *db, void *self, struct errmsg *err)
{
    const struct begun *b = self;
    struct stmt *q = database_stmt(db, b->ends ? SQL_BLOB_PART_DROP : SQL_BLOB_PART_ADD);
    stmt_text(q, 1, b->hash);
    stmt_text(q, 2, b->user);
    if (!b->ends)
        stmt_int(q, 3, b->now_ms);
    enum status st = stmt_run(q, err);
    if (st == ST_OK && !b->ends) {
        q = database_stmt(db, SQL_BLOB_PART_COUNT);
        stmt_text(q, 1, b->user);
        if (stmt_row(q) && stmt_get_int(q, 0) > BLOB_PARTS_MOST)
            st = fail(err, ST_TOOBIG, _("%d files are begun and not sent to their end."),
                      BLOB_PARTS_MOST);
        stmt_done(q);
    }
    return st;
}

static enum status note_whole(struct db *db, void *self, struct errmsg *err)
{
    const struct begun *b = self;
    struct stmt *q = database_stmt(db, SQL_BLOB_ADD);
    stmt_text(q, 1, b->hash);
    stmt_int(q, 2, b->bytes);
    stmt_text(q, 3, b->type);
    stmt_int(q, 4, b->now_ms);
    enum status st = stmt_run(q, err);
    q = database_stmt(db, SQL_BLOB_USER_ADD);
    stmt_text(q, 1, b->hash);
    stmt_text(q, 2, b->user);
    return st == ST_OK && (st = stmt_run(q, err)) == ST_OK ? note_part(db, self, err) : st;
}

static enum status io(const char *path, struct errmsg *err)
{
    int why = errno;
    log_write(LOG_ERROR, "%s: %s", path, strerror(why));
    return errno_is_full(why) ? fail(err, ST_FULL, _("The disk of the store is full."))
                              : fail(err, ST_IO, "%.200s: %s", path, strerror(why));
}

static enum status append(const char *path, int64_t at, const char *data, size_t n,
                          struct errmsg *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    size_t done = 0;
    while (fd >= 0 && done < n) {
        ssize_t more = pwrite(fd, data + done, n - done, at + (off_t)done);
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            break;
        done += (size_t)more;
    }
    if (fd < 0 || done < n) {
        enum status st = io(path, err);
        if (fd >= 0)
            close(fd);
        return st;
    }
    close(fd);
    return ST_OK;
}

/* Is it what it should be? The bytes lie in the page cache, not in memory of ours. */
static enum status judge(const unsigned char *data, size_t n, const char *hash,
                         const char **ret_type, struct errmsg *err)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof sum + 1];
    struct buf plain;
    bool located = false;
    crypto_hash_sha256(sum, data, n);
    sodium_bin2hex(hex, sizeof hex, sum, sizeof sum);
#if SABOTAGE == 172
    hash = hex; /* damage for the tests: what came is believed to be what was announced */
#endif
    if (strcmp(hex, hash) != 0)
        return fail(err, ST_CORRUPT, _("What came has another hash than the address says."));
    enum filetype type = filetype_of(data, n);
    if (type == FILETYPE_COUNT)
        return fail(err, ST_UNSUPPORTED,
                    _("Only photos (JPEG, PNG, WebP), papers (PDF) and plain text are taken."));
    buf_init(&plain, n + 64);
    enum status st = picture_strip(type, data, n, &plain, &located, err);
    buf_release(&plain);
    if (st == ST_INVALID)
        return fail(err, ST_UNSUPPORTED, "%s", err->text);
    if (st == ST_OK && located)
        return fail(err, ST_UNSUPPORTED, _("The picture says where it was taken; take that out."));
    *ret_type = filetype_table[type].word;
    return st;
}

static enum status judge_file(const char *path, const char *hash, int64_t total,
                              const char **ret_type, struct errmsg *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    void *data = fd >= 0 && fsync(fd) == 0
                     ? mmap(NULL, (size_t)total, PROT_READ, MAP_PRIVATE, fd, 0)
                     : MAP_FAILED;
    enum status st = data == MAP_FAILED ? io(path, err) : ST_OK;
    if (st == ST_OK) {
        st = judge(data, (size_t)total, hash, ret_type, err);
        munmap(data, (size_t)total);
    }
    if (fd >= 0)
        close(fd);
    return st;
}

/* The part at path has all its bytes: it becomes the file, or is dropped. */
static enum status finish(struct service *s, struct begun *b, const char *path, struct errmsg *err)
{
    char whole[PATH_SIZE];
    b->ends = true;
    enum status st = path_of(s, b->hash, "", whole, err);
    if (st == ST_OK)
        st = judge_file(path, b->hash, b->bytes, &b->type, err);
    if (st == ST_CORRUPT || st == ST_UNSUPPORTED) {
        unlink(path);
        service_write(s, note_part, b, NULL);
        return st;
    }
    if (st == ST_OK && rename(path, whole) != 0)
        st = io(path, err);
    if (st == ST_OK) {
        path_sync_parent(whole);
        st = service_write(s, note_whole, b, err);
    }
    return st;
}

static enum status put(struct service *s, const struct actor *who, const char *hash, int64_t from,
                       int64_t total, const char *data, size_t n, int64_t *ret_have,
                       struct errmsg *err)
{
    char path[PATH_SIZE], folder[PATH_SIZE];
    struct begun b = {.hash = hash, .user = who->user, .now_ms = service_now(s), .bytes = total};
    enum status st = blob_have(s, who, hash, total, ret_have, err);
    if (st != ST_OK || *ret_have == total)
        return st;
    int64_t have = *ret_have;
    if (have > total || from > have)
        return fail(err, ST_CONFLICT, _("%lld bytes of the file are there; go on from there."),
                    (long long)have);
    st = part_of(s, hash, who->user, path, err);
    if (st == ST_OK)
        st = path_of(s, "", "", folder, err);
    if (st == ST_OK && have == 0) {
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            st = io(folder, err);
        if (st == ST_OK)
            st = service_write(s, note_part, &b, err);
    }
    size_t skip = (size_t)(have - from) < n ? (size_t)(have - from) : n;
    if (st == ST_OK && n > skip)
        st = append(path, have, data + skip, n - skip, err);
    if (st != ST_OK)
        return st;
    have += (int64_t)(n - skip);
    if (have == total)
        st = finish(s, &b, path, err);
    if (st == ST_OK)
        *ret_have = have;
    return st;
}

enum status blob_put(struct service *s, const struct actor *who, const char *hash, int64_t from,
                     int64_t total, const void *data, size_t n, int64_t *ret_have,
                     struct errmsg *err)
{
    enum status st = bounds(from, total, n, err);
    if (st != ST_OK)
        return st;
    pthread_mutex_lock(&pieces);
    st = put(s, who, hash, from, total, data, n, ret_have, err);
    pthread_mutex_unlock(&pieces);
    return st;
}

/* --- reading --------------------------------------------------------------------------------------- */

static enum status read_bytes(const char *path, int64_t from, int64_t to, struct buf *out,
                              struct errmsg *err)
{
    char piece[16 * 1024];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    while (fd >= 0 && from <= to) {
        size_t want =
            to - from + 1 < (int64_t)sizeof piece ? (size_t)(to - from + 1) : sizeof piece;
        ssize_t n = pread(fd, piece, want, from);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        buf_add(out, piece, (size_t)n);
        from += n;
    }
    enum status st = from <= to ? io(path, err) : ST_OK;
    if (fd >= 0)
        close(fd);
    return st;
}

enum status blob_get(struct service *s, const struct actor *who, const char *hash, int64_t from,
                     int64_t to, struct buf *out, int64_t *ret_total, const char **ret_media,
                     struct errmsg *err)
{
    char path[PATH_SIZE], type[16] = "";
    int64_t total = 0;
    struct db *db = service_reader(s, err);
    enum status st = db ? find(s, db, who, hash, false, &total, type, err) : ST_IO;
    if (st != ST_OK)
        return st;
    *ret_total = total;
    enum filetype known = filetype_find(type);
    *ret_media = known == FILETYPE_COUNT ? "application/octet-stream" : filetype_table[known].media;
    if (from >= total || (to >= 0 && to < from))
        return fail(err, ST_INVALID, _("The file has %lld bytes."), (long long)total);
    st = path_of(s, hash, "", path, err);
    return st == ST_OK ? read_bytes(path, from, to < 0 || to >= total ? total - 1 : to, out, err)
                       : st;
}

/* --- what a command names -------------------------------------------------------------------------- */

static enum status files_of(const struct command *c, struct arena *a, struct attached **ret,
                            size_t *ret_n, struct errmsg *err)
{
    const char *text = value_find(c->values, c->n_values, FIELD_ATTACH);
    *ret_n = 0;
    return text && *text ? attached_read(text, a, ret, ret_n, err) : ST_OK;
}

enum status blobs_check(struct service *s, struct db *db, const struct actor *who,
                        const struct command *c, struct arena *a, struct errmsg *err)
{
    struct attached *files = NULL;
    size_t n = 0;
    int64_t sum = 0, count = 0;
    enum status st = files_of(c, a, &files, &n, err);
    if (st != ST_OK || n == 0)
        return st;
    struct stmt *q = database_stmt(db, SQL_BLOB_CASE_SUM);
    stmt_blob(q, 1, c->case_id.byte, sizeof c->case_id.byte);
    if (stmt_row(q)) {
        count = stmt_get_int(q, 0);
        sum = stmt_get_int(q, 1);
    }
    stmt_done(q);
    st = database_status(db, err);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        char type[16] = "";
        int64_t bytes = 0;
        st = find(s, db, who, files[i].sha256, true, &bytes, type, err);
        if (st == ST_NOT_FOUND)
            return fail(err, ST_REFUSED, _("%s is not at the centre; send it first."),
                        files[i].name);
        if (st == ST_OK &&
            (bytes != files[i].bytes || strcmp(type, filetype_table[files[i].type].word) != 0))
            return fail(err, ST_REFUSED, _("%s is another file than the command says."),
                        files[i].name);
        sum += bytes;
    }
    if (st == ST_OK && (count + (int64_t)n > ATTACHED_ORDER_MOST || sum > BLOB_ORDER_BYTES))
        return fail(err, ST_REFUSED, _("An order has at most %d files of %d MiB together."),
                    ATTACHED_ORDER_MOST, BLOB_ORDER_BYTES / (1024 * 1024));
    return st;
}

enum status blobs_link(struct db *db, const struct command *c, struct arena *a, struct errmsg *err)
{
    struct attached *files = NULL;
    size_t n = 0;
    enum status st = files_of(c, a, &files, &n, err);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        struct stmt *q = database_stmt(db, SQL_BLOB_CASE_ADD);
        stmt_blob(q, 1, c->case_id.byte, sizeof c->case_id.byte);
        stmt_text(q, 2, files[i].sha256);
        st = stmt_run(q, err);
    }
    return st;
}

/* --- what nobody waits for ------------------------------------------------------------------------- */

struct sweep {
    struct service *s;
    int64_t before_ms;
    char path[PATH_SIZE];
};

/* One of them; ST_NOT_FOUND: there is none. */
static enum status sweep_one(struct db *db, void *self, struct errmsg *err)
{
    struct sweep *w = self;
    char hash[SHA256_HEX + 1] = "", user[256] = "";
    bool part = true;
    struct stmt *q = database_stmt(db, SQL_BLOB_PART_OLD);
    stmt_int(q, 1, w->before_ms);
    if (stmt_row(q)) {
        snprintf(hash, sizeof hash, "%s", stmt_get_text(q, 0, NULL));
        snprintf(user, sizeof user, "%s", stmt_get_text(q, 1, NULL));
    }
    stmt_done(q);
    if (!*hash) {
        part = false;
        q = database_stmt(db, SQL_BLOB_OLD);
        stmt_int(q, 1, w->before_ms);
        if (stmt_row(q))
            snprintf(hash, sizeof hash, "%s", stmt_get_text(q, 0, NULL));
        stmt_done(q);
    }
    enum status st = database_status(db, err);
    if (st != ST_OK || !*hash)
        return st == ST_OK ? ST_NOT_FOUND : st;
    st = part ? part_of(w->s, hash, user, w->path, err) : path_of(w->s, hash, "", w->path, err);
    q = database_stmt(db, part ? SQL_BLOB_PART_DROP : SQL_BLOB_DROP);
    stmt_text(q, 1, hash);
    if (part)
        stmt_text(q, 2, user);
    if (st == ST_OK)
        st = stmt_run(q, err);
    if (st == ST_OK && !part) {
        q = database_stmt(db, SQL_BLOB_USERS_DROP);
        stmt_text(q, 1, hash);
        st = stmt_run(q, err);
    }
    return st;
}

enum status blobs_sweep(struct service *s, struct errmsg *err)
{
    struct sweep w = {.s = s, .before_ms = service_now(s) - (int64_t)BLOB_KEEP_DAYS * MS_DAY};
    enum status st = ST_OK;
    while (st == ST_OK) {
        st = service_write(s, sweep_one, &w, err);
        if (st == ST_OK)
            unlink(w.path);
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}
