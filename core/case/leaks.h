/*
 * leaks.h: what of a person must not stand in a text for a claimant, and where it stands (domain.md 4.5, item 10).
 *
 * Found:   phone numbers: mobile (11 digits, 13 to 19, with or without 86) and fixed with an area code; identity numbers
 *          (18 places; region, date of birth and check digit of GB 11643 hold); bank cards (16 to 19 digits, check digit
 *          of ISO/IEC 7812); number plates (GA 36); names and phones of the people given.
 * Digits:  ASCII, full-width and Chinese ones (一 to 九, 〇 零 幺); one blank, hyphen or dot may stand between two of them.
 *          Amounts in groups of three are none of it.
 * Limits:  what a program cannot know it does not find: an address, a name that is in no case of the cache.
 * Ownership: nothing is kept. Errors: none; bad UTF-8 belongs to nothing. Threads: no state.
 */
#ifndef JIBAN_CASE_LEAKS_H
#define JIBAN_CASE_LEAKS_H

#include "core/base/arena.h"
#include <stdbool.h>
#include <stddef.h>

enum leak_kind {
#define LEAK(id, word, holds, label) LEAK_##id,
#include "core/case/leaks.def"
#undef LEAK
    LEAK_COUNT
};
extern const struct leak_row {
    const char *word;
    bool holds;
    const char *label; /* N_() */
} leak_table[LEAK_COUNT];

/* Somebody who is known; masked forms (138****5678) do for a phone, a masked name finds nothing. "" for none. */
struct leak_person {
    const char *name, *phone;
    bool own; /* the text is for this one: neither is a leak */
};

struct leak {
    enum leak_kind kind;
    size_t at, len; /* bytes */
};

/* What stands in n bytes of text, in its order, no two on the same byte. Returns how many were written, most at most.
 * Time: linear in n and in people. */
size_t leaks_find(const char *text, size_t n, const struct leak_person *people, size_t n_people,
                  struct leak *out, size_t most);
/* So that it can be told without saying it again: the first three places and the last two, of a name the first
 * character. */
const char *leak_masked(struct arena *a, const char *text, const struct leak *leak);

#endif
