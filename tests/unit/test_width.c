/* Cells, cuts and line breaks. */
#include "core/text/utf8.h"
#include "core/text/width.h"
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unictype.h>
#include <wchar.h>

#include <cmocka.h>

static int width(const char *s)
{
    return text_width(s, strlen(s));
}

static void test_cells(void **state)
{
    (void)state;
    assert_int_equal(width(""), 0);
    assert_int_equal(width("abc 123"), 7);
    assert_int_equal(width("暖气不热"), 8);
    assert_int_equal(width("(暖)。"), 6);
    assert_int_equal(width("e\xCC\x81"), 1);        /* a mark takes no cell */
    assert_int_equal(width("\xF0\x9F\x98\x80"), 2); /* emoji */
    assert_int_equal(width("\xF0\x9F\x8C\xA1"), 1); /* U+1F321 is drawn in one cell */
    assert_int_equal(width("\xEA\xB0\x80"), 2);     /* Hangul syllable */
    assert_int_equal(width("\x01"
                           "a\x02"),
                     1); /* the gate's marks take no cell */
}

static void test_ambiguous_is_a_setting(void **state)
{
    (void)state;
    assert_int_equal(width_ambiguous(), 1);
    assert_int_equal(width("±"), 1);
    width_set_ambiguous(2);
    assert_int_equal(width("±"), 2);
    assert_int_equal(width("a暖"), 3);
    width_set_ambiguous(1);
    assert_int_equal(width("±"), 1);
}

/* The C library counts cells for ncurses and for most terminals: a character that we count otherwise
 * would push the frame aside. */
static void test_same_cells_as_the_c_library(void **state)
{
    (void)state;
    int wrong = 0;
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        skip();
    for (uint32_t c = 0x20; c <= 0x10FFFF; c++) {
        char bytes[4];
        size_t n = utf8_encode(c, bytes);
        if (n == 0 || !uc_is_general_category_withtable(
                          c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N |
                                 UC_CATEGORY_MASK_P | UC_CATEGORY_MASK_S | UC_CATEGORY_MASK_Zs))
            continue;
        int theirs = wcwidth((wchar_t)c), ours = text_width(bytes, n);
        if (theirs >= 0 && theirs != ours) {
            print_message("U+%04X: %d cells, wcwidth %d\n", (unsigned)c, ours, theirs);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_a_cluster_is_never_wider_than_its_cells(void **state)
{
    (void)state;
    int cells;
    /* leading Hangul, flags and skin tones have cells of their own each */
    assert_int_equal(width("\xE1\x84\x80\xE1\x84\x80\xE1\x84\x80"), 6);
    assert_int_equal(width("\xF0\x9F\x87\xA8\xF0\x9F\x87\xB3"), 2);
    assert_int_equal(width("\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD"), 4);
    assert_int_equal(cluster_next("e\xCC\x81x", 4, &cells), 3);
    assert_int_equal(cells, 1);
    assert_int_equal(cluster_prev("ae\xCC\x81", 4), 3);
    assert_int_equal(cluster_prev("a暖", 4), 3);
    assert_int_equal(cluster_prev("ab", 2), 1);
}

static void test_fit(void **state)
{
    (void)state;
    static const char text[] = "a暖气b";
    static const size_t want[] = {0, 1, 1, 4, 4, 7, 8, 8};
    static const int want_cells[] = {0, 1, 1, 3, 3, 5, 6, 6};
    for (int i = 0; i < 8; i++) {
        int cells = -1;
        assert_int_equal(text_fit(text, 8, i, &cells), want[i]);
        assert_int_equal(cells, want_cells[i]);
    }
}

static void test_breaks(void **state)
{
    (void)state;
    assert_int_equal(text_break("hello world", 11, 8), 6); /* the blank stays with its line */
    assert_int_equal(text_break("hello world", 11, 5), 6); /* and hangs over the border */
    assert_int_equal(text_break("hello world", 11, 11), 11);
    assert_int_equal(text_break("well-known", 10, 6), 5);
    assert_int_equal(text_break("abcdefgh", 8, 3), 3);     /* no place: anywhere */
    assert_int_equal(text_break("暖气不热", 12, 5), 6);    /* between Han */
    assert_int_equal(text_break("暖气。", 9, 4), 3);       /* not before 。 */
    assert_int_equal(text_break("暖（气", 9, 4), 3);       /* not after （ */
    assert_int_equal(text_break("暖", 3, 1), 3);           /* wider than the line */
    assert_int_equal(text_break("ab \xCC\xA8z", 6, 2), 2); /* a blank with a mark is seen */
    assert_int_equal(text_break("", 0, 5), 0);
}

static void test_lines_are_whole(void **state)
{
    (void)state;
    static const char text[] =
        "【热线】3号楼 12 层,电梯 stopped-again 两天了。e\xCC\x81 \xF0\x9F\x98\x80\xF0\x9F\x98\x80 "
        "averyveryverylongwordwithoutanyplace(括号)《书名》……\x80\xFF end";
    size_t n = sizeof text - 1;
    for (int cells = 1; cells <= 120; cells++) {
        size_t at = 0;
        while (at < n) {
            size_t len = text_break(text + at, n - at, cells);
            size_t shown = len;
            assert_true(len > 0 && len <= n - at);
            while (shown > 0 && text[at + shown - 1] == ' ')
                shown--;
            int one = 0;
            if (shown > 0 && cluster_next(text + at, n - at, &one) < shown)
                assert_true(text_width(text + at, shown) <= cells);
            at += len;
        }
        assert_int_equal(at, n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_ambiguous_is_a_setting),
        cmocka_unit_test(test_same_cells_as_the_c_library),
        cmocka_unit_test(test_a_cluster_is_never_wider_than_its_cells),
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_breaks),
        cmocka_unit_test(test_lines_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
