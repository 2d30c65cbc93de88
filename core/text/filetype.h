/*
 * filetype.h: what a file is, by its content and never by its name.
 *
 * Ownership: nothing is kept. Errors: none; a file of no known type is FILETYPE_COUNT. Threads: pure.
 */
#ifndef JIBAN_TEXT_FILETYPE_H
#define JIBAN_TEXT_FILETYPE_H

#include <stddef.h>

enum filetype {
#define FILETYPE(id, ...) FILETYPE_##id,
#include "core/text/filetype.def"
#undef FILETYPE
    FILETYPE_COUNT
};
extern const struct filetype_row {
    const char *word, *media, *label; /* label: N_() */
} filetype_table[FILETYPE_COUNT];

/* data: the whole file, n bytes. Text is valid UTF-8 without control characters but line breaks and tabs. */
enum filetype filetype_of(const void *data, size_t n);
enum filetype filetype_find(const char *word); /* FILETYPE_COUNT when there is none */

#endif
