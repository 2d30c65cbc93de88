/* help_model.c: the lines of the help out of the action table. */
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/view/help.h"
#include "tui/view/queue.h"
#include <string.h>

enum { LINES_MOST = 1024 };

/* Lines that hold a text, each under the heading it belongs to. */
struct lister {
    struct help *help;
    const char *wanted;
    const char *head; /* told before the first line of its own; NULL: it has been */
};

void help_init(struct help *h)
{
    memset(h, 0, sizeof *h);
    arena_init(&h->arena, 0);
}

void help_release(struct help *h)
{
    arena_release(&h->arena);
    help_init(h);
}

static bool holds(const char *text, const char *wanted)
{
    return strcasestr(text, wanted) != NULL;
}

/* A key is one of the list, not a part of its name: "s" is not "Space". */
static bool has_key(const char *keys, const char *wanted)
{
    size_t n = strlen(wanted);
    for (const char *at = keys; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        if (len == n && strncmp(at, wanted, n) == 0)
            return true;
        at += len;
    }
    return false;
}

static void put(struct lister *l, struct help_line line)
{
    struct help *h = l->help;
    if (h->n < LINES_MOST && h->line)
        h->line[h->n++] = line;
}

static void add(struct lister *l, struct help_line line)
{
    if (l->head) {
        if (l->help->n > 0)
            put(l, (struct help_line){.action = ACTION_NONE, .keys = "", .text = ""});
        put(l,
            (struct help_line){.action = ACTION_NONE, .head = true, .keys = "", .text = l->head});
        l->head = NULL;
    }
    put(l, line);
}

static void sign(struct lister *l, enum theme_role role, const char *keys, const char *text)
{
    if (*l->wanted && !has_key(keys, l->wanted) && !holds(text, l->wanted))
        return;
    add(l, (struct help_line){.action = ACTION_NONE,
                              .key_role = role,
                              .role = THEME_PLAIN,
                              .keys = keys,
                              .text = text});
}

static bool is_possible(const struct help *h, enum action i)
{
    enum command_type type = action_table[i].command;
    return (type == COMMAND_COUNT || h->offered[type]) && !(h->looks_only && action_changes(i));
}

static void action(struct lister *l, enum key_context context, enum action i)
{
    struct help *h = l->help;
    const struct action_row *row = &action_table[i];
    bool command = row->command != COMMAND_COUNT, now = is_possible(h, i);
    const char *word = command ? command_table[row->command].word : row->word;
    const char *label = command ? _(command_table[row->command].label) : "";
    const char *keys = keymap_keys(context, i);
    if (*l->wanted && !has_key(keys, l->wanted) && !holds(word, l->wanted) &&
        !holds(label, l->wanted) && !holds(_(row->help), l->wanted))
        return;
    add(l, (struct help_line){.action = i,
                              .here = now && (row->contexts >> h->from & 1u),
                              .key_role = now ? THEME_KEY : THEME_DIM,
                              .role = now ? THEME_PLAIN : THEME_DIM,
                              .keys = *keys ? keys : arena_printf(&h->arena, ":%s", word),
                              .text = action_help(i, &h->arena)});
}

/* Commands of procedure stand apart from what moves and edits; what is possible comes first. */
static void actions(struct lister *l, enum key_context context, bool of_case)
{
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < ACTION_COUNT; i++)
            if ((action_table[i].contexts >> context & 1u) &&
                (action_table[i].command != COMMAND_COUNT) == of_case &&
                is_possible(l->help, (enum action)i) == (pass == 0))
                action(l, context, (enum action)i);
}

/* Keys of one's own with an argument: `macro NAME`. */
static void bound(struct lister *l, enum key_context context)
{
    struct keymap_bound b;
    for (size_t i = 0; keymap_bound(context, i, &b); i++)
        if (b.action != ACTION_NONE)
            sign(l, THEME_KEY, b.keys,
                 arena_printf(&l->help->arena, ":%s %s", action_table[b.action].word, b.argument));
}

static void signs(struct lister *l)
{
    l->head = _("Signs");
    sign(l, THEME_OVERDUE, "!", _("overdue; the time has a minus"));
    sign(l, THEME_WARN, "0:42", _("much of the time is gone: first in amber, then in red"));
    sign(l, THEME_UNSENT, "^", _("something of it is not sent yet"));
    sign(l, THEME_DIM, "~", _("a draft waits"));
    sign(l, THEME_DIM, "&", _("open elsewhere just now: the case says by whom"));
    sign(l, THEME_DIM, "&&", _("somebody writes on it elsewhere just now"));
    sign(l, THEME_ERROR, "!!", _("the server refused something: see the conflicts"));
    sign(l, THEME_DIM, arena_printf(&l->help->arena, "%s3", draw_sign(SIGN_REPEAT)),
         _("the third order about it"));
    for (int k = 0; k < OBJECT_COUNT; k++)
        sign(l, THEME_DIM, queue_sign((enum object_kind)k), _(object_table[k].label));
    sign(l, THEME_WARN, "*", _("behind such a sign: it waits for you"));
    sign(l, THEME_WARN, "!", _("behind such a sign: the next level was told that it is late"));
    sign(l, THEME_DIM, "#2", _("in the call list: calls tried so far"));
    sign(l, THEME_DIM, "@", _("in the call list: when the message was sent"));
    sign(l, THEME_KEY, "1 ... 9", _("switch the view"));
}

void help_find(struct help *h, const char *text)
{
    struct lister l = {.help = h, .wanted = text};
    h->n = h->at = 0;
    h->scroll.first = 0;
    arena_reset(&h->arena);
    h->line = arena_array(&h->arena, LINES_MOST, sizeof *h->line);
    if (h->from == KEYS_QUEUE || h->from == KEYS_CASE) {
        l.head = _("To the case (-: not possible for you or not now; also as :WORD)");
        actions(&l, h->from, true);
    }
    for (int pass = 0; pass < 2; pass++) /* where one is comes first */
        for (int k = 0; k < KEYS_CONTEXTS; k++)
            if ((k == (int)h->from) == (pass == 0)) {
                l.head = _(place_table[k].label);
                actions(&l, (enum key_context)k, false);
                bound(&l, (enum key_context)k);
            }
    signs(&l);
    help_step(h, 0);
}
