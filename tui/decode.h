/*
 * decode.h: pictures, decoded in a process of their own.
 *
 * Purpose: a file of a stranger is read by large libraries. Whatever it makes them do, it is done by a process that has been
 *          started anew, so that nothing secret is in its memory, and that may open no file and no socket, start no other, and
 *          has a limit of memory and of time. The console gets pixels, or a sentence.
 * Ownership: pixels_release() for what came. Errors: those of core/text/pixels.h; ST_TIMEOUT; ST_IO when the process came to
 *          another end. Threads: the UI thread, which waits DECODE_MS at most.
 */
#ifndef JIBAN_TUI_DECODE_H
#define JIBAN_TUI_DECODE_H

#include "core/text/pixels.h"

enum { DECODE_MS = 5000 };

/* self: the program whose main() calls decode_main(). */
enum status decode_picture(const char *self, const void *data, size_t n, struct pixels *ret,
                           struct errmsg *err);
/* The other end, for the first line of main(): true when this process is one, with the code to leave with. */
bool decode_main(int argc, char **argv, int *ret_code);

#endif
