/*
 * The rig itself: what stream.h lets through and what it stops; that the console opens and leaves under it.
 */
#include "tests/term/server.h"
#include "tests/whole.h"
#include <string.h>

static bool passes(const char *bytes, bool ascii)
{
    struct stream s;
    stream_init(&s, ascii);
    return stream_feed(&s, bytes, strlen(bytes)) && stream_end(&s);
}

static void lets_through(void **state)
{
    static const char *const good[] = {
        "plain text\r\n",
        "\033[?1049h\033[22;0;0t\033[1;24r\033(B\033[m\033[4l\033[?7h\033[?1h\033=\033[?2004h",
        "\033[H\033[2J\033[12;3H\033[31m\033[1mname\033[39m\033(B\033[m\033[K\033[10X\033[3b",
        "办理中 ↻ ⇉ ─│┌┐ 🐶 e\xcc\x81",
        "\033[38;5;200mcolour\033[48;5;17m",
        "\x0e\x0f\b\t",
        "\033[?2004l\033[?1l\033>\033[?12l\033[?25h\033[?1049l\033[23;0;0t",
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!passes(good[i], false))
            fail_msg("number %zu is stopped", i);
}

static void stops(void **state)
{
    static const char *const bad[] = {
        "\033]52;c;cm0=\a",   /* clipboard */
        "\033]0;title\033\\", /* title */
        "\033]104;1\a",
        "\033]Rx\033]P1",   /* palette */
        "\033P$qm\033\\",   /* DCS */
        "\033_Gf=24\033\\", /* APC */
        "\033^pm\033\\",    /* PM */
        "\033Xsos",         /* SOS */
        "\033[21t",         /* asks for the title */
        "\033[c",           /* asks what it is */
        "\033[6n",          /* asks where it is */
        "\033[?1000h",      /* mouse */
        "\033[8mhidden",    /* concealed */
        "\033[5mblinks",    /* blinks */
        "\033c",            /* reset */
        "\033#8",           /* fills the screen */
        "\033[2;1\x01",     /* a control inside */
        "\033[",            /* ends in the middle */
        "\xe5\x8a",         /* half a character */
        "\xe5\x8aZ",        /* half a character and more */
        "\xff",             /* no UTF-8 */
        "\xc0\x9b[31m",     /* an overlong CSI */
        "\xc2\x9b"          /* CSI as one character of C1 */
        "31m",
        "\xc2\x9d" /* OSC of C1 */
        "0;x\xc2\x9c",
        "a\xe2\x80\xae" /* right to left override */
        "b",
        "a\xe2\x81\xa6" /* isolate */
        "b",
        "a\xe2\x80\x8b" /* zero width space */
        "b",
        "a\xe2\x80\x8d" /* joiner */
        "b",
        "a\xef\xb8\x8f",     /* variation selector */
        "a\xef\xbb\xbf",     /* byte order mark */
        "a\xc2\xad",         /* soft hyphen */
        "a\xf3\xa0\x81\x81", /* tag */
        "a\xe2\x80\xa8",     /* line separator */
        "a\xee\x80\x80",     /* private use */
        "\x7f",              /* DEL */
        "\x05",              /* ENQ: the terminal would answer */
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (passes(bad[i], false))
            fail_msg("number %zu gets through: %s", i, bad[i]);
    assert_false(passes("caf\xc3\xa9", true));
    assert_true(passes("cafe", true));
    struct stream s;
    stream_init(&s, false);
    s.forbidden = "secret";
    assert_true(stream_feed(&s, "a sec", 5));
    assert_false(stream_feed(&s, "ret", 3));
}

/* What libvterm gets never ends within a character, wherever the reads were cut. */
static void hands_on_whole_characters(void **state)
{
    static const char text[] = "a\xc3\xa9 \xe6\xa2\xaf \xf0\x9f\x90\xb6.";
    static const size_t whole[] = {0, 1, 1, 3, 4, 4, 4, 7, 8, 8, 8, 8, 12, 13};
    (void)state;
    for (size_t n = 0; n < sizeof text; n++)
        assert_int_equal(whole_characters(text, n), whole[n]);
    assert_int_equal(whole_characters("\x80\x80\x80\x80\x80", 5),
                     5); /* no UTF-8: nothing is kept */
}

static void opens_and_leaves(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "zh_CN");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "待签收 14");
    term_press(t, "1");
    term_wait(t, "第 1-14 行，共 14 行");
    assert_true(term_look_of(t, "[1]").bold || term_look_of(t, "[1]").reverse ||
                term_look_of(t, "[1]").underline);
    desk_leave(t);
    server_stop(&s);
}

/* What a program says as it leaves may be wider than the window. */
static void survives_one_column(void **state)
{
    struct term_options o = {
        .argv = {"/usr/bin/printf", "\xe6\xa2\xaf\xe2\x80\xa6!\n"}, .rows = 7, .cols = 1};
    (void)state;
    struct term *t = term_start(&o);
    assert_int_equal(term_wait_end(t), 0);
    if (!term_shows(t, "\xe2\x80\xa6"))
        term_fail(t, "what is one cell wide is not there");
    term_end(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lets_through),
        cmocka_unit_test(stops),
        cmocka_unit_test(hands_on_whole_characters),
        cmocka_unit_test_teardown(opens_and_leaves, rig_end),
        cmocka_unit_test_teardown(survives_one_column, rig_end),
    };
    return cmocka_run_group_tests_name("term/rig", tests, NULL, NULL);
}
