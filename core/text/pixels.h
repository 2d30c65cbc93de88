/*
 * pixels.h: a picture decoded and made small, to be looked at in a terminal.
 *
 * Purpose: JPEG (libjpeg-turbo) and PNG (libpng), upright as Exif says, on white where one looks through it. What comes out
 *          has at most PIXELS_SIDE pixels on each side; it is never made larger.
 * Hostile files: the size is looked at before a pixel is decoded, rows are made small as they come, and what the libraries
 *          refuse ends there: the rows until then are kept, and `damaged` says so. Who has secrets in memory decodes in a
 *          process of its own (tui/decode.h).
 * Ownership: pixels_release() frees the pixels, also after a failure. Errors: ST_UNSUPPORTED: not decoded by this build;
 *          ST_TOOBIG: more than PIXELS_MOST pixels; ST_INVALID: not one row could be read; ST_NOMEM. Threads: pure.
 */
#ifndef JIBAN_TEXT_PIXELS_H
#define JIBAN_TEXT_PIXELS_H

#include "core/base/status.h"
#include "core/text/filetype.h"
#include <stdbool.h>

enum {
    PIXELS_SIDE = 640,             /* more than a terminal has cells */
    PIXELS_MOST = 40 * 1000 * 1000 /* of a file */
};

struct pixels {
    int cols, rows;           /* as it lies in rgb; 0: there is none */
    int full_cols, full_rows; /* of the file, upright */
    bool damaged;             /* the end is missing, or something in it was wrong */
    unsigned char *rgb;       /* rows * cols * 3 */
};

/* Is such a file decoded by this build? */
bool pixels_known(enum filetype type);
/* data: the whole file. */
enum status pixels_decode(const void *data, size_t n, struct pixels *ret, struct errmsg *err);
/* Says in words why st is what came of it; returns st, or ST_INVALID for one that is none of those above. */
enum status pixels_fail(enum status st, struct errmsg *err);
void pixels_release(struct pixels *p);
/* Parted into so many columns and rows, each at least 1: the mean colour of that part, 0xrrggbb. */
unsigned pixels_mean(const struct pixels *p, int col, int cols, int row, int rows);

#endif
