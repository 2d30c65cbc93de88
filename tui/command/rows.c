/* rows.c: the rows that --view and the filter words of a command line ask for, page after page from the cache. */
#include "core/base/i18n.h"
#include "tui/command/command.h"
#include <string.h>

enum { PAGE = 500 };

/* The view asked for, as far as the role has it. */
static enum status choose_view(struct cli *c, enum view_id *ret, struct errmsg *err)
{
    const enum view_id *list;
    enum role role;
    enum status st = store_role(c->store, &role, err);
    if (st != ST_OK || !c->view)
        return st;
    size_t n = store_views(role, &list);
    struct buf words;
    buf_init(&words, 4096);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(view_table[list[i]].word, c->view) == 0) {
            *ret = list[i];
            buf_release(&words);
            return ST_OK;
        }
        buf_printf(&words, "%s%s", i ? " " : "", view_table[list[i]].word);
    }
    st = fail(err, ST_INVALID, _("There is no view \"%s\" for this role. There are: %s"), c->view,
              words.data);
    buf_release(&words);
    return st;
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
                         ? choose_view(c, &q.view, err)
                         : fail(err, ST_TOOBIG, _("The filter is too long."));
    buf_release(&filter);
    if (st == ST_OK)
        *ret = q;
    return st;
}

enum status cli_rows(struct cli *c, const struct query *q, cli_row_function *row, void *self,
                     struct errmsg *err)
{
    struct row_key from;
    char text[FILTER_MAX]; /* of the key: a page ends before the next begins */
    bool first = true;
    size_t given = 0;
    enum status st = ST_OK;
    struct arena page;
    arena_init(&page, 0);
    while (st == ST_OK) {
        struct case_row *rows = NULL;
        size_t n = 0, want = PAGE;
        if (c->limit > 0 && (size_t)c->limit - given < want)
            want = (size_t)c->limit - given;
        arena_reset(&page);
        st = want
                 ? store_page(c->store, q, first ? NULL : &from, false, want, &page, &rows, &n, err)
                 : ST_OK;
        if (st != ST_OK || n == 0)
            break;
        for (size_t i = 0; i < n; i++)
            row(self, &rows[i]);
        from = rows[n - 1].key;
        snprintf(text, sizeof text, "%s", from.text);
        from.text = text;
        first = false;
        given += n;
    }
    arena_release(&page);
    return st;
}
