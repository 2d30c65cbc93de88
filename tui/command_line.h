/*
 * command_line.h: what a line after the colon says, and how its words complete.
 *
 * Purpose: the words are those of the action table and the command table; views of the role, orders and themes by name.
 * Errors: ST_INVALID names the word. Threads: pure, but for reading the names of themes.
 */
#ifndef JIBAN_TUI_COMMAND_LINE_H
#define JIBAN_TUI_COMMAND_LINE_H

#include "core/base/arena.h"
#include "core/case/casefile.h"
#include "tui/keymap.h"
#include "tui/saved.h"

struct command_line {
    enum action action;
    const char *argument; /* "" if none; without blanks around it */
};

/* Who types the line, and where. */
struct command_place {
    enum role role;
    enum key_context keys;
    const struct saved_list *saved; /* views of one's own; NULL: none */
    const char *const *macro;       /* names, n_macros */
    size_t n_macros;
    const char *why_not[ACTION_COUNT]; /* why it cannot be done here, translated; NULL: it can */
};

enum { COMMAND_LINE_MATCHES = 200 };

/* ST_NOT_FOUND when the line is empty. */
enum status command_line_parse(const char *line, struct arena *a, struct command_line *ret,
                               struct errmsg *err);
/* May the role ever do it, in whatever state? What is no command of procedure, everybody may. */
bool command_line_role_may(enum role role, enum action action);
/* Whole lines that this one may become, those that can be done first, then in the order of the tables; at most
 * COMMAND_LINE_MATCHES. */
size_t command_line_complete(const char *line, const struct command_place *place, struct arena *a,
                             const char **ret);

/* What the line may become, for the list above it: by the beginning of the word, then by what stands in word, label or
 * meaning; what cannot be done here comes last and says why. An empty line may become anything. Arguments complete as
 * well. */
struct command_offer {
    const char *line; /* whole; ends with a blank when something has to follow */
    const char *keys; /* "" none */
    const char *help; /* translated; may be foreign text */
    const char *why_not;
};
size_t command_line_offer(const char *line, const struct command_place *place, struct arena *a,
                          struct command_offer *ret);

#endif
