#include "tui/keymap.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include <stdio.h>
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

struct key key_plain(const struct key *key)
{
    static const char ascii[] =
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
        "abcdefghijklmnopqrstuvwxyz{|}~";
    static const struct {
        uint32_t from;
        char to;
    } sign[] = {{0x3000, ' '}, {0x3001, '/'}, {0x3002, '.'}, {0x300a, '<'},
                {0x300b, '>'}, {0x3010, '['}, {0x3011, ']'}};
    struct key plain = *key;
    uint32_t c;
    char to = '\0';
    if (key->kind != KEY_KIND_TEXT || utf8_decode(key->text, key->len, &c) != key->len)
        return plain;
    if (c >= 0xff01 && c <= 0xff5e)
        to = (char)(c - 0xff01 + '!');
    for (size_t i = 0; i < sizeof sign / sizeof *sign; i++)
        if (c == sign[i].from)
            to = sign[i].to;
    if (to) {
        plain.text = &ascii[to - ' '];
        plain.len = 1;
    }
    return plain;
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

/* --- keys of one's own ------------------------------------------------------------------------------ */
enum { OWN_MOST = 120 };
static struct {
    bool set;
    char keys[OWN_MOST];
} own[ACTION_COUNT];

const char *keymap_keys(enum action action)
{
    return own[action].set ? own[action].keys : action_table[action].keys;
}

void keymap_reset(void)
{
    memset(own, 0, sizeof own);
}

/* The next name of a list; *ret_n 0 at its end. */
static const char *next_name(const char *keys, size_t *ret_n)
{
    keys += strspn(keys, " \t");
    *ret_n = strcspn(keys, " \t");
    return keys;
}

enum status keymap_set(const char *word, const char *value, const char *from, struct errmsg *err)
{
    enum action action = action_find(word);
    struct key key;
    size_t n;
    bool more = *value == '+' && (value[1] == ' ' || value[1] == '\0');
    if (action == ACTION_NONE || action_table[action].contexts == 0)
        return fail(err, ST_INVALID, _("%s: nothing that has keys is called \"%.40s\"."), from,
                    word);
    const char *before = more ? keymap_keys(action) : "";
    const char *list = more ? value + 1 : value;
    if (strcmp(list, "none") == 0)
        list = "";
    for (const char *at = next_name(list, &n); n > 0; at = next_name(at + n, &n))
        if (!key_parse(at, n, &key))
            return fail(err, ST_INVALID,
                        _("%s: no key is called \"%.*s\"; such are F5, ^R, M-r, PgDn, x."), from,
                        (int)(n < 40 ? n : 40), at);
    char text[OWN_MOST];
    if (snprintf(text, sizeof text, "%s%s%s", before, *before ? " " : "",
                 list + strspn(list, " \t")) >= (int)sizeof text)
        return fail(err, ST_INVALID, _("%s: these are too many keys."), from);
    memcpy(own[action].keys, text, sizeof text);
    own[action].set = true;
    return ST_OK;
}

static bool has_key(enum action action, const struct key *key)
{
    size_t n;
    struct key one;
    for (const char *at = next_name(keymap_keys(action), &n); n > 0; at = next_name(at + n, &n))
        if (key_parse(at, n, &one) && same_key(&one, key))
            return true;
    return false;
}

/* Another action with one of its keys, somewhere where both count. */
static enum action clashes(enum action action, const char **ret_key, size_t *ret_n)
{
    struct key key;
    for (const char *at = next_name(keymap_keys(action), ret_n); *ret_n > 0;
         at = next_name(at + *ret_n, ret_n))
        for (int other = 0; other < ACTION_COUNT && key_parse(at, *ret_n, &key); other++)
            if (other != (int)action &&
                (action_table[other].contexts & action_table[action].contexts) &&
                has_key((enum action)other, &key)) {
                *ret_key = at;
                return (enum action)other;
            }
    return ACTION_NONE;
}

bool keymap_undo_clash(struct errmsg *err)
{
    for (int i = 0; i < ACTION_COUNT; i++) {
        const char *key;
        size_t n;
        enum action other = own[i].set ? clashes((enum action)i, &key, &n) : ACTION_NONE;
        if (other == ACTION_NONE)
            continue;
        fail(err, ST_INVALID,
             _("[keys] %s = %.*s is the key of %s as well; %s has its usual keys."),
             action_table[i].word, (int)n, key, action_table[other].word, action_table[i].word);
        own[i].set = false;
        return true;
    }
    return false;
}

enum action keymap_find(enum key_context context, const struct key *typed)
{
    struct key plain = TEXTS >> context & 1u ? *typed : key_plain(typed);
    const struct key *key = &plain;
    for (int i = 0; i < ACTION_COUNT; i++) {
        const char *keys = keymap_keys((enum action)i);
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
    const char *keys = keymap_keys(action);
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
