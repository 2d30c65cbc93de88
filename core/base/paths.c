#include "core/base/paths.h"
#include "core/base/i18n.h"
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/banned.h" /* after all others */

static const struct {
    const char *variable, *below_home;
} kinds[] = {
    [PATH_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
    [PATH_DATA] = {"XDG_DATA_HOME", ".local/share"},
    [PATH_STATE] = {"XDG_STATE_HOME", ".local/state"},
    [PATH_CACHE] = {"XDG_CACHE_HOME", ".cache"},
    [PATH_RUNTIME] = {"XDG_RUNTIME_DIR", ".cache/run"},
};

enum status path_user(enum path_kind kind, const char *name, char out[PATH_SIZE],
                      struct errmsg *err)
{
    const char *base = getenv(kinds[kind].variable), *home = getenv("HOME");
    int n;
    if (base && base[0] == '/') { /* the specification: a relative path is ignored */
        n = snprintf(out, PATH_SIZE, "%s/jiban%s%s", base, *name ? "/" : "", name);
    } else {
        if (!home || home[0] != '/') {
            const struct passwd *user = getpwuid(getuid());
            home = user ? user->pw_dir : NULL;
        }
        if (!home || home[0] != '/')
            return fail(err, ST_IO, _("There is no home folder; set HOME or %s."),
                        kinds[kind].variable);
        n = snprintf(out, PATH_SIZE, "%s/%s/jiban%s%s", home, kinds[kind].below_home,
                     *name ? "/" : "", name);
    }
    if (n < 0 || n >= PATH_SIZE)
        return fail(err, ST_IO, _("The path of the folder is too long."));
    return ST_OK;
}

bool errno_is_full(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

static enum status io_error(struct errmsg *err, const char *what, const char *path)
{
    int e = errno;
    enum status st = errno_is_full(e)            ? ST_FULL
                     : e == ENOENT               ? ST_NOT_FOUND
                     : e == EACCES || e == EPERM ? ST_DENIED
                     : e == ENOMEM               ? ST_NOMEM
                                                 : ST_IO;
    return fail(err, st, "%s %s: %s", what, path, strerror(e));
}

/* A name in the folder survives a power cut only then. */
static void sync_folder(const char *folder)
{
    int dir = open(*folder ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0) {
        fsync(dir);
        close(dir);
    }
}

/* The folder in which path lies. */
static void parent_of(const char *path, char out[PATH_SIZE])
{
    const char *slash = strrchr(path, '/');
    snprintf(out, PATH_SIZE, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
}

void path_sync_parent(const char *path)
{
    char folder[PATH_SIZE];
    parent_of(path, folder);
    sync_folder(folder);
}

enum status path_make_private(const char *folder, struct errmsg *err)
{
    char path[PATH_SIZE];
    struct stat info;
    size_t n = strlen(folder);
    if (n == 0 || n >= sizeof path || folder[0] != '/')
        return fail(err, ST_INVALID, _("\"%s\" is no full path of a folder."), folder);
    memcpy(path, folder, n + 1);
    for (char *p = path + 1;; p++) {
        if (*p && *p != '/')
            continue;
        char kept = *p;
        *p = '\0';
        if (mkdir(path, 0700) == 0) {
            chmod(path, 0700); /* whatever the umask says */
            path_sync_parent(path);
        } else if (errno != EEXIST) {
            return io_error(err, _("Cannot make the folder"), path);
        }
        *p = kept;
        if (!kept)
            break;
    }
    if (lstat(folder, &info) != 0)
        return io_error(err, _("Cannot look at the folder"), folder);
    if (!S_ISDIR(info.st_mode))
        return fail(err, ST_DENIED,
                    _("%s is not a folder of its own (a link or a file); nothing was created."),
                    folder);
    if (info.st_uid != geteuid())
        return fail(err, ST_DENIED, _("%s belongs to somebody else; nothing was created."), folder);
    if (info.st_mode & 022)
        return fail(err, ST_DENIED, _("Others may write to %s; chmod 700 it."), folder);
    if ((info.st_mode & 077) && chmod(folder, 0700) != 0)
        return io_error(err, _("Cannot protect the folder"), folder);
    return ST_OK;
}

enum status path_check_private(const char *path, bool folder, struct errmsg *err)
{
    struct stat info;
    if (lstat(path, &info) != 0)
        return io_error(err, _("Cannot look at"), path);
    if (!folder && S_ISDIR(info.st_mode))
        return fail(err, ST_INVALID, _("%s is a folder, not a file."), path);
    if (folder ? !S_ISDIR(info.st_mode) : !S_ISREG(info.st_mode))
        return fail(err, ST_DENIED,
                    folder
                        ? _("%s is not a folder of its own (a link or a file); nothing was opened.")
                        : _("%s is not a file of its own (a link); nothing was opened."),
                    path);
    if (info.st_uid != geteuid())
        return fail(err, ST_DENIED, _("%s belongs to somebody else; nothing was opened."), path);
    if (info.st_mode & 077)
        return fail(err, ST_DENIED, _("Others may open %s; chmod %o it. Nothing was opened."), path,
                    folder ? 0700u : 0600u);
    return ST_OK;
}

enum status file_read(const char *path, size_t limit, char **ret_data, size_t *ret_len,
                      struct errmsg *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (fd < 0)
        return io_error(err, _("Cannot open"), path);
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
        close(fd);
        return fail(err, ST_INVALID, _("%s is a folder, not a file."), path);
    }
    size_t len = 0, cap = 4096;
    char *data = malloc(cap);
    enum status st = data ? ST_OK : fail(err, ST_NOMEM, "out of memory");
    while (st == ST_OK) {
        if (len + 1 >= cap) {
            char *more = realloc(data, cap * 2);
            if (!more) {
                st = fail(err, ST_NOMEM, "out of memory");
                break;
            }
            data = more;
            cap *= 2;
        }
        ssize_t n = read(fd, data + len, cap - len - 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            st = io_error(err, _("Cannot read"), path);
        if (n <= 0)
            break;
        len += (size_t)n;
        if (len > limit)
            st = fail(err, ST_TOOBIG, _("%s is larger than %zu bytes."), path, limit);
    }
    close(fd);
    if (st != ST_OK) {
        free(data);
        return st;
    }
    data[len] = '\0';
    *ret_data = data;
    *ret_len = len;
    return ST_OK;
}

static enum status write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ST_IO;
        data += n;
        len -= (size_t)n;
    }
    return ST_OK;
}

int file_try_room(const char *path)
{
    static const char page[4096];
    /* A limit on the size of files is met only where they grow; the index of a WAL grows by 32 KiB. */
    static const struct {
        const char *tail;
        off_t step;
    } grows[] = {{"", sizeof page}, {"-wal", sizeof page}, {"-shm", 32 * 1024}};
    char name[PATH_SIZE + 8];
    struct stat info;
    off_t end = sizeof page;
    for (size_t i = 0; i < sizeof grows / sizeof *grows; i++) {
        snprintf(name, sizeof name, "%.4000s%s", path, grows[i].tail);
        if (stat(name, &info) == 0 && info.st_size + grows[i].step > end)
            end = info.st_size + grows[i].step;
    }
    snprintf(name, sizeof name, "%.4000s.room", path);
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno;
    ssize_t n = pwrite(fd, page, sizeof page, end - (off_t)sizeof page);
    int error = n < 0 ? errno : n < (ssize_t)sizeof page ? ENOSPC : 0;
    close(fd);
    unlink(name);
    return error;
}

enum status file_write_atomic(const char *path, const void *data, size_t len, struct errmsg *err)
{
    char temporary[PATH_SIZE + 16];
    if (strlen(path) >= PATH_SIZE)
        return fail(err, ST_IO, _("The path of the file is too long."));
    snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    int fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return io_error(err, _("Cannot write"), path);
    if (write_all(fd, data, len) != ST_OK || fsync(fd) != 0) {
        enum status st = io_error(err, _("Cannot write"), path);
        close(fd);
        unlink(temporary);
        return st;
    }
    close(fd);
    if (rename(temporary, path) != 0) {
        enum status st = io_error(err, _("Cannot write"), path);
        unlink(temporary);
        return st;
    }
    path_sync_parent(path);
    return ST_OK;
}
