#include "core/case/place.h"
#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include <stdlib.h>
#include <string.h>

enum { FOLDED_MOST = 1024 * 1024, FOUND_MOST = 512, SHORT_LEAST = 2 };

/* --- folding -------------------------------------------------------------------------------- */

static const uint32_t numerals[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                    0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D}; /* 0 to 9 */
enum { TEN = 0x5341, ZERO_WRITTEN = 0x96F6 };

static int numeral(uint32_t c)
{
    if (c == ZERO_WRITTEN)
        return 0;
    for (int i = 0; i < 10; i++)
        if (numerals[i] == c)
            return i;
    return -1;
}

static bool is_word(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

static uint32_t fold_char(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E) /* full-width forms of ASCII */
        c = c - 0xFF01 + '!';
    if (c >= 'A' && c <= 'Z')
        c = c - 'A' + 'a';
    return c == 0x3000 || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 ? ' ' : c;
}

/* A ten between numerals: 十 is 10, 二十 20, 十二 12, 二十三 23. */
static void put_ten(struct buf *out, bool digit_before, bool digit_after)
{
    if (!digit_before)
        buf_putc(out, '1');
    if (!digit_after)
        buf_putc(out, '0');
}

const char *place_fold(struct arena *a, const char *text)
{
    struct buf out;
    size_t left = strlen(text);
    uint32_t before = 0;
    bool blank = false, numeral_before = false;
    buf_init(&out, FOLDED_MOST);
    while (left > 0) {
        uint32_t c, next = 0;
        char bytes[4];
        size_t n = utf8_decode(text, left, &c);
        if (n < left)
            utf8_decode(text + n, left - n, &next);
        text += n;
        left -= n;
        int digit = numeral(c);
        uint32_t folded = digit >= 0 ? (uint32_t)('0' + digit) : c == TEN ? '0' : fold_char(c);
        if (folded == ' ') {
            blank = true;
            continue;
        }
        if (blank && is_word(before) && is_word(folded))
            buf_putc(&out, ' ');
        blank = false;
        if (c == TEN)
            put_ten(&out, numeral_before, numeral(next) >= 0);
        else
            buf_add(&out, bytes, utf8_encode(folded, bytes)); /* a bad byte: nothing */
        numeral_before = digit >= 0;
        before = folded;
    }
    const char *folded = arena_strndup(a, out.data, out.len);
    buf_release(&out);
    return folded;
}

static bool same_class(char x, char y)
{
    bool digits = x >= '0' && x <= '9' && y >= '0' && y <= '9';
    return digits || (x >= 'a' && x <= 'z' && y >= 'a' && y <= 'z');
}

const char *place_find(const char *from, const char *text, const char *name)
{
    size_t n = strlen(name);
    if (n == 0)
        return NULL;
    for (const char *at = strstr(from, name); at; at = strstr(at + 1, name))
        if ((at == text || !same_class(at[-1], name[0])) &&
            (!at[n] || !same_class(at[n], name[n - 1])))
            return at;
    return NULL;
}

/* --- what stands in the text ------------------------------------------------------------------ */

struct found {
    const char *street, *community, *name;
    const char *form; /* of the name, folded */
    size_t from, to;  /* in the folded text */
    bool dropped;
};

struct finder {
    const struct reference *r;
    struct arena *arena;
    const char *text; /* folded */
    struct found found[FOUND_MOST];
    size_t n;
};

static void look_for(struct finder *f, const char *name, const char *folded, const char *street,
                     const char *community)
{
    for (const char *at = f->text; (at = place_find(at, f->text, folded)) && f->n < FOUND_MOST;
         at++)
        f->found[f->n++] = (struct found){.street = street,
                                          .community = community,
                                          .name = name,
                                          .form = folded,
                                          .from = (size_t)(at - f->text),
                                          .to = (size_t)(at - f->text) + strlen(folded)};
}

/* People leave out what kind of place it is, where a name is left then. */
static void look_for_short(struct finder *f, const char *name, const char *folded,
                           const char *street, const char *community)
{
    static const char *const tails[] = {"街道",  "地区",      "社区",     "小区",
                                        "镇",    "乡",        "村",       " street",
                                        " town", " township", " village", " community"};
    size_t n = strlen(folded);
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        size_t tail = strlen(tails[i]);
        if (n > tail && strcmp(folded + n - tail, tails[i]) == 0) {
            const char *rest = arena_strndup(f->arena, folded, n - tail);
            if (utf8_count(rest, n - tail) >= SHORT_LEAST)
                look_for(f, name, rest, street, community);
            return;
        }
    }
}

static void look_for_name(struct finder *f, const char *name, const char *street,
                          const char *community)
{
    const char *folded = place_fold(f->arena, name);
    look_for(f, name, folded, street, community);
    look_for_short(f, name, folded, street, community);
}

static void look_for_unit(struct finder *f, const struct unit *u)
{
    const char *street = u->kind == UNIT_STREET ? u->code : u->parent;
    const char *community = u->kind == UNIT_STREET ? "" : u->code;
    look_for_name(f, u->name, street, community);
    if (*u->name_en && strcmp(u->name, u->name_en) != 0)
        look_for_name(f, u->name_en, street, community);
    for (size_t i = 0; i < u->n_compounds; i++)
        look_for_name(f, u->compounds[i], street, community);
}

static bool within(const struct found *small, const struct found *large)
{
    return small->from >= large->from && small->to <= large->to &&
           large->to - large->from > small->to - small->from;
}

/* A name inside a longer one that was found is a part of that name and says nothing itself. */
static void drop_parts(struct finder *f)
{
    for (size_t i = 0; i < f->n; i++)
        for (size_t k = 0; k < f->n && !f->found[i].dropped; k++)
            f->found[i].dropped = within(&f->found[i], &f->found[k]);
}

/* The street of x named by a word of its own. */
static bool confirmed(const struct finder *f, const struct found *x)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct found *s = &f->found[i];
        if (!s->dropped && !*s->community && strcmp(s->street, x->street) == 0 &&
            (s->to <= x->from || s->from >= x->to))
            return true;
    }
    return false;
}

/* --- candidates ------------------------------------------------------------------------------- */

static int better(const void *a, const void *b)
{
    const struct place_candidate *x = a, *y = b;
    if (x->confirmed != y->confirmed)
        return x->confirmed ? -1 : 1;
    if (x->length != y->length)
        return x->length > y->length ? -1 : 1;
    int by_street = strcmp(x->street, y->street);
    return by_street ? by_street : strcmp(x->community, y->community);
}

static void add(const struct finder *f, const struct found *x, struct place_candidate *list,
                size_t *n)
{
    struct place_candidate c = {.street = x->street,
                                .community = x->community,
                                .named = x->name,
                                .form = x->form,
                                .length = x->to - x->from,
                                .confirmed = *x->community && confirmed(f, x)};
    for (size_t i = 0; i < *n; i++) {
        if (strcmp(list[i].street, c.street) != 0 || strcmp(list[i].community, c.community) != 0)
            continue;
        if (c.length > list[i].length) {
            c.confirmed |= list[i].confirmed;
            list[i] = c;
        } else {
            list[i].confirmed |= c.confirmed;
        }
        return;
    }
    list[(*n)++] = c;
}

/* A street that only confirms a community of it is no candidate of its own. */
static size_t drop_confirming(struct place_candidate *list, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool confirms = false;
        for (size_t k = 0; k < n && !*list[i].community; k++)
            confirms |= list[k].confirmed && strcmp(list[k].street, list[i].street) == 0;
        if (!confirms)
            list[kept++] = list[i];
    }
    return kept;
}

/* Equally long, or another street by words of its own: which of the two is meant only the caller knows. */
static void mark_ties(struct place_candidate *list, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (list[i].confirmed == list[0].confirmed &&
            (list[i].length == list[0].length || strcmp(list[i].street, list[0].street) != 0))
            list[0].tie = list[i].tie = true;
}

static const char *explain(const struct reference *r, const struct place_candidate *c, bool chinese,
                           struct arena *a)
{
    const char *street = reference_unit_name(r, c->street, chinese);
    bool whole = strcmp(c->form, place_fold(a, c->named)) == 0;
    const char *named =
        whole ? c->named : arena_printf(a, _("%s, short for %s"), c->form, c->named);
    const char *line =
        *c->community
            ? arena_printf(a, _("\"%s\" stands in the text: %s (%s), %s (%s)"), named,
                           reference_unit_name(r, c->community, chinese), c->community, street,
                           c->street)
            : arena_printf(a, _("\"%s\" stands in the text: %s (%s), community not known"), named,
                           street, c->street);
    if (c->confirmed)
        line = arena_printf(a, _("%s; the street is named as well"), line);
    return c->tie ? arena_printf(a, _("%s; another place fits as well: ask"), line) : line;
}

enum status place_propose(const struct reference *r, const char *text, bool chinese,
                          struct arena *a, const struct place_candidate **ret, size_t *ret_n,
                          struct errmsg *err)
{
    struct finder *f = arena_alloc(a, sizeof *f);
    struct place_candidate *list = arena_array(a, FOUND_MOST, sizeof *list);
    size_t n = 0;
    if (!f || !list)
        return fail(err, ST_NOMEM, "out of memory");
    f->r = r;
    f->arena = a;
    f->text = place_fold(a, text);
    for (size_t i = 0; i < r->n_units; i++) {
        const struct unit *u = &r->units[i];
        if ((u->kind == UNIT_STREET || u->kind == UNIT_COMMUNITY) && u->ended == 0)
            look_for_unit(f, u);
    }
    drop_parts(f);
    for (size_t i = 0; i < f->n; i++)
        if (!f->found[i].dropped)
            add(f, &f->found[i], list, &n);
    n = drop_confirming(list, n);
    qsort(list, n, sizeof *list, better);
    mark_ties(list, n);
    for (size_t i = 0; i < n; i++)
        list[i].reason = explain(r, &list[i], chinese, a);
    if (arena_failed(a))
        return fail(err, ST_NOMEM, "out of memory");
    *ret = list;
    *ret_n = n;
    return ST_OK;
}

const char *place_building(struct arena *a, const char *point)
{
    static const char *const words[] = {"号楼", "栋", "幢", "座", "号院"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *at = strstr(point, words[i]);
        if (at)
            return place_fold(a, arena_strndup(a, point, (size_t)(at - point) + strlen(words[i])));
    }
    return "";
}
