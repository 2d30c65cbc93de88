#include "tests/sim/office_store.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

bool office_store_make(const char *path, const char *policy)
{
    char url[4200], program[4200];
    const char *build = getenv("JIBAN_TOP_BUILDDIR");
    int status = 0;
    snprintf(url, sizeof url, "sqlite:%.4100s", path);
    snprintf(program, sizeof program, "%.4000s/jiband", build ? build : ".");
    pid_t child = fork();
    if (child == 0) {
        execl(program, "jiband", "init", "--db", url, policy ? "--policy" : (char *)NULL, policy,
              (char *)NULL);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool copy_file(const char *from, const char *to)
{
    char bytes[65536];
    size_t n;
    FILE *in = fopen(from, "rb"), *out = in ? fopen(to, "wb") : NULL;
    while (out && (n = fread(bytes, 1, sizeof bytes, in)) > 0)
        fwrite(bytes, 1, n, out);
    bool ok = out && !ferror(in) && !ferror(out);
    if (in)
        fclose(in);
    return out && fclose(out) == 0 && ok;
}

bool office_store_copy(const char *from, const char *to)
{
    static const char *const key[] = {".audit-key", ".audit-sign", ".audit-public"};
    bool ok = copy_file(from, to);
    for (size_t i = 0; ok && i < sizeof key / sizeof *key; i++) {
        char source[4200], target[4300];
        snprintf(source, sizeof source, "%.4000s%s", from, key[i]);
        snprintf(target, sizeof target, "%.4200s%s", to, key[i]);
        ok = copy_file(source, target);
        chmod(target, 0600); /* the server takes no key that others can read */
    }
    return ok;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info;
    (void)kind;
    (void)at;
    return remove(path);
}

void office_store_remove(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
