/* Commands, outcomes and problems through JSON and back; one broken command does not stop a batch. */
#include "tests/unit/wire_random.h"

#define ID "0192f0c1-0000-7000-8000-00000000000"
#define COMMAND_OF(id, type, args)                                                                 \
    "{\"id\":\"" ID id "\",\"case\":\"" ID "f\",\"base\":2,\"type\":\"" type                       \
    "\",\"at\":\"2026-11-24T08:00:00+08:00\",\"args\":" args "}"

static struct command random_command(struct rng *r, struct arena *a)
{
    struct command c = {.base = (uint32_t)rng_next(r),
                        .type = (enum command_type)rng_below(r, COMMAND_COUNT),
                        .at_ms = random_time(r)};
    random_uuid(r, &c.id);
    random_uuid(r, &c.case_id);
    c.values = random_values(r, 1 + rng_below(r, 20), a, &c.n_values);
    return c;
}

static void same_command(const struct command *x, const struct command *y)
{
    assert_int_equal(uuid_compare(&x->id, &y->id), 0);
    assert_int_equal(uuid_compare(&x->case_id, &y->case_id), 0);
    assert_int_equal(x->base, y->base);
    assert_int_equal(x->type, y->type);
    assert_true(x->at_ms == y->at_ms);
    same_values(x->values, x->n_values, y->values, y->n_values);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct rng r;
    struct arena a;
    struct buf out;
    rng_seed(&r, 4321);
    arena_init(&a, 0);
    buf_init(&out, TEST_CEILING);
    for (int i = 0; i < 200; i++) {
        struct command c = random_command(&r, &a), back;
        buf_clear(&out);
        command_encode(&out, &c);
        assert_int_equal(command_decode(out.data, out.len, &a, &back, NULL), ST_OK);
        same_command(&c, &back);
        arena_reset(&a);
    }
    buf_release(&out);
    arena_release(&a);
}

static void test_batch(void **state)
{
    (void)state;
    struct rng r;
    struct arena a;
    struct buf out;
    struct command c[WIRE_BATCH_MAX + 1], *back = NULL;
    enum status *each = NULL;
    struct errmsg *why = NULL;
    size_t n = 0;
    rng_seed(&r, 99);
    arena_init(&a, 0);
    buf_init(&out, TEST_CEILING);
    for (int i = 0; i <= WIRE_BATCH_MAX; i++)
        c[i] = random_command(&r, &a);
    commands_encode(&out, c, WIRE_BATCH_MAX);
    assert_int_equal(commands_decode(out.data, out.len, &a, &back, &each, &why, &n, NULL), ST_OK);
    assert_int_equal(n, WIRE_BATCH_MAX);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(each[i], ST_OK);
        same_command(&c[i], &back[i]);
    }
    buf_clear(&out);
    commands_encode(&out, c, WIRE_BATCH_MAX + 1);
    assert_int_equal(commands_decode(out.data, out.len, &a, &back, &each, &why, &n, NULL),
                     ST_TOOBIG);
    buf_clear(&out);
    commands_encode(&out, c, 0);
    assert_int_equal(commands_decode(out.data, out.len, &a, &back, &each, &why, &n, NULL), ST_OK);
    assert_int_equal(n, 0);
    buf_release(&out);
    arena_release(&a);
}

static void test_broken_ones_are_refused_alone(void **state)
{
    (void)state;
    static const char text[] =
        "{\"commands\":[" COMMAND_OF("1", "sign", "{}") "," COMMAND_OF("2", "teleport", "{}") "," //
        COMMAND_OF("3", "note", "{\"note\":\"n\",\"mood\":\"bad\"}") ","                          //
        COMMAND_OF("4", "contact", "{\"reached\":\"yes\"}") ",17,"                                //
        COMMAND_OF("5", "ask-return", "{\"class\":\"R1\"}") "]}";
    static const enum status want[] = {ST_OK,      ST_UNSUPPORTED, ST_INVALID,
                                       ST_INVALID, ST_INVALID,     ST_OK};
    static const char *const place[] = {
        "", "/commands/1/type", "/commands/2/args/mood", "/commands/3/args/reached", "/commands/4",
        ""};
    struct arena a;
    struct command *c;
    enum status *each;
    struct errmsg *why;
    struct uuid id;
    size_t n;
    arena_init(&a, 0);
    assert_int_equal(commands_decode(text, sizeof text - 1, &a, &c, &each, &why, &n, NULL), ST_OK);
    assert_int_equal(n, 6);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(each[i], want[i]);
        assert_true(strncmp(why[i].text, place[i], strlen(place[i])) == 0);
    }
    assert_true(uuid_parse(ID "2", &id)); /* the id of a broken one is kept for its outcome */
    assert_int_equal(uuid_compare(&c[1].id, &id), 0);
    assert_int_equal(c[5].type, COMMAND_ASK_RETURN);
    arena_release(&a);
}

static void test_every_truncation(void **state)
{
    (void)state;
    static const char text[] = COMMAND_OF("1", "note", "{\"note\":\"n\"}");
    static const char batch[] = "{\"commands\":[" COMMAND_OF("1", "sign", "{}") "]}";
    struct arena a;
    struct command c, *list;
    enum status *each;
    struct errmsg *why;
    size_t m;
    arena_init(&a, 0);
    for (size_t n = 0; n < sizeof text - 1; n++) {
        char *copy = exact_copy(text, n);
        assert_int_equal(command_decode(copy, n, &a, &c, NULL), ST_INVALID);
        free(copy);
    }
    assert_int_equal(command_decode(text, sizeof text - 1, &a, &c, NULL), ST_OK);
    for (size_t n = 0; n < sizeof batch - 1; n++) {
        char *copy = exact_copy(batch, n);
        assert_int_equal(commands_decode(copy, n, &a, &list, &each, &why, &m, NULL), ST_INVALID);
        free(copy);
    }
    arena_release(&a);
}

static void test_depth_and_duplicates(void **state)
{
    (void)state;
    static const char text[] = COMMAND_OF("1", "note", "{\"note\":\"n\"}");
    struct arena a;
    struct buf out;
    struct command c;
    arena_init(&a, 0);
    buf_init(&out, TEST_CEILING);
    put_deep(&out, 32, text + 1);
    assert_int_equal(command_decode(out.data, out.len, &a, &c, NULL), ST_OK);
    buf_clear(&out);
    put_deep(&out, 33, text + 1);
    assert_int_equal(command_decode(out.data, out.len, &a, &c, NULL), ST_TOOBIG);
    replaced(&out, text, "\"base\":2", "\"base\":2,\"base\":3");
    assert_int_equal(command_decode(out.data, out.len, &a, &c, NULL), ST_INVALID);
    replaced(&out, text, "\"note\":\"n\"", "\"note\":\"n\",\"note\":\"m\"");
    assert_int_equal(command_decode(out.data, out.len, &a, &c, NULL), ST_INVALID);
    replaced(&out, text, "\"base\":2", "\"base\":-1");
    assert_int_equal(command_decode(out.data, out.len, &a, &c, NULL), ST_INVALID);
    buf_release(&out);
    arena_release(&a);
}

static void test_outcomes(void **state)
{
    (void)state;
    const struct problem p = {409, "urn:jiban:problem:state", "Not now", "\"quoted\"\n", "reply"};
    struct outcome o[] = {{.kind = OUTCOME_APPLIED, .version = 4294967295U},
                          {.kind = OUTCOME_DUPLICATE, .first = OUTCOME_APPLIED, .version = 3},
                          {.kind = OUTCOME_DUPLICATE, .first = OUTCOME_REJECTED, .problem = p},
                          {.kind = OUTCOME_REJECTED, .problem = p}};
    struct outcome *back;
    struct rng r;
    struct arena a;
    struct buf out;
    size_t n;
    rng_seed(&r, 5);
    arena_init(&a, 0);
    buf_init(&out, TEST_CEILING);
    for (size_t i = 0; i < 4; i++)
        random_uuid(&r, &o[i].id);
    outcomes_encode(&out, o, 4);
    assert_int_equal(outcomes_decode(out.data, out.len, &a, &back, &n, NULL), ST_OK);
    assert_int_equal(n, 4);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(uuid_compare(&o[i].id, &back[i].id), 0);
        assert_int_equal(o[i].kind, back[i].kind);
        assert_int_equal(o[i].version, back[i].version);
        assert_int_equal(o[i].problem.status, back[i].problem.status);
        if (o[i].kind == OUTCOME_DUPLICATE)
            assert_int_equal(o[i].first, back[i].first);
        if (o[i].problem.status) {
            assert_string_equal(p.type, back[i].problem.type);
            assert_string_equal(p.title, back[i].problem.title);
            assert_string_equal(p.detail, back[i].problem.detail);
            assert_string_equal(p.field, back[i].problem.field);
        }
    }
    for (size_t k = 0; k < out.len; k++) {
        char *copy = exact_copy(out.data, k);
        assert_int_equal(outcomes_decode(copy, k, &a, &back, &n, NULL), ST_INVALID);
        free(copy);
    }
    buf_release(&out);
    arena_release(&a);
}

static void test_problem_of_another_server(void **state)
{
    (void)state;
    struct arena a;
    struct problem p;
    arena_init(&a, 0);
    assert_int_equal(problem_decode("{}", 2, &a, &p, NULL), ST_OK);
    assert_string_equal(p.type, "about:blank"); /* RFC 9457 section 3.1.1 */
    assert_int_equal(p.status, 0);
    assert_int_equal(problem_decode("{\"status\":42}", 13, &a, &p, NULL), ST_INVALID);
    assert_int_equal(problem_decode("[]", 2, &a, &p, NULL), ST_INVALID);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip),
                                       cmocka_unit_test(test_batch),
                                       cmocka_unit_test(test_broken_ones_are_refused_alone),
                                       cmocka_unit_test(test_every_truncation),
                                       cmocka_unit_test(test_depth_and_duplicates),
                                       cmocka_unit_test(test_outcomes),
                                       cmocka_unit_test(test_problem_of_another_server)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
