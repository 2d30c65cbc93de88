#include "tui/theme.h"

#include <dirent.h>
#include <ini.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "data/embedded.h"
#include "tui/surface.h"

enum { FILE_MAX = 64 * 1024, OWN = -1, NOT_A_COLOUR = -2, FEWEST = 8 };
static const char allowed_words[] =
    N_("bold dim underline reverse italic, a colour, `on` and a colour; colours are default, black "
       "red green yellow blue magenta cyan white, bright-black to bright-white, 0 to 255, #rrggbb");

static const char *const role_word[THEME_COUNT] = {
#define THEME_ROLE(id, word) word,
#include "tui/theme_roles.def"
#undef THEME_ROLE
};

static const struct {
    const char *name;
    const unsigned char *text;
} embedded[] = {
    {"ansi16", themes_ansi16_theme}, {"contrast", themes_contrast_theme},
    {"dark", themes_dark_theme},     {"light", themes_light_theme},
    {"mono", themes_mono_theme},
};
enum { EMBEDDED = sizeof embedded / sizeof *embedded };

/* ---- colours --------------------------------------------------------------------------------- */

/* As xterm has them; terminals differ in the first 16. */
static uint32_t rgb_of(int n)
{
    static const uint32_t first[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
                                       0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
                                       0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
    static const uint32_t level[6] = {0, 95, 135, 175, 215, 255};
    if (n < 16)
        return first[n];
    if (n < 232)
        return level[(n - 16) / 36] << 16 | level[(n - 16) / 6 % 6] << 8 | level[(n - 16) % 6];
    return (uint32_t)(8 + (n - 232) * 10) * 0x010101;
}

static int distance(uint32_t a, uint32_t b)
{
    int sum = 0;
    for (int shift = 0; shift < 24; shift += 8) {
        int d = (int)(a >> shift & 0xff) - (int)(b >> shift & 0xff);
        sum += d * d;
    }
    return sum;
}

/* Of the cube and the greys, without a look at each: a picture asks for thousands. */
static int nearest_of_256(uint32_t rgb)
{
    enum { CUBE = 16, GREYS = 232, LEVELS = 6, SHADES = 24 };
    int cube = 0, sum = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
        int c = (int)(rgb >> shift & 0xff);
        cube = cube * LEVELS + (c < 48 ? 0 : c < 116 ? 1 : (c - 36) / 40);
        sum += c;
    }
    int shade = (sum - 10) / 30 < SHADES ? (sum - 10) / 30 : SHADES - 1;
    return distance(rgb, rgb_of(GREYS + shade)) < distance(rgb, rgb_of(CUBE + cube)) ? GREYS + shade
                                                                                     : CUBE + cube;
}

int theme_nearest(uint32_t rgb, int colours)
{
    int to = colours >= 16 ? 16 : FEWEST, best = 0;
    if (colours >= 256)
        return nearest_of_256(rgb);
    for (int i = 1; i < to; i++)
        if (distance(rgb, rgb_of(i)) < distance(rgb, rgb_of(best)))
            best = i;
    return best;
}

static int number_on_terminal(int colour, int colours)
{
    if (colour < FEWEST || colour < (colours >= 16 ? 16 : FEWEST) || colours >= 256)
        return colour;
    if (colour < 16)
        return colour - FEWEST;
    return theme_nearest(rgb_of(colour), colours);
}

static int named_colour(const char *word)
{
    static const char *const name[] = {"black", "red",     "green", "yellow",
                                       "blue",  "magenta", "cyan",  "white"};
    bool bright = strncmp(word, "bright-", 7) == 0;
    for (int i = 0; i < 8; i++)
        if (strcmp(word + (bright ? 7 : 0), name[i]) == 0)
            return i + (bright ? 8 : 0);
    return NOT_A_COLOUR;
}

static int read_colour(const char *word, int colours)
{
    size_t n = strlen(word);
    if (strcmp(word, "default") == 0)
        return OWN;
    if (word[0] == '#') {
        if (n != 7 || strspn(word + 1, "0123456789abcdefABCDEF") != 6)
            return NOT_A_COLOUR;
        return theme_nearest((uint32_t)strtoul(word + 1, NULL, 16), colours);
    }
    int colour = named_colour(word);
    if (n > 0 && n <= 3 && strspn(word, "0123456789") == n)
        colour = atoi(word) <= 255 ? atoi(word) : NOT_A_COLOUR;
    return colour < 0 ? colour : number_on_terminal(colour, colours);
}

static unsigned read_attribute(const char *word)
{
    static const struct {
        const char *word;
        unsigned bit;
    } attribute[] = {{"bold", THEME_BOLD},
                     {"dim", THEME_FAINT},
                     {"underline", THEME_UNDERLINE},
                     {"reverse", THEME_REVERSE},
                     {"italic", THEME_ITALIC}};
    for (size_t i = 0; i < sizeof attribute / sizeof *attribute; i++)
        if (strcmp(word, attribute[i].word) == 0)
            return attribute[i].bit;
    return 0;
}

/* ---- theme files ----------------------------------------------------------------------------- */

struct reading {
    const char *file, *next; /* the text not read yet */
    int line, wrong_line, colours, colour_line;
    bool has_needs, has_role[THEME_COUNT];
    struct theme theme;
    enum status st;
    struct errmsg *err;
};

#define WRONG(r, ...) wrong_at((r), (r)->line, __VA_ARGS__)

static int wrong_at(struct reading *r, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Returns 0, what libinih takes for a failure; the first one counts. */
static int wrong_at(struct reading *r, int line, const char *fmt, ...)
{
    char text[ERRMSG_SIZE];
    va_list args;
    if (r->st != ST_OK)
        return 0;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    r->wrong_line = line;
    r->st = line > 0 ? fail(r->err, ST_INVALID, "%s:%d: %s", r->file, line, text)
                     : fail(r->err, ST_INVALID, "%s: %s", r->file, text);
    return 0;
}

/* Hands libinih one line, counted, without the blanks before it, which would make it a continuation
 * of the line above. */
static char *next_line(char *out, int size, void *user)
{
    struct reading *r = user;
    if (*r->next == '\0')
        return NULL;
    size_t n = strcspn(r->next, "\n"), lead = strspn(r->next, " \t\r\v\f");
    const char *begin = r->next + (lead < n ? lead : n);
    size_t len = n - (size_t)(begin - r->next);
    r->line++;
    r->next += n + (r->next[n] == '\n');
    if (len > (size_t)size - 2) {
        WRONG(r, _("the line is too long; at most %d bytes are allowed"), size - 2);
        len = 0;
    }
    memcpy(out, begin, len);
    out[len] = '\n';
    out[len + 1] = '\0';
    return out;
}

static bool next_word(const char **at, char word[THEME_NAME_SIZE])
{
    *at += strspn(*at, " \t");
    size_t n = strcspn(*at, " \t");
    snprintf(word, THEME_NAME_SIZE, "%.*s", (int)n, *at);
    *at += n;
    return n > 0;
}

/* With few colours a shade of grey becomes black or white, which may be the ground it stands on. */
static bool became_grey(const char *word, int colour, int colours)
{
    enum { BLACK = 0, WHITE = 7, NAMED = 16 };
    return colours < 256 && (word[0] == '#' || atoi(word) >= NAMED) &&
           (colour == BLACK || colour == WHITE || colour == BLACK + 8 || colour == WHITE + 8);
}

static int read_style(struct reading *r, const char *value, struct theme_style *style)
{
    char word[THEME_NAME_SIZE];
    bool has[2] = {false, false}; /* foreground, background */
    bool grey = false;
    *style = (struct theme_style){.foreground = OWN, .background = OWN};
    if (*value == '\0')
        return WRONG(r, _("a role without a look; allowed are %s"), _(allowed_words));
    while (next_word(&value, word)) {
        unsigned attribute = read_attribute(word);
        if (attribute) {
            style->attributes |= attribute;
            continue;
        }
        bool on = strcmp(word, "on") == 0;
        if (on && !next_word(&value, word))
            return WRONG(r, _("nothing follows `on`; allowed are %s"), _(allowed_words));
        int colour = read_colour(word, r->colours);
        if (colour == NOT_A_COLOUR)
            return WRONG(r, _("\"%s\" is not known; allowed are %s"), word, _(allowed_words));
        if (has[on])
            return WRONG(r,
                         _("\"%s\" is a second colour for the same; allowed are one, and one "
                           "after `on`"),
                         word);
        has[on] = true;
        grey = grey || (!on && became_grey(word, colour, r->colours));
        *(on ? &style->background : &style->foreground) = (short)colour;
        if (colour != OWN && r->colour_line == 0)
            r->colour_line = r->line;
    }
    if (grey && !has[1])
        style->foreground = OWN;
    return 1;
}

static int on_role(struct reading *r, const char *name, const char *value)
{
    for (int i = 0; i < THEME_COUNT; i++) {
        if (strcmp(name, role_word[i]) != 0)
            continue;
        if (r->has_role[i])
            return WRONG(r, _("role \"%s\" stands there twice; once is allowed"), name);
        r->has_role[i] = true;
        return read_style(r, value, &r->theme.style[i]);
    }
    char all[ERRMSG_SIZE] = "";
    for (int i = 0, n = 0; i < THEME_COUNT; i++)
        n += snprintf(all + n, sizeof all - (size_t)n, i ? " %s" : "%s", role_word[i]);
    return WRONG(r, _("there is no role \"%.40s\"; allowed are %s"), name, all);
}

static int on_setting(struct reading *r, const char *name, const char *value)
{
    if (strcmp(name, "name") == 0) {
        if (*value == '\0' || strlen(value) >= THEME_NAME_SIZE)
            return WRONG(r, _("a name has 1 to %d bytes, not \"%.80s\""), THEME_NAME_SIZE - 1,
                         value);
        snprintf(r->theme.name, sizeof r->theme.name, "%s", value);
        return 1;
    }
    if (strcmp(name, "needs") != 0)
        return WRONG(r, _("there is no setting \"%.40s\" in [theme]; allowed are name and needs"),
                     name);
    if (strcmp(value, "0") != 0 && strcmp(value, "16") != 0 && strcmp(value, "256") != 0)
        return WRONG(r, _("needs is 0, 16 or 256, not \"%.40s\""), value);
    r->theme.needs = atoi(value);
    r->has_needs = true;
    return 1;
}

static int on_value(void *user, const char *section, const char *name, const char *value)
{
    struct reading *r = user;
    if (r->st != ST_OK)
        return 0;
    if (strcmp(section, "roles") == 0)
        return on_role(r, name, value);
    if (strcmp(section, "theme") == 0)
        return on_setting(r, name, value);
    return WRONG(r, _("there is no section [%.40s]; allowed are [theme] and [roles]"), section);
}

static void check_whole(struct reading *r)
{
    if (r->theme.name[0] == '\0')
        wrong_at(r, 0, _("the theme has no name; [theme] must say name = ..."));
    if (!r->has_needs)
        wrong_at(r, 0, _("[theme] must say needs = 0, 16 or 256"));
    for (int i = 0; i < THEME_COUNT; i++)
        if (!r->has_role[i])
            wrong_at(r, 0, _("role \"%s\" is missing; [roles] must name every role"), role_word[i]);
    if (r->theme.needs == 0 && r->colour_line > 0)
        wrong_at(r, r->colour_line, _("a colour in a theme that needs 0; allowed are attributes"));
}

static enum status parse(const char *file, const char *text, int colours, struct theme *out,
                         struct errmsg *err)
{
    struct reading r = {.file = file, .next = text, .colours = colours, .err = err};
    int line = ini_parse_stream(next_line, &r, on_value, &r);
    if (line > 0 && line < r.wrong_line)
        r.st = ST_OK; /* libinih goes on after what it cannot read, and tells at the end */
    if (line > 0)
        wrong_at(&r, line, _("neither [section] nor name = value"));
    check_whole(&r);
    if (r.st == ST_OK)
        *out = r.theme;
    return r.st;
}

static enum status load_file(const char *path, int colours, struct theme *out, struct errmsg *err)
{
    char *text;
    size_t len;
    enum status st = file_read(path, FILE_MAX, &text, &len, err);
    if (st != ST_OK)
        return st;
    st = parse(path, text, colours, out, err);
    free(text);
    return st;
}

static enum status load_embedded(const char *name, int colours, struct theme *out,
                                 struct errmsg *err)
{
    char file[THEME_NAME_SIZE + 16];
    for (int i = 0; i < EMBEDDED; i++) {
        if (strcmp(name, embedded[i].name) != 0)
            continue;
        snprintf(file, sizeof file, "themes/%s.theme", name);
        return parse(file, (const char *)embedded[i].text, colours, out, err);
    }
    char all[ERRMSG_SIZE] = "auto";
    for (size_t i = 0, n = strlen(all); i < EMBEDDED; i++)
        n += (size_t)snprintf(all + n, sizeof all - n, " %s", embedded[i].name);
    return fail(err, ST_NOT_FOUND,
                _("There is no theme \"%.80s\"; there are %s and your own in the folder themes "
                  "beside config.ini."),
                name, all);
}

static enum status load_named(const char *name, int colours, struct theme *out, struct errmsg *err)
{
    char path[PATH_SIZE], below[THEME_NAME_SIZE + 16];
    const char *data = getenv("JIBAN_DATADIR");
    enum status st = ST_NOT_FOUND;
    if (strlen(name) >= THEME_NAME_SIZE)
        return load_embedded(name, colours, out, err);
    snprintf(below, sizeof below, "themes/%s.theme", name);
    if (path_user(PATH_CONFIG, below, path, NULL) == ST_OK)
        st = load_file(path, colours, out, err);
    if (st == ST_NOT_FOUND) {
        int n = snprintf(path, sizeof path, "%s/%s", data != NULL ? data : JIBAN_DATADIR, below);
        if (n > 0 && n < (int)sizeof path)
            st = load_file(path, colours, out, err);
    }
    return st == ST_NOT_FOUND ? load_embedded(name, colours, out, err) : st;
}

/* As terminals that know it say. */
static bool ground_is_light(void)
{
    const char *ground = getenv("COLORFGBG");
    ground = ground != NULL ? strrchr(ground, ';') : NULL;
    return ground != NULL && (strcmp(ground, ";7") == 0 || strcmp(ground, ";15") == 0);
}

bool theme_on_light(const struct theme *t)
{
    bool own = strcmp(t->name, "contrast") == 0 || strcmp(t->name, "dark") == 0;
    return strcmp(t->name, "light") == 0 || (!own && ground_is_light());
}

static const char *choose(int colours)
{
    const char *no = getenv("NO_COLOR");
    if ((no != NULL && *no != '\0') || colours < FEWEST)
        return "mono";
    if (colours < 256)
        return "ansi16";
    return ground_is_light() ? "light" : "dark";
}

enum status theme_load(const char *name_or_path, int colours, struct theme *out, struct errmsg *err)
{
    struct theme theme;
    const char *name = strcmp(name_or_path, "auto") == 0 ? choose(colours) : name_or_path;
    enum status st = strchr(name, '/') != NULL ? load_file(name, colours, &theme, err)
                                               : load_named(name, colours, &theme, err);
    if (st == ST_OK && theme.needs > 0 && colours < FEWEST)
        st = load_named("mono", colours, &theme, err);
    if (st == ST_OK)
        *out = theme;
    return st;
}

size_t theme_names(struct arena *a, const char *ret[THEME_NAMES_MAX])
{
    static const char ending[] = ".theme";
    char folder[PATH_SIZE];
    size_t n = 0;
    ret[n++] = "auto";
    for (int i = 0; i < EMBEDDED; i++)
        ret[n++] = embedded[i].name;
    DIR *d = path_user(PATH_CONFIG, "themes", folder, NULL) == ST_OK ? opendir(folder) : NULL;
    for (struct dirent *entry; d != NULL && n < THEME_NAMES_MAX && (entry = readdir(d)) != NULL;) {
        size_t len = strlen(entry->d_name), tail = strlen(ending);
        if (entry->d_name[0] != '.' && len > tail && len - tail < THEME_NAME_SIZE &&
            strcmp(entry->d_name + len - tail, ending) == 0)
            ret[n++] = arena_strndup(a, entry->d_name, len - tail);
    }
    if (d != NULL)
        closedir(d);
    return n;
}

struct theme_style theme_style(const struct theme *t, unsigned char role)
{
    if (role == SURFACE_ESCAPED)
        role = THEME_ESCAPED;
    return t->style[role < THEME_COUNT ? role : THEME_PLAIN];
}
