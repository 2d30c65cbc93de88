/*
 * effects.h: what the effects share: reading the arguments of a draft and the things that many of them do.
 * For effects.c, effects_dispatch.c, effects_handle.c and effects_close.c only; the effects themselves stand in rules.h.
 *
 * Ownership: texts lie in the arena of the draft or in the case.
 * Errors: a code of refusal, whose reason stands in the draft; REFUSAL_NONE: none.
 * Threads: nothing is kept between calls.
 */
#ifndef JIBAN_CASE_EFFECTS_H
#define JIBAN_CASE_EFFECTS_H

#include "core/case/rules.h"

const char *value(const struct draft *d, enum field f); /* of the case before the command */
bool yes(const struct draft *d, enum field f);          /* was it given as "yes"? */
/* A date that was asked for: not there (TIME_NONE), or in the future. */
enum refusal_code future(struct draft *d, enum field f, int64_t *ret_ms);
/* When something was done, as the person says (3.4 rule 7): never in the future; marked when entered late. */
enum refusal_code claimed(struct draft *d, int64_t *ret_ms);
/* The codes of a list, one after the other; NULL at the end. */
const char *next_code(struct draft *d, const char **list);
enum refusal_code unit_known(struct draft *d, enum field f, const char *code);
/* Can nobody be asked the three questions (own findings, anonymous callers without a way to reach them)? */
bool nobody_to_call(const struct casefile *c);
/* Opens an object that needs nothing further. */
enum refusal_code opens(struct draft *d, enum object_kind kind, enum object_state state,
                        const char *unit, const char *class, const char *text);
/* The street's or the city's yes or no to what is asked: no (true) ends it. */
bool refused(struct draft *d);
/* Orders that were merged into this one go on by themselves. */
void release_followers(struct draft *d);
/* A case goes under an emergency only while that is open, and only under one of its own district. */
enum refusal_code emergency_open(struct draft *d, const char *code, const char *district);

#endif
