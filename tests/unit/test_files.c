/* The files of a cache: nobody else opens them, and nothing of them is left after a wipe. */
#include "core/store/files.h"
#include "tests/unit/store_kit.h"
#include <sys/stat.h>

static void test_open_to_others_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"cache.db", "lock"};
    struct kit k;
    struct store *other = NULL;
    char path[300];
    kit_begin(&k);
    store_close(k.store);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct errmsg err = {""};
        kit_path(&k, names[i], path);
        assert_int_equal(chmod(path, 0640), 0);
        assert_int_equal(store_open(k.folder, STORE_OWNER, &k.clock, &other, &err), ST_DENIED);
        assert_non_null(strstr(err.text, path));
        assert_non_null(strstr(err.text, "600"));
        assert_int_equal(store_open(k.folder, STORE_READ_ONLY, &k.clock, &other, &err), ST_DENIED);
        assert_int_equal(chmod(path, 0600), 0);
    }
    /* A folder that others may only read is put right by its owner, and not opened by a reader. */
    struct errmsg err = {""};
    assert_int_equal(chmod(k.folder, 0750), 0);
    assert_int_equal(store_open(k.folder, STORE_READ_ONLY, &k.clock, &other, &err), ST_DENIED);
    assert_non_null(strstr(err.text, "700"));
    kit_open(&k);
    kit_end(&k);
}

static void test_a_link_is_refused(void **state)
{
    (void)state;
    struct kit k;
    struct store *other = NULL;
    char path[300], elsewhere[300];
    kit_begin(&k);
    store_close(k.store);
    k.store = NULL;
    kit_path(&k, "cache.db", path);
    kit_path(&k, "elsewhere", elsewhere);
    assert_int_equal(rename(path, elsewhere), 0);
    assert_int_equal(symlink(elsewhere, path), 0);
    assert_int_equal(store_open(k.folder, STORE_READ_ONLY, &k.clock, &other, NULL), ST_DENIED);
    assert_int_equal(unlink(elsewhere), 0);
    kit_end(&k);
}

static size_t find_in(const char *path, const char *text)
{
    char buffer[4096];
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(buffer, 1, sizeof buffer, f), found = 0;
    fclose(f);
    for (size_t i = 0; i + strlen(text) <= n; i++)
        found += memcmp(buffer + i, text, strlen(text)) == 0;
    return found;
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* A second name shows what became of the bytes behind the first. */
static void test_bytes_are_written_over(void **state)
{
    (void)state;
    struct kit k;
    struct erased total = {0};
    char path[300], second[300], folder[300];
    kit_begin(&k);
    kit_path(&k, "secret", path);
    kit_path(&k, "second", second);
    write_file(path, "a name and a phone");
    assert_int_equal(link(path, second), 0);
    assert_int_equal(find_in(second, "phone"), 1);
    assert_int_equal(file_erase(path, &total, NULL), ST_OK);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(find_in(second, "phone"), 0);
    assert_int_equal(total.files, 1);
    assert_int_equal(total.bytes, 18);
    assert_int_equal(file_erase(path, &total, NULL), ST_OK); /* not there: no error */
    /* What a link points to is not of the folder. */
    kit_path(&k, "folder", folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    write_file(second, "stays");
    snprintf(path, sizeof path, "%.250s/link", folder);
    assert_int_equal(symlink(second, path), 0);
    assert_int_equal(folder_erase(folder, &total, NULL), ST_OK);
    assert_int_equal(access(folder, F_OK), -1);
    assert_int_equal(find_in(second, "stays"), 1);
    assert_int_equal(unlink(second), 0);
    kit_end(&k);
}

static void test_wipe(void **state)
{
    (void)state;
    struct kit k;
    struct erased total = {0};
    struct store *s = NULL;
    char rest[300];
    kit_begin(&k);
    assert_int_equal(store_wipe(k.folder, k.store, &total, NULL), ST_OK);
    assert_true(total.files >= 3 && total.bytes > 4096);
    assert_int_equal(access(k.folder, F_OK), -1);
    assert_int_equal(store_wipe(k.folder, NULL, &total, NULL), ST_NOT_FOUND);
    /* Of a wipe that was cut off the rest goes with the next one. */
    kit_open(&k);
    store_close(k.store);
    snprintf(rest, sizeof rest, "%.250s.wiped", k.folder);
    assert_int_equal(rename(k.folder, rest), 0);
    assert_int_equal(store_wipe(k.folder, NULL, &total, NULL), ST_OK);
    assert_int_equal(access(rest, F_OK), -1);
    /* Where another one works nothing is touched. */
    kit_open(&k);
    assert_int_equal(store_wipe(k.folder, NULL, &total, NULL), ST_CONFLICT);
    assert_int_equal(store_open(k.folder, STORE_READ_ONLY, &k.clock, &s, NULL), ST_OK);
    store_close(s);
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_to_others_is_refused),
        cmocka_unit_test(test_a_link_is_refused),
        cmocka_unit_test(test_bytes_are_written_over),
        cmocka_unit_test(test_wipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
