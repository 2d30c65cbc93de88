/*
 * A console that runs hears of an emergency that the district opens: the form knows its name, and two marked cases are
 * put under it at once; when it is closed, the console says so before anything is sent.
 */
#include "tests/term/server.h"
#include <stdlib.h>

static void hears_of_it(void **state)
{
    static struct server s;
    struct desk d, district;
    (void)state;
    server_make(&s, "emergency");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    desk_make(&district, &s, "zhou.district", "en");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "[7]All open 158");
    json_int_t since = server_last_event(&s);
    term_press(t, "2 Space Space : 'join_emergency' Enter");
    term_wait(t, "put under the emergency · 2 marked");
    term_type(t, "storm-20260311");
    free(desk_run(&district, 0, "emergency", "open", "storm-20260311", "name=Wind from the north",
                  NULL));
    term_wait(t, "Wind from the north");
    term_press(t, "^S");
    term_wait(t, "on 2 of the 2 that are");
    term_press(t, "y");
    term_wait(t, "Kept on the disk: put under the emergency, 2 cases");
    json_t *events = server_wait_events(&s, since, "wang.desk", "join_emergency join_emergency");
    assert_string_equal(text_at(json_array_get(events, 1), "event.values.emergency"),
                        "storm-20260311");
    json_decref(events);
    term_press(t, "7 g j j Space : 'join_emergency' Enter");
    term_wait(t, "put under the emergency · 1 marked");
    term_type(t, "stor\t");
    term_wait(t, "Wind from the north");
    free(desk_run(&district, 0, "emergency", "close", "storm-20260311", NULL));
    for (bool closed = false; !closed;) { /* asked again until the news is here; n leaves it */
        static const char *const either[] = {"Sure?", "This emergency is", NULL};
        term_press(t, "^S");
        closed = term_wait_any(t, either) == 1;
        if (!closed) {
            term_press(t, "n");
            term_wait_gone(t, "Sure?");
        }
    }
    term_press(t, "Esc");
    term_wait(t, "Left ");
    desk_leave(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(hears_of_it, rig_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
