/*
 * foreign.c: something that listens where the console looks for its server and is not it.
 *
 * `foreign PORT FOLDER`: to "GET /v1/x?y" it sends the file FOLDER/GET_v1_x, or else FOLDER/default, byte by byte
 * as it lies there, and closes. A file `hangup` in FOLDER: it closes without a word. `silent`: it reads and
 * never answers. PORT 0 takes a free one; the port is printed. Each request goes to FOLDER/requests.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

enum { HEAD_MOST = 64 * 1024, READ_MS = 2000 };

static bool there(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%.3000s/%.900s", folder, name);
    return access(path, R_OK) == 0;
}

/* Reads what is sent until the head is there, and then for as long as the body says it is. */
static size_t read_request(int fd, char *text)
{
    size_t n = 0, want = HEAD_MOST;
    while (n < want) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, READ_MS) <= 0)
            break;
        ssize_t got = read(fd, text + n, want - n);
        if (got <= 0)
            break;
        n += (size_t)got;
        text[n] = '\0';
        const char *end = strstr(text, "\r\n\r\n"), *length = strstr(text, "Content-Length: ");
        if (!end)
            continue;
        want = (size_t)(end + 4 - text);
        if (length && length < end)
            want += strtoul(length + strlen("Content-Length: "), NULL, 10);
        if (want > HEAD_MOST)
            want = HEAD_MOST;
    }
    text[n] = '\0';
    return n;
}

static void note(const char *folder, const char *text, size_t n)
{
    char path[4096];
    snprintf(path, sizeof path, "%.3000s/requests", folder);
    FILE *f = fopen(path, "ab");
    if (!f)
        return;
    fwrite(text, 1, n, f);
    fputs("\n----\n", f);
    fclose(f);
}

static void send_file(int fd, const char *folder, const char *request)
{
    char name[256] = "", path[4096], bytes[64 * 1024];
    size_t n = strcspn(request, "?\r\n"), k = 0;
    for (size_t i = 0; i < n && k + 1 < sizeof name; i++) {
        if (request[i] == ' ' && strchr(name, '_'))
            break;
        if (request[i] == '/')
            name[k++] = '_';
        else if (request[i] != ' ')
            name[k++] = request[i];
        name[k] = '\0';
    }
    snprintf(path, sizeof path, "%.3000s/%.255s", folder, there(folder, name) ? name : "default");
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got;
    while (file >= 0 && (got = read(file, bytes, sizeof bytes)) > 0)
        for (ssize_t sent = 0, part; sent < got; sent += part)
            if ((part = write(fd, bytes + sent, (size_t)(got - sent))) <= 0) {
                close(file);
                return;
            }
    if (file >= 0)
        close(file);
}

int main(int argc, char **argv)
{
    static char text[HEAD_MOST + 1];
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (argc != 3) {
        fputs("usage: foreign PORT FOLDER\n", stderr);
        return EX_USAGE;
    }
    signal(SIGPIPE, SIG_IGN);
    at.sin_port = htons((unsigned short)strtoul(argv[1], NULL, 10));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        bind(listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)&at, &size) != 0) {
        perror("foreign");
        return EX_OSERR;
    }
    printf("%u\n", (unsigned)ntohs(at.sin_port));
    fflush(stdout);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            continue;
        if (!there(argv[2], "hangup")) {
            size_t n = read_request(fd, text);
            note(argv[2], text, n);
            if (there(argv[2], "silent"))
                continue; /* kept open */
            send_file(fd, argv[2], text);
            shutdown(fd, SHUT_WR);
        }
        close(fd);
    }
}
