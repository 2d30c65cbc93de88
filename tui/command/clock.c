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

/* --- at a moment ------------------------------------------------------------------------------ */

/* "" for one that was cancelled. */
static const char *said_text(struct cli *c, const struct clock_said *s)
{
    bool late = s->left_ms < 0;
    if (s->left_ms == TIME_NONE)
        return "";
    const char *length = draw_length(&c->arena, late ? -s->left_ms : s->left_ms);
    switch (s->run.status) {
    case CLOCK_PAUSED:
        return arena_printf(&c->arena, late ? _("stood still, %s late") : _("stood still, %s left"),
                            length);
    case CLOCK_STOPPED:
        return arena_printf(
            &c->arena, late ? _("had stopped %s late") : _("had stopped with %s left"), length);
    default:
        return arena_printf(&c->arena, late ? _("%s late") : _("%s left"), length);
    }
}

static void print_said(struct cli *c, const struct clock_said *s)
{
    printf("%s", _(clock_table[s->clock].label));
    if (s->object)
        printf(" (%" PRIu32 ")", s->object);
    if (s->left_ms == TIME_NONE)
        printf(": %s\n", _("had been cancelled"));
    else
        printf(_(": %s; due %s\n"), said_text(c, s), cli_time(c, s->run.due_ms));
}

static void encode_said(struct buf *out, const struct clock_said *s)
{
    static const char *const word[] = {[CLOCK_NEVER] = "never",
                                       [CLOCK_RUNNING] = "running",
                                       [CLOCK_STOPPED] = "stopped",
                                       [CLOCK_CANCELLED] = "cancelled",
                                       [CLOCK_PAUSED] = "paused"};
    buf_printf(out, "{\"clock\":\"%s\",\"object\":%" PRIu32 ",\"status\":\"%s\",",
               clock_table[s->clock].word, s->object, word[s->run.status]);
    time_put(out, "due", s->run.due_ms);
    if (s->left_ms == TIME_NONE)
        buf_puts(out, ",\"left_ms\":null}");
    else
        buf_printf(out, ",\"left_ms\":%" PRId64 "}", s->left_ms);
}

static enum status clocks_at(struct cli *c, const struct case_view *view, int64_t at_ms,
                             enum clock_id only, struct errmsg *err)
{
    const struct clock_said *said = NULL;
    struct buf json;
    size_t n = 0, shown = 0;
    enum status st = clocks_said(view->events, view->n_events, at_ms, &c->arena, &said, &n, err);
    if (st != ST_OK)
        return st;
    buf_init(&json, SIZE_MAX / 2);
    buf_putc(&json, '[');
    for (size_t i = 0; i < n; i++) {
        if (only != CLOCK_COUNT && said[i].clock != only)
            continue;
        buf_puts(&json, shown++ ? "," : "");
        if (c->json)
            encode_said(&json, &said[i]);
        else
            print_said(c, &said[i]);
    }
    buf_puts(&json, "]\n");
    if (c->json)
        cli_print_json(&json);
    else if (shown == 0)
        puts(_("No such clock had run on this case."));
    buf_release(&json);
    return ST_OK;
}

int command_clock(struct cli *c)
{
    struct errmsg err = {{0}};
    struct uuid id;
    struct case_view view;
    const struct proof *proofs = NULL;
    size_t n = 0;
    int64_t at_ms = 0;
    enum clock_id only = c->n_args == 2 ? clock_find(c->args[1]) : CLOCK_COUNT;
    if (c->n_args < 1 || c->n_args > 2 || (c->n_args == 2 && only == CLOCK_COUNT)) {
        fprintf(stderr, "%s\n", _("usage: jiban clock CASE [CLOCK] [--at TIME] [--json]"));
        return EX_USAGE;
    }
    if (c->at && rfc3339_parse(c->at, &at_ms) != 0) {
        cli_say(_("--at takes a time such as 2026-11-24T14:05:00+08:00, not \"%s\"."), c->at);
        return EX_USAGE;
    }
    enum status st = cli_open(c, STORE_READ_ONLY, &err);
    if (st == ST_OK)
        st = store_find(c->store, c->args[0], &id, &err);
    if (st == ST_OK)
        st = store_case(c->store, &id, &c->arena, &view, &err);
    if (st == ST_OK && c->at)
        st = clocks_at(c, &view, at_ms, only, &err);
    else if (st == ST_OK)
        st = clock_proofs(&c->context.policy, &c->context.calendar, view.events, view.n_events,
                          &c->arena, &proofs, &n, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    if (!c->at)
        print_proofs(c, proofs, n, only);
    return EX_OK;
}
