/*
 * input.h: from the bytes of a terminal to keys.
 *
 * Purpose: one reader for what terminals send: ECMA-48 sequences whatever TERM says, the sequences
 *          terminfo names, UTF-8 or the locale's encoding, bracketed pastes. Bytes that mean nothing
 *          are dropped.
 * Ownership: input_release() frees; the text of a key lives until the next input_key().
 * Errors: `gone` is set when the terminal cannot be read any more.
 * Threads: one input belongs to one thread.
 */
#ifndef JIBAN_TUI_INPUT_H
#define JIBAN_TUI_INPUT_H

#include "tui/screen.h"

enum { INPUT_NAMED_MAX = 32, INPUT_SEQUENCE_MAX = 32 };

struct input {
    int fd;
    bool utf8; /* else the encoding of the locale */
    bool gone;
    enum { FOCUS_UNKNOWN, FOCUS_IN, FOCUS_OUT } focus; /* as the terminal told last */
    bool waited;    /* in vain, for this key: what is there is all of it */
    size_t at, len; /* unread: bytes[at] to bytes[len - 1] */
    unsigned char bytes[4096];
    struct buf text;
    size_t n_named;
    struct input_named {
        char sequence[INPUT_SEQUENCE_MAX];
        struct key key;
    } named[INPUT_NAMED_MAX];
};

void input_init(struct input *in, int fd, bool utf8);
void input_release(struct input *in);
/* A sequence (ESC and more) of this terminal; others are passed over, and so is one too many. */
void input_name(struct input *in, const char *sequence, struct key key);
/* Next key; KEY_KIND_NONE when no more bytes are there. Waits a moment for the rest of a sequence or
 * character, and a second at most for more of a paste. */
struct key input_key(struct input *in);

#endif
