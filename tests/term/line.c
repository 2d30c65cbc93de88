#include "tests/term/line.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void line_release(struct line *l)
{
    for (int i = 0; i < LINE_WAYS; i++)
        free(l->way[i].bytes);
    memset(l, 0, sizeof *l);
}

void line_send(struct line *l, enum line_way way, int64_t now_ms, const char *bytes, size_t n)
{
    struct line_queue *q = &l->way[way];
    if (!q->bytes)
        q->bytes = malloc(LINE_BYTES);
    if (!q->bytes || q->n_pieces == LINE_PIECES || n > LINE_BYTES - q->n)
        fail_msg("the line is full");
    memcpy(q->bytes + q->n, bytes, n);
    q->n += n;
    q->piece[q->n_pieces].due_ms = now_ms + l->delay_ms;
    q->piece[q->n_pieces++].n = n;
}

size_t line_take(struct line *l, enum line_way way, int64_t now_ms, char *out, size_t most)
{
    struct line_queue *q = &l->way[way];
    size_t n = 0, gone = 0;
    while (gone < q->n_pieces && q->piece[gone].due_ms <= now_ms && n < most) {
        size_t take = q->piece[gone].n < most - n ? q->piece[gone].n : most - n;
        n += take;
        q->piece[gone].n -= take;
        gone += q->piece[gone].n == 0;
    }
    if (n == 0)
        return 0;
    memcpy(out, q->bytes, n);
    q->n -= n;
    memmove(q->bytes, q->bytes + n, q->n);
    q->n_pieces -= gone;
    memmove(q->piece, q->piece + gone, q->n_pieces * sizeof *q->piece);
    return n;
}

bool line_is_empty(const struct line *l)
{
    return l->way[LINE_TO_PROGRAM].n == 0 && l->way[LINE_TO_TERMINAL].n == 0;
}
