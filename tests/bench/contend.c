/*
 * contend.c: what a person at the keyboard feels while a full sync runs in the other thread.
 *
 * usage: contend FOLDER URL USER PASSWORD_FILE on|off
 *        Makes a cache in FOLDER, starts the sync thread as the console does, and meanwhile saves a draft, confirms
 *        a command and reads a page every few milliseconds, as fast typing would. on|off: full-text index.
 *        Prints lines "NAME MILLISECONDS": start (sync_start returns), lock (wait for the write lock), draft and
 *        command (saved: with the commit), page (24 rows read).
 *        contend index FOLDER on|off   turns the index of a cache on or off
 */
#include "core/base/paths.h"
#include "core/sync/sync.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PAUSE_US = 2000, LONGEST_S = 100 };

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(enum status st, const struct errmsg *err)
{
    if (st != ST_OK) {
        fprintf(stderr, "contend: %s\n", err->text);
        exit(1);
    }
}

static struct uuid some_id(void)
{
    struct uuid u;
    random_fill(&random_system, u.byte, sizeof u.byte);
    return u;
}

static void save_draft(struct store *s, struct errmsg *err)
{
    static struct uuid id;
    struct value v = {FIELD_NOTE, "Half a sentence about the lamp in the yard, typed just now"};
    struct draft d = {
        .case_id = id, .type = COMMAND_NOTE, .user = "bench", .values = &v, .n_values = 1};
    double from = now_ms();
    must(store_draft_put(s, &d, err), err);
    printf("draft %.3f\n", now_ms() - from);
}

static void confirm(struct store *s, struct errmsg *err)
{
    struct value v = {FIELD_NOTE, "The caretaker was told; he comes on Monday"};
    struct command c = {.id = some_id(),
                        .case_id = some_id(),
                        .base = 1,
                        .type = COMMAND_NOTE,
                        .at_ms = clock_wall(&clock_system),
                        .values = &v,
                        .n_values = 1};
    double from = now_ms();
    must(store_queue(s, &c, err), err);
    printf("command %.3f\n", now_ms() - from);
}

/* The wait for the write lock alone, without a commit of its own. */
static void take_lock(struct store *s, struct errmsg *err)
{
    double from = now_ms();
    must(store_changes_begin(s, err), err);
    printf("lock %.3f\n", now_ms() - from);
    store_changes_rollback(s);
}

static void read_page(struct store *s, struct errmsg *err)
{
    struct arena a;
    struct case_row *rows;
    size_t n;
    struct query q = {.view = VIEW_ALL_OPEN, .now_ms = clock_wall(&clock_system)};
    arena_init(&a, 0);
    double from = now_ms();
    must(store_page(s, &q, NULL, false, 24, &a, &rows, &n, err), err);
    printf("page %.3f\n", now_ms() - from);
    arena_release(&a);
}

static bool drained(struct sync *sync)
{
    char bytes[256];
    ssize_t n;
    bool done = false;
    while ((n = read(sync_fd(sync), bytes, sizeof bytes)) > 0)
        done |= memchr(bytes, HINT_DONE, (size_t)n) != NULL;
    return done;
}

int main(int argc, char **argv)
{
    struct errmsg err = {{0}};
    struct store *s = NULL;
    struct sync *sync = NULL;
    struct sync_report report;
    char *password = NULL;
    size_t n;
    if (argc != 5) {
        fprintf(stderr, "usage: contend FOLDER URL USER PASSWORD_FILE\n");
        return 64;
    }
    must(file_read(argv[4], 1024, &password, &n, &err), &err);
    password[strcspn(password, "\n")] = '\0';
    must(store_open(argv[1], STORE_OWNER, &clock_system, &s, &err), &err);
    struct sync_options o = {.folder = argv[1],
                             .url = argv[2],
                             .user = argv[3],
                             .device = "bench",
                             .ca_file = "",
                             .password = password,
                             .once = true,
                             .batch = 250,
                             .body_limit = 64u << 20,
                             .clock = &clock_system,
                             .random = &random_system};
    double from = now_ms();
    must(sync_start(&o, &sync, &err), &err);
    printf("start %.3f\n", now_ms() - from);
    for (int i = 0; !drained(sync) && now_ms() - from < LONGEST_S * 1e3; i++) {
        switch (i % 8) {
        case 0:
            confirm(s, &err);
            break;
        case 4:
            save_draft(s, &err);
            break;
        case 2:
        case 6:
            take_lock(s, &err);
            break;
        default:
            read_page(s, &err);
            break;
        }
        usleep(PAUSE_US);
    }
    sync_report(sync, &report);
    sync_stop(sync);
    store_close(s);
    free(password);
    fprintf(stderr, "%lld records in %.1f s %s\n", (long long)report.records,
            (now_ms() - from) / 1e3, report.error);
    return report.cycles > 0 ? 0 : 1;
}
