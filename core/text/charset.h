/*
 * charset.h: between UTF-8, which every text is inside, and the encoding of the locale.
 *
 * Purpose: in a locale such as zh_CN.gb18030 what is typed, given on the command line or read from a text file comes in
 *          as bytes of that encoding, and what is printed goes out as such. Stored texts are UTF-8 whatever the locale.
 * Errors: a character that the encoding lacks is shown as `?` and counted; it is never dropped. Bytes that are no
 *         character of the encoding stay as they are: the checks of UTF-8 find them.
 * Threads: setlocale() comes before any thread; the rest only reads.
 */
#ifndef JIBAN_TEXT_CHARSET_H
#define JIBAN_TEXT_CHARSET_H

#include "core/base/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool charset_utf8(void);
/* C and POSIX: only ASCII can be shown. */
bool charset_ascii(void);
/* Bytes of c in the encoding, 1 to MB_LEN_MAX; 0: it has no such character. */
size_t charset_put(uint32_t c, char *out);
/* Appends n bytes of UTF-8 in the encoding of the locale; returns how many characters became `?`. */
size_t charset_encode(struct buf *out, const char *utf8, size_t n);
/* Appends n bytes of the locale as UTF-8. */
void charset_decode(struct buf *out, const char *bytes, size_t n);
/* The same for a file, which may come from elsewhere: what is UTF-8 as a whole is taken as that. */
void charset_decode_file(struct buf *out, const char *bytes, size_t n);

#endif
