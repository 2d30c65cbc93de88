#include "core/case/catalogue.h"
#include "core/base/i18n.h"
#include <string.h>

const char *const place_kind_word[PLACE_COUNT] = {[PLACE_ANY] = "",
                                                  [PLACE_STREET] = "street",
                                                  [PLACE_COMMUNITY] = "community",
                                                  [PLACE_POINT] = "point"};
const char *const owner_word[OWNER_COUNT] = {[OWNER_ANY] = "",
                                             [OWNER_NONE] = "none",
                                             [OWNER_COMPANY] = "company",
                                             [OWNER_EMPLOYER] = "employer",
                                             [OWNER_PUBLIC] = "public"};

enum owner_kind owner_find(const char *word)
{
    int i = 0;
    while (i < OWNER_COUNT && strcmp(owner_word[i], word) != 0)
        i++;
    return (enum owner_kind)i;
}

const char *owner_label(enum owner_kind owner)
{
    static const char *const label[OWNER_COUNT] = {[OWNER_ANY] = N_("any owner"),
                                                   [OWNER_NONE] = N_("no owner"),
                                                   [OWNER_COMPANY] = N_("property company"),
                                                   [OWNER_EMPLOYER] = N_("work unit's housing"),
                                                   [OWNER_PUBLIC] = N_("public housing")};
    return owner < OWNER_COUNT ? _(label[owner]) : "";
}

const struct duty_item *catalogue_duty(const struct catalogue *c, const char *id)
{
    for (size_t i = 0; i < c->n_duties; i++)
        if (strcmp(c->duties[i].id, id) == 0)
            return &c->duties[i];
    return NULL;
}

bool catalogue_in_force(const struct catalogue_row *row, int day)
{
    return (!row->since || row->since <= day) && (!row->until || day <= row->until);
}

bool catalogue_covers(const char *prefix, const char *category)
{
    return strncmp(prefix, category, strlen(prefix)) == 0;
}

static const char *or_empty(const char *word)
{
    return word ? word : "";
}

enum status matter_read(const struct matter_words *w, int today, struct matter *ret,
                        struct errmsg *err)
{
    struct matter m = {.category = or_empty(w->category),
                       .street = or_empty(w->street),
                       .community = "",
                       .point = or_empty(w->point),
                       .owner = owner_find(or_empty(w->owner)),
                       .designated = or_empty(w->designated),
                       .day = today};
    if (!*m.category)
        return fail(err, ST_INVALID, _("propose needs --category CODE"));
    if (m.owner == OWNER_COUNT)
        return fail(err, ST_INVALID,
                    _("--owner is none, company, employer or public, not \"%.60s\""), w->owner);
    if (w->day && !day_parse(w->day, &m.day))
        return fail(err, ST_INVALID, _("--day takes a day such as 2026-11-24, not \"%.60s\""),
                    w->day);
    *ret = m;
    return ST_OK;
}

static const char *category_text(const char *code, const struct reference *r, bool chinese,
                                 struct arena *a)
{
    if (!*code)
        return _("every category");
    for (size_t i = 0; i < r->n_categories; i++) {
        const struct category *c = &r->categories[i];
        if (!catalogue_covers(code, c->code))
            continue;
        bool exact = strcmp(code, c->code) == 0;
        const char *zh = exact ? c->level2 : c->level1, *en = exact ? c->level2_en : c->level1_en;
        return arena_printf(a, "%s%s%s%s", chinese || !*en ? zh : en, i18n_mark(MARK_OPEN, chinese),
                            code, i18n_mark(MARK_CLOSE, chinese));
    }
    return code;
}

const char *catalogue_condition(const struct catalogue_row *row, const struct reference *r,
                                bool chinese, struct arena *a)
{
    const char *text = category_text(row->category, r, chinese, a);
    for (size_t i = 0; i < row->n_where; i++) {
        bool word = row->place == PLACE_POINT;
        const char *name = word ? row->where[i] : reference_unit_name(r, row->where[i], chinese);
        text = arena_printf(a, "%s%s%s", text, i ? " / " : ", ", name);
    }
    if (row->owner != OWNER_ANY)
        text = arena_printf(a, "%s, %s", text, owner_label(row->owner));
    return text;
}
