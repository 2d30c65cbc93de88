/*
 * fold.h: texts made comparable, and cut into the words that full text search knows.
 *
 * Folding: full-width forms become half-width, capitals small, compatibility forms plain (NFKC and case folding of
 *          Unicode, by libunistring; ASCII and Han characters go a short way), traditional characters simplified (Unihan,
 *          by tools/make-variants.sh: 暖氣 is 暖气), all white space one blank, characters of private use away: the index
 *          uses them for words of its own.
 * Words:   a run of letters or digits is one; of a run of Han characters and kana each is one, and each pair beside
 *          each other as well. So a word of two characters is found exactly, by one look.
 *          A character of private use and all up to the next blank is a word of the index itself.
 * Ownership: texts lie in the arena given. Errors: "" when it ran out of memory (arena_failed). Threads: no state.
 */
#ifndef JIBAN_TEXT_FOLD_H
#define JIBAN_TEXT_FOLD_H

#include "core/base/arena.h"
#include <stdint.h>

const char *fold_text(struct arena *a, const char *text, size_t n);
/* ASCII letters are equal to their capitals; nothing else is folded. */
bool fold_equal(const char *a, const char *b);
bool fold_begins(const char *text, const char *with);
bool fold_contains(const char *text, const char *part);

/* A character that is a word by itself. */
bool fold_is_han(uint32_t c);
/* Calls word for each word of a folded text, with its bytes; stops when that returns other than 0, which is returned.
 * pairs: of two Han characters or more give the pairs alone (how one searches), else both (how one indexes). */
int fold_words(const char *folded, size_t n, bool pairs,
               int (*word)(void *with, const char *text, size_t len), void *with);

/* Does the folded needle stand in the folded text? One that begins with a letter or digit is found where a word begins:
 * what the index answers, said of one text. */
bool fold_has(const char *folded, const char *needle);

/* First character of the words that an index has for itself, such as ends of numbers. */
#define FOLD_PRIVATE_FIRST 0xE000u
#define FOLD_PRIVATE_LAST 0xF8FFu

#endif
