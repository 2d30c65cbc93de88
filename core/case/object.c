/* object.c: what hangs on an order: the tables of kinds and states, and how events change them. */
#include "core/case/object.h"
#include "core/base/i18n.h"

#include <string.h>

const struct named_row object_table[OBJECT_COUNT] = {
#define OBJECT(id, word, label) {word, label},
#include "core/case/objects.def"
#undef OBJECT
};

const struct object_state_row object_state_table[OBJECT_STATE_COUNT] = {
#define OBJECT_STATE(id, word, ended, label) {word, (ended) != 0, label},
#include "core/case/object_states.def"
#undef OBJECT_STATE
};

enum object_kind object_kind_find(const char *word)
{
    for (int i = 0; word && i < OBJECT_COUNT; i++)
        if (strcmp(object_table[i].word, word) == 0)
            return (enum object_kind)i;
    return OBJECT_NONE;
}

enum object_state object_state_find(const char *word)
{
    for (int i = 0; word && i < OBJECT_STATE_COUNT; i++)
        if (strcmp(object_state_table[i].word, word) == 0)
            return (enum object_state)i;
    return OBJECT_STATE_COUNT;
}

const struct object *casefile_object(const struct casefile *c, uint32_t id)
{
    return id >= 1 && id <= c->n_objects ? &c->objects[id - 1] : NULL;
}

size_t casefile_open_objects(const struct casefile *c, enum object_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_objects; i++)
        n += c->objects[i].kind == kind && !object_state_table[c->objects[i].state].ended;
    return n;
}

void clock_run_init(struct clock_run *run)
{
    *run = (struct clock_run){.status = CLOCK_NEVER,
                              .started_ms = TIME_NONE,
                              .due_ms = TIME_NONE,
                              .stopped_ms = TIME_NONE,
                              .first_due_ms = TIME_NONE,
                              .paused_ms = TIME_NONE};
}

void clock_run_change(struct clock_run *run, const struct clock_change *k, int64_t at_ms)
{
    switch (k->op) {
    case CLOCK_START:
        clock_run_init(run);
        run->status = CLOCK_RUNNING;
        run->started_ms = at_ms;
        run->due_ms = run->first_due_ms = k->due_ms;
        break;
    case CLOCK_STOP:
    case CLOCK_CANCEL:
        run->status = k->op == CLOCK_STOP ? CLOCK_STOPPED : CLOCK_CANCELLED;
        /* a time that a person typed has minutes only: it may lie before the start of the same minute */
        run->stopped_ms = at_ms > run->started_ms ? at_ms : run->started_ms;
        break;
    case CLOCK_PAUSE:
        run->status = CLOCK_PAUSED;
        run->paused_ms = at_ms;
        break;
    case CLOCK_RESUME:
        run->status = CLOCK_RUNNING;
        run->paused_ms = TIME_NONE;
        run->due_ms = k->due_ms;
        break;
    case CLOCK_EXTEND:
        run->due_ms = k->due_ms;
        break;
    case CLOCK_OP_COUNT:
        break;
    }
}

/* --- the fold ----------------------------------------------------------------------------- */

static const char *text_of(const char *text)
{
    return text ? text : "";
}

static void open_object(struct object *o, const struct object_change *k, const struct event *e)
{
    memset(o, 0, sizeof *o);
    o->id = k->object;
    o->kind = k->kind;
    o->unit = text_of(k->unit);
    o->class = text_of(k->class);
    o->text = text_of(k->text);
    o->answer = o->verdict = "";
    o->by_user = text_of(e->actor.user);
    o->by_name = e->actor.name && *e->actor.name ? e->actor.name : o->by_user;
    o->by_unit = text_of(e->actor.office);
    o->by_role = e->actor.role;
    o->parent = k->parent;
    o->opened_ms = e->at_ms;
    o->arrived_ms = TIME_NONE;
    for (int i = 0; i < OBJECT_CLOCKS; i++) {
        o->clock[i].id = CLOCK_COUNT;
        clock_run_init(&o->clock[i].run);
    }
}

static void move_object(struct object *o, const struct object_change *k)
{
    bool grows = o->kind == OBJECT_WARNING && k->state == o->state; /* told anew, not answered */
    if (k->text && *k->text)
        *(grows ? &o->text : &o->answer) = k->text;
    if (k->class && *k->class)
        o->verdict = k->class;
}

/* On site since the claimed time, as far as it is not later than the centre's (3.4 rule 7). */
static int64_t claimed_ms(const struct event *e)
{
    int64_t ms;
    const char *time = value_find(e->values, e->n_values, FIELD_TIME);
    return time && rfc3339_parse(time, &ms) == 0 && ms < e->at_ms ? ms : e->at_ms;
}

/* Which clock it is late with: an object may have two (a whistle is answered, then come to). */
static uint32_t late_bit(const struct event *e)
{
    enum clock_id clock = clock_find(value_find(e->values, e->n_values, FIELD_LATE_CLOCK));
    return clock == CLOCK_COUNT ? 0 : 1u << clock;
}

static void change_object(struct object *o, const struct object_change *k, const struct event *e,
                          bool is_new)
{
    if (is_new)
        open_object(o, k, e);
    else
        move_object(o, k);
    o->state = k->state;
    if (k->late)
        o->late |= late_bit(e);
    if (k->due_ms != TIME_NONE || is_new)
        o->due_ms = k->due_ms;
    if (k->state == OBJECT_IS_ARRIVED && o->arrived_ms == TIME_NONE)
        o->arrived_ms = claimed_ms(e);
    o->changed_ms = e->at_ms;
}

static void change_clock(struct object *o, const struct clock_change *k, const struct event *e)
{
    int at = 0;
    while (at < OBJECT_CLOCKS && o->clock[at].id != k->clock && o->clock[at].id != CLOCK_COUNT)
        at++;
    if (at == OBJECT_CLOCKS)
        return;
    o->clock[at].id = k->clock;
    /* Arriving counts by the time it is claimed for, marked when entered late. */
    bool arrival = k->clock == CLOCK_WHISTLE_ARRIVE && k->op == CLOCK_STOP;
    clock_run_change(&o->clock[at].run, k, arrival ? claimed_ms(e) : e->at_ms);
}

/* The order shows of a clock that objects have the one that runs and falls due first; when none runs the one
 * that was changed last. */
static void sum_up(struct casefile *c, const struct clock_change *k)
{
    const struct clock_run *best = NULL, *last = NULL;
    for (size_t i = 0; i < c->n_objects; i++)
        for (int n = 0; n < OBJECT_CLOCKS; n++) {
            const struct clock_run *run = &c->objects[i].clock[n].run;
            if (c->objects[i].clock[n].id != k->clock)
                continue;
            if (run->status == CLOCK_RUNNING && (!best || run->due_ms < best->due_ms))
                best = run;
            if (c->objects[i].id == k->object)
                last = run;
        }
    if (best || last)
        c->clock[k->clock] = best ? *best : *last;
}

static bool touches_objects(const struct event *e)
{
    for (size_t i = 0; i < e->n_clocks; i++)
        if (e->clocks[i].object > 0)
            return true;
    return e->n_objects > 0;
}

void objects_apply(struct casefile *c, const struct event *e)
{
    if (!touches_objects(e))
        return;
    size_t n = c->n_objects;
    struct object *list = arena_array(c->arena, n + e->n_objects + 1, sizeof *list);
    if (!list)
        return; /* the arena tells */
    if (n)
        memcpy(list, c->objects, n * sizeof *list);
    for (size_t i = 0; i < e->n_objects; i++) {
        const struct object_change *k = &e->objects[i];
        if (k->object < 1 || k->object > n + 1 || n >= CASEFILE_OBJECTS)
            continue; /* of a newer version, or damaged: the rest still holds */
        bool is_new = k->object == n + 1;
        change_object(&list[k->object - 1], k, e, is_new);
        n += is_new;
    }
    for (size_t i = 0; i < e->n_clocks; i++)
        if (e->clocks[i].object >= 1 && e->clocks[i].object <= n)
            change_clock(&list[e->clocks[i].object - 1], &e->clocks[i], e);
    c->objects = list;
    c->n_objects = n;
    for (size_t i = 0; i < e->n_clocks; i++)
        if (e->clocks[i].object > 0)
            sum_up(c, &e->clocks[i]);
}
