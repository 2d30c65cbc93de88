/*
 * app_model.h: what the console holds while it runs. app.c loops, app_update.c takes keys and hints,
 * app_draw.c lays out.
 *
 * Purpose: the views form a stack: the queue is always below, the one on top has the keys. In a wide
 *          window queue and case stand side by side.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_APP_MODEL_H
#define JIBAN_TUI_APP_MODEL_H

#include "core/base/paths.h"
#include "tui/console.h"
#include "tui/notices.h"
#include "tui/reading.h"
#include "tui/view/case.h"
#include "tui/view/clocks.h"
#include "tui/view/conflicts.h"
#include "tui/view/files.h"
#include "tui/view/form.h"
#include "tui/view/frame.h"
#include "tui/view/handover_page.h"
#include "tui/view/help.h"
#include "tui/view/kept.h"
#include "tui/view/many.h"
#include "tui/view/notices_page.h"
#include "tui/view/prompt.h"
#include "tui/view/queue.h"
#include "tui/view/similar.h"
#include "tui/view/template_page.h"
#include "tui/view/tour.h"

enum {
    APP_DEPTH = 6,
    APP_SETTLE_MS = 60,
    APP_RELOAD_MS = 500,
    APP_COUNT_MS = 2000,
    APP_FIND_MS = 80,
    APP_ROWS_MS = 250,
    APP_COPY_MS = 1000,
    APP_SLOW_MS = 30 * 1000 /* how often what others do is shown on a slow line */
};

/* Which view stands where. While that stays, a view may keep on the surface what has not changed. */
struct app_layout {
    int rows, cols;
    bool column; /* views side by side */
    int n;
    struct app_place {
        void *self;
        struct rect rect;
    } place[2];
};

/* A filter or a search that is being typed: what the list was before, and when it follows the text. */
struct app_find {
    bool searches;
    enum view_id view;
    enum row_order order;
    enum row_group group;
    bool reverse, searched;
    char filter[QUEUE_FILTER_MAX];
    uint64_t revision;   /* of the text that the list shows */
    int64_t due_mono_ms; /* 0: it shows it */
};

/* The screen is locked: only the prompt for the password is drawn and has the keys. */
struct app_lock {
    bool on;
    int tries;
    int64_t wait_until_ms; /* mono: before, no password is looked at */
    int64_t key_mono_ms;   /* of the last key */
};

/* What `.` copied last: pressed again at once, it copies more. */
struct app_copy {
    struct uuid id;
    int what; /* 0 the number, 1 the title, 2 both with the category */
    int64_t mono_ms;
};

/* A file that is there already: what was to be written over it, while that is asked (app_out.c). */
struct app_out {
    enum action action;
    char typed[PATH_SIZE];          /* the path */
    char question[PATH_SIZE + 200]; /* stands until it is answered */
    bool over;                      /* the answer was yes */
};

/* What the last frame was painted for (app_slow.c). */
struct app_seen {
    uint64_t news;
    int rows, cols;
    enum line_state line;
    enum prompt_kind prompt;
    bool locked, reveals;
    char message[ERRMSG_SIZE];
};

/* What was said last on a terminal of lines. */
struct app_spoken {
    uint64_t place, note, at;
    size_t typed_line; /* of a text */
    unsigned said;
    enum line_state line;
    int64_t outbox, conflicts;
    bool key;               /* a key came since: the line is said again, whatever it did */
    struct watch_list news; /* the view as it was then */
    enum view_id news_view;
    int64_t news_ms; /* mono, of the reload it was read after; 0: never */
};

struct app {
    struct console c;
    struct surface surface;
    struct frame frame;
    struct queue queue;
    struct case_page page; /* the case on top, or beside the queue */
    struct form form;
    struct conflicts conflicts;
    struct clocks clocks;
    struct similar_list similar;
    struct files_list files;
    struct template_page template_page;
    struct kept kept[KEPT_KINDS];
    struct many many;
    struct handover_page handover;
    struct notices_page notices_page;
    struct app_out out;
    struct help help;
    struct tour tour;
    bool tour_looked;       /* whether it is to come by itself */
    struct history history; /* of the command line */
    struct prompt prompt;
    struct app_lock lock;
    struct app_copy copy;
    struct prompt under_lock;
    struct app_find find;
    struct app_find before_search; /* what Esc goes back to */
    char columns
        [SAVED_COLUMNS_MAX]; /* where a view of one's own does not say others; "" the usual ones */
    struct notices notices;
    struct theme theme;
    struct view stack[APP_DEPTH]; /* [0] is the queue */
    int depth;
    bool quit;
    bool told_unshown; /* that the locale lacks characters */
    uint64_t news;     /* grows with every key and whenever a view was read again */
    struct app_seen seen;
    uint64_t keys, drawn_keys;         /* pressed, and of these before the last frame */
    int64_t drawn_ms, drawn_offset_ms; /* the time it shows, and the server's clock against ours */
    int64_t version; /* of the store when it was last looked for changes on a slow line */
    int64_t noticed; /* minute in which notices were looked for while no key came */
    bool typed;      /* a key since app_due() */
    enum action
        acted;     /* what the last key led to, by itself or by a line; ACTION_NONE: to nothing */
    bool presence; /* colleagues are told where one is, and the other way round */
    struct presence_own wanted, told; /* where one is; what of it was told */
    int64_t tell_mono_ms;             /* when the one becomes the other; INT64_MAX: it is */
    int64_t writer_ms; /* who began to write at the case of the form up to then is known */
    bool login_asked;  /* once for each time the session ends */
    bool anew;         /* the next frame is drawn from nothing: what all views show has changed */
    bool linear;       /* said line by line instead of drawn */
    struct reading reading;
    struct app_spoken spoken;
    struct app_layout drawn;  /* the last frame; n == 0: a small window, or a prompt lay over it */
    bool on_terminal;         /* else it draws on a surface only */
    int64_t minute;           /* of the server's time, when all was last read */
    int64_t reloaded_mono_ms; /* when the views were last read */
    int64_t counted_mono_ms;  /* and the counts */
    int64_t reload_mono_ms;   /* when it is read again because cases changed; 0: none did */
    int64_t rows_mono_ms;     /* until then the rows shown are not told anew; 0: they are */
    int64_t settle_mono_ms;   /* when the case beside the queue is read; 0: it is the marked one */
    char line_error[ERRMSG_SIZE]; /* as last said */
};

void app_init(struct app *a, const struct app_config *config);
void app_release(struct app *a);
struct view *app_top(struct app *a);
bool app_is_wide(const struct app *a);
/* Editor, look only, the next case (app_desk.c). The text of the form in the person's own editor. */
void desk_edit(struct app *a);
/* Looks only, or no more. */
void desk_toggle_readonly(struct app *a);
/* Does it make or delete drafts, of which a form that is open below might be one? */
bool desk_moves_drafts(enum action action);
/* The marked case and the one below it, before a key; nil: there is none. */
struct place_in_queue {
    struct uuid marked, next;
};
struct place_in_queue desk_place(const struct app *a);
/* A command has moved a case on that stood under the mark: where one is then (option queue.after). */
void desk_after(struct app *a, const struct place_in_queue *before);
/* Reads everything shown again. */
void app_reload(struct app *a);
void app_read_counts(struct app *a);
enum key_context app_place_of_keys(struct app *a); /* of the prompt, if there is one */
/* One key. */
void app_key(struct app *a, const struct key *key);
/* For tests (app_trace.c): the key that was pressed at that place gave that action. */
void app_trace(struct app *a, enum key_context from, enum action action);
/* Bytes of enum sync_hint wait. */
void app_hints(struct app *a);
/* The lock (app_lock.c): at once; by a password that was typed; when no key came for as long as the options say. */
void lock_now(struct app *a);
void lock_try(struct app *a);
void lock_when_idle(struct app *a);
int64_t lock_due_ms(const struct app *a); /* mono; INT64_MAX: never */
void app_push(struct app *a, struct view v);
/* Where views want to go (app_go.c); false: they want to stay. */
bool app_go(struct app *a);
/* A key for the line at the bottom (app_prompt.c). */
void app_prompt_key(struct app *a, const struct key *key);
/* What the line to the server has to say; it stands until it has something else to say. */
void app_say_of_line(struct app *a, enum theme_role role, const char *text);
/* The cases at hand (app_opened.c): this one is looked at; the number that a key means, 0: none; to the case with that
 * number, and to the form that one was writing in. */
void opened_look(struct app *a, const struct uuid *id);
int opened_digit(const struct key *key);
void opened_go(struct app *a, int number);
/* Its number remembers the form, whose draft is saved; false: it could not be. The form is left for good. */
bool opened_keep_form(struct app *a);
void opened_leave_form(struct app *a);
/* From the next frame on. */
void app_dress(struct app *a, const struct theme *theme);
/* argument: of the command line; NULL when a key gave the action. */
void app_act(struct app *a, enum action action, const char *argument);
/* The mouse, while nothing is asked (app_mouse.c). */
void app_mouse(struct app *a, const struct key *key);
/* The command line and the help (app_line.c): what was typed in earlier days; opens it; does what it says. */
void line_remember(struct app *a);
void line_open(struct app *a, const char *text);
void line_run(struct app *a, const char *line);
void line_help(struct app *a);
/* The tour (app_tour.c): from its first page; by itself, once, when all is there that it tells about. */
void tour_open(struct app *a);
void tour_when_new(struct app *a);
/* While the help is searched: up and down move in it, the list follows what is typed. False: not such a key. */
bool line_help_key(struct app *a, enum action action);
void line_help_typed(struct app *a);
/* Filter and search (app_find.c): opens the line; the list follows what is typed. */
void find_open(struct app *a, bool search);
void find_typed(struct app *a);
/* Shows what is typed; due_mono_ms of the find has come. */
void find_show(struct app *a);
/* Enter; false: something is wrong with the text, and the line stays open. */
bool find_done(struct app *a);
void find_leave(struct app *a);
/* A text from elsewhere is searched. */
void find_text(struct app *a, const char *text);
/* Back from a search, a filter, a sorting, in this order; false: there is none. */
bool find_undo(struct app *a);
/* Takes the word that shows only what is wrong into the filter, or out of it. */
void find_wrong(struct app *a);
void find_sort(struct app *a, const char *word);
void find_sort_step(struct app *a, int step);
/* Groups by a word of groups.def; "": the next one. */
void find_group(struct app *a, const char *word);
/* A view of one's own. False: its filter is not understood any more, and the list stays. */
bool find_saved(struct app *a, const struct saved_view *v, struct errmsg *err);
/* The list is no search any more: its filter, its order and groups are what they were before. */
void find_leave_search(struct app *a);
/* The views (app_views.c): reads one's own again; shows one of the role, or any by name or digit; keeps what the list
 * shows under a name; drops one; counts the cases of one's own, some at a time. */
void views_reload(struct app *a);
void views_show(struct app *a, enum view_id view, const char *filter);
void views_by_word(struct app *a, const char *word);
void views_save(struct app *a, const char *name);
void views_unsave(struct app *a, const char *name);
/* Other columns; "": those of the options. */
void views_columns(struct app *a, const char *words);
bool views_are_counted(const struct app *a);
void views_count(struct app *a);
/* Papers (app_papers.c): `:template ARGUMENT`; says what sync found out about them, once. */
void template_command(struct app *a, const char *argument);
void template_keep(struct app *a, const char *argument);
void papers_tell(struct app *a);
/* Texts for many cases (app_many.c): by what the form for marked cases says; `:macro NAME` on the case or the marked ones;
 * back to the form for another template. Names of the macros, for the command line. */
void many_open(struct app *a);
void many_macro(struct app *a, const char *name);
void many_again(struct app *a);
size_t many_macros(struct app *a, const char *const **ret);
/* What goes out (app_out.c): opens the page of the handover sheet, that of the notices; writes a file of a case, the case or
 * the list to a path, or opens the line for it; the sheets of the whistles of the marked cases, of the case or of the
 * list. False: not here. */
void out_handover(struct app *a);
void out_notices(struct app *a);
bool out_save_file(struct app *a, const char *argument);
bool out_print(struct app *a, const char *argument);
bool out_print_whistles(struct app *a, const char *argument);
/* The question about writing over a file was answered with yes. False: that was not the question. */
bool out_go_on(struct app *a);
/* What is due by now: drafts, the case beside the queue, the end of a reveal. */
void app_due(struct app *a);
/* Milliseconds until something is due: at most the next minute, when the digits change. */
int app_wait_ms(const struct app *a);
void app_draw(struct app *a, struct cursor *cursor);
/* Who is at a case (app_presence.c): tells where one is, once one has come to rest there; takes the list of the others; a
 * form was opened; says who writes there too; on the way out waits, at most ms, until it is told that one has left. */
void presence_follow(struct app *a);
struct presence_own presence_place(const struct app *a); /* where one is */
int64_t presence_next_ms(const struct app *a);           /* mono; INT64_MAX: nothing is due */
void presence_heard(struct app *a);
void presence_form_opened(struct app *a);
void presence_notice(struct app *a);
void presence_leave(struct app *a, int ms);
/* A slow line to the terminal (app_slow.c). */
bool slow_line(const struct app *a);
/* After how long what came in is read again; own: it is about what this person did. */
int64_t slow_reload_ms(const struct app *a, bool own);
int64_t slow_count_ms(const struct app *a);
/* Was the store not written since it was asked last? Then a slow line needs no frame. */
bool slow_nothing_new(struct app *a);
/* Colours are a third of the bytes of a frame; attributes tell the same. */
const char *slow_theme(const struct app *a);
bool slow_hints(const struct app *a); /* is the last line one of keys? */
/* Is there anything to paint for? Asked once a frame. */
/* The frame; without a key since the last one its times are those of that. */
void slow_draw(struct app *a, struct cursor *cursor);
bool slow_wants_frame(struct app *a);
/* Where nothing is typed the cursor stands at the beginning of the chosen row, or of the page: braille lines and
 * magnifiers follow it. */
void app_rest_cursor(struct app *a, struct cursor *cursor);
/* Instead, on a terminal of lines: says what has changed (app_read.c). */
void app_read(struct app *a);
/* Where one is, the line and what stands beside it are said once more with the next app_read(). */
void app_read_anew(struct app *a);

#endif
