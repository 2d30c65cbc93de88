/* pinyin.c: one pass over the text, with all places of what is typed that can have been reached. */
#include "core/text/pinyin.h"
#include "core/text/utf8.h"
#include <stdint.h>
#include <string.h>

#define FIRST 0x3400u
#define LAST 0x9FFFu

static const char *const sets[] = {
#define PINYIN_SET(readings) readings,
#include "core/text/pinyin_sets.def"
#undef PINYIN_SET
};

static const uint16_t set_of[LAST - FIRST + 1] = {
#define PINYIN_ROW(...) __VA_ARGS__,
#include "core/text/pinyin_rows.def"
#undef PINYIN_ROW
};

/* Small readings with one blank between; "" when there is none. */
static const char *readings_of(uint32_t c)
{
    return c >= FIRST && c <= LAST ? sets[set_of[c - FIRST]] : "";
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Bit i: the first i bytes of what is typed stand for a run that ends here. */
typedef uint64_t places;

struct typed {
    const char *text;
    size_t n;
};

static places bit(size_t at)
{
    return (places)1 << at;
}

/* Where one gets to from this place by one reading. */
static places by_reading(const struct typed *t, size_t at, const char *reading, size_t len)
{
    size_t same = 0;
    while (same < len && at + same < t->n) {
        char c = small(t->text[at + same]);
        if (c != reading[same] && !(reading[same] == 'v' && c == 'u'))
            break;
        same++;
    }
    places to = 0;
    if (same >= 1)
        to |= bit(at + 1);
    if (same >= 2 && reading[1] == 'h')
        to |= bit(at + 2);
    if (same == len || at + same == t->n)
        to |= bit(at + same);
    return to;
}

static bool is_itself(const struct typed *t, size_t at, const char *c, size_t n)
{
    if (n == 1 && at < t->n)
        return small(t->text[at]) == small(*c);
    return at + n <= t->n && memcmp(t->text + at, c, n) == 0;
}

/* Past one character of the text. */
static places step(const struct typed *t, places from, const char *c, size_t n,
                   const char *readings)
{
    places to = *c == ' ' ? from : 0;
    for (size_t at = 0; at < t->n; at++) {
        if (!(from & bit(at)))
            continue;
        if (is_itself(t, at, c, n))
            to |= bit(at + n);
        for (const char *r = readings; *r;) {
            size_t len = strcspn(r, " ");
            to |= by_reading(t, at, r, len);
            r += len + (r[len] == ' ');
        }
    }
    return to;
}

static bool stands(const char *text, const char *typed, bool anywhere)
{
    struct typed t = {typed, strlen(typed)};
    size_t n = strlen(text);
    if (t.n == 0 || t.n > PINYIN_TYPED_MOST)
        return t.n == 0;
    places at = bit(0);
    while (n > 0 && at) {
        uint32_t c;
        size_t len = utf8_decode(text, n, &c);
        at = step(&t, at, text, len, readings_of(c));
        if (at & bit(t.n))
            return true;
        if (anywhere)
            at |= bit(0);
        text += len;
        n -= len;
    }
    return false;
}

bool pinyin_matches(const char *text, const char *typed)
{
    return stands(text, typed, true);
}

bool pinyin_begins(const char *text, const char *typed)
{
    return stands(text, typed, false);
}

size_t pinyin_initials(const char *text, char *out, size_t room)
{
    size_t n = strlen(text), used = 0;
    while (n > 0) {
        uint32_t c;
        size_t len = utf8_decode(text, n, &c);
        char first = *readings_of(c), own = small(*text);
        if (!first && ((own >= 'a' && own <= 'z') || (own >= '0' && own <= '9')))
            first = own;
        if (first && used + 1 < room)
            out[used] = first;
        used += first != '\0';
        text += len;
        n -= len;
    }
    if (room > 0)
        out[used < room ? used : room - 1] = '\0';
    return used;
}
