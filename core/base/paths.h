/*
 * paths.h: where jiban keeps its files (XDG Base Directory Specification 0.8).
 *
 * Ownership: paths are written to the caller's buffer of PATH_SIZE.
 * Errors: ST_IO names the folder; ST_DENIED when a folder or file belongs to someone else, is a
 *         symbolic link, or others may write to it (nothing is created then).
 */
#ifndef JIBAN_BASE_PATHS_H
#define JIBAN_BASE_PATHS_H

#include "core/base/status.h"
#include <stdbool.h>

enum { PATH_SIZE = 4096 };
enum path_kind { PATH_CONFIG, PATH_DATA, PATH_STATE, PATH_CACHE, PATH_RUNTIME };

/* "$XDG_CONFIG_HOME/jiban/name" and so on; the folder is not made. */
enum status path_user(enum path_kind kind, const char *name, char out[PATH_SIZE],
                      struct errmsg *err);
/* Makes the folder and its parents, mode 0700 whatever the umask. */
enum status path_make_private(const char *folder, struct errmsg *err);
/* A folder (0700) or a plain file (0600) of one's own, which nobody else may open and which is no link. ST_NOT_FOUND: it is
 * not there; ST_INVALID: a folder where a file should be; ST_DENIED says what is wrong and how to mend it. Nothing is changed. */
enum status path_check_private(const char *path, bool folder, struct errmsg *err);
/* The name of path, as it is now, survives a power cut. */
void path_sync_parent(const char *path);
/* Reads a whole file of at most limit bytes; *ret_data is NUL-terminated, free() it. */
enum status file_read(const char *path, size_t limit, char **ret_data, size_t *ret_len,
                      struct errmsg *err);
/* After an error that told no reason: 0 when a page can be written beside path just now, else the
 * errno of the try. */
int file_try_room(const char *path);
/* Whether an errno means that there is no room: disk, quota, limit of the process. */
bool errno_is_full(int error);
/* Writes to a temporary name, fsync, rename, fsync of the folder; mode 0600. */
enum status file_write_atomic(const char *path, const void *data, size_t len, struct errmsg *err);

#endif
