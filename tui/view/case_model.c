/* case_model.c: one case out of the store. */
#include "tui/view/case.h"
#include "tui/draw.h"
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

/* Finds the number of an order that the cache has; a longer list shows the ids of the rest. */
static void add_other(struct case_page *p, struct store *store, struct other_order *others,
                      const char *word)
{
    struct arena a;
    struct case_view v;
    struct uuid id;
    if (p->n_others == CASE_OTHERS_MAX || !uuid_parse(word, &id))
        return;
    arena_init(&a, 0);
    if (store_case(store, &id, &a, &v, NULL) == ST_OK)
        others[p->n_others++] = (struct other_order){
            id, draw_number(&p->arena, arena_strdup(&p->arena, v.shown.value[FIELD_NUMBER]))};
    arena_release(&a);
}

static void read_others(struct case_page *p, struct store *store)
{
    static const enum field names[] = {FIELD_MERGED_INTO, FIELD_FOLLOWERS, FIELD_LINKED,
                                       FIELD_OLD_ORDER};
    struct other_order *others = arena_array(&p->arena, CASE_OTHERS_MAX, sizeof *others);
    p->n_others = 0;
    p->others = others;
    for (size_t i = 0; others && i < sizeof names / sizeof *names; i++) {
        const char *at = p->shown.value[names[i]];
        while (*(at += strspn(at, CASE_ORDER_ENDS))) {
            size_t n = strcspn(at, CASE_ORDER_ENDS);
            add_other(p, store, others, arena_strndup(&p->arena, at, n));
            at += n;
        }
    }
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
    p->at_hand = opened_number(&c->opened, opened_find(&c->opened, &wanted));
    read_others(p, c->config->store);
    return ST_OK;
}
