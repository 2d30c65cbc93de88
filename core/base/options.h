/*
 * options.h: every setting of the console and of the server, one table (options.def).
 *
 * The table gives name, type, range, default and text; the config reader (libinih), --help,
 * jiban.conf(5) and completion come from it or are checked against it.
 * Precedence: command line, environment, file named by --config or config.ini in PATH_CONFIG,
 * default.
 * Errors: ST_INVALID names file, line and key. Unknown keys are warned about, not fatal.
 */
#ifndef JIBAN_BASE_OPTIONS_H
#define JIBAN_BASE_OPTIONS_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/status.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum option_type { OPTION_STRING, OPTION_BOOL, OPTION_INT, OPTION_ENUM, OPTION_PATH };

/* OPTION(id, section, name, type, default text, low, high, choices or NULL, help) */
enum option_id {
#define OPTION(id, section, name, type, def, low, high, choices, help) OPT_##id,
#include "core/base/options.def"
#undef OPTION
    OPTION_COUNT
};

struct option_row {
    const char *section, *name;
    enum option_type type;
    const char *def;
    int64_t low, high;
    const char *choices; /* "a|b|c" for OPTION_ENUM */
    const char *help;    /* N_() */
};
extern const struct option_row option_table[OPTION_COUNT];

/* One line of a section that somebody else reads. ST_INVALID: told by warn, and passed over. */
typedef enum status options_line(const char *name, const char *value, const char *from,
                                 struct errmsg *err);

typedef void options_decode(struct buf *out, const char *bytes, size_t n);

enum { OPTIONS_OTHERS = 2 };

struct options {
    struct arena arena;
    struct {
        const char *section; /* handed to line; NULL: none */
        options_line *line;
    } other[OPTIONS_OTHERS];
    options_decode *decode;         /* makes UTF-8 of a whole file; NULL: it is UTF-8 */
    const char *text[OPTION_COUNT]; /* never NULL */
    const char *from[OPTION_COUNT]; /* "default", "file:line", "environment", "command line" */
};

void options_init(struct options *o);
void options_release(struct options *o);
/* Reads an ini file. A missing file is ST_NOT_FOUND. warn(text, user) hears of unknown keys. */
enum status options_read_file(struct options *o, const char *path,
                              void (*warn)(const char *text, void *user), void *user,
                              struct errmsg *err);
enum status options_set(struct options *o, enum option_id id, const char *value, const char *from,
                        struct errmsg *err);
int64_t option_int(const struct options *o, enum option_id id);
bool option_bool(const struct options *o, enum option_id id);
const char *option_text(const struct options *o, enum option_id id);

#endif
