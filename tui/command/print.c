/* print.c: a case for paper. It is recorded on the case before a word of it leaves (domain 13). */
#include "core/base/i18n.h"
#include "core/text/escape.h"
#include "core/text/pages.h"
#include "tui/command/command.h"
#include <string.h>
#include <sysexits.h>

/* The command lies in the outbox when it returns; the next exchange takes it to the centre. */
static enum status disclose(struct cli *c, const struct case_view *v, struct errmsg *err)
{
    static const struct value how = {FIELD_DISCLOSED, "print"};
    struct uuid_source ids = {.clock = &clock_system, .random = &random_system};
    struct command command = {.id = uuid_new(&ids),
                              .case_id = v->shown.id,
                              .base = v->shown.version,
                              .type = COMMAND_DISCLOSE,
                              .at_ms = cli_server_now(c),
                              .values = &how,
                              .n_values = 1};
#if SABOTAGE == 150
    return ST_OK; /* damage for the tests: nobody hears that the case was printed */
#endif
    enum status st = cli_predict(c, &v->shown, &command, err);
    return st == ST_OK ? store_queue(c->store, &command, err) : st;
}

/* Number, when, by whom. */
static const char *head(struct cli *c, const struct case_view *v)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    const char *text = arena_printf(&c->arena, "%s  %s  %s", v->shown.value[FIELD_NUMBER],
                                    cli_time(c, cli_server_now(c)), c->context.actor.user);
    cli_put(&out, text);
    const char *ret = arena_strdup(&c->arena, out.data);
    buf_release(&out);
    return ret;
}

static void lay_out(struct cli *c, const struct case_view *v, bool html, struct buf *out)
{
    struct buf body;
    buf_init(&body, SIZE_MAX / 2);
    case_text(c, v, &body);
    if (html) {
        html_begin(out, head(c, v));
        buf_puts(out, "<pre>");
        escape_markup(out, body.data, "\n");
        buf_puts(out, "</pre>\n");
        html_end(out);
    } else {
        pages_print(out, head(c, v), body.data, PAGES_COLUMNS, PAGES_ROWS);
    }
    if (body.failed != ST_OK)
        out->failed = body.failed;
    buf_release(&body);
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
    lay_out(c, &view, html, &out);
    st = disclose(c, &view, &err);
    if (st == ST_OK)
        st = html ? output_write_utf8(c, &out, &err) : output_write(c, &out, &err);
    buf_release(&out);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
