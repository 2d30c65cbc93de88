#include "core/sync/libcurl.h"
#include "core/base/i18n.h"
#include <dlfcn.h>
#include <string.h>

/* A function of the library; C has no cast from what dlsym returns. False: it has none of this name. */
static bool find(void *library, const char *name, void *ret, size_t size)
{
    void *found = dlsym(library, name);
    if (found)
        memcpy(ret, &found, size);
    return found != NULL;
}

static enum status missing(const char *file, struct errmsg *err)
{
    const char *why = dlerror();
    return fail(err, ST_UNSUPPORTED,
                _("There is no line to the server without %s (Debian package libcurl4): %s"), file,
                why ? why : "?");
}

enum status libcurl_load(const char *file, struct libcurl *ret, struct errmsg *err)
{
    /* Lazily and for itself alone, as these libraries are bound when a program is linked with them. */
    void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    struct libcurl all;
    if (!library)
        return missing(file, err);
#define CALL(name)                                                                                 \
    if (!find(library, "curl_" #name, &all.name, sizeof all.name))                                 \
        return missing(file, err);
#include "core/sync/libcurl.def"
#undef CALL
    *ret = all;
    return ST_OK;
}
