/* propose.c: the rows of the catalogue that hold for a matter, best first, each with its reasons. */
#include "core/base/i18n.h"
#include "core/case/catalogue.h"
#include "core/case/place.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const proposal_rule_word[] = {[PROPOSAL_HAND] = "hand",
                                          [PROPOSAL_PLACE] = "place",
                                          [PROPOSAL_CATEGORY] = "category",
                                          [PROPOSAL_DISTRICT] = "district"};
const char *const reason_word[] = {
    [REASON_ROW] = "row",     [REASON_WORD] = "word", [REASON_DUTY] = "duty",
    [REASON_BASIS] = "basis", [REASON_TIER] = "tier", [REASON_ASSIST] = "assist",
    [REASON_COPY] = "copy",   [REASON_HAND] = "hand", [REASON_DISTRICT] = "district",
    [REASON_TIE] = "tie",     [REASON_ASK] = "ask",   [REASON_AFTER] = "after"};

/* A row that holds, and how well. */
struct match {
    const struct catalogue_row *row;
    const char *word; /* of the place */
    size_t length;    /* of it */
};

struct asking {
    const struct catalogue *c;
    const struct reference *r;
    const struct matter *m;
    bool chinese;
    struct arena *arena;
    const char *point; /* folded */
    const char *district;
    const struct category *category;
};

static __attribute__((format(printf, 4, 5))) void say(const struct asking *q, struct proposal *p,
                                                      enum reason_kind kind, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    if (p->n_reasons == REASONS_MOST)
        return;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    p->reason[p->n_reasons++] = (struct reason){kind, arena_strdup(q->arena, text)};
}

static const char *name_of(const struct asking *q, const char *code)
{
    return arena_printf(q->arena, "%s%s%s%s", reference_unit_name(q->r, code, q->chinese),
                        i18n_mark(MARK_OPEN, q->chinese), code, i18n_mark(MARK_CLOSE, q->chinese));
}

/* --- which rows hold -------------------------------------------------------------------------- */

static bool place_holds(const struct asking *q, const struct catalogue_row *row, struct match *ret)
{
    const char *code = row->place == PLACE_STREET ? q->m->street : q->m->community;
    if (row->place == PLACE_ANY)
        return true;
    for (size_t i = 0; i < row->n_where; i++) {
        if (row->place != PLACE_POINT) {
            if (*code && strcmp(code, row->where[i]) == 0)
                return true;
            continue;
        }
        const char *word = place_fold(q->arena, row->where[i]);
        if (place_find(q->point, q->point, word) && strlen(word) > ret->length) {
            ret->length = strlen(word);
            ret->word = row->where[i];
        }
    }
    return ret->word != NULL;
}

static bool holds(const struct asking *q, const struct catalogue_row *row, struct match *ret)
{
    *ret = (struct match){.row = row};
    return catalogue_in_force(row, q->m->day) && catalogue_covers(row->category, q->m->category) &&
           (row->owner == OWNER_ANY || row->owner == q->m->owner) && place_holds(q, row, ret);
}

/* 0: neither is better (domain 7.1 names the order of the first two; the rest is the closer rule first). */
static int compare(const struct match *x, const struct match *y)
{
    const struct catalogue_row *a = x->row, *b = y->row;
    size_t ca = strlen(a->category), cb = strlen(b->category);
#if SABOTAGE == 64
    /* damage for the tests: the category goes before the place */
    if (ca != cb)
        return ca > cb ? -1 : 1;
#endif
    if (a->place != b->place)
        return a->place > b->place ? -1 : 1;
    if (x->length != y->length)
        return x->length > y->length ? -1 : 1;
    if (ca != cb)
        return ca > cb ? -1 : 1;
    return (a->owner == OWNER_ANY) - (b->owner == OWNER_ANY);
}

static int order(const void *a, const void *b)
{
    const struct match *x = a, *y = b;
    int better = compare(x, y);
    return better ? better : (x->row->index > y->row->index) - (x->row->index < y->row->index);
}

/* --- what a row gives ------------------------------------------------------------------------- */

/* The unit that a word or code means here, "" when the place is not known well enough. */
static const char *unit_here(const struct asking *q, const char *word)
{
    if (strcmp(word, CATALOGUE_STREET) == 0)
        return q->m->street;
    if (strcmp(word, CATALOGUE_COMMUNITY) == 0)
        return q->m->community;
    return strcmp(word, CATALOGUE_DISTRICT) == 0 ? q->district : word;
}

static void set_assistants(const struct asking *q, struct proposal *p,
                           const struct catalogue_row *row)
{
    const char **list = arena_array(q->arena, row->n_assist + 1, sizeof *list);
    const char *names = "";
    for (size_t i = 0; list && i < row->n_assist; i++) {
        const char *code = unit_here(q, row->assist[i]);
        if (!*code || strcmp(code, p->lead) == 0)
            continue;
        list[p->n_assist++] = code;
        names = arena_printf(q->arena, "%s%s%s", names,
                             *names ? i18n_mark(MARK_LIST, q->chinese) : "", name_of(q, code));
    }
    p->assist = list;
    if (p->n_assist)
        say(q, p, REASON_ASSIST, _("dispatched to both at once; the lead calls: %s"), names);
}

static void copy_reason(const struct asking *q, struct proposal *p)
{
    const struct unit *u = reference_unit(q->r, p->lead);
    if (u && u->kind == UNIT_STREET && *q->district)
        say(q, p, REASON_COPY, _("a copy goes to %s (art. 12)"), name_of(q, q->district));
}

static void give_to_district(const struct asking *q, struct proposal *p)
{
    p->lead = q->district;
    if (!*q->district)
        say(q, p, REASON_ASK, _("the district is not known: ask for the street"));
}

static void from_row(const struct asking *q, struct proposal *p, const struct match *match)
{
    const struct catalogue_row *row = match->row;
    const struct duty_item *duty = catalogue_duty(q->c, row->duty);
    enum tier usual = q->category->tier;
    p->rule = row->place == PLACE_ANY ? PROPOSAL_CATEGORY : PROPOSAL_PLACE;
    p->row = row->id;
    p->tier = row->tier == TIER_NONE ? usual : row->tier;
    p->lead = unit_here(q, row->lead);
    say(q, p, REASON_ROW, _("row %s: %s -> %s"), row->id,
        catalogue_condition(row, q->r, q->chinese, q->arena),
        *p->lead ? name_of(q, p->lead) : _("the street of the place"));
    if (match->word)
        say(q, p, REASON_WORD, _("place rule: \"%s\" stands in the text"), match->word);
    if (!*p->lead) {
        say(q, p, REASON_ASK,
            _("the street is not known: until then the district decides (art. 12)"));
        give_to_district(q, p);
    }
    set_assistants(q, p, row);
    if (duty)
        say(q, p, REASON_DUTY, _("rests on duty item %s: %s"), duty->id,
            q->chinese || !*duty->item_en ? duty->item : duty->item_en);
    if (*row->basis)
        say(q, p, REASON_BASIS, _("basis: %s"), row->basis);
    if (p->tier != usual)
        say(q, p, REASON_TIER, _("time limit %s by the row; %s is usual for the category"),
            tier_word[p->tier], tier_word[usual]);
    copy_reason(q, p);
}

static void by_hand(const struct asking *q, struct proposal *p)
{
    p->rule = PROPOSAL_HAND;
    p->lead = q->m->designated;
    p->tier = q->category->tier;
    say(q, p, REASON_HAND, _("designated by hand: %s"), name_of(q, p->lead));
    copy_reason(q, p);
}

static void last_resort(const struct asking *q, struct proposal *p)
{
    p->rule = PROPOSAL_DISTRICT;
    p->tier = q->category->tier;
    say(q, p, REASON_DISTRICT, _("no row: the district decides (art. 12)"));
    give_to_district(q, p);
}

/* A row that would hold if the owner were known to be of its kind, and better than what holds now. */
static void ask_owner(const struct asking *q, struct proposal *p, const struct match *best)
{
    struct asking if_asked = *q;
    struct matter m = *q->m;
    struct match match;
    if_asked.m = &m;
    for (size_t i = 0; q->m->owner == OWNER_ANY && i < q->c->n_rows; i++) {
        const struct catalogue_row *row = &q->c->rows[i];
        m.owner = row->owner;
        if (row->owner != OWNER_ANY && holds(&if_asked, row, &match) &&
            (!best || compare(&match, best) < 0))
            say(q, p, REASON_ASK, _("ask for the owner: row %s holds for: %s"), row->id,
                owner_label(row->owner));
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Of the street; else of the unit whose kind says it; else the only one there is. */
static const char *district_of(const struct reference *r, const struct matter *m)
{
    const char *district = reference_district(r, *m->community ? m->community : m->street);
    size_t n = 0;
    const char *only = "";
    for (size_t i = 0; i < r->n_units; i++)
        if (r->units[i].kind == UNIT_DISTRICT && r->units[i].ended == 0) {
            only = r->units[i].code;
            n++;
        }
    return *district ? district : n == 1 ? only : "";
}

static enum status check_matter(const struct asking *q, struct errmsg *err)
{
    const struct {
        const char *code;
        enum unit_kind kind;
    } must[] = {{q->m->street, UNIT_STREET}, {q->m->community, UNIT_COMMUNITY}};
    if (!q->category)
        return fail(err, ST_INVALID, _("There is no category \"%.60s\"."), q->m->category);
    for (size_t i = 0; i < 2; i++) {
        const struct unit *u = reference_unit(q->r, must[i].code);
        if (*must[i].code && (!u || u->kind != must[i].kind))
            return fail(err, ST_INVALID,
                        i ? _("There is no community \"%.60s\".")
                          : _("There is no street \"%.60s\"."),
                        must[i].code);
    }
    if (*q->m->designated && !reference_unit(q->r, q->m->designated))
        return fail(err, ST_INVALID, _("There is no unit \"%.60s\"."), q->m->designated);
    return ST_OK;
}

static size_t fill(const struct asking *q, struct match *match, struct proposal *list)
{
    size_t n = 0, first, found = 0;
    for (size_t i = 0; q->c && i < q->c->n_rows; i++)
        found += holds(q, &q->c->rows[i], &match[found]);
    if (found)
        qsort(match, found, sizeof *match, order);
    if (*q->m->designated)
        by_hand(q, &list[n++]);
    first = n;
    for (size_t i = 0; i < found; i++)
        from_row(q, &list[n++], &match[i]);
    for (size_t i = 0; i < found; i++) {
        bool tie = compare(&match[0], &match[i]) == 0;
        if (tie && i > 0) {
            list[first].tie = list[first + i].tie = true;
            say(q, &list[first + i], REASON_TIE, _("row %s holds as well: a person decides"),
                match[0].row->id);
            if (i == 1)
                say(q, &list[first], REASON_TIE, _("row %s holds as well: a person decides"),
                    match[1].row->id);
        } else if (i > 0) {
            say(q, &list[first + i], REASON_AFTER, _("comes after row %s, which is closer"),
                match[0].row->id);
        }
    }
    if (found == 0)
        last_resort(q, &list[n++]);
    if (q->c)
        ask_owner(q, &list[first], found ? match : NULL);
    return n;
}

enum status catalogue_propose(const struct catalogue *c, const struct reference *r,
                              const struct matter *m, bool chinese, struct arena *a,
                              const struct proposal **ret, size_t *ret_n, struct errmsg *err)
{
    struct matter here = *m;
    struct asking q = {.c = c,
                       .r = r,
                       .m = &here,
                       .chinese = chinese,
                       .arena = a,
                       .category = reference_category(r, m->category)};
    enum status st = check_matter(&q, err);
    if (st != ST_OK)
        return st;
    if (*m->community && !*m->street)
        here.street = reference_unit(r, m->community)->parent;
    q.point = place_fold(a, m->point);
    q.district = district_of(r, &here);
    size_t rows = c ? c->n_rows : 0;
    struct match *match = arena_array(a, rows + 1, sizeof *match);
    struct proposal *list = arena_array(a, rows + 2, sizeof *list);
    if (!match || !list)
        return fail(err, ST_NOMEM, "out of memory");
    for (size_t i = 0; i < rows + 2; i++)
        list[i] = (struct proposal){.lead = "", .row = ""};
    size_t n = fill(&q, match, list);
    if (arena_failed(a))
        return fail(err, ST_NOMEM, "out of memory");
    *ret = list;
    *ret_n = n;
    return ST_OK;
}
