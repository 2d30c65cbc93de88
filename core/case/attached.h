/*
 * attached.h: the files that a step of an order names: a value of the field "attach", one file a line.
 *
 *   SHA256 TYPE BYTES LOCATED NAME
 *
 * SHA256 in 64 lower-case hex digits is the file's address at the centre; TYPE a word of filetype.def; LOCATED is "gps" when the
 * picture said where it was taken before that was taken out of it, else "-"; NAME is for people, never a path.
 * Ownership: lists and names lie in the arena given. Errors: ST_INVALID names the line. Threads: pure.
 */
#ifndef JIBAN_CASE_ATTACHED_H
#define JIBAN_CASE_ATTACHED_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/text/filetype.h"
#include <stdint.h>

enum {
    SHA256_HEX = 64,
    ATTACHED_NAME = 120,               /* bytes of a name at most */
    ATTACHED_MOST = 10,                /* files of one step */
    ATTACHED_ORDER_MOST = 100,         /* files of one order */
    ATTACHED_BYTES = 20 * 1024 * 1024, /* of one file */
    ATTACHED_AT_ONCE = 1024 * 1024     /* what is larger is fetched only when a person says so */
};

struct attached {
    char sha256[SHA256_HEX + 1];
    enum filetype type;
    int64_t bytes; /* 1..ATTACHED_BYTES */
    bool located;
    const char *name;
};

bool sha256_is(const char *text); /* 64 lower-case hex digits and no more? */
/* The last part of a path as a name: cleaned, short, never empty. */
const char *attached_name(struct arena *a, const char *path);
/* text "": no files. */
enum status attached_read(const char *text, struct arena *a, struct attached **ret, size_t *ret_n,
                          struct errmsg *err);
/* Type and size as people read them: "photo, 214 KiB". */
const char *attached_kind(struct arena *a, const struct attached *f);
/* The value as people read it, a line each: name, type, size; as it is when it is no such list. */
const char *attached_text(struct arena *a, const char *text);
void attached_put(
    struct buf *out,
    const struct attached *f); /* a line, with a break before it if out is not empty */

#endif
