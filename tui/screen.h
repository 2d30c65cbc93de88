/*
 * screen.h: the terminal: shows a surface, gives keys. screen.c alone knows curses.
 *
 * Purpose: a frame is one write of as few bytes as tell the difference; a key is one value whatever
 *          bytes the terminal sends for it.
 * Ownership: one screen a process; screen_close() leaves the terminal as it was found, and so do
 *            SIGABRT, SIGSEGV, SIGBUS, SIGFPE and SIGILL before they end the program.
 * Errors: ST_IO when there is no usable terminal.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_SCREEN_H
#define JIBAN_TUI_SCREEN_H

#include "tui/surface.h"
#include "tui/theme.h"

enum key_kind {
    KEY_KIND_NONE,     /* nothing pending */
    KEY_KIND_TEXT,     /* text: one character */
    KEY_KIND_PASTE,    /* text: all of it, lines parted by LF; may hold control characters */
    KEY_KIND_CONTROL,  /* control: letter with Ctrl, upper case: 'S' for ^S */
    KEY_KIND_ALT,      /* control: the letter pressed with Alt */
    KEY_KIND_FUNCTION, /* control: 1..12 */
    KEY_KIND_UP,
    KEY_KIND_DOWN,
    KEY_KIND_LEFT,
    KEY_KIND_RIGHT,
    KEY_KIND_WORD_LEFT, /* Ctrl or Alt with the arrow */
    KEY_KIND_WORD_RIGHT,
    KEY_KIND_PAGE_UP,
    KEY_KIND_PAGE_DOWN,
    KEY_KIND_HOME,
    KEY_KIND_END,
    KEY_KIND_TAB,
    KEY_KIND_BACK_TAB,
    KEY_KIND_ENTER,
    KEY_KIND_ESCAPE,
    KEY_KIND_BACKSPACE,
    KEY_KIND_DELETE,
    KEY_KIND_INSERT,
    KEY_KIND_MOUSE,  /* control: enum mouse; row and col */
    KEY_KIND_RESIZE, /* the size may be another one; draw again */
    KEY_KIND_OTHER   /* a key without a meaning here */
};

enum mouse { MOUSE_PRESS, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

enum { SCREEN_PASTE_MAX = 64 * 1024 };

struct key {
    enum key_kind kind;
    char control;
    short row, col;   /* of the mouse, from 0 */
    bool cut;         /* a paste that was longer than SCREEN_PASTE_MAX: this is its beginning */
    const char *text; /* valid UTF-8; until the next screen_key() */
    size_t len;
};

enum status screen_open(struct errmsg *err);
/* The same terminal for lines (linear.h): keys and signals come as ever, nothing is drawn. No sequence is sent but the one
 * that has pastes told from keys, and what screen_bell(), screen_copy() and screen_notify() are asked for; on a terminal
 * that would print it, none. */
enum status screen_open_lines(struct errmsg *err);
void screen_close(void);
void screen_size(int *ret_rows, int *ret_cols);
/* Shows what differs from the last frame, in one write; row < 0 hides the cursor. */
void screen_show(const struct surface *s, int row, int col);
/* Next pending key without waiting, but for the rest of a key or paste that has begun. */
struct key screen_key(void);
/* Signal (SIGTERM, SIGINT, SIGHUP, SIGQUIT) that asks to leave, 0 if none; SIGHUP also when the
 * terminal is gone. */
int screen_signal(void);
/* Readable when a signal came that screen_signal() or screen_key() tells of. */
int screen_signal_fd(void);
/* Gives the terminal back and stops the process group as ^Z does; returns when it goes on. */
void screen_suspend(void);
/* Gives the terminal to another program until screen_return(); meanwhile ^C and ^\ are that program's, and ^Z stops both. */
void screen_leave(void);
void screen_return(void);
/* Paints everything anew, whatever others wrote over it. */
void screen_repaint(void);
void screen_bell(void);
/* Asks the terminal for presses and the wheel, or no more. Given back like all else. Nothing on a terminal that would
 * print the sequence. */
void screen_mouse(bool on);
/* Has the terminal tell when it is looked at and when not, or no more; those that cannot tell say nothing. */
void screen_focus(bool on);
/* It has told that it is looked at. False also while it has told nothing. */
bool screen_looked_at(void);
/* Hands text of our own, one line without control characters, to the desktop: OSC 9 (iTerm2), 777 (urxvt) or 99 (kitty);
 * through tmux as well. */
enum notify { NOTIFY_9, NOTIFY_777, NOTIFY_99 };
void screen_notify(enum notify how, const char *text);
/* Into the clipboard of whoever sits at the terminal (OSC 52; through tmux as well). At most SCREEN_COPY_MOST bytes, which
 * every terminal takes; false: it is longer. Whether the terminal did it nobody can know. */
enum { SCREEN_COPY_MOST = 4096 };
bool screen_copy(const char *text);
/* Characters that were painted as ? until now because the encoding of the locale lacks them. */
int screen_unshown(void);
/* Colours the terminal has, for theme_load(); 0: none. */
int screen_colours(void);
/* From the next frame on, which is painted whole. Until the first theme all is plain. */
void screen_theme(const struct theme *theme);

#endif
