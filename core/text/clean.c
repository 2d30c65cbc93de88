#include "core/text/clean.h"
#include "core/text/utf8.h"
#include "core/text/width.h"
#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unictype.h>

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
    if (c == 0x3000 || c == 0xA0)
        return KIND_PLAIN;
    if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N |
                                                UC_CATEGORY_MASK_P | UC_CATEGORY_MASK_S |
                                                UC_CATEGORY_MASK_Zs))
        return KIND_PLAIN;
    return KIND_VISIBLE;
}

/* Writes into a block that is known to be large enough. */
struct writer {
    char *p;
    bool on; /* between the marks: neighbours share one pair */
};

static void put(struct writer *w, const char *s, size_t n)
{
    memcpy(w->p, s, n);
    w->p += n;
}

static void put_off(struct writer *w)
{
    if (w->on)
        *w->p++ = CLEAN_OFF;
    w->on = false;
}

static void put_visible(struct writer *w, const char *form)
{
    if (!w->on)
        *w->p++ = CLEAN_ON;
    w->on = true;
    put(w, form, strlen(form));
}

enum { FORM_MOST = 12 }; /* "<U+10FFFF>" and its two marks */

/* At most cells cells are looked at when cells > 0. The longest form of one byte is <80> with its two
 * marks (6 bytes), of a two-byte character <U+0080> (10 bytes for 2): so 6 bytes for one. To keep
 * the promise of 4 times the input, hostile text is measured first. */
static size_t measure(const char *s, size_t n)
{
    size_t size = 0;
    uint32_t c;
    for (size_t at = 0; at < n;) {
        size_t len = utf8_decode(s + at, n - at, &c);
        size += c >= 0x20 && c < 0x7F                       ? 1
                : c != UTF8_BAD && kind_of(c) == KIND_PLAIN ? len
                                                            : FORM_MOST;
        at += len;
    }
    return size;
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
    char *block = arena_alloc(a, measure(s, n) + 1);
    if (!block)
        return (struct clean){.text = "", .len = 0};
    struct writer w = {.p = block};
    char form[16];
    int marks = 0;
    bool base = false; /* something a mark may stand on */
    for (size_t at = 0; at < n;) {
        uint32_t c;
        size_t len = utf8_decode(s + at, n - at, &c);
        enum kind kind = c == UTF8_BAD ? KIND_VISIBLE : kind_of(c);
        if (mode == CLEAN_TEXT && (c == '\n' || c == '\r')) {
            put_off(&w);
            *w.p++ = '\n';
            if (c == '\r' && at + 1 < n && s[at + 1] == '\n')
                len = 2;
            base = false;
        } else if (mode == CLEAN_TEXT && c == '\t') {
            put_off(&w);
            put(&w, "    ", TAB_CELLS);
            base = true;
        } else if (kind == KIND_PLAIN) {
            put_off(&w);
            put(&w, s + at, len);
            base = true;
            marks = 0;
        } else if (kind == KIND_MARK && base && marks < MARKS_MOST) {
            put_off(&w);
            put(&w, s + at, len);
            marks++;
        } else {
            if (c == UTF8_BAD)
                snprintf(form, sizeof form, "<%02X>", (unsigned char)s[at]);
            else if (c == '\n')
                snprintf(form, sizeof form, "\xE2\x86\xB5"); /* a mark for a line break in a line */
            else if (c < 0x20 || c == 0x7F)
                snprintf(form, sizeof form, "^%c", (int)(c ^ 0x40));
            else
                snprintf(form, sizeof form, "<U+%04X>", (unsigned)c);
            put_visible(&w, form);
            base = kind == KIND_MARK; /* further marks are one kind of noise: all visible */
            marks = MARKS_MOST;
        }
        at += len;
    }
    put_off(&w);
    *w.p = '\0';
    return (struct clean){.text = block, .len = (size_t)(w.p - block)};
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

void clean_plain(struct buf *out, struct clean text, int ascii)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        size_t len = utf8_decode(text.text + at, text.len - at, &c);
        if (c == CLEAN_ON) {
            buf_puts(out, ascii ? "{" : BRACKET_OPEN);
        } else if (c == CLEAN_OFF) {
            buf_puts(out, ascii ? "}" : BRACKET_CLOSE);
        } else if (ascii && c >= 0x80) {
            buf_putc(out, '?');
        } else {
            bool reserved = ascii ? c == '{' || c == '}' : c == 0x27E8 || c == 0x27E9;
            buf_add(out, text.text + at, len);
            if (reserved)
                buf_add(out, text.text + at, len);
        }
        at += len;
    }
}
