/* erase.c: writing over, syncing, taking the name away. */
#include "core/base/erase.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/banned.h" /* after all others */

enum { BLOCK = 64 * 1024, DEPTH_MOST = 8 };

static enum status failed(const char *path, struct errmsg *err)
{
    return fail(err, ST_IO, _("Cannot erase %s: %s"), path, strerror(errno));
}

static int write_zeros(int fd, off_t size)
{
    static const char zeros[BLOCK];
    for (off_t at = 0; at < size;) {
        size_t want = size - at < BLOCK ? (size_t)(size - at) : BLOCK;
        ssize_t n = pwrite(fd, zeros, want, at);
        if (n < 0 && errno != EINTR)
            return -1;
        at += n > 0 ? n : 0;
    }
    return fsync(fd);
}

enum status file_erase(const char *path, struct erased *total, struct errmsg *err)
{
    struct stat info;
    enum status st = ST_OK;
    if (lstat(path, &info) != 0)
        return errno == ENOENT ? ST_OK : failed(path, err);
    if (S_ISREG(info.st_mode)) {
        int fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0 || write_zeros(fd, info.st_size) != 0)
            st = failed(path, err);
        if (fd >= 0)
            close(fd);
    }
    if (unlink(path) != 0)
        return failed(path, err);
    if (st == ST_OK) {
        total->files++;
        total->bytes += info.st_size;
    }
    return st;
}

static enum status erase_below(const char *path, int depth, struct erased *total,
                               struct errmsg *err)
{
    enum status st = ST_OK;
    struct dirent *d;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        int e = errno;
        if (fd >= 0)
            close(fd);
        errno = e;
        return e == ENOENT ? ST_OK : failed(path, err);
    }
    while ((d = readdir(dir))) {
        char below[PATH_SIZE];
        struct stat info;
        enum status one = ST_OK;
        if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
            continue;
        int n = snprintf(below, sizeof below, "%s/%s", path, d->d_name);
        if (n < 0 || n >= (int)sizeof below)
            one = fail(err, ST_IO, _("The path of the file is too long."));
        else if (depth < DEPTH_MOST && lstat(below, &info) == 0 && S_ISDIR(info.st_mode))
            one = erase_below(below, depth + 1, total, err);
        else
            one = file_erase(below, total, err);
        if (one != ST_OK)
            st = one; /* the others go all the same */
    }
    closedir(dir);
    return rmdir(path) != 0 && st == ST_OK ? failed(path, err) : st;
}

enum status folder_erase(const char *path, struct erased *total, struct errmsg *err)
{
    return erase_below(path, 0, total, err);
}
