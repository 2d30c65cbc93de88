/*
 * surface.h: a grid of cells that views draw on, without a terminal.
 *
 * Purpose: draw functions put cleaned text here; the screen compares it with what is shown, tests
 *          dump it as text.
 * Invariants: whatever is drawn outside the clip is left out; a wide character is shown whole or
 *          as a blank; a cell never holds a control character.
 * Ownership: surface_release() frees the cells; texts are copied.
 * Errors: surface_resize() returns ST_NOMEM and keeps the old grid, ST_INVALID on a bad size.
 * Threads: one surface belongs to one thread.
 */
#ifndef JIBAN_TUI_SURFACE_H
#define JIBAN_TUI_SURFACE_H

#include "core/base/buf.h"
#include "core/base/status.h"
#include "core/text/clean.h"
#include <stdbool.h>
#include <stdint.h>

enum {
    SURFACE_SIDE = 1000,   /* most rows and most columns */
    SURFACE_CELL = 24,     /* bytes of one cluster: a base and 4 marks fit */
    SURFACE_PLAIN = 0,     /* role of an empty cell */
    SURFACE_PICTURE = 254, /* role of a piece of a picture: two pixels, one above the other */
    SURFACE_ESCAPED = 255  /* role of what stood between CLEAN_ON and CLEAN_OFF */
};

struct cell {
    char text[SURFACE_CELL]; /* UTF-8, len bytes, not terminated */
    unsigned char len;       /* 0 in the right half of a wide character */
    unsigned char cells;     /* 1 or 2; 0 in the right half */
    unsigned char role;
    unsigned char above, below; /* with SURFACE_PICTURE: numbers of two of 256 colours */
};

struct rect {
    int row, col, rows, cols;
};

struct surface {
    int rows, cols;
    struct cell *cell; /* rows * cols */
    struct rect clip;  /* lies inside the grid */
};

/* Nothing beyond ASCII is drawn but what texts hold: frames, signs and the dots between the parts of a line. Set once
 * at start. Where ambiguous characters take two cells it is so for frames and signs whatever was set, because these
 * would tear the grid. */
void surface_set_ascii(bool on);
bool surface_ascii(void);
void surface_init(struct surface *s);
void surface_release(struct surface *s);
/* Makes the grid rows * cols (0..SURFACE_SIDE each), blank, the clip being all of it. */
enum status surface_resize(struct surface *s, int rows, int cols, struct errmsg *err);
/* Narrows the clip to what r and the old clip share; returns the old one for surface_unclip(). */
struct rect surface_clip(struct surface *s, struct rect r);
void surface_unclip(struct surface *s, struct rect old);
/* Blanks the rectangle with role. */
void surface_fill(struct surface *s, struct rect r, unsigned char role);
/* Moves the rows of r up by so many (down when negative); those left behind are blank. A wide
 * character across a side of r loses both halves. */
void surface_scroll(struct surface *s, struct rect r, int by);
/* Puts one line from (row, col), at most cells wide; returns the cells taken, also where the clip
 * hid them. A line feed ends it. role must not be SURFACE_ESCAPED. */
int surface_put(struct surface *s, int row, int col, int cells, struct clean text,
                unsigned char role);
/* Two pixels of a picture as one cell, by numbers of 256 colours; for terminals that have so many. */
void surface_put_pixels(struct surface *s, int row, int col, unsigned char above,
                        unsigned char below);
/* A frame of single lines along the inside of r; nothing when r is smaller than 2 by 2. */
void surface_box(struct surface *s, struct rect r, unsigned char role);
/* The grid as lines of text, trailing blanks cut, for --print and golden files. */
void surface_dump(const struct surface *s, struct buf *out);

#endif
