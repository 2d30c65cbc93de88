/* The numbers of the cases at hand: they stay, the lowest free one is next, a form half written keeps its own longest. */
#include "tui/opened.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct opened o;

static int note(unsigned char which, int *ret_gone)
{
    struct uuid id = {{which}};
    struct opened_case gone;
    int number = opened_number(&o, opened_note(&o, &id, &gone));
    *ret_gone = gone.used ? gone.id.byte[0] : 0;
    return number;
}

static void numbers_stay(void **state)
{
    int gone;
    (void)state;
    o = (struct opened){.uses = 0};
    for (unsigned char i = 1; i <= OPENED_MOST; i++) {
        assert_int_equal(note(i, &gone), i);
        assert_int_equal(gone, 0);
    }
    assert_int_equal(note(4, &gone), 4);
    assert_int_equal(gone, 0);
    assert_int_equal(opened_number(&o, NULL), 0);
    struct uuid stranger = {{77}};
    assert_null(opened_find(&o, &stranger));
}

static void the_longest_unseen_goes(void **state)
{
    int gone;
    (void)state;
    numbers_stay(state);
    assert_int_equal(note(1, &gone), 1); /* seen again */
    assert_int_equal(note(50, &gone), 2);
    assert_int_equal(gone, 2);
    o.at[2].writing = true; /* the next in turn */
    assert_int_equal(note(51, &gone), 5);
    assert_int_equal(gone, 5);
    o.at[7].used = 0;
    assert_int_equal(note(52, &gone), 8);
    assert_int_equal(gone, 0);
    for (int i = 0; i < OPENED_MOST; i++)
        o.at[i].writing = true;
    assert_int_equal(note(53, &gone), 3);
    assert_int_equal(gone, 3);
    assert_false(o.at[2].writing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_stay),
        cmocka_unit_test(the_longest_unseen_goes),
    };
    return cmocka_run_group_tests_name("unit/opened", tests, NULL, NULL);
}
