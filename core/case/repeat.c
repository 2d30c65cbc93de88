/* repeat.c: repeats, merge candidates, clusters and risks, as domain.md 7.11 and 10 say. */
#include "core/case/repeat.h"
#include "core/case/place.h"

#include <string.h>

enum { PHONE_MIN = 5, CATEGORY_LEVEL2 = 4, MOBILE_DIGITS = 11 };

static bool is(const struct casefile *c, enum field f, const char *word)
{
    return strcmp(c->value[f], word) == 0;
}

/* --- by what an order is matched ---------------------------------------------------------------- */

const char *repeat_phone(const char *phone, struct arena *a)
{
    size_t n = 0;
    char *digits = arena_alloc(a, strlen(phone) + 1);
    if (!digits)
        return "";
    for (; *phone; phone++)
        if (*phone >= '0' && *phone <= '9')
            digits[n++] = *phone;
    digits[n] = '\0';
    if (n > MOBILE_DIGITS && strncmp(digits, "00", 2) == 0)
        digits += 2;
    if (strlen(digits) > MOBILE_DIGITS && strncmp(digits, "86", 2) == 0)
        digits += 2;
    return strlen(digits) < PHONE_MIN ? "" : digits;
}

/* A point within its street, without the doors of a building: neighbours of one house complain about one thing. What
 * has no building in it is taken whole. */
static const char *point_key(const struct casefile *c, struct arena *a)
{
    const char *point = c->value[FIELD_POINT];
    const char *folded = place_building(a, point);
    if (!*folded)
        folded = place_fold(a, point);
    return folded && *folded ? arena_printf(a, "point %s %s", c->value[FIELD_STREET], folded) : "";
}

/* To the third decimal, a hundred metres. */
static const char *coordinate(const char *text, struct arena *a)
{
    size_t whole = strcspn(text, "."), n = strlen(text);
    return arena_strndup(a, text, n > whole + 4 ? whole + 4 : n);
}

static void place_key(const struct casefile *c, struct arena *a, struct repeat_key *ret)
{
    const char *const *v = c->value;
    ret->place = *v[FIELD_POINT] ? point_key(c, a) : "";
    ret->by = "point";
    if (!*ret->place && *v[FIELD_LATITUDE] && *v[FIELD_LONGITUDE]) {
        ret->place = arena_printf(a, "coordinates %s %s", coordinate(v[FIELD_LATITUDE], a),
                                  coordinate(v[FIELD_LONGITUDE], a));
        ret->by = "coordinates";
    }
    if (!*ret->place && *v[FIELD_COMMUNITY]) {
        ret->place = arena_printf(a, "community %s", v[FIELD_COMMUNITY]);
        ret->by = "community";
    }
}

void repeat_key_of(const struct casefile *c, struct arena *a, struct repeat_key *ret)
{
    bool hidden =
        is(c, FIELD_ANONYMOUS, "yes") || is(c, FIELD_SECRET, "yes") || is(c, FIELD_TYPE, "praise");
    *ret = (struct repeat_key){.claimant = "", .category = "", .place = "", .by = ""};
#if SABOTAGE == 82
    /* damage for the tests: secret reports are matched as well */
    hidden = is(c, FIELD_ANONYMOUS, "yes");
#endif
    if (!hidden)
        ret->claimant = repeat_phone(c->value[FIELD_PHONE], a);
    ret->category = arena_strndup(a, c->value[FIELD_CATEGORY],
                                  strnlen(c->value[FIELD_CATEGORY], CATEGORY_LEVEL2));
    place_key(c, a, ret);
}

/* --- what was found ----------------------------------------------------------------------------- */

static bool within(int64_t window_ms, int64_t created_ms, int64_t at_ms)
{
    return created_ms <= at_ms && at_ms - created_ms <= window_ms;
}

static bool is_own(const struct repeat_order *o, const unsigned char own[REPEAT_HASH])
{
    return memcmp(o->claimant, own, REPEAT_HASH) == 0;
}

/* Was the claimant of this order counted before it in the list? */
static bool counted(const struct repeat_order *list, size_t at, int64_t since_ms)
{
    for (size_t i = 0; i < at; i++)
        if (list[i].created_ms > since_ms && is_own(&list[i], list[at].claimant))
            return true;
    return false;
}

/* The latest answer to a warning of these orders: what the leader answered is no cluster any more. */
static int64_t answered_ms(const struct policy *p, int64_t at_ms, const struct repeat_order *near,
                           size_t n)
{
    int64_t last = INT64_MIN;
    for (size_t i = 0; i < n; i++)
        if (near[i].warned_ms != TIME_NONE && near[i].warned_ms > last &&
            within(p->cluster_window_ms, near[i].created_ms, at_ms))
            last = near[i].warned_ms;
    return last;
}

static void sort_cluster(const struct policy *p, int64_t at_ms,
                         const unsigned char own[REPEAT_HASH], const struct repeat_order *near,
                         size_t n, struct repeat_found *ret)
{
    int64_t since = answered_ms(p, at_ms, near, n);
    for (size_t i = 0; i < n; i++) {
        const struct repeat_order *o = &near[i];
        bool mine = is_own(o, own), open = !state_table[o->state].terminal;
        if (!within(p->cluster_window_ms, o->created_ms, at_ms))
            continue;
        if (!mine && ret->n_alike < REPEAT_LISTED)
            ret->alike[ret->n_alike++] = o;
        if (open && o->warned && !ret->warned)
            ret->warned = o;
        if (open && o->leads && !ret->leader)
            ret->leader = o;
        if (o->created_ms <= since)
            continue;
        ret->claimants += !mine && !counted(near, i, since);
        if (ret->n_cluster < CLUSTER_LISTED)
            ret->cluster[ret->n_cluster++] = o;
    }
}

void repeat_sort(const struct policy *p, int64_t at_ms, const unsigned char own[REPEAT_HASH],
                 const struct repeat_order *mine, size_t n_mine, const struct repeat_order *near,
                 size_t n_near, struct repeat_found *ret)
{
    *ret = (struct repeat_found){.repeat = 1, .claimants = 1};
    for (size_t i = 0; i < n_mine; i++) {
        if (!is_own(&mine[i], own) || !within(p->repeat_window_ms, mine[i].created_ms, at_ms))
            continue;
        if (ret->n_earlier < REPEAT_LISTED)
            ret->earlier[ret->n_earlier++] = &mine[i];
        ret->repeat++;
    }
    sort_cluster(p, at_ms, own, near, n_near, ret);
}

bool repeat_is_cluster(const struct policy *p, const struct repeat_found *f)
{
    return f->claimants >= p->cluster_claimants;
}

/* --- words --------------------------------------------------------------------------------------- */

static const char *words_in(const char *const *words, int n, const struct casefile *c,
                            struct arena *a)
{
    static const enum field said[] = {FIELD_TITLE, FIELD_CONTENT, FIELD_REQUEST};
    const char *found = "";
    for (int i = 0; i < n; i++)
        for (size_t k = 0; k < sizeof said / sizeof said[0]; k++)
            if (strstr(c->value[said[k]], words[i])) {
                found = arena_printf(a, "%s%s%s", found, *found ? " " : "", words[i]);
                break;
            }
    return found;
}

const char *repeat_marks(const struct policy *p, const struct casefile *c, struct arena *a)
{
    return words_in(p->repeat_hint, p->n_repeat_hints, c, a);
}

const char *repeat_risk(const struct policy *p, const struct casefile *c, struct arena *a)
{
    const char *category = c->value[FIELD_CATEGORY];
    if (is(c, FIELD_TYPE, "praise")) /* who thanks the firemen warns of nothing */
        return "";
    const char *found = words_in(p->risk_word, p->n_risk_words, c, a);
    for (int i = 0; i < p->n_risk_categories; i++)
        if (strncmp(category, p->risk_category[i], strlen(p->risk_category[i])) == 0)
            return arena_printf(a, "%s%s%s", category, *found ? " " : "", found);
    return found;
}

/* --- what follows -------------------------------------------------------------------------------- */

static const char *numbers(const struct repeat_order *const *list, size_t n, struct arena *a)
{
    const char *out = "";
    for (size_t i = 0; i < n; i++)
        out = arena_printf(a, "%s%s%s", out, i ? " " : "", list[i]->number);
    return out;
}

static const char *id_text(const struct uuid *id, struct arena *a)
{
    char text[UUID_TEXT];
    uuid_format(id, text);
    return arena_strdup(a, text);
}

static bool step(struct arena *a, struct consequence *k, enum command_type type,
                 const struct uuid *target, const struct value *v, size_t n)
{
    struct value *values = arena_array(a, n + 1, sizeof *values);
    if (!values)
        return false;
    memcpy(values, v, n * sizeof *v);
    *k = (struct consequence){
        .type = type, .target = id_text(target, a), .values = values, .n_values = n};
    return true;
}

static bool tell_found(const struct casefile *c, const struct policy *p, const char *by,
                       const struct repeat_found *f, struct arena *a, struct consequence *ret)
{
    bool again = f->n_earlier > 0;
    const struct value v[] = {
        {FIELD_FOUND_BY, by},
        {FIELD_REPEAT, again ? arena_printf(a, "%d", f->repeat) : ""},
        {FIELD_EARLIER, numbers(f->earlier, f->n_earlier, a)},
        {FIELD_ALIKE, numbers(f->alike, f->n_alike, a)},
        {FIELD_MARKS, repeat_marks(p, c, a)},
    };
    return (again || f->n_alike > 0) &&
           step(a, ret, COMMAND_FOUND_EARLIER, &c->id, v, sizeof v / sizeof v[0]);
}

/* On the order that others were merged into, else on the newest; a further order joins the open warning. */
static bool warn_of_cluster(const struct casefile *c, const struct policy *p,
                            const struct repeat_found *f, struct arena *a, struct consequence *ret)
{
    const char *own = c->value[FIELD_NUMBER];
    const char *others = f->warned ? "" : numbers(f->cluster, f->n_cluster, a);
    const struct uuid *target = f->warned ? &f->warned->id : f->leader ? &f->leader->id : &c->id;
    const struct value v[] = {
        {FIELD_WARNING, "W1"},
        {FIELD_WARNED_OF, arena_printf(a, "%s%s%s", own, *others ? " " : "", others)}};
    return (f->warned || repeat_is_cluster(p, f)) && step(a, ret, COMMAND_WARN, target, v, 2);
}

static bool warn_of_risk(const struct casefile *c, const struct policy *p, struct arena *a,
                         struct consequence *ret)
{
    const struct value v[] = {{FIELD_WARNING, "W3"}, {FIELD_WARNED_OF, repeat_risk(p, c, a)}};
    return *v[1].text && step(a, ret, COMMAND_WARN, &c->id, v, 2);
}

size_t repeat_steps(const struct casefile *c, const struct policy *p, const char *by,
                    const struct repeat_found *f, struct arena *a,
                    struct consequence ret[REPEAT_STEPS])
{
    size_t n = 0;
    n += tell_found(c, p, by, f, a, &ret[n]);
    n += warn_of_cluster(c, p, f, a, &ret[n]);
    n += warn_of_risk(c, p, a, &ret[n]);
    return n;
}
