#include "tests/term/walk_reach.h"
#include "tui/command_line.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NAMES = 1200, NAME = 40, LINE = 240 };

static struct {
    char path[400];
    long at;
    char place[NAME], page[NAME];
    char asked[NAME]; /* the action whose question stands there */
} now;
static struct walk_deeds deeds;

static struct {
    char kind[NAME], name[NAME];
    long n;
} reached[NAMES];
static size_t n_reached;

static long *count_of(const char *kind, const char *name)
{
    for (size_t i = 0; i < n_reached; i++)
        if (strcmp(reached[i].kind, kind) == 0 && strcmp(reached[i].name, name) == 0)
            return &reached[i].n;
    assert_true(n_reached < NAMES);
    snprintf(reached[n_reached].kind, NAME, "%s", kind);
    snprintf(reached[n_reached].name, NAME, "%s", name);
    return &reached[n_reached++].n;
}

void reach_count(const char *kind, const char *name)
{
    ++*count_of(kind, name);
}

void reach_open(const char *path)
{
    memset(&now, 0, sizeof now);
    snprintf(now.path, sizeof now.path, "%s", path);
}

/* Does it make drafts of commands again? */
static bool takes_back(const char *word)
{
    static const enum action list[] = {ACTION_UNDO, ACTION_TAKE_BACK, ACTION_TAKE_ONE};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (strcmp(word, action_table[list[i]].word) == 0)
            return true;
    return false;
}

/* "from action after page", then "done" or "refused" and a word, where the key led to an action. */
static void take(const char *line)
{
    char from[NAME], action[NAME], after[NAME], page[NAME], how[NAME], word[NAME];
    int n = sscanf(line, "%39s %39s %39s %39s %39s %39s", from, action, after, page, how, word);
    if (n != 4 && n != 6)
        fail_msg("not understood: %s", line);
    snprintf(now.place, NAME, "%s", after);
    snprintf(now.page, NAME, "%s", page);
    if (n == 6 && strcmp(page, "question") == 0)
        snprintf(now.asked, NAME, "%s", word);
    if (strcmp(action, "yes") == 0 && strcmp(now.asked, action_table[ACTION_DROP_DRAFT].word) == 0)
        deeds.dropped++;
    if (strcmp(page, "question") != 0)
        *now.asked = '\0';
    reach_count("page", page);
    reach_count("key", action);
    if (n != 6)
        return;
    reach_count(how, word);
    deeds.taken_back += takes_back(word) && strcmp(how, "done") == 0;
}

void reach_look(void)
{
    char line[LINE];
    FILE *f = *now.path ? fopen(now.path, "r") : NULL;
    if (!f)
        return;
    assert_int_equal(fseek(f, now.at, SEEK_SET), 0);
    while (fgets(line, sizeof line, f) && strchr(line, '\n')) {
        now.at += (long)strlen(line);
        take(line);
    }
    fclose(f);
}

const char *reach_place(void)
{
    return now.place;
}

const char *reach_page(void)
{
    return now.page;
}

struct walk_deeds reach_deeds(void)
{
    struct walk_deeds since = deeds;
    deeds = (struct walk_deeds){0};
    return since;
}

/* What the centre and the clock do on their own no person can do. */
static bool is_for_people(enum action action)
{
    if (action_table[action].command == COMMAND_COUNT)
        return true;
    for (int role = 0; role < ROLE_COUNT; role++)
        if (command_line_role_may((enum role)role, action))
            return true;
    return false;
}

void reach_print(FILE *out)
{
    /* Keys count for what belongs to a line or a question, and for what the help does in the name of another one. */
    for (int i = 0; i < ACTION_COUNT; i++) {
        const char *word = action_table[i].word;
        if (!is_for_people((enum action)i))
            continue;
        long n = *count_of("done", word);
        unsigned lines = 1u << KEYS_LINE | 1u << KEYS_ASK | 1u << KEYS_HELP;
        if (n == 0 && (action_table[i].contexts & lines))
            n = *count_of("key", word);
        *count_of("action", word) += n;
    }
    for (size_t i = 0; i < n_reached; i++)
        if (strcmp(reached[i].kind, "key") != 0 && strcmp(reached[i].kind, "done") != 0)
            fprintf(out, "# reached %s %s %ld\n", reached[i].kind, reached[i].name, reached[i].n);
}
