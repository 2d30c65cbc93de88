#include "core/base/i18n.h"
#include "tui/command/command.h"
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

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
    const struct category *category = reference_category(&c->context.reference, row->category);
    cli_print(!category ? row->category : chinese ? category->level2 : category->level2_en);
    fputs("  ", stdout);
    cli_print(reference_unit_name(&c->context.reference, row->community, chinese));
    fputs("  ", stdout);
    cli_print(!chinese && *row->title_en ? row->title_en : row->title);
    if (row->unsent)
        printf(_("  (%d not sent)"), row->unsent);
    putchar('\n');
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
