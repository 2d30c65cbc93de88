/*
 * The session ends while a form is open: nothing typed is lost, and the password is nowhere to be found.
 */
#include "tests/term/server.h"
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char fresh[] = "Schl\xc3\xbcssel-4711-neu";

/* No file under the folder holds the text. */
static void search(const char *folder, const char *text)
{
    DIR *dir = opendir(folder);
    struct dirent *one;
    while (dir && (one = readdir(dir))) {
        char path[600], *bytes = NULL;
        size_t n = 0;
        struct stat st;
        snprintf(path, sizeof path, "%.300s/%.250s", folder, one->d_name);
        if (one->d_name[0] == '.' && strspn(one->d_name, ".") == strlen(one->d_name))
            continue;
        if (lstat(path, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode))
            search(path, text);
        if (!S_ISREG(st.st_mode) || file_read(path, 64 << 20, &bytes, &n, NULL) != ST_OK)
            continue;
        if (memmem(bytes, n, text, strlen(text)))
            fail_msg("%s holds the password", path);
        free(bytes);
    }
    if (dir)
        closedir(dir);
}

/* With a new password all sessions of the user end. */
static void change_password(struct server *s)
{
    const char *file = test_path("fresh-password");
    char line[64];
    struct errmsg err = {{0}};
    int n = snprintf(line, sizeof line, "%s\n", fresh);
    assert_int_equal(file_write_atomic(file, line, (size_t)n, &err), ST_OK);
    free(run_server(s, 0, "user", "passwd", "wang.desk", "--password-file", file, NULL));
}

static void session_ends(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = desk_open(&d, 24, 80);
    term_forbid(t, fresh);
    term_wait(t, "[1]To sign 14");
    term_wait(t, "[7]All open 158");
    term_press(t, "n");
    term_wait(t, "Note *");
    term_type(t, "first half, ");
    server_stop(&s);
    change_password(&s);
    server_start(&s);
    term_type(t, "typed while the line was down, ");
    term_wait(t, "F12 asks for the password");
    term_wait(t, "log-in needed");
    term_type(t, "typed afterwards. ");
    term_press(t, "F12");
    term_wait(t, "Password: ");
    term_press(t, "'practice' Enter"); /* the old one */
    term_wait(t, "does not accept this name and password");
    term_wait(t, "afterwards."); /* the line may be broken before */
    term_press(t, "F12");
    term_wait(t, "Password: ");
    term_paste(t, fresh, strlen(fresh));
    term_wait(t, "******************");
    term_press(t, "Enter");
    term_wait(t, "* online");
    term_wait_gone(t, "Password: ");
    term_type(t, "End.");
    term_wait(t, "End.");
    term_press(t, "^S");
    term_wait(t, "Kept on the disk: note");
    json_t *mine = server_wait_events(&s, since, "wang.desk", "note");
    assert_string_equal(text_at(json_array_get(mine, 0), "event.values.note"),
                        "first half, typed while the line was down, typed afterwards. End.");
    json_decref(mine);
    desk_leave(t);
    server_stop(&s);
    search(d.home, fresh);
    search(s.folder, fresh);
}

/* Outside of a form the password is asked for at once; Esc goes on without the line. */
static void without_line(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "leave");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "[1]To sign 14");
    term_wait(t, "[7]All open 158");
    server_stop(&s);
    change_password(&s);
    server_start(&s);
    term_wait(t, "Password: ");
    term_press(t, "'wro' Esc");
    term_wait_gone(t, "Password: ");
    term_press(t, "1");
    term_wait(t, "rows 1-14 of 14");
    term_press(t, "s");
    term_wait(t, "1 to send");
    term_press(t, "q");
    assert_int_equal(term_wait_end(t), 0);
    term_wait(t, "1 command is not sent yet");
    term_check_restored(t);
    term_end(t);
    server_stop(&s);
}

/* A wrong password is told of each time, and asked for again; no word of it stays when the line is up. */
static void wrong_password(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "wrong");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term_options o = desk_options(&d);
    struct term *t = term_start(&o);
    for (int i = 0; i < 2; i++) {
        term_wait(t, "Password: ");
        term_press(t, "'wrong'");
        term_wait(t, "*****");
        term_press(t, "Enter");
        term_wait_gone(t, "*****");
        term_wait(t, "does not accept this name and password");
    }
    term_wait(t, "Password: ");
    term_press(t, "'practice' Enter");
    term_wait(t, "* online");
    term_wait(t, "[1]To sign 14");
    term_wait(t, "[7]All open 158");
    term_wait(t, "rows 1-18 of 158");
    assert_false(term_shows(t, "Logging in"));
    desk_leave(t);
    server_stop(&s);
}

/* Nothing of any case is on the locked screen; the password opens it, also without the line, and the draft is there. */
static void locked(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "[1]To sign 14");
    term_press(t, "1 Enter");
    term_wait(t, "Clocks");
    term_press(t, "n");
    term_wait(t, "Note *");
    term_press(t, "'half a sentence' Esc");
    term_wait(t, "Clocks");
    term_press(t, "L");
    term_wait(t, "Locked");
    term_wait_gone(t, "Clocks");
    assert_false(term_shows(t, "To sign"));
    const char *screen = term_screen(t);
    assert_null(term_number_in(screen, strlen(screen)));
    term_press(t, "Esc q ^C"); /* no way around */
    term_settle(t);
    assert_true(term_shows(t, "Locked"));
    term_press(t, "^A ^K 'wrong' Enter");
    term_wait(t, "That is not the password");
    server_stop(&s);
    for (int i = 0; i < 2; i++) {
        term_press(t, "'wrong' Enter");
        term_settle(t);
    }
    term_press(t, "'practice' Enter"); /* too soon after three of them */
    term_wait(t, "then try again");
    assert_true(term_shows(t, "Locked"));
    poll(NULL, 0, 2100);
    term_press(t, "^A ^K 'practice' Enter");
    term_wait(t, "Clocks");
    term_press(t, "n");
    term_wait(t, "half a sentence");
    term_press(t, "Esc q");
    term_wait(t, "Left ");
    desk_leave(t);
}

/* What was confirmed leaves while the screen is locked. */
static void sync_goes_on_behind_the_lock(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "behind");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "[1]To sign 14");
    term_press(t, "1");
    term_wait(t, "rows 1-14 of 14");
    server_stop(&s);
    term_press(t, "s");
    term_wait(t, "1 to send");
    term_press(t, "L");
    term_wait(t, "Locked");
    server_start(&s);
    json_decref(server_wait_events(&s, since, "wang.desk", "sign"));
    assert_true(term_shows(t, "Locked"));
    term_press(t, "'practice' Enter");
    term_wait(t, "[1]To sign 13");
    desk_leave(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(session_ends, rig_end),
        cmocka_unit_test_teardown(without_line, rig_end),
        cmocka_unit_test_teardown(wrong_password, rig_end),
        cmocka_unit_test_teardown(locked, rig_end),
        cmocka_unit_test_teardown(sync_goes_on_behind_the_lock, rig_end),
    };
    return cmocka_run_group_tests_name("term/login", tests, NULL, NULL);
}
