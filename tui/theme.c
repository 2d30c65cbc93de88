#include "tui/theme.h"

#include <stdlib.h>

#include "tui/surface.h"

static const struct theme_style style_table[THEME_COUNT] = {
#define THEME_ROLE(id, colour, bold, underline, reverse) {colour, bold, underline, reverse},
#include "tui/theme_roles.def"
#undef THEME_ROLE
};

struct theme_style theme_style(unsigned char role, bool colours)
{
    if (role == SURFACE_ESCAPED)
        role = THEME_ESCAPED;
    struct theme_style style = style_table[role < THEME_COUNT ? role : THEME_PLAIN];
    if (!colours)
        style.colour = -1;
    return style;
}

bool theme_wants_colours(void)
{
    const char *no = getenv("NO_COLOR");
    return no == NULL || *no == '\0';
}
enum status theme_load(const char *n, int c, struct theme *t, struct errmsg *e) { (void)n; (void)c; (void)e; t->a = 0; return ST_OK; }
size_t theme_names(struct arena *a, const char **n) { (void)a; n[0] = "mono"; return 1; }
void screen_theme(const struct theme *t) { (void)t; }
