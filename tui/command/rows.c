/* rows.c: the rows that --view and the filter words of a command line ask for, page after page from the cache. */
#include "core/base/i18n.h"
#include "tui/command/command.h"
#include "tui/saved.h"
#include <string.h>

static void name_views(struct buf *words, const enum view_id *list, size_t n,
                       const struct saved_list *own)
{
    const char *before = "";
    for (size_t i = 0; i < n; i++, before = " ")
        buf_printf(words, "%s%s", before, view_table[list[i]].word);
    for (size_t i = 0; i < own->n; i++, before = " ")
        buf_printf(words, "%s\"%s\"", before, own->view[i].name);
}

/* One of one's own: its filter and that of the command line must both hold. */
static enum status choose_own(struct cli *c, const struct saved_view *v, struct query *q,
                              struct errmsg *err)
{
    const char *typed = q->filter;
    struct errmsg why;
    size_t at;
    enum status st = store_filter_check(c->store, v->filter, q->now_ms, &at, &why);
    if (st != ST_OK)
        return fail(err, st, "%s: %s", *v->from ? v->from : v->name, why.text);
    *q = saved_view_query(v, q->now_ms);
    q->group = GROUP_NONE;
    q->filter = !*typed       ? arena_strdup(&c->arena, v->filter)
                : !*v->filter ? typed
                              : arena_printf(&c->arena, "(%s) (%s)", v->filter, typed);
    return ST_OK;
}

/* The view asked for: of the role, or one's own. */
static enum status choose_view(struct cli *c, struct query *q, struct errmsg *err)
{
    const enum view_id *list;
    enum role role;
    struct saved_list own;
    struct buf words;
    enum status st = store_role(c->store, &role, err);
    if (st != ST_OK || !c->view)
        return st;
    size_t n = store_views(role, &list);
    for (size_t i = 0; i < n; i++)
        if (strcmp(view_table[list[i]].word, c->view) == 0) {
            q->view = list[i];
            return ST_OK;
        }
    saved_init(&own);
    st = saved_load(&own, c->store, err);
    const struct saved_view *v = st == ST_OK ? saved_find(&own, c->view) : NULL;
    buf_init(&words, 8192);
    name_views(&words, list, n, &own);
    if (v)
        st = choose_own(c, v, q, err);
    else if (st == ST_OK)
        st = fail(err, ST_INVALID, _("There is no view \"%s\" for this role. There are: %s"),
                  c->view, words.data);
    buf_release(&words);
    saved_release(&own);
    return st;
}

/* "-community": backwards. */
static enum status choose_order(const struct cli *c, struct query *q, struct errmsg *err)
{
    if (!c->sort)
        return ST_OK;
    bool reverse = *c->sort == '-';
    for (int i = 0; i < ORDER_COUNT; i++)
        if (strcmp(order_table[i].word, c->sort + reverse) == 0) {
            q->order = (enum row_order)i;
            q->reverse = reverse;
            return ST_OK;
        }
    return fail(err, ST_INVALID, _("One cannot sort by \"%s\"; jiban --help says by what."),
                c->sort + reverse);
}

/* Where the filter asks for states in which nothing is left to do, the list is that of what is closed. */
static enum view_id view_for(const struct cli *c)
{
    for (int i = 0; i < c->n_args; i++) {
        static const char key[] = "state:";
        const char *word = c->args[i];
        if (strncmp(word, key, sizeof key - 1) != 0)
            continue;
        enum state state = state_find(word + sizeof key - 1);
        if (state < STATE_COUNT && state_table[state].terminal)
            return VIEW_CLOSED;
    }
    return VIEW_ALL_OPEN;
}

enum status cli_filter(struct cli *c, struct query *ret, struct errmsg *err)
{
    struct buf filter;
    buf_init(&filter, 4096);
    for (int i = 0; i < c->n_args; i++)
        buf_printf(&filter, "%s%s", i ? " " : "", c->args[i]);
    struct query q = {.view = view_for(c),
                      .now_ms = cli_server_now(c),
                      .filter = arena_strdup(&c->arena, filter.data)};
    enum status st = buf_status(&filter) == ST_OK
                         ? choose_view(c, &q, err)
                         : fail(err, ST_TOOBIG, _("The filter is too long."));
    buf_release(&filter);
    if (st == ST_OK)
        st = choose_order(c, &q, err);
    if (st == ST_OK)
        *ret = q;
    return st;
}

enum status cli_rows(struct cli *c, const struct query *q, print_row_function *row, void *self,
                     struct errmsg *err)
{
    return print_rows(c->store, q, c->limit, row, self, err);
}
