/* list_sheet.c: a list to take along: pages of text, CSV, NDJSON, HTML. */
#include "core/base/i18n.h"
#include "core/text/clean.h"
#include "core/text/escape.h"
#include "core/text/pages.h"
#include "tui/command/command.h"
#include <string.h>

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

enum sheet_form { SHEET_TEXT, SHEET_CSV, SHEET_NDJSON, SHEET_HTML, SHEET_FORMS };
static const char *const sheet_forms[SHEET_FORMS] = {"text", "csv", "ndjson", "html"};

struct sheet {
    struct cli *c;
    enum sheet_form form;
    struct buf out;
    struct arena arena; /* of one row */
};

/* Foreign text on one line, cleaned; in a file it is UTF-8 whatever the terminal is. */
static const char *cell(struct sheet *s, const char *foreign)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    clean_plain(&out, text_clean_str(&s->arena, foreign, CLEAN_LINE), !s->c->output && cli_ascii());
    const char *ret = arena_strndup(&s->arena, out.data, out.len);
    buf_release(&out);
    return ret;
}

/* Words and codes in CSV, for programs; names elsewhere, for people. */
static const char *value(struct sheet *s, const struct case_row *row, enum sheet_column column)
{
    const struct reference *r = &s->c->context.reference;
    bool codes = s->form == SHEET_CSV, chinese = i18n_chinese();
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
        return codes ? arena_strdup(&s->arena, due) : cli_time(s->c, row->due_ms);
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

static void put_cells(struct sheet *s, const char *const text[SHEET_COLUMNS], const char *tag)
{
    buf_puts(&s->out, s->form == SHEET_HTML ? "<tr>" : "");
    for (int i = 0; i < SHEET_COLUMNS; i++)
        if (s->form == SHEET_HTML) {
            buf_printf(&s->out, "<%s>", tag);
            escape_markup(&s->out, text[i], "<br>");
            buf_printf(&s->out, "</%s>", tag);
        } else {
            buf_puts(&s->out, i ? "," : "");
            escape_csv_cell(&s->out, text[i]);
        }
    buf_puts(&s->out, s->form == SHEET_HTML ? "</tr>\n" : "\r\n");
}

static void put_paper(struct sheet *s, const char *const text[SHEET_COLUMNS])
{
    buf_printf(&s->out, "%s  %s", text[SHEET_NUMBER], text[SHEET_STATE]);
    if (*text[SHEET_CLOCK])
        buf_printf(&s->out, "  %s: %s", text[SHEET_CLOCK], text[SHEET_DUE]);
    buf_printf(&s->out, "\n  %s  %s  %s\n  %s\n", text[SHEET_CATEGORY], text[SHEET_COMMUNITY],
               text[SHEET_HANDLER], text[SHEET_TITLE]);
}

static void put_row(void *self, const struct case_row *row)
{
    struct sheet *s = self;
    const char *text[SHEET_COLUMNS];
    if (s->form == SHEET_NDJSON) {
        list_json(&s->out, row);
        return;
    }
    arena_reset(&s->arena);
    for (int i = 0; i < SHEET_COLUMNS; i++)
        text[i] = cell(s, value(s, row, (enum sheet_column)i));
    if (s->form == SHEET_TEXT)
        put_paper(s, text);
    else
        put_cells(s, text, "td");
}

static void put_columns(struct sheet *s)
{
    const char *text[SHEET_COLUMNS];
    for (int i = 0; i < SHEET_COLUMNS; i++)
        text[i] = s->form == SHEET_CSV ? sheet_columns[i].word : _(sheet_columns[i].label);
    put_cells(s, text, "th");
}

/* View, filter and time: what stands on paper is old at once, and must say of when it is. */
static const char *title(struct sheet *s, const struct query *q)
{
    const char *text =
        arena_printf(&s->c->arena, "%s  %s%s%s", cli_time(s->c, q->now_ms),
                     _(view_table[q->view].label), *q->filter ? ": " : "", q->filter);
    return arena_strdup(&s->c->arena, cell(s, text));
}

static enum status fill(struct sheet *s, const struct query *q, struct errmsg *err)
{
    if (s->form == SHEET_HTML) {
        html_begin(&s->out, title(s, q));
        buf_puts(&s->out, "<table><thead>");
    }
    if (s->form == SHEET_HTML || s->form == SHEET_CSV)
        put_columns(s);
    buf_puts(&s->out, s->form == SHEET_HTML ? "</thead><tbody>\n" : "");
    enum status st = cli_rows(s->c, q, put_row, s, err);
    if (s->form == SHEET_HTML) {
        buf_puts(&s->out, "</tbody></table>\n");
        html_end(&s->out);
    }
    return st;
}

static enum status write_out(struct sheet *s, const struct query *q, struct errmsg *err)
{
    struct buf pages;
    if (s->form == SHEET_NDJSON && !s->c->output && buf_status(&s->out) == ST_OK) {
        cli_print_json(&s->out);
        return ST_OK;
    }
    if (s->form == SHEET_HTML)
        return output_write_utf8(s->c, &s->out, err);
    if (s->form != SHEET_TEXT)
        return output_write(s->c, &s->out, err);
    buf_init(&pages, SIZE_MAX / 2);
    pages_print(&pages, title(s, q), s->out.data, PAGES_COLUMNS, PAGES_ROWS);
    if (s->out.failed != ST_OK)
        pages.failed = s->out.failed;
    enum status st = output_write(s->c, &pages, err);
    buf_release(&pages);
    return st;
}

enum status list_sheet(struct cli *c, const struct query *q, struct errmsg *err)
{
    int form = 0;
    while (form < SHEET_FORMS && strcmp(sheet_forms[form], c->query[CLI_FORMAT]) != 0)
        form++;
    if (form == SHEET_FORMS)
        return fail(err, ST_INVALID, _("The format of a list is text, csv, ndjson or html."));
    enum status st = output_check(c, err);
    if (st != ST_OK)
        return st;
    struct sheet s = {.c = c, .form = (enum sheet_form)form};
    arena_init(&s.arena, 0);
    buf_init(&s.out, SIZE_MAX / 2);
    st = fill(&s, q, err);
    if (st == ST_OK)
        st = write_out(&s, q, err);
    buf_release(&s.out);
    arena_release(&s.arena);
    return st;
}
