/* similar_model.c: similar cases out of the store. */
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/view/similar.h"
#include <string.h>

void similar_init(struct similar_list *v)
{
    memset(v, 0, sizeof *v);
    arena_init(&v->arena, 0);
}

void similar_release(struct similar_list *v)
{
    arena_release(&v->arena);
}

enum status similar_load(struct similar_list *v, struct console *c, const struct uuid *id,
                         struct errmsg *err)
{
    struct case_view of;
    struct uuid wanted = *id, chosen = {{0}};
    bool same = uuid_compare(&v->id, &wanted) == 0;
    if (same && v->current < v->n)
        chosen = v->rows[v->current].id;
    v->n = 0;
    v->current = 0;
    if (!same)
        v->scroll.first = 0;
    arena_reset(&v->arena);
    v->id = wanted;
    v->all = store_searches_all(c->config->store);
    enum status st = store_similar(c->config->store, &wanted, SIMILAR_LIST_MOST, &v->arena,
                                   &v->rows, &v->n, err);
    if (st == ST_OK)
        st = store_case(c->config->store, &wanted, &c->scratch, &of, err);
    if (st != ST_OK)
        return st;
    v->number = draw_number(&v->arena, arena_strdup(&v->arena, of.shown.value[FIELD_NUMBER]));
    for (size_t i = 0; i < v->n; i++)
        if (uuid_compare(&v->rows[i].id, &chosen) == 0)
            v->current = i;
    return ST_OK;
}

const char *similar_reasons(const struct similarity *like, struct arena *a)
{
    const char *text = "";
    for (int i = 0; i < SIMILAR_COUNT; i++)
        if (like->reasons >> i & 1u)
            text = *text ? arena_printf(a, "%s%s%s", text, _(", "), _(similar_table[i].label))
                         : _(similar_table[i].label);
    return text;
}
