/*
 * casefile.h: what a case is: the fold of its events.
 *
 * Purpose: states, roles, clocks, fields, commands and events as plain structs; names and choices
 *          come from the .def tables beside this file. Nothing here decides (workflow.h does), nothing
 *          reads a file, a line or a clock.
 * Ownership: all text of a casefile, command or event lies in the arena that it was folded or
 *          decoded into, or in a literal.
 * Errors: folding cannot fail but for memory (sticky in the arena) or a gap in the numbering
 *          (ST_CORRUPT).
 * Threads: plain data; no shared state.
 */
#ifndef JIBAN_CASE_CASEFILE_H
#define JIBAN_CASE_CASEFILE_H

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/status.h"
#include "core/base/uuid.h"
#include <stdbool.h>
#include <stdint.h>

enum state {
#define STATE(id, holder, terminal, label) STATE_##id,
#include "core/case/states.def"
#undef STATE
    STATE_COUNT,
    STATE_NONE = STATE_COUNT /* an event that leaves the state as it is */
};

enum role {
#define ROLE(id, word, label) ROLE_##id,
#include "core/case/roles.def"
#undef ROLE
    ROLE_COUNT
};

enum clock_id {
#define CLOCK(id, word, label) CLOCK_##id,
#include "core/case/clocks.def"
#undef CLOCK
    CLOCK_COUNT
};

enum field {
#define FIELD(id, word, type, keep, privacy, choices, label) FIELD_##id,
#include "core/case/fields.def"
#undef FIELD
    FIELD_COUNT,
    FIELD_NONE = FIELD_COUNT
};

enum command_type {
#define COMMAND(id, word, alias, label, arguments) COMMAND_##id,
#include "core/case/commands.def"
#undef COMMAND
    COMMAND_COUNT
};

/* What hangs on an order besides its state, several at a time (domain.md 6.1, section 7). */
enum object_kind {
#define OBJECT(id, word, label) OBJECT_##id,
#include "core/case/objects.def"
#undef OBJECT
    OBJECT_COUNT,
    OBJECT_NONE = OBJECT_COUNT
};
enum object_state {
#define OBJECT_STATE(id, word, ended, label) OBJECT_IS_##id,
#include "core/case/object_states.def"
#undef OBJECT_STATE
    OBJECT_STATE_COUNT
};

/* An event bears the type of the command that made it; further events of the same command bear
 * the command's type too (rate -> rate + rework). */

enum tier { TIER_T2H, TIER_T24H, TIER_T7D, TIER_T15D, TIER_COUNT, TIER_NONE = TIER_COUNT };

enum field_type {
    FIELD_TYPE_LINE,
    FIELD_TYPE_TEXT,
    FIELD_TYPE_TIME,
    FIELD_TYPE_BOOL,
    FIELD_TYPE_INT,
    FIELD_TYPE_ENUM,
    FIELD_TYPE_CODE,
    FIELD_TYPE_USER,
    FIELD_TYPE_CATEGORY,
    FIELD_TYPE_UUID,
    FIELD_TYPE_FILES /* attached.h */
};
enum field_keep { FIELD_KEEP_CASE, FIELD_KEEP_EVENT };
enum privacy { PRIVACY_OPEN, PRIVACY_NAME, PRIVACY_PHONE, PRIVACY_ADDRESS, PRIVACY_FREE };

struct field_row {
    const char *word;
    enum field_type type;
    enum field_keep keep;
    enum privacy privacy;
    const struct choice *
        choices; /* of an ENUM, or words of a LINE, in the order of the table; ends with word NULL */
    const char *label; /* N_() */
};
struct choice {
    const char *word, *label; /* label: N_() */
};
struct state_row {
    const char *word; /* "WAIT_DISPATCH" */
    enum role holder;
    bool terminal;
    const char *label;
};
struct named_row {
    const char *word, *label;
};
struct object_state_row {
    const char *word;
    bool ended; /* nothing more is owed */
    const char *label;
};
struct command_row {
    const char *word, *alias, *label;
    const struct argument *arguments;
    size_t n_arguments;
};
struct argument {
    enum field field;
    bool required;
};

extern const struct field_row field_table[FIELD_COUNT];
extern const struct state_row state_table[STATE_COUNT];
extern const struct named_row role_table[ROLE_COUNT];
extern const struct named_row clock_table[CLOCK_COUNT];
extern const struct named_row object_table[OBJECT_COUNT];
extern const struct object_state_row object_state_table[OBJECT_STATE_COUNT];
extern const struct command_row command_table[COMMAND_COUNT];
extern const char *const tier_word[TIER_COUNT];

/* Lookups by word: the COUNT value when unknown. command_find accepts the alias, and - for _. */
enum state state_find(const char *word);
enum role role_find(const char *word);
enum clock_id clock_find(const char *word);
enum object_kind object_kind_find(const char *word);
enum object_state object_state_find(const char *word);
enum field field_find(const char *word);
enum command_type command_find(const char *word);
enum tier tier_find(const char *word);

/* --- values ------------------------------------------------------------------------------- */
/* A value as text in its canonical form: TIME RFC 3339 with offset, BOOL yes|no, INT decimal. */
struct value {
    enum field field;
    const char *text;
};
/* What a person reads for a word of an ENUM or BOOL field, translated; the word itself when it is none of its
 * choices. */
const char *choice_label(enum field field, const char *word);
/* NULL when the list has no such field. */
const char *value_find(const struct value *v, size_t n, enum field field);
/* Checks text against the type and choices of the field; ST_INVALID names field and reason. The canonical
 * form goes to the arena (accepts true/false/1/0/是/否 for BOOL). Length limits: LINE 200
 * characters, TEXT 20,000; no NUL. */
enum status value_check(enum field field, const char *text, struct arena *a, const char **ret_text,
                        struct errmsg *err);

/* --- who ---------------------------------------------------------------------------------- */
struct actor {
    const char *user; /* login name; "clock" for ROLE_AUTOMATIC */
    const char *name; /* as shown */
    enum role role;
    const char *office; /* street "1101", district "11", hotline "BJ" */
    const char *unit;   /* section, community or department code, or "" */
    const char *device; /* terminal or host name */
};

/* --- commands ----------------------------------------------------------------------------- */
struct command {
    struct uuid id; /* UUIDv7, made once by whoever confirmed it */
    struct uuid case_id;
    uint32_t base; /* version of the case that the person saw */
    enum command_type type;
    int64_t at_ms; /* when the person confirmed it, by server time as the console knew it */
    const struct value *values;
    size_t n_values;
};

/* --- events ------------------------------------------------------------------------------- */
/* PAUSE stops the counting, RESUME goes on with what was left, EXTEND moves the due time of a clock that
 * runs. */
enum clock_op {
    CLOCK_START,
    CLOCK_STOP,
    CLOCK_CANCEL,
    CLOCK_PAUSE,
    CLOCK_RESUME,
    CLOCK_EXTEND,
    CLOCK_OP_COUNT
};
extern const char *const clock_op_word[CLOCK_OP_COUNT];
struct clock_change {
    enum clock_id clock;
    enum clock_op op;
    int64_t
        due_ms; /* for START, RESUME, EXTEND: when it falls due; computed once by the centre (3.4.5) */
    uint32_t object; /* whose clock it is; 0: the order's own */
};
/* Opens an object (its number is one more than the case has) or moves one on. Texts are "" where there is nothing
 * new to say. */
struct object_change {
    uint32_t object; /* 1, 2, 3, ... within the case */
    enum object_kind kind;
    enum object_state state;
    const char *unit;  /* opening: who is asked or called */
    const char *class; /* opening: E, R2, X6 ...; judging: the verdict */
    const char *text;  /* opening: what is asked; moving: the answer */
    int64_t due_ms;    /* date that was asked for, or TIME_NONE */
    uint32_t parent;   /* the meeting or consultation it came from, or 0 */
    bool late;         /* the next level was told that it is late */
};
struct event {
    uint32_t seq; /* 1, 2, 3, ... within the case */
    enum command_type type;
    int64_t at_ms;      /* centre's receive time: this counts for signing, returning, replying */
    int64_t entered_ms; /* command.at_ms: when it was typed */
    struct uuid command_id;
    struct actor actor;
    enum state to; /* STATE_NONE: unchanged */
    const struct value *values;
    size_t n_values;
    const struct clock_change *clocks;
    size_t n_clocks;
    const struct object_change *objects;
    size_t n_objects;
};

/* --- the case ----------------------------------------------------------------------------- */
struct clock_run {
    enum { CLOCK_NEVER, CLOCK_RUNNING, CLOCK_STOPPED, CLOCK_CANCELLED, CLOCK_PAUSED } status;
    int64_t started_ms, due_ms, stopped_ms;
    int64_t
        first_due_ms; /* as it was started first, also before ledger or merger: what "on time" goes by (7.7) */
    int64_t paused_ms; /* since when, while PAUSED */
};
enum { OBJECT_CLOCKS = 2 };
struct object {
    uint32_t id;
    enum object_kind kind;
    enum object_state state;
    const char *unit, *class, *text, *answer, *verdict;
    const char *by_user, *by_name, *by_unit; /* who opened it */
    enum role by_role;
    int64_t due_ms;
    uint32_t parent;
    uint32_t late; /* bit mask of 1u << CLOCK_x: the next level was told */
    int64_t opened_ms, changed_ms;
    int64_t arrived_ms; /* when it became ARRIVED, or TIME_NONE */
    struct {
        enum clock_id id; /* CLOCK_COUNT: none */
        struct clock_run run;
    } clock[OBJECT_CLOCKS];
};
enum { CASEFILE_TRIES = 32, CASEFILE_OBJECTS = 400 };
struct casefile {
    struct uuid id;
    struct arena *arena; /* where objects lie */
    uint32_t version;    /* number of events */
    enum state state;
    const char *value[FIELD_COUNT]; /* "" where never set; only FIELD_KEEP_CASE ones are */
    /* Of the order itself; of a clock that objects have, the one that falls due first. */
    struct clock_run clock[CLOCK_COUNT];
    uint32_t late; /* bit mask of 1u << CLOCK_x: the next level was told */
    const struct object *
        objects; /* numbered 1 ... n_objects; never changed in place: a copy of the case keeps its own */
    size_t n_objects;
    int64_t created_ms, changed_ms; /* first and last event */
    int dispatched, returned, contacted_ok, contact_tries, reworked, attempts, calls, submitted;
    int extended, urged, supplemented;
    int progress_calls;   /* by callers for progress, since the claimant last added something */
    int call_parts;       /* parts of days in which the calls of this round were made */
    int64_t last_call_ms; /* last call of this round, or TIME_NONE */
    /* When each of the latest CASEFILE_TRIES contacts counted by contact_tries was made, by the
     * claimed time, in the order of the events. */
    int64_t try_ms[CASEFILE_TRIES];
    int64_t sms_ms;              /* last callback message of the present round, or TIME_NONE */
    int64_t state_ms;            /* since when it is in this state; TIME_NONE while NEW */
    struct actor state_by;       /* who brought it there; no user while NEW */
    enum command_type state_how; /* by which command; COMMAND_COUNT while NEW */
};
/* contacted_ok: successful contacts since the last dispatch; contact_tries: all contact events
 * since then; attempts: callback attempts of the present round; calls: those of them by phone. */

/* State NEW, version 0. Objects are laid into a, which must live as long as the case and every copy. */
void casefile_init(struct casefile *c, const struct uuid *id, struct arena *a);
/* The object with that number, NULL when there is none. */
const struct object *casefile_object(const struct casefile *c, uint32_t id);
/* How many objects of a kind are open (not ended). */
size_t casefile_open_objects(const struct casefile *c, enum object_kind kind);
/* Folds one event; ST_CORRUPT if seq is not version + 1 (c is unchanged then). The casefile keeps
 * pointers into the event's values: the event must live as long. */
enum status casefile_apply(struct casefile *c, const struct event *e, struct errmsg *err);
/* The running clock that falls due first, and its due time; CLOCK_COUNT and TIME_NONE if none. Of equal ones the
 * first in the table. RETURN (a right, not a duty) and EXCLUSION do not count. */
enum clock_id casefile_next_due(const struct casefile *c, int64_t *ret_due_ms);
/* The same of the order's own clocks, which its lead unit has to mind: without those that its objects have. */
enum clock_id casefile_lead_due(const struct casefile *c, int64_t *ret_due_ms);
/* Of one object. */
enum clock_id object_next_due(const struct object *o, int64_t *ret_due_ms);
/* Its clock of that kind; NULL if it has none. */
const struct clock_run *object_run(const struct object *o, enum clock_id id);
enum tier casefile_tier(const struct casefile *c);
/* Number of a part of a day, so that tries in different parts can be told apart (7.4): up to 12:00, to 18:00, to
 * midnight, Beijing time. */
int64_t day_part(int64_t ms);
/* Masked form of a field for showing (domain 12 privacy.mask): 张*, 138****5678, address to the
 * building. FREE and OPEN come back as they are. */
const char *field_masked(enum field field, const char *text, struct arena *a);

#endif
