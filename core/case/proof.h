/*
 * proof.h: a due time proves itself: what was counted of a clock, what was not, by which rule (domain.md 3.4).
 *
 * Purpose: from the events of a case, the calendar and the policy, the lines that lead from the start of a clock to its
 *          due time. Counted milliseconds add up to the limit; where the policy at hand does not lead to the due time that
 *          the centre set, a line says so: the centre's counts.
 * Ownership: lines lie in the arena given.
 * Errors: ST_NOMEM; ST_CORRUPT for events with a gap; a year without a holiday notice: ST_NOT_FOUND with its text.
 * Threads: no state of its own.
 */
#ifndef JIBAN_CASE_PROOF_H
#define JIBAN_CASE_PROOF_H

#include "core/case/workflow.h"

enum proof_kind {
    PROOF_START,     /* the clock starts; rule: limit and where it stands */
    PROOF_COUNTED,   /* counts */
    PROOF_OFF,       /* between duty hours */
    PROOF_WEEKEND,   /* not a working day */
    PROOF_HOLIDAY,   /* a statutory day off */
    PROOF_MAKE_UP,   /* counts: a weekend that is worked */
    PROOF_PAUSED,    /* stands still by the policy; a moment: since then, without an end so far */
    PROOF_EXTENDED,  /* the due time was moved, to a later or an earlier one */
    PROOF_NAMED,     /* a person named the date */
    PROOF_DUE,       /* falls due */
    PROOF_STOPPED,   /* stopped, or cancelled */
    PROOF_OTHERWISE, /* the centre's due time is not what the policy at hand gives */
    PROOF_KINDS
};
extern const struct named_row proof_kind_table[PROOF_KINDS];
struct proof_line {
    enum proof_kind kind;
    int64_t from_ms, to_ms; /* equal: a moment */
    int64_t counted_ms;     /* of this line */
    int64_t sum_ms;         /* up to its end */
    const char *rule;       /* for records: "clocks.handle.T24H = 24 hour", "7.7", "art. 15" ... */
    const char *
        why; /* for people: the limit, the step, the articles in words; "" where the kind says it all */
};
struct proof {
    enum clock_id clock;
    uint32_t object; /* 0: the order's own */
    const struct proof_line *lines;
    size_t n;
    /* What is to be counted: the limit, and what extensions added or took. TIME_NONE: it goes to a date (named by a
     * person, set otherwise by the centre, or the end of a day by day_rule). */
    int64_t limit_ms;
    int64_t
        sum_ms; /* what the lines count; the same as limit_ms unless that is TIME_NONE or it stands still */
    int64_t due_ms;       /* TIME_NONE: it stands still, so there is none */
    struct clock_run run; /* as the events leave it */
};

/* The latest run of the clock; ret->n == 0: it never ran. */
enum status clock_proof(const struct policy *p, const struct calendar *calendar,
                        const struct event *events, size_t n, enum clock_id clock, uint32_t object,
                        struct arena *a, struct proof *ret, struct errmsg *err);
/* Of all clocks that ever ran, in the order of their table, then of the objects. */
enum status clock_proofs(const struct policy *p, const struct calendar *calendar,
                         const struct event *events, size_t n, struct arena *a,
                         const struct proof **ret, size_t *ret_n, struct errmsg *err);

/* What a clock said at a moment. */
struct clock_said {
    enum clock_id clock;
    uint32_t object;      /* 0: the order's own */
    struct clock_run run; /* as it was then */
    /* Up to the due time, on the wall: from that moment, from where it stood still, or from where it was stopped; below
     * 0 it was late. TIME_NONE: cancelled, so that nothing was owed. */
    int64_t left_ms;
};
/* All clocks that had ever run, in the order of their table, then of the objects: by the events that the centre had
 * received up to at_ms. *ret_n is 0 before the first of them. */
enum status clocks_said(const struct event *events, size_t n, int64_t at_ms, struct arena *a,
                        const struct clock_said **ret, size_t *ret_n, struct errmsg *err);

#endif
