/*
 * editor.h: editing text: the reply (many lines), fields and the command line (one line), passwords.
 *
 * Purpose: keeps the text, the cursor, the undo history, and draws the part of the text that its
 *          rectangle shows. A TEXT is wrapped and scrolls up and down, a LINE and a SECRET scroll sideways;
 *          a SECRET shows one `*` for each character and keeps no history.
 * Character: a grapheme cluster (core/text/grapheme.h); moves and deletes never stop inside one.
 * Line:    what is one line on the screen; Home, End and delete-to-end go by it. The last column is left
 *          to the cursor where there are two or more.
 * Shown:   every character as the gate shows it by itself (core/text/clean.h): what looks like nothing or
 *          turns the line around stands there as <U+202E>, and the cursor counts those cells.
 * Invariants: the text is valid UTF-8 of at most `ceiling` bytes, without control characters of C0 and DEL but
 *          the line feed (a TEXT only); the cursor stands at the border of a character; the lines fit the text
 *          after every call.
 * Ownership: editor_release() wipes the text and its history, and frees. The struct may be copied only before the first
 *            text, or to move it: the old one is forgotten.
 * Errors: when memory runs out the text stays as it was, the call says that nothing was taken; a history
 *         that cannot be kept is forgotten, lines that cannot be kept run on in the last one.
 * Threads: an editor belongs to one thread.
 */
#ifndef JIBAN_TUI_WIDGET_EDITOR_H
#define JIBAN_TUI_WIDGET_EDITOR_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "tui/surface.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EDITOR_RUN = 20,      /* most characters typed or deleted that one undo takes back */
    EDITOR_CHANGES = 1000 /* most steps of undo; their bytes are bounded by the ceiling, too */
};

enum editor_kind { EDITOR_LINE, EDITOR_TEXT, EDITOR_SECRET };

enum editor_op {
    EDITOR_LEFT,
    EDITOR_RIGHT,
    EDITOR_UP, /* UP and DOWN keep the column one came from */
    EDITOR_DOWN,
    EDITOR_WORD_LEFT, /* to the start of a word; a run of Han characters up to the next sign is one */
    EDITOR_WORD_RIGHT,
    EDITOR_LINE_START,
    EDITOR_LINE_END,
    EDITOR_TEXT_START,
    EDITOR_TEXT_END,
    EDITOR_PAGE_UP,
    EDITOR_PAGE_DOWN,
    EDITOR_NEWLINE,
    EDITOR_BACKSPACE,
    EDITOR_DELETE,
    EDITOR_DELETE_WORD,   /* back to where WORD_LEFT goes */
    EDITOR_DELETE_TO_END, /* at the end of the line: the line feed */
    EDITOR_UNDO,
    EDITOR_REDO,
    EDITOR_OP_COUNT
};

/* What the next change may be joined with for undo. */
enum editor_run { EDITOR_RUN_NONE, EDITOR_RUN_TYPE, EDITOR_RUN_BACKSPACE, EDITOR_RUN_DELETE };

struct editor_change; /* one step of undo */

struct editor {
    enum editor_kind kind;
    size_t ceiling; /* most bytes of text */

    char *text; /* NULL until there is one; len bytes and a NUL */
    size_t len, cap;
    uint64_t revision;

    size_t cursor; /* byte; 0..len */
    bool at_end;   /* cursor begins a wrapped line, and is shown at the end of the line before */
    int goal;      /* column that UP and DOWN keep; -1: none */

    int rows, cols; /* of the layout; 0: never laid out, nothing is wrapped */
    size_t *line;   /* TEXT: byte at which each line begins */
    size_t n_lines, cap_lines;
    size_t *fresh; /* lines while they are made anew */
    size_t cap_fresh;
    bool stale;   /* memory ran out while wrapping: begin anew with the next change */
    size_t first; /* TEXT: line at the top; else: byte at the left */

    struct editor_change *change; /* oldest first */
    size_t n_changes, done;       /* those from done on were undone */
    size_t change_bytes;
    enum editor_run run;

    struct arena scratch; /* what the gate shows; lives within one call */
    struct buf shown;     /* one line of it, to be broken */
};

/* An empty text; e may hold anything before. ceiling_bytes >= 1. */
void editor_init(struct editor *e, enum editor_kind kind, size_t ceiling_bytes);
/* Wipes text and history, frees; e is an empty editor of the same kind then. */
void editor_release(struct editor *e);
/* Puts the text in place of what was there, cursor at its end, and forgets the history. Takes and returns
 * the same as editor_insert(). */
size_t editor_set(struct editor *e, const char *text, size_t n);

/* The same, but it can be undone, in two steps; the history is forgotten where old and new text are together larger than
 * the ceiling. */
size_t editor_replace(struct editor *e, const char *text, size_t n);

const char *editor_text(const struct editor *e); /* valid until the next change */
size_t editor_len(const struct editor *e);
uint64_t editor_revision(const struct editor *e); /* grows with each change of the text */

/* Inserts at the cursor; a paste is one step of undo. CRLF and CR become line feeds, a tab becomes
 * blanks. In a LINE a line feed becomes a blank, in a SECRET it is left out; at the very end both drop it.
 * Returns the bytes left out: no text (bad UTF-8, control characters of C0, DEL), or over the ceiling. */
size_t editor_insert(struct editor *e, const char *text, size_t n, bool paste);
/* False at an edge: nothing was changed, nothing has moved. */
bool editor_do(struct editor *e, enum editor_op op);
/* The cursor to this byte, or to the border of characters behind it. */
void editor_go(struct editor *e, size_t at);

/* Wraps for rows * cols; what is below 1 counts as 1. */
void editor_layout(struct editor *e, int rows, int cols);
/* Lines at the layout, at least 1. */
int editor_lines(const struct editor *e);
/* Lays out for r, fills it and draws the part with the cursor. Gives the cell of the cursor; row -1
 * where the clip hides it. */
void editor_draw(struct editor *e, struct surface *s, struct rect r, unsigned char role,
                 int *ret_row, int *ret_col);

#endif
