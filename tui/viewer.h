/*
 * viewer.h: a file given to a program with a window of its own.
 *
 * Purpose: pictures and papers are no text; who has a display names a program for them (files.viewer). The console goes on.
 * Errors: ST_NOT_FOUND: there is no such program; ST_INVALID: the command is none. How the program ends is its own affair.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEWER_H
#define JIBAN_TUI_VIEWER_H

#include "core/base/status.h"

/* command: words parted by blanks; %s as a word stands for the path, which else comes last. No shell reads it. */
enum status viewer_start(const char *command, const char *path, struct errmsg *err);

#endif
