/*
 * search.h: full text over the cases of the cache (inside core/store only).
 *
 * Purpose: one FTS5 row a case: number, titles, contents, what was said, found, noted and replied, folded (fold.h), and
 *          words of its own for what filters look for: ends of numbers and phones, codes and those above them, the person.
 *          detail=none: a pair of Han characters is a word, so most searches are one look at one list; what is longer is
 *          compared with the text that lies there.
 * When:    a first sync and a fresh start only write cases (`ready` 0); what came is indexed afterwards in small steps
 *          (search_step), so that neither the sync nor a keystroke waits. A single change is indexed at once.
 *          As long as a case is not ready, lists are searched by number and title (search_is_whole).
 * Errors:  sticky, as in db.h. Threads: as a struct store.
 */
#ifndef JIBAN_STORE_SEARCH_H
#define JIBAN_STORE_SEARCH_H

#include "core/store/db.h"
#include "core/store/filter.h"

/* Makes the tokenizer of the table known to a connection; an SQLite code. */
int search_teach(struct sqlite3 *sql);
/* The same for the store's own; ST_UNSUPPORTED: an SQLite without FTS5. */
enum status search_open(struct store *s, struct errmsg *err);
/* Of a case with all its events; replaces what was there. */
void search_write(struct store *s, int64_t row, const struct casefile *c,
                  const struct event *events, size_t n);
/* Does an event say anything that the index has? Clocks and states are not in it. */
bool search_concerns(const struct event *e);
void search_drop(struct store *s, int64_t row);
/* Is every case of the cache in the index? */
bool search_is_whole(struct store *s);

/* The FTS5 expression of a term into out; false: the index cannot answer it. *ret_compare: what it finds has to be
 * compared with the text as well. */
bool search_expression(const struct filter_node *term, struct buf *out, bool *ret_compare);

/* Has the folded text of a case (as search_write made it) what the term looks for? In SQL: jiban_has(text, needle). */
bool search_has(const char *text, const char *needle);
/* The word by which the end of a phone stands in the text, to be looked for as a whole. digits: four at least. */
const char *search_phone_word(struct arena *a, const char *digits);

#endif
