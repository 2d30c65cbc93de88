/*
 * grapheme.h: what a person takes for one character, and for a word, when moving through a text.
 *
 * width.h counts cells as terminals do and parts a flag or a family of emoji into what they draw; these
 * functions keep such things whole (UAX #29), for the cursor of an editor and for cuts.
 * Threads: no state.
 */
#ifndef JIBAN_TEXT_GRAPHEME_H
#define JIBAN_TEXT_GRAPHEME_H

#include <stddef.h>
#include <stdint.h>

enum { GRAPHEME_BYTES = 64 }; /* what is longer counts as several */

/* Length in bytes of the extended grapheme cluster at s (n >= 1), seen from its beginning. */
size_t grapheme_next(const char *s, size_t n);

/* 1 or 2 for a character that the gate (clean.h) lets through and that joins with no other of its kind:
 * printable ASCII, Han, common Chinese punctuation; what a Chinese text mostly consists of needs no
 * tables. 0 for all others. There is a border between two such characters whatever is around. */
int grapheme_simple(uint32_t c);

/* Han and kana stand without blanks between words: a run of them up to the next sign is one word. */
enum word_kind { WORD_NONE, WORD_HAN, WORD_OTHER };
enum word_kind word_kind(uint32_t c);

#endif
