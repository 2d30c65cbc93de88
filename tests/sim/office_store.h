/*
 * office_store.h: a store made once by `jiband init` and copied for every seed.
 *
 * Errors: false. Threads: plain functions; office_store_make forks.
 */
#ifndef JIBAN_TESTS_SIM_OFFICE_STORE_H
#define JIBAN_TESTS_SIM_OFFICE_STORE_H

#include <stdbool.h>

/* With jiband of JIBAN_TOP_BUILDDIR. policy: a file, NULL for the shipped one. */
bool office_store_make(const char *path, const char *policy);
/* The store and its keys; nobody may serve it just now. */
bool office_store_copy(const char *from, const char *to);
void office_store_remove(const char *folder);

#endif
