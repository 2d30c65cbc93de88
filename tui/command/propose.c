/* propose.c: what the catalogue says to a matter, from the cache. */
#include "core/base/i18n.h"
#include "core/wire/codec.h"
#include "tui/command/command.h"
#include <sysexits.h>

static void print_answer(struct cli *c, const struct intake_answer *answer)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    intake_print(&out, answer, &c->context.reference, i18n_chinese(), c->json);
    if (c->json) {
        cli_print_json(&out);
    } else {
        /* it puts the last line break itself */
        cli_print_text(arena_strndup(&c->arena, out.data, out.len ? out.len - 1 : 0), "");
    }
    buf_release(&out);
}

int command_propose(struct cli *c)
{
    struct errmsg err = {{0}};
    struct matter matter;
    struct intake_answer answer;
    const struct matter_words words = {.category = c->category,
                                       .street = c->street,
                                       .point = c->point,
                                       .owner = c->owner,
                                       .day = c->day};
    if (c->n_args > 0) {
        cli_say(_("propose takes options only, not \"%s\""), c->args[0]);
        return EX_USAGE;
    }
    if (matter_read(&words, day_of_ms(clock_wall(&clock_system), BEIJING_OFFSET_MS), &matter,
                    &err) != ST_OK) {
        cli_say("%s", err.text);
        return EX_USAGE;
    }
    enum status st = cli_open(c, STORE_READ_ONLY, &err);
    const struct context *context = &c->context;
    if (st == ST_OK && !context->have_reference)
        st = fail(&err, ST_NOT_FOUND, _("Units and categories are not here yet; run jiban sync."));
    if (st == ST_OK)
        st = intake_propose(context_catalogue(context), &context->reference, &matter,
                            i18n_chinese(), &c->arena, &answer, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    print_answer(c, &answer);
    return EX_OK;
}
