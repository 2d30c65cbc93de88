/* prompt_update.c: what keys do to a prompt. */
#include "tui/view/prompt.h"
#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include <string.h>

enum { PROMPT_BYTES = 1024 };

void prompt_init(struct prompt *p)
{
    memset(p, 0, sizeof *p);
    arena_init(&p->arena, 0);
    arena_init(&p->offers_arena, 0);
    arena_init(&p->place_arena, 0);
}

void prompt_open(struct prompt *p, enum prompt_kind kind, const char *text)
{
    prompt_close(p);
    p->kind = kind;
    p->text = text;
    if (kind == PROMPT_ASK)
        return;
    editor_init(&p->editor,
                kind == PROMPT_PASSWORD || kind == PROMPT_UNLOCK ? EDITOR_SECRET : EDITOR_LINE,
                PROMPT_BYTES);
    editor_set(&p->editor, text, strlen(text));
    editor_do(&p->editor, EDITOR_TEXT_END);
}

void prompt_close(struct prompt *p)
{
    if (p->kind != PROMPT_NONE && p->kind != PROMPT_ASK)
        editor_release(&p->editor);
    arena_release(&p->arena);
    arena_release(&p->offers_arena);
    arena_release(&p->place_arena);
    prompt_init(p);
}

enum key_context prompt_keys(const struct prompt *p)
{
    return p->kind == PROMPT_ASK ? KEYS_ASK : KEYS_LINE;
}

bool prompt_finds(const struct prompt *p)
{
    return p->kind == PROMPT_FILTER || p->kind == PROMPT_SEARCH;
}

void prompt_point(struct prompt *p, size_t at)
{
    editor_do(&p->editor, EDITOR_TEXT_START);
    for (size_t n = utf8_count(editor_text(&p->editor), at); n > 0; n--)
        editor_do(&p->editor, EDITOR_RIGHT);
}

/* Whole lines that a filter may become. */
static size_t complete_filter(struct prompt *p, struct console *c, const char *text)
{
    const struct filter_choice *list;
    size_t n, from;
    if (store_filter_complete(c->config->store, text, strlen(text), &p->arena, &list, &n, &from,
                              NULL) != ST_OK)
        return 0;
    if (n > COMMAND_LINE_MATCHES)
        n = COMMAND_LINE_MATCHES;
    for (size_t i = 0; i < n; i++) {
        p->match[i] = arena_printf(&p->arena, "%.*s%s", (int)from, text, list[i].word);
        p->meaning[i] = list[i].help;
    }
    return n;
}

/* What Tab changes of a line: "WORKING" of "handler:me state:WORKING", "state:" of "state:". */
static const char *last_word(const char *line)
{
    const char *last = line;
    for (const char *at = line; *at; at++)
        if (strchr(" (:,", *at) && at[1])
            last = at + 1;
    return last;
}

/* Which of how many stands in the line, what it means, and what the next Tab puts in. */
static void say_match(struct prompt *p, struct console *c)
{
    const char *meaning = p->meaning[p->at_match] ? p->meaning[p->at_match] : "";
    bool chinese = i18n_chinese();
    struct buf list;
    buf_init(&list, ERRMSG_SIZE);
    for (size_t i = 1; i < p->n_matches; i++) {
        size_t k = (p->at_match + i) % p->n_matches;
        const char *means = p->meaning[k] ? p->meaning[k] : "";
        buf_printf(&list, "%s%s%s%s%s", i > 1 ? i18n_mark(MARK_LIST, chinese) : "",
                   last_word(p->match[k]), *means ? i18n_mark(MARK_OPEN, chinese) : "", means,
                   *means ? i18n_mark(MARK_CLOSE, chinese) : "");
    }
    if (*meaning)
        console_say(c, THEME_DIM, _("%zu of %zu: %s. Tab again for %.*s"), p->at_match + 1,
                    p->n_matches, meaning, (int)list.len, list.data);
    else
        console_say(c, THEME_DIM, _("%zu of %zu. Tab again for %.*s"), p->at_match + 1,
                    p->n_matches, (int)list.len, list.data);
    buf_release(&list);
}

bool prompt_offers_more(const struct prompt *p)
{
    return p->n_matches > 1 && strcmp(editor_text(&p->editor), p->match[p->at_match]) == 0;
}

/* Tab puts in the first of what there is, each further one the next; behind the only one it looks what goes on from there. */
static void complete(struct prompt *p, struct console *c)
{
    const char *text = editor_text(&p->editor);
    bool going_on = prompt_offers_more(p);
    if (p->kind != PROMPT_COMMAND && !prompt_finds(p))
        return;
    if (going_on) {
        p->at_match = (p->at_match + 1) % p->n_matches;
    } else {
        arena_reset(&p->arena);
        memset(p->meaning, 0, sizeof p->meaning);
        p->n_matches = prompt_finds(p)
                           ? complete_filter(p, c, text)
                           : command_line_complete(text, &p->place, &p->arena, p->match);
        p->at_match = 0;
    }
    if (p->n_matches == 0) {
        console_say(c, THEME_WARN, "%s", _("Nothing begins like this."));
        return;
    }
    const char *whole = p->match[p->at_match];
    editor_set(&p->editor, whole, strlen(whole));
    editor_do(&p->editor, EDITOR_TEXT_END);
    if (p->n_matches == 1)
        c->message[0] = '\0';
    else
        say_match(p, c);
}

static const char open_word[] = "open ";

/* Cases by a part of their number. */
static void offer_cases(struct prompt *p, struct console *c, const char *digits)
{
    enum { CASES = 20 };
    struct query query = {
        .view = VIEW_ALL, .now_ms = console_now(c), .filter = digits, .order = ORDER_NEWEST};
    struct case_row *row;
    size_t n = 0;
    if (!*digits || strspn(digits, "0123456789-") != strlen(digits) ||
        store_page(c->config->store, &query, NULL, false, CASES, &p->offers_arena, &row, &n,
                   NULL) != ST_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        const char *title = !i18n_chinese() && *row[i].title_en ? row[i].title_en : row[i].title;
        p->offer[p->n_offers++] = (struct command_offer){
            .line = arena_printf(&p->offers_arena, "%s%s", open_word, row[i].number),
            .keys = "",
            .help = title};
    }
}

/* The list follows what is typed. */
static void offer(struct prompt *p, struct console *c)
{
    if (p->kind != PROMPT_COMMAND)
        return;
    arena_reset(&p->offers_arena);
    const char *text = editor_text(&p->editor);
    p->n_offers = command_line_offer(text, &p->place, &p->offers_arena, p->offer);
    if (strncmp(text, open_word, sizeof open_word - 1) == 0)
        offer_cases(p, c, text + sizeof open_word - 1);
    p->at_offer = 0;
    p->chosen = false;
    p->at_history = 0;
}

void prompt_open_line(struct prompt *p, struct console *c, const char *text,
                      const struct command_place *place, const struct history *history)
{
    prompt_open(p, PROMPT_COMMAND, text);
    p->history = history;
    p->place = *place;
    for (int i = 0; i < ACTION_COUNT; i++)
        if (p->place.why_not[i])
            p->place.why_not[i] = arena_strdup(&p->place_arena, p->place.why_not[i]);
    const char **macro = arena_array(&p->place_arena, place->n_macros + 1, sizeof *macro);
    p->place.n_macros = macro ? place->n_macros : 0;
    for (size_t i = 0; i < p->place.n_macros; i++)
        macro[i] = arena_strdup(&p->place_arena, place->macro[i]);
    p->place.macro = macro;
    offer(p, c);
}

static void set_text(struct prompt *p, const char *text)
{
    editor_set(&p->editor, text, strlen(text));
    editor_do(&p->editor, EDITOR_TEXT_END);
}

/* From an empty line Up goes back in what was typed before, Down forward again. */
static bool remember(struct prompt *p, struct console *c, enum editor_op op)
{
    size_t back = op == EDITOR_UP ? p->at_history + 1 : p->at_history - 1;
    bool begins = op == EDITOR_UP && editor_len(&p->editor) == 0 && !p->chosen;
    if (p->kind != PROMPT_COMMAND || !p->history || (op != EDITOR_UP && op != EDITOR_DOWN) ||
        (p->at_history == 0 && !begins))
        return false;
    const char *line = back ? history_line(p->history, back) : "";
    if (!line)
        return p->at_history > 0;
    set_text(p, line);
    offer(p, c);
    p->at_history = back;
    return true;
}

static bool choose(struct prompt *p, enum editor_op op)
{
    if (p->kind != PROMPT_COMMAND || p->n_offers == 0 || (op != EDITOR_UP && op != EDITOR_DOWN))
        return false;
    if (p->chosen)
        p->at_offer = (p->at_offer + (op == EDITOR_DOWN ? 1 : p->n_offers - 1)) % p->n_offers;
    else if (op == EDITOR_UP)
        p->at_offer = p->n_offers - 1;
    p->chosen = true;
    return true;
}

/* The chosen one into the line. True: it is whole and may be run. */
static bool take_chosen(struct prompt *p, struct console *c)
{
    char line[PROMPT_BYTES];
    if (!p->chosen)
        return true;
    size_t n = strlen(p->offer[p->at_offer].line);
    if (n >= sizeof line)
        return true;
    memcpy(line, p->offer[p->at_offer].line, n + 1);
    set_text(p, line);
    offer(p, c);
    return line[n - 1] != ' ';
}

enum prompt_result prompt_act(struct prompt *p, struct console *c, enum action action)
{
    enum editor_op op = action_editor_op(action);
    if (p->kind == PROMPT_ASK && scroll_act(&p->scroll, action))
        return PROMPT_GOES_ON;
    if (op != EDITOR_OP_COUNT) {
        if (op == EDITOR_BACKSPACE && editor_len(&p->editor) == 0 &&
            (p->kind == PROMPT_COMMAND || p->kind == PROMPT_SEARCH))
            return PROMPT_LEFT;
        if (remember(p, c, op) || choose(p, op))
            return PROMPT_GOES_ON;
        editor_do(&p->editor, op);
        offer(p, c);
        return PROMPT_GOES_ON;
    }
    switch (action) {
    case ACTION_ACCEPT:
        return take_chosen(p, c) ? PROMPT_DONE : PROMPT_GOES_ON;
    case ACTION_YES:
        return PROMPT_DONE;
    case ACTION_CANCEL:
    case ACTION_NO:
        return PROMPT_LEFT;
    case ACTION_COMPLETE:
        complete(p, c);
        offer(p, c);
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
    offer(p, c);
}
