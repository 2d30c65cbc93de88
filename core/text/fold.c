/* fold.c: texts made comparable, and cut into words. */
#include "core/text/fold.h"
#include "core/base/buf.h"
#include "core/text/utf8.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

enum { FOLDED_MOST = 4 * 1024 * 1024 };

/* U+3400..U+9FFF: the simplified character that stands for this one; 0: itself. */
enum { VARIANT_FIRST = 0x3400, VARIANT_LAST = 0x9FFF };
static const uint16_t simplified[VARIANT_LAST - VARIANT_FIRST + 1] = {
#define VARIANT(from, to) [(from)-VARIANT_FIRST] = (to),
#include "core/text/variants.def"
#undef VARIANT
};

bool fold_is_han(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF) || (c >= 0x3040 && c <= 0x30FF);
}

bool fold_equal(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

bool fold_begins(const char *text, const char *with)
{
    return strncasecmp(text, with, strlen(with)) == 0;
}

bool fold_contains(const char *text, const char *part)
{
    size_t n = strlen(part);
    for (; *text; text++)
        if (strncasecmp(text, part, n) == 0)
            return true;
    return n == 0;
}

/* What stays as it is under NFKC and case folding, without a look into the tables. */
static bool is_plain(uint32_t c)
{
    return c < 0x80 || (c >= 0x3400 && c <= 0x9FFF);
}

static void put_plain(struct buf *out, uint32_t c, const char *bytes, size_t n)
{
    char han[4];
    uint32_t to = c >= VARIANT_FIRST && c <= VARIANT_LAST ? simplified[c - VARIANT_FIRST] : 0;
#if SABOTAGE == 121
    to = 0; /* damage for the tests: 暖氣 is not 暖气 */
#endif
    if (to) {
        n = utf8_encode(to, han);
        bytes = han;
    }
    if (c >= 'A' && c <= 'Z')
        buf_putc(out, (char)(c - 'A' + 'a'));
    else if (c >= 0x21 && c != 0x7F)
        buf_add(out, bytes, n);
    else if (out->len > 0 && out->data[out->len - 1] != ' ')
        buf_putc(out, ' ');
}

/* A run of other characters, by the tables of Unicode. */
static void put_folded(struct buf *out, const char *text, size_t n)
{
    size_t len = 0;
    uint8_t *folded = u8_casefold((const uint8_t *)text, n, NULL, UNINORM_NFKC, NULL, &len);
    for (size_t i = 0; folded && i < len;) {
        uint32_t c;
        size_t m = utf8_decode((const char *)folded + i, len - i, &c);
        if (c < 0x80 || uc_is_property_white_space(c))
            put_plain(out, c < 0x80 ? c : ' ', (const char *)folded + i, m);
        else if (c != UTF8_BAD && (c < FOLD_PRIVATE_FIRST || c > FOLD_PRIVATE_LAST))
            buf_add(out, (const char *)folded + i, m);
        i += m;
    }
    free(folded);
}

const char *fold_text(struct arena *a, const char *text, size_t n)
{
    struct buf out;
    buf_init(&out, FOLDED_MOST);
    while (n > 0) {
        uint32_t c;
        size_t m = utf8_decode(text, n, &c), run = 0;
        if (is_plain(c)) {
            put_plain(&out, c, text, m);
            text += m;
            n -= m;
            continue;
        }
        while (run < n && !is_plain(c) && c != UTF8_BAD) {
            run += m;
            m = run < n ? utf8_decode(text + run, n - run, &c) : 0;
        }
        if (run > 0)
            put_folded(&out, text, run);
        else
            run = 1; /* no UTF-8 */
        text += run;
        n -= run;
    }
    while (out.len > 0 && out.data[out.len - 1] == ' ')
        out.len--;
    const char *folded = out.len ? arena_strndup(a, out.data, out.len) : "";
    buf_release(&out);
    return folded;
}

static bool is_word(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    return c != UTF8_BAD && (uc_is_property_alphabetic(c) || uc_is_property_decimal_digit(c) ||
                             uc_is_general_category(c, UC_MARK));
}

bool fold_has(const char *folded, const char *needle)
{
    uint32_t first = 0, before;
    size_t n = strlen(needle);
    if (n == 0)
        return true;
    (void)utf8_decode(needle, n, &first);
    bool whole = is_word(first) && !fold_is_han(first);
    for (const char *at = folded; (at = strstr(at, needle)); at++) {
        const char *from = at;
        if (!whole || at == folded)
            return true;
        do
            from--;
        while (from > folded && ((unsigned char)*from & 0xC0) == 0x80);
        (void)utf8_decode(from, (size_t)(at - from), &before);
        if (!is_word(before) || fold_is_han(before))
            return true;
    }
    return false;
}

int fold_words(const char *text, size_t n, bool pairs,
               int (*word)(void *with, const char *text, size_t len), void *with)
{
    size_t at = 0, before = 0, m;
    uint32_t c, last = 0;
    int rc = 0;
    for (; at < n && rc == 0; at += m) {
        m = utf8_decode(text + at, n - at, &c);
        if (fold_is_han(c)) {
            bool pair = fold_is_han(last);
            uint32_t next = 0;
            if (at + m < n)
                (void)utf8_decode(text + at + m, n - at - m, &next);
            if (pair)
                rc = word(with, text + before, at + m - before);
            if (rc == 0 && (!pairs || (!pair && !fold_is_han(next))))
                rc = word(with, text + at, m);
            before = at;
        } else if (c >= FOLD_PRIVATE_FIRST && c <= FOLD_PRIVATE_LAST) {
            size_t to = at;
            while (to < n && text[to] != ' ' && text[to] != '\n')
                to++;
            rc = word(with, text + at, to - at);
            m = to - at;
        } else if (is_word(c)) {
            size_t from = at;
            uint32_t next = c;
            size_t k = m;
            while (is_word(next) && !fold_is_han(next)) {
                at += k;
                k = at < n ? utf8_decode(text + at, n - at, &next) : 0;
                if (k == 0)
                    break;
            }
            rc = word(with, text + from, at - from);
            m = 0;
        }
        last = c;
    }
    return rc;
}
