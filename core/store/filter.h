/*
 * filter.h: the filter language of queue and search.
 *
 *   filter := part { "or" part }            part := { ["-" | "not"] word }
 *   word   := "(" filter ")" | KEY:VALUE[,VALUE...] | KEY OP VALUE | KEY:LOW..HIGH | FLAG | TEXT | "TEXT WITH BLANKS"
 *
 * Words beside each other must all hold; of a key that a case has once (state, category, ...) several words beside
 * each other mean any of them. Keys and flags stand in filter.def; names are looked up in the reference.
 * Purpose: text to tree, with the place of an error, and what can be typed next. No SQL here (filter_sql.c).
 * Ownership: the tree and its texts lie in the arena given.
 * Errors: ST_INVALID with a sentence for people; where it stands goes to *ret_at.
 * Threads: no shared state.
 */
#ifndef JIBAN_STORE_FILTER_H
#define JIBAN_STORE_FILTER_H

#include "core/case/reference.h"

enum filter_key {
#define KEY(id, word, kind, example, help) FILTER_##id,
#define IS(id, word, help) FILTER_IS_##id,
#include "core/store/filter.def"
#undef KEY
#undef IS
    FILTER_COUNT
};
enum filter_kind {
    FILTER_KIND_STATE,
    FILTER_KIND_CATEGORY,
    FILTER_KIND_PLACE,
    FILTER_KIND_PERSON,
    FILTER_KIND_CHANNEL,
    FILTER_KIND_CODE,
    FILTER_KIND_OBJECT,
    FILTER_KIND_LATE,
    FILTER_KIND_VIEW,
    FILTER_KIND_TAIL,
    FILTER_KIND_BUILDING,
    FILTER_KIND_TIME,
    FILTER_KIND_SPAN,
    FILTER_KIND_NUMBER,
    FILTER_KIND_TEXT,
    FILTER_KIND_FLAG
};
extern const struct filter_row {
    const char *word;
    enum filter_kind kind;
    const char *example, *help; /* help: N_() */
} filter_table[FILTER_COUNT];

enum filter_op { FILTER_IS, FILTER_LESS, FILTER_AT_MOST, FILTER_MORE, FILTER_AT_LEAST };
enum filter_node_kind { FILTER_ALL, FILTER_ANY, FILTER_NOT, FILTER_TERM };
struct filter_node {
    enum filter_node_kind kind;
    struct filter_node *part, *next; /* first of its parts; the one beside it */
    /* of a term */
    enum filter_key key;
    enum filter_op op;
    const char *const *text; /* codes, users, or texts: any of them */
    size_t n_texts;
    uint32_t bits;     /* states, or kinds of objects; 0 in late:any */
    int view;          /* enum view_id */
    int64_t low, high; /* times, spans, numbers: both ends belong to it */
    size_t at, len;    /* where it stands in the text, bytes */
};

enum { FILTER_MAX = 400, FILTER_WORDS = 32 };
struct filter_context {
    const struct reference *reference; /* NULL: codes only */
    const char *user, *unit;           /* who "me" is */
    int role;                          /* enum role: whose views there are */
    int64_t now_ms;
};
/* *ret NULL: an empty filter, everything. ret_at (may be NULL): byte at which the error stands. */
enum status filter_parse(const char *text, const struct filter_context *c, struct arena *a,
                         struct filter_node **ret, size_t *ret_at, struct errmsg *err);

/* What may stand at the end of the first len bytes of the text, best first; from: where it begins. */
struct filter_choice {
    const char *word; /* to be written from *ret_from on */
    const char *help; /* translated; "" */
};
enum status filter_complete(const char *text, size_t len, const struct filter_context *c,
                            struct arena *a, const struct filter_choice **ret, size_t *ret_n,
                            size_t *ret_from, struct errmsg *err);

/* The same filter for people to read: names of the reader's language where a whole code stands, as the completion and the
 * console write them; the rest as it was typed. r: NULL without names. What it returns cannot be read again. */
const char *filter_shown(const char *text, const struct reference *r, bool chinese,
                         struct arena *a);

/* How a name of the reference is found; what one way finds nothing for is tried by the next. */
enum filter_way {
    FILTER_AS_TYPED, /* its code or the beginning of one above it, a part of its name in either language */
    FILTER_FOLDED, /* the same in simplified characters (core/text/fold.h) */
    FILTER_PINYIN, /* core/text/pinyin.h, of two letters and more */
    FILTER_WAYS
};
/* What was typed as the way wants it; NULL: it is not one of this text. */
const char *filter_typed(enum filter_way way, const char *typed, struct arena *a);
bool filter_names(enum filter_way way, const char *typed, const char *code, const char *name,
                  const char *name_en);

#endif
