/*
 * queue.h: the list of cases: a page of rows read by keyset, and its drawing.
 *
 * Purpose: queue_model.c reads pages of the store, queue_group.c has its groups, queue_ahead.c reads the next page before it is asked for, queue_place.c knows where the
 * page stands and what is marked by ranges, queue_update.c moves in them, queue_draw.c and queue_badges.c draw.
 * Ownership: the texts of the rows lie in the queue's arena until a page is loaded. Errors: those of
 * the store; the old page stays. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_QUEUE_H
#define JIBAN_TUI_VIEW_QUEUE_H

#include "core/base/arena.h"
#include "core/case/casefile.h"
#include "tui/surface.h"
#include "tui/view/columns.h"
#include "tui/view/view.h"

enum {
    QUEUE_FILTER_MAX = FILTER_MAX,
    QUEUE_KEY_MAX = 256,
    QUEUE_FOUND_MOST = 1000,
    QUEUE_SMALL = 20000,    /* of a cache with no more cases all that a filter leaves is counted */
    QUEUE_RANK_MOST = 2000, /* rows above the page that are counted when it is read again */
    QUEUE_FOLDS = 64        /* groups that are folded, or open while the others are folded */
};

/* A row as it is read: names instead of codes. Foreign text, not cleaned yet. */
struct queue_row {
    struct uuid id;             /* of the line of a group: made from its value, like no case's */
    bool head, shut;            /* the line of a group; folded */
    const char *title_of_head;  /* its name */
    int64_t cases, overdue;     /* of the group */
    bool more;                  /* at least so many */
    struct row_key key;         /* place in the order */
    int64_t started_ms, due_ms; /* of its clock; TIME_NONE when none runs */
    const char *number, *category, *community, *state, *title;
    const char *handler, *building, *clock;
    int64_t created_ms;
    const char *wish; /* of the claimant, where calls matter; else "" */
    uint32_t open, late,
        owed;       /* 1u << OBJECT_x: not ended; told to be late; waits for this person */
    int64_t sms_ms; /* message that waits for an answer, or TIME_NONE */
    bool calls;     /* of a list of people to call */
    bool over;      /* its state is a last one */
    uint32_t version;
    int unsent, repeats, attempts;
    bool draft, conflict;
    enum presence there; /* what somebody else does there, as of the last frame */
};

/* What a row on the surface was drawn from: the same again need not be drawn again. */
struct queue_drawn {
    struct uuid id;
    uint32_t version, open, told, owed;
    int unsent, repeats;
    enum presence there;
    bool draft, conflict, calls, current, marked, late;
    enum theme_role left; /* of the time left */
    const char *state;
    int64_t due_ms, minutes;
    bool head, shut, more;
    int64_t cases, overdue;
};

struct queue {
    struct arena arena;
    struct queue_row *rows;
    size_t n, current;
    int height; /* rows of the list as last drawn */
    enum view_id view;
    char filter[QUEUE_FILTER_MAX];
    enum row_order order;
    bool reverse;
    bool searches;   /* all cases, whatever the view */
    int64_t found;   /* by the filter; -1: not counted */
    bool found_more; /* there may be more */
    int64_t first;   /* cases above the page; -1: not known (queue_place.c) */
    int64_t told;    /* that number as the status line has it: while one steps on, it waits */
    bool nearly;     /* some may have come or gone since they were counted */
    struct queue_range {
        bool on;
        struct row_key from; /* the line where it began; its texts are in the two below */
        struct uuid id;
        bool head;
        size_t before; /* marks that were there */
        char text[QUEUE_KEY_MAX], group[QUEUE_KEY_MAX];
    } range;
    bool has_top;       /* else the page begins at the first case */
    struct row_key top; /* just before the first row shown; its text is in top_text */
    char top_text[QUEUE_KEY_MAX], top_group[QUEUE_KEY_MAX];
    struct columns columns;
    char columns_text[SAVED_COLUMNS_MAX]; /* as they were asked for; "" the usual ones */
    enum row_group group;
    struct folds folds; /* of fold, and these point to fold_text */
    const char *fold[QUEUE_FOLDS];
    char fold_text[QUEUE_FOLDS][QUEUE_KEY_MAX];
    bool pages; /* the list was put up or went a page down: a page down may come next */
    struct queue_ahead *ahead; /* that next page, or NULL (queue_ahead.c) */
    int64_t now_ms;
    const struct marks *marks;          /* of the console; NULL: none */
    const struct presence_list *others; /* the same */
    const struct policy
        *policy; /* of the frame that is drawn, or NULL: when a clock turns amber or red */
    bool bar;    /* current row reversed, not only marked */
    struct queue_drawn *drawn; /* of the rows on the surface, from the first on */
    size_t n_drawn, drawn_room;
};
enum queue_move { QUEUE_UP, QUEUE_DOWN, QUEUE_PAGE_UP, QUEUE_PAGE_DOWN, QUEUE_FIRST, QUEUE_LAST };

void queue_init(struct queue *q);
void queue_release(struct queue *q);
struct view queue_view(struct queue *q);
/* Reads the page again; the mark stays on its case while that is shown. */
/* What stands where no case does; for people. */
const char *queue_empty_text(const struct queue *q);
enum status queue_load(struct queue *q, struct console *c, struct errmsg *err);
enum status queue_go(struct queue *q, struct console *c, enum queue_move move, struct errmsg *err);
/* Another view or filter, from its top. On a filter that is not understood (ST_INVALID) the old one stays. */
enum status queue_show(struct queue *q, struct console *c, enum view_id view, const char *filter,
                       struct errmsg *err);
/* The same list in another order, from its top. */
enum status queue_sort(struct queue *q, struct console *c, enum row_order order, bool reverse,
                       struct errmsg *err);
/* Shows these columns (columns.h). ST_INVALID: the old ones stay. All has to be drawn anew. */
enum status queue_columns(struct queue *q, const char *words, struct errmsg *err);
/* The same list in other groups, all of them open, from its top. */
enum status queue_group(struct queue *q, struct console *c, enum row_group group,
                        struct errmsg *err);
/* On the line of a group: folds or opens it, or with `shut` folds it; on one of its cases: goes to its line. */
enum status queue_fold(struct queue *q, struct console *c, bool shut, struct errmsg *err);
/* Folds all groups; again: opens all. */
enum status queue_fold_all(struct queue *q, struct console *c, struct errmsg *err);
/* Marks the cases of the group whose line is the current one, as far as there is room; when all of them are marked,
 * takes their marks away. *ret_all: no case was left out. */
enum status queue_mark_group(const struct queue *q, struct console *c, bool *ret_all,
                             struct errmsg *err);
/* What the list asks the store; a text of a key that outlives its page. */
struct query queue_query(const struct queue *q, struct console *c);
const char *queue_keep_text(char to[QUEUE_KEY_MAX], const char *text);
/* Where the page stands (queue_place.c). After it was read: from how it stood before, whose rows these are; after the
 * cases may have changed: counted anew, where that is soon done. */
void queue_follow(struct queue *q, const struct queue_row *before, size_t n);
void queue_place(struct queue *q, struct console *c);
/* The list was just put up. Not while a search is typed: each letter would read a page more. */
void queue_begins(struct queue *q);
/* The page below, when one may ask for it next (pages): read while nobody waits, and taken by the next read of the list when it is that page
 * and nothing has changed since; any other read drops it (queue_ahead.c). */
void queue_read_ahead(struct queue *q, struct console *c);
bool queue_ahead_take(struct queue *q, struct console *c, const struct row_key *from, size_t limit,
                      struct arena *arena, struct case_row **ret, size_t *ret_n);
void queue_ahead_free(struct queue_ahead *h);
/* The place just before a row, so that a page from there begins with it; its texts into the two given. */
void queue_key_of(const struct queue *q, const struct queue_row *first, struct row_key *ret,
                  char text[QUEUE_KEY_MAX], char group[QUEUE_KEY_MAX]);
/* How many cases the list has; *ret_more: at least so many. -1: not known. */
int64_t queue_total(const struct queue *q, const struct console *c, bool *ret_more);
/* The rows of the page, "21-40/5000" or in words; ~ before what is not counted to the end; "" where nothing is known, and
 * in groups. */
const char *queue_rows_text(const struct queue *q, const struct console *c, bool words,
                            struct arena *a);
/* How many marks the list does not show, for the console. */
void queue_count_marks(struct queue *q, struct console *c);
/* A range: all from this line to where one moves is marked, beside what was marked before. */
void queue_range_begin(struct queue *q, struct console *c);
/* The mark has moved. */
enum status queue_range_follow(struct queue *q, struct console *c, struct errmsg *err);
/* How many cases the filter leaves, as far as it is known without a long look. */
void queue_count(struct queue *q, struct console *c);
/* Marks what the view and the filter show, from the first case on, as far as there is room. *ret_all: no case was
 * left out. */
enum status queue_mark_all(const struct queue *q, struct console *c, bool *ret_all,
                           struct errmsg *err);
bool queue_marked(const struct queue *q, size_t i);
/* The case that is marked; NULL on the line of a group and when there is none. */
const struct queue_row *queue_current(const struct queue *q);
/* The same or the line of a group; NULL when there is none (queue_group.c). */
const struct queue_row *queue_line(const struct queue *q);
/* The row that stands for a group (queue_group.c). */
struct queue_row queue_head(const struct queue *q, const struct case_row *r,
                            const struct reference *reference, bool chinese);
/* The sign of what may hang on an order. */
const char *queue_sign(enum object_kind kind);
/* What somebody else does there, in words; not for PRESENCE_NONE (queue_badges.c). */
const char *queue_there_words(const struct queue_row *row);
/* The signs at the end of a column of so many cells, each with a blank before it (queue_badges.c). */
const char *queue_badges(const struct queue_row *row, int cells, struct arena *a);
/* Heading and rows in the rectangle (queue_draw.c). kept: it still shows what was drawn there last, so only
 * what has changed is drawn. */
void queue_draw(struct queue *q, struct surface *s, struct rect r, bool kept,
                struct arena *scratch);

/* The present row as a sentence (queue_read.c). */
void queue_reading(void *self, struct console *c, struct reading *out);

#endif
