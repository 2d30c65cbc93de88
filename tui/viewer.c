#include "tui/viewer.h"
#include "core/base/i18n.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MOST = 16, COMMAND_BYTES = 1024, NOT_STARTED = 127 };

static bool words_of(char *command, const char *path, char *argv[WORDS_MOST + 2])
{
    static char place[] = "%s";
    size_t n = 0;
    bool placed = false;
    char *rest = NULL;
    for (char *word = strtok_r(command, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        if (n == WORDS_MOST)
            return false;
        bool here = strcmp(word, place) == 0;
        argv[n++] = here ? (char *)(uintptr_t)path : word;
        placed = placed || here;
    }
    if (n == 0)
        return false;
    if (!placed)
        argv[n++] = (char *)(uintptr_t)path;
    argv[n] = NULL;
    return true;
}

/* In the grandchild: nothing of the terminal is left to it. */
static void become(char *const argv[])
{
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; null >= 0 && fd < 3; fd++)
        dup2(null, fd);
    close_range(3, ~0u, 0);
    execvp(argv[0], argv);
    _exit(NOT_STARTED);
}

/* A word with a slash is a path; else PATH is looked through. */
static bool is_there(const char *program)
{
    char path[4096];
    const char *at = getenv("PATH");
    if (strchr(program, '/'))
        return access(program, X_OK) == 0;
    while (at && *at) {
        size_t n = strcspn(at, ":");
        if (snprintf(path, sizeof path, "%.*s/%s", (int)n, at, program) < (int)sizeof path &&
            access(path, X_OK) == 0)
            return true;
        at += n + (at[n] == ':');
    }
    return false;
}

enum status viewer_start(const char *command, const char *path, struct errmsg *err)
{
    char text[COMMAND_BYTES], *argv[WORDS_MOST + 2];
    if (snprintf(text, sizeof text, "%s", command) >= (int)sizeof text ||
        !words_of(text, path, argv))
        return fail(err, ST_INVALID, _("files.viewer is no command: %.200s"), command);
    if (!is_there(argv[0]))
        return fail(err, ST_NOT_FOUND, _("There is no program %.200s."), argv[0]);
    pid_t child = fork();
    if (child < 0)
        return fail(err, ST_IO, _("%.200s cannot be started: %s"), argv[0], strerror(errno));
    if (child == 0) { /* two steps: whoever ends it is not the console */
        if (setsid() < 0 || fork() != 0)
            _exit(0);
        become(argv);
    }
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return ST_OK;
}
