/*
 * attachments.h: files on this machine: those that wait to be sent, and those that were fetched.
 *
 * Purpose: a file that is added to a form is copied into the cache at once, without what a picture says of its place, under its
 *          hash; so it survives whatever happens to the original, and is sealed and wiped with the cache. A command that names it waits in the outbox until
 *          the centre has it; commands on other cases pass.
 * Ownership: rows and texts lie in the arena given.
 * Errors: ST_NOT_FOUND; ST_UNSUPPORTED: none of the types that are taken; ST_TOOBIG; ST_FULL: nothing was kept; ST_CORRUPT:
 *         what came is not what was asked for, it was dropped.
 * Threads: that of the store handle.
 */
#ifndef JIBAN_STORE_ATTACHMENTS_H
#define JIBAN_STORE_ATTACHMENTS_H

#include "core/base/paths.h"
#include "core/case/attached.h"
#include "core/store/store.h"

enum attachment_state {
    ATTACHMENT_NONE,   /* not on this machine */
    ATTACHMENT_HERE,   /* whole; to be sent when a command that names it leaves */
    ATTACHMENT_THERE,  /* whole, and the centre has it */
    ATTACHMENT_WANTED, /* is being fetched */
    ATTACHMENT_FAILED, /* could not be fetched: error says why */
    ATTACHMENT_REFUSED /* whole, and the centre does not take it: error says why */
};
struct attachment {
    struct attached file;
    enum attachment_state state;
    int64_t moved; /* bytes sent (HERE) or fetched (WANTED) */
    bool leaving;  /* a command that names it waits for it */
    const char *error;
};

bool attachment_is_whole(const struct attachment *f); /* on this machine */
/* Copies the file at path in. */
enum status store_attachment_add(struct store *s, const char *path, struct arena *a,
                                 struct attached *ret, struct errmsg *err);
/* What is known of it here; ATTACHMENT_NONE when nothing is. */
enum status store_attachment(struct store *s, const struct attached *file, struct arena *a,
                             struct attachment *ret, struct errmsg *err);
/* All that are on their way or have failed, oldest first. */
enum status store_attachments(struct store *s, struct arena *a, struct attachment **ret,
                              size_t *ret_n, struct errmsg *err);
/* The files that the steps of a case name, oldest first. */
struct case_file {
    struct attached file;
    int64_t at_ms;
    const struct actor *who; /* lies in the view */
    enum command_type type;
    bool confirmed; /* the centre has the step */
};
enum status case_files(const struct case_view *v, struct arena *a, struct case_file **ret,
                       size_t *ret_n, struct errmsg *err);
/* Asks for it; it is fetched as soon as the line allows. One that is here is left as it is. */
enum status store_attachment_want(struct store *s, const struct attached *file, struct errmsg *err);
/* The whole file; ST_NOT_FOUND: it is not here. */
enum status store_attachment_data(struct store *s, const char *hash, struct buf *out,
                                  struct errmsg *err);
/* --- the line (sync thread) --- */
/* The next that a command waits for (send), or that is wanted; ST_NOT_FOUND: none. */
enum status store_attachment_next(struct store *s, bool send, struct arena *a,
                                  struct attachment *ret, struct errmsg *err);
/* n bytes of it at most from an offset. */
enum status store_attachment_piece(struct store *s, const char *hash, int64_t from, size_t n,
                                   struct buf *out, struct errmsg *err);
/* So much of it is at the centre. */
enum status store_attachment_sent(struct store *s, const struct attached *file, int64_t have,
                                  struct errmsg *err);
/* A piece that was fetched; *ret_whole: it was the last one. */
enum status store_attachment_fetched(struct store *s, const struct attached *file, int64_t from,
                                     const char *data, size_t n, bool *ret_whole,
                                     struct errmsg *err);
/* It cannot be sent or fetched. Commands that wait for it become conflicts with the problem. */
enum status store_attachment_failed(struct store *s, const struct attached *file,
                                    const struct problem *why, struct errmsg *err);

/* Erases copies older than that moment which no draft and no command on this machine names; they can be fetched again. */
enum status store_attachments_forget(struct store *s, int64_t before_ms, int *ret_n,
                                     struct errmsg *err);

/* --- for outbox.c and page.c, within their transactions --- */
void attachments_of_command(struct store *s, const struct command *c);
/* Does the centre not take one of these files (a value of FIELD_ATTACH)? */
bool attachments_refused(struct store *s, const char *text);
/* How much commands wait for, and what of it is at the centre. */
void attachments_moving(struct store *s, int64_t *ret_bytes, int64_t *ret_moved);
/* What the centre may have lost is sent again. */
void attachments_again(struct store *s);

#endif
