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
    [PROOF_NAMED] = {"named", N_("a person named the date")},
    [PROOF_DUE] = {"due", N_("falls due")},
    [PROOF_STOPPED] = {"stopped", N_("stopped")},
    [PROOF_OTHERWISE] = {"otherwise",
                         N_("the centre's time counts; the policy at hand would give another")},
};

enum { LINES_FIRST = 16 };
struct proving {
    const struct policy *policy;
    const struct calendar *calendar;
    struct arena *a;
    struct proof_line *lines;
    size_t n, room;
    int64_t sum;
    struct limit limit; /* of the run in hand */
    bool named;         /* a date was set: plain time up to it */
    int64_t limit_ms;   /* see struct proof */
    enum status st;     /* the first that went wrong */
    struct errmsg *err;
};

static void add(struct proving *p, enum proof_kind kind, int64_t from, int64_t to, int64_t counted,
                const char *rule)
{
    if (p->n == p->room) {
        size_t room = p->room ? p->room * 2 : LINES_FIRST;
        struct proof_line *lines = arena_array(p->a, room, sizeof *lines);
        if (!lines)
            return; /* the arena remembers */
        if (p->n)
            memcpy(lines, p->lines, p->n * sizeof *lines);
        p->lines = lines;
        p->room = room;
    }
    p->sum += counted;
    p->lines[p->n++] = (struct proof_line){kind, from, to, counted, p->sum, rule, ""};
}

/* Of the line that was added last. */
static void because(struct proving *p, const char *why)
{
    if (p->n > 0)
        p->lines[p->n - 1].why = why;
}

static bool by_duty(const struct proving *p)
{
    return p->limit.unit == LIMIT_WORKING_DAY && !p->named;
}

/* --- counting --------------------------------------------------------------------------------- */

static int64_t midnight(int64_t ms)
{
    return (ms + BEIJING_OFFSET_MS) / MS_DAY * MS_DAY - BEIJING_OFFSET_MS;
}

static enum proof_kind kind_of_day(struct proving *p, int64_t day, bool *ret_works)
{
    struct civil t = civil_from_ms(day, BEIJING_OFFSET_MS);
    enum day_kind kind = calendar_day(p->calendar, t.year, t.month, t.day);
    *ret_works = false;
    p->st = calendar_is_working(p->calendar, t.year, t.month, t.day, ret_works, p->err);
    if (kind == DAY_PLAIN)
        return *ret_works ? PROOF_COUNTED : PROOF_WEEKEND;
    return kind == DAY_WORKED ? PROOF_MAKE_UP : PROOF_HOLIDAY;
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
    if (p->st != ST_OK)
        return;
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
    for (int64_t day = midnight(from); day < to && p->st == ST_OK; day += MS_DAY)
        count_day(p, day, day < from ? from : day, day + MS_DAY > to ? to : day + MS_DAY);
}

/* --- rules ------------------------------------------------------------------------------------ */

/* Where the row of procedure stands that touches the clock; "" when no row of it does. */
static const char *source_of(const struct event *e, enum state from, enum clock_id clock)
{
    for (size_t i = 0; i < workflow_rows; i++) {
        const struct transition *t = &workflow_table[i];
        if (t->command == e->type && (t->from & (1u << from)) &&
            ((t->start | t->stop) & (1u << clock)))
            return t->source;
    }
    for (size_t i = 0; i < workflow_rows; i++)
        if (workflow_table[i].command == e->type && (workflow_table[i].from & (1u << from)))
            return workflow_table[i].source;
    return "";
}

static const char *with_source(struct proving *p, const char *rule, const struct event *e,
                               enum state from, enum clock_id clock)
{
    const char *source = source_of(e, from, clock);
    return *source ? arena_printf(p->a, "%s; %s", rule, source) : rule;
}

/* "art. 11, 12" of a source; what else stands in it says nothing to people who work with the clocks. */
static const char *articles(struct proving *p, const char *source)
{
    static const char head[] = "art. ";
    bool chinese = i18n_chinese();
    const char *at = strstr(source, head), *list = "";
    if (!at)
        return "";
    at += sizeof head - 1;
    for (size_t n; *at && *at != ';'; at += n, at += strspn(at, ", ")) {
        n = strcspn(at, ",;");
        list = arena_printf(p->a, "%s%s%.*s", list, !*list ? "" : i18n_mark(MARK_LIST, chinese),
                            (int)n, at);
    }
    return arena_printf(p->a, _("art. %s"), list);
}

static const char *limit_words(struct proving *p)
{
    int n = p->limit.n;
    unsigned long many = n > 0 ? (unsigned long)n : 0;
    const char *days;
    switch (p->limit.unit) {
    case LIMIT_MINUTE:
        return arena_printf(p->a, ngettext("%d minute", "%d minutes", many), n);
    case LIMIT_HOUR:
        return arena_printf(p->a, ngettext("%d hour", "%d hours", many), n);
    case LIMIT_WORKING_DAY:
        return arena_printf(p->a, ngettext("%d working day", "%d working days", many), n);
    case LIMIT_DAY:
        days = arena_printf(p->a, ngettext("%d day", "%d days", many), n);
        return p->policy->day_rule == DAY_RULE_EXACT
                   ? days
                   : arena_printf(p->a, _("%s, to the end of the last one"), days);
    case LIMIT_NONE:
    case LIMIT_UNITS:
        break;
    }
    return "";
}

static const char *and_articles(struct proving *p, const char *words, const struct event *e,
                                enum state from, enum clock_id clock)
{
    const char *source = articles(p, source_of(e, from, clock));
    if (!*words || !*source)
        return *words ? words : source;
    return arena_printf(p->a, "%s%s%s", words, i18n_mark(MARK_SEMICOLON, i18n_chinese()), source);
}

static const char *pause_rule(struct proving *p, enum clock_id clock)
{
    return arena_printf(p->a, "pause.%s", clock_table[clock].word);
}

/* The limit of the run, and what the policy calls it. */
static const char *find_limit(struct proving *p, const struct casefile *c,
                              const struct clock_change *k, const struct event *e)
{
    const struct object *o = casefile_object(c, k->object);
    enum tier tier = casefile_tier(c);
    bool whistle = k->clock == CLOCK_WHISTLE_ACK || k->clock == CLOCK_WHISTLE_ARRIVE;
    if (whistle && o && *o->class) {
        int kind = *o->class == 'E' ? WHISTLE_E : *o->class == 'J' ? WHISTLE_J : WHISTLE_K;
        bool ack = k->clock == CLOCK_WHISTLE_ACK;
        p->limit = ack ? p->policy->whistle[kind].ack : p->policy->whistle[kind].arrive;
        return arena_printf(p->a, "whistle.%s.%s", o->class, ack ? "ack" : "arrive");
    }
    if (k->clock == CLOCK_HANDLE && e->type == COMMAND_UNHANG) {
        p->limit = p->policy->hang_handle;
        return "hang.handle";
    }
    p->limit = workflow_limit(p->policy, k->clock, tier, c->value[FIELD_EMERGENCY]);
    return arena_printf(p->a, "clocks.%s.%s", clock_table[k->clock].word,
                        tier == TIER_NONE ? "-" : tier_word[tier]);
}

static bool leads_to(struct proving *p, int64_t from_ms, int64_t due_ms)
{
    int64_t due = TIME_NONE;
    enum status st = limit_due(p->calendar, p->policy->day_rule, p->limit, from_ms, &due, p->err);
    if (st == ST_NOT_FOUND)
        p->st = st; /* no notice of that year */
    return st == ST_OK && due == due_ms;
}

/* From when the limit is counted: the event, or for a callback that waits the end of the time for handling. TIME_NONE:
 * from neither does it lead to the due time. */
static int64_t counted_from(struct proving *p, const struct casefile *c,
                            const struct clock_change *k, int64_t at)
{
    int64_t handle = c->clock[CLOCK_HANDLE].due_ms;
    if (p->limit.unit == LIMIT_NONE)
        return TIME_NONE;
    if (leads_to(p, at, k->due_ms))
        return at;
    if (k->clock == CLOCK_CALLBACK && handle != TIME_NONE && leads_to(p, handle, k->due_ms))
        return handle;
    return TIME_NONE;
}

/* What the limit says is to be counted; TIME_NONE where it is to the end of a day. */
static int64_t length_of(const struct proving *p)
{
    int64_t per_day = 0;
    switch (p->limit.unit) {
    case LIMIT_MINUTE:
        return p->limit.n * (int64_t)MS_MINUTE;
    case LIMIT_HOUR:
        return p->limit.n * (int64_t)MS_HOUR;
    case LIMIT_DAY:
        return p->policy->day_rule == DAY_RULE_EXACT ? p->limit.n * (int64_t)MS_DAY : TIME_NONE;
    case LIMIT_WORKING_DAY:
        for (int i = 0; i < p->calendar->n_hours; i++)
            per_day += (int64_t)(p->calendar->hours[i].to - p->calendar->hours[i].from) * MS_MINUTE;
        return p->limit.n * per_day;
    case LIMIT_NONE:
    case LIMIT_UNITS:
        break;
    }
    return TIME_NONE;
}

/* The word of the field of the event that names this moment, and its label; NULL when none does. */
static const char *named_by(const struct event *e, const struct object *o, int64_t due_ms,
                            const char **ret_label)
{
    int64_t ms;
    for (size_t i = 0; i < e->n_values; i++) {
        const struct field_row *row = &field_table[e->values[i].field];
        if (row->type == FIELD_TYPE_TIME && e->values[i].text &&
            rfc3339_parse(e->values[i].text, &ms) == 0 && ms == due_ms) {
            *ret_label = _(row->label);
            return row->word;
        }
    }
    if (!o || o->due_ms != due_ms)
        return NULL;
    *ret_label = _(object_table[o->kind].label);
    return object_table[o->kind].word;
}

/* --- runs ------------------------------------------------------------------------------------- */

/* Where the counting of a run stands. */
struct run {
    int64_t from;          /* counted up to here */
    int64_t due;           /* as it is now */
    bool still;            /* paused */
    const char *rule;      /* its limit */
    const char *stop_rule; /* of what ended it; NULL while it runs */
    const char *stop_why;
};

/* From here on it goes to a date that the limit does not give. */
static void go_to_date(struct proving *p, enum proof_kind kind, int64_t due_ms, const char *rule)
{
    add(p, kind, due_ms, due_ms, 0, rule);
    p->named = true;
    p->limit_ms = TIME_NONE;
}

static void start_run(struct proving *p, struct run *run, const struct casefile *c,
                      const struct clock_change *k, const struct event *e, enum state before)
{
    p->n = 0; /* the latest run alone is proved */
    p->sum = 0;
    p->named = false;
    p->st = ST_OK;
    const char *rule = find_limit(p, c, k, e);
    int64_t from = counted_from(p, c, k, e->at_ms);
    *run = (struct run){.from = from == TIME_NONE ? e->at_ms : from, .due = k->due_ms};
    if (p->limit.unit == LIMIT_DAY)
        rule = arena_printf(p->a, "%s = %d day, day_rule = %s", rule, p->limit.n,
                            day_rule_word[p->policy->day_rule]);
    else if (p->limit.unit != LIMIT_NONE)
        rule = arena_printf(p->a, "%s = %d %s", rule, p->limit.n, limit_unit_word[p->limit.unit]);
    run->rule = rule;
    p->limit_ms = length_of(p);
    add(p, PROOF_START, run->from, run->from, 0, with_source(p, rule, e, before, k->clock));
    because(p, and_articles(p, limit_words(p), e, before, k->clock));
    if (from != TIME_NONE)
        return;
    const char *label = "";
    const char *field = named_by(e, casefile_object(c, k->object), k->due_ms, &label);
    go_to_date(p, field ? PROOF_NAMED : PROOF_OTHERWISE, k->due_ms, field ? field : "3.4.5");
    because(p, label);
}

static void pause_run(struct proving *p, struct run *run, int64_t at)
{
    count(p, run->from, at < run->due ? at : run->due, PROOF_COUNTED, "3.4.1");
    run->from = at;
    run->still = true;
}

static void resume_run(struct proving *p, struct run *run, const struct clock_change *k, int64_t at)
{
    int64_t due = TIME_NONE;
    enum status st = limit_shift(p->calendar, p->limit, run->due, run->from, at, &due, p->err);
    if (st != ST_OK)
        p->st = st;
    add(p, PROOF_PAUSED, run->from, at, 0, pause_rule(p, k->clock));
    if (due != k->due_ms)
        go_to_date(p, PROOF_OTHERWISE, k->due_ms, "3.4.5");
    run->from = at;
    run->due = k->due_ms;
    run->still = false;
}

/* How much more is to be counted when the due time moves, in the clock's own kind of time. */
static int64_t moved_by(struct proving *p, int64_t due_ms, int64_t new_ms)
{
    int64_t from = due_ms < new_ms ? due_ms : new_ms, to = due_ms < new_ms ? new_ms : due_ms;
    int64_t length = to - from;
    if (by_duty(p)) {
        enum status st = duty_time(p->calendar, from, to, &length, p->err);
        if (st != ST_OK)
            p->st = st;
    }
    return due_ms < new_ms ? length : -length;
}

static void extend_run(struct proving *p, struct run *run, const struct clock_change *k,
                       const struct event *e, enum state before)
{
    int64_t to = run->due < k->due_ms ? run->due : k->due_ms;
    to = to < e->at_ms ? to : e->at_ms;
    if (!run->still && to > run->from) {
        count(p, run->from, to, PROOF_COUNTED, "3.4.1");
        run->from = to;
    }
    add(p, PROOF_EXTENDED, e->at_ms, e->at_ms, 0,
        with_source(p, command_table[e->type].word, e, before, k->clock));
    because(p, and_articles(p, _(command_table[e->type].label), e, before, k->clock));
    if (p->limit_ms != TIME_NONE)
        p->limit_ms += moved_by(p, run->due, k->due_ms);
    if (k->due_ms < run->from) /* more was counted than it now has */
        p->limit_ms = TIME_NONE;
    run->due = k->due_ms;
}

static void change_run(struct proving *p, struct run *run, const struct clock_change *k,
                       const struct event *e, enum state before)
{
    switch (k->op) {
    case CLOCK_PAUSE:
        pause_run(p, run, e->at_ms);
        break;
    case CLOCK_RESUME:
        resume_run(p, run, k, e->at_ms);
        break;
    case CLOCK_EXTEND:
        extend_run(p, run, k, e, before);
        break;
    case CLOCK_STOP:
    case CLOCK_CANCEL:
        if (run->still)
            add(p, PROOF_PAUSED, run->from, e->at_ms, 0, pause_rule(p, k->clock));
        run->stop_rule = with_source(p, command_table[e->type].word, e, before, k->clock);
        run->stop_why = and_articles(p, _(command_table[e->type].label), e, before, k->clock);
        break;
    case CLOCK_START:
    case CLOCK_OP_COUNT:
        break;
    }
}

static void end_run(struct proving *p, const struct run *run, const struct clock_run *last,
                    enum clock_id clock)
{
    if (!run->still) {
        count(p, run->from, run->due, PROOF_COUNTED, p->named ? "3.4.5" : "3.4.1");
        add(p, PROOF_DUE, run->due, run->due, 0, run->rule);
    } else if (!run->stop_rule) {
        add(p, PROOF_PAUSED, run->from, run->from, 0, pause_rule(p, clock));
    }
    if (run->stop_rule) {
        add(p, PROOF_STOPPED, last->stopped_ms, last->stopped_ms, 0, run->stop_rule);
        because(p, run->stop_why);
    }
}

/* --- the proof -------------------------------------------------------------------------------- */

static bool same_clock(const struct clock_change *k, enum clock_id clock, uint32_t object)
{
    return k->clock == clock && k->object == object;
}

static bool ever_ran(const struct event *events, size_t n, enum clock_id clock, uint32_t object)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < events[i].n_clocks; k++)
            if (events[i].clocks[k].op == CLOCK_START &&
                same_clock(&events[i].clocks[k], clock, object))
                return true;
    return false;
}

static void follow(struct proving *p, struct run *run, const struct casefile *c,
                   const struct event *e, enum state before, enum clock_id clock, uint32_t object)
{
    for (size_t i = 0; i < e->n_clocks; i++) {
        const struct clock_change *k = &e->clocks[i];
        if (!same_clock(k, clock, object))
            continue;
        if (k->op == CLOCK_START)
            start_run(p, run, c, k, e, before);
        else if (run->due != TIME_NONE)
            change_run(p, run, k, e, before);
    }
}

static struct clock_run run_of(const struct casefile *c, enum clock_id clock, uint32_t object)
{
    const struct object *o = casefile_object(c, object);
    for (int i = 0; o && i < OBJECT_CLOCKS; i++)
        if (o->clock[i].id == clock)
            return o->clock[i].run;
    return c->clock[clock];
}

enum status clock_proof(const struct policy *policy, const struct calendar *calendar,
                        const struct event *events, size_t n, enum clock_id clock, uint32_t object,
                        struct arena *a, struct proof *ret, struct errmsg *err)
{
    static const struct uuid none = {{0}};
    struct errmsg own = {{0}};
    struct proving p = {.policy = policy,
                        .calendar = calendar,
                        .a = a,
                        .limit_ms = TIME_NONE,
                        .st = ST_OK,
                        .err = err ? err : &own};
    struct run run = {.due = TIME_NONE};
    if (!ever_ran(events, n, clock, object)) {
        *ret = (struct proof){
            .clock = clock, .object = object, .limit_ms = TIME_NONE, .due_ms = TIME_NONE};
        return ST_OK;
    }
    struct casefile *c = arena_alloc(a, sizeof *c);
    if (!c)
        return fail(err, ST_NOMEM, "%s", _("Out of memory."));
    casefile_init(c, &none, a);
    for (size_t i = 0; i < n; i++) {
        enum state before = c->state;
        enum status st = casefile_apply(c, &events[i], err);
        if (st != ST_OK)
            return st;
        follow(&p, &run, c, &events[i], before, clock, object);
    }
    struct clock_run last = run_of(c, clock, object);
    end_run(&p, &run, &last, clock);
    if (arena_failed(a))
        return fail(err, ST_NOMEM, "%s", _("Out of memory."));
    if (p.st != ST_OK)
        return p.st;
    *ret = (struct proof){.clock = clock,
                          .object = object,
                          .lines = p.lines,
                          .n = p.n,
                          .limit_ms = p.limit_ms,
                          .sum_ms = p.sum,
                          .due_ms = run.still ? TIME_NONE : run.due,
                          .run = last};
    return ST_OK;
}

static uint32_t objects_of(const struct event *events, size_t n)
{
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < events[i].n_clocks; k++)
            most = events[i].clocks[k].object > most ? events[i].clocks[k].object : most;
    return most;
}

static size_t starts_of(const struct event *events, size_t n)
{
    size_t starts = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < events[i].n_clocks; k++)
            starts += events[i].clocks[k].op == CLOCK_START;
    return starts;
}

enum status clock_proofs(const struct policy *policy, const struct calendar *calendar,
                         const struct event *events, size_t n, struct arena *a,
                         const struct proof **ret, size_t *ret_n, struct errmsg *err)
{
    uint32_t objects = objects_of(events, n);
    struct proof *all = arena_array(a, starts_of(events, n) + 1, sizeof *all);
    size_t found = 0;
    if (!all)
        return fail(err, ST_NOMEM, "%s", _("Out of memory."));
    for (int i = 0; i < CLOCK_COUNT; i++)
        for (uint32_t o = 0; o <= objects; o++) {
            enum status st =
                clock_proof(policy, calendar, events, n, (enum clock_id)i, o, a, &all[found], err);
            if (st != ST_OK)
                return st;
            found += all[found].n > 0;
        }
    *ret = all;
    *ret_n = found;
    return ST_OK;
}

/* --- what they said --------------------------------------------------------------------------- */

static int64_t left_of(const struct clock_run *run, int64_t at_ms)
{
    switch (run->status) {
    case CLOCK_RUNNING:
        return run->due_ms - at_ms;
    case CLOCK_PAUSED:
        return run->due_ms - run->paused_ms;
    case CLOCK_STOPPED:
        return run->due_ms - run->stopped_ms;
    default:
        return TIME_NONE;
    }
}

enum status clocks_said(const struct event *events, size_t n, int64_t at_ms, struct arena *a,
                        const struct clock_said **ret, size_t *ret_n, struct errmsg *err)
{
    static const struct uuid none = {{0}};
    struct casefile *c = arena_alloc(a, sizeof *c);
    struct clock_said *all = arena_array(a, starts_of(events, n) + 1, sizeof *all);
    size_t had = 0, found = 0;
    if (!c || !all)
        return fail(err, ST_NOMEM, "%s", _("Out of memory."));
    casefile_init(c, &none, a);
    while (had < n && events[had].at_ms <= at_ms) {
        enum status st = casefile_apply(c, &events[had++], err);
        if (st != ST_OK)
            return st;
    }
    uint32_t objects = objects_of(events, had);
    for (int i = 0; i < CLOCK_COUNT; i++)
        for (uint32_t o = 0; o <= objects; o++) {
            if (!ever_ran(events, had, (enum clock_id)i, o))
                continue;
            struct clock_run run = run_of(c, (enum clock_id)i, o);
            all[found++] = (struct clock_said){(enum clock_id)i, o, run, left_of(&run, at_ms)};
        }
    if (arena_failed(a))
        return fail(err, ST_NOMEM, "%s", _("Out of memory."));
    *ret = all;
    *ret_n = found;
    return ST_OK;
}
