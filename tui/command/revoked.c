/*
 * revoked.c: this terminal was revoked at the server: what was not sent is sealed, the cache destroyed, the work handed in.
 *
 * In this order, each step on the disk before the next: the sealed file, the end of the cache, the centre's receipt, the end
 * of the sealed file. Cut off anywhere, the work stands in the cache or in the sealed file, and the next run goes on.
 */
#include "core/base/i18n.h"
#include "core/store/files.h"
#include "core/sync/ask.h"
#include "tui/command/command.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef JIBAN_TEST_HOOKS
#include <signal.h>
#endif

enum { FILE_MOST = 64 * 1024 * 1024 };

/* A test kills here: JIBAN_TEST_KILL_AT names the step. */
static void reached(const char *step)
{
#ifdef JIBAN_TEST_HOOKS
    const char *wanted = getenv("JIBAN_TEST_KILL_AT");
    if (wanted && strcmp(wanted, step) == 0)
        raise(SIGKILL);
#else
    (void)step;
#endif
}

static enum status seal_work(struct cli *c, size_t *ret_n, size_t *ret_large, struct errmsg *err)
{
    struct buf text;
    buf_init(&text, FILE_MOST);
    enum status st = store_work(c->store, option_text(&c->options, OPT_USER), c->device, &text,
                                ret_n, ret_large, err);
    reached("collected");
#if SABOTAGE != 202 /* Damage: the cache goes before its work is on the disk. */
    if (st == ST_OK)
        st = store_work_keep(c->folder, &c->revoked, &text, err);
#endif
    if (text.len)
        explicit_bzero(text.data, text.len);
    buf_release(&text);
    reached("sealed");
    return st;
}

/* c->store is that of the cache, or NULL where it need not be opened. */
static enum status destroy(struct cli *c, struct errmsg *err)
{
    struct erased total = {0};
    struct store *s = c->store;
    c->store = NULL;
#if SABOTAGE == 203
    store_close(s); /* Damage: it is only said. */
    return ST_OK;
#endif
    enum status st = store_wipe(c->folder, s, &total, err);
    if (st == ST_OK || st == ST_NOT_FOUND)
        st = wipe_rest(&total, err);
    reached("destroyed");
    return st;
}

/* The file at path goes when the centre has it. */
static enum status hand_in(struct cli *c, const char *path, const struct revocation *r,
                           struct errmsg *err)
{
    char *file = NULL;
    size_t n = 0;
    struct sync_options o = cli_line(c);
    enum status st = file_read(path, FILE_MOST, &file, &n, err);
    if (st == ST_OK)
        st = line_hand_in(&o, r, file, n, err);
    free(file);
    reached("handed-in");
    if (st == ST_OK && unlink(path) != 0)
        st = fail(err, ST_IO, _("Cannot remove %s."), path);
    if (st == ST_OK)
        path_sync_parent(path);
    return st;
}

static void say_handed_in(enum status st, const struct errmsg *err, const char *path,
                          const struct revocation *r)
{
    if (st == ST_OK)
        cli_say(_("The centre has the sealed work of terminal %s; nobody else can open it."),
                r->terminal);
    else
        cli_say(
            _("The sealed work could not be handed in (%s). It lies in %s, which only the centre "
              "can open; the next jiban sync tries again, or give that file to the "
              "administrator."),
            err->text, path);
}

int cli_revoked(struct cli *c)
{
    struct errmsg err = {{0}};
    struct revocation r;
    size_t n = 0, large = 0;
    char path[PATH_SIZE];
    cli_close(c);
    enum status st = cli_unlock(c, &err);
    if (st == ST_OK)
        st = store_open(c->folder, STORE_OWNER, &clock_system, &c->store, &err);
    if (st == ST_OK)
        st = seal_work(c, &n, &large, &err);
    if (st != ST_OK) {
        cli_say(_("%s What was not sent could not be sealed, so nothing was destroyed. Give the "
                  "machine to the administrator."),
                err.text);
        return status_exit(ST_DENIED);
    }
    st = destroy(c, &err);
    if (st != ST_OK) {
        cli_fail(st, &err);
        return status_exit(ST_DENIED);
    }
    cli_say(_("The cases that it kept are destroyed."));
    if (n > 0)
        cli_say(
            ngettext("%zu thing was not sent yet (a command, a refusal, a draft or a paper); it "
                     "was sealed for the centre before.",
                     "%zu things were not sent yet (commands, refusals, drafts, papers); they "
                     "were sealed for the centre before.",
                     (unsigned long)n),
            n);
    if (large > 0)
        cli_say(ngettext("%zu attached file was too large to be kept and is gone.",
                         "%zu attached files were too large to be kept and are gone.",
                         (unsigned long)large),
                large);
    if (store_work_find(c->folder, path, &r)) {
        st = hand_in(c, path, &r, &err);
        say_handed_in(st, &err, path, &r);
    }
    cli_say(_("Nobody works with this cache any more. Whoever may work here logs in anew with "
              "jiban; ask the administrator."));
    return status_exit(ST_DENIED);
}

/* What a wipe that was cut off left behind. */
static enum status finish_wipe(struct cli *c, struct errmsg *err)
{
    struct erased total = {0};
    char gone[PATH_SIZE];
    if (snprintf(gone, sizeof gone, "%.4000s.wiped", c->folder) >= (int)sizeof gone ||
        access(gone, F_OK) != 0)
        return ST_OK;
    return folder_erase(gone, &total, err);
}

enum status cli_revoked_before(struct cli *c, bool line, struct errmsg *err)
{
    struct revocation r;
    struct errmsg why = {{0}};
    char path[PATH_SIZE];
    bool destroyed = false;
    enum status st = finish_wipe(c, err);
    while (st == ST_OK && store_work_find(c->folder, path, &r)) {
        store_terminal(c->folder, c->terminal);
        if (strcmp(c->terminal, r.terminal) == 0) {
            st = destroy(c, err);
            destroyed = true;
        }
        if (st != ST_OK || !line)
            break;
        enum status handed = hand_in(c, path, &r, &why);
        say_handed_in(handed, &why, path, &r);
        if (handed != ST_OK)
            break;
    }
    if (st == ST_OK && destroyed)
        st = fail(err, ST_DENIED,
                  _("This terminal was revoked at the server. The cases that it kept are destroyed "
                    "now; what was not sent was sealed for the centre before. Whoever may work "
                    "here starts jiban again and logs in."));
    return st;
}
