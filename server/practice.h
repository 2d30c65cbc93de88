/*
 * practice.h: what a store for practice has beside its cases: reply templates of offices (data/templates.json).
 *
 * Errors: name the template that is refused. Threads: those of service.h.
 */
#ifndef JIBAN_SERVER_PRACTICE_H
#define JIBAN_SERVER_PRACTICE_H

#include "server/service.h"

/* Written by the people named there, for their offices. */
enum status practice_templates(struct service *s, struct errmsg *err);

#endif
