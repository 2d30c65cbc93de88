/* guards.c: the conditions of the table that do not depend on arguments; they also decide what is offered. */
#include "core/case/rules.h"
#include "core/base/i18n.h"

#include <string.h>

static enum refusal_code no(const struct question *q, enum refusal_code code, enum field field,
                            const char *text)
{
    return refuse(q->why, code, field, text);
}

/* When a limit that began then is over; TIME_NONE when that cannot be said. */
static int64_t over_ms(const struct workflow_context *ctx, struct limit limit, int64_t from_ms)
{
    int64_t due;
    if (from_ms == TIME_NONE || limit.unit == LIMIT_NONE ||
        limit_due(ctx->calendar, DAY_RULE_EXACT, limit, from_ms, &due, NULL) != ST_OK)
        return TIME_NONE;
    return due;
}

static bool running(const struct casefile *c, enum clock_id clock)
{
    return c->clock[clock].status == CLOCK_RUNNING || c->clock[clock].status == CLOCK_PAUSED;
}

/* --- dispatch and return ---------------------------------------------------------------------- */

/* The dispatch that would be the last allowed one is a designation (row 13). */
static bool is_last_dispatch(const struct question *q)
{
    int most = q->ctx->policy->dispatch_max_before_designate;
    return most > 0 && q->c->dispatched >= most - 1;
}

enum refusal_code guard_dispatch(const struct question *q)
{
    if (is_last_dispatch(q))
        return no(q, REFUSAL_REPEATED, FIELD_UNIT,
                  _("The case came back from every dispatch so far; it must be designated now."));
    return REFUSAL_NONE;
}

enum refusal_code guard_designate(const struct question *q)
{
    if (!is_last_dispatch(q))
        return no(
            q, REFUSAL_WINDOW, FIELD_UNIT,
            _("The case can still be dispatched; a unit is designated at the last dispatch."));
    return REFUSAL_NONE;
}

int64_t auto_sign_ms(const struct workflow_context *ctx, const struct casefile *c)
{
    const struct clock_run *sign = &c->clock[CLOCK_SIGN];
    if (!ctx->policy->auto_sign || c->state != STATE_SENT || sign->status != CLOCK_RUNNING)
        return TIME_NONE;
    return sign->started_ms + (sign->due_ms - sign->started_ms) * ctx->policy->auto_sign_factor;
}

enum refusal_code guard_auto_sign(const struct question *q)
{
    int64_t at = auto_sign_ms(q->ctx, q->c);
    if (at == TIME_NONE)
        return no(q, REFUSAL_POLICY, FIELD_NONE, _("The policy does not let the clock sign."));
    if (q->ctx->now_ms < at)
        return no(q, REFUSAL_WINDOW, FIELD_NONE, _("The unit can still sign."));
    return REFUSAL_NONE;
}

enum refusal_code guard_ask_return(const struct question *q)
{
    const struct casefile *c = q->c;
    if (listed(c->value[FIELD_RETURNED_BY], c->value[FIELD_UNIT]))
        return no(q, REFUSAL_REPEATED, FIELD_UNIT,
                  _("This unit returned the case before; it must handle it now."));
    if (same("yes", c->value[FIELD_DESIGNATED]))
        return no(q, REFUSAL_REPEATED, FIELD_UNIT,
                  _("The case was designated after several dispatches and cannot be returned."));
    if (c->clock[CLOCK_RETURN].status != CLOCK_RUNNING ||
        q->ctx->now_ms > c->clock[CLOCK_RETURN].due_ms)
        return no(q, REFUSAL_WINDOW, FIELD_NONE,
                  _("The time for returning the case is over; it must be handled."));
    return REFUSAL_NONE;
}

/* --- lateness --------------------------------------------------------------------------------- */

/* Whose lateness the next level is told of: the return review (row 12), whistles (7.5), assisting units (art. 14),
 * urges (7.12), the later confirmation (5), the look at the ledger (7.8), early warnings (10); signing in T2H (7.2). */
static bool is_told(const struct casefile *c, enum clock_id clock)
{
    const uint32_t told = C(RETURN_REVIEW) | C(WHISTLE_ACK) | C(WHISTLE_ARRIVE) | C(SUB) | C(URGE) |
                          C(CONFIRM) | C(HANG_REVIEW) | C(WARNING);
    return (told & (1u << clock)) ||
           (clock == CLOCK_SIGN && casefile_tier(c) == TIER_T2H && c->state == STATE_SENT);
}

struct soonest {
    enum clock_id clock;
    uint32_t object;
    int64_t due_ms;
};

static void consider(struct soonest *s, enum clock_id clock, uint32_t object,
                     const struct clock_run *run)
{
    if (run->status != CLOCK_RUNNING || (s->clock != CLOCK_COUNT && run->due_ms >= s->due_ms))
        return;
    *s = (struct soonest){clock, object, run->due_ms};
}

enum clock_id late_clock(const struct workflow_context *ctx, const struct casefile *c,
                         uint32_t *ret_object, int64_t *ret_when)
{
    struct soonest s = {CLOCK_COUNT, 0, TIME_NONE};
    for (int i = 0; i < CLOCK_COUNT; i++)
        if (is_told(c, (enum clock_id)i) && !(OBJECT_CLOCK_SET & (1u << i)) &&
            !(c->late & (1u << i)))
            consider(&s, (enum clock_id)i, 0, &c->clock[i]);
    for (size_t i = 0; i < c->n_objects; i++)
        for (int k = 0; k < OBJECT_CLOCKS; k++)
            if (c->objects[i].clock[k].id != CLOCK_COUNT && is_told(c, c->objects[i].clock[k].id) &&
                !(c->objects[i].late & (1u << c->objects[i].clock[k].id)))
                consider(&s, c->objects[i].clock[k].id, c->objects[i].id,
                         &c->objects[i].clock[k].run);
    *ret_when = s.due_ms == TIME_NONE ? TIME_NONE : s.due_ms + 1;
    *ret_object = s.object;
    return s.clock != CLOCK_COUNT && s.due_ms < ctx->now_ms ? s.clock : CLOCK_COUNT;
}

enum refusal_code guard_late(const struct question *q)
{
    uint32_t object;
    int64_t when;
    if (late_clock(q->ctx, q->c, &object, &when) == CLOCK_COUNT)
        return no(q, REFUSAL_WINDOW, FIELD_NONE, _("No clock is over."));
    return REFUSAL_NONE;
}

/* --- extension, ledger, escalation ------------------------------------------------------------ */

enum refusal_code guard_extension(const struct question *q)
{
    const struct policy *p = q->ctx->policy;
    const struct clock_run *handle = &q->c->clock[CLOCK_HANDLE];
    enum tier tier = casefile_tier(q->c);
    if (tier == TIER_NONE || p->extension_max_total[tier].unit == LIMIT_NONE)
        return no(q, REFUSAL_POLICY, FIELD_NONE, _("In this tier the time is not extended."));
    if (q->c->extended >= p->extension_max_count)
        return no(q, REFUSAL_REPEATED, FIELD_NONE,
                  _("The time was extended as often as is allowed."));
    if (casefile_open_objects(q->c, OBJECT_EXTENSION) > 0)
        return no(q, REFUSAL_REPEATED, FIELD_NONE, _("An extension is asked already."));
    if (!running(q->c, CLOCK_HANDLE) || q->ctx->now_ms > handle->due_ms)
        return no(q, REFUSAL_WINDOW, FIELD_NONE,
                  _("An extension is asked before the case is due; the time is over."));
    return REFUSAL_NONE;
}

/* The district decides after the leader's yes; where no street leads there is no such leader. */
enum refusal_code guard_second_step(const struct question *q)
{
    const struct unit *lead = reference_unit(q->ctx->reference, q->c->value[FIELD_UNIT]);
    bool street = !lead || lead->kind == UNIT_STREET;
    if (q->object && q->object->state == OBJECT_IS_OPEN && street)
        return no(q, REFUSAL_OBJECT, FIELD_OBJECT,
                  _("The leader of the street has not agreed yet."));
    return REFUSAL_NONE;
}

enum refusal_code guard_ask_hang(const struct question *q)
{
    const char *category = q->c->value[FIELD_CATEGORY];
    if (casefile_tier(q->c) == TIER_T2H || strncmp(category, "08", 2) == 0 ||
        strncmp(category, "21", 2) == 0)
        return no(q, REFUSAL_POLICY, FIELD_CATEGORY,
                  _("Matters of safety and emergencies are never put on the ledger."));
    if (casefile_open_objects(q->c, OBJECT_HANG) > 0)
        return no(q, REFUSAL_REPEATED, FIELD_NONE, _("The ledger is asked for already."));
    return REFUSAL_NONE;
}

enum refusal_code guard_look_hang(const struct question *q)
{
    const struct policy *p = q->ctx->policy;
    struct limit most = p->hang_limit;
    most.n *= 1 + p->hang_renew;
    int64_t over = over_ms(q->ctx, most, q->c->state_ms);
    if (over != TIME_NONE && q->ctx->now_ms > over)
        return no(q, REFUSAL_WINDOW, FIELD_NONE,
                  _("The longest time on the ledger is over; take the case off it."));
    return REFUSAL_NONE;
}

enum refusal_code guard_escalate(const struct question *q)
{
    if (same("city", q->c->value[FIELD_LEVEL]))
        return no(q, REFUSAL_REPEATED, FIELD_LEVEL, _("The case is with the city already."));
    return REFUSAL_NONE;
}

/* --- contact and reply ------------------------------------------------------------------------ */

/* Those tries count that lie the gap apart, in so many parts of the day; in T2H every try counts (7.4). */
bool tried_enough(const struct workflow_context *ctx, const struct casefile *c, int64_t more_ms)
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

enum refusal_code guard_submit(const struct question *q)
{
    if (q->c->contacted_ok < 1 && !tried_enough(q->ctx, q->c, TIME_NONE))
        return no(q, REFUSAL_CONTACT, FIELD_NONE,
                  _("The claimant was not reached and not tried often enough. Record a contact "
                    "first."));
    return REFUSAL_NONE;
}

/* What is due within two hours may be filed by the one who wrote it, if the policy says so (5). */
static bool may_file_own(const struct question *q)
{
    return q->ctx->policy->four_eyes_t2h_exception && casefile_tier(q->c) == TIER_T2H;
}

enum refusal_code guard_approve_own(const struct question *q)
{
    if (!may_file_own(q) || !same(q->who->user, q->c->value[FIELD_DRAFTER]))
        return no(
            q, REFUSAL_FOUR_EYES, FIELD_DRAFTER,
            _("A reviewer or a leader approves the reply. Only in T2H may its drafter do it, and a "
              "leader confirms later."));
    return REFUSAL_NONE;
}

enum refusal_code guard_approve(const struct question *q)
{
    if (same(q->who->user, q->c->value[FIELD_DRAFTER]) && !may_file_own(q))
        return no(q, REFUSAL_FOUR_EYES, FIELD_DRAFTER,
                  _("Who drafted the reply may not approve it. Ask another reviewer."));
    return REFUSAL_NONE;
}

enum refusal_code guard_confirm(const struct question *q)
{
    if (same(q->who->user, q->c->value[FIELD_DRAFTER]))
        return no(q, REFUSAL_FOUR_EYES, FIELD_DRAFTER,
                  _("Who drafted the reply may not confirm it. Ask another leader."));
    return REFUSAL_NONE;
}

/* --- callback --------------------------------------------------------------------------------- */

enum refusal_code guard_own_unit(const struct question *q)
{
    const char *handled = q->c->value[FIELD_HANDLED_BY];
    if (listed(handled, q->who->office) || listed(handled, q->who->unit))
        return no(q, REFUSAL_OWN_UNIT, FIELD_NONE,
                  _("Your unit handled this case; another must call back."));
    return REFUSAL_NONE;
}

/* All calls were made, in enough parts of days, and a message was sent. */
static bool called_enough(const struct policy *p, const struct casefile *c)
{
    return c->calls >= p->callback_attempts && c->call_parts >= p->callback_day_parts &&
           (c->sms_ms != TIME_NONE || p->sms_valid.n == 0);
}

int64_t give_up_ms(const struct workflow_context *ctx, const struct casefile *c)
{
    if (c->state != STATE_CALLING || !called_enough(ctx->policy, c))
        return TIME_NONE;
    return ctx->policy->sms_valid.n > 0 ? over_ms(ctx, ctx->policy->sms_valid, c->sms_ms)
                                        : c->last_call_ms;
}

enum refusal_code guard_give_up(const struct question *q)
{
    enum refusal_code own = guard_own_unit(q);
    if (own != REFUSAL_NONE)
        return own;
    if (!called_enough(q->ctx->policy, q->c))
        return no(
            q, REFUSAL_ATTEMPTS, FIELD_NONE,
            _("Not enough attempts yet: all calls, in two parts of the day, and one message are "
              "needed."));
    int64_t at = give_up_ms(q->ctx, q->c);
    if (at != TIME_NONE && q->ctx->now_ms < at)
        return no(q, REFUSAL_ATTEMPTS, FIELD_NONE,
                  _("The message to the claimant can still be answered; wait."));
    return REFUSAL_NONE;
}

enum refusal_code guard_rework(const struct question *q)
{
    if (q->c->reworked >= q->ctx->policy->rework_max)
        return no(q, REFUSAL_REPEATED, FIELD_NONE,
                  _("The case was reworked as often as is allowed."));
    if (same("withdrawn", q->c->value[FIELD_CLOSED_AS]) || !*q->c->value[FIELD_UNIT])
        return no(q, REFUSAL_STATE, FIELD_CLOSED_AS,
                  _("The claimant withdrew the case, or no unit ever had it."));
    if (q->c->state == STATE_CLOSED) {
        int64_t over = over_ms(q->ctx, q->ctx->policy->reopen_within, q->c->state_ms);
        if (over == TIME_NONE || q->ctx->now_ms > over)
            return no(q, REFUSAL_WINDOW, FIELD_NONE,
                      _("The case was closed too long ago to be sent back for rework."));
    }
    return REFUSAL_NONE;
}

enum refusal_code guard_reopen(const struct question *q)
{
    int64_t over = over_ms(q->ctx, q->ctx->policy->reopen_archived_within, q->c->state_ms);
    if (over != TIME_NONE && q->ctx->now_ms > over)
        return no(q, REFUSAL_WINDOW, FIELD_NONE,
                  _("The case was closed too long ago to be opened again."));
    if (!*q->c->value[FIELD_UNIT])
        return no(q, REFUSAL_STATE, FIELD_UNIT, _("No unit ever had this case."));
    return REFUSAL_NONE;
}

/* --- exclusion -------------------------------------------------------------------------------- */

enum refusal_code guard_ask_exclusion(const struct question *q)
{
    const struct clock_run *right = &q->c->clock[CLOCK_EXCLUSION];
    for (size_t i = 0; i < q->c->n_objects; i++)
        if (q->c->objects[i].kind == OBJECT_EXCLUSION)
            return no(q, REFUSAL_REPEATED, FIELD_NONE,
                      _("Exclusion was asked already; after a refusal an appeal is possible."));
    if (right->status != CLOCK_RUNNING || q->ctx->now_ms > right->due_ms)
        return no(q, REFUSAL_WINDOW, FIELD_NONE,
                  _("The time for asking exclusion is over, or never began."));
    return REFUSAL_NONE;
}

enum refusal_code guard_appeal(const struct question *q)
{
    const struct policy *p = q->ctx->policy;
    enum tier tier = casefile_tier(q->c);
    if (!q->object)
        return REFUSAL_NONE;
    if (p->exclusion_appeals < 1 || same("appealed", q->object->verdict))
        return no(q, REFUSAL_REPEATED, FIELD_OBJECT, _("The appeal was used already."));
    int64_t over = tier == TIER_NONE
                       ? TIME_NONE
                       : over_ms(q->ctx, p->clock[CLOCK_EXCLUSION][tier], q->object->changed_ms);
    if (over != TIME_NONE && q->ctx->now_ms > over)
        return no(q, REFUSAL_WINDOW, FIELD_OBJECT, _("The time for an appeal is over."));
    return REFUSAL_NONE;
}

/* --- merging, second persons, archive --------------------------------------------------------- */

enum refusal_code guard_merge(const struct question *q)
{
    if (*q->c->value[FIELD_FOLLOWERS])
        return no(q, REFUSAL_OTHER, FIELD_FOLLOWERS,
                  _("Other orders are merged into this one; it cannot follow another."));
    return REFUSAL_NONE;
}

enum refusal_code guard_second_person(const struct question *q)
{
    if (q->object && same(q->who->user, q->object->by_user))
        return no(q, REFUSAL_FOUR_EYES, FIELD_OBJECT,
                  _("You asked for it yourself; a second person must decide."));
    return REFUSAL_NONE;
}

enum refusal_code guard_other_role(const struct question *q)
{
    enum refusal_code second = guard_second_person(q);
    if (second == REFUSAL_NONE && q->object && q->object->by_role == q->who->role)
        return no(q, REFUSAL_FOUR_EYES, FIELD_OBJECT,
                  _("It was recorded in the same role; another role must decide."));
    return second;
}

int64_t archive_ms(const struct workflow_context *ctx, const struct casefile *c)
{
    const uint32_t done = S(CLOSED) | S(DIRECT) | S(ELSEWHERE);
    if (!(done & (1u << c->state)) || running(c, CLOCK_EXCLUSION_REVIEW) ||
        running(c, CLOCK_TELL) || running(c, CLOCK_CONFIRM) || running(c, CLOCK_URGE) ||
        running(c, CLOCK_SUB) || running(c, CLOCK_WARNING))
        return TIME_NONE;
    return over_ms(ctx, ctx->policy->archive_after, c->changed_ms);
}

enum refusal_code guard_archive(const struct question *q)
{
    int64_t at = archive_ms(q->ctx, q->c);
    if (at == TIME_NONE || q->ctx->now_ms < at)
        return no(q, REFUSAL_WINDOW, FIELD_NONE,
                  _("Something is open yet, or it is too early to archive the case."));
    return REFUSAL_NONE;
}

enum refusal_code guard_recorded(const struct question *q)
{
    if (!*q->c->value[FIELD_UNREASONABLE])
        return no(q, REFUSAL_OBJECT, FIELD_UNREASONABLE, _("No unreasonable use is recorded."));
    return REFUSAL_NONE;
}

enum refusal_code guard_emergency(const struct question *q)
{
    if (!*q->c->value[FIELD_EMERGENCY])
        return no(q, REFUSAL_OBJECT, FIELD_EMERGENCY, _("The case is under no emergency."));
    return REFUSAL_NONE;
}

enum refusal_code guard_reveal(const struct question *q)
{
    if (workflow_sight(q->c, FIELD_PHONE, q->who) != SIGHT_REVEAL)
        return no(q, REFUSAL_ROLE, FIELD_NONE,
                  _("This report is secret: its claimant is not shown to you."));
    return REFUSAL_NONE;
}
