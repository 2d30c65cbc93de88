/*
 * work.h: a terminal that was revoked: the answer that says so, and the work it had not sent, sealed for the centre.
 *
 * Purpose: the problem "terminal-revoked" bears what sealing needs; the terminal writes down what only it has, a line of
 *          JSON each, seals it with the centre's public key (libsodium's sealed box: X25519, XSalsa20-Poly1305) and can
 *          open it no more itself.
 * Ownership: texts of an item lie in the arena given.
 * Errors: ST_INVALID: no such file or line; ST_DENIED: it was sealed for another key, or is not as it was sealed.
 * Threads: no shared state.
 */
#ifndef JIBAN_WIRE_WORK_H
#define JIBAN_WIRE_WORK_H

#include "core/case/attached.h"
#include "core/wire/codec.h"
#include "core/wire/paper.h"

#define REVOKED_WORD "terminal-revoked" /* last part of the type of the problem */

enum {
    TERMINAL_ID = 16,           /* hexadecimal digits, by chance */
    WORK_TICKET = 32,           /* hexadecimal digits */
    WORK_KEY = 32,              /* bytes of either half of the centre's key pair */
    WORK_MOST = 4 * 1024 * 1024 /* bytes of a sealed file that the centre takes */
};

/* --- the answer to whatever a revoked terminal asks --- */
struct revocation {
    char terminal[TERMINAL_ID + 1]; /* "": none */
    char ticket[WORK_TICKET + 1];   /* allows to hand in work of this terminal and nothing else */
    unsigned char seal_to[WORK_KEY];
};
bool terminal_is(const char *text); /* can it be the id of one? */
/* Puts the members "terminal", "ticket" and "seal_to" into the problem at the end of the buffer (RFC 9457, 3.2). */
void revocation_add(struct buf *problem, const struct revocation *r);
/* False for every other problem, and for one that is not whole. */
bool revocation_decode(const char *json, size_t n, struct revocation *ret);

/* --- the sealed file: "jiban-work 1 TERMINAL TICKET\n" and the sealed box --- */
enum status work_seal(const struct revocation *r, const char *text, size_t n, struct buf *out,
                      struct errmsg *err);
/* What stands before the box: terminal and ticket. */
enum status work_head(const char *file, size_t n, struct revocation *ret, struct errmsg *err);
enum status work_open(const unsigned char secret[WORK_KEY], const char *file, size_t n,
                      struct buf *out, struct errmsg *err);

/* --- what is in it: a line each, the head first, the number of lines before it last --- */
enum work_kind {
    WORK_HEAD,     /* of whom it is: user, device, at_ms */
    WORK_COMMAND,  /* confirmed and not sent */
    WORK_CONFLICT, /* refused and not answered, with the problem */
    WORK_DRAFT,    /* half written: case_id, type and values of command */
    WORK_PAPER,    /* not sent; dropped: thrown away */
    WORK_FILE,     /* attached, not sent; data NULL: it was too large to be kept */
    WORK_END
};
struct work_item {
    enum work_kind kind;
    const char *user, *device;
    int64_t at_ms; /* written, confirmed, refused, saved */
    struct command command;
    struct problem problem;
    struct paper paper;
    bool dropped;
    struct attached file;
    const char *data; /* of the file */
    int64_t n;        /* of WORK_END */
};
void work_put(struct buf *out, const struct work_item *item); /* with the line break */
/* line: without its line break. */
enum status work_get(const char *line, size_t n, struct arena *a, struct work_item *ret,
                     struct errmsg *err);

#endif
