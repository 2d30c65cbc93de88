/* effects.c: taking down, urging, correcting, marks and warnings; and what the files of the effects share. */
#include "core/case/effects.h"
#include "core/base/i18n.h"
#include "core/case/repeat.h"

#include <string.h>

/* --- small things ----------------------------------------------------------------------------- */

const char *value(const struct draft *d, enum field f)
{
    return d->q.c->value[f];
}

bool yes(const struct draft *d, enum field f)
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
enum refusal_code future(struct draft *d, enum field f, int64_t *ret_ms)
{
    *ret_ms = TIME_NONE;
    if (!*given(d, f))
        return REFUSAL_NONE;
    if (rfc3339_parse(given(d, f), ret_ms) != 0)
        return bad(d, f, _("not a time"));
    return *ret_ms <= d->q.ctx->now_ms ? bad(d, f, _("lies in the past")) : REFUSAL_NONE;
}

/* When something was done, as the person says (3.4 rule 7): never in the future; marked when entered late. */
enum refusal_code claimed(struct draft *d, int64_t *ret_ms)
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
const char *next_code(struct draft *d, const char **list)
{
    *list += strspn(*list, " ,");
    size_t n = strcspn(*list, " ,");
    const char *code = n ? arena_strndup(d->a, *list, n) : NULL;
    *list += n;
    return code;
}

enum refusal_code unit_known(struct draft *d, enum field f, const char *code)
{
    if (d->q.ctx->reference && !reference_unit(d->q.ctx->reference, code))
        return bad(d, f, _("there is no such unit"));
    return REFUSAL_NONE;
}

/* Nobody can be asked the three questions (own findings, anonymous callers without a way to reach them). */
bool nobody_to_call(const struct casefile *c)
{
    return !*c->value[FIELD_PHONE] && !*c->value[FIELD_EMAIL];
}

/* Opens an object that needs nothing further. */
enum refusal_code opens(struct draft *d, enum object_kind kind, enum object_state state,
                        const char *unit, const char *class, const char *text)
{
    return open_object(d, kind, state, unit, class, text) ? REFUSAL_NONE : d->q.why->code;
}

/* The street's or the city's yes or no to what is asked: no ends it. */
bool refused(struct draft *d)
{
    if (yes(d, FIELD_GRANTED))
        return false;
    for (size_t i = 0; i < d->n_objects; i++)
        d->object[i].state = OBJECT_IS_REFUSED;
    return true;
}

/* Orders that were merged into this one go on by themselves. */
void release_followers(struct draft *d)
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

/* --- urging (row 32), lateness ------------------------------------------------------------------- */

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

/* A case goes under an emergency only while that is open, and only under one of its own district. */
enum refusal_code emergency_open(struct draft *d, const char *code, const char *district)
{
    const struct emergencies *list = d->q.ctx->emergencies;
    const struct emergency *e = list ? emergency_find(list, code) : NULL;
    if (!list)
        return REFUSAL_NONE;
    if (!e)
        return bad(d, FIELD_EMERGENCY, _("there is no such emergency"));
    bool closed = e->closed_ms != TIME_NONE;
#if SABOTAGE == 85
    closed = false; /* damage for the tests: cases go on joining what was closed */
#endif
    if (closed)
        return refuse(d->q.why, REFUSAL_WINDOW, FIELD_EMERGENCY,
                      _("This emergency is closed: no case is put under it any more."));
    if (!same(e->district, district))
        return refuse(d->q.why, REFUSAL_REACH, FIELD_EMERGENCY,
                      _("This emergency is another district's."));
    return REFUSAL_NONE;
}

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
