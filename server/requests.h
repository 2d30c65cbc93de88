/*
 * requests.h: which cases Open311 may tell of, and how they are found.
 *
 * Only cases that came by Open311 and are not secret have a row.
 * Threads: as struct db.
 */
#ifndef JIBAN_SERVER_REQUESTS_H
#define JIBAN_SERVER_REQUESTS_H

#include "core/case/casefile.h"
#include "server/db.h"

enum { REQUESTS_MOST = 1000, REQUESTS_DAYS = 90 };

/* After each command: keeps the row of the case as the case is now. */
enum status requests_follow(struct db *db, int64_t row, const struct casefile *c,
                            struct errmsg *err);

struct request_row {
    struct uuid case_id;
    const char *request_id;
    int64_t requested_ms, updated_ms;
};
struct request_filter {
    int64_t from_ms, to_ms;                 /* requested, both included */
    int64_t updated_from_ms, updated_to_ms; /* both included */
    const char *categories;                 /* ",0101,0102,", "" for all */
    bool open, closed;
    int64_t limit, offset;
};
/* Newest first. ret has room for limit rows. */
enum status requests_find(struct db *db, const struct request_filter *f, struct arena *a,
                          struct request_row *ret, size_t *ret_n, struct errmsg *err);
/* ST_NOT_FOUND without a message when there is none. */
enum status requests_by_number(struct db *db, const char *request_id, struct arena *a,
                               struct request_row *ret, struct errmsg *err);
enum status requests_by_case(struct db *db, const struct uuid *id, struct arena *a,
                             struct request_row *ret, struct errmsg *err);

#endif
