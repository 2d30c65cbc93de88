/* What prediction needs, out of the cache: read again when it is another, and only then. */
#include "core/store/context.h"

#include "tests/unit/store_kit.h"

static void put(struct kit *k, const char *name, const char *body, const char *etag)
{
    assert_int_equal(store_document_set(k->store, name, body, strlen(body), etag, NULL), ST_OK);
}

static void put_unit(struct kit *k, const char *name, const char *etag)
{
    char body[256];
    snprintf(
        body, sizeof body,
        "{\"units\":[{\"code\":\"11\",\"name\":\"%s\",\"name_en\":\"%s\",\"kind\":\"district\","
        "\"parent\":\"BJ\"}],\"people\":[],\"categories\":[]}",
        name, name);
    put(k, "people", body, etag);
}

static const char *unit_name(const struct context *c)
{
    assert_true(c->have_reference);
    return reference_unit_name(&c->reference, "11", false);
}

static void test_read_again_only_when_another(void **state)
{
    struct kit k;
    struct context c;
    struct actor actor = {
        .user = "wang", .name = "W", .office = "1101", .unit = "1101", .role = ROLE_DESK};
    (void)state;
    kit_begin(&k);
    context_init(&c);
    put(&k, "policy", "{}", "\"p\"");
    put(&k, "calendar", "{}", "\"c\"");
    put(&k, "emergencies", "{\"version\":0,\"emergencies\":[]}", "\"e\"");
    put(&k, "catalogue", "{\"catalogue\":\"c\",\"version\":3,\"rows\":[],\"duties\":[]}", "\"k\"");
    put_unit(&k, "A", "\"1\"");
    context_load(&c, k.store, "here", NULL);
    assert_string_equal(unit_name(&c), "A");
    assert_non_null(context_catalogue(&c));
    assert_int_equal(context_catalogue(&c)->version, 3);
    assert_false(c.have_actor);
    put_unit(&k, "B", "\"1\"");
    context_load(&c, k.store, "here", NULL);
    assert_string_equal(unit_name(&c), "A"); /* the same ETag: the same text */
    assert_int_equal(context_save_actor(k.store, &actor, NULL), ST_OK);
    context_load(&c, k.store, "here", NULL);
    assert_true(c.have_actor);
    assert_string_equal(unit_name(&c), "B");
    put_unit(&k, "C", "\"2\"");
    context_load(&c, k.store, "here", NULL);
    assert_string_equal(unit_name(&c), "C");
    put_unit(&k, "D", "");
    context_load(&c, k.store, "here", NULL);
    assert_string_equal(unit_name(&c), "D");
    put_unit(&k, "E", ""); /* without an ETag nobody knows */
    context_load(&c, k.store, "here", NULL);
    assert_string_equal(unit_name(&c), "E");
    context_release(&c);
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_read_again_only_when_another)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
