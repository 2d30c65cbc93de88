#include "core/base/i18n.h"
#include "core/case/proof.h"
#include "core/text/width.h"
#include "tui/command/command.h"
#include "tui/draw.h"
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

enum { LENGTH_CELLS = 12, TIMES_CELLS = 3 + 16 + 2 * (2 + LENGTH_CELLS) };

static void put_length(struct cli *c, int64_t ms)
{
    const char *text = ms ? draw_length(&c->arena, ms) : "-";
    printf("  %*s%s", LENGTH_CELLS - text_width(text, strlen(text)), "", text);
}

static void print_proof(struct cli *c, const struct proof *p)
{
    printf("%s", _(clock_table[p->clock].label));
    if (p->object)
        printf(" (%" PRIu32 ")", p->object);
    printf("\n");
    for (size_t i = 0; i < p->n; i++) {
        const struct proof_line *l = &p->lines[i];
        printf("  %s", cli_time(c, l->from_ms));
        if (l->to_ms != l->from_ms) {
            printf(" - %s", cli_time(c, l->to_ms));
            put_length(c, l->counted_ms);
            put_length(c, l->sum_ms);
        } else {
            printf("%*s", TIMES_CELLS, "");
        }
        printf("  %s  (%s)\n", _(proof_kind_table[l->kind].label), l->rule);
    }
    if (p->due_ms == TIME_NONE && p->limit_ms != TIME_NONE)
        printf(_("  counted %s of %s; it stands still\n"), draw_length(&c->arena, p->sum_ms),
               draw_length(&c->arena, p->limit_ms));
    else if (p->limit_ms == TIME_NONE)
        printf(_("  counted %s up to a date\n"), draw_length(&c->arena, p->sum_ms));
    else if (p->limit_ms == p->sum_ms)
        printf(_("  counted %s: the limit\n"), draw_length(&c->arena, p->sum_ms));
    else
        printf(_("  counted %s; the limit is %s\n"), draw_length(&c->arena, p->sum_ms),
               draw_length(&c->arena, p->limit_ms));
}

static void time_put(struct buf *out, const char *key, int64_t ms)
{
    char form[RFC3339_SIZE];
    rfc3339_format(ms, BEIJING_OFFSET_MS, form);
    buf_printf(out, "\"%s\":\"%s\"", key, form);
}

static void encode_proof(struct buf *out, const struct proof *p)
{
    buf_printf(out, "{\"clock\":\"%s\",\"object\":%" PRIu32 ",", clock_table[p->clock].word,
               p->object);
    if (p->due_ms == TIME_NONE)
        buf_puts(out, "\"due\":null");
    else
        time_put(out, "due", p->due_ms);
    buf_printf(out, ",\"counted_ms\":%" PRId64 ",\"limit_ms\":", p->sum_ms);
    if (p->limit_ms == TIME_NONE)
        buf_puts(out, "null");
    else
        buf_printf(out, "%" PRId64, p->limit_ms);
    buf_puts(out, ",\"lines\":[");
    for (size_t i = 0; i < p->n; i++) {
        const struct proof_line *l = &p->lines[i];
        buf_printf(out, "%s{\"kind\":\"%s\",", i ? "," : "", proof_kind_table[l->kind].word);
        time_put(out, "from", l->from_ms);
        buf_putc(out, ',');
        time_put(out, "to", l->to_ms);
        buf_printf(out,
                   ",\"counted_ms\":%" PRId64 ",\"sum_ms\":%" PRId64 ",\"rule\":", l->counted_ms,
                   l->sum_ms);
        json_put_text(out, l->rule);
        buf_putc(out, '}');
    }
    buf_puts(out, "]}");
}

/* Those of the clock asked for, or of all: as text, or as an array. */
static void print_proofs(struct cli *c, const struct proof *p, size_t n, enum clock_id only)
{
    struct buf json;
    size_t shown = 0;
    buf_init(&json, SIZE_MAX / 2);
    buf_putc(&json, '[');
    for (size_t i = 0; i < n; i++) {
        if (only != CLOCK_COUNT && p[i].clock != only)
            continue;
        buf_puts(&json, shown++ ? "," : "");
        if (c->json)
            encode_proof(&json, &p[i]);
        else
            print_proof(c, &p[i]);
    }
    buf_puts(&json, "]\n");
    if (c->json)
        cli_print_json(&json);
    else if (shown == 0)
        puts(_("No such clock ran on this case."));
    buf_release(&json);
}

int command_clock(struct cli *c)
{
    struct errmsg err = {{0}};
    struct uuid id;
    struct case_view view;
    const struct proof *proofs = NULL;
    size_t n = 0;
    enum clock_id only = c->n_args == 2 ? clock_find(c->args[1]) : CLOCK_COUNT;
    if (c->n_args < 1 || c->n_args > 2 || (c->n_args == 2 && only == CLOCK_COUNT)) {
        fprintf(stderr, "%s\n", _("usage: jiban clock CASE [CLOCK] [--json]"));
        return EX_USAGE;
    }
    enum status st = cli_open(c, STORE_READ_ONLY, &err);
    if (st == ST_OK)
        st = store_find(c->store, c->args[0], &id, &err);
    if (st == ST_OK)
        st = store_case(c->store, &id, &c->arena, &view, &err);
    if (st == ST_OK)
        st = clock_proofs(&c->context.policy, &c->context.calendar, view.events, view.n_events,
                          &c->arena, &proofs, &n, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    print_proofs(c, proofs, n, only);
    return EX_OK;
}
