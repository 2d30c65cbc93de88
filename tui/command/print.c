/* print.c: a case for paper. It is recorded on the case before a word of it leaves (domain 13). */
#include "core/base/i18n.h"
#include "tui/command/command.h"
#include <string.h>
#include <sysexits.h>

/* The command lies in the outbox when it returns; the next exchange takes it to the centre. */
static enum status disclose(struct cli *c, const struct case_view *v, struct errmsg *err)
{
    struct uuid_source ids = {.clock = &clock_system, .random = &random_system};
    struct print_out o = cli_print_out(c);
    struct command command;
#if SABOTAGE == 150
    return ST_OK; /* damage for the tests: nobody hears that the case was printed */
#endif
    enum status st = print_disclosure(&o, v, &ids, &command, err);
    return st == ST_OK ? store_queue(c->store, &command, err) : st;
}

int command_print(struct cli *c)
{
    struct errmsg err = {{0}};
    struct uuid id;
    struct case_view view;
    struct buf out;
    const char *format = c->query[CLI_FORMAT] ? c->query[CLI_FORMAT] : "text";
    bool html = strcmp(format, "html") == 0;
    if (c->n_args != 1 || (!html && strcmp(format, "text") != 0)) {
        fprintf(stderr, "%s\n", _("usage: jiban print CASE [--format text|html] [--output FILE]"));
        return EX_USAGE;
    }
    enum status st = output_check(c, &err);
    if (st == ST_OK)
        st = cli_open(c, STORE_OWNER, &err);
    if (st == ST_OK)
        st = store_find(c->store, c->args[0], &id, &err);
    if (st == ST_OK)
        st = store_case(c->store, &id, &c->arena, &view, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    buf_init(&out, SIZE_MAX / 2);
    struct print_out o = cli_print_out(c);
    print_case(&o, &view, html, &out);
    st = disclose(c, &view, &err);
    if (st == ST_OK)
        st = html ? output_write_utf8(c, &out, &err) : output_write(c, &out, &err);
    buf_release(&out);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
