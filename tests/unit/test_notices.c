/* Notices of due work: each once, also when the console starts anew, none for what is not due. */
#include "tui/notices.h"
#include "tests/unit/store_kit.h"

static struct kit kit;
static struct options options;
static struct context context;
static struct app_config config;
static struct console console;

static int set_up(void **state)
{
    (void)state;
    struct errmsg err = {""};
    struct actor desk = {"wang.desk", "W", ROLE_DESK, "1101", "110190", "t"};
    kit_begin(&kit);
    options_init(&options);
    context_init(&context);
    assert_int_equal(context_save_actor(kit.store, &desk, &err), ST_OK);
    assert_int_equal(context_load(&context, kit.store, "t", &err), ST_OK);
    assert_true(context.have_actor);
    config = (struct app_config){
        .options = &options, .store = kit.store, .context = &context, .clock = &kit.clock};
    memset(&console, 0, sizeof console);
    console.config = &config;
    arena_init(&console.scratch, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&console.scratch);
    context_release(&context);
    options_release(&options);
    kit_end(&kit);
    return 0;
}

static void add(int n, int64_t due_ms)
{
    struct kit_case c = {
        .n = n, .version = 2, .state = STATE_WORKING, .due_ms = due_ms, .unit = "1101"};
    struct errmsg err = {""};
    bool gap;
    assert_int_equal(store_changes_begin(kit.store, &err), ST_OK);
    assert_int_equal(kit_add(&kit, &c, &gap), ST_OK);
    assert_int_equal(store_changes_commit(kit.store, "c", &err), ST_OK);
}

/* What is told at that time, "" for nothing. */
static const char *look(struct notices *n, int64_t now_ms, bool room)
{
    static char text[ERRMSG_SIZE];
    kit.now = now_ms;
    arena_reset(&console.scratch);
    return notices_look(n, &console, room, text) ? text : "";
}

static void test_once(void **state)
{
    (void)state;
    struct notices n;
    int64_t due = kit.now + MS_DAY;
    add(1, due);
    add(2, due + MS_HOUR);
    notices_init(&n, &console);
    assert_string_equal(look(&n, kit.now, true), "");
    assert_string_equal(look(&n, due - WATCH_SOON_MS, true), "due within half an hour: 1");
    assert_string_equal(look(&n, due, true), "");
    notices_release(&n);
    notices_init(&n, &console); /* the console starts anew */
    assert_string_equal(look(&n, due, true), "");
    assert_string_equal(look(&n, due + 1, true), "newly overdue: 1");
    notices_release(&n);
    notices_init(&n, &console); /* it was off while the second fell due */
    assert_string_equal(look(&n, due + MS_DAY, true), "newly overdue: 1");
    assert_string_equal(look(&n, due + MS_DAY + 1, true), "");
    notices_release(&n);
}

static void test_waits_for_room(void **state)
{
    (void)state;
    struct notices n;
    int64_t due = kit.now + MS_DAY;
    add(1, due);
    notices_init(&n, &console);
    assert_string_equal(look(&n, kit.now, true), "");
    assert_string_equal(look(&n, due + 1, false), "");
    add(2, due); /* comes late and is overdue at once */
    assert_string_equal(look(&n, due + 2, true), "newly overdue: 2");
    notices_release(&n);
}

static void test_bad_hours(void **state)
{
    (void)state;
    struct notices n;
    struct errmsg err = {""};
    assert_int_equal(options_set(&options, OPT_ATTENTION_QUIET, "at night", "test", &err), ST_OK);
    notices_init(&n, &console);
    assert_non_null(strstr(console.message, "at night"));
    assert_false(attention_is_quiet(&n.gate.quiet, kit.now));
    notices_release(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_waits_for_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_hours, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
