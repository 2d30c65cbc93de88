#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "core/base/version.h"

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("jiban %s\n", jiban_version());
        return EX_OK;
    }
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        printf("usage: jiban [--version] [--help]\n");
        return EX_OK;
    }
    fprintf(stderr, "usage: jiban [--version] [--help]\n");
    return EX_USAGE;
}
