/* seal.c: the key of a sealed cache, and sealing one that is not. */
#include "core/store/seal.h"
#include "core/base/erase.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "core/store/db.h"
#include "core/store/seal_vfs.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/banned.h" /* after all others */

/* OWASP and RFC 9106 (4, second choice): argon2id with 64 MiB and three passes. A file that asks for more than the most was
 * not written by us, and would take the memory of the host. */
enum { PASSES = 3, PASSES_MOST = 10, MEMORY = 64 * 1024 * 1024, MEMORY_MOST = 1024 * 1024 * 1024 };
enum {
    SALT = crypto_pwhash_argon2id_SALTBYTES,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    WRAPPED = SEAL_KEY + crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HEAD_SIZE = 160,
    FILE_MOST = 1024
};

/* --- paths -------------------------------------------------------------------------------------- */
static bool beside(const char *folder, const char *name, char out[PATH_SIZE])
{
    int n = snprintf(out, PATH_SIZE, "%s/%s", folder, name);
    return n > 0 && n < PATH_SIZE;
}

/* As SQLite names the file: without links on the way. */
static bool real_path(const char *folder, const char *name, char out[PATH_SIZE])
{
    char whole[PATH_MAX];
    return realpath(folder, whole) && beside(whole, name, out);
}

static bool is_plain(const char *path)
{
    static const char magic[] = "SQLite format 3"; /* with its NUL */
    char head[sizeof magic] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t n = fd < 0 ? 0 : pread(fd, head, sizeof head, 0);
    if (fd >= 0)
        close(fd);
    return n == (ssize_t)sizeof head && memcmp(head, magic, sizeof head) == 0;
}

bool store_sealed(const char *folder)
{
    char key[PATH_SIZE], cache[PATH_SIZE];
    return beside(folder, "seal", key) && access(key, F_OK) == 0 &&
           beside(folder, "cache.db", cache) && !is_plain(cache);
}

/* --- the file of the key ------------------------------------------------------------------------ */
/* "jiban-seal 1 PASSES MEMORY SALT\nNONCE+WRAPPED KEY\n", hexadecimal; the first line is bound to the second. */
struct key_file {
    unsigned long long passes;
    size_t memory;
    unsigned char salt[SALT], box[NONCE + WRAPPED];
    char head[HEAD_SIZE];
};

static int make_head(struct key_file *f)
{
    char salt[2 * SALT + 1];
    sodium_bin2hex(salt, sizeof salt, f->salt, SALT);
    return snprintf(f->head, sizeof f->head, "jiban-seal 1 %llu %zu %s", f->passes, f->memory,
                    salt);
}

static enum status write_key_file(const char *folder, struct key_file *f, struct errmsg *err)
{
    char path[PATH_SIZE], text[HEAD_SIZE + 2 * sizeof f->box + 3], box[2 * sizeof f->box + 1];
    if (!beside(folder, "seal", path))
        return fail(err, ST_INVALID, _("The name of the folder is too long: %s"), folder);
    sodium_bin2hex(box, sizeof box, f->box, sizeof f->box);
    int n = snprintf(text, sizeof text, "%s\n%s\n", f->head, box);
    return file_write_atomic(path, text, (size_t)n, err);
}

static enum status read_key_file(const char *folder, struct key_file *f, struct errmsg *err)
{
    char path[PATH_SIZE], salt[2 * SALT + 1], box[2 * sizeof f->box + 1];
    char *text = NULL;
    size_t len = 0, n = 0;
    if (!beside(folder, "seal", path))
        return fail(err, ST_INVALID, _("The name of the folder is too long: %s"), folder);
    enum status st = file_read(path, FILE_MOST, &text, &len, err);
    if (st != ST_OK)
        return st;
    bool ok = sscanf(text, "jiban-seal 1 %llu %zu %32[0-9a-f]\n%144[0-9a-f]", &f->passes,
                     &f->memory, salt, box) == 4 &&
              f->passes >= 1 && f->passes <= PASSES_MOST && f->memory >= 8192 &&
              f->memory <= MEMORY_MOST &&
              sodium_hex2bin(f->salt, SALT, salt, strlen(salt), NULL, &n, NULL) == 0 && n == SALT &&
              sodium_hex2bin(f->box, sizeof f->box, box, strlen(box), NULL, &n, NULL) == 0 &&
              n == sizeof f->box;
    free(text);
    if (!ok)
        return fail(err, ST_CORRUPT,
                    _("%s is damaged: without it nobody can open the cache. Put it back from a "
                      "copy, or wipe the cache and fetch the cases anew."),
                    path);
    make_head(f);
    return ST_OK;
}

_Static_assert(2 * SALT == 32 && 2 * (NONCE + WRAPPED) == 144, "widths of the scan");

static enum status stretch(const struct key_file *f, const char *password,
                           unsigned char ret[SEAL_KEY], struct errmsg *err)
{
    return crypto_pwhash(ret, SEAL_KEY, password, strlen(password), f->salt, f->passes, f->memory,
                         crypto_pwhash_ALG_ARGON2ID13) == 0
               ? ST_OK
               : fail(err, ST_NOMEM, _("Out of memory."));
}

static enum status wrap(struct key_file *f, const unsigned char key[SEAL_KEY], const char *password,
                        struct errmsg *err)
{
    unsigned char stretched[SEAL_KEY];
    *f = (struct key_file){.passes = PASSES, .memory = MEMORY};
    random_fill(&random_system, f->salt, SALT);
    random_fill(&random_system, f->box, NONCE);
    int n = make_head(f);
    enum status st = stretch(f, password, stretched, err);
    if (st == ST_OK)
        crypto_aead_xchacha20poly1305_ietf_encrypt(f->box + NONCE, NULL, key, SEAL_KEY,
                                                   (const unsigned char *)f->head,
                                                   (unsigned long long)n, NULL, f->box, stretched);
    sodium_memzero(stretched, sizeof stretched);
    return st;
}

static enum status unwrap(const struct key_file *f, const char *password,
                          unsigned char ret[SEAL_KEY], struct errmsg *err)
{
    unsigned char stretched[SEAL_KEY];
    enum status st = stretch(f, password, stretched, err);
    if (st == ST_OK && crypto_aead_xchacha20poly1305_ietf_decrypt(
                           ret, NULL, NULL, f->box + NONCE, WRAPPED, (const unsigned char *)f->head,
                           strlen(f->head), f->box, stretched) != 0)
        st = fail(err, ST_DENIED,
                  _("That password does not open the sealed cache. Nothing was changed. It opens "
                    "with the password of the last log-in on this machine."));
    sodium_memzero(stretched, sizeof stretched);
    return st;
}

/* --- opening ------------------------------------------------------------------------------------ */
static enum status know(const char *folder, const char *name, const unsigned char key[SEAL_KEY],
                        struct errmsg *err)
{
    char path[PATH_SIZE];
    if (!real_path(folder, name, path))
        return fail(err, ST_IO, _("The cache cannot be opened: %s: %s"), folder, strerror(errno));
    return seal_vfs_add(path, key) ? ST_OK : fail(err, ST_NOMEM, _("Out of memory."));
}

static void forget(const char *folder, const char *name)
{
    char path[PATH_SIZE];
    if (real_path(folder, name, path))
        seal_vfs_remove(path);
}

enum status store_unlock(const char *folder, const char *password, struct errmsg *err)
{
    struct key_file f;
    unsigned char key[SEAL_KEY];
    if (sodium_init() < 0)
        return fail(err, ST_NOMEM, _("Out of memory."));
    enum status st = read_key_file(folder, &f, err);
    if (st == ST_OK)
        st = unwrap(&f, password, key, err);
    if (st == ST_OK)
        st = know(folder, "cache.db", key, err);
    sodium_memzero(key, sizeof key);
    return st;
}

bool store_unlocked(const char *folder)
{
    char path[PATH_SIZE];
    return real_path(folder, "cache.db", path) && seal_vfs_has(path);
}

void store_lock(const char *folder)
{
    forget(folder, "cache.db");
}

enum status store_seal_password(const char *folder, const char *password, struct errmsg *err)
{
    struct key_file f;
    char path[PATH_SIZE];
    unsigned char key[SEAL_KEY], now[SEAL_KEY];
    struct errmsg why = {""};
    if (!store_sealed(folder) || !real_path(folder, "cache.db", path) || !seal_vfs_key(path, key))
        return ST_OK;
    enum status st = read_key_file(folder, &f, err);
    bool same = st == ST_OK && unwrap(&f, password, now, &why) == ST_OK;
    if (st == ST_OK && !same)
        st = wrap(&f, key, password, err);
    if (st == ST_OK && !same)
        st = write_key_file(folder, &f, err);
    sodium_memzero(key, sizeof key);
    sodium_memzero(now, sizeof now);
    return st;
}

/* --- sealing a cache that is there, and back ------------------------------------------------------ */
static bool is_same_file(const char *one, const char *other)
{
    struct stat a, b;
    return lstat(one, &a) == 0 && lstat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

enum status store_seal_tidy(const char *folder, struct errmsg *err)
{
    static const char *const names[] = {"cache.db.new", "cache.db.new-journal", "cache.db.old"};
    struct erased total = {0};
    char path[PATH_SIZE], cache[PATH_SIZE];
    enum status st = ST_OK;
    if (!beside(folder, "cache.db", cache))
        return fail(err, ST_INVALID, _("The name of the folder is too long: %s"), folder);
    for (size_t i = 0; st == ST_OK && i < sizeof names / sizeof *names; i++) {
        if (!beside(folder, names[i], path))
            st = fail(err, ST_INVALID, _("The name of the folder is too long: %s"), folder);
        else if (is_same_file(path, cache)) /* cut off before the new one took its place */
            unlink(path);
        else
            st = file_erase(path, &total, err);
    }
    return st;
}

static enum status sql_failed(const struct store *s, sqlite3 *sql, struct errmsg *err)
{
    int rc = sqlite3_extended_errcode(sql);
    if ((rc & 0xff) == SQLITE_FULL || errno_is_full(sqlite3_system_errno(sql)))
        return fail(err, ST_FULL,
                    _("The disk is full: sealing needs room for a second copy of the cache in %s. "
                      "Nothing was changed."),
                    s->folder);
    return fail(err, (rc & 0xff) == SQLITE_BUSY ? ST_BUSY : ST_IO,
                _("The cache could not be copied (%s). Nothing was changed."), sqlite3_errmsg(sql));
}

/* All of the cache, with the index, into a file of its own, synced; each page of it is read back. */
static enum status copy(struct store *s, const char *to, struct errmsg *err)
{
    int reserve = SEAL_RESERVE;
    char text[2 * PATH_SIZE];
    sqlite3 *check = NULL;
    sqlite3_stmt *q = NULL;
    sqlite3_snprintf(sizeof text, text, "VACUUM INTO %Q", to);
    int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600); /* empty, so it is taken */
    if (fd < 0)
        return fail(err, errno_is_full(errno) ? ST_FULL : ST_IO, _("Cannot write %s: %s"), to,
                    strerror(errno));
    close(fd);
    enum status st = db_checkpoint_whole(s, err);
    if (st != ST_OK)
        return st;
    if (sqlite3_file_control(s->sql, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve) != SQLITE_OK ||
        sqlite3_exec(s->sql, text, NULL, NULL, NULL) != SQLITE_OK)
        return sql_failed(s, s->sql, err);
    fd = open(to, O_RDONLY | O_CLOEXEC);
    st = fd >= 0 && fsync(fd) == 0
             ? ST_OK
             : fail(err, ST_IO, _("Cannot write %s: %s"), to, strerror(errno));
    if (fd >= 0)
        close(fd);
    bool whole = st == ST_OK &&
                 sqlite3_open_v2(to, &check, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
                                 seal_vfs()) == SQLITE_OK &&
                 sqlite3_prepare_v2(check, "PRAGMA quick_check(1)", -1, &q, NULL) == SQLITE_OK &&
                 sqlite3_step(q) == SQLITE_ROW &&
                 strcmp((const char *)sqlite3_column_text(q, 0), "ok") == 0;
    if (st == ST_OK && !whole)
        st = sql_failed(s, check, err);
    sqlite3_finalize(q);
    sqlite3_close_v2(check);
    return st;
}

/* The new file takes the place of the old one in one step; then nothing of the old one shall be left. */
static enum status exchange(struct store *s, const char *new, struct errmsg *err)
{
    static const char *const tails[] = {"cache.db-wal", "cache.db-shm"};
    struct erased total = {0};
    char old[PATH_SIZE], path[PATH_SIZE];
    enum status st = ST_OK;
    db_close(s);
    for (size_t i = 0; st == ST_OK && i < 2; i++) /* the WAL is empty: all is in the file */
        if (beside(s->folder, tails[i], path))
            st = file_erase(path, &total, err);
    if (st == ST_OK && (!beside(s->folder, "cache.db.old", old) || link(s->path, old) != 0 ||
                        rename(new, s->path) != 0))
        st = fail(err, ST_IO, _("Cannot write %s: %s"), s->path, strerror(errno));
    if (st == ST_OK)
        path_sync_parent(s->path);
    if (st == ST_OK)
        st = file_erase(old, &total, err);
    return st;
}

static enum status convert(struct store *s, const unsigned char *key, struct errmsg *err)
{
    char new[PATH_SIZE];
    if (!real_path(s->folder, "cache.db.new", new))
        return fail(err, ST_IO, _("The cache cannot be opened: %s: %s"), s->folder,
                    strerror(errno));
    enum status st = key ? know(s->folder, "cache.db.new", key, err) : ST_OK;
    if (st == ST_OK)
        st = copy(s, new, err);
    forget(s->folder, "cache.db.new");
    if (st == ST_OK)
        st = exchange(s, new, err);
    if (st != ST_OK)
        return st;
    if (!key)
        forget(s->folder, "cache.db");
    else
        st = know(s->folder, "cache.db", key, err);
    return st == ST_OK ? db_open(s, err) : st; /* and it is in WAL mode */
}

enum status store_seal(const char *folder, const char *password, const struct clock *clock,
                       struct errmsg *err)
{
    struct store *s = NULL;
    struct key_file f;
    unsigned char key[SEAL_KEY];
    if (sodium_init() < 0)
        return fail(err, ST_NOMEM, _("Out of memory."));
    if (store_sealed(folder))
        return fail(err, ST_EXISTS, _("The cache is sealed already."));
    enum status st = store_open(folder, STORE_OWNER, clock, &s, err);
    if (st != ST_OK)
        return st;
    random_fill(&random_system, key, sizeof key);
    st = wrap(&f, key, password, err);
    if (st == ST_OK)
        st = write_key_file(folder, &f, err);
    if (st == ST_OK)
        st = convert(s, key, err);
    sodium_memzero(key, sizeof key);
    store_close(s);
    return st;
}

enum status store_unseal(const char *folder, const struct clock *clock, struct errmsg *err)
{
    struct store *s = NULL;
    struct erased total = {0};
    char path[PATH_SIZE];
    if (!store_sealed(folder))
        return fail(err, ST_EXISTS, _("The cache is not sealed."));
    enum status st = store_open(folder, STORE_OWNER, clock, &s, err);
    if (st != ST_OK)
        return st;
    st = convert(s, NULL, err);
    store_close(s);
    if (st == ST_OK && beside(folder, "seal", path))
        st = file_erase(path, &total, err);
    return st;
}
