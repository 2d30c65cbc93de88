/* From bytes of terminals to keys: function keys of several makes, the mouse, and what means nothing. */
#include "tui/input.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int to;
static struct input in;

static int open_input(void **state)
{
    int fd[2];
    (void)state;
    if (pipe2(fd, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    to = fd[1];
    input_init(&in, fd[0], true);
    return 0;
}

static int close_input(void **state)
{
    (void)state;
    close(to);
    close(in.fd);
    input_release(&in);
    return 0;
}

static struct key key_of(const char *bytes)
{
    assert_int_equal(write(to, bytes, strlen(bytes)), strlen(bytes));
    return input_key(&in);
}

/* All of it was one key. */
static void nothing_is_left(const char *bytes)
{
    if (input_key(&in).kind != KEY_KIND_NONE)
        fail_msg("something is left of %s", bytes + 1);
}

static void function_keys(void **state)
{
    static const struct {
        const char *bytes;
        int number;
    } rows[] = {
        {"\033OP", 1},    {"\033OQ", 2},    {"\033OR", 3},   {"\033OS", 4}, /* PF1 to PF4 */
        {"\033[11~", 1},  {"\033[14~", 4},  {"\033[15~", 5}, {"\033[17~", 6},
        {"\033[18~", 7},  {"\033[19~", 8},  {"\033[20~", 9}, {"\033[21~", 10},
        {"\033[23~", 11}, {"\033[24~", 12}, {"\033[[A", 1},  {"\033[[E", 5},
        {"\033[28~", 1},  {"\033[29~", 10}, {"\033[31~", 5}, /* Help, Do, F17 of a VT220 */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct key key = key_of(rows[i].bytes);
        if (key.kind != KEY_KIND_FUNCTION || key.control != rows[i].number)
            fail_msg("%s is kind %d, number %d, not F%d", rows[i].bytes + 1, (int)key.kind,
                     key.control, rows[i].number);
        nothing_is_left(rows[i].bytes);
    }
}

static void presses_and_wheel(void **state)
{
    static const struct {
        const char *bytes;
        enum mouse what;
        int row, col;
    } rows[] = {
        {"\033[<0;1;1M", MOUSE_PRESS, 0, 0},
        {"\033[<0;80;24M", MOUSE_PRESS, 23, 79},
        {"\033[<0;300;200M", MOUSE_PRESS, 199, 299},
        {"\033[<64;5;6M", MOUSE_WHEEL_UP, 5, 4},
        {"\033[<65;5;6M", MOUSE_WHEEL_DOWN, 5, 4},
        {"\033[<81;5;6M", MOUSE_WHEEL_DOWN, 5, 4}, /* with Ctrl */
        {"\033[M !!", MOUSE_PRESS, 0, 0},          /* without SGR */
        {"\033[Ma%&", MOUSE_WHEEL_DOWN, 5, 4},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct key key = key_of(rows[i].bytes);
        assert_int_equal(key.kind, KEY_KIND_MOUSE);
        assert_int_equal(key.control, rows[i].what);
        assert_int_equal(key.row, rows[i].row);
        assert_int_equal(key.col, rows[i].col);
        nothing_is_left(rows[i].bytes);
    }
}

static void other_mouse_is_nothing(void **state)
{
    static const char *const rows[] = {"\033[<0;1;1m",  "\033[<1;1;1M", "\033[<35;1;1M",
                                       "\033[<0;0;1M",  "\033[<0;1M",   "\033[<0;99999;1M",
                                       "\033[<66;1;1M", "\033[M#!!",    "\033[<M"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct key key = key_of(rows[i]);
        if (key.kind != KEY_KIND_NONE)
            fail_msg("%s is kind %d", rows[i] + 1, (int)key.kind);
    }
    struct key key = key_of("\033[<0;1;1mj"); /* what follows is a key */
    assert_int_equal(key.kind, KEY_KIND_TEXT);
    assert_memory_equal(key.text, "j", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(function_keys, open_input, close_input),
        cmocka_unit_test_setup_teardown(presses_and_wheel, open_input, close_input),
        cmocka_unit_test_setup_teardown(other_mouse_is_nothing, open_input, close_input),
    };
    return cmocka_run_group_tests_name("unit/input", tests, NULL, NULL);
}
