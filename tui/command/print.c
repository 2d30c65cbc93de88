/* print.c: a case or sheets of whistles for paper, which is recorded on the cases before a word of it leaves (domain 13), and
 * a day. */
#include "core/base/i18n.h"
#include "tui/command/command.h"
#include "tui/day_sheet.h"
#include "tui/whistle_sheets.h"
#include <string.h>
#include <sysexits.h>

/* The commands lie in the outbox when it returns; the next exchange takes them to the centre. */
static enum status record(struct cli *c, const struct command *list, size_t n, struct errmsg *err)
{
#if SABOTAGE == 150
    return ST_OK; /* damage for the tests: nobody hears that the case was printed */
#endif
    return store_queue_all(c->store, list, n, err);
}

static enum status disclose(struct cli *c, const struct case_view *v, struct errmsg *err)
{
    struct uuid_source ids = {.clock = &clock_system, .random = &random_system};
    struct print_out o = cli_print_out(c);
    struct command command;
    enum status st = print_disclosure(&o, v, &ids, &command, err);
    return st == ST_OK ? record(c, &command, 1, err) : st;
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

/* --- whistles ------------------------------------------------------------------------------------- */

/* Those that are named; with --view, or when none is, all of the list that have an open whistle. */
static enum status whistled(struct cli *c, const struct print_out *o, struct uuid **ret,
                            size_t *ret_n, struct errmsg *err)
{
    struct query q;
    enum status st = ST_OK;
    if (c->view || c->n_args == 0) {
        st = cli_filter(c, &q, err);
        return st == ST_OK ? whistle_sheets_cases(o, &q, c->limit, ret, ret_n, err) : st;
    }
    struct uuid *id = arena_array(&c->arena, (size_t)c->n_args, sizeof *id);
    if (!id)
        return fail(err, ST_NOMEM, "out of memory");
    for (int i = 0; st == ST_OK && i < c->n_args; i++)
        st = store_find(c->store, c->args[i], &id[i], err);
    if (st == ST_OK) {
        *ret = id;
        *ret_n = (size_t)c->n_args;
    }
    return st;
}

static enum status write_form(struct cli *c, const struct buf *text, enum print_form form,
                              struct errmsg *err)
{
    if (form != PRINT_NDJSON || c->output || buf_status(text) != ST_OK)
        return write_out(c, text, form == PRINT_HTML, err);
    cli_print_json(text);
    return ST_OK;
}

static enum status print_whistles(struct cli *c, enum print_form form, struct errmsg *err)
{
    struct uuid_source ids = {.clock = &clock_system, .random = &random_system};
    struct whistle_sheets sheets = {0};
    struct uuid *cases = NULL;
    size_t n = 0;
    struct buf out;
    enum status st = cli_open(c, STORE_OWNER, err);
    if (st != ST_OK)
        return st;
    struct print_out o = cli_print_out(c);
    o.ascii = !c->output && cli_ascii(); /* in a file it is UTF-8 whatever the terminal is */
    buf_init(&out, SIZE_MAX / 2);
    st = whistled(c, &o, &cases, &n, err);
    if (st == ST_OK)
        st = whistle_sheets_print(&o, cases, n, form, &ids, &out, &sheets, err);
    if (st == ST_OK)
        st = record(c, sheets.disclosures, sheets.n_cases, err);
    if (st == ST_OK)
        st = write_form(c, &out, form, err);
    buf_release(&out);
    return st;
}

/* --- the verb ------------------------------------------------------------------------------------- */

static bool makes_sense(const struct cli *c, enum print_form form)
{
    if (c->whistles)
        return !c->day && form != PRINT_FORMS;
    return c->n_args == (c->day ? 0 : 1) && (form == PRINT_TEXT || form == PRINT_HTML);
}

int command_print(struct cli *c)
{
    struct errmsg err = {{0}};
    enum print_form form = print_form_find(c->query[CLI_FORMAT] ? c->query[CLI_FORMAT] : "text");
    if (!makes_sense(c, form)) {
        fprintf(stderr, "%s\n%s\n",
                _("usage: jiban print CASE | --day DAY [--format text|html] [--output FILE]"),
                _("       jiban print --whistles [CASE... | --view WORD [FILTER]] [--format "
                  "text|csv|ndjson|html] [--output FILE]"));
        return EX_USAGE;
    }
    enum status st = output_check(c, &err);
    if (st == ST_OK)
        st = c->whistles ? print_whistles(c, form, &err)
             : c->day    ? print_day(c, form == PRINT_HTML, &err)
                         : print_one(c, form == PRINT_HTML, &err);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
