/*
 * term.h: a real program in a pseudo terminal, with libvterm as its screen.
 *
 * Purpose: keys go in, the screen comes out as text with its looks. Every byte the program writes passes
 *          stream.h, in every test, always. Nothing here sleeps a fixed time: it waits for a condition and gives up
 *          after TERM_PATIENCE_MS.
 * Ownership: term_start() makes, term_end() ends the program (SIGKILL if it still runs) and frees; term_end_all()
 *            is for the teardown of a test that failed. Texts returned live until the next call.
 * Errors: what does not happen fails the test of cmocka, with a picture of the screen. So does a program that a
 *         sanitizer complains about.
 * Threads: one.
 */
#ifndef JIBAN_TESTS_TERM_TERM_H
#define JIBAN_TESTS_TERM_TERM_H

#include "core/base/buf.h"
#include "core/base/paths.h"
#include "tests/term/line.h"
#include "tests/term/stream.h"
#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

#include <cmocka.h>
#include <vterm.h>

enum { TERM_PATIENCE_MS = 40 * 1000, TERM_ARGUMENTS = 16, TERM_ENVIRONMENT = 16 };

struct term_options {
    const char *argv[TERM_ARGUMENTS];  /* [0]: path of the program; "" arguments are left out */
    const char *env[TERM_ENVIRONMENT]; /* NAME=VALUE; NAME alone takes it away */
    int rows, cols;                    /* 0: 24, 80 */
    bool shell;                        /* as a job under a small shell, so that ^Z stops it */
    bool ascii;                        /* its locale has ASCII only */
    const char *charset; /* encoding of its locale as iconv names it; NULL: UTF-8 or ASCII */
    bool answers;        /* the terminal answers what it is asked: the place of the cursor */
    bool wide;           /* its font shows ambiguous characters in two cells */
};

struct term {
    struct term *next;
    int master, slave; /* the slave is held open to see what is unread and how the line is set */
    pid_t pid, shell;  /* shell 0: the program leads its own session */
    int to_shell, from_shell;
    bool ended, stopped; /* stopped: under a shell, by a signal */
    int status;          /* of wait() */
    VTerm *vt;
    char held[4]; /* of a character that has not come whole yet (whole.h) */
    size_t n_held;
    VTermScreen *screen;
    bool
        grown; /* the screen has been made larger: libvterm 0.1.4 then deletes no characters in a row */
    struct stream stream;
    iconv_t to_utf8, from_utf8; /* (iconv_t)-1: nothing to convert */
    char rest[8];               /* of a character whose end was not written yet */
    size_t n_rest;
    bool answers, wide;
    int rows, cols;
    long rate; /* bytes a second that are read at most; 0: all */
    int64_t rate_from_ms, rate_read;
    struct line line;     /* between it and the program; its delay may be set at any time */
    bool turning;         /* keys that have arrived are being written */
    struct buf *gathered; /* keys that are not sent yet (term_burst), or NULL */
    struct termios found; /* before the program came */
    char *text;           /* as last asked for */
    char name[64];
};

int64_t term_now_ms(void);
struct term *term_start(const struct term_options *o);
void term_end(struct term *t);
void term_end_all(const struct term *but); /* but: one that stays, or NULL */

/* --- keys */

/* Bytes as they are; \033 followed by more is Alt. Texts as one types them: no controls but \t \r; in the encoding of
 * its locale. */
void term_type(struct term *t, const char *text);
void term_type_bytes(struct term *t, const char *bytes, size_t n);
/* Key names of actions.def, parted by blanks, and 'texts' in quotes. */
void term_press(struct term *t, const char *keys);
/* The same keys in one go: none is waited for. Esc is Alt with the next one then, as on any terminal. */
void term_burst(struct term *t, const char *keys);
/* As a terminal pastes: bracketed if the program asked for that. */
void term_paste(struct term *t, const char *bytes, size_t n);

/* --- waiting */

/* Reads what there is, for at most wait_ms until there is something; false when there was nothing. */
bool term_pump(struct term *t, int wait_ms);
void term_wait(struct term *t, const char *text);
void term_wait_gone(struct term *t, const char *text);
/* The first of the texts that stands there; ends with NULL. */
int term_wait_any(struct term *t, const char *const *texts);
/* All keys are read and acted upon, all it wrote is on the screen, and it waits for more. */
void term_settle(struct term *t);
/* The same, for who does not know what the keys will do: it may also have ended, or stopped under its shell. */
enum term_rest { TERM_WAITS, TERM_STOPPED, TERM_ENDED };
enum term_rest term_rest(struct term *t);
/* Waits for its end; the exit status, or 128 + the signal. */
int term_wait_end(struct term *t);
void term_fail(struct term *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), noreturn));

/* From now on this text must not be written. It must live as long as t. */
void term_forbid(struct term *t, const char *text);

/* --- the screen */

const char *term_screen(struct term *t);       /* rows parted by LF, no blanks at their ends */
const char *term_row(struct term *t, int row); /* -1: the last row, and so on */
bool term_shows(struct term *t, const char *text);
/* Where the number of a case stands in a text of n bytes, as it is shown: YYMM-NNNNN; NULL: in none. */
const char *term_number_in(const char *text, size_t n);
/* Row of the first that holds the text, -1. */
int term_find(struct term *t, const char *text);
/* Everything that can be seen: texts, looks, colours, the cursor. */
const char *term_picture(struct term *t);
/* The cell of the cursor; false when it is hidden. */
bool term_cursor(struct term *t, int *ret_row, int *ret_col);
/* What stands in a cell, "" for a blank. */
const char *term_cell(struct term *t, int row, int col);
struct term_look {
    bool bold, underline, reverse, coloured;
};
struct term_look term_look_of(struct term *t, const char *text); /* of its first cell */

/* --- the program's world */

void term_resize(struct term *t, int rows, int cols);
/* Is the screen behind the window made as large as it is? Only then does it behave as a terminal does. */
bool term_fits(struct term *t);
/* Makes it so, blank; for a program at rest that paints everything next. */
void term_fit(struct term *t);
void term_signal(struct term *t, int number);
/* Kills with SIGKILL and waits. */
void term_kill(struct term *t);
void term_hang_up(struct term *t); /* the terminal goes away */
/* Under a shell: waits until the job has stopped; then the line must be as it was. */
void term_wait_stopped(struct term *t);
void term_foreground(struct term *t); /* fg */
/* Fails unless the line is set as it was before the program came. */
void term_check_restored(struct term *t);

#endif
