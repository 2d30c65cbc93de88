#include "tui/command_line.h"
#include "core/base/i18n.h"
#include "core/case/workflow.h"
#include "core/store/store.h"
#include "tui/theme.h"
#include <string.h>

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " ");
}

static bool takes_argument(enum action action)
{
    return action == ACTION_VIEW || action == ACTION_THEME || action == ACTION_FILTER ||
           action == ACTION_OPEN || action == ACTION_SEARCH || action == ACTION_SORT;
}

/* What edits, answers or moves within a prompt makes no sense as a word. */
static bool is_word(enum action action)
{
    const struct action_row *row = &action_table[action];
    unsigned texts = 1u << KEYS_FORM | 1u << KEYS_LINE | 1u << KEYS_ASK;
    return row->command != COMMAND_COUNT || row->contexts == 0 || (row->contexts & ~texts) != 0;
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
    if (len > 0 && !takes_argument(ret->action))
        return fail(err, ST_INVALID, _("\"%s\" takes nothing after it, but there is \"%s\"."), word,
                    ret->argument);
    return ST_OK;
}

/* Is there a state in which the role may? What is no command of procedure, everybody may. */
static bool role_may(enum role role, enum action action)
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

size_t command_line_complete(const char *line, enum role role, struct arena *a, const char **ret)
{
    struct matches m = {.line = skip_blanks(line), .list = ret, .a = a};
    if (!strchr(m.line, ' ')) {
        for (int i = 0; i < 2 * ACTION_COUNT; i++)
            if (is_word((enum action)(i % ACTION_COUNT)) &&
                role_may(role, (enum action)(i % ACTION_COUNT)) == (i < ACTION_COUNT))
                match(&m, word_of((enum action)(i % ACTION_COUNT)),
                      takes_argument((enum action)(i % ACTION_COUNT)) ? " " : "");
    } else if (strncmp(m.line, "view ", 5) == 0) {
        const enum view_id *list;
        size_t n = store_views(role, &list);
        for (size_t i = 0; i < n; i++)
            match(&m, "view ", view_table[list[i]].word);
    } else if (strncmp(m.line, "sort ", 5) == 0) {
        for (int i = 0; i < ORDER_COUNT; i++)
            match(&m, "sort ", order_table[i].word);
    } else if (strncmp(m.line, "theme ", 6) == 0) {
        const char *names[THEME_NAMES_MAX];
        size_t n = theme_names(a, names);
        for (size_t i = 0; i < n; i++)
            match(&m, "theme ", names[i]);
    }
    return m.n;
}

/* 0: by its beginning, 1: by a part, 2: the same for what the role may not; -1: not at all. */
static int rank(enum action action, const char *typed, enum role role)
{
    const char *word = word_of(action);
    bool begins = strncmp(word, typed, strlen(typed)) == 0;
    bool part = begins || strstr(word, typed) || strstr(_(action_table[action].help), typed);
    if (!part)
        return -1;
    return !role_may(role, action) ? 2 : begins ? 0 : 1;
}

size_t command_line_offer(const char *line, enum role role, struct arena *a,
                          struct command_offer *ret)
{
    const char *typed = skip_blanks(line), *whole[COMMAND_LINE_MATCHES];
    size_t n = 0;
    if (!*typed)
        return 0;
    if (!strchr(typed, ' ')) {
        for (int r = 0; r < 3; r++)
            for (int i = 0; i < ACTION_COUNT && n < COMMAND_LINE_MATCHES; i++)
                if (is_word((enum action)i) && rank((enum action)i, typed, role) == r)
                    ret[n++] = (struct command_offer){
                        .line = arena_printf(a, "%s%s", word_of((enum action)i),
                                             takes_argument((enum action)i) ? " " : ""),
                        .keys = keymap_keys((enum action)i),
                        .help = _(action_table[i].help),
                        .may = r < 2};
        return n;
    }
    size_t all = command_line_complete(typed, role, a, whole);
    for (; n < all; n++) {
        const char *word = strrchr(whole[n], ' ') + 1, *help = "";
        for (int v = 0; v < VIEW_COUNT; v++)
            if (strcmp(view_table[v].word, word) == 0)
                help = _(view_table[v].label);
        for (int o = 0; o < ORDER_COUNT; o++)
            if (strcmp(order_table[o].word, word) == 0)
                help = _(order_table[o].label);
        ret[n] = (struct command_offer){.line = whole[n], .keys = "", .help = help, .may = true};
    }
    return n;
}
