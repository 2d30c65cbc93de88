/*
 * paint.h: from what a terminal shows to what it is to show, in as few bytes as it takes.
 *
 * Purpose: screen.c says what the terminal can do and how each role looks; paint.c compares the cells, lets the terminal
 *          move rows that only moved, and finds the shortest way to each cell that changed. The scroll region of a list
 *          is left set from frame to frame, so that a step at the end of a page is one line feed and one row.
 * Ownership: paint_release() frees cells and bytes. The looks and strings of struct paint_can stay the caller's.
 * Errors: without memory a frame is left out (false, or buf_status of `out`), and the next one is painted whole.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_PAINT_H
#define JIBAN_TUI_PAINT_H

#include "core/base/buf.h"
#include "tui/surface.h"

/* What a terminal can do. Strings are as terminfo has them; NULL: it cannot. */
struct paint_can {
    /* Moves, erases and attributes are those of ECMA-48, with the sequences that every emulator has. */
    bool ecma;
    bool row, column;      /* ECMA: VPA and CHA */
    bool wraps_late;       /* a full row moves the cursor with the next character only */
    bool wraps;            /* and else at once, unless margins_off is sent before */
    bool fills;            /* what is erased gets the background that is on */
    const char *at;        /* cup, with two parameters */
    const char *plain;     /* all attributes off */
    const char *erase;     /* to the end of the row */
    const char *clear;     /* the screen, and home */
    const char *region;    /* csr, with two parameters */
    const char *up, *down; /* of the region, at its last and its first row */
    const char *foreground,
        *background; /* of the 256 colours of pictures; NULL where there are fewer */
    const char *margins_off, *margins_on;
    /* Appends a sequence with its parameters filled in. */
    void (*put)(struct buf *out, const char *sequence, int a, int b);
};

enum { PAINT_LOOK = 96 };
/* How a role looks. */
struct paint_look {
    char on[PAINT_LOOK];   /* from plain to this; "" where it is plain */
    char over[PAINT_LOOK]; /* from any other to this */
    bool colour_only;      /* a foreground and nothing else: `on` does from another such one */
    bool blank_shows;      /* a blank of this role looks other than a plain one */
};

enum { PAINT_ROLES = 256 };

struct paint {
    struct paint_can can;
    const struct paint_look *look; /* PAINT_ROLES of them */
    struct buf out;                /* what the terminal is to be sent */
    struct cell *shown;            /* rows * cols */
    int rows, cols;
    bool unknown; /* what the terminal shows, where its cursor is and what attributes are on */
    int row, col; /* of the cursor; -1: not known */
    int role;     /* that is on; -1: not known */
    unsigned char above, below; /* with SURFACE_PICTURE: its colours */
    int top, bottom;            /* scroll region */
    bool utf8;                  /* encoding of the locale, of this frame */
    int unshown;                /* characters that the encoding of the locale lacks, as painted */
};

void paint_init(struct paint *p, const struct paint_can *can, const struct paint_look *look);
void paint_release(struct paint *p);
/* Others may have written to the terminal, or its size or the looks have changed: the next frame is painted whole. */
void paint_forget(struct paint *p);
/* The terminal shows nothing, and does so as it does by itself. */
bool paint_cleared(struct paint *p, int rows, int cols);
/* The bytes from what is shown to the surface. */
bool paint_frame(struct paint *p, const struct surface *s);
/* What was shown last, whole. */
bool paint_again(struct paint *p);
/* The cursor to where it is to stand. */
void paint_cursor(struct paint *p, int row, int col);
/* Attributes and scroll region as the terminal has them by itself: before others write to it. */
void paint_leave(struct paint *p);

#endif
