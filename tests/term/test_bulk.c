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
    term_wait(t, "rows 1-14 of 14");
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
    term_wait(t, "rows 1-18 of 105");
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
    term_wait(t, "rows 1-18 of 105");
    term_press(t, "Space");
    term_wait(t, "2 marked");
    term_press(t, "b");
    term_wait(t, "\"send back reply\" is done case by case");
    term_press(t, "i");
    term_wait(t, "\"rate\" is done case by case");
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

/* Six orders about heating; the first is worked on again, which can neither follow nor lead. */
static struct term *open_heating(struct server *s, struct desk *d, const char *name,
                                 const char *config)
{
    server_make(s, name);
    server_start(s);
    desk_make(d, s, "wang.desk", "en");
    desk_config(d, config);
    struct term *t = desk_open(d, 24, 80);
    term_wait(t, "[7]All open 158");
    term_press(t, "2");
    term_wait(t, "rows 1-18 of 105");
    term_press(t, "f");
    term_type(t, "category:供暖\r");
    term_wait(t, "rows 1-6 of 6");
    return t;
}

/* Five marked by a range, merged into the one on which it ends: told are its claimants and when it is due then. What cannot
 * follow is told and stays marked. */
static void merges(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    struct term *t = open_heating(&s, &d, "merge", "[reply]\ngrace = 0\n");
    json_int_t since = server_last_event(&s);
    term_press(t, "^V G");
    term_wait(t, "6 marked");
    term_wait(t, "What you move over is marked, until ^V, Space or Esc.");
    term_press(t, "k k");
    term_wait(t, "4 marked");
    term_press(t, "G Space m");
    term_wait(t, "merge: on 4 of the 6 that are marked.");
    term_wait(t, "Not possible, and still marked: 1");
    char first[8];
    snprintf(first, sizeof first, "%s  ", server_case_tail(&s, 43));
    term_wait(t, first);
    term_wait(t, "Each of the 5 claimants gets its reply and a callback.");
    term_wait(t, "the earliest of all");
    term_press(t, "y");
    term_wait(t, "2 marked");
    term_wait_gone(t, "15:0"); /* its due time is that of the earliest now */
    json_decref(server_wait_events(&s, since, "wang.desk",
                                   "merge take_follower merge take_follower merge take_follower "
                                   "merge take_follower"));
    desk_leave(t);
    server_stop(&s);
}

/* One step back, before they have left: all are as they were, and the centre hears of nothing. */
static void unmerges(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    struct term *t = open_heating(&s, &d, "unmerge", "[reply]\ngrace = 600\n");
    json_int_t since = server_last_event(&s);
    term_press(t, "j ^V G Esc m");
    term_wait(t, "merge: on 4 of the 5 that are marked.");
    term_press(t, "y");
    term_wait(t, "Kept on the disk: merge, 4 cases. Sent in");
    term_wait(t, "1-2/2");
    term_press(t, "u");
    term_wait(t, "Taken back: merge, 4 commands");
    term_wait(t, "rows 1-6 of 6");
    json_decref(server_wait_events(&s, since, "wang.desk", ""));
    desk_leave(t);
    server_stop(&s);
}

/* None is marked where one stands: the form asks for the order by its number. */
static void merges_by_number(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    struct term *t = open_heating(&s, &d, "number", "[reply]\ngrace = 0\n");
    json_int_t since = server_last_event(&s);
    term_press(t, "j Space Space m");
    term_wait(t, "merge · 2 marked");
    term_type(t, "99999");
    term_press(t, "^S");
    term_wait(t, "No case has the number 99999");
    for (int i = 0; i < 5; i++)
        term_press(t, "Backspace");
    term_type(t, server_case_tail(&s, 42));
    term_press(t, "^S");
    term_wait(t, "merge: on 2 of the 2 that are marked.");
    term_press(t, "y");
    json_decref(
        server_wait_events(&s, since, "wang.desk", "merge take_follower merge take_follower"));
    desk_leave(t);
    server_stop(&s);
}

/* A template gives each its own text; one question, and the server has a reply of each. */
static void replies_to_three(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "letters");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    desk_config(&d, "[reply]\ngrace = 0\n");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "[7]All open 158");
    json_int_t since = server_last_event(&s);
    term_press(t, ":");
    term_type(t, "template new AA\r");
    term_wait(t, "New template");
    term_type(t, "{set result=solved}Hello, about your request {number}: we spoke with you on 24 "
                 "November. We checked on 25 November and found a broken valve; it was replaced, "
                 "and the matter is solved. Our phone: 010-55550196.");
    term_press(t, "^S");
    term_wait(t, "The template \"AA\" is kept.");
    term_press(t, "2");
    term_wait(t, "rows 1-18 of 105");
    term_press(t, "g Space Space Space");
    term_wait(t, "3 marked");
    term_press(t, "r");
    term_wait(t, "Templates (");
    term_type(t, "AA\r");
    term_wait(t, "submit reply: text 1 of 3 (AA)");
    term_press(t, "Enter");
    term_wait(t, "submit reply: 3 of the 3 texts go.");
    term_press(t, "y");
    term_wait(t, "Kept on the disk: submit reply, 3 cases");
    json_t *events =
        server_wait_events(&s, since, "wang.desk", "submit_reply submit_reply submit_reply");
    char first[400];
    snprintf(first, sizeof first, "%s", text_at(json_array_get(events, 0), "event.values.reply"));
    assert_non_null(strstr(first, "Hello, about your request 26"));
    assert_string_not_equal(first, text_at(json_array_get(events, 1), "event.values.reply"));
    json_decref(events);
    desk_leave(t);
    server_stop(&s);
}

/* Marks that the list leaves out are told, and told again before something is done to them. */
static void tells_of_marks_not_shown(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    struct term *t = open_first(&s, &d, "unshown");
    term_press(t, "Space 2");
    term_wait(t, "1 marked, 1 not shown");
    term_press(t, "f");
    term_type(t, "category:供暖\r");
    term_wait(t, "rows 1-6 of 6");
    term_press(t, "Space n");
    term_wait(t, "note · 2 marked");
    term_type(t, "seen");
    term_press(t, "^S");
    term_wait(t, "Marks that are not shown in this list: 1.");
    term_press(t, "n Esc 7 f ^A ^K Enter");
    term_wait(t, "rows 1-18 of 158");
    term_wait(t, "2 marked  ");
    desk_leave(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(replies_to_three, rig_end),
                                       cmocka_unit_test_teardown(merges, rig_end),
                                       cmocka_unit_test_teardown(unmerges, rig_end),
                                       cmocka_unit_test_teardown(merges_by_number, rig_end),
                                       cmocka_unit_test_teardown(tells_of_marks_not_shown, rig_end),
                                       cmocka_unit_test_teardown(signs_three, rig_end),
                                       cmocka_unit_test_teardown(whistles_once, rig_end),
                                       cmocka_unit_test_teardown(refuses, rig_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
