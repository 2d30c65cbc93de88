/*
 * reader.h: events and change lines read in one pass, without a tree, for core/wire only.
 *
 * Purpose: a first sync and every fold read millions of events, all of the one shape that our own encoder writes. The
 *          reader knows that shape only: members in that order, no blanks, no \u escapes. What it takes, the tree
 *          takes too, with the same result; what it does not take, right or wrong, is the tree's to judge, so
 *          that errors have one source.
 * Ownership: texts lie in the arena; a line that was not taken leaves only waste there.
 * Threads: no shared state.
 */
#ifndef JIBAN_WIRE_READER_H
#define JIBAN_WIRE_READER_H

#include "core/wire/codec.h"

/* False: not of that shape (or no memory: the arena knows); ret is untouched. */
bool event_read(const char *json, size_t n, struct arena *a, struct event *ret);
/* A line of a case; gone and the end are rare and left to the tree. */
bool change_read(const char *line, size_t n, struct arena *a, struct change *ret);

#endif
