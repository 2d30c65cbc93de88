/* rank.c: where a place stands in a list, and which cases a list leaves out. */
#include "core/store/list.h"

/* Along the places alone, where nothing but them decides: a filter needs the cases, too. */
static void add_places(struct buf *sql, const struct list *l)
{
    buf_printf(sql, "shown WHERE view = %d AND key <= ?%d", (int)l->range, LAST);
    list_add_after(sql, l, WAY_PLACES);
}

static int64_t rank(struct list *l, const struct row_key *key, int64_t most)
{
    bool places = l->q->order == ORDER_VIEW && list_has_places(l);
    enum way way = places ? WAY_PLACES : list_way(l);
    struct buf sql;
    int64_t n = 0;
    buf_init(&sql, LIST_SQL_MAX);
    buf_puts(&sql, "SELECT count(*) FROM (SELECT 1 FROM ");
    if (places && !l->tree) {
        add_places(&sql, l);
    } else {
        list_add_source(&sql, l, way);
        list_add_after(&sql, l, way);
        buf_puts(&sql, list_conditions(l, way)->sql.data);
    }
    buf_printf(&sql, " LIMIT ?%d)", MOST);
    struct sqlite3_stmt *p = list_prepared(l, &sql, way);
    if (!p)
        return 0;
    db_bind_int(p, MOST, most);
    list_bind_from(p, l, key);
    if (db_step(l->s, p)) {
        n = db_column_int(p, 0);
        db_done(p);
    }
    return n;
}

enum status store_rank(struct store *s, const struct query *q, const struct row_key *key,
                       int64_t most, int64_t *ret, struct errmsg *err)
{
    struct list l;
    int64_t n = 0;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    st = list_open(&l, s, q, err);
    l.down = q->reverse == (q->order == ORDER_NEWEST); /* what is after it, seen from behind */
    if (st == ST_OK)
        n = rank(&l, key, most);
    list_close(&l);
    if (st != ST_OK) {
        db_read_end(s, NULL);
        return st;
    }
    st = db_read_end(s, err);
    if (st == ST_OK)
        *ret = n;
    return st;
}

static bool is_shown(struct list *l, const struct uuid *id)
{
    struct buf sql;
    buf_init(&sql, LIST_SQL_MAX);
    buf_puts(&sql, "SELECT 1 FROM ");
    list_add_source(&sql, l, WAY_ONE);
    buf_puts(&sql, list_conditions(l, WAY_ONE)->sql.data);
    struct sqlite3_stmt *p = list_prepared(l, &sql, WAY_ONE);
    if (!p)
        return false;
    db_bind_uuid(p, ONE_ID, id);
    bool found = db_step(l->s, p);
    if (found)
        db_done(p);
    return found;
}

enum status store_outside(struct store *s, const struct query *q, const struct uuid *ids, size_t n,
                          size_t *ret, struct errmsg *err)
{
    struct list l;
    size_t out = 0;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    st = list_open(&l, s, q, err);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        out += !is_shown(&l, &ids[i]);
    list_close(&l);
    if (st != ST_OK) {
        db_read_end(s, NULL);
        return st;
    }
    st = db_read_end(s, err);
    if (st == ST_OK)
        *ret = out;
    return st;
}
