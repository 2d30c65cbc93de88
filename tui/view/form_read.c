/* form_read.c: a form as one question after the other. */
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/reading.h"
#include "tui/view/form.h"
#include <string.h>

/* --- the field ---------------------------------------------------------------------------------- */

/* Numbered: the digit chooses. */
static const char *choices(const struct form_field *field, struct arena *a)
{
    const char *text = "";
    for (int i = 0; i < field->n_choices; i++)
        text = arena_printf(a, "%s%s%d %s", text, i ? ", " : "", i + 1,
                            choice_label(field->field, field->choices[i].word));
    return arena_printf(a, "(%s): %s", text,
                        field->chosen < 0
                            ? _("nothing chosen")
                            : choice_label(field->field, field->choices[field->chosen].word));
}

/* said: the message, which need not be said twice. */
static const char *question(const struct form_field *field, const char *said, struct arena *a)
{
    const char *label = arena_printf(a, "%s%s", _(field_table[field->field].label),
                                     field->required ? _(" (needed)") : "");
    if (*field->error && strcmp(field->error, said) != 0)
        label = arena_printf(a, "!! %s %s", field->error, label);
    return field->kind == FORM_CHOICE ? arena_printf(a, "%s %s", label, choices(field, a))
                                      : arena_printf(a, "%s:", label);
}

/* --- what stands beside it ---------------------------------------------------------------------- */

static const char *picked(const struct form *f, struct arena *a)
{
    const struct picker *l = &f->picker;
    const struct picker_item *item = picker_marked(l);
    bool choice = f->field[f->current].kind == FORM_CHOICE;
    const char *head =
        arena_printf(a, _("%zu found: Up and Down mark, Enter or Tab takes"), l->all);
    if (!item)
        return head;
    const char *name = !i18n_chinese() && *item->name_en ? item->name_en : item->name;
    const char *group = i18n_chinese() ? item->group : item->group_en;
    const char *one = arena_printf(a, "%d. %s%s%s%s%s", l->at + 1, choice ? "" : item->code,
                                   choice ? "" : " ", name, *group ? ", " : "", group);
    return reading_join(a, one, head);
}

static const char *proposals(const struct form_hints *h, struct arena *a)
{
    const char *text = _("Proposals: ^G takes the marked one, ^N marks the next");
    const struct form_proposal *one = &h->proposal[h->marked];
    const char *head = arena_printf(a, "%d / %d: %s%s", h->marked + 1, h->n_proposals,
                                    one->taken ? _("taken: ") : "", one->head);
    return reading_join(a, text, reading_join(a, head, one->reason));
}

static const char *earlier(const struct form_hints *h, struct arena *a)
{
    const char *text = _("Earlier orders: ^O links one, ^Y tells its progress instead");
    for (int i = 0; i < h->n_earlier; i++)
        text = reading_join(
            a, text,
            arena_printf(a, "%s%s", h->earlier[i].same_matter ? "! " : "", h->earlier[i].what));
    return text;
}

/* What the checklist of the policy demands and the reply has not. */
static const char *missing(const struct form *f, struct arena *a)
{
    const char *text = "";
    if (!f->policy)
        return "";
    if (!f->length_ok)
        text = arena_printf(a, _("%zu of %d to %d characters"), f->reply_characters,
                            f->policy->reply_min, f->policy->reply_max);
    for (int i = 0; i < f->policy->n_checks && i < POLICY_CHECKLIST_MAX; i++) {
        const struct check_item *item = &f->policy->check[i];
        bool judged = item->on && (item->required || item->forbid || item->n_hints);
        if (judged && item->required && !f->met[i])
            text = reading_join(a, text, i18n_chinese() ? item->zh : item->en);
    }
    return *text ? arena_printf(a, _("Missing in the reply: %s"), text)
                 : _("The reply is complete");
}

/* Each that must not be told, what sending waits for first, then words to think over; "": none was found. */
static const char *leaks(const struct form *f, struct arena *a)
{
    const char *text = "";
    for (int holds = 1; holds >= 0; holds--)
        for (size_t i = 0; i < f->leaks.n; i++)
            if (leak_table[f->leaks.found[i].leak.kind].holds == (holds == 1))
                text = reading_join(a, text, form_leak_text(f, &f->leaks.found[i], a));
    for (size_t i = 0; i < f->leaks.n_words; i++)
        text = reading_join(a, text, form_word_text(f, &f->leaks.word[i], a));
    return *text ? reading_join(a, _("Look at what it tells:"), text) : "";
}

/* While one writes a text nothing is said beside it but what must not stand there: what it lacks is told when one goes on. */
static const char *note(const struct form *f, struct arena *a)
{
    const struct form_field *field = &f->field[f->current];
    const char *text = "";
    if (f->picker.n > 0)
        return picked(f, a);
    if (*field->name)
        return field->name;
    const char *told = leaks(f, a);
    if (field->kind == FORM_TEXT)
        return *told ? told : NULL;
    if (f->hints.n_earlier > 0)
        text = reading_join(a, text, earlier(&f->hints, a));
    if (f->hints.n_proposals > 0)
        text = reading_join(a, text, proposals(&f->hints, a));
    for (int i = 0; i < f->n; i++)
        if (f->field[i].field == FIELD_REPLY)
            text = reading_join(a, text, missing(f, a));
    return reading_join(a, text, told);
}

/* --- what lies over it ---------------------------------------------------------------------------- */

static void read_templates(struct form_templates *t, struct arena *a, struct reading *out)
{
    const struct picker_item *item = picker_marked(&t->picker);
    out->head =
        arena_printf(a, _("Templates (%zu): type a part of the name; Enter takes it"), t->n);
    out->place = out->at = 16;
    out->line = _("Template:");
    out->typed = &t->typed;
    out->note = _("No template has that in its name.");
    if (!item)
        return;
    const char *head = reading_text(a, t->head ? t->head : "");
    const char *text = reading_text(a, t->text ? t->text : t->wrong ? t->wrong : "");
    out->note = reading_join(a,
                             arena_printf(a, "%d / %zu: %s, %s", t->picker.at + 1, t->picker.all,
                                          item->name, item->group),
                             reading_join(a, head, text));
}

void form_reading(void *self, struct console *c, struct reading *out)
{
    struct form *f = self;
    struct arena *a = &c->scratch;
    struct form_field *field = &f->field[f->current];
    if (f->templates.on || f->preview.on) {
        if (f->templates.on)
            read_templates(&f->templates, a, out);
        else
            form_preview_read(f, c, out);
        return;
    }
    const char *number = draw_number(a, f->subject.value[FIELD_NUMBER]);
    out->head = arena_printf(a, "%s %s", _(command_table[f->type].label),
                             f->marked ? arena_printf(a, _("%zu marked"), f->marked) : number);
    out->place =
        reading_mix(reading_mix(2, &f->type, sizeof f->type), &f->case_id, sizeof f->case_id);
    out->note = note(f, a);
    out->line = question(field, c->message, a);
    out->typed = field->kind == FORM_CHOICE ? NULL : &field->editor;
    out->at = reading_mix(reading_mix(3, &f->current, sizeof f->current), field->error,
                          strlen(field->error));
}
