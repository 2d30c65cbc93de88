/*
 * theme.h: meaning of cells to looks. Colour never carries meaning alone.
 *
 * Threads: constant tables.
 */
#ifndef JIBAN_TUI_THEME_H
#define JIBAN_TUI_THEME_H

#include <stdbool.h>

enum theme_role {
#define THEME_ROLE(id, colour, bold, underline, reverse) THEME_##id,
#include "tui/theme_roles.def"
#undef THEME_ROLE
    THEME_COUNT
};

struct theme_style {
    int colour; /* 0..7 as of ANSI, -1 the terminal's own */
    bool bold, underline, reverse;
};

/* Role of a cell (enum theme_role, or SURFACE_ESCAPED) to its looks; unknown roles are plain. */
struct theme_style theme_style(unsigned char role, bool colours);
/* False when NO_COLOR is set and not empty. */
bool theme_wants_colours(void);

enum {THEME_NAMES_MAX=32}; struct theme {
    int a;
};
#include "core/base/status.h"
struct arena; void screen_theme(const struct theme *);
enum status theme_load(const char*,int,struct theme*,struct errmsg*); size_t theme_names(struct arena*,const char**);
#endif
