/*
 * pinyin.h: Chinese text found by what one types on a Latin keyboard.
 *
 * What is typed stands for a run of characters of the text. Each Han character takes one of: the first letter of one of
 *   its readings, zh ch sh for those that begin so, a whole reading, or itself; the last one may be a reading as far
 *   as it is typed. Every other character takes itself, ASCII letters in either case; blanks in the text are passed
 *   over. So 幸福里一社区 is found by xflysq, xingfuli, xfli, fuliyi, 幸f.
 * Readings: those of a character as it stands; words are not known, so all readings of a character count (重: chong
 *   and zhong). ü is typed v or u. From the Unicode Character Database by tools/make-pinyin.sh, U+3400..U+9FFF.
 * Errors: none; bad UTF-8 in either takes itself. Threads: no state.
 */
#ifndef JIBAN_TEXT_PINYIN_H
#define JIBAN_TEXT_PINYIN_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes; a longer one finds nothing. */
enum { PINYIN_TYPED_MOST = 62 };

/* Does it stand for a run of the text? "" does, for that of no characters. */
bool pinyin_matches(const char *text, const char *typed);
/* The same for a run at the beginning of the text. */
bool pinyin_begins(const char *text, const char *typed);
/* Small first letters of the usual readings, ASCII letters (small) and digits as they are, the rest left out. Writes as
 * much as fits room with its NUL; returns the length that it would have whole. */
size_t pinyin_initials(const char *text, char *out, size_t room);

#endif
