/* print_list.c: a list to take along: pages of text, CSV, NDJSON, HTML. */
#include "core/base/i18n.h"
#include "core/text/clean.h"
#include "core/text/escape.h"
#include "core/text/pages.h"
#include "tui/print_out.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PAGE = 500 };

/* --- rows ------------------------------------------------------------------------------------------ */

enum status print_rows(struct store *s, const struct query *q, long limit, print_row_function *row,
                       void *self, struct errmsg *err)
{
    struct row_key from;
    char text[FILTER_MAX]; /* of the key: a page ends before the next begins */
    bool first = true;
    size_t given = 0;
    enum status st = ST_OK;
    struct arena page;
    arena_init(&page, 0);
    while (st == ST_OK) {
        struct case_row *rows = NULL;
        size_t n = 0, want = PAGE;
        if (limit > 0 && (size_t)limit - given < want)
            want = (size_t)limit - given;
        arena_reset(&page);
        st = want ? store_page(s, q, first ? NULL : &from, false, want, &page, &rows, &n, err)
                  : ST_OK;
        if (st != ST_OK || n == 0)
            break;
        for (size_t i = 0; i < n; i++)
            row(self, &rows[i]);
        from = rows[n - 1].key;
        snprintf(text, sizeof text, "%s", from.text);
        from.text = text;
        first = false;
        given += n;
    }
    arena_release(&page);
    return st;
}

/* The words of a mask of kinds of objects. */
static void print_kinds(struct buf *out, const char *name, uint32_t kinds)
{
    const char *before = "";
    buf_printf(out, ",\"%s\":[", name);
    for (int i = 0; i < OBJECT_COUNT; i++)
        if (kinds >> i & 1u) {
            buf_printf(out, "%s\"%s\"", before, object_table[i].word);
            before = ",";
        }
    buf_putc(out, ']');
}

void list_json(struct buf *to, const struct case_row *row)
{
    char id[UUID_TEXT], due[RFC3339_SIZE];
    uuid_format(&row->id, id);
    buf_printf(to, "{\"id\":\"%s\",\"number\":", id);
    json_string(to, row->number);
    buf_printf(to, ",\"state\":\"%s\",\"category\":", state_table[row->state].word);
    json_string(to, row->category);
    buf_puts(to, ",\"community\":");
    json_string(to, row->community);
    buf_puts(to, ",\"title\":");
    json_string(to, row->title);
    buf_puts(to, ",\"handler\":");
    json_string(to, row->handler);
    if (row->due_ms != TIME_NONE) {
        rfc3339_format(row->due_ms, BEIJING_OFFSET_MS, due);
        buf_printf(to, ",\"clock\":\"%s\",\"due\":\"%s\"", clock_table[row->next_clock].word, due);
    }
    print_kinds(to, "objects", row->open);
    print_kinds(to, "late", row->late);
    if (row->attempts > 0)
        buf_printf(to, ",\"attempts\":%d", row->attempts);
    buf_printf(to, ",\"version\":%" PRIu32 ",\"unsent\":%d,\"draft\":%s,\"conflict\":%s}\n",
               row->version, row->unsent, row->draft ? "true" : "false",
               row->conflict ? "true" : "false");
}

/* --- tables ---------------------------------------------------------------------------------------- */

enum sheet_column {
    SHEET_NUMBER,
    SHEET_STATE,
    SHEET_CLOCK,
    SHEET_DUE,
    SHEET_CATEGORY,
    SHEET_COMMUNITY,
    SHEET_HANDLER,
    SHEET_TITLE,
    SHEET_COLUMNS
};
static const struct named_row sheet_columns[SHEET_COLUMNS] = {
    [SHEET_NUMBER] = {"number", N_("Order number")},
    [SHEET_STATE] = {"state", N_("State")},
    [SHEET_CLOCK] = {"clock", N_("Clock")},
    [SHEET_DUE] = {"due", N_("Due time")},
    [SHEET_CATEGORY] = {"category", N_("Category")},
    [SHEET_COMMUNITY] = {"community", N_("Community")},
    [SHEET_HANDLER] = {"handler", N_("Handler")},
    [SHEET_TITLE] = {"title", N_("Title")},
};

static const char *const form_words[PRINT_FORMS] = {"text", "csv", "ndjson", "html"};

/* A table on its way; enum sheet_column are its columns. */
struct table {
    const struct print_out *o;
    enum print_form form;
    size_t n;
    struct buf out;
    struct arena arena; /* of one row */
};

/* Foreign text on one line, cleaned; in a file it is UTF-8 whatever the terminal is. */
static const char *cell(struct table *s, const char *foreign)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    clean_plain(&out, text_clean_str(&s->arena, foreign, CLEAN_LINE), s->o->ascii);
    const char *ret = arena_strndup(&s->arena, out.data, out.len);
    buf_release(&out);
    return ret;
}

/* Words and codes in CSV, for programs; names elsewhere, for people. */
static const char *value(struct table *s, const struct case_row *row, enum sheet_column column)
{
    const struct reference *r = &s->o->context->reference;
    bool codes = s->form == PRINT_CSV, chinese = i18n_chinese();
    bool runs = row->due_ms != TIME_NONE && row->next_clock < CLOCK_COUNT;
    char due[RFC3339_SIZE];
    const struct category *k;
    switch (column) {
    case SHEET_NUMBER:
        return row->number;
    case SHEET_STATE:
        return codes ? state_table[row->state].word : _(state_table[row->state].label);
    case SHEET_CLOCK:
        return !runs   ? ""
               : codes ? clock_table[row->next_clock].word
                       : _(clock_table[row->next_clock].label);
    case SHEET_DUE:
        if (!runs)
            return "";
        rfc3339_format(row->due_ms, BEIJING_OFFSET_MS, due);
        return codes ? arena_strdup(&s->arena, due) : print_time(&s->arena, row->due_ms);
    case SHEET_CATEGORY:
        k = codes ? NULL : reference_category(r, row->category);
        return !k ? row->category : chinese ? k->level2 : k->level2_en;
    case SHEET_COMMUNITY:
        return codes ? row->community : reference_unit_name(r, row->community, chinese);
    case SHEET_HANDLER:
        return codes ? row->handler : reference_person_name(r, row->handler, chinese);
    case SHEET_TITLE:
        return !codes && !chinese && *row->title_en ? row->title_en : row->title;
    case SHEET_COLUMNS:
        break;
    }
    return "";
}

static void put_cells(struct table *s, const char *const text[SHEET_COLUMNS], const char *tag)
{
    buf_puts(&s->out, s->form == PRINT_HTML ? "<tr>" : "");
    for (int i = 0; i < SHEET_COLUMNS; i++)
        if (s->form == PRINT_HTML) {
            buf_printf(&s->out, "<%s>", tag);
            escape_markup(&s->out, text[i], "<br>");
            buf_printf(&s->out, "</%s>", tag);
        } else {
            buf_puts(&s->out, i ? "," : "");
            escape_csv_cell(&s->out, text[i]);
        }
    buf_puts(&s->out, s->form == PRINT_HTML ? "</tr>\n" : "\r\n");
}

static void put_paper(struct table *s, const char *const text[SHEET_COLUMNS])
{
    buf_printf(&s->out, "%s  %s", text[SHEET_NUMBER], text[SHEET_STATE]);
    if (*text[SHEET_CLOCK])
        buf_printf(&s->out, "  %s: %s", text[SHEET_CLOCK], text[SHEET_DUE]);
    buf_printf(&s->out, "\n  %s  %s  %s\n  %s\n", text[SHEET_CATEGORY], text[SHEET_COMMUNITY],
               text[SHEET_HANDLER], text[SHEET_TITLE]);
}

static void put_row(void *self, const struct case_row *row)
{
    struct table *s = self;
    const char *text[SHEET_COLUMNS];
    s->n++;
    if (s->form == PRINT_NDJSON) {
        list_json(&s->out, row);
        return;
    }
    arena_reset(&s->arena);
    for (int i = 0; i < SHEET_COLUMNS; i++)
        text[i] = cell(s, value(s, row, (enum sheet_column)i));
    if (s->form == PRINT_TEXT)
        put_paper(s, text);
    else
        put_cells(s, text, "td");
}

static void put_columns(struct table *s)
{
    const char *text[SHEET_COLUMNS];
    for (int i = 0; i < SHEET_COLUMNS; i++)
        text[i] = s->form == PRINT_CSV ? sheet_columns[i].word : _(sheet_columns[i].label);
    put_cells(s, text, "th");
}

/* View, filter and time: what stands on paper is old at once, and must say of when it is. */
static const char *title(struct table *s, const struct query *q)
{
    const char *filter = q->filter ? q->filter : "";
    const char *text = arena_printf(s->o->arena, "%s  %s%s%s", print_time(s->o->arena, q->now_ms),
                                    _(view_table[q->view].label), *filter ? ": " : "", filter);
    return arena_strdup(s->o->arena, cell(s, text));
}

static enum status fill(struct table *s, const struct query *q, long limit, struct errmsg *err)
{
    if (s->form == PRINT_HTML) {
        html_begin(&s->out, title(s, q));
        buf_puts(&s->out, "<table><thead>");
    }
    if (s->form == PRINT_HTML || s->form == PRINT_CSV)
        put_columns(s);
    buf_puts(&s->out, s->form == PRINT_HTML ? "</thead><tbody>\n" : "");
    enum status st = print_rows(s->o->store, q, limit, put_row, s, err);
    if (s->form == PRINT_HTML) {
        buf_puts(&s->out, "</tbody></table>\n");
        html_end(&s->out);
    }
    return st;
}

/* Text goes onto pages, all else is whole as it is. */
static void hand_over(struct table *s, const struct query *q, struct buf *out)
{
    if (s->form == PRINT_TEXT)
        pages_print(out, title(s, q), s->out.data, PAGES_COLUMNS, PAGES_ROWS);
    else
        buf_add(out, s->out.data, s->out.len);
    if (s->out.failed != ST_OK)
        out->failed = s->out.failed;
}

enum print_form print_form_find(const char *word)
{
    int form = 0;
    while (form < PRINT_FORMS && strcmp(form_words[form], word) != 0)
        form++;
    return (enum print_form)form;
}

enum status print_table(const struct print_out *o, const struct query *q, long limit,
                        enum print_form form, struct buf *out, size_t *ret_n, struct errmsg *err)
{
    struct table s = {.o = o, .form = form};
    arena_init(&s.arena, 0);
    buf_init(&s.out, SIZE_MAX / 2);
    enum status st = fill(&s, q, limit, err);
    if (st == ST_OK)
        hand_over(&s, q, out);
    if (st == ST_OK && ret_n)
        *ret_n = s.n;
    buf_release(&s.out);
    arena_release(&s.arena);
    return st;
}
