/* clocks_model.c: the proofs of the clocks of a case, out of the store. */
#include "tui/view/clocks.h"
#include "core/base/i18n.h"
#include <string.h>

void clocks_init(struct clocks *v)
{
    memset(v, 0, sizeof *v);
    arena_init(&v->arena, 0);
    v->number = "";
}

void clocks_release(struct clocks *v)
{
    arena_release(&v->arena);
}

/* The clock chosen before stays chosen; at first the one that falls due next. */
static void choose(struct clocks *v, const struct casefile *c, bool same_case, enum clock_id clock,
                   uint32_t object)
{
    int64_t due;
    if (!same_case) {
        clock = casefile_next_due(c, &due);
        object = 0;
        v->scroll.first = 0;
    }
    v->current = 0;
    for (size_t i = 0; i < v->n; i++)
        if (v->proofs[i].clock == clock && v->proofs[i].object == object)
            v->current = i;
}

enum status clocks_load(struct clocks *v, struct console *c, const struct uuid *id,
                        struct errmsg *err)
{
    const struct context *context = c->config->context;
    struct uuid wanted = *id; /* may lie in the view */
    struct case_view one;
    bool same_case = v->n > 0 && uuid_compare(&v->id, &wanted) == 0;
    enum clock_id clock = same_case ? v->proofs[v->current].clock : CLOCK_COUNT;
    uint32_t object = same_case ? v->proofs[v->current].object : 0;
    if (!context->have_policy || !context->have_calendar)
        return fail(err, ST_BUSY, "%s",
                    _("The rules have not come from the server yet. Log in once while the line is "
                      "up."));
    v->n = 0;
    v->id = wanted;
    arena_reset(&v->arena);
    enum status st = store_case(c->config->store, &wanted, &v->arena, &one, err);
    if (st == ST_OK)
        st = clock_proofs(&context->policy, &context->calendar, one.events, one.n_events, &v->arena,
                          &v->proofs, &v->n, err);
    if (st != ST_OK)
        return st;
    v->number = one.shown.value[FIELD_NUMBER];
    choose(v, &one.shown, same_case, clock, object);
    return ST_OK;
}
