/*
 * documents.h: the documents of reference data in the store: policy, calendar, people, catalogue, each with all
 * versions that were ever in force.
 *
 * Ownership: texts lie in the arena given.
 * Errors: faults name the place in the file. A load is one transaction: it changes all or nothing.
 * Threads: one; the db is the caller's.
 */
#ifndef JIBAN_SERVER_DOCUMENTS_H
#define JIBAN_SERVER_DOCUMENTS_H

#include "core/base/faults.h"
#include "core/case/reference.h"
#include "core/wire/document.h"
#include "server/db.h"
#include <stdio.h>

enum document_kind {
    DOCUMENT_POLICY,
    DOCUMENT_CALENDAR,
    DOCUMENT_PEOPLE,
    DOCUMENT_CATALOGUE,
    DOCUMENT_BONUS, /* the one that no store begins with */
    DOCUMENT_COUNT
};
struct document_row {
    const char *name; /* in the store and in the path of the interface */
    const char *word; /* on the command line */
};
extern const struct document_row document_table[DOCUMENT_COUNT];

/* The tag of a text as HTTP has it, with its quotes (RFC 9110 section 8.8.3). */
void documents_tag(const char *body, size_t n, char etag[64]);
/* Puts a text in force and keeps it in the history. version 0: one more than the last. by: user of the host, "" when
 * the store is made. ST_EXISTS: this version or a later one was there. Within a transaction. */
enum status documents_put(struct db *db, const char *name, const char *body, size_t n, int version,
                          const char *by, int64_t now_ms, struct errmsg *err);
/* version 0: the one in force. ST_NOT_FOUND names what is not there. */
enum status documents_get(struct db *db, const char *name, int version, struct arena *a,
                          const char **ret_body, size_t *ret_n, const char **ret_etag,
                          struct errmsg *err);
/* Units, people, categories of the store; of the shipped organisation where db is NULL. */
enum status documents_reference(struct db *db, struct arena *a, struct reference *ret,
                                struct errmsg *err);
/* All that is wrong with a file of this kind, were it loaded today. db may be NULL. ret: what the file is, as far as
 * it could be read; people only. */
void documents_check(enum document_kind kind, struct db *db, const char *text, size_t n, int today,
                     struct reference *ret, struct faults *f);

/* --- people.c: what another organisation means for what is there ------------------------------- */
/* Units and people that fresh has no more: those that open orders rest with are faults with the orders' numbers;
 * the others are kept in fresh as ended on that day, so that old cases keep their names. */
enum status people_keep_ended(struct db *db, const struct reference *old, struct reference *fresh,
                              int today, struct faults *f, struct errmsg *err);
/* Accounts follow the people: new ones cannot log in before they have a password, ended ones no more. */
enum status people_put_users(struct db *db, const struct reference *old,
                             const struct reference *fresh, struct errmsg *err);

/* --- documents_verb.c: jiband org|catalogue|policy|calendar ------------------------------------- */
struct document_job {
    enum document_kind kind;
    const char *url;     /* of the store; NULL: none (check only) */
    const char *version; /* of show, or NULL */
    char **words;        /* check FILE, load FILE, show, history */
    int n_words;
    int64_t now_ms;
    bool ascii;    /* output goes where only ASCII is shown */
    bool terminal; /* standard output is one */
};
int documents_run(const struct document_job *job); /* exit code of sysexits.h */

#endif
