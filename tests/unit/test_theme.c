/* Theme files, colours mapped to those of the terminal, and which theme "auto" takes. */
#include "core/base/buf.h"
#include "tui/surface.h"
#include "tui/theme.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const shipped[] = {"ansi16", "contrast", "dark", "light", "mono", "TEMPLATE"};
enum { SHIPPED = sizeof shipped / sizeof *shipped, EMBEDDED = SHIPPED - 1 };
static const char *const role_word[] = {
#define THEME_ROLE(id, word) word,
#include "tui/theme_roles.def"
#undef THEME_ROLE
};
#define COLOURS                                                                                    \
    "default, black red green yellow blue magenta cyan white, bright-black to bright-white, "      \
    "0 to 255, #rrggbb"
#define ALLOWED                                                                                    \
    "bold dim underline reverse italic, a colour, `on` and a colour; colours are " COLOURS

static char folder[256];

static int set_up(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%.200s/jiban-theme.XXXXXX", tmp ? tmp : "/tmp");
    if (mkdtemp(folder) == NULL)
        return 1;
    setenv("XDG_CONFIG_HOME", folder, 1);
    unsetenv("NO_COLOR");
    unsetenv("COLORFGBG");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[300];
    static const char *const files[] = {
        "x.theme", "jiban/themes/mine.theme", "jiban/themes/dark.theme", "jiban/themes", "jiban",
        ""};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(command, sizeof command, "%s/%s", folder, files[i]);
        remove(command);
    }
    return 0;
}

static void write_file(const char *name, const char *text, char path[300])
{
    snprintf(path, 300, "%s/%s", folder, name);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* A whole theme: what comes before the roles, every role but `without`, what comes after. */
static void whole_theme(struct buf *out, const char *head, const char *without, const char *tail)
{
    buf_init(out, 100000);
    buf_printf(out, "%s[roles]\n", head);
    for (int i = 0; i < THEME_COUNT; i++)
        if (strcmp(role_word[i], without) != 0)
            buf_printf(out, "%s = default\n", role_word[i]);
    buf_puts(out, tail);
}

static enum status load_text(const char *text, int colours, struct theme *theme, struct errmsg *err)
{
    char path[300];
    write_file("x.theme", text, path);
    return theme_load(path, colours, theme, err);
}

static void test_shipped_themes_are_whole(void **state)
{
    (void)state;
    struct theme theme;
    struct errmsg err = {""};
    const char *source = getenv("JIBAN_TOP_SRCDIR");
    for (size_t i = 0; i < SHIPPED; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/themes/%s.theme", source ? source : ".", shipped[i]);
        for (int colours = 0; colours <= 256; colours = colours == 0   ? 8
                                                        : colours == 8 ? 16
                                                                       : colours * 16) {
            if (theme_load(path, colours, &theme, &err) != ST_OK)
                fail_msg("%s", err.text);
            if (strcmp(shipped[i], "TEMPLATE") != 0 && (colours >= 8 || theme.needs > 0))
                assert_string_equal(theme.name, shipped[i]);
            for (int role = 0; role < THEME_COUNT; role++) {
                assert_true(theme.style[role].foreground < (colours ? colours : 1));
                assert_true(theme.style[role].background < (colours ? colours : 1));
                if (colours == 0) {
                    assert_int_equal(theme.style[role].foreground, -1);
                    assert_int_equal(theme.style[role].background, -1);
                }
            }
        }
    }
}

static void test_compiled_in_themes_are_the_files(void **state)
{
    (void)state;
    const char *source = getenv("JIBAN_TOP_SRCDIR"), *data = getenv("JIBAN_DATADIR");
    char *kept = data ? strdup(data) : NULL;
    for (size_t i = 0; i < EMBEDDED; i++) {
        struct theme file, own;
        char path[4096];
        memset(&file, 0, sizeof file);
        memset(&own, 0, sizeof own);
        snprintf(path, sizeof path, "%s/themes/%s.theme", source ? source : ".", shipped[i]);
        assert_int_equal(theme_load(path, 256, &file, NULL), ST_OK);
        setenv("JIBAN_DATADIR", "/nowhere", 1);
        assert_int_equal(theme_load(shipped[i], 256, &own, NULL), ST_OK);
        assert_memory_equal(&file, &own, sizeof own);
        if (kept)
            setenv("JIBAN_DATADIR", kept, 1);
        else
            unsetenv("JIBAN_DATADIR");
    }
    free(kept);
}

static void test_mono_tells_meanings_apart(void **state)
{
    static const enum theme_role apart[] = {THEME_PLAIN,   THEME_OVERDUE,   THEME_WARN,
                                            THEME_CURRENT, THEME_MARKED,    THEME_UNSENT,
                                            THEME_ERROR,   THEME_CHOICE_ON, THEME_KEY};
    enum { APART = sizeof apart / sizeof *apart };
    (void)state;
    struct theme theme;
    assert_int_equal(theme_load("mono", 256, &theme, NULL), ST_OK);
    for (int i = 0; i < APART; i++)
        for (int k = i + 1; k < APART; k++)
            assert_int_not_equal(theme.style[apart[i]].attributes,
                                 theme.style[apart[k]].attributes);
}

/* What takes the keys, what was chosen and what went wrong is seen where colours cannot be told apart. */
static void test_colours_are_never_alone(void **state)
{
    static const enum theme_role need[] = {
        THEME_TAB_CURRENT, THEME_CURRENT, THEME_MARKED,    THEME_UNSENT,        THEME_ERROR,
        THEME_KEY,         THEME_INPUT,   THEME_CHOICE_ON, THEME_INPUT_CURRENT, THEME_ESCAPED};
    (void)state;
    for (size_t i = 0; i < EMBEDDED; i++) {
        struct theme theme;
        assert_int_equal(theme_load(shipped[i], 256, &theme, NULL), ST_OK);
        for (size_t k = 0; k < sizeof need / sizeof *need; k++)
            if (theme.style[need[k]].attributes == 0)
                fail_msg("%s: %s has a colour only", shipped[i], role_word[need[k]]);
        assert_int_not_equal(theme.style[THEME_INPUT].attributes,
                             theme.style[THEME_INPUT_CURRENT].attributes);
    }
}

/* Of xterm's palette, said again here: 0xrrggbb. */
static unsigned xterm_rgb(int n)
{
    static const unsigned first[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
                                       0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
                                       0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
    if (n < 16)
        return first[n];
    if (n >= 232)
        return 0x010101u * (unsigned)(8 + 10 * (n - 232));
    unsigned rgb = 0;
    for (int rest = n - 16, unit = 36; unit > 0; rest %= unit, unit /= 6)
        rgb = rgb << 8 | (unsigned)(rest / unit > 0 ? 55 + 40 * (rest / unit) : 0);
    return rgb;
}

/* WCAG 2.1: relative luminance, 0 to 1. */
static double luminance(unsigned rgb)
{
    static const double weight[3] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        double c = (double)(rgb >> (16 - 8 * i) & 0xff) / 255;
        sum += weight[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(unsigned a, unsigned b)
{
    double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

/* Text and ground of every role, the terminal's own being those given. */
static void has_contrast(const char *name, unsigned text, unsigned ground, double least)
{
    struct theme theme;
    double worst = 21;
    assert_int_equal(theme_load(name, 256, &theme, NULL), ST_OK);
    for (int role = 0; role < THEME_COUNT; role++) {
        const struct theme_style *s = &theme.style[role];
        unsigned a = s->foreground < 0 ? text : xterm_rgb(s->foreground);
        unsigned b = s->background < 0 ? ground : xterm_rgb(s->background);
        double is = contrast(a, b);
        worst = is < worst ? is : worst;
        if (is < least)
            fail_msg("%s: %s has %.2f:1, not %.1f:1", name, role_word[role], is, least);
        assert_int_equal(s->attributes & THEME_FAINT, 0); /* halves it */
    }
    printf("# %s: at least %.2f:1\n", name, worst);
}

static void test_contrast(void **state)
{
    (void)state;
    assert_true(contrast(0xffffff, 0x000000) == 21);
    assert_true(contrast(0x777777, 0xffffff) < 4.5 && contrast(0x767676, 0xffffff) > 4.5);
    has_contrast("dark", 0xe5e5e5, 0x000000, 4.5);
    has_contrast("light", 0x000000, 0xffffff, 4.5);
    has_contrast("contrast", 0xe5e5e5, 0x000000, 7);
    has_contrast("contrast", 0x000000, 0xffffff, 7); /* whatever the ground of the terminal */
}

static void looks(const char *look, int colours, short foreground, short background,
                  unsigned attributes)
{
    struct buf text;
    struct theme theme;
    struct errmsg err = {""};
    char tail[200];
    snprintf(tail, sizeof tail, "warn = %s\n", look);
    whole_theme(&text, "[theme]\nname = x\nneeds = 256\n", "warn", tail);
    if (load_text(text.data, colours, &theme, &err) != ST_OK)
        fail_msg("%s: %s", look, err.text);
    struct theme_style style = theme_style(&theme, THEME_WARN);
    if (style.foreground != foreground || style.background != background ||
        style.attributes != attributes)
        fail_msg("%s: %d on %d, %u", look, style.foreground, style.background, style.attributes);
    buf_release(&text);
}

static void test_looks(void **state)
{
    (void)state;
    looks("default", 256, -1, -1, 0);
    looks("red bold", 256, 1, -1, THEME_BOLD);
    looks("  bold\tdim underline  reverse italic ", 256, -1, -1,
          THEME_BOLD | THEME_FAINT | THEME_UNDERLINE | THEME_REVERSE | THEME_ITALIC);
    looks("on blue", 256, -1, 4, 0);
    looks("white on default", 256, 7, -1, 0);
    looks("bright-black on bright-white", 256, 8, 15, 0);
    looks("0 on 255 bold", 256, 0, 255, THEME_BOLD);
    looks("#ff0000", 256, 196, -1, 0);
    looks("#808080 on #000000", 256, 244, 16, 0);
    looks("#FF5F5F", 256, 203, -1, 0);
    looks("203 bold ; with a word on it", 256, 203, -1, THEME_BOLD);
    looks("203", 16, 9, -1, 0);
    looks("bright-red", 16, 9, -1, 0);
    looks("bright-red", 8, 1, -1, 0);
    looks("15", 88, 15, -1, 0);
    looks("196 on 232", 8, 1, 0, 0);
}

/* Of the 240 that are taken, by a look at each; the first of those that are as near. */
static int nearest_by_look(int r, int g, int b)
{
    static const int level[] = {0, 95, 135, 175, 215, 255};
    int best = 0, least = INT32_MAX;
    for (int n = 16; n < 256; n++) {
        int grey = 8 + (n - 232) * 10, cube = n < 232, far = 0;
        const int of[] = {cube ? level[(n - 16) / 36] : grey, cube ? level[(n - 16) / 6 % 6] : grey,
                          cube ? level[(n - 16) % 6] : grey};
        far = (of[0] - r) * (of[0] - r) + (of[1] - g) * (of[1] - g) + (of[2] - b) * (of[2] - b);
        if (far < least) {
            least = far;
            best = n;
        }
    }
    return best;
}

static void test_nearest_of_256(void **state)
{
    (void)state;
    for (int r = 0; r < 256; r += 5)
        for (int g = 0; g < 256; g += 3)
            for (int b = 0; b < 256; b += 3)
                assert_int_equal(theme_nearest((uint32_t)(r << 16 | g << 8 | b), 256),
                                 nearest_by_look(r, g, b));
    for (int grey = 0; grey < 256; grey++)
        assert_int_equal(theme_nearest((uint32_t)grey * 0x010101, 256),
                         nearest_by_look(grey, grey, grey));
}

static void test_nearest(void **state)
{
    (void)state;
    assert_int_equal(theme_nearest(0x000000, 256), 16);
    assert_int_equal(theme_nearest(0xffffff, 256), 231);
    assert_int_equal(theme_nearest(0x5f87af, 256), 67);
    assert_int_equal(theme_nearest(0x5e88ae, 256), 67);
    assert_int_equal(theme_nearest(0x080808, 256), 232);
    assert_int_equal(theme_nearest(0xeeeeee, 256), 255);
    assert_int_equal(theme_nearest(0x767676, 256), 243);
    assert_int_equal(theme_nearest(0xff0000, 16), 9);
    assert_int_equal(theme_nearest(0xcc0000, 16), 1);
    assert_int_equal(theme_nearest(0x777777, 16), 8);
    assert_int_equal(theme_nearest(0xff0000, 8), 1);
    assert_int_equal(theme_nearest(0x0000ff, 8), 4);
    for (int n = 16; n < 256;
         n++) { /* what is there is its own nearest, or a colour just like it */
        struct theme theme;
        struct buf text;
        char tail[40];
        if (n % 17)
            continue;
        snprintf(tail, sizeof tail, "warn = %d\n", n);
        whole_theme(&text, "[theme]\nname = x\nneeds = 256\n", "warn", tail);
        assert_int_equal(load_text(text.data, 256, &theme, NULL), ST_OK);
        assert_int_equal(theme.style[THEME_WARN].foreground, n);
        buf_release(&text);
    }
}

/* What is grey with 256 colours must not become the ground with 8. */
static void test_grey_is_seen_with_few_colours(void **state)
{
    struct theme theme;
    struct errmsg err = {""};
    (void)state;
    for (int colours = 8; colours <= 16; colours += 8) {
        assert_int_equal(theme_load("dark", colours, &theme, &err), ST_OK);
        assert_int_equal(theme_style(&theme, THEME_RULE).foreground, -1);
        assert_int_equal(theme_style(&theme, THEME_DIM).foreground, -1);
        assert_true(theme_style(&theme, THEME_OVERDUE).foreground >= 0);
        assert_true(theme_style(&theme, THEME_ERROR).background >= 0);
    }
    assert_int_equal(theme_load("dark", 256, &theme, &err), ST_OK);
    assert_int_equal(theme_style(&theme, THEME_RULE).foreground, 245);
}

static void test_unknown_roles_are_plain(void **state)
{
    (void)state;
    struct theme theme;
    assert_int_equal(theme_load("mono", 0, &theme, NULL), ST_OK);
    assert_int_equal(theme_style(&theme, 200).attributes, 0);
    assert_int_equal(theme_style(&theme, SURFACE_ESCAPED).attributes, THEME_REVERSE | THEME_ITALIC);
}

static void test_bad_files(void **state)
{
    static const struct {
        const char *head, *without, *tail, *message;
    } bad[] = {
        {"[theme]\nname = x\nneeds = 256\n", "overdue", "",
         ": role \"overdue\" is missing; [roles] must name every role"},
        {"[theme]\nname = x\n", "", "", ": [theme] must say needs = 0, 16 or 256"},
        {"[theme]\nneeds = 16\n", "", "", ": the theme has no name; [theme] must say name = ..."},
        {"[theme]\nname = x\nneeds = 8\n", "", "", ":3: needs is 0, 16 or 256, not \"8\""},
        {"[theme]\nname =\nneeds = 0\n", "", "", ":2: a name has 1 to 31 bytes, not \"\""},
        {"[theme]\nname = x\ncolour = 8\n", "", "",
         ":3: there is no setting \"colour\" in [theme]; allowed are name and needs"},
        {"[them]\nname = x\n", "", "",
         ":2: there is no section [them]; allowed are [theme] and [roles]"},
        {"name = x\n", "", "", ":1: there is no section []; allowed are [theme] and [roles]"},
        {"[theme]\nname = x\nneeds\n", "", "", ":3: neither [section] nor name = value"},
        {"[theme\nname = x\n", "", "", ":1: neither [section] nor name = value"},
        {"[theme]\nname = x\nneeds = 256\n", "", "warn = red\n",
         ":28: role \"warn\" stands there twice; once is allowed"},
        {"[theme]\nname = x\nneeds = 256\n", "", "late = red\n",
         ":28: there is no role \"late\"; allowed are plain head tab tab_current label "
         "column_head dim rule "
         "overdue bar_overdue warn good "
         "current pointer marked unsent message error key input input_current choice_on escaped"},
        {"[theme]\nname = x\nneeds = 256\n", "warn", "warn = \n",
         ":27: a role without a look; allowed are " ALLOWED},
        {"[theme]\nname = x\nneeds = 256\n", "warn", "warn = rot\n",
         ":27: \"rot\" is not known; allowed are " ALLOWED},
        {"[theme]\nname = x\nneeds = 256\n", "warn", "warn = 256\n",
         ":27: \"256\" is not known; allowed are " ALLOWED},
        {"[theme]\nname = x\nneeds = 256\n", "warn", "warn = #ff00\n",
         ":27: \"#ff00\" is not known; allowed are " ALLOWED},
        {"[theme]\nname = x\nneeds = 256\n", "warn", "warn = #gg0000\n",
         ":27: \"#gg0000\" is not known; allowed are " ALLOWED},
        {"[theme]\nname = x\nneeds = 256\n", "warn", "warn = bright-default\n",
         ":27: \"bright-default\" is not known; allowed are " ALLOWED},
        {"[theme]\nname = x\nneeds = 256\n", "warn", "warn = red on\n",
         ":27: nothing follows `on`; allowed are " ALLOWED},
        {"[theme]\nname = x\nneeds = 256\n", "warn", "warn = on bold\n",
         ":27: \"bold\" is not known; allowed are " ALLOWED},
        {"[theme]\nname = x\nneeds = 256\n", "warn", "warn = red blue\n",
         ":27: \"blue\" is a second colour for the same; allowed are one, and one after `on`"},
        {"[theme]\nname = x\nneeds = 256\n", "warn", "warn = on red on blue\n",
         ":27: \"blue\" is a second colour for the same; allowed are one, and one after `on`"},
        {"[theme]\nname = x\nneeds = 0\n", "warn", "  warn = red\n",
         ":27: a colour in a theme that needs 0; allowed are attributes"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buf text;
        struct theme theme = {.needs = 77};
        struct errmsg err = {""};
        char wanted[ERRMSG_SIZE];
        whole_theme(&text, bad[i].head, bad[i].without, bad[i].tail);
        assert_int_equal(load_text(text.data, 256, &theme, &err), ST_INVALID);
        snprintf(wanted, sizeof wanted, "%s/x.theme%s", folder, bad[i].message);
        assert_string_equal(err.text, wanted);
        assert_int_equal(theme.needs, 77); /* untouched */
        buf_release(&text);
    }
}

static void test_long_lines_and_files(void **state)
{
    (void)state;
    struct theme theme;
    struct errmsg err = {""};
    struct buf text;
    buf_init(&text, 100000);
    buf_puts(&text, "[theme]\n;");
    for (int i = 0; i < 5000; i++)
        buf_putc(&text, 'x');
    assert_int_equal(load_text(text.data, 256, &theme, &err), ST_INVALID);
    assert_non_null(strstr(err.text, "x.theme:2: the line is too long; at most "));
    for (int i = 0; i < 70000; i++)
        buf_putc(&text, '\n');
    assert_int_equal(load_text(text.data, 256, &theme, &err), ST_TOOBIG);
    assert_int_equal(load_text("", 256, &theme, &err), ST_INVALID);
    buf_release(&text);
}

static void test_where_themes_are_looked_for(void **state)
{
    (void)state;
    struct theme theme;
    struct errmsg err = {""};
    struct buf text;
    char path[300];
    assert_int_equal(theme_load("mine", 256, &theme, &err), ST_NOT_FOUND);
    assert_string_equal(
        err.text, "There is no theme \"mine\"; there are auto ansi16 contrast dark light mono and "
                  "your own in the folder themes beside config.ini.");
    snprintf(path, sizeof path, "%s/jiban", folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/jiban/themes", folder);
    mkdir(path, 0700);
    whole_theme(&text, "[theme]\nname = mine\nneeds = 256\n", "warn", "warn = 99\n");
    write_file("jiban/themes/mine.theme", text.data, path);
    write_file("jiban/themes/dark.theme", text.data, path); /* before the one compiled in */
    assert_int_equal(theme_load("mine", 256, &theme, &err), ST_OK);
    assert_int_equal(theme.style[THEME_WARN].foreground, 99);
    assert_int_equal(theme_load("dark", 256, &theme, &err), ST_OK);
    assert_string_equal(theme.name, "mine");
    write_file("jiban/themes/dark.theme", "broken\n", path); /* said, not passed over */
    assert_int_equal(theme_load("dark", 256, &theme, &err), ST_INVALID);
    remove(path);
    assert_int_equal(theme_load("/nowhere/x.theme", 256, &theme, &err), ST_NOT_FOUND);
    assert_int_equal(theme_load("a-name-longer-than-any-theme-may-have-it", 256, &theme, &err),
                     ST_NOT_FOUND);
    buf_release(&text);
}

static void auto_takes(const char *no_color, const char *ground, int colours, const char *wanted)
{
    struct theme theme;
    no_color ? setenv("NO_COLOR", no_color, 1) : unsetenv("NO_COLOR");
    ground ? setenv("COLORFGBG", ground, 1) : unsetenv("COLORFGBG");
    assert_int_equal(theme_load("auto", colours, &theme, NULL), ST_OK);
    assert_string_equal(theme.name, wanted);
    unsetenv("NO_COLOR");
    unsetenv("COLORFGBG");
}

static void test_auto(void **state)
{
    (void)state;
    auto_takes(NULL, NULL, 256, "dark");
    auto_takes("", NULL, 256, "dark");
    auto_takes("1", NULL, 256, "mono");
    auto_takes("0", "0;15", 16, "mono");
    auto_takes(NULL, NULL, 0, "mono");
    auto_takes(NULL, NULL, 2, "mono");
    auto_takes(NULL, NULL, 8, "ansi16");
    auto_takes(NULL, NULL, 16, "ansi16");
    auto_takes(NULL, "0;15", 88, "ansi16");
    auto_takes(NULL, "0;15", 256, "light");
    auto_takes(NULL, "0;default;7", 256, "light");
    auto_takes(NULL, "15;0", 256, "dark");
    auto_takes(NULL, "15;17", 256, "dark");
    auto_takes(NULL, "15", 256, "dark");
    struct theme theme;
    setenv("NO_COLOR", "1", 1); /* a theme asked for by name is what is wanted */
    assert_int_equal(theme_load("light", 256, &theme, NULL), ST_OK);
    assert_string_equal(theme.name, "light");
    unsetenv("NO_COLOR");
    assert_int_equal(theme_load("light", 2, &theme, NULL), ST_OK);
    assert_string_equal(theme.name, "mono");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_themes_are_whole),
        cmocka_unit_test(test_compiled_in_themes_are_the_files),
        cmocka_unit_test(test_mono_tells_meanings_apart),
        cmocka_unit_test(test_colours_are_never_alone),
        cmocka_unit_test(test_contrast),
        cmocka_unit_test(test_looks),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_nearest_of_256),
        cmocka_unit_test(test_grey_is_seen_with_few_colours),
        cmocka_unit_test(test_unknown_roles_are_plain),
        cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_long_lines_and_files),
        cmocka_unit_test(test_where_themes_are_looked_for),
        cmocka_unit_test(test_auto),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
