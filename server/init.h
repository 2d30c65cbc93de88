/*
 * init.h: making a store: its documents, its people, and the office day for practice.
 *
 * Everything is read and checked before a store is made: a bad file leaves nothing behind.
 * Errors: those of the files, each with the name of its file. Threads: one.
 */
#ifndef JIBAN_SERVER_INIT_H
#define JIBAN_SERVER_INIT_H

#include "core/case/reference.h"
#include "server/db.h"

struct init_options {
    const char *url;
    const char *policy, *calendar, *org; /* files; NULL: the shipped ones */
    const char *catalogue; /* NULL: the shipped one, or with another organisation none */
    bool practice;         /* with the office day; everybody's password is "practice" */
    int64_t now_ms;        /* at which the office day ends */
    /* A warning for a person; text is cleaned by whoever prints it. */
    void (*warn)(const char *text);
};

enum status init_store(const struct init_options *o, struct errmsg *err);
/* For the other verbs that write into a store that nobody serves. hash: of the password, "" for none. */
enum status init_put_document(struct db *db, const char *name, const char *body, size_t n,
                              struct errmsg *err);
enum status init_put_user(struct db *db, const struct person *p, const char *hash,
                          struct errmsg *err);

#endif
