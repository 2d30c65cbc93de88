/* filter_complete.c: what may stand at the end of a filter that is being typed. */
#include "core/base/i18n.h"
#include "core/store/filter_own.h"
#include "core/store/store.h"
#include "core/text/fold.h"
#include "core/text/pinyin.h"
#include <ctype.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

enum { CHOICES_MOST = 200, PINYIN_LEAST = 2 };
struct choices {
    struct filter_choice *list;
    size_t n;
    struct arena *a;
};

static void offer(struct choices *out, const char *word, const char *help)
{
    if (out->n < CHOICES_MOST)
        out->list[out->n++] = (struct filter_choice){word, help};
}

static bool begins(const char *word, const char *with)
{
    return strncmp(word, with, strlen(with)) == 0;
}

static void offer_codes(struct choices *out, const struct reference *r, enum filter_kind kind,
                        enum filter_way way, const char *typed)
{
    bool chinese = i18n_chinese();
    for (size_t i = 0; kind == FILTER_KIND_CATEGORY && i < r->n_categories; i++) {
        const struct category *k = &r->categories[i];
        if (filter_names(way, typed, k->code, k->level2, k->level2_en))
            offer(out, k->code, chinese ? k->level2 : k->level2_en);
    }
    for (size_t i = 0; kind == FILTER_KIND_PLACE && i < r->n_units; i++)
        if (filter_names(way, typed, r->units[i].code, r->units[i].name, r->units[i].name_en))
            offer(out, r->units[i].code, reference_unit_name(r, r->units[i].code, chinese));
    for (size_t i = 0; kind == FILTER_KIND_PERSON && i < r->n_people; i++)
        if (filter_names(way, typed, r->people[i].user, r->people[i].name, r->people[i].name_en))
            offer(out, r->people[i].user, reference_person_name(r, r->people[i].user, chinese));
}

static void offer_names(struct choices *out, const struct filter_context *c, enum filter_kind kind,
                        const char *typed)
{
    const struct reference *r = c->reference;
    if (kind == FILTER_KIND_PERSON && begins("me", typed))
        offer(out, "me", _("oneself"));
    size_t before = out->n;
    for (int way = 0; r && way < FILTER_WAYS && out->n == before; way++) {
        const char *text = filter_typed((enum filter_way)way, typed, out->a);
        if (text)
            offer_codes(out, r, kind, (enum filter_way)way, text);
    }
}

/* A name that pinyin found: who reads English gets its own name first, and the one that the letters are of. */
static const char *read_aloud(const char *name, const char *name_en, struct arena *a)
{
    return i18n_chinese() || !*name_en ? name : arena_printf(a, "%s (%s)", name_en, name);
}

/* Who or what a word of letters may stand for by pinyin from the beginning: with its key, a compound as it is written. */
static void offer_pinyin(struct choices *out, const struct filter_context *c, const char *typed)
{
    const struct reference *r = c->reference;
    size_t n = strlen(typed);
    if (!r || n < PINYIN_LEAST || n > PINYIN_TYPED_MOST)
        return;
    for (size_t i = 0; i < n; i++)
        if (!isalpha((unsigned char)typed[i]))
            return;
    for (size_t i = 0; i < r->n_units; i++) {
        const struct unit *u = &r->units[i];
        bool place = u->kind == UNIT_COMMUNITY || u->kind == UNIT_STREET;
        if (pinyin_begins(u->name, typed))
            offer(out, arena_printf(out->a, "%s:%s", place ? "community" : "unit", u->code),
                  read_aloud(u->name, u->name_en, out->a));
        for (size_t k = 0; k < u->n_compounds; k++)
            if (!strpbrk(u->compounds[k], " \"()") && pinyin_begins(u->compounds[k], typed))
                offer(out, u->compounds[k], u->compounds[k]);
    }
    for (size_t i = 0; i < r->n_people; i++)
        if (pinyin_begins(r->people[i].name, typed))
            offer(out, arena_printf(out->a, "handler:%s", r->people[i].user),
                  read_aloud(r->people[i].name, r->people[i].name_en, out->a));
    for (size_t i = 0; i < r->n_categories; i++)
        if (pinyin_begins(r->categories[i].level2, typed))
            offer(out, arena_printf(out->a, "category:%s", r->categories[i].code),
                  read_aloud(r->categories[i].level2, r->categories[i].level2_en, out->a));
}

static void offer_objects(struct choices *out, const char *typed)
{
    for (int k = 0; k < OBJECT_COUNT; k++)
        if (begins(object_table[k].word, typed))
            offer(out, object_table[k].word, _(object_table[k].label));
}

static void offer_values(struct choices *out, const struct filter_context *c, enum filter_key key,
                         const char *typed)
{
    const enum view_id *views;
    switch (filter_table[key].kind) {
    case FILTER_KIND_STATE:
        for (size_t g = 0; g < FILTER_GROUPS; g++)
            if (begins(filter_groups[g].word, typed))
                offer(out, filter_groups[g].word, "");
        for (int s = 0; s < STATE_COUNT; s++)
            if (fold_begins(state_table[s].word, typed) || begins(_(state_table[s].label), typed))
                offer(out, state_table[s].word, _(state_table[s].label));
        break;
    case FILTER_KIND_CHANNEL:
        for (const struct choice *k = field_table[FIELD_CHANNEL].choices; k->word; k++)
            if (begins(k->word, typed) || begins(_(k->label), typed))
                offer(out, k->word, _(k->label));
        break;
    case FILTER_KIND_LATE:
        if (begins("any", typed))
            offer(out, "any", _("overdue"));
        offer_objects(out, typed);
        break;
    case FILTER_KIND_OBJECT:
        offer_objects(out, typed);
        break;
    case FILTER_KIND_VIEW: {
        size_t n = store_views((enum role)c->role, &views);
        for (size_t i = 0; i < n; i++)
            if (begins(view_table[views[i]].word, typed))
                offer(out, view_table[views[i]].word, _(view_table[views[i]].label));
        break;
    }
    default:
        offer_names(out, c, filter_table[key].kind, typed);
    }
}

enum status filter_complete(const char *text, size_t len, const struct filter_context *c,
                            struct arena *a, const struct filter_choice **ret, size_t *ret_n,
                            size_t *ret_from, struct errmsg *err)
{
    struct choices out = {.a = a, .list = arena_array(a, CHOICES_MOST, sizeof *out.list)};
    const char *all = arena_strndup(a, text, len), *sign;
    size_t from = len, value;
    bool named;
    if (arena_failed(a))
        return fail(err, ST_NOMEM, _("Out of memory."));
    while (from > 0 && !is_blank(all[from - 1]) && all[from - 1] != '(')
        from--;
    if (from < len && (all[from] == '-' || all[from] == '!'))
        from++;
    enum filter_key key = filter_read_key(all + from, len - from, &sign, &value, &named);
    if (key != FILTER_COUNT) {
        const char *comma = strrchr(all + from + value, ',');
        from = comma ? (size_t)(comma - all) + 1 : from + value;
        offer_values(&out, c, key, all + from);
    } else {
        for (int k = 0; k < FILTER_COUNT; k++)
            if (begins(filter_table[k].word, all + from))
                offer(
                    &out,
                    filter_table[k].kind == FILTER_KIND_FLAG ? filter_table[k].word
                    : filter_is_measured((enum filter_key)k)
                        ? arena_printf(a, "%s%c", filter_table[k].word, k == FILTER_DUE ? '<' : '>')
                        : arena_printf(a, "%s:", filter_table[k].word),
                    _(filter_table[k].help));
        offer_pinyin(&out, c, all + from);
    }
    if (arena_failed(a))
        return fail(err, ST_NOMEM, _("Out of memory."));
    *ret = out.list;
    *ret_n = out.n;
    *ret_from = from;
    return ST_OK;
}
