/*
 * export.h: orders of a period as a file (domain 4.2, 5, 13): CSV, NDJSON or a table in HTML, part after part.
 *
 * Purpose: one place that says who may export what, how it is hidden, and how text of others is kept from doing
 *          something where the file is opened. Personal data never comes out unmasked; who may not see names gets none.
 *          A secret order shows "secret" for all that could tell who spoke.
 * Record: an entry of the audit log before the first part, an event `disclose` on each order before it is given out; an
 *         order on which the event is refused is left out.
 * Ownership: an export belongs to one thread at a time; export_free takes NULL.
 * Errors: ST_DENIED for a role that exports nothing, ST_INVALID for a question that is not understood, those of the store.
 */
#ifndef JIBAN_SERVER_EXPORT_H
#define JIBAN_SERVER_EXPORT_H

#include "server/service.h"

struct export_job;

/* As it was asked for: texts of the query, NULL where not given. */
struct export_question {
    struct assess_question period; /* month, day, from and to of it */
    const char *format;            /* csv, ndjson or html; NULL: csv */
    const char *official, *bom;    /* "yes" or NULL */
};
/* who is copied. */
enum status export_open(struct service *s, const struct actor *who, const struct export_question *q,
                        struct export_job **ret, struct errmsg *err);
const char *export_media_type(const struct export_job *x);
/* Appends the next part to out; *ret_end after the last. A part may be empty. */
enum status export_more(struct export_job *x, struct buf *out, bool *ret_end, struct errmsg *err);
void export_free(struct export_job *x);

#endif
