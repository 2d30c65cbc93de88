/*
 * catalogue.h: the dispatch catalogue (Regulation art. 11, domain 7.1): who handles what where, and why.
 *
 * Purpose: a row is category x place x owner -> lead, assistants, tier, resting on an item of a duty list.
 *          Intake and dispatch ask catalogue_propose, the loader asks catalogue_check; nothing here decides.
 * Match order (7.1): designated by hand > place rule > category rule > district. Of several place rules the
 *          closer one: point, community, street; then the longer word, the longer category, the named owner.
 * Ownership: decoded into one arena by core/wire; plain data in the order of the file.
 * Errors: ST_NOMEM, and ST_INVALID for a category that is not there.
 * Threads: no shared state.
 */
#ifndef JIBAN_CASE_CATALOGUE_H
#define JIBAN_CASE_CATALOGUE_H

#include "core/base/faults.h"
#include "core/case/reference.h"

/* In the order of closeness. POINT: a word that stands in the text of the place: compound, park, square, road. */
enum place_kind { PLACE_ANY, PLACE_STREET, PLACE_COMMUNITY, PLACE_POINT, PLACE_COUNT };
/* Who owns or runs the compound. ANY: does not matter, not asked yet. */
enum owner_kind {
    OWNER_ANY,
    OWNER_NONE,     /* nobody: unmanaged, owner gone */
    OWNER_COMPANY,  /* a property company */
    OWNER_EMPLOYER, /* the work unit whose housing it is */
    OWNER_PUBLIC,   /* public housing */
    OWNER_COUNT
};
extern const char *const place_kind_word[PLACE_COUNT]; /* "" for ANY */
extern const char *const owner_word[OWNER_COUNT];      /* "" for ANY */
enum owner_kind owner_find(const char *word);          /* OWNER_COUNT when unknown */
const char *owner_label(enum owner_kind owner);        /* translated */

/* As lead, assistant or unit of a duty item: the unit of that kind at the place. */
#define CATALOGUE_STREET "street"
#define CATALOGUE_COMMUNITY "community"
#define CATALOGUE_DISTRICT "district"

struct duty_item {
    const char *id;       /* "S-02-1" */
    const char *unit;     /* code, or "street", "district": the list of every such office */
    const char *category; /* code or its beginning that the item covers; "" all */
    const char *item, *item_en;
    const char *basis;
};
struct catalogue_row {
    const char *id;       /* "02-01" */
    const char *category; /* four digits, or the two of level 1; "" all */
    enum place_kind place;
    const char *const *where; /* codes of streets or communities, words of a point */
    size_t n_where;
    enum owner_kind owner;
    const char *lead; /* code, or "street", "district" */
    const char *const *assist;
    size_t n_assist;
    enum tier tier;    /* TIER_NONE: that of the category */
    const char *basis; /* law or rule */
    const char *duty;  /* id of the duty item it rests on (7.1) */
    int since, until;  /* days, both included; 0: open */
    const char *note;  /* or "" */
    size_t index;      /* place in the file, for messages */
};
struct catalogue {
    const char *name;
    int version, valid_from;
    const struct catalogue_row *rows;
    size_t n_rows;
    const struct duty_item *duties;
    size_t n_duties;
};

const struct duty_item *catalogue_duty(const struct catalogue *c, const char *id); /* NULL: none */
bool catalogue_in_force(const struct catalogue_row *row, int day);
/* Does a category, or the beginning of one, hold for this category? */
bool catalogue_covers(const char *prefix, const char *category);
/* What of the matter a row is for, as people read it: "Lift out of service (0201), owner: nobody". */
const char *catalogue_condition(const struct catalogue_row *row, const struct reference *r,
                                bool chinese, struct arena *a);

/* Everything that is wrong with c for these units and categories; place "/rows/3/lead". */
void catalogue_check(const struct catalogue *c, const struct reference *r, struct faults *f);

/* --- proposals ------------------------------------------------------------------------------- */
struct matter {
    const char *category;           /* code */
    const char *street, *community; /* codes, "" not known */
    const char *point;              /* address or compound as it was said, or "" */
    enum owner_kind owner;
    const char *designated; /* unit chosen by hand, or "" */
    int day;
};
/* The same as words of a command line; NULL: not given. */
struct matter_words {
    const char *category, *street, *point, *owner, *designated;
    const char *day; /* "2026-11-24" */
};
/* today: when no day is given. ST_INVALID names the option. Codes are not compared with anything yet. */
enum status matter_read(const struct matter_words *w, int today, struct matter *ret,
                        struct errmsg *err);
enum proposal_rule { PROPOSAL_HAND, PROPOSAL_PLACE, PROPOSAL_CATEGORY, PROPOSAL_DISTRICT };
extern const char *const proposal_rule_word[];
enum reason_kind {
    REASON_ROW,   /* which row, and what it says */
    REASON_WORD,  /* the word of the place that made it */
    REASON_DUTY,  /* item of the duty list */
    REASON_BASIS, /* law */
    REASON_TIER,  /* differs from that of the category */
    REASON_ASSIST,
    REASON_COPY, /* to the district (art. 12) */
    REASON_HAND,
    REASON_DISTRICT, /* nobody else is named */
    REASON_TIE,
    REASON_ASK,  /* what would tell more */
    REASON_AFTER /* a better row stands before it */
};
extern const char *const reason_word[];
struct reason {
    enum reason_kind kind;
    const char *text; /* one line for people, translated; foreign text may stand in it */
};
enum { REASONS_MOST = 12 };
struct proposal {
    enum proposal_rule rule;
    const char *lead; /* code; "" when the place is not known well enough */
    const char *const *assist;
    size_t n_assist;
    enum tier tier;
    const char *row; /* id, "" none */
    bool tie;        /* the one beside it is as good */
    struct reason reason[REASONS_MOST];
    size_t n_reasons;
};

/* Best first; never empty: the last resort is the district. c may be NULL: no catalogue. */
enum status catalogue_propose(const struct catalogue *c, const struct reference *r,
                              const struct matter *m, bool chinese, struct arena *a,
                              const struct proposal **ret, size_t *ret_n, struct errmsg *err);

#endif
