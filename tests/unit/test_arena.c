/* The arena: alignment, ceiling, sticky failure. */
#include "core/base/arena.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_blocks_are_aligned_zeroed_and_apart(void **state)
{
    (void)state;
    struct arena a;
    unsigned char *given[300];
    arena_init(&a, 0);
    for (size_t i = 0; i < 300; i++) {
        given[i] = arena_alloc(&a, i * 7 + 1);
        assert_non_null(given[i]);
        assert_int_equal((uintptr_t)given[i] % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < i * 7 + 1; k++)
            assert_int_equal(given[i][k], 0);
        memset(given[i], (int)(i & 0xFF), i * 7 + 1);
    }
    for (size_t i = 0; i < 300; i++)
        for (size_t k = 0; k < i * 7 + 1; k++)
            assert_int_equal(given[i][k], i & 0xFF);
    arena_release(&a);
}

static void test_ceiling_and_sticky_failure(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 100);
    assert_non_null(arena_alloc(&a, 100));
    assert_false(arena_failed(&a));
    assert_null(arena_alloc(&a, 1));
    assert_true(arena_failed(&a));
    assert_null(arena_alloc(&a, 0)); /* it stays so */
    assert_string_equal(arena_strdup(&a, "x"), "");
    assert_string_equal(arena_printf(&a, "%d", 7), "");
    arena_reset(&a);
    assert_false(arena_failed(&a));
    assert_string_equal(arena_strdup(&a, "x"), "x");
    arena_release(&a);
}

static void test_sizes_that_overflow(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    assert_null(arena_array(&a, SIZE_MAX / 2, 3));
    assert_true(arena_failed(&a));
    arena_reset(&a);
    assert_null(arena_alloc(&a, SIZE_MAX - 8));
    assert_true(arena_failed(&a));
    arena_release(&a);
}

static void test_texts(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    assert_string_equal(arena_strdup(&a, NULL), "");
    assert_string_equal(arena_strndup(&a, "abcdef", 3), "abc");
    assert_string_equal(arena_printf(&a, "%s-%05d", "a", 42), "a-00042");
    assert_int_equal(strlen(arena_printf(&a, "%10000d", 1)), 10000);
    assert_false(arena_failed(&a));
    arena_release(&a);
    assert_string_equal(arena_strdup(&a, "after release"), "after release");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks_are_aligned_zeroed_and_apart),
        cmocka_unit_test(test_ceiling_and_sticky_failure),
        cmocka_unit_test(test_sizes_that_overflow),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
