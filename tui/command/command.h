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
#include "core/base/options.h"
#include "core/base/paths.h"
#include "core/store/context.h"
#include "core/store/store.h"
#include "core/sync/sync.h"
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
    const char *password_file;        /* NULL: JIBAN_PASSWORD_FILE or prompt */
    const char *files[CLI_FILES_MAX]; /* KEY=PATH of --file */
    int n_files;
    const char *query[CLI_QUERY_COUNT]; /* NULL where not given */
    bool json, offline, print, no_index;
    long limit;                                          /* 0: none */
    const char *view;                                    /* of list; NULL: not given */
    const char *category, *street, *point, *owner, *day; /* of propose; NULL: not given */
    const char *at;                                      /* of clock; NULL: not given */
    char **args;                                         /* after the verb */
    int n_args;
};

/* --- shared by the verbs (cli.c) ------------------------------------------------------------ */
/* Folder of the cache of this server and user: made from both names. ST_INVALID if either is
 * missing. */
enum status cli_folder(struct cli *c, struct errmsg *err);
/* Opens the cache and loads the context. */
enum status cli_open(struct cli *c, enum store_mode mode, struct errmsg *err);
void cli_close(struct cli *c);
/* "jiban: message", cleaned; returns the exit code of st. */
/* One message to standard error, cleaned: what was typed or read may stand in it. */
void cli_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int cli_fail(enum status st, const struct errmsg *err);
/* Foreign text as one line, cleaned for where standard output goes. */
void cli_print(const char *foreign);
void cli_print_text(const char *foreign,
                    const char *indent); /* lines, each with indent before it */
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
void cli_forget_password(void);
/* One cycle over the line: waits for its end. ST_OK only when everything was exchanged. */
enum status cli_sync_once(struct cli *c, struct sync_report *ret, struct errmsg *err);

/* --- verbs ---------------------------------------------------------------------------------- */
#define VERB(id, word, arguments, function, help) int function(struct cli *c);
#include "tui/command/verbs.def"
#undef VERB

/* The screen itself: `jiban` without a verb. practice_user NULL for live work. */
int command_console(struct cli *c, bool practice);

#endif
