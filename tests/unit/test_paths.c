/* Folders and files of one user, and the log. */
#include "core/base/log.h"
#include "core/base/paths.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char top[256];

static int make_top(void **state)
{
    const char *tmp = getenv("TMPDIR");
    (void)state;
    snprintf(top, sizeof top, "%.200s/jiban-paths.XXXXXX", tmp ? tmp : "/tmp");
    return mkdtemp(top) ? 0 : -1;
}

static void drop(const char *name)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", top, name);
    if (unlink(path) != 0)
        rmdir(path);
}

static int drop_top(void **state)
{
    static const char *const names[] = {"a/b/c", "a/b", "a",   "link",  "open",
                                        "file",  "odd", "log", "umask", ""};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        drop(names[i]);
    return access(top, F_OK) == 0 ? -1 : 0;
}

static const char *under(const char *name)
{
    static char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", top, name);
    return path;
}

static unsigned mode_of(const char *path)
{
    struct stat info;
    assert_int_equal(lstat(path, &info), 0);
    return info.st_mode & 07777;
}

static void test_xdg(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    setenv("HOME", "/somewhere", 1);
    setenv("XDG_CONFIG_HOME", "/conf", 1);
    assert_int_equal(path_user(PATH_CONFIG, "config.ini", path, NULL), ST_OK);
    assert_string_equal(path, "/conf/jiban/config.ini");
    setenv("XDG_CONFIG_HOME", "relative", 1); /* the specification: ignored */
    assert_int_equal(path_user(PATH_CONFIG, "", path, NULL), ST_OK);
    assert_string_equal(path, "/somewhere/.config/jiban");
    unsetenv("XDG_DATA_HOME");
    assert_int_equal(path_user(PATH_DATA, "x", path, NULL), ST_OK);
    assert_string_equal(path, "/somewhere/.local/share/jiban/x");
    char *large = malloc(PATH_SIZE + 1);
    assert_non_null(large);
    memset(large, 'x', PATH_SIZE);
    large[PATH_SIZE] = '\0';
    assert_int_equal(path_user(PATH_DATA, large, path, NULL), ST_IO);
    free(large);
}

static void test_private_folder(void **state)
{
    (void)state;
    struct errmsg err = {""};
    mode_t old = umask(0);
    assert_int_equal(path_make_private(under("a/b/c"), &err), ST_OK);
    umask(0777); /* a umask that takes everything */
    assert_int_equal(path_make_private(under("umask"), &err), ST_OK);
    umask(old);
    assert_int_equal(mode_of(under("a")), 0700);
    assert_int_equal(mode_of(under("a/b/c")), 0700);
    assert_int_equal(mode_of(under("umask")), 0700);
    assert_int_equal(path_make_private(under("a/b/c"), &err), ST_OK); /* again */
    assert_int_equal(path_make_private("relative", &err), ST_INVALID);
}

static void test_folders_of_others_are_refused(void **state)
{
    (void)state;
    struct errmsg err = {""};
    assert_int_equal(symlink("a", under("link")), 0);
    assert_int_equal(path_make_private(under("link"), &err), ST_DENIED);
    assert_non_null(strstr(err.text, "link"));
    assert_int_equal(mkdir(under("open"), 0700), 0);
    assert_int_equal(chmod(under("open"), 0777), 0);
    assert_int_equal(path_make_private(under("open"), &err), ST_DENIED);
    assert_int_equal(mode_of(under("open")), 0777); /* left as it is */
}

static void test_files(void **state)
{
    (void)state;
    struct errmsg err = {""};
    char *data = NULL;
    size_t len = 99;
    mode_t old = umask(0);
    assert_int_equal(file_write_atomic(under("file"), "one\0two", 7, &err), ST_OK);
    umask(old);
    assert_int_equal(mode_of(under("file")), 0600);
    assert_int_equal(file_read(under("file"), 7, &data, &len, &err), ST_OK);
    assert_int_equal(len, 7);
    assert_memory_equal(data, "one\0two", 8);
    free(data);
    data = NULL;
    assert_int_equal(file_read(under("file"), 6, &data, &len, &err), ST_TOOBIG);
    assert_null(data);
    assert_int_equal(file_read(under("missing"), 6, &data, &len, &err), ST_NOT_FOUND);
    assert_non_null(strstr(err.text, "missing"));
    assert_int_equal(file_read(top, 6, &data, &len, &err), ST_INVALID);
    assert_int_equal(file_write_atomic(under("no/such/folder"), "x", 1, &err), ST_NOT_FOUND);
    assert_int_equal(file_write_atomic(under("file"), "", 0, &err), ST_OK); /* replaced */
    assert_int_equal(file_read(under("file"), 6, &data, &len, &err), ST_OK);
    assert_int_equal(len, 0);
    free(data);
}

static int64_t by_hand(void *self)
{
    (void)self;
    return INT64_C(1795478400000);
}

static void test_log_is_one_line_a_record(void **state)
{
    (void)state;
    const struct clock hand = {.wall_ms = by_hand, .mono_ms = by_hand};
    char *data = NULL;
    size_t len = 0;
    assert_int_equal(log_open(under("log"), LOG_INFO, &hand, NULL), ST_OK);
    log_write(LOG_INFO, "%s", "a\nb\x1b[2J\\ 暖 \xC2\x9B \x9B \xE6\x9A");
    log_write(LOG_DEBUG, "not this one");
    log_reopen();
    log_write(LOG_ERROR, "%5000d", 1);
    log_close();
    log_write(LOG_ERROR, "closed");
    assert_int_equal(file_read(under("log"), 1 << 20, &data, &len, NULL), ST_OK);
    static const char want[] = "2026-11-24T08:00:00+08:00 info a\\x0ab\\x1b[2J\\x5c 暖 "
                               "\\xc2\\x9b \\x9b \\xe6\\x9a\n2026-11-24T08:00:00+08:00 error ";
    assert_true(len > sizeof want);
    data[sizeof want - 1] = '\0';
    assert_string_equal(data, want);
    data[sizeof want - 1] = ' ';
    assert_int_equal(data[len - 1], '\n');
    assert_null(memchr(data + sizeof want, '\n', len - 1 - sizeof want));
    assert_int_equal(mode_of(under("log")) & 077, 0);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xdg),
        cmocka_unit_test(test_private_folder),
        cmocka_unit_test(test_folders_of_others_are_refused),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_log_is_one_line_a_record),
    };
    return cmocka_run_group_tests(tests, make_top, drop_top);
}
