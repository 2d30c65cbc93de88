#include "tui/history.h"
#include "core/base/paths.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void drop(struct history *h, size_t i)
{
    memmove(h->line[i], h->line[i + 1], (h->n - i - 1) * sizeof h->line[0]);
    h->n--;
}

static void put(struct history *h, const char *line, size_t n)
{
    if (n == 0 || n >= HISTORY_LINE)
        return;
    for (size_t i = h->n; i > 0; i--)
        if (strlen(h->line[i - 1]) == n && memcmp(h->line[i - 1], line, n) == 0)
            drop(h, i - 1);
    if (h->n == HISTORY_MOST)
        drop(h, 0);
    memcpy(h->line[h->n], line, n);
    h->line[h->n++][n] = '\0';
}

void history_read(struct history *h, const char *path)
{
    char *text = NULL;
    size_t n = 0;
    h->n = 0;
    if (file_read(path, HISTORY_MOST * HISTORY_LINE, &text, &n, NULL) != ST_OK)
        return;
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, "\n");
        put(h, at, len);
        at += len + (at[len] == '\n');
    }
    free(text);
}

enum status history_write(const struct history *h, const char *path, struct errmsg *err)
{
    char text[HISTORY_MOST * HISTORY_LINE];
    size_t n = 0;
    for (size_t i = 0; i < h->n; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s\n", h->line[i]);
    return file_write_atomic(path, text, n, err);
}

/* Its argument names no case and no person: a word of a table. */
static bool is_harmless(const struct command_line *said)
{
    enum action action = said->action;
    return (action == ACTION_VIEW || action == ACTION_SORT || action == ACTION_GROUP ||
            action == ACTION_THEME) &&
           strspn(said->argument, "abcdefghijklmnopqrstuvwxyz_-") == strlen(said->argument);
}

void history_add(struct history *h, const struct command_line *said)
{
    char line[HISTORY_LINE];
    const struct action_row *row = &action_table[said->action];
    const char *word = row->command != COMMAND_COUNT ? command_table[row->command].word : row->word;
    bool whole = *said->argument != '\0';
    if (whole && !is_harmless(said))
        return;
    int n = snprintf(line, sizeof line, "%s%s%s", word, whole ? " " : "", said->argument);
    if (n > 0 && n < (int)sizeof line)
        put(h, line, (size_t)n);
}

const char *history_line(const struct history *h, size_t back)
{
    return back > 0 && back <= h->n ? h->line[h->n - back] : NULL;
}
