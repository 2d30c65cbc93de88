#include "core/case/emergency.h"
#include "core/base/i18n.h"

#include <ctype.h>
#include <string.h>

enum { DAY_DIGITS = 8, NUMBER_DIGITS = 3, NAME_BYTES = 200, TEXT_BYTES = 4000 };

const struct emergency *emergency_find(const struct emergencies *l, const char *code)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->list[i].code, code) == 0)
            return &l->list[i];
    return NULL;
}

const char *emergency_district(const struct reference *r, const struct casefile *c)
{
    static const enum field places[] = {FIELD_UNIT, FIELD_STREET, FIELD_COMMUNITY};
    const char *district = c->value[FIELD_DISTRICT];
    for (size_t i = 0; !*district && i < sizeof places / sizeof *places; i++)
        district = reference_district(r, c->value[places[i]]);
    return district;
}

static bool is_in(const char *const *list, size_t n, const char *code)
{
    for (size_t i = 0; *code && i < n; i++)
        if (strcmp(list[i], code) == 0)
            return true;
    return false;
}

static bool concerns(const struct emergency *e, const struct casefile *c, const char *unit)
{
    bool area = e->n_areas == 0 || is_in(e->areas, e->n_areas, c->value[FIELD_STREET]) ||
                is_in(e->areas, e->n_areas, c->value[FIELD_COMMUNITY]) ||
                is_in(e->areas, e->n_areas, unit);
    bool category = e->n_categories == 0;
    for (size_t i = 0; i < e->n_categories; i++)
        category |=
            strncmp(c->value[FIELD_CATEGORY], e->categories[i], strlen(e->categories[i])) == 0;
    return area && category;
}

const struct emergency *emergency_for(const struct emergencies *l, const struct reference *r,
                                      const struct casefile *c, const char *unit)
{
    const char *district = emergency_district(r, c);
    if (!*district)
        district = reference_district(r, unit);
    for (size_t i = l->n; *district && i-- > 0;) {
        const struct emergency *e = &l->list[i];
        if (e->closed_ms == TIME_NONE && strcmp(e->district, district) == 0 && concerns(e, c, unit))
            return e;
    }
    return NULL;
}

/* The kind that a code begins with; NULL: the policy has none of that name. */
static const struct emergency_kind *kind_of(const struct policy *p, const char *code)
{
    size_t n = strcspn(code, "-");
    for (int i = 0; i < p->n_emergencies; i++)
        if (strlen(p->emergency[i].code) == n && memcmp(p->emergency[i].code, code, n) == 0)
            return &p->emergency[i];
    return NULL;
}

static size_t digits(const char *text)
{
    size_t n = 0;
    while (isdigit((unsigned char)text[n]))
        n++;
    return n;
}

/* "-20261124" or "-20261124-2", a day that there is. */
static bool is_day(const char *tail)
{
    if (*tail != '-' || digits(tail + 1) != DAY_DIGITS)
        return false;
    int month = (tail[5] - '0') * 10 + tail[6] - '0', day = (tail[7] - '0') * 10 + tail[8] - '0';
    const char *rest = tail + 1 + DAY_DIGITS;
    size_t n = *rest == '-' ? digits(rest + 1) : 0;
    bool numbered = n > 0 && n <= NUMBER_DIGITS && !rest[1 + n];
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && (!*rest || numbered);
}

static enum status check_code(const struct policy *p, const char *code, struct errmsg *err)
{
    size_t kind = strcspn(code, "-");
    if (!kind_of(p, code))
        return fail(err, ST_INVALID,
                    _("The policy has no kind of emergency \"%.*s\"; nothing was opened."),
                    (int)(kind < EMERGENCY_CODE_MAX ? kind : EMERGENCY_CODE_MAX), code);
    if (strlen(code) >= EMERGENCY_CODE_MAX || !is_day(code + kind))
        return fail(
            err, ST_INVALID,
            _("The code of an emergency is its kind and its day, such as storm-20261124, or "
              "storm-20261124-2 for the second one."));
    return ST_OK;
}

static enum status check_places(const struct reference *r, const struct emergency *e,
                                struct errmsg *err)
{
    const struct unit *district = reference_unit(r, e->district);
    if (!district || district->kind != UNIT_DISTRICT)
        return fail(err, ST_INVALID, _("There is no district \"%.60s\"."), e->district);
    for (size_t i = 0; i < e->n_areas; i++) {
        const struct unit *u = reference_unit(r, e->areas[i]);
        bool place = u && (u->kind == UNIT_STREET || u->kind == UNIT_COMMUNITY);
        if (!place || strcmp(reference_district(r, e->areas[i]), e->district) != 0)
            return fail(err, ST_INVALID,
                        _("\"%.60s\" is no street or community of the district \"%.60s\"."),
                        e->areas[i], e->district);
    }
    for (size_t i = 0; i < e->n_categories; i++) {
        size_t n = strlen(e->categories[i]), k = 0;
        while (k < r->n_categories && strncmp(r->categories[k].code, e->categories[i], n) != 0)
            k++;
        if (k == r->n_categories)
            return fail(err, ST_INVALID, _("No category begins with \"%.60s\"."), e->categories[i]);
    }
    return ST_OK;
}

static enum status check_right(const struct actor *who, const char *district, struct errmsg *err)
{
    if (who->role != ROLE_DISTRICT && who->role != ROLE_DISPATCHER)
        return fail(err, ST_DENIED,
                    _("Emergencies are opened and closed by the district or the dispatchers."));
    if (who->role == ROLE_DISTRICT && strcmp(who->office, district) != 0)
        return fail(err, ST_DENIED, _("This emergency is another district's."));
    return ST_OK;
}

enum status emergency_may_open(const struct emergencies *l, const struct policy *p,
                               const struct reference *r, const struct actor *who,
                               const struct emergency *e, struct errmsg *err)
{
    enum status st = check_right(who, e->district, err);
    if (st == ST_OK)
        st = check_code(p, e->code, err);
    if (st == ST_OK)
        st = check_places(r, e, err);
    if (st == ST_OK && !*e->name)
        st = fail(err, ST_INVALID, _("An emergency needs a name."));
    if (st == ST_OK && (strlen(e->name) > NAME_BYTES || strlen(e->text) > TEXT_BYTES))
        st = fail(err, ST_TOOBIG, _("The name or the text of the emergency is too long."));
    if (st == ST_OK && emergency_find(l, e->code))
        st = fail(err, ST_CONFLICT,
                  _("The emergency %s was opened before; give another one a number: %s-2."),
                  e->code, e->code);
    return st;
}

enum status emergency_may_close(const struct emergencies *l, const struct actor *who,
                                const char *code, struct errmsg *err)
{
    const struct emergency *e = emergency_find(l, code);
    if (!e)
        return fail(err, ST_NOT_FOUND, _("There is no emergency \"%.60s\"."), code);
    enum status st = check_right(who, e->district, err);
    if (st == ST_OK && e->closed_ms != TIME_NONE)
        st = fail(err, ST_CONFLICT, _("The emergency %s is closed already."), code);
    return st;
}
