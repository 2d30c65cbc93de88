/* prompt_update.c: what keys do to a prompt. */
#include "tui/view/prompt.h"
#include "core/base/buf.h"
#include "core/base/i18n.h"
#include <string.h>

enum { PROMPT_BYTES = 1024 };

void prompt_init(struct prompt *p)
{
    memset(p, 0, sizeof *p);
    arena_init(&p->arena, 0);
}

void prompt_open(struct prompt *p, enum prompt_kind kind, const char *text)
{
    prompt_close(p);
    p->kind = kind;
    p->text = text;
    if (kind == PROMPT_ASK)
        return;
    editor_init(&p->editor, kind == PROMPT_PASSWORD ? EDITOR_SECRET : EDITOR_LINE, PROMPT_BYTES);
    editor_set(&p->editor, text, strlen(text));
    editor_do(&p->editor, EDITOR_TEXT_END);
}

void prompt_close(struct prompt *p)
{
    if (p->kind != PROMPT_NONE && p->kind != PROMPT_ASK)
        editor_release(&p->editor);
    arena_release(&p->arena);
    prompt_init(p);
}

enum key_context prompt_keys(const struct prompt *p)
{
    return p->kind == PROMPT_ASK ? KEYS_ASK : KEYS_LINE;
}

/* The first Tab shows what there is, each further one puts in the next. */
static void complete(struct prompt *p, struct console *c)
{
    const char *text = editor_text(&p->editor);
    bool going_on = p->n_matches > 0 && strcmp(text, p->match[p->at_match]) == 0;
    if (p->kind != PROMPT_COMMAND)
        return;
    if (going_on) {
        p->at_match = (p->at_match + 1) % p->n_matches;
    } else {
        arena_reset(&p->arena);
        p->n_matches = command_line_complete(text, console_role(c), &p->arena, p->match);
        p->at_match = 0;
    }
    if (p->n_matches == 0) {
        console_say(c, THEME_WARN, "%s", _("Nothing begins like this."));
        return;
    }
    const char *whole = p->match[p->at_match];
    editor_set(&p->editor, whole, strlen(whole));
    editor_do(&p->editor, EDITOR_TEXT_END);
    if (p->n_matches == 1) {
        c->message[0] = '\0';
        return;
    }
    struct buf list;
    buf_init(&list, ERRMSG_SIZE);
    for (size_t i = 0; i < p->n_matches; i++) /* from the one that stands in the line on */
        buf_printf(&list, "%s%s", i ? "  " : "", p->match[(p->at_match + i) % p->n_matches]);
    console_say(c, THEME_DIM, "%.*s", (int)list.len, list.data);
    buf_release(&list);
}

enum prompt_result prompt_act(struct prompt *p, struct console *c, enum action action)
{
    enum editor_op op = action_editor_op(action);
    if (op != EDITOR_OP_COUNT) {
        if (op == EDITOR_BACKSPACE && editor_len(&p->editor) == 0 && p->kind == PROMPT_COMMAND)
            return PROMPT_LEFT;
        editor_do(&p->editor, op);
        return PROMPT_GOES_ON;
    }
    switch (action) {
    case ACTION_ACCEPT:
    case ACTION_YES:
        return PROMPT_DONE;
    case ACTION_CANCEL:
    case ACTION_NO:
        return PROMPT_LEFT;
    case ACTION_COMPLETE:
        complete(p, c);
        return PROMPT_GOES_ON;
    default:
        return PROMPT_GOES_ON;
    }
}

void prompt_type(struct prompt *p, struct console *c, const struct key *key)
{
    if (p->kind == PROMPT_ASK || (key->kind != KEY_KIND_TEXT && key->kind != KEY_KIND_PASTE))
        return;
    if (editor_insert(&p->editor, key->text, key->len, key->kind == KEY_KIND_PASTE) > 0)
        console_say(c, THEME_WARN, "%s", _("Not all of it fits in this line."));
}
