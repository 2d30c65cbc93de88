/*
 * service_own.h: what the files of the service share: its state, the turn of the writer, the rules in force.
 * For service.c, rules.c, scopes.c, sessions.c, changes.c, papers.c and presence_serve.c only; everybody else asks by service.h.
 *
 * Ownership: the service owns all that hangs on it.
 * Errors: those of the store.
 * Threads: rules and emergencies are read and replaced under rules_lock; the queue, the turn of the writer and the
 *          places for hashing stand under lock; what is written belongs to whoever has the turn.
 */
#ifndef JIBAN_SERVER_SERVICE_OWN_H
#define JIBAN_SERVER_SERVICE_OWN_H

#include "server/audit.h"
#include "server/emergency.h"
#include "server/repeats.h"
#include "server/service.h"
#include <pthread.h>
#include <sodium.h>

enum { HASH_BYTES = 32, EPOCH_BYTES = 8 };

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
    struct presence_table *presence;
    int64_t revoked; /* terminals that were, at the last reload */
    char dummy_hash[crypto_pwhash_STRBYTES];
};

/* --- the writer (service.c) --- */
/* It belongs to whoever leads; what is no command waits its turn like a job. Begins a transaction. */
enum status writer_take(struct service *s, struct errmsg *err);
void writer_free(struct service *s);
/* Ends the transaction and frees the writer. st: of what was written; ST_OK commits it. */
enum status writer_give(struct service *s, enum status st, struct errmsg *err);

/* --- who asks (sessions.c) --- */
void session_hash(const char *token, unsigned char out[HASH_BYTES]);
/* service_session by the hash of the token. */
enum status session_of(struct service *s, const unsigned char hash[HASH_BYTES], struct arena *a,
                       struct actor *ret, struct errmsg *err);

/* --- who is at a case (presence_serve.c) --- */
enum status service_presence_open(struct service *s, struct errmsg *err);

/* --- who sees a case (scopes.c) --- */
/* Is the case in the scope of the person's office? */
bool in_scope(const struct casefile *c, const struct reference *r, const struct actor *who);
/* Writes down who sees the case from now on, and who no more. first_gseq, last_gseq: the events that changed it. */
enum status move_sight(struct db *db, int64_t row, const struct casefile *c,
                       const struct reference *r, int64_t first_gseq, int64_t last_gseq,
                       struct arena *a, struct errmsg *err);

/* --- the rules in force (rules.c) --- */
enum status rules_load(struct db *db, struct rules **ret, struct errmsg *err);
void rules_free(struct rules *r); /* NULL is nothing */
/* The policy that holds for an order: that of its dispatch. type: COMMAND_COUNT where no command is decided yet. */
const struct policy *policy_of(const struct rules *r, const struct casefile *c,
                               enum command_type type);
/* What came into force goes to the audit log. first: an action before it, or NULL. */
enum status record_documents(struct service *s, const char *first, struct errmsg *err);
enum status emergencies_new(struct emergency_list **ret, struct errmsg *err);
void emergencies_free(struct emergency_list *l); /* NULL is nothing */

#endif
