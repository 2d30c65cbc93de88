/* app_read.c: what has changed, said line by line; app_draw.c for a terminal of lines. */
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include "tui/app_model.h"
#include "tui/linear.h"
#include <string.h>

static const char *prompt_label(const struct app *a, struct arena *arena)
{
    switch (a->prompt.kind) {
    case PROMPT_COMMAND:
        return ":";
    case PROMPT_FILTER:
        return _("Filter: ");
    case PROMPT_SEARCH:
        return "/";
    case PROMPT_HELP:
        return _("Find a key or what it does: ");
    case PROMPT_LATER:
        return _("Send at: ");
    case PROMPT_UNLOCK:
    case PROMPT_PASSWORD:
        return arena_printf(
            arena, "%s. %s",
            arena_printf(arena, _("User: %s"), option_text(a->c.config->options, OPT_USER)),
            _("Password: "));
    case PROMPT_ASK:
        return arena_printf(arena, "%s %s y: %s, n: %s", _("Sure?"), a->prompt.text, _("yes"),
                            _("no"));
    case PROMPT_NONE:
        break;
    }
    return "";
}

/* The line of the text that the cursor is in, and where in it; of a password its length only. */
static const char *typed_line(const struct editor *e, struct arena *arena, size_t *ret_at,
                              size_t *ret_line)
{
    const char *text = editor_text(e);
    size_t from = e->cursor, n;
    *ret_line = 0;
    if (e->kind == EDITOR_SECRET) {
        char stars[64];
        n = utf8_count(text, editor_len(e));
        n = n < sizeof stars ? n : sizeof stars;
        memset(stars, '*', n);
        *ret_at = n;
        return arena_strndup(arena, stars, n);
    }
    while (from > 0 && text[from - 1] != '\n')
        from--;
    for (size_t i = 0; i < from; i++)
        *ret_line += text[i] == '\n';
    *ret_at = e->cursor - from;
    return arena_strndup(arena, text + from, strcspn(text + from, "\n"));
}

static void read_top(struct app *a, struct reading *r)
{
    if (a->prompt.kind == PROMPT_NONE) {
        struct view *top = app_top(a);
        if (top->read)
            top->read(top->self, &a->c, r);
        return;
    }
    r->line = prompt_label(a, &a->c.scratch);
    r->at = reading_mix(4, r->line, strlen(r->line));
    if (a->prompt.kind != PROMPT_ASK)
        r->typed = &a->prompt.editor;
}

static void say_changes(struct app *a, const struct reading *r)
{
    struct arena *arena = &a->c.scratch;
    struct app_spoken *spoken = &a->spoken;
    if (r->place && r->place != spoken->place) {
        spoken->place = r->place;
        linear_say(arena, r->head);
    }
    if (a->lock.on)
        ; /* who is in the room hears nothing of the line and the work */
    else if (spoken->line != a->c.report.line || spoken->outbox != a->c.counts.outbox)
        linear_say(arena, frame_line(&a->c));
    spoken->line = a->c.report.line;
    spoken->outbox = a->c.counts.outbox;
    if (spoken->said != a->c.said && a->c.message[0])
        linear_say(arena, a->c.message);
    spoken->said = a->c.said;
}

void app_read(struct app *a)
{
    struct reading *r = &a->reading;
    struct app_spoken *spoken = &a->spoken;
    arena_reset(&a->c.scratch);
    r->head = r->line = "";
    r->at = r->place = 0;
    r->typed = NULL;
    read_top(a, r);
    say_changes(a, r);
    if (r->typed) {
        size_t at, line;
        const char *text = typed_line(r->typed, &a->c.scratch, &at, &line);
        r->at = reading_mix(r->at, &line, sizeof line);
        linear_type(&a->c.scratch, r->line, text, at, r->at != spoken->at);
    } else if (r->at != spoken->at || spoken->key) {
        linear_say(&a->c.scratch, r->line);
    }
    spoken->at = r->at;
    spoken->key = false;
}
