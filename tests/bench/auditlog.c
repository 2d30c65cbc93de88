/*
 * auditlog.c: how long the audit log takes to grow and to be verified.
 *
 * usage: auditlog STORE N    adds N entries to a store of jiband init that nobody serves, then verifies
 * The mark of R14: 1,000,000 entries verify in 10 s or less. Output: measure, value, unit, parted by tabs.
 */
#include "server/audit_verify.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

enum { IN_ONE = 10000 }; /* entries in a transaction */

static enum status add(struct db *db, struct audit *a, int64_t n, struct errmsg *err)
{
    static const struct actor who = {"wang.desk", "W", ROLE_DESK, "1101", "110190", "desk-7"};
    char object[32];
    unsigned char detail[32] = {0};
    enum status st = database_begin(db, true, err);
    if (st == ST_OK)
        st = audit_hold(a, err);
    for (int64_t i = 0; st == ST_OK && i < n; i++) {
        snprintf(object, sizeof object, "26031111%07" PRId64, i);
        struct audit_entry e = {.who = &who,
                                .action = "contact",
                                .object = object,
                                .detail = detail,
                                .detail_n = sizeof detail};
        st = audit_add(a, &e, err);
    }
    if (st == ST_OK)
        st = audit_unhold(a, err);
    if (st == ST_OK)
        st = database_commit(db, err);
    return st == ST_OK ? database_checkpoint(db, err) : st;
}

int main(int argc, char **argv)
{
    char url[4200];
    struct errmsg err = {{0}};
    struct db *db = NULL;
    struct audit *a = NULL;
    struct audit_report report = {0};
    if (argc != 3)
        return EX_USAGE;
    int64_t n = strtoll(argv[2], NULL, 10);
    snprintf(url, sizeof url, "sqlite:%.4000s", argv[1]);
    enum status st = database_open(url, DB_WRITE, &db, &err);
    if (st == ST_OK)
        st = audit_open(db, &clock_system, &a, &err);
    int64_t start = clock_mono(&clock_system);
    for (int64_t done = 0; st == ST_OK && done < n; done += IN_ONE)
        st = add(db, a, n - done < IN_ONE ? n - done : IN_ONE, &err);
    int64_t grown = clock_mono(&clock_system);
    if (st == ST_OK)
        st = audit_verify(db, NULL, NULL, &report, &err);
    int64_t verified = clock_mono(&clock_system);
    audit_close(a);
    database_close(db);
    if (st != ST_OK) {
        fprintf(stderr, "auditlog: %s\n", err.text);
        return status_exit(st);
    }
    printf("grow\t%" PRId64 "\tms\nverify\t%" PRId64 "\tms\nentries\t%" PRId64 "\t\n",
           grown - start, verified - grown, report.entries);
    return EX_OK;
}
