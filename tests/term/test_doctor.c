/* What `jiban doctor` finds out about the terminal by asking it. */
#include "tests/term/server.h"
#include <stdio.h>
#include <string.h>

enum { SILENT_MS = 5000 };

static struct server s;

static struct term *examine(struct desk *d, bool answers, bool wide)
{
    struct term_options o = desk_options(d);
    o.argv[7] = "doctor";
    o.answers = answers;
    o.wide = wide;
    o.cols = 160;
    struct term *t = term_start(&o);
    t->stream.asks = true;
    return t;
}

static void end(struct term *t)
{
    term_wait_end(t);
    assert_false(term_shows(t, "…")); /* wiped out */
    term_check_restored(t);
    term_end(t);
}

static void answers_one(void **state)
{
    struct desk d;
    (void)state;
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = examine(&d, true, false);
    term_wait(t, "ok widths: ambiguous characters take 1 by the configuration, 1 on this terminal");
    end(t);
}

static void answers_two(void **state)
{
    struct desk d;
    (void)state;
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = examine(&d, true, true);
    term_wait(t, "!! widths: ambiguous characters take 1 by the configuration, 2 on this terminal");
    term_wait(t, "Set ambiguous_width = 2 under [screen].");
    end(t);
}

static void setting_fits(void **state)
{
    struct desk d;
    (void)state;
    desk_make(&d, &s, "wang.desk", "en");
    desk_config(&d, "[screen]\nambiguous_width = 2\n");
    struct term *t = examine(&d, true, true);
    term_wait(t, "ok widths: ambiguous characters take 2 by the configuration, 2 on this terminal");
    end(t);
}

/* A terminal that says nothing holds nobody up. */
static void is_silent(void **state)
{
    struct desk d;
    (void)state;
    desk_make(&d, &s, "wang.desk", "en");
    int64_t from = term_now_ms();
    struct term *t = examine(&d, false, false);
    term_wait(t, "ok widths: ambiguous characters take 1");
    assert_false(term_shows(t, "on this terminal"));
    assert_true(term_now_ms() - from < SILENT_MS);
    end(t);
}

/* What somebody types while it asks is no answer. */
static void typed_meanwhile(void **state)
{
    struct desk d;
    (void)state;
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = examine(&d, true, false);
    term_type_bytes(t, "x\033[9;9~\033[3R", 10);
    term_wait(t, "ok widths: ambiguous characters take 1 by the configuration, 1 on this terminal");
    end(t);
}

static int begin(void **state)
{
    (void)state;
    server_make_empty(&s, "none");
    return 0;
}

static int end_consoles(void **state)
{
    (void)state;
    term_end_all(NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(answers_one, end_consoles),
        cmocka_unit_test_teardown(answers_two, end_consoles),
        cmocka_unit_test_teardown(setting_fits, end_consoles),
        cmocka_unit_test_teardown(is_silent, end_consoles),
        cmocka_unit_test_teardown(typed_meanwhile, end_consoles),
    };
    return cmocka_run_group_tests_name("term/doctor", tests, begin, rig_end);
}
