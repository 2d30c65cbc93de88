/*
 * Another one was first: what loses the race lands in the conflicts with its whole text, and each of the four answers
 * does what it says.
 */
#include "tests/term/server.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 4 };

static char *number[CASES];

static const char theirs[] = "Dear Sir, we called you by phone, found the leak and repaired it. It "
                             "is solved. Call us: 010-1.";

/* Text of the reply to case i: two lines, in two scripts. */
static const char *mine(int i)
{
    static char text[400];
    snprintf(text, sizeof text,
             "您好！我们已电话联系您，并到现场核实，情况属实，已更换阀门，第%"
             "d户供暖恢复正常，室温21度。\n"
             "如有问题请致电010-5555019%d，联系人：王建国。感谢您的理解与支持。",
             i, i);
    return text;
}

/* By the other desk: four cases that wait for a reply. */
static void prepare(struct desk *other)
{
    free(desk_run(other, 0, "sync", NULL));
    char *text = desk_run(other, 0, "list", "state:SENT", "--json", NULL);
    char *line = text;
    for (int i = 0; i < CASES; i++) {
        json_t *one = json_loadb(line, strcspn(line, "\n"), 0, NULL);
        assert_non_null(one);
        number[i] = strdup(text_at(one, "number"));
        json_decref(one);
        line += strcspn(line, "\n") + 1;
        free(desk_run(other, -1, "do", number[i], "sign", "--offline", NULL));
        free(desk_run(other, -1, "do", number[i], "assign", "handler=lin.property", "--offline",
                      NULL));
        free(desk_run(other, -1, "do", number[i], "contact", "reached=yes", "way=phone",
                      "said=spoke with the caller", "--offline", NULL));
    }
    free(text);
    free(desk_run(other, 0, "sync", NULL));
}

static void open_case(struct term *t, const char *which)
{
    term_press(t, ":");
    term_type(t, "open ");
    term_type(t, which);
    term_press(t, "Enter");
    term_wait(t, "Clocks");
}

/* Types as a person does: Enter for a new line. */
static void type_lines(struct term *t, const char *text)
{
    for (; *text; text += strcspn(text, "\n") + (text[strcspn(text, "\n")] == '\n')) {
        term_type_bytes(t, text, strcspn(text, "\n"));
        if (text[strcspn(text, "\n")])
            term_type(t, "\r");
    }
}

static void write_replies(struct term *t)
{
    for (int i = 0; i < CASES; i++) {
        open_case(t, number[i]);
        term_press(t, "r");
        term_wait(t, "Reply to the ");
        type_lines(t, mine(i));
        term_press(t, "Tab Space ^S");
        term_wait(t, "Kept on the disk: submit reply");
        term_press(t, "q");
        term_wait(t, "Left ");
    }
    term_wait(t, "4 to send");
}

/* Whole, to the byte. */
static void check_kept(struct desk *d)
{
    json_t *conflicts = desk_json(d, "conflicts");
    assert_int_equal(json_array_size(conflicts), CASES);
    for (int i = 0; i < CASES; i++) {
        const json_t *one = json_array_get(conflicts, (size_t)i);
        if (json_object_get(one, "command"))
            one = json_object_get(one, "command");
        assert_string_equal(text_at(one, "args.reply"), mine(i));
    }
    json_decref(conflicts);
}

/* Each of the four answers to one of the four. */
static void answer(struct term *t)
{
    term_press(t, "C");
    term_wait(t, "Refused by the server");
    term_wait(t, "Mine: submit reply");
    term_wait(t, "第0户"); /* mine beside theirs */
    term_wait(t, "we called you by phone");
    term_wait(t, "the date");
    term_press(t, "r");
    term_wait(t, "it is sent again on the new state");
    term_wait(t, "第1户");
    term_press(t, "n");
    term_wait(t, "it goes out as a note on the case");
    term_wait(t, "第2户");
    term_press(t, "d");
    term_wait(t, "Kept as a draft of the case");
    term_wait(t, "第3户");
    term_press(t, "x");
    term_wait(t, "Sure?");
    term_press(t, "n");
    term_wait_gone(t, "Sure?");
    term_wait(t, "第3户");
    term_press(t, "x");
    term_wait(t, "Sure?");
    term_press(t, "y");
    term_wait(t, "There is no conflict");
    term_wait_gone(t, "to send");
    term_press(t, "q");
    term_wait(t, "Left ");
}

static void go_on_with_draft(struct term *t)
{
    open_case(t, number[2]);
    term_press(t, "r");
    term_wait(t, "第2户");
    term_press(t, "^S");
    term_wait(t, "Kept on the disk: submit reply");
    term_wait_gone(t, "to send");
    term_press(t, "q");
    term_wait(t, "Left ");
}

static void races(void **state)
{
    static struct server s;
    struct desk ours, other, reviewer;
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&other, &s, "liu.desk", "en");
    desk_make(&ours, &s, "wang.desk", "en");
    desk_make(&reviewer, &s, "he.review", "en");
    prepare(&other);
    struct term *t = desk_open(&ours, 36, 100);
    term_wait(t, "[1]To sign 10");
    term_wait(t, "[7]All open 158"); /* all is here: the cases come in several answers */
    server_stop(&s);
    term_wait(t, "offline");
    write_replies(t);
    term_signal(t, SIGSTOP); /* it would be first else */
    server_start(&s);
    for (int i = 0; i < CASES; i++) {
        char text[400];
        snprintf(text, sizeof text, "reply=%s", theirs);
        free(desk_run(&other, 0, "do", number[i], "reply", text, "result=solved", NULL));
    }
    term_signal(t, SIGCONT);
    term_wait_gone(t, "to send");
    term_wait(t, "4 conflicts (C)");
    check_kept(&ours);
    /* two of them go back to the handler, so that a reply has its place again */
    free(desk_run(&reviewer, 0, "sync", NULL));
    free(desk_run(&reviewer, 0, "do", number[0], "send_back", "missing=the date", NULL));
    free(desk_run(&reviewer, 0, "do", number[2], "send_back", "missing=the place", NULL));
    answer(t);
    json_t *mine_all = server_wait_events(&s, since, "wang.desk", "submit_reply note");
    const json_t *again = json_array_get(mine_all, 0), *note = json_array_get(mine_all, 1);
    assert_string_equal(text_at(again, "event.values.reply"), mine(0));
    assert_string_equal(text_at(again, "number"), number[0]);
    assert_non_null(strstr(text_at(note, "event.values.note"), mine(1)));
    assert_string_equal(text_at(note, "number"), number[1]);
    json_decref(mine_all);
    go_on_with_draft(t);
    mine_all = server_wait_events(&s, since, "wang.desk", "submit_reply note submit_reply");
    assert_string_equal(text_at(json_array_get(mine_all, 2), "event.values.reply"), mine(2));
    assert_string_equal(text_at(json_array_get(mine_all, 2), "number"), number[2]);
    json_decref(mine_all);
    desk_leave(t);
    json_t *none = desk_json(&ours, "conflicts");
    assert_int_equal(json_array_size(none), 0);
    json_decref(none);
    for (int i = 0; i < CASES; i++)
        free(number[i]);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(races, rig_end)};
    return cmocka_run_group_tests_name("term/conflict", tests, NULL, NULL);
}
