#include "server/audit.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MOST = 256 * 1024 * 1024 }; /* of checkpoints; of which one takes 300 bytes */

struct head {
    int64_t number;
    unsigned char hash[AUDIT_HASH];
};

struct audit {
    struct db *db;
    const struct clock *clock;
    unsigned char key[AUDIT_HASH];
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    struct head held; /* while holds: newer than that of the store */
    bool holds;
};

const char *const audit_words[AUDIT_ACTIONS] = {
#define AUDIT(id, word, object) [AUDIT_##id] = word,
#include "server/audit.def"
#undef AUDIT
};

/* --- hashes --------------------------------------------------------------------------------- */
/* What is hashed is unambiguous: each part bears its length, and the first says what is hashed. */

static void put_number(crypto_generichash_state *state, uint64_t n)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(n >> (56 - 8 * i));
    crypto_generichash_update(state, bytes, sizeof bytes);
}

static void put_part(crypto_generichash_state *state, const void *data, size_t n)
{
    put_number(state, n);
    crypto_generichash_update(state, data, n);
}

static void begin(crypto_generichash_state *state, const unsigned char *key, const char *what)
{
    crypto_generichash_init(state, key, AUDIT_HASH, AUDIT_HASH);
    put_part(state, what, strlen(what));
}

void audit_hash(const unsigned char *key, const struct audit_row *row,
                unsigned char out[AUDIT_HASH])
{
    crypto_generichash_state state;
    begin(&state, key, "entry");
    put_number(&state, (uint64_t)row->number);
    put_number(&state, (uint64_t)row->at_ms);
    for (int i = 0; i < 6; i++)
        put_part(&state, row->text[i], row->text_n[i]);
    put_part(&state, row->detail, AUDIT_HASH);
#if SABOTAGE != 68 /* damage for the tests: an entry does not bear the one before it */
    put_part(&state, row->previous, AUDIT_HASH);
#endif
    crypto_generichash_final(&state, out, AUDIT_HASH);
}

void audit_head_seal(const unsigned char *key, int64_t number, const unsigned char *hash,
                     unsigned char out[AUDIT_HASH])
{
    crypto_generichash_state state;
    begin(&state, key, "head");
    put_number(&state, (uint64_t)number);
    put_part(&state, hash, AUDIT_HASH);
    crypto_generichash_final(&state, out, AUDIT_HASH);
}

/* Short details could be guessed from a plain hash; the key prevents that. */
static void detail_hash(const unsigned char *key, const void *data, size_t n,
                        unsigned char out[AUDIT_HASH])
{
    crypto_generichash_state state;
    begin(&state, key, "detail");
    put_part(&state, n ? data : "", n);
    crypto_generichash_final(&state, out, AUDIT_HASH);
}

size_t audit_signed_text(int64_t number, int64_t at_ms, const unsigned char head[AUDIT_HASH],
                         unsigned char out[AUDIT_SIGNED])
{
    static const char what[] = "jiban audit 1"; /* the key signs nothing else that looks like it */
    size_t n = sizeof what;
    _Static_assert(sizeof what + 16 + AUDIT_HASH <= AUDIT_SIGNED, "room for the text");
    memcpy(out, what, n);
    for (int i = 0; i < 8; i++)
        out[n++] = (unsigned char)((uint64_t)number >> (56 - 8 * i));
    for (int i = 0; i < 8; i++)
        out[n++] = (unsigned char)((uint64_t)at_ms >> (56 - 8 * i));
    memcpy(out + n, head, AUDIT_HASH);
    return n + AUDIT_HASH;
}

/* --- keys ----------------------------------------------------------------------------------- */

static const char *const key_tail[] = {".audit-key", ".audit-sign", ".audit-public"};

static void key_path(const char *store, int which, char out[PATH_SIZE])
{
    snprintf(out, PATH_SIZE, "%.4000s%s", store, key_tail[which]);
}

enum status audit_key_read(const char *path, bool secret, unsigned char out[AUDIT_HASH],
                           struct errmsg *err)
{
    char *text = NULL;
    size_t n = 0, got = 0;
    struct stat info;
    enum status st = file_read(path, 200, &text, &n, err);
    if (st != ST_OK)
        return st;
    if (secret && stat(path, &info) == 0 && (info.st_mode & 077))
        st = fail(err, ST_DENIED, _("Others can read the key %.300s; chmod 600 it."), path);
    else if (sodium_hex2bin(out, AUDIT_HASH, text, strcspn(text, "\r\n"), NULL, &got, NULL) != 0 ||
             got != AUDIT_HASH)
        st = fail(err, ST_INVALID, _("%.300s is no key of an audit log."), path);
    sodium_memzero(text, n);
    free(text);
    return st;
}

static enum status key_write(const char *path, const unsigned char key[AUDIT_HASH],
                             struct errmsg *err)
{
    char text[2 * AUDIT_HASH + 2];
    sodium_bin2hex(text, sizeof text, key, AUDIT_HASH);
    text[2 * AUDIT_HASH] = '\n';
    enum status st = file_write_atomic(path, text, 2 * AUDIT_HASH + 1, err);
    sodium_memzero(text, sizeof text);
    return st;
}

static enum status keys_make(const char *store, const struct random *random, bool *ret_made,
                             struct errmsg *err)
{
    char path[3][PATH_SIZE];
    unsigned char key[AUDIT_HASH], seed[crypto_sign_SEEDBYTES], open[crypto_sign_PUBLICKEYBYTES],
        secret[crypto_sign_SECRETKEYBYTES];
    struct stat info;
    _Static_assert(sizeof seed == AUDIT_HASH && sizeof open == AUDIT_HASH, "one form of key files");
    for (int i = 0; i < 3; i++)
        key_path(store, i, path[i]);
    *ret_made = false;
    if (stat(path[0], &info) == 0 || stat(path[1], &info) == 0)
        return ST_OK; /* nothing is ever written over a key: an older log may want it */
    *ret_made = true;
    random_fill(random, key, sizeof key);
    random_fill(random, seed, sizeof seed);
    crypto_sign_seed_keypair(open, secret, seed);
    enum status st = key_write(path[0], key, err);
    if (st == ST_OK)
        st = key_write(path[1], seed, err);
    if (st == ST_OK)
        st = key_write(path[2], open, err);
    if (st == ST_OK)
        chmod(path[2], 0644); /* for whoever keeps it; no secret */
    sodium_memzero(key, sizeof key);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(secret, sizeof secret);
    return st;
}

void audit_forget_keys(const char *store)
{
    char path[PATH_SIZE];
    for (int i = 0; i < 3; i++) {
        key_path(store, i, path);
        unlink(path);
    }
}

static enum status keys_read(struct audit *a, struct errmsg *err)
{
    char path[PATH_SIZE];
    unsigned char seed[crypto_sign_SEEDBYTES], open[crypto_sign_PUBLICKEYBYTES];
    key_path(database_path(a->db), 0, path);
    enum status st = audit_key_read(path, true, a->key, err);
    if (st == ST_OK) {
        key_path(database_path(a->db), 1, path);
        st = audit_key_read(path, true, seed, err);
    }
    if (st == ST_OK)
        crypto_sign_seed_keypair(open, a->secret, seed);
    sodium_memzero(seed, sizeof seed);
    return st;
}

static enum status open_keys(struct db *db, const struct clock *clock, struct audit **ret,
                             struct errmsg *err)
{
    struct audit *a = calloc(1, sizeof *a);
    if (!a)
        return fail(err, ST_NOMEM, "out of memory");
    *a = (struct audit){.db = db, .clock = clock};
    enum status st =
        sodium_init() < 0 ? fail(err, ST_IO, "libsodium does not start") : keys_read(a, err);
    if (st != ST_OK)
        audit_close(a);
    else
        *ret = a;
    return st;
}

void audit_derive_key(const struct audit *a, const char *what, unsigned char out[AUDIT_HASH])
{
    crypto_generichash_state state;
    begin(&state, a->key, "derived");
    put_part(&state, what, strlen(what));
    crypto_generichash_final(&state, out, AUDIT_HASH);
}

void audit_close(struct audit *a)
{
    if (!a)
        return;
    sodium_memzero(a, sizeof *a);
    free(a);
}

/* --- the chain ------------------------------------------------------------------------------ */

static void get_hash(struct stmt *q, int column, unsigned char out[AUDIT_HASH])
{
    size_t n;
    const void *blob = stmt_get_blob(q, column, &n);
    memset(out, 0, AUDIT_HASH);
    if (n == AUDIT_HASH)
        memcpy(out, blob, AUDIT_HASH);
}

static enum status tampered(struct errmsg *err)
{
    return fail(err, ST_CORRUPT,
                _("The audit log was tampered with; nothing was added to it. jiband audit verify "
                  "names the entry."));
}

/* Whoever cut the end must not have it covered up by the next entry. */
static enum status read_head(struct audit *a, struct head *ret, struct errmsg *err)
{
    unsigned char seal[AUDIT_HASH], want[AUDIT_HASH];
    struct stmt *q = database_stmt(a->db, SQL_AUDIT_HEAD);
    bool there = stmt_row(q);
    if (there) {
        ret->number = stmt_get_int(q, 0);
        get_hash(q, 1, ret->hash);
        get_hash(q, 2, seal);
        audit_head_seal(a->key, ret->number, ret->hash, want);
        there = sodium_memcmp(seal, want, AUDIT_HASH) == 0;
    }
    stmt_done(q);
    enum status st = database_status(a->db, err);
    return st == ST_OK && !there ? tampered(err) : st;
}

static enum status write_head(struct audit *a, const struct head *h, struct errmsg *err)
{
    unsigned char seal[AUDIT_HASH];
    audit_head_seal(a->key, h->number, h->hash, seal);
    struct stmt *q = database_stmt(a->db, SQL_AUDIT_HEAD_SET);
    stmt_int(q, 1, h->number);
    stmt_blob(q, 2, h->hash, AUDIT_HASH);
    stmt_blob(q, 3, seal, AUDIT_HASH);
    return stmt_run(q, err);
}

bool audit_entry_due(int64_t number)
{
#if SABOTAGE == 34
    /* damage for the tests: a chain without checkpoints */
    return number < 0;
#else
    return number % AUDIT_EVERY == 0;
#endif
}

static enum status write_checkpoint(struct audit *a, const struct head *h, int64_t now,
                                    struct errmsg *err)
{
#if SABOTAGE == 34
    (void)a, (void)h, (void)now, (void)err;
    return ST_OK;
#else
    unsigned char text[AUDIT_SIGNED], signature[crypto_sign_BYTES];
    size_t n = audit_signed_text(h->number, now, h->hash, text);
    crypto_sign_detached(signature, NULL, text, n, a->secret);
    struct stmt *q = database_stmt(a->db, SQL_CHECKPOINT_ADD);
    stmt_int(q, 1, h->number);
    stmt_int(q, 2, now);
    stmt_blob(q, 3, h->hash, AUDIT_HASH);
    stmt_blob(q, 4, signature, sizeof signature);
    return stmt_run(q, err);
#endif
}

static void set_text(struct audit_row *row, int i, const char *text)
{
    row->text[i] = text;
    row->text_n[i] = strlen(text);
}

static enum status chain(struct audit *a, struct head *h, const struct audit_entry *e,
                         struct errmsg *err)
{
    char account[32] = "";
    struct audit_row row = {.number = h->number + 1, .at_ms = clock_wall(a->clock)};
    if (!e->who)
        snprintf(account, sizeof account, "uid:%u", (unsigned)getuid());
    set_text(&row, AUDIT_ACTOR, e->who ? e->who->user : account);
    set_text(&row, AUDIT_ROLE, e->who ? role_table[e->who->role].word : "");
    set_text(&row, AUDIT_OFFICE, e->who ? e->who->office : "");
    set_text(&row, AUDIT_DEVICE, e->who ? e->who->device : "");
    set_text(&row, AUDIT_ACTION, e->action);
    set_text(&row, AUDIT_OBJECT, e->object);
    detail_hash(a->key, e->detail, e->detail_n, row.detail);
    memcpy(row.previous, h->hash, AUDIT_HASH);
    audit_hash(a->key, &row, row.hash);
    struct stmt *q = database_stmt(a->db, SQL_AUDIT_ADD);
    stmt_int(q, 1, row.number);
    stmt_int(q, 2, row.at_ms);
    for (int i = 0; i < 6; i++)
        stmt_text(q, 3 + i, row.text[i]);
    stmt_blob(q, 9, row.detail, AUDIT_HASH);
    stmt_blob(q, 10, row.previous, AUDIT_HASH);
    stmt_blob(q, 11, row.hash, AUDIT_HASH);
    enum status st = stmt_run(q, err);
    h->number = row.number;
    memcpy(h->hash, row.hash, AUDIT_HASH);
    if (st == ST_OK && !a->holds)
        st = write_head(a, h, err);
    return st == ST_OK && audit_entry_due(h->number) ? write_checkpoint(a, h, row.at_ms, err) : st;
}

enum status audit_add(struct audit *a, const struct audit_entry *e, struct errmsg *err)
{
    struct head h;
    if (a->holds)
        return chain(a, &a->held, e, err);
    enum status st = read_head(a, &h, err);
    return st == ST_OK ? chain(a, &h, e, err) : st;
}

enum status audit_hold(struct audit *a, struct errmsg *err)
{
    enum status st = read_head(a, &a->held, err);
    a->holds = st == ST_OK;
    return st;
}

enum status audit_unhold(struct audit *a, struct errmsg *err)
{
    a->holds = false;
    return write_head(a, &a->held, err);
}

enum status audit_create(struct db *db, const struct clock *clock, const struct random *random,
                         bool *ret_made, struct audit **ret, struct errmsg *err)
{
    struct audit_entry e = {.action = audit_words[AUDIT_MADE], .object = ""};
    struct audit *a = NULL;
    struct head h = {0};
    enum status st = keys_make(database_path(db), random, ret_made, err);
    if (st == ST_OK)
        st = open_keys(db, clock, &a, err);
    if (st == ST_OK)
        st = chain(a, &h, &e, err);
    if (st != ST_OK)
        audit_close(a);
    else
        *ret = a;
    return st;
}

enum status audit_open(struct db *db, const struct clock *clock, struct audit **ret,
                       struct errmsg *err)
{
    struct audit *a = NULL;
    struct head h;
    enum status st = open_keys(db, clock, &a, err);
    if (st == ST_OK)
        st = read_head(a, &h, err);
    if (st != ST_OK)
        audit_close(a);
    else
        *ret = a;
    return st;
}

enum status audit_note(struct db *db, enum audit_action action, const char *object,
                       const void *detail, size_t n, struct errmsg *err)
{
    struct audit *a = NULL;
    struct audit_entry e = {
        .action = audit_words[action], .object = object, .detail = detail, .detail_n = n};
    enum status st = audit_open(db, &clock_system, &a, err);
    if (st == ST_OK)
        st = audit_add(a, &e, err);
    audit_close(a);
    return st;
}

enum status audit_seal(struct audit *a, int64_t age_ms, struct errmsg *err)
{
    struct head h;
    int64_t number = 0, at = 0, now = clock_wall(a->clock);
    enum status st = read_head(a, &h, err);
    if (st != ST_OK)
        return st;
    struct stmt *q = database_stmt(a->db, SQL_CHECKPOINT_LAST);
    if (stmt_row(q)) {
        number = stmt_get_int(q, 0);
        at = stmt_get_int(q, 1);
    }
    stmt_done(q);
    st = database_status(a->db, err);
    /* a clock that was set back does not put checkpoints off */
    bool due = h.number > number && (now - at >= age_ms || now < at);
    return st == ST_OK && due ? write_checkpoint(a, &h, now, err) : st;
}

/* --- checkpoints for others ------------------------------------------------------------------ */

enum status audit_checkpoints(struct db *db, int64_t after, int limit, struct buf *out,
                              struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_CHECKPOINT_LIST);
    stmt_int(q, 1, after);
    stmt_int(q, 2, limit);
    while (stmt_row(q)) {
        struct checkpoint c = {.number = stmt_get_int(q, 0), .at_ms = stmt_get_int(q, 1)};
        size_t n;
        const void *blob = stmt_get_blob(q, 2, &n);
        if (n == AUDIT_HASH)
            sodium_bin2hex(c.head, sizeof c.head, blob, n);
        blob = stmt_get_blob(q, 3, &n);
        if (n == crypto_sign_BYTES)
            sodium_bin2hex(c.signature, sizeof c.signature, blob, n);
        checkpoint_encode(out, &c);
        buf_putc(out, '\n');
    }
    stmt_done(q);
    enum status st = database_status(db, err);
    return st == ST_OK && buf_status(out) != ST_OK
               ? fail(err, buf_status(out), "too many checkpoints")
               : st;
}

/* Number of the last whole line, 0 when there is none. A line that was cut is ended by the next one. */
static int64_t last_published(const char *path, bool *ret_cut)
{
    char *text = NULL;
    size_t n = 0;
    struct checkpoint c = {.number = 0};
    *ret_cut = false;
    if (file_read(path, FILE_MOST, &text, &n, NULL) == ST_OK && n > 0) {
        *ret_cut = text[n - 1] != '\n';
        for (size_t end = n; end > 0 && c.number == 0;) {
            size_t from = --end;
            while (from > 0 && text[from - 1] != '\n')
                from--;
            if (checkpoint_decode(text + from, end - from, &c, NULL) != ST_OK)
                c.number = 0;
            end = from;
        }
    }
    free(text);
    return c.number;
}

static enum status append(const char *path, const struct buf *text, struct errmsg *err)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    bool whole =
        fd >= 0 && write(fd, text->data, text->len) == (ssize_t)text->len && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    return whole
               ? ST_OK
               : fail(err, errno_is_full(why) ? ST_FULL : ST_IO, "%.300s: %s", path, strerror(why));
}

enum status audit_publish(struct db *db, const char *folder, int64_t *known, struct errmsg *err)
{
    char path[PATH_SIZE];
    struct buf out;
    bool cut = false;
    int64_t newest = 0;
    snprintf(path, sizeof path, "%.4000s/checkpoints.ndjson", folder);
    struct stmt *q = database_stmt(db, SQL_CHECKPOINT_LAST);
    if (stmt_row(q))
        newest = stmt_get_int(q, 0);
    stmt_done(q);
    enum status st = database_status(db, err);
    if (st != ST_OK)
        return st;
    int64_t after = *known >= 0 ? *known : last_published(path, &cut);
    buf_init(&out, FILE_MOST);
    if (cut)
        buf_putc(&out, '\n');
    if (newest > after)
        st = audit_checkpoints(db, after, INT32_MAX, &out, err);
    if (st == ST_OK && newest > after)
        st = append(path, &out, err);
    if (st == ST_OK)
        *known = newest > after ? newest : after;
    else
        *known = -1; /* what arrived is looked for again */
    buf_release(&out);
    return st;
}
