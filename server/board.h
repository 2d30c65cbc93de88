/*
 * board.h: what jiband assess prints: the assessment out of a store, also of one that is being served.
 *
 * The whole city is seen, as the auditor sees it (domain 5): figures of single persons are not given out here.
 * Ownership: none kept. Errors: those of the store and of assess_answer. Threads: one.
 */
#ifndef JIBAN_SERVER_BOARD_H
#define JIBAN_SERVER_BOARD_H

#include "server/assess.h"

struct board_job {
    const char *url;
    struct assess_question question;
    bool json;  /* else lines of text; a list of cases is always JSON */
    bool ascii; /* for lines of text */
    int64_t now_ms;
};

enum status board_print(const struct board_job *job, struct buf *out, struct errmsg *err);

#endif
