/*
 * frame.h: what stands around every view: who and where, the views with their counts, the message, the keys.
 *
 * Purpose: frame_model.c reads console and store, frame_draw.c draws. Rows 0 and 1 and the last three belong to it.
 * Ownership: texts of the model lie in the console's scratch arena: made and drawn within one frame.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_FRAME_H
#define JIBAN_TUI_VIEW_FRAME_H

#include "core/base/arena.h"
#include "tui/surface.h"
#include "tui/theme.h"
#include "tui/view/queue.h"
#include <stdbool.h>
#include <stdint.h>

enum {
    FRAME_LEAST_ROWS = 16,
    FRAME_LEAST_COLS = 60,
    FRAME_WIDE = 120, /* from here on list and case stand side by side */
    FRAME_TOP = 2,
    FRAME_BOTTOM = 3,
    FRAME_TABS = 24,
    FRAME_HINTS = 24
};

/* All that the frame tells of but reference and rules; who changes those draws everything anew. */
struct frame_source {
    bool known, has_line;
    enum key_context keys;
    uint64_t offered; /* which actions the view has something to do for */
    enum view_id view;
    enum line_state line;
    int64_t since_ms, minute;
    struct store_counts counts;
    size_t marked, n_saved;
    int64_t saved[SAVED_ALL];
    enum row_order order;
    enum row_group group;
    bool reverse, searches, ranges, nearly, looks;
    bool on_head, on_shut; /* the row that is marked is the line of a group; folded */
    struct uuid over;      /* the order of that row when it is over; else nil */
    uint32_t over_version;
    int64_t found, first;
    size_t rows, unshown;
    enum theme_role message_role;
    char message[ERRMSG_SIZE], filter[QUEUE_FILTER_MAX];
};

/* A piece of a line. Where there is no room for all of them whole ones are left out, those of the highest rank first; of
 * rank 0 none is. */
struct frame_part {
    const char *text;
    int rank;
    const char *
        tail; /* stays whole when the text before it has to be cut; NULL: the text is not cut before all others
                         are gone */
};
enum { FRAME_PARTS = 8 };
struct frame_pieces {
    struct frame_part part[FRAME_PARTS];
    int n;
    const char *between; /* the parts */
};

struct frame {
    struct frame_pieces place, right; /* first row: who and where; marks, line, unsent, clock */
    bool right_bad;                   /* the line is down */
    struct frame_tab {
        char key;
        const char *label;
        int64_t count;                 /* -1: not known yet */
        bool current, late, more, own; /* more: at least so many */
        const char *word; /* of the view, or the name of one's own; as long as it is drawn */
        int col, cells;   /* as last drawn; 0 cells: not shown */
    } tab[FRAME_TABS];
    int n_tabs;
    const char *message; /* what was said last; NULL: the status of the list stands there */
    struct frame_pieces status;
    const char *rows, *rows_words; /* of the list: "21-40/5000", and where there is room for it */
    enum theme_role message_role;
    struct frame_hint {
        const char *key, *text;
        enum action action;
        int col, cells; /* as last drawn; 0 cells: not shown */
    } hint[FRAME_HINTS];
    int n_hints;
    struct frame_source source; /* what all this was made from */
    bool bare;                  /* without rule and hints: the first frame */
};

/* The state of the line, since when it is down, and what waits to be sent. */
const char *frame_line(struct console *c);
/* The view in one line: how many cases, how many overdue, order, filter, conflicts. */
const char *frame_summary(struct console *c, const struct queue *q);
/* subject: the case on top that the keys are about, NULL if none. */
struct casefile;
void frame_read(struct frame *f, struct console *c, const struct queue *q, const struct view *top,
                const struct casefile *subject);
/* Would frame_read() say the same as last time, but for the rows of the list? Never with a subject: what may be done to it
 * changes with the time. */
bool frame_stands(const struct frame *f, const struct console *c, const struct queue *q,
                  const struct view *top, const struct casefile *subject);
/* Where the page stands in the list, which is all that a page key changes: is it as it was, and what is said of it now. */
bool frame_rows_stand(const struct frame *f, const struct queue *q);
void frame_read_rows(struct frame *f, struct console *c, const struct queue *q,
                     const struct view *top);
void frame_draw_rows(const struct frame *f, struct surface *s, int bottom, struct arena *scratch);
/* Clears its rows and draws; bottom: rows below the view, FRAME_BOTTOM or, without the keys, one less. */
void frame_draw(struct frame *f, struct surface *s, int bottom, struct arena *scratch);
/* What was drawn there: a view or a key; false: nothing that can be done. With a view, *ret_action is ACTION_VIEW and
 * *ret_word the argument. */
bool frame_at(const struct frame *f, int rows, int row, int col, enum action *ret_action,
              const char **ret_word);
/* Instead of everything when the window is too small. */
void frame_draw_small(struct surface *s, struct arena *scratch);

#endif
