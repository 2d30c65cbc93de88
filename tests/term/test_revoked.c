/*
 * A console that is open when its terminal is revoked: it ends within seconds, whatever is being typed, and not even a word
 * that was typed last is lost: the centre opens it.
 */
#include "tests/term/server.h"
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOON_MS = 5000 }; /* features.md 114 */

static struct server s;

/* How many files of that pattern the caches of the desk have. */
static size_t files_there(const struct desk *d, const char *what)
{
    char pattern[600];
    glob_t found = {0};
    snprintf(pattern, sizeof pattern, "%.400s/data/jiban/%s", d->home, what);
    int rc = glob(pattern, 0, NULL, &found);
    size_t n = rc == 0 ? found.gl_pathc : 0;
    assert_true(rc == 0 || rc == GLOB_NOMATCH);
    globfree(&found);
    return n;
}

static void forgets_at_once(void **state)
{
    struct desk d;
    char id[32];
    json_error_t error;
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "[7]All open 158");
    term_press(t, "n");
    term_wait(t, "Note *");
    term_type(t, "the last word");
    term_wait(t, "the last word");

    char *list = run_server(&s, 0, "terminal", "list", "--json", NULL);
    json_t *row = json_loads(list, 0, &error);
    assert_non_null(row);
    assert_string_equal(text_at(row, "user"), "wang.desk");
    snprintf(id, sizeof id, "%s", text_at(row, "terminal"));
    json_decref(row);
    free(list);
    assert_true(files_there(&d, "*/cache.db*") > 0);
    int64_t from = term_now_ms();
    free(run_server(&s, 0, "terminal", "revoke", id, NULL));
    assert_int_equal(term_wait_end(t), 77);
    int64_t took = term_now_ms() - from;
    printf("# ended after %lld ms\n", (long long)took);
    assert_true(took < SOON_MS);
    term_wait(t, "The cases that it kept are destroyed.");
    term_wait(t, "has the sealed work");
    term_check_restored(t);
    term_end(t);
    assert_int_equal(files_there(&d, "*/cache.db*") + files_there(&d, "*.work"), 0);
    char *work = run_server(&s, 0, "terminal", "work", id, NULL);
    assert_non_null(strstr(work, "the last word"));
    free(work);
    t = desk_open(&d, 24, 80); /* who may log in works on */
    term_wait(t, "[7]All open 158");
    desk_leave(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(forgets_at_once, rig_end)};
    return cmocka_run_group_tests_name("term/revoked", tests, NULL, NULL);
}
