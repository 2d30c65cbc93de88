#include "core/text/utf8.h"

#include "core/base/banned.h" /* after all others */

size_t utf8_decode(const char *s, size_t n, uint32_t *ret_char)
{
    const unsigned char *p = (const unsigned char *)s;
    uint32_t c = p[0], least;
    size_t len;
    if (c < 0x80) {
        *ret_char = c;
        return 1;
    }
    if (c >= 0xC2 && c <= 0xDF) {
        len = 2;
        least = 0x80;
        c &= 0x1F;
    } else if (c >= 0xE0 && c <= 0xEF) {
        len = 3;
        least = 0x800;
        c &= 0x0F;
    } else if (c >= 0xF0 && c <= 0xF4) {
        len = 4;
        least = 0x10000;
        c &= 0x07;
    } else {
        *ret_char = UTF8_BAD;
        return 1;
    }
    if (n < len) {
        *ret_char = UTF8_BAD;
        return 1;
    }
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            *ret_char = UTF8_BAD;
            return 1;
        }
        c = c << 6 | (p[i] & 0x3F);
    }
    if (c < least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        *ret_char = UTF8_BAD;
        return 1;
    }
    *ret_char = c;
    return len;
}

size_t utf8_encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c >= 0xD800 && c <= 0xDFFF)
        return 0;
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    if (c > 0x10FFFF)
        return 0;
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

bool utf8_valid(const char *s, size_t n)
{
    uint32_t c;
    for (size_t at = 0; at < n;) {
        at += utf8_decode(s + at, n - at, &c);
        if (c == UTF8_BAD)
            return false;
    }
    return true;
}

size_t utf8_count(const char *s, size_t n)
{
    uint32_t c;
    size_t count = 0;
    for (size_t at = 0; at < n; count++)
        at += utf8_decode(s + at, n - at, &c);
    return count;
}

size_t utf8_cut(const char *s, size_t n, size_t at_most)
{
    uint32_t c;
    if (n <= at_most)
        return n;
    /* back to the lead byte of the character that at_most would cut, at most three bytes away */
    size_t begin = at_most;
    while (begin > 0 && at_most - begin < 3 && ((unsigned char)s[begin] & 0xC0) == 0x80)
        begin--;
    size_t len = utf8_decode(s + begin, n - begin, &c);
    return c != UTF8_BAD && begin + len > at_most ? begin : at_most;
}
