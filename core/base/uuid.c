#include "core/base/uuid.h"
#include <string.h>

#include "core/base/banned.h" /* after all others */

enum { RANDOM_BITS = 42 }; /* of rand_b's 62: the counter may grow for long before it runs over */

struct uuid uuid_new(struct uuid_source *s)
{
    struct uuid u;
    int64_t ms = clock_wall(s->clock);
    uint64_t chance[2];
    random_fill(s->random, chance, sizeof chance);
    if (ms > s->last_ms) {
        s->last_ms = ms;
        s->last_rand = chance[0] & ((UINT64_C(1) << 61) - 1);
    } else {
        s->last_rand += 1 + (chance[0] & ((UINT64_C(1) << RANDOM_BITS) - 1));
        if (s->last_rand >> 62) {
            s->last_ms++;
            s->last_rand = chance[0] & ((UINT64_C(1) << 61) - 1);
        }
    }
    /* 48 bits of time; version; 12 bits and 62 bits: here 12 high bits of the counter, then the rest,
     * so that order by bytes is order of making; the last 12 bits are plain chance. */
    uint64_t t = (uint64_t)s->last_ms;
    for (int i = 0; i < 6; i++)
        u.byte[i] = (unsigned char)(t >> (40 - 8 * i));
    uint64_t high = s->last_rand >> 50, low = (s->last_rand & ((UINT64_C(1) << 50) - 1)) << 12;
    low |= chance[1] & 0xFFF;
    u.byte[6] = (unsigned char)(0x70 | (high >> 8));
    u.byte[7] = (unsigned char)high;
    for (int i = 0; i < 8; i++)
        u.byte[8 + i] = (unsigned char)(low >> (56 - 8 * i));
    u.byte[8] = (unsigned char)((u.byte[8] & 0x3F) | 0x80);
    return u;
}

void uuid_format(const struct uuid *u, char out[UUID_TEXT])
{
    static const char hex[] = "0123456789abcdef";
    char *p = out;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *p++ = '-';
        *p++ = hex[u->byte[i] >> 4];
        *p++ = hex[u->byte[i] & 15];
    }
    *p = '\0';
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool uuid_parse(const char *text, struct uuid *ret)
{
    struct uuid u;
    for (int i = 0; i < 16; i++) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-')
            return false;
        int high = nibble(text[0]), low = high < 0 ? -1 : nibble(text[1]);
        if (low < 0)
            return false;
        u.byte[i] = (unsigned char)(high << 4 | low);
        text += 2;
    }
    if (*text)
        return false;
    *ret = u;
    return true;
}

int uuid_compare(const struct uuid *a, const struct uuid *b)
{
    return memcmp(a->byte, b->byte, sizeof a->byte);
}

bool uuid_is_nil(const struct uuid *u)
{
    static const struct uuid nil;
    return uuid_compare(u, &nil) == 0;
}
