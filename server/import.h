/*
 * import.h: foreign files become an office: units from the map, a case from each row.
 *
 * data/maps/README.md tells what a map says. The file is read twice: first every row is checked and the span of
 * its times is found, then each good row is played as commands through the workflow, 1000 rows a transaction.
 * Times are moved so that the newest row lies just before now; a span longer than the calendar knows is
 * shortened evenly, so the order of the rows stays.
 * The id of a case follows from its district and its number at the source: a file imported twice makes no case twice.
 * Ownership: nothing is kept. Errors: ST_INVALID names file and place; single bad rows are listed, never fatal.
 * Threads: nobody else may have the store open for writing.
 */
#ifndef JIBAN_SERVER_IMPORT_H
#define JIBAN_SERVER_IMPORT_H

#include "core/base/status.h"
#include "server/db.h"
#include <stdint.h>
#include <stdio.h>

struct import_job {
    const char *url;
    const char *format; /* open311, nyc311, csv, ndjson */
    const char *map;    /* map file, or NULL: the shipped one of the format */
    const char *file;
    int64_t now_ms;
    FILE *complaints; /* each refused row: file, line and reason */
    bool progress;
    bool ascii; /* complaints go where only ASCII is shown */
    /* Puts a document with its entity tag into the store, within the transaction that is open. */
    enum status (*put_document)(struct db *db, const char *name, const char *body, size_t n,
                                struct errmsg *err);
};
struct import_counts {
    int64_t rows, cases, refused;
    int64_t halted; /* cases made whose later steps were refused; listed as well */
};

enum status import_run(const struct import_job *job, struct import_counts *ret, struct errmsg *err);

#endif
