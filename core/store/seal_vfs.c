/* seal_vfs.c: pages are sealed on their way to the disk and opened on their way back. */
#include "core/store/seal_vfs.h"
#include "core/base/random.h"
#include "core/store/db.h"
#include <pthread.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(SEAL_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "size of the key");
_Static_assert(SEAL_RESERVE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES +
                                   crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "nonce and tag");

/* https://www.sqlite.org/fileformat2.html, 4.1 */
enum { WAL_HEADER = 32, FRAME_HEADER = 24, FRAME = FRAME_HEADER + SEAL_PAGE };
enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, CONTENT = SEAL_PAGE - SEAL_RESERVE };

/* --- keys --------------------------------------------------------------------------------------- */
struct known {
    struct known *next;
    char *path;
    unsigned char *key; /* sodium_malloc */
};
static struct known *all_known;
static pthread_mutex_t known_lock = PTHREAD_MUTEX_INITIALIZER;

static struct known **find(const char *path, size_t n)
{
    struct known **p = &all_known;
    while (*p && (strlen((*p)->path) != n || memcmp((*p)->path, path, n) != 0))
        p = &(*p)->next;
    return p;
}

static const unsigned char *key_of(const char *path, size_t n)
{
    pthread_mutex_lock(&known_lock);
    struct known *k = *find(path, n);
    pthread_mutex_unlock(&known_lock);
    return k ? k->key : NULL; /* stays until nobody has the file open */
}

static void forget(struct known *k)
{
    if (k)
        sodium_free(k->key);
    if (k)
        free(k->path);
    free(k);
}

bool seal_vfs_add(const char *path, const unsigned char key[SEAL_KEY])
{
    struct known *k = sodium_init() < 0 ? NULL : calloc(1, sizeof *k);
    if (!k)
        return false;
    k->path = strdup(path);
    k->key = sodium_malloc(SEAL_KEY);
    if (!k->path || !k->key) {
        forget(k);
        return false;
    }
    memcpy(k->key, key, SEAL_KEY);
    sodium_mprotect_readonly(k->key);
    seal_vfs_remove(path);
    pthread_mutex_lock(&known_lock);
    k->next = all_known;
    all_known = k;
    pthread_mutex_unlock(&known_lock);
    return true;
}

bool seal_vfs_has(const char *path)
{
    return key_of(path, strlen(path)) != NULL;
}

bool seal_vfs_key(const char *path, unsigned char ret[SEAL_KEY])
{
    const unsigned char *key = key_of(path, strlen(path));
    if (key)
        memcpy(ret, key, SEAL_KEY);
    return key != NULL;
}

void seal_vfs_remove(const char *path)
{
    pthread_mutex_lock(&known_lock);
    struct known **p = find(path, strlen(path)), *k = *p;
    if (k)
        *p = k->next;
    pthread_mutex_unlock(&known_lock);
    forget(k);
}

/* --- one page ----------------------------------------------------------------------------------- */
struct sealed_file {
    sqlite3_file base;
    sqlite3_file *real; /* in the memory behind this */
    const unsigned char *key;
    bool wal, journal;
};

static struct sealed_file *sealed(sqlite3_file *file)
{
    return (struct sealed_file *)(void *)file;
}

/* What a page is bound to: which file, where in it, which page. */
struct place {
    unsigned char bytes[1 + 8 + 4];
};

static struct place place_of(bool wal, sqlite3_int64 at, const unsigned char number[4])
{
    struct place p = {{wal ? 'w' : 'd'}};
    for (int i = 0; i < 8; i++)
        p.bytes[1 + i] = (unsigned char)((uint64_t)at >> (8 * (7 - i)));
    memcpy(p.bytes + 9, number, 4);
    return p;
}

/* In a WAL the number of the page stands in the header of its frame, written before the page. */
static int place_at(struct sealed_file *f, sqlite3_int64 at, struct place *ret)
{
    unsigned char number[4] = {0};
    int rc = f->wal ? f->real->pMethods->xRead(f->real, number, sizeof number, at - FRAME_HEADER)
                    : SQLITE_OK;
    *ret = place_of(f->wal, at, number);
    return rc;
}

static int write_page(struct sealed_file *f, const unsigned char *page, sqlite3_int64 at)
{
    unsigned char out[SEAL_PAGE];
    struct place place;
    /* The checksums of a WAL go over these bytes too, and they come back as zeros. */
    if (!sodium_is_zero(page + CONTENT, SEAL_RESERVE))
        return SQLITE_IOERR_WRITE;
    int rc = place_at(f, at, &place);
    if (rc != SQLITE_OK)
        return SQLITE_IOERR_WRITE;
    random_fill(&random_system, out + CONTENT, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt_detached(out, out + CONTENT + NONCE, NULL, page,
                                                        CONTENT, place.bytes, sizeof place.bytes,
                                                        NULL, out + CONTENT, f->key);
    return f->real->pMethods->xWrite(f->real, out, SEAL_PAGE, at);
}

static int read_page(struct sealed_file *f, unsigned char page[SEAL_PAGE], sqlite3_int64 at)
{
    struct place place;
    int rc = f->real->pMethods->xRead(f->real, page, SEAL_PAGE, at);
    if (rc == SQLITE_IOERR_SHORT_READ)
        memset(page, 0, SEAL_PAGE); /* a part of a page is none */
    if (rc == SQLITE_OK)
        rc = place_at(f, at, &place);
    if (rc != SQLITE_OK)
        return rc;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
            page, NULL, page, CONTENT, page + CONTENT + NONCE, place.bytes, sizeof place.bytes,
            page + CONTENT, f->key) != 0)
        return SQLITE_CORRUPT;
    memset(page + CONTENT, 0, SEAL_RESERVE);
    return SQLITE_OK;
}

/* --- any piece of a file ------------------------------------------------------------------------ */
/* The piece of [at, at + n) that begins at at: within a page, or in the clear before one. */
struct piece {
    bool page;
    sqlite3_int64 start; /* of the page */
    int skip, n;         /* bytes of it before at; bytes that are asked for */
};

static struct piece piece_at(const struct sealed_file *f, sqlite3_int64 at, int n)
{
    struct piece p = {.page = true};
    sqlite3_int64 within = f->wal ? at - WAL_HEADER : at;
    int unit = f->wal ? FRAME : SEAL_PAGE, clear = f->wal ? FRAME_HEADER : 0, rest;
    if (within < 0) {
        p.page = false;
        rest = (int)-within;
    } else {
        int into = (int)(within % unit);
        p.page = into >= clear;
        p.skip = p.page ? into - clear : 0;
        p.start = at - p.skip;
        rest = p.page ? unit - into : clear - into;
    }
    p.n = n < rest ? n : rest;
    return p;
}

static int seal_read(sqlite3_file *file, void *buffer, int n, sqlite3_int64 at)
{
    struct sealed_file *f = sealed(file);
    unsigned char *out = buffer;
    /* Reading what a crash may have left, SQLite takes whole frames and looks at their checksums; else it takes pages. */
    bool whole_frame = f->wal && n == FRAME;
    if (f->journal)
        return f->real->pMethods->xRead(f->real, buffer, n, at);
    while (n > 0) {
        unsigned char page[SEAL_PAGE];
        struct piece p = piece_at(f, at, n);
        bool direct = p.page && p.n == SEAL_PAGE;
        int rc = !p.page ? f->real->pMethods->xRead(f->real, out, p.n, at)
                         : read_page(f, direct ? out : page, p.start);
        if (rc == SQLITE_CORRUPT && whole_frame) {
            memset(out, 0, (size_t)p.n);
            rc = SQLITE_OK;
        } else if (p.page && !direct && (rc == SQLITE_OK || rc == SQLITE_IOERR_SHORT_READ)) {
            memcpy(out, page + p.skip, (size_t)p.n);
        }
        if (rc == SQLITE_IOERR_SHORT_READ && n > p.n)
            memset(out + p.n, 0, (size_t)(n - p.n));
        if (rc != SQLITE_OK)
            return rc;
        out += p.n;
        at += p.n;
        n -= p.n;
    }
    return SQLITE_OK;
}

static int seal_write(sqlite3_file *file, const void *buffer, int n, sqlite3_int64 at)
{
    struct sealed_file *f = sealed(file);
    const unsigned char *in = buffer;
    if (f->journal) /* its header and no more: a file that was empty has no page to keep */
        return n >= SEAL_PAGE ? SQLITE_IOERR_WRITE
                              : f->real->pMethods->xWrite(f->real, buffer, n, at);
    while (n > 0) {
        struct piece p = piece_at(f, at, n);
        int rc = !p.page            ? f->real->pMethods->xWrite(f->real, in, p.n, at)
                 : p.n != SEAL_PAGE ? SQLITE_IOERR_WRITE
                                    : write_page(f, in, at);
        if (rc != SQLITE_OK)
            return rc;
        in += p.n;
        at += p.n;
        n -= p.n;
    }
    return SQLITE_OK;
}

/* --- the rest goes to the file itself ----------------------------------------------------------- */
#define REAL(file) (sealed(file)->real)

static int seal_close(sqlite3_file *file)
{
    return REAL(file)->pMethods->xClose(REAL(file));
}
static int seal_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return REAL(file)->pMethods->xTruncate(REAL(file), size);
}
static int seal_sync(sqlite3_file *file, int flags)
{
    return REAL(file)->pMethods->xSync(REAL(file), flags);
}
static int seal_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    return REAL(file)->pMethods->xFileSize(REAL(file), ret);
}
static int seal_take(sqlite3_file *file, int kind)
{
    return REAL(file)->pMethods->xLock(REAL(file), kind);
}
static int seal_give(sqlite3_file *file, int kind)
{
    return REAL(file)->pMethods->xUnlock(REAL(file), kind);
}
static int seal_reserved(sqlite3_file *file, int *ret)
{
    return REAL(file)->pMethods->xCheckReservedLock(REAL(file), ret);
}
static int seal_control(sqlite3_file *file, int op, void *argument)
{
    return REAL(file)->pMethods->xFileControl(REAL(file), op, argument);
}
static int seal_sector(sqlite3_file *file)
{
    return REAL(file)->pMethods->xSectorSize(REAL(file));
}
static int seal_characteristics(sqlite3_file *file)
{
    return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}
static int seal_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
    return REAL(file)->pMethods->xShmMap(REAL(file), page, size, extend, ret);
}
static int seal_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return REAL(file)->pMethods->xShmLock(REAL(file), offset, n, flags);
}
static void seal_shm_barrier(sqlite3_file *file)
{
    REAL(file)->pMethods->xShmBarrier(REAL(file));
}
static int seal_shm_unmap(sqlite3_file *file, int remove)
{
    return REAL(file)->pMethods->xShmUnmap(REAL(file), remove);
}

/* Version 2: with -shm, without mapping the database, which would go past this layer. */
static const sqlite3_io_methods seal_methods = {
    .iVersion = 2,
    .xClose = seal_close,
    .xRead = seal_read,
    .xWrite = seal_write,
    .xTruncate = seal_truncate,
    .xSync = seal_sync,
    .xFileSize = seal_size,
    .xLock = seal_take,
    .xUnlock = seal_give,
    .xCheckReservedLock = seal_reserved,
    .xFileControl = seal_control,
    .xSectorSize = seal_sector,
    .xDeviceCharacteristics = seal_characteristics,
    .xShmMap = seal_shm_map,
    .xShmLock = seal_shm_lock,
    .xShmBarrier = seal_shm_barrier,
    .xShmUnmap = seal_shm_unmap,
};

/* --- opening ------------------------------------------------------------------------------------ */
static sqlite3_vfs layer;
static sqlite3_vfs *below;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The key of the database to which this file belongs. */
static const unsigned char *key_for(const char *name, int flags)
{
    const char *tail = flags & SQLITE_OPEN_WAL            ? "-wal"
                       : flags & SQLITE_OPEN_MAIN_JOURNAL ? "-journal"
                                                          : "";
    size_t n = name ? strlen(name) : 0;
    if (!(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) ||
        n <= strlen(tail))
        return NULL;
    return key_of(name, n - strlen(tail));
}

static int seal_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *ret_flags)
{
    struct sealed_file *f = sealed(file);
    const unsigned char *key = key_for(name, flags);
    (void)vfs;
    if (!key)
        return below->xOpen(below, name, file, flags, ret_flags);
    *f = (struct sealed_file){.real = (sqlite3_file *)(void *)(f + 1),
                              .key = key,
                              .wal = (flags & SQLITE_OPEN_WAL) != 0,
                              .journal = (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0};
    int rc = below->xOpen(below, name, f->real, flags, ret_flags);
    if (f->real->pMethods && rc == SQLITE_OK)
        f->base.pMethods = &seal_methods;
    else if (f->real->pMethods)
        f->real->pMethods->xClose(f->real);
    return rc;
}

static void make_layer(void)
{
    below = sqlite3_vfs_find(NULL);
    if (!below)
        return;
    layer = *below;
    layer.pNext = NULL;
    layer.zName = "jiban-seal";
    layer.szOsFile = (int)sizeof(struct sealed_file) + below->szOsFile;
    layer.xOpen = seal_open;
    if (sqlite3_vfs_register(&layer, 0) != SQLITE_OK)
        layer.zName = NULL;
}

const char *seal_vfs(void)
{
    return pthread_once(&once, make_layer) == 0 ? layer.zName : NULL;
}
