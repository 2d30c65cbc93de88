/* UUID version 7: fields, order, text. */
#include "core/base/uuid.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int64_t now_ms;
static int64_t by_hand(void *self)
{
    (void)self;
    return now_ms;
}
static const struct clock hand = {.wall_ms = by_hand, .mono_ms = by_hand};

static void ones(void *self, void *out, size_t n)
{
    (void)self;
    memset(out, 0xFF, n);
}

static void test_fields(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 3);
    struct random chance = rng_random(&r);
    struct uuid_source s = {.clock = &hand, .random = &chance};
    char text[UUID_TEXT];
    now_ms = INT64_C(0x017F22E279B0); /* the time of RFC 9562, appendix A.6 */
    struct uuid u = uuid_new(&s);
    uuid_format(&u, text);
    assert_memory_equal(text, "017f22e2-79b0-7", 15);
    assert_int_equal(u.byte[6] >> 4, 7);
    assert_int_equal(u.byte[8] >> 6, 2);
}

static void check_order(const struct random *chance)
{
    struct uuid_source s = {.clock = &hand, .random = chance};
    now_ms = 1000000;
    struct uuid last = uuid_new(&s);
    for (int i = 0; i < 100000; i++) {
        if (i == 30000)
            now_ms -= 5000; /* the wall clock goes back */
        if (i == 60000)
            now_ms += 9000;
        struct uuid u = uuid_new(&s);
        assert_true(uuid_compare(&last, &u) < 0);
        assert_int_equal(u.byte[6] >> 4, 7);
        assert_int_equal(u.byte[8] >> 6, 2);
        last = u;
    }
}

static void test_order(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 4);
    struct random chance = rng_random(&r);
    check_order(&chance);
    const struct random worst = {.fill = ones}; /* the counter grows as fast as it can */
    check_order(&worst);
}

static void test_text(void **state)
{
    (void)state;
    static const char text[] = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
    static const char *const bad[] = {"",
                                      "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
                                      "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
                                      "017f22e279b0-7cc3-98c4-dc0c0c07398f-",
                                      "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
                                      "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}",
                                      "017f22e2x79b0-7cc3-98c4-dc0c0c07398f"};
    struct uuid u = {{0}}, v;
    char back[UUID_TEXT];
    assert_true(uuid_is_nil(&u));
    assert_true(uuid_parse(text, &u));
    assert_false(uuid_is_nil(&u));
    uuid_format(&u, back);
    assert_string_equal(back, text);
    assert_true(uuid_parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F", &v));
    assert_int_equal(uuid_compare(&u, &v), 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(uuid_parse(bad[i], &v));
        assert_int_equal(uuid_compare(&u, &v), 0); /* untouched */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
