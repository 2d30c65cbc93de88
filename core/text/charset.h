/*
 * charset.h: between UTF-8, which every text is inside, and the encoding of the locale.
 *
 * Purpose: in a locale such as zh_CN.gb18030 what is typed, given on the command line or read from a text file comes in
 *          as bytes of that encoding, and what is printed goes out as such. Stored texts are UTF-8 whatever the locale.
 * Errors: a character that the encoding lacks is shown as `?` and counted; it is never dropped. Bytes that are no
 *         character of the encoding stay as they are: the checks of UTF-8 find them.
 * Threads: setlocale() and charset_streams() come before any thread; the rest only reads, the counter is of the thread
 *          that prints.
 */
#ifndef JIBAN_TEXT_CHARSET_H
#define JIBAN_TEXT_CHARSET_H

#include "core/base/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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

/* From now on stdout and stderr take UTF-8 and write the encoding of the locale. Nothing in a UTF-8 locale. */
void charset_streams(void);
/* Standard output for bytes as they are: JSON, iCalendar, files. What stdout held is written first. */
FILE *charset_bytes(void);
/* Characters that were printed as `?`; charset_note_lost() adds those that another gate replaced. */
uint64_t charset_lost(void);
void charset_note_lost(uint64_t n);

#endif
