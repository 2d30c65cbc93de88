/* filter_sql.c: a filter as conditions of SQL. */
#include "core/store/filter_sql.h"
#include "core/base/i18n.h"
#include <stdio.h>
#include <string.h>

enum { SQL_MAX = 256 * 1024, SOON = 2 };

void condition_init(struct condition *c, int first)
{
    c->n = 0;
    c->first = first;
    c->full = false;
    buf_init(&c->sql, SQL_MAX);
}

void condition_release(struct condition *c)
{
    buf_release(&c->sql);
}

enum status condition_status(const struct condition *c)
{
    return c->full ? ST_TOOBIG : buf_status(&c->sql);
}

void condition_bind(const struct condition *c, struct sqlite3_stmt *q)
{
    for (int i = 0; i < c->n; i++)
        if (c->value[i].text)
            db_bind_text(q, c->first + i, c->value[i].text);
        else
            db_bind_int(q, c->first + i, c->value[i].number);
}

static int place(struct condition *c, const char *text, int64_t number)
{
    if (c->n == CONDITION_VALUES) {
        c->full = true;
        return c->first;
    }
    c->value[c->n].text = text;
    c->value[c->n].number = number;
    return c->first + c->n++;
}

static void add_text(struct condition *c, const char *before, const char *text, const char *after)
{
    buf_printf(&c->sql, "%s?%d%s", before, place(c, text, 0), after);
}

static void add_number(struct condition *c, const char *before, int64_t number, const char *after)
{
    buf_printf(&c->sql, "%s?%d%s", before, place(c, NULL, number), after);
}

void condition_add_number(struct condition *c, const char *before, int64_t number,
                          const char *after)
{
    buf_puts(&c->sql, " AND ");
    add_number(c, before, number, after);
}

void condition_add_text(struct condition *c, const char *before, const char *text,
                        const char *after)
{
    buf_puts(&c->sql, " AND ");
    add_text(c, before, text, after);
}

/* --- terms -------------------------------------------------------------------------------------- */
/* A LIKE pattern in which nothing of the text is special. */
static const char *pattern(struct arena *a, const char *text)
{
    char *out = arena_alloc(a, 2 * strlen(text) + 3), *at = out;
    if (!out)
        return "";
    *at++ = '%';
    for (; *text; text++) {
        if (*text == '%' || *text == '_' || *text == '\\')
            *at++ = '\\';
        *at++ = *text;
    }
    *at = '%';
    return out;
}

/* Codes are built by level: the code of a level finds all below it. */
static void add_codes(struct condition *c, const char *column, const struct filter_node *t,
                      bool levels)
{
    buf_putc(&c->sql, '(');
    for (size_t i = 0; i < t->n_texts; i++) {
        if (i)
            buf_puts(&c->sql, " OR ");
        int at = place(c, t->text[i], 0);
        if (levels)
            buf_printf(&c->sql, "substr(%s, 1, length(?%d)) = ?%d", column, at, at);
        else
            buf_printf(&c->sql, "%s = ?%d", column, at);
    }
    buf_putc(&c->sql, ')');
}

static void add_range(struct condition *c, const char *column, const struct filter_node *t)
{
    const char *before = "(";
    if (t->low == INT64_MIN && t->high == INT64_MAX)
        buf_puts(&c->sql, "1");
    if (t->low != INT64_MIN) {
        buf_printf(&c->sql, "%s%s", before, column);
        add_number(c, " >= ", t->low, "");
        before = " AND ";
    }
    if (t->high != INT64_MAX) {
        buf_printf(&c->sql, "%s%s", before, column);
        add_number(c, " <= ", t->high, "");
        before = " AND ";
    }
    if (*before == ' ')
        buf_putc(&c->sql, ')');
}

static const char of_text[] = "(SELECT text FROM search WHERE rowid = cases.row)";

static void add_word(struct condition *c, const struct filter_node *t, bool whole, struct arena *a)
{
    if (whole) {
        buf_printf(&c->sql, "jiban_has(%s", of_text);
        add_text(c, ", ", t->text[0], ")");
        return;
    }
    int at = place(c, pattern(a, t->text[0]), 0);
    buf_printf(&c->sql,
               "(number LIKE ?%d ESCAPE '\\' OR title LIKE ?%d ESCAPE '\\' OR title_en LIKE ?%d "
               "ESCAPE '\\')",
               at, at, at);
}

/* The number of a building is not found inside a longer one. */
static void add_building(struct condition *c, const struct filter_node *t, struct arena *a)
{
    const char *text = t->text[0];
    size_t n = strlen(text);
    bool first = text[0] >= '0' && text[0] <= '9', last = text[n - 1] >= '0' && text[n - 1] <= '9';
    const char *end = last ? "[^0-9]*" : "*";
    if (strpbrk(text, "*?["))
        text = ""; /* nothing is called so */
    add_text(c, "(building GLOB ", arena_printf(a, "%s%s", text, end), "");
    add_text(c, " OR building GLOB ", arena_printf(a, "*%s%s%s", first ? "[^0-9]" : "", text, end),
             ")");
}

static void add_bits(struct condition *c, const char *column, uint32_t bits)
{
    buf_printf(&c->sql, "(%s & ", column);
    add_number(c, "", (int64_t)bits, ") <> 0");
}

static void add_flag(struct condition *c, enum filter_key key, int64_t now_ms)
{
    static const char *const plain[FILTER_COUNT] = {[FILTER_IS_ASSIGNED] = "handler <> ''",
                                                    [FILTER_IS_REPEAT] = "repeats > 0",
                                                    [FILTER_IS_UNSENT] = "unsent > 0",
                                                    [FILTER_IS_DRAFT] = "draft <> 0",
                                                    [FILTER_IS_CONFLICT] = "conflict <> 0"};
    const int64_t soon = now_ms + SOON * MS_HOUR;
    if (plain[key]) {
        buf_puts(&c->sql, plain[key]);
    } else if (key == FILTER_IS_OVERDUE) {
        add_number(c, "due < ", now_ms, "");
    } else if (key == FILTER_IS_SOON) {
        add_number(c, "(due >= ", now_ms, "");
        add_number(c, " AND due < ", soon, ")");
    } else {
        add_number(c, "(due < ", soon, " OR conflict <> 0 OR unsent > 0)");
    }
}

static void add_term(struct condition *c, const struct filter_node *t, bool whole, int64_t now_ms,
                     struct arena *a)
{
    switch (t->key) {
    case FILTER_STATE:
        add_number(c, "((", (int64_t)t->bits, " >> state) & 1)");
        break;
    case FILTER_CATEGORY:
        add_codes(c, "category", t, true);
        break;
    case FILTER_COMMUNITY:
        add_codes(c, "community", t, true);
        break;
    case FILTER_UNIT:
        add_codes(c, "unit", t, true);
        break;
    case FILTER_HANDLER:
        add_codes(c, "handler", t, false);
        break;
    case FILTER_CHANNEL:
        add_codes(c, "channel", t, false);
        break;
    case FILTER_EMERGENCY:
        add_codes(c, "emergency", t, false);
        break;
    case FILTER_OBJECT:
        add_bits(c, "open", t->bits);
        break;
    case FILTER_LATE:
        if (t->bits)
            add_bits(c, "late", t->bits);
        else
            add_number(c, "due < ", now_ms, "");
        break;
    case FILTER_NUMBER:
        add_text(c, "replace(number, '-', '') LIKE '%' || ", t->text[0], "");
        break;
    case FILTER_PHONE:
        if (whole) {
            buf_printf(&c->sql, "instr(%s", of_text);
            add_text(c, ", ", search_phone_word(a, t->text[0]), ") > 0");
        } else {
            buf_puts(&c->sql, "0"); /* phones are not known yet */
        }
        break;
    case FILTER_BUILDING:
        add_building(c, t, a);
        break;
    case FILTER_DUE:
        add_range(c, "due", t);
        break;
    case FILTER_CREATED:
    case FILTER_AGE:
        add_range(c, "created", t);
        break;
    case FILTER_REPEATS:
        add_range(c, "repeats", t);
        break;
    case FILTER_CALLS:
        add_range(c, "attempts", t);
        break;
    case FILTER_VIEW:
        buf_puts(&c->sql, "1"); /* the ground, not a condition */
        break;
    case FILTER_TEXT:
        add_word(c, t, whole, a);
        break;
    default:
        add_flag(c, t->key, now_ms);
    }
}

static void add_node(struct condition *c, const struct filter_node *n, bool whole, int64_t now_ms,
                     struct arena *a)
{
    if (n->kind == FILTER_TERM) {
        add_term(c, n, whole, now_ms, a);
        return;
    }
    buf_puts(&c->sql, n->kind == FILTER_NOT ? "NOT (" : "(");
    for (const struct filter_node *part = n->part; part; part = part->next) {
        if (part != n->part)
            buf_puts(&c->sql, n->kind == FILTER_ANY ? " OR " : " AND ");
        add_node(c, part, whole, now_ms, a);
    }
    buf_putc(&c->sql, ')');
}

/* --- what the index answers ---------------------------------------------------------------------------- */
/* False: not this one. */
static bool add_match(struct match *m, const struct filter_node *n, bool *ret_compare)
{
    struct buf one;
    bool done = true;
    buf_init(&one, SQL_MAX);
    *ret_compare = false;
    if (n->kind == FILTER_TERM) {
        done = search_expression(n, &one, ret_compare);
    } else if (n->kind == FILTER_ANY) {
        for (const struct filter_node *part = n->part; part && done; part = part->next) {
            bool compare = false;
            buf_puts(&one, part == n->part ? "(" : " OR (");
            done = part->kind == FILTER_TERM && search_expression(part, &one, &compare);
            buf_putc(&one, ')');
            *ret_compare |= compare;
        }
    } else {
        done = false;
    }
    if (done)
        buf_printf(&m->expression, "%s(%s)", m->n++ ? " AND " : "", one.data);
    buf_release(&one);
    return done;
}

void condition_add(struct condition *c, const struct filter_node *tree, bool whole, int64_t now_ms,
                   struct arena *a, struct match *m)
{
    const struct filter_node *part = tree && tree->kind == FILTER_ALL ? tree->part : tree;
    for (; part; part = tree->kind == FILTER_ALL ? part->next : NULL) {
        bool compare = true;
        bool answered = m && whole && add_match(m, part, &compare);
        if (part->kind == FILTER_TERM && part->key == FILTER_VIEW)
            continue;
        if (answered && !compare)
            continue;
        buf_puts(&c->sql, " AND ");
        add_node(c, part, whole, now_ms, a);
    }
}
