/*
 * seal.h: the sealed cache: what lies on the disk opens with the person's password only.
 *
 * Purpose: a terminal or a disk that is stolen gives nothing away: cases, texts, drafts, unsent work and the search index are
 *          sealed page by page (seal_vfs.h). The data key is random; it lies in the file "seal" of the cache's folder,
 *          wrapped by a key that argon2id makes of the password, so that a new password writes that file alone.
 * Cost: opening takes some 0.1 s and 64 MiB for a moment; each page that is read or written some microseconds.
 * Errors: ST_DENIED: not this password; nothing was changed, and it may be tried again. Without the password nothing can be
 *         read again: only what the server has is not lost.
 * Threads: before the first handle on the folder, or after the last (but store_seal_password: as a store handle).
 */
#ifndef JIBAN_STORE_SEAL_H
#define JIBAN_STORE_SEAL_H

#include "core/store/store.h"

/* Is what lies there sealed? A missing or empty cache with a key is: it will be made so. */
bool store_sealed(const char *folder);
/* From here on store_open opens it. */
enum status store_unlock(const char *folder, const char *password, struct errmsg *err);
bool store_unlocked(const char *folder);
/* The key leaves the memory of this process. */
void store_lock(const char *folder);

/* Seals a cache that is in the clear, or the other way round, all of it; afterwards it is unlocked. The old file stays
 * whole until the new one is on the disk, and is written over then (erase.h tells what that is worth). ST_BUSY: somebody
 * reads it now; ST_EXISTS: it is so already. Takes the cache for itself as STORE_OWNER does. */
enum status store_seal(const char *folder, const char *password, const struct clock *clock,
                       struct errmsg *err);
enum status store_unseal(const char *folder, const struct clock *clock, struct errmsg *err);
/* Takes away what is left of one that was cut off. Within the ownership of the folder. */
enum status store_seal_tidy(const char *folder, struct errmsg *err);

/* The person has a new password: from now on it opens the cache. An unsealed or locked cache: nothing to do. */
enum status store_seal_password(const char *folder, const char *password, struct errmsg *err);

#endif
