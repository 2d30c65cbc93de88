/* retention.c: which cases are past their time, and their leaving. */
#include "core/store/retention.h"
#include "core/store/db.h"
#include "core/store/search.h"
#include <inttypes.h>
#include <stdio.h>

/* Server time, as the cache knows it: a wrong clock of this machine must not empty the cache. */
static int64_t finished_before(struct store *s)
{
    int64_t offset =
        db_int(s, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?", "t", "server_offset_ms");
    return clock_wall(s->clock) + offset - s->policy->retain_closed_ms;
}

static bool has_end(const struct store *s)
{
    return s->policy && s->policy->retain_closed_ms > 0;
}

static bool is_over(int64_t state)
{
    return state >= 0 && state < STATE_COUNT && state_table[state].terminal;
}

/* Since when nothing more is done on it; INT64_MAX while something is. */
static int64_t finished_since(const struct event *events, size_t n)
{
    int64_t since = INT64_MAX;
    bool over = false;
    for (size_t i = 0; i < n; i++) {
        const struct event *e = &events[i];
        if (e->to == STATE_NONE)
            continue;
        if (state_table[e->to].terminal && !over)
            since = e->at_ms;
        over = state_table[e->to].terminal;
    }
    return over ? since : INT64_MAX;
}

int64_t store_retention_limit(struct store *s)
{
    return has_end(s) ? finished_before(s) : INT64_MIN;
}

bool store_finished_before(const struct event *events, size_t n, int64_t limit_ms)
{
    return finished_since(events, n) < limit_ms;
}

/* --- the walk --------------------------------------------------------------------------------- */
enum {
    LOOK_MOST = 64, /* rows of one query */
    REMOVE_MOST = 6 /* of one step: each takes 0.6 ms, and whoever writes waits for the step */
};

struct candidate {
    struct row_place place;
    struct uuid id;
    bool held; /* somebody's work stands on it */
};

static void go_to(struct retention_place *place, const struct row_place *at)
{
    place->created = at->created;
    place->due = at->due;
    place->row = at->row;
}

/* The next ones that were taken down before the limit, for others cannot be past their time; only those on which nothing more is done are given out. *place goes
 * behind all that were looked at. */
static size_t next_candidates(struct store *s, int64_t before, int64_t most,
                              struct retention_place *place, struct candidate out[LOOK_MOST],
                              int64_t *ret_looked)
{
    size_t n = 0;
    int64_t looked = 0;
    most = most < LOOK_MOST ? most : LOOK_MOST;
    struct sqlite3_stmt *q =
        db_query(s,
                 "SELECT row, views, due, created, unsent + draft + conflict, state, id FROM cases"
                 " WHERE ready = 1 AND created < ?1 AND (created, due, row) > (?2, ?3, ?4)"
                 " ORDER BY created, due, row LIMIT ?5",
                 "iiiii", before, place->created, place->due, place->row, most);
    while (db_step(s, q)) {
        struct row_place at = {db_column_int(q, 0), db_column_int(q, 1), db_column_int(q, 2),
                               db_column_int(q, 3)};
        go_to(place, &at);
        if (is_over(db_column_int(q, 5)))
            out[n++] = (struct candidate){
                .place = at, .id = db_column_uuid(q, 6), .held = db_column_int(q, 4) != 0};
        looked++;
    }
    place->done = looked < most;
    *ret_looked = looked;
    return n;
}

static bool is_past(struct store *s, const struct candidate *c, int64_t before)
{
    struct folded_log f = {.n = 0};
    struct sqlite3_stmt *q =
        db_query(s, "SELECT log FROM case_log WHERE row = ?", "i", c->place.row);
    if (!db_step(s, q))
        return false;
    size_t len;
    const char *log = db_column_peek(q, 0, &len);
    arena_reset(&s->scratch);
    store_fold_log(s, &c->id, log, len, &s->scratch, &f);
    db_done(q);
    if (arena_failed(&s->scratch))
        db_nomem(s);
    return finished_since(f.events, f.n) < before;
}

static void walk(struct store *s, int64_t most, bool remove, struct retention_place *place)
{
    struct candidate c[LOOK_MOST];
    int64_t before = finished_before(s), looked, removed = 0;
    for (; most > 0 && !place->done && s->rc == 0; most -= looked) {
        size_t n = next_candidates(s, before, most, place, c, &looked);
        for (size_t i = 0; i < n && s->rc == 0; i++) {
            if (!is_past(s, &c[i], before))
                continue;
#if SABOTAGE == 161 /* Damage: what somebody began on a case does not hold it. */
            c[i].held = false;
#endif
            place->kept += c[i].held;
            place->removed += !c[i].held;
            if (!remove || c[i].held)
                continue;
            store_remove_case(s, &c[i].place);
            if (++removed == REMOVE_MOST) {
                go_to(place, &c[i].place);
                place->done = false;
                return;
            }
        }
    }
    if (place->done && remove &&
        search_is_whole(s)) { /* what is not indexed yet was not looked at */
        char text[24];
        snprintf(text, sizeof text, "%" PRId64, before);
        db_run(s, "INSERT OR REPLACE INTO meta(key, value) VALUES('retained', ?)", "t", text);
    }
}

bool store_retention_wanted(struct store *s)
{
    if (!has_end(s) || db_read_begin(s, NULL) != ST_OK)
        return false;
    int64_t walked =
        db_int(s, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'retained'", "");
    bool wanted = finished_before(s) - walked >= MS_DAY;
    return db_read_end(s, NULL) == ST_OK && wanted;
}

enum status store_retention_step(struct store *s, int most, struct retention_place *place,
                                 struct errmsg *err)
{
    struct retention_place p = *place;
    if (!has_end(s)) {
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
    struct retention_place p = {.done = false};
    if (!has_end(s)) {
        p.done = true;
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
