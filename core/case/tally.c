#include "core/case/tally.h"
#include "core/base/i18n.h"
#include <string.h>

enum { RATE_ONE = 1000000 };

const struct named_row tally_table[TALLY_KINDS] = {
    [TALLY_KIND_PRAISE] = {"praise", N_("Commendations")},
    [TALLY_KIND_WHISTLE] = {"whistle", N_("Whistles")},
    [TALLY_KIND_ARTICLE] = {"article", N_("Keeping of rules")},
};

const struct tally_column_row tally_columns[TALLY_COLUMNS] = {
#define TALLY(kind, id, word, label) {TALLY_KIND_##kind, word, label},
#include "core/case/tally.def"
#undef TALLY
};

const struct named_row tally_side_table[SIDES] = {
    [SIDE_UNIT] = {"unit", N_("unit praised")},
    [SIDE_CALLER] = {"caller", N_("whistled")},
    [SIDE_CALLED] = {"called", N_("was whistled for")},
};

enum tally_kind tally_find(const char *word)
{
    int i = 0;
    while (i < TALLY_KINDS && strcmp(tally_table[i].word, word) != 0)
        i++;
    return (enum tally_kind)i;
}

const struct tally_rule_row tally_rules[TALLY_RULES] = {
#define TALLY_RULE(id, word, article, label) [RULE_##id] = {word, article, label},
#include "core/case/tally_rules.def"
#undef TALLY_RULE
};

enum tally_rule tally_rule_find(const char *word)
{
    int i = 0;
    while (i < TALLY_RULES && strcmp(tally_rules[i].word, word) != 0)
        i++;
    return (enum tally_rule)i;
}

int64_t tally_decided(const struct tally_row *row)
{
    return row->n[TALLY_ARTICLE_KEPT] + row->n[TALLY_ARTICLE_BROKEN];
}

int64_t tally_rate(const struct tally_board *t, const struct tally_row *row)
{
    int64_t decided = tally_decided(row);
    if (t->kind == TALLY_KIND_ARTICLE && decided > 0)
        return row->n[TALLY_ARTICLE_KEPT] * RATE_ONE / decided;
    int64_t of = row->n[TALLY_WHISTLE_RECEIVED];
    if (t->kind != TALLY_KIND_WHISTLE || row->side != SIDE_CALLER || of == 0)
        return ASSESS_NO_DATA;
    return row->n[TALLY_WHISTLE_ORDERS] * RATE_ONE / of;
}

static const struct clock_run *clock_of(const struct object *o, enum clock_id id)
{
    static const struct clock_run never = {
        .status = CLOCK_NEVER, .due_ms = TIME_NONE, .stopped_ms = TIME_NONE};
    for (int i = 0; i < OBJECT_CLOCKS; i++)
        if (o->clock[i].id == id)
            return &o->clock[i].run;
    return &never;
}

/* A department that reports what it did without having signed in was there by then. One that was called off, or whose
 * order ended, owes nothing more: its clocks stopped without an answer. */
struct whistle_facts whistle_facts(const struct object *o)
{
    const struct clock_run *ack = clock_of(o, CLOCK_WHISTLE_ACK),
                           *arrive = clock_of(o, CLOCK_WHISTLE_ARRIVE);
    bool answered = o->state == OBJECT_IS_ACKNOWLEDGED || o->state == OBJECT_IS_ARRIVED ||
                    o->state == OBJECT_IS_DONE;
    bool done = o->state == OBJECT_IS_DONE && arrive->status == CLOCK_STOPPED;
    return (struct whistle_facts){
        .caller = o->by_unit,
        .called = o->unit,
        .opened_ms = o->opened_ms,
        .answered_ms = answered && ack->status == CLOCK_STOPPED ? ack->stopped_ms : TIME_NONE,
        .answer_due_ms = ack->due_ms,
        .arrived_ms = o->arrived_ms != TIME_NONE ? o->arrived_ms
                      : done                     ? arrive->stopped_ms
                                                 : TIME_NONE,
        .arrival_due_ms = arrive->due_ms,
        .ended_ms = arrive->status == CLOCK_STOPPED || arrive->status == CLOCK_CANCELLED
                        ? arrive->stopped_ms
                        : TIME_NONE,
        .objected = o->state == OBJECT_IS_OBJECTED,
        .verdict = o->verdict,
    };
}

/* --- rules ------------------------------------------------------------------------------------ */

/* Kept when it stopped by its due time, broken when it stopped later or lateness was told while it ran. One that was
 * cancelled asks nothing any more. */
static struct rule_facts of_clock(const struct clock_run *run, bool told_late)
{
    bool stopped = run->status == CLOCK_STOPPED, in_time = run->stopped_ms <= run->due_ms;
    if (run->status == CLOCK_NEVER || run->status == CLOCK_CANCELLED)
        return (struct rule_facts){0};
    return (struct rule_facts){
        .used = 1, .kept = stopped && in_time, .broken = stopped ? !in_time : told_late};
}

static struct rule_facts of_dispatch(const struct casefile *c)
{
    int wrong = c->returned < c->dispatched ? c->returned : c->dispatched;
    return (struct rule_facts){
        .used = c->dispatched, .kept = c->dispatched - wrong, .broken = wrong};
}

/* Where the first unit gave it away with a return that was accepted, it was not its own; that is of the dispatch. */
static struct rule_facts of_first_unit(const struct casefile *c)
{
    const char *first = c->value[FIELD_FIRST_UNIT], *lead = c->value[FIELD_UNIT];
    if (!*first || !*lead || c->returned > 0)
        return (struct rule_facts){0};
    bool same = strcmp(first, lead) == 0;
    return (struct rule_facts){.used = 1, .kept = same, .broken = !same};
}

static void add_extension(struct rule_facts *f, const struct object *o)
{
    if (o->state != OBJECT_IS_GRANTED && o->state != OBJECT_IS_REFUSED)
        return;
    f->used++;
    f->kept += o->state == OBJECT_IS_GRANTED;
    f->broken += o->state == OBJECT_IS_REFUSED;
}

static void add_whistle(struct rule_facts *f, const struct object *o)
{
    struct whistle_facts w = whistle_facts(o);
    bool came = w.arrived_ms != TIME_NONE, late = o->late >> CLOCK_WHISTLE_ARRIVE & 1;
    bool called_off = !came && w.ended_ms != TIME_NONE && w.ended_ms <= w.arrival_due_ms;
    f->used += !called_off;
    f->kept += came && w.arrived_ms <= w.arrival_due_ms;
    f->broken +=
        came ? w.arrived_ms > w.arrival_due_ms : !called_off && (late || w.ended_ms != TIME_NONE);
}

struct rule_facts rule_facts(const struct casefile *c, enum tally_rule rule)
{
    struct rule_facts f = {0};
    switch (rule) {
    case RULE_DISPATCH:
        return of_dispatch(c);
    case RULE_FIRST:
        return of_first_unit(c);
    case RULE_CONTACT:
        return of_clock(&c->clock[CLOCK_CONTACT], c->late >> CLOCK_CONTACT & 1);
    case RULE_HANDLE:
        return of_clock(&c->clock[CLOCK_HANDLE], c->late >> CLOCK_HANDLE & 1);
    case RULE_CALLBACK:
        return of_clock(&c->clock[CLOCK_CALLBACK], c->late >> CLOCK_CALLBACK & 1);
    case RULE_EXTENSION:
    case RULE_WHISTLE:
    case TALLY_RULES:
        break;
    }
    for (size_t i = 0; i < c->n_objects; i++) {
        if (rule == RULE_EXTENSION && c->objects[i].kind == OBJECT_EXTENSION)
            add_extension(&f, &c->objects[i]);
        if (rule == RULE_WHISTLE && c->objects[i].kind == OBJECT_WHISTLE)
            add_whistle(&f, &c->objects[i]);
    }
    return f;
}
