/* conflicts_model.c: conflicts out of the store, and their answers. */
#include "tui/view/conflicts.h"
#include "core/base/i18n.h"
#include <string.h>

void conflicts_init(struct conflicts *v)
{
    memset(v, 0, sizeof *v);
    arena_init(&v->arena, 0);
    case_init(&v->page);
}

void conflicts_release(struct conflicts *v)
{
    case_release(&v->page);
    arena_release(&v->arena);
}

enum status conflicts_load(struct conflicts *v, struct console *c, struct errmsg *err)
{
    struct conflict_row *found;
    size_t n;
    struct uuid id = {{0}};
    if (v->current < v->n)
        id = v->rows[v->current].command.id;
    v->n = 0;
    arena_reset(&v->arena);
    enum status st = store_conflicts(c->config->store, &v->arena, &found, &n, err);
    struct conflict *rows = st == ST_OK ? arena_array(&v->arena, n + 1, sizeof *rows) : NULL;
    if (st != ST_OK)
        return st;
    if (!rows)
        return fail(err, ST_NOMEM, _("Out of memory. Nothing was changed."));
    for (size_t i = 0; i < n; i++) {
        struct case_view one;
        rows[i] = (struct conflict){.command = found[i].command,
                                    .reason = found[i].problem.detail,
                                    .number = "",
                                    .at_ms = found[i].at_ms};
        if (store_case(c->config->store, &found[i].command.case_id, &v->arena, &one, NULL) == ST_OK)
            rows[i].number = one.cached.value[FIELD_NUMBER];
        if (uuid_compare(&found[i].command.id, &id) == 0)
            v->current = i;
    }
    v->rows = rows;
    v->n = n;
    if (v->current >= n)
        v->current = n ? n - 1 : 0;
    v->page.have = false;
    if (n > 0) /* a case that left the sight is not there; its conflict stays */
        (void)case_read(&v->page, c, &rows[v->current].command.case_id, NULL);
    return ST_OK;
}

enum status conflicts_answer(struct console *c, const struct uuid *id, enum action action,
                             struct errmsg *err)
{
    static const struct {
        enum action action;
        enum conflict_answer answer;
        const char *said;
    } answers[] = {
        {ACTION_RESEND, CONFLICT_RESEND, N_("Kept: it is sent again on the new state.")},
        {ACTION_TO_NOTE, CONFLICT_TO_NOTE, N_("Kept: it goes out as a note on the case.")},
        {ACTION_TO_DRAFT, CONFLICT_TO_DRAFT, N_("Kept as a draft of the case.")},
        {ACTION_DROP, CONFLICT_DISMISS, N_("Dropped.")},
    };
    struct uuid fresh = uuid_new(&c->ids);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        if (answers[i].action != action)
            continue;
        enum status st =
            store_conflict_answer(c->config->store, id, answers[i].answer, &fresh, err);
        if (st == ST_OK) {
            console_say(c, THEME_MESSAGE, "%s", _(answers[i].said));
            if (c->sync)
                sync_poke(c->sync);
        }
        return st;
    }
    return fail(err, ST_INVALID, "no such answer");
}
