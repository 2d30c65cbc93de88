/*
 * rights_office.h: an office for the walk of rights: people of every role in every place, an order at every point.
 *
 * Purpose: makes the store of the walk. The orders are brought to their points by commands of the people whose
 *          work it is, given to the real service at a clock of its own, so that also what needs weeks is there.
 *          Copies of an order, as many as are asked for, stand for it where a command is to be applied.
 * Ownership: everything lies in the arena of the office. Errors: fail the test. Threads: one.
 */
#ifndef JIBAN_TESTS_SERVER_RIGHTS_OFFICE_H
#define JIBAN_TESTS_SERVER_RIGHTS_OFFICE_H

#include "server/service.h"

/* Of the claimant who asked for secrecy; each stands in no other order. */
#define SECRET_NAME "欧阳密"
#define SECRET_FORM "欧阳女士"
#define SECRET_PHONE "13977012345"
#define SECRET_EMAIL "ouyang.mi@example.org"

enum { POINTS_MOST = 48, WALKERS_MOST = 160, ARGUMENTS_MOST = 48 };

/* An order at a point of procedure. */
struct point {
    const char *name;
    struct casefile c; /* version 0: an order that is not there yet */
    bool secret;
};

/* Somebody who is logged in. */
struct walker {
    struct actor actor;
    const char *where; /* in relation to the orders, for messages */
    char token[40];
};

struct office {
    char folder[300], db[320], url[340];
    struct arena arena;
    struct policy policy;
    struct calendar calendar;
    struct reference reference;
    struct catalogue catalogue;
    struct emergencies emergencies;
    struct workflow_context ctx;
    struct point point[POINTS_MOST];
    size_t n_points;
    struct walker walker[WALKERS_MOST];
    size_t n_walkers;
    struct casefile lead; /* into which others may be merged */
};

void office_make(struct office *o);
void office_release(struct office *o);
/* The walker who bears the name of a person of the shipped organisation. */
const struct walker *office_person(const struct office *o, const char *user);
/* n copies of each point's order; nobody may serve the store. */
void office_copy_orders(struct office *o, const size_t n[POINTS_MOST]);
/* Copy number k (from 0) of the order at a point. */
struct uuid office_copy_id(const struct office *o, size_t point, size_t k);
/* Arguments with which a command is good, if it can be: how many of ret were filled. now_ms as in o->ctx. */
size_t office_arguments(struct office *o, const struct casefile *c, enum command_type type,
                        const struct actor *who, struct arena *a, struct value ret[ARGUMENTS_MOST]);

#endif
