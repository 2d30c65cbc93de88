/*
 * emergency.h: emergencies in the store: one document, "emergencies", that has a new version with each that is opened
 * or closed.
 *
 * Ownership: lists lie in the arena given.
 * Errors: those of emergency_may_open and emergency_may_close, and of the store.
 * Threads: one; the db is the caller's.
 */
#ifndef JIBAN_SERVER_EMERGENCY_H
#define JIBAN_SERVER_EMERGENCY_H

#include "core/case/emergency.h"
#include "server/db.h"

#define EMERGENCY_DOCUMENT "emergencies"
/* What is served before one was ever opened. */
#define EMERGENCY_NONE "{\"version\":0,\"emergencies\":[]}"

struct emergency_job {
    const struct actor *who;
    const struct emergency *wanted; /* to open; its times and users are not read */
    const char *close;              /* code of the one to close; NULL: wanted is opened */
    const struct policy *policy;
    const struct reference *reference;
    int64_t now_ms;
};

enum status emergency_load(struct db *db, struct arena *a, struct emergencies *ret,
                           struct errmsg *err);
/* In a transaction: opens or closes; ret is the list afterwards. */
enum status emergency_change(struct db *db, const struct emergency_job *job, struct arena *a,
                             struct emergencies *ret, struct errmsg *err);

#endif
