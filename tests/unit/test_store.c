/* The cache: opening, its lock, files that are not its own, changes, fresh start, drafts. */
#include "tests/unit/store_kit.h"

#include <fcntl.h>
#include <sys/wait.h>

static void test_kept_through_close(void **state)
{
    (void)state;
    struct kit k;
    kit_begin(&k);
    kit_case(&k, 1, STATE_SENT, "E-1");
    store_close(k.store);
    kit_open(&k);
    struct case_view v;
    struct uuid id = kit_id('c', 1), found;
    assert_string_equal(kit_cursor(&k), "E-1");
    assert_int_equal(store_case(k.store, &id, &k.arena, &v, NULL), ST_OK);
    assert_int_equal(v.cached.version, 2);
    assert_int_equal(v.shown.state, STATE_SENT);
    assert_int_equal(store_find(k.store, "100001", &found, NULL), ST_OK);
    assert_int_equal(uuid_compare(&found, &id), 0);
    struct store_health h;
    assert_int_equal(store_health(k.store, &k.arena, &h, NULL), ST_OK);
    assert_true(h.integrity_ok);
    assert_int_equal(h.cases, 1);
    assert_true(h.file_bytes > 0);
    kit_end(&k);
}

static void test_found_by_number(void **state)
{
    (void)state;
    struct kit k;
    kit_begin(&k);
    static const char *const numbers[] = {"260810100010233", "260910100010233", "260910100010777",
                                          "260911100010777"};
    for (int i = 0; i < 4; i++) {
        bool gap;
        struct kit_case c = {.n = i + 1,
                             .version = 1,
                             .state = STATE_SENT,
                             .due_ms = TIME_NONE,
                             .number = numbers[i]};
        assert_int_equal(kit_add(&k, &c, &gap), ST_OK);
    }
    struct uuid found, first = kit_id('c', 1), third = kit_id('c', 3);
    struct errmsg err = {""};
    assert_int_equal(store_find(k.store, "2608-10233", &found, NULL), ST_OK);
    assert_int_equal(uuid_compare(&found, &first), 0);
    assert_int_equal(store_find(k.store, "260910100010777", &found, NULL), ST_OK);
    assert_int_equal(uuid_compare(&found, &third), 0);
    assert_int_equal(store_find(k.store, "2609-10777", &found, &err), ST_CONFLICT);
    assert_non_null(strstr(err.text, "2609-10777"));
    assert_int_equal(store_find(k.store, "10233", &found, NULL), ST_CONFLICT);
    assert_int_equal(store_find(k.store, "2610-10233", &found, NULL), ST_NOT_FOUND);
    assert_int_equal(store_find(k.store, "2608-1023", &found, NULL), ST_NOT_FOUND);
    assert_int_equal(store_find(k.store, "", &found, NULL), ST_NOT_FOUND);
    kit_end(&k);
}

static void test_held_by_another_process(void **state)
{
    (void)state;
    struct kit k;
    int up[2], down[2];
    char byte = 0, pid[32];
    kit_folder(&k);
    assert_int_equal(pipe(up), 0);
    assert_int_equal(pipe(down), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct store *s;
        char c = store_open(k.folder, STORE_OWNER, &k.clock, &s, NULL) == ST_OK ? 'y' : 'n';
        close(down[1]);
        if (write(up[1], &c, 1) == 1 && read(down[0], &c, 1) >= 0)
            _exit(0);
        _exit(1);
    }
    assert_int_equal(read(up[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    struct errmsg err = {""};
    struct store *s = NULL;
    assert_int_equal(store_open(k.folder, STORE_OWNER, &k.clock, &s, &err), ST_CONFLICT);
    snprintf(pid, sizeof pid, "%ld", (long)child);
    assert_non_null(strstr(err.text, pid));
    close(down[1]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    kit_open(&k); /* the lock goes with the process */
    close(up[0]);
    close(up[1]);
    close(down[0]);
    kit_end(&k);
}

static void test_not_a_cache_is_left_alone(void **state)
{
    (void)state;
    struct kit k;
    char path[300], was[8192], is[sizeof was + 1];
    kit_folder(&k);
    kit_path(&k, "cache.db", path);
    memset(was, 'x', sizeof was);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, was, sizeof was), sizeof was);
    close(fd);
    assert_int_equal(store_open(k.folder, STORE_OWNER, &k.clock, &k.store, NULL), ST_CORRUPT);
    fd = open(path, O_RDONLY);
    assert_int_equal(read(fd, is, sizeof is), sizeof was);
    close(fd);
    assert_memory_equal(is, was, sizeof was);
    kit_end(&k);
}

static void test_newer_cache_is_left_alone(void **state)
{
    (void)state;
    struct kit k;
    char path[300];
    kit_begin(&k);
    store_close(k.store); /* the last one out has written all into the file itself */
    k.store = NULL;
    kit_path(&k, "cache.db-wal", path);
    unlink(path);
    kit_path(&k, "cache.db-shm", path);
    unlink(path);
    kit_path(&k, "cache.db", path);
    int fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, "\0\0\0\x63", 4, 60), 4); /* user_version */
    close(fd);
    assert_int_equal(store_open(k.folder, STORE_OWNER, &k.clock, &k.store, NULL), ST_UNSUPPORTED);
    kit_end(&k);
}

static void test_cursor_and_records_come_together(void **state)
{
    (void)state;
    struct kit k;
    bool gap;
    kit_begin(&k);
    struct kit_case c = {.n = 1, .version = 1, .state = STATE_SENT, .due_ms = TIME_NONE};
    assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
    assert_int_equal(kit_add(&k, &c, &gap), ST_OK);
    store_changes_rollback(k.store);
    assert_int_equal(kit_counts(&k).cases, 0);
    assert_string_equal(kit_cursor(&k), "");

    /* A record that cannot be folded: neither it nor the cursor after it may stand. */
    struct uuid id = kit_id('c', 2);
    struct change bad = {.kind = CHANGE_CASE, .case_id = id, .version = 3, .since = 0};
    bad.events_json = bad.cursor = "";
    assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
    enum status st = store_changes_add(k.store, &bad, &gap, NULL);
    if (st == ST_OK)
        st = store_changes_commit(k.store, "E-9", NULL);
    store_changes_rollback(k.store);
    assert_int_not_equal(st, ST_OK);
    assert_string_equal(kit_cursor(&k), "");
    kit_end(&k);
}

static void test_gap_is_told(void **state)
{
    (void)state;
    struct kit k;
    bool gap = false;
    kit_begin(&k);
    kit_case(&k, 1, STATE_SENT, "E-1");
    struct kit_case c = {
        .n = 1, .since = 4, .version = 5, .state = STATE_CLOSED, .due_ms = TIME_NONE};
    assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
    assert_int_equal(kit_add(&k, &c, &gap), ST_OK);
    assert_true(gap);
    c.since = 1; /* begins before what is known: the part that is new is taken */
    c.version = 3;
    assert_int_equal(kit_add(&k, &c, &gap), ST_OK);
    assert_false(gap);
    assert_int_equal(store_changes_commit(k.store, "E-2", NULL), ST_OK);
    struct case_view v;
    struct uuid id = kit_id('c', 1);
    assert_int_equal(store_case(k.store, &id, &k.arena, &v, NULL), ST_OK);
    assert_int_equal(v.cached.version, 3);
    assert_int_equal(kit_counts(&k).view[VIEW_CLOSED], 1);
    assert_int_equal(kit_counts(&k).view[VIEW_TO_SIGN], 0);
    kit_end(&k);
}

static void put_draft(struct kit *k, int n, const char *text)
{
    struct value v[] = {{FIELD_REPLY, text}, {FIELD_PLAN_DATE, "2026-1"}};
    struct draft d = {.case_id = kit_id('c', n),
                      .type = COMMAND_SUBMIT_REPLY,
                      .user = "wang",
                      .values = v,
                      .n_values = 2};
    assert_int_equal(store_draft_put(k->store, &d, NULL), ST_OK);
}

static void test_fresh_start_and_tombstone_keep_drafts(void **state)
{
    (void)state;
    struct kit k;
    bool gap;
    kit_begin(&k);
    for (int i = 1; i <= 3; i++)
        kit_case(&k, i, STATE_SENT, "E-1");
    for (int i = 1; i <= 3; i++)
        put_draft(&k, i, "half\nREPLY 3\n");
    assert_int_equal(store_fresh_begin(k.store, NULL), ST_OK);
    assert_int_equal(kit_counts(&k).cases, 3); /* the old ones stay in sight */
    kit_case(&k, 1, STATE_SIGNED, "F-1");
    kit_case(&k, 2, STATE_SIGNED, "F-2");
    assert_int_equal(store_fresh_end(k.store, NULL), ST_OK);
    assert_int_equal(kit_counts(&k).cases, 2);
    struct change gone = {
        .kind = CHANGE_GONE, .case_id = kit_id('c', 2), .events_json = "", .cursor = ""};
    assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
    assert_int_equal(store_changes_add(k.store, &gone, &gap, NULL), ST_OK);
    assert_int_equal(store_changes_commit(k.store, "F-3", NULL), ST_OK);
    struct store_counts c = kit_counts(&k);
    assert_int_equal(c.cases, 1);
    assert_int_equal(c.drafts, 3);
    struct draft d;
    struct uuid id = kit_id('c', 2);
    assert_int_equal(store_draft_get(k.store, &id, COMMAND_SUBMIT_REPLY, &k.arena, &d, NULL),
                     ST_OK);
    assert_int_equal(d.n_values, 2);
    assert_string_equal(value_find(d.values, 2, FIELD_REPLY), "half\nREPLY 3\n");
    assert_string_equal(value_find(d.values, 2, FIELD_PLAN_DATE), "2026-1");
    assert_int_equal(d.revision, 1);
    kit_end(&k);
}

static void test_drafts(void **state)
{
    (void)state;
    struct kit k;
    struct draft *list;
    size_t n;
    kit_begin(&k);
    kit_case(&k, 1, STATE_WORKING, "E-1");
    put_draft(&k, 1, "");
    k.now += 1000;
    put_draft(&k, 1, "\xE5\xB7\xB2\xE4\xBF\xAE");
    assert_int_equal(store_drafts(k.store, &k.arena, &list, &n, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_int_equal(list[0].revision, 2);
    assert_int_equal(list[0].saved_ms, k.now);
    assert_string_equal(value_find(list[0].values, list[0].n_values, FIELD_REPLY),
                        "\xE5\xB7\xB2\xE4\xBF\xAE");
    struct query q = {.view = VIEW_IN_HAND, .now_ms = k.now};
    struct case_row *row;
    assert_int_equal(store_page(k.store, &q, NULL, false, 5, &k.arena, &row, &n, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_true(row[0].draft);
    struct uuid id = kit_id('c', 1);
    struct draft d;
    assert_int_equal(store_draft_drop(k.store, &id, COMMAND_SUBMIT_REPLY, 0, NULL), ST_OK);
    assert_int_equal(store_draft_get(k.store, &id, COMMAND_SUBMIT_REPLY, &k.arena, &d, NULL),
                     ST_NOT_FOUND);
    assert_int_equal(store_page(k.store, &q, NULL, false, 5, &k.arena, &row, &n, NULL), ST_OK);
    assert_false(row[0].draft);
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kept_through_close),
                                       cmocka_unit_test(test_found_by_number),
                                       cmocka_unit_test(test_held_by_another_process),
                                       cmocka_unit_test(test_not_a_cache_is_left_alone),
                                       cmocka_unit_test(test_newer_cache_is_left_alone),
                                       cmocka_unit_test(test_cursor_and_records_come_together),
                                       cmocka_unit_test(test_gap_is_told),
                                       cmocka_unit_test(test_fresh_start_and_tombstone_keep_drafts),
                                       cmocka_unit_test(test_drafts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
