/* export.c: orders of a period from the server to standard output, piece after piece. */
#include "core/base/i18n.h"
#include "core/sync/ask.h"
#include "tui/command/command.h"
#include "tui/streams.h"
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

static bool write_piece(void *self, const char *data, size_t n)
{
    return fwrite(data, 1, n, self) == n;
}

int command_export(struct cli *c)
{
    static const enum cli_query asked[] = {CLI_MONTH,  CLI_DAY,      CLI_FROM, CLI_TO,
                                           CLI_FORMAT, CLI_OFFICIAL, CLI_BOM};
    struct errmsg err = {{0}};
    struct buf target;
    if (c->n_args > 0) {
        cli_say("%s", _("jiban export takes options only."));
        return EX_USAGE;
    }
    if (!c->query[CLI_MONTH] && !c->query[CLI_DAY] && !c->query[CLI_FROM] && !c->query[CLI_TO]) {
        cli_say("%s", _("Say of which time: --day, --month, or --from and --to."));
        return EX_USAGE;
    }
    if (isatty(STDOUT_FILENO)) { /* text of others, raw: a file takes it, a terminal obeys it */
        cli_say("%s", _("jiban export writes to a file or a pipe, not to a terminal."));
        return EX_USAGE;
    }
    enum status st = cli_folder(c, &err); /* server and user are named */
    if (st != ST_OK)
        return cli_fail(st, &err);
    struct sync_options o = cli_line(c);
    buf_init(&target, 2048);
    buf_puts(&target, "/v1/export");
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        query_add(&target, cli_query_word[asked[i]], c->query[asked[i]]);
    st = buf_status(&target) == ST_OK ? cli_password(c, &o.password, &err)
                                      : fail(&err, ST_TOOBIG, _("The question is too long."));
    if (st == ST_OK)
        st = line_fetch(&o, target.data, write_piece, streams_bytes(), &err);
    cli_forget_password();
    buf_release(&target);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
