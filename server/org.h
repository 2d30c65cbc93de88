/*
 * org.h: the organisation file (data/org.json is the shipped one) and the categories, flattened into the document
 * that /v1/people serves.
 *
 * Errors: faults name the place in the file.
 */
#ifndef JIBAN_SERVER_ORG_H
#define JIBAN_SERVER_ORG_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/faults.h"
#include "core/case/reference.h"

/* json: nested districts -> streets -> communities, sections; departments; people; or the flat form that `org show`
 * prints, with its own categories. categories: of the nested form. All that is wrong is added to f; ret holds what
 * could be read, sorted. */
void org_read(const char *json, size_t n, const struct reference *categories, struct reference *ret,
              struct faults *f);
/* tsv: categories.tsv. Fills the categories of ret, sorted. */
enum status org_categories(const char *tsv, size_t n, struct arena *a, struct reference *ret,
                           struct errmsg *err);
/* Both at once, the first fault is the error. */
enum status org_flatten(const char *json, size_t n, const char *tsv, size_t tsv_n, struct arena *a,
                        struct reference *ret, struct errmsg *err);

#endif
