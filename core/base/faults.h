/*
 * faults.h: all that is wrong with a document, not only the first of it.
 *
 * Purpose: whoever writes a file by hand wants one list to work off. A reader adds what it finds and
 *          goes on; whoever asked decides what the list means.
 * Ownership: places and texts lie in the arena given to faults_init.
 * Errors: none of its own; without memory the count still grows, and the arena says that it failed.
 * Threads: one list belongs to one thread.
 */
#ifndef JIBAN_BASE_FAULTS_H
#define JIBAN_BASE_FAULTS_H

#include "core/base/arena.h"
#include "core/base/status.h"

enum fault_grade {
    FAULT_ERROR, /* the document cannot be used */
    FAULT_UNKNOWN, /* a member nobody knows: in a file a slip of the pen, on the line a newer version */
    FAULT_WARNING /* it can be used; look at it */
};
enum { FAULTS_LISTED = 1000 }; /* more are counted only */

struct fault_entry {
    struct fault_entry *next;
    enum fault_grade grade;
    const char *place; /* JSON pointer (RFC 6901), or "" */
    const char *text;  /* one sentence, translated; foreign text may stand in it */
};
struct faults {
    struct arena *arena;
    struct fault_entry *first, **end;
    size_t n, errors, unknown, warnings;
    enum status st; /* of the first error, when it is another than ST_INVALID */
};

void faults_init(struct faults *f, struct arena *a);
void faults_add(struct faults *f, enum fault_grade grade, const char *place, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* What a helper said whose message begins with the place within `place` ("/lead: must be a text"). */
void faults_add_message(struct faults *f, const char *place, const struct errmsg *err);
/* The text itself cannot be read (too deep, out of memory): one error, and faults_status tells st. */
void faults_add_status(struct faults *f, enum status st, const struct errmsg *err);
/* ST_INVALID (or what faults_add_status said) with the first error as "place: text" when there is one; ST_NOMEM when the arena failed. */
enum status faults_status(const struct faults *f, struct errmsg *err);

#endif
