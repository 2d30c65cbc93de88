#include "tui/probe.h"
#include "core/base/clock.h"
#include "core/text/charset.h"
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { WAIT_MS = 500, SAMPLE = 0x2026 /* horizontal ellipsis */ };

/* Where a name is strange nobody knows what the terminal makes of the question. */
static bool may_ask(void)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+._";
    const char *term = getenv("TERM");
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && *term &&
           strspn(term, plain) == strlen(term) && strcmp(term, "dumb") != 0;
}

static bool ask(void)
{
    static const char question[] = "\033[6n";
    char text[1 + MB_LEN_MAX + sizeof question] = "\r";
    size_t n = charset_put(SAMPLE, text + 1);
    if (n == 0)
        return false;
    memcpy(text + 1 + n, question, sizeof question - 1);
    n += sizeof question;
    return write(STDOUT_FILENO, text, n) == (ssize_t)n;
}

/* The column in CSI row ; column R, which may stand behind what somebody typed; 0: none yet. */
static int column_of(const char *answer)
{
    const char *start = answer;
    while ((start = strstr(start, "\033[")) != NULL) {
        char *end;
        start += 2;
        if (strtol(start, &end, 10) > 0 && *end == ';') {
            long column = strtol(end + 1, &end, 10);
            if (*end == 'R' && column > 0 && column <= INT_MAX)
                return (int)column;
        }
    }
    return 0;
}

static int hear(void)
{
    char answer[128];
    size_t n = 0;
    int64_t until = clock_mono(&clock_system) + WAIT_MS;
    while (n < sizeof answer - 1) {
        struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
        int64_t left = until - clock_mono(&clock_system);
        if (left <= 0 || poll(&p, 1, (int)left) <= 0)
            break;
        ssize_t got = read(STDIN_FILENO, answer + n, sizeof answer - 1 - n);
        if (got <= 0)
            break;
        n += (size_t)got;
        answer[n] = '\0';
        if (column_of(answer) > 0)
            return column_of(answer);
    }
    return 0;
}

int probe_ambiguous(void)
{
    static const char wipe[] = "\r  \r";
    struct termios found, raw;
    if (!may_ask() || tcgetattr(STDIN_FILENO, &found) != 0)
        return 0;
    raw = found;
    raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    fflush(stdout);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
    int column = ask() ? hear() : 0;
    ssize_t n = write(STDOUT_FILENO, wipe, sizeof wipe - 1);
    (void)n;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &found);
    return column == 2 || column == 3 ? column - 1 : 0;
}
