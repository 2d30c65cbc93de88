#include "core/base/i18n.h"
#include "tui/command/command.h"
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

enum { PAGE = 500 };

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

static void print_json(const struct case_row *row)
{
    struct buf out;
    char id[UUID_TEXT], due[RFC3339_SIZE];
    buf_init(&out, 1 << 20);
    uuid_format(&row->id, id);
    buf_printf(&out, "{\"id\":\"%s\",\"number\":", id);
    json_string(&out, row->number);
    buf_printf(&out, ",\"state\":\"%s\",\"category\":", state_table[row->state].word);
    json_string(&out, row->category);
    buf_puts(&out, ",\"community\":");
    json_string(&out, row->community);
    buf_puts(&out, ",\"title\":");
    json_string(&out, row->title);
    buf_puts(&out, ",\"handler\":");
    json_string(&out, row->handler);
    if (row->due_ms != TIME_NONE) {
        rfc3339_format(row->due_ms, BEIJING_OFFSET_MS, due);
        buf_printf(&out, ",\"clock\":\"%s\",\"due\":\"%s\"", clock_table[row->next_clock].word,
                   due);
    }
    print_kinds(&out, "objects", row->open);
    print_kinds(&out, "late", row->late);
    if (row->attempts > 0)
        buf_printf(&out, ",\"attempts\":%d", row->attempts);
    buf_printf(&out, ",\"version\":%" PRIu32 ",\"unsent\":%d,\"draft\":%s,\"conflict\":%s}\n",
               row->version, row->unsent, row->draft ? "true" : "false",
               row->conflict ? "true" : "false");
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

/* The view asked for, as far as the role has it. */
static enum status choose_view(struct cli *c, enum view_id *ret, struct errmsg *err)
{
    const enum view_id *list;
    enum role role;
    enum status st = store_role(c->store, &role, err);
    if (st != ST_OK || !c->view)
        return st;
    size_t n = store_views(role, &list);
    struct buf words;
    buf_init(&words, 4096);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(view_table[list[i]].word, c->view) == 0) {
            *ret = list[i];
            buf_release(&words);
            return ST_OK;
        }
        buf_printf(&words, "%s%s", i ? " " : "", view_table[list[i]].word);
    }
    st = fail(err, ST_INVALID, _("There is no view \"%s\" for this role. There are: %s"), c->view,
              words.data);
    buf_release(&words);
    return st;
}

/* Where the filter asks for states in which nothing is left to do, the list is that of what is closed. */
static enum view_id view_for(const struct cli *c)
{
    for (int i = 0; i < c->n_args; i++) {
        static const char key[] = "state:";
        const char *word = c->args[i];
        if (strncmp(word, key, sizeof key - 1) != 0)
            continue;
        enum state state = state_find(word + sizeof key - 1);
        if (state < STATE_COUNT && state_table[state].terminal)
            return VIEW_CLOSED;
    }
    return VIEW_ALL_OPEN;
}

int command_list(struct cli *c)
{
    struct errmsg err = {{0}};
    struct buf filter;
    struct row_key from;
    char text[FILTER_MAX]; /* of the key: a page ends before the next begins */
    bool first = true;
    long printed = 0;
    enum status st = cli_open(c, STORE_READ_ONLY, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    buf_init(&filter, 4096);
    for (int i = 0; i < c->n_args; i++)
        buf_printf(&filter, "%s%s", i ? " " : "", c->args[i]);
    struct query q = {.view = view_for(c), .now_ms = cli_server_now(c), .filter = filter.data};
    struct arena page;
    arena_init(&page, 0);
    st = choose_view(c, &q.view, &err);
    while (st == ST_OK) {
        struct case_row *rows = NULL;
        size_t n = 0, want = PAGE;
        if (c->limit > 0 && (size_t)(c->limit - printed) < want)
            want = (size_t)(c->limit - printed);
        arena_reset(&page);
        st = want ? store_page(c->store, &q, first ? NULL : &from, false, want, &page, &rows, &n,
                               &err)
                  : ST_OK;
        if (st != ST_OK || n == 0)
            break;
        for (size_t i = 0; i < n; i++) {
            if (c->json)
                print_json(&rows[i]);
            else
                print_row(c, &rows[i], q.now_ms);
        }
        from = rows[n - 1].key;
        snprintf(text, sizeof text, "%s", from.text);
        from.text = text;
        first = false;
        printed += (long)n;
    }
    arena_release(&page);
    buf_release(&filter);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
