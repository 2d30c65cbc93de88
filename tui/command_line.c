#include "tui/command_line.h"
#include "core/base/i18n.h"
#include "core/case/workflow.h"
#include "core/store/store.h"
#include "tui/theme.h"
#include "tui/view/columns.h"
#include <string.h>

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " ");
}

/* What edits or answers makes no sense as a word; what a form can do does. */
static bool is_word(enum action action)
{
    const struct action_row *row = &action_table[action];
    unsigned texts = 1u << KEYS_LINE | 1u << KEYS_ASK;
    return row->command != COMMAND_COUNT || row->contexts == 0 ||
           ((row->contexts & ~texts) != 0 && action_editor_op(action) == EDITOR_OP_COUNT);
}

/* Not what only a form can do, elsewhere: no reason but the place would have to be told. */
static bool is_offered(enum action action, const struct command_place *place)
{
    unsigned contexts = action_table[action].contexts;
    return is_word(action) && (contexts != 1u << KEYS_FORM || place->keys == KEYS_FORM);
}

static const char *word_of(enum action action)
{
    const struct action_row *row = &action_table[action];
    return row->command != COMMAND_COUNT ? command_table[row->command].word : row->word;
}

enum status command_line_parse(const char *line, struct arena *a, struct command_line *ret,
                               struct errmsg *err)
{
    line = skip_blanks(line);
    size_t n = strcspn(line, " ");
    if (n == 0)
        return fail(err, ST_NOT_FOUND, "empty");
    const char *word = arena_strndup(a, line, n), *rest = skip_blanks(line + n);
    size_t len = strlen(rest);
    while (len > 0 && rest[len - 1] == ' ')
        len--;
    *ret = (struct command_line){action_find(word), arena_strndup(a, rest, len)};
    if (ret->action == ACTION_NONE || !is_word(ret->action))
        return fail(err, ST_INVALID, _("There is no \"%s\". Tab shows the words there are."), word);
    if (len > 0 && !action_takes_argument(ret->action))
        return fail(err, ST_INVALID, _("\"%s\" takes nothing after it, but there is \"%s\"."), word,
                    ret->argument);
    return ST_OK;
}

bool command_line_role_may(enum role role, enum action action)
{
    enum command_type type = action_table[action].command;
    for (size_t i = 0; type != COMMAND_COUNT && i < workflow_rows; i++)
        for (int k = 0; workflow_table[i].command == type && k < WORKFLOW_RIGHTS; k++)
            if (workflow_table[i].rights[k].role == role)
                return true;
    return type == COMMAND_COUNT;
}

struct matches {
    const char *line, **list;
    size_t n;
    struct arena *a;
};

static void match(struct matches *m, const char *head, const char *word)
{
    const char *whole = arena_printf(m->a, "%s%s", head, word);
    if (m->n < COMMAND_LINE_MATCHES && strncmp(whole, m->line, strlen(m->line)) == 0)
        m->list[m->n++] = whole;
}

static void match_saved(struct matches *m, const char *head, const struct command_place *place,
                        bool changeable)
{
    for (size_t i = 0; place->saved && i < place->saved->n; i++)
        if (!changeable || !*place->saved->view[i].from)
            match(m, head, place->saved->view[i].name);
}

/* One more word behind those that are whole; none twice. */
static void match_columns(struct matches *m)
{
    const char *last = strrchr(m->line, ' ') + 1;
    const char *head = arena_strndup(m->a, m->line, (size_t)(last - m->line));
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (!strstr(head, arena_printf(m->a, " %s ", column_table[i].word)))
            match(m, head, column_table[i].word);
}

static const char *whole_of(enum action action, struct arena *a)
{
    return arena_printf(a, "%s%s", word_of(action), action_takes_argument(action) ? " " : "");
}

size_t command_line_complete(const char *line, const struct command_place *place, struct arena *a,
                             const char **ret)
{
    struct matches m = {.line = skip_blanks(line), .list = ret, .a = a};
    if (!strchr(m.line, ' ')) {
        for (int pass = 0; pass < 2; pass++)
            for (int i = 0; i < ACTION_COUNT; i++)
                if (is_offered((enum action)i, place) && (place->why_not[i] != NULL) == pass)
                    match(&m, "", whole_of((enum action)i, a));
    } else if (strncmp(m.line, "view ", 5) == 0) {
        const enum view_id *list;
        size_t n = store_views(place->role, &list);
        for (size_t i = 0; i < n; i++)
            match(&m, "view ", view_table[list[i]].word);
        match_saved(&m, "view ", place, false);
    } else if (strncmp(m.line, "columns ", 8) == 0) {
        match_columns(&m);
    } else if (strncmp(m.line, "save ", 5) == 0) {
        match_saved(&m, "save ", place, true);
    } else if (strncmp(m.line, "unsave ", 7) == 0) {
        match_saved(&m, "unsave ", place, true);
    } else if (strncmp(m.line, "sort ", 5) == 0) {
        for (int i = 0; i < ORDER_COUNT; i++)
            match(&m, "sort ", order_table[i].word);
    } else if (strncmp(m.line, "group ", 6) == 0) {
        for (int i = 0; i < GROUP_COUNT; i++)
            match(&m, "group ", group_table[i].word);
    } else if (strncmp(m.line, "template ", 9) == 0) {
        static const char *const job[] = {"new ", "new office ", "edit ", "delete "};
        for (size_t i = 0; i < sizeof job / sizeof *job; i++)
            match(&m, "template ", job[i]);
    } else if (strncmp(m.line, "macro ", 6) == 0) {
        for (size_t i = 0; i < place->n_macros; i++)
            match(&m, "macro ", place->macro[i]);
    } else if (strncmp(m.line, "theme ", 6) == 0) {
        const char *names[THEME_NAMES_MAX];
        size_t n = theme_names(a, names);
        for (size_t i = 0; i < n; i++)
            match(&m, "theme ", names[i]);
    }
    return m.n;
}

enum { RANK_IS, RANK_BEGINS, RANK_PART, RANK_NOT_HERE, RANKS, RANK_NONE = RANKS };

static int rank(enum action action, const char *typed, const struct command_place *place)
{
    const char *word = word_of(action);
    enum command_type type = action_table[action].command;
    bool begins = strncmp(word, typed, strlen(typed)) == 0;
    bool part = begins || strstr(word, typed) ||
                (type != COMMAND_COUNT && strcasestr(_(command_table[type].label), typed)) ||
                strcasestr(_(action_table[action].help), typed);
    if (!part)
        return RANK_NONE;
    if (place->why_not[action])
        return RANK_NOT_HERE;
    return strcmp(word, typed) == 0 ? RANK_IS : begins ? RANK_BEGINS : RANK_PART;
}

/* What an argument means, if the tables know. */
static const char *meaning(const char *line, const char *word)
{
    for (int i = 0; i < COLUMN_COUNT && strncmp(line, "columns ", 8) == 0; i++)
        if (strcmp(column_table[i].word, word) == 0)
            return _(column_table[i].head);
    for (int g = 0; g < GROUP_COUNT && strncmp(line, "group ", 6) == 0; g++)
        if (strcmp(group_table[g].word, word) == 0)
            return _(group_table[g].label);
    for (int v = 0; v < VIEW_COUNT; v++)
        if (strcmp(view_table[v].word, word) == 0)
            return _(view_table[v].label);
    for (int o = 0; o < ORDER_COUNT; o++)
        if (strcmp(order_table[o].word, word) == 0)
            return _(order_table[o].label);
    return "";
}

size_t command_line_offer(const char *line, const struct command_place *place, struct arena *a,
                          struct command_offer *ret)
{
    const char *typed = skip_blanks(line), *whole[COMMAND_LINE_MATCHES];
    size_t n = 0;
    if (!strchr(typed, ' ')) {
        for (int r = 0; r < RANKS; r++)
            for (int i = 0; i < ACTION_COUNT && n < COMMAND_LINE_MATCHES; i++)
                if (is_offered((enum action)i, place) && rank((enum action)i, typed, place) == r)
                    ret[n++] =
                        (struct command_offer){.line = whole_of((enum action)i, a),
                                               .keys = keymap_keys(place->keys, (enum action)i),
                                               .help = action_help((enum action)i, a),
                                               .why_not = place->why_not[i]};
        return n;
    }
    size_t all = command_line_complete(typed, place, a, whole);
    for (; n < all; n++)
        ret[n] = (struct command_offer){
            .line = whole[n], .keys = "", .help = meaning(whole[n], strrchr(whole[n], ' ') + 1)};
    return n;
}
