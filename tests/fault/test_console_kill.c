/*
 * The console dies at every point: a desk's morning on the real cache, and the real `jiban do`.
 *
 * Each run is a child that is killed at its n-th call of the file system (or in the middle of a
 * write). What it promised comes through a pipe; the cache it leaves is opened and compared.
 */
#include "tests/fault/console.h"
#include "tui/command/command.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { POINTS_LEAST = 300, TORN_LEAST = 100, DO_LEAST = 30 };

static char folder[256];

/* --- a morning ------------------------------------------------------------------------------ */
static void morning(void *arg)
{
    struct desk d;
    struct errmsg err = {{0}};
    desk_begin(&d, folder, *(uint64_t *)arg);
    for (int i = 0; i < DESK_STEPS; i++) {
        if (desk_step(&d, i, &err) != ST_OK)
            _exit(71);
        fault_step_ended(i);
    }
    desk_end(&d);
}

/* Kills at every point; how many were reached, -1 after a failure. */
static long kill_mornings(const struct desk_record *r, enum fault_kind kind, unsigned ops,
                          uint64_t seed, long stride)
{
    struct life *life = malloc(sizeof *life);
    long killed = 0;
    if (!life)
        fault_die("out of memory");
    for (long at = fault_first(stride); killed >= 0; at += stride) {
        struct fault_plan plan = {kind, ops, at, 0};
        fault_live(morning, &seed, folder, &plan, life);
        if (!life->killed) {
            if (life->code != 0)
                killed = fault_why("a run that was not killed ended with %d", life->code) - 1;
            break;
        }
        killed++;
        if (!desk_check(folder, r, life->story, false)) {
            bool promised;
            int step = fault_last_step(life->story, &promised) + 1;
            printf("#  seed %llu, %s %ld, in step %d (%s)\n", (unsigned long long)seed,
                   kind == FAULT_TORN ? "torn write" : "call", at, step, desk_step_word(step));
            killed = -1;
        }
        fault_remove(folder);
    }
    fault_remove(folder);
    free(life);
    return killed;
}

/* --- jiban do --------------------------------------------------------------------------------- */
static int do_note(void)
{
    struct cli c = {.offline = true};
    char text[] = "note=已电话联系，明天上门", word[] = "note", number[] = "100002";
    char *args[] = {number, word, text};
    c.args = args;
    c.n_args = 3;
    options_init(&c.options);
    arena_init(&c.arena, 0);
    context_init(&c.context);
    snprintf(c.folder, sizeof c.folder, "%s", folder);
    snprintf(c.device, sizeof c.device, "test");
    int code = command_do(&c);
    cli_close(&c);
    context_release(&c.context);
    arena_release(&c.arena);
    options_release(&c.options);
    return code;
}

static void do_child(void *arg)
{
    (void)arg;
    const char *fd = getenv("JIBAN_TEST_ACK_FD");
    dup2(atoi(fd), STDERR_FILENO); /* what the person reads belongs to the story */
    if (do_note() != 75)
        _exit(71);
}

/* The cache after the first steps of a morning, without unsent work. */
static void prepare(uint64_t seed)
{
    struct desk d;
    struct errmsg err = {{0}};
    fault_set(NULL);
    desk_begin(&d, folder, seed);
    for (int i = 0; i < DESK_FETCHED; i++)
        if (desk_step(&d, i, &err) != ST_OK)
            fault_die("%s", err.text);
    desk_end(&d);
}

/* One note or none; said to be queued: one, and with the promised id. */
static bool do_check(const char *story)
{
    struct desk d;
    struct errmsg err = {{0}};
    struct outbox_row *row = NULL;
    struct store_health health = {0};
    size_t n = 0;
    desk_begin(&d, folder, 1);
    enum status st = store_open(folder, STORE_OWNER, &d.kit.clock, &d.kit.store, &err);
    if (st == ST_OK)
        st = store_outbox(d.kit.store, 10, &d.kit.arena, &row, &n, &err);
    if (st == ST_OK)
        st = store_health(d.kit.store, &d.kit.arena, &health, &err);
    bool ok = st == ST_OK || fault_why("it does not open again: %s", err.text);
    if (ok && !health.integrity_ok)
        ok = fault_why("doctor: %s", health.detail);
    bool said = strstr(story, "Queued") || strstr(story, "ACK command");
    if (ok && (n > 1 || (said && n != 1)))
        ok = fault_why("%zu notes in the outbox, said: %s", n, story);
    if (ok && n == 1 && strcmp(row[0].command.values[0].text, "已电话联系，明天上门") != 0)
        ok = fault_why("the note has another text: %s", row[0].command.values[0].text);
    const char *ack = strstr(story, "ACK command ");
    if (ok && ack) {
        char id[UUID_TEXT];
        uuid_format(&row[0].command.id, id);
        ok = strncmp(ack + 12, id, UUID_TEXT - 1) == 0 || fault_why("another id: %s", story);
    }
    desk_end(&d);
    return ok;
}

static long kill_do(enum fault_kind kind, unsigned ops, uint64_t seed, long stride)
{
    struct life *life = malloc(sizeof *life);
    long killed = 0;
    if (!life)
        fault_die("out of memory");
    for (long at = fault_first(stride); killed >= 0; at += stride) {
        struct fault_plan plan = {kind, ops, at, 0};
        prepare(seed);
        fault_live(do_child, NULL, folder, &plan, life);
        if (!life->killed && (life->code != 0 || !strstr(life->story, "Queued")))
            killed = fault_why("not killed, and ended with %d: %s", life->code, life->story) - 1;
        if (killed >= 0 && !do_check(life->story)) {
            printf("#  jiban do, %s %ld\n", kind == FAULT_TORN ? "torn write" : "call", at);
            killed = -1;
        }
        fault_remove(folder);
        if (!life->killed || killed < 0)
            break;
        killed++;
    }
    fault_remove(folder);
    free(life);
    return killed;
}

int main(void)
{
    static struct desk_record record;
    uint64_t seed = fault_seed();
    snprintf(folder, sizeof folder, "%s/desk", fault_folder());
    fault_seconds();
    desk_record(&record, folder, seed);
    tap(record.points >= POINTS_LEAST, "the morning has %ld points, mark %d", record.points,
        POINTS_LEAST);
    long n =
        kill_mornings(&record, FAULT_KILL, OPS_CHANGING, seed, fault_stride(record.points / 340));
    tap(n >= POINTS_LEAST, "killed before each call: %ld, mark %d, %.1f s", n, POINTS_LEAST,
        fault_seconds());
    n = kill_mornings(&record, FAULT_TORN, 1 << OP_WRITE, seed, fault_stride(record.points / 130));
    tap(n >= TORN_LEAST, "killed in the middle of each write: %ld, mark %d, %.1f s", n, TORN_LEAST,
        fault_seconds());
    n = kill_do(FAULT_KILL, OPS_CHANGING, seed, fault_stride(1));
    tap(n >= DO_LEAST, "jiban do killed before each call: %ld, mark %d, %.1f s", n, DO_LEAST,
        fault_seconds());
    n = kill_do(FAULT_TORN, 1 << OP_WRITE, seed, fault_stride(3));
    tap(n >= DO_LEAST / 2, "jiban do killed in the middle of each write: %ld, mark %d, %.1f s", n,
        DO_LEAST / 2, fault_seconds());
    for (int i = 0; i < DESK_STEPS; i++)
        free(record.after[i]);
    return tap_end();
}
