/*
 * history.h: what happened in a run, and whether it may have happened so (no search is needed: the
 * server orders each case).
 *
 * Ownership: everything is the caller's and is only read.
 * Errors: history_check gives the number of the first rule that is broken, and says how.
 */
#ifndef JIBAN_TESTS_SIM_HISTORY_H
#define JIBAN_TESTS_SIM_HISTORY_H

#include "core/case/workflow.h"
#include "core/wire/codec.h"

enum history_rule {
    RULE_NONE,
    RULE_COMPLETE,   /* what was reported as applied is in the log */
    RULE_ONCE,       /* no command stands twice in the log */
    RULE_NO_PHANTOM, /* what is in the log was invoked, by who may */
    RULE_DENSE,      /* versions of a case are 1..n */
    RULE_REAL_TIME,  /* done before another was begun: stands before it */
    RULE_LEGAL,      /* the rules accept each at its place; no refusal without reason */
    RULE_STABLE,     /* each repetition gets the first outcome */
    RULE_MONOTONIC,  /* no cursor and no version goes back */
    RULE_CONVERGE,   /* in the end every cache is as the server's log */
    RULE_NOT_LOST,   /* every confirmed text is in the log, an outbox or the conflicts, whole */
    RULE_OWN_WRITES, /* a person sees the own command at once, until its outcome is known */
    RULE_COUNT
};
extern const char *const history_rule_word[RULE_COUNT];

struct operation {
    struct command command;
    const struct actor *who;
    int64_t invoked_ms, completed_ms; /* TIME_NONE: its outcome was never heard */
    bool shown;                       /* seen on the case right after */
    bool foretold;                    /* the console's rules accepted it */
    bool in_outbox;
    const struct command *conflict; /* as the conflicts keep it, or NULL */
};
struct report { /* an outcome that the server gave, each time it did */
    struct uuid command;
    enum outcome_kind kind; /* the first outcome, when it is a duplicate */
    uint32_t version;
    int status; /* of the problem */
    int64_t at_ms;
};
struct case_log { /* the server's, in its order */
    struct uuid id;
    const struct event *events;
    size_t n;
    size_t before; /* events that were there when the run began */
};
struct glimpse { /* what a console had at one moment, in the order of time */
    int console;
    struct uuid of_case; /* nil: the cursor */
    int64_t number;      /* version or place of the cursor */
    bool fresh;          /* announced fresh start: may be lower */
};
struct cache { /* what a console has in the end */
    int console;
    struct uuid of_case;
    uint32_t version;
    enum state state;
};
struct history {
    const struct operation *operations;
    size_t n_operations;
    const struct report *reports;
    size_t n_reports;
    const struct case_log *logs;
    size_t n_logs;
    const struct glimpse *glimpses;
    size_t n_glimpses;
    const struct cache *caches;
    size_t n_caches;
    int consoles;
    const char *unit; /* whose cases the consoles see */
};

enum history_rule history_check(const struct history *h, const struct workflow_context *rules,
                                char *why, size_t why_size);

#endif
