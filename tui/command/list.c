#include "core/base/i18n.h"
#include "tui/command/command.h"
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

static void print_json(const struct case_row *row)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    list_json(&out, row);
    cli_print_json(&out);
    buf_release(&out);
}

static void print_left(int64_t left)
{
    char text[32];
    const char *sign = left < 0 ? "!-" : "  ";
    if (left < 0)
        left = -left;
    int64_t minutes = left / MS_MINUTE;
    if (minutes >= 48 * 60)
        snprintf(text, sizeof text, "%s%" PRId64 "d %2" PRId64 "h", sign, minutes / 1440,
                 minutes / 60 % 24);
    else
        snprintf(text, sizeof text, "%s%" PRId64 ":%02" PRId64, sign, minutes / 60, minutes % 60);
    printf("%-10s ", text);
}

static void print_row(struct cli *c, const struct case_row *row, int64_t now)
{
    bool chinese = i18n_chinese();
    if (row->due_ms == TIME_NONE)
        printf("%-10s ", "  -");
    else
        print_left(row->due_ms - now);
    cli_print(row->number);
    printf("  %s  ", _(state_table[row->state].label));
    cli_print(reference_category_name(&c->context.reference, row->category, chinese));
    fputs("  ", stdout);
    cli_print(reference_unit_name(&c->context.reference, row->community, chinese));
    fputs("  ", stdout);
    cli_print(!chinese && *row->title_en ? row->title_en : row->title);
    if (row->unsent)
        printf(_("  (%d not sent)"), row->unsent);
    putchar('\n');
}

/* In the form that --format names: text, csv, ndjson or html. */
static enum status list_sheet(struct cli *c, const struct query *q, struct errmsg *err)
{
    enum print_form form = print_form_find(c->query[CLI_FORMAT]);
    struct print_out o = cli_print_out(c);
    struct buf out;
    if (form == PRINT_FORMS)
        return fail(err, ST_INVALID, _("The format of a list is text, csv, ndjson or html."));
    enum status st = output_check(c, err);
    if (st != ST_OK)
        return st;
    o.ascii = !c->output && cli_ascii(); /* in a file it is UTF-8 whatever the terminal is */
    buf_init(&out, SIZE_MAX / 2);
    st = print_table(&o, q, c->limit, form, &out, NULL, err);
    if (st == ST_OK && form == PRINT_NDJSON && !c->output && buf_status(&out) == ST_OK)
        cli_print_json(&out);
    else if (st == ST_OK)
        st = form == PRINT_HTML ? output_write_utf8(c, &out, err) : output_write(c, &out, err);
    buf_release(&out);
    return st;
}

struct listing {
    struct cli *c;
    int64_t now_ms;
};

static void put_row(void *self, const struct case_row *row)
{
    const struct listing *l = self;
    if (l->c->json)
        print_json(row);
    else
        print_row(l->c, row, l->now_ms);
}

int command_list(struct cli *c)
{
    struct errmsg err = {{0}};
    struct query q;
    enum status st = cli_open(c, STORE_READ_ONLY, &err);
    if (st == ST_OK)
        st = cli_filter(c, &q, &err);
    if (st == ST_OK && c->query[CLI_FORMAT]) {
        st = list_sheet(c, &q, &err);
    } else if (st == ST_OK) {
        struct listing l = {c, q.now_ms};
        st = cli_rows(c, &q, put_row, &l, &err);
    }
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
