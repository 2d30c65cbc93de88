/*
 * walk_steps.h: what may come next in a random walk, a line of text each.
 *
 *   key NAME     of actions.def          text WORDS   as one types them
 *   word LINE    on the command line     paste HEX, bytes HEX
 *   leave N      Esc, each seen before the next
 *   click BUTTON COLUMN ROW              size ROWS COLUMNS
 *   stop         SIGTSTP from outside    server       goes, or comes back
 *   check 1      a stop, with a fresh painting
 *   rival N      somebody else acts      note HOW     a text that must outlive what follows
 *
 * Which come follows from the seed alone. Threads: one.
 */
#ifndef JIBAN_TESTS_TERM_WALK_STEPS_H
#define JIBAN_TESTS_TERM_WALK_STEPS_H

#include <stddef.h>

enum { STEP_MAX = 700 };

void steps_begin(unsigned seed);
/* 0 to n - 1. */
int steps_chance(int n);
void steps_choose(char out[STEP_MAX]);
/* Texts of tests/server/hostile.ndjson, without those that end a paste: n of them. NULL after the last. */
const char *steps_hostile(size_t i);

#endif
