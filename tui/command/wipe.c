/* wipe.c: what this machine keeps of the cases of one server and user goes, for good. */
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/store/files.h"
#include "core/store/papers.h"
#include "tui/command/command.h"
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* The word that is typed where unsent work goes too; never translated, so that a handbook can name it. */
static const char word[] = "wipe";

/* Papers that the centre does not have as they are here. */
static enum status unsent_papers(struct cli *c, size_t *ret_n, struct errmsg *err)
{
    struct kept_paper *all;
    size_t n;
    enum status st = store_papers(c->store, PAPER_COUNT, &c->arena, &all, &n, err);
    *ret_n = 0;
    for (size_t i = 0; st == ST_OK && i < n; i++)
        if (all[i].dirty) {
            cli_say(_("not sent: %s  %s"), all[i].paper.name,
                    _(paper_table[all[i].paper.kind].label));
            ++*ret_n;
        }
    return st;
}

/* What only this machine has: confirmed and not sent, refused and not answered, half written. */
static enum status unsent(struct cli *c, size_t *ret_n, struct errmsg *err)
{
    struct outbox_row *outbox = NULL;
    struct conflict_row *conflicts = NULL;
    struct draft *drafts = NULL;
    size_t n_outbox = 0, n_conflicts = 0, n_drafts = 0, n_papers = 0;
    enum status st = store_outbox(c->store, SIZE_MAX / 2, &c->arena, &outbox, &n_outbox, err);
    if (st == ST_OK)
        st = store_conflicts(c->store, &c->arena, &conflicts, &n_conflicts, err);
    if (st == ST_OK)
        st = store_drafts(c->store, &c->arena, &drafts, &n_drafts, err);
    if (st == ST_OK)
        st = unsent_papers(c, &n_papers, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < n_outbox; i++)
        cli_say(_("not sent: %s  %s"), cli_number(c, &outbox[i].command.case_id),
                _(command_table[outbox[i].command.type].label));
    for (size_t i = 0; i < n_conflicts; i++)
        cli_say(_("refused: %s  %s"), cli_number(c, &conflicts[i].command.case_id),
                _(command_table[conflicts[i].command.type].label));
    for (size_t i = 0; i < n_drafts; i++)
        cli_say(_("draft: %s  %s"), cli_number(c, &drafts[i].case_id),
                _(command_table[drafts[i].type].label));
    *ret_n = n_outbox + n_conflicts + n_drafts + n_papers;
    return ST_OK;
}

static bool word_is_typed(void)
{
    char line[64] = "";
    fprintf(stderr, _("Type the word %s to delete all of it for good: "), word);
    fflush(stderr);
    if (!fgets(line, sizeof line, stdin))
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    return strcmp(line, word) == 0;
}

/* ST_OK: it may go. c->store is open then, or stays NULL where the cache cannot be opened. */
static enum status may_wipe(struct cli *c, struct errmsg *err)
{
    size_t n = 0;
    if (access(c->folder, F_OK) != 0)
        return ST_OK; /* at most the rest of an earlier wipe */
    enum status st = cli_unlock(c, err);
    if (st == ST_OK)
        st = store_open(c->folder, STORE_OWNER, &clock_system, &c->store, err);
    if (st == ST_CONFLICT)
        return st;
    if (st == ST_OK)
        st = unsent(c, &n, err);
#if SABOTAGE == 162
    n = 0; /* Damage: unsent work is wiped without a word. */
#endif
    if (st == ST_OK && n == 0)
        return ST_OK;
    if (st != ST_OK)
        cli_say(_("%s What was not sent may stand in it."), err->text);
    if (!c->force)
        return fail(err, st == ST_OK ? ST_REFUSED : st,
                    _("Nothing was wiped. Send it with jiban sync, answer it in the console, or "
                      "give --force."));
    return word_is_typed() ? ST_OK
                           : fail(err, ST_REFUSED, _("The word was not typed. Nothing was wiped."));
}

/* The log is that of all caches of this account; it names no person and no case, and goes all the same. */
static enum status wipe_log(struct erased *total, struct errmsg *err)
{
    static const char *const names[] = {"jiban.log", "jiban.log.1"};
    char path[PATH_SIZE];
    enum status st = ST_OK;
    log_close();
    for (size_t i = 0; st == ST_OK && i < sizeof names / sizeof *names; i++) {
        st = path_user(PATH_STATE, names[i], path, err);
        if (st == ST_OK)
            st = file_erase(path, total, err);
    }
    return st;
}

/* Files of cases that were laid out for other programs. */
static enum status wipe_laid_out(struct erased *total, struct errmsg *err)
{
    char path[PATH_SIZE];
    enum status st = path_user(PATH_RUNTIME, "files", path, err);
    return st == ST_OK ? folder_erase(path, total, err) : st;
}

enum status wipe_rest(struct erased *total, struct errmsg *err)
{
    enum status st = wipe_log(total, err);
    return st == ST_OK ? wipe_laid_out(total, err) : st;
}

int command_wipe(struct cli *c)
{
    struct errmsg err = {{0}};
    struct erased total = {0};
    if (c->n_args > 0) {
        cli_say(_("jiban wipe takes no arguments."));
        return EX_USAGE;
    }
    if (c->drill)
        return command_drill(c);
    enum status st = cli_folder(c, &err);
    if (st == ST_OK)
        st = may_wipe(c, &err);
    if (st == ST_OK) {
        struct store *s = c->store;
        c->store = NULL;
        st = store_wipe(c->folder, s, &total, &err);
    }
    if (st == ST_OK)
        st = wipe_rest(&total, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    if (c->json)
        printf("{\"files\":%" PRId64 ",\"bytes\":%" PRId64 "}\n", total.files, total.bytes);
    else
        printf(_("Wiped: %" PRId64 " files, %" PRId64 " bytes.\n"), total.files, total.bytes);
    return EX_OK;
}
