#include "server/keys.h"
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include <sodium.h>
#include <string.h>

enum { KEY_BYTES = 24 };

void key_hash(const char *key, unsigned char out[KEY_HASH])
{
    crypto_generichash(out, KEY_HASH, (const unsigned char *)key, strlen(key), NULL, 0);
}

static bool known(struct db *db, const char *name)
{
    struct stmt *q = database_stmt(db, SQL_KEY_BY_NAME);
    stmt_text(q, 1, name);
    bool found = stmt_row(q);
    stmt_done(q);
    return found;
}

enum status key_add(struct db *db, const char *name, const char *contact, int64_t now_ms,
                    const struct random *random, char ret_key[KEY_SIZE], struct errmsg *err)
{
    unsigned char bytes[KEY_BYTES], hash[KEY_HASH];
    if (known(db, name))
        return fail(err, ST_EXISTS, _("There is a key \"%s\" already."), name);
    random_fill(random, bytes, sizeof bytes);
    sodium_bin2base64(ret_key, KEY_SIZE, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    key_hash(ret_key, hash);
    struct stmt *q = database_stmt(db, SQL_KEY_ADD);
    stmt_blob(q, 1, hash, sizeof hash);
    stmt_text(q, 2, name);
    stmt_text(q, 3, contact);
    stmt_int(q, 4, now_ms);
    return stmt_run(q, err);
}

enum status key_disable(struct db *db, const char *name, struct errmsg *err)
{
    if (!known(db, name))
        return fail(err, ST_NOT_FOUND, _("There is no key \"%s\"."), name);
    struct stmt *q = database_stmt(db, SQL_KEY_DISABLE);
    stmt_text(q, 1, name);
    return stmt_run(q, err);
}

enum status key_use(struct db *db, const char *key, int64_t now_ms, int *ret_wait_s,
                    struct errmsg *err)
{
    unsigned char hash[KEY_HASH];
    key_hash(key, hash);
    struct stmt *q = database_stmt(db, SQL_KEY_GET);
    stmt_blob(q, 1, hash, sizeof hash);
    bool good = stmt_row(q) && !stmt_get_int(q, 0);
    int64_t hour = good ? stmt_get_int(q, 1) : 0, used = good ? stmt_get_int(q, 2) : 0;
    stmt_done(q);
    enum status st = database_status(db, err);
    if (st != ST_OK)
        return st;
    if (!good)
        return fail(err, ST_DENIED, _("The api_key is not valid."));
    if (now_ms - hour >= MS_HOUR || now_ms < hour) {
        hour = now_ms;
        used = 0;
    }
    if (used >= KEY_POSTS_AN_HOUR) {
        *ret_wait_s = (int)((hour + MS_HOUR - now_ms) / MS_SECOND) + 1;
        return fail(err, ST_BUSY,
                    _("The api_key was used %d times in this hour, which is its limit; try again "
                      "in %d seconds."),
                    KEY_POSTS_AN_HOUR, *ret_wait_s);
    }
    q = database_stmt(db, SQL_KEY_USED);
    stmt_blob(q, 1, hash, sizeof hash);
    stmt_int(q, 2, hour);
    stmt_int(q, 3, used + 1);
    return stmt_run(q, err);
}
