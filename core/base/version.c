#include "core/base/version.h"

#include "config.h"

const char *jiban_version(void)
{
    return PACKAGE_VERSION;
}
