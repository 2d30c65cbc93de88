/*
 * utf8.h: checking and stepping through UTF-8 (RFC 3629).
 *
 * Purpose: everything in memory is bytes that may or may not be UTF-8; these functions never read
 *          past n bytes and never trust a lead byte.
 * Threads: no state.
 */
#ifndef JIBAN_TEXT_UTF8_H
#define JIBAN_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one character at s (n >= 1 bytes there). Returns its length 1..4; on bad bytes returns 1
 * and *ret_char = UTF8_BAD (overlong forms, surrogates and values over U+10FFFF are bad). */
#define UTF8_BAD 0xFFFFFFFFu
size_t utf8_decode(const char *s, size_t n, uint32_t *ret_char);
size_t utf8_encode(uint32_t c, char out[4]); /* 0 for surrogates and > U+10FFFF */
bool utf8_valid(const char *s, size_t n);
size_t utf8_count(const char *s, size_t n); /* characters; a bad byte counts one */
size_t utf8_cut(const char *s, size_t n,
                size_t at_most); /* longest whole prefix <= at_most bytes */

#endif
