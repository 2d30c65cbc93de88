/*
 * reference.h: units, people and categories: reference data that the centre serves.
 *
 * Ownership: decoded into one arena by core/wire; plain data, sorted by code or user.
 */
#ifndef JIBAN_CASE_REFERENCE_H
#define JIBAN_CASE_REFERENCE_H

#include "core/base/faults.h"
#include "core/case/casefile.h"

enum unit_kind {
    UNIT_HOTLINE,
    UNIT_DISTRICT,
    UNIT_STREET,
    UNIT_SECTION,
    UNIT_COMMUNITY,
    UNIT_DEPT,
    UNIT_FIRM
};
enum { RESIDENTS_MOST = 100000000 };
struct unit {
    const char *code, *name, *name_en;
    enum unit_kind kind;
    const char *parent;           /* "" at the top */
    const char *const *compounds; /* of a community: names of its compounds and points */
    size_t n_compounds;
    int64_t residents; /* of a street; 0: not known */
    int ended;         /* day (clock.h) since which it is kept for old cases only; 0: it is there */
    size_t index;      /* place in the file, for messages */
};
struct person {
    const char *user, *name, *name_en;
    enum role role;
    const char *office, *unit;
    int ended;    /* as of a unit */
    size_t index; /* in the list of people of the file */
};
struct category {
    const char *code, *level1, *level1_en, *level2, *level2_en;
    enum tier tier; /* default */
};
struct reference {
    int version, valid_from; /* of the document; valid_from a day, 0: always */
    const struct unit *units;
    size_t n_units;
    const struct person *people;
    size_t n_people;
    const struct category *categories;
    size_t n_categories;
};

/* NULL when unknown. */
const struct unit *reference_unit(const struct reference *r, const char *code);
const struct person *reference_person(const struct reference *r, const char *user);
const struct category *reference_category(const struct reference *r, const char *code);
/* Name in the reader's language (chinese: i18n_chinese()); the code itself when unknown. */
const char *reference_unit_name(const struct reference *r, const char *code, bool chinese);
const char *reference_category_name(const struct reference *r, const char *code, bool chinese);
const char *reference_person_name(const struct reference *r, const char *user, bool chinese);
/* Of who did something: the clock by its word; who is unknown or has no name there by the name that came along, else by
 * the user. */
const char *reference_actor_name(const struct reference *r, const struct actor *who, bool chinese);
/* District code of a street, section or community: walks up the parents; "" when unknown. */
const char *reference_district(const struct reference *r, const char *code);
/* What does not hold together: parents that are not there or run in a circle, people without an office. */
void reference_check(const struct reference *r, struct faults *f);

#endif
