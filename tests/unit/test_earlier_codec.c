/* GET /v1/cases/{id}/earlier: what is written is read back, of orders out of sight no more than may be told, and what is
 * wrong is refused with its place. */
#include "core/wire/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char order[] =
    "{\"number\":\"2\",\"created\":\"2026-03-16T23:10:00+08:00\",\"category\":\"0602\","
    "\"state\":\"SENT\",\"of\":\"claimant\"}";

static void written__is_read_back(void **state)
{
    const struct earlier_order orders[] = {
        {"2", "0602", "夜里\"施工\"", STATE_SENT, 1773673860000, true, true, {{7, 1}}},
        {"1", "0602", "not told", STATE_CLOSED, 1773400000000, false, false, {{0}}}};
    const struct earlier e = {.number = "3", .repeat = 2, .orders = orders, .n = 2};
    struct earlier got;
    struct errmsg err = {""};
    struct arena a;
    struct buf out;
    (void)state;
    arena_init(&a, 0);
    buf_init(&out, 1 << 16);
    earlier_encode(&out, &e);
    assert_null(strstr(out.data, "not told"));
    assert_int_equal(earlier_decode(out.data, out.len, &a, &got, &err), ST_OK);
    assert_string_equal(got.number, "3");
    assert_int_equal(got.repeat, 2);
    assert_int_equal(got.n, 2);
    assert_string_equal(got.orders[0].title, "夜里\"施工\"");
    assert_int_equal(got.orders[0].state, STATE_SENT);
    assert_int_equal(got.orders[0].created_ms, 1773673860000);
    assert_int_equal(uuid_compare(&got.orders[0].id, &orders[0].id), 0);
    assert_true(got.orders[0].own && got.orders[0].seen);
    assert_false(got.orders[1].own || got.orders[1].seen);
    assert_string_equal(got.orders[1].number, "1");
    assert_string_equal(got.orders[1].title, "");
    buf_release(&out);
    arena_release(&a);
}

static void broken__is_refused_with_its_place(void **state)
{
    static const struct {
        const char *json, *place;
    } bad[] = {
        {"{\"number\":\"3\",\"repeat\":0,\"orders\":[]}", "/repeat"},
        {"{\"repeat\":1,\"orders\":[]}", "/number"},
        {"{\"number\":\"3\",\"repeat\":1}", "/orders"},
        {"{\"number\":\"3\",\"repeat\":1,\"orders\":[7]}", "/number"},
        {"{\"number\":\"3\",\"repeat\":1,\"orders\":[{\"number\":\"2\"}]}", "/created"},
    };
    static const char *const words[][3] = {{"SENT", "GONE", "/state"},
                                           {"claimant", "nobody", "/of"},
                                           {"2026-03-16T23:10:00+08:00", "today", "/created"}};
    struct earlier got = {.repeat = 9};
    struct errmsg err = {""};
    struct arena a;
    char text[400];
    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(earlier_decode(bad[i].json, strlen(bad[i].json), &a, &got, &err),
                         ST_INVALID);
        assert_non_null(strstr(err.text, bad[i].place));
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *at = strstr(order, words[i][0]);
        int n = snprintf(text, sizeof text, "{\"number\":\"3\",\"repeat\":1,\"orders\":[%.*s%s%s]}",
                         (int)(at - order), order, words[i][1], at + strlen(words[i][0]));
        assert_int_equal(earlier_decode(text, (size_t)n, &a, &got, &err), ST_INVALID);
        assert_non_null(strstr(err.text, words[i][2]));
    }
    assert_int_equal(got.repeat, 9); /* untouched */
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written__is_read_back),
        cmocka_unit_test(broken__is_refused_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
