/*
 * server.h: jiband with an office day of its own, on a Unix socket, and consoles that talk to it.
 *
 * Purpose: starts, stops and kills the server; starts consoles with folders of their own; runs `jiban WORD`;
 *          reads what stands in the store.
 * Ownership: a server lives until it is stopped or rig_end() comes, so it must outlive its test (static); files go with JIBAN_TEST_TMP. JSON values are the
 *            caller's (json_decref). Texts of run_* are the caller's (free).
 * Errors: fail the test. Threads: one.
 */
#ifndef JIBAN_TESTS_TERM_SERVER_H
#define JIBAN_TESTS_TERM_SERVER_H

#include "tests/term/term.h"
#include <jansson.h>

struct server {
    char folder[300], db[400], url[420], socket[400];
    pid_t pid; /* 0: not running */
};

/* A copy of the practice day; name is a folder under JIBAN_TEST_TMP. */
void server_make(struct server *s, const char *name);
/* Names only; the store is to be made. */
void server_make_empty(struct server *s, const char *name);
void server_start(struct server *s);
void server_stop(struct server *s); /* SIGTERM; it must end with 0 */
void server_kill(struct server *s); /* SIGKILL */
/* Teardown of every test: ends all consoles and servers that a failed test left. */
int rig_end(void **state);

/* Path of a file under JIBAN_TEST_TMP/...; in a static buffer of eight. */
const char *test_path(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Runs a program to its end. env like that of term_options. Its standard output with exit status in *ret;
 * a status that is not wanted (-1: any) fails the test. */
char *run_program(const char *const *argv, const char *const *env, int want, int *ret);
char *run_server(struct server *s, int want, const char *word,
                 ...); /* `jiband WORD --db URL ...`, ends with NULL */
/* The last five digits of a case's number, by which it is found: its place in the office day (1, 2, ...) and a check digit,
 * which depends on the date. In a static buffer. */
const char *server_case_tail(const struct server *s, int place);
/* Events after number since, oldest first: array of {gseq, case, number, event}. */
json_t *server_events(struct server *s, json_int_t since);
json_int_t server_last_event(struct server *s);
/* Waits until a user has given as many events after number since, and no more; words of their types
 * in order, parted by blanks. The events of that user. */
json_t *server_wait_events(struct server *s, json_int_t since, const char *user, const char *types);

/* A console of a user: its own home. */
struct desk {
    struct server *server;
    char user[32], home[300];
    const char *language; /* zh_CN or en */
};
/* Its configuration, in place of the one that desk_make wrote; without the tour, unless the text has its option. */
void desk_config(const struct desk *d, const char *text);
void desk_make(struct desk *d, struct server *s, const char *user, const char *language);
/* Options to start its console; change them before term_start(). */
struct term_options desk_options(struct desk *d);
/* Opens the console, logs in with "practice", waits until it is online. */
struct term *desk_open(struct desk *d, int rows, int cols);
/* `jiban WORD ...` on its cache, ends with NULL. */
char *desk_run(struct desk *d, int want, const char *word, ...);
/* The same as array of JSON lines. */
json_t *desk_json(struct desk *d, const char *word);
/* Leaves with q from the queue; exit status 0. */
void desk_leave(struct term *t);
void desk_wait_online(struct desk *d, struct term *t);

const char *text_at(const json_t *object,
                    const char *path); /* "event.by.user"; "" if it is not there */

#endif
