/* effects_close.c: how an order ends: reply, ledger, callback, exclusion, voiding, withdrawal. */
#include "core/case/effects.h"
#include "core/base/i18n.h"

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

bool workflow_quiet(const struct policy *p, int64_t ms, int *ret_to)
{
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    int minute = t.hour * 60 + t.minute;
    for (int i = 0; i < p->n_quiet; i++) {
        int from = p->quiet[i].from, to = p->quiet[i].to;
        if (from <= to ? minute >= from && minute < to : minute >= from || minute < to) {
            if (ret_to)
                *ret_to = to;
            return true;
        }
    }
    return false;
}

/* A call that was made is never refused: outside the calling hours it is marked. */
enum refusal_code effect_attempt(struct draft *d)
{
    int64_t at;
    enum refusal_code code = claimed(d, &at);
    if (code == REFUSAL_NONE && workflow_quiet(d->q.ctx->policy, at, NULL))
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

/* --- voiding, withdrawal (33, 36) --------------------------------------------------------------- */

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
