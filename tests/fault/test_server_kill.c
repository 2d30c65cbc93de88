/*
 * The server dies at every point: a morning of batches, and many threads at once (group commit).
 *
 * Each run is a child killed at its n-th call of the file system. What it answered comes through a
 * pipe; then the store is compared, and everything is given once more.
 */
#include "tests/fault/centre.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { POINTS_LEAST = 250, GROUP_LEAST = 30, THREADS = 4 };

static char folder[256], with_cases[300];
static struct centre_record record;

static void morning(void *arg)
{
    struct centre c;
    struct outcome o[CENTRE_BATCH_MOST];
    struct errmsg err = {{0}};
    size_t n;
    centre_begin(&c, folder, *(uint64_t *)arg);
    if (centre_open(&c, &err) != ST_OK)
        _exit(71);
    fault_step_ended(0);
    for (int b = 0; b < CENTRE_BATCHES; b++) {
        if (centre_batch(&c, b, o, &n, &err) != ST_OK)
            _exit(72);
        fault_step_ended(b + 1);
    }
    centre_end(&c);
}

static long kill_mornings(enum fault_kind kind, unsigned ops, uint64_t seed, long stride)
{
    struct life *life = malloc(sizeof *life);
    long killed = 0;
    if (!life)
        fault_die("out of memory");
    for (long at = fault_first(stride); killed >= 0; at += stride) {
        struct fault_plan plan = {kind, ops, at, 0};
        centre_prepare(folder);
        fault_live(morning, &seed, folder, &plan, life);
        if (!life->killed) {
            if (life->code != 0)
                killed = fault_why("a run that was not killed ended with %d", life->code) - 1;
            break;
        }
        killed++;
        if (!centre_check(folder, &record, life->story, seed, false)) {
            bool promised;
            printf("#  seed %llu, %s %ld, after step %d\n", (unsigned long long)seed,
                   kind == FAULT_TORN ? "torn write" : "call", at,
                   fault_last_step(life->story, &promised));
            killed = -1;
        }
    }
    free(life);
    return killed;
}

/* --- many at once --------------------------------------------------------------------------- */
struct worker {
    pthread_t thread;
    struct centre *centre;
    int first;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    struct arena a;
    arena_init(&a, 0);
    for (int n = w->first; n < CENTRE_NOTES; n += THREADS) {
        struct outcome o;
        char line[32];
        arena_reset(&a);
        if (centre_note(w->centre, n, &a, &o, NULL) != ST_OK || o.kind != OUTCOME_APPLIED)
            continue;
        snprintf(line, sizeof line, "NOTE %d\n", n);
        if (write(atoi(getenv("JIBAN_TEST_ACK_FD")), line, strlen(line)) < 0)
            _exit(73);
    }
    arena_release(&a);
    return NULL;
}

static void crowd(void *arg)
{
    struct centre c;
    struct worker w[THREADS];
    centre_begin(&c, folder, *(uint64_t *)arg);
    if (centre_open(&c, NULL) != ST_OK)
        _exit(71);
    for (int i = 0; i < THREADS; i++) {
        w[i] = (struct worker){.centre = &c, .first = i};
        if (pthread_create(&w[i].thread, NULL, work, &w[i]) != 0)
            _exit(72);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(w[i].thread, NULL);
    centre_end(&c);
}

static void store_with_cases(uint64_t seed)
{
    struct centre c;
    struct outcome o[CENTRE_BATCH_MOST];
    struct errmsg err = {{0}};
    size_t n;
    char path[300];
    centre_prepare(folder);
    centre_begin(&c, folder, seed);
    if (centre_open(&c, &err) != ST_OK)
        fault_die("%s", err.text);
    for (int b = 0; b < CENTRE_WITH_CASES; b++)
        if (centre_batch(&c, b, o, &n, &err) != ST_OK)
            fault_die("%s", err.text);
    centre_end(&c);
    snprintf(path, sizeof path, "%s/office.db", folder);
    snprintf(with_cases, sizeof with_cases, "%s/cases.db", fault_folder());
    fault_copy(path, with_cases);
}

static long kill_crowds(uint64_t seed, long stride)
{
    struct life *life = malloc(sizeof *life);
    long killed = 0;
    char path[300];
    if (!life)
        fault_die("out of memory");
    store_with_cases(seed);
    snprintf(path, sizeof path, "%s/office.db", folder);
    for (long at = fault_first(stride); killed >= 0; at += stride) {
        struct fault_plan plan = {FAULT_KILL, OPS_CHANGING, at, 0};
        centre_prepare(folder);
        fault_copy(with_cases, path);
        fault_live(crowd, &seed, folder, &plan, life);
        if (!life->killed && life->code != 0)
            killed = fault_why("a run that was not killed ended with %d", life->code) - 1;
        if (killed >= 0 && !centre_check_notes(folder, life->story, seed)) {
            printf("#  seed %llu, call %ld of the crowd\n", (unsigned long long)seed, at);
            killed = -1;
        }
        if (killed < 0 || !life->killed)
            break;
        killed++;
    }
    free(life);
    return killed;
}

int main(void)
{
    uint64_t seed = fault_seed();
    snprintf(folder, sizeof folder, "%s/centre", fault_folder());
    fault_seconds();
    centre_record(&record, folder, seed);
    tap(record.points >= POINTS_LEAST, "the morning has %ld points, mark %d", record.points,
        POINTS_LEAST);
    long n = kill_mornings(FAULT_KILL, OPS_CHANGING, seed, fault_stride(record.points / 260));
    tap(n >= POINTS_LEAST, "killed before each call: %ld, mark %d, %.1f s", n, POINTS_LEAST,
        fault_seconds());
    n = kill_mornings(FAULT_TORN, 1 << OP_WRITE, seed, fault_stride(record.points / 45));
    tap(n >= GROUP_LEAST, "killed in the middle of a write: %ld, mark %d, %.1f s", n, GROUP_LEAST,
        fault_seconds());
    n = kill_crowds(seed, fault_stride(15));
    tap(n >= GROUP_LEAST, "killed while %d threads write: %ld, mark %d, %.1f s", THREADS, n,
        GROUP_LEAST, fault_seconds());
    for (int b = 0; b <= CENTRE_BATCHES; b++)
        free(record.after[b]);
    return tap_end();
}
