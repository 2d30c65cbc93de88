#include "core/case/tally.h"
#include "core/base/i18n.h"
#include <string.h>

enum { RATE_ONE = 1000000 };

const struct named_row tally_table[TALLY_KINDS] = {
    [TALLY_KIND_PRAISE] = {"praise", N_("Commendations")},
    [TALLY_KIND_WHISTLE] = {"whistle", N_("Whistles")},
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

int64_t tally_rate(const struct tally_board *t, const struct tally_row *row)
{
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
