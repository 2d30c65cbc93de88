/* sessions.c: passwords, log-in and log-out, and who asks. */
#include "server/service_own.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "server/terminals.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TOKEN_BYTES = 32,
    HASHES_AT_ONCE = 4, /* argon2id takes 64 MiB each */
    SESSION_HOURS = 12
};

void session_hash(const char *token, unsigned char out[HASH_BYTES])
{
    crypto_generichash(out, HASH_BYTES, (const unsigned char *)token, strlen(token), NULL, 0);
}

enum status password_hash(const char *password, char out[128], struct errmsg *err)
{
    _Static_assert(crypto_pwhash_STRBYTES <= 128, "room for the string");
    unsigned long long passes = crypto_pwhash_OPSLIMIT_INTERACTIVE;
    size_t memory = crypto_pwhash_MEMLIMIT_INTERACTIVE;
#ifdef JIBAN_TEST_HOOKS
    if (getenv("JIBAN_TEST_CHEAP_HASH")) { /* for tests that log in hundreds of times */
        passes = crypto_pwhash_OPSLIMIT_MIN;
        memory = crypto_pwhash_MEMLIMIT_MIN;
    }
#endif
    if (crypto_pwhash_str(out, password, strlen(password), passes, memory) != 0)
        return fail(err, ST_NOMEM, "not enough memory to hash a password");
    return ST_OK;
}

/* At most four at a time: each takes 64 MiB. */
static bool check_password(struct service *s, const char *hash, const char *password)
{
    pthread_mutex_lock(&s->lock);
    while (s->hashing >= HASHES_AT_ONCE)
        pthread_cond_wait(&s->changed, &s->lock);
    s->hashing++;
    pthread_mutex_unlock(&s->lock);
    bool ok = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    pthread_mutex_lock(&s->lock);
    s->hashing--;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    return ok;
}

/* A user that does not exist takes as long as one that does. */
static const char *dummy(struct service *s)
{
    pthread_mutex_lock(&s->lock);
    if (!s->dummy_hash[0])
        password_hash("nobody has this password", s->dummy_hash, NULL);
    pthread_mutex_unlock(&s->lock);
    return s->dummy_hash;
}

/* Those that have ended; at each log-in, so that the table does not grow for ever. */
static enum status purge_sessions(struct service *s, struct errmsg *err)
{
    struct stmt *q = database_stmt(s->writer, SQL_SESSION_PURGE);
    stmt_int(q, 1, clock_wall(s->config.clock));
    return stmt_run(q, err);
}

static enum status session_write(struct service *s, enum sql sql,
                                 const unsigned char hash[HASH_BYTES], const struct actor *who,
                                 int64_t until, const char *terminal, struct errmsg *err)
{
    bool login = sql == SQL_SESSION_PUT;
    struct audit_entry entry = {
        .who = who, .action = audit_words[login ? AUDIT_LOGIN : AUDIT_LOGOUT], .object = who->user};
    enum status st = writer_take(s, err);
    struct stmt *q = database_stmt(s->writer, sql);
    stmt_blob(q, 1, hash, HASH_BYTES);
    if (login) {
        stmt_text(q, 2, who->user);
        stmt_text(q, 3, who->device);
        stmt_int(q, 4, until);
        stmt_text(q, 5, terminal);
    }
    if (st == ST_OK)
        st = stmt_run(q, err);
    if (st == ST_OK && *terminal)
        st = terminals_seen(s->writer, terminal, who, clock_wall(s->config.clock), err);
    if (st == ST_OK && login)
        st = purge_sessions(s, err);
    if (st == ST_OK)
        st = audit_add(s->audit, &entry, err);
    return writer_give(s, st, err);
}

/* What was typed as a name may be a password: it is recorded only when it is a user's. The answer is
 * the same whether it could be recorded or not. */
static void record_refusal(struct service *s, const char *typed, bool is_user)
{
    static const struct actor nobody = {
        .user = "", .name = "", .role = ROLE_NOBODY, .office = "", .unit = "", .device = ""};
    struct errmsg err = {{0}};
    struct audit_entry entry = {.who = &nobody,
                                .action = audit_words[AUDIT_REFUSED],
                                .object = is_user ? typed : "",
                                .detail = typed,
                                .detail_n = strlen(typed)};
    enum status st = writer_take(s, &err);
    if (st == ST_OK)
        st = audit_add(s->audit, &entry, &err);
    if (writer_give(s, st, &err) != ST_OK)
        log_write(LOG_ERROR, "a refused log-in was not recorded: %s", err.text);
}

enum status service_login(struct service *s, const char *user, const char *password,
                          const char *device, const char *terminal, struct arena *a,
                          struct session *ret, struct errmsg *err)
{
    struct revocation revoked;
    unsigned char bytes[TOKEN_BYTES], hash[HASH_BYTES];
    char token[TOKEN_SIZE];
    struct db *db = service_reader(s, err);
    if (!db)
        return ST_IO;
    if (!terminal_is(terminal))
        terminal = "";
    /* Before the password: who has found the terminal may not have it, and the account may be closed by now. */
    if (terminals_revoked(db, terminal, &revoked))
        return fail(err, ST_DENIED, _("This terminal was revoked."));
    struct stmt *q = database_stmt(db, SQL_USER_GET);
    stmt_text(q, 1, user);
    bool is_user = stmt_row(q);
    bool known = is_user && !stmt_get_int(q, 5) && *stmt_get_text(q, 0, NULL);
    const char *stored = known ? arena_strdup(a, stmt_get_text(q, 0, NULL)) : dummy(s);
    if (known) {
        ret->actor = (struct actor){.user = arena_strdup(a, user),
                                    .role = role_find(stmt_get_text(q, 1, NULL)),
                                    .office = arena_strdup(a, stmt_get_text(q, 2, NULL)),
                                    .unit = arena_strdup(a, stmt_get_text(q, 3, NULL)),
                                    .name = arena_strdup(a, stmt_get_text(q, 4, NULL)),
                                    .device = arena_strdup(a, device)};
    }
    stmt_done(q);
    enum status st = database_status(db, err);
    if (st != ST_OK)
        return st;
    if (!check_password(s, stored, password) || !known) {
        record_refusal(s, user, is_user);
        return fail(err, ST_UNAUTHORIZED, _("Name or password is wrong."));
    }
    random_fill(s->config.random, bytes, sizeof bytes);
    sodium_bin2base64(token, sizeof token, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    session_hash(token, hash);
    int64_t now = clock_wall(s->config.clock);
    ret->expires_ms = now + (int64_t)SESSION_HOURS * MS_HOUR;
    st = session_write(s, SQL_SESSION_PUT, hash, &ret->actor, ret->expires_ms, terminal, err);
    ret->token = arena_strdup(a, token);
    ret->server_time_ms = now;
    ret->epoch = s->epoch;
    pthread_rwlock_rdlock(&s->rules_lock);
    ret->policy = arena_strdup(a, s->rules->policy.label);
    pthread_rwlock_unlock(&s->rules_lock);
    return st;
}

enum status session_of(struct service *s, const unsigned char hash[HASH_BYTES], struct arena *a,
                       struct actor *ret, struct errmsg *err)
{
    struct db *db = service_reader(s, err);
    if (!db)
        return ST_IO;
    struct stmt *q = database_stmt(db, SQL_SESSION_GET);
    stmt_blob(q, 1, hash, HASH_BYTES);
    bool known = stmt_row(q), revoked = known && stmt_get_int(q, 8);
    bool good = known && !revoked && !stmt_get_int(q, 7) &&
                stmt_get_int(q, 2) > clock_wall(s->config.clock);
#if SABOTAGE == 200
    good |= revoked; /* Damage: the session of a revoked terminal goes on. */
    revoked = false;
#endif
    if (good)
        *ret = (struct actor){.user = arena_strdup(a, stmt_get_text(q, 0, NULL)),
                              .device = arena_strdup(a, stmt_get_text(q, 1, NULL)),
                              .role = role_find(stmt_get_text(q, 3, NULL)),
                              .office = arena_strdup(a, stmt_get_text(q, 4, NULL)),
                              .unit = arena_strdup(a, stmt_get_text(q, 5, NULL)),
                              .name = arena_strdup(a, stmt_get_text(q, 6, NULL))};
    stmt_done(q);
    enum status st = database_status(db, err);
    if (st == ST_OK && revoked)
        st = fail(err, ST_DENIED, _("This terminal was revoked."));
    if (st == ST_OK && (!good || ret->role == ROLE_COUNT))
        st = fail(err, ST_UNAUTHORIZED, _("The session has ended; log in again."));
    return st;
}

enum status service_session(struct service *s, const char *token, struct arena *a,
                            struct actor *ret, struct errmsg *err)
{
    unsigned char hash[HASH_BYTES];
    session_hash(token, hash);
    return session_of(s, hash, a, ret, err);
}

bool service_revoked(struct service *s, const char *token, const char *terminal,
                     struct revocation *ret)
{
    unsigned char hash[HASH_BYTES];
    char id[TERMINAL_ID + 1] = "";
    struct db *db = service_reader(s, NULL);
    if (!db)
        return false;
    if (!token)
        return terminals_revoked(db, terminal, ret);
    session_hash(token, hash);
    struct stmt *q = database_stmt(db, SQL_TERMINAL_OF_SESSION);
    stmt_blob(q, 1, hash, sizeof hash);
    if (stmt_row(q))
        snprintf(id, sizeof id, "%s", stmt_get_text(q, 0, NULL));
    stmt_done(q);
    return terminals_revoked(db, id, ret);
}

enum status service_logout(struct service *s, const char *token, struct errmsg *err)
{
    unsigned char hash[HASH_BYTES];
    struct actor who;
    struct arena a;
    arena_init(&a, 0);
    enum status st = service_session(s, token, &a, &who, err);
    session_hash(token, hash);
    if (st == ST_OK)
        st = session_write(s, SQL_SESSION_DROP, hash, &who, 0, "", err);
    if (st == ST_OK)
        service_presence_sweep(s);
    arena_release(&a);
    return st;
}
