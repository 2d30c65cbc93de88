/* The table of settings and the reader of ini files. */
#include "core/base/options.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int warnings;
static void warn(const char *text, void *user)
{
    assert_ptr_equal(user, &warnings);
    warnings += strstr(text, "nosuch") != NULL;
}

static enum status read_text(struct options *o, const char *text, struct errmsg *err)
{
    char path[256];
    const char *tmp = getenv("TMPDIR");
    snprintf(path, sizeof path, "%.200s/jiban-options.XXXXXX", tmp ? tmp : "/tmp");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    enum status st = options_read_file(o, path, warn, &warnings, err);
    unlink(path);
    return st;
}

static void test_defaults_hold_themselves(void **state)
{
    (void)state;
    struct options o;
    options_init(&o);
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = &option_table[i];
        assert_string_equal(option_text(&o, (enum option_id)i), row->def);
        assert_string_equal(o.from[i], "default");
        assert_int_equal(options_set(&o, (enum option_id)i, row->def, "test", NULL), ST_OK);
        assert_true(strlen(row->help) > 0);
        for (int k = i + 1; k < OPTION_COUNT; k++)
            assert_false(strcmp(row->section, option_table[k].section) == 0 &&
                         strcmp(row->name, option_table[k].name) == 0);
    }
    options_release(&o);
}

static void test_values(void **state)
{
    (void)state;
    struct options o;
    struct errmsg err = {""};
    options_init(&o);
    static const char *const bad[] = {"", "9", "5001", "100x", "x", "1e3", "99999999999999999999"};
    assert_int_equal(options_set(&o, OPT_SYNC_BATCH, "5000", "command line", &err), ST_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(options_set(&o, OPT_SYNC_BATCH, bad[i], "place", &err), ST_INVALID);
        assert_non_null(strstr(err.text, "place"));
        assert_non_null(strstr(err.text, "batch"));
    }
    assert_int_equal(option_int(&o, OPT_SYNC_BATCH), 5000); /* the last good one stays */
    assert_string_equal(o.from[OPT_SYNC_BATCH], "command line");
    assert_int_equal(options_set(&o, OPT_ALLOW_PLAIN, "TRUE", "x", &err), ST_OK);
    assert_true(option_bool(&o, OPT_ALLOW_PLAIN));
    assert_int_equal(options_set(&o, OPT_ALLOW_PLAIN, "maybe", "x", &err), ST_INVALID);
    assert_true(option_bool(&o, OPT_ALLOW_PLAIN));
    assert_int_equal(options_set(&o, OPT_MARK, "bar", "x", &err), ST_OK);
    assert_int_equal(options_set(&o, OPT_MARK, "ba", "x", &err), ST_INVALID);
    assert_int_equal(options_set(&o, OPT_MARK, "mark|bar", "x", &err), ST_INVALID);
    assert_int_equal(options_set(&o, OPT_MARK, "", "x", &err), ST_INVALID);
    options_release(&o);
}

static void test_file(void **state)
{
    (void)state;
    struct options o;
    struct errmsg err = {""};
    options_init(&o);
    warnings = 0;
    assert_int_equal(read_text(&o,
                               "; comment\n[server]\nurl = https://line.example\nnosuch = 1\n"
                               "[screen]\nambiguous_width = 2\n",
                               &err),
                     ST_OK);
    assert_int_equal(warnings, 1);
    assert_string_equal(option_text(&o, OPT_SERVER), "https://line.example");
    assert_int_equal(option_int(&o, OPT_AMBIGUOUS), 2);
    assert_non_null(strstr(o.from[OPT_SERVER], "jiban-options"));
    options_release(&o);
}

static void test_bad_files_name_line_and_key(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said, *key;
    } bad[] = {
        {"[screen]\nambiguous_width = 3\n", "line 2", "ambiguous_width"},
        {"[server]\n\nallow_plain_http = perhaps\n", "line 3", "allow_plain_http"},
        {"[server]\nurl = a\nurl = b\n", "line 3", "url"},
        {"[server\nurl = a\n", "line 1", ""},
        {"[server]\nwithout value\n", "line 2", ""},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct options o;
        struct errmsg err = {""};
        options_init(&o);
        assert_int_equal(read_text(&o, bad[i].text, &err), ST_INVALID);
        if (!strstr(err.text, bad[i].said) || !strstr(err.text, bad[i].key) ||
            !strstr(err.text, "jiban-options"))
            fail_msg("file %zu: \"%s\"", i, err.text);
        options_release(&o);
    }
}

static void test_missing_file_and_folder(void **state)
{
    (void)state;
    struct options o;
    struct errmsg err = {""};
    options_init(&o);
    assert_int_equal(options_read_file(&o, "/nonexistent/config.ini", warn, &warnings, &err),
                     ST_NOT_FOUND);
    assert_int_equal(options_read_file(&o, "/", warn, &warnings, &err), ST_INVALID);
    options_release(&o);
}

static int handed_on;
static enum status take_line(const char *name, const char *value, const char *from,
                             struct errmsg *err)
{
    handed_on++;
    assert_non_null(strstr(from, handed_on == 1 ? "line 3: [keys] sign" : "line 5: [keys] open"));
    if (strcmp(value, "bad") != 0)
        return ST_OK;
    snprintf(err->text, sizeof err->text, "nosuch %s", name);
    return ST_INVALID;
}

static enum status take_other(const char *name, const char *value, const char *from,
                              struct errmsg *err)
{
    (void)err;
    assert_string_equal(name, "two words");
    assert_string_equal(value, "a:b c");
    assert_non_null(strstr(from, "line 9: [mine]"));
    handed_on += 10;
    return ST_OK;
}

/* A section that somebody else reads is no unknown one; what is wrong there is told, and the rest is read. */
static void test_section_of_others(void **state)
{
    struct options o;
    (void)state;
    options_init(&o);
    o.other[0].section = "mine";
    o.other[0].line = take_other;
    o.other[1].section = "keys";
    o.other[1].line = take_line;
    warnings = handed_on = 0;
    assert_int_equal(read_text(&o,
                               "# mine\n[keys]\nsign = x\n\nopen = bad\n[log]\nlevel = debug\n"
                               "[mine]\ntwo words = a:b c\n",
                               NULL),
                     ST_OK);
    assert_int_equal(handed_on, 12);
    assert_int_equal(warnings, 1);
    assert_string_equal(option_text(&o, OPT_LOG_LEVEL), "debug");
    options_release(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_section_of_others),
        cmocka_unit_test(test_defaults_hold_themselves),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_bad_files_name_line_and_key),
        cmocka_unit_test(test_missing_file_and_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
