/*
 * libcurl.h: libcurl, loaded when the first line is opened.
 *
 * Purpose: it brings some thirty libraries along (TLS, Kerberos, LDAP), and to load them with the program took a third of
 *          all instructions before the first row. The rows come from the cache; the thread of the line loads it beside them.
 * Ownership: a library stays loaded until the process ends. Errors: ST_UNSUPPORTED, with what the loader says.
 * Threads: any; who loads it for others holds a lock.
 */
#ifndef JIBAN_SYNC_LIBCURL_H
#define JIBAN_SYNC_LIBCURL_H

#include "core/base/status.h"
#include <curl/curl.h>

struct libcurl {
#define CALL(name) __typeof__(curl_##name) *name;
#include "core/sync/libcurl.def"
#undef CALL
};

/* file: as dlopen(3) looks for it; CURL_SONAME is the one that the headers belong to. */
enum status libcurl_load(const char *file, struct libcurl *ret, struct errmsg *err);

#endif
