/*
 * The disk is full or reports errors at the n-th call, once or from then on: console and server.
 *
 * What fails says so in one message, what was there before is kept, reading goes on, and when there
 * is room again the same call works without a restart and the day ends as without the fault.
 */
#include "tests/fault/centre.h"
#include "tests/fault/console.h"
#include "tui/command/command.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { POINTS_LEAST = 400, SERVER_LEAST = 150, DO_LEAST = 15 };

static const struct weather {
    const char *name;
    enum fault_kind kind;
    unsigned ops;
    int error;
    long stride, server_stride;
} weather[] = {
    {"full from then on", FAULT_ONWARD, OPS_FILLING, ENOSPC, 8, 12},
    {"full once", FAULT_ONCE, OPS_FILLING, ENOSPC, 16, 16},
    {"over quota from then on", FAULT_ONWARD, OPS_FILLING, EDQUOT, 30, 25},
    {"write error once", FAULT_ONCE, 1 << OP_WRITE, EIO, 16, 16},
    {"write error from then on", FAULT_ONWARD, 1 << OP_WRITE, EIO, 30, 25},
    {"sync error once", FAULT_ONCE, 1 << OP_SYNC, EIO, 1, 2},
    {"sync error from then on", FAULT_ONWARD, 1 << OP_SYNC, EIO, 3, 5},
    {"read-only from then on", FAULT_ONWARD, OPS_FILLING, EROFS, 40, 40},
    {"read error once", FAULT_ONCE, 1 << OP_READ, EIO, 3, 3},
};
enum { WEATHERS = sizeof weather / sizeof *weather };

static char folder[256];
static struct desk_record desk_record_;
static struct centre_record centre_record_;

static bool is_full(const struct weather *w)
{
    return w->error == ENOSPC || w->error == EDQUOT;
}

/* What fails only once cannot be found again by whoever asks why; and SQLite calls what it cannot
 * read damaged. */
static bool right_status(const struct weather *w, enum status st, const char *text)
{
    if (w->ops & 1 << OP_READ)
        return st == ST_IO || st == ST_CORRUPT;
    if (is_full(w))
        return (st == ST_FULL && strstr(text, "full")) || (st == ST_IO && w->kind == FAULT_ONCE);
    return st == ST_IO;
}

static bool clear_message(const struct weather *w, enum status st, const struct errmsg *err)
{
    if (!err->text[0] || strchr(err->text, '\n'))
        return fault_why("the message is \"%s\"", err->text);
    return right_status(w, st, err->text) ||
           fault_why("%s, and said is %s: %s", w->name, status_word(st), err->text);
}

/* --- the console ---------------------------------------------------------------------------- */
static bool holds(const char *before, const char *after)
{
    char *is = desk_dump(folder);
    bool ok = is && ((before && strcmp(is, before) == 0) || strcmp(is, after) == 0 ||
                     desk_differs(is, after));
    free(is);
    return ok;
}

static bool reads(struct desk *d)
{
    struct store_counts counts;
    struct outbox_row *row;
    struct errmsg err = {{0}};
    size_t n;
    return (store_counts(d->kit.store, d->kit.now, &counts, &err) == ST_OK &&
            store_outbox(d->kit.store, 100, &d->kit.arena, &row, &n, &err) == ST_OK) ||
           fault_why("reading does not go on: %s", err.text);
}

static bool desk_failed_step(struct desk *d, const struct weather *w, int i, enum status st,
                             const struct errmsg *why)
{
    struct errmsg err = {{0}};
    if (!clear_message(w, st, why))
        return false;
    bool open = d->kit.store != NULL;
    if (open && is_full(w) && !reads(d))
        return false;
    fault_set(NULL); /* there is room again */
    if (open && !holds(i > 0 ? desk_record_.after[i - 1] : NULL, desk_record_.after[i]))
        return false;
    st = desk_step(d, i, &err);
    return st == ST_OK || fault_why("there is room again, and still: %s", err.text);
}

/* One day with the fault at the n-th point; *ret_struck tells whether there was one. */
static bool desk_day(const struct weather *w, long at, bool *ret_struck)
{
    struct fault_plan plan = {w->kind, w->ops, at, w->error};
    struct desk d;
    bool ok = true;
    int i = 0;
    *ret_struck = false;
    fault_remove(folder);
    desk_begin(&d, folder, fault_seed());
    fault_watch(folder);
    fault_set(&plan);
    for (; ok && i < DESK_STEPS; i++) {
        struct errmsg err = {{0}};
        enum status st = desk_step(&d, i, &err);
        *ret_struck |= fault_struck() > 0;
        if (st != ST_OK)
            ok = *ret_struck ? desk_failed_step(&d, w, i, st, &err)
                             : fault_why("failed without a fault: %s", err.text);
    }
    if (!ok)
        printf("#  console, %s at %ld, seed %llu, step %d (%s)\n", w->name, at,
               (unsigned long long)fault_seed(), i - 1, desk_step_word(i - 1));
    fault_set(NULL);
    desk_end(&d);
    fault_watch("");
    if (ok && !(ok = holds(NULL, desk_record_.after[DESK_STEPS - 1])))
        printf("#  console, %s at %ld, seed %llu, at the end\n", w->name, at,
               (unsigned long long)fault_seed());
    return ok;
}

/* --- the server ----------------------------------------------------------------------------- */
static bool centre_holds(int answered)
{
    char *is = centre_dump(folder);
    bool ok =
        is && (strcmp(is, centre_record_.after[answered]) == 0 ||
               (answered < CENTRE_BATCHES && strcmp(is, centre_record_.after[answered + 1]) == 0) ||
               fault_why("the store is neither as before batch %d nor as after it", answered));
    free(is);
    return ok;
}

static bool centre_failed_batch(struct centre *c, const struct weather *w, int b, enum status st,
                                const struct errmsg *why)
{
    struct errmsg err = {{0}};
    struct outcome o[CENTRE_BATCH_MOST];
    size_t n = 0;
    if (!clear_message(w, st, why))
        return false;
    if (st == ST_FULL && service_ready(c->service, &err) != ST_FULL)
        return fault_why("the disk is full and the server says that it is ready");
    fault_set(NULL);
    if (!centre_holds(b))
        return false;
    if (centre_batch(c, b, o, &n, &err) != ST_OK)
        return fault_why("there is room again, and still: %s", err.text);
    for (size_t i = 0; i < n; i++) {
        enum outcome_kind kind = o[i].kind == OUTCOME_DUPLICATE ? o[i].first : o[i].kind;
        const struct outcome *was = &centre_record_.outcome[b][i];
        if (kind != (was->kind == OUTCOME_DUPLICATE ? was->first : was->kind) ||
            o[i].version != was->version)
            return fault_why("command %zu has another outcome than without the fault", i);
    }
    return service_ready(c->service, &err) == ST_OK || fault_why("not ready again: %s", err.text);
}

static bool centre_day(const struct weather *w, long at, bool *ret_struck)
{
    struct fault_plan plan = {w->kind, w->ops, at, w->error};
    struct centre c;
    struct errmsg err = {{0}};
    bool ok = true;
    int b = 0;
    *ret_struck = false;
    centre_prepare(folder);
    centre_begin(&c, folder, fault_seed());
    fault_watch(folder);
    fault_set(&plan);
    enum status st = centre_open(&c, &err);
    *ret_struck = fault_struck() > 0;
    if (st != ST_OK) {
        ok = clear_message(w, st, &err);
        fault_set(NULL);
        if (ok && centre_open(&c, &err) != ST_OK)
            ok = fault_why("there is room again, and it does not open: %s", err.text);
    }
    for (; ok && b < CENTRE_BATCHES; b++) {
        struct outcome o[CENTRE_BATCH_MOST];
        size_t n;
        struct errmsg why = {{0}};
        st = centre_batch(&c, b, o, &n, &why);
        *ret_struck |= fault_struck() > 0;
        if (st != ST_OK)
            ok = *ret_struck ? centre_failed_batch(&c, w, b, st, &why)
                             : fault_why("failed without a fault: %s", why.text);
    }
    if (!ok)
        printf("#  server, %s at %ld, seed %llu, batch %d\n", w->name, at,
               (unsigned long long)fault_seed(), b - 1);
    fault_set(NULL);
    centre_end(&c);
    fault_watch("");
    if (ok && !(ok = centre_holds(CENTRE_BATCHES)))
        printf("#  server, %s at %ld, seed %llu, at the end\n", w->name, at,
               (unsigned long long)fault_seed());
    return ok;
}

/* --- jiban do ------------------------------------------------------------------------------- */
static void do_child(void *arg)
{
    (void)arg;
    char text[] = "note=已电话联系，明天上门", word[] = "note", number[] = "100002";
    char *args[] = {number, word, text};
    struct cli c = {.offline = true, .args = args, .n_args = 3};
    dup2(atoi(getenv("JIBAN_TEST_ACK_FD")), STDERR_FILENO);
    options_init(&c.options);
    arena_init(&c.arena, 0);
    context_init(&c.context);
    snprintf(c.folder, sizeof c.folder, "%s", folder);
    int code = command_do(&c);
    cli_close(&c);
    fflush(NULL);
    _exit(code);
}

static bool do_once(long at, bool *ret_struck)
{
    struct life *life = calloc(1, sizeof *life);
    struct fault_plan plan = {FAULT_ONWARD, OPS_FILLING, at, ENOSPC};
    struct desk d;
    bool ok = true;
    if (!life)
        fault_die("out of memory");
    fault_remove(folder);
    desk_begin(&d, folder, fault_seed());
    for (int i = 0; ok && i < DESK_FETCHED; i++)
        ok = desk_step(&d, i, NULL) == ST_OK;
    desk_end(&d);
    fault_live(do_child, NULL, folder, &plan, life);
    *ret_struck = life->code != 75;
    const char *said = strstr(life->story, "jiban: ");
    bool queued = strstr(life->story, "Queued") || strstr(life->story, "ACK");
    if (life->code == 74)
        ok = said && strstr(said, "full") && !strstr(said + 1, "jiban: ") && !queued;
    else
        ok = life->code == 75 && queued && !said; /* the fault was not in its way */
    if (!ok)
        fault_why("jiban do with a full disk at %ld ended with %d: %s", at, life->code,
                  life->story);
    free(life);
    return ok;
}

static long days(bool (*day)(const struct weather *, long, bool *), const struct weather *w,
                 long stride)
{
    long n = 0;
    bool struck = true;
    for (long at = fault_first(stride); struck; at += stride) {
        if (!day(w, at, &struck))
            return -1;
        n += struck;
    }
    return n;
}

int main(void)
{
    long all = 0, n;
    snprintf(folder, sizeof folder, "%s/full", fault_folder());
    fault_seconds();
    desk_record(&desk_record_, folder, fault_seed());
    for (int i = 0; i < WEATHERS; i++) {
        n = days(desk_day, &weather[i], fault_stride(weather[i].stride));
        all += n;
        tap(n > 0, "console, %s: %ld, %.1f s", weather[i].name, n, fault_seconds());
    }
    bool struck = true;
    long stride = fault_stride(1);
    n = 0;
    for (long at = fault_first(stride); n >= 0 && struck; at += stride)
        n = do_once(at, &struck) ? n + struck : -1;
    tap(n >= DO_LEAST, "jiban do, full: %ld, mark %d, %.1f s", n, DO_LEAST, fault_seconds());
    centre_record(&centre_record_, folder, fault_seed());
    long server = 0;
    for (int i = 0; i < WEATHERS; i++) {
        n = days(centre_day, &weather[i], fault_stride(weather[i].server_stride));
        server += n;
        tap(n > 0, "server, %s: %ld, %.1f s", weather[i].name, n, fault_seconds());
    }
    tap(all + server >= POINTS_LEAST && server >= SERVER_LEAST,
        "points: console %ld, server %ld, mark %d", all, server, POINTS_LEAST);
    for (int i = 0; i < DESK_STEPS; i++)
        free(desk_record_.after[i]);
    for (int b = 0; b <= CENTRE_BATCHES; b++)
        free(centre_record_.after[b]);
    return tap_end();
}
