/* catalogue_json.c: the dispatch catalogue and the duty lists. Whatever is wrong is listed with its place. */
#include "core/wire/json.h"
#include "core/wire/codec.h"
#include "core/base/i18n.h"
#include <stdio.h>
#include <string.h>

enum { ROWS_MOST = 5000, WHERE_MOST = 64, ID_MOST = 32, TEXT_MOST = 2000 };

struct reader {
    struct arena *a;
    struct faults *f;
    char place[64]; /* of the object that is read */
};

static void wrong(struct reader *r, const char *key, const char *want)
{
    faults_add(r->f, FAULT_ERROR, arena_printf(r->a, "%s/%s", r->place, key), "%s", want);
}

/* A member nobody knows: a slip of the pen in a file ("untill"). */
static void check_members(struct reader *r, json_t *o, const char *const *known)
{
    const char *key;
    json_t *value;
    json_object_foreach(o, key, value)
    {
        size_t i = 0;
        while (known[i] && strcmp(known[i], key) != 0)
            i++;
        if (!known[i])
            faults_add(r->f, FAULT_UNKNOWN, arena_printf(r->a, "%s/%.60s", r->place, key), "%s",
                       _("there is no such member"));
    }
}

/* "" and a fault when it is not there, is no text or is too long. */
static const char *text(struct reader *r, const json_t *o, const char *key, bool needed)
{
    struct errmsg err = {{0}};
    const char *got = "";
    if (!json_object_get(o, key) && !needed)
        return "";
    if (json_text(o, key, r->a, &got, &err) != ST_OK)
        faults_add_message(r->f, r->place, &err);
    else if (strlen(got) > TEXT_MOST)
        wrong(r, key, _("is too long"));
    else if (needed && !*got)
        wrong(r, key, _("must not be empty"));
    return got;
}

/* Ids stand in file names, on command lines and in the history of a case. */
static const char *id_text(struct reader *r, const json_t *o, const char *key)
{
    const char *got = text(r, o, key, true);
    if (*got &&
        (strlen(got) > ID_MOST ||
         got[strspn(got, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")]))
        wrong(r, key, _("must be up to 32 of the characters A-Z a-z 0-9 . _ -"));
    return got;
}

static const char *category_text(struct reader *r, const json_t *o)
{
    const char *got = text(r, o, "category", false);
    size_t n = strlen(got);
    if (got[strspn(got, "0123456789")] || (n != 0 && n != 2 && n != 4))
        wrong(r, "category",
              _("must be the two digits of a class, the four of a category, or empty"));
    return got;
}

static void texts(struct reader *r, const json_t *o, const char *key, const char *const **ret,
                  size_t *ret_n)
{
    struct errmsg err = {{0}};
    const json_t *list = json_object_get(o, key);
    if (!list)
        return;
    if (json_texts(list, key, r->a, ret, ret_n, &err) != ST_OK)
        faults_add_message(r->f, r->place, &err);
    else if (*ret_n > WHERE_MOST)
        wrong(r, key, _("has more than 64 entries"));
}

static int day(struct reader *r, const json_t *o, const char *key)
{
    struct errmsg err = {{0}};
    int got = 0;
    if (json_day(o, key, &got, &err) != ST_OK)
        faults_add_message(r->f, r->place, &err);
    return got;
}

static void row_get(struct reader *r, json_t *o, struct catalogue_row *row)
{
    static const char *const members[] = {"id",    "category", "place", "where", "owner",
                                          "lead",  "assist",   "tier",  "basis", "duty",
                                          "since", "until",    "note",  NULL};
    check_members(r, o, members);
    row->id = id_text(r, o, "id");
    row->category = category_text(r, o);
    const char *place = text(r, o, "place", false), *owner = text(r, o, "owner", false),
               *tier = text(r, o, "tier", false);
    int kind = 0;
    while (kind < PLACE_COUNT && strcmp(place_kind_word[kind], place) != 0)
        kind++;
    if (kind == PLACE_COUNT)
        wrong(r, "place", _("must be street, community or point"));
    row->place = (enum place_kind)(kind % PLACE_COUNT);
    texts(r, o, "where", &row->where, &row->n_where);
    if (kind < PLACE_COUNT && (row->place == PLACE_ANY) != (row->n_where == 0))
        wrong(r, row->place == PLACE_ANY ? "place" : "where", _("place and where belong together"));
    row->owner = owner_find(owner);
    if (row->owner == OWNER_COUNT)
        wrong(r, "owner", _("must be none, company, employer or public"));
    row->lead = text(r, o, "lead", true);
    texts(r, o, "assist", &row->assist, &row->n_assist);
    row->tier = *tier ? tier_find(tier) : TIER_NONE;
    if (*tier && row->tier == TIER_NONE)
        wrong(r, "tier", _("must be T2H, T24H, T7D or T15D"));
    row->basis = text(r, o, "basis", true);
    row->duty = text(r, o, "duty", false); /* that it is there is asked by catalogue_check */
    row->since = day(r, o, "since");
    row->until = day(r, o, "until");
    row->note = text(r, o, "note", false);
}

static void duty_get(struct reader *r, json_t *o, struct duty_item *d)
{
    static const char *const members[] = {"id",      "unit",  "category", "item",
                                          "item_en", "basis", NULL};
    check_members(r, o, members);
    d->id = id_text(r, o, "id");
    d->unit = text(r, o, "unit", true);
    d->category = category_text(r, o);
    d->item = text(r, o, "item", true);
    d->item_en = text(r, o, "item_en", false);
    d->basis = text(r, o, "basis", true);
}

/* The list under key; each entry is an object. */
static const json_t *list_of(struct reader *r, const json_t *top, const char *key)
{
    const json_t *list = json_object_get(top, key);
    r->place[0] = '\0';
    if (!json_is_array(list) || json_array_size(list) > ROWS_MOST) {
        wrong(r, key,
              list ? _("must be an array of at most 5000 entries") : _("missing (an array)"));
        return NULL;
    }
    return list;
}

static json_t *entry(struct reader *r, const json_t *list, const char *key, size_t i)
{
    json_t *o = json_array_get(list, i);
    (void)snprintf(r->place, sizeof r->place, "/%s/%zu", key, i);
    if (json_is_object(o))
        return o;
    faults_add(r->f, FAULT_ERROR, r->place, "%s", _("must be an object"));
    return NULL;
}

static void rows_get(struct reader *r, const json_t *top, struct catalogue *c)
{
    const json_t *list = list_of(r, top, "rows");
    size_t n = json_array_size(list);
    struct catalogue_row *rows = arena_array(r->a, n + 1, sizeof *rows);
    for (size_t i = 0; rows && i < n; i++) {
        json_t *o = entry(r, list, "rows", i);
        if (!o)
            continue;
        rows[c->n_rows].index = i;
        row_get(r, o, &rows[c->n_rows++]);
    }
    c->rows = rows;
    list = list_of(r, top, "duties");
    n = json_array_size(list);
    struct duty_item *duties = arena_array(r->a, n + 1, sizeof *duties);
    for (size_t i = 0; duties && i < n; i++) {
        json_t *o = entry(r, list, "duties", i);
        if (o)
            duty_get(r, o, &duties[c->n_duties++]);
    }
    c->duties = duties;
}

void catalogue_read(const char *json, size_t n, struct catalogue *ret, struct faults *f)
{
    static const char *const members[] = {"catalogue", "version", "valid_from", "title", "title_en",
                                          "note",      "rows",    "duties",     NULL};
    struct reader r = {.a = f->arena, .f = f};
    struct errmsg err = {{0}};
    int64_t version = 0;
    json_t *top;
    *ret = (struct catalogue){.name = ""};
    enum status st = json_read(NULL, json, n, &top, &err);
    if (st != ST_OK) {
        faults_add_status(f, st, &err);
        return;
    }
    check_members(&r, top, members);
    ret->name = id_text(&r, top, "catalogue");
    if (json_number(top, "version", 1, INT32_MAX, &version, &err) != ST_OK)
        faults_add_message(f, "", &err);
    ret->version = (int)version;
    ret->valid_from = day(&r, top, "valid_from");
    rows_get(&r, top, ret);
    json_decref(top);
}

enum status catalogue_decode(const char *json, size_t n, struct arena *a, struct catalogue *ret,
                             struct errmsg *err)
{
    struct faults f;
    struct catalogue c;
    faults_init(&f, a);
    catalogue_read(json, n, &c, &f);
    enum status st = faults_status(&f, err);
    if (st == ST_OK)
        *ret = c;
    return st;
}
