/* effects.c: what the rows of the table make of their arguments. */
#include "core/case/rules.h"
#include "core/case/repeat.h"
#include "core/case/tasks.h"
#include "core/base/i18n.h"

#include <stdio.h>
#include <string.h>

/* --- small things ----------------------------------------------------------------------------- */

static const char *value(const struct draft *d, enum field f)
{
    return d->q.c->value[f];
}

static bool yes(const struct draft *d, enum field f)
{
    return same("yes", given(d, f));
}

static void set_time(struct draft *d, enum field f, int64_t ms)
{
    char form[RFC3339_SIZE];
    rfc3339_format(ms, BEIJING_OFFSET_MS, form);
    set(d, f, arena_strdup(d->a, form));
}

/* A date that was asked for: not there, or in the future. */
static enum refusal_code future(struct draft *d, enum field f, int64_t *ret_ms)
{
    *ret_ms = TIME_NONE;
    if (!*given(d, f))
        return REFUSAL_NONE;
    if (rfc3339_parse(given(d, f), ret_ms) != 0)
        return bad(d, f, _("not a time"));
    return *ret_ms <= d->q.ctx->now_ms ? bad(d, f, _("lies in the past")) : REFUSAL_NONE;
}

/* When something was done, as the person says (3.4 rule 7): never in the future; marked when entered late. */
static enum refusal_code claimed(struct draft *d, int64_t *ret_ms)
{
    const struct policy *p = d->q.ctx->policy;
    int64_t at = d->cmd->at_ms, late;
    if (*given(d, FIELD_TIME) && rfc3339_parse(given(d, FIELD_TIME), &at) != 0)
        return bad(d, FIELD_TIME, _("not a time"));
    if (*given(d, FIELD_TIME) && at > d->q.ctx->now_ms + 5 * MS_MINUTE)
        return bad(d, FIELD_TIME, _("lies in the future"));
    if (at > d->q.ctx->now_ms)
        at = d->q.ctx->now_ms;
    set_time(d, FIELD_TIME, at);
    struct limit limit = d->tier == TIER_T2H ? p->late_entry_t2h : p->late_entry;
    if (limit.n > 0 &&
        limit_due(d->q.ctx->calendar, DAY_RULE_EXACT, limit, at, &late, NULL) == ST_OK &&
        d->q.ctx->now_ms > late)
        set(d, FIELD_LATE_ENTRY, "yes");
    *ret_ms = at;
    return REFUSAL_NONE;
}

/* The codes of a list, one after the other; NULL at the end. */
static const char *next_code(struct draft *d, const char **list)
{
    *list += strspn(*list, " ,");
    size_t n = strcspn(*list, " ,");
    const char *code = n ? arena_strndup(d->a, *list, n) : NULL;
    *list += n;
    return code;
}

static enum refusal_code unit_known(struct draft *d, enum field f, const char *code)
{
    if (d->q.ctx->reference && !reference_unit(d->q.ctx->reference, code))
        return bad(d, f, _("there is no such unit"));
    return REFUSAL_NONE;
}

/* Nobody can be asked the three questions (own findings, anonymous callers without a way to reach them). */
static bool nobody_to_call(const struct casefile *c)
{
    return !*c->value[FIELD_PHONE] && !*c->value[FIELD_EMAIL];
}

/* Opens an object that needs nothing further. */
static enum refusal_code opens(struct draft *d, enum object_kind kind, enum object_state state,
                               const char *unit, const char *class, const char *text)
{
    return open_object(d, kind, state, unit, class, text) ? REFUSAL_NONE : d->q.why->code;
}

/* The street's or the city's yes or no to what is asked: no ends it. */
static bool refused(struct draft *d)
{
    if (yes(d, FIELD_GRANTED))
        return false;
    for (size_t i = 0; i < d->n_objects; i++)
        d->object[i].state = OBJECT_IS_REFUSED;
    return true;
}

/* Orders that were merged into this one go on by themselves. */
static void release_followers(struct draft *d)
{
    const char *list = value(d, FIELD_FOLLOWERS), *follower;
    while ((follower = next_code(d, &list))) {
        struct value *v = consequence(d, COMMAND_UNMERGE, follower, 1);
        if (v)
            v[0] = (struct value){FIELD_REASON, _("the leading order ended without a reply")};
    }
    if (*value(d, FIELD_FOLLOWERS))
        set(d, FIELD_FOLLOWERS, "");
}

/* --- taking down (rows 1 to 4) ---------------------------------------------------------------- */

static enum refusal_code place_and_category(struct draft *d, const struct category **ret_category)
{
    const struct reference *ref = d->q.ctx->reference;
    const char *street = given(d, FIELD_STREET), *category = given(d, FIELD_CATEGORY);
    *ret_category = reference_category(ref, category);
    if (ref && *category && !*ret_category)
        return bad(d, FIELD_CATEGORY, _("there is no such category"));
    if (ref && *street && !reference_unit(ref, street))
        return bad(d, FIELD_STREET, _("there is no such place"));
    if (!*given(d, FIELD_DISTRICT) && *street)
        set(d, FIELD_DISTRICT, reference_district(ref, street));
    if (!*given(d, FIELD_OPERATOR_ID))
        set(d, FIELD_OPERATOR_ID, arena_strdup(d->a, d->q.who->user));
    return REFUSAL_NONE;
}

static enum refusal_code own_channel(struct draft *d)
{
    const char *channel = given(d, FIELD_CHANNEL);
    bool inside = d->q.who->role == ROLE_DESK || d->q.who->role == ROLE_COMMUNITY;
    if (inside && !same("own", channel) && !same("counter", channel) && !same("grid", channel))
        return bad(d, FIELD_CHANNEL, _("here only own, counter or grid"));
    return REFUSAL_NONE;
}

enum refusal_code effect_log(struct draft *d)
{
    const struct category *category;
    enum refusal_code code = place_and_category(d, &category);
    if (code == REFUSAL_NONE)
        code = own_channel(d);
    if (code != REFUSAL_NONE)
        return code;
    /* What a patrol found, and what another system passed on, may have no caller (row 1; 4.3). */
    const char *channel = given(d, FIELD_CHANNEL);
    if (!*given(d, FIELD_PHONE) && !yes(d, FIELD_ANONYMOUS) && !same("own", channel) &&
        !same("grid", channel) && !same("open311", channel))
        return bad(d, FIELD_PHONE, _("must be given"));
    d->tier = tier_find(given(d, FIELD_TIER));
    if (d->tier == TIER_NONE && category)
        d->tier = category->tier;
    if (d->tier == TIER_NONE)
        return bad(d, FIELD_TIER, _("the category has none; give one"));
    set(d, FIELD_TIER, tier_word[d->tier]);
    return REFUSAL_NONE;
}

enum refusal_code effect_answer(struct draft *d)
{
    const struct category *category;
    return place_and_category(d, &category);
}

enum refusal_code effect_elsewhere(struct draft *d)
{
    const struct category *category;
    if (d->q.c->state != STATE_NEW) {
        release_followers(d);
        return REFUSAL_NONE;
    }
    if (!*given(d, FIELD_CONTENT))
        return bad(d, FIELD_CONTENT, _("must be given"));
    return place_and_category(d, &category);
}

enum refusal_code effect_progress(struct draft *d)
{
    const struct category *category;
    enum refusal_code code = place_and_category(d, &category);
    if (code != REFUSAL_NONE)
        return code;
    const struct casefile *old = d->q.ctx->other;
    if (old && same("yes", old->value[FIELD_SECRET])) /* it is the same claimant (invariant 9) */
        set(d, FIELD_SECRET, "yes");
    const uint32_t open = S(WAIT_DISPATCH) | S(SENT) | S(DISPUTED) | S(SIGNED) | S(WORKING) |
                          S(REVIEW) | S(REPLIED) | S(CALLING) | S(REWORK) | S(HUNG);
    if (!old || (open & (1u << old->state))) { /* of one that is closed the result was told */
        struct value *v = consequence(d, COMMAND_URGE, given(d, FIELD_OLD_ORDER), 1);
        if (v)
            v[0] = (struct value){FIELD_NOTE, given(d, FIELD_SAID)};
    }
    return REFUSAL_NONE;
}

/* --- dispatch (rows 5, 6, 13), signing (7) ------------------------------------------------------ */

static enum refusal_code lead_fits(struct draft *d, const char *code)
{
    const struct reference *ref = d->q.ctx->reference;
    const struct unit *u = reference_unit(ref, code);
    if (ref && !u)
        return bad(d, FIELD_UNIT, _("there is no such unit"));
    if (u && u->kind == UNIT_COMMUNITY)
        return refuse(d->q.why, REFUSAL_COMMUNITY, FIELD_UNIT,
                      _("A community may assist, never lead."));
    if (u && (u->kind == UNIT_SECTION || u->kind == UNIT_HOTLINE))
        return bad(d, FIELD_UNIT, _("this unit cannot lead a case"));
    if (u && d->q.who->role == ROLE_DISTRICT &&
        !same(reference_district(ref, code), d->q.who->office))
        return refuse(d->q.why, REFUSAL_REACH, FIELD_UNIT, _("The unit is not in your district."));
    if (u && u->ended && u->ended <= day_of_ms(d->q.ctx->now_ms, BEIJING_OFFSET_MS))
        return bad(d, FIELD_UNIT, _("this unit is no more"));
    if (listed(value(d, FIELD_RETURNED_BY), code) && d->cmd->type != COMMAND_DESIGNATE)
        return bad(d, FIELD_UNIT, _("it returned this case; it can only be designated"));
    return REFUSAL_NONE;
}

/* Dual dispatch (7.1): assisting units get their sub-order at once. */
static enum refusal_code assistants(struct draft *d)
{
    const char *list = given(d, FIELD_UNITS), *code;
    while ((code = next_code(d, &list))) {
        enum refusal_code known = unit_known(d, FIELD_UNITS, code);
        if (known != REFUSAL_NONE)
            return known;
        struct object_change *k = open_object(d, OBJECT_SUB, OBJECT_IS_OPEN, code, "dual",
                                              _("assisting unit by dual dispatch"));
        if (!k)
            return d->q.why->code;
        d->object_clock[d->n_objects - 1].start = C(SUB);
    }
    return REFUSAL_NONE;
}

/* The order stores which row of the catalogue the dispatch rests on (7.1): the one named, else the best that gives this
 * unit; none when a person chose another unit than the catalogue. */
static enum refusal_code catalogue_row(struct draft *d, const char *unit)
{
    const struct workflow_context *ctx = d->q.ctx;
    const struct proposal *list = NULL;
    size_t n = 0;
    const struct matter matter = {.category = value(d, FIELD_CATEGORY),
                                  .street = value(d, FIELD_STREET),
                                  .community = value(d, FIELD_COMMUNITY),
                                  .point = value(d, FIELD_POINT),
                                  .designated = "",
                                  .day = day_of_ms(ctx->now_ms, BEIJING_OFFSET_MS)};
    const char *named = given(d, FIELD_CATALOGUE_ROW);
    if (!ctx->catalogue || !ctx->reference)
        return REFUSAL_NONE;
    for (size_t i = 0; i < ctx->catalogue->n_rows && *named; i++)
        if (same(ctx->catalogue->rows[i].id, named))
            return catalogue_in_force(&ctx->catalogue->rows[i], matter.day)
                       ? REFUSAL_NONE
                       : bad(d, FIELD_CATALOGUE_ROW, _("is not in force today"));
    if (*named)
        return bad(d, FIELD_CATALOGUE_ROW, _("there is no such row"));
    if (catalogue_propose(ctx->catalogue, ctx->reference, &matter, i18n_chinese(), d->a, &list, &n,
                          NULL) != ST_OK)
        return REFUSAL_NONE; /* a category without a row: the district decides by hand */
    for (size_t i = 0; i < n; i++)
        if (same(list[i].lead, unit) && *list[i].row) {
            set(d, FIELD_CATALOGUE_ROW, list[i].row);
            return REFUSAL_NONE;
        }
    return REFUSAL_NONE;
}

/* A case goes under an emergency only while that is open, and only under one of its own district. */
static enum refusal_code emergency_open(struct draft *d, const char *code, const char *district)
{
    const struct emergencies *list = d->q.ctx->emergencies;
    const struct emergency *e = list ? emergency_find(list, code) : NULL;
    if (!list)
        return REFUSAL_NONE;
    if (!e)
        return bad(d, FIELD_EMERGENCY, _("there is no such emergency"));
    if (e->closed_ms != TIME_NONE)
        return refuse(d->q.why, REFUSAL_WINDOW, FIELD_EMERGENCY,
                      _("This emergency is closed: no case is put under it any more."));
    if (!same(e->district, district))
        return refuse(d->q.why, REFUSAL_REACH, FIELD_EMERGENCY,
                      _("This emergency is another district's."));
    return REFUSAL_NONE;
}

/* The one that the dispatcher names; else, of a case that is dispatched for the first time, the one it lies in. */
static enum refusal_code dispatch_emergency(struct draft *d, const char *unit)
{
    const struct workflow_context *ctx = d->q.ctx;
    const char *code = given(d, FIELD_EMERGENCY);
    if (*code) {
        const char *district = emergency_district(ctx->reference, d->q.c);
        return emergency_open(d, code,
                              *district ? district : reference_district(ctx->reference, unit));
    }
    const struct emergency *e =
        ctx->emergencies && !*value(d, FIELD_EMERGENCY) && !*value(d, FIELD_FIRST_UNIT)
            ? emergency_for(ctx->emergencies, ctx->reference, d->q.c, unit)
            : NULL;
    if (e)
        d->emergency = arena_strdup(d->a, e->code);
    return REFUSAL_NONE;
}

enum refusal_code effect_dispatch(struct draft *d)
{
    const struct reference *ref = d->q.ctx->reference;
    const char *code = given(d, FIELD_UNIT);
    const struct unit *u = reference_unit(ref, code);
    enum refusal_code fits = lead_fits(d, code);
    if (fits == REFUSAL_NONE)
        fits = catalogue_row(d, code);
    if (fits == REFUSAL_NONE)
        fits = dispatch_emergency(d, code);
    if (fits != REFUSAL_NONE)
        return fits;
    d->tier = tier_find(given(d, FIELD_TIER));
    if (d->tier == TIER_NONE)
        d->tier = casefile_tier(d->q.c);
    if (d->tier == TIER_NONE)
        return bad(d, FIELD_TIER, _("must be given"));
    for (enum field f = FIELD_SECTION; f <= FIELD_ASSISTANT; f++)
        if (*value(d, f))
            set(d, f, "");
    set(d, FIELD_TIER, tier_word[d->tier]);
    set(d, FIELD_POLICY, arena_strdup(d->a, d->q.ctx->policy->label));
    set(d, FIELD_DISTRICT_COPY,
        u && u->kind == UNIT_STREET ? arena_strdup(d->a, reference_district(ref, code)) : "");
    set(d, FIELD_HANDLED_BY, append(d, value(d, FIELD_HANDLED_BY), code));
    if (!*value(d, FIELD_FIRST_UNIT))
        set(d, FIELD_FIRST_UNIT, code);
    if (d->cmd->type == COMMAND_DESIGNATE)
        set(d, FIELD_DESIGNATED, "yes");
    if (same("praise", value(d, FIELD_TYPE))) /* passed on: no clock but that of signing (E12) */
        d->start &= C(SIGN);
    return assistants(d);
}

enum refusal_code effect_pre_consult(struct draft *d)
{
    const char *list = given(d, FIELD_UNITS), *code;
    while ((code = next_code(d, &list))) {
        enum refusal_code known = unit_known(d, FIELD_UNITS, code);
        if (known != REFUSAL_NONE)
            return known;
        if (!open_object(d, OBJECT_PRE_CONSULT, OBJECT_IS_DONE, code, "", given(d, FIELD_SAID)))
            return d->q.why->code;
    }
    return REFUSAL_NONE;
}

enum refusal_code effect_sign(struct draft *d)
{
    if (same("praise", value(d, FIELD_TYPE))) {
        d->to = STATE_CLOSED;
        set(d, FIELD_CLOSED_AS, "passed_on");
        release_followers(d);
    }
    return REFUSAL_NONE;
}

/* --- return (rows 9 to 12) ---------------------------------------------------------------------- */

enum refusal_code effect_ask_return(struct draft *d)
{
    enum refusal_code known = unit_known(d, FIELD_PROPOSED, given(d, FIELD_PROPOSED));
    if (known != REFUSAL_NONE)
        return known;
    if (same(given(d, FIELD_PROPOSED), value(d, FIELD_UNIT)))
        return bad(d, FIELD_PROPOSED, _("it has the case now; name another unit"));
    set(d, FIELD_PRIOR_STATE, state_table[d->q.c->state].word);
    return opens(d, OBJECT_RETURN, OBJECT_IS_OPEN, given(d, FIELD_PROPOSED),
                 given(d, FIELD_RETURN_CLASS), given(d, FIELD_BASIS));
}

enum refusal_code effect_accept_return(struct draft *d)
{
    d->cancel = ALL_CLOCKS;
    set(d, FIELD_RETURNED_BY,
        append(d, value(d, FIELD_RETURNED_BY), arena_strdup(d->a, value(d, FIELD_UNIT))));
    set(d, FIELD_UNIT, "");
    set(d, FIELD_HANDLER, "");
    set(d, FIELD_SECTION, "");
    set(d, FIELD_ASSISTANT, "");
    set(d, FIELD_PRIOR_STATE, "");
    return REFUSAL_NONE;
}

enum refusal_code effect_refuse_return(struct draft *d)
{
    if (same("WORKING", value(d, FIELD_PRIOR_STATE)))
        d->to = STATE_WORKING;
    set(d, FIELD_PRIOR_STATE, "");
    return REFUSAL_NONE;
}

enum refusal_code effect_late(struct draft *d)
{
    uint32_t object;
    int64_t when;
    enum clock_id clock = late_clock(d->q.ctx, d->q.c, &object, &when);
    if (clock == CLOCK_COUNT || clock != clock_find(given(d, FIELD_LATE_CLOCK)))
        return bad(d, FIELD_LATE_CLOCK, _("this clock is not over"));
    const struct object *o = casefile_object(d->q.c, object);
    if (!o)
        return REFUSAL_NONE;
    d->object[d->n_objects++] = (struct object_change){.object = o->id,
                                                       .kind = o->kind,
                                                       .state = o->state,
                                                       .unit = "",
                                                       .class = "",
                                                       .text = "",
                                                       .due_ms = TIME_NONE,
                                                       .late = true};
    return REFUSAL_NONE;
}

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

/* --- reply (rows 21 to 23) ---------------------------------------------------------------------- */

enum refusal_code effect_submit(struct draft *d)
{
    bool met[POLICY_CHECKLIST_MAX], length_ok = true;
    if (!*given(d, FIELD_OVERRIDE) &&
        !reply_check(d->q.ctx->policy, given(d, FIELD_REPLY), met, &length_ok))
        return refuse(d->q.why, REFUSAL_CHECKLIST, FIELD_REPLY,
                      length_ok ? _("The reply does not meet the checklist. Complete it, or say "
                                    "why not in \"override\".")
                                : _("The reply is too short or too long. Change it, or say why "
                                    "in \"override\"."));
    if (same("public", value(d, FIELD_INTEREST)) && !*given(d, FIELD_DUTY))
        return bad(d, FIELD_DUTY,
                   _("of a matter of public interest say whether the unit's duty is done"));
    set(d, FIELD_DRAFTER, arena_strdup(d->a, d->q.who->user));
    return REFUSAL_NONE;
}

static void share_with(struct draft *d, const char *follower)
{
    static const enum field shared[] = {FIELD_REPLY,       FIELD_RESULT,  FIELD_PUBLIC_ANSWER,
                                        FIELD_LEGAL_BASIS, FIELD_DRAFTER, FIELD_HANDLED_BY,
                                        FIELD_UNIT};
    enum { SHARED = sizeof shared / sizeof shared[0] };
    struct value *v = consequence(d, COMMAND_SHARE_REPLY, follower, SHARED + 1);
    for (size_t i = 0; v && i < SHARED; i++)
        v[i] = (struct value){shared[i], value(d, shared[i])};
    if (v)
        v[SHARED] = (struct value){FIELD_APPROVER, arena_strdup(d->a, d->q.who->user)};
}

static void callback_or_close(struct draft *d, const struct casefile *c)
{
    if (nobody_to_call(c)) {
        d->to = STATE_CLOSED;
        d->start &= ~C(CALLBACK);
        set(d, FIELD_CLOSED_AS, "checked");
    } else if (!d->q.ctx->policy->callback_early &&
               c->clock[CLOCK_HANDLE].due_ms > d->q.ctx->now_ms) {
        d->start_from[CLOCK_CALLBACK] = c->clock[CLOCK_HANDLE].due_ms;
    }
}

enum refusal_code effect_approve(struct draft *d)
{
    set(d, FIELD_APPROVER, arena_strdup(d->a, d->q.who->user));
#if SABOTAGE == 40
    d->stop &= ~C(HANDLE); /* damage for the tests: the unit's clock runs on after its reply */
#endif
    callback_or_close(d, d->q.c);
    if (same(d->q.who->user, value(d, FIELD_DRAFTER))) {
        struct object_change *k = open_object(d, OBJECT_CONFIRMATION, OBJECT_IS_OPEN, "", "",
                                              _("the drafter approved it himself"));
        if (!k)
            return d->q.why->code;
        d->object_clock[d->n_objects - 1].start = C(CONFIRM);
    }
    const char *list = value(d, FIELD_FOLLOWERS), *follower;
    while ((follower = next_code(d, &list)))
        share_with(d, follower);
    if (*value(d, FIELD_FOLLOWERS))
        set(d, FIELD_FOLLOWERS, "");
    return REFUSAL_NONE;
}

enum refusal_code effect_share_reply(struct draft *d)
{
    set(d, FIELD_PRIOR_STATE, "");
    callback_or_close(d, d->q.c);
    return REFUSAL_NONE;
}

/* --- ledger (rows 24, 25) ------------------------------------------------------------------------ */

static enum refusal_code next_look(struct draft *d, int64_t *ret_ms)
{
    const struct workflow_context *ctx = d->q.ctx;
    int64_t most;
    enum refusal_code code = future(d, FIELD_NEXT_LOOK, ret_ms);
    if (limit_due(ctx->calendar, DAY_RULE_EXACT, ctx->policy->hang_look, ctx->now_ms, &most,
                  NULL) != ST_OK)
        most = TIME_NONE;
    if (code == REFUSAL_NONE && *ret_ms != TIME_NONE && most != TIME_NONE &&
        *ret_ms > most + 2 * MS_DAY) /* the district decides within two days or so */
        return bad(d, FIELD_NEXT_LOOK, _("is later than the policy's next look"));
    if (*ret_ms == TIME_NONE)
        *ret_ms = most;
    return code;
}

enum refusal_code effect_ask_hang(struct draft *d)
{
    int64_t look;
    enum refusal_code code = next_look(d, &look);
    if (code != REFUSAL_NONE)
        return code;
    bool leader = d->q.who->role == ROLE_LEADER;
    struct object_change *k =
        open_object(d, OBJECT_HANG, leader ? OBJECT_IS_AGREED : OBJECT_IS_OPEN, "",
                    given(d, FIELD_HANG_CLASS), given(d, FIELD_REASON));
    if (k)
        k->due_ms = look;
    return k ? REFUSAL_NONE : d->q.why->code;
}

enum refusal_code effect_decide_hang(struct draft *d)
{
    if (refused(d)) {
        d->to = STATE_NONE;
        d->start = d->stop = 0;
        return REFUSAL_NONE;
    }
    if (nobody_to_call(d->q.c))
        d->start &= ~C(CALLBACK);
    d->due[CLOCK_HANG_REVIEW] = d->q.object->due_ms;
    if (!*value(d, FIELD_EXCLUSION))          /* what a judge decided stays (invariant 12) */
        set(d, FIELD_SCORE_MODE, "response"); /* while it hangs (7.8) */
    return REFUSAL_NONE;
}

enum refusal_code effect_look_hang(struct draft *d)
{
    return next_look(d, &d->due[CLOCK_HANG_REVIEW]);
}

enum refusal_code effect_unhang(struct draft *d)
{
    const struct workflow_context *ctx = d->q.ctx;
    struct errmsg why = {""};
    if (limit_due(ctx->calendar, ctx->policy->day_rule, ctx->policy->hang_handle, ctx->now_ms,
                  &d->due[CLOCK_HANDLE], &why) != ST_OK)
        return refuse(d->q.why, REFUSAL_CALENDAR, FIELD_NONE, why.text);
    if (!*value(d, FIELD_EXCLUSION)) /* what a judge decided stays (invariant 12) */
        set(d, FIELD_SCORE_MODE, "");
    return REFUSAL_NONE;
}

/* --- callback (rows 26 to 29, 35) ---------------------------------------------------------------- */

bool workflow_quiet(const struct policy *p, int64_t ms)
{
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    int minute = t.hour * 60 + t.minute;
    for (int i = 0; i < p->n_quiet; i++) {
        int from = p->quiet[i].from, to = p->quiet[i].to;
        if (from <= to ? minute >= from && minute < to : minute >= from || minute < to)
            return true;
    }
    return false;
}

/* A call that was made is never refused: outside the calling hours it is marked. */
enum refusal_code effect_attempt(struct draft *d)
{
    int64_t at;
    enum refusal_code code = claimed(d, &at);
    if (code == REFUSAL_NONE && workflow_quiet(d->q.ctx->policy, at))
        set(d, FIELD_OUT_OF_HOURS, "yes");
    return code;
}

static bool is_clean(const struct draft *d)
{
    return same("yes", given(d, FIELD_CONTACTED)) && same("solved", given(d, FIELD_SOLVED)) &&
           !same("not", given(d, FIELD_SATISFIED)) && !same("not_true", given(d, FIELD_TRUTHFUL));
}

enum refusal_code effect_rate_hung(struct draft *d)
{
    if (d->q.c->clock[CLOCK_CALLBACK].status != CLOCK_RUNNING)
        return refuse(d->q.why, REFUSAL_REPEATED, FIELD_NONE,
                      _("An order on the ledger is called back once; that was done."));
    d->start = is_clean(d) ? 0 : C(EXCLUSION);
    return REFUSAL_NONE;
}

enum refusal_code effect_rate(struct draft *d)
{
    const struct policy *p = d->q.ctx->policy;
    const char *contacted = given(d, FIELD_CONTACTED), *solved = given(d, FIELD_SOLVED);
    bool withdrawn = same("withdrawn", solved);
    bool unsolved = same("not", solved) || same("partly", solved);
    bool untrue = same("not_true", given(d, FIELD_TRUTHFUL));
    bool must = same("no", contacted) || untrue;
    bool again = must || (unsolved && yes(d, FIELD_LAWFUL_LEFT) && d->q.c->reworked == 0);
    if (!*value(d, FIELD_FIRST_RATING))
        set(d, FIELD_FIRST_RATING,
            arena_printf(d->a, "%s/%s/%s", contacted, solved, given(d, FIELD_SATISFIED)));
    d->start = is_clean(d) || withdrawn ? 0 : C(EXCLUSION);
    if (!withdrawn && again && d->q.c->reworked < p->rework_max) {
        d->to = STATE_REWORK;
        d->start |= C(REWORK);
        return REFUSAL_NONE;
    }
    set(d, FIELD_CLOSED_AS, withdrawn ? "withdrawn" : "rated");
    /* Reworked as often as is allowed and still not right: the next level is told (invariant 8). */
    if (!withdrawn && must &&
        !open_object(d, OBJECT_ESCALATION, OBJECT_IS_OPEN, "", "district",
                     _("reworked as often as is allowed")))
        return d->q.why->code;
    return REFUSAL_NONE;
}

enum refusal_code effect_give_up(struct draft *d)
{
    set(d, FIELD_CLOSED_AS, "unrated");
    return REFUSAL_NONE;
}

enum refusal_code effect_rework(struct draft *d)
{
    set(d, FIELD_CLOSED_AS, "");
    return REFUSAL_NONE;
}

/* --- exclusion (row 30) -------------------------------------------------------------------------- */

enum refusal_code effect_ask_exclusion(struct draft *d)
{
    return opens(d, OBJECT_EXCLUSION, OBJECT_IS_OPEN, "", given(d, FIELD_EXCLUSION_CLASS),
                 given(d, FIELD_EVIDENCE));
}

enum refusal_code effect_precheck(struct draft *d)
{
    if (!refused(d))
        d->stop = 0; /* the city's time is part of the same clock */
    return REFUSAL_NONE;
}

/* The score mode that the class leaves by the policy (7.9). */
enum refusal_code effect_decide_exclusion(struct draft *d)
{
    const struct score_policy *p = &d->q.ctx->policy->score;
    int rates = p->excluded_rates;
    if (refused(d))
        return REFUSAL_NONE;
    for (int i = 0; i < p->n_exclusions; i++)
        if (same(d->q.object->class, p->exclusion[i].word))
            rates = p->exclusion[i].rates;
    set(d, FIELD_SCORE_MODE, rates == 0 ? "none" : rates == RATE_ALL ? "full" : "response");
    set(d, FIELD_EXCLUSION, d->q.object->class);
    return REFUSAL_NONE;
}

enum refusal_code effect_appeal(struct draft *d)
{
    for (size_t i = 0; i < d->n_objects; i++)
        d->object[i].class = "appealed";
    return REFUSAL_NONE;
}

/* --- merging, linking (row 31) -------------------------------------------------------------------- */

static enum refusal_code other_fits(struct draft *d)
{
    const struct casefile *c = d->q.c, *other = d->q.ctx->other;
    const uint32_t may = S(WAIT_DISPATCH) | S(SENT) | S(SIGNED) | S(WORKING);
    const char *text = NULL;
    if (!other)
        return REFUSAL_NONE; /* the centre will look */
    if (uuid_compare(&other->id, &c->id) == 0)
        text = _("An order cannot be merged into itself.");
    else if (!(may & (1u << other->state)))
        text = _("The other order is not in hand any more, or follows another one itself.");
    else if (!same(other->value[FIELD_STREET], c->value[FIELD_STREET]))
        text = _("The other order is about another street.");
    else if (strncmp(other->value[FIELD_CATEGORY], c->value[FIELD_CATEGORY], 2) != 0)
        text = _("The other order is about another matter.");
    else if (d->q.who->role == ROLE_DESK && !same(other->value[FIELD_UNIT], d->q.who->office))
        text = _("The other order is not with your office.");
    else if (same("yes", other->value[FIELD_SECRET]) != same("yes", c->value[FIELD_SECRET]))
        text = _("A secret report is merged with secret ones only.");
    return text ? refuse(d->q.why, REFUSAL_OTHER, FIELD_MERGED_INTO, text) : REFUSAL_NONE;
}

/* What the leader was warned of goes with the order. */
static void pass_warnings_on(struct draft *d)
{
    for (size_t i = 0; i < d->q.c->n_objects; i++) {
        const struct object *o = &d->q.c->objects[i];
        if (o->kind != OBJECT_WARNING || object_state_table[o->state].ended)
            continue;
        struct value *v = consequence(d, COMMAND_WARN, given(d, FIELD_MERGED_INTO), 2);
        if (!v)
            return;
        v[0] = (struct value){FIELD_WARNING, o->class};
        v[1] = (struct value){FIELD_WARNED_OF, o->text};
    }
}

enum refusal_code effect_merge(struct draft *d)
{
    char id[UUID_TEXT];
    const struct clock_run *own = &d->q.c->clock[CLOCK_HANDLE];
    enum refusal_code code = other_fits(d);
    if (code != REFUSAL_NONE)
        return code;
    set(d, FIELD_PRIOR_STATE, state_table[d->q.c->state].word);
    uuid_format(&d->q.c->id, id);
    bool due = own->status == CLOCK_RUNNING;
    struct value *v =
        consequence(d, COMMAND_TAKE_FOLLOWER, given(d, FIELD_MERGED_INTO), due ? 2 : 1);
    if (!v)
        return d->q.why->code;
    v[0] = (struct value){FIELD_FOLLOWERS, arena_strdup(d->a, id)};
    if (due) {
        char form[RFC3339_SIZE];
        rfc3339_format(own->due_ms, BEIJING_OFFSET_MS, form);
        v[1] = (struct value){FIELD_NEW_DUE, arena_strdup(d->a, form)};
    }
    pass_warnings_on(d);
    return REFUSAL_NONE;
}

enum refusal_code effect_take_follower(struct draft *d)
{
    int64_t due = TIME_NONE;
    const struct clock_run *handle = &d->q.c->clock[CLOCK_HANDLE];
    if (*given(d, FIELD_NEW_DUE) && rfc3339_parse(given(d, FIELD_NEW_DUE), &due) != 0)
        return bad(d, FIELD_NEW_DUE, _("not a time"));
    set(d, FIELD_FOLLOWERS, append(d, value(d, FIELD_FOLLOWERS), given(d, FIELD_FOLLOWERS)));
    if (due != TIME_NONE && handle->status == CLOCK_RUNNING && due < handle->due_ms) {
        d->extends = true; /* moves to the earlier one: the only way without a new dispatch */
        d->due[CLOCK_HANDLE] = due;
    }
    return REFUSAL_NONE;
}

static const char *without(struct draft *d, const char *list, const char *code)
{
    const char *left = "", *word;
    while ((word = next_code(d, &list)))
        if (strcmp(word, code) != 0)
            left = append(d, left, word);
    return left;
}

enum refusal_code effect_drop_follower(struct draft *d)
{
    set(d, FIELD_FOLLOWERS, without(d, value(d, FIELD_FOLLOWERS), given(d, FIELD_FOLLOWERS)));
    return REFUSAL_NONE;
}

/* Clocks that the merger stopped run again, to the due times that they had. */
enum refusal_code effect_unmerge(struct draft *d)
{
    const struct casefile *c = d->q.c;
    char id[UUID_TEXT];
    enum state prior = state_find(value(d, FIELD_PRIOR_STATE));
    d->to = prior == STATE_COUNT ? STATE_WAIT_DISPATCH : prior;
    /* Some may have been stopped by a step of the same moment, just before the merger: those stay so. */
    uint32_t over = C(RETURN_REVIEW) | C(REVIEW) | (d->to == STATE_SENT ? 0 : C(SIGN)) |
                    (d->to == STATE_WAIT_DISPATCH ? 0 : C(DISPATCH));
    for (int i = 0; i < CLOCK_COUNT; i++)
        if (!((OBJECT_CLOCK_SET | over) & (1u << i)) && c->clock[i].status == CLOCK_STOPPED &&
            c->clock[i].stopped_ms == c->state_ms) {
            d->start |= 1u << i;
            d->due[i] = c->clock[i].due_ms;
        }
    if (d->q.who->role != ROLE_AUTOMATIC) {
        uuid_format(&c->id, id);
        struct value *v = consequence(d, COMMAND_DROP_FOLLOWER, value(d, FIELD_MERGED_INTO), 1);
        if (v)
            v[0] = (struct value){FIELD_FOLLOWERS, arena_strdup(d->a, id)};
    }
    set(d, FIELD_PRIOR_STATE, "");
    set(d, FIELD_MERGED_INTO, "");
    return REFUSAL_NONE;
}

enum refusal_code effect_link(struct draft *d)
{
    if (same(given(d, FIELD_OLD_ORDER), value(d, FIELD_NUMBER)))
        return bad(d, FIELD_OLD_ORDER, _("is this order itself"));
    set(d, FIELD_LINKED, append(d, value(d, FIELD_LINKED), given(d, FIELD_OLD_ORDER)));
    return REFUSAL_NONE;
}

/* --- urging (row 32), voiding, withdrawal (33, 36) ------------------------------------------------ */

static enum refusal_code open_urge(struct draft *d, enum object_kind kind, const char *class)
{
    int64_t by;
    enum refusal_code code = future(d, FIELD_ANSWER_BY, &by);
    if (code != REFUSAL_NONE)
        return code;
    struct object_change *k =
        open_object(d, kind, OBJECT_IS_OPEN, value(d, FIELD_UNIT), class, given(d, FIELD_NOTE));
    if (!k)
        return d->q.why->code;
    if (by != TIME_NONE)
        object_due(d, k, CLOCK_URGE, by);
    return REFUSAL_NONE;
}

/* Calls for progress that bring nothing new: the person may record unreasonable use; nothing follows by itself (E11). */
static bool calls_without_end(const struct draft *d)
{
    const struct casefile *c = d->q.c;
    return d->q.who->role == ROLE_AUTOMATIC && d->q.ctx->policy->repeat_calls > 0 &&
           c->progress_calls + 1 >= d->q.ctx->policy->repeat_calls &&
           !*c->value[FIELD_UNREASONABLE] && casefile_open_objects(c, OBJECT_UNREASONABLE) == 0;
}

enum refusal_code effect_urge(struct draft *d)
{
    if (calls_without_end(d))
        set(d, FIELD_HINT, "unreasonable");
    return open_urge(d, OBJECT_URGE, "");
}

enum refusal_code effect_supervise(struct draft *d)
{
    return open_urge(d, OBJECT_SUPERVISION, given(d, FIELD_LADDER));
}

enum refusal_code effect_ask_void(struct draft *d)
{
    if (casefile_open_objects(d->q.c, OBJECT_VOIDING) > 0)
        return refuse(d->q.why, REFUSAL_REPEATED, FIELD_NONE, _("Voiding is asked already."));
    return opens(d, OBJECT_VOIDING, OBJECT_IS_OPEN, "", "", given(d, FIELD_REASON));
}

enum refusal_code effect_confirm_void(struct draft *d)
{
    if (!refused(d)) {
        release_followers(d);
        return REFUSAL_NONE;
    }
    d->to = STATE_NONE;
    d->stop = 0;
    return REFUSAL_NONE;
}

enum refusal_code effect_withdraw(struct draft *d)
{
    const char *duty = given(d, FIELD_DUTY);
    if (same("public", value(d, FIELD_INTEREST)) && !d->q.ctx->policy->withdraw_public &&
        !same("done", duty) && !same("none", duty))
        return refuse(
            d->q.why, REFUSAL_POLICY, FIELD_DUTY,
            _("A matter of public interest stays the unit's duty when a claimant withdraws. "
              "Record the words as a supplement, or say that the duty is done or none is "
              "owed."));
    set(d, FIELD_CLOSED_AS, "withdrawn");
    release_followers(d);
    return REFUSAL_NONE;
}

/* --- correcting (row 37) -------------------------------------------------------------------------- */

/* Praise runs no clock but that of signing (4.4). What was dispatched as praise and turns out to be more gets the
 * clocks of a dispatch now; the other way no unit gets rid of its time limits. */
static enum refusal_code correct_type(struct draft *d, const char *type)
{
    const enum state state = d->q.c->state;
    bool was = same("praise", value(d, FIELD_TYPE)), is = same("praise", type);
    const uint32_t sent = S(SENT) | S(SIGNED) | S(WORKING);
    bool free =
        state == STATE_WAIT_DISPATCH || (state_table[state].terminal && state != STATE_MERGED);
    if (was == is || free)
        return REFUSAL_NONE;
    if (!was || !(sent & (1u << state)))
        return bad(d, FIELD_NEW_VALUE,
                   _("praise and the other types run other clocks; it is too late to change that"));
    d->start = state == STATE_SENT ? C(CONTACT) | C(HANDLE) | C(RETURN) : C(CONTACT) | C(HANDLE);
    return REFUSAL_NONE;
}

/* What a claimant or a place is may be corrected; what procedure set may not. */
enum refusal_code effect_correct(struct draft *d)
{
    static const enum field may[] = {
        FIELD_EXTERNAL_ID,  FIELD_OLD_ORDER, FIELD_CHANNEL,   FIELD_CALL_TIME,     FIELD_CLAIMANT,
        FIELD_ADDRESS_FORM, FIELD_PHONE,     FIELD_EMAIL,     FIELD_CLAIMANT_KIND, FIELD_RESPONDENT,
        FIELD_VULNERABLE,   FIELD_WISH,      FIELD_ANONYMOUS, FIELD_TYPE,          FIELD_CATEGORY,
        FIELD_TITLE,        FIELD_CONTENT,   FIELD_REQUEST,   FIELD_TITLE_EN,      FIELD_CONTENT_EN,
        FIELD_URGENCY,      FIELD_INTEREST,  FIELD_TAGS,      FIELD_COMMUNITY,     FIELD_POINT,
        FIELD_LATITUDE,     FIELD_LONGITUDE};
    enum field f = field_find(given(d, FIELD_FIELD_NAME));
    enum refusal_code code = REFUSAL_NONE;
    bool found = false;
    d->start = 0;
    const char *text = "";
    struct errmsg err = {""};
    for (size_t i = 0; i < sizeof may / sizeof may[0]; i++)
        found = found || may[i] == f;
    if (!found)
        return bad(d, FIELD_FIELD_NAME, _("this field cannot be corrected"));
    enum sight sight = workflow_sight(d->q.c, f, d->q.who);
    if (sight == SIGHT_NONE || sight == SIGHT_MASKED)
        return refuse(d->q.why, REFUSAL_ROLE, f, _("You may not see this field in full."));
    if (value_check(f, given(d, FIELD_NEW_VALUE), d->a, &text, &err) != ST_OK)
        return refuse(d->q.why, REFUSAL_ARGUMENT, FIELD_NEW_VALUE,
                      *err.text ? err.text : _("The new value is not valid."));
    if (f == FIELD_TYPE)
        code = correct_type(d, text);
    if (code != REFUSAL_NONE)
        return code;
    /* old and new stand masked in the record: the field itself carries the protected value */
    set(d, FIELD_OLD_VALUE, arena_strdup(d->a, field_masked(f, value(d, f), d->a)));
    set(d, FIELD_NEW_VALUE, field_masked(f, text, d->a));
    set(d, f, text);
    return REFUSAL_NONE;
}

/* --- unreasonable use, emergencies, proposals ------------------------------------------------------ */

enum refusal_code effect_mark(struct draft *d)
{
    return opens(d, OBJECT_UNREASONABLE, OBJECT_IS_OPEN, "", given(d, FIELD_FORM),
                 given(d, FIELD_DUTY_RECORD));
}

enum refusal_code effect_decide_mark(struct draft *d)
{
    if (!refused(d))
        set(d, FIELD_UNREASONABLE, append(d, value(d, FIELD_UNREASONABLE), d->q.object->class));
    return REFUSAL_NONE;
}

enum refusal_code effect_lift_mark(struct draft *d)
{
    set(d, FIELD_UNREASONABLE, "");
    return REFUSAL_NONE;
}

/* The clocks that run get the emergency's limits where these end later: a due time never moves forward without a
 * new dispatch (invariant 7). */
enum refusal_code effect_join_emergency(struct draft *d)
{
    const struct workflow_context *ctx = d->q.ctx;
    const struct clock_run *handle = &d->q.c->clock[CLOCK_HANDLE];
    const char *code = given(d, FIELD_EMERGENCY);
    int64_t due;
#if SABOTAGE != 70 /* damage for the tests: an order joins the same emergency again and again */
    if (same(code, value(d, FIELD_EMERGENCY)))
        return refuse(d->q.why, REFUSAL_REPEATED, FIELD_EMERGENCY,
                      _("The case is under this emergency already."));
#endif
    enum refusal_code open = emergency_open(d, code, emergency_district(ctx->reference, d->q.c));
    if (open != REFUSAL_NONE)
        return open;
    struct limit limit = workflow_limit(ctx->policy, CLOCK_HANDLE, d->tier, code);
    if (handle->status == CLOCK_RUNNING && limit.unit != LIMIT_NONE &&
        limit_due(ctx->calendar, ctx->policy->day_rule, limit, handle->started_ms, &due, NULL) ==
            ST_OK &&
#if SABOTAGE == 69
        due != handle->due_ms) { /* damage for the tests: a due time moves forward */
#else
        due > handle->due_ms) {
#endif
        d->extends = true;
        d->due[CLOCK_HANDLE] = due;
    }
    return REFUSAL_NONE;
}

enum refusal_code effect_leave_emergency(struct draft *d)
{
    set(d, FIELD_EMERGENCY, "");
    return REFUSAL_NONE;
}

enum refusal_code effect_propose(struct draft *d)
{
    return opens(d, OBJECT_PROPOSAL, OBJECT_IS_OPEN, "", given(d, FIELD_PROPOSES),
                 given(d, FIELD_REASON));
}

/* --- early warning (10) ---------------------------------------------------------------------------- */

/* Each word that is not there yet, as long as the list is short enough to be read. */
static const char *joined(struct draft *d, const char *list, const char *more)
{
    const char *word;
    size_t n = 0;
    for (const char *at = list; *at; at += strspn(at, " "), n++)
        at += strcspn(at, " ");
    for (; n < CLUSTER_LISTED && (word = next_code(d, &more)); n++)
        list = append(d, list, word);
    return list;
}

/* One warning a cluster: a further order joins the open one, whose clock runs on. */
enum refusal_code effect_warn(struct draft *d)
{
    const char *class = given(d, FIELD_WARNING), *of = given(d, FIELD_WARNED_OF);
    for (size_t i = 0; i < d->q.c->n_objects; i++) {
        const struct object *o = &d->q.c->objects[i];
        if (o->kind != OBJECT_WARNING || o->state != OBJECT_IS_OPEN || !same(class, o->class))
            continue;
        d->object_clock[d->n_objects].start = 0;
        d->object[d->n_objects++] = (struct object_change){.object = o->id,
                                                           .kind = o->kind,
                                                           .state = o->state,
                                                           .unit = "",
                                                           .class = "",
                                                           .text = joined(d, o->text, of),
                                                           .due_ms = TIME_NONE};
        return REFUSAL_NONE;
    }
    /* both see it; the one whose it is answers */
    enum field whose = same("W3", class) ? FIELD_DISTRICT : FIELD_STREET;
    return opens(d, OBJECT_WARNING, OBJECT_IS_OPEN, value(d, whose), class, of);
}
