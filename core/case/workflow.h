/*
 * workflow.h: the one table of procedure (domain.md 6.2) and its reader.
 *
 * Purpose: workflow.c holds the table: row number, command, from-states, to-state, who (role and
 *          reach), clocks started and stopped, guard, effect. The server enforces with it, the console
 *          offers and predicts with it, practice scores with it, documents are printed from it, tests
 *          walk it. No other file knows a rule of procedure.
 * Errors: a refusal is not a failure: workflow_decide returns ST_REFUSED and fills struct refusal.
 * Threads: the table is constant; everything else is passed in.
 */
#ifndef JIBAN_CASE_WORKFLOW_H
#define JIBAN_CASE_WORKFLOW_H

#include "core/case/casefile.h"
#include "core/case/policy.h"
#include "core/case/reference.h"

/* How far a role's right reaches: relation of the actor to the case. */
enum reach {
    REACH_ANY,      /* every case */
    REACH_DISTRICT, /* cases of the actor's district */
    REACH_OFFICE,   /* lead unit is the actor's street */
    REACH_ASSIGNED, /* actor is the handler; without one, of the section; or of the assisting unit */
    REACH_LOGGED    /* the actor took it down (own channel) */
};
struct right {
    enum role role;
    enum reach reach;
};

enum { WORKFLOW_RIGHTS = 12 };
struct transition {
    int row; /* number in domain.md 6.2; 0 for note and reveal */
    enum command_type command;
    uint32_t from;       /* bit mask of 1u << STATE_x */
    enum state to;       /* STATE_NONE: unchanged */
    enum state to_other; /* second possible result (row 27, row 11), else STATE_NONE */
    struct right rights[WORKFLOW_RIGHTS]; /* ends with ROLE_NOBODY */
    uint32_t start, stop;                 /* bit masks of 1u << CLOCK_x */
    int guard;          /* which further condition; 0 none (enum guard in workflow.c) */
    const char *needs;  /* N_(): the condition in words, for table, help and manual */
    const char *source; /* article or section */
};
extern const struct transition workflow_table[];
extern const size_t workflow_rows;

enum refusal_code {
    REFUSAL_NONE,
    REFUSAL_STATE,     /* not in this state */
    REFUSAL_ROLE,      /* not this role */
    REFUSAL_REACH,     /* not this office, district or person */
    REFUSAL_ARGUMENT,  /* an argument is missing or wrong; field says which */
    REFUSAL_WINDOW,    /* the time for it is over (return limit, 7 days) */
    REFUSAL_REPEATED,  /* this unit returned it before; rework count is at its maximum */
    REFUSAL_CONTACT,   /* no contact and not three tries yet (invariant 3) */
    REFUSAL_FOUR_EYES, /* the drafter may not approve (invariant 4) */
    REFUSAL_OWN_UNIT,  /* the callback person's unit handled it (invariant 5) */
    REFUSAL_CHECKLIST, /* reply checklist not met and no override reason */
    REFUSAL_ATTEMPTS,  /* not enough callback attempts to give up */
    REFUSAL_COMMUNITY, /* a community may assist, never lead (Regulation art. 17) */
    REFUSAL_CALENDAR,  /* the calendar has no notice for that year */
    REFUSAL_COUNT
};
struct refusal {
    enum refusal_code code;
    enum field field; /* FIELD_NONE if none */
    const char *word; /* "state", "role", ... stable, for JSON */
    char text[256];   /* one sentence for the person, translated */
};

struct workflow_context {
    const struct policy *policy;
    const struct calendar *calendar;
    const struct reference *reference; /* may be NULL: codes are then not checked */
    int64_t now_ms;                    /* centre's time */
};
struct decision {
    const struct event *events; /* numbered c->version + 1 ... */
    size_t n;
    const struct transition *transition;
};

/* Turns a command into events, or refuses it (ST_REFUSED, *ret_why). Pure. Other failures: ST_NOMEM. */
enum status workflow_decide(const struct workflow_context *ctx, const struct casefile *c,
                            const struct command *cmd, const struct actor *who, struct arena *a,
                            struct decision *ret, struct refusal *ret_why, struct errmsg *err);
/* May this person do this to this case now, arguments aside? NONE = offered. */
enum refusal_code workflow_offers(const struct workflow_context *ctx, const struct casefile *c,
                                  enum command_type type, const struct actor *who);
/* Words for a code. */
const char *refusal_word(enum refusal_code code);
/* Is the case within the actor's sight (matrix of section 5, row "see order")? */
bool workflow_sees(const struct casefile *c, const struct actor *who);
/* May this role see this field in full / after a reveal / masked only / not at all? */
enum sight { SIGHT_FULL, SIGHT_REVEAL, SIGHT_MASKED, SIGHT_NONE };
enum sight workflow_sight(const struct casefile *c, enum field field, const struct actor *who);

/* Checklist of the reply (domain 4.5): met[i] for policy->check[i]; true if all required are met
 * and the length is in range. */
bool reply_check(const struct policy *p, const char *reply, bool met[POLICY_CHECKLIST_MAX],
                 bool *ret_length_ok);

/* Prints the table: "table" (aligned text) or "dot" (Graphviz) into out. */
struct buf;
void workflow_print_table(struct buf *out);
void workflow_print_dot(struct buf *out);

#endif
