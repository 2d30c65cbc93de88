/*
 * clock_rules.h: in which states a clock may run, written once for the tests that walk the table.
 *
 * Independent of workflow.c on purpose: it says what domain.md 3.3 and 6.2 say, not what the table does.
 * Errors: false, and why in words. Threads: plain functions.
 */
#ifndef JIBAN_TESTS_CLOCK_RULES_H
#define JIBAN_TESTS_CLOCK_RULES_H

#include "core/case/casefile.h"
#include <stdio.h>

/* What may run in a state; the clocks of objects are asked of the objects. */
static inline bool clocks_fit(const struct casefile *c, char *why, size_t size)
{
    static const uint32_t may[STATE_COUNT] = {
#define K(x) (1u << CLOCK_##x)
        [STATE_WAIT_DISPATCH] = K(DISPATCH),
        [STATE_SENT] = K(SIGN) | K(CONTACT) | K(HANDLE) | K(RETURN),
        [STATE_DISPUTED] = K(CONTACT) | K(HANDLE) | K(RETURN_REVIEW),
        [STATE_SIGNED] = K(CONTACT) | K(HANDLE) | K(RETURN),
        [STATE_WORKING] = K(CONTACT) | K(HANDLE) | K(RETURN) | K(REWORK) | K(EXCLUSION),
        [STATE_REVIEW] = K(CONTACT) | K(HANDLE) | K(RETURN) | K(REVIEW) | K(REWORK) | K(EXCLUSION),
        [STATE_REPLIED] = K(CALLBACK) | K(EXCLUSION),
        [STATE_CALLING] = K(CALLBACK) | K(EXCLUSION),
        [STATE_REWORK] = K(REWORK) | K(EXCLUSION),
        [STATE_HUNG] = K(HANG_REVIEW) | K(CALLBACK) | K(EXCLUSION),
        [STATE_CLOSED] = K(EXCLUSION)};
    const uint32_t of_objects = K(SUB) | K(WHISTLE_ACK) | K(WHISTLE_ARRIVE) | K(URGE) | K(TELL) |
                                K(CONFIRM) | K(EXTENSION_REVIEW) | K(EXCLUSION_REVIEW) | K(WARNING);
#undef K
    for (int i = 0; i < CLOCK_COUNT; i++)
        if (c->clock[i].status == CLOCK_RUNNING && !((may[c->state] | of_objects) & (1u << i))) {
            snprintf(why, size, "%s runs in %s", clock_table[i].word, state_table[c->state].word);
            return false;
        }
    for (size_t i = 0; i < c->n_objects; i++)
        for (int k = 0; k < OBJECT_CLOCKS; k++)
            if (object_state_table[c->objects[i].state].ended &&
                c->objects[i].clock[k].run.status == CLOCK_RUNNING) {
                snprintf(why, size, "%s of %s %u runs on, though it is %s",
                         clock_table[c->objects[i].clock[k].id].word,
                         object_table[c->objects[i].kind].word, c->objects[i].id,
                         object_state_table[c->objects[i].state].word);
                return false;
            }
    return true;
}

#endif
