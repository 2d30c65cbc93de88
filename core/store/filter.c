/* filter.c: the filter language: text to tree. */
#include "core/store/filter_own.h"
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/store/store.h"
#include "core/text/fold.h"
#include "core/text/pinyin.h"
#include <stdarg.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct filter_row filter_table[FILTER_COUNT] = {
#define KEY(id, word, kind, example, help)                                                         \
    [FILTER_##id] = {word, FILTER_KIND_##kind, example, help},
#define IS(id, word, help) [FILTER_IS_##id] = {word, FILTER_KIND_FLAG, word, help},
#include "core/store/filter.def"
#undef KEY
#undef IS
};

const struct filter_group filter_groups[FILTER_GROUPS] = {
#define S(x) (1u << STATE_##x)
    {"new", S(NEW) | S(WAIT_DISPATCH)},
    {"tosign", S(SENT)},
    {"inhand", S(SIGNED) | S(WORKING) | S(REWORK)},
    {"returned", S(DISPUTED)},
    {"review", S(REVIEW)},
    {"replied", S(REPLIED) | S(CALLING)},
    {"ledger", S(HUNG)},
    {"closed", S(CLOSED) | S(ARCHIVED) | S(DIRECT) | S(ELSEWHERE) | S(MERGED) | S(VOID)},
#undef S
};

struct parsing {
    const char *text;
    size_t at, words, depth;
    const struct filter_context *c;
    struct arena *a;
    size_t *ret_at;
    struct errmsg *err;
};
enum { DEPTH_MOST = 16, NAMES_MOST = 512 };

static __attribute__((format(printf, 3, 4))) enum status wrong(struct parsing *p, size_t at,
                                                               const char *fmt, ...)
{
    char text[ERRMSG_SIZE];
    va_list args;
    if (p->ret_at)
        *p->ret_at = at;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return fail(p->err, ST_INVALID, "%s", text);
}

/* --- words ------------------------------------------------------------------------------------ */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void skip_blanks(struct parsing *p)
{
    while (is_blank(p->text[p->at]))
        p->at++;
}

/* Where a word ends that begins here: at a blank or a bracket outside of quotes. */
static size_t word_end(const char *text, size_t at)
{
    bool quoted = false;
    for (; text[at]; at++) {
        if (text[at] == '"')
            quoted = !quoted;
        else if (!quoted && (is_blank(text[at]) || text[at] == '(' || text[at] == ')'))
            break;
    }
    return at;
}

static bool next_is(const struct parsing *p, const char *word)
{
    size_t n = strlen(word);
    return strncmp(p->text + p->at, word, n) == 0 && word_end(p->text, p->at) == p->at + n;
}

enum filter_key filter_read_key(const char *word, size_t len, const char **ret_sign,
                                size_t *ret_value, bool *ret_named)
{
    static const char *const signs[] = {"<=", ">=", "<", ">", ":", "=", "\xEF\xBC\x9A"};
    size_t n = 0;
    *ret_named = false;
    while (n < len && ((word[n] >= 'a' && word[n] <= 'z') || word[n] == '_'))
        n++;
    if (n == 0 || n == len)
        return FILTER_COUNT;
    for (size_t s = 0; s < sizeof signs / sizeof *signs; s++) {
        size_t m = strlen(signs[s]);
        if (m > len - n || memcmp(word + n, signs[s], m) != 0)
            continue;
        *ret_sign = signs[s];
        *ret_value = n + m;
        *ret_named = true;
        for (int k = 0; k < FILTER_COUNT; k++)
            if (strlen(filter_table[k].word) == n && memcmp(word, filter_table[k].word, n) == 0 &&
                filter_table[k].kind != FILTER_KIND_FLAG)
                return (enum filter_key)k;
        break;
    }
    return FILTER_COUNT;
}

/* Without its quotes. */
static const char *unquoted(struct arena *a, const char *text, size_t n)
{
    char *out = arena_alloc(a, n + 1);
    size_t m = 0;
    if (!out)
        return "";
    for (size_t i = 0; i < n; i++)
        if (text[i] != '"')
            out[m++] = text[i];
    return out;
}

/* --- values ------------------------------------------------------------------------------------- */
const char *filter_typed(enum filter_way way, const char *typed, struct arena *a)
{
    size_t n = strlen(typed);
    if (way == FILTER_AS_TYPED)
        return typed;
    if (way == FILTER_PINYIN)
        return n >= 2 && isalpha((unsigned char)typed[0]) && isalpha((unsigned char)typed[1])
                   ? typed
                   : NULL;
    const char *folded = fold_text(a, typed, n);
    return *folded && strcmp(folded, typed) != 0 ? folded : NULL;
}

bool filter_names(enum filter_way way, const char *typed, const char *code, const char *name,
                  const char *name_en)
{
    if (way == FILTER_PINYIN)
        return pinyin_matches(name, typed);
    return strncmp(code, typed, strlen(typed)) == 0 || strstr(name, typed) ||
           fold_contains(name_en, typed);
}

static uint32_t states_of(const char *word)
{
    for (int s = 0; s < STATE_COUNT; s++)
        if (fold_equal(word, state_table[s].word) || fold_equal(word, state_table[s].label) ||
            strcmp(word, _(state_table[s].label)) == 0)
            return 1u << s;
    for (size_t g = 0; g < FILTER_GROUPS; g++)
        if (fold_equal(word, filter_groups[g].word))
            return filter_groups[g].states;
    return 0;
}

struct names {
    const char *text[NAMES_MOST];
    size_t n;
};

static void add_name(struct names *names, const char *text)
{
    if (names->n < NAMES_MOST)
        names->text[names->n++] = text;
}

static bool all_digits(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

static void find_codes(const struct reference *r, enum filter_kind kind, enum filter_way way,
                       const char *typed, struct names *out)
{
    for (size_t i = 0; kind == FILTER_KIND_CATEGORY && i < r->n_categories; i++) {
        const struct category *k = &r->categories[i];
        if (filter_names(way, typed, k->code, k->level2, k->level2_en) ||
            filter_names(way, typed, k->code, k->level1, k->level1_en))
            add_name(out, k->code);
    }
    for (size_t i = 0; kind == FILTER_KIND_PLACE && i < r->n_units; i++)
        if (filter_names(way, typed, r->units[i].code, r->units[i].name, r->units[i].name_en))
            add_name(out, r->units[i].code);
}

static void find_people(const struct reference *r, enum filter_way way, const char *typed,
                        struct names *out)
{
    for (size_t i = 0; i < r->n_people; i++)
        if (way == FILTER_PINYIN
                ? pinyin_matches(r->people[i].name, typed)
                : strstr(r->people[i].name, typed) || fold_contains(r->people[i].name_en, typed))
            add_name(out, r->people[i].user);
}

/* Codes by code or name. False: the reference knows nothing that goes by it. */
static bool find_names(const struct parsing *p, enum filter_kind kind, const char *typed,
                       struct names *out)
{
    const struct reference *r = p->c->reference;
    size_t before = out->n;
    bool person = kind == FILTER_KIND_PERSON;
    if (person && strcmp(typed, "me") == 0 && p->c->user) {
        add_name(out, p->c->user);
        return true;
    }
    if (!r || kind == FILTER_KIND_CODE || (!person && all_digits(typed)) ||
        (person && reference_person(r, typed))) {
        add_name(out, typed);
        return true;
    }
    int way = 0;
    for (; way < FILTER_WAYS && out->n == before; way++) {
        const char *text = filter_typed((enum filter_way)way, typed, p->a);
        if (text && person)
            find_people(r, (enum filter_way)way, text, out);
        else if (text)
            find_codes(r, kind, (enum filter_way)way, text, out);
    }
    if (person && (way > 1 || out->n == before))
        add_name(out, typed); /* perhaps a person who is not in the list any more */
    return out->n > before;
}

static enum status read_names(struct parsing *p, struct filter_node *t, const char *value)
{
    struct names names = {.n = 0};
    char *all = arena_alloc(p->a, strlen(value) + 1), *rest = NULL;
    if (!all)
        return fail(p->err, ST_NOMEM, _("Out of memory."));
    memcpy(all, value, strlen(value) + 1);
    for (char *one = strtok_r(all, ",", &rest); one; one = strtok_r(NULL, ",", &rest))
        if (!find_names(p, filter_table[t->key].kind, one, &names))
            return wrong(p, t->at,
                         t->key == FILTER_CATEGORY ? _("There is no category \"%s\".")
                                                   : _("There is no unit or place \"%s\"."),
                         one);
    const char **list = arena_array(p->a, names.n ? names.n : 1, sizeof *list);
    if (!list)
        return fail(p->err, ST_NOMEM, _("Out of memory."));
    memcpy(list, names.text, names.n * sizeof *list);
    t->text = list;
    t->n_texts = names.n;
    return ST_OK;
}

static enum status read_states(struct parsing *p, struct filter_node *t, char *value)
{
    char *rest = NULL;
    for (char *one = strtok_r(value, ",", &rest); one; one = strtok_r(NULL, ",", &rest)) {
        uint32_t bits = states_of(one);
        if (!bits)
            return wrong(p, t->at, _("There is no state \"%s\"; for example %s."), one,
                         "state:inhand");
        t->bits |= bits;
    }
    return ST_OK;
}

static enum status read_objects(struct parsing *p, struct filter_node *t, char *value)
{
    char *rest = NULL;
    if (t->key == FILTER_LATE && strcmp(value, "any") == 0)
        return ST_OK;
    for (char *one = strtok_r(value, ",", &rest); one; one = strtok_r(NULL, ",", &rest)) {
        enum object_kind kind = object_kind_find(one);
        if (kind == OBJECT_NONE)
            return wrong(p, t->at, _("Nothing on a case is called \"%s\"; for example %s."), one,
                         "object:whistle");
        t->bits |= 1u << kind;
    }
    return ST_OK;
}

static enum status read_one_text(struct parsing *p, struct filter_node *t, const char *value)
{
    const char **list = arena_alloc(p->a, sizeof *list);
    if (!list)
        return fail(p->err, ST_NOMEM, _("Out of memory."));
    *list = value;
    t->text = list;
    t->n_texts = 1;
    return ST_OK;
}

static enum status read_channel(struct parsing *p, struct filter_node *t, const char *value)
{
    const struct choice *k = field_table[FIELD_CHANNEL].choices;
    while (k->word && strcmp(k->word, value) != 0 && strcmp(_(k->label), value) != 0)
        k++;
    return k->word ? read_one_text(p, t, k->word)
                   : wrong(p, t->at, _("There is no channel \"%s\"."), value);
}

static enum status read_view(struct parsing *p, struct filter_node *t, const char *value)
{
    int v = 0;
    while (v < VIEW_COUNT && strcmp(value, view_table[v].word) != 0)
        v++;
    if (v == VIEW_COUNT || !store_has_view((enum role)p->c->role, (enum view_id)v))
        return wrong(p, t->at, _("There is no view \"%s\"."), value);
    t->view = v;
    return ST_OK;
}

static enum status read_tail(struct parsing *p, struct filter_node *t, const char *value)
{
    char *digits = arena_alloc(p->a, strlen(value) + 1);
    size_t n = 0;
    if (!digits)
        return fail(p->err, ST_NOMEM, _("Out of memory."));
    for (const char *at = value; *at; at++) {
        if (*at >= '0' && *at <= '9')
            digits[n++] = *at;
        else if (*at != '-' && *at != '*')
            return wrong(p, t->at, _("\"%s\" is not a number or the end of one."), value);
    }
    if (n < (t->key == FILTER_PHONE ? 4u : 2u))
        return wrong(p, t->at, _("\"%s\" is too short to look for."), value);
    return read_one_text(p, t, digits);
}

/* "90m", "4h", "-2h", "3d"; false: none. */
static bool read_span(const char *text, int64_t *ret)
{
    char *end;
    bool minus = *text == '-';
    text += minus;
    if (*text < '0' || *text > '9')
        return false;
    long n = strtol(text, &end, 10);
    int64_t unit = *end == 'm' ? MS_MINUTE : *end == 'h' ? MS_HOUR : *end == 'd' ? MS_DAY : 0;
    if (unit == 0 || end[1] || n > 100000)
        return false;
    *ret = (minus ? -n : n) * unit;
    return true;
}

/* Midnight at which the day begins. */
static int64_t day_start(int day)
{
    const struct civil c = {.year = day / 10000, .month = day / 100 % 100, .day = day % 100};
    return civil_to_ms(&c, BEIJING_OFFSET_MS);
}

/* A moment, or a day from its beginning to its end. */
static bool read_moment(const struct parsing *p, const char *text, int64_t *first, int64_t *last)
{
    static const struct {
        const char *word;
        int days;
    } days[] = {{"today", 0}, {"tomorrow", 1}, {"yesterday", -1},
                {"今天", 0},  {"明天", 1},     {"昨天", -1}};
    int64_t span;
    int day;
    if (read_span(text, &span)) {
        *first = *last = p->c->now_ms + span;
        return true;
    }
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (strcmp(text, days[i].word) == 0) {
            *first = day_start(day_of_ms(p->c->now_ms, BEIJING_OFFSET_MS)) + days[i].days * MS_DAY;
            *last = *first + MS_DAY - 1;
            return true;
        }
    if (day_parse(text, &day)) {
        *first = day_start(day);
        *last = *first + MS_DAY - 1;
        return true;
    }
    return false;
}

static bool read_count(const char *text, int64_t *ret)
{
    if (!all_digits(text) || strlen(text) > 9)
        return false;
    *ret = strtol(text, NULL, 10);
    return true;
}

/* One end of what is measured, as far as it goes: a day has two. */
static bool read_end(const struct parsing *p, enum filter_kind kind, const char *text,
                     int64_t *first, int64_t *last)
{
    int64_t n;
    if (kind == FILTER_KIND_TIME)
        return read_moment(p, text, first, last);
    if (!(kind == FILTER_KIND_SPAN ? read_span(text, &n) : read_count(text, &n)))
        return false;
    *first = *last = n;
    return true;
}

static enum status read_measure(struct parsing *p, struct filter_node *t, char *value)
{
    const struct filter_row *row = &filter_table[t->key];
    int64_t first, last, first2, last2;
    char *range = strstr(value, "..");
    t->low = INT64_MIN;
    t->high = INT64_MAX;
    if (range && t->op == FILTER_IS) {
        *range = '\0';
        if ((*value && !read_end(p, row->kind, value, &first, &last)) ||
            (range[2] && !read_end(p, row->kind, range + 2, &first2, &last2)))
            return wrong(p, t->at, _("This cannot be understood; for example %s."), row->example);
        t->low = *value ? first : INT64_MIN;
        t->high = range[2] ? last2 : INT64_MAX;
    } else if (!read_end(p, row->kind, value, &first, &last)) {
        return wrong(p, t->at, _("This cannot be understood; for example %s."), row->example);
    } else {
        if (t->op == FILTER_LESS)
            t->high = first - 1;
        if (t->op == FILTER_AT_MOST || t->op == FILTER_IS)
            t->high = last;
        if (t->op == FILTER_MORE)
            t->low = last + 1;
        if (t->op == FILTER_AT_LEAST || t->op == FILTER_IS)
            t->low = first;
        /* "due:4h" means within four hours, not at that millisecond */
        if (t->op == FILTER_IS && row->kind == FILTER_KIND_TIME && first == last)
            t->low = INT64_MIN;
    }
    if (row->kind == FILTER_KIND_SPAN) { /* so long ago: the longer, the earlier */
        int64_t low = t->high == INT64_MAX ? INT64_MIN : p->c->now_ms - t->high;
        t->high = t->low == INT64_MIN ? INT64_MAX : p->c->now_ms - t->low;
        t->low = low;
    }
    return ST_OK;
}

static enum status read_value(struct parsing *p, struct filter_node *t, char *value)
{
    if (!*value)
        return wrong(p, t->at, _("After %s a value is missing; for example %s."),
                     filter_table[t->key].word, filter_table[t->key].example);
    switch (filter_table[t->key].kind) {
    case FILTER_KIND_STATE:
        return read_states(p, t, value);
    case FILTER_KIND_CATEGORY:
    case FILTER_KIND_PLACE:
    case FILTER_KIND_PERSON:
    case FILTER_KIND_CODE:
        return read_names(p, t, value);
    case FILTER_KIND_CHANNEL:
        return read_channel(p, t, value);
    case FILTER_KIND_OBJECT:
    case FILTER_KIND_LATE:
        return read_objects(p, t, value);
    case FILTER_KIND_VIEW:
        return read_view(p, t, value);
    case FILTER_KIND_TAIL:
        return read_tail(p, t, value);
    case FILTER_KIND_TIME:
    case FILTER_KIND_SPAN:
    case FILTER_KIND_NUMBER:
        return read_measure(p, t, value);
    case FILTER_KIND_BUILDING:
    case FILTER_KIND_TEXT:
    case FILTER_KIND_FLAG:
        break;
    }
    const char *folded = fold_text(p->a, value, strlen(value));
    return *folded ? read_one_text(p, t, folded)
                   : wrong(p, t->at, _("There is nothing to look for in this word."));
}

/* --- the tree ---------------------------------------------------------------------------------- */
static struct filter_node *node(struct parsing *p, enum filter_node_kind kind)
{
    struct filter_node *n = arena_alloc(p->a, sizeof *n);
    if (n)
        *n = (struct filter_node){.kind = kind, .at = p->at, .low = INT64_MIN, .high = INT64_MAX};
    return n;
}

static enum status no_memory(struct parsing *p)
{
    return fail(p->err, ST_NOMEM, _("Out of memory."));
}

static enum filter_op op_of(const char *sign)
{
    return strcmp(sign, "<") == 0    ? FILTER_LESS
           : strcmp(sign, "<=") == 0 ? FILTER_AT_MOST
           : strcmp(sign, ">") == 0  ? FILTER_MORE
           : strcmp(sign, ">=") == 0 ? FILTER_AT_LEAST
                                     : FILTER_IS;
}

bool filter_is_measured(enum filter_key key)
{
    enum filter_kind kind = filter_table[key].kind;
    return kind == FILTER_KIND_TIME || kind == FILTER_KIND_SPAN || kind == FILTER_KIND_NUMBER;
}

static enum status read_term(struct parsing *p, struct filter_node **ret)
{
    const char *word = p->text + p->at;
    size_t len = word_end(p->text, p->at) - p->at, value = 0;
    const char *sign = ":";
    bool named;
    struct filter_node *t = node(p, FILTER_TERM);
    if (!t)
        return no_memory(p);
    if (p->words++ >= FILTER_WORDS)
        return wrong(p, p->at, _("A filter has %d words at most."), FILTER_WORDS);
    t->key = filter_read_key(word, len, &sign, &value, &named);
    t->len = len;
    if (t->key == FILTER_COUNT && named)
        return wrong(
            p, p->at,
            _("The filter does not know this word: %s; text with a colon goes into quotes."),
            arena_strndup(p->a, word, len));
    p->at += len;
    if (t->key == FILTER_COUNT) {
        for (int k = 0; k < FILTER_COUNT; k++)
            if (filter_table[k].kind == FILTER_KIND_FLAG && strlen(filter_table[k].word) == len &&
                memcmp(filter_table[k].word, word, len) == 0) {
                t->key = (enum filter_key)k;
                *ret = t;
                return ST_OK;
            }
        t->key = FILTER_TEXT;
    }
    t->op = op_of(sign);
    if (t->op != FILTER_IS && !filter_is_measured(t->key))
        return wrong(p, t->at, _("%s is not measured: write %s."), filter_table[t->key].word,
                     filter_table[t->key].example);
    const char *text = unquoted(p->a, word + value, len - value);
    char *own = arena_alloc(p->a, strlen(text) + 1);
    if (!own)
        return no_memory(p);
    memcpy(own, text, strlen(text) + 1);
    enum status st = read_value(p, t, own);
    if (st == ST_OK && arena_failed(p->a))
        return no_memory(p);
    *ret = t;
    return st;
}

static enum status read_any(struct parsing *p, struct filter_node **ret);

/* One word, a bracket, or what is not to hold. */
static enum status read_word(struct parsing *p, struct filter_node **ret)
{
    size_t at = p->at;
    enum status st;
    bool minus =
        (p->text[at] == '-' || p->text[at] == '!') && p->text[at + 1] && !is_blank(p->text[at + 1]);
    if (minus || next_is(p, "not")) {
        struct filter_node *n = node(p, FILTER_NOT);
        p->at += minus ? 1 : 3;
        skip_blanks(p);
        if (!n)
            return no_memory(p);
        if (!p->text[p->at] || p->text[p->at] == ')')
            return wrong(p, at, _("After \"not\" a word is missing."));
        st = read_word(p, &n->part);
        if (st == ST_OK && n->part->kind == FILTER_TERM && n->part->key == FILTER_VIEW)
            return wrong(p, at, _("\"view:\" stands by itself, not behind \"not\"."));
        *ret = n;
        return st;
    }
    if (p->text[at] != '(')
        return read_term(p, ret);
    if (p->depth >= DEPTH_MOST)
        return wrong(p, at, _("The brackets are nested too deeply."));
    p->at++;
    p->depth++;
    st = read_any(p, ret);
    p->depth--;
    if (st != ST_OK)
        return st;
    if (p->text[p->at] != ')')
        return wrong(p, at, _("This bracket is not closed."));
    p->at++;
    return *ret ? ST_OK : wrong(p, at, _("There is nothing in these brackets."));
}

/* Keys that a case has one value of: several of them beside each other mean any. */
static bool is_single(const struct filter_node *n)
{
    return n->kind == FILTER_TERM && n->op == FILTER_IS &&
           (n->key == FILTER_STATE || n->key == FILTER_CATEGORY || n->key == FILTER_COMMUNITY ||
            n->key == FILTER_UNIT || n->key == FILTER_HANDLER || n->key == FILTER_CHANNEL ||
            n->key == FILTER_EMERGENCY || n->key == FILTER_BUILDING);
}

/* Beside an equal key, if there is one: they become one "any". */
static bool joined(struct parsing *p, struct filter_node *list, struct filter_node *fresh)
{
    for (struct filter_node *n = list; n; n = n->next) {
        struct filter_node *same = n->kind == FILTER_ANY ? n->part : n;
        if (!is_single(fresh) || !same || !is_single(same) || same->key != fresh->key ||
            (n->kind == FILTER_ANY && n->len != 0))
            continue;
        if (n->kind != FILTER_ANY) {
            struct filter_node *first = node(p, FILTER_TERM);
            if (!first)
                return false;
            *first = *n;
            first->next = NULL;
            n->kind = FILTER_ANY;
            n->part = first;
            n->len = 0; /* made here, not written: more of them may join */
        }
        fresh->next = n->part;
        n->part = fresh;
        return true;
    }
    return false;
}

static enum status read_all(struct parsing *p, struct filter_node **ret)
{
    struct filter_node *all = node(p, FILTER_ALL), **end;
    if (!all)
        return no_memory(p);
    end = &all->part;
    for (;;) {
        skip_blanks(p);
        while (next_is(p, "and")) {
            p->at += 3;
            skip_blanks(p);
        }
        if (!p->text[p->at] || p->text[p->at] == ')' || next_is(p, "or") || next_is(p, "|"))
            break;
        struct filter_node *fresh = NULL;
        enum status st = read_word(p, &fresh);
        if (st != ST_OK)
            return st;
        if (joined(p, all->part, fresh))
            continue;
        *end = fresh;
        end = &fresh->next;
    }
    *ret = !all->part ? NULL : all->part->next ? all : all->part;
    return ST_OK;
}

static enum status read_any(struct parsing *p, struct filter_node **ret)
{
    struct filter_node *first = NULL;
    enum status st = read_all(p, &first);
    if (st != ST_OK)
        return st;
    struct filter_node *any = NULL, *last = first;
    while (next_is(p, "or") || next_is(p, "|")) {
        size_t at = p->at;
        p->at = word_end(p->text, p->at);
        struct filter_node *more = NULL;
        st = read_all(p, &more);
        if (st != ST_OK)
            return st;
        if (!first || !more)
            return wrong(p, at, _("Beside \"or\" a word is missing."));
        if (!any) {
            any = node(p, FILTER_ANY);
            if (!any)
                return no_memory(p);
            any->part = first;
            any->len = p->at;
        }
        last->next = more;
        last = more;
    }
    *ret = any ? any : first;
    return ST_OK;
}

/* A view is the ground on which all else stands: it is not one of several. */
static const struct filter_node *view_inside(const struct filter_node *n, bool inside)
{
    if (n->kind == FILTER_TERM)
        return inside && n->key == FILTER_VIEW ? n : NULL;
    for (const struct filter_node *part = n->part; part; part = part->next) {
        const struct filter_node *found = view_inside(part, inside || n->kind != FILTER_ALL);
        if (found)
            return found;
    }
    return NULL;
}

enum status filter_parse(const char *text, const struct filter_context *c, struct arena *a,
                         struct filter_node **ret, size_t *ret_at, struct errmsg *err)
{
    struct parsing p = {.text = text, .c = c, .a = a, .ret_at = ret_at, .err = err};
    struct filter_node *tree = NULL;
    if (ret_at)
        *ret_at = 0;
    if (strlen(text) >= FILTER_MAX)
        return wrong(&p, FILTER_MAX - 1, _("The filter is too long."));
    enum status st = read_any(&p, &tree);
    if (st == ST_OK && p.text[p.at] == ')')
        st = wrong(&p, p.at, _("This bracket was not opened."));
    const struct filter_node *view = st == ST_OK && tree ? view_inside(tree, false) : NULL;
    if (view)
        st = wrong(
            &p, view->at,
            _("\"view:\" stands beside the other words, not inside brackets or beside \"or\"."));
    if (st == ST_OK)
        *ret = tree;
    return st;
}
