/*
 * picture.h: what a terminal shows, as meter.c keeps it in a file and limit -p paints it again.
 *
 * Purpose: a plain curses program that shows the same pictures says what they cost at the least.
 * Ownership, errors, threads: none; a file is a row of heads, each with its rows x cols cells, written and read on one
 * machine within one run.
 */
#ifndef JIBAN_TESTS_BENCH_PICTURE_H
#define JIBAN_TESTS_BENCH_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

enum { PICTURE_CHARS = 4 };

struct picture_head {
    int rows, cols, row, col; /* row, col: of the cursor */
    bool cursor;
};

struct picture_cell {
    uint32_t chars[PICTURE_CHARS];  /* [0]: 0 a blank, UINT32_MAX the second half of a wide one */
    int16_t foreground, background; /* -1: the terminal's own */
    bool bold, underline, reverse;
};

#endif
