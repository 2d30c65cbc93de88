/*
 * rules.h: what the files of the workflow share: the question, the draft of an event, the guards and effects that
 * the table names. Included by workflow.c, decide.c, guards.c, effects*.c, owed.c and wake.c alone.
 *
 * Ownership: a draft lives in the arena of the decision; so does all it points to.
 */
#ifndef JIBAN_CASE_RULES_H
#define JIBAN_CASE_RULES_H

#include "core/case/workflow.h"

#define S(x) (1u << STATE_##x)
#define C(x) (1u << CLOCK_##x)
#define O(x) (1u << OBJECT_##x)
#define IS(x) (1u << OBJECT_IS_##x)
#define ALL_CLOCKS ((1u << CLOCK_COUNT) - 1u)
/* Clocks that objects have, each its own (3.3). All others are the order's. */
#define OBJECT_CLOCK_SET                                                                           \
    (C(SUB) | C(WHISTLE_ACK) | C(WHISTLE_ARRIVE) | C(URGE) | C(TELL) | C(CONFIRM) |                \
     C(EXTENSION_REVIEW) | C(EXCLUSION_REVIEW) | C(WARNING))

struct question {
    const struct workflow_context *ctx;
    const struct casefile *c;
    const struct transition *t;
    const struct actor *who;
    const struct object *object; /* that the command acts on, or NULL */
    struct refusal *why;         /* may be NULL */
};

enum { DRAFT_UNITS = 20, DRAFT_OBJECTS = 64, DRAFT_ALSO = 200 };
struct draft {
    struct question q; /* q.why is never NULL */
    const struct command *cmd;
    struct arena *a;
    struct value value[FIELD_COUNT];
    size_t n;
    enum state to;
    uint32_t start, stop; /* the order's clocks and, for what is opened or moved, the object's */
    uint32_t cancel;      /* of stop: cancelled rather than stopped */
    int64_t start_from[CLOCK_COUNT]; /* TIME_NONE: from now */
    int64_t due[CLOCK_COUNT];        /* set beforehand: this instead of the policy's limit */
    enum tier tier;
    struct object_change object[DRAFT_OBJECTS];
    struct clock_due {
        int64_t due[CLOCK_COUNT]; /* of an object's clocks, TIME_NONE: by the policy */
        uint32_t start;
    } object_clock[DRAFT_OBJECTS];
    size_t n_objects;
    bool extends;          /* handle moves to due[CLOCK_HANDLE] */
    const char *emergency; /* the clock puts the case under it just before, NULL: under none */
    struct consequence also[DRAFT_ALSO];
    size_t n_also;
};

/* --- words --- */
bool same(const char *a, const char *b);         /* both there and equal; "" equals nothing */
bool listed(const char *list, const char *code); /* one of the words, separated by blanks */
enum refusal_code refuse(struct refusal *why, enum refusal_code code, enum field field,
                         const char *text);
bool reaches(const struct workflow_context *ctx, const struct casefile *c, const struct actor *who,
             enum reach reach, const struct object *o);

/* --- drafting --- */
const char *given(const struct draft *d, enum field f); /* "" when not */
void set(struct draft *d, enum field f, const char *text);
enum refusal_code bad(struct draft *d, enum field f, const char *text);
const char *append(struct draft *d, const char *list, const char *code);
/* Opens an object; its clocks are those of row.start that objects have. NULL after a refusal for too many. */
struct object_change *open_object(struct draft *d, enum object_kind kind, enum object_state state,
                                  const char *unit, const char *class, const char *text);
void object_due(struct draft *d, const struct object_change *k, enum clock_id clock,
                int64_t due_ms);
struct value *consequence(struct draft *d, enum command_type type, const char *target, size_t n);

/* --- guards: conditions that do not depend on arguments --- */
/* Do the tries so far, and one more at more_ms unless that is TIME_NONE, count as contact done (7.4)? */
bool tried_enough(const struct workflow_context *ctx, const struct casefile *c, int64_t more_ms);
/* Which clock is past its limit without the next level having been told; CLOCK_COUNT if none. *ret_object 0: the
 * order's own. *ret_when: the earliest moment at which there will be one, TIME_NONE if never. */
enum clock_id late_clock(const struct workflow_context *ctx, const struct casefile *c,
                         uint32_t *ret_object, int64_t *ret_when);
int64_t give_up_ms(const struct workflow_context *ctx, const struct casefile *c);
int64_t archive_ms(const struct workflow_context *ctx, const struct casefile *c);
int64_t auto_sign_ms(const struct workflow_context *ctx, const struct casefile *c);
enum refusal_code guard_dispatch(const struct question *q);
enum refusal_code guard_designate(const struct question *q);
enum refusal_code guard_auto_sign(const struct question *q);
enum refusal_code guard_ask_return(const struct question *q);
enum refusal_code guard_late(const struct question *q);
enum refusal_code guard_extension(const struct question *q);
enum refusal_code guard_second_step(const struct question *q);
enum refusal_code guard_submit(const struct question *q);
enum refusal_code guard_approve(const struct question *q);
enum refusal_code guard_approve_own(const struct question *q);
enum refusal_code guard_confirm(const struct question *q);
enum refusal_code guard_ask_hang(const struct question *q);
enum refusal_code guard_look_hang(const struct question *q);
enum refusal_code guard_own_unit(const struct question *q);
enum refusal_code guard_give_up(const struct question *q);
enum refusal_code guard_rework(const struct question *q);
enum refusal_code guard_ask_exclusion(const struct question *q);
enum refusal_code guard_appeal(const struct question *q);
enum refusal_code guard_merge(const struct question *q);
enum refusal_code guard_second_person(const struct question *q);
enum refusal_code guard_other_role(const struct question *q);
enum refusal_code guard_archive(const struct question *q);
enum refusal_code guard_reopen(const struct question *q);
enum refusal_code guard_escalate(const struct question *q);
enum refusal_code guard_recorded(const struct question *q);
enum refusal_code guard_emergency(const struct question *q);
enum refusal_code guard_reveal(const struct question *q);

/* --- effects: arguments and what follows from them (effects*.c) --- */
enum refusal_code effect_log(struct draft *d);
enum refusal_code effect_answer(struct draft *d);
enum refusal_code effect_elsewhere(struct draft *d);
enum refusal_code effect_progress(struct draft *d);
enum refusal_code effect_dispatch(struct draft *d);
enum refusal_code effect_pre_consult(struct draft *d);
enum refusal_code effect_sign(struct draft *d);
enum refusal_code effect_ask_return(struct draft *d);
enum refusal_code effect_accept_return(struct draft *d);
enum refusal_code effect_refuse_return(struct draft *d);
enum refusal_code effect_late(struct draft *d);
enum refusal_code effect_assign(struct draft *d);
enum refusal_code effect_contact(struct draft *d);
enum refusal_code effect_sub(struct draft *d);
enum refusal_code effect_whistle(struct draft *d);
enum refusal_code effect_arrive(struct draft *d);
enum refusal_code effect_meeting(struct draft *d);
enum refusal_code effect_consultation(struct draft *d);
enum refusal_code effect_tell(struct draft *d);
enum refusal_code effect_escalate(struct draft *d);
enum refusal_code effect_ask_extension(struct draft *d);
enum refusal_code effect_decide_extension(struct draft *d);
enum refusal_code effect_submit(struct draft *d);
enum refusal_code effect_approve(struct draft *d);
enum refusal_code effect_ask_hang(struct draft *d);
enum refusal_code effect_decide_hang(struct draft *d);
enum refusal_code effect_look_hang(struct draft *d);
enum refusal_code effect_unhang(struct draft *d);
enum refusal_code effect_attempt(struct draft *d);
enum refusal_code effect_rate(struct draft *d);
enum refusal_code effect_rate_hung(struct draft *d);
enum refusal_code effect_give_up(struct draft *d);
enum refusal_code effect_rework(struct draft *d);
enum refusal_code effect_ask_exclusion(struct draft *d);
enum refusal_code effect_precheck(struct draft *d);
enum refusal_code effect_decide_exclusion(struct draft *d);
enum refusal_code effect_appeal(struct draft *d);
enum refusal_code effect_merge(struct draft *d);
enum refusal_code effect_unmerge(struct draft *d);
enum refusal_code effect_take_follower(struct draft *d);
enum refusal_code effect_drop_follower(struct draft *d);
enum refusal_code effect_share_reply(struct draft *d);
enum refusal_code effect_link(struct draft *d);
enum refusal_code effect_urge(struct draft *d);
enum refusal_code effect_supervise(struct draft *d);
enum refusal_code effect_ask_void(struct draft *d);
enum refusal_code effect_confirm_void(struct draft *d);
enum refusal_code effect_withdraw(struct draft *d);
enum refusal_code effect_correct(struct draft *d);
enum refusal_code effect_mark(struct draft *d);
enum refusal_code effect_decide_mark(struct draft *d);
enum refusal_code effect_lift_mark(struct draft *d);
enum refusal_code effect_join_emergency(struct draft *d);
enum refusal_code effect_leave_emergency(struct draft *d);
enum refusal_code effect_propose(struct draft *d);
enum refusal_code effect_yes_or_no(struct draft *d);
enum refusal_code effect_warn(struct draft *d);

#endif
