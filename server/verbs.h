/*
 * verbs.h: the verbs of jiband: one function a verb, one file a subject.
 *
 * Purpose: main.c reads the options and calls one of them.
 * Ownership: the arguments live as long as the program.
 * Errors: a function returns the sysexits.h code with which the program ends; messages go to standard error.
 * Threads: main thread only.
 */
#ifndef JIBAN_SERVER_VERBS_H
#define JIBAN_SERVER_VERBS_H

#include "core/base/status.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum flag {
    FLAG_DB,
    FLAG_POLICY,
    FLAG_CALENDAR,
    FLAG_ORG,
    FLAG_CATALOGUE,
    FLAG_PRACTICE,
    FLAG_CASES,
    FLAG_SEED,
    FLAG_ROLE,
    FLAG_OFFICE,
    FLAG_UNIT,
    FLAG_NAME,
    FLAG_PASSWORD_FILE,
    FLAG_CASE,
    FLAG_SINCE,
    FLAG_LISTEN,
    FLAG_LOG,
    FLAG_FORMAT,
    FLAG_AT,
    FLAG_MAP,
    FLAG_TICK,
    FLAG_LEVEL,
    FLAG_BY,
    FLAG_SCOPE,
    FLAG_MONTH,
    FLAG_DAY,
    FLAG_FROM,
    FLAG_TO,
    FLAG_CLASSES,
    FLAG_OF,
    FLAG_SET,
    FLAG_CHECKPOINTS,
    FLAG_CHECKPOINT,
    FLAG_PUBLIC_KEY,
    FLAG_USER,
    FLAG_JSON,
    FLAG_CONTACT,
    FLAG_CATEGORY,
    FLAG_STREET,
    FLAG_POINT,
    FLAG_OWNER,
    FLAG_OF_VERSION, /* named as what prints the program's own; see main */
    FLAG_COUNT
};

struct arguments {
    const char *value[FLAG_COUNT]; /* by option, NULL where not given */
    char **rest;
    int n_rest;
};

/* --- shared by the verbs (verbs.c) --- */
extern const struct flag_text {
    const char *name, *argument, *help; /* argument NULL: takes none */
} flag_table[FLAG_COUNT];
bool ascii_only(void); /* does the locale show nothing else? */
/* One line of foreign text, cleaned. */
void print_line(FILE *to, const char *foreign);
/* One message to standard error; what was typed, a path or a text of a file may stand in it. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int die(enum status st, const struct errmsg *err); /* says it; the exit code of st */
int usage(const char *what);                       /* says it; EX_USAGE */
/* A whole number of an option from low on; low - 1 where it is none, otherwise where it is not given. */
int64_t number_of(const struct arguments *a, enum flag flag, int64_t low, int64_t otherwise);
void say_no_number(const struct arguments *a, enum flag flag, int low);
/* --at, or the present time; ms. */
int64_t moment_of(const struct arguments *a);

/* --- a store that nobody serves, and its documents (verbs_store.c) --- */
int verb_init(const struct arguments *a);
int verb_generate(const struct arguments *a);
int verb_import(const struct arguments *a);
int verb_policy(const struct arguments *a);
int verb_calendar(const struct arguments *a);
int verb_org(const struct arguments *a);
int verb_catalogue(const struct arguments *a);
int verb_bonus(const struct arguments *a);

/* --- who enters (verbs_user.c) --- */
int verb_user(const struct arguments *a);
int verb_key(const struct arguments *a);
/* --- from which machines (verbs_terminal.c) --- */
int verb_terminal(const struct arguments *a);

/* --- looking (verbs_show.c) --- */
int verb_events(const struct arguments *a);
int verb_assess(const struct arguments *a);
int verb_audit(const struct arguments *a);
int verb_propose(const struct arguments *a);
int verb_workflow(const struct arguments *a);
int verb_routes(const struct arguments *a);

/* --- serving (verbs_serve.c) --- */
int verb_serve(const struct arguments *a);

#endif
