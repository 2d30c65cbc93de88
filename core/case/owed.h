/*
 * owed.h: whom an order waits for: which steps on its objects are owed by one person, and by when.
 *
 * Purpose: queues of roles. owed.def says which command an object waits for; who may give it is read from the table
 *          of procedure (workflow.h), so a right that changes there changes the queues too.
 * Ownership: nothing is kept. Errors: none. Threads: pure.
 */
#ifndef JIBAN_CASE_OWED_H
#define JIBAN_CASE_OWED_H

#include "core/case/workflow.h"

enum owed {
#define OWED(id, kind, state, command, reach) OWED_##id,
#include "core/case/owed.def"
#undef OWED
    OWED_COUNT
};
extern const struct owed_row {
    enum object_kind kind;
    enum object_state state;
    enum command_type command;
    enum reach reach; /* REACH_ANY: whatever the table of procedure gives */
} owed_table[OWED_COUNT];

/* Bit mask of 1u << OWED_x: the steps that this person may take now on the objects of the case. Of the context the
 * reference data alone are asked for (which unit is a street); without them every lead unit counts as one. */
uint32_t owed_by(const struct workflow_context *ctx, const struct casefile *c,
                 const struct actor *who);
/* The clock that this person has to mind, and when it started and falls due; CLOCK_COUNT and TIME_NONE if none runs. For
 * a unit that is only asked or called that of its own sub-order or whistle (3.3), for who calls back the callback's (8),
 * for all others the next of the order. */
enum clock_id owed_due(const struct casefile *c, const struct actor *who, int64_t *ret_started_ms,
                       int64_t *ret_due_ms);
/* Is the case in the person's reach? REACH_CALLED is not about a case: false. */
bool owed_reach(const struct casefile *c, const struct actor *who, enum reach reach);

#endif
