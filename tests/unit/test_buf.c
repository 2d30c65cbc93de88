/* The growing buffer, and messages cut at a character. */
#include "core/base/buf.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* cmocka's macro; here it is the function of status.h */

static void test_grows_and_ends(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    assert_string_equal(b.data, "");
    for (int i = 0; i < 1000; i++) {
        buf_printf(&b, "%03d,", i);
        assert_int_equal(b.len, 4 * (i + 1));
        assert_int_equal(b.data[b.len], 0);
    }
    assert_memory_equal(b.data, "000,001,", 8);
    assert_string_equal(b.data + 3996, "999,");
    buf_drop(&b, 3996);
    assert_string_equal(b.data, "999,");
    buf_putc(&b, 'x');
    buf_puts(&b, "yz");
    buf_add(&b, "\0z", 2);
    assert_int_equal(b.len, 9);
    assert_memory_equal(b.data, "999,xyz\0z", 10);
    buf_release(&b);
    assert_string_equal(b.data, "");
}

static void test_ceiling_is_exact_and_sticky(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 5);
    buf_puts(&b, "12345");
    assert_int_equal(buf_status(&b), ST_OK);
    buf_putc(&b, '6');
    assert_int_equal(buf_status(&b), ST_TOOBIG);
    assert_string_equal(b.data, "12345");
    buf_drop(&b, 5);
    buf_puts(&b, "a");
    assert_string_equal(b.data, ""); /* still failed */
    assert_null(buf_detach(&b));
    buf_clear(&b);
    buf_printf(&b, "%s", "abcdef");
    assert_int_equal(buf_status(&b), ST_TOOBIG);
    assert_int_equal(b.len, 0);
    buf_release(&b);
}

static void test_detach(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    char *empty = buf_detach(&b);
    assert_non_null(empty);
    assert_string_equal(empty, "");
    free(empty);
    buf_puts(&b, "mine");
    char *mine = buf_detach(&b);
    assert_string_equal(mine, "mine");
    assert_int_equal(b.len, 0);
    free(mine);
    buf_release(&b);
}

static void test_messages_end_at_a_character(void **state)
{
    (void)state;
    struct errmsg err = {"untouched"};
    char text[ERRMSG_SIZE + 64];
    for (size_t shift = 0; shift < 3; shift++) {
        memset(text, 'a', shift);
        for (size_t at = shift; at + 3 < sizeof text; at += 3)
            memcpy(text + at, "\xE6\x9A\x96", 4);
        assert_int_equal(fail(&err, ST_IO, "%s", text), ST_IO);
        assert_int_equal((strlen(err.text) - shift) % 3, 0);
        assert_true(strlen(err.text) > ERRMSG_SIZE - 4);
    }
    assert_int_equal(fail(NULL, ST_BUSY, "%s", text), ST_BUSY);
    fail(&err, ST_IO, "no such file");
    errmsg_prefix(&err, "file %d", 3);
    assert_string_equal(err.text, "file 3: no such file");
}

static void test_status_words(void **state)
{
    (void)state;
    for (int st = ST_OK; st <= ST_UNSUPPORTED; st++) {
        assert_non_null(status_word((enum status)st));
        for (int other = st + 1; other <= ST_UNSUPPORTED; other++)
            assert_string_not_equal(status_word((enum status)st), status_word((enum status)other));
        assert_int_equal(status_exit((enum status)st) == 0, st == ST_OK);
    }
    assert_string_equal(status_word((enum status)999), "unknown");
    assert_int_equal(status_exit(ST_INVALID), 65);
    assert_int_equal(status_exit(ST_OFFLINE), 75);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grows_and_ends), cmocka_unit_test(test_ceiling_is_exact_and_sticky),
        cmocka_unit_test(test_detach),         cmocka_unit_test(test_messages_end_at_a_character),
        cmocka_unit_test(test_status_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
