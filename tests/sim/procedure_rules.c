#include "tests/sim/procedure_rules.h"
#include "tests/clock_rules.h"
#include <stdarg.h>
#include <string.h>

__attribute__((format(printf, 3, 4))) static bool broken(char *why, size_t size, const char *fmt,
                                                         ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(why, size, fmt, ap);
    va_end(ap);
    return false;
}

static bool has(const char *list, const char *code)
{
    size_t n = strlen(code);
    for (const char *at = list; n && (at = strstr(at, code)); at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return true;
    return false;
}

static bool equal(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* Running, or standing still as the policy says. */
static bool is_on(const struct clock_run *run)
{
    return run->status == CLOCK_RUNNING || run->status == CLOCK_PAUSED;
}

/* Number 7: no due time moves forward but by a new dispatch or a merger (row 31). */
static bool due_times_fit(const struct casefile *was, const struct casefile *c,
                          const struct event *e, char *why, size_t size)
{
    bool anew = e->type == COMMAND_DISPATCH || e->type == COMMAND_DESIGNATE;
    for (int i = 0; i < CLOCK_COUNT; i++) {
        const struct clock_run *old = &was->clock[i], *run = &c->clock[i];
        bool same_run = i == CLOCK_HANDLE || old->started_ms == run->started_ms;
        bool of_objects = i == CLOCK_SUB || i == CLOCK_WHISTLE_ACK || i == CLOCK_WHISTLE_ARRIVE ||
                          i == CLOCK_URGE || i == CLOCK_TELL || i == CLOCK_CONFIRM ||
                          i == CLOCK_EXTENSION_REVIEW || i == CLOCK_EXCLUSION_REVIEW ||
                          i == CLOCK_WARNING;
        if (anew || of_objects || !same_run || !is_on(old) || !is_on(run) ||
            (i == CLOCK_HANDLE && e->type == COMMAND_TAKE_FOLLOWER))
            continue;
        if (run->due_ms < old->due_ms)
            return broken(why, size, "7: %s falls due earlier than before", clock_table[i].word);
    }
    for (size_t i = 0; i < was->n_objects; i++)
        for (int k = 0; k < OBJECT_CLOCKS; k++) {
            const struct clock_run *old = &was->objects[i].clock[k].run,
                                   *run = &c->objects[i].clock[k].run;
            if (is_on(old) && is_on(run) && run->started_ms == old->started_ms &&
                run->due_ms < old->due_ms)
                return broken(why, size, "7: a clock of object %u falls due earlier than before",
                              was->objects[i].id);
        }
    return true;
}

static bool reply_fits(const struct casefile *was, const struct casefile *c, const struct event *e,
                       char *why, size_t size)
{
    if (e->type == COMMAND_APPROVE) {
        if (c->contacted_ok == 0 && c->contact_tries < 3)
            return broken(why, size, "3: replied without a contact or three tries");
        if (is_on(&c->clock[CLOCK_HANDLE]) || is_on(&c->clock[CLOCK_REWORK]) ||
            is_on(&c->clock[CLOCK_REVIEW]))
            return broken(why, size, "replied, and the clock of the unit runs on");
        if (equal(c->value[FIELD_DRAFTER], c->value[FIELD_APPROVER]) &&
            (casefile_tier(c) != TIER_T2H || !casefile_open_objects(c, OBJECT_CONFIRMATION)))
            return broken(why, size, "4: the drafter approved");
    }
    if (e->type == COMMAND_SHARE_REPLY &&
        (was->state != STATE_MERGED ||
         (c->state == STATE_REPLIED ? !is_on(&c->clock[CLOCK_CALLBACK])
                                    : !*c->value[FIELD_CLOSED_AS])))
        return broken(why, size, "13: left the merger without a callback of its own");
    return true;
}

/* Number 12: a judge decides, or the ledger while no judge has decided (7.8, 7.9). */
static bool score_mode_fits(const struct casefile *was, const struct casefile *c,
                            const struct event *e, char *why, size_t size)
{
    bool ledger = (e->type == COMMAND_DECIDE_HANG || e->type == COMMAND_UNHANG) &&
                  !*was->value[FIELD_EXCLUSION];
    bool judge = e->type == COMMAND_DECIDE_EXCLUSION && e->actor.role == ROLE_JUDGE;
    if (equal(was->value[FIELD_SCORE_MODE], c->value[FIELD_SCORE_MODE]) || ledger || judge)
        return true;
    return broken(why, size, "12: %s changed the score mode", command_table[e->type].word);
}

static const struct person *person_of(const struct reference *r, const char *user)
{
    return *user ? reference_person(r, user) : NULL;
}

bool procedure_event_fits(const struct casefile *was, const struct followed *m,
                          const struct event *e, const struct reference *r, char *why, size_t size)
{
    const struct casefile *c = &m->c;
    const struct unit *lead = reference_unit(r, c->value[FIELD_UNIT]);
    if (!*e->actor.user || e->actor.role == ROLE_NOBODY)
        return broken(why, size, "10: an event without an actor");
    if ((e->type == COMMAND_ATTEMPT || e->type == COMMAND_RATE) &&
        (has(was->value[FIELD_HANDLED_BY], e->actor.office) ||
         has(was->value[FIELD_HANDLED_BY], e->actor.unit)))
        return broken(why, size, "5: called back by a unit that handled it");
    if (e->type == COMMAND_ASK_RETURN &&
        (has(was->value[FIELD_RETURNED_BY], was->value[FIELD_UNIT]) || was->dispatched >= 3 ||
         equal(was->value[FIELD_DESIGNATED], "yes")))
        return broken(why, size, "6: returned again, or after it was designated");
    if (e->type == COMMAND_DISPATCH && c->dispatched >= 3)
        return broken(why, size, "6: dispatched a third time without designation");
    if (c->reworked > 2)
        return broken(why, size, "8: reworked %d times", c->reworked);
    if (lead && lead->kind == UNIT_COMMUNITY)
        return broken(why, size, "11: a community leads");
    const struct person *handler = person_of(r, c->value[FIELD_HANDLER]);
    if (e->type == COMMAND_ASSIGN && handler && handler->role == ROLE_COMMUNITY &&
        strncmp(c->value[FIELD_CATEGORY], "18", 2) != 0)
        return broken(why, size, "11: a community is the handler");
    return due_times_fit(was, c, e, why, size) && reply_fits(was, c, e, why, size) &&
           score_mode_fits(was, c, e, why, size);
}

bool procedure_case_fits(const struct followed *m, const struct reference *r, char *why,
                         size_t size)
{
    const struct casefile *c = &m->c;
    bool held = c->state >= STATE_SENT && c->state <= STATE_REVIEW;
    bool owed = held || c->state == STATE_REWORK || c->state == STATE_HUNG;
    if (!clocks_fit(c, why, size))
        return false;
    if (owed && !*c->value[FIELD_UNIT])
        return broken(why, size, "1: nobody is responsible in %s", state_table[c->state].word);
    if (owed && !reference_unit(r, c->value[FIELD_UNIT]))
        return broken(why, size, "1: the responsible unit does not exist");
    if (held && c->reworked == 0 && !m->reopened && !equal(c->value[FIELD_TYPE], "praise") &&
        !is_on(&c->clock[CLOCK_HANDLE]))
        return broken(why, size, "2: handle does not run in %s", state_table[c->state].word);
    if (c->state == STATE_CLOSED && !*c->value[FIELD_CLOSED_AS])
        return broken(why, size, "closed without a callback result or a ground");
    if (c->state == STATE_CLOSED && equal(c->value[FIELD_CLOSED_AS], "rated") &&
        !*c->value[FIELD_FIRST_RATING])
        return broken(why, size, "closed as rated without a rating");
    /* Nothing is owed of an order that is over, but to tell its claimant what a consultation brought (art. 26). */
    const uint32_t over = 1u << STATE_ELSEWHERE | 1u << STATE_VOID | 1u << STATE_ARCHIVED;
    for (int i = 0; i < CLOCK_COUNT; i++)
        if ((over & (1u << c->state)) && c->clock[i].status == CLOCK_RUNNING &&
            (i != CLOCK_TELL || c->state == STATE_ARCHIVED))
            return broken(why, size, "%s runs in %s", clock_table[i].word,
                          state_table[c->state].word);
    return true;
}

static const struct casefile *find(const struct followed *m, size_t n, const char *id)
{
    struct uuid u;
    for (size_t i = 0; uuid_parse(id, &u) && i < n; i++)
        if (uuid_compare(&u, &m[i].c.id) == 0)
            return &m[i].c;
    return NULL;
}

static bool followers_fit(const struct followed *m, size_t n, const struct casefile *c, char *why,
                          size_t size)
{
    char id[UUID_TEXT], own[UUID_TEXT];
    uuid_format(&c->id, own);
    for (const char *at = c->value[FIELD_FOLLOWERS]; *at;) {
        size_t len = strcspn(at, " ");
        snprintf(id, sizeof id, "%.*s", (int)len, at);
        const struct casefile *follower = find(m, n, id);
        if (!follower || follower->state != STATE_MERGED ||
            !equal(follower->value[FIELD_MERGED_INTO], own))
            return broken(why, size, "31: %s lists %s, which is %s", c->value[FIELD_NUMBER], id,
                          follower ? state_table[follower->state].word : "not there");
        at += len;
        at += strspn(at, " ");
    }
    return true;
}

bool procedure_mergers_fit(const struct followed *m, size_t n, char *why, size_t size)
{
    for (size_t i = 0; i < n; i++) {
        const struct casefile *c = &m[i].c;
        char id[UUID_TEXT];
        if (!followers_fit(m, n, c, why, size))
            return false;
        if (c->state != STATE_MERGED)
            continue;
        uuid_format(&c->id, id);
        const struct casefile *lead = find(m, n, c->value[FIELD_MERGED_INTO]);
        if (!lead || !has(lead->value[FIELD_FOLLOWERS], id))
            return broken(why, size, "31: %s follows an order that does not list it",
                          c->value[FIELD_NUMBER]);
        if (lead->state == STATE_MERGED || *c->value[FIELD_FOLLOWERS])
            return broken(why, size, "31: %s follows a follower", c->value[FIELD_NUMBER]);
        if (state_table[lead->state].terminal)
            return broken(why, size, "31: %s follows an order that is %s", c->value[FIELD_NUMBER],
                          state_table[lead->state].word);
    }
    return true;
}

bool procedure_knows_secret(const struct casefile *c, const struct actor *who)
{
    switch (who->role) {
    case ROLE_OPERATOR:
    case ROLE_CALLBACK:
    case ROLE_DISPATCHER:
    case ROLE_AUDITOR:
        return true;
    case ROLE_HANDLER:
    case ROLE_DEPT:
        return equal(who->user, c->value[FIELD_HANDLER]);
    default:
        return false;
    }
}
