/* The cell grid: clipping, wide characters, hostile text. */
#include "core/text/width.h"
#include "tui/surface.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect_dump(const struct surface *s, const char *want)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    surface_dump(s, &b);
    assert_int_equal(buf_status(&b), ST_OK);
    assert_string_equal(b.data, want);
    buf_release(&b);
}

static void test_box_and_clip(void **state)
{
    (void)state;
    struct surface s;
    surface_init(&s);
    assert_int_equal(surface_resize(&s, 3, 6, NULL), ST_OK);
    surface_box(&s, (struct rect){0, 0, 3, 6}, 1);
    struct rect old = surface_clip(&s, (struct rect){1, 1, 1, 4});
    assert_int_equal(surface_put(&s, 1, 0, 9, clean_own("abcdefghi"), 1), 9);
    surface_put(&s, 0, 0, 9, clean_own("zzz"), 1);
    surface_unclip(&s, old);
    expect_dump(&s, "┌────┐\n│bcde│\n└────┘\n");
    assert_int_equal(surface_resize(&s, -1, 6, NULL), ST_INVALID);
    surface_release(&s);
}

/* Ours becomes ASCII, what a text holds stays. */
static void test_ascii_signs(void **state)
{
    (void)state;
    struct surface s;
    struct arena a;
    surface_init(&s);
    arena_init(&a, 0);
    surface_set_ascii(true);
    assert_int_equal(surface_resize(&s, 3, 24, NULL), ST_OK);
    surface_box(&s, (struct rect){0, 0, 3, 24}, 1);
    int n = surface_put(&s, 1, 1, 22, text_clean_str(&a, "暖 · 气·x…\n→ · ", CLEAN_LINE), 1);
    assert_int_equal(n, 15);
    expect_dump(&s,
                "+----------------------+\n|暖 - 气·x…/→ -        |\n+----------------------+\n");
    surface_set_ascii(false);
    assert_int_equal(surface_put(&s, 1, 1, 22, clean_own("暖 · 气"), 1), 7);
    assert_memory_equal(s.cell[24 + 4].text, "·", 2);
    surface_release(&s);
    arena_release(&a);
}

/* A frame of two cells a piece would tear the grid. */
static void test_wide_frames_are_ascii(void **state)
{
    (void)state;
    struct surface s;
    surface_init(&s);
    width_set_ambiguous(2);
    assert_int_equal(surface_resize(&s, 2, 4, NULL), ST_OK);
    surface_box(&s, (struct rect){0, 0, 2, 4}, 1);
    expect_dump(&s, "+--+\n+--+\n");
    width_set_ambiguous(1);
    surface_release(&s);
}

static void test_wide_is_never_halved(void **state)
{
    (void)state;
    struct surface s;
    surface_init(&s);
    assert_int_equal(surface_resize(&s, 2, 5, NULL), ST_OK);
    assert_int_equal(surface_put(&s, 0, 0, 5, clean_own("暖气热"), 1), 4);
    surface_put(&s, 0, 1, 1, clean_own("x"), 1);
    surface_put(&s, 1, 4, 2, clean_own("暖"), 1);
    expect_dump(&s, " x气\n\n");
    surface_release(&s);
}

static void test_hostile_text_has_its_own_role(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    struct surface s;
    surface_init(&s);
    assert_int_equal(surface_resize(&s, 1, 40, NULL), ST_OK);
    surface_put(&s, 0, 0, 40, text_clean_str(&a, "a\x1b[2J\x80z", CLEAN_LINE), 1);
    int escaped = 0;
    for (int i = 0; i < 40; i++) {
        for (int k = 0; k < s.cell[i].len; k++)
            assert_true((unsigned char)s.cell[i].text[k] >= 0x20);
        escaped += s.cell[i].role == SURFACE_ESCAPED;
    }
    assert_true(escaped > 0);
    assert_int_equal(s.cell[0].role, 1);
    surface_release(&s);
    arena_release(&a);
}

static void test_rows_move_inside_their_rectangle(void **state)
{
    (void)state;
    struct surface s;
    surface_init(&s);
    assert_int_equal(surface_resize(&s, 4, 6, NULL), ST_OK);
    for (int row = 0; row < 4; row++) {
        static const char *const text[] = {"a暖1", "b气2", "c热3", "d冷4"};
        surface_put(&s, row, 0, 6, clean_own("|    |"), 1);
        surface_put(&s, row, 1, 4, clean_own(text[row]), 2);
    }
    surface_scroll(&s, (struct rect){1, 1, 3, 4}, 1);
    expect_dump(&s, "|a暖1|\n|c热3|\n|d冷4|\n|    |\n");
    assert_int_equal(s.cell[6 + 1].role, 2);
    surface_scroll(&s, (struct rect){0, 1, 4, 4}, -2);
    expect_dump(&s, "|    |\n|    |\n|a暖1|\n|c热3|\n");
    surface_scroll(&s, (struct rect){0, 0, 4, 3}, -1); /* through the middle of the wide ones */
    expect_dump(&s, "     |\n|    |\n|   1|\n|a  3|\n");
    surface_scroll(&s, (struct rect){0, 0, 4, 6}, 9);
    expect_dump(&s, "\n\n\n\n");
    surface_release(&s);
}

static void test_marks_join_their_letter(void **state)
{
    (void)state;
    struct surface s;
    surface_init(&s);
    assert_int_equal(surface_resize(&s, 1, 4, NULL), ST_OK);
    assert_int_equal(surface_put(&s, 0, 0, 4, clean_own("ae\xcc\x81z"), 1), 3);
    expect_dump(&s, "ae\xcc\x81z\n");
    assert_int_equal(s.cell[1].len, 3);
    surface_put(&s, 0, 0, 2, clean_own("暖"), 1);
    surface_put(&s, 0, 1, 1, clean_own("x"), 1);
    expect_dump(&s, " xz\n");
    surface_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_box_and_clip),
        cmocka_unit_test(test_ascii_signs),
        cmocka_unit_test(test_wide_frames_are_ascii),
        cmocka_unit_test(test_wide_is_never_halved),
        cmocka_unit_test(test_hostile_text_has_its_own_role),
        cmocka_unit_test(test_rows_move_inside_their_rectangle),
        cmocka_unit_test(test_marks_join_their_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
