/* effects_handle.c: the work on an order: sections, sub-orders, whistles, meetings, escalation, extension. */
#include "core/case/effects.h"
#include "core/base/i18n.h"
#include "core/case/tasks.h"

#include <string.h>

/* --- handling (rows 14 to 18) ------------------------------------------------------------------- */

enum refusal_code effect_assign(struct draft *d)
{
    const char *handler = given(d, FIELD_HANDLER), *section = given(d, FIELD_SECTION);
    const struct reference *ref = d->q.ctx->reference;
    const struct person *p = reference_person(ref, handler);
    const struct person *leader = reference_person(ref, given(d, FIELD_LEADER));
    const struct unit *u = reference_unit(ref, section);
    if (!*handler && !*section &&
        ((!*given(d, FIELD_ASSISTANT) && !*given(d, FIELD_LEADER)) ||
         d->q.c->state != STATE_WORKING))
        return bad(d, FIELD_HANDLER, _("name a person or a section"));
    if (ref && *handler && !p)
        return bad(d, FIELD_HANDLER, _("there is no such person"));
    if (ref && *section && !u)
        return bad(d, FIELD_SECTION, _("there is no such unit"));
    if (ref && *given(d, FIELD_LEADER) && (!leader || leader->role != ROLE_LEADER))
        return bad(d, FIELD_LEADER, _("there is no such leader"));
    if (*given(d, FIELD_ASSISTANT)) {
        enum refusal_code known = unit_known(d, FIELD_ASSISTANT, given(d, FIELD_ASSISTANT));
        if (known != REFUSAL_NONE)
            return known;
    }
    bool community = (p && p->role == ROLE_COMMUNITY) || (u && u->kind == UNIT_COMMUNITY);
    if (community && strncmp(value(d, FIELD_CATEGORY), "18", 2) != 0)
        return refuse(d->q.why, REFUSAL_COMMUNITY, *section ? FIELD_SECTION : FIELD_HANDLER,
                      _("A community may assist, never lead. Name it as the assisting unit."));
    if (*handler || *section) { /* whoever is not named now is no longer named */
        set(d, FIELD_HANDLER, handler);
        set(d, FIELD_SECTION, section);
    }
    return REFUSAL_NONE;
}

enum refusal_code effect_contact(struct draft *d)
{
    int64_t at;
    enum refusal_code code = claimed(d, &at);
    if (code == REFUSAL_NONE && !yes(d, FIELD_REACHED) && !tried_enough(d->q.ctx, d->q.c, at))
        d->stop = 0;
    return code;
}

enum refusal_code effect_sub(struct draft *d)
{
    int64_t by;
    enum refusal_code code = future(d, FIELD_ANSWER_BY, &by);
    const char *list = given(d, FIELD_UNITS), *unit;
    while (code == REFUSAL_NONE && (unit = next_code(d, &list))) {
        code = unit_known(d, FIELD_UNITS, unit);
        struct object_change *k = code == REFUSAL_NONE ? open_object(d, OBJECT_SUB, OBJECT_IS_OPEN,
                                                                     unit, "", given(d, FIELD_TASK))
                                                       : NULL;
        if (k && by != TIME_NONE)
            object_due(d, k, CLOCK_SUB, by);
        else if (code == REFUSAL_NONE && !k)
            return d->q.why->code;
    }
    return code;
}

static enum whistle_kind whistle_kind(const char *word)
{
    return same("E", word) ? WHISTLE_E : same("J", word) ? WHISTLE_J : WHISTLE_K;
}

/* The limits go by the kind; the street may name the time of arrival itself (7.5). */
static enum refusal_code whistle_clocks(struct draft *d, const struct object_change *k, int64_t by)
{
    const struct workflow_context *ctx = d->q.ctx;
    enum whistle_kind kind = whistle_kind(given(d, FIELD_KIND));
    struct errmsg why = {""};
    int64_t ack, arrive = by;
    if (limit_due(ctx->calendar, ctx->policy->day_rule, ctx->policy->whistle[kind].ack, ctx->now_ms,
                  &ack, &why) != ST_OK ||
        (by == TIME_NONE &&
         limit_due(ctx->calendar, ctx->policy->day_rule, ctx->policy->whistle[kind].arrive,
                   ctx->now_ms, &arrive, &why) != ST_OK))
        return refuse(d->q.why, REFUSAL_CALENDAR, FIELD_NONE, why.text);
    object_due(d, k, CLOCK_WHISTLE_ACK, ack < arrive ? ack : arrive);
    object_due(d, k, CLOCK_WHISTLE_ARRIVE, arrive);
    return REFUSAL_NONE;
}

enum refusal_code effect_whistle(struct draft *d)
{
    int64_t by;
    const struct reference *ref = d->q.ctx->reference;
    enum refusal_code code = future(d, FIELD_ANSWER_BY, &by);
    const char *list = given(d, FIELD_UNITS), *unit;
    while (code == REFUSAL_NONE && (unit = next_code(d, &list))) {
        const struct unit *u = reference_unit(ref, unit);
        code = unit_known(d, FIELD_UNITS, unit);
        if (code == REFUSAL_NONE && u && u->kind != UNIT_DEPT && u->kind != UNIT_FIRM)
            code = bad(d, FIELD_UNITS,
                       _("departments and firms are whistled for; others get a sub-order"));
        struct object_change *k = code == REFUSAL_NONE
                                      ? open_object(d, OBJECT_WHISTLE, OBJECT_IS_OPEN, unit,
                                                    given(d, FIELD_KIND), given(d, FIELD_TASK))
                                      : NULL;
        if (k)
            code = whistle_clocks(d, k, by);
        else if (code == REFUSAL_NONE)
            return d->q.why->code;
    }
    return code;
}

enum refusal_code effect_arrive(struct draft *d)
{
    int64_t at;
    return claimed(d, &at);
}

/* Each task becomes a sub-order of its unit (7.6). */
static enum refusal_code open_tasks(struct draft *d, uint32_t parent)
{
    const char *text = given(d, FIELD_TASKS), *broken = NULL;
    struct task task;
    while (task_next(&text, d->a, &task, &broken)) {
        enum refusal_code known = unit_known(d, FIELD_TASKS, task.unit);
        if (known != REFUSAL_NONE)
            return known;
        if (task.due_ms <= d->q.ctx->now_ms)
            return bad(d, FIELD_TASKS, _("a date lies in the past"));
        struct object_change *k =
            open_object(d, OBJECT_SUB, OBJECT_IS_OPEN, task.unit, "task", task.what);
        if (!k)
            return d->q.why->code;
        k->parent = parent;
        object_due(d, k, CLOCK_SUB, task.due_ms);
    }
    if (broken)
        return bad(d, FIELD_TASKS, _("a line is not \"unit date what\""));
    return REFUSAL_NONE;
}

enum refusal_code effect_meeting(struct draft *d)
{
    int64_t at;
    enum refusal_code code = claimed(d, &at);
    if (code != REFUSAL_NONE)
        return code;
    struct object_change *k =
        open_object(d, OBJECT_MEETING, OBJECT_IS_DONE, "", "", given(d, FIELD_DECISION));
    return k ? open_tasks(d, k->object) : d->q.why->code;
}

enum refusal_code effect_tell(struct draft *d)
{
    struct object_change *k =
        open_object(d, OBJECT_TELL, OBJECT_IS_OPEN, "", "", given(d, FIELD_DECISION));
    if (k)
        d->object_clock[d->n_objects - 1].start = C(TELL);
    return k ? REFUSAL_NONE : d->q.why->code;
}

enum refusal_code effect_consultation(struct draft *d)
{
    int64_t at;
    enum refusal_code code = claimed(d, &at);
    if (code != REFUSAL_NONE)
        return code;
    struct object_change *k =
        open_object(d, OBJECT_CONSULTATION, OBJECT_IS_DONE, "", "", given(d, FIELD_DECISION));
    if (!k)
        return d->q.why->code;
    code = open_tasks(d, k->object);
    if (code == REFUSAL_NONE && !nobody_to_call(d->q.c))
        code = effect_tell(d);
    const char *orders = given(d, FIELD_ORDERS), *order;
    while (code == REFUSAL_NONE && (order = next_code(d, &orders))) {
        struct value *v = consequence(d, COMMAND_JOIN_CONSULTATION, order, 2);
        if (!v)
            return d->q.why->code;
        v[0] = (struct value){FIELD_DECISION, given(d, FIELD_DECISION)};
        v[1] = (struct value){FIELD_OLD_ORDER, value(d, FIELD_NUMBER)};
    }
    return code;
}

/* --- escalation, extension (rows 19, 20) --------------------------------------------------------- */

enum refusal_code effect_escalate(struct draft *d)
{
    const char *level = same("district", value(d, FIELD_LEVEL)) ? "city" : "district";
    set(d, FIELD_LEVEL, level);
    return opens(d, OBJECT_ESCALATION, OBJECT_IS_OPEN, "", level, given(d, FIELD_TASK));
}

enum refusal_code effect_ask_extension(struct draft *d)
{
    const struct workflow_context *ctx = d->q.ctx;
    const struct clock_run *handle = &d->q.c->clock[CLOCK_HANDLE];
    int64_t due, most;
    enum refusal_code code = future(d, FIELD_NEW_DUE, &due);
    if (code != REFUSAL_NONE)
        return code;
    if (due <= handle->due_ms)
        return bad(d, FIELD_NEW_DUE, _("is not later than the present one"));
    if (limit_due(ctx->calendar, DAY_RULE_EXACT, ctx->policy->extension_max_total[d->tier],
                  handle->started_ms, &most, NULL) != ST_OK ||
        due > most)
        return bad(d, FIELD_NEW_DUE, _("is later than the policy allows in this tier"));
    if (same("E1", given(d, FIELD_EXTENSION_CLASS)) && !*given(d, FIELD_LEGAL_BASIS))
        return bad(d, FIELD_LEGAL_BASIS, _("a statutory procedure is quoted with its article"));
    bool leader = d->q.who->role == ROLE_LEADER;
    struct object_change *k =
        open_object(d, OBJECT_EXTENSION, leader ? OBJECT_IS_AGREED : OBJECT_IS_OPEN, "",
                    given(d, FIELD_EXTENSION_CLASS), given(d, FIELD_REASON));
    if (!k)
        return d->q.why->code;
    k->due_ms = due;
    return REFUSAL_NONE;
}

/* A first yes keeps the clock of the decision running: the next level has to decide. */
enum refusal_code effect_yes_or_no(struct draft *d)
{
    if (!refused(d))
        d->stop = 0;
    return REFUSAL_NONE;
}

enum refusal_code effect_decide_extension(struct draft *d)
{
    if (refused(d))
        return REFUSAL_NONE;
    const struct clock_run *handle = &d->q.c->clock[CLOCK_HANDLE];
    if (handle->due_ms >= d->q.object->due_ms)
        return REFUSAL_NONE; /* an emergency gave it more meanwhile */
    d->extends = true;
    d->due[CLOCK_HANDLE] = d->q.object->due_ms;
    return REFUSAL_NONE;
}
