#include "core/text/charset.h"
#include "core/text/utf8.h"
#include <langinfo.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "core/base/banned.h" /* after all others */

bool charset_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

bool charset_ascii(void)
{
    const char *name = nl_langinfo(CODESET);
    return strcmp(name, "ANSI_X3.4-1968") == 0 || strcmp(name, "US-ASCII") == 0;
}

size_t charset_put(uint32_t c, char *out)
{
    mbstate_t state = {0};
    if (c < 0x80) {
        *out = (char)c;
        return 1;
    }
    if (charset_ascii())
        return 0;
    size_t n = wcrtomb(out, (wchar_t)c, &state);
    return n == (size_t)-1 ? 0 : n;
}

size_t charset_encode(struct buf *out, const char *utf8, size_t n)
{
    size_t lost = 0;
    if (charset_utf8()) {
        buf_add(out, utf8, n);
        return 0;
    }
    for (size_t at = 0; at < n;) {
        char bytes[MB_LEN_MAX];
        uint32_t c;
        at += utf8_decode(utf8 + at, n - at, &c);
        size_t len = c == UTF8_BAD ? 0 : charset_put(c, bytes);
        if (len > 0) {
            buf_add(out, bytes, len);
        } else {
            buf_putc(out, '?');
            lost++;
        }
    }
    return lost;
}

void charset_decode(struct buf *out, const char *bytes, size_t n)
{
    if (charset_utf8() || charset_ascii()) {
        buf_add(out, bytes, n);
        return;
    }
    for (size_t at = 0; at < n;) {
        mbstate_t state = {0};
        wchar_t wide = 0;
        char utf8[4];
        size_t got = mbrtowc(&wide, bytes + at, n - at, &state);
        bool is_one = got != (size_t)-1 && got != (size_t)-2;
        if (is_one && got == 0)
            got = 1; /* NUL is a character like others */
        if (is_one)
            buf_add(out, utf8, utf8_encode((uint32_t)wide, utf8));
        else
            buf_add(out, bytes + at, 1);
        at += is_one ? got : 1;
    }
}

void charset_decode_file(struct buf *out, const char *bytes, size_t n)
{
    if (utf8_valid(bytes, n))
        buf_add(out, bytes, n);
    else
        charset_decode(out, bytes, n);
}
