/*
 * policy.h: numbers are data. A policy document as the workflow reads it.
 *
 * The document is JSON (data/policy.json is the shipped default); core/wire decodes it into this.
 * Only the keys that code reads stand here; keys that a later rule reads are added with that rule.
 * Ownership: text lies in the arena of the decoder. Times are limits (calendar.h).
 */
#ifndef JIBAN_CASE_POLICY_H
#define JIBAN_CASE_POLICY_H

#include "core/case/calendar.h"
#include "core/case/casefile.h"

enum {
    POLICY_CHECKLIST_MAX = 24,
    POLICY_HINTS_MAX = 24,
    POLICY_WORDS_MAX = 48,
    POLICY_QUIET_MAX = 4,
    POLICY_EMERGENCIES_MAX = 12,
    SCORE_SCOPES_MAX = 64,
    SCORE_GRADES_MAX = 8
};

/* What a clock passes on its way (domain.md, section 3): 50 % a note, 75 % amber, 90 % red, 100 % overdue. */
enum warn_mark { WARN_NOTE, WARN_AMBER, WARN_RED, WARN_OVERDUE, WARN_MARKS };

/* Lists of words that the writer of a reply is asked about (words.h). */
enum word_list {
#define WORDS(id, ...) WORD_##id,
#include "core/case/words.def"
#undef WORDS
    WORD_LISTS
};

enum whistle_kind { WHISTLE_E, WHISTLE_J, WHISTLE_K, WHISTLE_KINDS };

/* Own clocks of cases under an emergency that a district opened: LIMIT_NONE where the ordinary one holds. */
struct emergency_kind {
    const char *code, *zh, *en;
    struct limit clock[CLOCK_COUNT][TIER_COUNT];
};

/* Which of the three rates an order counts in; or-ed. */
enum { RATE_R = 1, RATE_S = 2, RATE_M = 4, RATE_ALL = 7 };

/* score.scope: what the orders whose word begins so count in. */
struct score_scope {
    const char *word;
    int rates;
};
/* How orders become figures (domain 9, 12): score.*, period.*, rank.*, classes.*, hang.score_mode, exclusion.*effect. */
struct score_policy {
    int w_r, w_s, w_m; /* weights, per mille; 1000 together */
    int basic_value,
        partly_value;  /* what "basically satisfied" and "partly solved" are worth, per mille */
    bool final_rating; /* score.rating: the final one instead of the first */
    bool mean;         /* score.summary: mean of the units' rates instead of pooled */
    int decimals;      /* of the score, 0..3; always rounded half up */
    int bonus_cap;     /* most bonus points that count (Regulation art 32) */
    struct score_scope type[SCORE_SCOPES_MAX],
        category[SCORE_SCOPES_MAX]; /* categories: by prefix */
    int n_types, n_categories;
    const char *outside[SCORE_SCOPES_MAX]; /* channels of own findings */
    int n_outside;
    int hung_rates;     /* what an order on the ledger counts in */
    int excluded_rates; /* exclusion.effect: what is left to an order that was excluded */
    struct score_scope exclusion[SCORE_SCOPES_MAX]; /* classes that have an effect of their own */
    int n_exclusions;
    int month_start_day;        /* 1..28 */
    int day_cut_min;            /* minutes after 00:00 at which the day of the daily report ends */
    bool show_rank, show_grade; /* rank.display */
    struct {
        const char *grade;
        int from;              /* points */
    } grade[SCORE_GRADES_MAX]; /* falling; the last from 0 */
    int n_grades;
    int class_size;                          /* how many streets a class has */
    bool govern_by_density, govern_by_total; /* classes.govern_by */
};

struct check_item {
    const char *id, *zh, *en;
    bool required, on;
    const char *hints[POLICY_HINTS_MAX]; /* words one of which shows that the point is met */
    int n_hints;
    bool forbid; /* hints are words that must not occur */
};

struct policy {
    const char *name; /* "beijing-default" */
    int version;
    const char *label;                           /* "beijing-default/1": stored on the case */
    struct limit clock[CLOCK_COUNT][TIER_COUNT]; /* LIMIT_NONE: no such clock in this tier */
    enum day_rule day_rule;
    int warn_mark[WARN_MARKS]; /* warn.marks: percent of a clock's time, rising */
    int return_max_per_unit;   /* return.max_per_unit */
    int dispatch_max_before_designate;
    int contact_tries;        /* contact.tries */
    struct limit contact_gap; /* between tries that count */
    int contact_day_parts;
    int rework_max;             /* rework.max */
    struct limit reopen_within; /* row 29 from CLOSED: 7 day */
    bool callback_early;        /* callback.early */
    int callback_attempts;      /* 3 calls before giving up */
    struct limit sms_valid;
    struct limit late_entry, late_entry_t2h;
    struct check_item check[POLICY_CHECKLIST_MAX];
    int n_checks;
    int reply_min, reply_max; /* characters */
    const char *word[WORD_LISTS][POLICY_WORDS_MAX];
    int n_words[WORD_LISTS];
    bool four_eyes_t2h_exception;
    struct limit confirm_within; /* by a leader, of what the exception let pass */
    uint32_t pause
        [CLOCK_COUNT]; /* bit mask: while one of these clocks runs, this one stands still (3.4.6) */
    bool auto_sign;
    int auto_sign_factor; /* times the limit for signing */
    struct {
        struct limit ack, arrive;
    } whistle[WHISTLE_KINDS];
    int extension_max_count;
    struct limit
        extension_max_total[TIER_COUNT]; /* from the start of handle; LIMIT_NONE: no extension */
    struct limit hang_limit, hang_look,
        hang_handle; /* hang_handle: what unhang starts handle with */
    int hang_renew;
    struct limit reopen_archived_within, archive_after;
    int callback_day_parts;
    struct {
        int from, to; /* minutes after 00:00; from > to: over midnight */
    } quiet[POLICY_QUIET_MAX];
    int n_quiet;
    int exclusion_appeals;
    bool
        withdraw_public; /* interest.withdraw_public: a claimant's word alone closes a matter of public interest */
    struct emergency_kind emergency[POLICY_EMERGENCIES_MAX];
    int n_emergencies;
    struct score_policy score;
    int64_t
        retain_closed_ms; /* retention.closed: so long a console keeps what is finished; 0: no end */
    /* What the centre looks for in a new order (repeat.*, cluster.*, risk.*). Windows are plain time. */
    int64_t repeat_window_ms, cluster_window_ms;
    int repeat_calls; /* for progress with nothing new, until a hint is given; 0: never */
    int cluster_claimants;
    const char *repeat_hint[POLICY_HINTS_MAX], *risk_word[POLICY_HINTS_MAX],
        *risk_category[POLICY_HINTS_MAX];
    int n_repeat_hints, n_risk_words, n_risk_categories;
};

/* When a clock that started and falls due then reaches the mark, ms. A policy of NULL: the percents as shipped. */
int64_t policy_warn_ms(const struct policy *p, enum warn_mark mark, int64_t started_ms,
                       int64_t due_ms);

#endif
