/*
 * Offline work is the normal case: commands for three cases are confirmed without a server, the console is killed, and
 * all of them arrive once and in order. One cache belongs to one console.
 */
#include "tests/term/server.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 3, EACH = 4 };

/* The marked case of "to sign", to its end. */
static void handle(struct term *t, int number)
{
    char text[600], unsent[32];
    term_press(t, "Enter");
    term_wait(t, "Clocks");
    term_press(t, "s");
    term_wait(t, "Kept on the disk: sign");
    term_press(t, "a");
    term_wait(t, "Handler");
    term_press(t, "'lin.property' ^S");
    term_wait(t, "Kept on the disk: assign");
    term_press(t, "c");
    term_wait(t, "What was said");
    snprintf(text, sizeof text, "Caller %d asks for a visit 第%d次", number, number);
    term_press(t, "Space Tab");
    term_type(t, text);
    term_press(t, "^S");
    term_wait(t, "Kept on the disk: record contact");
    term_press(t, "r");
    term_wait(t, "Reply to the ");
    snprintf(text, sizeof text,
             "Dear neighbour number %d, we called and spoke with you, visited at once and found a "
             "broken valve.\rIt was replaced and is solved. Call us by phone: 010-555501%02d.",
             number, number);
    term_type(t, text);
    term_press(t, "Tab Space ^S");
    term_wait(t, "Kept on the disk: submit reply");
    snprintf(unsent, sizeof unsent, "%d to send", number * EACH);
    term_wait(t, unsent);
    term_press(t, "q");
    term_wait(t, "Left ");
}

/* What was in the outbox stands in the store: the same ids in the same order, the same texts. */
static void compare(const json_t *outbox, const json_t *events)
{
    size_t i;
    json_t *command;
    assert_int_equal(json_array_size(events), json_array_size(outbox));
    json_array_foreach(outbox, i, command)
    {
        const char *word;
        json_t *value;
        const json_t *event = json_object_get(json_array_get(events, i), "event");
        assert_string_equal(text_at(event, "command"), text_at(command, "id"));
        assert_string_equal(text_at(json_array_get(events, i), "case"), text_at(command, "case"));
        const json_t *values = json_object_get(event, "values");
        json_object_foreach(json_object_get(command, "args"), word, value)
        {
            if (json_is_string(value) && strcmp(word, "time") != 0)
                assert_string_equal(text_at(values, word), json_string_value(value));
        }
    }
}

static void arrives_once(void **state)
{
    static struct server s;
    struct desk d;
    char types[CASES * EACH * 16] = "";
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "[1]To sign 14");
    term_wait(t, "[7]All open 158");
    server_stop(&s);
    term_wait(t, "offline");
    term_press(t, "1");
    term_wait(t, "rows 1-14 of 14");
    for (int i = 1; i <= CASES; i++) {
        handle(t, i);
        strcat(types,
               i > 1 ? " sign assign contact submit_reply" : "sign assign contact submit_reply");
    }
    term_kill(t);
    term_end(t);
    json_t *outbox = desk_json(&d, "outbox");
    assert_int_equal(json_array_size(outbox), CASES * EACH);
    server_start(&s);
    t = desk_open(&d, 24, 80);
    term_wait_gone(t, "to send");
    json_t *events = server_wait_events(&s, since, "wang.desk", types);
    compare(outbox, events);
    desk_leave(t);
    json_decref(outbox);
    json_decref(events);
    outbox = desk_json(&d, "outbox");
    assert_int_equal(json_array_size(outbox), 0);
    json_decref(outbox);
    server_stop(&s);
}

static void one_console_a_cache(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "second");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *first = desk_open(&d, 24, 80);
    struct term_options o = desk_options(&d);
    struct term *second = term_start(&o);
    assert_int_not_equal(term_wait_end(second), 0);
    if (!term_shows(second, "Another jiban (process"))
        term_fail(second, "no word about the other console");
    term_check_restored(second);
    term_end(second);
    term_press(first, "1"); /* unharmed */
    term_wait(first, "rows 1-14 of 14");
    desk_leave(first);
    server_stop(&s);
}

/* A reply is held back; taken back, it is in the form again, whole, and the server has never seen it. */
static void taken_back(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "wang.desk", "en");
    desk_config(&d, "[reply]\ngrace = 600\n");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "[1]To sign 14");
    term_press(t, "1 Enter s");
    term_wait(t, "Kept on the disk: sign");
    term_press(t, "a");
    term_wait(t, "Handler");
    term_press(t, "'lin.property' ^S");
    term_wait(t, "Kept on the disk: assign");
    term_press(t, "c");
    term_wait(t, "What was said");
    term_press(t, "Space Tab 'Asks for a visit' ^S");
    term_wait(t, "Kept on the disk: record contact");
    term_press(t, "r");
    term_wait(t, "Reply to the claimant *");
    term_type(
        t,
        "Dear neighbour, we called and spoke with you, visited at once and found a broken valve.\r"
        "It was replaced and is solved. Call us by phone: 010-55550199.");
    term_press(t, "Tab Space ^S");
    term_wait(t, "Sent in ");
    term_wait(t, "u takes it back");
    term_wait(t, "1 to send");
    term_press(t, "u");
    term_wait(t, "Dear neighbour, we called"); /* the form, with its text */
    term_wait_gone(t, "to send");
    json_t *events = server_wait_events(&s, since, "wang.desk", "sign assign contact");
    json_decref(events);
    term_press(t, "M-s"); /* and now for later */
    term_wait(t, "Send at: next working day 09:00");
    term_press(t, "^A ^K '+3h' Enter");
    term_wait(t, "; u takes it back");
    term_press(t, "n");
    term_wait(t, "Note");
    term_press(t, "'after the reply' ^S");
    term_wait(t, "2 to send"); /* it waits behind the reply */
    term_press(t, "q");
    term_wait(t, "Left ");
    desk_leave(t);
    json_t *outbox = desk_json(&d, "outbox");
    assert_int_equal(json_array_size(outbox), 2);
    json_decref(outbox);
    events = server_wait_events(&s, since, "wang.desk", "sign assign contact");
    json_decref(events);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(arrives_once, rig_end),
        cmocka_unit_test_teardown(taken_back, rig_end),
        cmocka_unit_test_teardown(one_console_a_cache, rig_end),
    };
    return cmocka_run_group_tests_name("term/outbox", tests, NULL, NULL);
}
