/*
 * A file is attached in a form by its path, survives the form and the file, goes to the centre before the command, and is
 * opened and written by another console; a text that is hostile comes out clean.
 */
#include "tests/term/server.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static void to_first_case(struct term *t)
{
    term_wait(t, "[1]To sign 14");
    term_wait(t, "[7]All open 158");
    term_press(t, "1");
    term_wait(t, "14 cases");
}

static void a_file_goes_from_one_console_to_another(void **state)
{
    static struct server s;
    struct desk d, other;
    char keys[700], folder[300], saved[400];
    (void)state;
    server_make(&s, "attach");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "wang.desk", "en");
    snprintf(folder, sizeof folder, "%s", test_path("things"));
    assert_int_equal(mkdir(folder, 0700), 0);
    snprintf(keys, sizeof keys, "%s/meter.txt", folder);
    write_file(keys, "room 18.6 C at 22:50\n");
    struct term *t = desk_open(&d, 24, 80);
    to_first_case(t);
    term_press(t, "n");
    term_wait(t, "Note *");
    term_type(t, "measured");
    term_press(t, "M-a");
    term_wait(t, "Enter adds it");
    snprintf(keys, sizeof keys, "'%s/me'", folder);
    term_press(t, keys);
    term_wait(t, "plain text, 21 bytes");
    term_press(t, "Enter");
    term_wait(t, "meter.txt is copied (plain text, 21 bytes)");
    term_press(t, "Esc");
    term_wait(t, "The draft is kept");
    snprintf(keys, sizeof keys, "%s/meter.txt", folder);
    assert_int_equal(unlink(keys), 0); /* the copy is kept */
    term_kill(t);
    term_end(t);
    t = desk_open(&d, 24, 80);
    to_first_case(t);
    term_press(t, "n");
    term_wait(t, "meter.txt (plain text, 21 bytes)");
    term_press(t, "^S");
    term_wait(t, "Kept on the disk: note");
    json_t *mine = server_wait_events(&s, since, "wang.desk", "note");
    const char *attach = text_at(json_array_get(mine, 0), "event.values.attach");
    assert_non_null(strstr(attach, " text 21 - meter.txt"));
    json_decref(mine);
    term_press(t, "F");
    term_wait(t, "Files of ");
    term_wait(t, "meter.txt");
    term_press(t, "Enter");
    term_wait(t, "room 18.6 C at 22:50");
    term_press(t, "q");
    term_wait_gone(t, "Files of ");
    desk_leave(t);

    desk_make(&other, &s, "luo.leader", "en");
    t = desk_open(&other, 24, 80);
    term_wait(t, "[7]All open 158");
    term_press(t, "/ '00079' Enter");
    term_wait(t, ">!");
    term_wait(t, "2611-00079");
    term_press(t, "F");
    term_wait(t, "It is not on this machine; Enter fetches it.");
    term_press(t, "Enter");
    term_wait(t, "room 18.6 C at 22:50");
    snprintf(saved, sizeof saved, "%s/saved.txt", folder);
    snprintf(keys, sizeof keys, ": 'save_file %s' Enter", saved);
    term_press(t, keys);
    term_wait(t, "Written: ");
    assert_int_equal(access(saved, R_OK), 0);
    term_press(t, keys);
    term_wait(t, "It is there already and would be written over: ");
    term_press(t, "n");
    term_wait_gone(t, "It is there already");
    term_press(t, "q");
    term_wait_gone(t, "Files of ");
    term_press(t, "Esc");
    term_wait(t, "[7]All open 158");
    desk_leave(t);
    server_stop(&s);
}

static void what_is_no_file_is_said_and_what_is_one_is_taken_out(void **state)
{
    static struct server s;
    struct desk d;
    char keys[700], path[300];
    (void)state;
    server_make(&s, "refused");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    snprintf(path, sizeof path, "%s", test_path("one.txt"));
    write_file(path, "one\n");
    struct term *t = desk_open(&d, 24, 80);
    to_first_case(t);
    term_press(t, "n");
    term_wait(t, "Note *");
    term_type(t, "x");
    term_press(t, "M-a '/nowhere/x.jpg'");
    term_press(t, "^S"); /* a path is no file yet */
    term_wait(t, "Enter adds it");
    term_press(t, "Enter");
    term_wait(t, "/nowhere/x.jpg");
    term_press(t, "^A ^K");
    snprintf(keys, sizeof keys, "'%s' Enter", path);
    term_press(t, keys);
    term_wait(t, "one.txt is copied");
    term_press(t, "Backspace");
    term_wait(t, "one.txt is taken out.");
    term_press(t, "Esc");
    term_wait(t, "The draft is kept");
    desk_leave(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_file_goes_from_one_console_to_another, rig_end),
        cmocka_unit_test_teardown(what_is_no_file_is_said_and_what_is_one_is_taken_out, rig_end),
    };
    return cmocka_run_group_tests_name("term/attach", tests, NULL, NULL);
}
