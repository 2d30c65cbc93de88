/* page.c: lists of cases by keyset, flat in the number of cases. */
#include "core/store/db.h"
#include "core/base/i18n.h"
#include <stdlib.h>
#include <string.h>

const struct view_row view_table[VIEW_COUNT] = {
    [VIEW_TO_SIGN] = {"to_sign", N_("To sign"), '1'},
    [VIEW_IN_HAND] = {"in_hand", N_("In hand"), '2'},
    [VIEW_TO_APPROVE] = {"to_approve", N_("To approve"), '3'},
    [VIEW_WHISTLE] = {"whistle", N_("Whistles"), '4'},
    [VIEW_CALLBACK] = {"callback", N_("To call back"), '5'},
    [VIEW_DUE_TODAY] = {"due_today", N_("Due today"), '6'},
    [VIEW_ALL_OPEN] = {"all_open", N_("All open"), '7'},
    [VIEW_DISPATCH] = {"dispatch", N_("To dispatch"), '8'},
    [VIEW_CLOSED] = {"closed", N_("Closed"), '9'},
};

/* What a view shows: one or two ranges of an index, in the order (due, row). The words of a range
 * stand as the partial indexes have them, else SQLite does not take those. */
static const char *const view_arm[VIEW_COUNT][2] = {
    [VIEW_TO_SIGN] = {"bucket = 2"},    [VIEW_IN_HAND] = {"bucket = 3", "bucket = 1"},
    [VIEW_TO_APPROVE] = {"bucket = 4"}, [VIEW_WHISTLE] = {"whistle = 1"},
    [VIEW_CALLBACK] = {"bucket = 5"},   [VIEW_DUE_TODAY] = {"bucket < 7"},
    [VIEW_ALL_OPEN] = {"bucket < 7"},   [VIEW_DISPATCH] = {"bucket = 0", "bucket = 1"},
    [VIEW_CLOSED] = {"bucket = 7"},
};

/* --- filter --------------------------------------------------------------------------------- */
enum {
    FILTER_WORDS = 16,
    TEXT_MOST = 200,
    FIRST_FREE = 5,
    SQL_MAX = 64 * 1024,
    PAGE_PLAIN = 1000,
    NEAR_ROWS = 500
};
struct filter {
    enum view_id view;
    int64_t below;  /* last due time shown */
    int64_t states; /* bit mask; 0: any */
    struct buf sql; /* " AND ..." with ?5, ?6, ...; values are bound, never written */
    int n;
    char text[FILTER_WORDS][2 * FILTER_TEXT + 3];
};

/* `due<4h`: minutes, hours or days from now; what is overdue is due as well. */
static bool read_due(const char *word, int64_t now_ms, int64_t *below)
{
    char *end;
    if (*word < '0' || *word > '9')
        return false;
    long n = strtol(word, &end, 10);
    int64_t unit = *end == 'm' ? MS_MINUTE : *end == 'h' ? MS_HOUR : *end == 'd' ? MS_DAY : 0;
    if (unit == 0 || end[1] || n > 10000)
        return false;
    int64_t last = now_ms + n * unit - 1;
    if (last < *below)
        *below = last;
    return true;
}

const struct filter_row filter_table[FILTER_COUNT] = {
    [FILTER_STATE] = {"state:", "state:SENT", "in this state; several of them: in any"},
    [FILTER_CATEGORY] = {"category:", "category:0101", "of this category or below it"},
    [FILTER_COMMUNITY] = {"community:", "community:110101", "of this unit or below it"},
    [FILTER_HANDLER] = {"handler:", "handler:USER", "in the hands of this person"},
    [FILTER_VIEW] = {"view:", "view:NAME", "of this view"},
    [FILTER_DUE] = {"due<", "due<4h", "due within this time: m, h or d"},
    [FILTER_TEXT] = {"text:", "text:WORD", "with this in number or title, as a bare word"},
};

/* A LIKE pattern in which nothing of the word is special. */
static void pattern(const char *word, char *out)
{
    *out++ = '%';
    for (; *word; word++) {
        if (*word == '%' || *word == '_' || *word == '\\')
            *out++ = '\\';
        *out++ = *word;
    }
    *out++ = '%';
    *out = '\0';
}

static bool filter_word(struct filter *f, const char *word, int64_t now_ms)
{
    int k = 0;
    while (k < FILTER_COUNT && strncmp(word, filter_table[k].key, strlen(filter_table[k].key)) != 0)
        k++;
    const char *value = k < FILTER_COUNT ? word + strlen(filter_table[k].key) : word;
    if (!*value)
        return false;
    switch (k) {
    case FILTER_STATE: {
        char upper[32];
        size_t i = 0;
        for (; value[i] && i + 1 < sizeof upper; i++)
            upper[i] = value[i] >= 'a' && value[i] <= 'z' ? (char)(value[i] - 'a' + 'A') : value[i];
        upper[i] = '\0';
        enum state state = value[i] ? STATE_COUNT : state_find(upper);
        if (state == STATE_COUNT)
            return false;
        f->states |= (int64_t)1 << state;
        return true;
    }
    case FILTER_VIEW:
        for (int v = 0; v < VIEW_COUNT; v++)
            if (strcmp(value, view_table[v].word) == 0) {
                f->view = (enum view_id)v;
                return true;
            }
        return false;
    case FILTER_DUE:
        return read_due(value, now_ms, &f->below);
    default:
        break;
    }
    if (f->n == FILTER_WORDS || strlen(value) > TEXT_MOST)
        return false;
    int at = FIRST_FREE + 1 + f->n;
    if (k == FILTER_CATEGORY ||
        k ==
            FILTER_COMMUNITY) /* codes are built by level: the code of a level finds all below it */
        buf_printf(&f->sql, " AND substr(%s, 1, length(?%d)) = ?%d",
                   k == FILTER_CATEGORY ? "category" : "community", at, at);
    else if (k == FILTER_HANDLER)
        buf_printf(&f->sql, " AND handler = ?%d", at);
    else
        buf_printf(&f->sql,
                   " AND (number LIKE ?%d ESCAPE '\\' OR title LIKE ?%d ESCAPE '\\'"
                   " OR title_en LIKE ?%d ESCAPE '\\')",
                   at, at, at);
    if (k < FILTER_TEXT)
        memcpy(f->text[f->n], value, strlen(value) + 1);
    else
        pattern(value, f->text[f->n]);
    f->n++;
    return true;
}

/* filter_release in any case. */
static enum status filter_read(struct filter *f, const struct query *q, struct errmsg *err)
{
    f->view = q->view;
    f->below = INT64_MAX;
    f->states = 0;
    f->n = 0;
    buf_init(&f->sql, SQL_MAX);
    const char *at = q->filter ? q->filter : "";
    for (;;) {
        char word[FILTER_TEXT + 16];
        at += strspn(at, " \t");
        size_t len = strcspn(at, " \t");
        if (len == 0)
            break;
        bool fits = len < sizeof word;
        memcpy(word, at, fits ? len : sizeof word - 1);
        word[fits ? len : sizeof word - 1] = '\0';
        if (!fits || !filter_word(f, word, q->now_ms))
            return fail(err, ST_INVALID, _("The filter does not know this word: %s"), word);
        at += len;
    }
    if (f->states)
        buf_printf(&f->sql, " AND ((?%d >> state) & 1)", FIRST_FREE);
    if (f->view == VIEW_DUE_TODAY) {
        int64_t last =
            (q->now_ms + BEIJING_OFFSET_MS) / MS_DAY * MS_DAY + MS_DAY - BEIJING_OFFSET_MS - 1;
        if (last < f->below)
            f->below = last;
    }
    enum status st = buf_status(&f->sql);
    return st == ST_OK ? ST_OK : fail(err, st, _("Out of memory."));
}

static void filter_bind(const struct filter *f, struct sqlite3_stmt *p)
{
    db_bind_int(p, 4, f->below);
    db_bind_int(p, FIRST_FREE, f->states);
    for (int i = 0; i < f->n; i++)
        db_bind_text(p, FIRST_FREE + 1 + i, f->text[i]);
}

static const char columns[] = "due, row, id, number, category, community, title, handler, title_en,"
                              " state, next_clock, version, unsent, repeats, draft, conflict";

/* How the rows of a page are looked for. A filter that matches often is met within a few rows along the
 * index; one that matches seldom reads nearly all cases, and then the table from its beginning is several
 * times faster than row after row in the order of the index. */
enum way { WAY_INDEX, WAY_NEAR, WAY_TABLE };

static void add_arm(struct buf *sql, const struct filter *f, int arm, const char *what,
                    enum way way, bool backward)
{
    const char *order = backward ? " DESC" : "";
    buf_printf(sql,
               "SELECT %s FROM cases%s WHERE %s AND (due, row) %s (?1, ?2) AND due <= ?4%s"
               " ORDER BY due%s, row%s LIMIT ",
               what, way == WAY_TABLE ? " NOT INDEXED" : "", view_arm[f->view][arm],
               backward ? "<" : ">", way == WAY_NEAR ? "" : f->sql.data, order, order);
    if (way == WAY_NEAR)
        buf_printf(sql, "%d", NEAR_ROWS);
    else
        buf_puts(sql, "?3");
}

/* One range is read as it lies in its index; two are merged by their keys first. */
static struct sqlite3_stmt *page_query(struct store *s, const struct filter *f, enum way way,
                                       bool backward)
{
    const char *order = backward ? " DESC" : "";
    struct buf sql;
    buf_init(&sql, SQL_MAX);
    if (view_arm[f->view][1]) {
        buf_printf(&sql, "SELECT %s FROM cases WHERE row IN (SELECT row FROM (", columns);
        add_arm(&sql, f, 0, "row", way, backward);
        buf_puts(&sql, ") UNION ALL SELECT row FROM (");
        add_arm(&sql, f, 1, "row", way, backward);
        buf_printf(&sql, ")) ORDER BY due%s, row%s LIMIT ?3", order, order);
    } else if (way == WAY_NEAR) {
        buf_printf(&sql, "SELECT %s FROM (", columns);
        add_arm(&sql, f, 0, columns, way, backward);
        buf_printf(&sql, ") WHERE 1%s ORDER BY due%s, row%s LIMIT ?3", f->sql.data, order, order);
    } else {
        add_arm(&sql, f, 0, columns, way, backward);
    }
    if (buf_status(&sql) != ST_OK)
        db_nomem(s);
    struct sqlite3_stmt *p = db_prepared(s, sql.data, false);
    buf_release(&sql);
    if (p)
        filter_bind(f, p);
    return p;
}

static size_t read_rows(struct store *s, struct sqlite3_stmt *p, const struct row_key *key,
                        size_t most, struct arena *a, struct case_row *out)
{
    size_t n = 0;
    if (p) {
        db_bind_int(p, 1, key->due_ms);
        db_bind_int(p, 2, key->row);
        db_bind_int(p, 3, (int64_t)most);
    }
    for (; n < most && db_step(s, p); n++) {
        struct case_row *r = &out[n];
        int64_t state = db_column_int(p, 9), next = db_column_int(p, 10);
        *r = (struct case_row){
            .key = {db_column_int(p, 0), db_column_int(p, 1)},
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
            .conflict = db_column_int(p, 15) != 0};
        r->due_ms = r->key.due_ms == INT64_MAX ? TIME_NONE : r->key.due_ms;
    }
    db_done(p);
    return n;
}

/* Views that hold a large part of all cases. */
static bool is_large(enum view_id view)
{
    return view == VIEW_ALL_OPEN || view == VIEW_DUE_TODAY || view == VIEW_CLOSED;
}

enum status store_page(struct store *s, const struct query *q, const struct row_key *from,
                       bool backward, size_t limit, struct arena *a, struct case_row **ret,
                       size_t *ret_n, struct errmsg *err)
{
    struct filter f;
    enum status st = filter_read(&f, q, err);
    if (st == ST_OK)
        st = db_read_begin(s, err);
    if (st != ST_OK) {
        buf_release(&f.sql);
        return st;
    }
    size_t n = 0, most = limit;
    if (limit > PAGE_PLAIN) { /* room for no more rows than there are */
        int64_t all = db_int(s, "SELECT total(n) FROM counts", "");
        most = (size_t)all < limit ? (size_t)all : limit;
    }
    struct case_row *out = arena_array(a, most ? most : 1, sizeof *out);
    struct row_key key =
        from ? *from
             : (struct row_key){backward ? INT64_MAX : INT64_MIN, backward ? INT64_MAX : INT64_MIN};
    if (!out)
        db_nomem(s);
    if (f.sql.len == 0 || !is_large(f.view)) {
        n = read_rows(s, page_query(s, &f, WAY_INDEX, backward), &key, most, a, out);
    } else {
        n = read_rows(s, page_query(s, &f, WAY_NEAR, backward), &key, most, a, out);
        if (n < most)
            n = read_rows(s, page_query(s, &f, WAY_TABLE, backward), &key, most, a, out);
    }
    buf_release(&f.sql);
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
static const unsigned view_buckets[VIEW_COUNT] = {
    [VIEW_TO_SIGN] = 1u << BUCKET_SENT,
    [VIEW_IN_HAND] = 1u << BUCKET_HAND | 1u << BUCKET_DISPUTED,
    [VIEW_TO_APPROVE] = 1u << BUCKET_REVIEW,
    [VIEW_CALLBACK] = 1u << BUCKET_CALLBACK,
    [VIEW_ALL_OPEN] = (1u << BUCKET_CLOSED) - 1,
    [VIEW_DISPATCH] = 1u << BUCKET_NEW | 1u << BUCKET_DISPUTED,
    [VIEW_CLOSED] = 1u << BUCKET_CLOSED,
};

/* From the counts that every change keeps; what the time decides and whistles from their index. What is due today
 * is overdue or due from now on: the many overdue ones are gone through once. */
static void count_views(struct store *s, int64_t now_ms, struct store_counts *c)
{
    struct sqlite3_stmt *p = db_query(s, "SELECT state, n FROM counts", "");
    while (db_step(s, p)) {
        int64_t state = db_column_int(p, 0), n = db_column_int(p, 1);
        if (state < 0 || state >= STATE_COUNT)
            continue;
        c->cases += n;
        for (int v = 0; v < VIEW_COUNT; v++)
            if (view_buckets[v] >> store_bucket((enum state)state) & 1)
                c->view[v] += n;
    }
    int64_t midnight = (now_ms + BEIJING_OFFSET_MS) / MS_DAY * MS_DAY + MS_DAY - BEIJING_OFFSET_MS;
    c->overdue = db_int(s, "SELECT count(*) FROM cases WHERE bucket < 7 AND due < ?", "i", now_ms);
    c->view[VIEW_DUE_TODAY] =
        c->overdue + db_int(s,
                            "SELECT count(*) FROM cases WHERE bucket < 7 AND due >= ? AND due < ?",
                            "ii", now_ms, midnight);
    c->view[VIEW_WHISTLE] = db_int(s, "SELECT count(*) FROM cases WHERE whistle = 1", "");
}

enum status store_count(struct store *s, const struct query *q, int64_t *ret, struct errmsg *err)
{
    struct filter f;
    int64_t n = 0;
    enum status st = filter_read(&f, q, err);
    if (st == ST_OK)
        st = db_read_begin(s, err);
    if (st != ST_OK) {
        buf_release(&f.sql);
        return st;
    }
    if (!q->filter || q->filter[strspn(q->filter, " \t")] == '\0') {
        struct store_counts c = {.cases = 0};
        count_views(s, q->now_ms, &c);
        n = c.view[q->view];
    } else {
        struct buf sql;
        buf_init(&sql, SQL_MAX);
        buf_puts(&sql, "SELECT ");
        for (int i = 0; i < 2 && view_arm[f.view][i]; i++)
            buf_printf(&sql, "%s(SELECT count(*) FROM cases WHERE %s AND due <= ?4%s)",
                       i ? " + " : "", view_arm[f.view][i], f.sql.data);
        if (buf_status(&sql) != ST_OK)
            db_nomem(s);
        struct sqlite3_stmt *p = db_prepared(s, sql.data, false);
        buf_release(&sql);
        if (p)
            filter_bind(&f, p);
        if (db_step(s, p))
            n = db_column_int(p, 0);
        db_done(p);
    }
    buf_release(&f.sql);
    st = db_read_end(s, err);
    if (st == ST_OK)
        *ret = n;
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
    c.conflicts = db_int(s, "SELECT count(*) FROM conflicts", "");
    c.drafts = db_int(s, "SELECT count(*) FROM draft", "");
    st = db_read_end(s, err);
    if (st == ST_OK)
        *ret = c;
    return st;
}
