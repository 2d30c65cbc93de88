/* reference_json.c: units, people and categories in the flat shape. */
#include "core/wire/json.h"
#include "core/wire/codec.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_word[] = {
    [UNIT_HOTLINE] = "hotline", [UNIT_DISTRICT] = "district",   [UNIT_STREET] = "street",
    [UNIT_SECTION] = "section", [UNIT_COMMUNITY] = "community", [UNIT_DEPT] = "dept",
    [UNIT_FIRM] = "firm"};
enum { KIND_COUNT = sizeof kind_word / sizeof kind_word[0] };

static int unit_order(const void *a, const void *b)
{
    return strcmp(((const struct unit *)a)->code, ((const struct unit *)b)->code);
}
static int person_order(const void *a, const void *b)
{
    return strcmp(((const struct person *)a)->user, ((const struct person *)b)->user);
}
static int category_order(const void *a, const void *b)
{
    return strcmp(((const struct category *)a)->code, ((const struct category *)b)->code);
}

static enum status compounds_get(const json_t *o, struct arena *a, struct unit *u,
                                 struct errmsg *err)
{
    const json_t *list = json_object_get(o, "compounds");
    if (!list)
        return ST_OK;
    return json_texts(list, "compounds", a, &u->compounds, &u->n_compounds, err);
}

static enum status unit_get(const json_t *o, struct arena *a, void *slot, struct errmsg *err)
{
    struct unit *u = slot;
    enum status st = json_text(o, "code", a, &u->code, err);
    if (!st)
        st = json_text(o, "name", a, &u->name, err);
    if (!st)
        st = json_text_or(o, "name_en", a, "", &u->name_en, err);
    if (!st)
        st = json_text_or(o, "parent", a, "", &u->parent, err);
    if (st)
        return st;
    if ((st = compounds_get(o, a, u, err)) != ST_OK ||
        (st = json_day(o, "ended", &u->ended, err)) != ST_OK)
        return st;
    if (json_object_get(o, "residents") &&
        (st = json_number(o, "residents", 1, RESIDENTS_MOST, &u->residents, err)) != ST_OK)
        return st;
    const json_t *kind = json_object_get(o, "kind");
    size_t k = 0;
    while (k < KIND_COUNT &&
           !(json_is_string(kind) && strcmp(kind_word[k], json_string_value(kind)) == 0))
        k++;
    if (k == KIND_COUNT)
        return fail(err, ST_INVALID, "/kind: %s", kind ? "there is no such kind" : "missing");
    u->kind = (enum unit_kind)k;
    return ST_OK;
}

static enum status person_get(const json_t *o, struct arena *a, void *slot, struct errmsg *err)
{
    struct person *p = slot;
    enum status st = json_text(o, "user", a, &p->user, err);
    if (!st)
        st = json_text(o, "name", a, &p->name, err);
    if (!st)
        st = json_text_or(o, "name_en", a, "", &p->name_en, err);
    if (!st)
        st = json_text(o, "office", a, &p->office, err);
    if (!st)
        st = json_text_or(o, "unit", a, "", &p->unit, err);
    if (!st)
        st = json_day(o, "ended", &p->ended, err);
    if (st)
        return st;
    const json_t *role = json_object_get(o, "role");
    p->role = json_is_string(role) ? role_find(json_string_value(role)) : ROLE_COUNT;
    if (p->role == ROLE_COUNT)
        return fail(err, ST_INVALID, "/role: %s", role ? "there is no such role" : "missing");
    return ST_OK;
}

static enum status category_get(const json_t *o, struct arena *a, void *slot, struct errmsg *err)
{
    struct category *c = slot;
    enum status st = json_text(o, "code", a, &c->code, err);
    if (!st)
        st = json_text(o, "level1", a, &c->level1, err);
    if (!st)
        st = json_text_or(o, "level1_en", a, "", &c->level1_en, err);
    if (!st)
        st = json_text(o, "level2", a, &c->level2, err);
    if (!st)
        st = json_text_or(o, "level2_en", a, "", &c->level2_en, err);
    if (st)
        return st;
    const json_t *tier = json_object_get(o, "tier");
    c->tier = json_is_string(tier) ? tier_find(json_string_value(tier)) : TIER_NONE;
    if (c->tier == TIER_NONE)
        return fail(err, ST_INVALID, "/tier: %s", tier ? "there is no such tier" : "missing");
    return ST_OK;
}

struct shape {
    const char *key;
    size_t size, index; /* index: offset of the member that keeps the place in the file, 0: none */
    enum status (*get)(const json_t *o, struct arena *a, void *slot, struct errmsg *err);
    int (*order)(const void *a, const void *b);
};

/* Every row begins with its key text, which qsort's order reads; equal keys are refused. */
static void check_keys(const struct shape *s, const char *rows, size_t n, struct faults *f)
{
    for (size_t i = 1; i < n; i++)
        if (s->order(rows + (i - 1) * s->size, rows + i * s->size) == 0) {
            const char *key;
            memcpy(&key, rows + i * s->size, sizeof key);
            faults_add(f, FAULT_ERROR, arena_printf(f->arena, "/%s", s->key),
                       "\"%.60s\" occurs twice", key);
        }
}

static void list_get(const json_t *top, const struct shape *s, void **ret, size_t *ret_n,
                     struct faults *f)
{
    const json_t *list = json_object_get(top, s->key);
    size_t n = json_array_size(list), kept = 0;
    char *rows = arena_array(f->arena, n + 1, s->size);
    if (!json_is_array(list))
        faults_add(f, FAULT_ERROR, arena_printf(f->arena, "/%s", s->key), "%s",
                   list ? "must be an array" : "missing (an array)");
    for (size_t i = 0; rows && i < n; i++) {
        struct errmsg err = {{0}};
        const json_t *o = json_array_get(list, i);
        char *row = rows + kept * s->size;
        enum status st = json_is_object(o) ? s->get(o, f->arena, row, &err)
                                           : fail(&err, ST_INVALID, "must be an object");
        if (st != ST_OK) {
            faults_add_message(f, arena_printf(f->arena, "/%s/%zu", s->key, i), &err);
            memset(row, 0, s->size);
            continue;
        }
        if (s->index)
            memcpy(row + s->index, &i, sizeof i);
        kept++;
    }
    if (rows && kept > 0) {
        qsort(rows, kept, s->size, s->order);
        check_keys(s, rows, kept, f);
    }
    *ret = rows;
    *ret_n = kept;
}

void reference_read(const char *json, size_t n, struct reference *ret, struct faults *f)
{
    static const struct shape shape[] = {
        {"units", sizeof(struct unit), offsetof(struct unit, index), unit_get, unit_order},
        {"people", sizeof(struct person), offsetof(struct person, index), person_get, person_order},
        {"categories", sizeof(struct category), 0, category_get, category_order}};
    json_t *top;
    void *rows[3] = {NULL, NULL, NULL};
    size_t count[3] = {0, 0, 0};
    struct errmsg err = {{0}};
    int64_t version = 0;
    int valid_from = 0;
    *ret = (struct reference){.version = 0};
    enum status st = json_read(NULL, json, n, &top, &err);
    if (st != ST_OK) {
        faults_add_status(f, st, &err);
        return;
    }
    if ((json_object_get(top, "version") &&
         json_number(top, "version", 1, INT32_MAX, &version, &err) != ST_OK) ||
        json_day(top, "valid_from", &valid_from, &err) != ST_OK)
        faults_add_message(f, "", &err);
    for (size_t i = 0; i < 3; i++)
        list_get(top, &shape[i], &rows[i], &count[i], f);
    json_decref(top);
    *ret = (struct reference){.version = (int)version,
                              .valid_from = valid_from,
                              .units = rows[0],
                              .n_units = count[0],
                              .people = rows[1],
                              .n_people = count[1],
                              .categories = rows[2],
                              .n_categories = count[2]};
}

enum status reference_decode(const char *json, size_t n, struct arena *a, struct reference *ret,
                             struct errmsg *err)
{
    struct faults f;
    struct reference r;
    faults_init(&f, a);
    reference_read(json, n, &r, &f);
    enum status st = faults_status(&f, err);
    if (st == ST_OK)
        *ret = r;
    return st;
}

static void pair(struct buf *out, bool *first, const char *key, const char *text)
{
    json_key(out, first, key);
    json_put_text(out, text);
}

static void put_ended(struct buf *out, int day)
{
    bool first = false;
    char text[DAY_TEXT];
    if (day == 0)
        return;
    day_format(day, text);
    pair(out, &first, "ended", text);
}

static void put_compounds(struct buf *out, const struct unit *u)
{
    if (u->n_compounds == 0)
        return;
    buf_puts(out, ",\"compounds\":[");
    for (size_t i = 0; i < u->n_compounds; i++) {
        buf_puts(out, i ? "," : "");
        json_put_text(out, u->compounds[i]);
    }
    buf_putc(out, ']');
}

void reference_encode(struct buf *out, const struct reference *r)
{
    char day[DAY_TEXT];
    buf_putc(out, '{');
    if (r->version)
        buf_printf(out, "\"version\":%d,", r->version);
    day_format(r->valid_from, day);
    if (*day)
        buf_printf(out, "\"valid_from\":\"%s\",", day);
    buf_puts(out, "\"units\":[");
    for (size_t i = 0; i < r->n_units; i++) {
        const struct unit *u = &r->units[i];
        bool first = true;
        buf_puts(out, i ? ",{" : "{");
        pair(out, &first, "code", u->code);
        pair(out, &first, "name", u->name);
        pair(out, &first, "name_en", u->name_en);
        pair(out, &first, "kind", kind_word[u->kind]);
        pair(out, &first, "parent", u->parent);
        put_compounds(out, u);
        if (u->residents)
            buf_printf(out, ",\"residents\":%" PRId64, u->residents);
        put_ended(out, u->ended);
        buf_putc(out, '}');
    }
    buf_puts(out, "],\"people\":[");
    for (size_t i = 0; i < r->n_people; i++) {
        const struct person *p = &r->people[i];
        bool first = true;
        buf_puts(out, i ? ",{" : "{");
        pair(out, &first, "user", p->user);
        pair(out, &first, "name", p->name);
        pair(out, &first, "name_en", p->name_en);
        pair(out, &first, "role", role_table[p->role].word);
        pair(out, &first, "office", p->office);
        pair(out, &first, "unit", p->unit);
        put_ended(out, p->ended);
        buf_putc(out, '}');
    }
    buf_puts(out, "],\"categories\":[");
    for (size_t i = 0; i < r->n_categories; i++) {
        const struct category *c = &r->categories[i];
        bool first = true;
        buf_puts(out, i ? ",{" : "{");
        pair(out, &first, "code", c->code);
        pair(out, &first, "level1", c->level1);
        pair(out, &first, "level1_en", c->level1_en);
        pair(out, &first, "level2", c->level2);
        pair(out, &first, "level2_en", c->level2_en);
        pair(out, &first, "tier", tier_word[c->tier]);
        buf_putc(out, '}');
    }
    buf_puts(out, "]}");
}
