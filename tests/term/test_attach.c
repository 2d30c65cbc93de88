/*
 * A file is attached in a form by its path, survives the form and the file, goes to the centre before the command, and is
 * opened and written by another console; a text that is hostile comes out clean. A picture is looked at in the terminal.
 */
#include "tests/term/server.h"
#ifdef HAVE_PICTURES
#include "tests/picture_kit.h"
#endif
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

static char first_case[6]; /* the last digits of its number */

static void to_first_case(struct term *t)
{
    enum { FIRST_ROW = 3 };
    term_wait(t, "[1]To sign 14");
    term_wait(t, "[7]All open 158");
    term_press(t, "1");
    term_wait(t, "rows 1-14 of 14");
    const char *row = term_row(t, FIRST_ROW), *number = term_number_in(row, strlen(row));
    assert_non_null(number);
    snprintf(first_case, sizeof first_case, "%s", number + 5);
}

/* The case of to_first_case(), by its number, at another desk. */
static void find_first_case(struct term *t)
{
    char keys[32];
    snprintf(keys, sizeof keys, "/ '%s' Enter", first_case);
    term_press(t, keys);
    term_wait(t, "(1 case)");
    term_wait(t, first_case);
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
    find_first_case(t);
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

#ifdef HAVE_PICTURES
static void attach_quarters(struct desk *d)
{
    json_int_t since = server_last_event(d->server);
    struct buf png;
    char keys[700], path[300];
    snprintf(path, sizeof path, "%s", test_path("four.png"));
    buf_init(&png, 1 << 20);
    kit_png(&png, 64, 64, false, kit_quarters);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(png.data, 1, png.len, f), png.len);
    assert_int_equal(fclose(f), 0);
    buf_release(&png);
    struct term *t = desk_open(d, 24, 80);
    to_first_case(t);
    snprintf(keys, sizeof keys, "n 'four colours' M-a '%s' Enter ^S", path);
    term_press(t, keys);
    term_wait(t, "Kept on the disk: note");
    json_decref(server_wait_events(d->server, since, "wang.desk", "note"));
    desk_leave(t);
}

/* The file is fetched first; when it has come, the picture is there without a key. Bytes that it took are printed. */
static void look(struct desk *d, const char *flag, const char *variable, bool blocks)
{
    static const char *const quarter[] = {"{196/196}▀", "{46/46}▀", "{21/21}▀", "{226/226}▀"};
    struct term_options o = desk_options(d);
    int n = 0;
    if (*flag)
        o.argv[7] = flag;
    while (o.env[n])
        n++;
    o.env[n] = variable;
    struct term *t = term_start(&o);
    desk_wait_online(d, t);
    find_first_case(t);
    term_press(t, "F");
    term_wait(t, "It is not on this machine");
    term_settle(t);
    uint64_t before = t->stream.bytes;
    term_press(t, "p");
    term_wait(t, "any key goes back");
    term_settle(t);
    printf("# %d bytes%s%s\n", (int)(t->stream.bytes - before), *flag ? " with " : "", flag);
    assert_true(term_shows(t, "64 x 64 pixels"));
    const char *all = term_picture(t);
    for (size_t i = 0; i < sizeof quarter / sizeof *quarter; i++)
        if ((strstr(all, quarter[i]) != NULL) != blocks)
            term_fail(t, "%s %s", quarter[i], blocks ? "is not there" : "is there");
    assert_true(blocks || term_shows(t, "@@@@"));
    term_press(t, "x");
    term_wait(t, "Files of ");
    term_wait_gone(t, "64 x 64 pixels");
    term_press(t, "q");
    term_wait_gone(t, "Files of ");
    term_press(t, "Esc");
    desk_leave(t);
}

static void a_picture_is_looked_at(void **state)
{
    static struct server s;
    static const struct {
        const char *flag, *variable;
        bool blocks;
    } ways[] = {{"", NULL, true}, {"", "NO_COLOR=1", false}, {"--low-bandwidth", NULL, false}};
    struct desk d;
    (void)state;
    server_make(&s, "look");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    attach_quarters(&d);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        desk_make(&d, &s, "luo.leader", "en");
        look(&d, ways[i].flag, ways[i].variable, ways[i].blocks);
    }
    server_stop(&s);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_file_goes_from_one_console_to_another, rig_end),
        cmocka_unit_test_teardown(what_is_no_file_is_said_and_what_is_one_is_taken_out, rig_end),
#ifdef HAVE_PICTURES
        cmocka_unit_test_teardown(a_picture_is_looked_at, rig_end),
#endif
    };
    return cmocka_run_group_tests_name("term/attach", tests, NULL, NULL);
}
