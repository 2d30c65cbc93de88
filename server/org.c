#include "core/wire/json.h" /* before codec.h: both know a json_string */
#include "core/wire/codec.h"
#include "server/org.h"
#include "core/base/i18n.h"
#include <stdlib.h>
#include <string.h>

enum { UNITS_MOST = 20000, PEOPLE_MOST = 50000, CATEGORIES_MOST = 2000, COLUMNS = 7 };

struct lists {
    struct arena *arena;
    struct faults *f;
    struct unit *units;
    struct person *people;
    size_t n_units, n_people;
};

/* Code of the unit, "" when it has a fault: what hangs on it is read all the same. */
static const char *add_unit(struct lists *l, const json_t *o, enum unit_kind kind,
                            const char *parent, const char *place)
{
    struct unit u = {.kind = kind, .parent = parent};
    struct errmsg err = {{0}};
    enum status st = json_text(o, "code", l->arena, &u.code, &err);
    if (st == ST_OK && !*u.code)
        st = fail(&err, ST_INVALID, "/code: %s", _("must not be empty"));
    if (st == ST_OK)
        st = json_text(o, "name", l->arena, &u.name, &err);
    if (st == ST_OK)
        st = json_text_or(o, "name_en", l->arena, u.name, &u.name_en, &err);
    if (st == ST_OK && json_object_get(o, "compounds"))
        st = json_texts(json_object_get(o, "compounds"), "compounds", l->arena, &u.compounds,
                        &u.n_compounds, &err);
    if (st == ST_OK && json_object_get(o, "residents"))
        st = json_number(o, "residents", 1, RESIDENTS_MOST, &u.residents, &err);
    if (st == ST_OK && l->n_units == UNITS_MOST)
        st = fail(&err, ST_TOOBIG, _("more than %d units"), UNITS_MOST);
    if (st != ST_OK) {
        faults_add_message(l->f, place, &err);
        return "";
    }
    l->units[l->n_units++] = u;
    return u.code;
}

/* The list under key; none is an empty one. */
static const json_t *list_of(struct lists *l, const json_t *o, const char *key, const char *place)
{
    const json_t *list = json_object_get(o, key);
    if (list && !json_is_array(list))
        faults_add(l->f, FAULT_ERROR, arena_printf(l->arena, "%s/%s", place, key),
                   "must be an array");
    return json_is_array(list) ? list : NULL;
}

static void add_all(struct lists *l, const json_t *o, const char *key, enum unit_kind kind,
                    const char *parent, const char *place)
{
    size_t i;
    const json_t *unit;
    json_array_foreach(list_of(l, o, key, place), i, unit)
    {
        const char *which = json_string_value(json_object_get(unit, "kind"));
        enum unit_kind k = which && strcmp(which, "firm") == 0 ? UNIT_FIRM : kind;
        add_unit(l, unit, k, parent, arena_printf(l->arena, "%s/%s/%zu", place, key, i));
    }
}

static void add_streets(struct lists *l, const json_t *district, const char *parent,
                        const char *above)
{
    size_t i;
    const json_t *street;
    json_array_foreach(list_of(l, district, "streets", above), i, street)
    {
        const char *place = arena_printf(l->arena, "%s/streets/%zu", above, i);
        const char *code = add_unit(l, street, UNIT_STREET, parent, place);
        add_all(l, street, "communities", UNIT_COMMUNITY, code, place);
        add_all(l, street, "sections", UNIT_SECTION, code, place);
    }
}

static void add_districts(struct lists *l, const json_t *root, const char *top)
{
    size_t i;
    const json_t *district;
    json_array_foreach(list_of(l, root, "districts", ""), i, district)
    {
        const char *place = arena_printf(l->arena, "/districts/%zu", i);
        const char *code = add_unit(l, district, UNIT_DISTRICT, top, place);
        add_streets(l, district, code, place);
        add_all(l, district, "departments", UNIT_DEPT, code, place);
    }
}

static enum status person_of(struct lists *l, const json_t *o, struct person *p, struct errmsg *err)
{
    const char *role = "";
    enum status st = json_text(o, "user", l->arena, &p->user, err);
    if (st == ST_OK)
        st = json_text(o, "name", l->arena, &p->name, err);
    if (st == ST_OK)
        st = json_text_or(o, "name_en", l->arena, p->name, &p->name_en, err);
    if (st == ST_OK)
        st = json_text(o, "role", l->arena, &role, err);
    if (st == ST_OK)
        st = json_text(o, "office", l->arena, &p->office, err);
    if (st == ST_OK)
        st = json_text_or(o, "unit", l->arena, "", &p->unit, err);
    if (st == ST_OK && (p->role = role_find(role)) == ROLE_COUNT)
        st = fail(err, ST_INVALID, _("/role: \"%s\" is no role"), role);
    if (st == ST_OK && l->n_people == PEOPLE_MOST)
        st = fail(err, ST_TOOBIG, _("more than %d people"), PEOPLE_MOST);
    return st;
}

static void add_people(struct lists *l, const json_t *root)
{
    size_t i;
    const json_t *o;
    json_array_foreach(list_of(l, root, "people", ""), i, o)
    {
        struct person p = {.index = i};
        struct errmsg err = {{0}};
        if (person_of(l, o, &p, &err) == ST_OK)
            l->people[l->n_people++] = p;
        else
            faults_add_message(l->f, arena_printf(l->arena, "/people/%zu", i), &err);
    }
}

static int by_category(const void *a, const void *b)
{
    return strcmp(((const struct category *)a)->code, ((const struct category *)b)->code);
}

/* code, level 1 zh, en, level 2 zh, en, tier in hours, type hint; lines with # are comments. */
enum status org_categories(const char *tsv, size_t n, struct arena *a, struct reference *ret,
                           struct errmsg *err)
{
    int line_no = 0;
    struct category *list = arena_array(a, CATEGORIES_MOST, sizeof *list);
    size_t n_list = 0;
    if (!list)
        return fail(err, ST_NOMEM, "out of memory");
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
                column[count++] = arena_strndup(a, line + from, i - from);
                from = i + 1;
            }
        }
        if (count < 6 || n_list == CATEGORIES_MOST)
            return fail(err, ST_INVALID, _("categories, line %d: not seven columns"), line_no);
        long hours = strtol(column[5], NULL, 10);
        list[n_list++] = (struct category){.code = column[0],
                                           .level1 = column[1],
                                           .level1_en = column[2],
                                           .level2 = column[3],
                                           .level2_en = column[4],
                                           .tier = hours <= 2     ? TIER_T2H
                                                   : hours <= 24  ? TIER_T24H
                                                   : hours <= 168 ? TIER_T7D
                                                                  : TIER_T15D};
    }
    qsort(list, n_list, sizeof *list, by_category);
    ret->categories = list;
    ret->n_categories = n_list;
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
static void check_codes(const struct lists *l)
{
    for (size_t i = 1; i < l->n_units; i++)
        if (strcmp(l->units[i - 1].code, l->units[i].code) == 0)
            faults_add(l->f, FAULT_ERROR, "", _("two units have the code %s"), l->units[i].code);
    for (size_t i = 1; i < l->n_people; i++)
        if (strcmp(l->people[i - 1].user, l->people[i].user) == 0)
            faults_add(l->f, FAULT_ERROR, "", _("two people have the user name %s"),
                       l->people[i].user);
}

static void read_nested(const json_t *root, struct reference *ret, struct faults *f)
{
    struct lists l = {.arena = f->arena,
                      .f = f,
                      .units = arena_array(f->arena, UNITS_MOST, sizeof(struct unit)),
                      .people = arena_array(f->arena, PEOPLE_MOST, sizeof(struct person))};
    struct errmsg err = {{0}};
    int64_t version = 0;
    if (!l.units || !l.people)
        return; /* faults_status says that the arena failed */
    if ((json_object_get(root, "version") &&
         json_number(root, "version", 1, INT32_MAX, &version, &err) != ST_OK) ||
        json_day(root, "valid_from", &ret->valid_from, &err) != ST_OK)
        faults_add_message(f, "", &err);
    const char *top = add_unit(&l, json_object_get(root, "hotline"), UNIT_HOTLINE, "", "/hotline");
    add_districts(&l, root, top);
    add_people(&l, root);
    if (l.n_units)
        qsort(l.units, l.n_units, sizeof *l.units, by_code);
    if (l.n_people)
        qsort(l.people, l.n_people, sizeof *l.people, by_user);
    check_codes(&l);
    ret->version = (int)version;
    ret->units = l.units;
    ret->n_units = l.n_units;
    ret->people = l.people;
    ret->n_people = l.n_people;
}

void org_read(const char *json, size_t n, const struct reference *categories, struct reference *ret,
              struct faults *f)
{
    json_t *root = NULL;
    struct errmsg err = {{0}};
    *ret = (struct reference){.categories = categories->categories,
                              .n_categories = categories->n_categories};
    enum status st = json_read(NULL, json, n, &root, &err);
    if (st != ST_OK) {
        faults_add_status(f, st, &err);
        return;
    }
    if (json_object_get(root, "units"))
        reference_read(json, n, ret, f);
    else
        read_nested(root, ret, f);
    json_decref(root);
    reference_check(ret, f);
}

enum status org_flatten(const char *json, size_t n, const char *tsv, size_t tsv_n, struct arena *a,
                        struct reference *ret, struct errmsg *err)
{
    struct faults f;
    struct reference r, categories = {.version = 0};
    enum status st = org_categories(tsv, tsv_n, a, &categories, err);
    if (st != ST_OK)
        return st;
    faults_init(&f, a);
    org_read(json, n, &categories, &r, &f);
    st = faults_status(&f, err);
    if (st == ST_OK)
        *ret = r;
    return st;
}
