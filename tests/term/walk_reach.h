/*
 * walk_reach.h: what a console did with the keys it was given: which actions were taken, which pages stood there.
 *
 * Purpose: reads what the console writes of each key (tui/app_trace.c) and counts; so a walk can say what it never reached,
 *          and a test knows where it is in any language and without a screen.
 * Ownership: counts are kept until the program ends. Errors: a line that is not understood fails the test. Threads: one.
 */
#ifndef JIBAN_TESTS_TERM_WALK_REACH_H
#define JIBAN_TESTS_TERM_WALK_REACH_H

#include "tui/keymap.h"
#include <stdio.h>

/* From now on this file is read, which need not be there yet: another console. */
void reach_open(const char *path);
/* Reads what is new. To be called while the console is at rest. */
void reach_look(void);
/* The place of keys, and the page, where the last key led; "" before the first one. */
const char *reach_place(void);
const char *reach_page(void);
/* What the person did to drafts since the last call. */
struct walk_deeds {
    long dropped;    /* drafts: was asked, and said yes */
    long taken_back; /* how often commands were, which become drafts again */
};
struct walk_deeds reach_deeds(void);
/* Something else that was reached, counted under its kind and name: `command sign`. */
void reach_count(const char *kind, const char *name);
/* A line of each, "# reached KIND NAME N"; actions that were never taken with 0. */
void reach_print(FILE *out);

#endif
