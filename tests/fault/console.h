/*
 * console.h: one morning at a desk as a script of steps on the real cache, from one seed.
 *
 * Each step is one call of the store as the screen or the line thread makes it. A run without
 * faults gives what the cache holds after each step; after a fault it must hold that of the last
 * step which ended, or that of the step that was under way, and nothing between them.
 * Ownership: desk_end gives all back; the folder is the caller's.
 */
#ifndef JIBAN_TESTS_FAULT_CONSOLE_H
#define JIBAN_TESTS_FAULT_CONSOLE_H

#include "core/store/context.h"
#include "tests/fault/fault.h"
#include "tests/unit/store_kit.h"

enum {
    DESK_STEPS = 48,
    DESK_FETCHED = 6 /* by then cases are there */,
    DRAFT_EVERY_MS = 1500,
    DRAFT_OLDEST_MS = 2000
};

struct desk {
    struct kit kit; /* folder, clock, store */
    struct context context;
    uint64_t seed;
};

void desk_begin(struct desk *d, const char *folder, uint64_t seed);
void desk_end(struct desk *d);
/* Does step i (0 opens the cache). The clock stands where the step puts it. */
enum status desk_step(struct desk *d, int i, struct errmsg *err);
const char *desk_step_word(int i);
bool desk_is_typing(int i); /* a draft is being written in this step */
int64_t desk_now(int i);

/* What a run without faults leaves after each step. Held until the program ends. */
struct desk_record {
    char *after[DESK_STEPS];
    long points;
};
void desk_record(struct desk_record *r, const char *folder, uint64_t seed);

/* Everything that the cache of folder holds, as text (free it); NULL and fault_why when it is
 * damaged. Reads with SQLite itself, not with the store. */
char *desk_dump(const char *folder);
/* Tells with fault_why where two dumps differ first; false. */
bool desk_differs(const char *is, const char *was);
/* The cache after a fault, against the story until then. Opens it with the store, then looks with
 * SQLite. */
bool desk_check(const char *folder, const struct desk_record *r, const char *story, bool power_cut);

#endif
