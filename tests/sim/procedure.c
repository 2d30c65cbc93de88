/*
 * procedure.c: the whole table of procedure, played by random people of every role; one seed is one office.
 *
 * usage: procedure [--seeds N] [--from S]        TAP; a failing seed says the step and how to repeat it
 *
 * The real service in one process on a store of its own, with a clock that jumps: minutes, nights, weekends, weeks. No
 * line and no console (sim.c has those). Each step somebody does something to some order; what the table foretells is
 * what the service must answer, and a refusal changes nothing. The rules of procedure_rules.h hold after every step,
 * nobody sees what is out of his sight, and at the end the audit log is whole.
 */
#include "core/base/random.h"
#include "core/wire/codec.h"
#include "data/embedded.h"
#include "server/audit_verify.h"
#include "server/service.h"
#include "tests/sim/office_store.h"
#include "tests/sim/procedure_arguments.h"
#include <inttypes.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    CASES = 25,
    STEPS = 600,
    TRIES = 40,       /* to find something that is offered */
    CANDIDATES = 4,   /* of which the one done least is chosen */
    CHECK_EVERY = 10, /* steps */
    LOOKS_AT_END = 6, /* people who look at each order, and who hear of all */
    PEOPLE_MOST = 128,
    ROWS_MOST = 256,
    WORKERS = 2,
    FAILURES_MOST = 5,
    OFFICES = 2 /* kinds of template */
};

/* A store to begin with and the rules that it was made with. */
struct template
{
    char path[4096];
    const char *policy;
    size_t policy_n;
};

struct tally {
    long long row[ROWS_MOST]; /* how often each row of the table was applied */
    long long applied, refused, offered, offered_applied, out_of_sight, chained;
};

struct world {
    uint64_t seed;
    int step;
    struct rng rng;
    struct random random;
    struct clock clock;
    int64_t now_ms;
    struct service *service;
    struct policy policy;
    struct calendar calendar;
    struct workflow_context ctx;
    struct actor people[PEOPLE_MOST];
    size_t n_people;
    const struct actor *hotline; /* sees every order in full */
    struct followed m[CASES];
    size_t n, focus;
    int used[COMMAND_COUNT];
    char cursor[CURSOR_SIZE], folder[4096], url[4200];
    struct uuid_source ids;
    struct buf out;
    struct arena arena, scratch; /* of the seed, of the step */
    struct tally *tally;
};

static jmp_buf failed;
static char why_failed[1024];

__attribute__((format(printf, 2, 3), noreturn)) static void give_up(const struct world *w,
                                                                    const char *fmt, ...)
{
    va_list ap;
    int n = snprintf(why_failed, sizeof why_failed, "step %d: ", w->step);
    va_start(ap, fmt);
    vsnprintf(why_failed + n, sizeof why_failed - (size_t)n, fmt, ap);
    va_end(ap);
    longjmp(failed, 1);
}

static int64_t world_now(void *self)
{
    return ((struct world *)self)->now_ms;
}

/* --- what the orders became ------------------------------------------------------------------- */

static struct followed *find_case(struct world *w, const struct uuid *id)
{
    for (size_t i = 0; i < w->n; i++)
        if (uuid_compare(&w->m[i].c.id, id) == 0)
            return &w->m[i];
    return NULL;
}

/* The only row of a command; -1 when it has several: then the decision tells. */
static int single_row(enum command_type type)
{
    int found = -1, n = 0;
    for (size_t i = 0; i < workflow_rows; i++)
        if (workflow_table[i].command == type) {
            found = (int)i;
            n++;
        }
    return n == 1 ? found : -1;
}

static void take_event(struct world *w, struct followed *m, const struct event *e)
{
    char why[256];
    struct errmsg err = {{0}};
    struct casefile was = m->c;
    if (casefile_apply(&m->c, e, &err) != ST_OK)
        give_up(w, "%s", err.text);
    m->reopened |= e->type == COMMAND_REOPEN;
    int row = single_row(e->type);
    if (row >= 0)
        w->tally->row[row]++;
    if (!procedure_event_fits(&was, m, e, w->ctx.reference, why, sizeof why))
        give_up(w, "%s, by %s in %s: %s", m->c.value[FIELD_NUMBER], command_table[e->type].word,
                state_table[was.state].word, why);
}

/* Hears what changed since it last asked, as the hotline. */
static void absorb(struct world *w)
{
    struct errmsg err = {{0}};
    buf_clear(&w->out);
    if (service_changes(w->service, w->hotline, w->cursor, 1000, &w->out, &err) != ST_OK)
        give_up(w, "changes: %s", err.text);
    for (char *line = w->out.data; *line;) {
        char *end = strchr(line, '\n');
        struct change change;
        if (!end || change_decode(line, (size_t)(end - line), &w->arena, &change, &err) != ST_OK)
            give_up(w, "changes: %s", err.text);
        line = end + 1;
        if (change.kind == CHANGE_END)
            snprintf(w->cursor, sizeof w->cursor, "%s", change.cursor);
        if (change.kind != CHANGE_CASE)
            continue;
        struct followed *m = find_case(w, &change.case_id);
        if (!m && w->n == CASES)
            give_up(w, "more orders than were made");
        if (!m) {
            m = &w->m[w->n++];
            casefile_init(&m->c, &change.case_id, &w->arena);
        }
        for (size_t i = 0; i < change.n_events; i++)
            take_event(w, m, &change.events[i]);
    }
}

/* --- checking --------------------------------------------------------------------------------- */

static void check_all(struct world *w)
{
    char why[256];
    for (size_t i = 0; i < w->n; i++)
        if (!procedure_case_fits(&w->m[i], w->ctx.reference, why, sizeof why))
            give_up(w, "%s: %s", w->m[i].c.value[FIELD_NUMBER], why);
    if (!procedure_mergers_fit(w->m, w->n, why, sizeof why))
        give_up(w, "%s", why);
}

/* What a person gets of an order is what the table says he sees; of a secret report no more than section 5. */
static void look(struct world *w, const struct casefile *c, const struct actor *who)
{
    struct errmsg err = {{0}};
    buf_clear(&w->out);
    enum status st = service_case(w->service, who, &c->id, &w->out, &err);
    bool sees = workflow_sees(c, who);
    if (st != ST_OK && st != ST_NOT_FOUND)
        give_up(w, "case: %s", err.text);
    if ((st == ST_OK) != sees)
        give_up(w, "%s (%s of %s) %s %s, which is %s, unit %s", who->user,
                role_table[who->role].word, who->office,
                sees ? "does not get but should see" : "gets but should not see",
                c->value[FIELD_NUMBER], state_table[c->state].word, c->value[FIELD_UNIT]);
    bool secret = strcmp(c->value[FIELD_SECRET], "yes") == 0;
    if (st == ST_OK && secret && !procedure_knows_secret(c, who) &&
        (strstr(w->out.data, SECRET_NAME) || strstr(w->out.data, SECRET_PHONE)))
        give_up(w, "9: %s (%s) gets the claimant of the secret %s", who->user,
                role_table[who->role].word, c->value[FIELD_NUMBER]);
}

/* All that his console would be told, from the beginning: orders in his sight, and number 9 on each line of it. */
static void hear(struct world *w, const struct actor *who)
{
    struct errmsg err = {{0}};
    buf_clear(&w->out);
    arena_reset(&w->scratch);
    if (service_changes(w->service, who, "", 1000, &w->out, &err) != ST_OK)
        give_up(w, "changes: %s", err.text);
    for (char *line = w->out.data, *end; (end = strchr(line, '\n')); line = end + 1) {
        struct change change;
        *end = '\0';
        if (change_decode(line, (size_t)(end - line), &w->scratch, &change, &err) != ST_OK)
            give_up(w, "changes: %s", err.text);
        const struct followed *m =
            change.kind == CHANGE_CASE ? find_case(w, &change.case_id) : NULL;
        if (m && !workflow_sees(&m->c, who))
            give_up(w, "%s (%s) hears of %s, which he does not see", who->user,
                    role_table[who->role].word, m->c.value[FIELD_NUMBER]);
        if (!(m && procedure_knows_secret(&m->c, who)) &&
            (strstr(line, SECRET_NAME) || strstr(line, SECRET_PHONE)))
            give_up(w, "9: %s (%s) is told the claimant of a secret order by %s, %s", who->user,
                    role_table[who->role].word, m ? m->c.value[FIELD_NUMBER] : "none",
                    m ? state_table[m->c.state].word : "");
    }
}

static const struct actor *anybody(struct world *w)
{
    return &w->people[rng_below(&w->rng, (uint32_t)w->n_people)];
}

/* The fold of all events from the first is the fold of what was heard bit by bit. */
static void fold_again(struct world *w, const struct followed *m)
{
    struct casefile c;
    struct change change;
    struct errmsg err = {{0}};
    buf_clear(&w->out);
    arena_reset(&w->scratch);
    casefile_init(&c, &m->c.id, &w->scratch);
    if (service_case(w->service, w->hotline, &m->c.id, &w->out, &err) != ST_OK ||
        change_decode(w->out.data, strcspn(w->out.data, "\n"), &w->scratch, &change, &err) != ST_OK)
        give_up(w, "case: %s", err.text);
    for (size_t i = 0; i < change.n_events; i++)
        if (casefile_apply(&c, &change.events[i], &err) != ST_OK)
            give_up(w, "%s", err.text);
    bool same = c.version == m->c.version && c.state == m->c.state &&
                c.n_objects == m->c.n_objects && memcmp(c.clock, m->c.clock, sizeof c.clock) == 0;
    for (int f = 0; f < FIELD_COUNT; f++)
        same = same && strcmp(c.value[f], m->c.value[f]) == 0;
    if (!same)
        give_up(w, "%s folded anew is another", m->c.value[FIELD_NUMBER]);
}

static void check_at_end(struct world *w)
{
    check_all(w);
    for (size_t i = 0; i < w->n; i++) {
        fold_again(w, &w->m[i]);
        for (int k = 0; k < LOOKS_AT_END; k++)
            look(w, &w->m[i].c, anybody(w));
    }
    for (int k = 0; k < LOOKS_AT_END; k++)
        hear(w, anybody(w));
}

static void check_audit(struct world *w)
{
    struct db *db = NULL;
    struct errmsg err = {{0}};
    struct audit_report report;
    service_close(w->service);
    w->service = NULL;
    enum status st = database_open(w->url, DB_WRITE, &db, &err);
    if (st == ST_OK)
        st = audit_verify(db, NULL, NULL, &report, &err);
    database_close(db);
    if (st != ST_OK)
        give_up(w, "audit: %s", err.text);
}

/* --- a step ----------------------------------------------------------------------------------- */

static void time_passes(struct world *w)
{
    uint32_t what = rng_below(&w->rng, 1000);
    if (what < 3)
        w->now_ms += rng_between(&w->rng, 7, 35) * MS_DAY;
    else if (what < 20)
        w->now_ms += rng_between(&w->rng, 24, 72) * MS_HOUR;
    else if (what < 70)
        w->now_ms += rng_between(&w->rng, 8, 16) * MS_HOUR;
    else if (what < 300)
        w->now_ms += rng_between(&w->rng, 30, 240) * MS_MINUTE;
    else
        w->now_ms += rng_between(&w->rng, 0, 15 * MS_MINUTE);
    w->ctx.now_ms = w->now_ms;
    struct errmsg err = {{0}};
    size_t n = 1;
    for (int i = 0; n && i < 100; i++)
        if (service_tick(w->service, &n, &err) != ST_OK)
            give_up(w, "tick: %s", err.text);
    absorb(w);
}

struct act {
    struct followed *m; /* NULL: a new order */
    const struct actor *who;
    enum command_type type;
    bool offered;
};

/* What ends an order is done seldom, what brings it on often. */
static int weight(const struct world *w, enum command_type type)
{
    switch (type) {
    case COMMAND_WITHDRAW:
    case COMMAND_CONFIRM_VOID:
    case COMMAND_SEND_ELSEWHERE:
    case COMMAND_MERGE:
        return 12 * w->used[type] + 6;
    case COMMAND_DISPATCH:
    case COMMAND_SIGN:
    case COMMAND_ASSIGN:
    case COMMAND_CONTACT:
    case COMMAND_SUBMIT_REPLY:
    case COMMAND_APPROVE:
    case COMMAND_ATTEMPT:
    case COMMAND_RATE:
        return w->used[type] / 3;
    default:
        return w->used[type];
    }
}

static const struct actor *person_with(struct world *w, enum role role)
{
    const struct actor *found = NULL;
    uint32_t seen = 0;
    for (size_t i = 0; i < w->n_people; i++)
        if (w->people[i].role == role && rng_below(&w->rng, ++seen) == 0)
            found = &w->people[i];
    return found;
}

/* Something that is offered on the order, by a row from its state; false when nothing was found. */
static bool choose_offered(struct world *w, const struct casefile *c, struct act *ret)
{
    const struct transition *rows[ROWS_MOST];
    uint32_t n = 0;
    int found = 0;
    for (size_t i = 0; i < workflow_rows && n < ROWS_MOST; i++)
        if (workflow_table[i].from & (1u << c->state))
            rows[n++] = &workflow_table[i];
    for (int i = 0; n && i < TRIES && found < CANDIDATES; i++) {
        const struct transition *t = rows[rng_below(&w->rng, n)];
        uint32_t rights = 0;
        while (t->rights[rights].role != ROLE_NOBODY)
            rights++;
        const struct actor *who = person_with(w, t->rights[rng_below(&w->rng, rights)].role);
        if (!who || (found && weight(w, t->command) >= weight(w, ret->type)) ||
            workflow_offers(&w->ctx, c, t->command, who) != REFUSAL_NONE)
            continue;
        ret->who = who;
        ret->type = t->command;
        found++;
    }
    return found > 0;
}

static bool choose(struct world *w, struct act *ret)
{
    struct casefile none;
    *ret = (struct act){.m = NULL};
    casefile_init(&none, &(struct uuid){{0}}, &w->scratch);
    bool anew = w->n == 0 || (w->n < CASES && rng_below(&w->rng, 12) == 0);
    if (rng_below(&w->rng, 4) == 0 && w->n)
        w->focus = rng_below(&w->rng, (uint32_t)w->n);
    if (!anew)
        ret->m = &w->m[w->focus];
    const struct casefile *c = ret->m ? &ret->m->c : &none;
    if (rng_below(&w->rng, 8) == 0) { /* anybody tries anything */
        ret->who = anybody(w);
        ret->type = (enum command_type)rng_below(&w->rng, COMMAND_COUNT);
        ret->offered = workflow_offers(&w->ctx, c, ret->type, ret->who) == REFUSAL_NONE;
        return ret->m || w->n < CASES;
    }
    ret->offered = choose_offered(w, c, ret);
    if (ret->offered && anew && rng_below(&w->rng, 6)) {
        ret->type = COMMAND_LOG;
        ret->who = person_with(w, rng_below(&w->rng, 5) ? ROLE_OPERATOR : ROLE_DESK);
    }
    if (!ret->offered && w->n)
        w->focus = rng_below(&w->rng, (uint32_t)w->n);
    return ret->offered;
}

/* The order that a command names. */
static const struct casefile *named(struct world *w, const struct command *k)
{
    struct uuid id;
    const char *name = value_find(k->values, k->n_values, workflow_other(k->type));
    if (!name)
        return NULL;
    if (uuid_parse(name, &id)) {
        struct followed *m = find_case(w, &id);
        return m ? &m->c : NULL;
    }
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(w->m[i].c.value[FIELD_NUMBER], name) == 0)
            return &w->m[i].c;
    return NULL;
}

static void count(struct world *w, const struct act *act, const struct decision *d, bool applied)
{
    w->tally->offered += act->offered;
    w->tally->offered_applied += act->offered && applied;
    w->tally->applied += applied;
    w->tally->refused += !applied;
    w->used[act->type]++;
    if (applied && single_row(act->type) < 0)
        w->tally->row[d->transition - workflow_table]++;
}

static void perform(struct world *w, const struct act *act)
{
    struct casefile none;
    struct value values[ARGUMENTS_MOST];
    struct uuid id = act->m ? act->m->c.id : uuid_new(&w->ids);
    casefile_init(&none, &id, &w->scratch);
    const struct casefile *c = act->m ? &act->m->c : &none;
    struct typing typing = {.rng = &w->rng,
                            .ctx = &w->ctx,
                            .all = w->m,
                            .n_all = w->n,
                            .c = c,
                            .who = act->who,
                            .type = act->type,
                            .a = &w->scratch};
    struct command k = {.id = uuid_new(&w->ids),
                        .case_id = id,
                        .base = c->version,
                        .type = act->type,
                        .at_ms = w->now_ms,
                        .values = values};
    if ((act->type == COMMAND_MERGE) && w->n == 0)
        return;
    k.n_values = typed_arguments(&typing, values);
    struct workflow_context ctx = w->ctx;
    struct decision d = {0};
    struct refusal why = {0};
    struct outcome o = {0};
    struct errmsg err = {{0}};
    char cursor[CURSOR_SIZE];
    ctx.other = named(w, &k);
    bool foretold = workflow_decide(&ctx, c, &k, act->who, &w->scratch, &d, &why, NULL) == ST_OK;
    if (service_commands(w->service, act->who, &k, 1, &w->scratch, &o, &err) != ST_OK)
        give_up(w, "%s: %s", command_table[k.type].word, err.text);
    bool applied = o.kind == OUTCOME_APPLIED;
    service_cursor(w->service, cursor);
    if (!applied && strcmp(cursor, w->cursor) != 0)
        give_up(w, "%s was refused and changed something", command_table[k.type].word);
    bool elsewhere = o.problem.status == 404 || (d.n_also && o.problem.status == 409);
    if (foretold != applied && !(foretold && elsewhere))
        give_up(w, "%s by %s in %s: foretold %s, but %s", command_table[k.type].word,
                role_table[act->who->role].word, state_table[c->state].word,
                foretold ? "applied" : why.text, applied ? "applied" : o.problem.detail);
    w->tally->out_of_sight += foretold && o.problem.status == 404;
    w->tally->chained += foretold && !applied && d.n_also && o.problem.status == 409;
    count(w, act, &d, applied);
    absorb(w);
}

static void live(struct world *w)
{
    for (w->step = 0; w->step < STEPS; w->step++) {
        struct act act;
        arena_reset(&w->scratch);
        time_passes(w);
        if (choose(w, &act))
            perform(w, &act);
        if (w->step % CHECK_EVERY)
            continue;
        check_all(w);
        if (w->n)
            look(w, &w->m[rng_below(&w->rng, (uint32_t)w->n)].c, anybody(w));
    }
    check_at_end(w);
    check_audit(w);
}

/* --- one seed --------------------------------------------------------------------------------- */

static void begin(struct world *w, const struct template *t)
{
    char db[4200];
    struct errmsg err = {{0}};
    struct service_config config = {.url = w->url, .clock = &w->clock, .random = &w->random};
    mkdir(w->folder, 0700);
    snprintf(db, sizeof db, "%.4000s/office.db", w->folder);
    snprintf(w->url, sizeof w->url, "sqlite:%.4100s", db);
    if (!office_store_copy(t->path, db))
        give_up(w, "the template cannot be copied");
    if (policy_decode(t->policy, t->policy_n, &w->arena, &w->policy, &err) != ST_OK ||
        calendar_decode((const char *)data_calendar_json, data_calendar_json_len, &w->calendar,
                        &err) != ST_OK ||
        service_open(&config, &w->service, &err) != ST_OK)
        give_up(w, "%s", err.text);
    const struct reference *r = service_reference(w->service);
    w->ctx =
        (struct workflow_context){.policy = &w->policy, .calendar = &w->calendar, .reference = r};
    for (size_t i = 0; i < r->n_people && i < PEOPLE_MOST; i++) {
        const struct person *p = &r->people[i];
        w->people[w->n_people++] = (struct actor){.user = p->user,
                                                  .name = p->name,
                                                  .role = p->role,
                                                  .office = p->office,
                                                  .unit = p->unit,
                                                  .device = "procedure"};
    }
    for (size_t i = w->n_people; i-- > 0 && w->n_people < PEOPLE_MOST;)
        if (w->people[i].role == ROLE_DESK) { /* at night one person drafts and reviews (5) */
            w->people[w->n_people] = w->people[i];
            w->people[w->n_people++].role = ROLE_REVIEWER;
        }
    w->hotline = person_with(w, ROLE_OPERATOR);
    service_cursor(w->service, w->cursor);
}

static bool run_seed(uint64_t seed, const struct template *t, const char *tmp, struct tally *tally)
{
    struct world *w = calloc(1, sizeof *w);
    volatile bool ok = false; /* lives through longjmp */
    if (!w)
        return false;
    w->seed = seed;
    w->tally = tally;
    rng_seed(&w->rng, seed);
    w->random = rng_random(&w->rng);
    w->now_ms = INT64_C(1773100800000); /* Tue 10 Mar 2026 08:00 +08:00 */
    w->clock = (struct clock){.self = w, .wall_ms = world_now, .mono_ms = world_now};
    w->ids = (struct uuid_source){.clock = &w->clock, .random = &w->random};
    arena_init(&w->arena, 0);
    arena_init(&w->scratch, 0);
    buf_init(&w->out, 64 << 20);
    snprintf(w->folder, sizeof w->folder, "%.4000s/p%" PRIu64, tmp, seed);
    if (setjmp(failed) == 0) {
        begin(w, t);
        live(w);
        ok = true;
    }
    service_close(w->service);
    buf_release(&w->out);
    arena_release(&w->scratch);
    arena_release(&w->arena);
    office_store_remove(w->folder);
    free(w);
    return ok;
}

/* --- all of them ------------------------------------------------------------------------------ */

struct verdict {
    bool done, ok;
    char why[512];
};

/* Every second office lets the clock sign (auto_sign, row 8). */
static bool make_templates(struct template t[OFFICES], const char *tmp)
{
    static const char off[] = "\"auto_sign\": {\"on\": false",
                      on[] = "\"auto_sign\": {\"on\": true ";
    char *text = strndup((const char *)data_policy_json, data_policy_json_len);
    char *at = text ? strstr(text, off) : NULL;
    char policy[4200];
    if (!at)
        return false;
    memcpy(at, on, sizeof on - 1);
    t[0] = (struct template){.policy = (const char *)data_policy_json,
                             .policy_n = data_policy_json_len};
    t[1] = (struct template){.policy = text, .policy_n = data_policy_json_len};
    snprintf(policy, sizeof policy, "%.4000s/policy.json", tmp);
    FILE *f = fopen(policy, "w");
    if (!f)
        return false;
    fputs(text, f);
    fclose(f);
    for (int i = 0; i < OFFICES; i++) {
        snprintf(t[i].path, sizeof t[i].path, "%.4000s/template%d.db", tmp, i);
        if (!office_store_make(t[i].path, i ? policy : NULL))
            return false;
    }
    return true;
}

static void work(const struct template *t, const char *tmp, long long from, long long n,
                 long long k, struct verdict *verdict, struct tally *tally)
{
    for (long long i = k; i < n; i += WORKERS) {
        uint64_t seed = (uint64_t)(from + i);
        verdict[i].ok = run_seed(seed, &t[seed % OFFICES], tmp, tally);
        snprintf(verdict[i].why, sizeof verdict[i].why, "%.500s", verdict[i].ok ? "" : why_failed);
        verdict[i].done = true;
    }
}

static void *shared(size_t n, size_t size)
{
    void *p = mmap(NULL, n * size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static struct tally sum(const struct tally *tally)
{
    struct tally all = tally[0];
    for (int k = 1; k < WORKERS; k++) {
        for (size_t i = 0; i < workflow_rows && i < ROWS_MOST; i++)
            all.row[i] += tally[k].row[i];
        all.applied += tally[k].applied;
        all.refused += tally[k].refused;
        all.offered += tally[k].offered;
        all.offered_applied += tally[k].offered_applied;
        all.out_of_sight += tally[k].out_of_sight;
        all.chained += tally[k].chained;
    }
    return all;
}

static bool print_rows(const struct tally *all, long long n)
{
    size_t never = 0;
    for (size_t i = 0; i < workflow_rows && i < ROWS_MOST; i++)
        if (all->row[i] == 0) {
            printf("#  never applied: row %s %s\n", workflow_table[i].row,
                   command_table[workflow_table[i].command].word);
            never++;
        }
    for (size_t i = 0; i < workflow_rows && i < ROWS_MOST; i++)
        printf("#  row %-3s %-20s %lld\n", workflow_table[i].row,
               command_table[workflow_table[i].command].word, all->row[i]);
    printf(
        "#  applied: %lld, refused: %lld; of %lld offered %lld were applied; out of sight: %lld, "
        "refused by another order: %lld\n",
        all->applied, all->refused, all->offered, all->offered_applied, all->out_of_sight,
        all->chained);
    /* a few seeds to look at need not come everywhere */
    return n < 100 || (never == 0 && all->offered_applied * 10 >= all->offered * 7);
}

int main(int argc, char **argv)
{
    long long n = 300, from = 1, done = 0, bad = 0;
    char memory[] = "/dev/shm/jiban-procedure-XXXXXX", own[] = "/tmp/jiban-procedure-XXXXXX";
    static struct template t[OFFICES];
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seeds") == 0)
            n = strtoll(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--from") == 0)
            from = strtoll(argv[i + 1], NULL, 10);
    }
    const char *tmp = access("/dev/shm", W_OK) == 0 ? mkdtemp(memory) : mkdtemp(own);
    struct verdict *verdict = n > 0 ? shared((size_t)n, sizeof *verdict) : NULL;
    struct tally *tally = shared(WORKERS, sizeof *tally);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!tmp || !verdict || !tally || !make_templates(t, tmp)) {
        printf("not ok 1 - the offices are prepared\n1..1\n");
        return 1;
    }
    for (int k = 0; k < WORKERS; k++)
        if (fork() == 0) {
            work(t, tmp, from, n, k, verdict, &tally[k]);
            exit(0);
        }
    int status, broken = 0;
    while (wait(&status) > 0)
        broken += status != 0;
    for (long long i = 0; i < n && bad < FAILURES_MOST; i++) {
        done++;
        if (verdict[i].ok) {
            printf("ok %lld - seed %lld\n", done, from + i);
            continue;
        }
        bad++;
        printf(
            "not ok %lld - seed %lld: %s\n#  repeat: tests/sim/procedure --seeds 1 --from %lld\n",
            done, from + i, verdict[i].done ? verdict[i].why : "not finished", from + i);
    }
    office_store_remove(tmp);
    free((void *)(uintptr_t)t[1].policy);
    struct tally all = sum(tally);
    bool every = print_rows(&all, n) || bad > 0;
    printf("%s %lld - every row of the table was applied, and mostly what was offered\n1..%lld\n",
           every ? "ok" : "not ok", done + 1, done + 1);
    return bad == 0 && every && broken == 0 ? 0 : 1;
}
