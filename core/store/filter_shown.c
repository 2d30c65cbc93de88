/* filter_shown.c: a filter as a person reads it: names where the completion wrote codes. */
#include "core/base/i18n.h"
#include "core/case/shown.h"
#include "core/store/filter_own.h"
#include "core/text/fold.h"
#include <string.h>

/* The field whose codes the key compares; FIELD_NONE: what is typed says it. */
static enum field field_of(enum filter_key key)
{
    switch (key) {
    case FILTER_CATEGORY:
        return FIELD_CATEGORY;
    case FILTER_COMMUNITY:
        return FIELD_COMMUNITY;
    case FILTER_UNIT:
        return FIELD_UNIT;
    case FILTER_HANDLER:
        return FIELD_HANDLER;
    case FILTER_CHANNEL:
        return FIELD_CHANNEL;
    default:
        return FIELD_NONE;
    }
}

/* NULL: no code, but a part of a name or another word of the person's own. */
static const char *name_of(enum filter_key key, const char *value, const struct reference *r,
                           bool chinese, struct arena *a)
{
    enum field field = field_of(key);
    for (int i = 0; key == FILTER_STATE && i < STATE_COUNT; i++)
        if (fold_equal(state_table[i].word, value))
            return _(state_table[i].label);
    if (field == FIELD_NONE)
        return NULL;
    if (field == FIELD_HANDLER && strcmp(value, "me") == 0)
        return _("oneself");
    if (field == FIELD_CATEGORY)
        return r && reference_category(r, value) ? reference_category_name(r, value, chinese)
                                                 : NULL;
    const char *name = value_shown(field, value, r, chinese, a);
    return strcmp(name, value) == 0 ? NULL : name;
}

/* "community:110101,110102" as "Community=Dongli, Nanli"; NULL: not all of its values are codes. */
static const char *key_shown(const char *word, size_t n, const struct reference *r, bool chinese,
                             struct arena *a)
{
    const char *sign = "", *names = "";
    size_t at;
    bool named;
    enum filter_key key = filter_read_key(word, n, &sign, &at, &named);
    if (key == FILTER_COUNT || strchr("<>", *sign))
        return NULL;
    const char *label =
        key == FILTER_STATE
            ? _("State")
            : (field_of(key) == FIELD_NONE ? "" : _(field_table[field_of(key)].label));
    while (at < n) {
        const char *comma = memchr(word + at, ',', n - at);
        size_t len = comma ? (size_t)(comma - word) - at : n - at;
        const char *name = name_of(key, arena_strndup(a, word + at, len), r, chinese, a);
        if (!name)
            return NULL;
        names = arena_printf(a, "%s%s%s", names, *names ? i18n_mark(MARK_LIST, chinese) : "", name);
        at += len + 1;
    }
    return *names ? arena_printf(a, "%s=%s", label, names) : NULL;
}

static bool is_wrong(const char *word, size_t n)
{
    const char *wrong = filter_table[FILTER_IS_WRONG].word;
    return strlen(wrong) == n && memcmp(wrong, word, n) == 0;
}

const char *filter_shown(const char *text, const struct reference *r, bool chinese, struct arena *a)
{
    static const char between[] = " \t()-!";
    const char *all = "", *at = text;
    while (*at) {
        size_t gap = strspn(at, between), n = 0;
        bool quoted = false;
        for (n = gap; at[n] && (quoted || !strchr(" \t()", at[n])); n++)
            quoted ^= at[n] == '"';
        const char *word = at + gap;
        const char *shown = n == gap                  ? ""
                            : is_wrong(word, n - gap) ? _("what is wrong")
                                                      : key_shown(word, n - gap, r, chinese, a);
        all = shown ? arena_printf(a, "%s%.*s%s", all, (int)gap, at, shown)
                    : arena_printf(a, "%s%.*s", all, (int)n, at);
        at += n;
    }
    return all;
}
