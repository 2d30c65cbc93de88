/*
 * The version of this build. The string is constant and lives as long as the program.
 */
#ifndef JIBAN_CORE_BASE_VERSION_H
#define JIBAN_CORE_BASE_VERSION_H

/* "0.1.0": the version that configure.ac names. */
const char *jiban_version(void);

#endif
