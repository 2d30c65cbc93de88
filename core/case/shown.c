#include "core/case/shown.h"
#include "core/base/i18n.h"
#include "core/case/attached.h"

#include <string.h>

/* Where one word of a list ends; texts of older orders have commas. */
static const char ends[] = " ,;/";

/* How a word of the list reads. */
typedef const char *reads(enum field field, const char *word, const struct reference *r,
                          bool chinese, struct arena *a);

static const char *unit_word(enum field field, const char *word, const struct reference *r,
                             bool chinese, struct arena *a)
{
    (void)field;
    if (!reference_unit(r, word))
        return word;
    return arena_printf(a, "%s%s%s%s", reference_unit_name(r, word, chinese),
                        i18n_mark(MARK_OPEN, chinese), word, i18n_mark(MARK_CLOSE, chinese));
}

static const char *choice_word(enum field field, const char *word, const struct reference *r,
                               bool chinese, struct arena *a)
{
    (void)r;
    (void)chinese;
    (void)a;
    return choice_label(field, word);
}

static const char *list(enum field field, const char *text, reads *read, const struct reference *r,
                        bool chinese, struct arena *a)
{
    const char *all = "";
    while (*(text += strspn(text, ends))) {
        size_t n = strcspn(text, ends);
        all = arena_printf(a, "%s%s%s", all, !*all ? "" : i18n_mark(MARK_LIST, chinese),
                           read(field, arena_strndup(a, text, n), r, chinese, a));
        text += n;
    }
    return all;
}

/* Its three answers, as effect_rate() joins them. */
static const char *rating(const char *text, bool chinese, struct arena *a)
{
    static const enum field part[] = {FIELD_CONTACTED, FIELD_SOLVED, FIELD_SATISFIED};
    const char *all = "";
    for (size_t i = 0; i < sizeof part / sizeof *part && *text; i++) {
        size_t n = strcspn(text, "/");
        all = arena_printf(a, "%s%s%s", all, !*all ? "" : i18n_mark(MARK_LIST, chinese),
                           choice_label(part[i], arena_strndup(a, text, n)));
        text += n + (text[n] == '/');
    }
    return all;
}

/* Known words alone: what an operator wrote in words of their own is not taken apart. */
static const char *known_words(enum field field, const char *text, bool chinese, struct arena *a)
{
    for (const char *at = text; *(at += strspn(at, ends));) {
        size_t n = strcspn(at, ends);
        const char *word = arena_strndup(a, at, n);
        if (choice_label(field, word) == word)
            return text;
        at += n;
    }
    return list(field, text, choice_word, NULL, chinese, a);
}

const char *value_shown(enum field field, const char *text, const struct reference *r, bool chinese,
                        struct arena *a)
{
    const struct category *k;
    switch (field) {
    case FIELD_HANDLED_BY:
    case FIELD_RETURNED_BY:
    case FIELD_UNITS:
        return list(field, text, unit_word, r, chinese, a);
    case FIELD_FIRST_RATING:
        return rating(text, chinese, a);
    case FIELD_VULNERABLE:
        return known_words(field, text, chinese, a);
    case FIELD_UNREASONABLE:
        return known_words(FIELD_FORM, text, chinese, a);
    case FIELD_LATE_CLOCK:
        return clock_find(text) != CLOCK_COUNT ? _(clock_table[clock_find(text)].label) : text;
    case FIELD_EXCLUSION:
        return choice_label(FIELD_EXCLUSION_CLASS, text);
    default:
        break;
    }
    switch (field_table[field].type) {
    case FIELD_TYPE_ENUM:
    case FIELD_TYPE_BOOL:
        return choice_label(field, text);
    case FIELD_TYPE_CODE:
        return r ? reference_unit_name(r, text, chinese) : text;
    case FIELD_TYPE_USER:
        return r ? reference_person_name(r, text, chinese) : text;
    case FIELD_TYPE_CATEGORY:
        k = reference_category(r, text);
        if (!k)
            return text;
        return chinese ? arena_printf(a, "%s / %s", k->level1, k->level2)
                       : arena_printf(a, "%s / %s", k->level1_en, k->level2_en);
    case FIELD_TYPE_FILES:
        return attached_text(a, text);
    default:
        return text;
    }
}
