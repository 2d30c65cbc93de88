#include "tui/command/command.h"
#include "tui/streams.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/store/seal.h"
#include "core/text/charset.h"
#include "core/text/clean.h"
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum { PASSWORD_MAX = 1024, LOG_BYTES = 1024 * 1024, CYCLE_SECONDS = 120, FOLDER_NAME = 120 };

static char password[PASSWORD_MAX];

const char *const cli_query_word[CLI_QUERY_COUNT] = {
    [CLI_LEVEL] = "level",
    [CLI_BY] = "by",
    [CLI_SCOPE] = "scope",
    [CLI_MONTH] = "month",
    [CLI_DAY] = "day",
    [CLI_FROM] = "from",
    [CLI_TO] = "to",
    [CLI_CLASSES] = "classes",
    [CLI_CASES] = "cases",
    [CLI_OF] = "of",
    [CLI_SET] = "set",
    [CLI_FORMAT] = "format",
    [CLI_OFFICIAL] = "official",
    [CLI_BOM] = "bom",
};

enum status cli_folder(struct cli *c, struct errmsg *err)
{
    const char *server = option_text(&c->options, OPT_SERVER);
    const char *user = option_text(&c->options, OPT_USER);
    char name[PATH_SIZE];
    if (!*server)
        return fail(err, ST_INVALID,
                    _("No server is named. Give --server URL or set url under [server] in the "
                      "configuration."));
    if (!*user)
        return fail(err, ST_INVALID,
                    _("No user is named. Give --user NAME or set user under [server] in the "
                      "configuration."));
    /* Readable for people, and unlike for unlike servers: FNV-1a over the exact address. */
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *p = server; *p; p++)
        hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
    int n = snprintf(name, sizeof name, "%.60s@%.60s", user, server);
    for (int i = 0; i < n; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '.' && name[i] != '-' && name[i] != '@')
            name[i] = '_';
    name[FOLDER_NAME] = '\0';
    char full[FOLDER_NAME + 32];
    snprintf(full, sizeof full, "%.120s-%08" PRIx32, name, (uint32_t)(hash ^ (hash >> 32)));
    return path_user(PATH_DATA, full, c->folder, err);
}

/* The log is a help, no need: without it work goes on. */
static const char *password_path(const struct cli *c)
{
    const char *path = c->password_file ? c->password_file : getenv("JIBAN_PASSWORD_FILE");
    return path && *path ? path : NULL;
}

static void open_log(struct cli *c)
{
    static const char *const words[] = {"error", "warning", "info", "debug"};
    char folder[PATH_SIZE], path[PATH_SIZE + 16], before[PATH_SIZE + 32];
    struct stat info;
    enum log_level level = LOG_INFO;
    for (int i = 0; i < 4; i++)
        if (strcmp(option_text(&c->options, OPT_LOG_LEVEL), words[i]) == 0)
            level = (enum log_level)i;
    if (path_user(PATH_STATE, "", folder, NULL) != ST_OK ||
        path_make_private(folder, NULL) != ST_OK)
        return;
    snprintf(path, sizeof path, "%s/jiban.log", folder);
    snprintf(before, sizeof before, "%s.1", path);
    if (lstat(path, &info) == 0 && info.st_size > LOG_BYTES)
        rename(path, before);
    log_open(path, level, &clock_system, NULL);
}

enum status cli_unlock(struct cli *c, struct errmsg *err)
{
    enum { TRIES = 3 };
    enum status st = ST_OK;
    if (!store_sealed(c->folder) || store_unlocked(c->folder))
        return ST_OK;
    for (int i = 0; i < TRIES; i++) {
        const char *typed = "";
        st = cli_password(c, &typed, err);
        if (st != ST_OK || (st = store_unlock(c->folder, typed, err)) == ST_OK)
            return st;
        cli_forget_password();
        if (st != ST_DENIED || password_path(c))
            return st; /* a file says the same again */
        if (i + 1 < TRIES)
            cli_say("%s", err->text);
    }
    return st;
}

enum status cli_open(struct cli *c, enum store_mode mode, struct errmsg *err)
{
    enum status st = ST_OK;
    if (!c->folder[0])
        st = cli_folder(c, err);
    if (st == ST_OK)
        open_log(c);
    if (st == ST_OK)
        st = cli_revoked_before(c, mode == STORE_OWNER && !c->offline, err);
    if (st == ST_OK)
        st = cli_unlock(c, err);
    if (st == ST_OK)
        st = store_open(c->folder, mode, &clock_system, &c->store, err);
    if (st == ST_OK)
        st = context_load(&c->context, c->store, c->device, err);
    return st;
}

void cli_close(struct cli *c)
{
    store_close(c->store);
    c->store = NULL;
}

bool cli_ascii(void)
{
    return charset_ascii();
}

/* Where only ASCII can be shown its gate replaces what is not; elsewhere standard output does that by itself. */
static void put_clean(struct buf *out, struct clean text)
{
    streams_note_lost(clean_plain(out, text, cli_ascii()));
}

static void print_clean(FILE *to, struct clean text)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    put_clean(&out, text);
    fwrite(out.data, 1, out.len, to);
    buf_release(&out);
}

void cli_say(const char *fmt, ...)
{
    char text[2 * ERRMSG_SIZE];
    struct arena a;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    arena_init(&a, 0);
    fputs("jiban: ", stderr);
    print_clean(stderr, text_clean_str(&a, text, CLEAN_TEXT));
    fputc('\n', stderr);
    arena_release(&a);
}

int cli_fail(enum status st, const struct errmsg *err)
{
    cli_say("%s", err->text[0] ? err->text : status_word(st));
    return status_exit(st);
}

void cli_put(struct buf *out, const char *foreign)
{
    print_put(out, foreign, cli_ascii());
}

void cli_put_text(struct buf *out, const char *foreign, const char *indent)
{
    print_put_text(out, foreign, indent, cli_ascii());
}

void cli_print(const char *foreign)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    cli_put(&out, foreign);
    fwrite(out.data, 1, out.len, stdout);
    buf_release(&out);
}

void cli_print_text(const char *foreign, const char *indent)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    cli_put_text(&out, foreign, indent);
    fwrite(out.data, 1, out.len, stdout);
    buf_release(&out);
}

/* JSON is UTF-8 (RFC 8259, 8.1) whatever the locale. On a terminal it may carry C1 controls or a right-to-left override
 * as they are, and what another encoding has in place of its bytes. */
void cli_print_json(const struct buf *json)
{
    if (!isatty(STDOUT_FILENO)) {
        fwrite(json->data, 1, json->len, streams_bytes());
        return;
    }
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    clean_json(&out, json->data, json->len, !charset_utf8());
    fwrite(out.data, 1, out.len, stdout);
    buf_release(&out);
}

void cli_print_board(const struct assess_board *b)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    assess_board_print(&out, b, i18n_chinese(), cli_ascii());
    fwrite(out.data, 1, out.len, stdout);
    buf_release(&out);
}

void cli_print_tally(const struct tally_board *t)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    tally_print(&out, t, i18n_chinese(), cli_ascii());
    fwrite(out.data, 1, out.len, stdout);
    buf_release(&out);
}

const char *cli_time(struct cli *c, int64_t ms)
{
    return print_time(&c->arena, ms);
}

struct print_out cli_print_out(struct cli *c)
{
    return (struct print_out){.store = c->store,
                              .context = &c->context,
                              .arena = &c->arena,
                              .now_ms = cli_server_now(c),
                              .ascii = cli_ascii()};
}

int64_t cli_server_now(struct cli *c)
{
    const char *offset = "";
    store_meta_get(c->store, "server_offset_ms", &c->arena, &offset, NULL);
    return clock_wall(&clock_system) + strtoll(offset, NULL, 10);
}

/* As the server knows it: in UTF-8. */
static void keep_password(const char *text, size_t n,
                          void (*decode)(struct buf *out, const char *bytes, size_t n))
{
    struct buf utf8;
    buf_init(&utf8, 4 * PASSWORD_MAX);
    decode(&utf8, text, n);
    snprintf(password, sizeof password, "%s", utf8.data);
    explicit_bzero(utf8.data, utf8.len);
    buf_release(&utf8);
}

static enum status read_password_file(const char *path, struct errmsg *err)
{
    char *text = NULL;
    size_t len = 0;
    struct stat info;
    enum status st = file_read(path, PASSWORD_MAX, &text, &len, err);
    if (st != ST_OK) {
        errmsg_prefix(err, _("password file"));
        return st;
    }
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077))
        cli_say(_("Others can read the password file %s; chmod 600 it."), path);
    text[strcspn(text, "\r\n")] = '\0';
    keep_password(text, strlen(text), charset_decode_file);
    explicit_bzero(text, len);
    free(text);
    return *password ? ST_OK : fail(err, ST_INVALID, _("%s: its first line is empty."), path);
}

static void ask(int tty, const char *user)
{
    struct buf text;
    char question[512];
    int n = snprintf(question, sizeof question, _("Password of %s: "), user);
    buf_init(&text, 4 * sizeof question);
    charset_encode(&text, question,
                   n < 0                         ? 0
                   : (size_t)n < sizeof question ? (size_t)n
                                                 : sizeof question - 1);
    dprintf(tty, "%s", text.data);
    buf_release(&text);
}

static bool prompt_password(const char *user)
{
    struct termios old, quiet;
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (tty < 0)
        return false;
    if (!isatty(STDIN_FILENO) || tcgetattr(tty, &old) != 0) {
        close(tty);
        return false;
    }
    quiet = old;
    quiet.c_lflag &= (tcflag_t) ~(ECHO);
    tcsetattr(tty, TCSAFLUSH,
              &quiet); /* first: what is typed once the question stands is not thrown away */
    ask(tty, user);
    size_t n = 0;
    char typed[PASSWORD_MAX], byte;
    while (n + 1 < sizeof typed && read(tty, &byte, 1) == 1 && byte != '\n' && byte != '\r')
        typed[n++] = byte;
    keep_password(typed, n, charset_decode);
    explicit_bzero(typed, sizeof typed);
    tcsetattr(tty, TCSAFLUSH, &old);
    dprintf(tty, "\n");
    close(tty);
    return n > 0;
}

enum status cli_password(struct cli *c, const char **ret, struct errmsg *err)
{
    *ret = password;
    if (*password) /* asked before, to open the cache */
        return ST_OK;
    if (password_path(c))
        return read_password_file(password_path(c), err);
    if (prompt_password(option_text(&c->options, OPT_USER)))
        return ST_OK;
    return fail(err, ST_UNAUTHORIZED,
                _("No password: give --password-file FILE or set JIBAN_PASSWORD_FILE. Everything "
                  "is kept."));
}

bool cli_has_password(const struct cli *c)
{
    return *password || password_path(c);
}

void cli_forget_password(void)
{
    explicit_bzero(password, sizeof password);
}

struct sync_options cli_line(struct cli *c)
{
    store_terminal(c->folder, c->terminal);
    return (struct sync_options){
        .folder = c->folder,
        .url = option_text(&c->options, OPT_SERVER),
        .user = option_text(&c->options, OPT_USER),
        .device = c->device,
        .terminal = c->terminal,
        .revoked = &c->revoked,
        .ca_file = option_text(&c->options, OPT_CA_FILE),
        .allow_plain = option_bool(&c->options, OPT_ALLOW_PLAIN),
        .batch = (int)option_int(&c->options, OPT_SYNC_BATCH),
        .body_limit = (size_t)option_int(&c->options, OPT_SYNC_BODY) << 20,
        .clock = &clock_system,
        .random = &random_system,
    };
}

/* One message: which server, what it did, that nothing is lost, what to do. */
static enum status line_error(const struct cli *c, const struct sync_report *r, struct errmsg *err)
{
    const char *url = option_text(&c->options, OPT_SERVER);
    const char *why = r->error[0] ? r->error : _("The server is silent.");
    const char *dot = why[strlen(why) - 1] == '.' || why[strlen(why) - 1] == '?' ? "" : ".";
    if (r->cache != ST_OK)
        return fail(err, r->cache, "%s", why);
    if (r->line == LINE_REVOKED)
        return fail(err, ST_DENIED, "%s: %s", url, why);
    if (r->line == LINE_NOT_OURS || r->line == LINE_OTHER_VERSION)
        return fail(err, ST_PROTOCOL, "%s: %s", url, why);
    if (r->line == LINE_NEED_LOGIN)
        return fail(err, ST_UNAUTHORIZED,
                    _("%s: %s%s Everything is kept; check the user name and the password."), url,
                    why, dot);
    return fail(err, ST_OFFLINE,
                _("%s: %s%s Everything is kept; check the address and the line, then try again."),
                url, why, dot);
}

enum status cli_sync_once(struct cli *c, struct sync_report *ret, struct errmsg *err)
{
    struct sync *sync = NULL;
    struct sync_options o = cli_line(c);
    o.once = true;
    enum status st = cli_password(c, &o.password, err);
    if (st == ST_OK)
        st = sync_start(&o, &sync, err);
    cli_forget_password();
    if (st != ST_OK)
        return st;
    bool done = false;
    int64_t until = clock_mono(&clock_system) + (int64_t)CYCLE_SECONDS * MS_SECOND;
    while (!done && clock_mono(&clock_system) < until) {
        struct pollfd p = {.fd = sync_fd(sync), .events = POLLIN};
        char bytes[64];
        if (poll(&p, 1, 1000) <= 0)
            continue;
        ssize_t n = read(p.fd, bytes, sizeof bytes);
        for (ssize_t i = 0; i < n; i++) {
            done |= bytes[i] == HINT_DONE;
            if (bytes[i] != HINT_DONE) /* it still moves: a long first fetch is no failure */
                until = clock_mono(&clock_system) + (int64_t)CYCLE_SECONDS * MS_SECOND;
        }
    }
    sync_report(sync, ret);
    sync_stop(sync);
    c->revoked = ret->revoked;
    context_load(&c->context, c->store, c->device, NULL);
    if (ret->cycles > 0)
        return ST_OK;
    return line_error(c, ret, err);
}
