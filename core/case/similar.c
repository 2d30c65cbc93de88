/* similar.c: how like two orders are, and by what. */
#include "core/case/similar.h"
#include "core/base/i18n.h"
#include "core/case/place.h"
#include "core/case/repeat.h"
#include "core/text/fold.h"
#include <stdlib.h>
#include <string.h>

const struct similar_row similar_table[SIMILAR_COUNT] = {
#define REASON(id, word, weight, label) {word, weight, label},
#include "core/case/similar.def"
#undef REASON
};

enum { WORDS_MOST = 512, WORDS_SHARED_LEAST = 2, SURE = 100 };

/* --- words ----------------------------------------------------------------------------------------- */
struct words {
    uint32_t hash[WORDS_MOST];
    size_t n;
};

static int note_word(void *with, const char *text, size_t len)
{
    struct words *w = with;
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    if (w->n < WORDS_MOST)
        w->hash[w->n++] = hash;
    return 0;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The different words of title and content. */
static void words_of(const struct casefile *c, struct arena *a, struct words *w)
{
    static const enum field fields[] = {FIELD_TITLE, FIELD_CONTENT, FIELD_REQUEST};
    w->n = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *text = fold_text(a, c->value[fields[i]], strlen(c->value[fields[i]]));
        (void)fold_words(text, strlen(text), true, note_word, w);
    }
    qsort(w->hash, w->n, sizeof *w->hash, by_number);
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++)
        if (n == 0 || w->hash[i] != w->hash[n - 1])
            w->hash[n++] = w->hash[i];
    w->n = n;
}

/* Dice's coefficient in per cent; a single word in common says nothing. */
static int shared(const struct words *a, const struct words *b)
{
    size_t i = 0, k = 0, both = 0;
    while (i < a->n && k < b->n) {
        if (a->hash[i] == b->hash[k]) {
            both++;
            i++;
            k++;
        } else if (a->hash[i] < b->hash[k]) {
            i++;
        } else {
            k++;
        }
    }
    return both < WORDS_SHARED_LEAST ? 0 : (int)(200 * both / (a->n + b->n));
}

/* --- facts ----------------------------------------------------------------------------------------- */
static bool same(const char *a, const char *b)
{
    return *a && strcmp(a, b) == 0;
}

static bool is_hidden(const struct casefile *c)
{
    return strcmp(c->value[FIELD_ANONYMOUS], "yes") == 0 ||
           strcmp(c->value[FIELD_SECRET], "yes") == 0;
}

/* By the phone where there is one: names are many people's. */
static bool same_claimant(const struct casefile *a, const struct casefile *b, struct arena *scratch)
{
    if (is_hidden(a) || is_hidden(b))
        return false;
    const char *phone = repeat_phone(a->value[FIELD_PHONE], scratch);
    const char *other = repeat_phone(b->value[FIELD_PHONE], scratch);
    if (*phone || *other)
        return same(phone, other);
    return same(a->value[FIELD_PHONE], b->value[FIELD_PHONE]) &&
           same(a->value[FIELD_CLAIMANT], b->value[FIELD_CLAIMANT]);
}

static bool same_building(const struct casefile *a, const struct casefile *b, struct arena *scratch)
{
    return same(a->value[FIELD_COMMUNITY], b->value[FIELD_COMMUNITY]) &&
           same(place_building(scratch, a->value[FIELD_POINT]),
                place_building(scratch, b->value[FIELD_POINT]));
}

static bool same_kind(const struct casefile *a, const struct casefile *b, const struct reference *r)
{
    const struct category *x = r ? reference_category(r, a->value[FIELD_CATEGORY]) : NULL;
    const struct category *y = r ? reference_category(r, b->value[FIELD_CATEGORY]) : NULL;
    return x && y && same(x->level1, y->level1);
}

static bool names(const char *list, const char *number)
{
    size_t n = strlen(number);
    for (const char *at = list; n > 0 && (at = strstr(at, number)); at += n)
        if ((at == list || strchr(" ,;\n", at[-1])) && (!at[n] || strchr(" ,;\n", at[n])))
            return true;
    return false;
}

struct similarity similar_to(const struct casefile *c, const struct casefile *other,
                             const struct reference *r, struct arena *scratch)
{
    struct words mine, theirs;
    const char *number = other->value[FIELD_NUMBER];
    bool community = same(c->value[FIELD_COMMUNITY], other->value[FIELD_COMMUNITY]);
    bool building = same_building(c, other, scratch);
    bool category = same(c->value[FIELD_CATEGORY], other->value[FIELD_CATEGORY]);
    bool holds[SIMILAR_COUNT] = {[SIMILAR_CENTRE] = names(c->value[FIELD_EARLIER], number) ||
                                                    names(c->value[FIELD_ALIKE], number),
                                 [SIMILAR_CLAIMANT] = same_claimant(c, other, scratch),
                                 [SIMILAR_BUILDING] = building,
                                 [SIMILAR_COMMUNITY] = community && !building,
                                 [SIMILAR_CATEGORY] = category,
                                 [SIMILAR_KIND] = !category && same_kind(c, other, r)};
    struct similarity s = {0, 0};
    for (int i = 0; i < SIMILAR_WORDS; i++)
        if (holds[i]) {
            s.percent += similar_table[i].weight;
            s.reasons |= 1u << i;
        }
    words_of(c, scratch, &mine);
    words_of(other, scratch, &theirs);
    int words = shared(&mine, &theirs);
    if (words > 0) {
        s.percent += words * similar_table[SIMILAR_WORDS].weight / 100;
        s.reasons |= 1u << SIMILAR_WORDS;
    }
    if (s.percent > SURE)
        s.percent = SURE;
    return s;
}
