#include "core/text/grapheme.h"
#include "core/text/utf8.h"
#include <stdbool.h>
#include <unictype.h>
#include <unigbrk.h>

#include "core/base/banned.h" /* after all others */

int grapheme_simple(uint32_t c)
{
    if (c >= 0x20 && c < 0x7F)
        return 1;
    if ((c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3000 && c <= 0x3029) ||
        (c >= 0xFF01 && c <= 0xFF60))
        return 2;
    return 0;
}

static bool regional(uint32_t c)
{
    return c >= 0x1F1E6 && c <= 0x1F1FF;
}

static bool pictograph(uint32_t c)
{
    return c > 0xA8 && uc_is_property_extended_pictographic(c);
}

static bool extends(uint32_t c)
{
    return uc_graphemeclusterbreak_property(c) == GBP_EXTEND;
}

size_t grapheme_next(const char *s, size_t n)
{
    enum { ZWJ = 0x200D };
    uint32_t c, next;
    size_t at = utf8_decode(s, n, &c);
    if (c == '\n' || c == UTF8_BAD || at == n)
        return at;
    utf8_decode(s + at, n - at, &next);
    if (grapheme_simple(c) > 0 && (next == '\n' || grapheme_simple(next) > 0))
        return at;
    /* libunistring looks at two characters: flags and emoji joined by ZWJ need more */
    bool half_flag = regional(c), emoji = pictograph(c);
    while (at < n) {
        size_t len = utf8_decode(s + at, n - at, &next);
        if (next == UTF8_BAD || at + len > GRAPHEME_BYTES)
            break;
        bool joined = (half_flag && regional(next)) || (emoji && c == ZWJ && pictograph(next));
        if (!joined && uc_is_grapheme_break(c, next))
            break;
        half_flag = regional(next) && !regional(c);
        emoji = pictograph(next) || (emoji && (next == ZWJ || extends(next)));
        at += len;
        c = next;
    }
    return at;
}

enum word_kind word_kind(uint32_t c)
{
    bool han = (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || c == 0x3005 ||
               c == 0x3007 || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFD);
    bool kana = (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x312F && c != 0x30FB);
    if (han || kana)
        return WORD_HAN;
    return c == '_' || uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M |
                                                               UC_CATEGORY_MASK_N)
               ? WORD_OTHER
               : WORD_NONE;
}
