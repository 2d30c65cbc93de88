/*
 * erase.h: files of which nothing shall be left.
 *
 * Purpose: a file is written over with zeros, synced, then its name is taken away. On a disk that keeps old blocks (flash,
 *          copy on write, snapshots) the old bytes may stay: what must not be read there is sealed or on an encrypted disk.
 * Errors: ST_IO names the path; the name is taken away even where the bytes could not be written over.
 * Threads: any; nobody else may work in the folder.
 */
#ifndef JIBAN_BASE_ERASE_H
#define JIBAN_BASE_ERASE_H

#include "core/base/status.h"
#include <stdint.h>

struct erased {
    int64_t files, bytes; /* written over; grows */
};

/* A path that is not there is no error. A link is taken away, what it points to stays. */
enum status file_erase(const char *path, struct erased *total, struct errmsg *err);
/* The folder with all that is in it. */
enum status folder_erase(const char *path, struct erased *total, struct errmsg *err);

#endif
