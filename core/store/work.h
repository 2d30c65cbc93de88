/*
 * work.h: the id of a cache, and what becomes of it when its terminal was revoked.
 *
 * Purpose: the cache has a name of its own by which the centre knows it: 16 hexadecimal digits in the file "terminal" of its
 *          folder, readable before a sealed cache is opened. When the centre has revoked it, what only this machine has
 *          goes into one sealed file beside the folder, FOLDER-TERMINAL.work; only when that is on the disk the folder may
 *          be wiped (files.h). The file goes when the centre has it.
 * Ownership: as in store.h.
 * Errors: those of store.h. After one nothing was changed.
 * Threads: that of the store handle; the ids of a folder: any.
 */
#ifndef JIBAN_STORE_WORK_H
#define JIBAN_STORE_WORK_H

#include "core/base/paths.h"
#include "core/store/store.h"
#include "core/wire/work.h"

/* The id of the cache in that folder; made where the folder has none. "": there is no folder, or it cannot be written. */
void store_terminal(const char *folder, char ret[TERMINAL_ID + 1]);

/* All that is not at the centre, as lines of core/wire/work.h: outbox, conflicts, drafts, papers, and the files that fit.
 * *ret_n: how many things, without files; *ret_large: how many files did not fit. */
enum status store_work(struct store *s, const char *user, const char *device, struct buf *out,
                       size_t *ret_n, size_t *ret_large, struct errmsg *err);
/* Seals that text into the file, which is on the disk when this returns ST_OK. */
enum status store_work_keep(const char *folder, const struct revocation *r, const struct buf *text,
                            struct errmsg *err);
/* A sealed file of this folder, of this cache or an earlier one: its path and head. False: there is none. */
bool store_work_find(const char *folder, char ret_path[PATH_SIZE], struct revocation *ret);

#endif
