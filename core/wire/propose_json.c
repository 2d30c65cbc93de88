/* propose_json.c: what intake proposes, for people and for scripts: one answer for every program. */
#include "core/wire/json.h"
#include "core/wire/codec.h"
#include "core/base/i18n.h"
#include <string.h>

static void put_member(struct buf *out, bool *first, const char *key, const char *value)
{
    json_key(out, first, key);
    json_put_text(out, value);
}

static void put_flag(struct buf *out, bool *first, const char *key, bool value)
{
    json_key(out, first, key);
    buf_puts(out, value ? "true" : "false");
}

static void encode_place(struct buf *out, const struct place_candidate *p)
{
    bool first = true;
    buf_putc(out, '{');
    put_member(out, &first, "street", p->street);
    put_member(out, &first, "community", p->community);
    put_member(out, &first, "named", p->named);
    put_flag(out, &first, "tie", p->tie);
    put_member(out, &first, "reason", p->reason);
    buf_putc(out, '}');
}

static void encode_proposal(struct buf *out, const struct proposal *p)
{
    bool first = true;
    buf_putc(out, '{');
    put_member(out, &first, "rule", proposal_rule_word[p->rule]);
    put_member(out, &first, "unit", p->lead);
    json_key(out, &first, "assist");
    buf_putc(out, '[');
    for (size_t i = 0; i < p->n_assist; i++) {
        buf_puts(out, i ? "," : "");
        json_put_text(out, p->assist[i]);
    }
    buf_putc(out, ']');
    put_member(out, &first, "tier", tier_word[p->tier]);
    put_member(out, &first, "row", p->row);
    put_flag(out, &first, "tie", p->tie);
    json_key(out, &first, "reasons");
    buf_putc(out, '[');
    for (size_t i = 0; i < p->n_reasons; i++) {
        bool inner = true;
        buf_puts(out, i ? ",{" : "{");
        put_member(out, &inner, "kind", reason_word[p->reason[i].kind]);
        put_member(out, &inner, "text", p->reason[i].text);
        buf_putc(out, '}');
    }
    buf_puts(out, "]}");
}

static void print_json(struct buf *out, const struct intake_answer *a)
{
    bool first = true;
    buf_putc(out, '{');
    put_member(out, &first, "category", a->matter.category);
    put_member(out, &first, "street", a->matter.street);
    put_member(out, &first, "community", a->matter.community);
    json_key(out, &first, "places");
    buf_putc(out, '[');
    for (size_t i = 0; i < a->n_places; i++) {
        buf_puts(out, i ? "," : "");
        encode_place(out, &a->places[i]);
    }
    buf_puts(out, "],\"proposals\":[");
    for (size_t i = 0; i < a->n_proposals; i++) {
        buf_puts(out, i ? "," : "");
        encode_proposal(out, &a->proposals[i]);
    }
    buf_puts(out, "]}\n");
}

/* A name may hold a line break; a line of ours is one line. */
static void put_line(struct buf *out, const char *before, const char *text)
{
    buf_puts(out, before);
    for (; *text; text++)
        buf_putc(out, *text == '\n' || *text == '\r' ? ' ' : *text);
    buf_putc(out, '\n');
}

static void print_people(struct buf *out, const struct intake_answer *a, const struct reference *r,
                         bool chinese)
{
    for (size_t i = 0; i < a->n_places; i++)
        put_line(out, _("place: "), a->places[i].reason);
    for (size_t i = 0; i < a->n_proposals; i++) {
        const struct proposal *p = &a->proposals[i];
        buf_printf(out, "%zu. %s  %s", i + 1, tier_word[p->tier], p->lead);
        put_line(out, " ", *p->lead ? reference_unit_name(r, p->lead, chinese) : "-");
        for (size_t k = 0; k < p->n_reasons; k++)
            put_line(out, "   ", p->reason[k].text);
    }
}

/* The place that all candidates of the first rank agree on; what they do not agree on stays open. */
static void take_place(struct intake_answer *a)
{
    const struct place_candidate *best = a->n_places ? &a->places[0] : NULL;
    if (!best || *a->matter.street)
        return;
    a->matter.street = best->street;
    a->matter.community = best->community;
    for (size_t i = 1; i < a->n_places; i++) {
        if (!a->places[i].tie)
            continue;
        if (strcmp(a->places[i].community, a->matter.community) != 0)
            a->matter.community = "";
        if (strcmp(a->places[i].street, best->street) != 0)
            a->matter.street = "";
    }
}

enum status intake_propose(const struct catalogue *c, const struct reference *r,
                           const struct matter *m, bool chinese, struct arena *a,
                           struct intake_answer *ret, struct errmsg *err)
{
    enum status st = ST_OK;
    *ret = (struct intake_answer){.matter = *m};
    if (*m->point)
        st = place_propose(r, m->point, chinese, a, &ret->places, &ret->n_places, err);
    take_place(ret);
    return st != ST_OK ? st
                       : catalogue_propose(c, r, &ret->matter, chinese, a, &ret->proposals,
                                           &ret->n_proposals, err);
}

void intake_print(struct buf *out, const struct intake_answer *a, const struct reference *r,
                  bool chinese, bool json)
{
    if (json)
        print_json(out, a);
    else
        print_people(out, a, r, chinese);
}
