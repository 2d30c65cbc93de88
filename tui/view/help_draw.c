/* help_draw.c: the help as cells; reads the action table only. */
#include "tui/view/help.h"
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/view/queue.h"
#include <string.h>

enum { KEYS_CELLS = 20 };

struct painter {
    const struct help *help;
    struct surface *s;
    struct rect r;
    int line;
    struct arena *a;
};

static void row(struct painter *p, enum theme_role key_role, const char *keys, enum theme_role role,
                const char *text)
{
    int at = p->line++ - p->help->scroll.first;
    if (at < 0 || at >= p->r.rows)
        return;
    int used =
        draw_text(p->s, p->a, p->r.row + at, p->r.col + 2, p->r.cols - 3, key_role, "%s", keys);
    int col = used < KEYS_CELLS ? 2 + KEYS_CELLS : 3 + used;
    draw_cut(p->s, p->a, p->r.row + at, p->r.col + col, p->r.cols - col - 1, role, text);
}

static void head(struct painter *p, const char *text)
{
    if (p->line > 0)
        row(p, THEME_PLAIN, "", THEME_PLAIN, "");
    int at = p->line++ - p->help->scroll.first;
    if (at >= 0 && at < p->r.rows)
        draw_text(p->s, p->a, p->r.row + at, p->r.col + 1, p->r.cols - 2, THEME_HEAD, "%s", text);
}

/* Commands of procedure stand apart from what moves and edits. */
static void actions(struct painter *p, enum key_context context, bool of_case)
{
    for (int i = 0; i < ACTION_COUNT; i++) {
        const struct action_row *a = &action_table[i];
        bool command = a->command != COMMAND_COUNT;
        if (!(a->contexts >> context & 1u) || command != of_case)
            continue;
        bool now = !command || p->help->offered[a->command];
        const char *keys = *keymap_keys((enum action)i) ? keymap_keys((enum action)i)
                           : command ? arena_printf(p->a, ":%s", command_table[a->command].word)
                                     : arena_printf(p->a, ":%s", a->word);
        row(p, now ? THEME_KEY : THEME_DIM, keys, now ? THEME_PLAIN : THEME_DIM, _(a->help));
    }
}

int help_draw(const struct help *h, struct surface *s, struct rect r, struct arena *scratch)
{
    struct painter p = {.help = h, .s = s, .r = r, .a = scratch};
    static const struct {
        enum key_context context;
        const char *head;
    } sections[] = {{KEYS_QUEUE, N_("In the queue")},
                    {KEYS_CASE, N_("On the page of a case")},
                    {KEYS_FORM, N_("In a form")},
                    {KEYS_LINE, N_("In the line at the bottom")},
                    {KEYS_CONFLICTS, N_("In the conflicts")},
                    {KEYS_CLOCKS, N_("In the clocks of a case")},
                    {KEYS_SIMILAR, N_("In the list of similar cases")}};
    struct rect old = surface_clip(s, r);
    if (h->from == KEYS_QUEUE || h->from == KEYS_CASE) {
        head(&p, _("To the case (dim: not possible for you or not now; also as :WORD)"));
        actions(&p, h->from, true);
    }
    for (int pass = 0; pass < 2; pass++) /* where one is comes first */
        for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
            if ((sections[i].context == h->from) == (pass == 0)) {
                head(&p, _(sections[i].head));
                actions(&p, sections[i].context, false);
            }
    head(&p, _("Signs"));
    row(&p, THEME_OVERDUE, "!", THEME_PLAIN, _("overdue; the time has a minus"));
    row(&p, THEME_UNSENT, "^", THEME_PLAIN, _("something of it is not sent yet"));
    row(&p, THEME_DIM, "~", THEME_PLAIN, _("a draft waits"));
    row(&p, THEME_ERROR, "!!", THEME_PLAIN, _("the server refused something: see the conflicts"));
    row(&p, THEME_DIM, arena_printf(scratch, "%s3", draw_sign(SIGN_REPEAT)), THEME_PLAIN,
        _("the third order about it"));
    for (int k = 0; k < OBJECT_COUNT; k++)
        row(&p, THEME_DIM, queue_sign((enum object_kind)k), THEME_PLAIN, _(object_table[k].label));
    row(&p, THEME_WARN, "*", THEME_PLAIN, _("behind such a sign: it waits for you"));
    row(&p, THEME_WARN, "!", THEME_PLAIN,
        _("behind such a sign: the next level was told that it is late"));
    row(&p, THEME_DIM, "#2", THEME_PLAIN, _("in the call list: calls tried so far"));
    row(&p, THEME_DIM, "@", THEME_PLAIN, _("in the call list: when the message was sent"));
    row(&p, THEME_KEY, "1 ... 9", THEME_PLAIN, _("switch the view"));
    surface_unclip(s, old);
    return p.line;
}
