/*
 * stream.h: looks at every byte that a program writes to its terminal.
 *
 * Purpose: a text that got out uncleaned shows here as a sequence that jiban never sends. What is allowed is a list:
 *          printable characters, a few controls, and the sequences that ncurses makes of the terminfo entries
 *          the tests use. No OSC (but notices where they are asked for), DCS, APC, PM, SOS, no C1, no request that a terminal would answer by
 *          typing, no format control that hides or turns text, no byte that is no UTF-8.
 * Errors: the first fault is kept, with what stood before it. Threads: one.
 */
#ifndef JIBAN_TESTS_TERM_STREAM_H
#define JIBAN_TESTS_TERM_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STREAM_SEQUENCE_MAX = 64, STREAM_TAIL = 64, STREAM_FAULT_SIZE = 512, STREAM_NOTICE = 512 };

struct stream {
    bool ascii; /* the program's locale has ASCII only */
    enum { STREAM_TEXT, STREAM_ESCAPE, STREAM_CHARSET, STREAM_CSI, STREAM_NOTICE_TEXT } state;
    char sequence[STREAM_SEQUENCE_MAX]; /* the one under way, from its ESC on; or a character */
    size_t n;
    char tail[STREAM_TAIL]; /* the last bytes, a ring */
    uint64_t bytes, clears; /* clears: how often the whole screen was erased */
    const char
        *forbidden; /* a text of at most STREAM_TAIL bytes that must not be written; NULL: none */
    bool cursor_hidden, alternate, application, marks_pastes; /* modes it has set */
    bool asks;     /* the program may ask where the cursor is (CSI 6 n) */
    bool mouse;    /* it takes presses; none may be left so at the end */
    bool focus;    /* it is told of the focus; not at the end, either */
    bool notifies; /* the program may hand notices to the desktop: OSC 9, 777, 99 */
    int notices;   /* how many it has, */
    size_t n_notice;
    char notice[STREAM_NOTICE]; /* and the last one, from behind "ESC ]" to before BEL */
    uint64_t colours;           /* how often one was chosen */
    char fault[STREAM_FAULT_SIZE];
};

void stream_init(struct stream *s, bool ascii);
/* False from the first fault on. */
bool stream_feed(struct stream *s, const char *bytes, size_t n);
/* The program has ended: nothing may be left half. */
bool stream_end(struct stream *s);

#endif
