/*
 * workflow.h: the one table of procedure (domain.md 6.2) and its reader.
 *
 * Purpose: workflow.c holds the table: row number, command, from-states, to-state, who (role and
 *          reach), clocks started and stopped, objects opened, moved and ended, guard, effect. The server
 *          enforces with it, the console offers and predicts with it, practice scores with it, documents are
 *          printed from it, tests walk it. No other file knows a rule of procedure; guards.c, effects*.c,
 *          decide.c and wake.c are the table's own hands.
 * Errors: a refusal is not a failure: workflow_decide returns ST_REFUSED and fills struct refusal.
 * Threads: the table is constant; everything else is passed in.
 */
#ifndef JIBAN_CASE_WORKFLOW_H
#define JIBAN_CASE_WORKFLOW_H

#include "core/case/casefile.h"
#include "core/case/catalogue.h"
#include "core/case/emergency.h"
#include "core/case/policy.h"
#include "core/case/reference.h"

/* How far a role's right reaches: relation of the actor to the case. */
enum reach {
    REACH_ANY,      /* every case */
    REACH_CITY,     /* every case, for people of the hotline */
    REACH_DISTRICT, /* cases of the actor's district */
    REACH_OFFICE,   /* lead unit is the actor's office or unit */
    REACH_ASSIGNED, /* actor is the handler; without one, of the section; or of a unit that assists or was called */
    REACH_CALLED, /* the object concerned asks or calls the actor's unit or office */
    REACH_LOGGED, /* the actor took it down (own channel) */
    REACH_FILED,  /* an exclusion was asked */
    REACH_COUNT
};
extern const struct named_row reach_table[REACH_COUNT];
struct right {
    enum role role;
    enum reach reach;
};

struct question; /* guards.c: who asks what of which case */
struct draft;    /* rules.h: the event in the making */
enum refusal_code {
    REFUSAL_NONE,
    REFUSAL_STATE,     /* not in this state */
    REFUSAL_ROLE,      /* not this role */
    REFUSAL_REACH,     /* not this office, district or person */
    REFUSAL_ARGUMENT,  /* an argument is missing or wrong; field says which */
    REFUSAL_WINDOW,    /* the time for it is over (return limit, 7 days) or has not come */
    REFUSAL_REPEATED,  /* done as often as is allowed */
    REFUSAL_CONTACT,   /* no contact and not three tries yet (invariant 3) */
    REFUSAL_FOUR_EYES, /* a second person is needed (invariant 4) */
    REFUSAL_OWN_UNIT,  /* the callback person's unit handled it (invariant 5) */
    REFUSAL_CHECKLIST, /* reply checklist not met and no override reason */
    REFUSAL_ATTEMPTS,  /* not enough callback attempts to give up */
    REFUSAL_COMMUNITY, /* a community may assist, never lead (Regulation art. 17) */
    REFUSAL_CALENDAR,  /* the calendar has no notice for that year */
    REFUSAL_OBJECT,    /* there is no such open object on the case, or it is not at that point */
    REFUSAL_OTHER,     /* the other order does not fit */
    REFUSAL_POLICY,    /* the policy in force does not allow it */
    REFUSAL_COUNT
};

enum { WORKFLOW_RIGHTS = 14 };
struct transition {
    const char *row; /* number in domain.md 6.2 with a letter where it has parts; "-" beside it */
    enum command_type command;
    uint32_t from;       /* bit mask of 1u << STATE_x */
    enum state to;       /* STATE_NONE: unchanged */
    enum state to_other; /* second possible result (row 27, row 11), else STATE_NONE */
    struct right rights[WORKFLOW_RIGHTS]; /* ends with ROLE_NOBODY */
    uint32_t start, stop;                 /* bit masks of 1u << CLOCK_x */
    uint32_t opens, moves, ends; /* bit masks of 1u << OBJECT_x: begun, acted on, closed with it */
    uint32_t object_from;        /* moves: bit mask of states it may be in */
    enum object_state object_to; /* of what is opened or moved; OBJECT_STATE_COUNT: unchanged */
    enum refusal_code (*guard)(const struct question *q); /* beyond that, or NULL */
    enum refusal_code (*effect)(struct draft *d); /* checks arguments, sets what follows; or NULL */
    const char *needs;  /* N_(): the condition in words, for table, help and manual */
    const char *source; /* article or section */
};
/* A command may have several rows that differ in states, roles or objects: the first that lets it pass counts. */
extern const struct transition workflow_table[];
extern const size_t workflow_rows;

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
    const struct catalogue *catalogue; /* may be NULL: rows are then not looked up */
    const struct emergencies
        *emergencies; /* may be NULL: what depends on them is left to the centre */
    int64_t now_ms;   /* centre's time */
    /* The other order that a command names (merge, take_follower), NULL where it is not at hand: what depends on it is
     * then left to the centre. */
    const struct casefile *other;
};

/* What a command makes of other orders; the centre does it in the same transaction, as the clock acting for the
 * person. */
struct consequence {
    enum command_type type;
    const char *target; /* id (UUID) or number */
    const struct value *values;
    size_t n_values;
};
struct decision {
    const struct event *events; /* numbered c->version + 1 ... */
    size_t n;
    const struct transition *transition;
    const struct consequence *also;
    size_t n_also;
};

/* Turns a command into events, or refuses it (ST_REFUSED, *ret_why). Pure. Other failures: ST_NOMEM. */
enum status workflow_decide(const struct workflow_context *ctx, const struct casefile *c,
                            const struct command *cmd, const struct actor *who, struct arena *a,
                            struct decision *ret, struct refusal *ret_why, struct errmsg *err);
/* May this person do this to this case now, arguments aside? NONE = offered. */
enum refusal_code workflow_offers(const struct workflow_context *ctx, const struct casefile *c,
                                  enum command_type type, const struct actor *who);
/* Does the command begin a case (a row from NEW)? */
bool workflow_begins(enum command_type type);
/* Can it be given to a case that is there (a row from another state)? */
bool workflow_goes_on(enum command_type type);
/* The field of the command that names another order whose casefile the decision needs, FIELD_NONE if none. */
enum field workflow_other(enum command_type type);
/* Words for a code. */
const char *refusal_word(enum refusal_code code);
/* Is the case within the actor's sight (matrix of section 5, row "see order")? */
bool workflow_sees(const struct casefile *c, const struct actor *who);
/* May this role see this field in full / after a reveal / masked only / not at all? */
enum sight { SIGHT_FULL, SIGHT_REVEAL, SIGHT_MASKED, SIGHT_NONE };
enum sight workflow_sight(const struct casefile *c, enum field field, const struct actor *who);
/* Is it one of the hours in which nobody is called back (callback.quiet)? *ret_to: minutes after 00:00, Beijing time, when they
 * end; may be NULL. */
bool workflow_quiet(const struct policy *p, int64_t ms, int *ret_to);
/* The limit of a clock on this case: by tier, by the emergency it stands under. LIMIT_NONE: no such clock. */
struct limit workflow_limit(const struct policy *p, enum clock_id clock, enum tier tier,
                            const char *emergency);

/* --- the clock acts (rows with the role "clock") --- */
/* When the clock has something to do with this case next; TIME_NONE: nothing. May lie in the past. */
int64_t workflow_wake(const struct workflow_context *ctx, const struct casefile *c);
/* What the clock does now: fills type and values (in the arena); false when nothing is due. */
bool workflow_automatic(const struct workflow_context *ctx, const struct casefile *c,
                        struct arena *a, enum command_type *ret_type,
                        const struct value **ret_values, size_t *ret_n);

/* Checklist of the reply (domain 4.5): met[i] for policy->check[i]; true if all required are met
 * and the length is in range. */
bool reply_check(const struct policy *p, const char *reply, bool met[POLICY_CHECKLIST_MAX],
                 bool *ret_length_ok);

/* Prints the table as lines of text, the rights of roles as a matrix of command and role, or the graph of states for
 * Graphviz into out. */
struct buf;
void workflow_print_table(struct buf *out);
void workflow_print_matrix(struct buf *out);
void workflow_print_dot(struct buf *out);

#endif
