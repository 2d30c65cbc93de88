/* saved.c: views of one's own in the cache, by words, so that they outlive numbers that change. */
#include "core/store/saved.h"
#include "core/base/i18n.h"
#include "core/store/db.h"
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
        return fail(err, ST_INVALID, _("\"%s\" is a view that is always there."), name);
    return ST_OK;
}

enum status saved_views(struct store *s, struct arena *a, struct saved_view **ret, size_t *ret_n,
                        struct errmsg *err)
{
    struct saved_view *list = arena_array(a, SAVED_MOST, sizeof *list);
    size_t n = 0;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    struct sqlite3_stmt *q = db_query(
        s,
        "SELECT name, view, filter, sort, reverse, grouped, columns FROM saved_view ORDER BY name",
        "");
    while (list && n < SAVED_MOST && db_step(s, q)) {
        enum view_id view = view_of(db_column_text(q, 1, a));
        list[n++] = (struct saved_view){.name = db_column_text(q, 0, a),
                                        .view = view != VIEW_COUNT ? view : VIEW_ALL_OPEN,
                                        .filter = db_column_text(q, 2, a),
                                        .order = order_of(db_column_text(q, 3, a)),
                                        .reverse = db_column_int(q, 4) != 0,
                                        .group = group_of(db_column_text(q, 5, a)),
                                        .columns = db_column_text(q, 6, a),
                                        .from = ""};
    }
    if (q && n == SAVED_MOST)
        db_done(q);
    if (arena_failed(a))
        db_nomem(s);
    st = db_read_end(s, err);
    if (st == ST_OK) {
        *ret = list;
        *ret_n = n;
    }
    return st;
}

enum status saved_view_put(struct store *s, const struct saved_view *v, struct errmsg *err)
{
    enum status st = saved_name_check(v->name, err);
    if (st == ST_OK)
        st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    if (db_int(s, "SELECT count(*) FROM saved_view WHERE name <> ?", "t", v->name) >= SAVED_MOST) {
        db_rollback(s);
        return fail(err, ST_TOOBIG, _("There are %d views of your own; `:unsave NAME` first."),
                    SAVED_MOST);
    }
    db_run(s,
           "INSERT OR REPLACE INTO saved_view(name, view, filter, sort, reverse, grouped, columns)"
           " VALUES(?, ?, ?, ?, ?, ?, ?)",
           "ttttitt", v->name, view_table[v->view].word, v->filter, order_table[v->order].word,
           (int64_t)v->reverse, group_table[v->group].word, v->columns);
    return db_write_end(s, err);
}

enum status saved_view_drop(struct store *s, const char *name, struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    bool there = db_int(s, "SELECT count(*) FROM saved_view WHERE name = ?", "t", name) > 0;
    db_run(s, "DELETE FROM saved_view WHERE name = ?", "t", name);
    st = db_write_end(s, err);
    if (st == ST_OK && !there)
        return fail(err, ST_NOT_FOUND, _("There is no view of your own called \"%s\"."), name);
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
