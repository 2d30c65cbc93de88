#include "tests/sim/history.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const history_rule_word[RULE_COUNT] = {
    "none",  "complete", "once",      "no phantom", "dense",    "real time",
    "legal", "stable",   "monotonic", "converge",   "not lost", "own writes"};

struct check {
    const struct history *h;
    const struct workflow_context *rules;
    char *why;
    size_t why_size;
};

__attribute__((format(printf, 3, 4))) static enum history_rule
broken(struct check *c, enum history_rule rule, const char *fmt, ...)
{
    va_list ap;
    int n = snprintf(c->why, c->why_size, "rule %d (%s): ", (int)rule, history_rule_word[rule]);
    va_start(ap, fmt);
    vsnprintf(c->why + n, c->why_size - (size_t)n, fmt, ap);
    va_end(ap);
    return rule;
}

static bool same(const struct uuid *a, const struct uuid *b)
{
    return uuid_compare(a, b) == 0;
}

static const struct operation *operation_of(const struct history *h, const struct uuid *id)
{
    for (size_t i = 0; i < h->n_operations; i++)
        if (same(&h->operations[i].command.id, id))
            return &h->operations[i];
    return NULL;
}

static const struct case_log *log_of(const struct history *h, const struct uuid *case_id)
{
    for (size_t i = 0; i < h->n_logs; i++)
        if (same(&h->logs[i].id, case_id))
            return &h->logs[i];
    return NULL;
}

/* Place of the command's first event in the log of its case; 0: not there. */
static size_t place_of(const struct history *h, const struct operation *op)
{
    const struct case_log *log = log_of(h, &op->command.case_id);
    for (size_t i = 0; log && i < log->n; i++)
        if (same(&log->events[i].command_id, &op->command.id))
            return i + 1;
    return 0;
}

static const struct report *report_of(const struct history *h, const struct uuid *id)
{
    for (size_t i = 0; i < h->n_reports; i++)
        if (same(&h->reports[i].command, id))
            return &h->reports[i];
    return NULL;
}

/* --- the log by itself ---------------------------------------------------------------------- */
static enum history_rule check_log(struct check *c, const struct case_log *log)
{
    for (size_t i = 0; i < log->n; i++) {
        const struct event *e = &log->events[i];
        if (e->seq != i + 1)
            return broken(c, RULE_DENSE, "event %zu has the number %u", i + 1, e->seq);
        bool goes_on = i > 0 && same(&log->events[i - 1].command_id, &e->command_id);
        for (size_t k = 0; !goes_on && k < i; k++)
            if (same(&log->events[k].command_id, &e->command_id))
                return broken(c, RULE_ONCE, "events %zu and %zu are of one command", k + 1, i + 1);
        if (i < log->before)
            continue;
        const struct operation *op = operation_of(c->h, &e->command_id);
        if (!op)
            return broken(c, RULE_NO_PHANTOM, "nobody invoked event %zu", i + 1);
        if (!same(&op->command.case_id, &log->id) || op->command.type != e->type ||
            strcmp(op->who->user, e->actor.user) != 0)
            return broken(c, RULE_NO_PHANTOM, "event %zu is not what was invoked", i + 1);
        for (size_t v = 0; !goes_on && v < op->command.n_values; v++) {
            const struct value *said = &op->command.values[v];
            const char *kept = value_find(e->values, e->n_values, said->field);
            if (!kept || strcmp(kept, said->text) != 0)
                return broken(c, RULE_NOT_LOST, "event %zu has not the text confirmed", i + 1);
        }
    }
    return RULE_NONE;
}

static enum history_rule check_once_over_cases(struct check *c)
{
    for (size_t i = 0; i < c->h->n_operations; i++) {
        const struct operation *op = &c->h->operations[i];
        int cases = 0;
        for (size_t k = 0; k < c->h->n_logs; k++)
            for (size_t e = 0; e < c->h->logs[k].n; e++)
                if (same(&c->h->logs[k].events[e].command_id, &op->command.id)) {
                    cases++;
                    break;
                }
        if (cases > 1)
            return broken(c, RULE_ONCE, "command %zu stands in %d cases", i, cases);
    }
    return RULE_NONE;
}

/* --- the rules of procedure ----------------------------------------------------------------- */
/* Would the command be accepted on the first n events at this moment? */
static bool accepted(struct check *c, const struct case_log *log, size_t n,
                     const struct operation *op, int64_t now_ms, struct arena *a,
                     struct decision *ret)
{
    struct casefile fold;
    struct refusal why = {0};
    struct workflow_context rules = *c->rules;
    casefile_init(&fold, &log->id, a);
    for (size_t i = 0; i < n; i++)
        if (casefile_apply(&fold, &log->events[i], NULL) != ST_OK)
            return false;
    if (strcmp(fold.value[FIELD_UNIT], c->h->unit) != 0)
        return false; /* not in sight any more */
    rules.now_ms = now_ms;
    return workflow_decide(&rules, &fold, &op->command, op->who, a, ret, &why, NULL) == ST_OK;
}

static enum history_rule check_accepted(struct check *c, const struct case_log *log)
{
    struct arena a;
    enum history_rule bad = RULE_NONE;
    arena_init(&a, 0);
    for (size_t i = log->before; i < log->n && !bad;) {
        struct decision d = {0};
        const struct event *e = &log->events[i];
        const struct operation *op = operation_of(c->h, &e->command_id);
        if (!accepted(c, log, i, op, e->at_ms, &a, &d))
            bad = broken(c, RULE_LEGAL, "%s was not allowed at event %zu",
                         command_table[e->type].word, i + 1);
        for (size_t k = 0; k < d.n && !bad; k++)
            if (i + k >= log->n || log->events[i + k].to != d.events[k].to ||
                !same(&log->events[i + k].command_id, &op->command.id))
                bad = broken(c, RULE_LEGAL, "%s gave other events at %zu",
                             command_table[e->type].word, i + 1);
        i += d.n ? d.n : 1;
        arena_reset(&a);
    }
    arena_release(&a);
    return bad;
}

/* Was it illegal at some version between its invocation and its refusal? */
static enum history_rule check_refused(struct check *c, const struct operation *op,
                                       const struct report *r)
{
    const struct case_log *log = log_of(c->h, &op->command.case_id);
    struct arena a;
    bool reason = !log;
    arena_init(&a, 0);
    for (size_t n = 0; !reason && n <= log->n; n++) {
        struct decision d = {0};
        bool early = n < log->n && log->events[n].at_ms < op->invoked_ms;
        bool late = n > 0 && log->events[n - 1].at_ms > r->at_ms;
        if (!early && !late)
            reason = !accepted(c, log, n, op, r->at_ms, &a, &d);
        arena_reset(&a);
    }
    arena_release(&a);
    return reason ? RULE_NONE
                  : broken(c, RULE_LEGAL, "%s was refused without reason",
                           command_table[op->command.type].word);
}

/* --- what was told -------------------------------------------------------------------------- */
static enum history_rule check_reports(struct check *c)
{
    for (size_t i = 0; i < c->h->n_reports; i++) {
        const struct report *r = &c->h->reports[i], *first = report_of(c->h, &r->command);
        const struct operation *op = operation_of(c->h, &r->command);
        if (!op)
            continue; /* a stranger's, planted by the line */
        if (r->kind != first->kind || r->version != first->version || r->status != first->status)
            return broken(c, RULE_STABLE, "%s got another outcome when it was sent again",
                          command_table[op->command.type].word);
        if (r != first)
            continue;
        size_t place = place_of(c->h, op);
        if (r->kind == OUTCOME_APPLIED && place == 0)
            return broken(c, RULE_COMPLETE, "%s was reported and is not in the log",
                          command_table[op->command.type].word);
        if (r->kind == OUTCOME_REJECTED && place > 0)
            return broken(c, RULE_STABLE, "%s was refused and is in the log",
                          command_table[op->command.type].word);
        if (r->kind == OUTCOME_REJECTED) {
            enum history_rule bad = check_refused(c, op, r);
            if (bad)
                return bad;
        }
    }
    return RULE_NONE;
}

static enum history_rule check_real_time(struct check *c)
{
    for (size_t i = 0; i < c->h->n_operations; i++) {
        const struct operation *a = &c->h->operations[i];
        size_t at = a->completed_ms == TIME_NONE ? 0 : place_of(c->h, a);
        for (size_t k = 0; at && k < c->h->n_operations; k++) {
            const struct operation *b = &c->h->operations[k];
            if (b->invoked_ms <= a->completed_ms || !same(&a->command.case_id, &b->command.case_id))
                continue;
            size_t later = place_of(c->h, b);
            if (later && later < at)
                return broken(c, RULE_REAL_TIME,
                              "command %zu was done before %zu, and stands after", i, k);
        }
    }
    return RULE_NONE;
}

/* --- what the consoles had ------------------------------------------------------------------ */
static enum history_rule check_sights(struct check *c)
{
    for (size_t i = 0; i < c->h->n_glimpses; i++) {
        const struct glimpse *now = &c->h->glimpses[i];
        for (size_t k = i; k-- > 0;) {
            const struct glimpse *was = &c->h->glimpses[k];
            if (was->console != now->console || !same(&was->of_case, &now->of_case))
                continue;
            if (now->number < was->number && !now->fresh)
                return broken(c, RULE_MONOTONIC, "console %d went back from %lld to %lld",
                              now->console, (long long)was->number, (long long)now->number);
            break;
        }
    }
    return RULE_NONE;
}

static const struct cache *cache_of(const struct history *h, int console, const struct uuid *id)
{
    for (size_t i = 0; i < h->n_caches; i++)
        if (h->caches[i].console == console && same(&h->caches[i].of_case, id))
            return &h->caches[i];
    return NULL;
}

static enum history_rule caches_of(struct check *c, const struct case_log *log, struct arena *a)
{
    struct casefile fold;
    casefile_init(&fold, &log->id, a);
    for (size_t i = 0; i < log->n; i++)
        casefile_apply(&fold, &log->events[i], NULL);
    bool in_sight = strcmp(fold.value[FIELD_UNIT], c->h->unit) == 0;
    for (int k = 0; k < c->h->consoles; k++) {
        const struct cache *has = cache_of(c->h, k, &log->id);
        if (!has != !in_sight)
            return broken(
                c, RULE_CONVERGE,
                has ? "console %d keeps a case that left its sight" : "console %d lacks a case", k);
        if (has && (has->version != fold.version || has->state != fold.state))
            return broken(c, RULE_CONVERGE, "console %d has version %u %s, the server %u %s", k,
                          has->version, state_table[has->state].word, fold.version,
                          state_table[fold.state].word);
    }
    return RULE_NONE;
}

static enum history_rule check_caches(struct check *c, const struct case_log *log)
{
    struct arena a;
    arena_init(&a, 0);
    enum history_rule bad = caches_of(c, log, &a);
    arena_release(&a);
    return bad;
}

static enum history_rule check_operation(struct check *c, const struct operation *op)
{
    const char *word = command_table[op->command.type].word;
    bool in_log = place_of(c->h, op) > 0;
    if (op->foretold && !op->shown)
        return broken(c, RULE_OWN_WRITES, "%s was not seen by who gave it", word);
    if (!in_log && !op->in_outbox && !op->conflict)
        return broken(c, RULE_NOT_LOST, "%s is nowhere", word);
    if (in_log && op->conflict)
        return broken(c, RULE_ONCE, "%s is in the log and in the conflicts", word);
    for (size_t v = 0; op->conflict && v < op->command.n_values; v++) {
        const struct value *said = &op->command.values[v];
        const char *kept = value_find(op->conflict->values, op->conflict->n_values, said->field);
        if (!kept || strcmp(kept, said->text) != 0)
            return broken(c, RULE_NOT_LOST, "%s lost its text in the conflicts", word);
    }
    return RULE_NONE;
}

enum history_rule history_check(const struct history *h, const struct workflow_context *rules,
                                char *why, size_t why_size)
{
    struct check c = {h, rules, why, why_size};
    enum history_rule bad = RULE_NONE;
    for (size_t i = 0; i < h->n_logs && !bad; i++)
        bad = check_log(&c, &h->logs[i]);
    if (!bad)
        bad = check_once_over_cases(&c);
    if (!bad)
        bad = check_reports(&c);
    for (size_t i = 0; i < h->n_logs && !bad; i++)
        bad = check_accepted(&c, &h->logs[i]);
    if (!bad)
        bad = check_real_time(&c);
    if (!bad)
        bad = check_sights(&c);
    for (size_t i = 0; i < h->n_logs && !bad; i++)
        bad = check_caches(&c, &h->logs[i]);
    for (size_t i = 0; i < h->n_operations && !bad; i++)
        bad = check_operation(&c, &h->operations[i]);
    return bad;
}
