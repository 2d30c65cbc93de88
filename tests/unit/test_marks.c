/* Marks: kept in their order, once each, as many as there is room for. */
#include "tui/marks.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct uuid id_of(int n)
{
    return (struct uuid){{(uint8_t)(n >> 8), (uint8_t)n, 1}};
}

static void test_marks(void **state)
{
    (void)state;
    struct marks m = {.n = 0};
    struct uuid id;
    for (int i = 0; i < MARKS_MAX; i++) {
        id = id_of(i);
        assert_false(marks_has(&m, &id));
        assert_true(marks_add(&m, &id));
        assert_true(marks_has(&m, &id));
    }
    id = id_of(3);
    assert_true(marks_add(&m, &id)); /* is there already */
    assert_int_equal(m.n, MARKS_MAX);
    id = id_of(MARKS_MAX);
    assert_false(marks_add(&m, &id));
    id = id_of(3);
    marks_drop(&m, &id);
    marks_drop(&m, &id);
    assert_false(marks_has(&m, &id));
    assert_int_equal(m.n, MARKS_MAX - 1);
    for (int i = 0, at = 0; i < MARKS_MAX; i++) {
        id = id_of(i);
        if (i != 3)
            assert_int_equal(uuid_compare(&m.id[at++], &id), 0);
    }
    id = id_of(MARKS_MAX);
    assert_true(marks_add(&m, &id));
    assert_int_equal(uuid_compare(&m.id[MARKS_MAX - 1], &id), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_marks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
