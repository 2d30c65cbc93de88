/*
 * conflicts.h: commands that the server refused: mine beside theirs, and what to do with them.
 *
 * Ownership: the rows lie in the view's arena until the next load. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_CONFLICTS_H
#define JIBAN_TUI_VIEW_CONFLICTS_H

#include "core/base/arena.h"
#include "core/case/casefile.h"
#include "tui/surface.h"
#include "tui/view/case.h"
#include "tui/view/view.h"

struct conflict {
    struct command command;
    const char *reason; /* of the server: foreign text */
    const char *number; /* of the case, "" when it left the sight */
    int64_t at_ms;
};

struct conflicts {
    struct arena arena;
    struct conflict *rows;
    size_t n, current;
    struct scroll scroll;  /* of the two columns below */
    struct case_page page; /* the case of the current one, as it is now */
};

void conflicts_init(struct conflicts *v);
void conflicts_release(struct conflicts *v);
struct view conflicts_view(struct conflicts *v);
enum status conflicts_load(struct conflicts *v, struct console *c, struct errmsg *err);
/* Answers the conflict id; says what became of it. */
enum status conflicts_answer(struct console *c, const struct uuid *id, enum action action,
                             struct errmsg *err);
/* The list, and below it mine, then theirs: all of it below each other. */
void conflicts_draw_lines(struct conflicts *v, struct surface *s, struct rect r,
                          struct arena *scratch);
void conflicts_draw(struct conflicts *v, struct surface *s, struct rect r, struct arena *scratch);

#endif
