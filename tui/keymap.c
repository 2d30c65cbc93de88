#include "tui/keymap.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include <stdio.h>
#include <string.h>

enum { COMMAND_NONE = COMMAND_COUNT };

#define IN(context) (1u << KEYS_##context)
#define LISTS (IN(QUEUE) | IN(CASE))
#define KEPT (IN(OUTBOX) | IN(DRAFTS) | IN(MESSAGES) | IN(OPENED))
#define TOLD (IN(HANDOVER) | IN(NOTICES))
#define PAGES                                                                                      \
    (IN(QUEUE) | IN(CASE) | IN(CONFLICTS) | IN(CLOCKS) | IN(SIMILAR) | IN(FILES) | IN(HELP) |      \
     IN(TOUR) | KEPT | TOLD)
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
const struct place_row place_table[KEYS_CONTEXTS] = {
    [KEYS_QUEUE] = {"queue", N_("In the queue")},
    [KEYS_CASE] = {"case", N_("On the page of a case")},
    [KEYS_CONFLICTS] = {"conflicts", N_("In the conflicts")},
    [KEYS_CLOCKS] = {"clocks", N_("In the clocks of a case")},
    [KEYS_SIMILAR] = {"similar", N_("In the list of similar cases")},
    [KEYS_FILES] = {"files", N_("In the list of files")},
    [KEYS_OUTBOX] = {"outbox", N_("In the list of unsent commands")},
    [KEYS_DRAFTS] = {"drafts", N_("In the list of drafts")},
    [KEYS_MESSAGES] = {"messages", N_("In the list of messages")},
    [KEYS_OPENED] = {"opened", N_("In the list of cases at hand")},
    [KEYS_HANDOVER] = {"handover", N_("On the handover sheet")},
    [KEYS_NOTICES] = {"notices", N_("In the list of notices")},
    [KEYS_HELP] = {"help", N_("In the help")},
    [KEYS_TOUR] = {"tour", N_("In the tour")},
    [KEYS_FORM] = {"form", N_("In a form")},
    [KEYS_LINE] = {"line", N_("In the line at the bottom")},
    [KEYS_ASK] = {"ask", N_("At a question")},
};

enum { OWN_MOST = 256, OWN_KEYS = 120, OWN_FROM = 200, EVERYWHERE = KEYS_CONTEXTS };
/* Lines of the configuration, the newest last. */
static struct own {
    enum action action;
    int place; /* enum key_context or EVERYWHERE */
    char keys[OWN_KEYS], from[OWN_FROM];
} own[OWN_MOST];
static size_t n_own;

/* The line that counts there: one for the place before one for all; NULL: that of the table does. */
static struct own *own_of(int place, enum action action)
{
    struct own *everywhere = NULL;
    for (size_t i = n_own; i > 0; i--) {
        struct own *o = &own[i - 1];
        if (o->action != action)
            continue;
        if (o->place == place)
            return o;
        if (o->place == EVERYWHERE && !everywhere)
            everywhere = o;
    }
    return everywhere;
}

const char *keymap_keys(enum key_context context, enum action action)
{
    const struct own *o = n_own > 0 ? own_of((int)context, action) : NULL;
    return o ? o->keys : action_table[action].keys;
}

void keymap_reset(void)
{
    n_own = 0;
}

/* The next name of a list; *ret_n 0 at its end. */
static const char *next_name(const char *keys, size_t *ret_n)
{
    keys += strspn(keys, " \t");
    *ret_n = strcspn(keys, " \t");
    return keys;
}

/* "case.sync": the place before the point. */
static enum status find_place(const char **word, int *ret, const char *from, struct errmsg *err)
{
    const char *point = strchr(*word, '.');
    *ret = EVERYWHERE;
    if (!point)
        return ST_OK;
    for (int k = 0; k < KEYS_CONTEXTS; k++)
        if (strlen(place_table[k].word) == (size_t)(point - *word) &&
            strncmp(place_table[k].word, *word, (size_t)(point - *word)) == 0)
            *ret = k;
    if (*ret == EVERYWHERE)
        return fail(err, ST_INVALID,
                    _("%s: no place is called \"%.*s\"; such are queue, case, form, line."), from,
                    (int)(point - *word < 40 ? point - *word : 40), *word);
    *word = point + 1;
    return ST_OK;
}

enum status keymap_set(const char *word, const char *value, const char *from, struct errmsg *err)
{
    struct own line = {.keys = ""};
    struct key key;
    size_t n;
    enum status st = find_place(&word, &line.place, from, err);
    if (st != ST_OK)
        return st;
    line.action = action_find(word);
    if (line.action == ACTION_NONE || action_table[line.action].contexts == 0)
        return fail(err, ST_INVALID, _("%s: nothing that has keys is called \"%.40s\"."), from,
                    word);
    if (line.place != EVERYWHERE && !(action_table[line.action].contexts >> line.place & 1u))
        return fail(err, ST_INVALID, _("%s: \"%.40s\" has no meaning in the place \"%s\"."), from,
                    word, place_table[line.place].word);
    bool more = *value == '+' && value[1] != '\0';
    const char *list = more ? value + 1 : strcmp(value, "none") == 0 ? "" : value;
    for (const char *at = next_name(list, &n); n > 0; at = next_name(at + n, &n))
        if (!key_parse(at, n, &key))
            return fail(err, ST_INVALID,
                        _("%s: no key is called \"%.*s\"; such are F5, ^R, M-r, PgDn, x."), from,
                        (int)(n < 40 ? n : 40), at);
    const struct own *old = own_of(line.place, line.action);
    const char *before = !more ? "" : old ? old->keys : action_table[line.action].keys;
    snprintf(line.from, sizeof line.from, "%s", from);
    if (n_own == OWN_MOST ||
        snprintf(line.keys, sizeof line.keys, "%s%s%s", before, *before ? " " : "",
                 list + strspn(list, " \t")) >= (int)sizeof line.keys)
        return fail(err, ST_INVALID, _("%s: these are too many keys."), from);
    own[n_own++] = line;
    return ST_OK;
}

static bool has_key(enum key_context context, enum action action, const struct key *key)
{
    size_t n;
    struct key one;
    for (const char *at = next_name(keymap_keys(context, action), &n); n > 0;
         at = next_name(at + n, &n))
        if (key_parse(at, n, &one) && same_key(&one, key))
            return true;
    return false;
}

/* Another action that has one of its keys in that place. */
static enum action clashes(enum key_context context, enum action action, const char **ret_key,
                           size_t *ret_n)
{
    struct key key;
    for (const char *at = next_name(keymap_keys(context, action), ret_n); *ret_n > 0;
         at = next_name(at + *ret_n, ret_n))
        for (int other = 0; other < ACTION_COUNT && key_parse(at, *ret_n, &key); other++)
            if (other != (int)action && (action_table[other].contexts >> context & 1u) &&
                has_key(context, (enum action)other, &key)) {
                *ret_key = at;
                return (enum action)other;
            }
    return ACTION_NONE;
}

/* The line goes, and with it what an earlier one said of the same: the usual keys stay. */
static void forget(const struct own *line)
{
    struct own gone = *line;
    size_t kept = 0;
    for (size_t i = 0; i < n_own; i++)
        if (own[i].action != gone.action || own[i].place != gone.place)
            own[kept++] = own[i];
    n_own = kept;
}

bool keymap_undo_clash(struct errmsg *err)
{
    for (int k = 0; k < KEYS_CONTEXTS; k++)
        for (size_t i = 0; i < n_own; i++) {
            enum action action = own[i].action;
            const char *key;
            size_t n;
            if (!(action_table[action].contexts >> k & 1u) || own_of(k, action) != &own[i])
                continue;
            enum action other = clashes((enum key_context)k, action, &key, &n);
            if (other == ACTION_NONE)
                continue;
            fail(err, ST_INVALID,
                 _("%s: %.*s is the key of %s as well (place: %s); %s has its usual keys."),
                 own[i].from, (int)n, key, action_table[other].word, place_table[k].word,
                 action_table[action].word);
            forget(&own[i]);
            return true;
        }
    return false;
}

enum action keymap_find(enum key_context context, const struct key *typed)
{
    struct key plain = TEXTS >> context & 1u ? *typed : key_plain(typed);
    for (int i = 0; i < ACTION_COUNT; i++)
        if ((action_table[i].contexts >> context & 1u) && has_key(context, (enum action)i, &plain))
            return (enum action)i;
    return ACTION_NONE;
}

const char *keymap_first_key(enum key_context context, enum action action, struct arena *a)
{
    const char *keys = keymap_keys(context, action);
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
