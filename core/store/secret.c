/* secret.c: the hash of the password by which a locked screen opens. */
#include "core/store/secret.h"
#include "core/base/i18n.h"
#include "core/store/db.h"
#include "core/store/seal.h"
#include <sodium.h>
#include <string.h>

enum { OPS = 2, MEMORY = 8 * 1024 * 1024 };

enum status store_secret_keep(struct store *s, const char *password, struct errmsg *err)
{
    char hash[crypto_pwhash_STRBYTES];
    if (sodium_init() < 0 || crypto_pwhash_str(hash, password, strlen(password), OPS, MEMORY) != 0)
        return fail(err, ST_NOMEM, _("Out of memory."));
    enum status st = store_meta_set(s, "screen_secret", hash, err);
    sodium_memzero(hash, sizeof hash);
    return st == ST_OK ? store_seal_password(s->folder, password, err) : st;
}

static const char *kept(struct store *s, struct arena *a)
{
    const char *hash = "";
    return store_meta_get(s, "screen_secret", a, &hash, NULL) == ST_OK ? hash : "";
}

bool store_secret_known(struct store *s)
{
    struct arena a;
    arena_init(&a, 0);
    bool known = *kept(s, &a) != '\0';
    arena_release(&a);
    return known;
}

bool store_secret_is(struct store *s, const char *password)
{
    struct arena a;
    arena_init(&a, 0);
    const char *hash = kept(s, &a);
    bool is = *hash && sodium_init() >= 0 &&
              crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    arena_release(&a);
    return is;
}
