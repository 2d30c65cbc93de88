/* leaks.c: what of a person must not stand in a text for a claimant. */
#include "core/case/leaks.h"
#include "core/base/i18n.h"
#include "core/text/fold.h"
#include "core/text/utf8.h"
#include <stdint.h>
#include <string.h>

const struct leak_row leak_table[LEAK_COUNT] = {
#define LEAK(id, word, holds, label) {word, holds, label},
#include "core/case/leaks.def"
#undef LEAK
};

enum {
    DIGITS_MOST = 23, /* a card of 19, with what may stand before a mobile number */
    GROUPS_MOST = 6,
    MOBILE_DIGITS = 11,
    PHONE_LEAST = 7, /* as of repeat.c: shorter ones are many people's */
    ID_DIGITS = 17,  /* and the check digit */
    NAME_LEAST = 2,  /* characters of a Chinese name; of another one in letters: */
    NAME_LETTERS = 4
};

/* --- digits ----------------------------------------------------------------------------------------- */

enum digit_kind { DIGIT_NONE, DIGIT_ASCII, DIGIT_CHINESE };

static enum digit_kind digit_of(uint32_t c, char *ret)
{
    static const struct {
        uint32_t c;
        char digit;
    } words[] = {{0x3007, '0'}, {0x96F6, '0'}, {0x4E00, '1'}, {0x5E7A, '1'},
                 {0x4E8C, '2'}, {0x4E09, '3'}, {0x56DB, '4'}, {0x4E94, '5'},
                 {0x516D, '6'}, {0x4E03, '7'}, {0x516B, '8'}, {0x4E5D, '9'}};
    if ((c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19)) {
        *ret = (char)(c < 0x80 ? c : c - 0xFF10 + '0');
        return DIGIT_ASCII;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].c == c) {
            *ret = words[i].digit;
            return DIGIT_CHINESE;
        }
    return DIGIT_NONE;
}

static bool is_between(uint32_t c)
{
    static const uint32_t signs[] = {' ', '-', '.', 0x00A0, 0x00B7, 0x2013, 0x2014, 0x3000, 0xFF0D};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (signs[i] == c)
            return true;
    return false;
}

/* Digits with nothing between them. */
struct group {
    size_t at, end; /* bytes */
    char digit[DIGITS_MOST + 1];
    int n;        /* may be more than are kept */
    bool follows; /* one sign or none is between it and the group before */
};

/* Groups of a text, the last few of them. */
struct groups {
    struct group list[GROUPS_MOST];
    int n;
};

/* Text being looked through. */
struct looking {
    const char *text;
    size_t n;
    const struct leak_person *people;
    size_t n_people;
    struct leak *out;
    size_t found, most;
};

/* Characters at a place; 0 behind the end. */
static uint32_t character(const struct looking *l, size_t at, size_t *ret_len)
{
    uint32_t c = 0;
    *ret_len = at < l->n ? utf8_decode(l->text + at, l->n - at, &c) : 0;
    return c;
}

static bool read_group(const struct looking *l, size_t at, struct group *ret)
{
    size_t len;
    char digit = '0';
    uint32_t c = character(l, at, &len);
    enum digit_kind kind = len ? digit_of(c, &digit) : DIGIT_NONE;
    *ret = (struct group){.at = at, .end = at};
    if (kind == DIGIT_NONE)
        return false;
    while (len && digit_of(c, &digit) == kind) {
        if (ret->n < DIGITS_MOST)
            ret->digit[ret->n] = digit;
        ret->n++;
        ret->end += len;
        c = character(l, ret->end, &len);
    }
    return true;
}

/* --- what a number is --------------------------------------------------------------------------------- */

static int two(const char *digit)
{
    return (digit[0] - '0') * 10 + digit[1] - '0';
}

static bool is_mobile(const char *digit, int n)
{
    if (n > MOBILE_DIGITS && strncmp(digit, "00", 2) == 0) {
        digit += 2;
        n -= 2;
    }
    if (n > MOBILE_DIGITS && strncmp(digit, "86", 2) == 0) {
        digit += 2;
        n -= 2;
    }
    return n == MOBILE_DIGITS && digit[0] == '1' && digit[1] >= '3';
}

/* Area code and number: 010 and 02x have three digits, the others four; numbers have seven or eight. */
static bool is_fixed(const char *digit, int n)
{
    if (digit[0] != '0' || digit[1] == '0')
        return false;
    int code = digit[1] <= '2' ? 3 : 4;
    return (n - code == 7 || n - code == 8) && digit[code] >= '2' && (code == 4 || n - code == 8);
}

/* ISO/IEC 7812: the check digit makes the sum of Luhn a multiple of ten. */
static bool is_card(const char *digit, int n)
{
    int sum = 0;
    if (n < 16 || n > 19 || !strchr("34569", digit[0]))
        return false;
    for (int i = 0; i < n; i++) {
        int d = digit[n - 1 - i] - '0';
        if (i % 2 == 1)
            d = d * 2 > 9 ? d * 2 - 9 : d * 2;
        sum += d;
    }
    return sum % 10 == 0;
}

/* GB 11643: region, date of birth, number; check: the place of the sum modulo 11 (ISO 7064). */
static bool is_identity(const char *digit, char check)
{
    static const int weight[ID_DIGITS] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0, region = two(digit), month = two(digit + 10), day = two(digit + 12);
    if (region < 11 || region > 83 || (two(digit + 6) != 19 && two(digit + 6) != 20) || month < 1 ||
        month > 12 || day < 1 || day > 31)
        return false;
    for (int i = 0; i < ID_DIGITS; i++)
        sum += weight[i] * (digit[i] - '0');
    return "10X98765432"[sum % 11] == check;
}

/* The digits of a phone as it is kept, masked places as '*'. */
static int phone_digits(const char *phone, char out[DIGITS_MOST + 1])
{
    int n = 0;
    for (; *phone && n < DIGITS_MOST; phone++)
        if ((*phone >= '0' && *phone <= '9') || *phone == '*')
            out[n++] = *phone;
    out[n] = '\0';
    return n;
}

/* A country code before either is passed over. */
static bool same_phone(const char *digit, int n, const char *phone)
{
    char kept[DIGITS_MOST + 1];
    int m = phone_digits(phone, kept), known = 0, common = n < m ? n : m;
    if (m < PHONE_LEAST || n < PHONE_LEAST || (n != m && common != MOBILE_DIGITS))
        return false;
    for (int i = 1; i <= common; i++) {
        if (kept[m - i] != '*' && kept[m - i] != digit[n - i])
            return false;
        known += kept[m - i] != '*';
    }
    return known >= PHONE_LEAST;
}

/* An amount: 15 000 000 000. */
static bool is_amount(const struct group *g, int n)
{
    for (int i = 1; i < n; i++)
        if (g[i].n != 3)
            return false;
    return n > 2 && g[0].n <= 3;
}

static bool kind_of(const struct looking *l, const char *digit, int n, enum leak_kind *ret)
{
    bool mobile = is_mobile(digit, n);
    for (size_t i = 0; i < l->n_people; i++)
        if (same_phone(digit, n, l->people[i].phone)) {
            *ret = LEAK_PHONE;
            if (l->people[i].own)
                return false;
            /* a masked one fits many numbers: of one that is no phone it says nothing */
            if (mobile || is_fixed(digit, n) || !strchr(l->people[i].phone, '*'))
                return true;
        }
    *ret = mobile ? LEAK_MOBILE : is_card(digit, n) ? LEAK_CARD : LEAK_FIXED;
    return mobile || *ret == LEAK_CARD || is_fixed(digit, n);
}

/* --- finding ------------------------------------------------------------------------------------------ */

static void add(struct looking *l, enum leak_kind kind, size_t at, size_t end)
{
    if (l->found < l->most)
        l->out[l->found++] = (struct leak){kind, at, end - at};
}

/* The last place of an identity number may be X. */
static size_t check_place(const struct looking *l, size_t at, char *ret)
{
    size_t len, more;
    uint32_t c = character(l, at, &len), next = character(l, at + len, &more);
    if (c != 'X' && c != 'x' && c != 0xFF38 && c != 0xFF58)
        return 0;
    *ret = 'X';
    return (next >= '0' && next <= '9') || ((next | 0x20) >= 'a' && (next | 0x20) <= 'z') ? 0 : len;
}

/* The longest number that begins with the first of the groups; 0: none. Returns its groups. */
static int number_at(const struct looking *l, const struct groups *g, struct leak *ret)
{
    char digit[DIGITS_MOST + 1];
    int n = 0, best = 0;
    for (int i = 0; i < g->n && (i == 0 || g->list[i].follows); i++) {
        const struct group *one = &g->list[i];
        enum leak_kind kind;
        char check = '\0';
        if (n + one->n > DIGITS_MOST)
            break;
        memcpy(digit + n, one->digit, (size_t)one->n);
        n += one->n;
        digit[n] = '\0';
        size_t end = one->end;
        if (n == ID_DIGITS)
            end += check_place(l, end, &check);
        else if (n == ID_DIGITS + 1)
            check = digit[ID_DIGITS];
        bool found = true;
        if (check && is_identity(digit, check))
            kind = LEAK_IDENTITY;
        else
            found = !is_amount(g->list, i + 1) && kind_of(l, digit, n, &kind);
        if (found) {
            *ret = (struct leak){kind, g->list[0].at, end - g->list[0].at};
            best = i + 1;
        }
    }
    return best;
}

static void take(struct groups *g, int n)
{
    g->n -= n;
    memmove(g->list, g->list + n, (size_t)g->n * sizeof *g->list);
}

/* Takes numbers from the front until there is room, all of them when rest. */
static void settle(struct looking *l, struct groups *g, bool rest)
{
    while (g->n == GROUPS_MOST || (rest && g->n > 0)) {
        struct leak found;
        int used = number_at(l, g, &found);
        if (used)
            add(l, found.kind, found.at, found.at + found.len);
        take(g, used ? used : 1);
    }
}

static void look_for_numbers(struct looking *l)
{
    struct groups g = {.n = 0};
    size_t len, end = 0;
    for (size_t at = 0; at < l->n;) {
        struct group one;
        if (!read_group(l, at, &one)) {
            (void)character(l, at, &len);
            at += len;
            continue;
        }
        uint32_t c = character(l, end, &len);
        one.follows = g.n > 0 && (at == end || (at == end + len && is_between(c)));
        if (!one.follows)
            settle(l, &g, true);
        settle(l, &g, false);
        g.list[g.n++] = one;
        at = end = one.end;
    }
    settle(l, &g, true);
}

/* --- number plates ------------------------------------------------------------------------------------- */

/* A letter or digit of a plate, full-width too, as its capital; 0: none. */
static char plate_place(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0;
    if (c >= 'a' && c <= 'z')
        c -= 'a' - 'A';
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? (char)c : '\0';
}

/* GA 36: province, letter of the office, five places (six of new energy), at least three of them digits; the last may
 * be a word (学, 警, 港, 澳, 挂). Returns its bytes. */
static size_t plate_at(const struct looking *l, size_t at)
{
    static const char province[] = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
    static const char word[] = "学警港澳挂";
    size_t len, end;
    int places = 0, digits = 0;
    uint32_t c = character(l, at, &len);
    char name[5] = "";
    memcpy(name, l->text + at, len < 4 ? len : 4);
    if (!fold_is_han(c) || !strstr(province, name))
        return 0;
    end = at + len;
    c = character(l, end, &len);
    char office = plate_place(c);
    if (office < 'A' || office == 'I')
        return 0;
    end += len;
    c = character(l, end, &len);
    if (is_between(c) || c == 0x2022 || c == 0x30FB) {
        end += len;
        c = character(l, end, &len);
    }
    char place;
    while (len && (place = plate_place(c)) != '\0') {
        digits += place <= '9';
        places++;
        end += len;
        c = character(l, end, &len);
    }
    memset(name, 0, sizeof name);
    memcpy(name, l->text + end, len < 4 ? len : 4);
    if (places == 4 && fold_is_han(c) && strstr(word, name)) {
        places++;
        end += len;
    }
    return (places == 5 || places == 6) && digits >= 3 ? end - at : 0;
}

static void look_for_plates(struct looking *l)
{
    for (size_t at = 0; at < l->n;) {
        size_t len, plate = (unsigned char)l->text[at] < 0x80 ? 0 : plate_at(l, at);
        if (plate)
            add(l, LEAK_PLATE, at, at + plate);
        (void)character(l, at, &len);
        at += plate ? plate : len;
    }
}

/* --- names ----------------------------------------------------------------------------------------------- */

/* Is it a name that can be looked for: not masked, not so short that it stands in any word? */
static bool is_name(const char *name)
{
    size_t n = strlen(name);
    uint32_t c;
    if (strchr(name, '*') || n == 0)
        return false;
    (void)utf8_decode(name, n, &c);
    return utf8_count(name, n) >= (fold_is_han(c) ? NAME_LEAST : NAME_LETTERS);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A name in letters is a word of its own. */
static bool stands_alone(const struct looking *l, size_t at, size_t n)
{
    bool before = at > 0 && is_letter(l->text[at - 1]) && is_letter(l->text[at]);
    bool behind = at + n < l->n && is_letter(l->text[at + n]) && is_letter(l->text[at + n - 1]);
    return !before && !behind;
}

/* Does the name of whom the text is for stand there: 王小明 is not 小明? */
static bool is_own(const struct looking *l, size_t at, size_t n)
{
    for (size_t i = 0; i < l->n_people; i++) {
        const char *own = l->people[i].name;
        size_t m = strlen(own);
        if (!l->people[i].own || !is_name(own) || m < n)
            continue;
        for (size_t k = 0; k + n <= m && k <= at; k++)
            if (at - k + m <= l->n && memcmp(l->text + at - k, own, m) == 0)
                return true;
    }
    return false;
}

static void look_for_names(struct looking *l)
{
    for (size_t i = 0; i < l->n_people; i++) {
        const char *name = l->people[i].name;
        size_t n = strlen(name);
        if (l->people[i].own || !is_name(name))
            continue;
        for (size_t at = 0; at < l->n;) {
            const char *found = memmem(l->text + at, l->n - at, name, n);
            if (!found)
                break;
            at = (size_t)(found - l->text);
            if (stands_alone(l, at, n) && !is_own(l, at, n))
                add(l, LEAK_NAME, at, at + n);
            at += n;
        }
    }
}

/* --- all of it --------------------------------------------------------------------------------------------- */

static bool goes_before(const struct leak *a, const struct leak *b)
{
    return a->at != b->at ? a->at < b->at : a->len != b->len ? a->len > b->len : a->kind < b->kind;
}

/* In their order; what begins within another one goes. They are few, and come nearly in order. */
static size_t put_in_order(struct leak *list, size_t n)
{
    size_t kept = 0;
    for (size_t i = 1; i < n; i++) {
        struct leak one = list[i];
        size_t at = i;
        for (; at > 0 && goes_before(&one, &list[at - 1]); at--)
            list[at] = list[at - 1];
        list[at] = one;
    }
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || list[i].at >= list[kept - 1].at + list[kept - 1].len)
            list[kept++] = list[i];
    return kept;
}

size_t leaks_find(const char *text, size_t n, const struct leak_person *people, size_t n_people,
                  struct leak *out, size_t most)
{
    struct looking l = {text, n, people, n_people, out, 0, most};
    look_for_names(&l);
    look_for_numbers(&l);
    look_for_plates(&l);
    return put_in_order(out, l.found);
}

const char *leak_masked(struct arena *a, const char *text, const struct leak *leak)
{
    enum { SHOWN_FIRST = 3, SHOWN_LAST = 2 };
    const char *at = text + leak->at, *end = at + leak->len, *first = at, *last = end;
    uint32_t c;
    int keep = leak->kind == LEAK_NAME ? 1 : SHOWN_FIRST;
    for (int i = 0; i < keep && first < end; i++)
        first += utf8_decode(first, (size_t)(end - first), &c);
    if (leak->kind == LEAK_NAME)
        return arena_printf(a, "%.*s*", (int)(first - at), at);
    for (int i = 0; i < SHOWN_LAST && last > first; i++)
        do
            last--;
        while (last > first && ((unsigned char)*last & 0xC0) == 0x80);
    return arena_printf(a, "%.*s***%.*s", (int)(first - at), at, (int)(end - last), last);
}
