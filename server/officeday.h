/*
 * officeday.h: cases of our own writing, played through the workflow: for practice, tests and benches.
 *
 * The texts come from data/office-day.json; every event is made by a real command of the right person at the
 * right time, so that nothing is in the store that the rules would not allow.
 * Errors: name the case and the command that was refused.
 */
#ifndef JIBAN_SERVER_OFFICEDAY_H
#define JIBAN_SERVER_OFFICEDAY_H

#include "server/service.h"

/* The office day as written, ending at now_ms. */
enum status officeday_load(struct service *s, int64_t now_ms, int64_t *ret_cases,
                           struct errmsg *err);
/* n cases made from its texts, spread over thirty days before now_ms; the same for the same seed. */
enum status officeday_generate(struct service *s, int64_t n, uint64_t seed, int64_t now_ms,
                               struct errmsg *err);

#endif
