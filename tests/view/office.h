/*
 * office.h: the office day at a fixed moment, its server in this process, and one console's cache of it.
 *
 * Purpose: the same cases, times and texts on every machine, so that screens can be compared.
 * Ownership: office_close() gives all back; the folder lies in JIBAN_TEST_TMP.
 * Errors: ST_* with what went wrong. Threads: one.
 */
#ifndef JIBAN_TESTS_VIEW_OFFICE_H
#define JIBAN_TESTS_VIEW_OFFICE_H

#include "core/base/random.h"
#include "core/store/context.h"
#include "core/sync/engine.h"
#include "server/service.h"
#include "tui/keymap.h"

struct office {
    char folder[4096];
    int64_t now_ms; /* moves only by the test's hand */
    struct clock clock;
    struct rng rng;
    struct random random;
    struct service *service;
    struct store *store;
    struct context context;
    struct transport transport;
    struct sync_engine *engine;
    struct request asked; /* the one on the way; id REQUEST_NONE: none */
    char target[256], token[TOKEN_SIZE], etag[128], match[128];
    char *body;
};

/* name: of its folder; user: who works at the console. */
enum status office_open(struct office *o, const char *name, const char *user, struct errmsg *err);
/* Commands out, changes in, over a line without faults. */
enum status office_sync(struct office *o, struct errmsg *err);
/* What this person did is sent, and another one works at a console of his own, at the same time of day. */
enum status office_next(struct office *o, const char *user, struct errmsg *err);
void office_close(struct office *o);
/* The first of some keys, parted by blanks: names as in actions.def, 'texts' are pasted (they stay in keys). Returns what
 * stands behind it; ends the test where there is no such key. */
const char *office_key(const char *keys, struct key *ret);

#endif
