#include "core/case/proof.h"
#include "core/base/i18n.h"

#include <string.h>

const struct named_row proof_kind_table[PROOF_KINDS] = {
    [PROOF_START] = {"start", N_("starts")},
    [PROOF_COUNTED] = {"counted", N_("counts")},
    [PROOF_OFF] = {"off", N_("outside duty hours")},
    [PROOF_WEEKEND] = {"weekend", N_("weekend")},
    [PROOF_HOLIDAY] = {"holiday", N_("day off by the holiday notice")},
    [PROOF_MAKE_UP] = {"make_up", N_("make-up working day, counts")},
    [PROOF_PAUSED] = {"paused", N_("stands still")},
    [PROOF_EXTENDED] = {"extended", N_("moved")},
    [PROOF_DUE] = {"due", N_("falls due")},
    [PROOF_STOPPED] = {"stopped", N_("stopped")},
    [PROOF_OTHERWISE] = {"otherwise",
                         N_("the centre's time counts; the policy at hand would give another")},
};

enum { LINES_MOST = 2000 };
struct proving {
    const struct policy *policy;
    const struct calendar *calendar;
    struct arena *a;
    struct proof_line *lines;
    size_t n;
    int64_t sum;
    struct limit limit; /* of the run in hand */
    bool named;         /* a person named the date: plain time up to it */
};

static void add(struct proving *p, enum proof_kind kind, int64_t from, int64_t to, int64_t counted,
                const char *rule)
{
    if (p->n == LINES_MOST)
        return;
    p->sum += counted;
    p->lines[p->n++] = (struct proof_line){kind, from, to, counted, p->sum, rule};
}

static bool by_duty(const struct proving *p)
{
    return p->limit.unit == LIMIT_WORKING_DAY && !p->named;
}

static const char *const unit_word[] = {[LIMIT_NONE] = "",
                                        [LIMIT_MINUTE] = "minute",
                                        [LIMIT_HOUR] = "hour",
                                        [LIMIT_DAY] = "day",
                                        [LIMIT_WORKING_DAY] = "working_day"};

/* --- counting --------------------------------------------------------------------------------- */

static int64_t midnight(int64_t ms)
{
    return (ms + BEIJING_OFFSET_MS) / MS_DAY * MS_DAY - BEIJING_OFFSET_MS;
}

static enum proof_kind kind_of_day(const struct proving *p, int64_t day, bool *ret_works)
{
    struct civil t = civil_from_ms(day, BEIJING_OFFSET_MS);
    bool weekend = t.weekday == 0 || t.weekday == 6;
    *ret_works = false;
    if (calendar_is_working(p->calendar, t.year, t.month, t.day, ret_works, NULL) != ST_OK)
        return PROOF_OTHERWISE;
    if (*ret_works)
        return weekend ? PROOF_MAKE_UP : PROOF_COUNTED;
    return weekend ? PROOF_WEEKEND : PROOF_HOLIDAY;
}

/* Days that are off stand in one line as long as they are of one kind. */
static void add_off(struct proving *p, enum proof_kind kind, int64_t from, int64_t to,
                    const char *rule)
{
    struct proof_line *last = p->n ? &p->lines[p->n - 1] : NULL;
    if (to <= from)
        return;
    if (last && last->kind == kind && last->to_ms == from)
        last->to_ms = to;
    else
        add(p, kind, from, to, 0, rule);
}

static void count_day(struct proving *p, int64_t day, int64_t from, int64_t to)
{
    bool works;
    enum proof_kind kind = kind_of_day(p, day, &works);
    int64_t at = from;
    if (!works) {
        add_off(p, kind, from, to, kind == PROOF_HOLIDAY ? "calendar.json" : "3.4.3");
        return;
    }
    for (int i = 0; i < p->calendar->n_hours; i++) {
        int64_t begin = day + (int64_t)p->calendar->hours[i].from * MS_MINUTE;
        int64_t end = day + (int64_t)p->calendar->hours[i].to * MS_MINUTE;
        begin = begin < at ? at : begin;
        end = end > to ? to : end;
        if (end <= begin)
            continue;
        add_off(p, PROOF_OFF, at, begin, "working_hours");
        add(p, kind, begin, end, end - begin,
            kind == PROOF_MAKE_UP ? "calendar.json" : "working_hours");
        at = end;
    }
    add_off(p, PROOF_OFF, at, to, "working_hours");
}

static void count(struct proving *p, int64_t from, int64_t to, enum proof_kind kind,
                  const char *rule)
{
    if (to <= from)
        return;
    if (!by_duty(p)) {
        add(p, kind, from, to, to - from, rule);
        return;
    }
    for (int64_t day = midnight(from); day < to && p->n < LINES_MOST; day += MS_DAY)
        count_day(p, day, day < from ? from : day, day + MS_DAY > to ? to : day + MS_DAY);
}

/* --- runs ------------------------------------------------------------------------------------- */

/* Which limit the run goes by, and what the policy calls it. */
static const char *rule_of(struct proving *p, const struct casefile *c,
                           const struct clock_change *k, int64_t started_ms)
{
    const char *clock = clock_table[k->clock].word;
    const struct object *o = casefile_object(c, k->object);
    enum tier tier = casefile_tier(c);
    bool whistle = k->clock == CLOCK_WHISTLE_ACK || k->clock == CLOCK_WHISTLE_ARRIVE;
    const char *place;
    int64_t due;
    p->limit = workflow_limit(p->policy, k->clock, tier, c->value[FIELD_EMERGENCY]);
    if (whistle && o && *o->class) {
        int kind = *o->class == 'E' ? WHISTLE_E : *o->class == 'J' ? WHISTLE_J : WHISTLE_K;
        p->limit = k->clock == CLOCK_WHISTLE_ACK ? p->policy->whistle[kind].ack
                                                 : p->policy->whistle[kind].arrive;
        place = arena_printf(p->a, "whistle.%s.%s", o->class,
                             k->clock == CLOCK_WHISTLE_ACK ? "ack" : "arrive");
    } else {
        place =
            arena_printf(p->a, "clocks.%s.%s", clock, tier == TIER_NONE ? "-" : tier_word[tier]);
    }
    p->named =
        p->limit.unit == LIMIT_NONE ||
        limit_due(p->calendar, p->policy->day_rule, p->limit, started_ms, &due, NULL) != ST_OK ||
        due != k->due_ms;
    if (p->limit.unit == LIMIT_NONE)
        return place;
    return arena_printf(p->a, "%s = %d %s", place, p->limit.n, unit_word[p->limit.unit]);
}

/* What the limit says is to be counted; TIME_NONE where a date was named, or the rule is to the end of a day. */
static int64_t length_of(const struct proving *p)
{
    int64_t per_day = 0;
    for (int i = 0; i < p->calendar->n_hours; i++)
        per_day += (int64_t)(p->calendar->hours[i].to - p->calendar->hours[i].from) * MS_MINUTE;
    if (p->named || (p->limit.unit == LIMIT_DAY && p->policy->day_rule != DAY_RULE_EXACT))
        return TIME_NONE;
    switch (p->limit.unit) {
    case LIMIT_MINUTE:
        return p->limit.n * (int64_t)MS_MINUTE;
    case LIMIT_HOUR:
        return p->limit.n * (int64_t)MS_HOUR;
    case LIMIT_DAY:
        return p->limit.n * (int64_t)MS_DAY;
    case LIMIT_WORKING_DAY:
        return p->limit.n * per_day;
    case LIMIT_NONE:
        break;
    }
    return TIME_NONE;
}

/* Where the counting of a run stands. */
struct run {
    int64_t from;   /* counted up to here */
    int64_t due;    /* as it is now */
    bool on, still; /* running; paused */
};

static bool same_clock(const struct clock_change *k, enum clock_id clock, uint32_t object)
{
    return k->clock == clock && k->object == object;
}

static void start_run(struct proving *p, struct run *run, const struct casefile *c,
                      const struct clock_change *k, int64_t at)
{
    const char *rule;
    p->n = 0; /* the latest run alone is proved */
    p->sum = 0;
    rule = rule_of(p, c, k, at);
    add(p, PROOF_START, at, at, 0, rule);
    if (p->named && p->limit.unit != LIMIT_NONE)
        add(p, PROOF_OTHERWISE, k->due_ms, k->due_ms, 0, "3.4.5");
    *run = (struct run){.from = at, .due = k->due_ms, .on = true};
}

static void change_run(struct proving *p, struct run *run, const struct clock_change *k,
                       const struct event *e)
{
    switch (k->op) {
    case CLOCK_PAUSE:
        count(p, run->from, e->at_ms < run->due ? e->at_ms : run->due, PROOF_COUNTED, "3.4.1");
        run->from = e->at_ms;
        run->still = true;
        break;
    case CLOCK_RESUME:
        add(p, PROOF_PAUSED, run->from, e->at_ms, 0,
            arena_printf(p->a, "pause.%s", clock_table[k->clock].word));
        run->from = e->at_ms;
        run->due = k->due_ms;
        run->still = false;
        break;
    case CLOCK_EXTEND:
        if (!run->still) {
            count(p, run->from, run->due < k->due_ms ? run->due : k->due_ms, PROOF_COUNTED,
                  "3.4.1");
            run->from = run->due < k->due_ms ? run->due : k->due_ms;
        }
        add(p, PROOF_EXTENDED, e->at_ms, e->at_ms, 0,
            arena_printf(p->a, "%s (%s)", command_table[e->type].word,
                         e->type == COMMAND_DECIDE_EXTENSION ? "7.7; art. 15" : "6.2"));
        p->named = true; /* from here on to a date */
        run->due = k->due_ms;
        break;
    case CLOCK_STOP:
    case CLOCK_CANCEL:
        if (run->still)
            add(p, PROOF_PAUSED, run->from, e->at_ms, 0,
                arena_printf(p->a, "pause.%s", clock_table[k->clock].word));
        run->on = false;
        break;
    case CLOCK_START:
    case CLOCK_OP_COUNT:
        break;
    }
}

enum status clock_proof(const struct policy *policy, const struct calendar *calendar,
                        const struct event *events, size_t n, enum clock_id clock, uint32_t object,
                        struct arena *a, struct proof *ret, struct errmsg *err)
{
    static const struct uuid none = {{0}};
    struct proving p = {.policy = policy,
                        .calendar = calendar,
                        .a = a,
                        .lines = arena_array(a, LINES_MOST, sizeof(struct proof_line))};
    struct casefile *c = arena_alloc(a, sizeof *c);
    struct run run = {.due = TIME_NONE};
    struct clock_run last;
    if (!p.lines || !c)
        return fail(err, ST_NOMEM, "%s", _("Out of memory."));
    casefile_init(c, &none, a);
    for (size_t i = 0; i < n; i++) {
        enum status st = casefile_apply(c, &events[i], err);
        if (st != ST_OK)
            return st;
        for (size_t k = 0; k < events[i].n_clocks; k++) {
            const struct clock_change *change = &events[i].clocks[k];
            if (!same_clock(change, clock, object))
                continue;
            if (change->op == CLOCK_START)
                start_run(&p, &run, c, change, events[i].at_ms);
            else if (run.due != TIME_NONE)
                change_run(&p, &run, change, &events[i]);
        }
    }
    if (run.due == TIME_NONE)
        return fail(err, ST_NOT_FOUND, "%s", _("This clock never ran on this case."));
    const struct object *o = casefile_object(c, object);
    last = c->clock[clock];
    for (int i = 0; o && i < OBJECT_CLOCKS; i++)
        if (o->clock[i].id == clock)
            last = o->clock[i].run;
    if (!run.still)
        count(&p, run.from, run.due, PROOF_COUNTED, p.named ? "3.4.5" : "3.4.1");
    add(&p, PROOF_DUE, run.due, run.due, 0, p.lines[0].rule);
    if (last.status == CLOCK_STOPPED || last.status == CLOCK_CANCELLED)
        add(&p, PROOF_STOPPED, last.stopped_ms, last.stopped_ms, 0,
            last.status == CLOCK_CANCELLED ? "7.3" : "6.2");
    if (arena_failed(a))
        return fail(err, ST_NOMEM, "%s", _("Out of memory."));
    *ret = (struct proof){.clock = clock,
                          .object = object,
                          .lines = p.lines,
                          .n = p.n,
                          .limit_ms = length_of(&p),
                          .sum_ms = p.sum,
                          .due_ms = run.due};
    return ST_OK;
}
