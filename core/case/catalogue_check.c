/* catalogue_check.c: what is wrong with a catalogue that can be read: codes nobody has, rows that contradict. */
#include "core/base/i18n.h"
#include "core/case/catalogue.h"
#include <string.h>

struct checker {
    const struct catalogue *c;
    const struct reference *r;
    struct faults *f;
};

static const char *place(const struct checker *k, const char *list, size_t i, const char *member)
{
    return arena_printf(k->f->arena, "/%s/%zu/%s", list, i, member);
}

static bool category_known(const struct reference *r, const char *code)
{
    for (size_t i = 0; i < r->n_categories; i++)
        if (catalogue_covers(code, r->categories[i].code))
            return true;
    return !*code;
}

/* A row that was over on the day its unit ended is history and right. */
static void check_ended(const struct checker *k, const struct catalogue_row *row,
                        const struct unit *u, const char *where)
{
    if (u->ended && (!row->until || row->until >= u->ended))
        faults_add(k->f, FAULT_ERROR, where,
                   _("row %s: the unit \"%.60s\" has ended; give the row an until"), row->id,
                   u->code);
}

/* NULL when it is a word for the place or when it was refused. */
static const struct unit *check_unit(const struct checker *k, const struct catalogue_row *row,
                                     const char *code, const char *where)
{
    if (strcmp(code, CATALOGUE_STREET) == 0 || strcmp(code, CATALOGUE_DISTRICT) == 0 ||
        strcmp(code, CATALOGUE_COMMUNITY) == 0)
        return NULL;
    const struct unit *u = reference_unit(k->r, code);
    if (!u)
        faults_add(k->f, FAULT_ERROR, where, _("row %s: there is no unit \"%.60s\""), row->id,
                   code);
    else
        check_ended(k, row, u, where);
    return u;
}

/* Regulation art. 17: the residents' committee helps; it is never the main handler of a government task. In its
 * own affairs (class 18) it answers itself. */
static void check_lead(const struct checker *k, const struct catalogue_row *row)
{
    const char *where = place(k, "rows", row->index, "lead");
    const struct unit *u = check_unit(k, row, row->lead, where);
    if (strcmp(row->lead, CATALOGUE_COMMUNITY) == 0 || (u && u->kind == UNIT_COMMUNITY)) {
        if (!catalogue_covers("18", row->category))
            faults_add(k->f, FAULT_ERROR, where,
                       _("row %s: a community may assist, never lead, outside class 18 (art. 17)"),
                       row->id);
        else
            faults_add(k->f, FAULT_WARNING, where,
                       _("row %s: dispatch takes no community for lead; name the street"), row->id);
    } else if (u && (u->kind == UNIT_SECTION || u->kind == UNIT_HOTLINE)) {
        faults_add(k->f, FAULT_ERROR, where, _("row %s: the unit \"%.60s\" cannot lead a case"),
                   row->id, u->code);
    }
}

static void check_where(const struct checker *k, const struct catalogue_row *row)
{
    enum unit_kind kind = row->place == PLACE_STREET ? UNIT_STREET : UNIT_COMMUNITY;
    if (row->place == PLACE_ANY || row->place == PLACE_POINT)
        return;
    for (size_t i = 0; i < row->n_where; i++) {
        const char *where = arena_printf(k->f->arena, "/rows/%zu/where/%zu", row->index, i);
        const struct unit *u = reference_unit(k->r, row->where[i]);
        if (!u || u->kind != kind)
            faults_add(k->f, FAULT_ERROR, where,
                       kind == UNIT_STREET ? _("row %s: there is no street \"%.60s\"")
                                           : _("row %s: there is no community \"%.60s\""),
                       row->id, row->where[i]);
        else
            check_ended(k, row, u, where);
    }
}

static void check_duty(const struct checker *k, const struct catalogue_row *row)
{
    const char *where = place(k, "rows", row->index, "duty");
    const struct duty_item *d = catalogue_duty(k->c, row->duty);
    if (!*row->duty)
        faults_add(k->f, FAULT_ERROR, where, _("row %s: names no duty item that it rests on"),
                   row->id);
    else if (!d)
        faults_add(k->f, FAULT_ERROR, where, _("row %s: there is no duty item \"%.60s\""), row->id,
                   row->duty);
    else if (strcmp(d->unit, row->lead) != 0 &&
             !(strcmp(d->unit, CATALOGUE_STREET) == 0 && reference_unit(k->r, row->lead) &&
               reference_unit(k->r, row->lead)->kind == UNIT_STREET))
        faults_add(k->f, FAULT_ERROR, where,
                   _("row %s: duty item %s is on the list of \"%.60s\", not of \"%.60s\""), row->id,
                   d->id, d->unit, row->lead);
    else if (!catalogue_covers(d->category, row->category))
        faults_add(k->f, FAULT_ERROR, where, _("row %s: duty item %s covers category %s only"),
                   row->id, d->id, d->category);
}

static void check_row(const struct checker *k, const struct catalogue_row *row)
{
    if (!category_known(k->r, row->category))
        faults_add(k->f, FAULT_ERROR, place(k, "rows", row->index, "category"),
                   _("row %s: there is no category \"%.60s\""), row->id, row->category);
    check_where(k, row);
    check_lead(k, row);
    for (size_t i = 0; i < row->n_assist; i++)
        check_unit(k, row, row->assist[i],
                   arena_printf(k->f->arena, "/rows/%zu/assist/%zu", row->index, i));
    check_duty(k, row);
    if (row->since && row->until && row->until < row->since)
        faults_add(k->f, FAULT_ERROR, place(k, "rows", row->index, "until"),
                   _("row %s: ends before it begins"), row->id);
}

static bool share_a_place(const struct catalogue_row *x, const struct catalogue_row *y)
{
    for (size_t i = 0; i < x->n_where; i++)
        for (size_t j = 0; j < y->n_where; j++)
            if (strcmp(x->where[i], y->where[j]) == 0)
                return true;
    return x->place == PLACE_ANY;
}

static bool share_a_day(const struct catalogue_row *x, const struct catalogue_row *y)
{
    return (!x->until || !y->since || y->since <= x->until) &&
           (!y->until || !x->since || x->since <= y->until);
}

static bool alike(const struct catalogue_row *x, const struct catalogue_row *y)
{
    return strcmp(x->category, y->category) == 0 && x->place == y->place && x->owner == y->owner &&
           share_a_place(x, y) && share_a_day(x, y);
}

/* Against the rows before it; one fault is enough to look at both. */
static void check_double(const struct checker *k, const struct catalogue_row *y)
{
    for (const struct catalogue_row *x = k->c->rows; x < y; x++) {
        if (strcmp(x->id, y->id) == 0) {
            faults_add(k->f, FAULT_ERROR, place(k, "rows", y->index, "id"),
                       _("row %s: the id occurs twice"), y->id);
            return;
        }
        if (alike(x, y)) {
            faults_add(k->f, FAULT_ERROR, arena_printf(k->f->arena, "/rows/%zu", y->index),
                       _("row %s cannot be told apart from row %s: same category, place, owner "
                         "and days"),
                       y->id, x->id);
            return;
        }
    }
}

static void check_duties(const struct checker *k)
{
    for (size_t i = 0; i < k->c->n_duties; i++) {
        const struct duty_item *d = &k->c->duties[i];
        bool word = strcmp(d->unit, CATALOGUE_STREET) == 0 ||
                    strcmp(d->unit, CATALOGUE_DISTRICT) == 0 ||
                    strcmp(d->unit, CATALOGUE_COMMUNITY) == 0;
        if (catalogue_duty(k->c, d->id) != d)
            faults_add(k->f, FAULT_ERROR, place(k, "duties", i, "id"),
                       _("duty item %s: the id occurs twice"), d->id);
        if (!word && !reference_unit(k->r, d->unit))
            faults_add(k->f, FAULT_ERROR, place(k, "duties", i, "unit"),
                       _("duty item %s: there is no unit \"%.60s\""), d->id, d->unit);
        if (!category_known(k->r, d->category))
            faults_add(k->f, FAULT_ERROR, place(k, "duties", i, "category"),
                       _("duty item %s: there is no category \"%.60s\""), d->id, d->category);
    }
}

/* A row that holds everywhere for every owner, whatever its days: without one some cases go to the district. */
static void check_categories(const struct checker *k)
{
    for (size_t i = 0; i < k->r->n_categories; i++) {
        bool there = false;
        for (size_t j = 0; j < k->c->n_rows && !there; j++) {
            const struct catalogue_row *row = &k->c->rows[j];
            there = row->place == PLACE_ANY && row->owner == OWNER_ANY && !row->until &&
                    catalogue_covers(row->category, k->r->categories[i].code);
        }
        if (!there)
            faults_add(k->f, FAULT_WARNING, "/rows",
                       _("category %s has no row for every place: the district decides"),
                       k->r->categories[i].code);
    }
}

void catalogue_check(const struct catalogue *c, const struct reference *r, struct faults *f)
{
    struct checker k = {.c = c, .r = r, .f = f};
    for (size_t i = 0; i < c->n_rows; i++)
        check_row(&k, &c->rows[i]);
    for (size_t i = 0; i < c->n_rows; i++)
        check_double(&k, &c->rows[i]);
    check_duties(&k);
    check_categories(&k);
}
