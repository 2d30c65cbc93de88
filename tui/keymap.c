#include "tui/keymap.h"
#include "core/base/i18n.h"
#include <string.h>

enum { COMMAND_NONE = COMMAND_COUNT };

#define IN(context) (1u << KEYS_##context)
#define LISTS (IN(QUEUE) | IN(CASE))
#define PAGES (IN(QUEUE) | IN(CASE) | IN(CONFLICTS) | IN(CLOCKS) | IN(SIMILAR) | IN(HELP))
#define TEXTS (IN(FORM) | IN(LINE))

const struct action_row action_table[ACTION_COUNT] = {
#define ACTION(id, word, contexts, keys, command, ask, hint, help)                                 \
    {word, contexts, keys, (enum command_type)COMMAND_##command, ask, hint, help},
#include "tui/actions.def"
#undef ACTION
};

static const struct {
    const char *name;
    enum key_kind kind;
} named[] = {
    {"Enter", KEY_KIND_ENTER},       {"Esc", KEY_KIND_ESCAPE},   {"Tab", KEY_KIND_TAB},
    {"BackTab", KEY_KIND_BACK_TAB},  {"Up", KEY_KIND_UP},        {"Down", KEY_KIND_DOWN},
    {"Left", KEY_KIND_LEFT},         {"Right", KEY_KIND_RIGHT},  {"^Left", KEY_KIND_WORD_LEFT},
    {"^Right", KEY_KIND_WORD_RIGHT}, {"PgUp", KEY_KIND_PAGE_UP}, {"PgDn", KEY_KIND_PAGE_DOWN},
    {"Home", KEY_KIND_HOME},         {"End", KEY_KIND_END},      {"Backspace", KEY_KIND_BACKSPACE},
    {"Del", KEY_KIND_DELETE},
};

bool key_parse(const char *name, size_t n, struct key *ret)
{
    *ret = (struct key){.kind = KEY_KIND_NONE};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strlen(named[i].name) == n && memcmp(named[i].name, name, n) == 0) {
            ret->kind = named[i].kind;
            return true;
        }
    if (n == 5 && memcmp(name, "Space", n) == 0) {
        *ret = (struct key){.kind = KEY_KIND_TEXT, .text = " ", .len = 1};
    } else if (n == 1) {
        *ret = (struct key){.kind = KEY_KIND_TEXT, .text = name, .len = 1};
    } else if (n == 2 && name[0] == '^') {
        *ret = (struct key){.kind = KEY_KIND_CONTROL, .control = name[1]};
    } else if (n == 3 && name[0] == 'M' && name[1] == '-') {
        *ret = (struct key){.kind = KEY_KIND_ALT, .control = name[2]};
    } else if ((n == 2 || n == 3) && name[0] == 'F' && name[1] >= '1' && name[1] <= '9') {
        int number = name[1] - '0';
        if (n == 3)
            number = number * 10 + name[2] - '0';
        if (number < 1 || number > 12)
            return false;
        *ret = (struct key){.kind = KEY_KIND_FUNCTION, .control = (char)number};
    } else {
        return false;
    }
    return true;
}

static bool same_key(const struct key *a, const struct key *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == KEY_KIND_TEXT)
        return a->len == 1 && b->len == 1 && a->text[0] == b->text[0];
    if (a->kind == KEY_KIND_CONTROL || a->kind == KEY_KIND_ALT || a->kind == KEY_KIND_FUNCTION)
        return a->control == b->control;
    return true;
}

enum action keymap_find(enum key_context context, const struct key *key)
{
    for (int i = 0; i < ACTION_COUNT; i++) {
        const char *keys = action_table[i].keys;
        if (!(action_table[i].contexts >> context & 1u))
            continue;
        while (*keys) {
            struct key one;
            size_t n = strcspn(keys, " ");
            if (key_parse(keys, n, &one) && same_key(&one, key))
                return (enum action)i;
            keys += n;
            keys += strspn(keys, " ");
        }
    }
    return ACTION_NONE;
}

const char *keymap_first_key(enum action action, struct arena *a)
{
    const char *keys = action_table[action].keys;
    return arena_strndup(a, keys, strcspn(keys, " "));
}

enum action action_find(const char *word)
{
    for (int i = 0; i < ACTION_COUNT; i++)
        if (strcmp(action_table[i].word, word) == 0)
            return (enum action)i;
    enum command_type type = command_find(word);
    return type == COMMAND_COUNT ? ACTION_NONE : action_of_command(type);
}

enum action action_of_command(enum command_type type)
{
    for (int i = 0; i < ACTION_COUNT; i++)
        if (action_table[i].command == type)
            return (enum action)i;
    return ACTION_NONE;
}

enum editor_op action_editor_op(enum action action)
{
    switch (action) {
#define OP(id)                                                                                     \
    case ACTION_EDIT_##id:                                                                         \
        return EDITOR_##id
        OP(LEFT);
        OP(RIGHT);
        OP(UP);
        OP(DOWN);
        OP(WORD_LEFT);
        OP(WORD_RIGHT);
        OP(LINE_START);
        OP(LINE_END);
        OP(TEXT_START);
        OP(TEXT_END);
        OP(PAGE_UP);
        OP(PAGE_DOWN);
        OP(NEWLINE);
        OP(BACKSPACE);
        OP(DELETE);
        OP(DELETE_WORD);
        OP(DELETE_TO_END);
        OP(UNDO);
        OP(REDO);
#undef OP
    default:
        return EDITOR_OP_COUNT;
    }
}
