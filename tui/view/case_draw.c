/* case_draw.c: a case as cells; reads nothing but its model. */
#include "tui/view/case_paint.h"
#include "core/base/i18n.h"
#include "core/case/shown.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/presence.h"
#include "tui/view/left_draw.h"
#include <inttypes.h>
#include <string.h>

enum { LABEL_CELLS = 11, BAR_CELLS = 12, SECOND_COLUMN = 40 };
/* Names of clocks, with the blank behind them; wide from so many columns on. */
enum { CLOCK_CELLS = 15, CLOCK_CELLS_WIDE = 24, WIDE_CLOCKS = 88 };

static void labelled(struct painter *p, const char *label, enum theme_role role, const char *text)
{
    if (!*text)
        return;
    if (paint_row(p) >= 0)
        draw_cut(p->s, p->a, paint_row(p), p->r.col + 1, LABEL_CELLS - 1, THEME_LABEL, label);
    paint_wrapped(p, LABEL_CELLS, role, text);
}

/* Two short facts on one line where there is room, else below each other. */
static void pair(struct painter *p, const char *label, const char *text, const char *label2,
                 const char *text2)
{
    int second = p->r.cols / 2 > SECOND_COLUMN ? p->r.cols / 2 : SECOND_COLUMN;
    bool fits = p->r.cols >= 70 && *text && *text2 &&
                text_width(text, strlen(text)) < second - LABEL_CELLS - 2 &&
                text_width(text2, strlen(text2)) < p->r.cols - second - LABEL_CELLS - 2;
    if (!fits) {
        labelled(p, label, THEME_PLAIN, text);
        labelled(p, label2, THEME_PLAIN, text2);
        return;
    }
    int row = paint_row(p);
    if (row >= 0) {
        draw_cut(p->s, p->a, row, p->r.col + second, LABEL_CELLS - 1, THEME_LABEL, label2);
        draw_text(p->s, p->a, row, p->r.col + second + LABEL_CELLS,
                  p->r.cols - second - LABEL_CELLS - 1, THEME_PLAIN, "%s", text2);
    }
    labelled(p, label, THEME_PLAIN, text);
}

/* The code, which names kind and day, and what the district called it. */
static const char *emergency_name(const struct emergencies *l, const char *code, struct arena *a)
{
    const struct emergency *e = l ? emergency_find(l, code) : NULL;
    return e ? arena_printf(a, "%s %s", code, e->name) : code;
}

static const char *order_number(const struct case_page *p, const char *word)
{
    struct uuid id;
    if (!uuid_parse(word, &id))
        return word;
    for (size_t i = 0; i < p->n_others; i++)
        if (uuid_compare(&p->others[i].id, &id) == 0)
            return p->others[i].number;
    return word;
}

const char *case_orders(const struct case_page *p, const char *words, struct arena *a)
{
    const char *at = words, *text = "";
    while (*(at += strspn(at, CASE_ORDER_ENDS))) {
        size_t n = strcspn(at, CASE_ORDER_ENDS);
        text = arena_printf(a, "%s%s%s", text, *text ? "  " : "",
                            order_number(p, arena_strndup(a, at, n)));
        at += n;
    }
    return text;
}

const char *case_value(const struct case_page *p, enum field field, const char *text,
                       struct arena *a)
{
    const struct field_row *row = &field_table[field];
    int64_t ms;
    if (row->privacy != PRIVACY_OPEN && row->privacy != PRIVACY_FREE) {
        enum sight sight = p->who ? workflow_sight(&p->shown, field, p->who) : SIGHT_MASKED;
        if (sight == SIGHT_NONE)
            return "";
        if (sight == SIGHT_MASKED || (sight == SIGHT_REVEAL && !p->reveal))
            return field_masked(field, text, a);
    }
    if (row->type == FIELD_TYPE_TIME)
        return rfc3339_parse(text, &ms) == 0 ? draw_time(a, ms) : text;
    if (field == FIELD_EMERGENCY)
        return emergency_name(p->emergencies, text, a);
    return value_shown(field, text, p->reference, i18n_chinese(), a);
}

static const char *value(const struct painter *p, enum field field)
{
    const char *text = p->page->shown.value[field];
    return *text ? case_value(p->page, field, text, p->a) : "";
}

/* --- clocks --------------------------------------------------------------------------------- */

static const char *span(struct arena *a, int64_t ms)
{
    return draw_left(a, ms, 0);
}

static void clock_line(struct painter *p, enum clock_id id)
{
    const struct clock_run *k = &p->page->shown.clock[id];
    int64_t now = p->page->now_ms, end = k->status == CLOCK_RUNNING ? now : k->stopped_ms;
    int64_t whole = k->due_ms - k->started_ms, used = end - k->started_ms;
    bool late = end > k->due_ms;
    int share = whole > 0 ? (int)(used * 1000 / whole) : 1000;
    enum theme_role role = late ? THEME_OVERDUE
                           : k->status != CLOCK_RUNNING
                               ? THEME_GOOD
                               : draw_left_role(p->page->policy, k->started_ms, k->due_ms, now);
    int row = paint_row(p);
    p->line++;
    if (row < 0)
        return;
    int col = p->r.col + 1;
    if (late)
        draw_text(p->s, p->a, row, col, 1, THEME_OVERDUE, "!");
    int label = p->r.cols >= WIDE_CLOCKS ? CLOCK_CELLS_WIDE : CLOCK_CELLS;
    draw_cut(p->s, p->a, row, col + 2, label - 1, THEME_LABEL, _(clock_table[id].label));
    const char *text =
        k->status != CLOCK_RUNNING
            ? arena_printf(p->a, late ? _("done late, in %s") : _("done in %s"), span(p->a, used))
        : late ? arena_printf(p->a, _("OVERDUE %s"), draw_left(p->a, now, k->due_ms))
               : arena_printf(p->a, _("%s left"), draw_left(p->a, k->due_ms, now));
    draw_text(p->s, p->a, row, col + 2 + label, 20, role, "%s", text);
    int at = col + 2 + label + 21;
    if (p->r.cols >= 76) {
        draw_bar(p->s, row, at, BAR_CELLS, share, role == THEME_OVERDUE ? THEME_BAR_OVERDUE : role);
        at += BAR_CELLS + 1;
    }
    draw_cut(p->s, p->a, row, at, p->r.col + p->r.cols - at, THEME_DIM,
             arena_printf(p->a, k->status == CLOCK_RUNNING ? _("due %s") : _("was due %s"),
                          draw_time(p->a, k->due_ms)));
}

/* Shown with the whistle or request that it belongs to. */
static bool of_object(const struct casefile *c, enum clock_id id)
{
    for (size_t i = 0; i < c->n_objects; i++)
        for (int k = 0; k < OBJECT_CLOCKS; k++)
            if (c->objects[i].clock[k].id == id)
                return true;
    return false;
}

static void clocks(struct painter *p)
{
    int n = 0;
    for (int i = 0; i < CLOCK_COUNT; i++) {
        const struct clock_run *k = &p->page->shown.clock[i];
        /* The right to return is shown while it lasts; past ones say nothing. */
        if ((k->status != CLOCK_RUNNING && k->status != CLOCK_STOPPED) ||
            of_object(&p->page->shown, (enum clock_id)i))
            continue;
        if (i == CLOCK_RETURN && (k->status != CLOCK_RUNNING || k->due_ms < p->page->now_ms))
            continue;
        if (n++ == 0)
            paint_line(p, 0, THEME_HEAD, _("Clocks"));
        clock_line(p, (enum clock_id)i);
    }
}

/* --- facts ---------------------------------------------------------------------------------- */

static bool can_reveal(const struct painter *p)
{
    static const enum field personal[] = {FIELD_CLAIMANT, FIELD_PHONE, FIELD_POINT};
    for (size_t i = 0; i < sizeof personal / sizeof *personal; i++)
        if (*p->page->shown.value[personal[i]] && p->page->who &&
            workflow_sight(&p->page->shown, personal[i], p->page->who) == SIGHT_REVEAL)
            return true;
    return false;
}

static void head(struct painter *p)
{
    const struct casefile *c = &p->page->shown;
    const char *number = draw_number(p->a, c->value[FIELD_NUMBER]);
    const char *right = arena_printf(
        p->a, "%sv%" PRIu32 " · %s%s",
        p->page->at_hand ? arena_printf(p->a, "Alt-%d · ", p->page->at_hand) : "", c->version,
        _(state_table[c->state].label),
        p->page->unsent ? arena_printf(p->a, _(" · %d not sent"), p->page->unsent) : "");
    int row = paint_row(p);
    if (row >= 0) {
        int width = text_width(right, strlen(right));
        int at = p->r.col + p->r.cols - width - 1;
        int room = at - p->r.col - 3;
        const char *category = value(p, FIELD_CATEGORY), *leaf = strstr(category, " / ");
        if (leaf && text_width(category, strlen(category)) + 2 + (int)strlen(number) > room)
            category = leaf + 3; /* what it is says more than where that stands in the catalogue */
        draw_cut(p->s, p->a, row, p->r.col + 1, room, THEME_HEAD,
                 arena_printf(p->a, "%s  %s", number, category));
        draw_text(p->s, p->a, row, at, width, p->page->unsent ? THEME_UNSENT : THEME_HEAD, "%s",
                  right);
    }
    p->line++;
}

/* Who else is here just now, by name. */
static void others(struct painter *p)
{
    const struct presence_list *l = p->page->there;
    for (size_t i = 0; l && i < l->n; i++)
        if (uuid_compare(&l->mark[i].case_id, &p->page->id) == 0)
            labelled(p, _("Also here"), l->mark[i].own ? THEME_PLAIN : THEME_WARN,
                     presence_text(&l->mark[i], p->page->reference, p->a));
}

static const char *orders(const struct painter *p, enum field field)
{
    return case_orders(p->page, p->page->shown.value[field], p->a);
}

/* What makes this order another than most: shown only where it does. */
static void standing(struct painter *p)
{
    const struct casefile *c = &p->page->shown;
    bool moved = strcmp(c->value[FIELD_FIRST_UNIT], c->value[FIELD_UNIT]) != 0;
    bool full = strcmp(c->value[FIELD_SCORE_MODE], "full") == 0;
    labelled(p, _("Emergency"), THEME_WARN, value(p, FIELD_EMERGENCY));
    labelled(p, _("Raised to"), THEME_WARN, value(p, FIELD_LEVEL));
    labelled(p, _("In charge"), THEME_PLAIN, value(p, FIELD_LEADER));
    if (strcmp(c->value[FIELD_DESIGNATED], "yes") == 0)
        labelled(p, _("Designated"), THEME_WARN, _("yes, it cannot be returned"));
    pair(p, _("Lead unit"), moved ? value(p, FIELD_UNIT) : "", _("First unit"),
         moved ? value(p, FIELD_FIRST_UNIT) : "");
    labelled(p, _("Merged into"), THEME_WARN, orders(p, FIELD_MERGED_INTO));
    labelled(p, _("Followers"), THEME_PLAIN, orders(p, FIELD_FOLLOWERS));
    labelled(p, _("Linked"), THEME_PLAIN, orders(p, FIELD_LINKED));
    labelled(p, _("Earlier"), THEME_PLAIN, orders(p, FIELD_OLD_ORDER));
    if (*c->value[FIELD_REPEAT])
        labelled(p, _("Repeat"), THEME_WARN,
                 arena_printf(p->a, _("number %s of this claimant, after %s"),
                              c->value[FIELD_REPEAT], orders(p, FIELD_EARLIER)));
    labelled(p, _("Others"), THEME_PLAIN, orders(p, FIELD_ALIKE));
    labelled(p, _("Score"), THEME_WARN, full ? "" : value(p, FIELD_SCORE_MODE));
    labelled(p, _("Excluded"), THEME_WARN, value(p, FIELD_EXCLUSION));
    if (c->state == STATE_HUNG)
        labelled(p, _("Next look"), THEME_PLAIN, value(p, FIELD_NEXT_LOOK));
}

static void facts(struct painter *p)
{
    const struct casefile *c = &p->page->shown;
    bool english = !i18n_chinese() && *c->value[FIELD_CONTENT_EN];
    struct arena *a = p->a;
    const char *who = value(p, FIELD_CLAIMANT);
    if (*c->value[FIELD_ADDRESS_FORM])
        who = arena_printf(a, "%s %s", who, c->value[FIELD_ADDRESS_FORM]);
    if (strcmp(c->value[FIELD_ANONYMOUS], "yes") == 0)
        who = _("anonymous");
    if (strcmp(c->value[FIELD_SECRET], "yes") == 0)
        who = arena_printf(a, _("%s (secret)"), who);
    const char *phone = value(p, FIELD_PHONE);
    if (can_reveal(p))
        phone = p->page->reveal ? arena_printf(a, _("%s  (shown for 30 s)"), phone)
                                : arena_printf(a, _("%s  (v reveals, recorded)"), phone);
    pair(p, _("Claimant"), who, _("Phone"), phone);
    pair(p, _("Asks"), value(p, FIELD_WISH), _(field_table[FIELD_VULNERABLE].label),
         value(p, FIELD_VULNERABLE));
    const char *where = value(p, FIELD_POINT), *community = value(p, FIELD_COMMUNITY);
    pair(p, _("Where"),
         arena_printf(a, "%s%s%s", community, *community && *where ? " " : "", where), _("Channel"),
         value(p, FIELD_CHANNEL));
    pair(p, _(field_table[FIELD_TYPE].label),
         arena_printf(a, "%s%s%s", value(p, FIELD_TYPE), *c->value[FIELD_INTEREST] ? " · " : "",
                      value(p, FIELD_INTEREST)),
         _("Tier"), value(p, FIELD_TIER));
    pair(p, _("Handler"),
         *c->value[FIELD_HANDLER] ? value(p, FIELD_HANDLER) : value(p, FIELD_SECTION), _("Assists"),
         value(p, FIELD_ASSISTANT));
    standing(p);
    labelled(p, _("Title"), THEME_HEAD,
             !i18n_chinese() && *c->value[FIELD_TITLE_EN] ? c->value[FIELD_TITLE_EN]
                                                          : c->value[FIELD_TITLE]);
    labelled(p, _("What"), THEME_PLAIN, c->value[english ? FIELD_CONTENT_EN : FIELD_CONTENT]);
    labelled(p, _("Wanted"), THEME_PLAIN, c->value[FIELD_REQUEST]);
    labelled(p, _("Open point"), THEME_WARN, c->value[FIELD_OPEN_POINT]);
    labelled(p, _("Result"), THEME_PLAIN, value(p, FIELD_RESULT));
    labelled(p, _("Reply"), THEME_PLAIN, c->value[FIELD_REPLY]);
}

/* What has no place of its own above: at the end, one line each. */
static void rest(struct painter *p)
{
    static const enum field above[] = {
        FIELD_NUMBER,     FIELD_CATEGORY,    FIELD_CLAIMANT,  FIELD_ADDRESS_FORM, FIELD_ANONYMOUS,
        FIELD_SECRET,     FIELD_PHONE,       FIELD_WISH,      FIELD_VULNERABLE,   FIELD_POINT,
        FIELD_COMMUNITY,  FIELD_CHANNEL,     FIELD_TYPE,      FIELD_INTEREST,     FIELD_TIER,
        FIELD_HANDLER,    FIELD_SECTION,     FIELD_ASSISTANT, FIELD_TITLE,        FIELD_TITLE_EN,
        FIELD_CONTENT,    FIELD_CONTENT_EN,  FIELD_REQUEST,   FIELD_OPEN_POINT,   FIELD_RESULT,
        FIELD_REPLY,      FIELD_PRIOR_STATE, FIELD_EMERGENCY, FIELD_LEVEL,        FIELD_LEADER,
        FIELD_DESIGNATED, FIELD_MERGED_INTO, FIELD_FOLLOWERS, FIELD_LINKED,       FIELD_OLD_ORDER,
        FIELD_SCORE_MODE, FIELD_EXCLUSION,   FIELD_REPEAT,    FIELD_EARLIER,      FIELD_ALIKE};
    bool any = false;
    for (int f = 0; f < FIELD_COUNT; f++) {
        bool shown = field_table[f].keep != FIELD_KEEP_CASE || !*p->page->shown.value[f];
        for (size_t i = 0; i < sizeof above / sizeof *above; i++)
            shown = shown || above[i] == (enum field)f;
        if (shown)
            continue;
        if (!any) {
            paint_line(p, 0, THEME_PLAIN, "");
            paint_line(p, 0, THEME_HEAD, _("Further facts"));
        }
        any = true;
        int row = paint_row(p);
        if (row >= 0)
            draw_cut(p->s, p->a, row, p->r.col + 1, 24, THEME_LABEL, _(field_table[f].label));
        paint_wrapped(p, 25, THEME_PLAIN, value(p, (enum field)f));
    }
}

int case_draw(const struct case_page *page, struct surface *s, struct rect r, struct arena *scratch)
{
    struct painter p = {.page = page, .s = s, .r = r, .a = scratch};
    if (!page->have)
        return 0;
    struct rect old = surface_clip(s, r);
    head(&p);
    others(&p);
    clocks(&p);
    paint_objects(&p);
    facts(&p);
    paint_history(&p);
    rest(&p);
    surface_unclip(s, old);
    return p.line;
}
