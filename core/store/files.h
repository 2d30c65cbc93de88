/*
 * files.h: the files of a cache as such: whose they are, and how they are wiped.
 *
 * Purpose: cases are personal data. A cache that others could read is not opened, and what a person wipes is written over.
 * Errors: ST_DENIED says which file is open to whom; ST_CONFLICT: another jiban works with the cache, nothing was touched.
 * Threads: that of the store handle.
 */
#ifndef JIBAN_STORE_FILES_H
#define JIBAN_STORE_FILES_H

#include "core/base/erase.h"
#include "core/store/store.h"

/* The folder and each file of it that is there belong to the person alone (0700, 0600). */
enum status store_files_check(const char *folder, struct errmsg *err);
/* Wipes the cache and closes s in any case. s NULL: of a cache that cannot be opened. The folder gets another name first, so
 * that one that is half wiped is never opened; what was left by a wipe that was cut off goes too. ST_NOT_FOUND: there is
 * neither. */
enum status store_wipe(const char *folder, struct store *s, struct erased *ret, struct errmsg *err);

#endif
