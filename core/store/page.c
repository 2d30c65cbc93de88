/* page.c: lists of cases by keyset, flat in the number of cases. */
#include "core/base/i18n.h"
#include "core/store/attachments.h"
#include "core/store/list.h"
#include "core/text/utf8.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct order_row order_table[ORDER_COUNT] = {
#define ORDER(id, word, column, number, index, label) {word, column, number, index, label},
#include "core/store/orders.def"
#undef ORDER
};

enum { PAGE_PLAIN = 1000 };

/* Of more cases that the index names, a page is met near by: at a million, both ways take about 10 ms. */
const struct list_limits list_limits = {.table_least = 5000,
                                        .sort_most = 20000,
                                        .near_rows = 500,
                                        .match_most = 10000,
                                        .group_most = 2000,
                                        .count_most = 20000};

static struct filter_context context_of(struct store *s, int64_t now_ms)
{
    return (struct filter_context){.reference = s->reference,
                                   .user = s->viewer.user,
                                   .unit = s->viewer.unit,
                                   .role = (int)s->viewer.role,
                                   .now_ms = now_ms};
}

static int64_t count_of(struct store *s, enum view_id view)
{
    return db_int(s, "SELECT n FROM counts WHERE view = ?", "i", (int64_t)view);
}

/* The view that the filter names, in place of the one shown. */
static enum view_id named_view(const struct filter_node *tree, enum view_id shown)
{
    const struct filter_node *n = tree && tree->kind == FILTER_ALL ? tree->part : tree;
    for (; n; n = tree->kind == FILTER_ALL ? n->next : NULL)
        if (n->kind == FILTER_TERM && n->key == FILTER_VIEW)
            shown = (enum view_id)n->view;
    return shown;
}

/* The states of a term that must hold in any case. */
static uint32_t named_states(const struct filter_node *tree)
{
    const struct filter_node *n = tree && tree->kind == FILTER_ALL ? tree->part : tree;
    uint32_t states = 0;
    for (; n; n = tree->kind == FILTER_ALL ? n->next : NULL) {
        const struct filter_node *t = n->kind == FILTER_ANY ? n->part : n;
        uint32_t any = 0;
        for (; t && t->kind == FILTER_TERM && t->key == FILTER_STATE;
             t = n->kind == FILTER_ANY ? t->next : NULL)
            any |= t->bits;
        if (!t && any)
            states = states ? states & any : any;
    }
    return states;
}

void list_close(struct list *l)
{
    condition_release(&l->walk);
    condition_release(&l->rest);
    buf_release(&l->match.expression);
    arena_release(&l->arena);
}

/* The word that is not understood before what is wrong with it, if that does not name it; a short one may stand in it by
 * chance. */
static void name_word(struct arena *a, const char *at, struct errmsg *err)
{
    enum { SHORT = 4 };
    const char *word = arena_strndup(a, at, utf8_cut(at, strcspn(at, " \t"), 60));
    if (err && (strlen(word) < SHORT || !strstr(err->text, word)))
        errmsg_prefix(err, "%s", word);
}

enum status list_open(struct list *l, struct store *s, const struct query *q, struct errmsg *err)
{
    *l = (struct list){.s = s, .q = q, .near = s->limits.near_rows};
    arena_init(&l->arena, 0);
    condition_init(&l->walk, FIRST_FREE);
    condition_init(&l->rest, FIRST_FREE);
    buf_init(&l->match.expression, LIST_SQL_MAX);
    store_read_viewer(s);
    const struct filter_context c = context_of(s, q->now_ms);
    const char *text = q->filter ? q->filter : "";
    size_t at;
    enum status st = filter_parse(text, &c, &l->arena, &l->tree, &at, err);
    if (st == ST_INVALID)
        name_word(&l->arena, text + at, err);
    if (st != ST_OK)
        return st;
    l->view = named_view(l->tree, q->view);
    l->range = view_range(l->view, q->now_ms, &l->last);
    l->states = named_states(l->tree);
    bool index = *order_table[q->order].index || q->group != GROUP_NONE;
    l->whole = (!l->tree && !index) || search_is_whole(s);
    l->in_group = q->group != GROUP_NONE ? q->within : NULL;
    l->all = count_of(s, l->range);
    condition_add(&l->walk, l->tree, l->whole, q->now_ms, &l->arena, NULL);
    condition_add(&l->rest, l->tree, l->whole, q->now_ms, &l->arena, &l->match);
    if (condition_status(&l->walk) != ST_OK || condition_status(&l->rest) != ST_OK)
        return fail(err, ST_TOOBIG, _("The filter names too many things; name them more closely."));
    return arena_failed(&l->arena) || buf_status(&l->match.expression) != ST_OK
               ? fail(err, ST_NOMEM, _("Out of memory."))
               : ST_OK;
}

static const char columns[] =
    " AS place, cases.row, id, number, category, community, title, handler, title_en,"
    " state, next_clock, version, unsent, repeats, draft, conflict, due,"
    " open, late, owed, created, building, began";
static const char call_columns[] = ", attempts, sms, wish";
enum { CALL_COLUMN = 23 };

/* What matters to who calls is read for who calls: each column costs every row of every page. */
static bool is_call_list(const struct list *l)
{
    return l->view == VIEW_CALL_LIST || l->view == VIEW_MESSAGE;
}

static const char *place_of(const struct list *l, enum way way)
{
    if (way == WAY_PLACES || way == WAY_NEAR)
        return "shown.key";
    return view_by_due(l->range) ? "due" : "-created";
}

/* " AND (place, row) > (?1, ?2)" */
void list_add_after(struct buf *sql, const struct list *l, enum way way)
{
    const char *than = l->down ? "<" : ">";
    const struct order_row *o = &order_table[l->q->order];
    if (l->q->order == ORDER_VIEW)
        buf_printf(sql, " AND (%s, %s) %s (?%d, ?%d)", place_of(l, way),
                   way == WAY_PLACES || way == WAY_NEAR ? "shown.row" : "cases.row", than, FROM_KEY,
                   FROM_ROW);
    else if (l->q->order == ORDER_NEWEST)
        buf_printf(sql, " AND %s %s ?%d", way == WAY_NEWEST ? "search.rowid" : "cases.row", than,
                   FROM_ROW);
    else
        buf_printf(sql, " AND (%s, due, cases.row) %s (?%d, ?%d, ?%d)", o->column, than, FROM_VALUE,
                   FROM_KEY, FROM_ROW);
}

void list_add_order(struct buf *sql, const struct list *l, enum way way, const char *before)
{
    const char *to = l->down ? " DESC" : "";
    buf_printf(sql, " ORDER BY %s", before);
    if (l->q->order == ORDER_VIEW)
        buf_printf(sql, "%s%s, %s%s", place_of(l, way), to,
                   way == WAY_PLACES ? "shown.row" : "cases.row", to);
    else if (l->q->order == ORDER_NEWEST)
        buf_printf(sql, "%s%s", way == WAY_NEWEST ? "search.rowid" : "cases.row", to);
    else
        buf_printf(sql, "%s%s, due%s, cases.row%s", order_table[l->q->order].column, to, to, to);
}

static void add_source(struct buf *sql, const struct list *l, enum way way, bool from)
{
    char in_view[96] = "1";
    if (l->range != VIEW_ALL)
        snprintf(in_view, sizeof in_view, "((views >> %d) & 1)", (int)l->range);
    switch (way) {
    case WAY_PLACES:
        buf_printf(sql,
                   "shown CROSS JOIN cases USING(row) WHERE shown.view = %d AND shown.key <= ?%d",
                   (int)l->range, LAST);
        break;
    case WAY_NEAR:
        buf_printf(sql, "(SELECT key, row FROM shown WHERE view = %d AND key <= ?%d", (int)l->range,
                   LAST);
        if (from)
            list_add_after(sql, l, way);
        list_add_order(sql, l, WAY_PLACES, "");
        buf_printf(sql, " LIMIT %d) AS shown CROSS JOIN cases USING(row) WHERE 1", (int)l->near);
        return;
    case WAY_TABLE:
        buf_printf(sql, "cases NOT INDEXED WHERE %s", in_view);
        break;
    case WAY_STATES:
        buf_puts(sql, "cases INDEXED BY cases_state WHERE ready = 1 AND state IN (-1");
        for (int k = 0; k < STATE_COUNT; k++)
            if (l->states >> k & 1u)
                buf_printf(sql, ", %d", k);
        buf_printf(sql, ") AND %s", in_view);
        break;
    case WAY_INDEX:
        buf_printf(sql, "cases INDEXED BY %s WHERE ready = 1 AND %s",
                   order_table[l->q->order].index, in_view);
        break;
    case WAY_GROUP:
        buf_printf(sql, "cases INDEXED BY %s WHERE ready = 1 AND %s",
                   group_table[l->q->group].index, in_view);
        break;
    case WAY_ROWS:
        buf_printf(sql, "cases NOT INDEXED WHERE %s", in_view);
        break;
    case WAY_MATCH:
        buf_printf(sql,
                   "(SELECT rowid AS row FROM search WHERE search MATCH ?%d) CROSS JOIN cases "
                   "USING(row) WHERE %s",
                   EXPRESSION, in_view);
        break;
    case WAY_ONE:
        buf_printf(sql, "cases WHERE id = ?%d AND %s", ONE_ID, in_view);
        break;
    case WAY_NEWEST:
        buf_printf(
            sql,
            "search CROSS JOIN cases ON cases.row = search.rowid WHERE search MATCH ?%d AND %s",
            EXPRESSION, in_view);
        break;
    }
    if (l->last != INT64_MAX && way != WAY_PLACES)
        buf_printf(sql, " AND %s <= ?%d", place_of(l, way), LAST);
    if (l->in_group)
        buf_printf(sql, " AND %s = ?%d", group_table[l->q->group].column, IN_GROUP);
    if (from)
        list_add_after(sql, l, way);
}

void list_add_source(struct buf *sql, const struct list *l, enum way way)
{
    add_source(sql, l, way, false);
}

const struct condition *list_conditions(const struct list *l, enum way way)
{
    return way == WAY_MATCH || way == WAY_NEWEST ? &l->rest : &l->walk;
}

struct sqlite3_stmt *list_prepared(struct list *l, struct buf *sql, enum way way)
{
    const struct condition *c = list_conditions(l, way);
    if (buf_status(sql) != ST_OK)
        db_nomem(l->s);
    struct sqlite3_stmt *p = db_prepared(l->s, sql->data, false);
    buf_release(sql);
    if (!p)
        return NULL;
    condition_bind(c, p);
    if (way == WAY_PLACES || way == WAY_NEAR || l->last != INT64_MAX)
        db_bind_int(p, LAST, l->last);
    if (way == WAY_MATCH || way == WAY_NEWEST)
        db_bind_text(p, EXPRESSION, l->match.expression.data);
    if (l->in_group)
        list_bind_group(p, l, IN_GROUP, l->in_group);
    return p;
}

void list_bind_group(struct sqlite3_stmt *p, const struct list *l, int at, const char *group)
{
    if (group_table[l->q->group].number)
        db_bind_int(p, at, strtoll(group, NULL, 10));
    else
        db_bind_text(p, at, group);
}

void list_bind_from(struct sqlite3_stmt *p, const struct list *l, const struct row_key *from)
{
    db_bind_int(p, FROM_ROW, from->row);
    if (l->q->order != ORDER_NEWEST)
        db_bind_int(p, FROM_KEY, from->due_ms);
    if (!*order_table[l->q->order].column)
        return;
    if (order_table[l->q->order].number)
        db_bind_int(p, FROM_VALUE, from->number);
    else
        db_bind_text(p, FROM_VALUE, from->text ? from->text : "");
}

void list_add_columns(struct buf *sql, const struct list *l, enum way way)
{
    buf_printf(sql, "SELECT %s%s%s FROM ", place_of(l, way), columns,
               is_call_list(l) ? call_columns : "");
}

struct sqlite3_stmt *list_page(struct list *l, enum way way, const struct row_key *from,
                               size_t most)
{
    struct buf sql;
    buf_init(&sql, LIST_SQL_MAX);
    list_add_columns(&sql, l, way);
    add_source(&sql, l, way, from != NULL);
    buf_puts(&sql, list_conditions(l, way)->sql.data);
    list_add_order(&sql, l, way, "");
    buf_printf(&sql, " LIMIT ?%d", MOST);
    struct sqlite3_stmt *p = list_prepared(l, &sql, way);
    if (!p)
        return NULL;
    db_bind_int(p, MOST, (int64_t)most);
    if (from)
        list_bind_from(p, l, from);
    return p;
}

/* Where the row stands in the order of the list. */
static struct row_key key_of(const struct list *l, const struct case_row *r, int64_t place,
                             int64_t due, int64_t row)
{
    struct row_key key = {
        .due_ms = l->q->order == ORDER_VIEW ? place : due, .row = row, .text = ""};
    switch (l->q->order) {
    case ORDER_NUMBER:
        key.text = r->number;
        break;
    case ORDER_CATEGORY:
        key.text = r->category;
        break;
    case ORDER_COMMUNITY:
        key.text = r->community;
        break;
    case ORDER_BUILDING:
        key.text = r->building;
        break;
    case ORDER_HANDLER:
        key.text = r->handler;
        break;
    case ORDER_CREATED:
        key.number = r->created_ms;
        break;
    case ORDER_STATE:
        key.number = (int64_t)r->state;
        break;
    case ORDER_REPEATS:
        key.number = r->repeats;
        break;
    case ORDER_VIEW:
    case ORDER_NEWEST:
    case ORDER_COUNT:
        break;
    }
    return key;
}

/* The value of the column that groups are made of; as in row_key.group. */
static const char *group_of(const struct list *l, const struct case_row *r, struct arena *a)
{
    switch (l->q->group) {
    case GROUP_COMMUNITY:
        return r->community;
    case GROUP_CATEGORY:
        return r->category;
    case GROUP_HANDLER:
        return r->handler;
    case GROUP_BUILDING:
        return r->building;
    case GROUP_STATE:
        return arena_printf(a, "%d", (int)r->state);
    case GROUP_NONE:
    case GROUP_COUNT:
        break;
    }
    return NULL;
}

size_t list_read(struct list *l, struct sqlite3_stmt *p, size_t most, struct arena *a,
                 struct case_row *out)
{
    size_t n = 0;
    for (; n < most && db_step(l->s, p); n++) {
        int64_t state = db_column_int(p, 9), next = db_column_int(p, 10);
        int64_t due = db_column_int(p, 16);
        out[n] = (struct case_row){
            .id = db_column_uuid(p, 2),
            .number = db_column_text(p, 3, a),
            .category = db_column_text(p, 4, a),
            .community = db_column_text(p, 5, a),
            .title = db_column_text(p, 6, a),
            .handler = db_column_text(p, 7, a),
            .title_en = db_column_text(p, 8, a),
            .state = state >= 0 && state < STATE_COUNT ? (enum state)state : STATE_NEW,
            .next_clock = next >= 0 && next < CLOCK_COUNT ? (enum clock_id)next : CLOCK_COUNT,
            .version = (uint32_t)db_column_int(p, 11),
            .unsent = (int)db_column_int(p, 12),
            .repeats = (int)db_column_int(p, 13),
            .draft = db_column_int(p, 14) != 0,
            .conflict = db_column_int(p, 15) != 0,
            .due_ms = due == INT64_MAX ? TIME_NONE : due,
            .open = (uint32_t)db_column_int(p, 17),
            .late = (uint32_t)db_column_int(p, 18),
            .owed = (uint32_t)db_column_int(p, 19),
            .created_ms = db_column_int(p, 20),
            .building = db_column_text(p, 21, a),
            .started_ms = db_column_int(p, 22),
            .sms_ms = TIME_NONE,
            .wish = ""};
        if (is_call_list(l)) {
            out[n].attempts = (int)db_column_int(p, CALL_COLUMN);
            out[n].sms_ms = db_column_int(p, CALL_COLUMN + 1);
            out[n].wish = db_column_text(p, CALL_COLUMN + 2, a);
        }
        out[n].key = key_of(l, &out[n], db_column_int(p, 0), due, db_column_int(p, 1));
        out[n].key.group = group_of(l, &out[n], a);
    }
    if (p)
        db_done(p);
    return n;
}

/* --- the way ---------------------------------------------------------------------------------- */
bool list_matches_are_few(struct list *l)
{
    struct sqlite3_stmt *q = db_query(
        l->s, "SELECT count(*) FROM (SELECT rowid FROM search WHERE search MATCH ? LIMIT ?)", "ti",
        l->match.expression.data, l->s->limits.match_most + 1);
    int64_t n = 0;
    if (db_step(l->s, q)) {
        n = db_column_int(q, 0);
        db_done(q);
    }
    return n <= l->s->limits.match_most;
}

/* The lists of VIEW_ALL are made for roles that have it. */
bool list_has_places(struct list *l)
{
    return l->range != VIEW_ALL || store_has_view(store_viewer_role(l->s), VIEW_ALL);
}

/* Has the group, in all views together, so few cases that they can be read and sorted? */
static bool group_is_small(struct list *l)
{
    const struct group_row *g = &group_table[l->q->group];
    struct buf sql;
    int64_t n = 0;
    buf_init(&sql, LIST_SQL_MAX);
    buf_printf(&sql,
               "SELECT count(*) FROM (SELECT 1 FROM cases INDEXED BY %s WHERE ready = 1 AND %s = ?1"
               " LIMIT ?2)",
               g->index, g->column);
    struct sqlite3_stmt *p = db_prepared(l->s, buf_status(&sql) == ST_OK ? sql.data : "", false);
    buf_release(&sql);
    if (!p)
        return true;
    list_bind_group(p, l, 1, l->in_group);
    db_bind_int(p, 2, l->s->limits.sort_most + 1);
    if (db_step(l->s, p)) {
        n = db_column_int(p, 0);
        db_done(p);
    }
    return n <= l->s->limits.sort_most;
}

enum way list_way(struct list *l)
{
    const struct order_row *o = &order_table[l->q->order];
    if (l->match.n > 0 && l->q->order == ORDER_NEWEST)
        return WAY_NEWEST;
    if (l->match.n > 0 && list_matches_are_few(l))
        return WAY_MATCH;
    if (l->in_group && list_has_places(l) && (l->all <= l->s->limits.group_most || !l->whole))
        return WAY_PLACES;
    /* The index has the rows of the group by due time; in another order a small one is sorted. */
    if (l->in_group && l->whole &&
        ((l->q->order == ORDER_VIEW && view_by_due(l->range)) || group_is_small(l)))
        return WAY_GROUP;
    if (l->q->order == ORDER_NEWEST)
        return WAY_ROWS;
    if (!list_has_places(l) && (!*o->index || !l->whole))
        return WAY_TABLE;
    if (l->q->order == ORDER_VIEW)
        /* What the index names often stands near by. */
        return l->walk.n == 0 || l->all <= l->s->limits.table_least || l->match.n > 0 ? WAY_PLACES
                                                                                      : WAY_NEAR;
    if (list_has_places(l) && (l->all <= l->s->limits.sort_most || !*o->index || !l->whole))
        return WAY_PLACES;
    return WAY_INDEX;
}

enum status store_page(struct store *s, const struct query *q, const struct row_key *from,
                       bool backward, size_t limit, struct arena *a, struct case_row **ret,
                       size_t *ret_n, struct errmsg *err)
{
    struct list l;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    st = list_open(&l, s, q, err);
    if (st != ST_OK) {
        list_close(&l);
        db_read_end(s, NULL);
        return st;
    }
    l.down = (backward != q->reverse) != (q->order == ORDER_NEWEST);
    size_t n = 0, most = limit;
    int64_t all = limit > PAGE_PLAIN ? count_of(s, VIEW_ALL) : 0;
    if (limit > PAGE_PLAIN && q->group == GROUP_NONE) /* room for no more rows than there are */
        most = (size_t)all < limit ? (size_t)all : limit;
    else if (limit > PAGE_PLAIN) /* each of them with the line of its group */
        most = (size_t)all * 2 < limit ? (size_t)all * 2 : limit;
    struct case_row *out = arena_array(a, most ? most : 1, sizeof *out);
    if (!out)
        db_nomem(s);
    bool groups = q->group != GROUP_NONE && !q->within;
    enum way way = groups ? WAY_GROUP : list_way(&l);
    if (out && groups)
        n = groups_page(&l, from, backward, most, a, out);
    else if (out)
        n = list_read(&l, list_page(&l, way, from, most), most, a, out);
    if (out && !groups && way == WAY_NEAR && n < most)
        n = list_read(&l, list_page(&l, l.states && l.whole ? WAY_STATES : WAY_TABLE, from, most),
                      most, a, out);
    list_close(&l);
    for (size_t i = 0; backward && i < n / 2; i++) {
        struct case_row t = out[i];
        out[i] = out[n - 1 - i];
        out[n - 1 - i] = t;
    }
    if (arena_failed(a))
        db_nomem(s);
    st = db_read_end(s, err);
    if (st == ST_OK) {
        *ret = out;
        *ret_n = n;
    }
    return st;
}

/* --- counts --------------------------------------------------------------------------------- */
/* How many of a view's places come up to its last one now. */
static int64_t count_range(struct store *s, enum view_id range, int64_t first, int64_t last)
{
    return db_int(s, "SELECT count(*) FROM shown WHERE view = ? AND key >= ? AND key <= ?", "iii",
                  (int64_t)range, first, last);
}

/* Those of VIEW_ALL_OPEN that were due before: whole days as they were counted, and the last one case by case. */
static int64_t count_overdue(struct store *s, int64_t now_ms)
{
    int64_t day = now_ms / MS_DAY;
    return db_int(s, "SELECT ifnull(sum(n), 0) FROM due_days WHERE day < ?", "i", day) +
           count_range(s, VIEW_ALL_OPEN, day * MS_DAY, now_ms - 1);
}

/* From the counts that every change keeps; what the time decides from its range of the places. What is due today is
 * overdue or due from now on: the many overdue ones are gone through once. */
static void count_views(struct store *s, int64_t now_ms, struct store_counts *c)
{
    const enum view_id *list;
    size_t n = store_views(store_viewer_role(s), &list);
    c->overdue = count_overdue(s, now_ms);
    struct sqlite3_stmt *p = db_query(s, "SELECT view, n FROM counts", "");
    while (db_step(s, p)) {
        int64_t view = db_column_int(p, 0);
        if (view >= 0 && view < VIEW_COUNT)
            c->view[view] = db_column_int(p, 1);
    }
    c->cases = c->view[VIEW_ALL];
    for (size_t i = 0; i < n; i++) {
        int64_t last;
        enum view_id range = view_range(list[i], now_ms, &last);
        if (list[i] == VIEW_LATE)
            c->view[VIEW_LATE] = c->overdue;
        else if (list[i] == VIEW_DUE_TODAY)
            c->view[VIEW_DUE_TODAY] = c->overdue + count_range(s, range, now_ms, last);
        else if (last != INT64_MAX)
            c->view[list[i]] = count_range(s, range, INT64_MIN, last);
    }
}

/* Of what a filter leaves, up to the most that is asked for. */
static int64_t count_filtered(struct list *l, int64_t most, int64_t look, bool *ret_more)
{
    struct buf sql;
    int64_t n = 0;
    enum way way = l->match.n > 0          ? WAY_MATCH
                   : l->states && l->whole ? WAY_STATES
                   : list_has_places(l)    ? WAY_PLACES
                                           : WAY_TABLE;
    if (way == WAY_PLACES && l->all > look) {
        way = WAY_NEAR;
        l->near = look;
    }
    buf_init(&sql, LIST_SQL_MAX);
    buf_puts(&sql, "SELECT count(*) FROM (SELECT 1 FROM ");
    add_source(&sql, l, way, false);
    buf_puts(&sql, list_conditions(l, way)->sql.data);
    buf_printf(&sql, " LIMIT ?%d)", MOST);
    struct sqlite3_stmt *p = list_prepared(l, &sql, way);
    if (p)
        db_bind_int(p, MOST, most);
    if (db_step(l->s, p))
        n = db_column_int(p, 0);
    if (p)
        db_done(p);
    *ret_more = way == WAY_NEAR || n == most;
    return n;
}

enum status store_count(struct store *s, const struct query *q, int64_t most, int64_t *ret,
                        struct errmsg *err)
{
    bool more;
    return store_count_near(s, q, most, INT64_MAX, ret, &more, err);
}

enum status store_count_near(struct store *s, const struct query *q, int64_t most, int64_t look,
                             int64_t *ret, bool *ret_more, struct errmsg *err)
{
    struct list l;
    int64_t n = 0;
    bool more = false;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    st = list_open(&l, s, q, err);
    if (st == ST_OK && !l.tree) {
        struct store_counts c = {.cases = 0};
        count_views(s, q->now_ms, &c);
        n = c.view[q->view];
    } else if (st == ST_OK) {
        n = count_filtered(&l, most, look, &more);
    }
    list_close(&l);
    if (st != ST_OK) {
        db_read_end(s, NULL);
        return st;
    }
    st = db_read_end(s, err);
    if (st == ST_OK) {
        *ret = n;
        *ret_more = more;
    }
    return st;
}

uint64_t store_mark(struct store *s)
{
    if (db_read_begin(s, NULL) != ST_OK)
        return 0;
    /* the one changes when others commit, the other with what this connection writes */
    uint64_t others = (uint64_t)db_int(s, "PRAGMA data_version", "");
    uint64_t mark = others << 32 | (uint32_t)db_int(s, "SELECT total_changes()", "");
    return db_read_end(s, NULL) == ST_OK ? mark : 0;
}

bool store_searches_all(struct store *s)
{
    if (db_read_begin(s, NULL) != ST_OK)
        return true;
    bool all = search_is_whole(s);
    db_read_end(s, NULL);
    return all;
}

/* --- the line in which one types ------------------------------------------------------------------ */
enum status store_filter_check(struct store *s, const char *filter, int64_t now_ms, size_t *ret_at,
                               struct errmsg *err)
{
    struct arena a;
    struct filter_node *tree;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    store_read_viewer(s);
    const struct filter_context c = context_of(s, now_ms);
    arena_init(&a, 0);
    st = filter_parse(filter, &c, &a, &tree, ret_at, err);
    arena_release(&a);
    db_read_end(s, NULL);
    return st;
}

enum status store_filter_complete(struct store *s, const char *filter, size_t len, struct arena *a,
                                  const struct filter_choice **ret, size_t *ret_n, size_t *ret_from,
                                  struct errmsg *err)
{
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    store_read_viewer(s);
    const struct filter_context c = context_of(s, 0);
    st = filter_complete(filter, len, &c, a, ret, ret_n, ret_from, err);
    db_read_end(s, NULL);
    return st;
}

enum status store_role(struct store *s, enum role *ret, struct errmsg *err)
{
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    enum role role = store_viewer_role(s);
    st = db_read_end(s, err);
    if (st == ST_OK)
        *ret = role;
    return st;
}

enum status store_counts(struct store *s, int64_t now_ms, struct store_counts *ret,
                         struct errmsg *err)
{
    struct store_counts c = {.cases = 0};
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    count_views(s, now_ms, &c);
    c.outbox = db_int(s, "SELECT count(*) FROM outbox", "");
    c.waiting = outbox_waiting(s);
    attachments_moving(s, &c.file_bytes, &c.file_moved);
    c.conflicts = db_int(s, "SELECT count(*) FROM conflicts", "");
    c.drafts = db_int(s, "SELECT count(*) FROM draft", "");
    st = db_read_end(s, err);
    if (st == ST_OK)
        *ret = c;
    return st;
}
