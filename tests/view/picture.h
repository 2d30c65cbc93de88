/*
 * picture.h: a surface as a picture (SVG) for the manual.
 *
 * Purpose: one file for one screen, small and the same on every machine. It shows the dark theme, the light one to readers
 *          who prefer that, and any of the three asked for by FILE.svg#dark, #light or #mono.
 * Errors: status of the buffer. Threads: one.
 */
#ifndef JIBAN_TESTS_VIEW_PICTURE_H
#define JIBAN_TESTS_VIEW_PICTURE_H

#include "tui/draw.h"
#include "tui/surface.h"
#include "tui/theme.h"
#include "tui/view/view.h"

enum { PICTURE_THEMES = 3 };

struct picture_themes {
    struct theme theme[PICTURE_THEMES]; /* dark, light, mono */
};

enum status picture_themes_load(struct picture_themes *t, struct errmsg *err);
/* show: number of the theme that is shown when none is asked for; -1: by what the reader prefers. */
void picture_draw(const struct surface *s, const struct cursor *cursor,
                  const struct picture_themes *t, int show, struct buf *out);

#endif
