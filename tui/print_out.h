/*
 * print_out.h: a case or a list as it leaves the console: as text, for paper or for another program.
 *
 * Purpose: one way for the verbs (tui/command) and for the screen. Foreign text is cleaned, personal values are masked.
 *          That a case leaves is recorded on it (domain 13): whoever writes one queues print_disclosure() before.
 * Ownership: what is made on the way lies in the arena; the text goes to the caller's buffer, with its errors.
 * Errors: those of the store; ST_REFUSED: the rules say no. Threads: those of the store's handle.
 */
#ifndef JIBAN_TUI_PRINT_OUT_H
#define JIBAN_TUI_PRINT_OUT_H

#include "core/base/buf.h"
#include "core/store/context.h"
#include "core/store/store.h"

struct print_out {
    struct store *store;
    const struct context *context;
    struct arena *arena;
    int64_t now_ms; /* server's time */
    bool ascii;     /* for a locale that has nothing else */
};

/* --- pieces --- */
/* One line of foreign text. */
void print_put(struct buf *out, const char *foreign, bool ascii);
/* Lines, each with indent before it. */
void print_put_text(struct buf *out, const char *foreign, const char *indent, bool ascii);
/* "2026-11-24 14:05" in +08:00; "-" for TIME_NONE. */
const char *print_time(struct arena *a, int64_t ms);
/* Begin and end of an HTML page that needs no other file; what stands between is escaped by the caller. */
void html_begin(struct buf *out, const char *title);
void html_end(struct buf *out);
/* Says no where the rules already say so, as the screen would; ST_OK while nothing was synced yet. */
enum status print_predict(const struct context *context, struct arena *a,
                          const struct casefile *shown, const struct command *command,
                          struct errmsg *err);

/* --- a case (print_case.c) --- */
/* With its clocks and its history. */
void case_text(const struct print_out *o, const struct case_view *v, struct buf *out);
/* Text in pages with heads, or as HTML. */
void print_sheet(const char *title, const struct buf *body, bool html, struct buf *out);
/* The case as such a sheet. */
void print_case(const struct print_out *o, const struct case_view *v, bool html, struct buf *out);
/* The command that says that the case was printed; ST_REFUSED: this person may not. */
enum status print_disclosure(const struct print_out *o, const struct case_view *v,
                             struct uuid_source *ids, struct command *ret, struct errmsg *err);

/* --- a list (print_list.c) --- */
enum print_form { PRINT_TEXT, PRINT_CSV, PRINT_NDJSON, PRINT_HTML, PRINT_FORMS };
/* "text", "csv", "ndjson", "html"; PRINT_FORMS: none of them. */
enum print_form print_form_find(const char *word);
/* Hands over row after row, at most limit (0: all); a row lives as long as the call. */
typedef void print_row_function(void *self, const struct case_row *row);
enum status print_rows(struct store *s, const struct query *q, long limit, print_row_function *row,
                       void *self, struct errmsg *err);
/* One row as a line of JSON. */
void list_json(struct buf *to, const struct case_row *row);
/* ret_n, if not NULL: how many rows it has. */
enum status print_table(const struct print_out *o, const struct query *q, long limit,
                        enum print_form form, struct buf *out, size_t *ret_n, struct errmsg *err);

#endif
