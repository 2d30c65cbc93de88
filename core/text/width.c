#include "core/text/width.h"
#include "core/text/utf8.h"
#include <stdbool.h>
#include <string.h>
#include <unigbrk.h>
#include <uniwidth.h>

#include "core/base/banned.h" /* after all others */

static int ambiguous_cells = 1;

void width_set_ambiguous(int cells)
{
    ambiguous_cells = cells == 2 ? 2 : 1;
}

int width_ambiguous(void)
{
    return ambiguous_cells;
}

/* Han and Hangul by range: the common case of a Chinese screen, without a table. */
static bool plain_wide(uint32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0xAC00 && c <= 0xD7A3);
}

static int char_cells(uint32_t c)
{
    if (c < 0x20)
        return 0;
    if (c < 0x7F)
        return 1;
    if (plain_wide(c))
        return 2;
    /* Where libunistring's table and the C library's wcwidth(), by which terminals and ncurses count,
     * differ: Yijing hexagrams, circled numbers on black squares, some marks of Indic scripts. */
    if ((c >= 0x4DC0 && c <= 0x4DFF) || (c >= 0x3248 && c <= 0x324F))
        return 2;
    if (c == 0x0CBF || c == 0x0CC6 || c == 0x11A07 || c == 0x11A08 || c == 0x11C3F)
        return 0;
    /* libunistring knows ambiguous characters by the encoding's habit */
    int cells = uc_width(c, ambiguous_cells == 2 ? "GBK" : "UTF-8");
    return cells < 0 ? 0 : cells;
}

size_t cluster_next(const char *s, size_t n, int *ret_cells)
{
    uint32_t c, next;
    unsigned char first = (unsigned char)s[0];
    if (first < 0x80 && (n == 1 || (unsigned char)s[1] < 0x80)) { /* nothing can join */
        *ret_cells = char_cells(first);
        return 1;
    }
    size_t at = utf8_decode(s, n, &c);
    *ret_cells = c == UTF8_BAD ? 1 : char_cells(c);
    while (at < n && c != UTF8_BAD) {
        size_t len = utf8_decode(s + at, n - at, &next);
        /* What takes cells of its own begins a cell, also where UAX #29 would join it (flags, skin
         * tones, leading Hangul, spacing marks): terminals count by character, and a cluster that
         * they draw wider than we think would push the frame aside. */
        if (next == UTF8_BAD || char_cells(next) > 0 || uc_is_grapheme_break(c, next))
            break;
        at += len;
        c = next;
    }
    return at;
}

size_t cluster_prev(const char *s, size_t at)
{
    /* A cluster has no bound in length, but 64 bytes back there is a border for all that is shown
     * (at most four marks on a base); begin at a lead byte. */
    size_t begin = at > 64 ? at - 64 : 0;
    while (begin > 0 && ((unsigned char)s[begin] & 0xC0) == 0x80)
        begin--;
    size_t last = begin;
    int cells;
    while (begin < at) {
        last = begin;
        begin += cluster_next(s + begin, at - begin, &cells);
    }
    return at - last;
}

int text_width(const char *s, size_t n)
{
    int cells, sum = 0;
    for (size_t at = 0; at < n; sum += cells)
        at += cluster_next(s + at, n - at, &cells);
    return sum;
}

size_t text_fit(const char *s, size_t n, int cells, int *ret_cells)
{
    size_t at = 0;
    int sum = 0;
    while (at < n) {
        int one;
        size_t len = cluster_next(s + at, n - at, &one);
        if (sum + one > cells)
            break;
        sum += one;
        at += len;
    }
    *ret_cells = sum;
    return at;
}

/* Characters that must not begin a line, and those that must not end one (JIS X 4051, GB/T 15834). */
static bool sticks_to_left(uint32_t c)
{
    static const uint32_t set[] = {',',    '.',    ';',    ':',    '!',    '?',    ')',    ']',
                                   '}',    '%',    0x3001, 0x3002, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B,
                                   0xFF01, 0xFF1F, 0xFF09, 0x300B, 0x300D, 0x300F, 0x3011, 0x2019,
                                   0x201D, 0x2026, 0x3015, 0x3009, 0xFF05, 0x2014};
    for (size_t i = 0; i < sizeof set / sizeof *set; i++)
        if (set[i] == c)
            return true;
    return false;
}

static bool sticks_to_right(uint32_t c)
{
    static const uint32_t set[] = {'(',    '[',    '{',    0xFF08, 0x300A, 0x300C,
                                   0x300E, 0x3010, 0x2018, 0x201C, 0x3014, 0x3008};
    for (size_t i = 0; i < sizeof set / sizeof *set; i++)
        if (set[i] == c)
            return true;
    return false;
}

static bool may_break(uint32_t before, uint32_t after)
{
    if (after == ' ')
        return false; /* the blank goes with what is before it */
    if (before == ' ' || before == '-')
        return true;
    if (sticks_to_left(after) || sticks_to_right(before))
        return false;
    return before >= 0x2E80 || after >= 0x2E80; /* beside a Han character */
}

size_t text_break(const char *s, size_t n, int cells)
{
    size_t at = 0, best = 0;
    int sum = 0;
    uint32_t before = 0, c;
    if (cells < 1)
        cells = 1;
    while (at < n) {
        int one;
        size_t len = cluster_next(s + at, n - at, &one);
        utf8_decode(s + at, n - at, &c);
        if (at > 0 && may_break(before, c))
            best = at;
        /* blanks at the break hang over the border and vanish; a blank with a mark on it is seen */
        if (sum + one > cells && (c != ' ' || len > 1))
            break;
        sum += one;
        at += len;
        before = c;
    }
    if (at >= n)
        return n;
    if (best > 0)
        return best;
    if (at > 0)
        return at;
    int one;
    return cluster_next(s, n, &one);
}
