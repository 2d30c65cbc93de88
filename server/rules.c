/* rules.c: policy, calendar, people, catalogue and emergencies in force, and their documents. */
#include "server/service_own.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "server/terminals.h"
#include <stdlib.h>
#include <string.h>

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

void rules_free(struct rules *r)
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
const struct policy *policy_of(const struct rules *r, const struct casefile *c,
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

enum status rules_load(struct db *db, struct rules **ret, struct errmsg *err)
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
enum status record_documents(struct service *s, const char *first, struct errmsg *err)
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
    if (terminals_more_revoked(db, &s->revoked) && s->config.renewed)
        s->config.renewed(s->config.notify_self); /* whoever asks for the documents hears of it */
    service_presence_sweep(s);                    /* a terminal may have been revoked */
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

/* --- emergencies ---------------------------------------------------------------------------- */

enum status emergencies_new(struct emergency_list **ret, struct errmsg *err)
{
    struct emergency_list *l = calloc(1, sizeof *l);
    if (!l)
        return fail(err, ST_NOMEM, "out of memory");
    arena_init(&l->arena, 0);
    *ret = l;
    return ST_OK;
}

void emergencies_free(struct emergency_list *l)
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
                              const struct emergency *wanted, const char *close, struct errmsg *err)
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
