#include "core/base/i18n.h"
#include "core/case/proof.h"
#include "tui/command/command.h"
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

/* "7 d 03:20": a length of time. */
static const char *length(struct cli *c, int64_t ms)
{
    int64_t minutes = ms / MS_MINUTE, days = minutes / (24 * 60);
    if (days > 0)
        return arena_printf(&c->arena, _("%d d %02d:%02d"), (int)days, (int)(minutes / 60 % 24),
                            (int)(minutes % 60));
    return arena_printf(&c->arena, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
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
        if (l->to_ms != l->from_ms)
            printf(" - %s  %9s  %9s", cli_time(c, l->to_ms),
                   l->counted_ms ? length(c, l->counted_ms) : "-", length(c, l->sum_ms));
        else
            printf("%*s", 41, "");
        printf("  %s  (%s)\n", _(proof_kind_table[l->kind].label), l->rule);
    }
    if (p->limit_ms == TIME_NONE)
        printf(_("  counted %s up to a date that was named\n"), length(c, p->sum_ms));
    else if (p->limit_ms == p->sum_ms)
        printf(_("  counted %s: the limit\n"), length(c, p->sum_ms));
    else
        printf(_("  counted %s; the limit is %s\n"), length(c, p->sum_ms), length(c, p->limit_ms));
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

struct printing {
    struct cli *c;
    struct buf json;
    size_t n;
};

/* A clock that never ran has nothing to prove. */
static enum status prove(struct printing *out, const struct case_view *v, enum clock_id clock,
                         uint32_t object, struct errmsg *err)
{
    struct proof p;
    enum status st = clock_proof(&out->c->context.policy, &out->c->context.calendar, v->events,
                                 v->n_events, clock, object, &out->c->arena, &p, err);
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_OK : st;
    if (out->c->json) {
        buf_puts(&out->json, out->n ? "," : "");
        encode_proof(&out->json, &p);
    } else {
        print_proof(out->c, &p);
    }
    out->n++;
    return ST_OK;
}

static enum status prove_all(struct printing *out, const struct case_view *v, enum clock_id only,
                             struct errmsg *err)
{
    enum status st = ST_OK;
    for (int i = 0; st == ST_OK && i < CLOCK_COUNT; i++) {
        if (only != CLOCK_COUNT && (int)only != i)
            continue;
        st = prove(out, v, (enum clock_id)i, 0, err);
        for (uint32_t o = 1; st == ST_OK && o <= v->shown.n_objects; o++)
            st = prove(out, v, (enum clock_id)i, o, err);
    }
    return st;
}

int command_clock(struct cli *c)
{
    struct errmsg err = {{0}};
    struct uuid id;
    struct case_view view;
    struct printing out = {.c = c};
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
    if (st != ST_OK)
        return cli_fail(st, &err);
    buf_init(&out.json, SIZE_MAX / 2);
    buf_putc(&out.json, '[');
    st = prove_all(&out, &view, only, &err);
    buf_puts(&out.json, "]\n");
    if (st == ST_OK && c->json)
        cli_print_json(&out.json);
    else if (st == ST_OK && out.n == 0)
        puts(_("No clock ran on this case."));
    buf_release(&out.json);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
