/*
 * practice.h: a private server with practice data, as a child on a Unix socket in a fresh private folder.
 *
 * Purpose: an office day (practice.c), and the drill of a lost terminal (drill.c): the real thing with other data.
 * Ownership: practice_end stops the child and takes the folder away, after a failure of practice_begin too.
 * Errors: ST_IO says what the server said.
 * Threads: main thread only.
 */
#ifndef JIBAN_TUI_PRACTICE_H
#define JIBAN_TUI_PRACTICE_H

#include "tui/command/command.h"
#include <sys/types.h>

struct practice {
    char folder[PATH_SIZE]; /* "": none was made */
    const char *jiband;
    pid_t child; /* 0: none runs */
};

/* The server runs, and c names it, a user of it, the password and an empty cache. */
enum status practice_begin(struct cli *c, struct practice *p, struct errmsg *err);
void practice_end(struct practice *p);
/* Runs a program with what it prints going to that file, -1: as it is; -1 when it cannot. It ends with this one. */
pid_t practice_spawn(char *const argv[], int output_fd);

#endif
