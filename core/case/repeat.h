/*
 * repeat.h: which orders are about the same matter, and when that is a warning (domain.md 7.11, 10; art. 11(3), 29).
 *
 * Purpose: by what an order is matched, which of those found are repeats of its claimant, which are orders of others
 *          to merge, when they are a cluster (W1), and which words are a risk (W3). Nothing is decided here: a person
 *          links, merges or tells progress.
 * Privacy: an order without a phone, of an anonymous claimant or secret is never matched: nobody may learn from a
 *          match who reported (section 13). The phone leaves this file only to be hashed.
 * Ownership: texts lie in the arena given or in the case; lists point into what was given.
 * Errors: none but memory, sticky in the arena. Threads: plain functions.
 */
#ifndef JIBAN_CASE_REPEAT_H
#define JIBAN_CASE_REPEAT_H

#include "core/case/workflow.h"

enum {
    REPEAT_HASH = 32,   /* bytes of the keyed hash of a claimant or a place */
    REPEAT_LISTED = 10, /* orders that a list on the case names, the newest */
    CLUSTER_LISTED = 30 /* orders that a warning names */
};

/* What an order is matched by; "" where it cannot be. The words of by: choices of FIELD_FOUND_BY. */
struct repeat_key {
    const char *claimant; /* digits of the phone */
    const char *category; /* of level 2 */
    const char *place;    /* the point to its building, else coordinates, else the community */
    const char *by;       /* which of these */
};
void repeat_key_of(const struct casefile *c, struct arena *a, struct repeat_key *ret);

/* Another order of the same category and place. */
struct repeat_order {
    struct uuid id;
    const char *number;
    enum state state;
    int64_t created_ms;
    unsigned char claimant[REPEAT_HASH];
    bool leads;        /* others are merged into it */
    bool warned;       /* the warning of the cluster is open on it */
    int64_t warned_ms; /* when one was answered on it last, or TIME_NONE */
};
struct repeat_found {
    const struct repeat_order *earlier[REPEAT_LISTED]; /* of the claimant, newest first */
    const struct repeat_order *alike[REPEAT_LISTED];   /* of others, newest first */
    const struct repeat_order *cluster[CLUSTER_LISTED];
    size_t n_earlier, n_alike, n_cluster;
    int repeat; /* this order is the so-manieth of its claimant about it; 1: the first */
    int claimants; /* different ones in the cluster window since a warning was answered, this order's included */
    const struct repeat_order *warned, *leader; /* open orders of the cluster, or NULL */
};
/* mine: earlier orders of the claimant, near: of anybody; both newest first, same category and place. at_ms: when the
 * order was taken down. own: hash of its claimant. A window includes its last moment. */
void repeat_sort(const struct policy *p, int64_t at_ms, const unsigned char own[REPEAT_HASH],
                 const struct repeat_order *mine, size_t n_mine, const struct repeat_order *near,
                 size_t n_near, struct repeat_found *ret);
/* Is it the cluster that the leader is warned of? */
bool repeat_is_cluster(const struct policy *p, const struct repeat_found *f);

/* Words of what was said that tell that it is not the first time (repeat.hints), separated by blanks; "" none. */
const char *repeat_marks(const struct policy *p, const struct casefile *c, struct arena *a);
/* What of the order is a risk: words of risk.words and the category when risk.level1 has it; "" none. */
const char *repeat_risk(const struct policy *p, const struct casefile *c, struct arena *a);

/* The steps of the clock that follow for an order just logged: what was found, warnings. by: of its key. */
enum { REPEAT_STEPS = 3 };
size_t repeat_steps(const struct casefile *c, const struct policy *p, const char *by,
                    const struct repeat_found *f, struct arena *a,
                    struct consequence ret[REPEAT_STEPS]);

/* The digits of a telephone number alone, without the prefix of the country: one line is written in many ways. "" when
 * there are too few to be one. In the arena or a literal. */
const char *repeat_phone(const char *phone, struct arena *a);

#endif
