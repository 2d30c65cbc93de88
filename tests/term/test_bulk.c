/*
 * One command on all marked cases: three are marked and signed at once, and the server gets three commands; a whistle on
 * two is one call; what is done case by case is refused; a case on which it is not possible stays marked; marks outlive
 * views, and what is left of a form is a draft.
 */
#include "tests/term/server.h"
#include <stdio.h>
#include <string.h>

static struct term *open_first(struct server *s, struct desk *d, const char *name)
{
    server_make(s, name);
    server_start(s);
    desk_make(d, s, "wang.desk", "en");
    struct term *t = desk_open(d, 24, 80);
    term_wait(t, "[1]To sign 14");
    term_wait(t, "[7]All open 158");
    term_press(t, "1");
    term_wait(t, "14 cases");
    return t;
}

static void signs_three(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    struct term *t = open_first(&s, &d, "three");
    json_int_t since = server_last_event(&s);
    term_press(t, "Space Space Space");
    term_wait(t, "3 marked");
    term_press(t, "s");
    term_wait(t, "sign: on 3 of the 3 that are marked.");
    term_press(t, "n");
    term_wait_gone(t, "Sure?");
    term_wait(t, "3 marked");
    term_press(t, "s");
    term_wait(t, "sign: on 3 of the 3 that are marked.");
    term_press(t, "y");
    term_wait(t, "Kept on the disk: sign, 3 cases");
    term_wait_gone(t, " marked ");
    json_t *events = server_wait_events(&s, since, "wang.desk", "sign sign sign");
    const char *first = text_at(json_array_get(events, 0), "case");
    assert_string_not_equal(first, text_at(json_array_get(events, 1), "case"));
    json_decref(events);
    desk_leave(t);
    server_stop(&s);
}

static void whistles_once(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    struct term *t = open_first(&s, &d, "whistle");
    json_int_t since = server_last_event(&s);
    term_press(t, "2");
    term_wait_gone(t, "14 cases,");
    term_press(t, "Space Space w");
    term_wait(t, "whistle · 2 marked");
    term_press(t, "Esc");
    term_wait(t, "Left ");
    term_press(t, "w");
    term_wait(t, "whistle · 2 marked");
    term_press(t, "E Enter");
    term_type(t, "118001\rDanger at both places");
    term_settle(t);
    term_press(t, "Esc");
    term_wait(t, "The draft is kept");
    term_press(t, "w");
    term_wait(t, "Danger at both places");
    term_press(t, "^S");
    term_wait(t, "whistle: on 2 of the 2 that are marked.");
    term_press(t, "y");
    term_wait(t, "Kept on the disk: whistle, 2 cases");
    json_t *events = server_wait_events(&s, since, "wang.desk", "whistle whistle");
    char group[64];
    snprintf(group, sizeof group, "%s", text_at(json_array_get(events, 0), "event.values.group"));
    assert_int_equal(strlen(group), 36);
    assert_string_equal(text_at(json_array_get(events, 1), "event.values.group"), group);
    json_decref(events);
    desk_leave(t);
    server_stop(&s);
}

static void refuses(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    struct term *t = open_first(&s, &d, "mixed");
    json_int_t since = server_last_event(&s);
    term_press(t, "Space 2");
    term_wait(t, "1 marked");
    term_wait_gone(t, "14 cases,");
    term_press(t, "Space");
    term_wait(t, "2 marked");
    term_press(t, "r");
    term_wait(t, "is done case by case");
    term_press(t, "c");
    term_wait(t, "\"record contact\" is done case by case");
    term_press(t, "s");
    term_wait(t, "sign: on 1 of the 2 that are marked.");
    term_press(t, "y");
    term_wait(t, "Kept on the disk: sign, 1 case");
    term_wait(t, "1 marked");
    term_press(t, "s");
    term_wait(t, "Possible on none of the 1");
    term_press(t, "7 T");
    term_wait(t, "158 marked");
    term_press(t, "Esc");
    term_wait_gone(t, " marked ");
    json_t *events = server_wait_events(&s, since, "wang.desk", "sign");
    json_decref(events);
    desk_leave(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(signs_three, rig_end),
                                       cmocka_unit_test_teardown(whistles_once, rig_end),
                                       cmocka_unit_test_teardown(refuses, rig_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
