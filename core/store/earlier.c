/*
 * earlier.c: orders of the same caller, by a keyed hash.
 *
 * The hash is SipHash-2-4 of libsodium: without the key nobody can try all phone numbers, should the table be copied
 * out of the cache alone.
 */
#include "core/store/earlier.h"
#include "core/base/buf.h"
#include "core/case/repeat.h"
#include "core/store/db.h"
#include <sodium.h>
#include <string.h>

enum { NAME_MOST = 256 };
_Static_assert(crypto_shorthash_BYTES == sizeof(int64_t), "a hash is a number of SQLite");

/* --- what is the same -------------------------------------------------------------------------- */

static size_t letters_of(const char *name, char out[NAME_MOST])
{
    size_t n = 0;
    for (; *name && n < NAME_MOST; name++)
        if (*name != ' ')
            out[n++] = *name;
    return n;
}

/* SQLite has signed numbers only; 0 stands for "none". */
static int64_t hash_of(const unsigned char key[crypto_shorthash_KEYBYTES], const char *text,
                       size_t n)
{
    int64_t hash = 0;
    if (n > 0)
        crypto_shorthash((unsigned char *)&hash, (const unsigned char *)text, n, key);
    return hash;
}

/* --- the key ------------------------------------------------------------------------------------ */

/* False: there is none yet. */
static bool read_key(struct store *s, unsigned char key[crypto_shorthash_KEYBYTES])
{
    struct sqlite3_stmt *q = db_query(s, "SELECT value FROM meta WHERE key = 'caller_key'", "");
    size_t n, got = 0;
    if (!db_step(s, q))
        return false;
    const char *text = db_column_peek(q, 0, &n);
    bool whole = sodium_hex2bin(key, crypto_shorthash_KEYBYTES, text, n, NULL, &got, NULL) == 0;
    db_done(q);
    return whole && got == crypto_shorthash_KEYBYTES;
}

/* --- the rows -------------------------------------------------------------------------------------- */

void store_earlier_write(struct store *s, int64_t row, const struct casefile *c)
{
    char text[NAME_MOST];
    unsigned char key[crypto_shorthash_KEYBYTES];
    const char *digits = repeat_phone(c->value[FIELD_PHONE], &s->scratch);
    if (!read_key(s, key)) {
        db_run(s,
               "INSERT OR REPLACE INTO meta(key, value) VALUES('caller_key', hex(randomblob(16)))",
               "");
        if (!read_key(s, key))
            return; /* the transaction has failed */
    }
    int64_t phone = hash_of(key, digits, strlen(digits));
    int64_t claimant = hash_of(key, text, letters_of(c->value[FIELD_CLAIMANT], text));
    if (phone == 0 && claimant == 0)
        db_run(s, "DELETE FROM caller WHERE row = ?", "i", row);
    else
        db_run(
            s,
            "INSERT INTO caller(row, phone, claimant) VALUES(?, ?, ?)"
            " ON CONFLICT(row) DO UPDATE SET phone = excluded.phone, claimant = excluded.claimant"
            " WHERE phone <> excluded.phone OR claimant <> excluded.claimant",
            "iii", row, phone, claimant);
}

static struct sqlite3_stmt *search(struct store *s,
                                   const unsigned char key[crypto_shorthash_KEYBYTES],
                                   const char *phone, const char *claimant, size_t limit,
                                   struct arena *a)
{
    char text[NAME_MOST];
    const char *digits = repeat_phone(phone, a);
    if (*digits)
        return db_query(s,
                        "SELECT c.id FROM caller AS k JOIN cases AS c ON c.row = k.row"
                        " WHERE k.phone = ? ORDER BY k.row DESC LIMIT ?",
                        "ii", hash_of(key, digits, strlen(digits)), (int64_t)limit);
    size_t n = letters_of(claimant, text);
    if (n == 0)
        return NULL;
    return db_query(s,
                    "SELECT c.id FROM caller AS k JOIN cases AS c ON c.row = k.row"
                    " WHERE k.claimant = ? ORDER BY k.row DESC LIMIT ?",
                    "ii", hash_of(key, text, n), (int64_t)limit);
}

enum status store_earlier(struct store *s, const char *phone, const char *claimant, size_t limit,
                          struct arena *a, struct uuid **ret, size_t *ret_n, struct errmsg *err)
{
    unsigned char key[crypto_shorthash_KEYBYTES];
    struct uuid *list = arena_array(a, limit + 1, sizeof *list);
    size_t n = 0;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    if (arena_failed(a))
        db_nomem(s);
    struct sqlite3_stmt *q = read_key(s, key) ? search(s, key, phone, claimant, limit, a) : NULL;
    while (q && n < limit && db_step(s, q))
        list[n++] = db_column_uuid(q, 0);
    if (q && n == limit)
        db_done(q);
    st = db_read_end(s, err);
    if (st == ST_OK) {
        *ret = list;
        *ret_n = n;
    }
    return st;
}
