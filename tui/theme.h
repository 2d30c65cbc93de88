/*
 * theme.h: meaning of cells to looks. Colour never carries meaning alone.
 *
 * Purpose: the roles are a fixed list (theme_roles.def); how each looks stands in a theme file (ini:
 *          [theme] name, needs; [roles] one line a role: attributes, a colour, `on` a colour).
 * Ownership: a theme is a value of fixed size; nothing to release.
 * Errors: ST_INVALID "FILE:LINE: what, what is allowed"; ST_NOT_FOUND names the themes there are.
 * Threads: no shared state; theme_load() reads the environment.
 */
#ifndef JIBAN_TUI_THEME_H
#define JIBAN_TUI_THEME_H

#include "core/base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum theme_role {
#define THEME_ROLE(id, word) THEME_##id,
#include "tui/theme_roles.def"
#undef THEME_ROLE
    THEME_COUNT
};

enum theme_attribute {
    THEME_BOLD = 1,
    THEME_FAINT = 2,
    THEME_UNDERLINE = 4,
    THEME_REVERSE = 8,
    THEME_ITALIC = 16
};

struct theme_style {
    short foreground, background; /* number of a colour of this terminal, -1 its own */
    unsigned attributes;          /* enum theme_attribute */
};

enum { THEME_NAME_SIZE = 32 };

struct theme {
    char name[THEME_NAME_SIZE];
    int needs; /* colours it was made for: 0, 16 or 256 */
    struct theme_style style[THEME_COUNT];
};

/* By name (the person's folder, the data folder, then what is compiled in), by path (with a slash), or
 * "auto": by NO_COLOR, the colours of the terminal and COLORFGBG. Colours are mapped to those the
 * terminal has; where it has fewer than 8, a theme of colours gives way to "mono". On failure *out is
 * untouched. */
enum status theme_load(const char *name_or_path, int colours, struct theme *out,
                       struct errmsg *err);
/* Names that theme_load() takes: "auto", those compiled in, the person's own. Texts lie in the arena. */
enum { THEME_NAMES_MAX = 64 };
struct arena;
size_t theme_names(struct arena *a, const char *ret[THEME_NAMES_MAX]);
/* Role of a cell (enum theme_role, or SURFACE_ESCAPED) to its looks; unknown roles are plain. */
struct theme_style theme_style(const struct theme *t, unsigned char role);
/* Is it made for a light ground, or does the terminal say that it has one (COLORFGBG)? */
bool theme_on_light(const struct theme *t);
/* Number of the colour nearest to 0xrrggbb among 8, 16 or 256. Of 256, the first 16 are never taken:
 * people set them to what they like. */
int theme_nearest(uint32_t rgb, int colours);

#endif
