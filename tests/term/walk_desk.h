/*
 * walk_desk.h: the office that a random walk walks in, and the people and terminals it walks at.
 *
 * Purpose: an office day whose cases are half hostile, with files on some; a console for each person at each kind of
 *          terminal and with each kind of settings.
 * Ownership: what walk_office_make() starts ends with rig_end(). Errors: fail the test. Threads: one.
 */
#ifndef JIBAN_TESTS_TERM_WALK_DESK_H
#define JIBAN_TESTS_TERM_WALK_DESK_H

#include "tests/term/server.h"

struct walk_kind {
    const char *name;
    const char *env[2]; /* TERM and another one */
    const char *flag;   /* of the command line, "" none */
    const char *config;
    const char *charset; /* of its locale, as iconv names it; NULL: UTF-8, or ASCII */
    bool ascii;          /* its locale has ASCII only, and so its language is English */
    bool linear;         /* it says lines and draws no screen */
    bool bare;           /* without the line of keys: what is said stands in the last line */
    bool seals; /* its cache is sealed: it asks for the password before there is a screen */
};
extern const int n_walk_kinds, n_walk_people;
/* Any number from 0 on. The first one for one that this machine has no locale for. */
const struct walk_kind *walk_kind_at(int i);
#define WALK_PASSWORD "practice"

/* Made, and serving. hostile: texts, to NULL. A copy of the one that JIBAN_WALK_OFFICE/office holds, if that is set. */
void walk_office_make(struct server *s, const char *(*hostile)(size_t i));
/* A desk of its own for a person (any number from 0 on) at a kind of terminal. */
void walk_desk_make(struct desk *d, struct server *s, int person, const struct walk_kind *kind);
/* Its console, logged in. trace: file that it tells each key to. */
struct term *walk_desk_start(struct desk *d, const struct walk_kind *kind, const char *trace);
/* Another desk of the street does something to this case (NULL: to one that follows from n); what, follows from n. */
void walk_rival(struct server *s, const char *number, int n);

#endif
