#include "core/base/buf.h"
#include "core/text/utf8.h"
#include "server/open311.h"
#include <string.h>

enum {
    DIGITS_LEAST = 7, /* a local telephone number */
    DECIMALS = 3
};

static bool is_digit(uint32_t ch)
{
    static const uint32_t words[] = {
        0x3007, 0x96F6, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
        0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5E7A}; /* 〇零一二三四五六七八九幺 */
    if ((ch >= '0' && ch <= '9') || (ch >= 0xFF10 && ch <= 0xFF19))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ch == words[i])
            return true;
    return false;
}

static bool is_date(const char *p, size_t n)
{
    static const char form[] = "dddd-dd-dd";
    if (n < sizeof form - 1 || (memcmp(p, "19", 2) != 0 && memcmp(p, "20", 2) != 0))
        return false;
    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == 'd' ? p[i] < '0' || p[i] > '9' : p[i] != form[i])
            return false;
    return n == sizeof form - 1 || p[sizeof form - 1] < '0' || p[sizeof form - 1] > '9';
}

/* Bytes of a run of digits with at most two blanks, hyphens, dots or brackets between them; 0 when it is short. */
static size_t number_run(const char *p, size_t n)
{
    size_t at = 0, end = 0, between = 0;
    int digits = 0;
    while (at < n) {
        uint32_t ch;
        size_t len = utf8_decode(p + at, n - at, &ch);
        if (is_digit(ch)) {
            digits++;
            between = 0;
            end = at + len;
        } else if (digits == 0 || !strchr(" -.()/_", ch < 0x80 ? (char)ch : 'x') || ++between > 2) {
            break;
        }
        at += len;
    }
    if (end < n && (p[end] == 'X' || p[end] == 'x'))
        end++; /* the last place of an identity number */
    return digits >= DIGITS_LEAST ? end : 0;
}

static size_t mail_run(const char *p)
{
    size_t n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._%+-@");
    return memchr(p, '@', n) ? n : 0;
}

/* Bytes of a door such as 9号楼8单元707室 or 9-8-707: two links and more, or one that is a room; 0 for anything else. */
static size_t door_run(const char *p, size_t n)
{
    static const char *const links[] = {"号楼", "号院", "单元", "号", "楼", "层",
                                        "门",   "栋",   "幢",   "室", "-"};
    size_t at = 0, end = 0;
    int found = 0;
    bool room = false;
    for (;;) {
        size_t number = at, len = 0;
        uint32_t ch;
        while (at < n && (len = utf8_decode(p + at, n - at, &ch)) > 0 && is_digit(ch))
            at += len;
        if (at == number)
            break;
        if (found >= 2)
            end = at; /* the last may be bare */
        for (len = 0; len < sizeof links / sizeof *links; len++)
            if (strncmp(p + at, links[len], strlen(links[len])) == 0)
                break;
        if (len == sizeof links / sizeof *links)
            break;
        at += strlen(links[len]);
        room |= strcmp(links[len], "室") == 0;
        if (++found >= 2 || room)
            end = at;
    }
    return end;
}

/* Does a word tell who or where it is: a name, or a part of an address with a number or in Chinese? Two letters may be
 * a part of any word. */
static bool telling(const char *word, size_t n, bool address)
{
    if (n <= 2 || utf8_count(word, n) < 2)
        return false;
    for (size_t i = 0; address && i < n; i++)
        if ((word[i] >= '0' && word[i] <= '9') || (unsigned char)word[i] >= 0x80)
            return true;
    return !address;
}

/* Bytes of value with which p begins, whole characters. */
static size_t beginning(const char *p, const char *value)
{
    size_t n = 0;
    while (p[n] && value[n] && strncasecmp(p + n, value + n, 1) == 0)
        n++;
    while (n > 0 && ((unsigned char)value[n] & 0xC0) == 0x80)
        n--;
    return n;
}

/* Bytes at p that are a value of the case which tells who it is, whole or in good part. */
static size_t personal(const char *p, const struct casefile *c)
{
    static const enum field fields[] = {FIELD_CLAIMANT, FIELD_RESPONDENT, FIELD_PHONE, FIELD_EMAIL,
                                        FIELD_POINT};
    size_t best = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *value = c->value[fields[i]];
        bool address = fields[i] == FIELD_POINT;
        size_t n = beginning(p, value), all = strlen(value);
        if (n > best && utf8_count(value, n) >= 2 && (n == all || (address && 2 * n > all)))
            best = n;
        for (const char *word = value; (i < 2 || address) && *word; word += strspn(word, " ")) {
            n = strcspn(word, " ");
            if (n > best && telling(word, n, address) && strncasecmp(p, word, n) == 0)
                best = n;
            word += n;
        }
    }
    return best;
}

const char *open311_masked(const char *text, const struct casefile *c, struct arena *a)
{
    struct buf out;
    size_t n = strlen(text);
    bool inside = false; /* of a word or number */
    buf_init(&out, SIZE_MAX / 2);
    for (const char *p = text; n > 0;) {
        uint32_t ch;
        size_t len = utf8_decode(p, n, &ch), hidden = personal(p, c);
#if SABOTAGE == 31
        hidden = 0; /* damage for the tests: who it is comes out */
#endif
        if (!hidden && !inside)
            hidden = mail_run(p);
        if (!hidden && is_date(p, n)) {
            len = strlen("dddd-dd-dd");
            buf_add(&out, p, len);
        } else if (hidden || (hidden = number_run(p, n)) > 0 || (hidden = door_run(p, n)) > 0) {
            buf_puts(&out, "***");
            len = hidden;
        } else {
            buf_add(&out, p, len);
        }
        inside = ch < 0x80 && strchr("._%+-", (int)ch) == NULL &&
                 ((ch >= '0' && ch <= '9') || ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z'));
        p += len;
        n -= len;
    }
    const char *shown = arena_strndup(a, out.data, out.len);
    a->failed |= buf_status(&out) != ST_OK;
    buf_release(&out);
    return shown;
}

const char *open311_degrees(const char *text, struct arena *a)
{
    static const char digits[] = "0123456789";
    const char *whole = text + strspn(text, "+-");
    whole += strspn(whole, "0");
    size_t n = strspn(whole, digits);
    const char *fraction = whole[n] == '.' ? whole + n + 1 : "";
    size_t decimals = strspn(fraction, digits);
    if (!text[strspn(text, "+-.")] || (whole[n] && whole[n] != '.') || fraction[decimals])
        return "";
    if (decimals > DECIMALS)
        decimals = DECIMALS;
    while (decimals > 0 && fraction[decimals - 1] == '0')
        decimals--;
    return arena_printf(a, "%s%s%.*s%s%.*s", *text == '-' ? "-" : "", n ? "" : "0", (int)n, whole,
                        decimals ? "." : "", (int)decimals, fraction);
}
