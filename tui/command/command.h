/*
 * command.h: the headless commands of jiban: one function a verb, one file a subject.
 *
 * Purpose: all of them work with no terminal at all. What they print of foreign text is cleaned.
 * Errors: a function returns the sysexits.h code with which the program ends; messages go to
 *         standard error.
 * Threads: main thread only.
 */
#ifndef JIBAN_TUI_COMMAND_H
#define JIBAN_TUI_COMMAND_H

#include "core/base/buf.h"
#include "core/base/erase.h"
#include "core/base/options.h"
#include "core/base/paths.h"
#include "core/store/context.h"
#include "core/store/store.h"
#include "core/store/work.h"
#include "core/sync/sync.h"
#include "tui/print_out.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum flag {
#define FLAG(id, name, letter, argument, help) FLAG_##id,
#include "tui/command/flags.def"
#undef FLAG
    FLAG_COUNT
};

enum { CLI_FILES_MAX = 32 };

/* Values that go into the query of a question as they are: the flag's word is the name there. */
enum cli_query {
    CLI_LEVEL,
    CLI_BY,
    CLI_SCOPE,
    CLI_MONTH,
    CLI_DAY,
    CLI_FROM,
    CLI_TO,
    CLI_CLASSES,
    CLI_CASES,
    CLI_OF,
    CLI_SET,
    CLI_FORMAT,
    CLI_OFFICIAL,
    CLI_BOM,
    CLI_QUERY_COUNT
};
extern const char *const cli_query_word[CLI_QUERY_COUNT];

struct cli {
    struct options options;
    struct context context;
    struct arena arena; /* lives as long as the program */
    struct store *store;
    char folder[PATH_SIZE];
    char device[256];
    char terminal[TERMINAL_ID + 1]; /* id of the cache; cli_line reads it */
    struct revocation revoked;      /* the server has said so in this run: terminal is not "" */
    const char *notice; /* the first thing that is wrong with the configuration; "" nothing */
    int n_notices;      /* how many are */
    const char *password_file;        /* NULL: JIBAN_PASSWORD_FILE or prompt */
    const char *files[CLI_FILES_MAX]; /* KEY=PATH of --file */
    int n_files;
    const char *attach[CLI_FILES_MAX]; /* PATH of --attach */
    int n_attach;
    const char *get;                    /* of files; NULL: not given */
    const char *query[CLI_QUERY_COUNT]; /* NULL where not given */
    bool json, offline, print, once, no_index, force, drill, readonly, whistles;
    long limit;                                          /* 0: none */
    const char *view;                                    /* of list; NULL: not given */
    const char *sort;                                    /* of list; NULL: not given */
    const char *category, *street, *point, *owner, *day; /* of propose; NULL: not given */
    const char *output; /* of what writes files; NULL: standard output */
    const char *at;     /* of clock; NULL: not given */
    char **args;        /* after the verb */
    int n_args;
};

/* --- shared by the verbs (cli.c) ------------------------------------------------------------ */
/* Folder of the cache of this server and user: made from both names. ST_INVALID if either is
 * missing. */
enum status cli_folder(struct cli *c, struct errmsg *err);
/* Asks for the password of a sealed cache, up to three times; it is kept for cli_password. Any other cache: nothing to do. */
enum status cli_unlock(struct cli *c, struct errmsg *err);
/* Opens the cache (a sealed one after cli_unlock) and loads the context. */
enum status cli_open(struct cli *c, enum store_mode mode, struct errmsg *err);
void cli_close(struct cli *c);
/* "jiban: message", cleaned; returns the exit code of st. */
/* One message to standard error, cleaned: what was typed or read may stand in it. */
void cli_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int cli_fail(enum status st, const struct errmsg *err);
/* Foreign text as one line, cleaned for where standard output goes. */
void cli_print(const char *foreign);
/* Lines, each with indent before it. */
void cli_print_text(const char *foreign, const char *indent);
/* The same two into a buffer. */
void cli_put(struct buf *out, const char *foreign);
void cli_put_text(struct buf *out, const char *foreign, const char *indent);
bool cli_ascii(void); /* locale C: nothing else can be printed */
/* JSON text; on a terminal every character that is not printable is escaped. */
void cli_print_json(const struct buf *json);
void cli_print_board(const struct assess_board *b);
void cli_print_tally(const struct tally_board *t);
/* "2026-11-24 14:05" in +08:00. */
const char *cli_time(struct cli *c, int64_t ms);
int64_t cli_server_now(struct cli *c); /* our clock plus the known offset */
/* The line as the configuration describes it; without a password. */
struct sync_options cli_line(struct cli *c);
/* Password for a log-in; ST_UNAUTHORIZED when there is none (no file, no terminal). Static, call
 * cli_forget_password after. */
enum status cli_password(struct cli *c, const char **ret, struct errmsg *err);
/* Would cli_password ask nobody? */
bool cli_has_password(const struct cli *c);
void cli_forget_password(void);
/* One cycle over the line: waits for its end. ST_OK only when everything was exchanged. */
enum status cli_sync_once(struct cli *c, struct sync_report *ret, struct errmsg *err);

/* The server has revoked this terminal (c->revoked): what was not sent is sealed, the cache destroyed, the sealed file
 * handed in. Says what became of it; returns the code to end with (revoked.c). */
int cli_revoked(struct cli *c);
/* Goes on where that was cut off, in an earlier run. ST_DENIED: the cache was destroyed only now; else work goes on. */
enum status cli_revoked_before(struct cli *c, bool line, struct errmsg *err);
/* Shows all of it on practice data (drill.c); returns the code to end with. */
int command_drill(struct cli *c);
/* The log and files that were laid out (wipe.c). */
enum status wipe_rest(struct erased *total, struct errmsg *err);

/* Number of the case, else its UUID (outbox.c). */
const char *cli_number(struct cli *c, const struct uuid *id);

/* Says no where the rules already say so, as the screen would; ST_OK while nothing was synced yet (do.c). */
enum status cli_predict(struct cli *c, const struct casefile *shown, const struct command *command,
                        struct errmsg *err);

/* --- what leaves the console (rows.c, list.c, output.c) ---------------------------------------- */
/* The query of --view, the filter words and --sort; ST_INVALID names the view or word. The cache is open. */
enum status cli_filter(struct cli *c, struct query *ret, struct errmsg *err);
/* Hands over row after row, at most --limit. */
enum status cli_rows(struct cli *c, const struct query *q, print_row_function *row, void *self,
                     struct errmsg *err);
/* What print_out.h needs; the cache is open. */
struct print_out cli_print_out(struct cli *c);
/* To --output, which must not be there yet (ST_CONFLICT), else to standard output. */
enum status output_check(const struct cli *c, struct errmsg *err);
enum status output_write(struct cli *c, const struct buf *text, struct errmsg *err);
/* The same for what is UTF-8 by its own rules (HTML as made here, iCalendar), whatever the locale. */
enum status output_write_utf8(struct cli *c, const struct buf *text, struct errmsg *err);

/* --- verbs ---------------------------------------------------------------------------------- */
#define VERB(id, word, arguments, function, help) int function(struct cli *c);
#include "tui/command/verbs.def"
#undef VERB

/* The screen itself: `jiban` without a verb. practice_user NULL for live work. */
int command_console(struct cli *c, bool practice);

#endif
