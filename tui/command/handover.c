#include "core/base/i18n.h"
#include "core/text/pages.h"
#include "tui/command/command.h"
#include "tui/handover.h"
#include <sysexits.h>

int command_handover(struct cli *c)
{
    struct errmsg err = {{0}};
    struct buf body, out;
    if (c->n_args > 0) {
        fprintf(stderr, "%s\n", _("usage: jiban handover [--output FILE]"));
        return EX_USAGE;
    }
    enum status st = output_check(c, &err);
    if (st == ST_OK)
        st = cli_open(c, STORE_READ_ONLY, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    buf_init(&body, SIZE_MAX / 2);
    buf_init(&out, SIZE_MAX / 2);
    st = handover_text(c->store, &c->context, cli_server_now(c), cli_ascii(), &c->arena, &body,
                       &err);
    if (st == ST_OK && buf_status(&body) != ST_OK)
        st = fail(&err, buf_status(&body), "out of memory");
    if (st == ST_OK) {
        pages_print(&out, c->context.actor.user, body.data, PAGES_COLUMNS, PAGES_ROWS);
        st = output_write(c, &out, &err);
    }
    buf_release(&out);
    buf_release(&body);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
