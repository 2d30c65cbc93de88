/*
 * fault.h: the file system as a power cut, a kill, a full or a failing disk would leave it.
 *
 * Purpose: a test program linked with fault.c has its own open, write, sync, truncate, unlink and
 *          rename in the place of the C library's, for SQLite too. Calls on files of one watched
 *          folder are points: each can kill the process, fail, or be kept in a journal from which
 *          the disk of any later power cut is made. What the C library does inside itself (fopen)
 *          is no point; the rename that ends it is.
 * Ownership: one watched folder and one plan at a time in a process; a forked child has its own copy.
 * Errors: what goes wrong in the rig itself ends the program (fault_die).
 * Threads: points may be called from any thread; the functions here by one at a time.
 */
#ifndef JIBAN_TESTS_FAULT_FAULT_H
#define JIBAN_TESTS_FAULT_FAULT_H

#include "core/base/random.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum fault_op {
    OP_CREATE,
    OP_WRITE,
    OP_SYNC,
    OP_TRUNCATE,
    OP_UNLINK,
    OP_RENAME,
    OP_READ,
    OP_COUNT
};
enum {
    OPS_CHANGING = 1 << OP_CREATE | 1 << OP_WRITE | 1 << OP_SYNC | 1 << OP_TRUNCATE |
                   1 << OP_UNLINK | 1 << OP_RENAME,
    OPS_FILLING = 1 << OP_CREATE | 1 << OP_WRITE | 1 << OP_TRUNCATE
};
extern const char *const fault_op_word[OP_COUNT];

enum fault_kind {
    FAULT_NONE,  /* points are only counted */
    FAULT_KILL,  /* SIGKILL instead of the point */
    FAULT_TORN,  /* half of the write is done, then SIGKILL; for other points as FAULT_KILL */
    FAULT_ONCE,  /* the point fails with error */
    FAULT_ONWARD /* it and all later ones fail */
};
struct fault_plan {
    enum fault_kind kind;
    unsigned ops; /* which points count: 1 << OP_x */
    long at;      /* 1 is the first of them */
    int error;    /* errno of a failure */
};

void fault_watch(const char *folder);          /* "": none */
void fault_set(const struct fault_plan *plan); /* NULL: none; counting begins anew */
long fault_seen(unsigned ops);                 /* points of these kinds since fault_set */
long fault_struck(void);                       /* how many of them were hit by the plan */

/* --- the journal for power cuts --- */
void fault_record(bool on); /* on: forgets the old journal; what is on the disk now is durable */
/* The story: lines written to this descriptor, promises of the program (JIBAN_TEST_ACK_FD) and the
 * steps of the script that ended. A journal keeps them instead of writing. */
void fault_story_to(int fd);
void fault_step_ended(int step); /* "STEP n" */
size_t fault_journal(void);      /* number of entries */
bool fault_is_sync(size_t entry);
enum image { IMAGE_NONE, IMAGE_ALL, IMAGE_PREFIX, IMAGE_RANDOM, IMAGE_TORN, IMAGE_COUNT };
extern const char *const image_word[IMAGE_COUNT];
/* The disk after a cut before entry cut, as files of folder (made, or emptied before): all that was
 * synced, and of the rest what image says. Gives the story until then (to be freed). */
void fault_image(size_t cut, enum image image, struct rng *rng, const char *folder,
                 char **ret_story);
/* From a story: the step that ended last (-1: none), and whether the one under way has promised. */
int fault_last_step(const char *story, bool *ret_promised);

/* --- a life --- */
enum { STORY_MOST = 65536 };
struct life { /* how a child ended and what it said */
    bool killed;
    int code; /* -1: ended by a signal */
    char story[STORY_MOST];
};
/* work(arg) in a child that watches folder under the plan; its story comes back. */
void fault_live(void (*work)(void *arg), void *arg, const char *folder,
                const struct fault_plan *plan, struct life *ret);

/* --- small things of the rig --- */
__attribute__((format(printf, 1, 2), noreturn)) void fault_die(const char *fmt, ...);
/* A folder of the rig's own, in memory where there is some. */
const char *fault_folder(void);
void fault_remove(const char *folder); /* with all in it */
void fault_copy(const char *from, const char *to);
/* One line of TAP; a failure tells the first fault_why since the last line. */
__attribute__((format(printf, 2, 3))) bool tap(bool ok, const char *fmt, ...);
__attribute__((format(printf, 1, 2))) bool fault_why(const char *fmt, ...); /* false */
int tap_end(void);                                                          /* exit status */
uint64_t fault_seed(void);                                                  /* SEED, or 1 */
/* Every how many-th point is taken: FAULT_STRIDE, or what keeps the suite quick. The seed says which. */
long fault_stride(long quick);
long fault_first(long stride);
double fault_seconds(void); /* since the last call */

#endif
