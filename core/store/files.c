/* files.c: whose the files of a cache are, and wiping it. */
#include "core/store/files.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum status store_files_check(const char *folder, struct errmsg *err)
{
    static const char *const names[] = {"cache.db",     "cache.db-wal", "cache.db-shm", "lock",
                                        "cache.db.new", "cache.db.old", "seal",         "terminal"};
    char path[PATH_SIZE];
    struct errmsg why = {""};
    enum status st = path_check_private(folder, true, &why);
    for (size_t i = 0; st == ST_OK && i < sizeof names / sizeof *names; i++) {
        if (snprintf(path, sizeof path, "%s/%s", folder, names[i]) >= (int)sizeof path)
            return fail(err, ST_INVALID, _("The name of the folder is too long: %s"), folder);
#if SABOTAGE != 160 /* Damage: files that are open to others are opened. */
        st = path_check_private(path, false, &why);
#endif
        if (st != ST_DENIED)
            st = ST_OK;
    }
    return st == ST_DENIED ? fail(err, st, "%s", why.text)
                           : ST_OK; /* the rest is told by opening */
}

/* The lock of a cache that cannot be opened: -1 when another process has it. */
static int lock_of(const char *folder)
{
    char path[PATH_SIZE];
    if (snprintf(path, sizeof path, "%s/lock", folder) >= (int)sizeof path)
        return -1;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static enum status rename_held(const char *folder, const char *gone, bool held, struct errmsg *err)
{
    int fd = held || access(folder, F_OK) != 0 ? -1 : lock_of(folder);
    if (!held && fd < 0 && access(folder, F_OK) == 0)
        return fail(err, ST_CONFLICT,
                    _("%s cannot be locked: another jiban is working with it. Nothing was wiped."),
                    folder);
    int failed = rename(folder, gone) != 0 ? errno : 0;
    if (!failed)
        path_sync_parent(gone);
    if (fd >= 0)
        close(fd);
    if (failed == ENOENT)
        return ST_NOT_FOUND;
    return failed ? fail(err, ST_IO, _("Cannot rename %s: %s. Nothing was wiped."), folder,
                         strerror(failed))
                  : ST_OK;
}

enum status store_wipe(const char *folder, struct store *s, struct erased *ret, struct errmsg *err)
{
    struct erased total = {0};
    char gone[PATH_SIZE], key[PATH_SIZE];
    enum status st = ST_OK;
    if (snprintf(gone, sizeof gone, "%s.wiped", folder) >= (int)sizeof gone)
        st = fail(err, ST_INVALID, _("The name of the folder is too long: %s"), folder);
    if (st == ST_OK)
        st = folder_erase(gone, &total, err); /* of a wipe that was cut off */
    if (st == ST_OK)
        st = rename_held(folder, gone, s != NULL, err);
    store_close(s);
    if (st == ST_OK && snprintf(key, sizeof key, "%s/seal", gone) < (int)sizeof key)
        st = file_erase(key, &total, err); /* first: without it the rest can be read no more */
    if (st == ST_OK)
        st = folder_erase(gone, &total, err);
    if (st == ST_NOT_FOUND)
        st = total.files > 0 ? ST_OK : fail(err, st, _("There is no cache in %s."), folder);
    if (st == ST_OK)
        *ret = total;
    return st;
}
