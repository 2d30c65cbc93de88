/* effects_dispatch.c: whose an order is: dispatch, signing, return, merging and linking. */
#include "core/case/effects.h"
#include "core/base/i18n.h"
#include <string.h>

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
