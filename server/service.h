/*
 * service.h: what the centre does: log-in, commands -> events, changes. No HTTP in here.
 *
 * Purpose: one transaction for all commands that wait at the same moment (group commit): load, workflow,
 *          append events, move the visibility, remember the outcome. No answer leaves before its
 *          transaction is on the disk.
 *          service.c has the commands, rules.c what is in force, sessions.c who asks, scopes.c who sees a case,
 *          changes.c what consoles read.
 * Ownership: results lie in the arena or buffer given.
 * Errors: ST_UNAUTHORIZED, ST_GONE (cursor), ST_NOT_FOUND (also for what is out of sight), ST_FULL, ST_BUSY, ...
 * Threads: every function may be called from any thread; each thread reads through a connection of
 *          its own, one thread at a time writes.
 */
#ifndef JIBAN_SERVER_SERVICE_H
#define JIBAN_SERVER_SERVICE_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/case/workflow.h"
#include "core/wire/codec.h"
#include "server/assess.h"
#include "server/db.h"

struct service;

struct service_config {
    const char *url;
    const struct clock *clock;
    const struct random *random;
    /* Called after each commit that changed something, without any lock held. */
    void (*notify)(void *self, int64_t gseq);
    void (*renewed)(
        void *self); /* after reference data changed that consoles keep; the same self */
    /* After others are at a case than before; scopes: who sees it (presence.h). The same self, no lock held. */
    void (*present)(void *self, const char *scopes);
    void *notify_self;
};

enum status service_open(const struct service_config *config, struct service **ret,
                         struct errmsg *err);
void service_close(struct service *s);
/* Reads policy, calendar and people again (SIGHUP). On error the old ones stay in force. */
enum status service_reload(struct service *s, struct errmsg *err);
bool service_is_practice(struct service *s);
/* Can it take commands just now? For /readyz. */
enum status service_ready(struct service *s, struct errmsg *err);

/* --- sessions (sessions.c) --- */
enum { TOKEN_SIZE = 64 };
/* terminal: id of the cache it is for, "" none. ST_DENIED: that terminal was revoked. */
enum status service_login(struct service *s, const char *user, const char *password,
                          const char *device, const char *terminal, struct arena *a,
                          struct session *ret, struct errmsg *err);
/* ST_DENIED: the terminal was revoked. */
enum status service_session(struct service *s, const char *token, struct arena *a,
                            struct actor *ret, struct errmsg *err);
/* What a revoked terminal is told: that of the session, or where token is NULL the one of that id. False: it is none. */
struct revocation;
bool service_revoked(struct service *s, const char *token, const char *terminal,
                     struct revocation *ret);
enum status service_logout(struct service *s, const char *token, struct errmsg *err);
/* (scopes.c) Scope whose changes the actor hears of: "*" or an office code. Lies in the actor or is a literal. */
const char *service_scope(struct service *s, const struct actor *who);

/* --- the audit log (audit.h) --- */
/* A server begins and ends to serve; the other programs that open a service are not recorded. */
enum status service_started(struct service *s, struct errmsg *err);
enum status service_stopped(struct service *s, struct errmsg *err);
/* From time to time: the hourly checkpoint, and new checkpoints to folder (NULL: nowhere else). */
enum status service_keep_audit(struct service *s, const char *folder, struct errmsg *err);
/* The newest checkpoints as NDJSON; ST_DENIED for all but auditors and administrators. */
enum status service_checkpoints(struct service *s, const struct actor *who, struct buf *out,
                                struct errmsg *err);

/* --- work --- */
/* outcomes has n places. When it fails, the commands before the one that met the fault may have been
 * applied: whoever asks again with the same ids gets their first outcomes. */
enum status service_commands(struct service *s, const struct actor *who,
                             const struct command *commands, size_t n, struct arena *a,
                             struct outcome *outcomes, struct errmsg *err);
/* The clock does what is due now (workflow_automatic): tells of lateness, gives up calling, archives. *ret_n: how many cases
 * were looked at; a full hand means that more may be due. */
enum status service_tick(struct service *s, size_t *ret_n, struct errmsg *err);
/* NDJSON as of codec.h. since NULL or "": from the beginning. */
enum status service_changes(struct service *s, const struct actor *who, const char *since,
                            int limit, struct buf *out, struct errmsg *err);
enum status service_case(struct service *s, const struct actor *who, const struct uuid *id,
                         struct buf *out, struct errmsg *err);
/* ST_NOT_FOUND unless the person sees the case; in a transaction. */
enum status service_sees(struct service *s, struct db *db, const struct actor *who,
                         const struct uuid *id, int64_t *ret_row, struct errmsg *err);
/* Who is at a case (presence.h): takes down what that terminal of the session has, and lists the others. ST_NOT_FOUND: it
 * is at a case that the person does not see. */
struct presence_own;
struct presence_list;
enum status service_presence(struct service *s, const struct actor *who, const char *token,
                             const char *terminal, const struct presence_own *own,
                             struct presence_list *ret, struct errmsg *err);
/* From time to time: marks that are over. */
void service_presence_sweep(struct service *s);
/* Orders about the same matter as the case, as JSON (earlier_encode). */
enum status service_earlier(struct service *s, const struct actor *who, const struct uuid *id,
                            struct arena *a, struct buf *out, struct errmsg *err);
enum status service_document(struct service *s, const char *name, struct arena *a,
                             const char **ret_body, size_t *ret_len, const char **ret_etag,
                             struct errmsg *err);
/* Opens the wanted emergency, or closes the one of that code (close not NULL). */
enum status service_emergency(struct service *s, const struct actor *who,
                              const struct emergency *wanted, const char *close,
                              struct errmsg *err);
/* The assessment as JSON, see assess_answer. */
enum status service_assessment(struct service *s, const struct actor *who,
                               const struct assess_question *q, struct arena *a, struct buf *out,
                               struct errmsg *err);
/* The period that a question names, by the policy in force. */
enum status service_period(struct service *s, const struct assess_question *q,
                           struct assess_period *ret, struct errmsg *err);
/* An entry of the audit log in a transaction of its own. */
struct audit_entry;
enum status service_record(struct service *s, const struct audit_entry *entry, struct errmsg *err);
struct uuid_source service_ids(struct service *s); /* for commands that the centre makes */
/* Present cursor, for SSE. */
void service_cursor(struct service *s, char out[CURSOR_SIZE]);

/* --- for init, import, generate, practice: commands at a stated time, as a stated person, in one big
 * transaction. The workflow decides as always. --- */
enum status service_bulk_begin(struct service *s, struct errmsg *err);
enum status service_bulk_command(struct service *s, const struct actor *who,
                                 const struct command *c, int64_t now_ms, struct outcome *ret,
                                 struct arena *a, struct errmsg *err);
enum status service_bulk_commit(struct service *s, struct errmsg *err);
const struct reference *service_reference(struct service *s);

/* --- for calls that read and write tables of their own (server/open311.c) --- */
struct db *service_reader(struct service *s, struct errmsg *err); /* of this thread; NULL: failed */
/* The case with that id as it is now; *ret_row is 0 when there is none. */
enum status service_load(struct db *db, const struct uuid *id, struct casefile *c, int64_t *ret_row,
                         struct arena *a, struct errmsg *err);
/* Folds the events of the case in that row over c, which casefile_init made. */
enum status service_fold(struct db *db, int64_t row, struct casefile *c, struct arena *a,
                         struct errmsg *err);
/* work, in a transaction of the writer; rolled back unless it returns ST_OK. */
enum status service_write(struct service *s,
                          enum status (*work)(struct db *db, void *self, struct errmsg *err),
                          void *self, struct errmsg *err);
/* Reference data stays as it is until the release; ret_since_ms: when it came into force here. */
const struct reference *service_rules_hold(struct service *s, int64_t *ret_since_ms);
void service_rules_release(struct service *s);
int64_t service_now(struct service *s);

/* Password of a user as libsodium's argon2id string. */
enum status password_hash(const char *password, char out[128], struct errmsg *err);

#endif
