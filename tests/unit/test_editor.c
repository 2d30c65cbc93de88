/* The editor: characters, wrapping, the cursor's cell, undo, what is left out. */
#include "tui/widget/editor.h"
#include "core/base/random.h"
#include "core/text/grapheme.h"
#include "core/text/utf8.h"
#include "core/text/width.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unigbrk.h>

#include <cmocka.h>

#define ACUTE "\xCC\x81"
#define ZWJ "\xE2\x80\x8D"
#define MAN "\xF0\x9F\x91\xA8"
#define WOMAN "\xF0\x9F\x91\xA9"
#define GIRL "\xF0\x9F\x91\xA7"
#define FAMILY MAN ZWJ WOMAN ZWJ GIRL
#define FLAG "\xF0\x9F\x87\xA8\xF0\x9F\x87\xB3"
#define RLO "\xE2\x80\xAE"
#define ZWSP "\xE2\x80\x8B"
#define NEL "\xC2\x85"

enum { ROLE = 3, ROOM = 1 << 20 };

/* Memory that runs out: the n-th request from now on fails, and all later ones unless once is set. */
static long requests_left = -1;
static bool once;
void *__real_malloc(size_t n);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_realloc(void *p, size_t n);

static bool refused(void)
{
    if (requests_left > 0)
        requests_left--;
    bool refuse = requests_left == 0;
    if (refuse && once)
        requests_left = -1;
    return refuse;
}

void *__wrap_malloc(size_t n)
{
    return refused() ? NULL : __real_malloc(n);
}

void *__wrap_realloc(void *p, size_t n)
{
    return refused() ? NULL : __real_realloc(p, n);
}

static size_t type(struct editor *e, const char *s)
{
    return editor_insert(e, s, strlen(s), false);
}

static size_t paste(struct editor *e, const char *s)
{
    return editor_insert(e, s, strlen(s), true);
}

/* One key for each character, as a person types. */
static void type_each(struct editor *e, const char *s)
{
    for (size_t at = 0, n = strlen(s); at < n;) {
        size_t len = grapheme_next(s + at, n - at);
        editor_insert(e, s + at, len, false);
        at += len;
    }
}

static void start(struct editor *e, enum editor_kind kind, const char *text)
{
    requests_left = -1;
    editor_init(e, kind, ROOM);
    editor_set(e, text, strlen(text));
}

static void press(struct editor *e, enum editor_op op, int times)
{
    for (int i = 0; i < times; i++)
        editor_do(e, op);
}

/* Draws at rows * cols; the picture and the cursor's cell are as wanted. */
static void expect_picture(struct editor *e, int rows, int cols, const char *want, int row, int col)
{
    struct surface s;
    struct buf b;
    int at_row, at_col;
    surface_init(&s);
    buf_init(&b, 1 << 20);
    assert_int_equal(surface_resize(&s, rows, cols, NULL), ST_OK);
    editor_draw(e, &s, (struct rect){0, 0, rows, cols}, ROLE, &at_row, &at_col);
    surface_dump(&s, &b);
    assert_string_equal(b.data, want);
    assert_int_equal(at_row, row);
    assert_int_equal(at_col, col);
    buf_release(&b);
    surface_release(&s);
}

static void expect_text(const struct editor *e, const char *want, size_t cursor)
{
    assert_string_equal(editor_text(e), want);
    assert_int_equal(editor_len(e), strlen(want));
    assert_int_equal(e->cursor, cursor);
}

/* --- characters ------------------------------------------------------------------------------- */

static void test_empty(void **state)
{
    (void)state;
    for (enum editor_kind kind = EDITOR_LINE; kind <= EDITOR_SECRET; kind++) {
        struct editor e;
        editor_init(&e, kind, ROOM);
        expect_text(&e, "", 0);
        assert_int_equal(editor_lines(&e), 1);
        for (enum editor_op op = EDITOR_LEFT; op < EDITOR_OP_COUNT; op++)
            if (op != EDITOR_NEWLINE)
                assert_false(editor_do(&e, op));
        expect_picture(&e, 2, 4, "\n\n", 0, 0);
        assert_int_equal(editor_revision(&e), 0);
        editor_release(&e);
        editor_release(&e);
    }
}

static void test_chinese(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "");
    type_each(&e, "暖气不热");
    expect_text(&e, "暖气不热", 12);
    press(&e, EDITOR_LEFT, 2);
    expect_text(&e, "暖气不热", 6);
    type(&e, "还");
    expect_text(&e, "暖气还不热", 9);
    assert_true(editor_do(&e, EDITOR_BACKSPACE));
    assert_true(editor_do(&e, EDITOR_DELETE));
    expect_text(&e, "暖气热", 6);
    expect_picture(&e, 1, 20, "暖气热\n", 0, 4);
    assert_true(editor_do(&e, EDITOR_TEXT_START));
    assert_false(editor_do(&e, EDITOR_TEXT_START));
    assert_false(editor_do(&e, EDITOR_LEFT));
    assert_false(editor_do(&e, EDITOR_BACKSPACE));
    assert_true(editor_do(&e, EDITOR_TEXT_END));
    assert_false(editor_do(&e, EDITOR_RIGHT));
    assert_false(editor_do(&e, EDITOR_DELETE));
    editor_release(&e);
}

static void test_marks_stay_with_their_base(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_LINE, "ae" ACUTE "z");
    press(&e, EDITOR_LEFT, 2);
    expect_text(&e, "ae" ACUTE "z", 1);
    press(&e, EDITOR_RIGHT, 1);
    expect_text(&e, "ae" ACUTE "z", 4);
    expect_picture(&e, 1, 9, "ae" ACUTE "z\n", 0, 2);
    press(&e, EDITOR_BACKSPACE, 1);
    expect_text(&e, "az", 1);
    type(&e, "o");
    type(&e, ACUTE);
    expect_text(&e, "ao" ACUTE "z", 4);
    press(&e, EDITOR_LEFT, 1);
    expect_text(&e, "ao" ACUTE "z", 1);
    editor_release(&e);
}

/* What is inserted may join with what stands behind it: the cursor goes to the next border. */
static void test_cursor_after_joining(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "a\n" ACUTE "b");
    press(&e, EDITOR_LEFT, 2);
    expect_text(&e, "a\n" ACUTE "b", 2);
    press(&e, EDITOR_BACKSPACE, 1);
    expect_text(&e, "a" ACUTE "b", 3);
    assert_true(editor_do(&e, EDITOR_UNDO));
    expect_text(&e, "a\n" ACUTE "b", 2);
    editor_set(&e, WOMAN, 4);
    press(&e, EDITOR_LEFT, 1);
    paste(&e, MAN ZWJ);
    expect_text(&e, MAN ZWJ WOMAN, 11);
    assert_true(editor_do(&e, EDITOR_UNDO));
    expect_text(&e, WOMAN, 0);
    editor_release(&e);
}

static void test_emoji_of_several_are_one(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_LINE, "a" FAMILY FLAG FLAG "z");
    press(&e, EDITOR_LEFT, 2);
    assert_int_equal(e.cursor, strlen("a" FAMILY FLAG));
    press(&e, EDITOR_LEFT, 2);
    assert_int_equal(e.cursor, 1);
    /* drawn apart, as terminals do, the joiner visible; the cursor behind all of it */
    press(&e, EDITOR_RIGHT, 1);
    expect_picture(&e, 1, 60, "a" MAN "<U+200D>" WOMAN "<U+200D>" GIRL FLAG FLAG "z\n", 0, 23);
    press(&e, EDITOR_BACKSPACE, 1);
    expect_text(&e, "a" FLAG FLAG "z", 1);
    press(&e, EDITOR_DELETE, 1);
    expect_text(&e, "a" FLAG "z", 1);
    editor_release(&e);
}

static const char *const pieces[] = {"a",
                                     "b",
                                     " ",
                                     "-",
                                     "暖",
                                     "气",
                                     "，",
                                     "。",
                                     "（",
                                     "\n",
                                     "é",
                                     ACUTE,
                                     ZWJ,
                                     FLAG,
                                     RLO,
                                     ZWSP,
                                     NEL,
                                     "7",
                                     "_",
                                     "～",
                                     "“",
                                     "”",
                                     "\xE1\x84\x80",
                                     "\xE1\x85\xA1",
                                     MAN,
                                     GIRL,
                                     "\n",
                                     FAMILY,
                                     ("e" ACUTE),
                                     "\xF0\x9F\x87\xA8",
                                     "\xF0\x9F\x8F\xBD",
                                     "\xEF\xB8\x8F",
                                     "\xE2\x9D\xA4",
                                     "\xD8\x80",
                                     "\xE0\xA4\x95",
                                     "\xE0\xA4\xBE",
                                     "word",
                                     "…",
                                     "\xEA\xB0\x80"};

static const char *piece(struct rng *r)
{
    return pieces[rng_below(r, sizeof pieces / sizeof *pieces)];
}

/* By libunistring over the whole text: starts[i] is 1 where a cluster starts, also at n. */
static void borders(const char *s, size_t n, char *starts)
{
    if (n > 0)
        u8_grapheme_breaks((const uint8_t *)s, n, starts);
    starts[n] = 1;
}

static void test_same_characters_as_the_library(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 7);
    for (int round = 0; round < 3000; round++) {
        char s[256], starts[257];
        size_t n = 0;
        for (uint32_t i = rng_below(&r, 12); i > 0; i--) {
            const char *one = piece(&r);
            memcpy(s + n, one, strlen(one));
            n += strlen(one);
        }
        borders(s, n, starts);
        for (size_t at = 0; at < n;) {
            size_t len = grapheme_next(s + at, n - at);
            for (size_t i = 1; i < len; i++)
                assert_int_equal(starts[at + i], 0);
            at += len;
            assert_int_equal(starts[at], 1);
        }
    }
}

/* --- wrapping --------------------------------------------------------------------------------- */

static void test_wide_at_the_right_edge(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "暖气不");
    expect_picture(&e, 2, 7, "暖气不\n\n", 0, 6);
    expect_picture(&e, 2, 6, "暖气\n不\n", 1, 2); /* the last column is the cursor's */
    expect_picture(&e, 2, 5, "暖气\n不\n", 1, 2);
    expect_picture(&e, 3, 4, "暖\n气\n不\n", 2, 2);
    expect_picture(&e, 3, 2, "暖\n气\n不\n", 2, 1);
    expect_picture(&e, 3, 1, "\n\n\n", 2, 0);
    editor_set(&e, "a暖气", 7);
    expect_picture(&e, 2, 5, "a暖\n气\n", 1, 2);
    editor_release(&e);
}

static void test_wrap(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "hello world\n暖气。热（好\n");
    expect_picture(&e, 8, 9, "hello\nworld\n暖气。热\n（好\n\n\n\n\n", 4, 0);
    expect_picture(&e, 8, 6, "hello\nworld\n暖\n气。\n热\n（好\n\n\n", 6, 0);
    assert_int_equal(editor_lines(&e), 7);
    expect_picture(&e, 8, 40, "hello world\n暖气。热（好\n\n\n\n\n\n\n", 2, 0);
    assert_int_equal(editor_lines(&e), 3);
    editor_release(&e);
}

static void test_blanks_hang_over_the_edge(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "abcd");
    expect_picture(&e, 2, 5, "abcd\n\n", 0, 4);
    type_each(&e, "   ");
    expect_picture(&e, 2, 5, "abcd\n\n", 0, 4);
    type(&e, "e");
    expect_picture(&e, 2, 5, "abcd\ne\n", 1, 1);
    editor_release(&e);
}

static void test_goal_column(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "abcdef\nx\n暖气不热\nabcdef");
    editor_layout(&e, 4, 40);
    press(&e, EDITOR_LEFT, 1);
    assert_true(editor_do(&e, EDITOR_UP)); /* column 5 lies inside 不 */
    assert_int_equal(e.cursor, 9 + 6);
    assert_true(editor_do(&e, EDITOR_UP));
    assert_int_equal(e.cursor, 8);
    assert_true(editor_do(&e, EDITOR_UP));
    assert_int_equal(e.cursor, 5);
    assert_false(editor_do(&e, EDITOR_UP));
    assert_int_equal(e.cursor, 5);
    press(&e, EDITOR_DOWN, 1);
    press(&e, EDITOR_LEFT, 1); /* another move forgets the column */
    press(&e, EDITOR_DOWN, 1);
    assert_int_equal(e.cursor, 9);
    press(&e, EDITOR_DOWN, 1);
    assert_false(editor_do(&e, EDITOR_DOWN));
    editor_release(&e);
}

static void test_up_and_down_in_a_wrapped_paragraph(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "一二三四五六七八九");
    expect_picture(&e, 3, 9, "一二三四\n五六七八\n九\n", 2, 2);
    press(&e, EDITOR_UP, 1);
    expect_picture(&e, 3, 9, "一二三四\n五六七八\n九\n", 1, 2);
    press(&e, EDITOR_LINE_END, 1);
    press(&e, EDITOR_UP, 1); /* stays at the end of the line it came to */
    expect_picture(&e, 3, 9, "一二三四\n五六七八\n九\n", 0, 8);
    press(&e, EDITOR_DOWN, 2);
    expect_picture(&e, 3, 9, "一二三四\n五六七八\n九\n", 2, 2);
    editor_release(&e);
}

static void test_home_and_end_of_what_is_one_line_on_the_screen(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "一二三四五六七八九\n十");
    editor_layout(&e, 4, 9);
    press(&e, EDITOR_TEXT_START, 1);
    press(&e, EDITOR_RIGHT, 5);
    assert_true(editor_do(&e, EDITOR_LINE_START));
    assert_false(editor_do(&e, EDITOR_LINE_START));
    expect_picture(&e, 4, 9, "一二三四\n五六七八\n九\n十\n", 1, 0);
    assert_true(editor_do(&e, EDITOR_LINE_END));
    assert_false(editor_do(&e, EDITOR_LINE_END));
    expect_picture(&e, 4, 9, "一二三四\n五六七八\n九\n十\n", 1, 8);
    press(&e, EDITOR_LINE_START, 1);
    expect_picture(&e, 4, 9, "一二三四\n五六七八\n九\n十\n", 1, 0);
    press(&e, EDITOR_LINE_END, 1);
    type(&e, "x"); /* goes on where there is room */
    expect_picture(&e, 4, 9, "一二三四\n五六七八\nx九\n十\n", 2, 1);
    press(&e, EDITOR_LINE_END, 1);
    assert_int_equal(e.cursor, 28);
    editor_release(&e);
}

static void test_pages(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "a1\nb2\nc3\nd4\ne5\nf6\ng7");
    expect_picture(&e, 3, 9, "e5\nf6\ng7\n", 2, 2);
    assert_true(editor_do(&e, EDITOR_PAGE_UP));
    expect_picture(&e, 3, 9, "b2\nc3\nd4\n", 2, 2);
    assert_true(editor_do(&e, EDITOR_PAGE_UP));
    expect_picture(&e, 3, 9, "a1\nb2\nc3\n", 0, 2);
    assert_false(editor_do(&e, EDITOR_PAGE_UP));
    assert_true(editor_do(&e, EDITOR_PAGE_DOWN));
    expect_picture(&e, 3, 9, "d4\ne5\nf6\n", 0, 2);
    assert_true(editor_do(&e, EDITOR_PAGE_DOWN));
    assert_false(editor_do(&e, EDITOR_PAGE_DOWN));
    assert_int_equal(e.cursor, editor_len(&e));
    editor_release(&e);
}

static void test_scrolls_with_the_cursor(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "1\n2\n3\n4\n5\n6");
    expect_picture(&e, 2, 4, "5\n6\n", 1, 1);
    press(&e, EDITOR_UP, 1);
    expect_picture(&e, 2, 4, "5\n6\n", 0, 1); /* no more than is needed */
    press(&e, EDITOR_UP, 1);
    expect_picture(&e, 2, 4, "4\n5\n", 0, 1);
    press(&e, EDITOR_TEXT_START, 1);
    expect_picture(&e, 2, 4, "1\n2\n", 0, 0);
    press(&e, EDITOR_TEXT_END, 1);
    expect_picture(&e, 4, 4, "3\n4\n5\n6\n", 3, 1);
    press(&e, EDITOR_BACKSPACE, 5);
    expect_picture(&e, 4, 4, "1\n2\n3\n\n", 3, 0); /* no room is left empty */
    /* the form measures with the whole window first: that scrolls nothing */
    editor_set(&e, "1\n2\n3\n4\n5\n6", 11);
    expect_picture(&e, 2, 4, "5\n6\n", 1, 1);
    press(&e, EDITOR_UP, 1);
    editor_layout(&e, 5, 4);
    expect_picture(&e, 2, 4, "5\n6\n", 0, 1);
    editor_release(&e);
}

static void test_line_scrolls_sideways(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_LINE, "abcdefghijkl");
    expect_picture(&e, 1, 13, "abcdefghijkl\n", 0, 12);
    expect_picture(&e, 1, 7, "ghijkl\n", 0, 6);
    press(&e, EDITOR_LEFT, 6);
    expect_picture(&e, 1, 7, "ghijkl\n", 0, 0);
    press(&e, EDITOR_LEFT, 1);
    expect_picture(&e, 1, 7, "defghij\n", 0, 2); /* shows some of what is before */
    press(&e, EDITOR_LINE_START, 1);
    expect_picture(&e, 1, 7, "abcdefg\n", 0, 0);
    press(&e, EDITOR_LINE_END, 1);
    expect_picture(&e, 1, 7, "ghijkl\n", 0, 6);
    press(&e, EDITOR_BACKSPACE, 4); /* no room is left empty */
    expect_picture(&e, 1, 7, "cdefgh\n", 0, 6);
    editor_set(&e, "暖气不热了", 15);
    expect_picture(&e, 1, 6, "热了\n", 0, 4);
    press(&e, EDITOR_LEFT, 1);
    expect_picture(&e, 1, 6, "热了\n", 0, 2);
    assert_false(editor_do(&e, EDITOR_UP));
    assert_false(editor_do(&e, EDITOR_PAGE_DOWN));
    assert_false(editor_do(&e, EDITOR_NEWLINE));
    editor_release(&e);
}

/* --- words, lines ----------------------------------------------------------------------------- */

static void test_words(void **state)
{
    (void)state;
    static const char text[] = "3号楼，电梯 stopped-again。\n明天e" ACUTE "t";
    static const char *const stops[] = {"号楼，", "电梯", "stopped",
                                        "again",  "明天", "e" ACUTE "t"};
    struct editor e;
    start(&e, EDITOR_TEXT, text);
    for (int i = 5; i >= 0; i--) {
        assert_true(editor_do(&e, EDITOR_WORD_LEFT));
        assert_ptr_equal(editor_text(&e) + e.cursor, strstr(editor_text(&e), stops[i]));
    }
    assert_true(editor_do(&e, EDITOR_WORD_LEFT));
    assert_false(editor_do(&e, EDITOR_WORD_LEFT));
    for (int i = 0; i <= 5; i++) {
        assert_true(editor_do(&e, EDITOR_WORD_RIGHT));
        assert_ptr_equal(editor_text(&e) + e.cursor, strstr(editor_text(&e), stops[i]));
    }
    assert_true(editor_do(&e, EDITOR_WORD_RIGHT));
    assert_false(editor_do(&e, EDITOR_WORD_RIGHT));
    editor_release(&e);
}

static void test_names_of_several_words(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_LINE, "note send_back 3-2");
    press(&e, EDITOR_WORD_LEFT, 3);
    assert_int_equal(e.cursor, 5);
    editor_release(&e);
}

static void test_delete_word(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_LINE, "你好，世界 again. ");
    assert_true(editor_do(&e, EDITOR_DELETE_WORD));
    expect_text(&e, "你好，世界 ", 16);
    assert_true(editor_do(&e, EDITOR_DELETE_WORD));
    expect_text(&e, "你好，", 9);
    assert_true(editor_do(&e, EDITOR_DELETE_WORD));
    expect_text(&e, "", 0);
    assert_false(editor_do(&e, EDITOR_DELETE_WORD));
    press(&e, EDITOR_UNDO, 1);
    expect_text(&e, "你好，", 9);
    editor_release(&e);
}

static void test_delete_to_end(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "一二三四五六\nab");
    editor_layout(&e, 3, 9);
    press(&e, EDITOR_TEXT_START, 1);
    press(&e, EDITOR_RIGHT, 1);
    assert_true(editor_do(&e, EDITOR_DELETE_TO_END)); /* what was wrapped comes up */
    expect_text(&e, "一五六\nab", 3);
    assert_true(editor_do(&e, EDITOR_DELETE_TO_END));
    expect_text(&e, "一\nab", 3);
    assert_true(editor_do(&e, EDITOR_DELETE_TO_END));
    expect_text(&e, "一ab", 3);
    assert_true(editor_do(&e, EDITOR_DELETE_TO_END));
    assert_false(editor_do(&e, EDITOR_DELETE_TO_END));
    expect_text(&e, "一", 3);
    editor_set(&e, "一二三四五六", 18);
    press(&e, EDITOR_TEXT_START, 1);
    press(&e, EDITOR_LINE_END, 1);
    assert_true(editor_do(&e, EDITOR_DELETE_TO_END)); /* at the end of a wrapped line: the next */
    expect_text(&e, "一二三四", 12);
    editor_release(&e);
}

/* --- what is taken ---------------------------------------------------------------------------- */

static void test_ceiling(void **state)
{
    (void)state;
    struct editor e;
    editor_init(&e, EDITOR_TEXT, 10);
    assert_int_equal(paste(&e, "暖气不热"), 3);
    expect_text(&e, "暖气不", 9);
    assert_int_equal(type(&e, "热"), 3);
    assert_int_equal(type(&e, "e" ACUTE), 3); /* not without its mark */
    assert_int_equal(type(&e, "x"), 0);
    assert_false(editor_do(&e, EDITOR_NEWLINE));
    expect_text(&e, "暖气不x", 10);
    assert_int_equal(editor_set(&e, "ab" FAMILY, 20), 18);
    expect_text(&e, "ab", 2);
    editor_release(&e);
}

static void test_what_is_no_text_is_left_out(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "");
    assert_int_equal(editor_insert(&e, "a\0b\x1b[2J\x7F\x80\xFFz\xE6\x9A", 13, true), 7);
    expect_text(&e, "ab[2Jz", 6);
    uint64_t revision = editor_revision(&e);
    assert_int_equal(type(&e, "\x01\xC0\x80\xED\xA0\x80"), 6); /* overlong, surrogate */
    assert_true(editor_revision(&e) == revision);
    assert_int_equal(editor_set(&e, "\x1f", 1), 1);
    expect_text(&e, "", 0);
    editor_release(&e);
}

static void test_line_feeds_and_tabs(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "");
    assert_int_equal(paste(&e, "a\r\nb\rc\nd\te\r\n"), 0);
    expect_text(&e, "a\nb\nc\nd    e\n", 13);
    editor_release(&e);
    start(&e, EDITOR_LINE, "");
    assert_int_equal(paste(&e, "A\r\n12\n\r\n"), 0);
    expect_text(&e, "A 12", 4);
    editor_release(&e);
    start(&e, EDITOR_SECRET, "");
    assert_int_equal(paste(&e, "pass\n"), 0);
    assert_int_equal(paste(&e, "wo\nrd"), 1);
    expect_text(&e, "password", 8);
    editor_release(&e);
}

/* --- undo ------------------------------------------------------------------------------------- */

static void test_typing_is_undone_by_runs(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "");
    type_each(&e, "abc");
    press(&e, EDITOR_LEFT, 1);
    press(&e, EDITOR_RIGHT, 1);
    type_each(&e, "暖气");
    press(&e, EDITOR_NEWLINE, 1);
    type_each(&e, "def");
    press(&e, EDITOR_UNDO, 1);
    expect_text(&e, "abc暖气\n", 10);
    press(&e, EDITOR_UNDO, 1);
    expect_text(&e, "abc暖气", 9);
    press(&e, EDITOR_UNDO, 1);
    expect_text(&e, "abc", 3);
    press(&e, EDITOR_UNDO, 1);
    expect_text(&e, "", 0);
    assert_false(editor_do(&e, EDITOR_UNDO));
    press(&e, EDITOR_REDO, 4);
    expect_text(&e, "abc暖气\ndef", 13);
    assert_false(editor_do(&e, EDITOR_REDO));
    editor_release(&e);
}

static void test_a_run_has_twenty_characters(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "");
    type_each(&e, "abcdefghijklmnopqrstuvwxyz");
    press(&e, EDITOR_UNDO, 1);
    expect_text(&e, "abcdefghijklmnopqrst", 20);
    press(&e, EDITOR_UNDO, 1);
    expect_text(&e, "", 0);
    editor_release(&e);
}

static void test_a_paste_is_one_step(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "");
    type_each(&e, "ab");
    paste(&e, "one\ntwo, and far more than twenty characters\nthree");
    paste(&e, "x");
    type_each(&e, "y");
    press(&e, EDITOR_UNDO, 1);
    press(&e, EDITOR_UNDO, 1);
    assert_int_equal(editor_len(&e), 52);
    press(&e, EDITOR_UNDO, 1);
    expect_text(&e, "ab", 2);
    press(&e, EDITOR_REDO, 1);
    assert_int_equal(e.cursor, 52);
    editor_release(&e);
}

static void test_deleting_is_undone_by_runs(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "暖气不热了吗");
    press(&e, EDITOR_BACKSPACE, 2);
    press(&e, EDITOR_LEFT, 2);
    press(&e, EDITOR_DELETE, 2);
    expect_text(&e, "暖气", 6);
    press(&e, EDITOR_BACKSPACE, 1); /* another kind of deleting */
    press(&e, EDITOR_UNDO, 1);
    expect_text(&e, "暖气", 6);
    press(&e, EDITOR_UNDO, 1);
    expect_text(&e, "暖气不热", 6);
    press(&e, EDITOR_UNDO, 1);
    expect_text(&e, "暖气不热了吗", 18);
    assert_false(editor_do(&e, EDITOR_UNDO));
    press(&e, EDITOR_REDO, 2);
    expect_text(&e, "暖气", 6);
    editor_release(&e);
}

static void test_a_change_ends_redo(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_LINE, "");
    type(&e, "a");
    paste(&e, "b");
    press(&e, EDITOR_UNDO, 1);
    type(&e, "c");
    assert_false(editor_do(&e, EDITOR_REDO));
    expect_text(&e, "ac", 2);
    press(&e, EDITOR_UNDO, 1);
    expect_text(&e, "a", 1);
    editor_release(&e);
}

static void test_set_forgets_the_history(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "one");
    type(&e, "!");
    uint64_t revision = editor_revision(&e);
    editor_set(&e, "two\nlines", 9);
    assert_true(editor_revision(&e) > revision);
    expect_text(&e, "two\nlines", 9);
    assert_int_equal(editor_lines(&e), 2);
    assert_false(editor_do(&e, EDITOR_UNDO));
    press(&e, EDITOR_LEFT, 3);
    revision = editor_revision(&e);
    press(&e, EDITOR_UP, 1);
    assert_true(editor_revision(&e) == revision); /* a move is no change */
    press(&e, EDITOR_DELETE, 1);
    assert_true(editor_revision(&e) > revision);
    editor_release(&e);
}

static void test_history_has_bounds(void **state)
{
    (void)state;
    struct editor e;
    editor_init(&e, EDITOR_TEXT, 4096);
    for (int i = 0; i < 3 * EDITOR_CHANGES; i++) {
        paste(&e, "x");
        press(&e, EDITOR_BACKSPACE, 1);
    }
    assert_int_equal(e.n_changes, EDITOR_CHANGES);
    int steps = 0;
    while (editor_do(&e, EDITOR_UNDO))
        steps++;
    assert_int_equal(steps, EDITOR_CHANGES);
    char page[4096];
    memset(page, 'x', sizeof page);
    for (int i = 0; i < 50; i++) {
        editor_insert(&e, page, sizeof page, true);
        press(&e, EDITOR_DELETE_WORD, 1);
        assert_true(e.change_bytes <= 3 * 4096);
    }
    assert_true(editor_do(&e, EDITOR_UNDO));
    assert_int_equal(editor_len(&e), 4096);
    editor_release(&e);
}

/* --- secret, hostile, small ------------------------------------------------------------------- */

static void test_secret(void **state)
{
    (void)state;
    struct editor e;
    editor_init(&e, EDITOR_SECRET, 64);
    type_each(&e, "pass 暖e" ACUTE);
    expect_picture(&e, 1, 20, "*******\n", 0, 7);
    expect_picture(&e, 1, 4, "***\n", 0, 3);
    press(&e, EDITOR_LEFT, 1);
    press(&e, EDITOR_BACKSPACE, 1);
    expect_text(&e, "pass e" ACUTE, 5);
    assert_false(editor_do(&e, EDITOR_UNDO));
    assert_int_equal(e.n_changes, 0);
    for (size_t i = editor_len(&e); i < 11; i++) /* nothing of it stays behind the end */
        assert_int_equal(e.text[i], 0);
    assert_true(editor_do(&e, EDITOR_WORD_LEFT)); /* does not tell where words are */
    assert_int_equal(e.cursor, 0);
    assert_true(editor_do(&e, EDITOR_WORD_RIGHT));
    assert_int_equal(e.cursor, 8);
    press(&e, EDITOR_TEXT_END, 1);
    press(&e, EDITOR_DELETE_WORD, 1);
    expect_text(&e, "", 0);
    editor_release(&e);
}

/* Wherever the cursor stands, its cell holds what the gate shows of the character there. */
static void expect_aligned(struct editor *e, int rows, int cols)
{
    struct surface s;
    struct arena a;
    int row, col;
    surface_init(&s);
    arena_init(&a, 0);
    assert_int_equal(surface_resize(&s, rows, cols, NULL), ST_OK);
    press(e, EDITOR_TEXT_START, 1);
    do {
        const char *rest = editor_text(e) + e->cursor;
        editor_draw(e, &s, (struct rect){0, 0, rows, cols}, ROLE, &row, &col);
        assert_in_range(row, 0, rows - 1);
        assert_in_range(col, 0, cols - 1);
        if (!*rest || *rest == '\n' || *rest == ' ')
            continue;
        struct clean shown = text_clean(&a, rest, grapheme_next(rest, strlen(rest)), CLEAN_LINE);
        const char *first = shown.text + (shown.text[0] == CLEAN_ON);
        int cells;
        size_t len = cluster_next(first, strlen(first), &cells);
        const struct cell *cell = &s.cell[row * cols + col];
        if (col + cells > cols)
            continue;
        assert_int_equal(cell->len, len);
        assert_memory_equal(cell->text, first, len);
        assert_int_equal(cell->role, shown.text[0] == CLEAN_ON ? SURFACE_ESCAPED : ROLE);
    } while (editor_do(e, EDITOR_RIGHT));
    arena_release(&a);
    surface_release(&s);
}

static void test_hostile_text_is_shown_and_aligned(void **state)
{
    (void)state;
    static const char text[] =
        "a" RLO "b" ZWSP NEL "暖" FAMILY "\xE2\x80\xA8" ACUTE
        "x" ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE "气\xEF\xBB\xBF\xEE\x80\x80 z\xE1\x80\xAB";
    struct editor e;
    start(&e, EDITOR_LINE, "a" RLO "b");
    assert_string_equal(editor_text(&e), "a" RLO "b"); /* shown otherwise, kept as it is */
    expect_picture(&e, 1, 20, "a<U+202E>b\n", 0, 10);
    press(&e, EDITOR_LEFT, 1);
    expect_picture(&e, 1, 20, "a<U+202E>b\n", 0, 9);
    press(&e, EDITOR_BACKSPACE, 1);
    expect_text(&e, "ab", 1);
    editor_set(&e, text, sizeof text - 1);
    expect_aligned(&e, 1, 200);
    expect_aligned(&e, 1, 12);
    editor_release(&e);
    start(&e, EDITOR_TEXT, text);
    expect_aligned(&e, 3, 30);
    expect_aligned(&e, 2, 12);
    expect_aligned(&e, 2, 3);
    editor_release(&e);
    /* a visible form is not torn apart at the edge */
    start(&e, EDITOR_TEXT, "abcd" RLO "e");
    expect_picture(&e, 2, 11, "abcd\n<U+202E>e\n", 1, 9);
    editor_release(&e);
}

static void test_ambiguous_characters_are_aligned(void **state)
{
    (void)state;
    struct editor e;
    start(&e, EDITOR_TEXT, "“暖气”……±1");
    expect_picture(&e, 1, 30, "“暖气”……±1\n", 0, 10);
    editor_release(&e);
    width_set_ambiguous(2);
    start(&e, EDITOR_TEXT, "“暖气”……±1");
    expect_picture(&e, 1, 30, "“暖气”……±1\n", 0, 15);
    expect_aligned(&e, 4, 6);
    width_set_ambiguous(1);
    editor_release(&e);
}

static void test_smallest_rectangles(void **state)
{
    (void)state;
    for (enum editor_kind kind = EDITOR_LINE; kind <= EDITOR_SECRET; kind++) {
        struct editor e;
        start(&e, kind, "a" RLO "暖b");
        if (kind != EDITOR_SECRET)
            expect_aligned(&e, 1, 1);
        expect_picture(&e, 1, 1, kind == EDITOR_TEXT ? "b\n" : "\n", 0, 0);
        struct surface s;
        int row, col;
        surface_init(&s);
        assert_int_equal(surface_resize(&s, 3, 3, NULL), ST_OK);
        editor_draw(&e, &s, (struct rect){0, 0, 0, 3}, ROLE, &row, &col);
        assert_int_equal(row, -1);
        editor_draw(&e, &s, (struct rect){0, 0, 3, -2}, ROLE, &row, &col);
        assert_int_equal(row, -1);
        struct rect old = surface_clip(&s, (struct rect){0, 0, 1, 3});
        editor_draw(&e, &s, (struct rect){1, 0, 1, 3}, ROLE, &row, &col); /* outside the clip */
        assert_int_equal(row, -1);
        surface_unclip(&s, old);
        editor_draw(&e, &s, (struct rect){2, 1, 1, 1}, ROLE, &row, &col);
        assert_int_equal(row, 2);
        assert_int_equal(col, 1);
        editor_layout(&e, -5, 0);
        editor_release(&e);
        surface_release(&s);
    }
}

static void test_fills_its_rectangle_only(void **state)
{
    (void)state;
    struct editor e;
    struct surface s;
    int row, col;
    start(&e, EDITOR_LINE, "暖气不é");
    press(&e, EDITOR_LINE_START, 1);
    surface_init(&s);
    assert_int_equal(surface_resize(&s, 1, 8, NULL), ST_OK);
    surface_put(&s, 0, 0, 8, clean_own("xxxxxxxx"), 1);
    editor_draw(&e, &s, (struct rect){0, 1, 1, 5}, ROLE, &row, &col);
    assert_int_equal(s.cell[0].text[0], 'x');
    assert_int_equal(s.cell[1].cells, 2);
    assert_int_equal(s.cell[1].role, ROLE);
    assert_int_equal(s.cell[5].text[0],
                     ' '); /* half a character does not fit, nor what is after it */
    assert_int_equal(s.cell[5].role, ROLE);
    assert_int_equal(s.cell[6].text[0], 'x');
    surface_release(&s);
    editor_release(&e);
}

/* --- properties ------------------------------------------------------------------------------- */

static enum editor_op random_op(struct rng *r)
{
    return (enum editor_op)rng_below(r, EDITOR_OP_COUNT);
}

static void random_insert(struct editor *e, struct rng *r)
{
    char s[512];
    size_t n = 0;
    for (uint32_t i = 1 + rng_below(r, 4) * rng_below(r, 8); i > 0; i--) {
        const char *one = piece(r);
        memcpy(s + n, one, strlen(one));
        n += strlen(one);
    }
    editor_insert(e, s, n, rng_below(r, 2) == 0);
}

/* Lines made piece by piece are those that wrapping all at once would make. */
static void expect_same_lines(const struct editor *e)
{
    struct editor whole;
    editor_init(&whole, EDITOR_TEXT, ROOM);
    editor_layout(&whole, e->rows, e->cols);
    editor_set(&whole, editor_text(e), editor_len(e));
    assert_string_equal(editor_text(&whole), editor_text(e));
    assert_int_equal(whole.n_lines, e->n_lines);
    assert_memory_equal(whole.line, e->line, e->n_lines * sizeof *e->line);
    editor_release(&whole);
}

static void test_lines_are_kept_up_to_date(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 11);
    for (int round = 0; round < 60; round++) {
        struct editor e;
        start(&e, EDITOR_TEXT, "");
        editor_layout(&e, 5, 1 + (int)rng_below(&r, 40));
        for (int i = 0; i < 120; i++) {
            if (rng_below(&r, 2) == 0)
                random_insert(&e, &r);
            else
                press(&e, random_op(&r), 1 + (int)rng_below(&r, 3));
            expect_same_lines(&e);
        }
        editor_release(&e);
    }
}

/* A text as plain as can be: borders by the library, over the whole of it, for every step. */
struct model {
    char text[8192], starts[8193];
    size_t len, cursor;
};

static size_t model_border(const struct model *m, size_t at, int step)
{
    while (!m->starts[at])
        at += (size_t)step;
    return at;
}

static void model_replace(struct model *m, size_t at, size_t removed, const char *s, size_t n)
{
    memmove(m->text + at + n, m->text + at + removed, m->len - at - removed);
    memcpy(m->text + at, s, n);
    m->len += n - removed;
    m->text[m->len] = '\0';
    borders(m->text, m->len, m->starts);
    m->cursor = model_border(m, at + n, 1);
}

static void model_do(struct model *m, enum editor_op op)
{
    size_t left = m->cursor > 0 ? model_border(m, m->cursor - 1, -1) : 0;
    size_t right = m->cursor < m->len ? model_border(m, m->cursor + 1, 1) : m->len;
    switch (op) {
    case EDITOR_LEFT:
        m->cursor = left;
        break;
    case EDITOR_RIGHT:
        m->cursor = right;
        break;
    case EDITOR_TEXT_START:
        m->cursor = 0;
        break;
    case EDITOR_TEXT_END:
        m->cursor = m->len;
        break;
    case EDITOR_NEWLINE:
        model_replace(m, m->cursor, 0, "\n", 1);
        break;
    case EDITOR_BACKSPACE:
        model_replace(m, left, m->cursor - left, "", 0);
        break;
    case EDITOR_DELETE:
        model_replace(m, m->cursor, right - m->cursor, "", 0);
        break;
    default:
        break;
    }
}

static void test_random_work_against_a_plain_model(void **state)
{
    (void)state;
    static struct model m;
    struct rng r;
    rng_seed(&r, 5);
    for (int round = 0; round < 150; round++) {
        struct editor e;
        start(&e, EDITOR_TEXT, "");
        memset(&m, 0, sizeof m);
        m.starts[0] = 1;
        editor_layout(&e, 4, 1 + (int)rng_below(&r, 30));
        for (int i = 0; i < 200 && m.len < 4000; i++) {
            enum editor_op op = random_op(&r);
            if (rng_below(&r, 2) == 0) {
                const char *one = piece(&r);
                type(&e, one);
                model_replace(&m, m.cursor, 0, one, strlen(one));
            } else {
                size_t before = m.len;
                uint64_t revision = editor_revision(&e);
                size_t cursor = e.cursor;
                bool at_end = e.at_end, did = editor_do(&e, op);
                model_do(&m, op);
                if (!did) {
                    assert_int_equal(before, editor_len(&e));
                    assert_int_equal(cursor, e.cursor);
                    assert_true(editor_revision(&e) == revision && at_end == e.at_end);
                }
                if (op == EDITOR_UNDO || op == EDITOR_REDO || op == EDITOR_DELETE_WORD ||
                    op == EDITOR_DELETE_TO_END) { /* what they do is looked at elsewhere */
                    assert_true(editor_len(&e) < sizeof m.text);
                    m.len = editor_len(&e);
                    memcpy(m.text, editor_text(&e), m.len + 1);
                    borders(m.text, m.len, m.starts);
                    m.cursor = e.cursor;
                } else if (m.cursor != e.cursor) { /* moves that depend on lines and words */
                    assert_true(op != EDITOR_LEFT && op != EDITOR_RIGHT && op >= EDITOR_UP &&
                                op <= EDITOR_PAGE_DOWN);
                    m.cursor = e.cursor;
                }
            }
            expect_text(&e, m.text, m.cursor);
            assert_int_equal(m.starts[e.cursor], 1);
            assert_true(utf8_valid(editor_text(&e), editor_len(&e)));
        }
        editor_release(&e);
    }
}

static void test_undo_all_and_redo_all(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 3);
    for (int round = 0; round < 100; round++) {
        struct editor e;
        start(&e, EDITOR_TEXT, "开始 start\n");
        editor_layout(&e, 4, 20);
        for (int i = 0; i < 200; i++) {
            enum editor_op op = random_op(&r);
            if (rng_below(&r, 3) > 0)
                random_insert(&e, &r);
            else if (op != EDITOR_UNDO || rng_below(&r, 4) == 0)
                editor_do(&e, op);
        }
        while (editor_do(&e, EDITOR_REDO))
            continue;
        char *end = strdup(editor_text(&e));
        int undone = 0, redone = 0;
        while (editor_do(&e, EDITOR_UNDO)) {
            char starts[65536];
            undone++;
            assert_true(editor_len(&e) < sizeof starts);
            borders(editor_text(&e), editor_len(&e), starts);
            assert_int_equal(starts[e.cursor], 1);
        }
        assert_string_equal(editor_text(&e), "开始 start\n");
        expect_same_lines(&e);
        while (editor_do(&e, EDITOR_REDO))
            redone++;
        assert_string_equal(editor_text(&e), end);
        assert_int_equal(undone, redone);
        free(end);
        editor_release(&e);
    }
}

static void expect_lines_that_fit(const struct editor *e)
{
    for (size_t i = 1; i < e->n_lines; i++) {
        assert_in_range(e->line[i], e->line[i - 1] + 1, e->len);
        assert_true(((unsigned char)e->text[e->line[i]] & 0xC0) != 0x80);
    }
}

static void work_without_memory(struct editor *e, struct surface *s)
{
    static const char text[] = "暖气不热，line\n\n\n" ZWSP;
    int row, col;
    for (int i = 0; i < 40; i++) {
        editor_do(e, i % 2 ? EDITOR_TEXT_END : EDITOR_TEXT_START);
        editor_do(e, EDITOR_LINE_END);
        size_t before = editor_len(e), lost = paste(e, text), taken = editor_len(e) - before;
        expect_lines_that_fit(e);
        bool deleted = taken > 0 && editor_do(e, EDITOR_BACKSPACE);
        assert_int_equal(taken + lost, sizeof text - 1);
        assert_true(taken == 0 || lost == 0);
        assert_true(deleted || editor_len(e) == before + taken);
        editor_layout(e, 4, 9 + i / 9);
        editor_do(e, EDITOR_UP);
        editor_do(e, EDITOR_UNDO);
        editor_do(e, EDITOR_REDO);
        editor_draw(e, s, (struct rect){0, 0, 4, 9 + i / 9}, ROLE, &row, &col);
        assert_true(utf8_valid(editor_text(e), editor_len(e)));
        assert_true(strncmp(editor_text(e), "开始 ", 7) == 0);
    }
}

static void test_no_memory_loses_no_text(void **state)
{
    (void)state;
    for (long left = 1; left < 240; left++) {
        struct editor e;
        struct surface s;
        start(&e, EDITOR_TEXT, "开始 " RLO "start\n");
        surface_init(&s);
        assert_int_equal(surface_resize(&s, 4, 14, NULL), ST_OK);
        editor_layout(&e, 4, 9);
        requests_left = 1 + left / 2;
        once = left % 2;
        work_without_memory(&e, &s);
        requests_left = -1;
        editor_insert(&e, "x", 1, false);
        expect_same_lines(&e); /* in order again with the memory */
        surface_release(&s);
        editor_release(&e);
    }
}

/* Keys in a long reply must not cost more than in a short one by more than its lines do. */
static void test_a_long_reply(void **state)
{
    (void)state;
    struct editor e;
    char *text = malloc(3 * 20000 + 1);
    for (size_t i = 0; i < 20000; i++)
        memcpy(text + 3 * i, i % 17 == 16 ? "，" : "暖", 3);
    text[3 * 20000] = '\0';
    start(&e, EDITOR_TEXT, text);
    editor_layout(&e, 20, 78);
    press(&e, EDITOR_TEXT_START, 1);
    press(&e, EDITOR_DOWN, 250);
    size_t cursor = e.cursor;
    for (int i = 0; i < 300; i++) {
        type(&e, "x");
        press(&e, EDITOR_BACKSPACE, 1);
        press(&e, EDITOR_LEFT, 1);
        press(&e, EDITOR_RIGHT, 1);
    }
    assert_int_equal(e.cursor, cursor);
    assert_string_equal(editor_text(&e), text);
    expect_same_lines(&e);
    free(text);
    editor_release(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_chinese),
        cmocka_unit_test(test_marks_stay_with_their_base),
        cmocka_unit_test(test_cursor_after_joining),
        cmocka_unit_test(test_emoji_of_several_are_one),
        cmocka_unit_test(test_same_characters_as_the_library),
        cmocka_unit_test(test_wide_at_the_right_edge),
        cmocka_unit_test(test_wrap),
        cmocka_unit_test(test_blanks_hang_over_the_edge),
        cmocka_unit_test(test_goal_column),
        cmocka_unit_test(test_up_and_down_in_a_wrapped_paragraph),
        cmocka_unit_test(test_home_and_end_of_what_is_one_line_on_the_screen),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_scrolls_with_the_cursor),
        cmocka_unit_test(test_line_scrolls_sideways),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_names_of_several_words),
        cmocka_unit_test(test_delete_word),
        cmocka_unit_test(test_delete_to_end),
        cmocka_unit_test(test_ceiling),
        cmocka_unit_test(test_what_is_no_text_is_left_out),
        cmocka_unit_test(test_line_feeds_and_tabs),
        cmocka_unit_test(test_typing_is_undone_by_runs),
        cmocka_unit_test(test_a_run_has_twenty_characters),
        cmocka_unit_test(test_a_paste_is_one_step),
        cmocka_unit_test(test_deleting_is_undone_by_runs),
        cmocka_unit_test(test_a_change_ends_redo),
        cmocka_unit_test(test_set_forgets_the_history),
        cmocka_unit_test(test_history_has_bounds),
        cmocka_unit_test(test_secret),
        cmocka_unit_test(test_hostile_text_is_shown_and_aligned),
        cmocka_unit_test(test_ambiguous_characters_are_aligned),
        cmocka_unit_test(test_smallest_rectangles),
        cmocka_unit_test(test_fills_its_rectangle_only),
        cmocka_unit_test(test_lines_are_kept_up_to_date),
        cmocka_unit_test(test_random_work_against_a_plain_model),
        cmocka_unit_test(test_undo_all_and_redo_all),
        cmocka_unit_test(test_no_memory_loses_no_text),
        cmocka_unit_test(test_a_long_reply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
