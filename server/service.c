#include "server/service.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/base/uuid.h"
#include "server/audit.h"
#include "server/emergency.h"
#include "server/repeats.h"
#include "server/requests.h"
#include "server/tally.h"
#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TOKEN_BYTES = 32,
    HASH_BYTES = 32,
    HASHES_AT_ONCE = 4, /* argon2id takes 64 MiB each */
    SESSION_HOURS = 12,
    EPOCH_BYTES = 8,
    OUTCOME_MAX = 64 * 1024,
    SCOPES_MOST = 64,
    TICK_CASES = 200 /* that the clock acts on in one transaction */
};

/* What the rules are: replaced as a whole on reload; readers hold the lock for reading. */
struct rules {
    struct arena arena;
    struct policy policy;
    struct policy *policies; /* all that were ever in force: an order keeps that of its dispatch */
    size_t n_policies;
    struct calendar calendar;
    struct reference reference;
    int64_t since_ms; /* when they came into force */
    struct catalogue catalogue;
};

/* Replaced as a whole when one is opened or closed; under the same lock as the rules. */
struct emergency_list {
    struct arena arena;
    struct emergencies list;
};

struct job {
    struct job *next;
    const struct actor *who;
    const struct command *commands;
    size_t n;
    struct arena *arena;
    struct outcome *outcomes;
    enum status st;
    struct errmsg err;
    bool done;
};

/* In bulk, the case in hand: its commands come one after another, and each would read all its events anew. */
struct bulk {
    struct arena arena; /* what c points into */
    struct casefile c;
    int64_t row;
    bool on, holds;
};

struct service {
    struct service_config config;
    struct bulk bulk;
    struct db *writer;
    struct uuid_source ids; /* of what the clock does; the leader's */
    struct audit *audit;    /* of the writer */
    unsigned char repeats_key[REPEATS_KEY];
    int64_t published; /* newest checkpoint that is kept elsewhere, -1 not known */
    pthread_key_t reader;
    pthread_rwlock_t rules_lock;
    struct rules *rules;
    struct emergency_list *emergencies;
    pthread_mutex_t lock; /* queue of jobs, cursor, hash places */
    pthread_cond_t changed;
    struct job *queue, **queue_end;
    bool leader, full;
    int hashing;
    int64_t gseq;              /* the leader's: of the last event written, committed or not */
    _Atomic int64_t committed; /* of the last event that is on the disk */
    int64_t next_number;
    char epoch[2 * EPOCH_BYTES + 1];
    bool practice;
    char dummy_hash[crypto_pwhash_STRBYTES];
};

/* --- connections ---------------------------------------------------------------------------- */

static void close_reader(void *db)
{
    database_close(db);
}

struct db *service_reader(struct service *s, struct errmsg *err)
{
    struct db *db = pthread_getspecific(s->reader);
    if (!db && database_open(s->config.url, DB_READ, &db, err) == ST_OK)
        pthread_setspecific(s->reader, db);
    return db;
}

static enum status meta_get(struct db *db, const char *name, struct arena *a, const char **ret,
                            struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_META_GET);
    stmt_text(q, 1, name);
    *ret = stmt_row(q) ? arena_strdup(a, stmt_get_text(q, 0, NULL)) : "";
    stmt_done(q);
    return database_status(db, err);
}

static enum status meta_set(struct db *db, const char *name, const char *value, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_META_SET);
    stmt_text(q, 1, name);
    stmt_text(q, 2, value);
    return stmt_run(q, err);
}

static enum status document(struct db *db, const char *name, struct arena *a, const char **ret_body,
                            size_t *ret_len, const char **ret_etag, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_DOCUMENT_GET);
    stmt_text(q, 1, name);
    if (!stmt_row(q)) {
        enum status st = database_status(db, err);
        return st != ST_OK ? st
                           : fail(err, ST_NOT_FOUND, _("The store has no document \"%s\"."), name);
    }
    const char *body = stmt_get_text(q, 0, ret_len);
    *ret_body = arena_strndup(a, body, *ret_len);
    *ret_etag = arena_strdup(a, stmt_get_text(q, 1, NULL));
    stmt_done(q);
    return database_status(db, err);
}

/* The writer belongs to whoever leads; what is no command waits its turn like a job. */
static enum status writer_take(struct service *s, struct errmsg *err)
{
    pthread_mutex_lock(&s->lock);
    while (s->leader)
        pthread_cond_wait(&s->changed, &s->lock);
    s->leader = true;
    pthread_mutex_unlock(&s->lock);
    return database_begin(s->writer, true, err);
}

static void writer_free(struct service *s)
{
    pthread_mutex_lock(&s->lock);
    s->leader = false;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

/* st: of what was written; ST_OK commits it. */
static enum status writer_give(struct service *s, enum status st, struct errmsg *err)
{
    if (st == ST_OK)
        st = database_commit(s->writer, err);
    else
        database_rollback(s->writer);
    writer_free(s);
    return st;
}

/* --- rules ---------------------------------------------------------------------------------- */

static void rules_free(struct rules *r)
{
    if (!r)
        return;
    arena_release(&r->arena);
    free(r);
}

/* Earlier policies. One that this version cannot read any more is told and left out. */
static enum status policies_load(struct db *db, struct rules *r, struct errmsg *err)
{
    size_t n = 0, len;
    struct errmsg why = {{0}};
    struct stmt *q = database_stmt(db, SQL_VERSION_LIST);
    stmt_text(q, 1, "policy");
    while (stmt_row(q))
        n++;
    r->policies = arena_array(&r->arena, n + 1, sizeof *r->policies);
    q = database_stmt(db, SQL_VERSION_LIST);
    stmt_text(q, 1, "policy");
    while (r->policies && r->n_policies < n && stmt_row(q)) {
        const char *body = stmt_get_text(q, 5, &len);
        if (policy_decode(body, len, &r->arena, &r->policies[r->n_policies], &why) == ST_OK)
            r->n_policies++;
        else
            log_write(LOG_WARNING, "policy, version %lld: %s", (long long)stmt_get_int(q, 0),
                      why.text);
    }
    stmt_done(q);
    enum status st = database_status(db, err);
    return st == ST_OK && !r->policies ? fail(err, ST_NOMEM, "out of memory") : st;
}

/* What holds for an order from its dispatch on is what was in force then: a new policy applies to new dispatches
 * only, never backwards (domain 12). type: COMMAND_COUNT where none is decided yet. */
static const struct policy *policy_of(const struct rules *r, const struct casefile *c,
                                      enum command_type type)
{
    const char *label = c->value[FIELD_POLICY];
    if (type == COMMAND_DISPATCH || type == COMMAND_DESIGNATE || !label || !*label)
        return &r->policy;
    for (size_t i = 0; i < r->n_policies; i++)
        if (strcmp(r->policies[i].label, label) == 0)
            return &r->policies[i];
    log_write(LOG_WARNING, "there is no policy \"%s\" any more; the present one is taken", label);
    return &r->policy;
}

static enum status rules_load(struct db *db, struct rules **ret, struct errmsg *err)
{
    struct rules *r = calloc(1, sizeof *r);
    const char *body, *etag;
    size_t n;
    if (!r)
        return fail(err, ST_NOMEM, "out of memory");
    arena_init(&r->arena, 0);
    enum status st = document(db, "policy", &r->arena, &body, &n, &etag, err);
    if (st == ST_OK && (st = policy_decode(body, n, &r->arena, &r->policy, err)) != ST_OK)
        errmsg_prefix(err, "policy");
    if (st == ST_OK)
        st = document(db, "calendar", &r->arena, &body, &n, &etag, err);
    if (st == ST_OK && (st = calendar_decode(body, n, &r->calendar, err)) != ST_OK)
        errmsg_prefix(err, "calendar");
    if (st == ST_OK)
        st = document(db, "people", &r->arena, &body, &n, &etag, err);
    if (st == ST_OK && (st = reference_decode(body, n, &r->arena, &r->reference, err)) != ST_OK)
        errmsg_prefix(err, "people");
    if (st == ST_OK)
        st = document(db, "catalogue", &r->arena, &body, &n, &etag, err);
    if (st == ST_OK && (st = catalogue_decode(body, n, &r->arena, &r->catalogue, err)) != ST_OK)
        errmsg_prefix(err, "catalogue");
    if (st == ST_OK)
        st = policies_load(db, r, err);
    if (st != ST_OK)
        rules_free(r);
    else
        *ret = r;
    return st;
}

/* What came into force is recorded, each document with its etag. first: an action before them, or NULL. */
static enum status record_documents(struct service *s, const char *first, struct errmsg *err)
{
    static const char *const names[] = {"policy", "calendar", "people"};
    struct arena a;
    struct audit_entry entry = {.action = first, .object = ""};
    arena_init(&a, 0);
    enum status st = writer_take(s, err);
    if (st == ST_OK && first)
        st = audit_add(s->audit, &entry, err);
    for (size_t i = 0; st == ST_OK && i < sizeof names / sizeof *names; i++) {
        const char *body, *etag;
        size_t n;
        st = document(s->writer, names[i], &a, &body, &n, &etag, err);
        entry = (struct audit_entry){.action = audit_words[AUDIT_LOADED],
                                     .object = names[i],
                                     .detail = etag,
                                     .detail_n = st == ST_OK ? strlen(etag) : 0};
        if (st == ST_OK)
            st = audit_add(s->audit, &entry, err);
    }
    arena_release(&a);
    return writer_give(s, st, err);
}

enum status service_reload(struct service *s, struct errmsg *err)
{
    struct rules *fresh = NULL, *old;
    struct db *db = service_reader(s, err);
    enum status st = db ? rules_load(db, &fresh, err) : ST_IO;
    if (st == ST_OK)
        st = record_documents(s, NULL, err);
    if (st != ST_OK) {
        rules_free(fresh);
        return st;
    }
    fresh->since_ms = clock_wall(s->config.clock);
    pthread_rwlock_wrlock(&s->rules_lock);
    old = s->rules;
    s->rules = fresh;
    pthread_rwlock_unlock(&s->rules_lock);
    rules_free(old);
    return ST_OK;
}

const struct reference *service_reference(struct service *s)
{
    return &s->rules->reference;
}

const struct reference *service_rules_hold(struct service *s, int64_t *ret_since_ms)
{
    pthread_rwlock_rdlock(&s->rules_lock);
    *ret_since_ms = s->rules->since_ms;
    return &s->rules->reference;
}

void service_rules_release(struct service *s)
{
    pthread_rwlock_unlock(&s->rules_lock);
}

int64_t service_now(struct service *s)
{
    return clock_wall(s->config.clock);
}

/* --- the epoch ------------------------------------------------------------------------------ */
/*
 * A store that was put back from a copy must say so: consoles would otherwise believe that what it
 * acknowledged after the copy is still there. A small file beside the store keeps the epoch and the highest event
 * number; if the store knows less than the file, or another epoch, it is a copy and gets a new epoch.
 * The file is written after a commit and never synced: a power cut may leave it behind the store, which is harmless.
 */
static void epoch_write(struct service *s)
{
    char path[PATH_SIZE], fresh[PATH_SIZE];
    snprintf(path, sizeof path, "%.4000s.epoch", database_path(s->writer));
    snprintf(fresh, sizeof fresh, "%.4000s.epoch.new", database_path(s->writer));
    FILE *f = fopen(fresh, "we");
    if (!f)
        return;
    /* renamed whole: a server killed between emptying and writing would look like a copy put back */
    bool whole = fprintf(f, "%s %" PRId64 "\n", s->epoch, s->gseq) > 0;
    if (fclose(f) == 0 && whole)
        rename(fresh, path);
}

/* A new epoch; that of a copy that was put back is recorded. */
static enum status epoch_take(struct service *s, bool copy, struct errmsg *err)
{
    unsigned char bytes[EPOCH_BYTES];
    random_fill(s->config.random, bytes, sizeof bytes);
    sodium_bin2hex(s->epoch, sizeof s->epoch, bytes, sizeof bytes);
    struct audit_entry entry = {.action = audit_words[AUDIT_RESTORED], .object = s->epoch};
    enum status st = database_begin(s->writer, true, err);
    if (st != ST_OK)
        return st;
    st = meta_set(s->writer, "epoch", s->epoch, err);
    if (st == ST_OK && copy)
        st = audit_add(s->audit, &entry, err);
    if (st == ST_OK)
        return database_commit(s->writer, err);
    database_rollback(s->writer);
    return st;
}

static enum status epoch_check(struct service *s, struct errmsg *err)
{
    char path[PATH_SIZE], *text = NULL, known[2 * EPOCH_BYTES + 1] = "";
    size_t n;
    int64_t high = -1;
    struct arena a;
    const char *epoch;
    arena_init(&a, 0);
    snprintf(path, sizeof path, "%.4000s.epoch", database_path(s->writer));
    enum status st = meta_get(s->writer, "epoch", &a, &epoch, err);
    if (st == ST_OK && file_read(path, 200, &text, &n, NULL) == ST_OK)
        if (sscanf(text, "%16s %" SCNd64, known, &high) != 2)
            high = -1;
    free(text);
    if (st == ST_OK && *epoch && strcmp(epoch, known) == 0 && high <= s->gseq) {
        snprintf(s->epoch, sizeof s->epoch, "%s", epoch);
    } else if (st == ST_OK) {
        st = epoch_take(s, *epoch != '\0', err);
        if (*epoch && st == ST_OK)
            log_write(LOG_WARNING, "the store was put back from a copy; its new epoch is %s",
                      s->epoch);
    }
    arena_release(&a);
    if (st == ST_OK)
        epoch_write(s);
    return st;
}

/* --- emergencies ---------------------------------------------------------------------------- */

static enum status emergencies_new(struct emergency_list **ret, struct errmsg *err)
{
    struct emergency_list *l = calloc(1, sizeof *l);
    if (!l)
        return fail(err, ST_NOMEM, "out of memory");
    arena_init(&l->arena, 0);
    *ret = l;
    return ST_OK;
}

static void emergencies_free(struct emergency_list *l)
{
    if (!l)
        return;
    arena_release(&l->arena);
    free(l);
}

/* Opens or closes one in the transaction of the writer, with its entry in the audit log. */
static enum status emergency_write(struct service *s, const struct actor *who,
                                   const struct emergency *wanted, const char *close,
                                   struct emergency_list *fresh, struct errmsg *err)
{
    struct emergency_job job = {
        .who = who, .wanted = wanted, .close = close, .now_ms = clock_wall(s->config.clock)};
    struct audit_entry entry = {
        .who = who,
        .action = audit_words[close ? AUDIT_EMERGENCY_CLOSED : AUDIT_EMERGENCY_OPENED],
        .object = close ? close : wanted->code};
    pthread_rwlock_rdlock(&s->rules_lock);
    job.policy = &s->rules->policy;
    job.reference = &s->rules->reference;
    enum status st = emergency_change(s->writer, &job, &fresh->arena, &fresh->list, err);
    pthread_rwlock_unlock(&s->rules_lock);
    return st == ST_OK ? audit_add(s->audit, &entry, err) : st;
}

enum status service_emergency(struct service *s, const struct actor *who,
                              const struct emergency *wanted, const char *close,
                              struct errmsg *err)
{
    struct emergency_list *fresh = NULL;
    enum status st = emergencies_new(&fresh, err);
    if (st != ST_OK)
        return st;
    st = writer_take(s, err);
    if (st == ST_OK)
        st = emergency_write(s, who, wanted, close, fresh, err);
    if (st == ST_OK)
        st = database_commit(s->writer, err);
    else
        database_rollback(s->writer);
    if (st == ST_OK) { /* while nobody else writes: the newest list is the one that stays */
        pthread_rwlock_wrlock(&s->rules_lock);
        struct emergency_list *old = s->emergencies;
        s->emergencies = fresh;
        fresh = old;
        pthread_rwlock_unlock(&s->rules_lock);
    }
    writer_free(s);
    emergencies_free(fresh);
    if (st == ST_OK && s->config.renewed)
        s->config.renewed(s->config.notify_self);
    return st;
}

/* --- opening -------------------------------------------------------------------------------- */

enum status service_open(const struct service_config *config, struct service **ret,
                         struct errmsg *err)
{
    struct arena a;
    const char *practice = "";
    struct service *s = calloc(1, sizeof *s);
    if (!s)
        return fail(err, ST_NOMEM, "out of memory");
    arena_init(&a, 0);
    s->config = *config;
    s->published = -1;
    arena_init(&s->bulk.arena, 0);
    s->queue_end = &s->queue;
    s->ids = (struct uuid_source){.clock = config->clock, .random = config->random};
    pthread_key_create(&s->reader, close_reader);
    pthread_rwlock_init(&s->rules_lock, NULL);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    enum status st = sodium_init() < 0 ? fail(err, ST_IO, "libsodium does not start") : ST_OK;
    if (st == ST_OK)
        st = database_open(config->url, DB_WRITE, &s->writer, err);
    if (st == ST_OK)
        st = audit_open(s->writer, config->clock, &s->audit, err);
    if (st == ST_OK) {
        audit_derive_key(s->audit, "repeats", s->repeats_key);
        struct stmt *q = database_stmt(s->writer, SQL_EVENT_LAST);
        s->committed = s->gseq = stmt_row(q) ? stmt_get_int(q, 0) : 0;
        stmt_done(q);
        q = database_stmt(s->writer, SQL_COUNT_CASES);
        s->next_number = stmt_row(q) ? stmt_get_int(q, 0) + 1 : 1;
        stmt_done(q);
        st = database_status(s->writer, err);
    }
#if SABOTAGE == 6
    /* damage for the tests: the ids are forgotten at a restart */
    if (st == ST_OK)
        st = stmt_run(database_stmt(s->writer, SQL_COMMAND_FORGET_ALL), err);
#endif
    if (st == ST_OK)
        st = epoch_check(s, err);
    if (st == ST_OK)
        st = meta_get(s->writer, "practice", &a, &practice, err);
    s->practice = *practice != '\0';
    if (st == ST_OK)
        st = rules_load(s->writer, &s->rules, err);
    if (st == ST_OK)
        s->rules->since_ms = clock_wall(config->clock);
    if (st == ST_OK)
        st = emergencies_new(&s->emergencies, err);
    if (st == ST_OK)
        st = emergency_load(s->writer, &s->emergencies->arena, &s->emergencies->list, err);
    arena_release(&a);
    if (st != ST_OK) {
        service_close(s);
        return st;
    }
    *ret = s;
    return ST_OK;
}

void service_close(struct service *s)
{
    if (!s)
        return;
    struct db *own = pthread_getspecific(s->reader);
    if (own) {
        pthread_setspecific(s->reader, NULL);
        database_close(own);
    }
    if (s->writer)
        database_checkpoint(s->writer, NULL);
    audit_close(s->audit);
    database_close(s->writer);
    rules_free(s->rules);
    emergencies_free(s->emergencies);
    arena_release(&s->bulk.arena);
    sodium_memzero(s->repeats_key, sizeof s->repeats_key);
    pthread_key_delete(s->reader);
    pthread_rwlock_destroy(&s->rules_lock);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->changed);
    free(s);
}

bool service_is_practice(struct service *s)
{
    return s->practice;
}

enum status service_ready(struct service *s, struct errmsg *err)
{
    pthread_mutex_lock(&s->lock);
    bool full = s->full;
    pthread_mutex_unlock(&s->lock);
    return full ? fail(err, ST_FULL, _("The disk of the store is full.")) : ST_OK;
}

/* --- the audit log -------------------------------------------------------------------------- */

enum status service_started(struct service *s, struct errmsg *err)
{
    return record_documents(s, audit_words[AUDIT_START], err);
}

enum status service_stopped(struct service *s, struct errmsg *err)
{
    struct audit_entry entry = {.action = audit_words[AUDIT_STOP], .object = ""};
    enum status st = writer_take(s, err);
    if (st == ST_OK)
        st = audit_add(s->audit, &entry, err);
    if (st == ST_OK)
        st = audit_seal(s->audit, 0, err);
    return writer_give(s, st, err);
}

enum status service_keep_audit(struct service *s, const char *folder, struct errmsg *err)
{
    enum status st = writer_take(s, err);
    if (st == ST_OK)
        st = audit_seal(s->audit, AUDIT_EVERY_MS, err);
    st = writer_give(s, st, err);
    struct db *db = service_reader(s, err);
    if (st == ST_OK && folder)
        st = db ? audit_publish(db, folder, &s->published, err) : ST_IO;
    return st;
}

enum status service_checkpoints(struct service *s, const struct actor *who, struct buf *out,
                                struct errmsg *err)
{
    struct db *db = service_reader(s, err);
    if (who->role != ROLE_AUDITOR && who->role != ROLE_ADMIN)
        return fail(err, ST_DENIED, _("Checkpoints are for auditors and administrators."));
    return db ? audit_checkpoints(db, 0, AUDIT_CHECKPOINTS_MOST, out, err) : ST_IO;
}

/* --- sessions ------------------------------------------------------------------------------- */

static void hash_token(const char *token, unsigned char out[HASH_BYTES])
{
    crypto_generichash(out, HASH_BYTES, (const unsigned char *)token, strlen(token), NULL, 0);
}

enum status password_hash(const char *password, char out[128], struct errmsg *err)
{
    _Static_assert(crypto_pwhash_STRBYTES <= 128, "room for the string");
    if (crypto_pwhash_str(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
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
                                 int64_t until, struct errmsg *err)
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
    }
    if (st == ST_OK)
        st = stmt_run(q, err);
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

enum status service_write(struct service *s,
                          enum status (*work)(struct db *db, void *self, struct errmsg *err),
                          void *self, struct errmsg *err)
{
    enum status st = writer_take(s, err);
    if (st == ST_OK)
        st = work(s->writer, self, err);
    return writer_give(s, st, err);
}

enum status service_login(struct service *s, const char *user, const char *password,
                          const char *device, struct arena *a, struct session *ret,
                          struct errmsg *err)
{
    unsigned char bytes[TOKEN_BYTES], hash[HASH_BYTES];
    char token[TOKEN_SIZE];
    struct db *db = service_reader(s, err);
    if (!db)
        return ST_IO;
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
    hash_token(token, hash);
    int64_t now = clock_wall(s->config.clock);
    ret->expires_ms = now + (int64_t)SESSION_HOURS * MS_HOUR;
    st = session_write(s, SQL_SESSION_PUT, hash, &ret->actor, ret->expires_ms, err);
    ret->token = arena_strdup(a, token);
    ret->server_time_ms = now;
    ret->epoch = s->epoch;
    pthread_rwlock_rdlock(&s->rules_lock);
    ret->policy = arena_strdup(a, s->rules->policy.label);
    pthread_rwlock_unlock(&s->rules_lock);
    return st;
}

enum status service_session(struct service *s, const char *token, struct arena *a,
                            struct actor *ret, struct errmsg *err)
{
    unsigned char hash[HASH_BYTES];
    struct db *db = service_reader(s, err);
    if (!db)
        return ST_IO;
    hash_token(token, hash);
    struct stmt *q = database_stmt(db, SQL_SESSION_GET);
    stmt_blob(q, 1, hash, sizeof hash);
    bool good = stmt_row(q) && stmt_get_int(q, 2) > clock_wall(s->config.clock);
    if (good)
        *ret = (struct actor){.user = arena_strdup(a, stmt_get_text(q, 0, NULL)),
                              .device = arena_strdup(a, stmt_get_text(q, 1, NULL)),
                              .role = role_find(stmt_get_text(q, 3, NULL)),
                              .office = arena_strdup(a, stmt_get_text(q, 4, NULL)),
                              .unit = arena_strdup(a, stmt_get_text(q, 5, NULL)),
                              .name = arena_strdup(a, stmt_get_text(q, 6, NULL))};
    stmt_done(q);
    enum status st = database_status(db, err);
    if (st == ST_OK && (!good || ret->role == ROLE_COUNT))
        st = fail(err, ST_UNAUTHORIZED, _("The session has ended; log in again."));
    return st;
}

enum status service_logout(struct service *s, const char *token, struct errmsg *err)
{
    unsigned char hash[HASH_BYTES];
    struct actor who;
    struct arena a;
    arena_init(&a, 0);
    enum status st = service_session(s, token, &a, &who, err);
    hash_token(token, hash);
    if (st == ST_OK)
        st = session_write(s, SQL_SESSION_DROP, hash, &who, 0, err);
    arena_release(&a);
    return st;
}

const char *service_scope(struct service *s, const struct actor *who)
{
    pthread_rwlock_rdlock(&s->rules_lock);
    const struct unit *office = reference_unit(&s->rules->reference, who->office);
    bool city = office && office->kind == UNIT_HOTLINE;
    pthread_rwlock_unlock(&s->rules_lock);
    return city ? "*" : who->office;
}

/* --- commands ------------------------------------------------------------------------------- */

static void refuse(struct outcome *o, int status, const char *word, const char *title,
                   const char *detail, const char *field, struct arena *a)
{
    o->kind = OUTCOME_REJECTED;
    o->problem = (struct problem){.status = status,
                                  .type = arena_printf(a, "urn:jiban:problem:%s", word),
                                  .title = title,
                                  .detail = arena_strdup(a, detail),
                                  .field = field};
}

enum status service_fold(struct db *db, int64_t row, struct casefile *c, struct arena *a,
                         struct errmsg *err)
{
    enum status st = ST_OK;
    struct stmt *q = database_stmt(db, SQL_CASE_EVENTS);
    stmt_int(q, 1, row);
    stmt_int(q, 2, 0);
    while (st == ST_OK && stmt_row(q)) {
        size_t n;
        const char *body = stmt_get_text(q, 0, &n);
        struct event *e = arena_alloc(a, sizeof *e);
        st = e ? event_decode(body, n, a, e, err) : fail(err, ST_NOMEM, "out of memory");
        if (st == ST_OK)
            st = casefile_apply(c, e, err);
    }
    stmt_done(q);
    return st == ST_OK ? database_status(db, err) : st;
}

enum status service_load(struct db *db, const struct uuid *id, struct casefile *c, int64_t *ret_row,
                         struct arena *a, struct errmsg *err)
{
    casefile_init(c, id, a);
    *ret_row = 0;
    struct stmt *q = database_stmt(db, SQL_CASE_BY_ID);
    stmt_blob(q, 1, id->byte, sizeof id->byte);
    if (stmt_row(q))
        *ret_row = stmt_get_int(q, 0);
    stmt_done(q);
    enum status st = database_status(db, err);
    if (st != ST_OK || *ret_row == 0)
        return st;
    return service_fold(db, *ret_row, c, a, err);
}

/* The event as it was stored, folded over the case in hand, as if it had been read again. */
static enum status bulk_keep(struct service *s, const struct buf *body, struct errmsg *err)
{
    struct bulk *b = &s->bulk;
    struct event *e = arena_alloc(&b->arena, sizeof *e);
    enum status st = e ? event_decode(body->data, body->len, &b->arena, e, err)
                       : fail(err, ST_NOMEM, "out of memory");
    return st == ST_OK ? casefile_apply(&b->c, e, err) : st;
}

/* Is the case the one in hand from here on? A new one is taken up; another old one is let go. */
static bool bulk_follows(struct service *s, const struct uuid *id, bool is_new, int64_t row)
{
    struct bulk *b = &s->bulk;
    if (!b->on || (b->holds && uuid_compare(&b->c.id, id) == 0))
        return b->on;
    arena_reset(&b->arena);
    casefile_init(&b->c, id, &b->arena);
    b->row = row;
    return b->holds = is_new;
}

static enum status find_case(struct service *s, const struct uuid *id, struct casefile *c,
                             int64_t *ret_row, struct arena *a, struct errmsg *err)
{
    if (!s->bulk.holds || uuid_compare(&s->bulk.c.id, id) != 0)
        return service_load(s->writer, id, c, ret_row, a, err);
    *c = s->bulk.c;
    *ret_row = s->bulk.row;
    return ST_OK;
}

static void add_scope(const char *code, const char *out[SCOPES_MOST], size_t *n)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(out[i], code) == 0)
            return;
    if (*code && *n < SCOPES_MOST)
        out[(*n)++] = code;
}

static void add_office_of(const struct reference *r, const char *user, const char *out[SCOPES_MOST],
                          size_t *n)
{
    const struct person *p = *user ? reference_person(r, user) : NULL;
    const struct unit *office = p ? reference_unit(r, p->office) : NULL;
    if (office && office->kind != UNIT_HOTLINE)
        add_scope(office->code, out, n);
}

/* Scopes that see the case: the hotline, its district, its lead unit, and the offices of units that were asked or
 * called, or warned: a department's people log in at its district. And of whom else the table lets see it: who took it down, the
 * handler, the assisting community, the section. Who of an office sees it is asked of the table each time. */
static size_t scopes_of(const struct casefile *c, const struct reference *r,
                        const char *out[SCOPES_MOST])
{
    size_t n = 0;
    const char *district = c->value[FIELD_DISTRICT];
    const char *unit = c->value[FIELD_UNIT];
    out[n++] = "*";
    add_scope(*district ? district : reference_district(r, unit), out, &n);
    add_scope(unit, out, &n);
    add_office_of(r, c->value[FIELD_OPERATOR_ID], out, &n);
    add_office_of(r, c->value[FIELD_HANDLER], out, &n);
    for (enum field f = FIELD_SECTION; f <= FIELD_ASSISTANT; f++) {
        const struct unit *u = f == FIELD_HANDLER ? NULL : reference_unit(r, c->value[f]);
        if (u)
            add_scope(u->parent, out, &n);
    }
    for (size_t i = 0; i < c->n_objects; i++) {
        const struct unit *u = reference_unit(r, c->objects[i].unit);
        if (c->objects[i].kind == OBJECT_WARNING)
            add_scope(c->value[FIELD_STREET], out, &n);
        if (c->objects[i].kind != OBJECT_SUB && c->objects[i].kind != OBJECT_WHISTLE)
            continue;
        add_scope(c->objects[i].unit, out, &n);
        if (u && u->kind != UNIT_STREET)
            add_scope(u->parent, out, &n);
    }
    return n;
}

static enum status move_sight(struct db *db, int64_t row, const struct casefile *c,
                              const struct reference *r, int64_t first_gseq, int64_t last_gseq,
                              struct arena *a, struct errmsg *err)
{
    const char *scopes[SCOPES_MOST], *old[SCOPES_MOST];
    size_t n = scopes_of(c, r, scopes), n_old = 0;
    struct stmt *q = database_stmt(db, SQL_SIGHT_LIST);
    stmt_int(q, 1, row);
    while (n_old < SCOPES_MOST && stmt_row(q))
        old[n_old++] = arena_strdup(a, stmt_get_text(q, 0, NULL));
    stmt_done(q);
    enum status st = database_status(db, err);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        q = database_stmt(db, SQL_SIGHT_PUT);
        stmt_text(q, 1, scopes[i]);
        stmt_int(q, 2, row);
        stmt_int(q, 3, first_gseq);
        stmt_int(q, 4, last_gseq);
        st = stmt_run(q, err);
    }
    for (size_t i = 0; st == ST_OK && i < n_old; i++) {
        bool still = false;
        for (size_t k = 0; k < n; k++)
            still |= strcmp(old[i], scopes[k]) == 0;
        if (still)
            continue;
        q = database_stmt(db, SQL_SIGHT_GONE);
        stmt_text(q, 1, old[i]);
        stmt_int(q, 2, row);
        stmt_int(q, 3, last_gseq);
        st = stmt_run(q, err);
    }
    return st;
}

static void hash_command(const struct command *c, unsigned char out[HASH_BYTES])
{
    struct buf text;
    buf_init(&text, 64 * 1024 * 1024);
    command_encode(&text, c);
    crypto_generichash(out, HASH_BYTES, (const unsigned char *)text.data, text.len, NULL, 0);
    buf_release(&text);
}

/* Was the id seen before? Then the first outcome again; another person or another text is refused. */
static bool seen_before(struct db *db, const struct command *c, const struct actor *who,
                        const unsigned char hash[HASH_BYTES], struct outcome *o, struct arena *a,
                        enum status *ret_st, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_COMMAND_GET);
    stmt_blob(q, 1, c->id.byte, sizeof c->id.byte);
    bool seen = stmt_row(q);
    if (seen) {
        size_t n, len;
        const void *old_hash = stmt_get_blob(q, 1, &n);
        const char *text = stmt_get_text(q, 2, &len);
        struct outcome *first = NULL;
        size_t count = 0;
        if (strcmp(stmt_get_text(q, 0, NULL), who->user) != 0)
            refuse(o, 409, "id-taken", N_("Id is taken"),
                   _("This command id belongs to somebody else."), "", a);
        else if (n != HASH_BYTES || memcmp(old_hash, hash, HASH_BYTES) != 0)
            refuse(o, 422, "id-reused", N_("Id used again"),
                   _("This command id was used for another text before."), "", a);
        else if ((*ret_st = outcomes_decode(text, len, a, &first, &count, err)) == ST_OK &&
                 count == 1) {
            *o = first[0];
            o->first = first[0].kind;
            o->kind = OUTCOME_DUPLICATE;
        }
    }
    stmt_done(q);
    if (*ret_st == ST_OK)
        *ret_st = database_status(db, err);
    return seen;
}

/* YYMMDD + district (2) + running number (6) + Luhn digit (domain 4.1). */
static const char *make_number(struct service *s, const struct command *c, int64_t now_ms,
                               struct arena *a)
{
    char digits[32];
    const char *street = value_find(c->values, c->n_values, FIELD_STREET);
    struct civil t = civil_from_ms(now_ms, BEIJING_OFFSET_MS);
    int n =
        snprintf(digits, sizeof digits, "%02d%02d%02d%.2s%06" PRId64, t.year % 100, t.month, t.day,
                 street && strlen(street) >= 2 ? street : "00", s->next_number++ % 1000000);
    int sum = 0;
    for (int i = n - 1, twice = 1; i >= 0; i--, twice = !twice) {
        int d = digits[i] >= '0' && digits[i] <= '9' ? digits[i] - '0' : 0;
        if (twice)
            d = d * 2 > 9 ? d * 2 - 9 : d * 2;
        sum += d;
    }
    return arena_printf(a, "%s%d", digits, (10 - sum % 10) % 10);
}

/* When the clock has to look at the case again; left NULL when it has nothing to do. */
static void bind_wake(struct stmt *q, int at, const struct workflow_context *ctx,
                      const struct casefile *c)
{
    int64_t wake = workflow_wake(ctx, c);
    if (wake != TIME_NONE)
        stmt_int(q, at, wake);
}

static enum status append(struct service *s, const struct command *c, const struct casefile *before,
                          int64_t row, const struct decision *d, const struct workflow_context *ctx,
                          struct outcome *o, struct arena *a, struct errmsg *err)
{
    const struct reference *r = ctx->reference;
    struct casefile after = *before;
    struct db *db = s->writer;
    int64_t first = 0, last = 0;
    struct buf body;
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < d->n; i++)
        st = casefile_apply(&after, &d->events[i], err);
    if (st != ST_OK)
        return st;
    struct stmt *q;
    bool is_new = row == 0;
    if (is_new) {
        q = database_stmt(db, SQL_CASE_ADD);
        stmt_blob(q, 1, c->case_id.byte, sizeof c->case_id.byte);
        stmt_text(q, 2, after.value[FIELD_NUMBER]);
        stmt_int(q, 3, after.version);
        stmt_text(q, 4, state_table[after.state].word);
        bind_wake(q, 5, ctx, &after);
        st = stmt_run(q, err);
        row = database_last_row(db);
    } else {
        q = database_stmt(db, SQL_CASE_UPDATE);
        stmt_int(q, 1, row);
        stmt_int(q, 2, after.version);
        stmt_text(q, 3, state_table[after.state].word);
        bind_wake(q, 4, ctx, &after);
        st = stmt_run(q, err);
    }
    buf_init(&body, 1024 * 1024);
    bool follow = bulk_follows(s, &c->case_id, is_new, row);
    for (size_t i = 0; st == ST_OK && i < d->n; i++) {
        const struct event *e = &d->events[i];
        buf_clear(&body);
        event_encode(&body, e);
        if ((st = buf_status(&body)) != ST_OK) {
            fail(err, st, "an event is too large");
            break;
        }
        q = database_stmt(db, SQL_EVENT_ADD);
        stmt_int(q, 1, row);
        stmt_int(q, 2, e->seq);
        stmt_text(q, 3, command_table[e->type].word);
        stmt_int(q, 4, e->at_ms);
        stmt_blob(q, 5, e->command_id.byte, sizeof e->command_id.byte);
        stmt_text(q, 6, body.data);
        st = stmt_run(q, err);
        last = database_last_row(db);
        if (i == 0)
            first = last;
        if (st == ST_OK && follow)
            st = bulk_keep(s, &body, err);
    }
    buf_release(&body);
    if (st == ST_OK && d->n > 0)
        st = move_sight(db, row, &after, r, first, last, a, err);
    bool count = d->n > 0;
#if SABOTAGE == 30
    /* damage for the tests: what the case counts as is written once and never again */
    count = is_new;
#endif
    if (st == ST_OK && count)
        st = assess_update(db, row, before, &after, ctx->policy, r, err);
    if (st == ST_OK)
        st = tally_update(db, row, before, &after, err);
    if (st == ST_OK)
        st = requests_follow(db, row, &after, err);
    if (st == ST_OK)
        st = repeats_follow(db, s->repeats_key, row, before, &after, err);
    if (st == ST_OK) {
        o->kind = OUTCOME_APPLIED;
        o->version = after.version;
        if (last > s->gseq)
            s->gseq = last;
    }
    return st;
}

static enum status remember(struct db *db, const struct command *c, const struct actor *who,
                            const unsigned char hash[HASH_BYTES], int64_t now_ms,
                            const struct outcome *o, struct errmsg *err)
{
    struct buf text;
    buf_init(&text, OUTCOME_MAX);
    outcomes_encode(&text, o, 1);
    struct stmt *q = database_stmt(db, SQL_COMMAND_ADD);
    stmt_blob(q, 1, c->id.byte, sizeof c->id.byte);
    stmt_text(q, 2, who->user);
    stmt_blob(q, 3, hash, HASH_BYTES);
    stmt_int(q, 4, now_ms);
    stmt_text(q, 5, text.data);
    enum status st = stmt_run(q, err);
    buf_release(&text);
    return st;
}

/* In the audit log: before is NULL for a new case, whose number is in the command. */
static enum status record(struct service *s, const struct actor *who, const struct command *c,
                          const struct casefile *before, const unsigned char hash[HASH_BYTES],
                          struct errmsg *err)
{
    const char *number =
        before ? before->value[FIELD_NUMBER] : value_find(c->values, c->n_values, FIELD_NUMBER);
    struct audit_entry entry = {.who = who,
                                .action = command_table[c->type].word,
                                .object = number ? number : "",
                                .detail = hash,
                                .detail_n = HASH_BYTES};
    return audit_add(s->audit, &entry, err);
}

/* Each event that came of the command: what the clock did for the person is an entry of its own. */
static enum status record_events(struct service *s, const struct decision *d,
                                 const struct command *c, const struct casefile *before,
                                 const unsigned char hash[HASH_BYTES], struct errmsg *err)
{
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < d->n; i++) {
        struct command one = *c;
        one.type = d->events[i].type;
        st = record(s, &d->events[i].actor, &one, before, hash, err);
    }
    return st;
}

/* The centre gives the number, whatever the command says. */
static void give_number(struct service *s, struct command *command, int64_t now_ms, struct arena *a)
{
    struct value *values = arena_array(a, command->n_values + 1, sizeof *values);
    size_t n = 0;
    if (!values)
        return;
    for (size_t i = 0; i < command->n_values; i++)
        if (command->values[i].field != FIELD_NUMBER)
            values[n++] = command->values[i];
    values[n].field = FIELD_NUMBER;
    values[n++].text = make_number(s, command, now_ms, a);
    command->values = values;
    command->n_values = n;
}

/* The case that a text names: its id or its number. ST_OK with *ret_row 0: there is none. */
static enum status named_case(struct service *s, const char *name, struct casefile *c,
                              int64_t *ret_row, struct arena *a, struct errmsg *err)
{
    struct uuid id;
    *ret_row = 0;
    if (!uuid_parse(name, &id)) {
        struct stmt *q = database_stmt(s->writer, SQL_CASE_BY_NUMBER);
        size_t n = 0;
        stmt_text(q, 1, name);
        const void *found = stmt_row(q) ? stmt_get_blob(q, 0, &n) : NULL;
        if (found && n == sizeof id.byte)
            memcpy(id.byte, found, n);
        stmt_done(q);
        enum status st = database_status(s->writer, err);
        if (st != ST_OK || !found)
            return st;
    }
    return find_case(s, &id, c, ret_row, a, err);
}

static void refuse_why(struct outcome *o, const struct refusal *why, struct arena *a)
{
    refuse(o, why->code == REFUSAL_ARGUMENT ? 422 : 409, why->word, N_("Refused"), why->text,
           why->field == FIELD_NONE ? "" : field_table[why->field].word, a);
}

/* Who acts when nobody does. */
static const struct actor clock_actor = {.user = "clock",
                                         .name = "clock",
                                         .role = ROLE_AUTOMATIC,
                                         .office = "",
                                         .unit = "",
                                         .device = ""};

/* A follower may have gone its own way meanwhile; and no order is turned away because a warning of it cannot be given. */
static bool may_be_refused(enum command_type type)
{
    return type == COMMAND_SHARE_REPLY || type == COMMAND_FOUND_EARLIER || type == COMMAND_WARN;
}

/* What the command makes of other orders, as the clock acting for the person. One that is refused refuses the
 * command, unless it may be passed over. */
static enum status consequences(struct service *s, const struct decision *d,
                                const struct command *c, const struct actor *who,
                                const struct workflow_context *ctx,
                                const unsigned char hash[HASH_BYTES], struct outcome *o,
                                struct arena *a, struct errmsg *err)
{
    struct actor clock = *who;
    enum status st = ST_OK;
    clock.role = ROLE_AUTOMATIC;
    for (size_t i = 0; st == ST_OK && i < d->n_also; i++) {
        const struct consequence *k = &d->also[i];
        struct workflow_context its = *ctx; /* of the other order */
        struct command command = {.id = c->id,
                                  .type = k->type,
                                  .at_ms = c->at_ms,
                                  .values = k->values,
                                  .n_values = k->n_values};
        struct casefile other;
        struct decision decision = {0};
        struct refusal why = {0};
        struct outcome ignored = {0};
        int64_t row;
        st = named_case(s, k->target, &other, &row, a, err);
        if (st == ST_OK && row == 0) {
            refuse(o, 409, refusal_word(REFUSAL_OTHER), N_("Refused"),
                   _("There is no order with this number."), "", a);
            return ST_OK;
        }
        if (st != ST_OK)
            return st;
        command.case_id = other.id;
        command.base = other.version;
        its.policy = policy_of(s->rules, &other, k->type);
        st = workflow_decide(&its, &other, &command, &clock, a, &decision, &why, err);
        if (st == ST_OK)
            st = append(s, &command, &other, row, &decision, &its, &ignored, a, err);
        if (st == ST_OK)
            st = record(s, &clock, &command, &other, hash, err);
        else if (st == ST_REFUSED && !may_be_refused(k->type)) {
            refuse_why(o, &why, a);
            return ST_OK;
        } else if (st == ST_REFUSED) {
            log_write(LOG_WARNING, "%s: %s", k->target, why.text);
            st = ST_OK;
        }
    }
    return st;
}

/* Looks what a new order is like; the clock writes down what it finds. What comes in bulk was decided elsewhere: nobody
 * is warned of the past. */
static enum status look_around(struct service *s, const struct command *command,
                               const struct workflow_context *ctx,
                               const unsigned char hash[HASH_BYTES], struct outcome *o,
                               struct arena *a, struct errmsg *err)
{
    struct consequence steps[REPEAT_STEPS];
    struct decision d = {.also = steps};
    struct repeats found;
    struct casefile c;
    int64_t row;
    if (command->type != COMMAND_LOG || s->bulk.on)
        return ST_OK;
    enum status st = find_case(s, &command->case_id, &c, &row, a, err);
    if (st == ST_OK)
        st = repeats_look(s->writer, s->repeats_key, row, &c, ctx->policy, a, &found, err);
    if (st == ST_OK)
        d.n_also = repeat_steps(&c, ctx->policy, found.key.by, &found.found, a, steps);
    return st == ST_OK ? consequences(s, &d, command, &clock_actor, ctx, hash, o, a, err) : st;
}

#if SABOTAGE == 17
/* damage for the tests: the last writer wins, whatever the others made of the case */
static enum status decide_anyway(const struct workflow_context *ctx, const struct casefile *c,
                                 const struct command *command, const struct actor *who,
                                 struct arena *a, struct decision *ret, struct refusal *why,
                                 struct errmsg *err)
{
    for (int i = 0; why->code == REFUSAL_STATE && i < STATE_COUNT; i++) {
        struct casefile seen = *c;
        seen.state = (enum state)i;
        *why = (struct refusal){0};
        if (workflow_decide(ctx, &seen, command, who, a, ret, why, err) == ST_OK)
            return ST_OK;
        why->code = REFUSAL_STATE;
    }
    return ST_REFUSED;
}
#endif

/* Whose scope is it in? The hotline sees every case. */
static bool in_scope(const struct casefile *c, const struct reference *r, const struct actor *who)
{
    const char *scopes[SCOPES_MOST];
    const struct unit *office = reference_unit(r, who->office);
    size_t n = scopes_of(c, r, scopes);
    if (who->role == ROLE_AUTOMATIC || (office && office->kind == UNIT_HOTLINE))
        return true;
    for (size_t i = 0; i < n; i++)
        if (strcmp(scopes[i], who->office) == 0)
            return true;
    return false;
}

/* Decides and appends. ST_REFUSED: the outcome says why, and what was written must be taken back. */
static enum status decide(struct service *s, const struct actor *who, struct command *command,
                          const unsigned char hash[HASH_BYTES], int64_t now_ms, struct outcome *o,
                          struct arena *a, struct errmsg *err)
{
    struct casefile c, other;
    struct decision decision = {0};
    struct refusal why = {0};
    struct rules *r = s->rules;
    struct workflow_context ctx = {.policy = &r->policy,
                                   .calendar = &r->calendar,
                                   .reference = &r->reference,
                                   .catalogue = &r->catalogue,
                                   .emergencies = &s->emergencies->list,
                                   .now_ms = now_ms};
    int64_t row, other_row = 0;
    enum status st = find_case(s, &command->case_id, &c, &row, a, err);
    if (st == ST_OK && row == 0 && workflow_begins(command->type))
        give_number(s, command, now_ms, a);
    const char *named =
        value_find(command->values, command->n_values, workflow_other(command->type));
    if (st == ST_OK && named)
        st = named_case(s, named, &other, &other_row, a, err);
    if (st != ST_OK)
        return st;
    ctx.policy = policy_of(r, &c, command->type);
    bool seen = row == 0 ? workflow_begins(command->type)
                         : in_scope(&c, &r->reference, who) && workflow_sees(&c, who);
    if (other_row) {
        seen = seen && in_scope(&other, &r->reference, who);
        ctx.other = &other;
    }
#if SABOTAGE == 71
    seen = true; /* damage for the tests: a command reaches what is out of sight */
#endif
    if (!seen || (named && !other_row)) { /* a foreign case answers like one that does not exist */
        refuse(o, 404, "not-found", N_("No such case"),
               _("There is no such case in your sight; it may have gone to another unit."), "", a);
        return ST_REFUSED;
    }
    st = workflow_decide(&ctx, &c, command, who, a, &decision, &why, err);
#if SABOTAGE == 17
    if (st == ST_REFUSED)
        st = decide_anyway(&ctx, &c, command, who, a, &decision, &why, err);
#endif
    if (st == ST_REFUSED)
        refuse_why(o, &why, a);
    if (st == ST_OK)
        st = append(s, command, &c, row, &decision, &ctx, o, a, err);
    if (st == ST_OK)
        st = record_events(s, &decision, command, row ? &c : NULL, hash, err);
    if (st == ST_OK && decision.n_also)
        st = consequences(s, &decision, command, who, &ctx, hash, o, a, err);
    if (st == ST_OK && o->kind == OUTCOME_APPLIED)
        st = look_around(s, command, &ctx, hash, o, a, err);
    return st == ST_OK && o->kind == OUTCOME_REJECTED ? ST_REFUSED : st;
}

/* One command in the open transaction of the writer. Failures are of the store; a refusal is an outcome, and leaves
 * nothing but itself. */
static enum status apply_one(struct service *s, const struct actor *who,
                             const struct command *given, int64_t now_ms, struct outcome *o,
                             struct arena *a, struct errmsg *err)
{
    unsigned char hash[HASH_BYTES];
    struct command command = *given;
    int64_t gseq = s->gseq, number = s->next_number;
    enum status st = ST_OK;
    *o = (struct outcome){.id = given->id};
    hash_command(given, hash);
    if (seen_before(s->writer, given, who, hash, o, a, &st, err) || st != ST_OK)
        return st;
    pthread_rwlock_rdlock(&s->rules_lock);
    st = decide(s, who, &command, hash, now_ms, o, a, err);
    pthread_rwlock_unlock(&s->rules_lock);
    if (st == ST_REFUSED) {
        if (s->bulk.on && s->gseq != gseq) {
            st = fail(err, ST_CONFLICT, "%s", o->problem.detail);
        } else if (s->gseq != gseq) { /* a consequence was refused: what came before it goes too */
            database_savepoint_rollback(s->writer);
            st = database_savepoint(s->writer, err);
            s->gseq = gseq;
        } else {
            st = ST_OK;
        }
    }
    if (st != ST_OK || o->kind != OUTCOME_APPLIED)
        s->next_number = number; /* a gap would be filled, and then used twice, after a restart */
#if SABOTAGE == 7
    /* damage for the tests: the id is remembered in another transaction than the events */
    if (st == ST_OK && (st = database_commit(s->writer, err)) == ST_OK)
        st = database_begin(s->writer, true, err);
#endif
    if (st == ST_OK)
        st = remember(s->writer, given, who, hash, now_ms, o, err);
    return st == ST_OK && arena_failed(a) ? fail(err, ST_NOMEM, "out of memory") : st;
}

static enum status run_job(struct service *s, struct job *j)
{
    enum status st = ST_OK;
    int64_t now = clock_wall(s->config.clock);
    for (size_t i = 0; st == ST_OK && i < j->n; i++) {
        int64_t gseq = s->gseq, number = s->next_number;
#if SABOTAGE != 7
        st = database_savepoint(s->writer, &j->err);
        if (st != ST_OK)
            break;
#endif
        st = apply_one(s, j->who, &j->commands[i], now, &j->outcomes[i], j->arena, &j->err);
#if SABOTAGE != 7
        if (st == ST_OK) {
            st = database_savepoint_release(s->writer, &j->err);
        } else {
            database_savepoint_rollback(s->writer);
            s->gseq = gseq;
            s->next_number = number;
        }
#else
        (void)gseq, (void)number;
#endif
    }
    return st;
}

/* --- the clock acts ---------------------------------------------------------------------------- */

static enum status record_clock(struct service *s, const struct actor *clock,
                                const struct command *command, const struct casefile *c,
                                struct errmsg *err)
{
    unsigned char hash[HASH_BYTES];
    hash_command(command, hash);
    return record(s, clock, command, c, hash, err);
}

/* What the clock has to do with one case now, one step after the other. */
static enum status tick_case(struct service *s, const struct uuid *id, int64_t now_ms,
                             struct errmsg *err)
{
    const struct rules *r = s->rules;
    struct workflow_context ctx = {.policy = &r->policy,
                                   .calendar = &r->calendar,
                                   .reference = &r->reference,
                                   .catalogue = &r->catalogue,
                                   .emergencies = &s->emergencies->list,
                                   .now_ms = now_ms};
    struct arena a;
    enum status st = ST_OK;
    arena_init(&a, 0);
    for (bool more = true; st == ST_OK && more;) {
        struct casefile c;
        struct command command = {.case_id = *id, .at_ms = now_ms};
        struct decision decision = {0};
        struct refusal why = {0};
        struct outcome o = {0};
        int64_t row;
        st = find_case(s, id, &c, &row, &a, err);
        ctx.policy = st == ST_OK ? policy_of(r, &c, COMMAND_COUNT) : &r->policy;
        more = st == ST_OK && row &&
               workflow_automatic(&ctx, &c, &a, &command.type, &command.values, &command.n_values);
        if (more) {
            command.id = uuid_new(&s->ids);
            st = workflow_decide(&ctx, &c, &command, &clock_actor, &a, &decision, &why, err);
            if (st == ST_OK)
                st = append(s, &command, &c, row, &decision, &ctx, &o, &a, err);
            if (st == ST_OK)
                st = record_clock(s, &clock_actor, &command, &c, err);
        }
        if (!more || st == ST_REFUSED) { /* nothing now: when again? */
            struct stmt *q = database_stmt(s->writer, SQL_CASE_WAKE);
            stmt_int(q, 1, row);
            int64_t wake = workflow_wake(&ctx, &c);
            if (wake != TIME_NONE && (wake > now_ms || st != ST_REFUSED))
                stmt_int(q, 2, wake > now_ms ? wake : now_ms + MS_HOUR);
            if (st == ST_REFUSED)
                log_write(LOG_WARNING, "clock: %s", why.text);
            st = stmt_run(q, err);
            more = false;
        }
    }
    arena_release(&a);
    return st;
}

static enum status tick_due(struct service *s, int64_t now_ms, size_t *ret_n, struct errmsg *err)
{
    struct uuid due[TICK_CASES];
    size_t n = 0;
    struct stmt *q = database_stmt(s->writer, SQL_CASES_DUE);
    stmt_int(q, 1, now_ms);
    stmt_int(q, 2, TICK_CASES);
    while (n < TICK_CASES && stmt_row(q)) {
        size_t size;
        const void *id = stmt_get_blob(q, 0, &size);
        if (size == sizeof due[n].byte)
            memcpy(due[n++].byte, id, size);
    }
    stmt_done(q);
    enum status st = database_status(s->writer, err);
    pthread_rwlock_rdlock(&s->rules_lock);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        st = tick_case(s, &due[i], now_ms, err);
    pthread_rwlock_unlock(&s->rules_lock);
    *ret_n = n;
    return st;
}

enum status service_tick(struct service *s, size_t *ret_n, struct errmsg *err)
{
    *ret_n = 0;
    enum status st = writer_take(s, err);
    int64_t before = s->gseq;
    if (st == ST_OK)
        st = tick_due(s, clock_wall(s->config.clock), ret_n, err);
    if (st == ST_OK)
        st = database_commit(s->writer, err);
    else
        database_rollback(s->writer);
    if (st != ST_OK) {
        s->gseq = before;
    } else if (s->gseq != before) {
        s->committed = s->gseq;
        epoch_write(s);
        database_checkpoint(s->writer, NULL);
        if (s->config.notify)
            s->config.notify(s->config.notify_self, s->gseq);
    }
    writer_free(s);
    return st;
}

/* The leader takes all that waits, writes it in one transaction, and wakes the others. */
static void lead(struct service *s)
{
    pthread_mutex_lock(&s->lock);
    while (s->queue) {
        struct job *batch = s->queue;
        s->queue = NULL;
        s->queue_end = &s->queue;
        pthread_mutex_unlock(&s->lock);
        struct errmsg err = {{0}};
        int64_t before = s->gseq, number = s->next_number;
        enum status st = database_begin(s->writer, true, &err);
        for (struct job *j = batch; j; j = j->next)
            j->st = st == ST_OK ? run_job(s, j) : st;
        if (st == ST_OK)
            st = database_commit(s->writer, &err);
        if (st != ST_OK) {
            database_rollback(s->writer);
            s->gseq = before;
            s->next_number = number;
            log_write(LOG_ERROR, "commit: %s", err.text);
        } else {
            s->committed = s->gseq;
            epoch_write(s);
            database_checkpoint(s->writer, NULL);
        }
        if (st == ST_OK && s->gseq != before && s->config.notify)
            s->config.notify(s->config.notify_self, s->gseq);
        pthread_mutex_lock(&s->lock);
        s->full = st == ST_FULL;
        for (struct job *j = batch, *next; j; j = next) {
            next = j->next; /* once done is set, j belongs to its thread again */
            if (st != ST_OK) {
                j->st = st;
                j->err = err;
            }
            j->done = true;
        }
        pthread_cond_broadcast(&s->changed);
    }
    s->leader = false;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

enum status service_commands(struct service *s, const struct actor *who,
                             const struct command *commands, size_t n, struct arena *a,
                             struct outcome *outcomes, struct errmsg *err)
{
    struct job job = {.who = who, .commands = commands, .n = n, .arena = a, .outcomes = outcomes};
    pthread_mutex_lock(&s->lock);
    *s->queue_end = &job;
    /* cppcheck-suppress autoVariables; the job stays until the leader has taken it off the queue */
    s->queue_end = &job.next;
    while (!job.done && s->leader)
        pthread_cond_wait(&s->changed, &s->lock);
    bool mine = !job.done;
    if (mine)
        s->leader = true;
    pthread_mutex_unlock(&s->lock);
    if (mine)
        lead(s);
    if (job.st != ST_OK)
        fail(err, job.st, "%s", job.err.text);
    return job.st;
}

/* --- reading -------------------------------------------------------------------------------- */

void service_cursor(struct service *s, char out[CURSOR_SIZE])
{
    snprintf(out, CURSOR_SIZE, "%s-%" PRId64, s->epoch, (int64_t)s->committed);
}

/* EPOCH-NUMBER of this epoch and not beyond the store. */
static enum status read_cursor(struct service *s, const char *since, int64_t last, int64_t *ret,
                               struct errmsg *err)
{
    size_t n = strlen(s->epoch);
    char *end;
    *ret = 0;
    if (!since || !*since)
        return ST_OK;
    if (strncmp(since, s->epoch, n) != 0 || since[n] != '-' || since[n + 1] < '0' ||
        since[n + 1] > '9')
        return fail(err, ST_GONE, _("The cursor is not of this store; start afresh."));
    *ret = strtoll(since + n + 1, &end, 10);
    if (*end || *ret > last)
        return fail(err, ST_GONE, _("The cursor is beyond this store; start afresh."));
    return ST_OK;
}

/* These see every field of every case; for all others the case itself is asked (is it secret? is it
 * mine?), so what came before must be folded. */
static bool sees_all(const struct actor *who)
{
    return who->role == ROLE_OPERATOR || who->role == ROLE_DISPATCHER;
}

/* The events of one case up to a moment, with the text they are stored as. */
struct history {
    struct arena arena;
    struct casefile c;
    struct stored {
        struct event event;
        const char *body;
        size_t n;
    } * stored;
    size_t n, cap;
};

static enum status history_add(struct history *h, const char *body, size_t n, struct errmsg *err)
{
    if (h->n == h->cap) {
        size_t cap = h->cap ? h->cap * 2 : 16;
        struct stored *more = realloc(h->stored, cap * sizeof *more);
        if (!more)
            return fail(err, ST_NOMEM, "out of memory");
        h->stored = more;
        h->cap = cap;
    }
    struct stored *one = &h->stored[h->n];
    one->body = arena_strndup(&h->arena, body, n);
    one->n = n;
    enum status st = event_decode(one->body, n, &h->arena, &one->event, err);
    if (st == ST_OK)
        st = casefile_apply(&h->c, &one->event, err);
    h->n += st == ST_OK;
    return st;
}

/* The event as who may know it: fields out of sight are empty, others perhaps masked. */
static void put_for(struct history *h, struct stored *one, const struct actor *who, struct buf *out)
{
    struct event *e = &one->event;
    struct value *values = arena_array(&h->arena, e->n_values + 1, sizeof *values);
    bool changed = false;
    for (size_t k = 0; values && k < e->n_values; k++) {
        enum sight sight = workflow_sight(&h->c, e->values[k].field, who);
        values[k] = e->values[k];
#if SABOTAGE == 63
        /* damage for the tests: what is out of sight goes to the consoles */
        if (sight == SIGHT_NONE)
            continue;
#endif
        if (sight == SIGHT_FULL || sight == SIGHT_REVEAL)
            continue;
        values[k].text =
            sight == SIGHT_NONE ? "" : field_masked(values[k].field, values[k].text, &h->arena);
        changed = true;
    }
    if (!changed) {
        buf_add(out, one->body, one->n);
        return;
    }
    e->values = values;
    event_encode(out, e);
}

static void put_record(struct buf *out, const struct uuid *id, int64_t first, int64_t last,
                       const struct buf *events)
{
    char text[UUID_TEXT];
    uuid_format(id, text);
    buf_printf(out, "{\"case\":\"%s\",\"version\":%" PRId64 ",\"since\":%" PRId64 ",\"events\":[",
               text, last, first - 1);
    buf_add(out, events->data, events->len);
    buf_puts(out, "]}\n");
}

static void put_gone(struct buf *out, const struct uuid *id)
{
    char text[UUID_TEXT];
    uuid_format(id, text);
    buf_printf(out, "{\"gone\":\"%s\"}\n", text);
}

/* What happened to a case after from, as one line; *ret_sees is false and nothing is written when
 * who may not see the case as it is now. */
static enum status put_events(struct db *db, int64_t row, int64_t from, int64_t to,
                              const struct uuid *id, const struct actor *who, struct buf *out,
                              bool *ret_sees, struct errmsg *err)
{
    int64_t first = 0, last = 0;
    bool all = sees_all(who);
    struct history h = {.n = 0};
    struct buf events;
    enum status st = ST_OK;
    arena_init(&h.arena, 0);
    casefile_init(&h.c, id, &h.arena);
    buf_init(&events, out->ceiling);
    struct stmt *q = database_stmt(db, SQL_CHANGE_EVENTS);
    stmt_int(q, 1, row);
    stmt_int(q, 2, all ? from : 0);
    stmt_int(q, 3, to);
    while (st == ST_OK && stmt_row(q)) {
        size_t n;
        const char *body = stmt_get_text(q, 1, &n);
        last = stmt_get_int(q, 0);
        if (first == 0 && stmt_get_int(q, 2) > from) /* what came before is old news */
            first = last;
        if (!all) {
            st = history_add(&h, body, n, err);
        } else {
            buf_puts(&events, events.len ? "," : "");
            buf_add(&events, body, n);
        }
    }
    stmt_done(q);
    if (st == ST_OK)
        st = database_status(db, err);
    *ret_sees = all || (st == ST_OK && workflow_sees(&h.c, who));
    for (size_t i = 0; st == ST_OK && *ret_sees && first > 0 && i < h.n; i++)
        if ((int64_t)h.stored[i].event.seq >= first) {
            buf_puts(&events, events.len ? "," : "");
            put_for(&h, &h.stored[i], who, &events);
        }
    if (st == ST_OK && events.len > 0)
        put_record(out, id, first, last, &events);
    if (st == ST_OK && (buf_status(&events) != ST_OK || arena_failed(&h.arena)))
        st = fail(err, buf_status(&events) != ST_OK ? buf_status(&events) : ST_NOMEM,
                  "a case is too large");
    free(h.stored);
    buf_release(&events);
    arena_release(&h.arena);
    return st;
}

enum status service_changes(struct service *s, const struct actor *who, const char *since,
                            int limit, struct buf *out, struct errmsg *err)
{
    struct change_row {
        int64_t row, since, changed;
        bool gone;
        struct uuid id;
    } *rows = NULL;
    int n = 0;
    int64_t from = 0, last;
    struct db *db = service_reader(s, err);
    if (!db)
        return ST_IO;
    enum status st = database_begin(db, false, err);
    if (st != ST_OK)
        return st;
    struct stmt *q = database_stmt(db, SQL_EVENT_LAST);
    last = stmt_row(q) ? stmt_get_int(q, 0) : 0;
    stmt_done(q);
    st = read_cursor(s, since, last, &from, err);
    if (st == ST_OK && !(rows = calloc((size_t)limit, sizeof *rows)))
        st = fail(err, ST_NOMEM, "out of memory");
    if (st == ST_OK) {
        q = database_stmt(db, SQL_CHANGES);
        stmt_text(q, 1, service_scope(s, who));
        stmt_int(q, 2, from);
        stmt_int(q, 3, limit);
        while (n < limit && stmt_row(q)) {
            size_t size;
            const void *id = stmt_get_blob(q, 4, &size);
            rows[n] = (struct change_row){.row = stmt_get_int(q, 0),
                                          .since = stmt_get_int(q, 1),
                                          .changed = stmt_get_int(q, 2),
                                          .gone = !stmt_is_null(q, 3)};
            if (size == sizeof rows[n].id.byte)
                memcpy(rows[n].id.byte, id, size);
            n++;
        }
        stmt_done(q);
        st = database_status(db, err);
    }
    bool more = n == limit;
    int64_t cursor = more ? rows[n - 1].changed : last;
    for (int i = 0; st == ST_OK && i < n; i++) {
        if (rows[i].gone) {
            if (rows[i].since <= from) /* else it came and went: this console never heard of it */
                put_gone(out, &rows[i].id);
        } else {
            /* a case that came into the scope after the cursor comes whole */
            bool sees, fresh = rows[i].since > from;
            st = put_events(db, rows[i].row, fresh ? 0 : from, rows[i].changed, &rows[i].id, who,
                            out, &sees, err);
            if (st == ST_OK && !sees && !fresh && from > 0)
                put_gone(out, &rows[i].id);
        }
    }
    database_rollback(db); /* reading only */
    free(rows);
    if (st == ST_OK)
        buf_printf(out, "{\"cursor\":\"%s-%" PRId64 "\",\"more\":%s}\n", s->epoch, cursor,
                   more ? "true" : "false");
    if (st == ST_OK && buf_status(out) != ST_OK)
        st = fail(err, buf_status(out), "the answer is too large; ask for fewer");
    return st;
}

static enum status no_such_case(struct errmsg *err)
{
    return fail(err, ST_NOT_FOUND, _("There is no such case in your sight."));
}

enum status service_case(struct service *s, const struct actor *who, const struct uuid *id,
                         struct buf *out, struct errmsg *err)
{
    struct db *db = service_reader(s, err);
    int64_t row = 0;
    bool in_sight = false;
    if (!db)
        return ST_IO;
    enum status st = database_begin(db, false, err);
    if (st != ST_OK)
        return st;
    struct stmt *q = database_stmt(db, SQL_CASE_BY_ID);
    stmt_blob(q, 1, id->byte, sizeof id->byte);
    if (stmt_row(q))
        row = stmt_get_int(q, 0);
    stmt_done(q);
    q = database_stmt(db, SQL_SIGHT_OF);
    stmt_text(q, 1, service_scope(s, who));
    stmt_int(q, 2, row);
    in_sight = stmt_row(q);
    stmt_done(q);
    st = database_status(db, err);
    if (st == ST_OK && !in_sight)
        st = no_such_case(err);
    if (st == ST_OK)
        st = put_events(db, row, 0, INT64_MAX, id, who, out, &in_sight, err);
    if (st == ST_OK && !in_sight)
        st = no_such_case(err);
    database_rollback(db);
    return st;
}

enum status service_earlier(struct service *s, const struct actor *who, const struct uuid *id,
                            struct arena *a, struct buf *out, struct errmsg *err)
{
    struct earlier earlier;
    struct db *db = service_reader(s, err);
    enum status st = db ? database_begin(db, false, err) : ST_IO;
    if (st != ST_OK)
        return st;
    const char *scope = service_scope(s, who);
    pthread_rwlock_rdlock(&s->rules_lock);
    st = repeats_earlier(db, s->repeats_key, scope, who, id, &s->rules->policy, a, &earlier, err);
    pthread_rwlock_unlock(&s->rules_lock);
    database_rollback(db); /* reading only */
    if (st == ST_OK)
        earlier_encode(out, &earlier);
    return st;
}

enum status service_document(struct service *s, const char *name, struct arena *a,
                             const char **ret_body, size_t *ret_len, const char **ret_etag,
                             struct errmsg *err)
{
    struct errmsg why = {{0}};
    struct db *db = service_reader(s, err);
    enum status st = db ? document(db, name, a, ret_body, ret_len, ret_etag, &why) : ST_IO;
    if (st == ST_NOT_FOUND && strcmp(name, EMERGENCY_DOCUMENT) == 0) {
        *ret_body = EMERGENCY_NONE;
        *ret_len = sizeof EMERGENCY_NONE - 1;
        *ret_etag = "\"0\"";
        return ST_OK;
    }
    return st == ST_OK || !db ? st : fail(err, st, "%s", why.text);
}

enum status service_assessment(struct service *s, const struct actor *who,
                               const struct assess_question *q, struct arena *a, struct buf *out,
                               struct errmsg *err)
{
    struct db *db = service_reader(s, err);
    enum status st = db ? database_begin(db, false, err) : ST_IO;
    if (st != ST_OK)
        return st;
    pthread_rwlock_rdlock(&s->rules_lock);
    st = assess_answer(db, &s->rules->policy, &s->rules->reference, who, q,
                       clock_wall(s->config.clock), a, out, err);
    pthread_rwlock_unlock(&s->rules_lock);
    database_rollback(db); /* reading only */
    return st;
}

enum status service_period(struct service *s, const struct assess_question *q,
                           struct assess_period *ret, struct errmsg *err)
{
    pthread_rwlock_rdlock(&s->rules_lock);
    enum status st =
        assess_read_period(q, &s->rules->policy.score, clock_wall(s->config.clock), ret, err);
    pthread_rwlock_unlock(&s->rules_lock);
    return st;
}

enum status service_record(struct service *s, const struct audit_entry *entry, struct errmsg *err)
{
    enum status st = writer_take(s, err);
    if (st == ST_OK)
        st = audit_add(s->audit, entry, err);
    return writer_give(s, st, err);
}

struct uuid_source service_ids(struct service *s)
{
    return (struct uuid_source){.clock = s->config.clock, .random = s->config.random};
}

/* --- bulk ----------------------------------------------------------------------------------- */

enum status service_bulk_begin(struct service *s, struct errmsg *err)
{
    s->bulk.on = true;
    s->bulk.holds = false;
    enum status st = database_begin(s->writer, true, err);
    return st == ST_OK ? audit_hold(s->audit, err) : st;
}

enum status service_bulk_command(struct service *s, const struct actor *who,
                                 const struct command *c, int64_t now_ms, struct outcome *ret,
                                 struct arena *a, struct errmsg *err)
{
    return apply_one(s, who, c, now_ms, ret, a, err);
}

enum status service_bulk_commit(struct service *s, struct errmsg *err)
{
    s->bulk.on = s->bulk.holds = false;
    enum status st = audit_unhold(s->audit, err);
    if (st == ST_OK)
        st = database_commit(s->writer, err);
    if (st == ST_OK) {
        s->committed = s->gseq;
        epoch_write(s);
        st = database_checkpoint(s->writer, err);
    }
    return st;
}
