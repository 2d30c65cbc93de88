/* The seeded generator gives the same numbers everywhere. */
#include "core/base/random.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_fixed_vector(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 12345); /* splitmix64, then xoshiro256**, worked out apart from this code */
    assert_true(r.s[0] == UINT64_C(0x22118258a9d111a0));
    assert_true(r.s[3] == UINT64_C(0x2d160e7e5c3f42ca));
    assert_true(rng_next(&r) == UINT64_C(0xbe6a36374160d49b));
    assert_true(rng_next(&r) == UINT64_C(0x214aaa0637a688c6));
    assert_true(rng_next(&r) == UINT64_C(0xf69d16de9954d388));
    assert_true(rng_next(&r) == UINT64_C(0x0c60048c4e96e033));
}

static void test_ranges(void **state)
{
    (void)state;
    struct rng r;
    int count[6] = {0};
    rng_seed(&r, 1);
    for (int i = 0; i < 60000; i++) {
        uint32_t x = rng_below(&r, 6);
        assert_true(x < 6);
        count[x]++;
        int64_t y = rng_between(&r, -3, 3);
        assert_true(y >= -3 && y <= 3);
    }
    for (int i = 0; i < 6; i++)
        assert_true(count[i] > 9500 && count[i] < 10500);
    assert_int_equal(rng_below(&r, 1), 0);
    assert_int_equal(rng_between(&r, 5, 5), 5);
    rng_between(&r, INT64_MIN, INT64_MAX); /* the whole range: no overflow */
}

static void test_fill(void **state)
{
    (void)state;
    struct rng r;
    unsigned char one[33], two[33];
    rng_seed(&r, 9);
    struct random chance = rng_random(&r);
    memset(one, 0xEE, sizeof one);
    random_fill(&chance, one, 32);
    assert_int_equal(one[32], 0xEE);
    rng_seed(&r, 9);
    random_fill(&chance, two, 32);
    assert_memory_equal(one, two, 32);
    random_fill(&random_system, one, 32);
    random_fill(&random_system, two, 32);
    assert_memory_not_equal(one, two, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fixed_vector),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_fill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
