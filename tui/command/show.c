#include "core/base/i18n.h"
#include "tui/command/command.h"
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

static void print_json(struct cli *c, const struct case_view *v)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    buf_puts(&out, "{\"case\":");
    casefile_encode(&out, &v->shown, true);
    buf_puts(&out, ",\"events\":[");
    for (size_t i = 0; i < v->n_events; i++) {
        /* personal values are masked here too: a reveal is a command of its own */
        struct event e = v->events[i];
        struct value *values = arena_array(&c->arena, e.n_values + 1, sizeof *values);
        for (size_t k = 0; values && k < e.n_values; k++) {
            values[k].field = e.values[k].field;
            values[k].text = field_masked(e.values[k].field, e.values[k].text, &c->arena);
        }
        e.values = values;
        if (i)
            buf_putc(&out, ',');
        event_encode(&out, &e);
    }
    buf_printf(&out, "],\"confirmed\":%zu,\"unsent\":%d}\n", v->n_confirmed, v->unsent);
    cli_print_json(&out);
    buf_release(&out);
}

int command_show(struct cli *c)
{
    struct errmsg err = {{0}};
    struct uuid id;
    struct case_view view;
    if (c->n_args != 1) {
        fprintf(stderr, "%s\n", _("usage: jiban show CASE [--json]"));
        return EX_USAGE;
    }
    enum status st = cli_open(c, STORE_READ_ONLY, &err);
    if (st == ST_OK)
        st = store_find(c->store, c->args[0], &id, &err);
    if (st == ST_OK)
        st = store_case(c->store, &id, &c->arena, &view, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    if (c->json) {
        print_json(c, &view);
        return EX_OK;
    }
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    struct print_out o = cli_print_out(c);
    case_text(&o, &view, &out);
    fwrite(out.data, 1, out.len, stdout);
    buf_release(&out);
    return EX_OK;
}
