/* The gate and the line breaker on any bytes: output printable, cleaning its own plain output changes
 * nothing, cuts and lines within their cells, nothing lost. */
#include "core/text/clean.h"
#include "core/text/utf8.h"
#include "core/text/width.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static void lines(const char *s, size_t n, int cells)
{
    size_t at = 0;
    while (at < n) {
        int one = 0;
        size_t len = text_break(s + at, n - at, cells), shown = len;
        require(len > 0 && len <= n - at);
        while (shown > 0 && s[at + shown - 1] == ' ')
            shown--;
        require(shown == 0 || cluster_next(s + at, n - at, &one) >= shown ||
                text_width(s + at, shown) <= cells);
        at += len;
    }
    require(at == n);
}

static void cleaned(const char *s, size_t n, enum clean_mode mode)
{
    struct arena a;
    struct buf b;
    arena_init(&a, 0);
    struct clean t = text_clean(&a, s, n, mode);
    require(!arena_failed(&a) && a.used <= 4 * n + 16 && strlen(t.text) == t.len);
    require(utf8_valid(t.text, t.len));
    int on = 0;
    for (size_t i = 0; i < t.len; i++) {
        unsigned char c = (unsigned char)t.text[i];
        if (c == CLEAN_ON || c == CLEAN_OFF) {
            require(on == (c == CLEAN_OFF));
            on = c == CLEAN_ON;
        } else {
            require((c >= 0x20 && c != 0x7F) || (c == '\n' && mode == CLEAN_TEXT));
        }
    }
    require(!on);
    for (int cells = 1; cells <= 200; cells += 1 + cells / 4) {
        int got = 0;
        size_t cut = text_fit(t.text, t.len, cells, &got);
        require(cut <= t.len && got <= cells && got == text_width(t.text, cut));
        if (cells <= 120)
            lines(t.text, t.len, cells);
    }
    buf_init(&b, 16 * n + 64);
    clean_plain(&b, t, 0);
    require(buf_status(&b) == ST_OK);
    struct clean again = text_clean(&a, b.data, b.len, mode);
    require(again.len == b.len && (b.len == 0 || memcmp(again.text, b.data, b.len) == 0));
    buf_release(&b);
    arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    char *s = malloc(size + 1); /* exactly sized, so that a read past the end is seen */
    if (!s)
        return 0;
    if (size > 0)
        memcpy(s, data, size);
    s = realloc(s, size ? size : 1);
    require(s != NULL);
    cleaned(s, size, CLEAN_LINE);
    cleaned(s, size, CLEAN_TEXT);
    lines(s, size, 1 + (int)(size % 120));
    for (size_t at = size; at > 0;) {
        size_t len = cluster_prev(s, at);
        require(len > 0 && len <= at);
        at -= len;
    }
    free(s);
    return 0;
}
