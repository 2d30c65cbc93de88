/*
 * main.c: jiban: reads the command line and the configuration, then opens the screen or runs one
 * headless command.
 */
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/base/version.h"
#include "core/text/charset.h"
#include "core/text/width.h"
#include "tui/app.h"
#include "tui/command/command.h"
#include "tui/decode.h"
#include "tui/keymap.h"
#include "tui/saved.h"
#include "tui/streams.h"
#include "tui/surface.h"
#include <errno.h>
#include <getopt.h>
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

static const struct flag_row {
    const char *name, *argument, *help;
    int letter;
} flag_table[FLAG_COUNT] = {
#define FLAG(id, long_name, short_letter, argument_name, text)                                     \
    {.name = long_name, .letter = short_letter, .argument = argument_name, .help = text},
#include "tui/command/flags.def"
#undef FLAG
};

static const struct verb_row {
    const char *word, *arguments, *help;
    int (*run)(struct cli *c);
} verb_table[] = {
#define VERB(id, verb, args, function, text)                                                       \
    {.word = verb, .arguments = args, .help = text, .run = function},
#include "tui/command/verbs.def"
#undef VERB
};
enum { VERB_COUNT = sizeof verb_table / sizeof *verb_table };

static void print_help(FILE *to)
{
    fprintf(to, "%s\n",
            _("usage: jiban [--server URL] [--user NAME] [--config FILE]\n"
              "       jiban WORD [ARGUMENT...] [OPTION...]"));
    fprintf(to, "\n%s\n", _("Without a word the console opens. Words:"));
    for (int i = 0; i < VERB_COUNT; i++)
        fprintf(to, "  %s %s\n      %s\n", verb_table[i].word, verb_table[i].arguments,
                _(verb_table[i].help));
    fprintf(to, "\n%s\n", _("Options:"));
    for (int i = 0; i < FLAG_COUNT; i++) {
        const struct flag_row *f = &flag_table[i];
        char names[64];
        snprintf(names, sizeof names, "%s%c%s--%s%s%s", f->letter ? "-" : " ",
                 f->letter ? f->letter : ' ', f->letter ? ", " : "  ", f->name,
                 f->argument ? " " : "", f->argument ? f->argument : "");
        fprintf(to, "  %-28s %s\n", names, _(f->help));
    }
    fprintf(to, "\n%s\n",
            _("The password comes from a prompt, --password-file or JIBAN_PASSWORD_FILE.\n"
              "Exit codes follow sysexits.h; 75 means: queued, not sent yet."));
}

static void warn_key(const char *text, void *user)
{
    struct cli *c = user;
    if (c->n_notices++ == 0)
        c->notice = arena_strdup(&c->arena, text);
    cli_say("%s", text);
}

/* Keys that now belong to two actions; those of the table come back. */
static void look_for_clashes(struct cli *c)
{
    struct errmsg err;
    while (keymap_undo_clash(&err))
        warn_key(err.text, c);
}

/* An argument in UTF-8. */
static const char *decoded(struct cli *c, const char *argument)
{
    struct buf text;
    buf_init(&text, SIZE_MAX / 2);
    charset_decode(&text, argument, strlen(argument));
    const char *ret = arena_strdup(&c->arena, text.data);
    buf_release(&text);
    return ret;
}

/* Names of files and sockets are bytes that the system knows, in no encoding. */
static bool is_text(const struct flag_row *f)
{
    return f->argument && strcmp(f->argument, "FILE") != 0 &&
           strcmp(f->argument, "KEY=PATH") != 0 && strcmp(f->argument, "URL") != 0;
}

/* getopt's tables come from flags.def. */
static int read_flags(struct cli *c, int argc, char **argv, const char *values[FLAG_COUNT])
{
    struct option longs[FLAG_COUNT + 1];
    char shorts[FLAG_COUNT * 2 + 2] = ":";
    size_t n = 1;
    int got;
    memset(longs, 0, sizeof longs);
    for (int i = 0; i < FLAG_COUNT; i++) {
        longs[i] =
            (struct option){.name = flag_table[i].name,
                            .has_arg = flag_table[i].argument ? required_argument : no_argument,
                            .val = 256 + i};
        if (flag_table[i].letter) {
            shorts[n++] = (char)flag_table[i].letter;
            if (flag_table[i].argument)
                shorts[n++] = ':';
        }
    }
    shorts[n] = '\0';
    while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        int flag = got - 256;
        for (int i = 0; got < 256 && i < FLAG_COUNT; i++)
            if (flag_table[i].letter == got)
                flag = i;
        if (flag < 0) {
            cli_say(got == ':' ? _("%s needs a value.")
                               : _("There is no option %s; jiban --help lists them."),
                    argv[optind - 1]);
            return EX_USAGE;
        }
        if (flag == FLAG_FILE) {
            if (c->n_files == CLI_FILES_MAX) {
                cli_say(_("--file is given too often: %s"), optarg);
                return EX_USAGE;
            }
            c->files[c->n_files++] = optarg;
        }
        if (flag == FLAG_ATTACH) {
            if (c->n_attach == CLI_FILES_MAX) {
                cli_say(_("--attach is given too often: %s"), optarg);
                return EX_USAGE;
            }
            c->attach[c->n_attach++] = optarg;
        }
        values[flag] = !optarg ? "" : is_text(&flag_table[flag]) ? decoded(c, optarg) : optarg;
    }
    if (values[FLAG_LIMIT]) {
        char *end;
        c->limit = strtol(values[FLAG_LIMIT], &end, 10);
        if (*end || c->limit < 1) {
            cli_say(_("--limit takes a number from 1 on, not \"%s\"."), values[FLAG_LIMIT]);
            return EX_USAGE;
        }
    }
    return EX_OK;
}

static enum status read_config(struct cli *c, const char *values[FLAG_COUNT], struct errmsg *err)
{
    char path[PATH_SIZE];
    enum status st = ST_OK;
    c->options.other[0].section = "keys";
    c->options.other[0].line = keymap_set;
    c->options.other[1].section = "views";
    c->options.other[1].line = saved_config_line;
    c->options.decode = charset_decode_file;
    if (values[FLAG_CONFIG]) {
        st = options_read_file(&c->options, values[FLAG_CONFIG], warn_key, c, err);
    } else if (path_user(PATH_CONFIG, "config.ini", path, NULL) == ST_OK) {
        st = options_read_file(&c->options, path, warn_key, c, err);
        if (st == ST_NOT_FOUND)
            st = ST_OK; /* the usual file need not be there */
    }
    look_for_clashes(c);
    static const struct {
        enum flag flag;
        enum option_id option;
    } same[] = {{FLAG_SERVER, OPT_SERVER}, {FLAG_USER, OPT_USER}, {FLAG_LANGUAGE, OPT_LANGUAGE}};
    if (st == ST_OK && values[FLAG_LOW_BANDWIDTH])
        st = options_set(&c->options, OPT_LOW_BANDWIDTH, "yes", "command line", err);
    for (size_t i = 0; st == ST_OK && i < sizeof same / sizeof *same; i++)
        if (values[same[i].flag])
            st =
                options_set(&c->options, same[i].option, values[same[i].flag], "command line", err);
    if (st == ST_OK && values[FLAG_LINEAR])
        st = options_set(&c->options, OPT_LINEAR, "yes", "command line", err);
    c->password_file = values[FLAG_PASSWORD_FILE];
    c->json = values[FLAG_JSON] != NULL;
    c->view = values[FLAG_VIEW];
    c->sort = values[FLAG_SORT];
    c->category = values[FLAG_CATEGORY];
    c->street = values[FLAG_STREET];
    c->point = values[FLAG_POINT];
    c->owner = values[FLAG_OWNER];
    c->day = values[FLAG_DAY];
    c->at = values[FLAG_AT];
    c->once = values[FLAG_ONCE] != NULL;
    c->output = values[FLAG_OUTPUT];
    c->get = values[FLAG_GET];
    c->offline = values[FLAG_OFFLINE] != NULL;
    c->no_index = values[FLAG_NO_INDEX] != NULL;
    c->print = values[FLAG_PRINT] != NULL;
    c->readonly = values[FLAG_READONLY] != NULL;
    c->force = values[FLAG_FORCE] != NULL;
    c->drill = values[FLAG_DRILL] != NULL;
    c->whistles = values[FLAG_WHISTLES] != NULL;
    for (int i = 0; i < CLI_QUERY_COUNT; i++)
        for (int k = 0; k < FLAG_COUNT; k++)
            if (strcmp(flag_table[k].name, cli_query_word[i]) == 0)
                c->query[i] = values[k] && !flag_table[k].argument ? "yes" : values[k];
    return st;
}

/* Fonts of terminals with another encoding than UTF-8 have frames in two cells, or none. */
static bool wants_ascii(const struct options *o)
{
    const char *frame = option_text(o, OPT_FRAME);
    return strcmp(frame, "auto") == 0 ? !charset_utf8() : strcmp(frame, "ascii") == 0;
}

/* What a person types here is not for other users of the host: no core file, no tracing. */
static void protect(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifndef JIBAN_TEST_HOOKS
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

int command_console(struct cli *c, bool practice)
{
    struct errmsg err = {{0}};
    struct app_config app = {.options = &c->options,
                             .store = c->store,
                             .context = &c->context,
                             .clock = &clock_system,
                             .random = &random_system,
                             .device = c->device,
                             .self = "/proc/self/exe",
                             .practice = practice,
                             .readonly = c->readonly,
                             .revoked = &c->revoked,
                             .notice = c->notice};
    if (c->print) {
        struct buf out;
        buf_init(&out, 1 << 20);
        int code = app_print_first(&app, 80, 24, &out);
        fwrite(out.data, 1, out.len, stdout);
        buf_release(&out);
        return code;
    }
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        fprintf(stderr, "%s\n",
                _("jiban: the console needs a terminal. Without one these work: jiban sync, list, "
                  "show, do, outbox, conflicts, doctor (see jiban --help)."));
        return EX_USAGE;
    }
    struct sync_options o = cli_line(c);
    bool shares = option_bool(&c->options, OPT_PRESENCE);
#if SABOTAGE == 306
    shares = true; /* Damage: who wants to tell nothing is told of all the same. */
#endif
    if (!practice && shares)
        o.presence = option_bool(&c->options, OPT_LOW_BANDWIDTH) ? PRESENCE_TELL : PRESENCE_ON;
    /* a password from a file, or by which the cache was opened, needs no question; else the login screen asks */
    enum status st = ST_OK;
    if (cli_has_password(c))
        st = cli_password(c, &o.password, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    app.line = &o;
    app.line_has_password = cli_forget_password;
    int code = app_run(&app);
    cli_forget_password();
    return code;
}

/* Characters that the locale lacks. */
static void tell_lost(void)
{
    unsigned long n = (unsigned long)streams_lost();
    if (n == 0)
        return;
    cli_say(ngettext(
                "%d character is not in the character set of the locale (%s) and stands as ?.",
                "%d characters are not in the character set of the locale (%s) and stand as ?.", n),
            (int)n, nl_langinfo(CODESET));
}

/* What was printed must have arrived: a full disk behind a pipe or a file is a failure. */
static int finish(int code)
{
    FILE *bytes = streams_bytes();
    if (fflush(stdout) == 0 && !ferror(stdout) && fflush(bytes) == 0 && !ferror(bytes)) {
        tell_lost();
        return code;
    }
    cli_say(_("Cannot write the output: %s"), strerror(errno));
    return code == EX_OK ? EX_IOERR : code;
}

static int open_console(struct cli *c)
{
    struct errmsg err = {{0}};
    if (!c->print && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
        return command_console(c, false);
    enum status st = cli_open(c, STORE_OWNER, &err);
    return st == ST_OK ? command_console(c, false) : cli_fail(st, &err);
}

int main(int argc, char **argv)
{
    const char *values[FLAG_COUNT] = {0};
    struct errmsg err = {{0}};
    struct cli c = {.notice = ""};
    int decoded_code;
    protect();
    if (decode_main(argc, argv, &decoded_code))
        _exit(decoded_code);  /* nothing is open that would have to be closed */
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit is an error of the write, not an end */
    i18n_init(NULL);
    streams_open();
    options_init(&c.options);
    arena_init(&c.arena, 0);
    context_init(&c.context);
    if (gethostname(c.device, sizeof c.device - 1) != 0)
        snprintf(c.device, sizeof c.device, "unknown");
    int code = read_flags(&c, argc, argv, values);
    enum status st = code == EX_OK ? read_config(&c, values, &err) : ST_OK;
    i18n_init(*option_text(&c.options, OPT_LANGUAGE) ? option_text(&c.options, OPT_LANGUAGE)
                                                     : NULL);
    surface_set_ascii(wants_ascii(&c.options));
    width_set_ambiguous((int)option_int(&c.options, OPT_AMBIGUOUS));
    if (code != EX_OK) {
        ; /* it has been said */
    } else if (values[FLAG_HELP]) {
        print_help(stdout);
    } else if (values[FLAG_VERSION]) {
        printf("jiban %s\n", jiban_version());
    } else if (st != ST_OK) {
        cli_fail(st, &err);
        code = st == ST_NOT_FOUND ? EX_NOINPUT : EX_CONFIG;
    } else if (optind == argc) {
        code = open_console(&c);
    } else {
        const struct verb_row *verb = NULL;
        for (int i = 0; i < VERB_COUNT; i++)
            if (strcmp(verb_table[i].word, argv[optind]) == 0)
                verb = &verb_table[i];
        c.args = argv + optind + 1;
        c.n_args = argc - optind - 1;
        for (int i = 0; i < c.n_args; i++)
            c.args[i] = (char *)(uintptr_t)decoded(&c, c.args[i]);
        if (verb) {
            code = verb->run(&c);
        } else {
            cli_say(_("There is no \"%s\"; jiban --help lists what there is."), argv[optind]);
            code = EX_USAGE;
        }
    }
    if (c.revoked.terminal[0])
        code = cli_revoked(&c);
    cli_close(&c);
    context_release(&c.context);
    arena_release(&c.arena);
    options_release(&c.options);
    saved_config_clear();
    return finish(code);
}
