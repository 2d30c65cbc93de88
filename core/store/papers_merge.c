/* papers_merge.c: puts what the centre has together with what was written here; no text is lost on the way. */
#include "core/base/i18n.h"
#include "core/store/db.h"
#include "core/store/papers.h"
#include "core/store/papers_own.h"
#include "core/text/utf8.h"
#include <stdio.h>
#include <string.h>

enum { SUFFIX_MOST = 999 };

struct merge {
    struct store *s;
    const struct papers *list; /* of the centre */
    struct kept_paper *here;
    size_t n_here;
    struct arena *a;
    int both;
    const char *name;
};

static bool same(const struct paper *a, const struct paper *b)
{
    return a->kind == b->kind && a->scope == b->scope && strcmp(a->owner, b->owner) == 0 &&
           strcmp(a->name, b->name) == 0;
}

static const struct paper *at_centre(const struct merge *m, const struct paper *p)
{
    for (size_t i = 0; i < m->list->n; i++)
        if (same(&m->list->list[i], p))
            return &m->list->list[i];
    return NULL;
}

static bool taken(const struct merge *m, const struct paper *p)
{
    for (size_t i = 0; i < m->n_here; i++)
        if (same(&m->here[i].paper, p))
            return true;
    return at_centre(m, p) != NULL;
}

/* "NAME (2)", as much of NAME as there is room for. */
static const char *beside(const struct merge *m, const char *name, int number)
{
    char suffix[16];
    (void)snprintf(suffix, sizeof suffix, " (%d)", number);
    size_t n = strlen(name), room = PAPER_NAME_CHARACTERS - strlen(suffix);
    while (utf8_count(name, n) > room) {
        do
            n--;
        while (((unsigned char)name[n] & 0xC0) == 0x80);
    }
    return arena_printf(m->a, "%.*s%s", (int)n, name, suffix);
}

/* The text from here gets a name of its own and is new to the centre. */
static void move_aside(struct merge *m, struct kept_paper *mine)
{
    struct kept_paper moved = *mine;
    int number = 2;
    do
        moved.paper.name = beside(m, mine->paper.name, number);
    while (number++ < SUFFIX_MOST && taken(m, &moved.paper));
    moved.paper.revision = 0;
    moved.dirty = true;
    moved.problem = "";
    moved.stamp = paper_stamp(m->s);
    paper_write(m->s, &moved);
    mine->paper.name = moved.paper.name; /* taken from now on */
    m->both++;
    m->name = moved.paper.name;
}

static void take(const struct merge *m, const struct paper *p)
{
    const struct kept_paper kept = {.paper = *p, .problem = ""};
    paper_write(m->s, &kept);
}

/* One of which the centre has a text, too. */
static void meet(struct merge *m, struct kept_paper *mine, const struct paper *theirs)
{
    bool other = mine->paper.revision != theirs->revision;
    if (mine->dirty && !other)
        return;    /* based on what is there: it is to be sent */
#if SABOTAGE != 91 /* Damage: what was written here gives way. */
    if (mine->dirty && !mine->dropped && strcmp(mine->paper.body, theirs->body) != 0)
        move_aside(m, mine);
#else
    (void)move_aside;
#endif
    if (other || mine->dirty)
        take(m, theirs);
}

/* One of which the centre has none: thrown away there, or not told yet. */
static void miss(const struct merge *m, struct kept_paper *mine)
{
    if (!mine->dirty || mine->dropped) {
        paper_delete(m->s, &mine->paper);
    } else if (mine->paper.revision != 0) { /* what was written here is made anew there */
        mine->paper.revision = 0;
        paper_write(m->s, mine);
    }
}

static bool known_here(const struct kept_paper *here, size_t n, const struct paper *p)
{
    for (size_t i = 0; i < n; i++)
        if (same(&here[i].paper, p))
            return true;
    return false;
}

static void merge(struct merge *m)
{
    for (size_t i = 0; i < m->list->n; i++)
        if (!known_here(m->here, m->n_here, &m->list->list[i]))
            take(m, &m->list->list[i]);
    for (size_t i = 0; i < m->n_here; i++) {
        const struct paper *theirs = at_centre(m, &m->here[i].paper);
        if (theirs)
            meet(m, &m->here[i], theirs);
        else
            miss(m, &m->here[i]);
    }
}

static void read_here(struct merge *m)
{
    size_t all = (size_t)db_int(m->s, "SELECT count(*) FROM paper", "");
    m->here = arena_array(m->a, all + 1, sizeof *m->here);
    struct sqlite3_stmt *q =
        m->here ? db_query(m->s, "SELECT " PAPER_COLUMNS " FROM paper", "") : NULL;
    while (db_step(m->s, q))
        m->n_here += paper_row(q, m->a, &m->here[m->n_here]);
    if (arena_failed(m->a))
        db_nomem(m->s);
}

enum status store_papers_merge(struct store *s, const struct papers *list, struct arena *a,
                               int *ret_both, const char **ret_name, struct errmsg *err)
{
    struct merge m = {.s = s, .list = list, .a = a};
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    read_here(&m);
    if (!arena_failed(a))
        merge(&m);
    if (arena_failed(a))
        db_nomem(s);
    st = db_write_end(s, err);
    if (st == ST_OK) {
        *ret_both = m.both;
        *ret_name = m.name;
    }
    return st;
}
