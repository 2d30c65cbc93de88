/*
 * tree.h: an answer of Open311 as a tree that is printed as XML or as JSON, so that the two cannot differ.
 *
 * Purpose: JSON follows from the XML by the Spark rule: the root element disappears, a list becomes an array
 *          also with one item or none, an empty element becomes null.
 * Ownership: nodes and texts lie in the arena.
 * Errors: those of the arena: ask arena_failed before printing; a tree out of a full arena must not be printed.
 * Threads: no shared state.
 */
#ifndef JIBAN_SERVER_TREE_H
#define JIBAN_SERVER_TREE_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include <stdint.h>

enum node_kind {
    NODE_TEXT, /* in JSON a string: ids and codes too, as clients turn what looks like a number into one */
    NODE_BARE, /* in JSON a number, true or false: text is our own */
    NODE_OBJECT,
    NODE_LIST /* its children bear one name */
};
struct node {
    const char *name, *text;
    enum node_kind kind;
    struct node *first, *last, *next;
};

/* parent NULL: a root. */
struct node *tree_object(struct arena *a, struct node *parent, const char *name);
struct node *tree_list(struct arena *a, struct node *parent, const char *name);
/* Foreign text: cleaned here, and empty where it is all blank. */
void tree_text(struct arena *a, struct node *parent, const char *name, const char *text);
void tree_bare(struct arena *a, struct node *parent, const char *name, const char *text);
void tree_time(struct arena *a, struct node *parent, const char *name,
               int64_t ms); /* to the second, +08:00 */

void tree_print(struct buf *out, const struct node *root, bool json);

#endif
