/*
 * streams.h: standard output and error of a program whose texts are UTF-8, in the encoding of the locale (charset.h).
 *
 * Purpose: whoever prints need not know the locale; what it lacks becomes `?` and is counted.
 * Errors: those of the stream. Threads: the main thread, before others print.
 */
#ifndef JIBAN_TUI_STREAMS_H
#define JIBAN_TUI_STREAMS_H

#include <stdint.h>
#include <stdio.h>

/* From now on stdout and stderr take UTF-8 and write the encoding of the locale. Nothing in a UTF-8 locale. */
void streams_open(void);
/* Standard output for bytes as they are: JSON, iCalendar, files. What stdout held is written first. */
FILE *streams_bytes(void);
/* Characters that were printed as `?`; streams_note_lost() adds those that another gate replaced. */
uint64_t streams_lost(void);
void streams_note_lost(uint64_t n);

#endif
