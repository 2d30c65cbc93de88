/* drill.c: what happens to a lost terminal, on practice data: revoked, its cache destroyed, its unsent work opened. */
#include "core/base/i18n.h"
#include "tui/command/practice.h"
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

/* By these the two notes are known again, whatever the locale makes of their words. */
#define CONFIRMED "drill-1"
#define HALF "drill-2"

enum { OUTPUT_MOST = 1024 * 1024 };

/* What the person keeps in earnest lies under these folders: nothing here shall touch it. */
static enum status move_out(const struct practice *p, struct errmsg *err)
{
    static const char *const names[] = {"XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME",
                                        "XDG_RUNTIME_DIR"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (setenv(names[i], p->folder, 1) != 0)
            return fail(err, ST_NOMEM, _("Out of memory."));
    return ST_OK;
}

/* One of the office's open cases with a note that is confirmed, and half of another. */
static enum status write_work(struct cli *c, const char **ret_number, struct errmsg *err)
{
    struct uuid_source ids = {.clock = &clock_system, .random = &random_system};
    struct query q = {.view = VIEW_ALL_OPEN, .now_ms = cli_server_now(c)};
    struct value note = {FIELD_NOTE, arena_printf(&c->arena, CONFIRMED " %s",
                                                  _("confirmed before the terminal was lost"))};
    struct value half = {FIELD_NOTE, arena_printf(&c->arena, HALF " %s",
                                                  _("half written when the terminal was lost"))};
    struct case_row *row = NULL;
    size_t n = 0;
    enum status st = store_page(c->store, &q, NULL, false, 1, &c->arena, &row, &n, err);
    if (st == ST_OK && n == 0)
        st = fail(err, ST_NOT_FOUND, _("The practice office has no open case."));
    if (st != ST_OK)
        return st;
    struct command command = {.id = uuid_new(&ids),
                              .case_id = row->id,
                              .base = row->version,
                              .type = COMMAND_NOTE,
                              .at_ms = cli_server_now(c),
                              .values = &note,
                              .n_values = 1};
    struct draft draft = {.case_id = row->id,
                          .type = COMMAND_NOTE,
                          .user = option_text(&c->options, OPT_USER),
                          .values = &half,
                          .n_values = 1};
    *ret_number = row->number;
    st = store_queue(c->store, &command, err);
    return st == ST_OK ? store_draft_put(c->store, &draft, err) : st;
}

/* jiband terminal WORD ID; what it prints is kept in the text. */
static enum status ask_jiband(struct cli *c, const struct practice *p, char *word, char *id,
                              char **ret, struct errmsg *err)
{
    const char *path = arena_printf(&c->arena, "%s/said", p->folder);
    char *db = (char *)(uintptr_t)arena_printf(&c->arena, "sqlite:%s/office.db", p->folder);
    char *argv[] = {(char *)(uintptr_t)p->jiband, "terminal", word, id, "--db", db, NULL};
    size_t n;
    int state = -1, fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    printf("\n$ jiband terminal %s %s\n", word, id);
    fflush(stdout);
    pid_t child = fd < 0 ? -1 : practice_spawn(argv, fd);
    bool ended = child > 0 && waitpid(child, &state, 0) == child;
    if (fd >= 0)
        close(fd);
    enum status st = file_read(path, OUTPUT_MOST, ret, &n, err);
    if (st == ST_OK && n > 0 && (*ret)[n - 1] == '\n')
        (*ret)[n - 1] = '\0';
    if (st == ST_OK)
        cli_print_text(*ret, "  ");
    if (st == ST_OK && (!ended || state != 0))
        st = fail(err, ST_IO, _("jiband failed."));
    return st;
}

static bool check(bool good, const char *what)
{
    printf("%s %s\n", good ? _("[ok]") : _("[FAILED]"), what);
    fflush(stdout);
    return good;
}

static enum status run(struct cli *c, const struct practice *p, bool *ret_good, struct errmsg *err)
{
    struct sync_report r;
    struct errmsg why;
    const char *number = "";
    char *said = NULL, id[TERMINAL_ID + 1], path[PATH_SIZE];
    struct revocation left;
    enum status st = cli_open(c, STORE_OWNER, err);
    if (st == ST_OK)
        st = cli_sync_once(c, &r, err);
    if (st == ST_OK)
        st = write_work(c, &number, err);
    if (st != ST_OK)
        return st;
    store_terminal(c->folder, id);
    printf(_("A practice server, and a terminal with %" PRId64
             " cases. On %s a note is confirmed and not sent, another one is half written.\n"),
           r.records, number);
    st = ask_jiband(c, p, "revoke", id, &said, err);
    free(said);
    said = NULL;
    if (st != ST_OK)
        return st;
    printf("\n$ jiban sync\n");
    fflush(stdout);
    bool good = check(cli_sync_once(c, &r, &why) != ST_OK && c->revoked.terminal[0],
                      _("the terminal hears of it"));
    if (good)
        cli_revoked(c);
    c->revoked.terminal[0] = '\0'; /* it is done */
    good &= check(access(c->folder, F_OK) != 0, _("nothing of the cache is left"));
    good &= check(!store_work_find(c->folder, path, &left), _("the centre has the sealed work"));
    st = ask_jiband(c, p, "work", id, &said, err);
    if (st == ST_OK) {
        good &= check(strstr(said, CONFIRMED) != NULL, _("the note that was not sent is in it"));
        good &= check(strstr(said, HALF) != NULL, _("and what was half written"));
    }
    free(said);
    *ret_good = good;
    return st;
}

int command_drill(struct cli *c)
{
    struct errmsg err = {{0}};
    struct practice p;
    bool good = false;
    enum status st = practice_begin(c, &p, &err);
    if (st == ST_OK)
        st = move_out(&p, &err);
    if (st == ST_OK)
        st = run(c, &p, &good, &err);
    cli_close(c);
    practice_end(&p);
    if (st != ST_OK)
        return cli_fail(st, &err);
    printf("\n%s\n", good ? _("The drill went as it should; your own cases were not touched.")
                          : _("The drill FAILED: tell the administrator."));
    return good ? EX_OK : EX_SOFTWARE;
}
