/*
 * form.h: the parameters of a call: query, application/x-www-form-urlencoded, multipart/form-data (RFC 7578).
 *
 * Ownership: names and values lie in the arena.
 * Errors: ST_INVALID (not UTF-8, NUL, a broken body, another content type), ST_TOOBIG (too many fields).
 * Threads: no shared state.
 */
#ifndef JIBAN_SERVER_FORM_H
#define JIBAN_SERVER_FORM_H

#include "core/base/arena.h"
#include "core/base/status.h"

enum { FORM_FIELDS = 200 };

struct form {
    struct {
        const char *name, *value;
    } field[FORM_FIELDS];
    size_t n;
    size_t files; /* parts with a file name: counted, not kept */
};

/* Adds what text holds; text may be NULL. Parameters without a value are left out: empty means not sent. */
enum status form_query(struct form *f, const char *text, struct arena *a, struct errmsg *err);
enum status form_body(struct form *f, const char *content_type, const void *body, size_t n,
                      struct arena *a, struct errmsg *err);
/* First value of a name, "" when it was not sent. */
const char *form_get(const struct form *f, const char *name);

#endif
