/* saved.c: views under a name, as papers of the person or of the office; by words, so that they outlive numbers that change. */
#include "core/store/saved.h"
#include "core/base/i18n.h"
#include "core/store/db.h"
#include "core/store/papers.h"
#include "core/text/utf8.h"
#include <string.h>

static enum view_id view_of(const char *word)
{
    for (int v = 0; v < VIEW_COUNT; v++)
        if (strcmp(view_table[v].word, word) == 0)
            return (enum view_id)v;
    return VIEW_COUNT;
}

static enum row_order order_of(const char *word)
{
    for (int o = 0; o < ORDER_COUNT; o++)
        if (strcmp(order_table[o].word, word) == 0)
            return (enum row_order)o;
    return ORDER_VIEW;
}

static enum row_group group_of(const char *word)
{
    for (int g = 0; g < GROUP_COUNT; g++)
        if (strcmp(group_table[g].word, word) == 0)
            return (enum row_group)g;
    return GROUP_NONE;
}

static bool has_controls(const char *text)
{
    for (size_t n = strlen(text); n > 0;) {
        uint32_t c;
        size_t step = utf8_decode(text, n, &c);
        if (c < 0x20 || (c >= 0x7f && c < 0xa0))
            return true;
        text += step;
        n -= step;
    }
    return false;
}

enum status saved_name_check(const char *name, struct errmsg *err)
{
    size_t n = strlen(name);
    if (n == 0)
        return fail(err, ST_INVALID, _("A name has to follow, such as `:save heating`."));
    if (n > SAVED_NAME_MAX)
        return fail(err, ST_INVALID, _("The name of a view has %d bytes at most."), SAVED_NAME_MAX);
    if (has_controls(name) || name[0] == ' ' || name[n - 1] == ' ')
        return fail(err, ST_INVALID, _("That cannot be the name of a view."));
    if (view_of(name) != VIEW_COUNT || (n == 1 && name[0] >= '0' && name[0] <= '9'))
        return fail(err, ST_INVALID, _("\"%s\" is a built-in view and cannot be replaced."), name);
    return ST_OK;
}

/* --- as a paper (papers.h): a line a word, the word and a blank before what it says --------------- */
static const char *encode(const struct saved_view *v, struct arena *a)
{
    return arena_printf(a, "view %s\nfilter %s\nsort %s%s\ngroup %s\ncolumns %s\n",
                        view_table[v->view].word, v->filter, v->reverse ? "-" : "",
                        order_table[v->order].word, group_table[v->group].word, v->columns);
}

static const char *line_of(const char *body, const char *word, struct arena *a)
{
    size_t n = strlen(word);
    while (*body) {
        size_t len = strcspn(body, "\n");
        if (len > n && memcmp(body, word, n) == 0 && body[n] == ' ')
            return arena_strndup(a, body + n + 1, len - n - 1);
        body += len + (body[len] == '\n');
    }
    return "";
}

/* Words that no table has any more are as usual. */
static struct saved_view decode(const struct paper *p, struct arena *a)
{
    const char *sort = line_of(p->body, "sort", a);
    enum view_id view = view_of(line_of(p->body, "view", a));
    bool office = p->scope == PAPER_OFFICE;
    return (struct saved_view){.name = p->name,
                               .view = view != VIEW_COUNT ? view : VIEW_ALL_OPEN,
                               .filter = line_of(p->body, "filter", a),
                               .order = order_of(sort + (*sort == '-')),
                               .reverse = *sort == '-',
                               .group = group_of(line_of(p->body, "group", a)),
                               .columns = line_of(p->body, "columns", a),
                               .office = office,
                               .from = ""};
}

/* NULL: nobody has logged in here. */
static const char *owner_of(struct store *s, bool office)
{
    return s->actor ? paper_owner(s->actor, office ? PAPER_OFFICE : PAPER_OWN) : NULL;
}

static enum status nobody(struct errmsg *err)
{
    return fail(err, ST_UNAUTHORIZED, _("Log in once first: who you are is not known yet."));
}

enum status saved_views(struct store *s, struct arena *a, struct saved_view **ret, size_t *ret_n,
                        struct errmsg *err)
{
    struct kept_paper *all = NULL;
    size_t n = 0, kept = 0;
    enum status st = store_papers(s, PAPER_VIEW, a, &all, &n, err);
    if (st != ST_OK)
        return st;
    struct saved_view *list = arena_array(a, SAVED_MOST, sizeof *list);
    for (size_t i = 0; list && i < n && kept < SAVED_MOST; i++) {
        bool hidden = false; /* an office's by one's own of the same name */
        for (size_t k = 0; k < kept; k++)
            hidden |= strcmp(list[k].name, all[i].paper.name) == 0;
        if (!hidden && saved_name_check(all[i].paper.name, NULL) == ST_OK)
            list[kept++] = decode(&all[i].paper, a);
    }
    if (arena_failed(a))
        return fail(err, ST_NOMEM, _("Out of memory."));
    *ret = list;
    *ret_n = kept;
    return ST_OK;
}

enum status saved_view_put(struct store *s, const struct saved_view *v, struct errmsg *err)
{
    struct arena a;
    struct saved_view *list = NULL;
    size_t n = 0, others = 0;
    const char *owner = owner_of(s, v->office);
    enum paper_scope scope = v->office ? PAPER_OFFICE : PAPER_OWN;
    enum status st = saved_name_check(v->name, err);
    if (st == ST_OK && !owner)
        st = nobody(err);
    if (st == ST_OK)
        st = paper_may_write(s->actor, PAPER_VIEW, scope, owner, err);
    if (st != ST_OK)
        return st;
    arena_init(&a, 0);
    st = saved_views(s, &a, &list, &n, err);
    for (size_t i = 0; i < n; i++)
        others += strcmp(list[i].name, v->name) != 0;
    if (st == ST_OK && others >= SAVED_MOST)
        st = fail(err, ST_TOOBIG, _("There are %d views of your own; `:unsave NAME` first."),
                  SAVED_MOST);
    struct paper p = {.kind = PAPER_VIEW,
                      .scope = scope,
                      .owner = owner,
                      .name = v->name,
                      .body = encode(v, &a),
                      .changed_by = s->actor->user};
    if (st == ST_OK)
        st = store_paper_put(s, &p, err);
    arena_release(&a);
    return st;
}

enum status saved_view_drop(struct store *s, const struct saved_view *v, struct errmsg *err)
{
    const char *owner = owner_of(s, v->office);
    enum paper_scope scope = v->office ? PAPER_OFFICE : PAPER_OWN;
    if (!owner)
        return nobody(err);
    enum status st = paper_may_write(s->actor, PAPER_VIEW, scope, owner, err);
    struct paper p = {.kind = PAPER_VIEW, .scope = scope, .owner = owner, .name = v->name};
    if (st == ST_OK)
        st = store_paper_drop(s, &p, err);
    if (st == ST_NOT_FOUND)
        return fail(err, st, _("There is no view of your own called \"%s\"."), v->name);
    return st;
}

struct query saved_view_query(const struct saved_view *v, int64_t now_ms)
{
    return (struct query){.view = v->view,
                          .now_ms = now_ms,
                          .filter = v->filter,
                          .order = v->order,
                          .reverse = v->reverse,
                          .group = v->group};
}
