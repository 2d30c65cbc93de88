/*
 * tally.h: tables of the assessment that count something else than ratings: commendations by unit and person (E12),
 * whistles by who whistled and who was called (domain 7.5).
 *
 * Units: a rate is in millionths of one, cut, as in assess.h; ASSESS_NO_DATA where there is nothing to count it of.
 * Ownership: plain data; text lies where it was given or in the arena of the decoder.
 * Errors: none. Threads: no shared state.
 */
#ifndef JIBAN_CASE_TALLY_H
#define JIBAN_CASE_TALLY_H

#include "core/case/assess.h"

enum tally_kind { TALLY_KIND_PRAISE, TALLY_KIND_WHISTLE, TALLY_KIND_ARTICLE, TALLY_KINDS };
enum tally_column {
#define TALLY(kind, id, word, label) TALLY_##id,
#include "core/case/tally.def"
#undef TALLY
    TALLY_COLUMNS
};
struct tally_column_row {
    enum tally_kind kind;
    const char *word, *label;
};
extern const struct named_row tally_table[TALLY_KINDS]; /* the word is that of "by" */
extern const struct tally_column_row tally_columns[TALLY_COLUMNS];
enum tally_kind tally_find(const char *word); /* TALLY_KINDS when unknown */

/* Which part a unit had in what is counted; of praise always SIDE_UNIT. */
enum tally_side { SIDE_UNIT, SIDE_CALLER, SIDE_CALLED, SIDES };
extern const struct named_row tally_side_table[SIDES];

struct tally_row {
    enum tally_side side;
    const char *code, *name, *name_en;                 /* of the unit */
    const char *person, *person_name, *person_name_en; /* "" where nobody is named */
    int64_t n[TALLY_COLUMNS];
};
struct tally_board {
    enum tally_kind kind;
    const char *scope; /* unit code, or "*" for the city */
    struct assess_period period;
    int64_t as_of_ms;
    struct tally_row *rows;
    size_t n_rows;
};
int64_t tally_decided(const struct tally_row *row); /* how often a rule was kept or broken */
/* Orders with a whistle of all that the unit received, or how often a rule was kept of how often that is known;
 * ASSESS_NO_DATA for tables and rows without one. */
int64_t tally_rate(const struct tally_board *t, const struct tally_row *row);

/* How an answer to a whistle counts: facts of one object, as of its last event. */
struct whistle_facts {
    const char *caller, *called;
    int64_t opened_ms;
    int64_t answered_ms, answer_due_ms; /* TIME_NONE: not answered */
    int64_t arrived_ms, arrival_due_ms; /* TIME_NONE: nobody was on site */
    int64_t ended_ms;    /* when the clock of the arrival ended, however; TIME_NONE: it runs */
    bool objected;       /* an objection stands now */
    const char *verdict; /* word of FIELD_VERDICT, or "" */
};
struct whistle_facts whistle_facts(const struct object *o);

/* The rules whose keeping is counted. */
enum tally_rule {
#define TALLY_RULE(id, word, article, label) RULE_##id,
#include "core/case/tally_rules.def"
#undef TALLY_RULE
    TALLY_RULES
};
struct tally_rule_row {
    const char *word, *article, *label;
};
extern const struct tally_rule_row tally_rules[TALLY_RULES];
enum tally_rule tally_rule_find(const char *word); /* TALLY_RULES when unknown */
/* How often an order applied a rule, and how often the rule was kept and broken by now; what is still open is neither. */
struct rule_facts {
    int used, kept, broken;
};
struct rule_facts rule_facts(const struct casefile *c, enum tally_rule rule);

#endif
