/* similar.c: earlier orders that are like one. */
#include "core/store/similar.h"
#include "core/base/i18n.h"
#include "core/case/place.h"
#include "core/store/earlier.h"
#include "core/store/search.h"
#include "core/text/fold.h"
#include <stdlib.h>
#include <string.h>

enum { FROM_EACH = 40, CANDIDATES = 160, WORDS_ASKED = 8 };

struct candidates {
    struct uuid id[CANDIDATES];
    size_t n;
    struct uuid self;
};

static void add(struct candidates *c, const struct uuid *id)
{
    if (c->n == CANDIDATES || uuid_compare(id, &c->self) == 0)
        return;
    for (size_t i = 0; i < c->n; i++)
        if (uuid_compare(&c->id[i], id) == 0)
            return;
    c->id[c->n++] = *id;
}

static void add_all(struct store *s, struct candidates *c, struct sqlite3_stmt *q)
{
    while (db_step(s, q)) {
        struct uuid id = db_column_uuid(q, 0);
        add(c, &id);
    }
}

static void add_matches(struct store *s, struct candidates *c, const struct buf *expression)
{
    if (expression->len > 0 && buf_status(expression) == ST_OK)
        add_all(s, c,
                db_query(s,
                         "SELECT c.id FROM search CROSS JOIN cases AS c ON c.row = search.rowid"
                         " WHERE search MATCH ? ORDER BY search.rowid DESC LIMIT ?",
                         "ti", expression->data, (int64_t)FROM_EACH));
}

/* The expression of one key and value, as of a filter. */
static void put_key(struct buf *out, enum filter_key key, const char *value)
{
    const struct filter_node t = {.kind = FILTER_TERM, .key = key, .text = &value, .n_texts = 1};
    struct buf one;
    bool compare;
    buf_init(&one, 4096);
    if (*value && search_expression(&t, &one, &compare))
        buf_printf(out, "%s(%s)", out->len ? " AND " : "", one.data);
    buf_release(&one);
}

struct asked {
    struct buf *out;
    int n;
};

static int put_word(void *with, const char *text, size_t len)
{
    struct asked *q = with;
    buf_puts(q->out, q->n++ ? " OR \"" : " AND (\"");
    buf_add(q->out, text, len);
    buf_putc(q->out, '"');
    return q->n == WORDS_ASKED;
}

/* The same category, and one of the first words of the title. */
static void by_words(struct store *s, struct candidates *c, const struct casefile *of,
                     struct arena *a)
{
    struct buf expression;
    struct asked q = {.out = &expression};
    const char *title = *of->value[FIELD_TITLE] ? of->value[FIELD_TITLE] : of->value[FIELD_CONTENT];
    const char *folded = fold_text(a, title, strlen(title));
    buf_init(&expression, 64 * 1024);
    put_key(&expression, FILTER_CATEGORY, of->value[FIELD_CATEGORY]);
    if (expression.len > 0)
        (void)fold_words(folded, strlen(folded), true, put_word, &q);
    if (q.n > 0) {
        buf_putc(&expression, ')');
        add_matches(s, c, &expression);
    }
    buf_release(&expression);
}

static void by_place(struct store *s, struct candidates *c, const struct casefile *of)
{
    struct buf expression;
    buf_init(&expression, 64 * 1024);
    put_key(&expression, FILTER_COMMUNITY, of->value[FIELD_COMMUNITY]);
    if (expression.len > 0) {
        put_key(&expression, FILTER_CATEGORY, of->value[FIELD_CATEGORY]);
        add_matches(s, c, &expression);
    }
    buf_release(&expression);
}

static int best_first(const void *x, const void *y)
{
    const struct similar_case *a = x, *b = y;
    if (a->like.percent != b->like.percent)
        return b->like.percent - a->like.percent;
    return a->created_ms < b->created_ms   ? 1
           : a->created_ms > b->created_ms ? -1
                                           : uuid_compare(&a->id, &b->id);
}

static bool is_marked(const struct casefile *c, enum field field)
{
    return strcmp(c->value[field], "yes") == 0;
}

/* Within a read. */
static void collect(struct store *s, const struct casefile *of, struct candidates *c,
                    struct arena *scratch)
{
    if (!is_marked(of, FIELD_ANONYMOUS) && !is_marked(of, FIELD_SECRET)) {
        struct uuid *earlier;
        size_t n = 0;
        if (store_earlier(s, of->value[FIELD_PHONE], of->value[FIELD_CLAIMANT], FROM_EACH, scratch,
                          &earlier, &n, NULL) == ST_OK)
            for (size_t i = 0; i < n; i++)
                add(c, &earlier[i]);
    }
    const char *building = place_building(scratch, of->value[FIELD_POINT]);
    if (*building)
        add_all(
            s, c,
            db_query(
                s,
                "SELECT id FROM cases INDEXED BY cases_building WHERE ready = 1 AND building = ?"
                " AND community = ? ORDER BY due DESC, row DESC LIMIT ?",
                "tti", building, of->value[FIELD_COMMUNITY], (int64_t)FROM_EACH));
    if (search_is_whole(s)) {
        by_place(s, c, of);
        by_words(s, c, of, scratch);
    }
}

static const char *how(const struct casefile *c, struct arena *a)
{
    const char *text = *c->value[FIELD_MEASURES] ? c->value[FIELD_MEASURES] : c->value[FIELD_REPLY];
    return arena_strdup(a, text);
}

enum status store_similar(struct store *s, const struct uuid *id, size_t limit, struct arena *a,
                          struct similar_case **ret, size_t *ret_n, struct errmsg *err)
{
    struct candidates c = {.self = *id};
    struct case_view of, other;
    struct arena scratch, one;
    struct similar_case *found = arena_array(a, CANDIDATES, sizeof *found);
    size_t n = 0;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    arena_init(&scratch, 0);
    arena_init(&one, 0);
    st = store_case(s, id, &scratch, &of, err);
    if (st == ST_OK)
        collect(s, &of.shown, &c, &scratch);
    for (size_t i = 0; st == ST_OK && found && i < c.n; i++) {
        arena_reset(&one);
        if (store_case(s, &c.id[i], &one, &other, NULL) != ST_OK)
            continue; /* left the sight meanwhile */
        struct similarity like = similar_to(&of.shown, &other.shown, s->reference, &one);
        if (like.percent < SIMILAR_PERCENT_LEAST)
            continue;
        const char *const *v = other.shown.value;
        found[n++] = (struct similar_case){
            .id = c.id[i],
            .number = arena_strdup(a, v[FIELD_NUMBER]),
            .title = arena_strdup(a, *v[FIELD_TITLE] ? v[FIELD_TITLE] : v[FIELD_CONTENT]),
            .title_en = arena_strdup(a, v[FIELD_TITLE_EN]),
            .state = other.shown.state,
            .created_ms = other.shown.created_ms,
            .like = like,
            .result = arena_strdup(a, v[FIELD_RESULT]),
            .solved = how(&other.shown, a)};
    }
    if (arena_failed(a) || arena_failed(&one) || arena_failed(&scratch))
        db_nomem(s);
    arena_release(&one);
    arena_release(&scratch);
    if (st != ST_OK) {
        db_read_end(s, NULL);
        return st;
    }
    st = db_read_end(s, err);
    if (st != ST_OK)
        return st;
    qsort(found, n, sizeof *found, best_first);
    *ret = found;
    *ret_n = n < limit ? n : limit;
    return ST_OK;
}
