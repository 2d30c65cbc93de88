#include "core/base/i18n.h"
#include "core/sync/ask.h"
#include "core/wire/codec.h"
#include "tui/command/command.h"
#include <sysexits.h>

static enum status print_answer(struct cli *c, const struct buf *answer, struct errmsg *err)
{
    struct assess_board b;
    struct tally_board t;
    enum status st;
    if (c->query[CLI_BY] && tally_find(c->query[CLI_BY]) != TALLY_KINDS) {
        st = tally_decode(answer->data, answer->len, &c->arena, &t, err);
        if (st == ST_OK)
            cli_print_tally(&t);
        return st;
    }
    st = assess_board_decode(answer->data, answer->len, &c->arena, &b, err);
    if (st == ST_OK)
        cli_print_board(&b);
    return st;
}

int command_assess(struct cli *c)
{
    struct errmsg err = {{0}};
    struct buf target, answer;
    if (c->n_args > 0) {
        cli_say("%s", _("jiban assess takes options only."));
        return EX_USAGE;
    }
    enum status st = cli_folder(c, &err); /* server and user are named */
    if (st != ST_OK)
        return cli_fail(st, &err);
    struct sync_options o = cli_line(c);
    buf_init(&target, 2048);
    buf_init(&answer, SIZE_MAX / 2);
    buf_puts(&target, "/v1/assessment");
    for (size_t i = 0; i <= CLI_SET; i++)
        query_add(&target, cli_query_word[i], c->query[i]);
    st = buf_status(&target) == ST_OK ? cli_password(c, &o.password, &err)
                                      : fail(&err, ST_TOOBIG, _("The question is too long."));
    if (st == ST_OK)
        st = line_ask(&o, target.data, &answer, &err);
    cli_forget_password();
    if (st == ST_OK && (c->json || c->query[CLI_CASES]))
        cli_print_json(&answer);
    else if (st == ST_OK)
        st = print_answer(c, &answer, &err);
    buf_release(&target);
    buf_release(&answer);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
