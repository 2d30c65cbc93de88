/*
 * object.h: the part of the fold that keeps what hangs on an order. Used by casefile.c alone.
 *
 * Ownership: a change makes a new list in the case's arena, so that copies of a case keep theirs.
 * Errors: none; without memory the arena fails and the list stays as it was.
 */
#ifndef JIBAN_CASE_OBJECT_H
#define JIBAN_CASE_OBJECT_H

#include "core/case/casefile.h"

void clock_run_init(struct clock_run *run);
void clock_run_change(struct clock_run *run, const struct clock_change *k, int64_t at_ms);
void objects_apply(struct casefile *c, const struct event *e);

#endif
