/* practice.c: an office day on a private server: no network, no live cache is touched. */
#include "tui/command/practice.h"

int command_practice(struct cli *c)
{
    struct errmsg err = {{0}};
    struct practice p;
    struct sync_report r;
    enum status st = practice_begin(c, &p, &err);
    if (st == ST_OK)
        st = cli_open(c, STORE_OWNER, &err);
    if (st == ST_OK)
        st = cli_sync_once(c, &r, &err);
    int code = st == ST_OK ? command_console(c, true) : cli_fail(st, &err);
    cli_close(c);
    practice_end(&p);
    return code;
}
