/*
 * The person's own editor has the terminal as it was found and gives the text back; killed meanwhile, nothing is lost.
 * A console that was started for looking only takes no command from the keyboard.
 */
#include "tests/term/server.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* EDITOR=PATH of a program that says it is there, waits for a line, and puts it behind the text. */
static const char *editor_variable(void)
{
    static const char body[] = "#!/bin/sh\n"
                               "trap 'echo interrupted' INT\n"
                               "printf '\\nEDITOR HAS IT\\n'\n"
                               "read -r line || read -r line\n"
                               "printf ' %s' \"$line\" >> \"$1\"\n";
    static char variable[440];
    const char *path = test_path("editor");
    struct errmsg err;
    assert_int_equal(file_write_atomic(path, body, sizeof body - 1, &err), ST_OK);
    assert_int_equal(chmod(path, 0700), 0);
    snprintf(variable, sizeof variable, "EDITOR=%.400s", path);
    return variable;
}

static struct term *open_with(struct desk *d, const char *variable, const char *flag)
{
    struct term_options o = desk_options(d);
    size_t n = 0;
    while (o.env[n])
        n++;
    o.env[n++] = "VISUAL";
    if (variable)
        o.env[n] = variable;
    for (n = 0; o.argv[n]; n++)
        ;
    if (flag)
        o.argv[n] = flag;
    struct term *t = term_start(&o);
    desk_wait_online(d, t);
    term_wait(t, "[1]To sign 14");
    term_wait(t, "[7]All open 158");
    return t;
}

static void a_template_is_written_in_it(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "template");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = open_with(&d, editor_variable(), NULL);
    term_press(t, ": 'template new water' Enter");
    term_wait(t, "New template");
    term_press(t, "'typed here' M-s"); /* nothing to be sent, so not later either */
    term_wait(t, "does nothing here");
    term_press(t, "M-e");
    term_wait(t, "EDITOR HAS IT");
    term_type(t, "and there\r");
    term_wait(t, "The text is that of the editor");
    term_wait(t, "typed here and there");
    term_press(t, "^S");
    term_wait_gone(t, "New template");
    desk_leave(t);
    server_stop(&s);
}

static void the_editor_has_the_terminal(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "wang.desk", "en");
    const char *variable = editor_variable();
    struct term *t = open_with(&d, variable, NULL);
    term_press(t, "1 n");
    term_wait(t, "Note *");
    term_press(t, "'typed here' M-e");
    term_wait(t, "EDITOR HAS IT");
    term_check_restored(t);        /* echo, lines, signals: as the shell left them */
    term_type_bytes(t, "\003", 1); /* to the editor; jiban does not hear of it */
    term_wait(t, "interrupted");
    term_type(t, "and there\r");
    term_wait(t, "The text is that of the editor");
    term_wait(t, "typed here and there");
    term_press(t, "' and here again' ^S");
    term_wait(t, "Kept on the disk: note");
    json_t *mine = server_wait_events(&s, since, "wang.desk", "note");
    assert_string_equal(text_at(json_array_get(mine, 0), "event.values.note"),
                        "typed here and there and here again");
    json_decref(mine);
    /* killed while the editor runs: the draft was on the disk before */
    term_press(t, "n");
    term_wait(t, "Note *");
    term_press(t, "'before the power went' M-e");
    term_wait(t, "EDITOR HAS IT");
    term_kill(t);
    term_end(t);
    t = open_with(&d, variable, NULL);
    term_press(t, ": 'drafts' Enter");
    term_wait(t, "before the power went");
    term_press(t, "Enter");
    term_wait(t, "Note *");
    term_wait(t, "before the power went");
    term_press(t, "Esc");
    term_wait(t, "The draft is kept");
    term_press(t, "q");
    term_wait_gone(t, "Drafts, the newest first");
    desk_leave(t);
    server_stop(&s);
}

static void looking_only(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "look");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = open_with(&d, NULL, "--readonly");
    term_wait(t, "[look only]");
    term_press(t, "1 s");
    term_wait(t, "started with --readonly");
    term_press(t, "n");
    term_settle(t);
    term_press(t, "Enter");
    term_wait(t, "Clocks");
    term_press(t, "s : 'readonly' Enter");
    term_wait(t, "It stays so");
    term_press(t, "q");
    term_wait(t, "Left ");
    term_press(t, ": 'messages' Enter"); /* what was said can be read again */
    term_wait(t, "What was said here");
    term_wait(t, "It stays so");
    term_press(t, "q");
    desk_leave(t);
    json_t *mine = server_wait_events(&s, since, "wang.desk", "");
    json_decref(mine);
    char *said = desk_run(&d, 77, "do", server_case_tail(&s, 41), "sign", "--readonly", NULL);
    free(said);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_editor_has_the_terminal, rig_end),
        cmocka_unit_test_teardown(a_template_is_written_in_it, rig_end),
        cmocka_unit_test_teardown(looking_only, rig_end),
    };
    return cmocka_run_group_tests_name("term/desk", tests, NULL, NULL);
}
