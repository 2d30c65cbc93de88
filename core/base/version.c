#include "core/base/version.h"

#include "config.h"

#include "core/base/banned.h" /* after all others */

const char *jiban_version(void)
{
    return PACKAGE_VERSION;
}
