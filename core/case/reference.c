#include "core/case/reference.h"
#include "core/base/i18n.h"

#include <stdlib.h>
#include <string.h>

static int by_code(const void *key, const void *row)
{
    return strcmp(key, ((const struct unit *)row)->code);
}

static int by_user(const void *key, const void *row)
{
    return strcmp(key, ((const struct person *)row)->user);
}

static int by_category(const void *key, const void *row)
{
    return strcmp(key, ((const struct category *)row)->code);
}

const struct unit *reference_unit(const struct reference *r, const char *code)
{
    if (!r || !code || !r->n_units)
        return NULL;
    return bsearch(code, r->units, r->n_units, sizeof *r->units, by_code);
}

const struct person *reference_person(const struct reference *r, const char *user)
{
    if (!r || !user || !r->n_people)
        return NULL;
    return bsearch(user, r->people, r->n_people, sizeof *r->people, by_user);
}

const struct category *reference_category(const struct reference *r, const char *code)
{
    if (!r || !code || !r->n_categories)
        return NULL;
    return bsearch(code, r->categories, r->n_categories, sizeof *r->categories, by_category);
}

static const char *choose(const char *zh, const char *en, bool chinese, const char *otherwise)
{
    const char *first = chinese ? zh : en, *second = chinese ? en : zh;
    if (first && *first)
        return first;
    return second && *second ? second : otherwise;
}

const char *reference_unit_name(const struct reference *r, const char *code, bool chinese)
{
    const struct unit *u = reference_unit(r, code);
    if (!u)
        return code ? code : "";
    return choose(u->name, u->name_en, chinese, code);
}

const char *reference_category_name(const struct reference *r, const char *code, bool chinese)
{
    const struct category *k = reference_category(r, code);
    if (!k)
        return code ? code : "";
    return choose(k->level2, k->level2_en, chinese, code);
}

const char *reference_person_name(const struct reference *r, const char *user, bool chinese)
{
    const struct person *p = reference_person(r, user);
    if (!p)
        return user ? user : "";
    return choose(p->name, p->name_en, chinese, user);
}

const char *reference_actor_name(const struct reference *r, const struct actor *who, bool chinese)
{
    if (who->role == ROLE_AUTOMATIC)
        return _("the clock");
    if (reference_person(r, who->user))
        return reference_person_name(r, who->user, chinese);
    return who->name && *who->name ? who->name : who->user ? who->user : "";
}

const char *reference_district(const struct reference *r, const char *code)
{
    /* The step count guards against data whose parents run in a circle. */
    for (int step = 0; step < 8; step++) {
        const struct unit *u = reference_unit(r, code);
        if (!u)
            return "";
        if (u->kind == UNIT_DISTRICT)
            return u->code;
        code = u->parent;
    }
    return "";
}

/* More than the depth of any organisation: hotline, district, street, community. */
enum { DEEPEST = 8 };

/* Does the way up from u come back to u? What only hangs below a circle is not told as well. */
static bool in_a_circle(const struct reference *r, const struct unit *u)
{
    const struct unit *above = reference_unit(r, u->parent);
    for (int step = 0; above && above != u && step < DEEPEST; step++)
        above = reference_unit(r, above->parent);
    return above == u;
}

static void check_unit(const struct reference *r, const struct unit *u, struct faults *f)
{
    const char *place = arena_printf(f->arena, "/units/%zu/parent", u->index);
    if (*u->parent && !reference_unit(r, u->parent))
        faults_add(f, FAULT_ERROR, place, _("unit \"%.60s\": there is no unit \"%.60s\""), u->code,
                   u->parent);
    else if (in_a_circle(r, u))
        faults_add(f, FAULT_ERROR, place, _("unit \"%.60s\": its parents run in a circle"),
                   u->code);
}

static void check_person(const struct reference *r, const struct person *p, struct faults *f)
{
    const char *place = arena_printf(f->arena, "/people/%zu/office", p->index);
    const struct unit *office = reference_unit(r, p->office);
    if (!*p->office)
        faults_add(f, FAULT_ERROR, place, _("\"%.60s\" has no office"), p->user);
    else if (!office)
        faults_add(f, FAULT_ERROR, place, _("there is no unit \"%.60s\""), p->office);
    else if (office->ended && !p->ended)
        faults_add(f, FAULT_ERROR, place, _("the office \"%.60s\" of \"%.60s\" has ended"),
                   p->office, p->user);
    if (*p->unit && !reference_unit(r, p->unit))
        faults_add(f, FAULT_ERROR, arena_printf(f->arena, "/people/%zu/unit", p->index),
                   _("there is no unit \"%.60s\""), p->unit);
}

void reference_check(const struct reference *r, struct faults *f)
{
    for (size_t i = 0; i < r->n_units; i++)
        check_unit(r, &r->units[i], f);
    for (size_t i = 0; i < r->n_people; i++)
        check_person(r, &r->people[i], f);
}
