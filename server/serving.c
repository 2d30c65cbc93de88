#include "server/serving.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static int held = -1;
static char held_path[PATH_SIZE];

static void name_of(const char *store_path, char out[PATH_SIZE])
{
    snprintf(out, PATH_SIZE, "%.4000s.serving", store_path);
}

void serving_begin(const char *store_path)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    name_of(store_path, held_path);
    held = open(held_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (held >= 0 && fcntl(held, F_SETLK, &lock) == 0)
        return;
    log_write(LOG_WARNING, "%s cannot be locked: after a load, wake this server by SIGHUP",
              held_path);
    if (held >= 0)
        close(held);
    held = -1;
}

void serving_end(void)
{
    if (held < 0)
        return;
    unlink(held_path);
    close(held);
    held = -1;
}

enum serving_wake serving_wake(const char *store_path, int *ret_pid)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char path[PATH_SIZE];
    name_of(store_path, path);
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    bool known = fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0;
    if (fd >= 0)
        close(fd);
    *ret_pid = known ? (int)lock.l_pid : 0;
    if (!known || lock.l_type == F_UNLCK || lock.l_pid <= 0)
        return SERVING_NOBODY;
    return kill(lock.l_pid, SIGHUP) == 0 ? SERVING_WOKEN : SERVING_FAR;
}
