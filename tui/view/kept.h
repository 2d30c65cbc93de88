/*
 * kept.h: what is kept at this desk, in lists of one kind: unsent commands, drafts, messages, cases at hand.
 *
 * Purpose: kept_model.c reads store and console, kept_update.c acts, kept_draw.c draws the list and below it the marked one
 *          in full.
 * Ownership: the rows lie in the view's arena until the next load. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_KEPT_H
#define JIBAN_TUI_VIEW_KEPT_H

#include "core/base/arena.h"
#include "tui/surface.h"
#include "tui/view/scroll.h"
#include "tui/view/view.h"

enum kept_kind { KEPT_OUTBOX, KEPT_DRAFTS, KEPT_MESSAGES, KEPT_OPENED, KEPT_KINDS };

struct kept_row {
    struct uuid id;      /* of the command; nil: a draft, a message */
    struct uuid case_id; /* nil: of marked cases, of none */
    enum command_type type;
    int slot;           /* of a draft */
    int go;             /* number of a case at hand; 0: none */
    const char *when;   /* confirmed, said: a time; of a draft: its age */
    const char *number; /* of the case, "" if it is not known here */
    const char *what;   /* label of the command */
    const char *tail; /* when it goes; the first words; the message. Foreign text may stand in it */
    enum theme_role role;
    const char *more; /* above the values in full, "" for nothing */
    const struct value *values;
    size_t n_values;
};

struct kept {
    enum kept_kind kind;
    struct arena arena;
    struct kept_row *rows;
    size_t n, current;
    struct scroll scroll; /* of what stands below the list */
};

void kept_init(struct kept *v, enum kept_kind kind);
void kept_release(struct kept *v);
struct view kept_view(struct kept *v);
/* Reads it anew; the mark stays on its command or draft. */
enum status kept_load(struct kept *v, struct console *c, struct errmsg *err);
/* Deletes the draft of case_id, command and slot of the console: the question was answered with yes. */
void kept_drop_draft(struct console *c);
/* What the list is of. */
const char *kept_head(const struct kept *v);
/* What is said when there is no row. */
const char *kept_nothing(const struct kept *v);
void kept_draw(struct kept *v, struct surface *s, struct rect r, struct arena *scratch);

#endif
