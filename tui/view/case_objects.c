/* case_objects.c: what hangs on an order: the open objects, or all of them with what became of them. */
#include "tui/view/case_paint.h"
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/view/left_draw.h"
#include <inttypes.h>
#include <string.h>

enum { TEXT_INDENT = 6, FACT_INDENT = 20 };

static bool ended(const struct object *o)
{
    return object_state_table[o->state].ended;
}

/* What the class of an object is a choice of; FIELD_NONE: a word that only procedure reads. */
static enum field class_field(enum object_kind kind)
{
    switch (kind) {
    case OBJECT_WHISTLE:
        return FIELD_KIND;
    case OBJECT_RETURN:
        return FIELD_RETURN_CLASS;
    case OBJECT_ESCALATION:
        return FIELD_LEVEL;
    case OBJECT_EXTENSION:
        return FIELD_EXTENSION_CLASS;
    case OBJECT_HANG:
        return FIELD_HANG_CLASS;
    case OBJECT_EXCLUSION:
        return FIELD_EXCLUSION_CLASS;
    case OBJECT_SUPERVISION:
        return FIELD_LADDER;
    case OBJECT_PROPOSAL:
        return FIELD_PROPOSES;
    case OBJECT_UNREASONABLE:
        return FIELD_FORM;
    case OBJECT_WARNING:
        return FIELD_WARNING;
    default:
        return FIELD_NONE;
    }
}

/* "#2 whistle · E emergency · Housing Committee" */
static const char *name_of(const struct painter *p, const struct object *o)
{
    const struct reference *r = p->page->reference;
    enum field class = class_field(o->kind);
    const char *text = arena_printf(p->a, "#%" PRIu32 " %s", o->id, _(object_table[o->kind].label));
    if (*o->class && class != FIELD_NONE)
        text = arena_printf(p->a, "%s · %s", text, choice_label(class, o->class));
    if (*o->unit)
        text = arena_printf(p->a, "%s · %s", text,
                            r ? reference_unit_name(r, o->unit, i18n_chinese()) : o->unit);
    return text;
}

/* Number, kind and unit with what is left; below it how far it is and what was asked. */
static void object_lines(struct painter *p, const struct object *o)
{
    int64_t now = p->page->now_ms, due = TIME_NONE;
    enum clock_id id = ended(o) ? CLOCK_COUNT : object_next_due(o, &due);
    bool run = id != CLOCK_COUNT, over = run && due < now;
    enum theme_role role =
        run ? draw_left_role(p->page->policy, object_run(o, id)->started_ms, due, now)
            : THEME_PLAIN;
    const char *left = run ? draw_left(p->a, due, now) : "";
    int row = paint_row(p), col = p->r.col + 1, width = text_width(left, strlen(left));
    p->line++;
    if (row >= 0) {
        if (over || o->late)
            draw_text(p->s, p->a, row, col, 1, THEME_OVERDUE, "!");
        draw_cut(p->s, p->a, row, col + 2, p->r.cols - width - 6,
                 ended(o) ? THEME_DIM : THEME_PLAIN, name_of(p, o));
        draw_text(p->s, p->a, row, p->r.col + p->r.cols - width - 1, width, role, "%s", left);
    }
    const char *text = _(object_state_table[o->state].label);
    if (run)
        text = arena_printf(p->a, "%s · %s", text, _(clock_table[id].label));
    if (o->late && !ended(o))
        text = arena_printf(p->a, "%s · %s", text, _("late, the next level was told"));
    if (*o->text && !p->page->all_objects)
        text = arena_printf(p->a, "%s · %s", text, o->text);
    paint_line(p, TEXT_INDENT, o->late ? THEME_WARN : THEME_DIM, text);
}

static void fact(struct painter *p, const char *label, const char *text)
{
    if (text && *text)
        paint_fact(p, TEXT_INDENT, FACT_INDENT, label, THEME_PLAIN, text);
}

/* Who began it and when, what was answered, how it was judged. */
static void whole(struct painter *p, const struct object *o)
{
    struct arena *a = p->a;
    const struct actor by = {.user = o->by_user, .name = o->by_name};
    const char *who = reference_actor_name(p->page->reference, &by, i18n_chinese());
    fact(p, _("Begun"), arena_printf(a, "%s  %s", draw_time(a, o->opened_ms), who));
    fact(p, _("Asked"), o->text);
    if (o->parent)
        fact(p, _("Comes from"), arena_printf(a, "#%" PRIu32, o->parent));
    if (o->due_ms != TIME_NONE)
        fact(p, _("Asked until"), draw_time(a, o->due_ms));
    if (o->arrived_ms != TIME_NONE)
        fact(p, _("On site"), draw_time(a, o->arrived_ms));
    fact(p, _("Answer"), o->answer);
    if (*o->verdict && o->kind == OBJECT_WHISTLE) {
        const char *label = choice_label(FIELD_VERDICT, o->verdict);
        fact(p, _("Judged"),
             label != o->verdict ? label : choice_label(FIELD_OBJECTION, o->verdict));
    }
    if (o->changed_ms != o->opened_ms)
        fact(p, _("Changed"), draw_time(a, o->changed_ms));
}

static const char *heading(const struct painter *p, size_t open, size_t all)
{
    const char *key = keymap_first_key(KEYS_CASE, ACTION_OBJECTS, p->a);
    if (p->page->all_objects)
        return arena_printf(p->a, _("On this order (%zu open, %zu in all)"), open, all);
    if (open == all)
        return arena_printf(p->a, _("Open on this order (%s shows more)"), key);
    return arena_printf(p->a, _("Open on this order (%zu of %zu; %s shows all)"), open, all, key);
}

void paint_objects(struct painter *p)
{
    const struct casefile *c = &p->page->shown;
    size_t open = 0;
    for (size_t i = 0; i < c->n_objects; i++)
        open += !ended(&c->objects[i]);
    if (c->n_objects == 0)
        return;
    paint_line(p, 0, THEME_HEAD, heading(p, open, c->n_objects));
    for (size_t i = 0; i < c->n_objects; i++) {
        const struct object *o = &c->objects[i];
        if (ended(o) && !p->page->all_objects)
            continue;
        object_lines(p, o);
        if (p->page->all_objects)
            whole(p, o);
    }
}
