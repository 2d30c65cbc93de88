/* bonus_json.c: the document of bonus points. Whatever is wrong is listed with its place. */
#include "core/wire/json.h"
#include "core/base/i18n.h"
#include "core/wire/codec.h"
#include <math.h>
#include <string.h>

enum { ENTRIES_MOST = 5000, POINT = 1000, POINTS_MOST = 100 };

/* The points in thousandths; 0 when they are none. */
static int64_t points_of(const json_t *o)
{
    const json_t *v = json_object_get(o, "points");
    double points = json_is_number(v) ? json_number_value(v) : 0;
    return points > 0 && points <= POINTS_MOST ? (int64_t)llround(points * POINT) : 0;
}

static bool is_month(const char *text)
{
    static const char form[] = "dddd-dd";
    size_t n = sizeof form - 1;
    for (size_t i = 0; i < n; i++)
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    return !text[n] && strcmp(text + 5, "01") >= 0 && strcmp(text + 5, "12") <= 0;
}

static void check_members(const json_t *o, const char *place, struct faults *f)
{
    static const char *const known[] = {"id", "unit", "period", "points", "why", "by"};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)o, key, value)
    {
        size_t i = 0;
        while (i < sizeof known / sizeof *known && strcmp(known[i], key) != 0)
            i++;
        if (i == sizeof known / sizeof *known)
            faults_add(f, FAULT_UNKNOWN, arena_printf(f->arena, "%s/%.60s", place, key), "%s",
                       _("there is no such member"));
    }
}

static void read_entry(const json_t *o, const char *place, struct bonus_entry *e, struct faults *f)
{
    const struct {
        const char *key;
        const char **ret;
    } text[] = {{"id", &e->id},
                {"unit", &e->unit},
                {"period", &e->period},
                {"why", &e->why},
                {"by", &e->by}};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct errmsg err = {{0}};
        *text[i].ret = "";
        if (json_text(o, text[i].key, f->arena, text[i].ret, &err) != ST_OK)
            faults_add_message(f, place, &err);
        else if (!**text[i].ret)
            faults_add(f, FAULT_ERROR, arena_printf(f->arena, "%s/%s", place, text[i].key), "%s",
                       _("must not be empty"));
    }
    e->points = points_of(o);
    if (e->points == 0)
        faults_add(f, FAULT_ERROR, arena_printf(f->arena, "%s/points", place), "%s",
                   _("must be a number of points above 0, at most 100"));
    if (*e->period && !is_month(e->period))
        faults_add(f, FAULT_ERROR, arena_printf(f->arena, "%s/period", place), "%s",
                   _("must be a month such as 2026-11"));
    check_members(o, place, f);
}

static void check_ids(const struct bonus *b, struct faults *f)
{
    for (size_t i = 0; i < b->n; i++)
        for (size_t k = 0; k < i; k++)
            if (*b->entries[i].id && strcmp(b->entries[i].id, b->entries[k].id) == 0)
                faults_add(f, FAULT_ERROR, arena_printf(f->arena, "/entries/%zu/id", i), "%s",
                           _("stands there twice"));
}

void bonus_read(const char *json, size_t n, struct bonus *ret, struct faults *f)
{
    struct errmsg err = {{0}};
    json_t *top = NULL;
    int64_t version = 0;
    *ret = (struct bonus){.n = 0};
    enum status st = json_read(NULL, json, n, &top, &err);
    if (st != ST_OK) {
        faults_add_status(f, st, &err);
        return;
    }
    const json_t *list = json_object_get(top, "entries");
    size_t entries = json_array_size(list);
    if (json_number(top, "version", 1, INT32_MAX, &version, &err) != ST_OK)
        faults_add_message(f, "", &err);
    if (!json_is_array(list) || entries > ENTRIES_MOST)
        faults_add(f, FAULT_ERROR, "/entries", "%s", _("must be a list of at most 5,000 entries"));
    else if ((ret->entries = arena_array(f->arena, entries + 1, sizeof *ret->entries)) != NULL)
        ret->n = entries;
    for (size_t i = 0; i < ret->n; i++)
        read_entry(json_array_get(list, i), arena_printf(f->arena, "/entries/%zu", i),
                   &ret->entries[i], f);
    check_ids(ret, f);
    ret->version = (int)version;
    json_decref(top);
}

enum status bonus_decode(const char *json, size_t n, struct arena *a, struct bonus *ret,
                         struct errmsg *err)
{
    struct faults f;
    struct bonus b;
    faults_init(&f, a);
    bonus_read(json, n, &b, &f);
    enum status st = faults_status(&f, err);
    if (st == ST_OK)
        *ret = b;
    return st;
}
