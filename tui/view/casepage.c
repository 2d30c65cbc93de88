#include "tui/view/casepage.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"

struct page {
    struct surface *s;
    struct rect r;
    int line, first;
    struct arena *scratch;
};

static void line(struct page *p, int indent, enum theme_role role, const char *text)
{
    int row = p->line++ - p->first;
    if (row >= 0 && row < p->r.rows)
        draw_text(p->s, p->scratch, p->r.row + row, p->r.col + 1 + indent, p->r.cols - 1 - indent,
                  role, "%s", text);
}

/* A label and a text that wraps under itself. */
static void block(struct page *p, int indent, const char *label, const char *text)
{
    int row = p->line - p->first;
    if (row >= 0 && row < p->r.rows)
        draw_text(p->s, p->scratch, p->r.row + row, p->r.col + 1, indent - 1, THEME_DIM, "%s",
                  label);
    const char *at = text;
    do {
        size_t n = strcspn(at, "\n");
        size_t from = 0;
        do {
            size_t take = n > from ? text_break(at + from, n - from, p->r.cols - 2 - indent) : 0;
            line(p, indent, THEME_PLAIN, arena_strndup(p->scratch, at + from, take));
            from += take;
        } while (from < n);
        at += n + (at[n] == '\n');
    } while (*at);
}

static const char *shown(const struct casefile *c, enum field field, const struct reference *ref,
                         const struct actor *who, struct arena *a)
{
    const char *text = c->value[field];
    bool chinese = i18n_chinese();
    if (field_table[field].privacy != PRIVACY_OPEN && field_table[field].privacy != PRIVACY_FREE) {
        enum sight sight = who != NULL ? workflow_sight(c, field, who) : SIGHT_MASKED;
        if (sight == SIGHT_NONE)
            return "";
        if (sight != SIGHT_FULL)
            return field_masked(field, text, a);
    }
    if (ref == NULL)
        return text;
    if (field_table[field].type == FIELD_TYPE_CODE)
        return reference_unit_name(ref, text, chinese);
    if (field_table[field].type == FIELD_TYPE_USER)
        return reference_person_name(ref, text, chinese);
    if (field_table[field].type == FIELD_TYPE_CATEGORY) {
        const struct category *k = reference_category(ref, text);
        if (k != NULL)
            return chinese ? arena_printf(a, "%s / %s", k->level1, k->level2)
                           : arena_printf(a, "%s / %s", k->level1_en, k->level2_en);
    }
    return text;
}

int casepage_draw(const struct case_view *v, struct surface *s, struct rect r, int first,
                  const struct reference *reference, const struct actor *who, int64_t now_ms,
                  struct arena *scratch)
{
    const struct casefile *c = &v->shown;
    struct page p = {.s = s, .r = r, .first = first, .scratch = scratch};
    line(&p, 0, THEME_HEAD,
         arena_printf(scratch, "%s  v%u  %s%s", c->value[FIELD_NUMBER], (unsigned)c->version,
                      _(state_table[c->state].label), v->unsent ? _("  (not sent yet)") : ""));
    for (int i = 0; i < CLOCK_COUNT; i++) {
        const struct clock_run *k = &c->clock[i];
        if (k->status != CLOCK_RUNNING && k->status != CLOCK_STOPPED)
            continue;
        bool late = k->status == CLOCK_RUNNING && k->due_ms < now_ms;
        const char *label =
            arena_printf(scratch, "%s%s", late ? "! " : "  ", _(clock_table[i].label));
        if (k->status == CLOCK_RUNNING)
            line(&p, 0, late ? THEME_OVERDUE : THEME_PLAIN,
                 arena_printf(scratch, "%s: %s %s  %s %s", label, late ? _("OVERDUE") : _("left"),
                              draw_left(scratch, k->due_ms, now_ms), _("due"),
                              draw_time(scratch, k->due_ms)));
        else
            line(&p, 0, THEME_DIM,
                 arena_printf(scratch, "%s: %s %s", label, _("done"),
                              draw_time(scratch, k->stopped_ms)));
    }
    line(&p, 0, THEME_PLAIN, "");
    bool english = !i18n_chinese() && *c->value[FIELD_CONTENT_EN];
    for (int f = 0; f < FIELD_COUNT; f++) {
        if (field_table[f].keep != FIELD_KEEP_CASE || !*c->value[f] || f == FIELD_NUMBER)
            continue;
        if ((english && (f == FIELD_TITLE || f == FIELD_CONTENT)) ||
            (!english && (f == FIELD_TITLE_EN || f == FIELD_CONTENT_EN)))
            continue;
        block(&p, 22, _(field_table[f].label), shown(c, (enum field)f, reference, who, scratch));
    }
    line(&p, 0, THEME_PLAIN, "");
    line(&p, 0, THEME_HEAD, _("History"));
    for (size_t i = 0; i < v->n_events; i++) {
        const struct event *e = &v->events[i];
        line(&p, 0, i < v->n_confirmed ? THEME_PLAIN : THEME_DIM,
             arena_printf(scratch, "%s  %s  %s%s", draw_time(scratch, e->at_ms),
                          _(command_table[e->type].label), e->actor.name ? e->actor.name : "",
                          i < v->n_confirmed ? "" : _("  (not sent yet)")));
        for (size_t j = 0; j < e->n_values && e->type != COMMAND_LOG; j++)
            if (field_table[e->values[j].field].privacy == PRIVACY_OPEN ||
                field_table[e->values[j].field].privacy == PRIVACY_FREE)
                block(&p, 22,
                      arena_printf(scratch, "  %s", _(field_table[e->values[j].field].label)),
                      e->values[j].text);
    }
    return p.line;
}
