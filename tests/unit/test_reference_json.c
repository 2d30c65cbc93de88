/* Units, people and categories through JSON and back, sorted, without doubles. */
#include "tests/unit/wire_random.h"

#define TEXT                                                                                       \
    "{\"units\":[{\"code\":\"2\",\"name\":\"B\",\"name_en\":\"b\",\"kind\":\"street\","            \
    "\"parent\":\"1\"},{\"code\":\"1\",\"name\":\"A\",\"kind\":\"district\"}],"                    \
    "\"people\":[{\"user\":\"li\",\"name\":\"Li\",\"role\":\"desk\",\"office\":\"2\"}],"           \
    "\"categories\":[{\"code\":\"c1\",\"level1\":\"L\",\"level2\":\"M\",\"tier\":\"T7D\"}]}"

static void test_round_trip(void **state)
{
    (void)state;
    struct arena a;
    struct buf one, two;
    struct reference r, back;
    arena_init(&a, 0);
    buf_init(&one, TEST_CEILING);
    buf_init(&two, TEST_CEILING);
    assert_int_equal(reference_decode(TEXT, sizeof TEXT - 1, &a, &r, NULL), ST_OK);
    assert_int_equal(r.n_units, 2);
    assert_string_equal(r.units[0].code, "1"); /* sorted */
    assert_string_equal(r.units[0].parent, "");
    assert_string_equal(reference_unit(&r, "2")->parent, "1");
    assert_int_equal(reference_unit(&r, "2")->kind, UNIT_STREET);
    assert_int_equal(reference_person(&r, "li")->role, ROLE_DESK);
    assert_int_equal(reference_category(&r, "c1")->tier, TIER_T7D);
    reference_encode(&one, &r);
    assert_int_equal(reference_decode(one.data, one.len, &a, &back, NULL), ST_OK);
    reference_encode(&two, &back);
    assert_string_equal(one.data, two.data);
    assert_string_equal(reference_unit(&back, "2")->name_en, "b");
    buf_release(&one);
    buf_release(&two);
    arena_release(&a);
}

static void test_broken(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *place;
    } row[] = {{"\"kind\":\"street\"", "\"kind\":\"planet\"", "/units/0/kind"},
               {"\"code\":\"2\"", "\"code\":\"1\"", "/units: \"1\""},
               {"\"name\":\"A\"", "\"nom\":\"A\"", "/units/1/name"},
               {"\"role\":\"desk\"", "\"role\":\"king\"", "/people/0/role"},
               {"\"tier\":\"T7D\"", "\"tier\":\"T8D\"", "/categories/0/tier"},
               {"\"people\":[", "\"persons\":[", "/people: missing"},
               {"\"code\":\"c1\"", "\"code\":\"c1\",\"code\":\"c2\"", "line 1"}};
    struct arena a;
    struct buf out;
    struct reference r = {.n_units = 77};
    arena_init(&a, 0);
    buf_init(&out, TEST_CEILING);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct errmsg err = {""};
        replaced(&out, TEXT, row[i].from, row[i].to);
        assert_int_equal(reference_decode(out.data, out.len, &a, &r, &err), ST_INVALID);
        if (strncmp(err.text, row[i].place, strlen(row[i].place)) != 0)
            print_message("%s: %s\n", row[i].to, err.text);
        assert_true(strncmp(err.text, row[i].place, strlen(row[i].place)) == 0);
    }
    for (size_t n = 0; n < sizeof TEXT - 1; n++) {
        char *copy = exact_copy(TEXT, n);
        assert_int_equal(reference_decode(copy, n, &a, &r, NULL), ST_INVALID);
        free(copy);
    }
    buf_clear(&out);
    put_deep(&out, 33, &TEXT[1]);
    assert_int_equal(reference_decode(out.data, out.len, &a, &r, NULL), ST_TOOBIG);
    assert_int_equal(r.n_units, 77);
    buf_clear(&out);
    put_deep(&out, 32, &TEXT[1]); /* unknown members are passed over */
    assert_int_equal(reference_decode(out.data, out.len, &a, &r, NULL), ST_OK);
    buf_release(&out);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip),
                                       cmocka_unit_test(test_broken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
