/* Heads and differences of documents; lists of faults. */
#include "core/wire/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_differences(void **state)
{
    static const struct {
        const char *old, *fresh, *want;
    } row[] = {{"{\"a\":1}", "{\"a\":1}", ""},
               {"{\"a\":1}", "{\"a\":2}", "~ /a: 1 -> 2\n"},
               {"{\"a\":1}", "{\"b\":1}", "- /a\n+ /b\n"},
               {"{\"a\":{\"b\":[1,2]}}", "{\"a\":{\"b\":[1,3]}}", "~ /a/b: [1,2] -> [1,3]\n"},
               {"{\"r\":[{\"id\":\"x\",\"n\":1},{\"id\":\"y\"}]}",
                "{\"r\":[{\"id\":\"z\"},{\"id\":\"x\",\"n\":2}]}",
                "~ /r/x/n: 1 -> 2\n- /r/y\n+ /r/z\n"},
               {"{\"r\":[{\"code\":\"x\"},{\"code\":\"y\"}]}",
                "{\"r\":[{\"code\":\"y\"},{\"code\":\"x\"}]}", "~ /r: another order\n"},
               {"{\"r\":[{\"user\":\"x\",\"name\":\"a\"}]}",
                "{\"r\":[{\"user\":\"x\",\"name\":\"b\"}]}", "~ /r/x/name: \"a\" -> \"b\"\n"},
               {"{\"r\":[]}", "{\"r\":[{\"id\":\"x\"}]}", "+ /r/x\n"}};
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct document_changes n;
        struct buf out;
        buf_init(&out, 1 << 20);
        assert_int_equal(document_differences(row[i].old, strlen(row[i].old), row[i].fresh,
                                              strlen(row[i].fresh), &out, &n, NULL),
                         ST_OK);
        assert_string_equal(out.data, row[i].want);
        size_t lines = 0;
        for (const char *p = out.data; *p; p++)
            lines += *p == '\n';
        assert_int_equal(n.added + n.removed + n.changed, lines);
        buf_release(&out);
    }
}

static const char *head(struct arena *a, const char *text)
{
    struct document_head h;
    struct faults f;
    const char *out;
    faults_init(&f, a);
    document_head(text, strlen(text), &h, &f);
    out = arena_printf(a, "%d %d", h.version, h.valid_from);
    for (const struct fault_entry *one = f.first; one; one = one->next)
        out = arena_printf(a, "%s %s", out, *one->place ? one->place : "text");
    return out;
}

static void test_head(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    assert_string_equal(head(&a, "{\"version\":3,\"valid_from\":\"2026-11-24\"}"), "3 20261124");
    assert_string_equal(head(&a, "{}"), "0 0 /version /valid_from");
    assert_string_equal(head(&a, "{\"version\":0,\"valid_from\":\"2026-11-31\"}"),
                        "0 0 /version /valid_from");
    assert_string_equal(head(&a, "{"), "0 0 text");
    arena_release(&a);
}

static void test_faults(void **state)
{
    struct arena a;
    struct faults f;
    struct errmsg err = {""};
    (void)state;
    arena_init(&a, 0);
    faults_init(&f, &a);
    assert_int_equal(faults_status(&f, &err), ST_OK);
    faults_add(&f, FAULT_WARNING, "/w", "look");
    faults_add(&f, FAULT_UNKNOWN, "/u", "what");
    assert_int_equal(faults_status(&f, &err), ST_OK);
    snprintf(err.text, sizeof err.text, "/lead: must be a text");
    faults_add_message(&f, "/rows/3", &err);
    for (int i = 0; i < 2 * FAULTS_LISTED; i++)
        faults_add(&f, FAULT_ERROR, "/e", "%d", i);
    assert_int_equal(faults_status(&f, &err), ST_INVALID);
    assert_string_equal(err.text, "/rows/3/lead: must be a text");
    assert_int_equal(f.errors, 2 * FAULTS_LISTED + 1);
    assert_int_equal(f.n, FAULTS_LISTED);
    assert_int_equal(f.warnings, 1);
    assert_int_equal(f.unknown, 1);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_differences),
                                       cmocka_unit_test(test_head), cmocka_unit_test(test_faults)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
