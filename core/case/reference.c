#include "core/case/reference.h"

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

const char *reference_person_name(const struct reference *r, const char *user, bool chinese)
{
    const struct person *p = reference_person(r, user);
    if (!p)
        return user ? user : "";
    return choose(p->name, p->name_en, chinese, user);
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
