/* Earlier orders of a caller: found by phone however it is written, by name without one; never by what is not known. */
#include "tests/unit/store_kit.h"
#include "core/store/earlier.h"

/* What the server says of a case: one event. */
static void hear(struct kit *k, int n, const struct event *e)
{
    struct change change = {.kind = CHANGE_CASE,
                            .case_id = kit_id('c', n),
                            .version = e->seq,
                            .since = e->seq - 1,
                            .cursor = "",
                            .events = e,
                            .n_events = 1};
    struct buf raw;
    bool gap;
    buf_init(&raw, 1 << 16);
    event_encode(&raw, e);
    buf_putc(&raw, '\n');
    change.events_json = raw.data;
    change.events_json_len = raw.len;
    assert_int_equal(store_changes_begin(k->store, NULL), ST_OK);
    assert_int_equal(store_changes_add(k->store, &change, &gap, NULL), ST_OK);
    assert_int_equal(store_changes_commit(k->store, e->seq == 1 ? "1" : "2", NULL), ST_OK);
    buf_release(&raw);
}

/* A case taken down from this caller. */
static void take_down(struct kit *k, int n, const char *phone, const char *claimant)
{
    struct value v[] = {{FIELD_NUMBER, arena_printf(&k->arena, "2603101100%05d", n)},
                        {FIELD_CATEGORY, "0101"},
                        {FIELD_PHONE, phone},
                        {FIELD_CLAIMANT, claimant}};
    struct event e = {.seq = 1,
                      .type = COMMAND_LOG,
                      .at_ms = k->now,
                      .entered_ms = k->now,
                      .command_id = kit_id('e', n),
                      .actor = {"li", "Li", ROLE_OPERATOR, "BJ", "", ""},
                      .to = STATE_WAIT_DISPATCH,
                      .values = v,
                      .n_values = 4};
    hear(k, n, &e);
}

static void correct_phone(struct kit *k, int n, const char *phone)
{
    struct value v = {FIELD_PHONE, phone};
    struct event e = {.seq = 2,
                      .type = COMMAND_CORRECT,
                      .at_ms = k->now,
                      .entered_ms = k->now,
                      .command_id = kit_id('f', n),
                      .actor = {"li", "Li", ROLE_OPERATOR, "BJ", "", ""},
                      .to = STATE_NONE,
                      .values = &v,
                      .n_values = 1};
    hear(k, n, &e);
}

static void is_gone(struct kit *k, int n)
{
    struct change change = {.kind = CHANGE_GONE, .case_id = kit_id('c', n), .cursor = ""};
    bool gap;
    assert_int_equal(store_changes_begin(k->store, NULL), ST_OK);
    assert_int_equal(store_changes_add(k->store, &change, &gap, NULL), ST_OK);
    assert_int_equal(store_changes_commit(k->store, "3", NULL), ST_OK);
}

/* The numbers of the cases that are found, as "3 1 ". */
static const char *found(struct kit *k, const char *phone, const char *claimant, size_t limit)
{
    struct uuid *ids;
    size_t n = 99;
    const char *text = "";
    assert_int_equal(store_earlier(k->store, phone, claimant, limit, &k->arena, &ids, &n, NULL),
                     ST_OK);
    for (size_t i = 0; i < n; i++)
        for (int c = 1; c < 10; c++) {
            struct uuid id = kit_id('c', c);
            if (uuid_compare(&ids[i], &id) == 0)
                text = arena_printf(&k->arena, "%s%d ", text, c);
        }
    return text;
}

static void by_phone(void **state)
{
    struct kit k;
    (void)state;
    kit_begin(&k);
    assert_string_equal(found(&k, "13800000043", "Li", 9), ""); /* no case, no key yet */
    take_down(&k, 1, "13800000043", "Li");
    take_down(&k, 2, "13800000044", "Li");
    take_down(&k, 3, "+86 138-0000-0043", "Wang");
    take_down(&k, 4, "", "");
    assert_string_equal(found(&k, "138 0000 0043", "", 9), "3 1 ");
    assert_string_equal(found(&k, "0086 13800000043", "", 9), "3 1 ");
    assert_string_equal(found(&k, "010 13800000043", "", 9), ""); /* another number */
    assert_string_equal(found(&k, "13800000043", "", 1), "3 ");
    assert_string_equal(found(&k, "13800000044", "Wang", 9), "2 "); /* the phone goes first */
    kit_end(&k);
}

static void by_name_without_a_phone(void **state)
{
    struct kit k;
    (void)state;
    kit_begin(&k);
    take_down(&k, 1, "13800000043", "Li Na");
    take_down(&k, 2, "", "LiNa");
    take_down(&k, 3, "", "");
    assert_string_equal(found(&k, "", "Li Na", 9), "2 1 ");
    assert_string_equal(found(&k, "-", "Li Na", 9), "2 1 ");
    assert_string_equal(found(&k, "", "", 9), "");
    assert_string_equal(found(&k, "", " ", 9), "");
    kit_end(&k);
}

static void follows_the_case(void **state)
{
    struct kit k;
    (void)state;
    kit_begin(&k);
    take_down(&k, 1, "13800000043", "");
    take_down(&k, 2, "13800000043", "");
    correct_phone(&k, 1, "13800000099");
    assert_string_equal(found(&k, "13800000043", "", 9), "2 ");
    assert_string_equal(found(&k, "13800000099", "", 9), "1 ");
    is_gone(&k, 2);
    assert_string_equal(found(&k, "13800000043", "", 9), "");
    take_down(&k, 3, "", "Wang"); /* in the row that was left */
    assert_string_equal(found(&k, "13800000043", "", 9), "");
    store_close(k.store);
    kit_open(&k);
    assert_string_equal(found(&k, "13800000099", "", 9), "1 "); /* the key stays */
    kit_end(&k);
}

/* Two caches have two keys: what is copied out of one says nothing about the other. */
static void has_a_key_of_its_own(void **state)
{
    struct kit k[2];
    const char *key[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        kit_begin(&k[i]);
        take_down(&k[i], 1, "13800000043", "");
        assert_int_equal(store_meta_get(k[i].store, "caller_key", &k[i].arena, &key[i], NULL),
                         ST_OK);
        assert_int_equal(strlen(key[i]), 32);
    }
    assert_string_not_equal(key[0], key[1]);
    kit_end(&k[0]);
    kit_end(&k[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_phone),
        cmocka_unit_test(by_name_without_a_phone),
        cmocka_unit_test(follows_the_case),
        cmocka_unit_test(has_a_key_of_its_own),
    };
    return cmocka_run_group_tests_name("unit/earlier", tests, NULL, NULL);
}
