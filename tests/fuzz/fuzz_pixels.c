/* Any bytes as a picture: it ends, what comes out is as large as it says, and every part of it can be asked for. */
#include "core/text/pixels.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pixels p = {0};
    struct errmsg err = {{0}};
    char *s = malloc(size ? size : 1); /* exactly sized, so that a read past the end is seen */
    if (!s)
        return 0;
    if (size > 0)
        memcpy(s, data, size);
    if (pixels_decode(s, size, &p, &err) != ST_OK) {
        require(!p.rgb && err.text[0]);
    } else {
        require(p.rgb && p.cols > 0 && p.rows > 0 && p.cols <= PIXELS_SIDE &&
                p.rows <= PIXELS_SIDE);
        require((int64_t)p.full_cols * p.full_rows <= PIXELS_MOST);
        for (int i = 0; i < 7; i++)
            for (int k = 0; k < 50; k++)
                require(pixels_mean(&p, i, 7, k, 50) <= 0xffffff);
    }
    pixels_release(&p);
    free(s);
    return 0;
}
