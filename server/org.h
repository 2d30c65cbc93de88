/*
 * org.h: the organisation file (data/org.json is the shipped one) and the categories, flattened into the document
 * that /v1/people serves.
 *
 * Errors: ST_INVALID names the place in the file.
 */
#ifndef JIBAN_SERVER_ORG_H
#define JIBAN_SERVER_ORG_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/case/reference.h"

/* json: nested districts -> streets -> communities, sections; departments; people. tsv: categories.tsv. */
enum status org_flatten(const char *json, size_t n, const char *tsv, size_t tsv_n, struct arena *a,
                        struct reference *ret, struct errmsg *err);

#endif
