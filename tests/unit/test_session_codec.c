/* Login and session through JSON and back. */
#include "tests/unit/wire_random.h"

static void test_session_round_trip(void **state)
{
    (void)state;
    struct rng r;
    struct arena a;
    struct buf out;
    rng_seed(&r, 11);
    arena_init(&a, 0);
    buf_init(&out, TEST_CEILING);
    for (int i = 0; i < 100; i++) {
        struct session back, s = {.token = random_text(&r, &a),
                                  .expires_ms = random_time(&r),
                                  .server_time_ms = random_time(&r),
                                  .actor = random_actor(&r, &a),
                                  .epoch = random_text(&r, &a),
                                  .policy = random_text(&r, &a)};
        buf_clear(&out);
        session_encode(&out, &s);
        assert_int_equal(session_decode(out.data, out.len, &a, &back, NULL), ST_OK);
        assert_string_equal(s.token, back.token);
        assert_true(s.expires_ms == back.expires_ms);
        assert_true(s.server_time_ms == back.server_time_ms);
        same_actor(&s.actor, &back.actor);
        assert_string_equal(s.epoch, back.epoch);
        assert_string_equal(s.policy, back.policy);
        arena_reset(&a);
    }
    buf_release(&out);
    arena_release(&a);
}

static void test_login_round_trip(void **state)
{
    (void)state;
    struct arena a;
    struct buf out;
    const char *user = "", *password = "", *device = "", *terminal = "";
    arena_init(&a, 0);
    buf_init(&out, TEST_CEILING);
    login_encode(&out, "li", "pass\"\\\u8857\n", "desk-3", "0123456789abcdef");
    assert_int_equal(
        login_decode(out.data, out.len, &a, &user, &password, &device, &terminal, NULL), ST_OK);
    assert_string_equal(user, "li");
    assert_string_equal(password, "pass\"\\\u8857\n");
    assert_string_equal(device, "desk-3");
    assert_string_equal(terminal, "0123456789abcdef");
    for (size_t n = 0; n < out.len; n++) {
        char *copy = exact_copy(out.data, n);
        assert_int_equal(login_decode(copy, n, &a, &user, &password, &device, &terminal, NULL),
                         ST_INVALID);
        free(copy);
    }
    static const char plain[] = "{\"user\":\"u\",\"password\":\"p\"}";
    assert_int_equal(
        login_decode(plain, sizeof plain - 1, &a, &user, &password, &device, &terminal, NULL),
        ST_OK);
    assert_string_equal(device, "");
    assert_string_equal(terminal, "");
    static const char twice[] = "{\"user\":\"u\",\"user\":\"root\",\"password\":\"p\"}";
    assert_int_equal(
        login_decode(twice, sizeof twice - 1, &a, &user, &password, &device, &terminal, NULL),
        ST_INVALID);
    assert_string_equal(user, "u");
    buf_release(&out);
    arena_release(&a);
}

#define SESSION                                                                                    \
    "{\"token\":\"t\",\"expires\":\"2026-11-24T20:00:00+08:00\","                                  \
    "\"server_time\":\"2026-11-24T08:00:00+08:00\",\"actor\":{\"user\":\"u\",\"name\":\"n\","      \
    "\"role\":\"desk\",\"office\":\"1101\"},\"epoch\":\"E\",\"policy\":\"p/1\"}"

static void test_session_broken(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *place;
    } row[] = {{"\"token\":\"t\"", "\"tocken\":\"t\"", "/token"},
               {"20:00:00+08:00", "25:00:00+08:00", "/expires"},
               {"08:00:00+08:00\",\"actor", "08:00\",\"actor", "/server_time"},
               {"\"role\":\"desk\"", "\"role\":\"king\"", "/actor/role"},
               {"\"epoch\":\"E\"", "\"epoch\":1", "/epoch"}};
    struct arena a;
    struct buf out;
    struct session s = {.token = "kept"};
    arena_init(&a, 0);
    buf_init(&out, TEST_CEILING);
    for (size_t n = 0; n < sizeof SESSION - 1; n++) {
        char *copy = exact_copy(SESSION, n);
        assert_int_equal(session_decode(copy, n, &a, &s, NULL), ST_INVALID);
        free(copy);
    }
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct errmsg err = {""};
        replaced(&out, SESSION, row[i].from, row[i].to);
        assert_int_equal(session_decode(out.data, out.len, &a, &s, &err), ST_INVALID);
        assert_true(strncmp(err.text, row[i].place, strlen(row[i].place)) == 0);
    }
    assert_string_equal(s.token, "kept");
    buf_clear(&out);
    put_deep(&out, 33, &SESSION[1]);
    assert_int_equal(session_decode(out.data, out.len, &a, &s, NULL), ST_TOOBIG);
    buf_clear(&out);
    put_deep(&out, 32, &SESSION[1]);
    assert_int_equal(session_decode(out.data, out.len, &a, &s, NULL), ST_OK);
    buf_release(&out);
    arena_release(&a);
}

/* Checkpoint n of a log; the second letter tells logs apart. */
static const char *point(struct arena *a, int n, char log)
{
    char head[65], signature[129];
    memset(head, log, 64);
    memset(signature, '0', 128);
    head[64] = signature[128] = '\0';
    return arena_printf(a,
                        "{\"number\":%d,\"time\":\"2026-11-24T10:00:00+08:00\",\"head\":\"%s\","
                        "\"signature\":\"%s\"}\n",
                        n, head, signature);
}

static void test_checkpoints_are_added_to_what_was_kept(void **state)
{
    (void)state;
    struct arena a;
    struct buf out;
    struct errmsg err = {{0}};
    int n = -1;
    arena_init(&a, 0);
    buf_init(&out, TEST_CEILING);
    const char *kept =
        arena_printf(&a, "%s%s%s", point(&a, 1, 'a'), point(&a, 5, 'a'), point(&a, 9, 'a'));
    /* the server gives the newest only: it begins later and goes on further */
    const char *now =
        arena_printf(&a, "%s%s%s", point(&a, 5, 'a'), point(&a, 9, 'a'), point(&a, 12, 'a'));
    assert_int_equal(checkpoints_add(kept, strlen(kept), now, strlen(now), &out, &n, &err), ST_OK);
    assert_int_equal(n, 1);
    assert_string_equal(out.data, arena_printf(&a, "%s%s", kept, point(&a, 12, 'a')));
    buf_clear(&out);
    assert_int_equal(checkpoints_add("", 0, now, strlen(now), &out, &n, &err), ST_OK);
    assert_int_equal(n, 3);
    buf_clear(&out);
    now = arena_printf(&a, "%s%s", point(&a, 5, 'b'), point(&a, 12, 'b'));
    assert_int_equal(checkpoints_add(kept, strlen(kept), now, strlen(now), &out, &n, &err),
                     ST_CORRUPT);
    assert_non_null(strstr(err.text, "entry 5 "));
    buf_clear(&out);
    now = arena_printf(&a, "%s%s", point(&a, 1, 'a'), point(&a, 5, 'a'));
    assert_int_equal(checkpoints_add(kept, strlen(kept), now, strlen(now), &out, &n, &err),
                     ST_CORRUPT);
    assert_non_null(strstr(err.text, "before entry 9"));
    buf_clear(&out);
    assert_int_equal(checkpoints_add(kept, strlen(kept), "", 0, &out, &n, &err), ST_CORRUPT);
    buf_clear(&out);
    assert_int_equal(checkpoints_add("rubbish", 7, now, strlen(now), &out, &n, &err), ST_INVALID);
    buf_release(&out);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_session_round_trip), cmocka_unit_test(test_login_round_trip),
        cmocka_unit_test(test_checkpoints_are_added_to_what_was_kept),
        cmocka_unit_test(test_session_broken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
