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
     IN(TOUR) | IN(MANY) | KEPT | TOLD)
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
    } else if ((n == 3 && memcmp(name, "M-", 2) == 0) || (n == 5 && memcmp(name, "Alt-", 4) == 0)) {
        *ret = (struct key){.kind = KEY_KIND_ALT, .control = name[n - 1]};
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
    [KEYS_MANY] = {"many", N_("On the page of texts for many cases")},
    [KEYS_HELP] = {"help", N_("In the help")},
    [KEYS_TOUR] = {"tour", N_("In the tour")},
    [KEYS_FORM] = {"form", N_("In a form")},
    [KEYS_LINE] = {"line", N_("In the line at the bottom")},
    [KEYS_ASK] = {"ask", N_("At a question")},
};

enum {
    OWN_MOST = 256,
    OWN_KEYS = 120,
    OWN_ARGUMENT = 160,
    OWN_FROM = 200,
    EVERYWHERE = KEYS_CONTEXTS
};
/* Lines of the configuration, the newest last. */
static struct own {
    enum action action;
    int place;                   /* enum key_context or EVERYWHERE */
    char argument[OWN_ARGUMENT]; /* "" for the keys of the action itself */
    char keys[OWN_KEYS], from[OWN_FROM];
} own[OWN_MOST];
static size_t n_own;

/* The line that counts there: one for the place before one for all; NULL: that of the table does. */
static struct own *own_of(int place, enum action action)
{
    struct own *everywhere = NULL;
    for (size_t i = n_own; i > 0; i--) {
        struct own *o = &own[i - 1];
        if (o->action != action || *o->argument)
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
    size_t n = strcspn(*word, ". ");
    const char *point = *word + n;
    *ret = EVERYWHERE;
    if (*point != '.')
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
    size_t word_n = strcspn(word, " \t");
    char name[OWN_ARGUMENT];
    const char *argument = word + word_n + strspn(word + word_n, " \t");
    if (word_n >= sizeof name || strlen(argument) >= sizeof line.argument)
        return fail(err, ST_INVALID, _("%s: these are too many keys."), from);
    memcpy(name, word, word_n);
    name[word_n] = '\0';
    memcpy(line.argument, argument, strlen(argument) + 1);
    word = name;
    line.action = action_find(word);
    if (line.action == ACTION_NONE || action_table[line.action].contexts == 0)
        return fail(err, ST_INVALID, _("%s: nothing that has keys is called \"%.40s\"."), from,
                    word);
    if (line.place != EVERYWHERE && !(action_table[line.action].contexts >> line.place & 1u))
        return fail(err, ST_INVALID, _("%s: \"%.40s\" has no meaning in the place \"%s\"."), from,
                    word, place_table[line.place].word);
    if (*line.argument && !action_takes_argument(line.action))
        return fail(err, ST_INVALID, _("%s: \"%.40s\" takes nothing behind it."), from, word);
    bool more = !*line.argument && *value == '+' && value[1] != '\0';
    const char *list = more ? value + 1 : strcmp(value, "none") == 0 ? "" : value;
    for (const char *at = next_name(list, &n); n > 0; at = next_name(at + n, &n))
        if (!key_parse(at, n, &key))
            return fail(err, ST_INVALID,
                        _("%s: no key is called \"%.*s\"; such are F5, ^R, Alt-r, PgDn, x."), from,
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

static bool is_among(const char *keys, const struct key *key)
{
    size_t n;
    struct key one;
    for (const char *at = next_name(keys, &n); n > 0; at = next_name(at + n, &n))
        if (key_parse(at, n, &one) && same_key(&one, key))
            return true;
    return false;
}

static bool has_key(enum key_context context, enum action action, const struct key *key)
{
    return is_among(keymap_keys(context, action), key);
}

/* --- keys with an argument -------------------------------------------------------------------------- */

static bool counts_in(const struct own *o, enum key_context context)
{
    return *o->argument && (o->place == EVERYWHERE || o->place == (int)context) &&
           (action_table[o->action].contexts >> context & 1u);
}

/* The line of such a key, but for one; NULL: there is none. */
static const struct own *bound_to(enum key_context context, const struct key *key,
                                  const struct own *but)
{
    for (size_t i = 0; i < n_own; i++)
        if (&own[i] != but && counts_in(&own[i], context) && is_among(own[i].keys, key))
            return &own[i];
    return NULL;
}

const char *keymap_argument(enum key_context context, const struct key *key)
{
    struct key plain = TEXTS >> context & 1u ? *key : key_plain(key);
    const struct own *o = bound_to(context, &plain, NULL);
    return o ? o->argument : NULL;
}

bool keymap_bound(enum key_context context, size_t i, struct keymap_bound *ret)
{
    if (i >= n_own)
        return false;
    bool there = counts_in(&own[i], context);
    *ret = (struct keymap_bound){there ? own[i].action : ACTION_NONE, own[i].argument, own[i].keys};
    return true;
}

const char *action_help(enum action action, struct arena *a)
{
    const char *text = _(action_table[action].help);
    char *plain = arena_array(a, strlen(text) + 1, 1), *to = plain;
    if (!plain)
        return text;
    for (const char *from = text; *from; from++)
        if (*from != '`')
            *to++ = *from;
    *to = '\0';
    return plain;
}

bool action_takes_argument(enum action action)
{
    static const enum action list[] = {
        ACTION_VIEW,   ACTION_THEME,         ACTION_FILTER, ACTION_OPEN,          ACTION_SEARCH,
        ACTION_SORT,   ACTION_SAVE_FILE,     ACTION_GROUP,  ACTION_SAVE,          ACTION_COLUMNS,
        ACTION_UNSAVE, ACTION_TEMPLATE,      ACTION_PRINT,  ACTION_KEEP_TEMPLATE, ACTION_MACRO,
        ACTION_OPENED, ACTION_PRINT_WHISTLES};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (list[i] == action)
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

/* The same of a line with an argument, whose keys stand beside those of the actions. */
static enum action bound_clashes(enum key_context context, const struct own *line,
                                 const char **ret_key, size_t *ret_n)
{
    struct key key;
    for (const char *at = next_name(line->keys, ret_n); *ret_n > 0;
         at = next_name(at + *ret_n, ret_n)) {
        if (!key_parse(at, *ret_n, &key))
            continue;
        *ret_key = at;
        const struct own *same = bound_to(context, &key, line);
        if (same && same < line)
            return same->action;
        for (int other = 0; other < ACTION_COUNT; other++)
            if ((action_table[other].contexts >> context & 1u) &&
                has_key(context, (enum action)other, &key))
                return (enum action)other;
    }
    return ACTION_NONE;
}

static bool undo_bound_clash(struct errmsg *err)
{
    for (int k = 0; k < KEYS_CONTEXTS; k++)
        for (size_t i = n_own; i > 0; i--) {
            struct own *line = &own[i - 1];
            const char *key;
            size_t n;
            enum action other = !counts_in(line, (enum key_context)k)
                                    ? ACTION_NONE
                                    : bound_clashes((enum key_context)k, line, &key, &n);
            if (other == ACTION_NONE)
                continue;
            fail(err, ST_INVALID,
                 _("%s: %.*s is the key of %s as well (place: %s); the line is passed over."),
                 line->from, (int)n, key, action_table[other].word, place_table[k].word);
            memmove(line, line + 1, (n_own - i) * sizeof *line);
            n_own--;
            return true;
        }
    return false;
}

/* The line goes, and with it what an earlier one said of the same: the usual keys stay. */
static void forget(const struct own *line)
{
    struct own gone = *line;
    size_t kept = 0;
    for (size_t i = 0; i < n_own; i++)
        if (own[i].action != gone.action || own[i].place != gone.place || *own[i].argument)
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
            if (!(action_table[action].contexts >> k & 1u) || *own[i].argument ||
                own_of(k, action) != &own[i])
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
    return undo_bound_clash(err);
}

enum action keymap_find(enum key_context context, const struct key *typed)
{
    struct key plain = TEXTS >> context & 1u ? *typed : key_plain(typed);
    const struct own *bound = n_own > 0 ? bound_to(context, &plain, NULL) : NULL;
    if (bound)
        return bound->action;
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

/* Whatever gives a command, answers one, or writes or deletes a text. What is new and changes something belongs here; a
 * test gives every action to a console that only looks. */
bool action_changes(enum action action)
{
    switch (action) {
    case ACTION_WRITE:
    case ACTION_TEMPLATE:
    case ACTION_KEEP_TEMPLATE:
    case ACTION_UNDO:
    case ACTION_TAKE_BACK:
    case ACTION_TAKE_ONE:
    case ACTION_SEND_ALL:
    case ACTION_WRITE_ONE:
    case ACTION_OTHER_TEMPLATE:
    case ACTION_MACRO:
    case ACTION_GO_ON:
    case ACTION_DROP_DRAFT:
    case ACTION_NEW_DRAFT:
    case ACTION_EDITOR:
    case ACTION_CONFIRM:
    case ACTION_SEND_LATER:
    case ACTION_LINK_THIS:
    case ACTION_MERGE_THIS:
    case ACTION_RESEND:
    case ACTION_TO_NOTE:
    case ACTION_TO_DRAFT:
    case ACTION_DROP:
    case ACTION_KEEP_SHEET:
    case ACTION_SEEN_SHEET:
        return true;
    default:
        return action < ACTION_COUNT && action_table[action].command != COMMAND_COUNT;
    }
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
