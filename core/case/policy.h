/*
 * policy.h: numbers are data. A policy document as the workflow reads it.
 *
 * The document is JSON (data/policy.json is the shipped default); core/wire decodes it into this.
 * Only the keys that code reads stand here; keys that a later rule reads are added with that rule.
 * Ownership: text lies in the arena of the decoder. Times are limits (calendar.h).
 */
#ifndef JIBAN_CASE_POLICY_H
#define JIBAN_CASE_POLICY_H

#include "core/case/calendar.h"
#include "core/case/casefile.h"

enum { POLICY_CHECKLIST_MAX = 24, POLICY_HINTS_MAX = 24 };

struct check_item {
    const char *id, *zh, *en;
    bool required, on;
    const char *hints[POLICY_HINTS_MAX]; /* words one of which shows that the point is met */
    int n_hints;
    bool forbid; /* hints are words that must not occur */
};

struct policy {
    const char *name; /* "beijing-default" */
    int version;
    const char *label;                           /* "beijing-default/1": stored on the case */
    struct limit clock[CLOCK_COUNT][TIER_COUNT]; /* LIMIT_NONE: no such clock in this tier */
    enum day_rule day_rule;
    int warn_mark[4];         /* percent: 50 75 90 100 */
    bool return_pause_handle; /* return.pause_handle */
    int return_max_per_unit;  /* return.max_per_unit */
    int dispatch_max_before_designate;
    int contact_tries;        /* contact.tries */
    struct limit contact_gap; /* between tries that count */
    int contact_day_parts;
    int rework_max;             /* rework.max */
    struct limit reopen_within; /* row 29 from CLOSED: 7 day */
    bool callback_early;        /* callback.early */
    int callback_attempts;      /* 3 calls before giving up */
    struct limit sms_valid;
    struct limit late_entry, late_entry_t2h;
    struct check_item check[POLICY_CHECKLIST_MAX];
    int n_checks;
    int reply_min, reply_max; /* characters */
    bool four_eyes_t2h_exception;
};

#endif
