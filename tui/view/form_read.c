/* form_read.c: a form as one question after the other. */
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/reading.h"
#include "tui/view/form.h"
#include <string.h>

static const char *choices(const struct form_field *field, struct arena *a)
{
    const char *text = "";
    for (int i = 0; i < field->n_choices; i++)
        text = arena_printf(a, "%s%s%d %s", text, i ? ", " : "", i + 1,
                            choice_label(field->field, field->choices[i].word));
    return arena_printf(
        a, _("%s. Chosen: %s. Space: next"), text,
        field->chosen < 0 ? "-" : choice_label(field->field, field->choices[field->chosen].word));
}

static const char *question(const struct form_field *field, struct arena *a)
{
    const char *label = _(field_table[field->field].label);
    label = arena_printf(a, "%s%s%s%s", label, field->required ? " *" : "",
                         *field->error ? ". !! " : "", field->error);
    if (field->kind == FORM_CHOICE)
        return arena_printf(a, "%s: %s", label, choices(field, a));
    return *field->name ? arena_printf(a, "%s (%s):", label, field->name)
                        : arena_printf(a, "%s:", label);
}

void form_reading(void *self, struct console *c, struct reading *out)
{
    const struct form *f = self;
    struct arena *a = &c->scratch;
    const struct form_field *field = &f->field[f->current];
    const char *number = draw_number(a, f->subject.value[FIELD_NUMBER]);
    out->head = arena_printf(a, "%s %s", _(command_table[f->type].label),
                             f->marked ? arena_printf(a, _("%zu marked"), f->marked) : number);
    out->place =
        reading_mix(reading_mix(2, &f->type, sizeof f->type), &f->case_id, sizeof f->case_id);
    out->line = question(field, a);
    out->typed = field->kind == FORM_CHOICE ? NULL : &field->editor;
    out->at = reading_mix(reading_mix(3, &f->current, sizeof f->current), field->error,
                          strlen(field->error));
    out->at = reading_mix(out->at, field->name, strlen(field->name));
}
