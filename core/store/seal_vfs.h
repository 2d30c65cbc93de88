/*
 * seal_vfs.h: files of SQLite of which nobody can read a page without the key (inside core/store only).
 *
 * Purpose: a layer between SQLite and the disk. Each page of the database and of its WAL is sealed by itself with
 *          XChaCha20-Poly1305 (libsodium): a nonce of its own, and its place bound to it, so that a page that was changed or put
 *          elsewhere does not open. Nonce and tag stand in SEAL_RESERVE bytes at the end of the page, which SQLite leaves
 *          free (https://www.sqlite.org/fileformat2.html, 1.3.4). In the clear remain the headers of the WAL and of its
 *          frames (sizes, page numbers, checksums) and the -shm file, which hold no content.
 * Needs: pages of SEAL_PAGE bytes, temp_store=MEMORY, WAL: a rollback journal takes no page.
 * Limits: an older state of the whole files cannot be told from the present one.
 * Errors: a page that does not open is SQLITE_CORRUPT to SQLite; in the frames at the end of a WAL, which a crash may have cut,
 *         it is the end of the WAL, as without a seal.
 * Threads: any.
 */
#ifndef JIBAN_STORE_SEAL_VFS_H
#define JIBAN_STORE_SEAL_VFS_H

#include <stdbool.h>

enum { SEAL_PAGE = 4096, SEAL_RESERVE = 24 + 16, SEAL_KEY = 32 };

/* For sqlite3_open_v2(). Files that no key was given for are left as they are. NULL: out of memory. */
const char *seal_vfs(void);
/* The database at this path, as SQLite names it (realpath), with its WAL, has this key from the next opening on. Copied into
 * memory that is not swapped. False: out of memory, or of memory that may be locked. */
bool seal_vfs_add(const char *path, const unsigned char key[SEAL_KEY]);
bool seal_vfs_has(const char *path);
/* The key is wiped; no connection may be open with it. */
void seal_vfs_remove(const char *path);
/* For wrapping it anew; false: there is none. */
bool seal_vfs_key(const char *path, unsigned char ret[SEAL_KEY]);

#endif
