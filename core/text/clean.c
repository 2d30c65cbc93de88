#include "core/text/clean.h"
#include "core/text/utf8.h"
#include "core/text/width.h"
#include <assert.h>
#include <stdbool.h>
#include <string.h>
#include <unictype.h>

#include "core/base/banned.h" /* after all others */

enum { MARKS_MOST = 4, TAB_CELLS = 4 };

enum kind {
    KIND_PLAIN,   /* shown as it is */
    KIND_MARK,    /* shown on a base, at most MARKS_MOST of them */
    KIND_VISIBLE, /* shown as <U+...> */
};

/* Looks like nothing, or changes what stands beside it, whatever its category says. */
static bool filler(uint32_t c)
{
    return c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 || c == 0x2800 || c == 0x034F ||
           (c >= 0x17B4 && c <= 0x17B5) || (c >= 0x180B && c <= 0x180F) ||
           (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0000 && c <= 0xE0FFF);
}

static enum kind kind_of(uint32_t c)
{
    if (c < 0x20 || c == 0x7F)
        return KIND_VISIBLE;
    if (c < 0x7F)
        return KIND_PLAIN;
    if (c >= 0x4E00 && c <= 0x9FFF)
        return KIND_PLAIN;
    if (filler(c))
        return KIND_VISIBLE;
    if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M))
        return KIND_MARK;
    /* Hangul vowels and finals (conjoining) are letters that take no cell: they pile up like marks. */
    if (((c >= 0x1161 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FF)) &&
        uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L))
        return KIND_MARK;
    if (c == 0x3000 || c == 0xA0)
        return KIND_PLAIN;
    if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N |
                                                UC_CATEGORY_MASK_P | UC_CATEGORY_MASK_S |
                                                UC_CATEGORY_MASK_Zs))
        return KIND_PLAIN;
    return KIND_VISIBLE;
}

/* Counts only while block is NULL: the first pass measures, so that the second needs no more memory
 * than what is shown takes (at most 4 times the input and one more character). */
struct writer {
    char *block;
    size_t len;
    bool on; /* between the marks: neighbours share one pair */
};

static void put(struct writer *w, const char *s, size_t n)
{
    if (w->block)
        memcpy(w->block + w->len, s, n);
    w->len += n;
}

static void put_mark(struct writer *w, bool on)
{
    static const char mark[] = {CLEAN_OFF, CLEAN_ON};
    if (w->on != on)
        put(w, &mark[on], 1);
    w->on = on;
}

static size_t put_hex(char *out, uint32_t c, int digits)
{
    static const char hex[] = "0123456789ABCDEF";
    for (int i = 0; i < digits; i++)
        out[i] = hex[c >> (4 * (digits - 1 - i)) & 15];
    return (size_t)digits;
}

/* The visible form of c, or of the byte when c is UTF8_BAD. */
static void put_visible(struct writer *w, uint32_t c, unsigned char byte)
{
    char form[16] = "<U+";
    size_t n = 3;
    put_mark(w, true);
    if (c == UTF8_BAD) {
        n = 1 + put_hex(form + 1, byte, 2);
        form[n++] = '>';
    } else if (c == '\n') {
        memcpy(form, "\xE2\x86\xB5", 3); /* a mark for a line break in a line */
    } else if (c < 0x20 || c == 0x7F) {
        form[0] = '^';
        form[1] = (char)(c ^ 0x40);
        n = 2;
    } else {
        n += put_hex(form + 3, c, c > 0xFFFFF ? 6 : c > 0xFFFF ? 5 : 4);
        form[n++] = '>';
    }
    put(w, form, n);
}

static void render(struct writer *w, const char *s, size_t n, enum clean_mode mode)
{
    int marks = 0;
    bool base = false; /* something a mark may stand on */
    for (size_t at = 0; at < n;) {
        uint32_t c;
        size_t len = utf8_decode(s + at, n - at, &c);
        enum kind kind = c == UTF8_BAD ? KIND_VISIBLE : kind_of(c);
        if (mode == CLEAN_TEXT && (c == '\n' || c == '\r')) {
            put_mark(w, false);
            put(w, "\n", 1);
            if (c == '\r' && at + 1 < n && s[at + 1] == '\n')
                len = 2;
            base = false;
        } else if (mode == CLEAN_TEXT && c == '\t') {
            put_mark(w, false);
            put(w, "    ", TAB_CELLS);
            base = false;
        } else if (kind == KIND_PLAIN) {
            put_mark(w, false);
            put(w, s + at, len);
            base = true;
            marks = 0;
        } else if (kind == KIND_MARK && base && marks < MARKS_MOST) {
            put_mark(w, false);
            put(w, s + at, len);
            marks++;
        } else {
            put_visible(w, c, (unsigned char)s[at]);
            base = false; /* marks after it are noise as well: all visible */
        }
        at += len;
    }
    put_mark(w, false);
}

static bool plain_ascii(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] < 0x20 || (unsigned char)s[i] >= 0x7F)
            return false;
    return true;
}

struct clean text_clean(struct arena *a, const char *s, size_t n, enum clean_mode mode)
{
    if (n == 0)
        return (struct clean){.text = "", .len = 0};
    if (plain_ascii(s, n))
        return (struct clean){.text = arena_strndup(a, s, n), .len = arena_failed(a) ? 0 : n};
    struct writer w = {0};
    render(&w, s, n, mode);
    char *block = arena_alloc(a, w.len + 1); /* zeroed: ends itself */
    if (!block)
        return (struct clean){.text = "", .len = 0};
    w = (struct writer){.block = block};
    render(&w, s, n, mode);
    return (struct clean){.text = block, .len = w.len};
}

struct clean text_clean_str(struct arena *a, const char *s, enum clean_mode mode)
{
    return text_clean(a, s, strlen(s), mode);
}

struct clean text_clean_fit(struct arena *a, const char *s, size_t n, int cells)
{
    /* A cell shows at least one character and a character with its marks has at most 4 + 4 * 4 bytes;
     * what is longer is noise of which the beginning is enough. */
    size_t most = cells < 0 ? 0 : ((size_t)cells + 1) * 20;
    if (n > most)
        n = utf8_cut(s, n, most);
    return text_clean(a, s, n, CLEAN_LINE);
}

struct clean clean_own(const char *s)
{
#ifdef JIBAN_TEST_HOOKS
    for (const char *p = s; *p; p++)
        assert((unsigned char)*p >= 0x20 || *p == '\n' || *p == CLEAN_ON || *p == CLEAN_OFF);
#endif
    return (struct clean){.text = s, .len = strlen(s)};
}

#define BRACKET_OPEN "\xE2\x9F\xA8"  /* U+27E8 */
#define BRACKET_CLOSE "\xE2\x9F\xA9" /* U+27E9 */

size_t clean_plain(struct buf *out, struct clean text, int ascii)
{
    size_t lost = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        size_t len = utf8_decode(text.text + at, text.len - at, &c);
        if (c == CLEAN_ON) {
            buf_puts(out, ascii ? "{" : BRACKET_OPEN);
        } else if (c == CLEAN_OFF) {
            buf_puts(out, ascii ? "}" : BRACKET_CLOSE);
        } else if (ascii && c >= 0x80) {
            buf_putc(out, '?');
            lost++;
        } else {
            bool reserved = ascii ? c == '{' || c == '}' : c == 0x27E8 || c == 0x27E9;
            buf_add(out, text.text + at, len);
            if (reserved)
                buf_add(out, text.text + at, len);
        }
        at += len;
    }
    return lost;
}

void clean_json(struct buf *out, const char *json, size_t n, int ascii)
{
    struct arena a;
    arena_init(&a, 0);
    for (size_t at = 0; at < n;) {
        uint32_t ch;
        size_t len = utf8_decode(json + at, n - at, &ch);
        bool plain = ch == '\n' || (ch >= ' ' && ch < 0x7F);
        if (!plain && !ascii && ch != UTF8_BAD) {
            arena_reset(&a);
            struct clean one = text_clean(&a, json + at, len, CLEAN_LINE);
            plain = one.len == len && memcmp(one.text, json + at, len) == 0;
        }
        if (plain)
            buf_add(out, json + at, len);
        else if (ch == UTF8_BAD)
            buf_puts(out, "\\ufffd");
        else if (ch > 0xFFFF)
            buf_printf(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + ((ch - 0x10000) >> 10)),
                       (unsigned)(0xDC00 + ((ch - 0x10000) & 0x3FF)));
        else
            buf_printf(out, "\\u%04x", (unsigned)ch);
        at += len;
    }
    arena_release(&a);
}
