/*
 * whole.h: how much of what a program wrote ends with a whole character.
 *
 * Purpose: libvterm 0.1.4 decodes a character whose bytes come in two writes with two decoders, shows signs for bad bytes in
 *          its place and one more of them where the next text is. So what is half is held back until the rest has come.
 * Ownership, errors, threads: none.
 */
#ifndef JIBAN_TESTS_WHOLE_H
#define JIBAN_TESTS_WHOLE_H

#include <stddef.h>

enum { WHOLE_HELD = 4 }; /* room for what is held back */

/* Bytes of UTF-8 that can be handed on: n, or up to three fewer. */
static inline size_t whole_characters(const char *bytes, size_t n)
{
    size_t back = 1;
    while (back < WHOLE_HELD && back < n && ((unsigned char)bytes[n - back] & 0xc0) == 0x80)
        back++;
    unsigned char first = n > 0 ? (unsigned char)bytes[n - back] : 0;
    size_t want = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    return n > 0 && want > back ? n - back : n;
}

#endif
