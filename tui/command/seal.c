/* seal.c: the cache is sealed with the person's password, or put back into the clear. */
#include "core/base/i18n.h"
#include "core/store/seal.h"
#include "core/store/secret.h"
#include "tui/command/command.h"
#include <sysexits.h>

/* The password must be the one that the server took at the last log-in here: a slip of the finger would seal for ever. */
static enum status known_password(struct cli *c, const char **ret, struct errmsg *err)
{
    enum status st = cli_open(c, STORE_OWNER, err);
    if (st != ST_OK)
        return st;
    if (!store_secret_known(c->store))
        st = fail(err, ST_REFUSED,
                  _("Nobody has logged in here yet. Log in once in the console, then seal."));
    if (st == ST_OK)
        st = cli_password(c, ret, err);
    if (st == ST_OK && !store_secret_is(c->store, *ret))
        st = fail(err, ST_DENIED,
                  _("That is not the password of the last log-in on this machine. Nothing was "
                    "changed."));
    cli_close(c);
    return st;
}

static int finish(struct cli *c, enum status st, struct errmsg *err, const char *said)
{
    cli_forget_password();
    store_lock(c->folder);
    if (st != ST_OK)
        return cli_fail(st, err);
    cli_say("%s", said);
    return EX_OK;
}

int command_seal(struct cli *c)
{
    struct errmsg err = {{0}};
    const char *password = "";
    if (c->n_args > 0) {
        cli_say(_("jiban seal takes no arguments."));
        return EX_USAGE;
    }
    enum status st = cli_folder(c, &err);
    if (st == ST_OK && store_sealed(c->folder))
        st = fail(&err, ST_EXISTS, _("The cache is sealed already."));
    if (st == ST_OK)
        st = known_password(c, &password, &err);
    if (st == ST_OK)
        st = store_seal(c->folder, password, &clock_system, &err);
    return finish(c, st, &err,
                  _("The cache is sealed. From now on jiban asks for your password before it opens "
                    "it; without it only the server has your cases."));
}

int command_unseal(struct cli *c)
{
    struct errmsg err = {{0}};
    if (c->n_args > 0) {
        cli_say(_("jiban unseal takes no arguments."));
        return EX_USAGE;
    }
    enum status st = cli_folder(c, &err);
    if (st == ST_OK)
        st = cli_unlock(c, &err);
    if (st == ST_OK)
        st = store_unseal(c->folder, &clock_system, &err);
    return finish(c, st, &err,
                  _("The cache is in the clear again: who reads this disk reads your cases."));
}
