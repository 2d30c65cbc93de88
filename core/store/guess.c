/* guess.c: which category an order may be of, by the words of earlier ones. */
#include "core/store/guess.h"
#include "core/base/i18n.h"
#include "core/store/search.h"
#include "core/text/fold.h"
#include "core/text/utf8.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORDS = 32,
    EACH = 40,       /* cases looked at for a word */
    WORD_BYTES = 64, /* longer runs of letters are no words */
    HITS_LEAST = 2,  /* what stands in one case alone is chance */
    CATEGORIES = 256,
    WHY = 3,
    SIGNS = 8,       /* words of a category that reasons are made of */
    SIGN_SHARE = 3,  /* what says less than this part of the best one is no reason by itself */
    TEXT_MOST = 2000 /* bytes; what it is about stands at the beginning */
};

struct word {
    const char *text;
    size_t n;
};

struct words {
    struct word list[WORDS];
    size_t n;
};

/* One category, and what speaks for it. */
struct tally {
    const char *code;
    double score;
    struct {
        double score;
        size_t word;
    } best[SIGNS];
    int64_t *rows; /* of cases, WORDS * EACH at most */
    size_t n_rows;
};

struct guessing {
    struct store *s;
    struct arena *work;
    int64_t last_row;
    struct tally list[CATEGORIES];
    size_t n;
    double all;
};

static int note_word(void *with, const char *text, size_t len)
{
    struct words *w = with;
    if (len > WORD_BYTES || (unsigned char)*text >= 0xEE) /* the index's own */
        return 0;
    for (size_t i = 0; i < w->n; i++)
        if (w->list[i].n == len && memcmp(w->list[i].text, text, len) == 0)
            return 0;
    w->list[w->n++] = (struct word){text, len};
    return w->n == WORDS;
}

static struct tally *tally_of(struct guessing *g, const char *code)
{
    for (size_t i = 0; i < g->n; i++)
        if (strcmp(g->list[i].code, code) == 0)
            return &g->list[i];
    if (g->n == CATEGORIES)
        return NULL;
    struct tally *t = &g->list[g->n];
    *t = (struct tally){.code = arena_strdup(g->work, code),
                        .rows = arena_array(g->work, WORDS * EACH, sizeof *t->rows)};
    if (arena_failed(g->work))
        return NULL;
    g->n++;
    return t;
}

static void speaks_for(struct guessing *g, struct tally *t, double score, size_t word)
{
    size_t at = SIGNS;
    t->score += score;
    g->all += score;
    while (at > 0 && t->best[at - 1].score < score)
        at--;
    if (at == SIGNS)
        return;
    memmove(&t->best[at + 1], &t->best[at], (SIGNS - 1 - at) * sizeof t->best[0]);
    t->best[at].score = score;
    t->best[at].word = word;
}

/* The newest cases with the word: how many of them are of which category. */
static void ask(struct guessing *g, const struct words *w, size_t word)
{
    struct {
        struct tally *of;
        int64_t row;
    } hit[EACH];
    size_t n = 0;
    int64_t row = 0;
    const char *match = arena_printf(g->work, "\"%.*s\"", (int)w->list[word].n, w->list[word].text);
    struct sqlite3_stmt *q = db_query(
        g->s,
        "SELECT c.row, c.category FROM search CROSS JOIN cases AS c ON c.row = search.rowid"
        " WHERE search MATCH ? AND c.category <> '' ORDER BY search.rowid DESC LIMIT ?",
        "ti", match, (int64_t)EACH);
    while (db_step(g->s, q)) {
        row = db_column_int(q, 0);
        size_t len;
        struct tally *t = tally_of(g, db_column_peek(q, 1, &len));
        if (t && n < EACH) {
            hit[n].of = t;
            hit[n++].row = row;
        }
    }
    if (n < HITS_LEAST)
        return;
    /* How many cases have it, by how far back the last ones of EACH were found. */
    double share =
        n < EACH ? (double)n / (double)g->last_row : (double)n / (double)(g->last_row - row + 1);
    double rare = -log(share < 1 ? share : 1);
    for (size_t i = 0; i < n; i++) {
        size_t same = 0, before = 0;
        for (size_t k = 0; k < n; k++) {
            same += hit[k].of == hit[i].of;
            before += k < i && hit[k].of == hit[i].of;
        }
        if (hit[i].of->n_rows < WORDS * EACH)
            hit[i].of->rows[hit[i].of->n_rows++] = hit[i].row;
        if (before == 0) {
            double part = (double)same / (double)(n + 1);
            speaks_for(g, hit[i].of, rare * part * part * part, word);
        }
    }
}

static int by_row(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static int different_rows(struct tally *t)
{
    int n = 0;
    qsort(t->rows, t->n_rows, sizeof *t->rows, by_row);
    for (size_t i = 0; i < t->n_rows; i++)
        n += i == 0 || t->rows[i] != t->rows[i - 1];
    return n;
}

static int best_first(const void *x, const void *y)
{
    const struct tally *a = x, *b = y;
    return a->score != b->score ? (a->score < b->score) - (a->score > b->score)
                                : strcmp(a->code, b->code);
}

/* --- reasons: pairs of characters made words again -------------------------------------------------- */

/* Bytes of the text, and how much what stands there says. */
struct run {
    const char *from, *to;
    double score;
};

static int by_place(const void *x, const void *y)
{
    const struct run *a = x, *b = y;
    return (a->from > b->from) - (a->from < b->from);
}

static int by_score(const void *x, const void *y)
{
    const struct run *a = x, *b = y;
    return a->score != b->score ? (a->score < b->score) - (a->score > b->score) : by_place(x, y);
}

static bool is_among(const char *characters, const char *one, size_t len)
{
    for (const char *at = characters; *at; at += len)
        if (memcmp(at, one, len) == 0)
            return true;
    return false;
}

/* No word begins or ends with these: what is left of one that was cut out of its middle goes. */
static void trim(struct run *r)
{
    static const char never_first[] = "的了着们吗呢吧啊么得地";
    static const char never_last[] = "的在是和与及有不没把被很太也都就还又只这那我你他她从向对给让";
    enum { HAN = 3 };
    while (r->to - r->from >= HAN && (unsigned char)*r->from >= 0xE3 &&
           is_among(never_first, r->from, HAN))
        r->from += HAN;
    while (r->to - r->from >= HAN && (unsigned char)r->to[-HAN] >= 0xE3 &&
           is_among(never_last, r->to - HAN, HAN))
        r->to -= HAN;
}

/* A single character is hardly a word. */
static bool is_word(const struct run *r)
{
    uint32_t c;
    size_t n = (size_t)(r->to - r->from);
    return n > 0 && !(utf8_decode(r->from, n, &c) == n && fold_is_han(c));
}

/* Is it the rest of a word that one of the runs has a part of? */
static bool goes_on(const struct run *list, size_t n, const struct run *sign)
{
    for (size_t i = 0; i < n; i++)
        if (sign->from < list[i].to && sign->to > list[i].from)
            return true;
    return false;
}

/* The signs of a category as runs of the text: pairs that overlap or touch are one, "暖气" and "不热" "暖气不热". */
static size_t runs_of(const struct tally *t, const struct words *w, struct run ret[SIGNS])
{
    size_t n = 0, all = 0, words = 0;
    for (int i = 0; i < SIGNS && t->best[i].score > 0; i++) {
        const struct word *one = &w->list[t->best[i].word];
        struct run sign = {one->text, one->text + one->n, t->best[i].score};
        if (t->best[i].score * SIGN_SHARE >= t->best[0].score || goes_on(ret, all, &sign))
            ret[all++] = sign;
    }
    qsort(ret, all, sizeof *ret, by_place);
    for (size_t i = 0; i < all; i++) {
        if (n > 0 && ret[i].from <= ret[n - 1].to) {
            ret[n - 1].to = ret[i].to > ret[n - 1].to ? ret[i].to : ret[n - 1].to;
            ret[n - 1].score += ret[i].score;
        } else {
            ret[n++] = ret[i];
        }
    }
    for (size_t i = 0; i < n; i++) {
        struct run whole = ret[i];
        trim(&whole);
        if (is_word(&whole))
            ret[words++] = whole;
    }
    qsort(ret, words, sizeof *ret, by_score);
    return words;
}

static const char *why(const struct tally *t, const struct words *w, struct arena *a)
{
    struct run run[SIGNS] = {{NULL, NULL, 0}};
    size_t n = runs_of(t, w, run);
    const char *text = "";
    for (size_t i = 0; i < n && i < WHY; i++)
        text = arena_printf(a, "%s%s%.*s", text, i ? i18n_mark(MARK_LIST, i18n_chinese()) : "",
                            (int)(run[i].to - run[i].from), run[i].from);
    return text;
}

static size_t best(struct guessing *g, const struct words *w, struct arena *a,
                   struct category_guess ret[GUESS_MOST])
{
    size_t n = 0;
    qsort(g->list, g->n, sizeof *g->list, best_first);
    for (; n < g->n && n < GUESS_MOST && g->all > 0; n++) {
        struct tally *t = &g->list[n];
        int percent = (int)(100 * t->score / g->all);
        if (percent < (n == 0 ? GUESS_FIRST_LEAST : GUESS_LEAST))
            break;
        ret[n] = (struct category_guess){arena_strdup(a, t->code), percent, different_rows(t),
                                         why(t, w, a)};
    }
    return n;
}

enum status store_guess_category(struct store *s, const char *text, struct arena *a,
                                 struct category_guess ret[GUESS_MOST], size_t *ret_n,
                                 struct errmsg *err)
{
    struct arena work;
    struct words words = {.n = 0};
    size_t n = 0;
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    arena_init(&work, 0);
    struct guessing *g = arena_alloc(&work, sizeof *g);
    const char *folded = fold_text(&work, text, strnlen(text, TEXT_MOST));
    (void)fold_words(folded, strlen(folded), true, note_word, &words);
    if (g && search_is_whole(s)) {
        memset(g, 0, sizeof *g);
        g->s = s;
        g->work = &work;
        g->last_row = db_int(s, "SELECT max(row) FROM cases", "");
        for (size_t i = 0; g->last_row > 0 && i < words.n; i++)
            ask(g, &words, i);
        n = best(g, &words, a, ret);
    }
    if (arena_failed(&work) || arena_failed(a))
        db_nomem(s);
    arena_release(&work);
    st = db_read_end(s, err);
    if (st == ST_OK)
        *ret_n = n;
    return st;
}
