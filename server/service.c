/* service.c: opening and closing, the turn of the writer, commands and what the clock does. */
#include "server/service_own.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/base/uuid.h"
#include "server/blobs.h"
#include "server/requests.h"
#include "server/tally.h"
#include "server/presence.h"
#include "server/terminals.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OUTCOME_MAX = 64 * 1024,
    RUNNING_NUMBERS = 1000000,
    TICK_CASES = 200 /* that the clock acts on in one transaction */
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

/* The writer belongs to whoever leads; what is no command waits its turn like a job. */
enum status writer_take(struct service *s, struct errmsg *err)
{
    pthread_mutex_lock(&s->lock);
    while (s->leader)
        pthread_cond_wait(&s->changed, &s->lock);
    s->leader = true;
    pthread_mutex_unlock(&s->lock);
    return database_begin(s->writer, true, err);
}

void writer_free(struct service *s)
{
    pthread_mutex_lock(&s->lock);
    s->leader = false;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

/* st: of what was written; ST_OK commits it. */
enum status writer_give(struct service *s, enum status st, struct errmsg *err)
{
    if (st == ST_OK)
        st = database_commit(s->writer, err);
    else
        database_rollback(s->writer);
    writer_free(s);
    return st;
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

enum status service_record(struct service *s, const struct audit_entry *entry, struct errmsg *err)
{
    enum status st = writer_take(s, err);
    if (st == ST_OK)
        st = audit_add(s->audit, entry, err);
    return writer_give(s, st, err);
}

int64_t service_now(struct service *s)
{
    return clock_wall(s->config.clock);
}

struct uuid_source service_ids(struct service *s)
{
    return (struct uuid_source){.clock = s->config.clock, .random = s->config.random};
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
    if (st == ST_OK)
        st = service_presence_open(s, err);
    if (st == ST_OK)
        terminals_more_revoked(s->writer, &s->revoked);
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
    presence_free(s->presence);
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
static const char *number_of(const char *street, int64_t now_ms, int64_t running, struct arena *a)
{
    char digits[32];
    struct civil t = civil_from_ms(now_ms, BEIJING_OFFSET_MS);
    int n =
        snprintf(digits, sizeof digits, "%02d%02d%02d%.2s%06" PRId64, t.year % 100, t.month, t.day,
                 street && strlen(street) >= 2 ? street : "00", running % RUNNING_NUMBERS);
    int sum = 0;
    for (int i = n - 1, twice = 1; i >= 0; i--, twice = !twice) {
        int d = digits[i] >= '0' && digits[i] <= '9' ? digits[i] - '0' : 0;
        if (twice)
            d = d * 2 > 9 ? d * 2 - 9 : d * 2;
        sum += d;
    }
    return arena_printf(a, "%s%d", digits, (10 - sum % 10) % 10);
}

static bool number_is_taken(struct service *s, const char *number)
{
    struct stmt *q = database_stmt(s->writer, SQL_CASE_BY_NUMBER);
    stmt_text(q, 1, number);
    bool taken = stmt_row(q);
    stmt_done(q);
    return taken;
}

/* The running numbers begin again after a million; where that is within the same day, as when an archive is taken over,
 * those that are taken are passed over. */
static const char *make_number(struct service *s, const struct command *c, int64_t now_ms,
                               struct arena *a)
{
    const char *street = value_find(c->values, c->n_values, FIELD_STREET);
    const char *number = number_of(street, now_ms, s->next_number++, a);
    for (int i = 0; s->next_number > RUNNING_NUMBERS && i < RUNNING_NUMBERS && number &&
                    number_is_taken(s, number);
         i++)
        number = number_of(street, now_ms, s->next_number++, a);
    return number;
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
    if (st == ST_OK && (st = blobs_check(s, s->writer, who, command, a, err)) == ST_REFUSED)
        refuse(o, 422, "file", N_("Refused"), err ? err->text : "", field_table[FIELD_ATTACH].word,
               a);
    if (st == ST_OK)
        st = append(s, command, &c, row, &decision, &ctx, o, a, err);
    if (st == ST_OK)
        st = blobs_link(s->writer, command, a, err);
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
