/*
 * propose.h: jiband propose: what the catalogue of a store says to a matter.
 *
 * Ownership: nothing outlives the call. Errors: those of the store and of the matter. Threads: one.
 */
#ifndef JIBAN_SERVER_PROPOSE_H
#define JIBAN_SERVER_PROPOSE_H

#include "core/case/catalogue.h"

struct propose_job {
    const char *url;
    struct matter_words words;
    int64_t now_ms; /* the day that counts when none is named */
    bool json;
    bool ascii, terminal; /* of standard output */
};
/* Prints to standard output, cleaned. */
enum status propose_run(const struct propose_job *job, struct errmsg *err);

#endif
