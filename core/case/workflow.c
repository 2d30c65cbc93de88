#include "core/case/workflow.h"
#include "core/text/utf8.h"
#include "core/base/buf.h"
#include "core/base/i18n.h"

#include <stdio.h>
#include <string.h>

enum guard {
    GUARD_NONE,
    GUARD_LOG,
    GUARD_DISPATCH,
    GUARD_ASK_RETURN,
    GUARD_ACCEPT_RETURN,
    GUARD_REFUSE_RETURN,
    GUARD_ASSIGN,
    GUARD_CONTACT,
    GUARD_SUBMIT,
    GUARD_APPROVE,
    GUARD_ATTEMPT,
    GUARD_RATE,
    GUARD_GIVE_UP,
    GUARD_REWORK,
    GUARD_CORRECT,
    GUARD_REVEAL
};

#define S(x) (1u << STATE_##x)
#define C(x) (1u << CLOCK_##x)
#define R(role, reach)                                                                             \
    {                                                                                              \
        ROLE_##role, REACH_##reach                                                                 \
    }
#define END                                                                                        \
    {                                                                                              \
        ROLE_NOBODY, REACH_ANY                                                                     \
    }
#define AFTER_NEW (((1u << STATE_COUNT) - 1u) & ~S(NEW))

const struct transition workflow_table[] = {
    {1,
     COMMAND_LOG,
     S(NEW),
     STATE_WAIT_DISPATCH,
     STATE_NONE,
     {R(OPERATOR, ANY), R(DISPATCHER, ANY), R(DESK, LOGGED), R(COMMUNITY, LOGGED), END},
     C(DISPATCH),
     0,
     GUARD_LOG,
     N_("type, category, street, content; a street or community only for its own channel"),
     "art. 10"},
    {5,
     COMMAND_DISPATCH,
     S(WAIT_DISPATCH),
     STATE_SENT,
     STATE_NONE,
     {R(DISPATCHER, ANY), R(DISTRICT, DISTRICT), R(AUTOMATIC, ANY), END},
     C(SIGN) | C(CONTACT) | C(HANDLE) | C(RETURN),
     C(DISPATCH),
     GUARD_DISPATCH,
     N_("a unit that may lead, tier; a copy goes to the district if it is a street"),
     "art. 11, 12, 13"},
    {7,
     COMMAND_SIGN,
     S(SENT),
     STATE_SIGNED,
     STATE_NONE,
     {R(DESK, OFFICE), R(LEADER, OFFICE), R(DISTRICT, DISTRICT), END},
     0,
     C(SIGN),
     GUARD_NONE,
     N_("nothing further"),
     "7.2"},
    {9,
     COMMAND_ASK_RETURN,
     S(SENT) | S(SIGNED) | S(WORKING),
     STATE_DISPUTED,
     STATE_NONE,
     {R(DESK, OFFICE), R(LEADER, OFFICE), R(DEPT, ASSIGNED), END},
     C(RETURN_REVIEW),
     C(SIGN) | C(RETURN),
     GUARD_ASK_RETURN,
     N_("within the return limit; not designated; not returned by this unit before"),
     "art. 12, 14; 7.3"},
    {10,
     COMMAND_ACCEPT_RETURN,
     S(DISPUTED),
     STATE_WAIT_DISPATCH,
     STATE_NONE,
     {R(DISPATCHER, ANY), R(DISTRICT, DISTRICT), END},
     C(DISPATCH),
     (1u << CLOCK_COUNT) - 1u,
     GUARD_ACCEPT_RETURN,
     N_("reason; all clocks of the unit are cancelled"),
     "art. 12; 7.3"},
    {11,
     COMMAND_REFUSE_RETURN,
     S(DISPUTED),
     STATE_SIGNED,
     STATE_WORKING,
     {R(DISPATCHER, ANY), R(DISTRICT, DISTRICT), END},
     0,
     C(RETURN_REVIEW),
     GUARD_REFUSE_RETURN,
     N_("reason; back to the state before, signed if it was not signed yet"),
     "art. 12; 7.3"},
    {14,
     COMMAND_ASSIGN,
     S(SIGNED) | S(WORKING) | S(REWORK),
     STATE_WORKING,
     STATE_NONE,
     {R(DESK, OFFICE), R(LEADER, OFFICE), R(DISTRICT, DISTRICT), END},
     0,
     0,
     GUARD_ASSIGN,
     N_("a person or a section; a community only assists"),
     "art. 17"},
    {15,
     COMMAND_CONTACT,
     S(SENT) | S(DISPUTED) | S(SIGNED) | S(WORKING) | S(REVIEW) | S(REWORK) | S(HUNG),
     STATE_NONE,
     STATE_NONE,
     {R(DESK, OFFICE), R(LEADER, OFFICE), R(REVIEWER, OFFICE), R(HANDLER, ASSIGNED),
      R(COMMUNITY, ASSIGNED), R(DEPT, ASSIGNED), R(DISTRICT, DISTRICT), END},
     0,
     C(CONTACT),
     GUARD_CONTACT,
     N_("the clock stops at success or at the last try"),
     "art. 15; 7.4"},
    {21,
     COMMAND_SUBMIT_REPLY,
     S(WORKING) | S(REWORK),
     STATE_REVIEW,
     STATE_NONE,
     {R(HANDLER, ASSIGNED), R(DESK, OFFICE), END},
     C(REVIEW),
     0,
     GUARD_SUBMIT,
     N_("contact done; checklist met or a reason why not"),
     "art. 15; 4.5"},
    {22,
     COMMAND_SEND_BACK_REPLY,
     S(REVIEW),
     STATE_WORKING,
     STATE_NONE,
     {R(REVIEWER, OFFICE), R(LEADER, OFFICE), END},
     0,
     C(REVIEW),
     GUARD_NONE,
     N_("what is missing"),
     "6.2"},
    {23,
     COMMAND_APPROVE,
     S(REVIEW),
     STATE_REPLIED,
     STATE_NONE,
     {R(REVIEWER, OFFICE), R(LEADER, OFFICE), END},
     C(CALLBACK),
     C(HANDLE) | C(REVIEW) | C(REWORK) | C(CONTACT),
     GUARD_APPROVE,
     N_("not by the drafter"),
     "5; 6.3"},
    {26,
     COMMAND_ATTEMPT,
     S(REPLIED) | S(CALLING),
     STATE_CALLING,
     STATE_NONE,
     {R(CALLBACK, ANY), END},
     0,
     0,
     GUARD_ATTEMPT,
     N_("not by a unit that handled the case"),
     "art. 23; 8"},
    {27,
     COMMAND_RATE,
     S(CALLING),
     STATE_CLOSED,
     STATE_REWORK,
     {R(CALLBACK, ANY), END},
     C(EXCLUSION) | C(REWORK),
     C(CALLBACK),
     GUARD_RATE,
     N_("the three answers; exclusion starts if not clean, rework if sent back"),
     "art. 23; 8"},
    {28,
     COMMAND_GIVE_UP,
     S(CALLING),
     STATE_CLOSED,
     STATE_NONE,
     {R(CALLBACK, ANY), R(AUTOMATIC, ANY), END},
     0,
     C(CALLBACK),
     GUARD_GIVE_UP,
     N_("all calls made, and a message left unanswered for its time"),
     "8"},
    {29,
     COMMAND_REWORK,
     S(CALLING) | S(CLOSED),
     STATE_REWORK,
     STATE_NONE,
     {R(CALLBACK, ANY), R(DISTRICT, DISTRICT), END},
     C(REWORK),
     C(CALLBACK),
     GUARD_REWORK,
     N_("what is open; in time after closing; not more often than the policy allows"),
     "6.2; 6.3"},
    {37,
     COMMAND_CORRECT,
     AFTER_NEW,
     STATE_NONE,
     STATE_NONE,
     {R(OPERATOR, LOGGED), R(DESK, LOGGED), R(COMMUNITY, LOGGED), R(REVIEWER, OFFICE), END},
     0,
     0,
     GUARD_CORRECT,
     N_("a field that procedure does not set; reason"),
     "art. 36"},
    {0,
     COMMAND_NOTE,
     AFTER_NEW,
     STATE_NONE,
     STATE_NONE,
     {R(DESK, OFFICE), R(LEADER, OFFICE), R(REVIEWER, OFFICE), R(HANDLER, ASSIGNED),
      R(COMMUNITY, ASSIGNED), R(DEPT, ASSIGNED), R(DISTRICT, DISTRICT), END},
     0,
     0,
     GUARD_NONE,
     N_("nothing further"),
     "5"},
    {0,
     COMMAND_REVEAL,
     AFTER_NEW,
     STATE_NONE,
     STATE_NONE,
     {R(DISPATCHER, ANY), R(AUDITOR, ANY), R(DISTRICT, DISTRICT), R(DESK, OFFICE),
      R(LEADER, OFFICE), R(HANDLER, OFFICE), R(COMMUNITY, ASSIGNED), R(DEPT, ASSIGNED), END},
     0,
     0,
     GUARD_REVEAL,
     N_("reason; of a secret report only whom section 5 names"),
     "5; 13"},
};
const size_t workflow_rows = sizeof workflow_table / sizeof workflow_table[0];

static const char *const refusal_words[REFUSAL_COUNT] = {
    "none",    "state",     "role",     "reach",     "argument", "window",    "repeated",
    "contact", "four_eyes", "own_unit", "checklist", "attempts", "community", "calendar"};

const char *refusal_word(enum refusal_code code)
{
    return (unsigned)code < REFUSAL_COUNT ? refusal_words[code] : "none";
}

static bool is(const char *a, const char *b)
{
    return a && b && *a && strcmp(a, b) == 0;
}

/* Is code one of the words, separated by spaces, in list? */
static bool listed(const char *list, const char *code)
{
    size_t n = code ? strlen(code) : 0;
    while (n && *list) {
        size_t len = strcspn(list, " ");
        if (len == n && memcmp(list, code, n) == 0)
            return true;
        list += len;
        list += strspn(list, " ");
    }
    return false;
}

static bool reaches(const struct casefile *c, const struct actor *who, enum reach reach)
{
    const char *const *v = c->value;
    switch (reach) {
    case REACH_ANY:
        return true;
    case REACH_DISTRICT:
        return is(who->office, v[FIELD_DISTRICT]);
    case REACH_OFFICE:
        return is(who->office, v[FIELD_UNIT]) || is(who->unit, v[FIELD_UNIT]);
    case REACH_ASSIGNED:
        if (is(who->user, v[FIELD_HANDLER]) || is(who->unit, v[FIELD_ASSISTANT]))
            return true;
        if (!*v[FIELD_HANDLER] && is(who->unit, v[FIELD_SECTION]))
            return true;
        return who->role == ROLE_DEPT && reaches(c, who, REACH_OFFICE);
    case REACH_LOGGED:
        return c->version == 0 || is(who->user, v[FIELD_OPERATOR_ID]);
    }
    return false;
}

bool workflow_sees(const struct casefile *c, const struct actor *who)
{
    switch (who->role) {
    case ROLE_AUTOMATIC:
    case ROLE_OPERATOR:
    case ROLE_DISPATCHER:
    case ROLE_AUDITOR:
        return true;
    case ROLE_CALLBACK:
        return c->state == STATE_REPLIED || c->state == STATE_CALLING || c->state == STATE_HUNG ||
               c->state == STATE_CLOSED || c->state == STATE_REWORK;
    case ROLE_DISTRICT:
        return reaches(c, who, REACH_DISTRICT);
    case ROLE_DESK:
        return reaches(c, who, REACH_OFFICE) || (c->version && reaches(c, who, REACH_LOGGED));
    case ROLE_HANDLER:
    case ROLE_REVIEWER:
    case ROLE_LEADER:
        return reaches(c, who, REACH_OFFICE);
    case ROLE_COMMUNITY:
        return reaches(c, who, REACH_ASSIGNED) || (c->version && reaches(c, who, REACH_LOGGED));
    case ROLE_DEPT:
        return reaches(c, who, REACH_ASSIGNED);
    default: /* judge: exclusions only; trainer and admin have no case rights (section 5) */
        return false;
    }
}

enum sight workflow_sight(const struct casefile *c, enum field field, const struct actor *who)
{
    if (!workflow_sees(c, who) || (unsigned)field >= FIELD_COUNT)
        return SIGHT_NONE;
    enum role role = who->role;
    bool identity = field == FIELD_CLAIMANT || field == FIELD_PHONE ||
                    field == FIELD_ADDRESS_FORM || field == FIELD_CLAIMANT_KIND ||
                    field == FIELD_VULNERABLE;
    if (role == ROLE_OPERATOR || role == ROLE_CALLBACK || role == ROLE_AUTOMATIC)
        return SIGHT_FULL;
    if (identity && is("yes", c->value[FIELD_SECRET])) {
        if (role == ROLE_DISPATCHER || role == ROLE_AUDITOR)
            return SIGHT_REVEAL;
        if ((role == ROLE_HANDLER || role == ROLE_DEPT) && is(who->user, c->value[FIELD_HANDLER]))
            return SIGHT_REVEAL;
        return SIGHT_NONE;
    }
    enum privacy privacy = field_table[field].privacy;
    if (privacy == PRIVACY_OPEN || privacy == PRIVACY_FREE)
        return SIGHT_FULL;
    return role == ROLE_REVIEWER ? SIGHT_MASKED : SIGHT_REVEAL;
}

/* --- refusing ----------------------------------------------------------------------------- */

struct draft {
    const struct workflow_context *ctx;
    const struct casefile *c;
    const struct command *cmd;
    const struct actor *who;
    struct arena *a;
    struct refusal *why;
    struct value value[FIELD_COUNT];
    size_t n;
    enum state to;
    uint32_t start, stop;
    int64_t start_from[CLOCK_COUNT]; /* TIME_NONE: from now */
    int64_t due[CLOCK_COUNT];
    enum tier tier;
};

static enum refusal_code refuse(struct refusal *why, enum refusal_code code, enum field field,
                                const char *text)
{
    if (why) {
        why->code = code;
        why->field = field;
        why->word = refusal_word(code);
        /* a long text is cut at a character border */
        size_t n = utf8_cut(text, strlen(text), sizeof why->text - 1);
        memcpy(why->text, text, n);
        why->text[n] = '\0';
    }
    return code;
}

static void clock_text(int64_t ms, char out[24])
{
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    snprintf(out, 24, "%02d:%02d", t.hour % 100, t.minute % 100);
}

static enum refusal_code refuse_state(struct refusal *why, const struct casefile *c,
                                      enum command_type type)
{
    char text[512], at[24] = "";
    const char *state = _(state_table[c->state].label);
    if (c->state_ms != TIME_NONE)
        clock_text(c->state_ms, at);
    if (c->state_how == type && *c->state_by)
        snprintf(text, sizeof text, _("This was done already: the case is %s (by %s, %s)."), state,
                 c->state_by, at);
    else if (*c->state_by)
        snprintf(text, sizeof text, _("The case is %s (by %s, %s): \"%s\" is not possible now."),
                 state, c->state_by, at, _(command_table[type].label));
    else
        snprintf(text, sizeof text, _("The case is %s: \"%s\" is not possible now."), state,
                 _(command_table[type].label));
    return refuse(why, REFUSAL_STATE, FIELD_NONE, text);
}

/* Night to 12:00, 12:00 to 18:00, evening: tries in another part of the day find other people at
 * home (7.4). */
static int64_t day_part(int64_t ms)
{
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    int64_t day = (ms + BEIJING_OFFSET_MS) / MS_DAY;
    return day * 3 + (t.hour < 12 ? 0 : t.hour < 18 ? 1 : 2);
}

/* Do the tries so far, and one more at more_ms unless that is TIME_NONE, count as the duty to
 * contact done (7.4)? Those count that lie the gap apart, in so many parts of the day; in T2H every
 * try counts. */
static bool tried_enough(const struct workflow_context *ctx, const struct casefile *c,
                         int64_t more_ms)
{
    const struct policy *p = ctx->policy;
    int64_t at[CASEFILE_TRIES + 1], due;
    int n = c->contact_tries < CASEFILE_TRIES ? c->contact_tries : CASEFILE_TRIES;
    for (int i = 0; i <= n; i++) { /* sorted: a try may be entered after a later one */
        int64_t ms = i < n ? c->try_ms[i] : more_ms;
        int k = i;
        for (; k > 0 && at[k - 1] > ms; k--)
            at[k] = at[k - 1];
        at[k] = ms;
    }
    int first = more_ms == TIME_NONE ? 1 : 0; /* TIME_NONE sorts to the front */
    bool urgent = casefile_tier(c) == TIER_T2H;
    int counted = 0, parts = 0;
    int64_t last = TIME_NONE, last_part = TIME_NONE;
    for (int i = first; i <= n; i++) {
        if (counted && !urgent && p->contact_gap.unit != LIMIT_NONE &&
            limit_due(ctx->calendar, DAY_RULE_EXACT, p->contact_gap, last, &due, NULL) == ST_OK &&
            at[i] < due)
            continue;
        if (day_part(at[i]) != last_part)
            parts++;
        last_part = day_part(at[i]);
        last = at[i];
        counted++;
    }
    return counted >= p->contact_tries && (urgent || parts >= p->contact_day_parts);
}

/* Conditions that do not depend on arguments: also what decides whether a command is offered. */
static enum refusal_code guard_now(const struct workflow_context *ctx, const struct casefile *c,
                                   const struct transition *t, const struct actor *who,
                                   struct refusal *why)
{
    const struct policy *p = ctx->policy;
    const char *const *v = c->value;
    switch ((enum guard)t->guard) {
    case GUARD_ASK_RETURN:
        if (listed(v[FIELD_RETURNED_BY], v[FIELD_UNIT]))
            return refuse(why, REFUSAL_REPEATED, FIELD_UNIT,
                          _("This unit returned the case before; it must handle it now."));
        if (p->dispatch_max_before_designate > 0 &&
            c->dispatched >= p->dispatch_max_before_designate)
            return refuse(why, REFUSAL_REPEATED, FIELD_UNIT,
                          _("The case was designated after several dispatches and cannot be "
                            "returned."));
        if (c->clock[CLOCK_RETURN].status != CLOCK_RUNNING ||
            ctx->now_ms > c->clock[CLOCK_RETURN].due_ms)
            return refuse(why, REFUSAL_WINDOW, FIELD_NONE,
                          _("The time for returning the case is over; it must be handled."));
        break;
    case GUARD_SUBMIT:
        if (c->contacted_ok < 1 && !tried_enough(ctx, c, TIME_NONE))
            return refuse(why, REFUSAL_CONTACT, FIELD_NONE,
                          _("The claimant was not reached and not tried often enough. Record a "
                            "contact first."));
        break;
    case GUARD_APPROVE:
        if (is(who->user, v[FIELD_DRAFTER]) &&
            !(p->four_eyes_t2h_exception && who->role == ROLE_LEADER &&
              casefile_tier(c) == TIER_T2H))
            return refuse(why, REFUSAL_FOUR_EYES, FIELD_DRAFTER,
                          _("Who drafted the reply may not approve it. Ask another reviewer."));
        break;
    case GUARD_ATTEMPT:
    case GUARD_RATE:
    case GUARD_GIVE_UP:
        if (listed(v[FIELD_HANDLED_BY], who->office) || listed(v[FIELD_HANDLED_BY], who->unit))
            return refuse(why, REFUSAL_OWN_UNIT, FIELD_NONE,
                          _("Your unit handled this case; another must call back."));
        if (t->guard != GUARD_GIVE_UP)
            break;
        if (c->calls < p->callback_attempts || (c->sms_ms == TIME_NONE && p->sms_valid.n > 0))
            return refuse(why, REFUSAL_ATTEMPTS, FIELD_NONE,
                          _("Not enough attempts yet: all calls and one message are needed."));
        if (p->sms_valid.n > 0) {
            int64_t due;
            if (limit_due(ctx->calendar, DAY_RULE_EXACT, p->sms_valid, c->sms_ms, &due, NULL) ==
                    ST_OK &&
                ctx->now_ms < due)
                return refuse(why, REFUSAL_ATTEMPTS, FIELD_NONE,
                              _("The message to the claimant can still be answered; wait."));
        }
        break;
    case GUARD_REWORK:
        if (c->reworked >= p->rework_max)
            return refuse(why, REFUSAL_REPEATED, FIELD_NONE,
                          _("The case was reworked as often as is allowed."));
        if (c->state == STATE_CLOSED) {
            int64_t due;
            if (limit_due(ctx->calendar, DAY_RULE_EXACT, p->reopen_within, c->state_ms, &due,
                          NULL) != ST_OK ||
                ctx->now_ms > due)
                return refuse(why, REFUSAL_WINDOW, FIELD_NONE,
                              _("The case was closed too long ago to be sent back for rework."));
        }
        break;
    case GUARD_REVEAL:
        if (workflow_sight(c, FIELD_PHONE, who) != SIGHT_REVEAL)
            return refuse(why, REFUSAL_ROLE, FIELD_NONE,
                          _("This report is secret: its claimant is not shown to you."));
        break;
    default:
        break;
    }
    return REFUSAL_NONE;
}

static const struct transition *row_of(enum command_type type)
{
    for (size_t i = 0; i < workflow_rows; i++)
        if (workflow_table[i].command == type)
            return &workflow_table[i];
    return NULL;
}

static enum refusal_code allowed(const struct workflow_context *ctx, const struct casefile *c,
                                 enum command_type type, const struct actor *who,
                                 struct refusal *why)
{
    const struct transition *t = row_of(type);
    if (!t)
        return refuse(why, REFUSAL_STATE, FIELD_NONE, _("There is no such command."));
    const struct right *r = t->rights;
    while (r->role != ROLE_NOBODY && r->role != who->role)
        r++;
    if (r->role == ROLE_NOBODY)
        return refuse(why, REFUSAL_ROLE, FIELD_NONE, _("Your role may not do this."));
    if (!reaches(c, who, r->reach))
        return refuse(why, REFUSAL_REACH, FIELD_NONE,
                      _("The case is not with your office, district or person."));
    if (!(t->from & (1u << c->state)))
        return refuse_state(why, c, type);
    return guard_now(ctx, c, t, who, why);
}

enum refusal_code workflow_offers(const struct workflow_context *ctx, const struct casefile *c,
                                  enum command_type type, const struct actor *who)
{
    return allowed(ctx, c, type, who, NULL);
}

/* --- effects ------------------------------------------------------------------------------ */

static const char *given(const struct draft *d, enum field f)
{
    const char *v = value_find(d->value, d->n, f);
    return v ? v : "";
}

static void set(struct draft *d, enum field f, const char *text)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->value[i].field == f) {
            d->value[i].text = text;
            return;
        }
    d->value[d->n].field = f; /* n < FIELD_COUNT: every field stands once */
    d->value[d->n++].text = text;
}

static enum refusal_code bad(struct draft *d, enum field f, const char *text)
{
    char line[300];
    snprintf(line, sizeof line, "%s: %s", _(field_table[f].label), text);
    return refuse(d->why, REFUSAL_ARGUMENT, f, line);
}

static const char *append(struct draft *d, const char *list, const char *code)
{
    if (!*list)
        return code;
    return listed(list, code) ? list : arena_printf(d->a, "%s %s", list, code);
}

static enum refusal_code effect_log(struct draft *d)
{
    const struct reference *ref = d->ctx->reference;
    const struct category *cat = reference_category(ref, given(d, FIELD_CATEGORY));
    if (ref && !cat)
        return bad(d, FIELD_CATEGORY, _("there is no such category"));
    if (ref && !reference_unit(ref, given(d, FIELD_STREET)))
        return bad(d, FIELD_STREET, _("there is no such place"));
    if (d->who->role == ROLE_DESK || d->who->role == ROLE_COMMUNITY)
        if (!is("own", given(d, FIELD_CHANNEL)) && !is("counter", given(d, FIELD_CHANNEL)) &&
            !is("grid", given(d, FIELD_CHANNEL)))
            return bad(d, FIELD_CHANNEL, _("here only own, counter or grid"));
    /* What a patrol found, and what another system passed on, may have no caller (row 1; 4.3). */
    const char *channel = given(d, FIELD_CHANNEL);
    if (!*given(d, FIELD_PHONE) && !is("yes", given(d, FIELD_ANONYMOUS)) && !is("own", channel) &&
        !is("grid", channel) && !is("open311", channel))
        return bad(d, FIELD_PHONE, _("must be given"));
    if (!*given(d, FIELD_DISTRICT))
        set(d, FIELD_DISTRICT, reference_district(ref, given(d, FIELD_STREET)));
    if (!*given(d, FIELD_OPERATOR_ID))
        set(d, FIELD_OPERATOR_ID, arena_strdup(d->a, d->who->user));
    d->tier = tier_find(given(d, FIELD_TIER));
    if (d->tier == TIER_NONE && cat)
        d->tier = cat->tier;
    if (d->tier == TIER_NONE)
        return bad(d, FIELD_TIER, _("the category has none; give one"));
    set(d, FIELD_TIER, tier_word[d->tier]);
    return REFUSAL_NONE;
}

static enum refusal_code effect_dispatch(struct draft *d)
{
    const struct casefile *c = d->c;
    const struct reference *ref = d->ctx->reference;
    const char *code = given(d, FIELD_UNIT);
    const struct unit *u = reference_unit(ref, code);
    if (ref && !u)
        return bad(d, FIELD_UNIT, _("there is no such unit"));
    if (u && u->kind == UNIT_COMMUNITY)
        return refuse(d->why, REFUSAL_COMMUNITY, FIELD_UNIT,
                      _("A community may assist, never lead."));
    if (u && (u->kind == UNIT_SECTION || u->kind == UNIT_HOTLINE))
        return bad(d, FIELD_UNIT, _("this unit cannot lead a case"));
    if (u && d->who->role == ROLE_DISTRICT && !is(reference_district(ref, code), d->who->office))
        return refuse(d->why, REFUSAL_REACH, FIELD_UNIT, _("The unit is not in your district."));
    d->tier = tier_find(given(d, FIELD_TIER));
    if (d->tier == TIER_NONE)
        d->tier = casefile_tier(c);
    if (d->tier == TIER_NONE)
        return bad(d, FIELD_TIER, _("must be given"));
    set(d, FIELD_TIER, tier_word[d->tier]);
    set(d, FIELD_POLICY, arena_strdup(d->a, d->ctx->policy->label));
    set(d, FIELD_DISTRICT_COPY,
        u && u->kind == UNIT_STREET ? arena_strdup(d->a, reference_district(ref, code)) : "");
    set(d, FIELD_HANDLED_BY, append(d, c->value[FIELD_HANDLED_BY], code));
    return REFUSAL_NONE;
}

static enum refusal_code effect_assign(struct draft *d)
{
    const char *handler = given(d, FIELD_HANDLER), *section = given(d, FIELD_SECTION);
    const struct reference *ref = d->ctx->reference;
    const struct person *p = reference_person(ref, handler);
    const struct unit *u = reference_unit(ref, section);
    const struct unit *assist = reference_unit(ref, given(d, FIELD_ASSISTANT));
    if (!*handler && !*section) {
        if (!*given(d, FIELD_ASSISTANT) || d->c->state != STATE_WORKING)
            return bad(d, FIELD_HANDLER, _("name a person or a section"));
    }
    if (ref && *handler && !p)
        return bad(d, FIELD_HANDLER, _("there is no such person"));
    if (ref && *section && !u)
        return bad(d, FIELD_SECTION, _("there is no such unit"));
    if (ref && *given(d, FIELD_ASSISTANT) && !assist)
        return bad(d, FIELD_ASSISTANT, _("there is no such unit"));
    bool community = (p && p->role == ROLE_COMMUNITY) || (u && u->kind == UNIT_COMMUNITY);
    if (community && strncmp(d->c->value[FIELD_CATEGORY], "18", 2) != 0)
        return refuse(d->why, REFUSAL_COMMUNITY, *section ? FIELD_SECTION : FIELD_HANDLER,
                      _("A community may assist, never lead. Name it as the assisting unit."));
    if (*handler || *section) { /* whoever is not named now is no longer named */
        set(d, FIELD_HANDLER, handler);
        set(d, FIELD_SECTION, section);
    }
    return REFUSAL_NONE;
}

static enum refusal_code effect_contact(struct draft *d)
{
    const struct policy *p = d->ctx->policy;
    int64_t claimed = d->cmd->at_ms, late;
    char form[RFC3339_SIZE];
    if (*given(d, FIELD_TIME) && rfc3339_parse(given(d, FIELD_TIME), &claimed) != 0)
        return bad(d, FIELD_TIME, _("not a time"));
    if (*given(d, FIELD_TIME) && claimed > d->ctx->now_ms + 5 * MS_MINUTE)
        return bad(d, FIELD_TIME, _("lies in the future"));
    if (claimed > d->ctx->now_ms)
        claimed = d->ctx->now_ms;
    rfc3339_format(claimed, BEIJING_OFFSET_MS, form);
    set(d, FIELD_TIME, arena_strdup(d->a, form));
    struct limit limit = d->tier == TIER_T2H ? p->late_entry_t2h : p->late_entry;
    if (limit.n > 0 &&
        limit_due(d->ctx->calendar, DAY_RULE_EXACT, limit, claimed, &late, NULL) == ST_OK &&
        d->ctx->now_ms > late)
        set(d, FIELD_LATE_ENTRY, "yes");
    if (!is("yes", given(d, FIELD_REACHED)) && !tried_enough(d->ctx, d->c, claimed))
        d->stop = 0;
    return REFUSAL_NONE;
}

static enum refusal_code effect_submit(struct draft *d)
{
    bool met[POLICY_CHECKLIST_MAX], length_ok = true;
    if (!*given(d, FIELD_OVERRIDE) &&
        !reply_check(d->ctx->policy, given(d, FIELD_REPLY), met, &length_ok))
        return refuse(d->why, REFUSAL_CHECKLIST, FIELD_REPLY,
                      length_ok ? _("The reply does not meet the checklist. Complete it, or say "
                                    "why not in \"override\".")
                                : _("The reply is too short or too long. Change it, or say why "
                                    "in \"override\"."));
    set(d, FIELD_DRAFTER, arena_strdup(d->a, d->who->user));
    return REFUSAL_NONE;
}

static void effect_rate(struct draft *d)
{
    const struct policy *p = d->ctx->policy;
    const char *contacted = given(d, FIELD_CONTACTED), *solved = given(d, FIELD_SOLVED);
    const char *satisfied = given(d, FIELD_SATISFIED);
    bool withdrawn = is("withdrawn", solved);
    bool unsolved = is("not", solved) || is("partly", solved);
    bool untrue = is("not_true", given(d, FIELD_TRUTHFUL));
    bool clean = is("yes", contacted) && is("solved", solved) && !is("not", satisfied) && !untrue;
    bool again = is("no", contacted) || untrue ||
                 (unsolved && is("yes", given(d, FIELD_LAWFUL_LEFT)) && d->c->reworked == 0);
    if (!*d->c->value[FIELD_FIRST_RATING])
        set(d, FIELD_FIRST_RATING, arena_printf(d->a, "%s/%s/%s", contacted, solved, satisfied));
    d->start = clean || withdrawn ? 0 : C(EXCLUSION);
    if (!withdrawn && again && d->c->reworked < p->rework_max) {
        d->to = STATE_REWORK;
        d->start |= C(REWORK);
    } else {
        set(d, FIELD_CLOSED_AS, withdrawn ? "withdrawn" : "rated");
    }
}

/* What a claimant or a place is may be corrected; what procedure set may not (row 37). */
static enum refusal_code effect_correct(struct draft *d, struct errmsg *err)
{
    static const enum field may[] = {
        FIELD_EXTERNAL_ID, FIELD_OLD_ORDER,    FIELD_CHANNEL,   FIELD_CALL_TIME,
        FIELD_CLAIMANT,    FIELD_ADDRESS_FORM, FIELD_PHONE,     FIELD_CLAIMANT_KIND,
        FIELD_VULNERABLE,  FIELD_WISH,         FIELD_ANONYMOUS, FIELD_TYPE,
        FIELD_CATEGORY,    FIELD_TITLE,        FIELD_CONTENT,   FIELD_REQUEST,
        FIELD_TITLE_EN,    FIELD_CONTENT_EN,   FIELD_URGENCY,   FIELD_INTEREST,
        FIELD_TAGS,        FIELD_COMMUNITY,    FIELD_POINT,     FIELD_LATITUDE,
        FIELD_LONGITUDE};
    enum field f = field_find(given(d, FIELD_FIELD_NAME));
    bool found = false;
    const char *text = "";
    for (size_t i = 0; i < sizeof may / sizeof may[0]; i++)
        found = found || may[i] == f;
    if (!found)
        return bad(d, FIELD_FIELD_NAME, _("this field cannot be corrected"));
    enum sight sight = workflow_sight(d->c, f, d->who);
    if (sight == SIGHT_NONE || sight == SIGHT_MASKED)
        return refuse(d->why, REFUSAL_ROLE, f, _("You may not see this field in full."));
    if (value_check(f, given(d, FIELD_NEW_VALUE), d->a, &text, err) != ST_OK)
        return refuse(d->why, REFUSAL_ARGUMENT, FIELD_NEW_VALUE,
                      err ? err->text : _("The new value is not valid."));
    /* old and new stand masked in the record: the field itself carries the protected value */
    set(d, FIELD_OLD_VALUE, arena_strdup(d->a, field_masked(f, d->c->value[f], d->a)));
    set(d, FIELD_NEW_VALUE, field_masked(f, text, d->a));
    set(d, f, text);
    return REFUSAL_NONE;
}

static enum refusal_code effect(struct draft *d, const struct transition *t, struct errmsg *err)
{
    const char *const *v = d->c->value;
    switch ((enum guard)t->guard) {
    case GUARD_LOG:
        return effect_log(d);
    case GUARD_DISPATCH:
        for (enum field f = FIELD_SECTION; f <= FIELD_ASSISTANT; f++)
            if (*v[f])
                set(d, f, "");
        return effect_dispatch(d);
    case GUARD_ASK_RETURN:
        set(d, FIELD_PRIOR_STATE, state_table[d->c->state].word);
        break;
    case GUARD_ACCEPT_RETURN:
        set(d, FIELD_RETURNED_BY,
            append(d, v[FIELD_RETURNED_BY], arena_strdup(d->a, v[FIELD_UNIT])));
        set(d, FIELD_UNIT, "");
        set(d, FIELD_HANDLER, "");
        set(d, FIELD_SECTION, "");
        set(d, FIELD_ASSISTANT, "");
        set(d, FIELD_PRIOR_STATE, "");
        break;
    case GUARD_REFUSE_RETURN:
        if (is("WORKING", v[FIELD_PRIOR_STATE]))
            d->to = STATE_WORKING;
        set(d, FIELD_PRIOR_STATE, "");
        break;
    case GUARD_ASSIGN:
        return effect_assign(d);
    case GUARD_CONTACT:
        return effect_contact(d);
    case GUARD_SUBMIT:
        return effect_submit(d);
    case GUARD_APPROVE:
        set(d, FIELD_APPROVER, arena_strdup(d->a, d->who->user));
        if (!d->ctx->policy->callback_early && d->c->clock[CLOCK_HANDLE].due_ms > d->ctx->now_ms)
            d->start_from[CLOCK_CALLBACK] = d->c->clock[CLOCK_HANDLE].due_ms;
        break;
    case GUARD_RATE:
        effect_rate(d);
        break;
    case GUARD_GIVE_UP:
        set(d, FIELD_CLOSED_AS, "unrated");
        break;
    case GUARD_REWORK:
        set(d, FIELD_CLOSED_AS, "");
        break;
    case GUARD_CORRECT:
        return effect_correct(d, err);
    case GUARD_NONE:
    case GUARD_ATTEMPT:
    case GUARD_REVEAL:
        break;
    }
    return REFUSAL_NONE;
}

static enum refusal_code arguments(struct draft *d, struct errmsg *err)
{
    const struct command_row *row = &command_table[d->cmd->type];
    for (size_t i = 0; i < d->cmd->n_values; i++) {
        enum field f = d->cmd->values[i].field;
        bool known = false;
        for (size_t k = 0; k < row->n_arguments; k++)
            known = known || row->arguments[k].field == f;
        if (!known || (unsigned)f >= FIELD_COUNT)
            return refuse(d->why, REFUSAL_ARGUMENT, (unsigned)f < FIELD_COUNT ? f : FIELD_NONE,
                          _("The command does not take this argument."));
        struct errmsg why = {""};
        const char *text = d->cmd->values[i].text;
        if (text && !*text)
            continue; /* given empty is not given */
        if (value_check(f, text, d->a, &text, &why) != ST_OK)
            return refuse(d->why, REFUSAL_ARGUMENT, f, why.text);
        set(d, f, text);
    }
    (void)err;
    for (size_t k = 0; k < row->n_arguments; k++)
        if (row->arguments[k].required && !*given(d, row->arguments[k].field))
            return bad(d, row->arguments[k].field, _("must be given"));
    return REFUSAL_NONE;
}

static enum refusal_code run_clocks(struct draft *d, const struct transition *t,
                                    struct clock_change *k, size_t *n)
{
    for (unsigned i = 0; i < CLOCK_COUNT; i++)
        if ((d->stop & (1u << i)) && d->c->clock[i].status == CLOCK_RUNNING) {
            k[*n].clock = (enum clock_id)i;
            k[*n].op = t->guard == GUARD_ACCEPT_RETURN ? CLOCK_CANCEL : CLOCK_STOP;
            k[(*n)++].due_ms = TIME_NONE;
        }
    for (unsigned i = 0; i < CLOCK_COUNT; i++) {
        if (!(d->start & (1u << i)) || d->tier == TIER_NONE)
            continue;
        struct limit limit = d->ctx->policy->clock[i][d->tier];
        int64_t from = d->start_from[i] == TIME_NONE ? d->ctx->now_ms : d->start_from[i];
        struct errmsg why = {""};
        if (limit.unit == LIMIT_NONE)
            continue;
        if (limit_due(d->ctx->calendar, d->ctx->policy->day_rule, limit, from, &d->due[i], &why) !=
            ST_OK)
            return refuse(d->why, REFUSAL_CALENDAR, FIELD_NONE, why.text);
        k[*n].clock = (enum clock_id)i;
        k[*n].op = CLOCK_START;
        k[(*n)++].due_ms = d->due[i];
    }
    return REFUSAL_NONE;
}

enum status workflow_decide(const struct workflow_context *ctx, const struct casefile *c,
                            const struct command *cmd, const struct actor *who, struct arena *a,
                            struct decision *ret, struct refusal *ret_why, struct errmsg *err)
{
    struct refusal own = {0};
    struct refusal *why = ret_why ? ret_why : &own;
    if (allowed(ctx, c, cmd->type, who, why) != REFUSAL_NONE)
        return fail(err, ST_REFUSED, "%s", why->text);
    const struct transition *t = row_of(cmd->type);
    struct draft *d = arena_alloc(a, sizeof *d);
    struct clock_change *clocks = arena_array(a, (size_t)CLOCK_COUNT * 2, sizeof *clocks);
    struct event *e = arena_alloc(a, sizeof *e);
    if (!d || !clocks || !e || !t || arena_failed(a))
        return fail(err, ST_NOMEM, "%s", _("Out of memory."));
    d->ctx = ctx;
    d->c = c;
    d->cmd = cmd;
    d->who = who;
    d->a = a;
    d->why = why;
    d->to = t->to;
    d->start = t->start;
    d->stop = t->stop;
    d->tier = casefile_tier(c);
    for (int i = 0; i < CLOCK_COUNT; i++)
        d->start_from[i] = d->due[i] = TIME_NONE;
    size_t n = 0;
    enum refusal_code code = arguments(d, err);
    if (code == REFUSAL_NONE)
        code = effect(d, t, err);
    if (code == REFUSAL_NONE)
        code = run_clocks(d, t, clocks, &n);
    if (arena_failed(a))
        return fail(err, ST_NOMEM, "%s", _("Out of memory."));
    if (code != REFUSAL_NONE)
        return fail(err, ST_REFUSED, "%s", why->text);
    if (t->guard == GUARD_DISPATCH && !*c->value[FIELD_FIRST_DUE] &&
        d->due[CLOCK_HANDLE] != TIME_NONE) {
        char form[RFC3339_SIZE];
        rfc3339_format(d->due[CLOCK_HANDLE], BEIJING_OFFSET_MS, form);
        set(d, FIELD_FIRST_DUE, arena_strdup(a, form));
    }
    *e = (struct event){.seq = c->version + 1,
                        .type = cmd->type,
                        .at_ms = ctx->now_ms,
                        .entered_ms = cmd->at_ms,
                        .command_id = cmd->id,
                        .to = d->to,
                        .values = d->value,
                        .n_values = d->n,
                        .clocks = clocks,
                        .n_clocks = n};
    e->actor.user = arena_strdup(a, who->user);
    e->actor.name = arena_strdup(a, who->name);
    e->actor.role = who->role;
    e->actor.office = arena_strdup(a, who->office);
    e->actor.unit = arena_strdup(a, who->unit);
    e->actor.device = arena_strdup(a, who->device);
    if (arena_failed(a))
        return fail(err, ST_NOMEM, "%s", _("Out of memory."));
    ret->events = e;
    ret->n = 1;
    ret->transition = t;
    return ST_OK;
}

/* --- printing ----------------------------------------------------------------------------- */

void workflow_print_table(struct buf *out)
{
    for (size_t i = 0; i < workflow_rows; i++) {
        const struct transition *t = &workflow_table[i];
        buf_printf(out, "%2d  %-16s", t->row, command_table[t->command].word);
        for (unsigned s = 0; s < STATE_COUNT && t->from != AFTER_NEW; s++)
            if (t->from & (1u << s))
                buf_printf(out, " %s", state_table[s].word);
        if (t->from == AFTER_NEW)
            buf_puts(out, " *");
        buf_printf(out, " -> %s", t->to == STATE_NONE ? "=" : state_table[t->to].word);
        if (t->to_other != STATE_NONE)
            buf_printf(out, " or %s", state_table[t->to_other].word);
        buf_puts(out, "  [");
        for (const struct right *r = t->rights; r->role != ROLE_NOBODY; r++)
            buf_printf(out, "%s%s", r == t->rights ? "" : " ", role_table[r->role].word);
        buf_printf(out, "]  %s (%s)\n", _(t->needs), t->source);
    }
}

void workflow_print_dot(struct buf *out)
{
    buf_puts(out, "digraph workflow {\n");
    for (size_t i = 0; i < workflow_rows; i++) {
        const struct transition *t = &workflow_table[i];
        for (unsigned s = 0; s < STATE_COUNT && t->to != STATE_NONE; s++) {
            if (!(t->from & (1u << s)))
                continue;
            buf_printf(out, "    %s -> %s [label=\"%s\"];\n", state_table[s].word,
                       state_table[t->to].word, command_table[t->command].word);
            if (t->to_other != STATE_NONE)
                buf_printf(out, "    %s -> %s [label=\"%s\"];\n", state_table[s].word,
                           state_table[t->to_other].word, command_table[t->command].word);
        }
    }
    buf_puts(out, "}\n");
}
