/*
 * status.h: how a function says that it failed.
 *
 * Purpose: every fallible function returns `enum status` and takes a last `struct errmsg *err`.
 * Ownership: the caller owns the errmsg; it has a fixed size and needs no release.
 * Errors: on success err is untouched; on failure it holds one or more sentences for a person:
 *         what happened, what was kept, what to do. err may be NULL.
 * Threads: no shared state.
 */
#ifndef JIBAN_BASE_STATUS_H
#define JIBAN_BASE_STATUS_H

#include <stddef.h>

#if defined SABOTAGE && SABOTAGE != 0 && !defined JIBAN_TEST_HOOKS
#error "a damage (SABOTAGE) is for builds with test hooks only"
#endif

enum status {
    ST_OK = 0,
    ST_NOMEM,        /* out of memory; nothing was changed */
    ST_INVALID,      /* input that does not follow its format; err names the place */
    ST_NOT_FOUND,    /* no such case, user, file, row */
    ST_EXISTS,       /* is there already */
    ST_REFUSED,      /* a rule of procedure says no (workflow), see struct refusal */
    ST_DENIED,       /* this person may not (HTTP 403) */
    ST_UNAUTHORIZED, /* no session, or it ended (HTTP 401) */
    ST_CONFLICT,     /* somebody else was first; lock held by another process */
    ST_GONE,         /* cursor of another epoch or too old (HTTP 410) */
    ST_OFFLINE,      /* no line to the server */
    ST_TIMEOUT,      /* the line is there and silent */
    ST_PROTOCOL,     /* the other side speaks something else (not our server) */
    ST_TOOBIG,       /* over a stated limit */
    ST_BUSY,         /* try again later */
    ST_FULL,         /* disk full, quota, file size limit */
    ST_IO,           /* other input/output error */
    ST_CORRUPT,      /* a file that is not what it should be */
    ST_UNSUPPORTED   /* a newer format or an option this build has not */
};

enum { ERRMSG_SIZE = 512 };

struct errmsg {
    char text[ERRMSG_SIZE]; /* UTF-8, no trailing newline; cut at a character border */
};

/* Writes the message and returns st, so that `return fail(err, ST_IO, ...)` is one line. */
enum status fail(struct errmsg *err, enum status st, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before the message that is there (where the failure happened). */
void errmsg_prefix(struct errmsg *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Short English word for a status ("not-found"), for logs and JSON; never NULL. */
const char *status_word(enum status st);

/* The sysexits.h code with which a program ends that failed with st: ST_OK 0, ST_INVALID 65,
 * ST_NOT_FOUND 66, ST_OFFLINE/ST_TIMEOUT/ST_BUSY 75, ST_DENIED/ST_UNAUTHORIZED 77, ... */
int status_exit(enum status st);

#endif
