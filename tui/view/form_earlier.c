/*
 * form_earlier.c: the repeat check before a new order (art. 11(3), domain 7.11), by what this console has. The centre
 * checks again when the order comes; here the clerk sees it while the caller is still on the line.
 */
#include "tui/view/form.h"
#include "core/base/i18n.h"
#include "core/case/place.h"
#include "core/store/earlier.h"
#include "tui/draw.h"
#include <string.h>

enum { EARLIER_READ = 20 };

/* Nobody may learn from a match who reported (domain 13): as at the centre (core/case/repeat.h). */
static bool hidden(const struct casefile *c)
{
    return strcmp(c->value[FIELD_ANONYMOUS], "yes") == 0 ||
           strcmp(c->value[FIELD_SECRET], "yes") == 0;
}

/* The same point: one of the two names the other; people leave out the number of the flat. */
static bool same_point(struct arena *a, const char *x, const char *y)
{
    const char *p = place_fold(a, x), *q = place_fold(a, y);
    return *p && *q && (strstr(p, q) || strstr(q, p));
}

static struct form_earlier describe(struct form *f, const struct casefile *c, bool same)
{
    struct arena *a = &f->hints.arena;
    const char *const *v = c->value;
    bool english = !i18n_chinese() && *v[FIELD_TITLE_EN];
    const char *title = v[english ? FIELD_TITLE_EN : FIELD_TITLE];
    const char *claimant = field_masked(FIELD_CLAIMANT, v[FIELD_CLAIMANT], a);
    const char *state = _(state_table[c->state].label);
    return (struct form_earlier){
        .same_matter = same,
        .number = arena_strdup(a, v[FIELD_NUMBER]),
        .what = arena_printf(a, "%s %s %s · %s · %s%s%s", draw_number(a, v[FIELD_NUMBER]),
                             draw_time(a, c->created_ms),
                             same ? arena_printf(a, _("same matter, %s"), state) : state, claimant,
                             same ? "" : v[FIELD_CATEGORY], same ? "" : " ", title)};
}

/* Looked for once the caller, the category and the point are known. */
void form_look_earlier(struct form *f, struct console *c)
{
    const char *phone = form_value(f, FIELD_PHONE), *claimant = form_value(f, FIELD_CLAIMANT);
    const char *category = form_value(f, FIELD_CATEGORY), *point = form_value(f, FIELD_POINT);
    struct uuid *ids;
    size_t n = 0;
    f->hints.n_earlier = 0;
    const struct policy *policy = console_policy(c);
    if (!f->begins || !policy || (!*phone && !*claimant) || !*category || !*point ||
        store_earlier(c->config->store, phone, claimant, EARLIER_READ, &c->scratch, &ids, &n,
                      NULL) != ST_OK)
        return;
    int64_t since = console_now(c) - policy->repeat_window_ms;
    for (int other = 0; other <= 1; other++) /* first those about the same matter */
        for (size_t i = 0; i < n && f->hints.n_earlier < FORM_EARLIER; i++) {
            struct case_view v;
            if (store_case(c->config->store, &ids[i], &c->scratch, &v, NULL) != ST_OK ||
                v.shown.created_ms < since || hidden(&v.shown))
                continue;
            bool same = strcmp(v.shown.value[FIELD_CATEGORY], category) == 0 &&
                        same_point(&c->scratch, v.shown.value[FIELD_POINT], point);
            if (same == (other == 0))
                f->hints.earlier[f->hints.n_earlier++] = describe(f, &v.shown, same);
        }
}

const char *form_name_earlier(struct form *f, struct console *c)
{
    struct form_field *field = form_field_of(f, FIELD_OLD_ORDER, false);
    if (!field || f->hints.n_earlier == 0)
        return NULL;
    int next = 0;
    for (int i = 0; i < f->hints.n_earlier; i++)
        if (strcmp(form_text_of(field), f->hints.earlier[i].number) == 0)
            next = (i + 1) % f->hints.n_earlier;
    if (!form_set_text(field, f->hints.earlier[next].number)) {
        console_say(c, THEME_ERROR, "%s", _("Out of memory. Nothing was changed."));
        return NULL;
    }
    field->error[0] = '\0';
    console_say(c, THEME_MESSAGE, _("Earlier order: %s"),
                draw_number(&c->scratch, f->hints.earlier[next].number));
    form_changed(f, c);
    return form_text_of(field);
}
