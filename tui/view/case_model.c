/* case_model.c: one case out of the store. */
#include "tui/view/case.h"
#include <string.h>

void case_init(struct case_page *p)
{
    memset(p, 0, sizeof *p);
    arena_init(&p->arena, 0);
}

void case_release(struct case_page *p)
{
    arena_release(&p->arena);
}

enum status case_read(struct case_page *p, struct console *c, const struct uuid *id,
                      struct errmsg *err)
{
    struct case_view v;
    struct uuid wanted = *id; /* may lie in the arena that is emptied now */
    if (!p->have || uuid_compare(&p->id, &wanted) != 0)
        p->scroll.first = 0;
    p->have = false;
    p->reading++;
    p->id = wanted;
    arena_reset(&p->arena);
    enum status st = store_case(c->config->store, &wanted, &p->arena, &v, err);
    if (st != ST_OK)
        return st;
    p->have = true;
    p->shown = v.shown;
    p->events = v.events;
    p->n_events = v.n_events;
    p->n_confirmed = v.n_confirmed;
    p->unsent = v.unsent;
    return ST_OK;
}
