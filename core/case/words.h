/*
 * words.h: the words of the policy's lists in a text, and where they stand: promises, rude words, phrases that say nothing,
 * words of the office (words.def).
 *
 * Chinese: wherever the characters stand. Latin letters: whole words, in capitals or not.
 * Ownership: nothing is kept. Errors: none. Threads: no state.
 */
#ifndef JIBAN_CASE_WORDS_H
#define JIBAN_CASE_WORDS_H

#include "core/case/policy.h"

extern const struct words_row {
    const char *key, *label; /* label: N_() */
} words_table[WORD_LISTS];

struct word_hit {
    enum word_list list;
    size_t at, len; /* bytes */
};

/* What stands in n bytes of text, in its order, no two on the same byte. Returns how many were written, most at most.
 * Time: linear in n and in the words. */
size_t words_find(const struct policy *p, const char *text, size_t n, struct word_hit *out,
                  size_t most);

#endif
