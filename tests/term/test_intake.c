/*
 * The operator at the phone, by keys alone: an order with a proposal taken, an answer out of a half-filled order, the
 * progress of an earlier order of the same caller, and an order that waits sent elsewhere. The server has them all.
 */
#include "tests/term/server.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct term *operator_desk(struct desk *d, struct server *s, const char *name)
{
    server_make(s, name);
    server_start(s);
    desk_make(d, s, "chen.op", "en");
    struct term *t = desk_open(d, 24, 80);
    term_wait(t, "[7]All open 181");
    return t;
}

static const char *value_of(const json_t *mine, size_t i, const char *field)
{
    char path[64];
    snprintf(path, sizeof path, "event.values.%s", field);
    return text_at(json_array_get(mine, i), path);
}

/* What, where and who, as a caller tells it; category, street, community and tier out of the proposal. */
static void order_with_proposal(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    struct term *t = operator_desk(&d, &s, "order");
    json_int_t since = server_last_event(&s);
    term_press(t, "o");
    term_wait(t, "[log]");
    term_press(t, "'The radiators are cold, the room has 14 degrees' Tab 'h'");
    term_wait(t, "< seeking help >");
    term_press(t, "Tab Tab '南里小区5号楼2单元301' Tab");
    term_wait(t, "Nanli Community 110103");
    term_wait(t, "stands in the text");
    term_press(t, "^S"); /* nothing was filled in behind the clerk's back */
    term_wait(t, "!! This is needed.");
    term_press(t, "^G");
    term_wait(t, "Filled in: Category, Street, Community, District, Tier");
    term_wait(t, "taken: ");
    term_press(t, "^S"); /* refused by the rule, beside the field */
    term_wait(t, "!! ");
    term_wait(t, "must be given");
    term_press(t, "'13800001234' BackTab '赵敏' ^S");
    term_wait(t, "Kept on the disk: log");
    json_t *mine = server_wait_events(&s, since, "chen.op", "log");
    assert_string_equal(value_of(mine, 0, "content"),
                        "The radiators are cold, the room has 14 degrees");
    assert_string_equal(value_of(mine, 0, "type"), "help");
    assert_string_equal(value_of(mine, 0, "category"), "0101");
    assert_string_equal(value_of(mine, 0, "point"), "南里小区5号楼2单元301");
    assert_string_equal(value_of(mine, 0, "street"), "1101");
    assert_string_equal(value_of(mine, 0, "community"), "110103");
    assert_string_equal(value_of(mine, 0, "district"), "11");
    assert_string_equal(value_of(mine, 0, "tier"), "T24H");
    assert_string_equal(value_of(mine, 0, "claimant"), "赵敏");
    json_decref(mine);
    desk_leave(t);
    server_stop(&s);
}

/* Turned after it was begun as an order; left, and gone on with: no field is lost on any of these ways. */
static void answer_out_of_an_order(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    struct term *t = operator_desk(&d, &s, "answer");
    json_int_t since = server_last_event(&s);
    term_press(t, "o");
    term_wait(t, "[log]");
    term_press(t, "'When does the heating season end?' Tab 'c'");
    term_wait(t, "< consultation >");
    term_press(t, "Tab '0101' Tab '东里小区'");
    term_press(t, "^T");
    term_wait(t, "[answer at once]");
    term_press(t, "'On 15 March.'");
    term_press(t, "^T ^T"); /* past the exit that has no field for the place */
    term_wait(t, "[tell progress]");
    assert_false(term_shows(t, "东里小区 "));
    term_press(t, "Esc");
    term_wait(t, "The draft is kept");
    term_press(t, ": 'progress' Enter");
    term_wait(t, "[tell progress]");
    term_press(t, "^T");
    term_wait(t, "[log]");
    term_wait(t, "东里小区");
    term_press(t, "^T");
    term_wait(t, "[answer at once]");
    term_wait(t, "On 15 March.");
    term_press(t, "^S");
    term_wait(t, "Kept on the disk: answer at once");
    json_t *mine = server_wait_events(&s, since, "chen.op", "answer");
    assert_string_equal(text_at(json_array_get(mine, 0), "event.to"), "DIRECT");
    assert_string_equal(value_of(mine, 0, "content"), "When does the heating season end?");
    assert_string_equal(value_of(mine, 0, "point"), "东里小区");
    assert_string_equal(value_of(mine, 0, "answer"), "On 15 March.");
    assert_string_equal(value_of(mine, 0, "type"), "consult");
    json_decref(mine);
    for (const char *const *word =
             (const char *const[]){"log", "answer", "elsewhere", "progress", NULL};
         *word; word++) { /* nothing is left of the draft under any of the exits */
        char line[64];
        snprintf(line, sizeof line, ": '%s' Enter", *word);
        term_press(t, line);
        term_wait(t, "What");
        term_settle(t);
        assert_false(term_shows(t, "heating season"));
        term_press(t, "Esc");
        term_wait(t, "Left ");
    }
    desk_leave(t);
    server_stop(&s);
}

/* The caller has an order about the same matter: it is shown, masked, before a second one is made (art. 11(3)). */
static void progress_of_an_earlier_order(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    struct term *t = operator_desk(&d, &s, "progress");
    json_int_t since = server_last_event(&s);
    term_press(t, "o");
    term_wait(t, "[log]");
    term_press(
        t,
        "'Still cold, nobody came' Tab 'h' Tab '0101' Tab '东里小区5号楼2单元301' Tab Tab Tab Tab");
    term_settle(t);
    assert_false(term_shows(t, "Earlier orders:"));
    term_press(t, "'+86 138-0000-0043' Tab");
    term_wait(t, "Earlier orders:");
    term_wait(t, "same matter, to sign");
    assert_true(term_shows(t, "冯*"));
    assert_false(term_shows(t, "冯玉珍"));
    term_press(t, "^Y");
    term_wait(t, "[tell progress]");
    term_press(t, "'The company comes today before six.' ^S");
    term_wait(t, "Kept on the disk: tell progress");
    json_t *mine = server_wait_events(&s, since, "chen.op", "tell_progress urge");
    assert_string_equal(text_at(json_array_get(mine, 0), "event.to"), "DIRECT");
    assert_string_equal(value_of(mine, 0, "said"), "The company comes today before six.");
    assert_string_equal(value_of(mine, 0, "old_order"), text_at(json_array_get(mine, 1), "number"));
    json_decref(mine);
    term_press(t, "o"); /* who reported in secret is not found by anybody's call (domain 13) */
    term_wait(t, "[log]");
    term_press(t, "'Again' Tab 'r' Tab '0805' Tab '南里斜街平房区66号' Tab ^G");
    term_wait(t, "Filled in: ");
    term_press(t, "Tab Tab Tab '13800000658' Tab");
    term_settle(t);
    term_wait(t, "13800000658");
    assert_false(term_shows(t, "Earlier orders:"));
    term_press(t, "Esc");
    term_wait(t, "The draft is kept");
    desk_leave(t);
    server_stop(&s);
}

/* There is a new fact: a new order, linked to the earlier one (domain 7.11). */
static void linked_new_order(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    struct term *t = operator_desk(&d, &s, "linked");
    json_int_t since = server_last_event(&s);
    term_press(t, "o");
    term_wait(t, "[log]");
    term_press(t, "'Now the pipe bursts too' Tab 'h' Tab '0102' Tab '东里小区5号楼2单元' Tab ^G");
    term_wait(t, "Filled in: Street, Community, District, Tier");
    term_press(t, "Tab Tab Tab '13800000043' Tab");
    term_wait(t, "Earlier orders:");
    assert_false(term_shows(t, "same matter")); /* another category */
    term_press(t, "^O");
    term_wait(t, "Earlier order: ");
    term_press(t, "^S");
    term_wait(t, "Kept on the disk: log");
    json_t *mine = server_wait_events(&s, since, "chen.op", "log");
    char *shown = desk_run(&d, 0, "show", value_of(mine, 0, "old_order"), NULL);
    assert_non_null(strstr(shown, "5号楼2单元暖气一直不热"));
    free(shown);
    json_decref(mine);
    desk_leave(t);
    server_stop(&s);
}

/* The dispatcher takes what the catalogue gives: unit, tier and the row it rests on. */
static void dispatch_by_the_catalogue(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "dispatch");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "sun.dispatch", "en");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "[1]To dispatch 8");
    term_press(t, "1");
    term_wait(t, "rows 1-8 of 8");
    term_press(t, "d");
    term_wait(t, "Lead unit *");
    term_wait(t, "row 21-05: Public health event (2105)");
    term_wait(t, "118013-21: Response to emergencies");
    term_press(t, "^S");
    term_wait(t, "!! This is needed.");
    term_press(t, "^G");
    term_wait(t, "Filled in: Lead unit, Tier, Catalogue row, Units");
    term_press(t, "^S");
    term_wait(t, "Kept on the disk: dispatch");
    json_t *mine = server_wait_events(&s, since, "sun.dispatch", "dispatch");
    assert_string_equal(value_of(mine, 0, "unit"), "118013");
    assert_string_equal(value_of(mine, 0, "tier"), "T2H");
    assert_string_equal(value_of(mine, 0, "catalogue_row"), "21-05");
    json_decref(mine);
    desk_leave(t);
    server_stop(&s);
}

/* On the page of an order that waits for dispatch the same command is about that order, and asks only what is new. */
static void waiting_order_sent_elsewhere(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    struct term *t = operator_desk(&d, &s, "elsewhere");
    json_int_t since = server_last_event(&s);
    term_press(t, "2");
    term_wait(t, "rows 1-8 of 8");
    term_press(t, "Enter");
    term_wait(t, "Clocks");
    term_press(t, ": 'elsewhere' Enter");
    term_wait(t, "send elsewhere");
    term_wait(t, "Exit (art. 11)");
    assert_false(term_shows(t, "Phone"));
    term_press(t, "'5' Tab 'Told to ask the owners committee.' ^S");
    term_wait(t, "Kept on the disk: send elsewhere");
    json_t *mine = server_wait_events(&s, since, "chen.op", "send_elsewhere");
    assert_string_equal(text_at(json_array_get(mine, 0), "event.to"), "ELSEWHERE");
    assert_string_equal(value_of(mine, 0, "exit"), "beyond_duty");
    assert_true(json_integer_value(
                    json_object_get(json_object_get(json_array_get(mine, 0), "event"), "seq")) > 1);
    json_decref(mine);
    term_press(t, "q");
    term_wait(t, "Left ");
    desk_leave(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(order_with_proposal, rig_end),
        cmocka_unit_test_teardown(answer_out_of_an_order, rig_end),
        cmocka_unit_test_teardown(progress_of_an_earlier_order, rig_end),
        cmocka_unit_test_teardown(linked_new_order, rig_end),
        cmocka_unit_test_teardown(dispatch_by_the_catalogue, rig_end),
        cmocka_unit_test_teardown(waiting_order_sent_elsewhere, rig_end),
    };
    return cmocka_run_group_tests_name("term/intake", tests, NULL, NULL);
}
