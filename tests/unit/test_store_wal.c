/* What is promised is on the disk first, and commit and checkpoint never run side by side. */
#include "tests/unit/store_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>

/* Take the place of the C library's for SQLite as well. */
int fdatasync(int fd);
int fsync(int fd);
static atomic_int syncs, sync_fails;

static int sync_fd(long number, int fd)
{
    atomic_fetch_add(&syncs, 1);
    if (atomic_load(&sync_fails)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(number, fd);
}

int fdatasync(int fd)
{
    return sync_fd(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    return sync_fd(SYS_fsync, fd);
}

static void test_queue_reaches_the_disk(void **state)
{
    (void)state;
    struct kit k;
    kit_begin(&k);
    for (int i = 1; i <= 3; i++) {
        struct command c = kit_note(&k, i, 1, "x");
        int before = atomic_load(&syncs);
        assert_int_equal(store_queue(k.store, &c, NULL), ST_OK);
        assert_true(atomic_load(&syncs) > before);
    }
    kit_end(&k);
}

static void test_no_promise_without_the_disk(void **state)
{
    (void)state;
    struct kit k;
    int fd[2];
    char word[16], text[256];
    kit_begin(&k);
    assert_int_equal(pipe(fd), 0);
    fcntl(fd[0], F_SETFL, O_NONBLOCK);
    snprintf(word, sizeof word, "%d", fd[1]);
    setenv("JIBAN_TEST_ACK_FD", word, 1);
    struct command c = kit_note(&k, 1, 1, "x"), d = kit_note(&k, 2, 1, "y");
    atomic_store(&sync_fails, 1);
    enum status st = store_queue(k.store, &c, NULL);
    atomic_store(&sync_fails, 0);
    assert_int_not_equal(st, ST_OK);
    assert_int_equal(read(fd[0], text, sizeof text), -1); /* nothing was promised */
    assert_int_equal(store_queue(k.store, &d, NULL), ST_OK);
#ifdef JIBAN_TEST_HOOKS
    assert_true(read(fd[0], text, sizeof text) > 12);
    assert_memory_equal(text, "ACK command ", 12);
#endif
    unsetenv("JIBAN_TEST_ACK_FD");
    close(fd[0]);
    close(fd[1]);
    kit_end(&k);
}

#ifdef JIBAN_TEST_HOOKS
struct checkpoints {
    struct kit *kit;
    atomic_bool stop;
    atomic_int done;
    bool ok;
};

static void *checkpoint_on(void *arg)
{
    struct checkpoints *c = arg;
    struct store *s;
    c->ok = store_open(c->kit->folder, STORE_SECOND, &c->kit->clock, &s, NULL) == ST_OK;
    if (!c->ok) {
        atomic_store(&c->done, 1);
        return NULL;
    }
    do {
        c->ok = store_checkpoint(s, NULL) == ST_OK && c->ok;
        atomic_fetch_add(&c->done, 1);
    } while (!atomic_load(&c->stop));
    store_close(s);
    return NULL;
}

static void test_commit_and_checkpoint_take_turns(void **state)
{
    (void)state;
    struct kit k;
    pthread_t thread;
    kit_begin(&k);
    struct checkpoints c = {.kit = &k};
    int before = store_wal_overlaps();
    assert_int_equal(pthread_create(&thread, NULL, checkpoint_on, &c), 0);
    enum status st = ST_OK;
    int n = 0;
    for (; st == ST_OK && n < 20000 && (n < 300 || atomic_load(&c.done) < 300); n++) {
        char value[32];
        snprintf(value, sizeof value, "%d", n);
        st = store_meta_set(k.store, "n", value, NULL);
    }
    atomic_store(&c.stop, true);
    pthread_join(thread, NULL);
    assert_true(c.ok);
    assert_int_equal(st, ST_OK);
    assert_int_equal(store_wal_overlaps(), before);
    kit_end(&k);
}
#endif

/* --- the other writer ------------------------------------------------------------------------ */
enum { BIG_BODY = 8 * 1024 * 1024, BIG_BODIES = 12, LONGEST_MS = 5000 };

struct bulk {
    struct kit *kit;
    atomic_int done;
};

/* Each commit fills the WAL so far that a checkpoint restarts it. */
static void *write_bulk(void *self)
{
    struct bulk *b = self;
    struct store *s = NULL;
    char *body = malloc(BIG_BODY);
    assert_non_null(body);
    memset(body, 'x', BIG_BODY);
    if (store_open(b->kit->folder, STORE_SECOND, &b->kit->clock, &s, NULL) == ST_OK)
        for (int i = 0; i < BIG_BODIES; i++)
            store_document_set(s, i % 2 ? "people" : "policy", body, BIG_BODY, "", NULL);
    store_close(s);
    free(body);
    atomic_store(&b->done, 1);
    return NULL;
}

/* A restart waits for whoever writes; that one must not wait for the restart in order to commit. */
static void test_writer_does_not_wait_for_a_restart(void **state)
{
    (void)state;
    struct kit k;
    kit_begin(&k);
    struct bulk b = {.kit = &k};
    pthread_t thread;
    int64_t longest = 0;
    assert_int_equal(pthread_create(&thread, NULL, write_bulk, &b), 0);
    for (int i = 1; !atomic_load(&b.done) || i < 3; i++) {
        struct command c = kit_note(&k, i, 1, "typed meanwhile");
        int64_t from = clock_mono(&clock_system);
        assert_int_equal(store_queue(k.store, &c, NULL), ST_OK);
        int64_t took = clock_mono(&clock_system) - from;
        if (took > longest)
            longest = took;
    }
    pthread_join(thread, NULL);
    assert_true(longest < LONGEST_MS);
#ifdef JIBAN_TEST_HOOKS
    assert_int_equal(store_wal_overlaps(), 0);
#endif
    kit_end(&k);
}

/* Whoever writes all the time sees that another waits, and gives way after its commit. */
static void test_turns(void **state)
{
    (void)state;
    struct kit k;
    kit_begin(&k);
    assert_false(store_writer_waits(k.store));
    assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
    assert_false(store_writer_waits(k.store));
    struct bulk b = {.kit = &k};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, write_bulk, &b), 0);
    while (!store_writer_waits(k.store))
        usleep(1000);
    assert_false(atomic_load(&b.done));
    store_changes_rollback(k.store);
    struct command c = kit_note(&k, 1, 1, "after it");
    assert_int_equal(store_queue(k.store, &c, NULL), ST_OK); /* behind the first of the bulk */
    const char *body, *etag;
    size_t len = 0;
    assert_int_equal(store_document_get(k.store, "policy", &k.arena, &body, &len, &etag, NULL),
                     ST_OK);
    assert_int_equal(len, BIG_BODY);
    pthread_join(thread, NULL);
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_writer_does_not_wait_for_a_restart),
                                       cmocka_unit_test(test_turns),
                                       cmocka_unit_test(test_queue_reaches_the_disk),
                                       cmocka_unit_test(test_no_promise_without_the_disk),
#ifdef JIBAN_TEST_HOOKS
                                       cmocka_unit_test(test_commit_and_checkpoint_take_turns)
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
