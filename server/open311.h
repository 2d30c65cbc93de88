/*
 * open311.h: Open311 GeoReport v2: citizens' clients that were never written for jiban file a complaint
 * and follow it.
 *
 * Purpose: the calls below /open311/v2 (routes.def), each answered as XML or JSON, as its path ends; errors too.
 *          /open311/test/v2 is the same, but a POST is checked and answered and leaves nothing.
 * Personal data never comes out: only cases that came this way and are not secret are told of; what
 *          looks like a name, a number of a person or a mail address is masked, places are those of the street.
 * Source: https://wiki.open311.org/GeoReport_v2
 * Threads: may be called from any thread.
 */
#ifndef JIBAN_SERVER_OPEN311_H
#define JIBAN_SERVER_OPEN311_H

#include "server/requests.h"
#include "server/route.h"
#include "server/tree.h"

enum {
    OPEN311_DESCRIPTION = 4000, /* characters, of the specification */
    OPEN311_REPEAT_S = 10 * 60  /* the same post again within these is the same request */
};

bool open311_path(const char *path);
/* Length of ".xml" or ".json" at the end of a path, 0 for another end. */
size_t open311_ending(const char *path);
/* Without doubled slashes and without "test" behind /open311, which clients may put there. */
const char *open311_plain(const char *path, struct arena *a, bool *ret_test);

/* An answer that names faults, in the format of the path; its status is that of the first. */
enum { OPEN311_FAULTS = 16 };
struct refusals {
    size_t n;
    struct {
        int status;
        const char *text;
    } fault[OPEN311_FAULTS];
};
void refusals_add(struct refusals *f, int status, const char *text);
void open311_faults(struct route_response *r, const char *path, const struct refusals *f);
void open311_refuse(struct route_response *r, const char *path, int status, const char *text);
void open311_send(struct call *c, const struct node *root);

/* Category of a service code, NULL when there is none. */
const struct category *open311_category(const struct reference *r, const char *service_code);
/* Street of an attribute's key, its bare code or its name; NULL when there is none. */
const struct unit *open311_street(const struct reference *r, const char *key);

void open311_discovery(struct call *c);
void open311_services(struct call *c);
void open311_definition(struct call *c);
void open311_requests(struct call *c);
void open311_request(struct call *c);
void open311_token(struct call *c);
void open311_post(struct call *c);

/* open311_mask.c: text of a case for the public: names, addresses, mail and runs of digits become ***. */
const char *open311_masked(const char *text, const struct casefile *c, struct arena *a);
/* Degrees as a number of JSON, cut to three decimals, about 100 m; "" for what is none. */
const char *open311_degrees(const char *text, struct arena *a);

#endif
