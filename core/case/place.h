/*
 * place.h: from the words of an address to the street and the community.
 *
 * Purpose: callers name a place as they speak; intake proposes where it is and says by which word. Names
 *          are those of the reference data: streets, communities, compounds, in both languages.
 * Rule: a longer name wins over those inside it and over shorter ones of its street; a street that is named
 *       beside it confirms it. What is equally good, or in two streets, is given as several candidates:
 *       nobody guesses in silence.
 * Ownership: everything lies in the arena given or in the reference.
 * Errors: ST_NOMEM. A text that names nothing gives no candidates.
 * Threads: no shared state.
 */
#ifndef JIBAN_CASE_PLACE_H
#define JIBAN_CASE_PLACE_H

#include "core/case/reference.h"

struct place_candidate {
    const char *street, *community; /* codes; community "" when only the street is named */
    const char *named;              /* the name that was found */
    const char *form;               /* what of it, folded: people shorten names */
    size_t length;                  /* of it, in bytes of the folded form */
    bool confirmed;                 /* its street stands in the text as well, by another word */
    bool tie;                       /* another candidate is as good */
    const char *reason;             /* one line for people, translated */
};

/* text: an address or whatever was typed, up to some thousand characters; best first. Units that have ended
 * are not looked for. */
enum status place_propose(const struct reference *r, const char *text, bool chinese,
                          struct arena *a, const struct place_candidate **ret, size_t *ret_n,
                          struct errmsg *err);

/* The form in which texts and names are compared: ASCII and full-width letters in small ASCII, Chinese
 * numerals below 100 as digits, no blanks but between two ASCII letters or digits. */
const char *place_fold(struct arena *a, const char *text);
/* Where the folded name stands in the folded text from `from` on, NULL: nowhere. A name that begins or ends
 * with a digit or an ASCII letter is not found inside a longer number or word. */
const char *place_find(const char *from, const char *text, const char *name);

/* A point up to its building, folded: "幸福里3号楼2单元501" is "幸福里3号楼". "" when it names none: "number three
 * road" is no number three (masking cuts there). */
const char *place_building(struct arena *a, const char *point);

#endif
