/*
 * The lock that comes by itself (option safe.lock_minutes), by a clock that the test moves: to the millisecond, put off by
 * every key, and over nothing but a screen that a password can open again.
 */
#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "core/store/secret.h"
#include "tests/view/office.h"
#include "tui/app_model.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 24, COLS = 80, MINUTES = 5 };
static const int64_t idle_ms = MINUTES * MS_MINUTE;

static struct office office;
static struct app app;
static struct options options;

/* The thread of the line finds nobody: only a console that has one locks. */
static void start_line(void)
{
    static char folder[4300];
    struct errmsg err = {{0}};
    snprintf(folder, sizeof folder, "%.4000s/wang.desk", office.folder);
    struct sync_options o = {.folder = folder,
                             .url = "unix:/nowhere/socket",
                             .user = "wang.desk",
                             .device = "test",
                             .batch = 100,
                             .body_limit = 1 << 20,
                             .clock = &clock_system,
                             .random = &random_system};
    if (sync_start(&o, &app.c.sync, &err) != ST_OK)
        fail_msg("%s", err.text);
}

static void open_desk(const char *name, const char *minutes, bool password)
{
    static struct app_config config;
    struct errmsg err = {{0}};
    struct cursor cursor;
    if (office_open(&office, name, "wang.desk", &err) != ST_OK)
        fail_msg("%s", err.text);
    if (password)
        assert_int_equal(store_secret_keep(office.store, "practice", NULL), ST_OK);
    i18n_init("en");
    options_init(&options);
    assert_int_equal(options_set(&options, OPT_LOCK_MINUTES, minutes, "test", NULL), ST_OK);
    config = (struct app_config){.options = &options,
                                 .store = office.store,
                                 .context = &office.context,
                                 .clock = &office.clock,
                                 .random = &office.random,
                                 .device = "test",
                                 .practice = true};
    app_init(&app, &config);
    assert_int_equal(surface_resize(&app.surface, ROWS, COLS, &err), ST_OK);
    start_line();
    app_reload(&app);
    app_draw(&app, &cursor);
}

static void close_desk(void)
{
    sync_stop(app.c.sync);
    app_release(&app);
    options_release(&options);
    office_close(&office);
}

static void press(const char *name)
{
    struct key key;
    struct cursor cursor;
    if (*name == '\'')
        key = (struct key){.kind = KEY_KIND_PASTE, .text = name + 1, .len = strlen(name) - 2};
    else
        assert_true(key_parse(name, strlen(name), &key));
    app_key(&app, &key);
    app_draw(&app, &cursor);
}

/* As the loop does it, after so long without a key. */
static void pass(int64_t ms)
{
    struct cursor cursor;
    office.now_ms += ms;
    app_due(&app);
    app_draw(&app, &cursor);
}

static bool shows(const char *text)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    surface_dump(&app.surface, &out);
    bool found = strstr(out.data, text) != NULL;
    buf_release(&out);
    return found;
}

static void locks_after_the_minutes(void **state)
{
    (void)state;
    open_desk("idle", "5", true);
    pass(idle_ms - 1);
    assert_false(app.lock.on);
    assert_true(app_wait_ms(&app) <= 1); /* the loop wakes for it */
    pass(1);
    assert_true(app.lock.on);
    assert_true(shows("Locked"));
    assert_false(shows("To sign"));
    assert_false(shows("2603-"));
    press("'practice'");
    press("Enter");
    assert_false(app.lock.on);
    assert_true(shows("To sign"));
    pass(idle_ms - 1); /* counted from when it was opened */
    assert_false(app.lock.on);
    pass(1);
    assert_true(app.lock.on);
    close_desk();
}

/* Whatever the key does, also in a form and in a line. */
static void a_key_puts_it_off(void **state)
{
    static const char *const keys[] = {"j", "Z", ":", "Esc", "2", "n", "'half'", "F1", "q", "Esc"};
    (void)state;
    open_desk("busy", "5", true);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        pass(idle_ms - 1);
        if (app.lock.on)
            fail_msg("locked before %s", keys[i]);
        press(keys[i]);
    }
    pass(idle_ms - 1);
    assert_false(app.lock.on);
    pass(1);
    assert_true(app.lock.on);
    close_desk();
}

/* What is being typed is kept, and there again behind the lock. */
static void a_form_waits_behind_it(void **state)
{
    (void)state;
    open_desk("form", "5", true);
    press("2");
    press("n");
    press("'half a sentence'");
    pass(idle_ms);
    assert_true(app.lock.on);
    assert_false(shows("half a sentence"));
    press("'practice'");
    press("Enter");
    assert_true(shows("half a sentence"));
    close_desk();
}

/* Changes come in and commands leave behind the lock, and nothing of them is shown. */
static void the_line_goes_on_behind_it(void **state)
{
    struct store_counts counts;
    struct errmsg err = {{0}};
    (void)state;
    open_desk("line", "5", true);
    press("1");
    press("s");
    assert_int_equal(store_counts(office.store, office.now_ms, &counts, NULL), ST_OK);
    assert_int_equal(counts.outbox, 1);
    pass(idle_ms);
    assert_true(app.lock.on);
    if (office_sync(&office, &err) != ST_OK)
        fail_msg("%s", err.text);
    pass(MS_MINUTE);
    assert_true(app.lock.on);
    assert_false(shows("To sign"));
    assert_int_equal(store_counts(office.store, office.now_ms, &counts, NULL), ST_OK);
    assert_int_equal(counts.outbox, 0);
    press("'practice'");
    press("Enter");
    assert_true(shows("[1]To sign 13"));
    close_desk();
}

static void never_when_zero_or_without_a_password(void **state)
{
    (void)state;
    open_desk("never", "0", true);
    pass(100 * idle_ms);
    assert_false(app.lock.on);
    close_desk();
    open_desk("open", "5", false);
    pass(idle_ms);
    assert_false(app.lock.on); /* nothing would open it again */
    assert_true(lock_due_ms(&app) > office.now_ms);
    close_desk();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locks_after_the_minutes), cmocka_unit_test(a_key_puts_it_off),
        cmocka_unit_test(a_form_waits_behind_it), cmocka_unit_test(the_line_goes_on_behind_it),
        cmocka_unit_test(never_when_zero_or_without_a_password)};
    return cmocka_run_group_tests_name("view/idle", tests, NULL, NULL);
}
