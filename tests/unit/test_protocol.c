/* Versions of the protocol: what a marker says, and who understands whom. */
#include "core/wire/protocol.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void markers(void **state)
{
    static const struct {
        const char *marker;
        int least, most;
    } rows[] = {{"", 1, 1},
                {"0.1.0", 1, 1},
                {"sim", 1, 1},
                {"0.1.0; protocol=1-1", 1, 1},
                {"2.0; protocol=2-13", 2, 13},
                {"2.0; protocol=", 0, 0},
                {"2.0; protocol=2", 0, 0},
                {"2.0; protocol=2-", 0, 0},
                {"2.0; protocol=3-2", 0, 0},
                {"2.0; protocol=0-2", 0, 0},
                {"2.0; protocol=-1-2", 0, 0},
                {"2.0; protocol=1-2 and more", 0, 0},
                {"2.0; protocol=1-99999999999999999999", 0, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct protocols p = protocols_of(rows[i].marker);
        if (p.least != rows[i].least || p.most != rows[i].most)
            fail_msg("%s: %d to %d", rows[i].marker, p.least, p.most);
    }
}

static void who_understands_whom(void **state)
{
    (void)state;
    char marker[PROTOCOL_MARKER];
    struct protocols own = protocols_of(protocol_marker(marker));
    assert_int_equal(own.least, PROTOCOL_LEAST);
    assert_int_equal(own.most, PROTOCOL_MOST);
    assert_true(protocols_fit(&own));
    assert_true(protocols_fit(&(struct protocols){PROTOCOL_MOST, PROTOCOL_MOST + 3}));
    assert_true(protocols_fit(&(struct protocols){1, PROTOCOL_LEAST}));
    assert_false(protocols_fit(&(struct protocols){PROTOCOL_MOST + 1, PROTOCOL_MOST + 3}));
    assert_false(protocols_fit(&(struct protocols){0, PROTOCOL_LEAST - 1}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(markers),
                                       cmocka_unit_test(who_understands_whom)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
