/*
 * synckit.c: what the bench of a sync needs beside the programs it measures.
 *
 * usage: synckit run FILE COMMAND...   runs it; appends "wall_s cpu_s peak_kB" to FILE; its exit status
 *        synckit serve PORT FILE       FILE over HTTP; FILE.gz to who accepts gzip; until it is killed
 *        synckit loopback              sets up lo of a new network namespace
 *        synckit port                  prints a free port of 127.0.0.1
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int run(const char *file, char **command)
{
    struct rusage all;
    int status = 0;
    double from = seconds();
    pid_t pid = fork();
    if (pid == 0) {
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    double wall = seconds() - from;
    /* The largest process of all descendants that were waited for, and the time of all of them. */
    getrusage(RUSAGE_CHILDREN, &all);
    FILE *f = fopen(file, "a");
    if (!f)
        return 1;
    fprintf(f, "%.6f %.6f %ld\n", wall, of(all.ru_utime) + of(all.ru_stime), all.ru_maxrss);
    fclose(f);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int listen_at(const char *port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 8) != 0) {
        perror("listen");
        exit(1);
    }
    return fd;
}

static void answer(int fd, const char *file)
{
    char request[4096] = "", path[4096], head[256];
    size_t n = 0;
    ssize_t got;
    while (n < sizeof request - 1 && !strstr(request, "\r\n\r\n") &&
           (got = read(fd, request + n, sizeof request - 1 - n)) > 0)
        request[n += (size_t)got] = '\0';
    int zipped = strstr(request, "gzip") != NULL;
    snprintf(path, sizeof path, "%s%s", file, zipped ? ".gz" : "");
    int body = open(path, O_RDONLY);
    struct stat info;
    if (body < 0 || fstat(body, &info) != 0)
        return;
    int len = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\n%sContent-Length: %lld\r\n\r\n",
                       zipped ? "Content-Encoding: gzip\r\n" : "", (long long)info.st_size);
    if (write(fd, head, (size_t)len) == len)
        while (sendfile(fd, body, NULL, 1 << 20) > 0)
            ;
    close(body);
}

static int serve(const char *port, const char *file)
{
    int fd = listen_at(port);
    for (;;) {
        int c = accept(fd, NULL, NULL);
        if (c < 0)
            return 1;
        answer(c, file);
        close(c);
    }
}

static int loopback(void)
{
    struct ifreq r = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    return fd < 0 || ioctl(fd, SIOCSIFFLAGS, &r) != 0;
}

static int port(void)
{
    struct sockaddr_in a;
    socklen_t n = sizeof a;
    if (getsockname(listen_at("0"), (struct sockaddr *)&a, &n) != 0)
        return 1;
    printf("%d\n", ntohs(a.sin_port));
    return 0;
}

int main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    if (argc > 3 && strcmp(word, "run") == 0)
        return run(argv[2], argv + 3);
    if (argc == 4 && strcmp(word, "serve") == 0)
        return serve(argv[2], argv[3]);
    if (argc == 2 && strcmp(word, "loopback") == 0)
        return loopback();
    if (argc == 2 && strcmp(word, "port") == 0)
        return port();
    fprintf(stderr, "usage: synckit run FILE COMMAND... | serve PORT FILE | loopback | port\n");
    return 64;
}
