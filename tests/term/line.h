/*
 * line.h: a long way between a terminal and its program: what is sent arrives so many milliseconds later, in order.
 *
 * Ownership: line_release() frees what is still under way. Errors: more than the line holds fails the test.
 * Threads: one.
 */
#ifndef JIBAN_TESTS_TERM_LINE_H
#define JIBAN_TESTS_TERM_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum line_way { LINE_TO_PROGRAM, LINE_TO_TERMINAL, LINE_WAYS };
enum { LINE_BYTES = 1 << 20, LINE_PIECES = 4096 };

struct line {
    int64_t delay_ms; /* each way; 0: there is no such line */
    struct line_queue {
        char *bytes; /* LINE_BYTES, once something was sent */
        size_t n;
        struct {
            int64_t due_ms;
            size_t n;
        } piece[LINE_PIECES];
        size_t n_pieces;
    } way[LINE_WAYS];
};

void line_release(struct line *l);
void line_send(struct line *l, enum line_way way, int64_t now_ms, const char *bytes, size_t n);
/* What has arrived by now, at most so many bytes. */
size_t line_take(struct line *l, enum line_way way, int64_t now_ms, char *out, size_t most);
/* Is nothing under way in either direction? */
bool line_is_empty(const struct line *l);

#endif
