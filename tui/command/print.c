/* print.c: a case for paper, which is recorded on the case before a word of it leaves (domain 13), and a day. */
#include "core/base/i18n.h"
#include "tui/command/command.h"
#include "tui/day_sheet.h"
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

static enum status write_out(struct cli *c, const struct buf *text, bool html, struct errmsg *err)
{
    return html ? output_write_utf8(c, text, err) : output_write(c, text, err);
}

static enum status print_one(struct cli *c, bool html, struct errmsg *err)
{
    struct uuid id;
    struct case_view view;
    struct buf out;
    enum status st = cli_open(c, STORE_OWNER, err);
    if (st == ST_OK)
        st = store_find(c->store, c->args[0], &id, err);
    if (st == ST_OK)
        st = store_case(c->store, &id, &c->arena, &view, err);
    if (st != ST_OK)
        return st;
    buf_init(&out, SIZE_MAX / 2);
    struct print_out o = cli_print_out(c);
    print_case(&o, &view, html, &out);
    st = disclose(c, &view, err);
    if (st == ST_OK)
        st = write_out(c, &out, html, err);
    buf_release(&out);
    return st;
}

/* "2026-11-24" or "today", by the server's clock. */
static enum status read_day(const struct cli *c, int64_t now_ms, int *ret, struct errmsg *err)
{
    if (strcmp(c->day, "today") == 0)
        *ret = day_of_ms(now_ms, BEIJING_OFFSET_MS);
    else if (!day_parse(c->day, ret))
        return fail(err, ST_INVALID, _("\"%s\" is no day; write 2026-11-24 or today."), c->day);
    return ST_OK;
}

/* Nobody is named in it: nothing is recorded. */
static enum status print_day(struct cli *c, bool html, struct errmsg *err)
{
    struct buf body, out;
    int day = 0;
    enum status st = cli_open(c, STORE_READ_ONLY, err);
    if (st != ST_OK)
        return st;
    struct print_out o = cli_print_out(c);
    buf_init(&body, SIZE_MAX / 2);
    buf_init(&out, SIZE_MAX / 2);
    st = read_day(c, o.now_ms, &day, err);
    if (st == ST_OK)
        st = day_sheet_text(&o, day, &body, err);
    if (st == ST_OK) {
        print_sheet(c->context.actor.user, &body, html, &out);
        st = write_out(c, &out, html, err);
    }
    buf_release(&out);
    buf_release(&body);
    return st;
}

int command_print(struct cli *c)
{
    struct errmsg err = {{0}};
    const char *format = c->query[CLI_FORMAT] ? c->query[CLI_FORMAT] : "text";
    bool html = strcmp(format, "html") == 0;
    if (c->n_args != (c->day ? 0 : 1) || (!html && strcmp(format, "text") != 0)) {
        fprintf(stderr, "%s\n",
                _("usage: jiban print CASE | --day DAY [--format text|html] [--output FILE]"));
        return EX_USAGE;
    }
    enum status st = output_check(c, &err);
    if (st == ST_OK)
        st = c->day ? print_day(c, html, &err) : print_one(c, html, &err);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
