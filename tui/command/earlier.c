/* earlier.c: the orders about the same matter, as the server knows them. */
#include "core/base/i18n.h"
#include "core/sync/ask.h"
#include "core/wire/codec.h"
#include "tui/command/command.h"
#include <sysexits.h>

static void print_orders(struct cli *c, const struct earlier *e)
{
    if (e->n == 0)
        puts(_("No earlier order is about the same matter."));
    else
        printf(_("This is order %d of its claimant about the matter.\n"), e->repeat);
    for (size_t i = 0; i < e->n; i++) {
        const struct earlier_order *o = &e->orders[i];
        cli_print(arena_printf(
            &c->arena, "%s  %s  %s  %s  %s  %s", o->number, cli_time(c, o->created_ms), o->category,
            _(state_table[o->state].label), o->own ? _("same claimant") : _("others"), o->title));
        putchar('\n');
    }
}

/* CASE: a number or an id; of a number the cache knows the id. */
static enum status case_id(struct cli *c, struct uuid *ret, struct errmsg *err)
{
    if (uuid_parse(c->args[0], ret))
        return cli_folder(c, err);
    enum status st = cli_open(c, STORE_READ_ONLY, err);
    return st == ST_OK ? store_find(c->store, c->args[0], ret, err) : st;
}

int command_earlier(struct cli *c)
{
    struct errmsg err = {{0}};
    struct uuid id;
    struct buf target, answer;
    struct earlier earlier;
    char text[UUID_TEXT];
    if (c->n_args != 1) {
        cli_say("%s", _("usage: jiban earlier CASE [--json]"));
        return EX_USAGE;
    }
    enum status st = case_id(c, &id, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    struct sync_options o = cli_line(c);
    buf_init(&target, 2048);
    buf_init(&answer, SIZE_MAX / 2);
    uuid_format(&id, text);
    buf_printf(&target, "/v1/cases/%s/earlier", text);
    st = cli_password(c, &o.password, &err);
    if (st == ST_OK)
        st = line_ask(&o, target.data, &answer, &err);
    cli_forget_password();
    if (st == ST_OK)
        st = earlier_decode(answer.data, answer.len, &c->arena, &earlier, &err);
    if (st == ST_OK && c->json)
        cli_print_json(&answer);
    else if (st == ST_OK)
        print_orders(c, &earlier);
    buf_release(&target);
    buf_release(&answer);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
