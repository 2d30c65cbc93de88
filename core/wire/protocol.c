#include "core/wire/protocol.h"
#include "core/base/version.h"
#include <stdio.h>
#include <string.h>

static const char word[] = "; protocol=";

struct protocols protocols_of(const char *marker)
{
    struct protocols p = {1, 1};
    int end = 0;
    const char *at = strstr(marker, word);
    if (!at)
        return p;
    at += sizeof word - 1;
    if (sscanf(at, "%4d-%4d%n", &p.least, &p.most, &end) != 2 || at[end] || p.least < 1 ||
        p.most < p.least)
        p = (struct protocols){0, 0};
    return p;
}

bool protocols_fit(const struct protocols *theirs)
{
    return theirs->least <= PROTOCOL_MOST && theirs->most >= PROTOCOL_LEAST;
}

const char *protocol_marker(char out[PROTOCOL_MARKER])
{
    snprintf(out, PROTOCOL_MARKER, "%s%s%d-%d", jiban_version(), word, PROTOCOL_LEAST,
             PROTOCOL_MOST);
    return out;
}
