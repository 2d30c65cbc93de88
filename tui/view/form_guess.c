/*
 * form_guess.c: beside an empty category, what earlier cases with such words were of, with how sure that is and why.
 * A key of the person marks one and another takes it; nothing is filled in by itself.
 */
#include "core/base/i18n.h"
#include "core/store/guess.h"
#include "tui/view/form.h"
#include <string.h>

/* The category of an order that is taken down, or the new one of a correction. */
static bool is_asked(struct form *f)
{
    const struct form_field *field = &f->field[f->current];
    if (*form_text_of(field))
        return false;
    return field_table[field->field].type == FIELD_TYPE_CATEGORY ||
           (field->field == FIELD_NEW_VALUE &&
            strcmp(form_value(f, FIELD_FIELD_NAME), field_table[FIELD_CATEGORY].word) == 0);
}

bool form_guesses(struct form *f)
{
    return f->picker.guessed && picker_open(&f->picker);
}

void form_go_guess(struct form *f)
{
    if (is_asked(f))
        f->hints.due_mono_ms = 1; /* at once */
}

void form_guess(struct form *f, struct console *c)
{
    struct category_guess guess[GUESS_MOST];
    const struct reference *r = console_reference(c);
    size_t n = 0;
    if (!r || !is_asked(f))
        return;
    const char *text = arena_printf(&c->scratch, "%s\n%s", form_value(f, FIELD_TITLE),
                                    form_value(f, FIELD_CONTENT));
    if (store_guess_category(c->config->store, text, &f->hints.arena, guess, &n, NULL) != ST_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        const struct category *k = reference_category(r, guess[i].code);
        const char *why = *guess[i].why
                              ? arena_printf(&f->hints.arena, _("%d %%, cases: %d, by %s"),
                                             guess[i].percent, guess[i].cases, guess[i].why)
                              : arena_printf(&f->hints.arena, _("%d %%, cases: %d"),
                                             guess[i].percent, guess[i].cases);
        if (k) /* one of an older catalogue is none any more */
            f->picker.found[f->picker.n++] =
                (struct picker_item){k->code, k->level2, k->level2_en, why, why};
    }
    f->picker.all = f->picker.n;
    f->picker.at = -1;
    f->picker.guessed = true;
}
