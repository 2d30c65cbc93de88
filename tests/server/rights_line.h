/*
 * rights_line.h: a real jiband, and asking it over the console's own transport.
 *
 * Ownership: the answer lies in the line until the next question. Errors: fail the test; whatever the server answers
 * is no error. Threads: one.
 */
#ifndef JIBAN_TESTS_SERVER_RIGHTS_LINE_H
#define JIBAN_TESTS_SERVER_RIGHTS_LINE_H

#include "core/base/buf.h"
#include "core/sync/http.h"
#include <sys/types.h>

struct line {
    char address[340], log[340];
    pid_t pid;
    struct http *http;
    uint32_t last;
    bool done;
    enum status st;
    int status; /* of HTTP */
    struct buf body;
};

/* Serves the store on a socket in the folder, in Chinese; the clock of procedure stands still (--tick 0). */
void line_open(struct line *l, const char *folder, const char *store);
void line_close(struct line *l); /* the server must end with 0 */
/* token NULL: nobody. body NULL: GET. The status of HTTP; the text is in l->body. */
int line_ask(struct line *l, const char *token, const char *target, const struct buf *body);

#endif
