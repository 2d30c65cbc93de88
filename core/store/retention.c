/* retention.c: which cases are past their time, and their leaving. */
#include "core/store/retention.h"
#include "core/store/db.h"

/* Server time, as the cache knows it: a wrong clock of this machine must not empty the cache. */
static int64_t finished_before(struct store *s)
{
    int64_t offset =
        db_int(s, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?", "t", "server_offset_ms");
    return clock_wall(s->clock) + offset - s->policy->retain_closed_ms;
}

/* Since when nothing more is done on it; INT64_MAX while something is. */
static int64_t finished_since(const struct folded_log *f)
{
    int64_t since = INT64_MAX;
    bool over = false;
    for (size_t i = 0; i < f->n; i++) {
        const struct event *e = &f->events[i];
        if (e->to == STATE_NONE)
            continue;
        if (state_table[e->to].terminal && !over)
            since = e->at_ms;
        over = state_table[e->to].terminal;
    }
    return over ? since : INT64_MAX;
}

struct candidate {
    struct row_place place;
    bool held, past; /* somebody's work stands on it; past its time */
};

/* The next case that was taken down before the limit; one that was taken down later cannot be past its time. */
static bool next_candidate(struct store *s, int64_t before, const struct retention_place *from,
                           struct candidate *ret)
{
    struct sqlite3_stmt *q = db_query(
        s,
        "SELECT c.row, c.views, c.due, c.created, c.unsent + c.draft + c.conflict, c.state, c.id,"
        " l.log FROM cases AS c JOIN case_log AS l ON l.row = c.row"
        " WHERE c.ready = 1 AND c.created < ?1 AND (c.created, c.due, c.row) > (?2, ?3, ?4)"
        " ORDER BY c.created, c.due, c.row LIMIT 1",
        "iiii", before, from->created, from->due, from->row);
    if (!db_step(s, q))
        return false;
    *ret = (struct candidate){.place = {db_column_int(q, 0), db_column_int(q, 1),
                                        db_column_int(q, 2), db_column_int(q, 3)},
                              .held = db_column_int(q, 4) != 0};
    int64_t state = db_column_int(q, 5);
    if (state >= 0 && state < STATE_COUNT && state_table[state].terminal) {
        struct folded_log f;
        struct uuid id = db_column_uuid(q, 6);
        size_t len;
        const char *log = db_column_peek(q, 7, &len);
        arena_reset(&s->scratch);
        store_fold_log(s, &id, log, len, &s->scratch, &f);
        ret->past = finished_since(&f) < before;
        if (arena_failed(&s->scratch))
            db_nomem(s);
    }
    db_done(q);
    return s->rc == 0;
}

static void walk(struct store *s, int64_t most, bool remove, struct retention_place *place)
{
    struct candidate c;
    int64_t before = finished_before(s);
    for (int64_t n = 0; n < most; n++) {
        if (!next_candidate(s, before, place, &c)) {
            place->done = true;
            return;
        }
        place->created = c.place.created;
        place->due = c.place.due;
        place->row = c.place.row;
        if (!c.past)
            continue;
#if SABOTAGE == 161 /* Damage: what somebody began on a case does not hold it. */
        c.held = false;
#endif
        if (c.held) {
            place->kept++;
            continue;
        }
        if (remove)
            store_remove_case(s, &c.place);
        place->removed++;
    }
}

enum status store_retention_step(struct store *s, int most, struct retention_place *place,
                                 struct errmsg *err)
{
    struct retention_place p = *place;
    if (!s->policy || s->policy->retain_closed_ms <= 0) {
        place->done = true;
        return ST_OK;
    }
    s->lazy = true; /* what a power cut brings back goes with the next step */
    enum status st = db_write_begin(s, err);
    s->lazy = false;
    if (st != ST_OK)
        return st;
    store_read_viewer(s);
    walk(s, most, true, &p);
    arena_reset(&s->scratch);
    st = db_write_end(s, err);
    if (st == ST_OK)
        *place = p;
    return st;
}

enum status store_retention_due(struct store *s, struct retention_place *ret, struct errmsg *err)
{
    struct retention_place p = {.done = true};
    if (!s->policy || s->policy->retain_closed_ms <= 0) {
        *ret = p;
        return ST_OK;
    }
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    walk(s, INT64_MAX, false, &p);
    arena_reset(&s->scratch);
    st = db_read_end(s, err);
    if (st == ST_OK)
        *ret = p;
    return st;
}
