/*
 * screen.h: the terminal: shows a surface, gives keys. screen.c alone knows curses.
 *
 * Ownership: one screen a process; screen_close() leaves the terminal as it was found.
 * Errors: ST_IO when there is no usable terminal.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_SCREEN_H
#define JIBAN_TUI_SCREEN_H

#include "tui/surface.h"

enum key_kind {
    KEY_KIND_NONE, /* nothing pending */
    KEY_KIND_TEXT, /* text: one character, or a whole paste */
    KEY_KIND_PASTE,
    KEY_KIND_CONTROL, /* control: letter with Ctrl, upper case: 'S' for ^S */
    KEY_KIND_UP,
    KEY_KIND_DOWN,
    KEY_KIND_LEFT,
    KEY_KIND_RIGHT,
    KEY_KIND_PAGE_UP,
    KEY_KIND_PAGE_DOWN,
    KEY_KIND_HOME,
    KEY_KIND_END,
    KEY_KIND_ENTER,
    KEY_KIND_ESCAPE,
    KEY_KIND_BACKSPACE,
    KEY_KIND_DELETE,
    KEY_KIND_RESIZE,
    KEY_KIND_OTHER
};

enum { SCREEN_PASTE_MAX = 64 * 1024 };

struct key {
    enum key_kind kind;
    char control;
    const char *text; /* UTF-8; valid until the next screen_key() */
    size_t len;
};

enum status screen_open(struct errmsg *err);
void screen_close(void);
void screen_size(int *ret_rows, int *ret_cols);
/* Shows what differs from the last frame, in one write; row < 0 hides the cursor. */
void screen_show(const struct surface *s, int row, int col);
/* Next pending key without waiting. */
struct key screen_key(void);
/* Signal (SIGTERM, SIGINT, SIGHUP) that asks to leave, 0 if none. */
int screen_signal(void);
/* Readable when a signal came. */
int screen_signal_fd(void);

#endif
