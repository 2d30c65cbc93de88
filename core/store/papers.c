/* papers.c: papers as the person of the cache reads and writes them, and how far the centre has been told. */
#include "core/store/papers.h"
#include "core/base/i18n.h"
#include "core/store/db.h"
#include "core/store/papers_own.h"
#include <string.h>

bool paper_row(struct sqlite3_stmt *q, struct arena *a, struct kept_paper *ret)
{
    *ret = (struct kept_paper){.paper = {.kind = paper_find(db_column_text(q, 0, a)),
                                         .scope = paper_scope_find(db_column_text(q, 1, a)),
                                         .owner = db_column_text(q, 2, a),
                                         .name = db_column_text(q, 3, a),
                                         .body = db_column_text(q, 4, a),
                                         .revision = db_column_int(q, 5),
                                         .changed_ms = db_column_int(q, 6),
                                         .changed_by = db_column_text(q, 7, a)},
                               .dirty = db_column_int(q, 8) != 0,
                               .dropped = db_column_int(q, 9) != 0,
                               .stamp = db_column_int(q, 10),
                               .problem = db_column_text(q, 11, a)};
    return ret->paper.kind != PAPER_COUNT && ret->paper.scope != PAPER_SCOPES;
}

void paper_write(struct store *s, const struct kept_paper *p)
{
    db_run(s, "INSERT OR REPLACE INTO paper(" PAPER_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
           "tttttiitiiit", paper_table[p->paper.kind].word, paper_scope_word[p->paper.scope],
           p->paper.owner, p->paper.name, p->paper.body, p->paper.revision, p->paper.changed_ms,
           p->paper.changed_by, (int64_t)p->dirty, (int64_t)p->dropped, p->stamp, p->problem);
}

void paper_delete(struct store *s, const struct paper *p)
{
    db_run(s, "DELETE FROM paper WHERE kind = ? AND scope = ? AND owner = ? AND name = ?", "tttt",
           paper_table[p->kind].word, paper_scope_word[p->scope], p->owner, p->name);
}

int64_t paper_stamp(struct store *s)
{
    db_run(s,
           "INSERT INTO meta(key, value) VALUES('paper_stamp', '1')"
           " ON CONFLICT(key) DO UPDATE SET value = value + 1",
           "");
    return db_int(s, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'paper_stamp'", "");
}

/* The row of p's kind, scope, owner and name; false when there is none. */
static bool find(struct store *s, const struct paper *p, struct arena *a, struct kept_paper *ret)
{
    struct sqlite3_stmt *q =
        db_query(s,
                 "SELECT " PAPER_COLUMNS " FROM paper"
                 " WHERE kind = ? AND scope = ? AND owner = ? AND name = ?",
                 "tttt", paper_table[p->kind].word, paper_scope_word[p->scope], p->owner, p->name);
    if (!db_step(s, q))
        return false;
    paper_row(q, a, ret);
    db_done(q);
    return true;
}

/* --- reading --------------------------------------------------------------------------------- */

enum status store_papers(struct store *s, enum paper_kind kind, struct arena *a,
                         struct kept_paper **ret, size_t *ret_n, struct errmsg *err)
{
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    const char *word = kind == PAPER_COUNT ? "" : paper_table[kind].word;
    size_t n = 0, all = (size_t)db_int(s, "SELECT count(*) FROM paper", "");
    struct kept_paper *list = arena_array(a, all + 1, sizeof *list);
    struct sqlite3_stmt *q =
        list ? db_query(s,
                        "SELECT " PAPER_COLUMNS " FROM paper WHERE dropped = 0"
                        " AND (?1 = '' OR kind = ?1) ORDER BY kind, scope = 'office', name, owner",
                        "t", word)
             : NULL;
    while (db_step(s, q))
        n += paper_row(q, a, &list[n]);
    if (arena_failed(a))
        db_nomem(s);
    st = db_read_end(s, err);
    if (st == ST_OK) {
        *ret = list;
        *ret_n = n;
    }
    return st;
}

enum status store_paper_named(struct store *s, enum paper_kind kind, const char *name,
                              struct arena *a, struct kept_paper *ret, struct errmsg *err)
{
    struct kept_paper *list;
    size_t n;
    enum status st = store_papers(s, kind, a, &list, &n, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].paper.name, name) == 0) {
            *ret = list[i];
            return ST_OK;
        }
    return fail(err, ST_NOT_FOUND, _("There is none of the name \"%.120s\"."), name);
}

/* --- writing --------------------------------------------------------------------------------- */

/* Ends the transaction and the arena of one change. */
static enum status end(struct store *s, struct arena *a, struct errmsg *err)
{
    if (arena_failed(a))
        db_nomem(s);
    arena_release(a);
    return db_write_end(s, err);
}

enum status store_paper_put(struct store *s, const struct paper *p, struct errmsg *err)
{
    struct arena a;
    struct kept_paper old = {.paper = {.revision = 0}};
    enum status st = paper_check(p, err);
    if (st == ST_OK)
        st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    arena_init(&a, 0);
    find(s, p, &a, &old);
    struct kept_paper fresh = {.paper = *p, .dirty = true, .stamp = paper_stamp(s), .problem = ""};
    fresh.paper.revision = old.paper.revision;
    fresh.paper.changed_ms = clock_wall(s->clock);
    paper_write(s, &fresh);
    return end(s, &a, err);
}

enum status store_paper_drop(struct store *s, const struct paper *p, struct errmsg *err)
{
    struct arena a;
    struct kept_paper old;
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    arena_init(&a, 0);
    bool found = find(s, p, &a, &old) && !old.dropped;
    if (found) { /* also one that the centre never had: it may be on its way there */
        old.dirty = old.dropped = true;
        old.problem = "";
        old.stamp = paper_stamp(s);
        paper_write(s, &old);
    }
    st = end(s, &a, err);
    if (st == ST_OK && !found)
        return fail(err, ST_NOT_FOUND, _("There is none of the name \"%.120s\"."), p->name);
    return st;
}

/* --- exchange -------------------------------------------------------------------------------- */

enum status store_papers_dirty(struct store *s, struct arena *a, struct kept_paper *ret,
                               bool *ret_found, struct errmsg *err)
{
    struct kept_paper found;
    bool any = false;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    struct sqlite3_stmt *q = db_query(s,
                                      "SELECT " PAPER_COLUMNS " FROM paper"
                                      " WHERE dirty = 1 AND problem = '' ORDER BY stamp",
                                      "");
    while (!any && db_step(s, q))
        any = paper_row(q, a, &found);
    if (any)
        db_done(q);
    if (arena_failed(a))
        db_nomem(s);
    st = db_read_end(s, err);
    if (st == ST_OK && any)
        *ret = found;
    if (st == ST_OK)
        *ret_found = any;
    return st;
}

enum status store_paper_sent(struct store *s, const struct kept_paper *sent, int64_t revision,
                             struct errmsg *err)
{
    struct arena a;
    struct kept_paper now;
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    arena_init(&a, 0);
    if (find(s, &sent->paper, &a, &now)) {
        bool same = now.stamp == sent->stamp;
        now.paper.revision = revision;
        now.dirty = !same;
        if (revision == 0 && (same || now.dropped))
            paper_delete(s, &sent->paper);
        else
            paper_write(s, &now);
    }
    return end(s, &a, err);
}

enum status store_paper_refused(struct store *s, const struct kept_paper *sent, const char *problem,
                                struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    const struct paper *p = &sent->paper;
    db_run(
        s,
        "UPDATE paper SET problem = ?, dropped = 0, dirty = CASE WHEN dropped THEN 0 ELSE dirty END"
        " WHERE kind = ? AND scope = ? AND owner = ? AND name = ? AND stamp = ?",
        "ttttti", problem, paper_table[p->kind].word, paper_scope_word[p->scope], p->owner, p->name,
        sent->stamp);
    return db_write_end(s, err);
}
