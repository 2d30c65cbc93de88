/*
 * procedure_arguments.h: what random people type: arguments that fit the order, mostly.
 *
 * Ownership: texts lie in the arena given, or are literals. Threads: plain functions.
 */
#ifndef JIBAN_TESTS_SIM_PROCEDURE_ARGUMENTS_H
#define JIBAN_TESTS_SIM_PROCEDURE_ARGUMENTS_H

#include "core/base/random.h"
#include "core/case/workflow.h"
#include "tests/sim/procedure_rules.h"

/* Stands in every identity of a claimant who asked for secrecy, and nowhere else. */
#define SECRET_NAME "欧阳密"
#define SECRET_PHONE "13977012345"

struct typing {
    struct rng *rng;
    const struct workflow_context *ctx;
    const struct followed *all; /* the orders of the office */
    size_t n_all;
    const struct casefile *c; /* the order concerned; version 0: a new one */
    const struct actor *who;
    enum command_type type;
    bool secret, anonymous; /* of a new order */
    struct arena *a;
};

enum { ARGUMENTS_MOST = 64 };
/* How many of ret[ARGUMENTS_MOST] were filled. */
size_t typed_arguments(struct typing *t, struct value *ret);

#endif
