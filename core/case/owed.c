/* owed.c: whom an order waits for, read from owed.def and the table of procedure. */
#include "core/case/owed.h"
#include "core/case/rules.h"

const struct owed_row owed_table[OWED_COUNT] = {
#define OWED(id, kind, state, command, reach)                                                      \
    {OBJECT_##kind, OBJECT_IS_##state, COMMAND_##command, REACH_##reach},
#include "core/case/owed.def"
#undef OWED
};
_Static_assert(OWED_COUNT <= 32, "steps stand in a mask of 32 bits");

static bool has_right(const struct question *q, enum reach wanted)
{
    for (const struct right *r = q->t->rights; r->role != ROLE_NOBODY; r++)
        if (r->role == q->who->role && (wanted == REACH_ANY || r->reach == wanted) &&
            reaches(q->ctx, q->c, q->who, r->reach, q->object))
            return true;
    return false;
}

static bool may_take(const struct workflow_context *ctx, const struct casefile *c,
                     const struct actor *who, const struct owed_row *step, const struct object *o)
{
    for (size_t i = 0; i < workflow_rows; i++) {
        const struct transition *t = &workflow_table[i];
        struct question q = {.ctx = ctx, .c = c, .t = t, .who = who, .object = o};
        if (t->command == step->command && (t->moves & (1u << o->kind)) &&
            (t->object_from & (1u << o->state)) && (t->from & (1u << c->state)) &&
            has_right(&q, step->reach) && (!t->guard || t->guard(&q) == REFUSAL_NONE))
            return true;
    }
    return false;
}

uint32_t owed_by(const struct workflow_context *ctx, const struct casefile *c,
                 const struct actor *who)
{
    uint32_t owed = 0;
    for (size_t i = 0; i < c->n_objects; i++) {
        const struct object *o = &c->objects[i];
        if (object_state_table[o->state].ended)
            continue;
        for (unsigned k = 0; k < OWED_COUNT; k++)
            if (owed_table[k].kind == o->kind && owed_table[k].state == o->state &&
                !(owed >> k & 1u) && may_take(ctx, c, who, &owed_table[k], o))
                owed |= 1u << k;
    }
    return owed;
}

bool owed_reach(const struct casefile *c, const struct actor *who, enum reach reach)
{
    return reaches(NULL, c, who, reach, NULL);
}

/* The order itself is the person's or the unit's; else at most an object of it is. */
static bool is_own(const struct casefile *c, const struct actor *who)
{
    const char *const *v = c->value;
    bool by_unit = who->role == ROLE_DEPT || who->role == ROLE_HANDLER || who->role == ROLE_DESK ||
                   who->role == ROLE_COMMUNITY;
    return !by_unit || same(who->user, v[FIELD_HANDLER]) || same(who->user, v[FIELD_OPERATOR_ID]) ||
           same(who->unit, v[FIELD_ASSISTANT]) || same(who->unit, v[FIELD_SECTION]) ||
           (who->role != ROLE_COMMUNITY && reaches(NULL, c, who, REACH_OFFICE, NULL));
}

static enum clock_id called_due(const struct casefile *c, const struct actor *who,
                                int64_t *ret_started, int64_t *ret_due)
{
    enum clock_id found = CLOCK_COUNT;
    for (size_t i = 0; i < c->n_objects; i++) {
        int64_t due;
        enum clock_id id = object_next_due(&c->objects[i], &due);
        if (id == CLOCK_COUNT || !reaches(NULL, c, who, REACH_CALLED, &c->objects[i]) ||
            (found != CLOCK_COUNT && due >= *ret_due))
            continue;
        found = id;
        *ret_started = object_run(&c->objects[i], id)->started_ms;
        *ret_due = due;
    }
    return found;
}

enum clock_id owed_due(const struct casefile *c, const struct actor *who, int64_t *ret_started_ms,
                       int64_t *ret_due_ms)
{
    const struct clock_run *callback = &c->clock[CLOCK_CALLBACK];
    enum clock_id next = CLOCK_COUNT;
    *ret_started_ms = *ret_due_ms = TIME_NONE;
    if (who->role == ROLE_CALLBACK && callback->status == CLOCK_RUNNING) {
        *ret_due_ms = callback->due_ms;
        next = CLOCK_CALLBACK;
    } else if (is_own(c, who)) {
        next = casefile_next_due(c, ret_due_ms);
    } else {
        return called_due(c, who, ret_started_ms, ret_due_ms);
    }
    if (next != CLOCK_COUNT)
        *ret_started_ms = c->clock[next].started_ms;
    return next;
}
