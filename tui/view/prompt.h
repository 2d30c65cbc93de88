/*
 * prompt.h: what is asked over the view: the command line, the filter, the password, a yes or no.
 *
 * Purpose: prompt_update.c takes keys, prompt_draw.c draws; app.c does what was answered.
 * Ownership: prompt_close() wipes what was typed. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_PROMPT_H
#define JIBAN_TUI_VIEW_PROMPT_H

#include "tui/command_line.h"
#include "tui/history.h"
#include "tui/view/scroll.h"
#include "tui/view/view.h"
#include "tui/widget/editor.h"

enum prompt_kind {
    PROMPT_NONE,
    PROMPT_COMMAND,
    PROMPT_FILTER,
    PROMPT_SEARCH,
    PROMPT_HELP, /* searches the help */
    PROMPT_LATER,
    PROMPT_UNLOCK,
    PROMPT_PASSWORD,
    PROMPT_ASK
};
enum prompt_result { PROMPT_GOES_ON, PROMPT_DONE, PROMPT_LEFT };

struct prompt {
    enum prompt_kind kind;
    struct editor editor; /* not for PROMPT_ASK */
    const char *text;     /* PROMPT_ASK: what is said, in paragraphs; lives until it is answered */
    struct scroll scroll; /* in that */
    struct arena arena;   /* of the completions */
    const char *match[COMMAND_LINE_MATCHES], *meaning[COMMAND_LINE_MATCHES];
    size_t n_matches, at_match;
    struct arena offers_arena;
    struct command_offer offer[COMMAND_LINE_MATCHES]; /* the list above a command line */
    size_t n_offers, at_offer;
    bool chosen; /* one of the list, by Up or Down: Enter takes it */
    /* of a command line */
    struct command_place place;
    struct arena place_arena;      /* its texts */
    const struct history *history; /* NULL: none */
    size_t at_history;             /* that line of it stands there; 0: none */
};
/* Stands in the line one of several that Tab goes through? */
bool prompt_offers_more(const struct prompt *p);
bool prompt_finds(const struct prompt *p); /* filter or search */
/* The cursor goes to this byte of the text. */
void prompt_point(struct prompt *p, size_t at);

void prompt_init(struct prompt *p);
/* text: what stands in it at first, or what is asked. */
void prompt_open(struct prompt *p, enum prompt_kind kind, const char *text);
void prompt_close(struct prompt *p);
/* A command line: what can be done here, and what was typed before (NULL: nothing). place is copied; history must live
 * as long as the prompt is open. */
void prompt_open_line(struct prompt *p, struct console *c, const char *text,
                      const struct command_place *place, const struct history *history);
enum key_context prompt_keys(const struct prompt *p);
enum prompt_result prompt_act(struct prompt *p, struct console *c, enum action action);
void prompt_type(struct prompt *p, struct console *c, const struct key *key);
/* What stands before the line that is typed. */
const char *prompt_label(const struct prompt *p);
/* Over a surface on which everything else stands. user: who logs in. */
void prompt_draw(struct prompt *p, struct surface *s, struct arena *scratch, const char *user,
                 struct cursor *cursor);

#endif
