/*
 * earlier.c: orders of the same caller, by a keyed hash.
 *
 * The hash is SipHash-2-4 (Aumasson and Bernstein, 2012): without the key nobody can try all phone numbers, should the
 * table be copied out of the cache alone.
 */
#include "core/store/earlier.h"
#include "core/base/buf.h"
#include "core/store/db.h"
#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 256, KEY_DIGITS = 32, MOBILE_DIGITS = 11 };

/* --- the hash --------------------------------------------------------------------------------- */

static uint64_t turn(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = turn(v[1], 13) ^ v[0];
    v[3] = turn(v[3], 16) ^ v[2];
    v[0] = turn(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = turn(v[1], 17) ^ v[2];
    v[3] = turn(v[3], 21) ^ v[0];
    v[2] = turn(v[2], 32);
}

static uint64_t siphash(const uint64_t key[2], const char *text, size_t n)
{
    uint64_t v[4] = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du,
                     key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u};
    size_t whole = n / 8 * 8;
    for (size_t at = 0; at <= whole; at += 8) {
        uint64_t word = at < whole ? 0 : (uint64_t)n << 56;
        for (size_t i = 0; i < 8 && at + i < n; i++)
            word |= (uint64_t)(unsigned char)text[at + i] << (8 * i);
        v[3] ^= word;
        sip_round(v);
        sip_round(v);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* --- what is the same -------------------------------------------------------------------------- */

static size_t digits_of(const char *phone, char out[NAME_MOST])
{
    size_t n = 0;
    for (; *phone && n < NAME_MOST; phone++)
        if (*phone >= '0' && *phone <= '9')
            out[n++] = *phone;
    size_t country = n < MOBILE_DIGITS ? 0 : n - MOBILE_DIGITS;
    if ((country == 2 && memcmp(out, "86", 2) == 0) ||
        (country == 4 && memcmp(out, "0086", 4) == 0)) {
        n = MOBILE_DIGITS;
        memmove(out, out + country, n);
    }
    return n;
}

static size_t letters_of(const char *name, char out[NAME_MOST])
{
    size_t n = 0;
    for (; *name && n < NAME_MOST; name++)
        if (*name != ' ')
            out[n++] = *name;
    return n;
}

/* SQLite has signed numbers only; 0 stands for "none". */
static int64_t hash_of(const uint64_t key[2], const char *text, size_t n)
{
    int64_t hash;
    uint64_t h = n ? siphash(key, text, n) : 0;
    memcpy(&hash, &h, sizeof hash);
    return hash;
}

/* --- the key ------------------------------------------------------------------------------------ */

/* False: there is none yet. */
static bool read_key(struct store *s, uint64_t key[2])
{
    struct sqlite3_stmt *q = db_query(s, "SELECT value FROM meta WHERE key = 'caller_key'", "");
    char half[KEY_DIGITS / 2 + 1];
    bool found = db_step(s, q);
    if (!found)
        return false;
    size_t n;
    const char *text = db_column_peek(q, 0, &n);
    for (int i = 0; i < 2 && n == KEY_DIGITS; i++) {
        memcpy(half, text + i * KEY_DIGITS / 2, KEY_DIGITS / 2);
        half[KEY_DIGITS / 2] = '\0';
        key[i] = strtoull(half, NULL, 16);
    }
    db_done(q);
    return n == KEY_DIGITS;
}

/* --- the rows -------------------------------------------------------------------------------------- */

void store_earlier_write(struct store *s, int64_t row, const struct casefile *c)
{
    char text[NAME_MOST];
    uint64_t key[2];
    size_t digits = digits_of(c->value[FIELD_PHONE], text);
    if (!read_key(s, key)) {
        db_run(s,
               "INSERT OR REPLACE INTO meta(key, value) VALUES('caller_key', hex(randomblob(16)))",
               "");
        if (!read_key(s, key))
            return; /* the transaction has failed */
    }
    int64_t phone = hash_of(key, text, digits);
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

static struct sqlite3_stmt *search(struct store *s, const uint64_t key[2], const char *phone,
                                   const char *claimant, size_t limit)
{
    char text[NAME_MOST];
    size_t n = digits_of(phone, text);
    if (n > 0)
        return db_query(s,
                        "SELECT c.id FROM caller AS k JOIN cases AS c ON c.row = k.row"
                        " WHERE k.phone = ? ORDER BY k.row DESC LIMIT ?",
                        "ii", hash_of(key, text, n), (int64_t)limit);
    n = letters_of(claimant, text);
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
    uint64_t key[2];
    struct uuid *list = arena_array(a, limit + 1, sizeof *list);
    size_t n = 0;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    if (arena_failed(a))
        db_nomem(s);
    struct sqlite3_stmt *q = read_key(s, key) ? search(s, key, phone, claimant, limit) : NULL;
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
