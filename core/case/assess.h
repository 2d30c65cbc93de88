/*
 * assess.h: the assessment (domain 9): from an order to facts, from facts to counts, from counts to rates, score,
 * rank, grade and class.
 *
 * Purpose: pure arithmetic, all of it in whole numbers: binary floating point gives the wrong tenth (9.2).
 *          assess_facts alone decides what an order counts as; the server's table holds its answer packed into
 *          one number, the SQL only counts equal numbers.
 * Units: rates in millionths of one (1,000,000 = 100 %), scores in thousandths of a point, both cut: half up to fewer
 *        decimals, done once where they are shown, is then exact. Counts are below 1,000,000,000, those of one
 *        unit in a mean below 10,000,000.
 * Ownership: plain data; text lies where it was given or in the arena of the decoder.
 * Errors: none; what cannot be computed is ASSESS_NO_DATA, which is not 0.
 * Threads: no shared state.
 */
#ifndef JIBAN_CASE_ASSESS_H
#define JIBAN_CASE_ASSESS_H

#include "core/case/casefile.h"
#include "core/case/policy.h"

enum assess_count {
#define ASSESS(id, word, label) ASSESS_##id,
#include "core/case/assess.def"
#undef ASSESS
    ASSESS_COUNT
};
enum { ASSESS_OUTSIDE_FIRST = ASSESS_IN_HAND };
extern const struct named_row assess_table[ASSESS_COUNT];
enum assess_count assess_count_find(const char *word); /* ASSESS_COUNT when unknown */

/* --- an order ------------------------------------------------------------------------------ */
enum { SOLVED_NOT, SOLVED_PARTLY, SOLVED_YES };
enum { SATISFIED_NOT, SATISFIED_BASICALLY, SATISFIED_YES, SATISFIED_NO_ANSWER };
struct assess_rating {
    bool there;
    bool valid; /* all questions were answered (domain 8); no answer to the third is one */
    bool contacted;
    int solved, satisfied; /* the words above */
};
struct assess_facts {
    enum assess_count why; /* outside, or where it is outside until it is rated */
    bool always;           /* outside whatever the rating says */
    int rates;             /* RATE_*: what it counts in by policy */
    int assessed;          /* the same after a granted exclusion */
    bool excluded, hung;
    struct assess_rating first, last; /* last: of an order that is closed, or on the ledger */
    bool filed, on_time, lawful;
    int64_t closed_ms; /* TIME_NONE unless CLOSED; not packed */
};
/* What an order counts as, by the policy in force. */
struct assess_facts assess_facts(const struct score_policy *p, const struct casefile *c);
/* All but closed_ms in one number of 32 bits, and back. */
int64_t assess_pack(const struct assess_facts *f);
struct assess_facts assess_unpack(int64_t packed);

/* The two sets of figures (domain 7.9). */
enum assess_set { SET_ASSESSED, SET_ALL, SET_COUNT };
/* The numbers the order counts in: bit 1 << ASSESS_id. */
uint32_t assess_counts_of(const struct score_policy *p, const struct assess_facts *f,
                          enum assess_set set);

/* --- figures ------------------------------------------------------------------------------- */
#define ASSESS_NO_DATA INT64_MIN
struct assess_figures {
    int64_t n[ASSESS_COUNT];
    int64_t r, s, m, score; /* by assess_figures_of */
    int units;              /* whose mean r, s, m and score are; 0: from the counts */
};
/* Rates and score from the counts. A rate without a denominator has no data, and so has the score then. */
void assess_figures_of(const struct score_policy *p, struct assess_figures *f);
/* The line for all of n units: counts are added up; rates and score from the sums, or (score.summary = mean) the
 * mean over the units that have data. */
void assess_summary(const struct score_policy *p, const struct assess_figures *unit, size_t n,
                    struct assess_figures *ret);
/* Score to the decimals of the policy, half up: 91650 -> 91700 at one decimal. */
int64_t assess_shown(const struct score_policy *p, int64_t score);
/* Score with bonus points (thousandths), of which no more count than the cap (Regulation art 32). */
int64_t assess_with_bonus(const struct score_policy *p, int64_t score, int64_t bonus);
/* "A" .. "D" by the score as shown; "" without data. */
const char *assess_grade(const struct score_policy *p, int64_t score);

enum assess_class { CLASS_ADVANCED = 1, CLASS_IMPROVING = 2, CLASS_CORRECT = 4, CLASS_GOVERN = 8 };
struct assess_row {
    const char *code, *name, *name_en;
    const char *office; /* lead unit that the section, community or person works for, or "" */
    const char *grade;  /* "" without data */
    int64_t residents;  /* 0: not known */
    int64_t bonus;      /* points that were added to both scores, in thousandths */
    int64_t closed;     /* closed in the period, by the time of closing */
    struct assess_figures set[SET_COUNT];
    int rank;              /* 1 = first; 0: no data, not ranked */
    int classes;           /* enum assess_class, or-ed */
    int64_t burden;        /* what assess_classify weighs requests by: the lower, the more */
    int64_t shown, before; /* score as shown, now and in the period before, or ASSESS_NO_DATA */
};
/* Sorts by score as shown, then by orders received, both falling (9.1), then by code. Equal scores share a rank (9.4)
 * and the next one is as many lower; those without data come last. Returns how many have a rank. */
int assess_rank(const struct score_policy *p, struct assess_row *rows, size_t n);
/* The four classes of streets (9.4) on rows that have been ranked: best score, largest rise since the period before,
 * lowest score, most requests (the places by total and per 10,000 residents added, as classes.govern_by says). A class
 * takes those that share its last place too; best and lowest take no more than half of the streets, and none both. */
void assess_classify(const struct score_policy *p, struct assess_row *rows, size_t n);

/* What a table is made of: the rows of one level within a scope. */
enum assess_level {
    LEVEL_CITY,
    LEVEL_DISTRICT,
    LEVEL_DEPARTMENT,
    LEVEL_STREET,
    LEVEL_SECTION,
    LEVEL_COMMUNITY,
    LEVEL_PERSON,
    LEVEL_CATEGORY,
    LEVEL_INTEREST,
    LEVEL_COUNT
};
extern const struct named_row assess_level_table[LEVEL_COUNT];
enum assess_level assess_level_find(const char *word); /* LEVEL_COUNT when unknown */
extern const struct named_row
    assess_class_table[4]; /* in the order of the bits of enum assess_class */

/* --- periods ------------------------------------------------------------------------------- */
struct assess_period {
    char name[32];          /* "2026-11", "2026-11-24", or "" for a free window */
    int64_t from_ms, to_ms; /* from <= created < to */
};
/* The month of year and month: from month_start_day 00:00 of the month before to the day before month_start_day,
 * 24:00. With month_start_day 1 it is the month of the calendar. */
struct assess_period assess_month(const struct score_policy *p, int year, int month);
/* The month that a moment lies in. */
struct assess_period assess_month_of(const struct score_policy *p, int64_t ms);
/* The daily report of a day: from day_cut of the day before to day_cut. */
struct assess_period assess_day(const struct score_policy *p, int year, int month, int day);
/* The month before a month, the day before a day; before a free window one as long. */
struct assess_period assess_before(const struct score_policy *p,
                                   const struct assess_period *period);

/* --- a table of figures -------------------------------------------------------------------- */
/* Every figure stands beside its period and its denominators (9.5): so do they here. */
struct assess_board {
    enum assess_level level;
    const char *scope; /* unit code, or "*" for the city */
    struct assess_period period;
    int64_t as_of_ms;
    const char *policy;
    int w_r, w_s, w_m, decimals;
    bool final_rating, mean, show_rank, show_grade;
    int month_start_day, day_cut_min;
    int ranked; /* how many of the level have a rank, in the whole city; 0: ranks are not told */
    struct assess_row *rows;
    size_t n_rows;
    struct assess_row total; /* of the rows */
};

#endif
