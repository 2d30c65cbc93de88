#include "core/wire/json.h" /* before codec.h: both know a json_string */
#include "server/org.h"
#include "core/base/i18n.h"
#include <stdlib.h>
#include <string.h>

enum { UNITS_MOST = 20000, PEOPLE_MOST = 50000, CATEGORIES_MOST = 2000, COLUMNS = 7 };

struct lists {
    struct arena *arena;
    struct unit *units;
    struct person *people;
    struct category *categories;
    size_t n_units, n_people, n_categories;
};

static enum status add_unit(struct lists *l, const json_t *o, enum unit_kind kind,
                            const char *parent, const char **ret_code, struct errmsg *err)
{
    struct unit u = {.kind = kind, .parent = parent};
    enum status st = json_text(o, "code", l->arena, &u.code, err);
    if (st == ST_OK)
        st = json_text(o, "name", l->arena, &u.name, err);
    if (st == ST_OK)
        st = json_text_or(o, "name_en", l->arena, u.name, &u.name_en, err);
    if (st == ST_OK && l->n_units == UNITS_MOST)
        st = fail(err, ST_TOOBIG, _(": more than %d units"), UNITS_MOST);
    if (st != ST_OK)
        return st;
    l->units[l->n_units++] = u;
    if (ret_code)
        *ret_code = u.code;
    return ST_OK;
}

/* The list under key; none is an empty one. */
static enum status list_of(const json_t *o, const char *key, const json_t **ret, struct errmsg *err)
{
    *ret = json_object_get(o, key);
    return !*ret || json_is_array(*ret) ? ST_OK
                                        : fail(err, ST_INVALID, "/%s: must be an array", key);
}

static enum status add_all(struct lists *l, const json_t *o, const char *key, enum unit_kind kind,
                           const char *parent, struct errmsg *err)
{
    size_t i;
    const json_t *unit, *list;
    enum status listed = list_of(o, key, &list, err);
    if (listed != ST_OK)
        return listed;
    json_array_foreach(list, i, unit)
    {
        const char *which = json_string_value(json_object_get(unit, "kind"));
        enum unit_kind k = which && strcmp(which, "firm") == 0 ? UNIT_FIRM : kind;
        enum status st = add_unit(l, unit, k, parent, NULL, err);
        if (st != ST_OK) {
            json_place(err, "/%s/%zu", key, i);
            return st;
        }
    }
    return ST_OK;
}

static enum status add_districts(struct lists *l, const json_t *root, const char *top,
                                 struct errmsg *err)
{
    size_t i, k;
    const json_t *district, *street, *districts, *streets = NULL;
    enum status st = list_of(root, "districts", &districts, err);
    json_array_foreach(districts, i, district)
    {
        const char *district_code = "", *street_code = "";
        st = add_unit(l, district, UNIT_DISTRICT, top, &district_code, err);
        if (st == ST_OK)
            st = list_of(district, "streets", &streets, err);
        json_array_foreach(st == ST_OK ? streets : NULL, k, street)
        {
            if (st == ST_OK)
                st = add_unit(l, street, UNIT_STREET, district_code, &street_code, err);
            if (st == ST_OK)
                st = add_all(l, street, "communities", UNIT_COMMUNITY, street_code, err);
            if (st == ST_OK)
                st = add_all(l, street, "sections", UNIT_SECTION, street_code, err);
            if (st != ST_OK) {
                json_place(err, "/districts/%zu/streets/%zu", i, k);
                return st;
            }
        }
        if (st == ST_OK)
            st = add_all(l, district, "departments", UNIT_DEPT, district_code, err);
        if (st != ST_OK) {
            json_place(err, "/districts/%zu", i);
            return st;
        }
    }
    return st;
}

static enum status add_people(struct lists *l, const json_t *root, struct errmsg *err)
{
    size_t i;
    const json_t *o, *people;
    enum status listed = list_of(root, "people", &people, err);
    if (listed != ST_OK)
        return listed;
    json_array_foreach(people, i, o)
    {
        struct person p;
        const char *role = "";
        enum status st = json_text(o, "user", l->arena, &p.user, err);
        if (st == ST_OK)
            st = json_text(o, "name", l->arena, &p.name, err);
        if (st == ST_OK)
            st = json_text_or(o, "name_en", l->arena, p.name, &p.name_en, err);
        if (st == ST_OK)
            st = json_text(o, "role", l->arena, &role, err);
        if (st == ST_OK)
            st = json_text(o, "office", l->arena, &p.office, err);
        if (st == ST_OK)
            st = json_text_or(o, "unit", l->arena, "", &p.unit, err);
        if (st == ST_OK && (p.role = role_find(role)) == ROLE_COUNT)
            st = fail(err, ST_INVALID, _("/role: \"%s\" is no role"), role);
        if (st == ST_OK && l->n_people == PEOPLE_MOST)
            st = fail(err, ST_TOOBIG, _(": more than %d people"), PEOPLE_MOST);
        if (st != ST_OK) {
            json_place(err, "/people/%zu", i);
            return st;
        }
        l->people[l->n_people++] = p;
    }
    return ST_OK;
}

/* code, level 1 zh, en, level 2 zh, en, tier in hours, type hint; lines with # are comments. */
static enum status add_categories(struct lists *l, const char *tsv, size_t n, struct errmsg *err)
{
    int line_no = 0;
    for (size_t at = 0; at < n;) {
        const char *line = tsv + at, *end = memchr(line, '\n', n - at);
        size_t len = end ? (size_t)(end - line) : n - at;
        const char *column[COLUMNS];
        int count = 0;
        at += len + 1;
        line_no++;
        if (len == 0 || *line == '#' || strncmp(line, "code\t", 5) == 0)
            continue;
        for (size_t i = 0, from = 0; i <= len && count < COLUMNS; i++) {
            if (i == len || line[i] == '\t') {
                column[count++] = arena_strndup(l->arena, line + from, i - from);
                from = i + 1;
            }
        }
        if (count < 6 || l->n_categories == CATEGORIES_MOST)
            return fail(err, ST_INVALID, _("categories, line %d: not seven columns"), line_no);
        long hours = strtol(column[5], NULL, 10);
        l->categories[l->n_categories++] = (struct category){.code = column[0],
                                                             .level1 = column[1],
                                                             .level1_en = column[2],
                                                             .level2 = column[3],
                                                             .level2_en = column[4],
                                                             .tier = hours <= 2     ? TIER_T2H
                                                                     : hours <= 24  ? TIER_T24H
                                                                     : hours <= 168 ? TIER_T7D
                                                                                    : TIER_T15D};
    }
    return ST_OK;
}

/* Before the lists are sorted: the place in the file is still known. */
static enum status check_offices(const struct lists *l, struct errmsg *err)
{
    for (size_t i = 0; i < l->n_people; i++) {
        bool there = false;
        for (size_t k = 0; k < l->n_units && !there; k++)
            there = strcmp(l->units[k].code, l->people[i].office) == 0;
        if (!there)
            return fail(err, ST_INVALID, _("/people/%zu/office: there is no unit \"%.60s\""), i,
                        l->people[i].office);
    }
    return ST_OK;
}

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct unit *)a)->code, ((const struct unit *)b)->code);
}
static int by_user(const void *a, const void *b)
{
    return strcmp(((const struct person *)a)->user, ((const struct person *)b)->user);
}
static int by_category(const void *a, const void *b)
{
    return strcmp(((const struct category *)a)->code, ((const struct category *)b)->code);
}

enum status org_flatten(const char *json, size_t n, const char *tsv, size_t tsv_n, struct arena *a,
                        struct reference *ret, struct errmsg *err)
{
    json_t *root = NULL;
    const char *top = "";
    struct lists l = {.arena = a,
                      .units = arena_array(a, UNITS_MOST, sizeof(struct unit)),
                      .people = arena_array(a, PEOPLE_MOST, sizeof(struct person)),
                      .categories = arena_array(a, CATEGORIES_MOST, sizeof(struct category))};
    if (!l.units || !l.people || !l.categories)
        return fail(err, ST_NOMEM, "out of memory");
    enum status st = json_read(NULL, json, n, &root, err);
    if (st == ST_OK &&
        (st = add_unit(&l, json_object_get(root, "hotline"), UNIT_HOTLINE, "", &top, err)) != ST_OK)
        json_place(err, "/hotline");
    if (st == ST_OK)
        st = add_districts(&l, root, top, err);
    if (st == ST_OK)
        st = add_people(&l, root, err);
    if (st == ST_OK)
        st = check_offices(&l, err);
    if (st == ST_OK)
        st = add_categories(&l, tsv, tsv_n, err);
    json_decref(root);
    if (st != ST_OK)
        return st;
    qsort(l.units, l.n_units, sizeof *l.units, by_code);
    qsort(l.people, l.n_people, sizeof *l.people, by_user);
    qsort(l.categories, l.n_categories, sizeof *l.categories, by_category);
    for (size_t i = 1; i < l.n_units; i++)
        if (strcmp(l.units[i - 1].code, l.units[i].code) == 0)
            return fail(err, ST_INVALID, _("two units have the code %s"), l.units[i].code);
    for (size_t i = 1; i < l.n_people; i++)
        if (strcmp(l.people[i - 1].user, l.people[i].user) == 0)
            return fail(err, ST_INVALID, _("two people have the user name %s"), l.people[i].user);
    *ret = (struct reference){.units = l.units,
                              .n_units = l.n_units,
                              .people = l.people,
                              .n_people = l.n_people,
                              .categories = l.categories,
                              .n_categories = l.n_categories};
    return arena_failed(a) ? fail(err, ST_NOMEM, "out of memory") : ST_OK;
}
