/*
 * pty.c: runs a command with a terminal as its input and output; what it writes goes to standard output.
 *
 * `pty COMMAND...`: ends with the command's exit status.
 */
#include <errno.h>
#include <pty.h>
#include <stdio.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    char bytes[64 * 1024];
    int master = -1, status = 0;
    if (argc < 2) {
        fputs("usage: pty COMMAND...\n", stderr);
        return EX_USAGE;
    }
    pid_t child = forkpty(&master, NULL, NULL, &size);
    if (child < 0) {
        perror("pty");
        return EX_OSERR;
    }
    if (child == 0) {
        execvp(argv[1], argv + 1);
        perror(argv[1]);
        _exit(EX_UNAVAILABLE);
    }
    for (;;) { /* EIO: nobody holds the other side any more */
        ssize_t n = read(master, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        if (fwrite(bytes, 1, (size_t)n, stdout) != (size_t)n)
            return EX_IOERR;
    }
    if (waitpid(child, &status, 0) < 0)
        return EX_OSERR;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
