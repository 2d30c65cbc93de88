/*
 * centre.h: a morning at the centre as batches of commands to the real service, from one seed.
 *
 * A run without faults gives what the store holds after each batch and each outcome. After a fault
 * the store must hold that of the last answered batch or of the one under way; the same commands sent
 * again must get the same outcomes and leave the store as if there had been no fault.
 */
#ifndef JIBAN_TESTS_FAULT_CENTRE_H
#define JIBAN_TESTS_FAULT_CENTRE_H

#include "server/service.h"
#include "tests/fault/fault.h"

enum {
    CENTRE_BATCHES = 14,
    CENTRE_BATCH_MOST = 4,
    CENTRE_WITH_CASES = 6, /* batches until cases lie at the street */
    CENTRE_NOTES = 40
};

struct centre {
    char folder[256];
    uint64_t seed;
    int64_t now;
    struct clock clock;
    struct rng rng;
    struct random random;
    struct arena arena;
    struct service *service;
};

/* Makes the empty store once (jiband init) and copies it to folder, which is made. */
void centre_prepare(const char *folder);
void centre_begin(struct centre *c, const char *folder, uint64_t seed);
enum status centre_open(struct centre *c, struct errmsg *err);
void centre_end(struct centre *c);
/* Gives batch b to the service; ret_n outcomes. */
enum status centre_batch(struct centre *c, int b, struct outcome ret[CENTRE_BATCH_MOST],
                         size_t *ret_n, struct errmsg *err);
/* A note number n (below CENTRE_NOTES) of the street on a case that batch 1 sent there. */
enum status centre_note(struct centre *c, int n, struct arena *a, struct outcome *ret,
                        struct errmsg *err);

struct centre_record {
    char *after[CENTRE_BATCHES + 1]; /* [0]: opened only */
    struct outcome outcome[CENTRE_BATCHES][CENTRE_BATCH_MOST];
    size_t n[CENTRE_BATCHES];
    long points;
};
void centre_record(struct centre_record *r, const char *folder, uint64_t seed);

/* All cases, events, outcomes and sights, as text (free it); NULL and fault_why when the store is
 * damaged or breaks a rule: numbers of a case are dense, no event without its command. */
char *centre_dump(const char *folder);
/* After a fault: the store against the story, then everything once more. Power: the file beside the
 * store may be lost, then the epoch is a new one. */
bool centre_check(const char *folder, const struct centre_record *r, const char *story,
                  uint64_t seed, bool power);
/* The notes: promised ones are there once, all go through once when they are given again. */
bool centre_check_notes(const char *folder, const char *story, uint64_t seed);

#endif
