/* search.c: the full-text index: what of a case goes into it, its tokenizer, and how it is asked. */
#include "core/store/search.h"
#include "core/base/i18n.h"
#include "core/text/fold.h"
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { SEARCH_TEXT_MAX = 512 * 1024, TAIL_MOST = 16, CODE_LEAST = 2, BEGIN_MOST = 16 };

/* The words that the index has for itself begin with these: U+E000 and on, in UTF-8. What follows goes to the blank. */
#define OWN_NUMBER "\xEE\x80\x80"
#define OWN_PHONE "\xEE\x80\x81"
#define OWN_CATEGORY "\xEE\x80\x82"
#define OWN_PLACE "\xEE\x80\x83"
#define OWN_UNIT "\xEE\x80\x84"
#define OWN_HANDLER "\xEE\x80\x85"
/* The beginnings of a word of letters: to ask the index for one of them is one look at one list, where asking for all words
 * that begin so would gather the lists of them all before the first row comes. */
#define OWN_BEGIN "\xEE\x80\x86"

/* --- the tokenizer ------------------------------------------------------------------------------ */
struct passing {
    void *context;
    const char *text;
    int (*token)(void *context, int flags, const char *text, int n, int start, int end);
};

static int pass_on(void *with, const char *text, size_t len)
{
    const struct passing *p = with;
    int start = (int)(text - p->text);
    return p->token(p->context, 0, text, (int)len, start, start + (int)len);
}

/* A word of letters, not of digits: of those few begin alike, and each number would have its beginnings for itself. */
static bool has_beginnings(const char *word)
{
    return *word >= 'a' && *word <= 'z';
}

/* Letters at the beginning that have a list of their own, at most so many. */
static size_t beginning_of(const char *word, size_t len)
{
    size_t n = 0;
    while (n < len && n < BEGIN_MOST && (unsigned char)word[n] < 0x80)
        n++;
    return n;
}

static int pass_with_beginnings(void *with, const char *text, size_t len)
{
    const struct passing *p = with;
    char word[sizeof OWN_BEGIN + BEGIN_MOST] = OWN_BEGIN;
    enum { MARK = sizeof OWN_BEGIN - 1 };
    int rc = pass_on(with, text, len), start = (int)(text - p->text);
    if (!has_beginnings(text))
        return rc;
    size_t most = beginning_of(text, len);
    memcpy(word + MARK, text, most);
    for (size_t n = 1; n <= most && rc == SQLITE_OK; n++)
        rc = p->token(p->context, FTS5_TOKEN_COLOCATED, word, (int)(MARK + n), start,
                      start + (int)len);
    return rc;
}

static int tokenize(Fts5Tokenizer *t, void *context, int flags, const char *text, int n,
                    int (*token)(void *, int, const char *, int, int, int))
{
    struct passing p = {context, text, token};
    bool asks = flags & FTS5_TOKENIZE_QUERY;
    (void)t;
    return fold_words(text, (size_t)n, asks, asks ? pass_on : pass_with_beginnings, &p);
}

static int create(void *with, const char **args, int n, Fts5Tokenizer **ret)
{
    static char only; /* it has no state; SQLite wants an address */
    (void)with;
    (void)args;
    (void)n;
    *ret = (Fts5Tokenizer *)(void *)&only;
    return SQLITE_OK;
}

static void destroy(Fts5Tokenizer *t)
{
    (void)t;
}

/* --- what goes in -------------------------------------------------------------------------------- */
static void put_text(struct buf *out, struct arena *a, const char *text)
{
    const char *folded = fold_text(a, text, strlen(text));
    if (!*folded)
        return;
    buf_puts(out, folded);
    buf_putc(out, '\n');
}

static void put_own(struct buf *out, const char *kind, const char *text, size_t n)
{
    buf_puts(out, kind);
    buf_add(out, text, n);
    buf_putc(out, ' ');
}

/* The code and those above it: codes are built by level, the beginning of one is a level. */
static void put_code(struct buf *out, const char *kind, const char *code)
{
    size_t n = strlen(code);
    for (size_t i = CODE_LEAST; i <= n && i <= 2 * TAIL_MOST; i++)
        put_own(out, kind, code, i);
}

static size_t digits_of(const char *text, char out[2 * TAIL_MOST])
{
    size_t n = 0;
    for (; *text; text++)
        if (*text >= '0' && *text <= '9' && n < 2 * TAIL_MOST)
            out[n++] = *text;
    return n;
}

/* The ends of a number by which people know it. */
static void put_ends(struct buf *out, const char *number)
{
    char digits[2 * TAIL_MOST];
    size_t n = digits_of(number, digits);
    for (size_t i = 2; i <= n && i <= TAIL_MOST; i++)
        put_own(out, OWN_NUMBER, digits + n - i, i);
}

/* The last four digits, as they stand in the masked form as well. */
static void put_phone(struct buf *out, const char *phone)
{
    size_t n = strlen(phone);
    while (n > 0 && !(phone[n - 1] >= '0' && phone[n - 1] <= '9'))
        n--;
    size_t from = n;
    while (from > 0 && n - from < 4 && phone[from - 1] >= '0' && phone[from - 1] <= '9')
        from--;
    if (n - from == 4)
        put_own(out, OWN_PHONE, phone + from, 4);
}

static bool is_searched(enum field field)
{
    const struct field_row *f = &field_table[field];
    if (field == FIELD_NUMBER || field == FIELD_EXTERNAL_ID)
        return true;
    return (f->privacy == PRIVACY_FREE || f->privacy == PRIVACY_ADDRESS ||
            (f->privacy == PRIVACY_OPEN && f->type == FIELD_TYPE_TEXT)) &&
           field != FIELD_OLD_VALUE;
}

bool search_concerns(const struct event *e)
{
    for (size_t i = 0; i < e->n_values; i++)
        switch (e->values[i].field) {
        case FIELD_PHONE:
        case FIELD_CATEGORY:
        case FIELD_COMMUNITY:
        case FIELD_UNIT:
        case FIELD_HANDLER:
            return true;
        default:
            if (is_searched(e->values[i].field))
                return true;
        }
    return false;
}

void search_write(struct store *s, int64_t row, const struct casefile *c,
                  const struct event *events, size_t n)
{
    struct buf text;
    struct arena a;
    arena_init(&a, 0);
    buf_init(&text, SEARCH_TEXT_MAX);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < events[i].n_values; k++)
            if (is_searched(events[i].values[k].field))
                put_text(&text, &a, events[i].values[k].text);
    put_ends(&text, c->value[FIELD_NUMBER]);
    put_phone(&text, c->value[FIELD_PHONE]);
    put_code(&text, OWN_CATEGORY, c->value[FIELD_CATEGORY]);
    put_code(&text, OWN_PLACE, c->value[FIELD_COMMUNITY]);
    put_code(&text, OWN_UNIT, c->value[FIELD_UNIT]);
    if (*c->value[FIELD_HANDLER])
        put_own(&text, OWN_HANDLER, c->value[FIELD_HANDLER], strlen(c->value[FIELD_HANDLER]));
    if (arena_failed(&a) || buf_status(&text) == ST_NOMEM)
        db_nomem(s);
    /* What is over the ceiling is not found by its end. */
    db_run(s, "INSERT OR REPLACE INTO search(rowid, text) VALUES(?, ?)", "is", row, text.data,
           text.len);
    db_run(s, "UPDATE cases SET ready = 1 WHERE row = ? AND ready = 0", "i", row);
    buf_release(&text);
    arena_release(&a);
}

void search_drop(struct store *s, int64_t row)
{
    db_run(s, "DELETE FROM search WHERE rowid = ?", "i", row);
}

bool search_is_whole(struct store *s)
{
    return db_int(s, "SELECT EXISTS(SELECT 1 FROM cases WHERE ready = 0)", "") == 0;
}

/* --- how it is asked -------------------------------------------------------------------------------- */
struct asked {
    struct buf *out;
    int n;
    bool letters;     /* the last word was one of letters or digits */
    const char *last; /* it, */
    size_t last_len;
    size_t last_at; /* and where the question for it begins */
};

static int ask_word(void *with, const char *text, size_t len)
{
    struct asked *q = with;
    uint32_t c = (unsigned char)*text;
    q->letters = c < 0x80;
    buf_puts(q->out, q->n++ ? " AND " : "");
    q->last = text;
    q->last_len = len;
    q->last_at = q->out->len;
    buf_putc(q->out, '"');
    buf_add(q->out, text, len); /* a word has no quotes in it */
    buf_putc(q->out, '"');
    return 0;
}

/* The last word may go on. */
static void ask_beginning(struct asked *q)
{
    if (!has_beginnings(q->last) || beginning_of(q->last, q->last_len) < q->last_len) {
        buf_puts(q->out, " *");
        return;
    }
    q->out->len = q->last_at;
    buf_printf(q->out, "\"" OWN_BEGIN "%.*s\"", (int)q->last_len, q->last);
}

static bool is_digits(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

bool search_has(const char *text, const char *needle)
{
    char word[TAIL_MOST + sizeof OWN_NUMBER + 1];
    size_t n = strlen(needle);
    if (fold_has(text, needle))
        return true;
    if (!is_digits(needle) || n < 3)
        return false;
    snprintf(word, sizeof word, OWN_NUMBER "%.*s ", TAIL_MOST, needle);
    if (n <= TAIL_MOST && strstr(text, word))
        return true;
    snprintf(word, sizeof word, OWN_PHONE "%s ", needle + (n < 4 ? 0 : n - 4));
    return n >= 4 && strstr(text, word);
}

const char *search_phone_word(struct arena *a, const char *digits)
{
    return arena_printf(a, OWN_PHONE "%s ", digits + strlen(digits) - 4);
}

static void has(sqlite3_context *context, int n, sqlite3_value **value)
{
    const char *text = (const char *)sqlite3_value_text(value[0]);
    const char *needle = (const char *)sqlite3_value_text(value[1]);
    (void)n;
    sqlite3_result_int(context, text && needle && search_has(text, needle));
}

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

/* Any of the texts, with the mark of their kind. */
static bool ask_own(const struct filter_node *t, const char *kind, struct buf *out)
{
    enum { NAMES_MOST = 64 };
    if (t->n_texts == 0 || t->n_texts > NAMES_MOST)
        return false;
    for (size_t i = 0; i < t->n_texts; i++) {
        size_t n = strlen(t->text[i]);
        if (n < CODE_LEAST || n > 2 * TAIL_MOST || strpbrk(t->text[i], "\" \t\n"))
            return false;
        buf_printf(out, "%s\"%s%s\"", i ? " OR " : "", kind, t->text[i]);
    }
    return true;
}

static bool ask_text(const struct filter_node *t, struct buf *out, bool *ret_compare)
{
    const char *text = t->text[0];
    size_t n = strlen(text);
    struct asked q = {.out = out};
    bool digits = is_digits(text);
    (void)fold_words(text, n, true, ask_word, &q);
    if (q.n == 0)
        return false;
    if (q.letters)
        ask_beginning(&q);
    /* The end of a number, or of a phone, is how people know a case. */
    if (digits && n >= 3 && n <= TAIL_MOST)
        buf_printf(out, " OR \"" OWN_NUMBER "%s\"", text);
    if (digits && n >= 4)
        buf_printf(out, " OR \"" OWN_PHONE "%s\"", text + n - 4);
    *ret_compare = q.n > 1 || (!q.letters && characters(text) > 2);
    return true;
}

bool search_expression(const struct filter_node *t, struct buf *out, bool *ret_compare)
{
    struct filter_node cut = *t;
    const char *text[1];
    *ret_compare = false;
    switch (t->key) {
    case FILTER_TEXT:
        return ask_text(t, out, ret_compare);
    case FILTER_CATEGORY:
        return ask_own(t, OWN_CATEGORY, out);
    case FILTER_COMMUNITY:
        return ask_own(t, OWN_PLACE, out);
    case FILTER_UNIT:
        return ask_own(t, OWN_UNIT, out);
    case FILTER_HANDLER:
        return ask_own(t, OWN_HANDLER, out);
    case FILTER_NUMBER:
        return ask_own(t, OWN_NUMBER, out);
    case FILTER_PHONE:
        text[0] = t->text[0] + strlen(t->text[0]) - 4; /* the only ones that everybody sees */
        cut.text = text;
        return ask_own(&cut, OWN_PHONE, out);
    default:
        return false;
    }
}

/* --- the connection ----------------------------------------------------------------------------------- */
int search_teach(struct sqlite3 *sql)
{
    static fts5_tokenizer words = {create, destroy, tokenize};
    fts5_api *api = NULL;
    sqlite3_stmt *q = NULL;
    /* https://sqlite.org/fts5.html, 7: the way to the interface */
    int rc = sqlite3_prepare_v2(sql, "SELECT fts5(?1)", -1, &q, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_pointer(q, 1, (void *)&api, "fts5_api_ptr", NULL);
    if (rc == SQLITE_OK)
        (void)sqlite3_step(q);
    sqlite3_finalize(q);
    if (rc == SQLITE_OK)
        rc = sqlite3_create_function_v2(sql, "jiban_has", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                        NULL, has, NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        return rc;
    return api ? api->xCreateTokenizer(api, "words", NULL, &words, NULL) : SQLITE_ERROR;
}

enum status search_open(struct store *s, struct errmsg *err)
{
    return search_teach(s->sql) == SQLITE_OK
               ? ST_OK
               : fail(err, ST_UNSUPPORTED, _("This SQLite has no full-text search (FTS5)."));
}
