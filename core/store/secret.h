/*
 * secret.h: the password by which a locked screen opens again, without the line.
 *
 * Purpose: after a log-in that the server accepted, a hash of the password stays in the cache (argon2id, libsodium). It
 *          opens the screen only; the server is asked for everything else.
 * Cost: some 10 ms and 8 MiB for a moment, each time.
 * Errors: as of store.h. Threads: as a store handle.
 */
#ifndef JIBAN_STORE_SECRET_H
#define JIBAN_STORE_SECRET_H

#include "core/store/store.h"

enum status store_secret_keep(struct store *s, const char *password, struct errmsg *err);
/* Has one been kept? Without it a screen cannot be locked: nothing would open it. */
bool store_secret_known(struct store *s);
bool store_secret_is(struct store *s, const char *password);

#endif
