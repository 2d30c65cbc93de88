/* The sealed cache: nothing of it can be read without the password, and nothing is lost by sealing. */
#include "core/store/seal.h"
#include "core/store/seal_vfs.h"
#include "tests/unit/store_kit.h"
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char password[] = "practice makes perfect", title[] = "暖气不热CANARYTITLE",
                  phone[] = "13800138000", said[] = "CANARYNOTE we come at nine",
                  draft[] = "CANARYDRAFT dear citizen", secret[] = "CANARYTOKEN";

static void fill(struct kit *k)
{
    bool gap, left;
    assert_int_equal(store_changes_begin(k->store, NULL), ST_OK);
    for (int n = 1; n <= 60; n++) {
        struct kit_case c = {.n = n,
                             .version = 2,
                             .state = STATE_WORKING,
                             .due_ms = k->now + n * (int64_t)MS_HOUR,
                             .title = title,
                             .phone = phone,
                             .content = "CANARYCONTENT"};
        assert_int_equal(kit_add(k, &c, &gap), ST_OK);
    }
    assert_int_equal(store_changes_commit(k->store, "c1", NULL), ST_OK);
    assert_int_equal(store_index_step(k->store, 1000, &left, NULL), ST_OK);
    struct command note = kit_note(k, 1, 1, said);
    assert_int_equal(store_queue(k->store, &note, NULL), ST_OK);
    struct value v = {FIELD_NOTE, draft};
    struct draft d = {.case_id = kit_id('c', 2), .type = COMMAND_NOTE, .values = &v, .n_values = 1};
    assert_int_equal(store_draft_put(k->store, &d, NULL), ST_OK);
    assert_int_equal(store_meta_set(k->store, "token", secret, NULL), ST_OK);
}

static void look(struct kit *k)
{
    struct case_view view;
    struct uuid id = kit_id('c', 60);
    struct draft *drafts = NULL;
    size_t n = 0;
    const char *token = "";
    assert_int_equal(store_case(k->store, &id, &k->arena, &view, NULL), ST_OK);
    assert_string_equal(view.shown.value[FIELD_PHONE], phone);
    assert_int_equal(kit_counts(k).outbox, 1);
    assert_int_equal(kit_counts(k).cases, 60);
    assert_int_equal(store_drafts(k->store, &k->arena, &drafts, &n, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_string_equal(drafts[0].values[0].text, draft);
    assert_int_equal(store_meta_get(k->store, "token", &k->arena, &token, NULL), ST_OK);
    assert_string_equal(token, secret);
}

/* How often a text stands in the files of the folder. */
static int found(const struct kit *k, const char *text)
{
    DIR *dir = opendir(k->folder);
    struct dirent *d;
    int times = 0;
    size_t want = strlen(text);
    assert_non_null(dir);
    while ((d = readdir(dir))) {
        char path[600];
        struct stat info;
        snprintf(path, sizeof path, "%s/%s", k->folder, d->d_name);
        if (stat(path, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size == 0)
            continue;
        int fd = open(path, O_RDONLY);
        char *all = malloc((size_t)info.st_size);
        assert_non_null(all);
        assert_int_equal(read(fd, all, (size_t)info.st_size), info.st_size);
        for (size_t i = 0; i + want <= (size_t)info.st_size; i++)
            times += memcmp(all + i, text, want) == 0;
        free(all);
        close(fd);
    }
    closedir(dir);
    return times;
}

static const char *const canaries[] = {title,  phone,           said,      draft,
                                       secret, "CANARYCONTENT", "热CANARY"};
enum { CANARIES = sizeof canaries / sizeof *canaries };

static void shut(struct kit *k)
{
    store_close(k->store);
    k->store = NULL;
    store_lock(k->folder);
}

static void sealed_kit(struct kit *k)
{
    kit_begin(k);
    fill(k);
    shut(k);
    struct errmsg err = {""};
    if (store_seal(k->folder, password, &k->clock, &err) != ST_OK)
        fail_msg("%s", err.text);
}

static void end(struct kit *k)
{
    static const char *const names[] = {"seal", "cache.db.new", "cache.db.old",
                                        "cache.db.new-journal"};
    char path[300];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        kit_path(k, names[i], path);
        unlink(path);
    }
    store_close(k->store);
    k->store = NULL;
    store_lock(k->folder);
    kit_end(k);
}

static void test_nothing_can_be_read(void **state)
{
    (void)state;
    struct kit k;
    kit_begin(&k);
    fill(&k);
    for (size_t i = 0; i < CANARIES - 1; i++)
        assert_true(found(&k, canaries[i]) > 0); /* the search for them finds */
    shut(&k);
    assert_false(store_sealed(k.folder));
    assert_int_equal(store_seal(k.folder, password, &k.clock, NULL), ST_OK);
    assert_true(store_sealed(k.folder));
    assert_true(store_unlocked(k.folder));
    for (size_t i = 0; i < CANARIES; i++)
        assert_int_equal(found(&k, canaries[i]), 0);
    /* Working on it: the WAL is sealed as well, while it is open and after a crash. */
    kit_open(&k);
    look(&k);
    struct command note = kit_note(&k, 2, 3, "CANARYLATER");
    assert_int_equal(store_queue(k.store, &note, NULL), ST_OK);
    assert_int_equal(found(&k, "CANARYLATER"), 0);
    assert_int_equal(found(&k, title), 0);
    assert_int_equal(kit_counts(&k).outbox, 2);
    end(&k);
}

static void test_only_the_password_opens(void **state)
{
    (void)state;
    struct kit k;
    struct store *s = NULL;
    struct errmsg err = {""};
    sealed_kit(&k);
    store_lock(k.folder);
    assert_int_equal(store_open(k.folder, STORE_OWNER, &k.clock, &s, &err), ST_UNAUTHORIZED);
    assert_int_equal(store_open(k.folder, STORE_READ_ONLY, &k.clock, &s, NULL), ST_UNAUTHORIZED);
    assert_int_equal(store_unlock(k.folder, "practice", &err), ST_DENIED);
    assert_int_equal(store_unlock(k.folder, "", &err), ST_DENIED);
    assert_false(store_unlocked(k.folder));
    assert_int_equal(store_open(k.folder, STORE_OWNER, &k.clock, &s, NULL), ST_UNAUTHORIZED);
    assert_int_equal(store_unlock(k.folder, password, NULL), ST_OK);
    kit_open(&k);
    look(&k);
    /* A second thread and another reader of this process. */
    assert_int_equal(store_open(k.folder, STORE_SECOND, &k.clock, &s, NULL), ST_OK);
    store_close(s);
    assert_int_equal(store_open(k.folder, STORE_READ_ONLY, &k.clock, &s, NULL), ST_OK);
    store_close(s);
    end(&k);
}

static void test_a_new_password(void **state)
{
    (void)state;
    struct kit k;
    sealed_kit(&k);
    kit_open(&k);
    assert_int_equal(store_seal_password(k.folder, "another one", NULL), ST_OK);
    shut(&k);
    assert_int_equal(store_seal_password(k.folder, "a third", NULL), ST_OK); /* locked: nothing */
    assert_int_equal(store_unlock(k.folder, password, NULL), ST_DENIED);
    assert_int_equal(store_unlock(k.folder, "a third", NULL), ST_DENIED);
    assert_int_equal(store_unlock(k.folder, "another one", NULL), ST_OK);
    kit_open(&k);
    look(&k);
    end(&k);
}

static void test_back_into_the_clear(void **state)
{
    (void)state;
    struct kit k;
    char path[300];
    sealed_kit(&k);
    assert_int_equal(store_seal(k.folder, password, &k.clock, NULL), ST_EXISTS);
    assert_int_equal(store_unseal(k.folder, &k.clock, NULL), ST_OK);
    assert_false(store_sealed(k.folder));
    assert_int_equal(store_unseal(k.folder, &k.clock, NULL), ST_EXISTS);
    kit_path(&k, "seal", path);
    assert_int_equal(access(path, F_OK), -1);
    kit_open(&k);
    look(&k);
    shut(&k);
    /* And once more: what was sealed once is sealed again. */
    assert_int_equal(store_seal(k.folder, password, &k.clock, NULL), ST_OK);
    kit_open(&k);
    look(&k);
    assert_int_equal(found(&k, title), 0);
    end(&k);
}

static int64_t size_of(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (int64_t)info.st_size : 0;
}

/* Does all that is there read as it was? False: it was refused. */
static bool reads_whole(struct kit *k)
{
    struct store_health h;
    struct errmsg err = {""};
    if (store_open(k->folder, STORE_OWNER, &k->clock, &k->store, &err) != ST_OK) {
        assert_true(*err.text);
        return false;
    }
    enum status st = store_health(k->store, &k->arena, &h, &err);
    bool whole = st == ST_OK && h.integrity_ok;
    store_close(k->store);
    k->store = NULL;
    return whole;
}

static void test_changed_pages_are_refused(void **state)
{
    (void)state;
    struct kit k;
    char path[300];
    unsigned char one[1], other[1];
    sealed_kit(&k);
    kit_path(&k, "cache.db", path);
    assert_true(reads_whole(&k));
    int fd = open(path, O_RDWR);
    int64_t pages = size_of(path) / SEAL_PAGE;
    assert_true(pages > 10);
    for (int64_t n = 0; n < pages; n += pages / 7) {
        for (int at = 0; at < SEAL_PAGE; at += 1365) { /* content, nonce or tag */
            off_t where = (off_t)(n * SEAL_PAGE + at);
            assert_int_equal(pread(fd, one, 1, where), 1);
            other[0] = one[0] ^ 1;
            assert_int_equal(pwrite(fd, other, 1, where), 1);
            assert_false(reads_whole(&k));
            assert_int_equal(pwrite(fd, one, 1, where), 1);
        }
    }
    close(fd);
    end(&k);
}

static sqlite3 *open_sealed(const char *path)
{
    sqlite3 *sql = NULL;
    int reserve = SEAL_RESERVE;
    assert_int_equal(
        sqlite3_open_v2(path, &sql, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, seal_vfs()),
        SQLITE_OK);
    assert_int_equal(sqlite3_file_control(sql, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve),
                     SQLITE_OK);
    return sql;
}

/* The last byte of the long text in this row; -1: it could not be read. */
static int last_byte(sqlite3 *sql, int row)
{
    sqlite3_stmt *q = NULL;
    int byte = -1;
    assert_int_equal(sqlite3_prepare_v2(sql, "SELECT x FROM t WHERE rowid = ?", -1, &q, NULL),
                     SQLITE_OK);
    sqlite3_bind_int(q, 1, row);
    if (sqlite3_step(q) == SQLITE_ROW)
        byte = ((const unsigned char *)sqlite3_column_blob(q, 0))[sqlite3_column_bytes(q, 0) - 1];
    sqlite3_finalize(q);
    return byte;
}

/* Two pages that are alike to SQLite, the ends of two long texts, change places: no text gets the other's end. */
static void test_pages_stay_in_their_place(void **state)
{
    (void)state;
    static const unsigned char key[SEAL_KEY] = {7};
    struct kit k;
    char path[300];
    unsigned char all[8][SEAL_PAGE];
    int refused = 0, pages;
    kit_folder(&k);
    kit_path(&k, "cache.db", path);
    assert_true(seal_vfs_add(path, key));
    sqlite3 *sql = open_sealed(path);
    assert_int_equal(sqlite3_exec(sql,
                                  "PRAGMA page_size=4096; PRAGMA journal_mode=MEMORY;"
                                  "CREATE TABLE t(x);"
                                  "INSERT INTO t VALUES(printf('%.6000c', 'a')),"
                                  "(printf('%.6000c', 'b'))",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(sql);
    int fd = open(path, O_RDWR);
    pages = (int)(size_of(path) / SEAL_PAGE);
    assert_in_range(pages, 4, 8);
    assert_int_equal(pread(fd, all, sizeof all, 0), pages * SEAL_PAGE);
    for (int a = 2; a < pages; a++)
        for (int b = a + 1; b < pages; b++) {
            assert_int_equal(pwrite(fd, all[a], SEAL_PAGE, b * SEAL_PAGE), SEAL_PAGE);
            assert_int_equal(pwrite(fd, all[b], SEAL_PAGE, a * SEAL_PAGE), SEAL_PAGE);
            sql = open_sealed(path);
            int one = last_byte(sql, 1), two = last_byte(sql, 2);
            assert_true(one == 'a' || one == -1);
            assert_true(two == 'b' || two == -1);
            refused += one == -1 && two == -1;
            sqlite3_close(sql);
            assert_int_equal(pwrite(fd, all[a], SEAL_PAGE, a * SEAL_PAGE), SEAL_PAGE);
            assert_int_equal(pwrite(fd, all[b], SEAL_PAGE, b * SEAL_PAGE), SEAL_PAGE);
        }
    assert_true(refused > 0);
    sql = open_sealed(path);
    assert_int_equal(last_byte(sql, 1), 'a');
    sqlite3_close(sql);
    close(fd);
    seal_vfs_remove(path);
    kit_end(&k);
}

/* What was promised is there after kill -9, though no checkpoint was made; a torn end of the WAL ends it. */
static void test_the_log_survives(void **state)
{
    (void)state;
    struct kit k;
    char path[300];
    sealed_kit(&k);
    pid_t child = fork();
    if (child == 0) {
        struct store *s = NULL;
        struct command one = kit_note(&k, 2, 3, "second"), two = kit_note(&k, 3, 4, "third");
        if (store_open(k.folder, STORE_OWNER, &k.clock, &s, NULL) == ST_OK &&
            store_queue(s, &one, NULL) == ST_OK && store_queue(s, &two, NULL) == ST_OK)
            raise(SIGKILL);
        _exit(1);
    }
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how));
    kit_path(&k, "cache.db-wal", path);
    assert_true(size_of(path) > SEAL_PAGE);
    kit_open(&k);
    assert_int_equal(kit_counts(&k).outbox, 3);
    struct command more = kit_note(&k, 4, 5, "fourth");
    shut(&k);
    assert_int_equal(store_unlock(k.folder, password, NULL), ST_OK);
    child = fork();
    if (child == 0) {
        struct store *s = NULL;
        if (store_open(k.folder, STORE_OWNER, &k.clock, &s, NULL) == ST_OK &&
            store_queue(s, &more, NULL) == ST_OK)
            raise(SIGKILL);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how));
    int fd = open(path, O_RDWR);
    unsigned char byte;
    off_t last = (off_t)size_of(path) - 100;
    assert_int_equal(pread(fd, &byte, 1, last), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, last), 1);
    close(fd);
    kit_open(&k);
    assert_int_equal(kit_counts(&k).outbox, 3);
    assert_true(kit_counts(&k).cases == 60);
    end(&k);
}

/* Killed anywhere: it is sealed or in the clear, whole, and the next one cleans up. */
static void test_killed_while_sealing(void **state)
{
    (void)state;
    int sealed = 0, clear = 0;
    for (int i = 0; i < 12; i++) {
        struct kit k;
        char path[300];
        kit_begin(&k);
        fill(&k);
        shut(&k);
        pid_t child = fork();
        if (child == 0) {
            _exit(store_seal(k.folder, password, &k.clock, NULL) == ST_OK ? 0 : 1);
        }
        kit_path(&k, i % 3 == 0 ? "seal" : "cache.db.new", path);
        for (int wait = 0; wait < 100000; wait++) {
            if (i % 3 == 2 ? store_sealed(k.folder) : access(path, F_OK) == 0)
                break;
            usleep(50);
        }
        usleep(i % 3 == 2 ? (useconds_t)(i * 20) : (useconds_t)(i * 900));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        bool is = store_sealed(k.folder);
        sealed += is;
        clear += !is;
        if (is)
            assert_int_equal(store_unlock(k.folder, password, NULL), ST_OK);
        kit_open(&k);
        look(&k);
        kit_path(&k, "cache.db.new", path);
        assert_int_equal(access(path, F_OK), -1);
        kit_path(&k, "cache.db.old", path);
        assert_int_equal(access(path, F_OK), -1);
        if (is)
            assert_int_equal(found(&k, title), 0);
        end(&k);
    }
    print_message("sealed %d, in the clear %d\n", sealed, clear);
    assert_true(clear > 0 && sealed > 0);
}

static void test_a_damaged_key(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "jiban-seal 2 3 67108864 00\n00\n",
        "jiban-seal 1 3 99999999999 00112233445566778899aabbccddeeff\n00\n",
        "jiban-seal 1 4000000 67108864 00112233445566778899aabbccddeeff\n00\n"};
    struct kit k;
    char path[300], whole[512];
    sealed_kit(&k);
    store_lock(k.folder);
    kit_path(&k, "seal", path);
    FILE *f = fopen(path, "r+");
    size_t n = fread(whole, 1, sizeof whole - 1, f);
    fclose(f);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct errmsg err = {""};
        f = fopen(path, "w");
        fputs(texts[i], f);
        fclose(f);
        assert_int_equal(store_unlock(k.folder, password, &err), ST_CORRUPT);
        assert_non_null(strstr(err.text, path));
    }
    whole[n - 3] = whole[n - 3] == '0' ? '1' : '0';
    f = fopen(path, "w");
    fwrite(whole, 1, n, f);
    fclose(f);
    assert_int_equal(store_unlock(k.folder, password, NULL), ST_DENIED);
    end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_can_be_read),
        cmocka_unit_test(test_only_the_password_opens),
        cmocka_unit_test(test_a_new_password),
        cmocka_unit_test(test_back_into_the_clear),
        cmocka_unit_test(test_changed_pages_are_refused),
        cmocka_unit_test(test_pages_stay_in_their_place),
        cmocka_unit_test(test_the_log_survives),
        cmocka_unit_test(test_killed_while_sealing),
        cmocka_unit_test(test_a_damaged_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
