/*
 * watch.c: `jiban watch`: changes of a list as lines for scripts.
 *
 * It fetches itself where it can have the cache for itself; beside a console (or with --offline) it reads what that
 * one fetches. The lines are flushed one by one; the end of who reads them is its end too.
 */
#include "core/base/i18n.h"
#include "tui/command/command.h"
#include "tui/watch.h"
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* Looked for changes each second; what the time alone decides is looked for every half minute. */
enum { LOOK_MS = 1000, TIME_LOOK_MS = 30 * MS_SECOND };

static volatile sig_atomic_t ending;

static void on_end(int number)
{
    (void)number;
    ending = 1;
}

static void catch_signals(void)
{
    struct sigaction end = {.sa_handler = on_end}, ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&end.sa_mask);
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

struct watcher {
    struct cli *c;
    struct watch_list *fill; /* of the look that is made */
    char at[RFC3339_SIZE];
};

static void add_row(void *self, const struct case_row *row)
{
    struct watcher *w = self;
    watch_add(w->fill, row);
}

static enum status look(struct watcher *w, struct watch_list *ret, struct errmsg *err)
{
    struct query q;
    enum status st = cli_filter(w->c, &q, err);
    if (st != ST_OK)
        return st;
    w->fill = ret;
    ret->at_ms = q.now_ms;
    st = cli_rows(w->c, &q, add_row, w, err);
    watch_sort(ret);
    return st == ST_OK && ret->failed ? fail(err, ST_NOMEM, "out of memory") : st;
}

static void tell_json(const struct watcher *w, enum watch_change change, const struct watched *row)
{
    struct buf out;
    char id[UUID_TEXT], due[RFC3339_SIZE];
    buf_init(&out, 1 << 16);
    uuid_format(&row->id, id);
    buf_printf(&out, "{\"at\":\"%s\",\"change\":\"%s\",\"id\":\"%s\",\"number\":", w->at,
               watch_word[change], id);
    json_string(&out, row->number);
    buf_printf(&out, ",\"state\":\"%s\",\"unsent\":%d", state_table[row->state].word, row->unsent);
    if (row->due_ms != TIME_NONE && row->clock < CLOCK_COUNT) {
        rfc3339_format(row->due_ms, BEIJING_OFFSET_MS, due);
        buf_printf(&out, ",\"clock\":\"%s\",\"due\":\"%s\"", clock_table[row->clock].word, due);
    }
    buf_puts(&out, "}\n");
    cli_print_json(&out);
    buf_release(&out);
}

/* Four fields with tabs between: time, word, number, and what the word is about. */
static void tell(void *self, enum watch_change change, const struct watched *row)
{
    const struct watcher *w = self;
    char due[RFC3339_SIZE];
    if (w->c->json) {
        tell_json(w, change, row);
        return;
    }
    printf("%s\t%s\t", w->at, watch_word[change]);
    cli_print(row->number);
    putchar('\t');
    if (change == WATCH_ENTERED || change == WATCH_STATE)
        fputs(state_table[row->state].word, stdout);
    if ((change == WATCH_SOON || change == WATCH_OVERDUE) && row->clock < CLOCK_COUNT) {
        rfc3339_format(row->due_ms, BEIJING_OFFSET_MS, due);
        printf("%s %s", clock_table[row->clock].word, due);
    }
    if (change == WATCH_UNSENT)
        printf("%d", row->unsent);
    putchar('\n');
}

static enum status look_and_tell(struct watcher *w, struct watch_list *before, struct errmsg *err)
{
    struct watch_list after = {.rows = NULL};
    enum status st = look(w, &after, err);
    if (st != ST_OK) {
        watch_release(&after);
        return st;
    }
    rfc3339_format(after.at_ms - after.at_ms % MS_SECOND, BEIJING_OFFSET_MS, w->at);
    watch_compare(before, &after, tell, w);
    watch_release(before);
    *before = after;
    return ST_OK;
}

/* Waits for a second or a signal, empties the pipe of hints; false when nobody reads the lines any more. */
static bool wait_a_little(const struct sync *sync)
{
    struct pollfd p[2] = {{.fd = STDOUT_FILENO},
                          {.fd = sync ? sync_fd(sync) : -1, .events = POLLIN}};
    char hints[256];
    if (fflush(stdout) != 0)
        return false;
    poll(p, 2, LOOK_MS);
    while (p[1].revents & POLLIN && read(p[1].fd, hints, sizeof hints) > 0)
        ;
    return !(p[0].revents & POLLERR);
}

static bool is_revoked(struct cli *c, struct sync *sync)
{
    struct sync_report r = {.line = LINE_IDLE};
    if (sync)
        sync_report(sync, &r);
    if (r.line != LINE_REVOKED)
        return false;
    c->revoked = r.revoked;
    cli_say("%s", r.error);
    return true;
}

static enum status follow(struct watcher *w, struct sync *sync, struct watch_list *before,
                          struct errmsg *err)
{
    int64_t seen = -1, looked_ms = clock_mono(&clock_system);
    enum status st = ST_OK;
    while (st == ST_OK && !ending && wait_a_little(sync) && !is_revoked(w->c, sync)) {
        int64_t version, now_ms = clock_mono(&clock_system);
        st = store_changed(w->c->store, &version, err);
        if (st != ST_OK || (version == seen && now_ms - looked_ms < TIME_LOOK_MS))
            continue;
        seen = version;
        looked_ms = now_ms;
        st = context_load(&w->c->context, w->c->store, w->c->device, err);
        if (st == ST_OK)
            st = look_and_tell(w, before, err);
    }
    return st;
}

/* The cache for itself, else (a console has it) to read; a line of its own in the first case. */
static enum status begin(struct cli *c, struct sync **ret, struct errmsg *err)
{
    bool alone = !c->offline && !c->once;
    enum status st = cli_open(c, alone ? STORE_OWNER : STORE_READ_ONLY, err);
    if (alone && st == ST_CONFLICT) {
        cli_close(c);
        return cli_open(c, STORE_READ_ONLY, err);
    }
    if (st != ST_OK || !alone)
        return st;
    struct sync_options o = cli_line(c);
    st = cli_password(c, &o.password, err);
    if (st == ST_OK)
        st = sync_start(&o, ret, err);
    cli_forget_password();
    return st;
}

int command_watch(struct cli *c)
{
    struct errmsg err = {{0}};
    struct sync *sync = NULL;
    struct watch_list before = {.rows = NULL};
    struct watcher w = {.c = c};
    catch_signals();
    enum status st = begin(c, &sync, &err);
    if (st == ST_OK)
        st = c->once ? look_and_tell(&w, &before, &err) : look(&w, &before, &err);
    if (st == ST_OK && !c->once)
        st = follow(&w, sync, &before, &err);
    sync_stop(sync);
    watch_release(&before);
    if (st != ST_OK)
        return cli_fail(st, &err);
    if (fflush(stdout) != 0 &&
        !freopen("/dev/null", "w", stdout)) /* who read has gone: no failure */
        return EX_IOERR;
    return EX_OK;
}
