/* case_history.c: the events of a case, each as a sentence with what it says. */
#include "tui/view/case_paint.h"
#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include <inttypes.h>
#include <string.h>

enum { SENTENCE_MAX = 64 * 1024, SENTENCE_INDENT = 13, NAME_MAX_BYTES = 32, LABEL_LEAST = 15 };

static const struct sentence {
    const char *told, *refused, *agreed;
} sentence_table[COMMAND_COUNT] = {
#define SENTENCE(command, told, refused, agreed) [COMMAND_##command] = {told, refused, agreed},
#include "tui/view/sentences.def"
#undef SENTENCE
};

/* An event in the making of its sentence. */
struct telling {
    const struct painter *p;
    const struct event *e;
    const char *who;
    bool said[FIELD_COUNT]; /* stands in the sentence: need not stand below it */
    bool numbers;           /* the sentence names the objects it is about */
};

/* Is the change part of what the sentence is about, not only moved along with it? */
static bool concerned(const struct event *e, size_t i)
{
    return e->objects[i].kind == e->objects[0].kind && e->objects[i].state == e->objects[0].state;
}

/* The unit stands where the object was opened. */
static const char *unit_of(const struct painter *p, uint32_t object)
{
    const struct object *o = casefile_object(&p->page->shown, object);
    const struct reference *r = p->page->reference;
    if (!o || !*o->unit)
        return "";
    return r ? reference_unit_name(r, o->unit, i18n_chinese()) : o->unit;
}

static void add_numbers(struct telling *t, struct buf *out)
{
    const char *between = "";
    t->numbers = true;
    for (size_t i = 0; i < t->e->n_objects; i++)
        if (concerned(t->e, i)) {
            buf_printf(out, "%s#%" PRIu32, between, t->e->objects[i].object);
            between = ", ";
        }
}

static void add_units(const struct telling *t, struct buf *out)
{
    const char *between = "";
    for (size_t i = 0; i < t->e->n_objects; i++) {
        const char *unit = concerned(t->e, i) ? unit_of(t->p, t->e->objects[i].object) : "";
        if (!*unit)
            continue;
        buf_printf(out, "%s%s", between, unit);
        between = i18n_mark(MARK_LIST, i18n_chinese());
    }
}

/* The value of a field as a person reads it; "" when the event does not say it. */
static const char *said(const struct telling *t, enum field field)
{
    const char *text = value_find(t->e->values, t->e->n_values, field);
    if (!text || !*text)
        return "";
    if (field == FIELD_MERGED_INTO || field == FIELD_FOLLOWERS || field == FIELD_OLD_ORDER)
        return case_orders(t->p->page, text, t->p->a);
    return case_value(t->p->page, field, text, t->p->a);
}

/* What stands for {name}; nothing when there is nothing to say. */
static void add_word(struct telling *t, struct buf *out, const char *name)
{
    enum field field = field_find(name);
    if (strcmp(name, "who") == 0) {
        buf_puts(out, t->who);
    } else if (strcmp(name, "no") == 0) {
        add_numbers(t, out);
    } else if (strcmp(name, "to") == 0) {
        add_units(t, out);
        t->said[FIELD_UNITS] = true;
    } else if (field != FIELD_COUNT) {
        buf_puts(out, said(t, field));
        t->said[field] = true;
    }
}

static const char *sentence(struct telling *t, const char *text)
{
    struct buf out;
    size_t from = 0; /* where the optional part begins */
    bool empty = false;
    buf_init(&out, SENTENCE_MAX);
    for (const char *at = text; *at; at++) {
        size_t n = *at == '{' ? strcspn(at + 1, "}") : 0, before = out.len;
        char name[NAME_MAX_BYTES];
        if (*at == '[') {
            from = out.len;
            empty = false;
        } else if (*at == ']') {
            out.len = empty ? from : out.len;
        } else if (*at != '{' || n >= sizeof name || at[n + 1] != '}') {
            buf_putc(&out, *at);
        } else {
            memcpy(name, at + 1, n);
            name[n] = '\0';
            add_word(t, &out, name);
            empty = empty || out.len == before;
            at += n + 1;
        }
    }
    const char *whole = arena_strndup(t->p->a, out.data, out.len);
    buf_release(&out);
    return whole;
}

/* Which of its sentences an event has; NULL: none. */
static const char *words_of(const struct event *e)
{
    const struct sentence *s = &sentence_table[e->type];
    const char *granted = value_find(e->values, e->n_values, FIELD_GRANTED);
    if (!s->told)
        return NULL;
    if (*s->refused && granted && strcmp(granted, "no") == 0)
        return _(s->refused);
    if (*s->agreed && e->n_objects > 0 && e->objects[0].state == OBJECT_IS_AGREED)
        return _(s->agreed);
    return _(s->told);
}

/* Label and person on one line: what needs no sentence. */
static void plain(struct painter *p, const struct telling *t)
{
    int row = paint_row(p), col = p->r.col + 1 + SENTENCE_INDENT, edge = p->r.col + p->r.cols;
    p->line++;
    if (row < 0)
        return;
    col += draw_text(p->s, p->a, row, col, edge - col, THEME_PLAIN, "%s",
                     _(command_table[t->e->type].label)) +
           2;
    draw_text(p->s, p->a, row, col, edge - col, THEME_DIM, "%s", t->who);
}

/* Objects that went along: ended with the step, or asked by the same meeting. */
static void along(struct painter *p, const struct telling *t)
{
    for (size_t i = 0; i < t->e->n_objects; i++) {
        const struct object_change *k = &t->e->objects[i];
        if (t->numbers && concerned(t->e, i))
            continue;
        const char *unit = unit_of(p, k->object);
        paint_wrapped(p, SENTENCE_INDENT + 1, THEME_DIM,
                      arena_printf(p->a, "#%" PRIu32 " %s%s%s%s%s", k->object,
                                   _(object_table[k->kind].label), *unit ? " · " : "", unit,
                                   i18n_mark(MARK_COLON, i18n_chinese()),
                                   _(object_state_table[k->state].label)));
    }
}

/* What is said elsewhere: above, in the sentence, or by the numbers of the objects. */
static bool passed_over(const struct telling *t, enum field f)
{
    bool decided = sentence_table[t->e->type].told && *sentence_table[t->e->type].refused;
    return t->said[f] || f == FIELD_REPLY || f == FIELD_PRIOR_STATE || f == FIELD_POLICY ||
           (f == FIELD_OBJECT && t->e->n_objects > 0) || (f == FIELD_GRANTED && decided);
}

/* Wide enough for the labels of this event, as far as that leaves the texts half of the room. */
static int label_cells(const struct painter *p, const struct telling *t)
{
    int cells = 0, most = (p->r.cols - SENTENCE_INDENT) / 2;
    for (size_t i = 0; i < t->e->n_values; i++) {
        const char *label = _(field_table[t->e->values[i].field].label);
        int width = text_width(label, strlen(label));
        if (!passed_over(t, t->e->values[i].field) && width > cells)
            cells = width;
    }
    return cells < LABEL_LEAST ? LABEL_LEAST : cells < most ? cells : most;
}

static void values(struct painter *p, const struct telling *t)
{
    bool narrow = p->r.cols < PAINT_NARROW;
    int at = narrow ? 2 : SENTENCE_INDENT + 1, cells = narrow ? 11 : label_cells(p, t);
    for (size_t i = 0; i < t->e->n_values; i++) {
        enum field f = t->e->values[i].field;
        const char *text = passed_over(t, f) ? "" : said(t, f);
        if (!*text)
            continue;
        paint_fact(p, at, at + cells + 1, _(field_table[f].label), THEME_PLAIN, text);
    }
}

static void one_event(struct painter *p, const struct event *e, bool sent)
{
    struct telling t = {
        .p = p, .e = e, .who = reference_actor_name(p->page->reference, &e->actor, i18n_chinese())};
    const char *words = words_of(e);
    int row = paint_row(p);
    if (row >= 0)
        draw_text(p->s, p->a, row, p->r.col + 1, 12, THEME_DIM, "%s", draw_time(p->a, e->at_ms));
    if (words)
        paint_wrapped(p, SENTENCE_INDENT, THEME_PLAIN, sentence(&t, words));
    else
        plain(p, &t);
    if (!sent)
        paint_line(p, SENTENCE_INDENT, THEME_UNSENT, _("not sent yet"));
    along(p, &t);
    if (e->type == COMMAND_LOG) /* what was taken down stands above, but for its files */
        for (int f = 0; f < FIELD_COUNT; f++)
            t.said[f] = f != FIELD_ATTACH;
    values(p, &t);
}

void paint_history(struct painter *p)
{
    paint_line(p, 0, THEME_PLAIN, "");
    paint_line(p, 0, THEME_HEAD, _("History"));
    /* the newest first: that is what one looks for */
    for (size_t i = p->page->n_events; i-- > 0;)
        one_event(p, &p->page->events[i], i < p->page->n_confirmed);
}
