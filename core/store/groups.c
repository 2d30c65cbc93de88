/*
 * groups.c: lists in groups: a line for each group, then its cases.
 *
 * A short list is read at once: one query adds up the groups, one sorts the rows of those that are not folded. A long one
 * goes along the index of its column, group by group: the next value that the list shows, so many of its rows as fit.
 */
#include "core/store/list.h"
#include "core/base/i18n.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct group_row group_table[GROUP_COUNT] = {
#define GROUP(id, word, column, number, index, label) {word, column, number, index, label},
#include "core/store/groups.def"
#undef GROUP
};

/* A condition looks at the row itself, a word at the text of the case as well: so many times less is counted. */
enum { COST_OF_ROW = 16, COST_OF_TEXT = 8 };

struct pass {
    struct list *l;
    bool backward;
    size_t limit, n;
    struct arena *a;
    struct case_row *out;
    bool is_short; /* heads and rows were read at once */
    enum way way;
    struct group_head *head;
    size_t n_heads, at_head;
    struct case_row *row;
    size_t n_rows, at_row;
    const char *last; /* of a long one: the group that was named last; NULL: none yet */
    bool with_last;   /* and it is named once more */
};

bool folds_shut(const struct folds *f, const char *group)
{
    for (size_t i = 0; f && i < f->n; i++)
        if (strcmp(f->value[i], group) == 0)
            return !f->all;
    return f && f->all;
}

static const struct group_row *table_of(const struct list *l)
{
    return &group_table[l->q->group];
}

/* --- a short list ------------------------------------------------------------------------------- */

/* Room for so many lines as can be wanted: each of the page, and the one that it begins in. */
static void read_heads(struct pass *w, const char *from, const char *than)
{
    struct list *l = w->l;
    const char *column = table_of(l)->column;
    struct buf sql;
    size_t most = w->limit + 1;
    buf_init(&sql, LIST_SQL_MAX);
    buf_printf(&sql, "SELECT %s, count(*), sum(due < ?%d) FROM ", column, NOW);
    list_add_source(&sql, l, w->way);
    buf_puts(&sql, list_conditions(l, w->way)->sql.data);
    if (from)
        buf_printf(&sql, " AND %s %s ?%d", column, than, FROM_GROUP);
    buf_printf(&sql, " GROUP BY %s ORDER BY %s%s LIMIT ?%d", column, column,
               w->backward ? " DESC" : "", MOST);
    struct sqlite3_stmt *p = list_prepared(l, &sql, w->way);
    w->head = arena_array(w->a, most, sizeof *w->head);
    if (!p || !w->head)
        return;
    db_bind_int(p, NOW, l->q->now_ms);
    db_bind_int(p, MOST, (int64_t)most);
    if (from)
        list_bind_group(p, l, FROM_GROUP, from);
    for (; w->n_heads < most && db_step(l->s, p); w->n_heads++)
        w->head[w->n_heads] = (struct group_head){.value = db_column_text(p, 0, w->a),
                                                  .n = db_column_int(p, 1),
                                                  .late = db_column_int(p, 2)};
    db_done(p);
}

/* Not the rows of folded groups. */
static void leave_folded(struct condition *c, struct list *l)
{
    const struct folds *f = l->q->folds;
    const struct group_row *g = table_of(l);
    if (!f)
        return;
    buf_puts(&c->sql, f->all ? " AND NOT (1" : "");
    for (size_t i = 0; i < f->n; i++) {
        const char *differs = arena_printf(&l->arena, "%s <> ", g->column);
        if (g->number)
            condition_add_number(c, differs, strtoll(f->value[i], NULL, 10), "");
        else
            condition_add_text(c, differs, f->value[i], "");
    }
    buf_puts(&c->sql, f->all ? ")" : "");
}

/* " AND (group > ?8 OR (group = ?8 AND (place, row) > ...))" */
static void add_after(struct buf *sql, const struct pass *w, const struct row_key *from)
{
    const char *column = table_of(w->l)->column;
    if (from->head) {
        buf_printf(sql, " AND %s %s ?%d", column, w->backward ? "<" : ">=", FROM_GROUP);
        return;
    }
    buf_printf(sql, " AND (%s %s ?%d OR (%s = ?%d", column, w->backward ? "<" : ">", FROM_GROUP,
               column, FROM_GROUP);
    list_add_after(sql, w->l, w->way);
    buf_puts(sql, "))");
}

static void read_rows(struct pass *w, const struct row_key *from)
{
    struct list *l = w->l;
    struct condition *c = w->way == WAY_MATCH ? &l->rest : &l->walk;
    struct buf sql;
    if (l->q->folds && l->q->folds->all && l->q->folds->n == 0)
        return;
    leave_folded(c, l);
    if (condition_status(c) != ST_OK) {
        db_nomem(l->s);
        return;
    }
    buf_init(&sql, LIST_SQL_MAX);
    list_add_columns(&sql, l, w->way);
    list_add_source(&sql, l, w->way);
    buf_puts(&sql, c->sql.data);
    if (from)
        add_after(&sql, w, from);
    list_add_order(
        &sql, l, w->way,
        arena_printf(&l->arena, "%s%s, ", table_of(l)->column, w->backward ? " DESC" : ""));
    buf_printf(&sql, " LIMIT ?%d", MOST);
    struct sqlite3_stmt *p = list_prepared(l, &sql, w->way);
    w->row = arena_array(w->a, w->limit, sizeof *w->row);
    if (!p || !w->row)
        return;
    db_bind_int(p, MOST, (int64_t)w->limit);
    if (from)
        list_bind_group(p, l, FROM_GROUP, from->group);
    if (from && !from->head)
        list_bind_from(p, l, from);
    w->n_rows = list_read(l, p, w->limit, w->a, w->row);
}

/* --- a long list -------------------------------------------------------------------------------- */

/* Does the list show one of this group? */
static bool shows_any(struct list *l, const char *group)
{
    struct buf sql;
    l->in_group = group;
    buf_init(&sql, LIST_SQL_MAX);
    buf_puts(&sql, "SELECT 1 FROM ");
    list_add_source(&sql, l, WAY_GROUP);
    buf_puts(&sql, list_conditions(l, WAY_GROUP)->sql.data);
    buf_puts(&sql, " LIMIT 1");
    struct sqlite3_stmt *p = list_prepared(l, &sql, WAY_GROUP);
    bool any = db_step(l->s, p);
    if (any)
        db_done(p);
    l->in_group = NULL;
    return any;
}

/* Of states, those that the view never shows are passed over: most cases may be in one of them. */
static const char *next_state(struct pass *w)
{
    uint32_t states = store_view_states(w->l->range);
    int step = w->backward ? -1 : 1, from = w->backward ? STATE_COUNT - 1 : 0;
    if (w->last)
        from = (int)strtoll(w->last, NULL, 10) + (w->with_last ? 0 : step);
    w->last = NULL;
    w->with_last = false;
    for (int k = from; k >= 0 && k < STATE_COUNT && !w->last; k += step) {
        const char *group = arena_printf(w->a, "%d", k);
        if ((states >> k & 1u) && shows_any(w->l, group))
            w->last = group;
    }
    return w->last;
}

/* The next value of the column that the list shows; NULL: none. */
static const char *next_value(struct pass *w)
{
    struct list *l = w->l;
    const char *column = table_of(l)->column, *value = NULL;
    struct buf sql;
    if (l->q->group == GROUP_STATE)
        return next_state(w);
    buf_init(&sql, LIST_SQL_MAX);
    buf_printf(&sql, "SELECT %s FROM ", column);
    list_add_source(&sql, l, WAY_GROUP);
    if (w->last)
        buf_printf(&sql, " AND %s %s%s ?%d", column, w->backward ? "<" : ">",
                   w->with_last ? "=" : "", FROM_GROUP);
    buf_puts(&sql, list_conditions(l, WAY_GROUP)->sql.data);
    buf_printf(&sql, " ORDER BY %s%s LIMIT 1", column, w->backward ? " DESC" : "");
    struct sqlite3_stmt *p = list_prepared(l, &sql, WAY_GROUP);
    if (p && w->last)
        list_bind_group(p, l, FROM_GROUP, w->last);
    if (db_step(l->s, p)) {
        value = db_column_text(p, 0, w->a);
        db_done(p);
    }
    w->last = value;
    w->with_last = false;
    return value;
}

/* Up to so many entries of the index; those that are due first come first. */
static void count_group(struct list *l, struct group_head *h, int64_t most)
{
    const struct group_row *g = table_of(l);
    struct buf sql;
    char shows[64] = "1";
    int64_t seen = 0;
    if (l->range != VIEW_ALL)
        snprintf(shows, sizeof shows, "((views >> %d) & 1)", (int)l->range);
    buf_init(&sql, LIST_SQL_MAX);
    buf_printf(&sql, "SELECT count(*), sum(ok), sum(ok AND due < ?%d) FROM (SELECT due, (%s", NOW,
               shows);
    if (l->last != INT64_MAX)
        buf_printf(&sql, " AND %s <= ?%d", view_by_due(l->range) ? "due" : "-created", LAST);
    buf_puts(&sql, list_conditions(l, WAY_GROUP)->sql.data);
    buf_printf(&sql, ") AS ok FROM cases INDEXED BY %s WHERE ready = 1 AND %s = ?%d LIMIT ?%d)",
               g->index, g->column, FROM_GROUP, MOST);
    struct sqlite3_stmt *p = list_prepared(l, &sql, WAY_GROUP);
    if (!p)
        return;
    db_bind_int(p, NOW, l->q->now_ms);
    db_bind_int(p, MOST, most);
    list_bind_group(p, l, FROM_GROUP, h->value);
    if (db_step(l->s, p)) {
        seen = db_column_int(p, 0);
        h->n = db_column_int(p, 1);
        h->late = db_column_int(p, 2);
        db_done(p);
    }
    h->more = seen >= most;
}

/* Together they cost so much as a page may, however long the groups are. */
static void count_heads(struct pass *w)
{
    int64_t n = 0, most = w->l->s->limits.count_most;
    if (w->l->tree)
        most /= COST_OF_ROW;
    if (w->l->match.n > 0)
        most /= COST_OF_TEXT;
    for (size_t i = 0; i < w->n; i++)
        n += w->out[i].head != NULL;
    for (size_t i = 0; i < w->n; i++)
        if (w->out[i].head)
            count_group(w->l, (struct group_head *)w->out[i].head, most / n + 1);
}

/* --- both --------------------------------------------------------------------------------------- */

static void put_head(struct pass *w, struct group_head *h)
{
    if (w->n < w->limit && h)
        w->out[w->n++] = (struct case_row){
            .key = {.group = h->value, .head = true}, .head = h, .due_ms = TIME_NONE};
}

static struct group_head *next_head(struct pass *w)
{
    if (w->is_short)
        return w->at_head < w->n_heads ? &w->head[w->at_head++] : NULL;
    const char *value = next_value(w);
    struct group_head *h = value ? arena_alloc(w->a, sizeof *h) : NULL;
    if (h)
        *h = (struct group_head){.value = value};
    return h;
}

/* Rows of the group, from one of them on (NULL: from its beginning, or backward from its end). */
static void put_rows(struct pass *w, const char *group, const struct row_key *from)
{
    struct list *l = w->l;
    if (folds_shut(l->q->folds, group))
        return;
    if (w->is_short) {
        while (w->n < w->limit && w->at_row < w->n_rows &&
               strcmp(w->row[w->at_row].key.group, group) == 0)
            w->out[w->n++] = w->row[w->at_row++];
        return;
    }
    if (w->n == w->limit)
        return;
    l->in_group = group;
    enum way way = list_way(l);
    size_t most = w->limit - w->n;
    w->n += list_read(l, list_page(l, way, from, most), most, w->a, &w->out[w->n]);
    l->in_group = NULL;
}

size_t groups_page(struct list *l, const struct row_key *from, bool backward, size_t limit,
                   struct arena *a, struct case_row *out)
{
    struct pass w = {.l = l, .backward = backward, .limit = limit, .a = a, .out = out};
    struct group_head *h;
    bool in_row = from && (!from->head || from->past); /* inside of its group */
    const struct row_key *row = in_row && !from->past ? from : NULL;
    /* Forward a group that one is in was named; backward its line is still to come. */
    bool with = from && in_row == backward;
    bool few = l->match.n > 0 && list_matches_are_few(l);
    w.is_short = few || !l->whole || (list_has_places(l) && l->all <= l->s->limits.group_most);
    w.way = few ? WAY_MATCH : list_has_places(l) ? WAY_PLACES : WAY_TABLE;
    w.last = from ? from->group : NULL;
    w.with_last = with;
    if (w.is_short) {
        read_heads(&w, w.last, backward ? with ? "<=" : "<" : with ? ">=" : ">");
        read_rows(&w, from);
    }
    if (in_row && !backward)
        put_rows(&w, from->group, row);
    h = next_head(&w);
    if (h && in_row && backward && strcmp(h->value, from->group) == 0) {
        if (row)
            put_rows(&w, h->value, row);
        put_head(&w, h);
        h = next_head(&w);
    }
    for (; h && w.n < limit; h = w.n < limit ? next_head(&w) : NULL) {
        if (!backward)
            put_head(&w, h);
        put_rows(&w, h->value, NULL);
        if (backward)
            put_head(&w, h);
    }
    if (!w.is_short)
        count_heads(&w);
    return w.n;
}
