/*
 * A picture of a case in the window, driven by keys: as half blocks and as signs, in both languages, on every way back; a
 * bomb, a damaged file and a decoder that lies; and the process that decodes, with its limits.
 *
 * JIBAN_GOLDEN=write writes the files of tests/view/golden anew; look at what changed before it is kept.
 */
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "tests/view/office.h"
#include "tui/app_model.h"
#include "tui/decode.h"
#include "tui/program.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* --- the process ---------------------------------------------------------------------------------------- */

static void what_goes_in_comes_out(void **state)
{
    const char *const upper[] = {"tr", "a-z", "A-Z", NULL}, *const ends[] = {"ls", "/proc/self/fd",
                                                                             NULL};
    const char *const code[] = {"/bin/sh", "-c", "exit 7", NULL};
    struct buf out;
    int got = -1;
    (void)state;
    buf_init(&out, 1 << 20);
    assert_int_equal(program_filter(upper, "words", 5, 10000, &out, &got, NULL), ST_OK);
    assert_string_equal(out.data, "WORDS");
    assert_int_equal(got, 0);
    buf_clear(&out); /* 3 is the folder that ls reads */
    assert_int_equal(program_filter(ends, "", 0, 10000, &out, &got, NULL), ST_OK);
    assert_string_equal(out.data, "0\n1\n2\n3\n");
    assert_int_equal(program_filter(code, "", 0, 10000, &out, &got, NULL), ST_OK);
    assert_int_equal(got, 7);
    buf_release(&out);
}

static void what_goes_on_for_ever_is_ended(void **state)
{
    const char *const sleeps[] = {"sleep", "1000", NULL}, *const floods[] = {"yes", NULL};
    struct buf out;
    int got;
    (void)state;
    buf_init(&out, 1 << 16);
    assert_int_equal(program_filter(sleeps, "", 0, 50, &out, &got, NULL), ST_TIMEOUT);
    assert_int_equal(program_filter(floods, "", 0, 10000, &out, &got, NULL), ST_TOOBIG);
    buf_release(&out);
}

#ifdef HAVE_PICTURES
#include "tests/picture_kit.h"

enum { ROWS = 24, COLS = 80 };

static struct office office;
static struct app app;
static struct options options;
static char folder[4200], self[4200];

static void open_desk(const char *name, const char *language)
{
    static struct app_config config;
    struct errmsg err;
    struct cursor cursor;
    const char *build = getenv("JIBAN_TOP_BUILDDIR");
    if (office_open(&office, name, "wang.desk", &err) != ST_OK)
        fail_msg("%s", err.text);
    i18n_init(language);
    options_init(&options);
    snprintf(self, sizeof self, "%.4000s/jiban", build ? build : ".");
    snprintf(folder, sizeof folder, "%.4000s/things", office.folder);
    assert_int_equal(path_make_private(folder, NULL), ST_OK);
    config = (struct app_config){.options = &options,
                                 .store = office.store,
                                 .context = &office.context,
                                 .clock = &office.clock,
                                 .random = &office.random,
                                 .device = "test",
                                 .self = self,
                                 .practice = true};
    app_init(&app, &config);
    app.c.colours = 256;
    assert_int_equal(surface_resize(&app.surface, ROWS, COLS, &err), ST_OK);
    app_reload(&app);
    app_draw(&app, &cursor);
}

static void close_desk(void)
{
    app_release(&app);
    options_release(&options);
    office_close(&office);
}

/* Names as in actions.def; 'x' is pasted. */
static void press(const char *keys)
{
    while (*keys) {
        struct key key;
        struct cursor cursor;
        keys = office_key(keys, &key);
        app_key(&app, &key);
        app_draw(&app, &cursor);
    }
}

static bool shows(const char *text)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    surface_dump(&app.surface, &out);
    bool found = strstr(out.data, text) != NULL;
    if (!found)
        printf("# no \"%s\" in\n%s\n", text, out.data);
    buf_release(&out);
    return found;
}

static void golden(const char *name)
{
    char path[4200], *want = NULL;
    size_t n = 0;
    struct buf got;
    struct errmsg err = {{0}};
    const char *source = getenv("JIBAN_TOP_SRCDIR"), *how = getenv("JIBAN_GOLDEN");
    buf_init(&got, 1 << 20);
    surface_dump(&app.surface, &got);
    snprintf(path, sizeof path, "%.4000s/tests/view/golden/%s.txt", source ? source : ".", name);
    if (how && strcmp(how, "write") == 0)
        assert_int_equal(file_write_atomic(path, got.data, got.len, &err), ST_OK);
    if (file_read(path, 1 << 20, &want, &n, &err) != ST_OK)
        fail_msg("%s", err.text);
    if (n != got.len || memcmp(want, got.data, n) != 0)
        fail_msg("%s differs:\n%s", name, got.data);
    free(want);
    buf_release(&got);
}

/* The file is attached to the first case in a note, and the page of its files is open. */
static void attach(const char *name, const struct buf *bytes)
{
    char path[4400], keys[4600];
    struct errmsg err;
    snprintf(path, sizeof path, "%.4200s/%s", folder, name);
    assert_int_equal(file_write_atomic(path, bytes->data, bytes->len, &err), ST_OK);
    snprintf(keys, sizeof keys, "7 g n 'measured' M-a '%.4200s/%s' Enter ^S F", folder, name);
    press(keys);
    assert_true(shows(name));
}

/* From black at the left to white at the right, its lower half red. */
static uint32_t shades(int x, int y, int cols, int rows)
{
    uint32_t grey = (uint32_t)(255 * x / (cols - 1));
    return y < rows / 2 ? 0xff000000 | grey * 0x010101 : 0xffff0000;
}

static struct files_picture *picture(void)
{
    return &app.files.picture;
}

static void a_picture_is_shown_in_the_window(void **state)
{
    struct buf png;
    (void)state;
    buf_init(&png, 1 << 20);
    kit_png(&png, 200, 100, false, shades);
    open_desk("blocks", "en");
    attach("meter.png", &png);
    assert_true(shows("p look"));
    press("p");
    golden("picture-en-80x24");
    const struct cell *top = app.surface.cell + (FRAME_TOP + 1) * COLS;
    const struct cell *bottom = top + (ROWS - FRAME_TOP - FRAME_BOTTOM - 3) * COLS;
    int left = 0;
    while (top[left].role != SURFACE_PICTURE)
        left++;
    assert_memory_equal(top[left].text, "▀", 3);
    assert_true(top[left].above == 16 || top[left].above == 232);                        /* black */
    assert_true(top[COLS - 1 - left].above == 231 || top[COLS - 1 - left].above == 255); /* white */
    assert_int_equal(bottom[left].role, SURFACE_PICTURE);
    assert_int_equal(bottom[left].below, 196); /* red */
    press("x");
    assert_true(shows("Files of "));
    press("p j");
    assert_true(shows("Files of "));
    press("p Enter");
    assert_true(shows("No program is set that shows it"));
    close_desk();
    buf_release(&png);
}

static void where_there_are_few_colours_it_is_of_signs(void **state)
{
    struct buf png;
    (void)state;
    buf_init(&png, 1 << 20);
    kit_png(&png, 200, 100, false, shades);
    open_desk("signs", "zh_CN");
    attach("meter.png", &png);
    app.c.colours = 16;
    press("p");
    golden("picture-signs-zh-80x24");
    press("p p");
    app.c.on_light = true;
    app.anew = true;
    press("^L");
    assert_true(shows("    @@@"));
    press("q");
    app.c.on_light = false;
    app.c.colours = 256;
    assert_int_equal(options_set(&options, OPT_LOW_BANDWIDTH, "yes", "test", NULL), ST_OK);
    press("p");
    assert_true(shows("@@@\n"));
    close_desk();
    buf_release(&png);
}

/* On a terminal of lines it is said what it is, and nothing is decoded. */
static void by_ear_it_is_named(void **state)
{
    struct buf png;
    (void)state;
    buf_init(&png, 1 << 20);
    kit_png(&png, 200, 100, false, shades);
    open_desk("ear", "en");
    attach("meter.png", &png);
    assert_int_equal(options_set(&options, OPT_LINEAR, "yes", "test", NULL), ST_OK);
    press("p");
    assert_non_null(strstr(app.c.message, "meter.png: picture, "));
    assert_null(picture()->pixels.rgb);
    close_desk();
    buf_release(&png);
}

static void what_is_no_good_picture_is_refused_in_words(void **state)
{
    static const char *const liar[] = {"/bin/cat", "/bin/true", "/nowhere/jiban"};
    struct buf file;
    (void)state;
    buf_init(&file, 1 << 20);
    open_desk("refused", "en");
    kit_png_bomb(&file, 30000, 30000);
    attach("bomb.png", &file);
    press("p");
    assert_string_equal(app.c.message, "The picture has more than 40 million pixels.");
    buf_clear(&file);
    kit_png_bomb(&file, 300, 300);
    press("q");
    attach("broken.png", &file);
    press("p");
    assert_string_equal(app.c.message, "The picture is cut off or damaged.");
    buf_clear(&file);
    buf_puts(&file, "words");
    press("q");
    attach("words.txt", &file);
    press("p");
    assert_non_null(strstr(app.c.message, "This is no picture"));
    buf_clear(&file);
    kit_png(&file, 20, 20, false, shades);
    press("q");
    attach("good.png", &file);
    for (size_t i = 0; i < sizeof liar / sizeof *liar; i++) {
        snprintf(self, sizeof self, "%s", liar[i]);
        press("p");
        assert_string_equal(app.c.message, "The picture cannot be decoded.");
        assert_true(shows("Files of "));
    }
    close_desk();
    buf_release(&file);
}

/* So small that there is hardly room, and larger again. */
static void any_window_will_do(void **state)
{
    struct buf png;
    struct cursor cursor;
    static const int size[][2] = {{6, 24}, {12, 40}, {50, 160}, {8, 200}, {200, 20}, {24, 80}};
    (void)state;
    buf_init(&png, 1 << 20);
    kit_png(&png, 7, 300, true, shades);
    open_desk("sizes", "en");
    attach("pipe.png", &png);
    press("p");
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        assert_int_equal(surface_resize(&app.surface, size[i][0], size[i][1], NULL), ST_OK);
        app.anew = true;
        app_draw(&app, &cursor);
    }
    assert_true(shows("7 x 300 pixels"));
    close_desk();
    buf_release(&png);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(what_goes_on_for_ever_is_ended),
        cmocka_unit_test(a_picture_is_shown_in_the_window),
        cmocka_unit_test(where_there_are_few_colours_it_is_of_signs),
        cmocka_unit_test(by_ear_it_is_named),
        cmocka_unit_test(what_is_no_good_picture_is_refused_in_words),
        cmocka_unit_test(any_window_will_do),
    };
    return cmocka_run_group_tests_name("view/picture", tests, NULL, NULL);
}

#else

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_goes_in_comes_out),
                                       cmocka_unit_test(what_goes_on_for_ever_is_ended)};
    return cmocka_run_group_tests_name("view/picture", tests, NULL, NULL);
}

#endif
