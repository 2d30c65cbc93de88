/*
 * program.h: the one place that starts other programs: the editor of a text, a viewer, what notices are given to.
 *
 * Purpose: runs a program by its arguments, with standard input, output and error as they are, all other files closed,
 *          signals as a program expects them, and of the environment only what it needs: no variable of jiban's, nothing
 *          that changes how programs are loaded. Nothing is started where safe.locked_down says so.
 * Command: what a person configured is a command as git reads one: a shell parts its words, where there is something to
 *          part, and the file is its last argument, never a part of a text that a shell reads.
 * Errors: ST_DENIED: safe.locked_down; ST_NOT_FOUND: there is no such program; ST_IO. How a program ended is no error of
 *         the call but its *ret_code.
 * Threads: the UI thread. Others may run: between fork and exec nothing is called that waits for one of them.
 */
#ifndef JIBAN_TUI_PROGRAM_H
#define JIBAN_TUI_PROGRAM_H

#include "core/base/buf.h"
#include "core/base/options.h"
#include <sys/types.h>

enum { PROGRAM_ARGUMENTS = 8, PROGRAM_NOT_FOUND = 127 };

/* May one be started? Else says why not. */
enum status program_allowed(const struct options *o, struct errmsg *err);
/* argv ends with NULL; argv[0] is looked for in PATH. Waits for its end. *ret_code: its exit status, 128 and the signal
 * that ended it. */
enum status program_run(const struct options *o, const char *const argv[], int *ret_code,
                        struct errmsg *err);
/* The same for a command of the configuration on a file. */
enum status program_run_on(const struct options *o, const char *command, const char *path,
                           int *ret_code, struct errmsg *err);
/* A program that goes on beside the console, without the terminal; program_ended() must be asked until it has. */
enum status program_start(const struct options *o, const char *const argv[], pid_t *ret,
                          struct errmsg *err);
/* Never waits. Asked once more after it was true it says nothing. */
bool program_ended(pid_t child);
/* Is there a program of that name, or in that file? */
bool program_is_there(const char *name);
/* The same as program_run_on() for a program with a window of its own: it goes on beside the console, without the terminal, and nobody waits
 * for it. What comes of it is not known; that its first word is no program is. */
enum status program_start_on(const struct options *o, const char *command, const char *path,
                             struct errmsg *err);
/* A program that reads in from standard input and writes to standard output, which goes to out; what it says on standard error
 * nobody reads. It has so many milliseconds; then it is ended: ST_TIMEOUT. ST_TOOBIG: more came than out may hold. For a
 * piece of work that this program does in a process of its own, whatever safe.locked_down says. */
enum status program_filter(const char *const argv[], const void *in, size_t n, int ms,
                           struct buf *out, int *ret_code, struct errmsg *err);

#endif
