/* blob.c: how far the sending of a file has come, as the centre says it. */

#include "core/wire/json.h"
#include "core/wire/codec.h"
#include <inttypes.h>

void blob_progress_encode(struct buf *out, int64_t have, int64_t total)
{
    buf_printf(out, "{\"have\":%" PRId64 ",\"total\":%" PRId64 "}", have, total);
}

enum status blob_progress_decode(const char *json, size_t n, int64_t *ret_have, struct errmsg *err)
{
    json_t *top;
    int64_t have = 0;
    enum status st = json_read(NULL, json, n, &top, err);
    if (st != ST_OK)
        return st;
    st = json_number(top, "have", 0, INT64_MAX, &have, err);
    json_decref(top);
    if (st == ST_OK)
        *ret_have = have;
    return st;
}
