/* page.c: lists of cases by keyset, flat in the number of cases. */
#include "core/store/db.h"
#include "core/base/i18n.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- filter --------------------------------------------------------------------------------- */
enum {
    FILTER_WORDS = 16,
    TEXT_MOST = 200,
    LAST_PLACE = 4, /* of a bound value: see filter_bind */
    BELOW_PLACE,
    STATES_PLACE,
    NOW_PLACE,
    FIRST_FREE,
    SQL_MAX = 64 * 1024,
    PAGE_PLAIN = 1000,
    NEAR_ROWS = 500,
    TABLE_LEAST =
        5000 /* of a view that is this long at most, each row is read rather than the table */
};
struct filter {
    struct store *s;
    enum view_id view;
    enum view_id
        range;    /* whose places are read: the view's own, or those of the one it is a part of */
    int64_t last; /* place in that order */
    int64_t now;
    int64_t below;  /* last due time shown */
    int64_t states; /* bit mask; 0: any */
    struct buf sql; /* " AND ..." with the places named above; values are bound, never written */
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
    [FILTER_UNIT] = {"unit:", "unit:1101", "led by this unit or one below it"},
    [FILTER_HANDLER] = {"handler:", "handler:USER", "in the hands of this person"},
    [FILTER_CHANNEL] = {"channel:", "channel:phone", "that came by this channel"},
    [FILTER_EMERGENCY] = {"emergency:", "emergency:CODE", "under this emergency"},
    [FILTER_OBJECT] = {"object:", "object:whistle", "with an open object of this kind"},
    [FILTER_LATE] = {"late:", "late:any",
                     "overdue; with a kind of object instead of any: the next level was told that "
                     "it is late"},
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

static bool read_state(struct filter *f, const char *value)
{
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

static bool read_view(struct filter *f, const char *value)
{
    int v = 0;
    while (v < VIEW_COUNT && strcmp(value, view_table[v].word) != 0)
        v++;
    if (v == VIEW_COUNT || !store_has_view(store_viewer_role(f->s), (enum view_id)v))
        return false;
    f->view = (enum view_id)v;
    return true;
}

static bool read_object(struct filter *f, const char *column, const char *value)
{
    enum object_kind kind = object_kind_find(value);
    if (kind != OBJECT_NONE)
        buf_printf(&f->sql, " AND ((%s >> %d) & 1)", column, (int)kind);
    return kind != OBJECT_NONE;
}

static bool is_channel(const char *value)
{
    const struct choice *k = field_table[FIELD_CHANNEL].choices;
    while (k->word && strcmp(k->word, value) != 0)
        k++;
    return k->word != NULL;
}

/* What is compared with a text of the row. */
static bool read_text(struct filter *f, int kind, const char *value)
{
    static const char *const column[FILTER_COUNT] = {
        [FILTER_CATEGORY] = "category", [FILTER_COMMUNITY] = "community",
        [FILTER_UNIT] = "unit",         [FILTER_HANDLER] = "handler",
        [FILTER_CHANNEL] = "channel",   [FILTER_EMERGENCY] = "emergency"};
    if (f->n == FILTER_WORDS || strlen(value) > TEXT_MOST ||
        (kind == FILTER_CHANNEL && !is_channel(value)))
        return false;
    const char *name = kind < FILTER_TEXT ? column[kind] : NULL;
    int at = FIRST_FREE + f->n;
    if (kind == FILTER_CATEGORY || kind == FILTER_COMMUNITY || kind == FILTER_UNIT)
        /* codes are built by level: the code of a level finds all below it */
        buf_printf(&f->sql, " AND substr(%s, 1, length(?%d)) = ?%d", name, at, at);
    else if (name)
        buf_printf(&f->sql, " AND %s = ?%d", name, at);
    else
        buf_printf(&f->sql,
                   " AND (number LIKE ?%d ESCAPE '\\' OR title LIKE ?%d ESCAPE '\\'"
                   " OR title_en LIKE ?%d ESCAPE '\\')",
                   at, at, at);
    if (name)
        memcpy(f->text[f->n], value, strlen(value) + 1);
    else
        pattern(value, f->text[f->n]);
    f->n++;
    return true;
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
    case FILTER_STATE:
        return read_state(f, value);
    case FILTER_VIEW:
        return read_view(f, value);
    case FILTER_DUE:
        return read_due(value, now_ms, &f->below);
    case FILTER_OBJECT:
        return read_object(f, "open", value);
    case FILTER_LATE:
        if (strcmp(value, "any") != 0)
            return read_object(f, "late", value);
        buf_printf(&f->sql, " AND due < ?%d", NOW_PLACE);
        return true;
    default:
        return read_text(f, k, value);
    }
}

static enum status filter_words(struct filter *f, const struct query *q, struct errmsg *err)
{
    const char *at = q->filter ? q->filter : "";
    for (;;) {
        char word[FILTER_TEXT + 16];
        at += strspn(at, " \t");
        size_t len = strcspn(at, " \t");
        if (len == 0)
            return ST_OK;
        bool fits = len < sizeof word;
        memcpy(word, at, fits ? len : sizeof word - 1);
        word[fits ? len : sizeof word - 1] = '\0';
        if (!fits || !filter_word(f, word, q->now_ms))
            return fail(err, ST_INVALID, _("The filter does not know this word: %s"), word);
        at += len;
    }
}

/* Within a transaction; filter_release in any case. */
static enum status filter_read(struct filter *f, struct store *s, const struct query *q,
                               struct errmsg *err)
{
    *f = (struct filter){.s = s, .view = q->view, .now = q->now_ms, .below = INT64_MAX};
    buf_init(&f->sql, SQL_MAX);
    enum status st = filter_words(f, q, err);
    if (st != ST_OK)
        return st;
    f->range = view_range(f->view, q->now_ms, &f->last);
    if (f->states)
        buf_printf(&f->sql, " AND ((?%d >> state) & 1)", STATES_PLACE);
    if (view_by_due(f->view) && f->below < f->last)
        f->last = f->below;
    else if (f->below != INT64_MAX)
        buf_printf(&f->sql, " AND due <= ?%d", BELOW_PLACE);
    st = buf_status(&f->sql);
    return st == ST_OK ? ST_OK : fail(err, st, _("Out of memory."));
}

static void filter_bind(const struct filter *f, struct sqlite3_stmt *p)
{
    db_bind_int(p, LAST_PLACE, f->last);
    db_bind_int(p, BELOW_PLACE, f->below);
    db_bind_int(p, STATES_PLACE, f->states);
    db_bind_int(p, NOW_PLACE, f->now);
    for (int i = 0; i < f->n; i++)
        db_bind_text(p, FIRST_FREE + i, f->text[i]);
}

static const char columns[] = "key, row, id, number, category, community, title, handler, title_en,"
                              " state, next_clock, version, unsent, repeats, draft, conflict, due,"
                              " open, late, owed";
static const char call_columns[] = ", attempts, sms, wish";

/* What matters to who calls is read for who calls: each column costs every row of every page. */
static bool is_call_list(const struct filter *f)
{
    return f->view == VIEW_CALL_LIST || f->view == VIEW_MESSAGE;
}

/* How the rows of a page are looked for. A filter that matches often is met within a few rows along the
 * places; one that matches seldom reads nearly all cases, and then the table from its beginning is several
 * times faster than row after row in the order of the places. */
enum way { WAY_INDEX, WAY_NEAR, WAY_TABLE };

static void add_places(struct buf *sql, const struct filter *f, enum way way, bool backward)
{
    const char *order = backward ? " DESC" : "";
    char range[128];
    snprintf(range, sizeof range, "view = %d AND (key, row) %s (?1, ?2) AND key <= ?4",
             (int)f->range, backward ? "<" : ">");
    if (way == WAY_INDEX)
        buf_printf(sql, "shown CROSS JOIN cases USING(row) WHERE %s%s", range, f->sql.data);
    else if (way == WAY_NEAR)
        buf_printf(sql,
                   "(SELECT key, row FROM shown WHERE %s ORDER BY key%s, row%s LIMIT %d)"
                   " CROSS JOIN cases USING(row) WHERE 1%s",
                   range, order, order, NEAR_ROWS, f->sql.data);
    else
        buf_printf(sql,
                   "(SELECT iif((views >> %d) & 1, %d, -1) AS view, %s AS key, * FROM cases"
                   " NOT INDEXED) WHERE %s%s",
                   (int)f->range, (int)f->range, view_by_due(f->range) ? "due" : "-created", range,
                   f->sql.data);
    buf_printf(sql, " ORDER BY key%s, row%s LIMIT ?3", order, order);
}

static struct sqlite3_stmt *page_query(struct store *s, const struct filter *f, enum way way,
                                       bool backward)
{
    struct buf sql;
    buf_init(&sql, SQL_MAX);
    buf_printf(&sql, "SELECT %s%s FROM ", columns, is_call_list(f) ? call_columns : "");
    add_places(&sql, f, way, backward);
    if (buf_status(&sql) != ST_OK)
        db_nomem(s);
    struct sqlite3_stmt *p = db_prepared(s, sql.data, false);
    buf_release(&sql);
    if (p)
        filter_bind(f, p);
    return p;
}

static size_t read_rows(struct store *s, const struct filter *f, struct sqlite3_stmt *p,
                        const struct row_key *key, size_t most, struct arena *a,
                        struct case_row *out)
{
    size_t n = 0;
    if (p) {
        db_bind_int(p, 1, key->due_ms);
        db_bind_int(p, 2, key->row);
        db_bind_int(p, 3, (int64_t)most);
    }
    for (; n < most && db_step(s, p); n++) {
        int64_t state = db_column_int(p, 9), next = db_column_int(p, 10);
        int64_t due = db_column_int(p, 16);
        out[n] = (struct case_row){
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
            .conflict = db_column_int(p, 15) != 0,
            .due_ms = due == INT64_MAX ? TIME_NONE : due,
            .open = (uint32_t)db_column_int(p, 17),
            .late = (uint32_t)db_column_int(p, 18),
            .owed = (uint32_t)db_column_int(p, 19),
            .sms_ms = TIME_NONE,
            .wish = ""};
        if (is_call_list(f)) {
            out[n].attempts = (int)db_column_int(p, 20);
            out[n].sms_ms = db_column_int(p, 21);
            out[n].wish = db_column_text(p, 22, a);
        }
    }
    db_done(p);
    return n;
}

static int64_t count_of(struct store *s, enum view_id view)
{
    return db_int(s, "SELECT n FROM counts WHERE view = ?", "i", (int64_t)view);
}

enum status store_page(struct store *s, const struct query *q, const struct row_key *from,
                       bool backward, size_t limit, struct arena *a, struct case_row **ret,
                       size_t *ret_n, struct errmsg *err)
{
    struct filter f;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    st = filter_read(&f, s, q, err);
    if (st != ST_OK) {
        buf_release(&f.sql);
        db_read_end(s, NULL);
        return st;
    }
    size_t n = 0, most = limit;
    int64_t all = limit > PAGE_PLAIN || f.sql.len > 0 ? count_of(s, f.range) : 0;
    if (limit > PAGE_PLAIN) /* room for no more rows than there are */
        most = (size_t)all < limit ? (size_t)all : limit;
    struct case_row *out = arena_array(a, most ? most : 1, sizeof *out);
    struct row_key key =
        from ? *from
             : (struct row_key){backward ? INT64_MAX : INT64_MIN, backward ? INT64_MAX : INT64_MIN};
    if (!out)
        db_nomem(s);
    if (f.sql.len == 0 || all <= TABLE_LEAST) {
        n = read_rows(s, &f, page_query(s, &f, WAY_INDEX, backward), &key, most, a, out);
    } else {
        n = read_rows(s, &f, page_query(s, &f, WAY_NEAR, backward), &key, most, a, out);
        if (n < most)
            n = read_rows(s, &f, page_query(s, &f, WAY_TABLE, backward), &key, most, a, out);
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
/* How many of a view's places come up to its last one now. */
static int64_t count_range(struct store *s, enum view_id range, int64_t first, int64_t last)
{
    return db_int(s, "SELECT count(*) FROM shown WHERE view = ? AND key >= ? AND key <= ?", "iii",
                  (int64_t)range, first, last);
}

/* From the counts that every change keeps; what the time decides from its range of the places. What is due today is
 * overdue or due from now on: the many overdue ones are gone through once. */
static void count_views(struct store *s, int64_t now_ms, struct store_counts *c)
{
    const enum view_id *list;
    size_t n = store_views(store_viewer_role(s), &list);
    c->overdue = count_range(s, VIEW_ALL_OPEN, INT64_MIN, now_ms - 1);
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

/* Of what a filter leaves. */
static int64_t count_filtered(struct store *s, const struct filter *f)
{
    struct buf sql;
    int64_t n = 0;
    buf_init(&sql, SQL_MAX);
    buf_printf(&sql,
               "SELECT count(*) FROM shown CROSS JOIN cases USING(row)"
               " WHERE view = %d AND key <= ?4%s",
               (int)f->range, f->sql.data);
    if (buf_status(&sql) != ST_OK)
        db_nomem(s);
    struct sqlite3_stmt *p = db_prepared(s, sql.data, false);
    buf_release(&sql);
    if (p)
        filter_bind(f, p);
    if (db_step(s, p))
        n = db_column_int(p, 0);
    db_done(p);
    return n;
}

enum status store_count(struct store *s, const struct query *q, int64_t *ret, struct errmsg *err)
{
    struct filter f;
    int64_t n = 0;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    st = filter_read(&f, s, q, err);
    if (st != ST_OK) {
        buf_release(&f.sql);
        db_read_end(s, NULL);
        return st;
    }
    if (!q->filter || q->filter[strspn(q->filter, " \t")] == '\0') {
        struct store_counts c = {.cases = 0};
        count_views(s, q->now_ms, &c);
        n = c.view[q->view];
    } else {
        n = count_filtered(s, &f);
    }
    buf_release(&f.sql);
    st = db_read_end(s, err);
    if (st == ST_OK)
        *ret = n;
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
    c.conflicts = db_int(s, "SELECT count(*) FROM conflicts", "");
    c.drafts = db_int(s, "SELECT count(*) FROM draft", "");
    st = db_read_end(s, err);
    if (st == ST_OK)
        *ret = c;
    return st;
}
