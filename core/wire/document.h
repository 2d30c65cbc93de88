/*
 * document.h: what all documents of reference data share: version, first day, and the difference of two.
 *
 * Ownership: texts go to the buffer given.
 * Errors: ST_INVALID with the place.
 * Threads: no shared state.
 */
#ifndef JIBAN_WIRE_DOCUMENT_H
#define JIBAN_WIRE_DOCUMENT_H

#include "core/base/buf.h"
#include "core/base/faults.h"

struct document_head {
    int version;    /* 0: it has none */
    int valid_from; /* day, 0: it has none */
};
/* json: any document that is an object. Faults of the two members are added; both are wanted in a file that is to
 * be loaded. */
void document_head(const char *json, size_t n, struct document_head *ret, struct faults *f);

struct document_changes {
    size_t added, removed, changed;
};
/* What fresh has that old has not: one line each, "+ /rows/02-01", "- /rows/05-03", "~ /rows/02-02/lead: "1101" ->
 * "118001"". Entries of a list are known by their id, code or user; foreign text, not cleaned. */
enum status document_differences(const char *old, size_t old_n, const char *fresh, size_t fresh_n,
                                 struct buf *out, struct document_changes *ret, struct errmsg *err);

#endif
