/* The one-pass reader of events and change lines against the tree, on any bytes. */
#include "tests/unit/reader_same.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    bool taken;
    char *s = malloc(size ? size : 1); /* exactly sized, so that a read past the end is seen */
    if (!s)
        return 0;
    if (size > 0)
        memcpy(s, data, size);
    arena_init(&a, 0);
    const char *why = reader_same(s, size, &a, &taken);
    if (why) {
        fprintf(stderr, "reader and tree differ: %s\n", why);
        abort();
    }
    arena_release(&a);
    free(s);
    return 0;
}
