#include "tui/command_line.h"
#include "core/base/i18n.h"
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
        for (int i = 0; i < ACTION_COUNT; i++)
            if (is_word((enum action)i))
                match(&m, word_of((enum action)i), takes_argument((enum action)i) ? " " : "");
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
