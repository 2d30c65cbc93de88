/*
 * walk_store.h: watches the drafts of a console's cache from outside, while keys of any kind go into it.
 *
 * Purpose: a draft that was on the disk is there as long as its command has not been given; what stands under one
 *          revision does not change; revisions do not fall.
 * Ownership: walk_store_open() takes a copy of the path's folder name; walk_store_close() frees.
 * Errors: what is lost is told in the text that walk_store_look() returns; NULL when all is well. A store that cannot be
 *         read fails the test. Threads: one.
 */
#ifndef JIBAN_TESTS_TERM_WALK_STORE_H
#define JIBAN_TESTS_TERM_WALK_STORE_H

#include "tests/term/walk_reach.h"
#include <stdbool.h>
#include <stddef.h>

enum { WALK_NUMBER = 32 };

struct walk_draft {
    char *key, *type, *body; /* key: case, type and slot */
    long long revision;
};

struct walk_store {
    char pattern[400];    /* of the folder of the cache */
    const char *password; /* of a cache that is sealed */
    struct walk_draft *draft;
    size_t n_drafts;
    char **command; /* ids and types of all that was ever confirmed, "ID type" */
    size_t n_commands;
    long long confirmed; /* number of the last one */
    char lost[2000];
};

/* home: of the console (struct desk). password: it opens the cache if that is sealed; lives as long as w. */
void walk_store_open(struct walk_store *w, const char *home, const char *password);
void walk_store_close(struct walk_store *w);
/* What was lost since the last look, or NULL; deeds: what the person did meanwhile. */
const char *walk_store_look(struct walk_store *w, struct walk_deeds deeds);
/* Does a draft hold this text now? */
bool walk_store_holds(struct walk_store *w, const char *text);
/* The number of the case that the first command which is not sent yet is about; false: there is none. */
bool walk_store_unsent(struct walk_store *w, char number[WALK_NUMBER]);

#endif
