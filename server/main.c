/*
 * main.c: jiband: the central server and the tools of its store.
 */
#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/base/version.h"
#include "core/case/workflow.h"
#include "core/text/clean.h"
#include "core/wire/codec.h"
#include "data/embedded.h"
#include "server/audit_verify.h"
#include "server/board.h"
#include "server/documents.h"
#include "server/http.h"
#include "server/import.h"
#include "server/init.h"
#include "server/keys.h"
#include "server/officeday.h"
#include "server/org.h"
#include "server/propose.h"
#include "server/route.h"
#include "server/serving.h"
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <langinfo.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum { DOCUMENT_MAX = 64 * 1024 * 1024, PASSWORD_MAX = 1024, PING_SECONDS = 15, TICK_SECONDS = 5 };

enum flag {
    FLAG_DB,
    FLAG_POLICY,
    FLAG_CALENDAR,
    FLAG_ORG,
    FLAG_CATALOGUE,
    FLAG_PRACTICE,
    FLAG_CASES,
    FLAG_SEED,
    FLAG_ROLE,
    FLAG_OFFICE,
    FLAG_UNIT,
    FLAG_NAME,
    FLAG_PASSWORD_FILE,
    FLAG_CASE,
    FLAG_SINCE,
    FLAG_LISTEN,
    FLAG_LOG,
    FLAG_FORMAT,
    FLAG_AT,
    FLAG_MAP,
    FLAG_TICK,
    FLAG_LEVEL,
    FLAG_BY,
    FLAG_SCOPE,
    FLAG_MONTH,
    FLAG_DAY,
    FLAG_FROM,
    FLAG_TO,
    FLAG_CLASSES,
    FLAG_OF,
    FLAG_SET,
    FLAG_CHECKPOINTS,
    FLAG_CHECKPOINT,
    FLAG_PUBLIC_KEY,
    FLAG_USER,
    FLAG_JSON,
    FLAG_CONTACT,
    FLAG_CATEGORY,
    FLAG_STREET,
    FLAG_POINT,
    FLAG_OWNER,
    FLAG_OF_VERSION, /* named as what prints the program's own; see main */
    FLAG_COUNT
};

struct arguments {
    const char *value[FLAG_COUNT]; /* by option, NULL where not given */
    char **rest;
    int n_rest;
};

static const struct {
    const char *name, *argument, *help;
} flags[FLAG_COUNT] = {
    [FLAG_DB] = {"db", "URL", N_("the store: sqlite:PATH")},
    [FLAG_POLICY] = {"policy", "FILE", N_("policy document instead of the shipped one")},
    [FLAG_CALENDAR] = {"calendar", "FILE",
                       N_("days off and make-up workdays instead of the shipped ones")},
    [FLAG_ORG] = {"org", "FILE", N_("organisation file instead of the shipped one")},
    [FLAG_CATALOGUE] = {"catalogue", "FILE", N_("dispatch catalogue instead of the shipped one")},
    [FLAG_PRACTICE] =
        {"practice", NULL,
         N_("fill the store with the office day; everybody's password is \"practice\"")},
    [FLAG_CASES] = {"cases", "N",
                    N_("how many cases to make; assess: the number whose cases to list")},
    [FLAG_SEED] = {"seed", "S", N_("the same seed makes the same cases")},
    [FLAG_ROLE] = {"role", "ROLE", N_("role of the user")},
    [FLAG_OFFICE] = {"office", "CODE", N_("office of the user: street, district or hotline")},
    [FLAG_UNIT] = {"unit", "CODE", N_("section, community or department of the user")},
    [FLAG_NAME] = {"name", "TEXT", N_("the user's name as shown")},
    [FLAG_PASSWORD_FILE] = {"password-file", "FILE", N_("file whose first line is the password")},
    [FLAG_CASE] = {"case", "CASE", N_("only this case (number or id)")},
    [FLAG_SINCE] = {"since", "N|TIME",
                    N_("only events after this number; of the audit log, entries since this time")},
    [FLAG_LISTEN] = {"listen", "ADDRESS", N_("127.0.0.1:PORT or unix:PATH")},
    [FLAG_LOG] = {"log", "FILE", N_("log file instead of standard error")},
    [FLAG_FORMAT] = {"format", "FORMAT",
                     N_("table or dot; of a file to import: open311, nyc311, csv or ndjson")},
    [FLAG_AT] = {"at", "TIME", N_("the moment that counts as now, RFC 3339")},
    [FLAG_TICK] =
        {"tick", "SECONDS",
         N_("how often the clock tells of lateness, gives up calling, archives; 0: never")},
    [FLAG_CONTACT] = {"contact", "TEXT", N_("how to reach who holds the key")},
    [FLAG_MAP] = {"map", "FILE", N_("import map instead of the shipped one of the format")},
    [FLAG_LEVEL] = {"level", "LEVEL",
                    N_("city, district, department, street, section or community")},
    [FLAG_BY] = {"by", "WHAT", N_("category, interest, praise, whistle or article instead of a level")},
    [FLAG_SCOPE] = {"scope", "CODE", N_("only this district, street or department")},
    [FLAG_MONTH] = {"month", "MONTH", N_("the month of the assessment, such as 2026-11")},
    [FLAG_DAY] = {"day", "DAY",
                  N_("the day that counts, such as 2026-11-24; of assess: of the daily report")},
    [FLAG_FROM] = {"from", "TIME", N_("orders of this day or time and later")},
    [FLAG_TO] = {"to", "TIME", N_("orders before this day or time")},
    [FLAG_CLASSES] = {"classes", NULL, N_("with the four classes of streets")},
    [FLAG_OF] = {"of", "CODE", N_("the line whose number it is")},
    [FLAG_SET] = {"set", "SET", N_("the number of the set assessed or all")},
    [FLAG_JSON] = {"json", NULL, N_("JSON instead of lines of text")},
    [FLAG_CHECKPOINTS] =
        {"checkpoints", "FOLDER",
         N_("another place, to which checkpoints of the audit log are written too")},
    [FLAG_CHECKPOINT] = {"checkpoint", "FILE",
                         N_("checkpoints of the audit log that were kept elsewhere")},
    [FLAG_PUBLIC_KEY] = {"public-key", "FILE",
                         N_("public key of the audit log that was kept elsewhere")},
    [FLAG_USER] = {"user", "USER", N_("only entries of this user, or about this user")},
    [FLAG_CATEGORY] = {"category", "CODE", N_("category of the matter")},
    [FLAG_STREET] = {"street", "CODE", N_("street of the place")},
    [FLAG_POINT] = {"point", "TEXT", N_("address or compound as it was said")},
    [FLAG_OWNER] = {"owner", "KIND",
                    N_("owner of the compound: none, company, employer or public")},
    [FLAG_OF_VERSION] = {"version", "N", N_("of a document; alone: the version of jiband")},
};

static bool ascii_only(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* One line of foreign text, cleaned. */
static void print_line(FILE *to, const char *foreign)
{
    struct arena a;
    struct buf out;
    arena_init(&a, 0);
    buf_init(&out, SIZE_MAX / 2);
    clean_plain(&out, text_clean_str(&a, foreign, CLEAN_LINE), ascii_only());
    fwrite(out.data, 1, out.len, to);
    buf_release(&out);
    arena_release(&a);
}

/* One message; what was typed, a path or a text of a file may stand in it. */
__attribute__((format(printf, 1, 2))) static void say(const char *fmt, ...)
{
    char text[2 * ERRMSG_SIZE];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    fputs("jiband: ", stderr);
    print_line(stderr, text);
    fputc('\n', stderr);
}

static int die(enum status st, const struct errmsg *err)
{
    say("%s", err->text[0] ? err->text : status_word(st));
    return status_exit(st);
}

static int usage(const char *what)
{
    say("%s", what);
    return EX_USAGE;
}

/* A whole number of an option from low on; low - 1 where it is none. */
static int64_t number_of(const struct arguments *a, enum flag flag, int64_t low, int64_t otherwise)
{
    const char *text = a->value[flag];
    char *end;
    if (!text)
        return otherwise;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    return end == text || *end || errno || n < low ? low - 1 : n;
}

static void say_no_number(const struct arguments *a, enum flag flag, int low)
{
    say(_("--%s takes a number from %d on, not \"%s\"."), flags[flag].name, low, a->value[flag]);
}

/* True when the options that hold numbers and times can be read; else it has said so. count_of_cases: --cases is a
 * number of cases, not the word of a number. */
static bool values_are_clear(const struct arguments *a, bool count_of_cases)
{
    static const enum flag numbers[] = {FLAG_SEED, FLAG_CASES};
    size_t n_numbers = sizeof numbers / sizeof *numbers - !count_of_cases;
    int64_t ms;
    for (size_t i = 0; i < n_numbers; i++) {
        int64_t low = numbers[i] == FLAG_CASES ? 1 : 0;
        if (number_of(a, numbers[i], low, low) >= low)
            continue;
        say_no_number(a, numbers[i], (int)low);
        return false;
    }
    if (a->value[FLAG_AT] && rfc3339_parse(a->value[FLAG_AT], &ms) != 0) {
        say(_("--at takes a time such as 2026-03-11T08:05:00+08:00, not \"%s\"."),
            a->value[FLAG_AT]);
        return false;
    }
    return true;
}

static int64_t moment_of(const struct arguments *a)
{
    int64_t ms;
    if (a->value[FLAG_AT] && rfc3339_parse(a->value[FLAG_AT], &ms) == 0)
        return ms;
    return clock_wall(&clock_system);
}

/* --- writing into a store that nobody serves ------------------------------------------------ */

static void warn(const char *text)
{
    say("%s", text);
}

static int verb_init(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct init_options o = {.url = a->value[FLAG_DB],
                             .policy = a->value[FLAG_POLICY],
                             .calendar = a->value[FLAG_CALENDAR],
                             .org = a->value[FLAG_ORG],
                             .catalogue = a->value[FLAG_CATALOGUE],
                             .practice = a->value[FLAG_PRACTICE] != NULL,
                             .now_ms = moment_of(a),
                             .warn = warn};
    enum status st = init_store(&o, &err);
    return st == ST_OK ? EX_OK : die(st, &err);
}

static int verb_generate(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct service *s = NULL;
    struct service_config config = {
        .url = a->value[FLAG_DB], .clock = &clock_system, .random = &random_system};
    int64_t n = number_of(a, FLAG_CASES, 1, 0);
    if (n < 1)
        return usage(_("generate needs --cases N"));
    uint64_t seed = (uint64_t)number_of(a, FLAG_SEED, 0, 1);
    enum status st = service_open(&config, &s, &err);
    if (st == ST_OK)
        st = officeday_generate(s, n, seed, moment_of(a), &err);
    service_close(s);
    if (st != ST_OK)
        return die(st, &err);
    printf(_("%lld cases made\n"), (long long)n);
    return EX_OK;
}

static int verb_import(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct import_counts n = {0};
    if (a->n_rest != 1 || !a->value[FLAG_FORMAT])
        return usage(_("import needs --format open311|nyc311|csv|ndjson and one FILE"));
    struct import_job job = {.url = a->value[FLAG_DB],
                             .format = a->value[FLAG_FORMAT],
                             .map = a->value[FLAG_MAP],
                             .file = a->rest[0],
                             .now_ms = moment_of(a),
                             .complaints = stderr,
                             .progress = isatty(STDERR_FILENO) == 1,
                             .ascii = ascii_only(),
                             .put_document = init_put_document};
    if (sodium_init() < 0)
        return die(ST_IO, &err);
    enum status st = import_run(&job, &n, &err);
    if (n.rows > 0)
        printf(_("%lld rows read, %lld cases made, %lld rows refused\n"), (long long)n.rows,
               (long long)n.cases, (long long)n.refused);
    if (n.halted > 0)
        printf(_("%lld cases stopped before their last step; the list says why\n"),
               (long long)n.halted);
    return st == ST_OK ? EX_OK : die(st, &err);
}

static enum status read_password(const char *path, char out[PASSWORD_MAX], struct errmsg *err)
{
    char *text = NULL;
    size_t n;
    if (!path)
        return fail(err, ST_INVALID, _("Give the password by --password-file FILE."));
    enum status st = file_read(path, PASSWORD_MAX - 1, &text, &n, err);
    if (st != ST_OK)
        return st;
    struct stat info;
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077))
        say(_("Others can read the password file %s; chmod 600 it."), path);
    text[strcspn(text, "\r\n")] = '\0';
    snprintf(out, PASSWORD_MAX, "%s", text);
    explicit_bzero(text, n);
    free(text);
    return *out ? ST_OK : fail(err, ST_INVALID, _("%s: its first line is empty."), path);
}

static int user_list(struct db *db)
{
    struct stmt *q = database_stmt(db, SQL_USER_LIST);
    while (stmt_row(q)) {
        for (int i = 0; i < 5; i++) {
            fputs(i ? "\t" : "", stdout);
            print_line(stdout, stmt_get_text(q, i, NULL));
        }
        printf("%s\n", stmt_get_int(q, 5) ? _("\tdisabled") : "");
    }
    return EX_OK;
}

static bool user_known(struct db *db, const char *user)
{
    struct stmt *q = database_stmt(db, SQL_USER_GET);
    stmt_text(q, 1, user);
    bool known = stmt_row(q);
    stmt_done(q);
    return known;
}

/* Whoever belongs to a unit that is not there would see nothing and not know why. */
static enum status check_office(struct db *db, const char *code, struct errmsg *err)
{
    struct arena a;
    struct reference reference;
    size_t n;
    arena_init(&a, 0);
    struct stmt *q = database_stmt(db, SQL_DOCUMENT_GET);
    stmt_text(q, 1, "people");
    const char *body = stmt_row(q) ? stmt_get_text(q, 0, &n) : "";
    enum status st = *body ? reference_decode(body, n, &a, &reference, err) : ST_OK;
    if (st == ST_OK && *body && !reference_unit(&reference, code))
        st = fail(err, ST_INVALID, _("--office: there is no unit \"%.60s\" in the store."), code);
    stmt_done(q);
    arena_release(&a);
    return st;
}

static int verb_user(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct db *db = NULL;
    char password[PASSWORD_MAX] = "", hash[128];
    const char *what = a->n_rest > 0 ? a->rest[0] : "", *user = a->n_rest > 1 ? a->rest[1] : "";
    bool add = strcmp(what, "add") == 0, passwd = strcmp(what, "passwd") == 0;
    bool disable = strcmp(what, "disable") == 0, list = strcmp(what, "list") == 0;
    if (!(add || passwd || disable || list) || (!list && !*user))
        return usage(_("user takes: add NAME, passwd NAME, disable NAME or list"));
    enum status st =
        sodium_init() < 0 ? ST_IO : database_open(a->value[FLAG_DB], DB_WRITE, &db, &err);
    if (st == ST_OK && list) {
        int code = user_list(db);
        database_close(db);
        return code;
    }
    if (st == ST_OK && (add || passwd)) {
        st = read_password(a->value[FLAG_PASSWORD_FILE], password, &err);
        if (st == ST_OK)
            st = password_hash(password, hash, &err);
        explicit_bzero(password, sizeof password);
    }
    bool begun = st == ST_OK && (st = database_begin(db, true, &err)) == ST_OK;
    if (st == ST_OK && add) {
        struct person p = {.user = user,
                           .name = a->value[FLAG_NAME] ? a->value[FLAG_NAME] : user,
                           .role =
                               a->value[FLAG_ROLE] ? role_find(a->value[FLAG_ROLE]) : ROLE_COUNT,
                           .office = a->value[FLAG_OFFICE] ? a->value[FLAG_OFFICE] : "",
                           .unit = a->value[FLAG_UNIT] ? a->value[FLAG_UNIT] : ""};
        if (p.role == ROLE_COUNT)
            st = fail(&err, ST_INVALID, _("--role is missing or no role of domain section 5."));
        else if (!*p.office)
            st = fail(&err, ST_INVALID, _("--office is missing."));
        else if (user_known(db, user))
            st = fail(&err, ST_EXISTS, _("There is a user \"%s\" already."), user);
        else if ((st = check_office(db, p.office, &err)) == ST_OK)
            st = init_put_user(db, &p, hash, &err);
    } else if (st == ST_OK) {
        struct stmt *q;
        if (!user_known(db, user))
            st = fail(&err, ST_NOT_FOUND, _("There is no user \"%s\"."), user);
        if (st == ST_OK) {
            q = database_stmt(db, passwd ? SQL_USER_PASSWORD : SQL_USER_DISABLE);
            stmt_text(q, 1, user);
            if (passwd)
                stmt_text(q, 2, hash);
            st = stmt_run(q, &err);
        }
        if (st == ST_OK) { /* who was logged in logs in again, or no more */
            q = database_stmt(db, SQL_SESSION_DROP_USER);
            stmt_text(q, 1, user);
            st = stmt_run(q, &err);
        }
        if (st == ST_OK)
            st = audit_note(db, passwd ? AUDIT_USER_PASSWORD : AUDIT_USER_DISABLE, user, hash,
                            passwd ? strlen(hash) : 0, &err);
    }
    if (begun && st == ST_OK)
        st = database_commit(db, &err);
    else if (begun)
        database_rollback(db);
    database_close(db);
    return st == ST_OK ? EX_OK : die(st, &err);
}

static int key_list(struct db *db)
{
    struct stmt *q = database_stmt(db, SQL_KEY_LIST);
    char created[RFC3339_SIZE];
    while (stmt_row(q)) {
        rfc3339_format(stmt_get_int(q, 2), BEIJING_OFFSET_MS, created);
        print_line(stdout, stmt_get_text(q, 0, NULL));
        fputs("\t", stdout);
        print_line(stdout, stmt_get_text(q, 1, NULL));
        printf("\t%s%s\n", created, stmt_get_int(q, 3) ? _("\tdisabled") : "");
    }
    return EX_OK;
}

static int verb_key(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct db *db = NULL;
    char key[KEY_SIZE] = "";
    const char *what = a->n_rest > 0 ? a->rest[0] : "", *name = a->n_rest > 1 ? a->rest[1] : "";
    const char *contact = a->value[FLAG_CONTACT] ? a->value[FLAG_CONTACT] : "";
    bool add = strcmp(what, "add") == 0, list = strcmp(what, "list") == 0;
    if (!(add || list || strcmp(what, "disable") == 0) || (!list && !*name))
        return usage(_("key takes: add NAME, disable NAME or list"));
    enum status st =
        sodium_init() < 0 ? ST_IO : database_open(a->value[FLAG_DB], DB_WRITE, &db, &err);
    if (st == ST_OK && list) {
        int code = key_list(db);
        database_close(db);
        return code;
    }
    bool begun = st == ST_OK && (st = database_begin(db, true, &err)) == ST_OK;
    if (st == ST_OK)
        st = add ? key_add(db, name, contact, moment_of(a), &random_system, key, &err)
                 : key_disable(db, name, &err);
    if (begun && st == ST_OK)
        st = database_commit(db, &err);
    else if (begun)
        database_rollback(db);
    database_close(db);
    if (st == ST_OK && add) /* after the commit: a key that was shown is there */
        printf("%s\n", key);
    return st == ST_OK ? EX_OK : die(st, &err);
}

static void print_event(struct stmt *q, const char *id, bool terminal, struct buf *line,
                        struct buf *shown)
{
    buf_clear(line);
    buf_clear(shown);
    buf_printf(line, "{\"gseq\":%" PRId64 ",\"case\":\"%s\",\"number\":\"%s\",\"event\":%s}\n",
               stmt_get_int(q, 0), id, stmt_get_text(q, 2, NULL), stmt_get_text(q, 3, NULL));
    if (terminal)
        clean_json(shown, line->data, line->len, ascii_only());
    const struct buf *out = terminal ? shown : line;
    fwrite(out->data, 1, out->len, stdout);
}

static int verb_events(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct db *db = NULL;
    struct uuid id = {{0}};
    char text[UUID_TEXT];
    if (number_of(a, FLAG_SINCE, 0, 0) < 0) {
        say_no_number(a, FLAG_SINCE, 0);
        return EX_USAGE;
    }
    enum status st = database_open(a->value[FLAG_DB], DB_READ, &db, &err);
    if (st != ST_OK)
        return die(st, &err);
    const char *only = a->value[FLAG_CASE];
    struct stmt *q = database_stmt(db, only ? SQL_EVENT_LIST_CASE : SQL_EVENT_LIST);
    bool any = false, terminal = isatty(STDOUT_FILENO) == 1;
    struct buf line, shown; /* a case may bear controls that JSON lets stand */
    buf_init(&line, SIZE_MAX / 2);
    buf_init(&shown, SIZE_MAX / 2);
    stmt_int(q, 1, number_of(a, FLAG_SINCE, 0, 0));
    if (only) {
        uuid_parse(only, &id);
        stmt_text(q, 2, only);
        stmt_blob(q, 3, id.byte, sizeof id.byte);
    }
    while (stmt_row(q)) {
        size_t n;
        any = true;
        const void *blob = stmt_get_blob(q, 1, &n);
        if (n == sizeof id.byte)
            memcpy(id.byte, blob, n);
        uuid_format(&id, text);
        print_event(q, text, terminal, &line, &shown);
    }
    buf_release(&line);
    buf_release(&shown);
    st = database_status(db, &err);
    if (st == ST_OK && only && !any && !a->value[FLAG_SINCE])
        st = fail(&err, ST_NOT_FOUND, _("There is no case \"%s\"."), only);
    database_close(db);
    return st == ST_OK ? EX_OK : die(st, &err);
}

static int verb_assess(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct buf out, shown;
    const struct board_job job = {.url = a->value[FLAG_DB],
                                  .question = {.level = a->value[FLAG_LEVEL],
                                               .scope = a->value[FLAG_SCOPE],
                                               .month = a->value[FLAG_MONTH],
                                               .day = a->value[FLAG_DAY],
                                               .from = a->value[FLAG_FROM],
                                               .to = a->value[FLAG_TO],
                                               .by = a->value[FLAG_BY],
                                               .classes = a->value[FLAG_CLASSES] ? "yes" : NULL,
                                               .cases = a->value[FLAG_CASES],
                                               .of = a->value[FLAG_OF],
                                               .set = a->value[FLAG_SET]},
                                  .json = a->value[FLAG_JSON] != NULL,
                                  .ascii = ascii_only(),
                                  .now_ms = moment_of(a)};
    bool json = job.json || job.question.cases;
    if (a->n_rest > 0)
        return usage(_("assess takes options only"));
    buf_init(&out, SIZE_MAX / 2);
    buf_init(&shown, SIZE_MAX / 2);
    enum status st = board_print(&job, &out, &err);
    if (st == ST_OK && json && isatty(STDOUT_FILENO) == 1)
        clean_json(&shown, out.data, out.len, ascii_only());
    else if (st == ST_OK)
        buf_add(&shown, out.data, out.len);
    fwrite(shown.data, 1, shown.len, stdout);
    buf_release(&shown);
    buf_release(&out);
    return st == ST_OK ? EX_OK : die(st, &err);
}

static int audit_check(struct db *db, const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct audit_report r;
    enum status st =
        audit_verify(db, a->value[FLAG_PUBLIC_KEY], a->value[FLAG_CHECKPOINT], &r, &err);
    if (st != ST_OK)
        return die(st, &err);
    printf(_("%lld entries and %lld checkpoints are sound\n"), (long long)r.entries,
           (long long)r.checkpoints);
    return EX_OK;
}

static void print_entry(void *self, const struct audit_row *row)
{
    const struct arguments *a = self;
    struct buf line;
    buf_init(&line, SIZE_MAX / 2);
    audit_row_print(&line, row, a->value[FLAG_JSON] != NULL);
    print_line(stdout, line.data);
    putchar('\n');
    buf_release(&line);
}

static int verb_audit(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct db *db = NULL;
    struct audit_filter filter = {
        .object = a->value[FLAG_CASE], .user = a->value[FLAG_USER], .since_ms = INT64_MIN};
    const char *what = a->n_rest == 1 ? a->rest[0] : "";
    bool verify = strcmp(what, "verify") == 0;
    if (!verify && strcmp(what, "list") != 0)
        return usage(_("audit takes: verify or list"));
    if (a->value[FLAG_SINCE] && rfc3339_parse(a->value[FLAG_SINCE], &filter.since_ms) != 0)
        return usage(_("--since takes a time such as 2026-03-11T08:05:00+08:00 here"));
    enum status st = database_open(a->value[FLAG_DB], DB_READ, &db, &err);
    if (st != ST_OK)
        return die(st, &err);
    int code = EX_OK;
    if (verify)
        code = audit_check(db, a);
    else if ((st = audit_list(db, &filter, print_entry, (void *)(uintptr_t)a, &err)) != ST_OK)
        code = die(st, &err);
    database_close(db);
    return code;
}

static int verb_workflow(const struct arguments *a)
{
    static const struct {
        const char *word;
        void (*print)(struct buf *out);
    } formats[] = {{"table", workflow_print_table},
                   {"matrix", workflow_print_matrix},
                   {"dot", workflow_print_dot}};
    const char *format = a->value[FLAG_FORMAT] ? a->value[FLAG_FORMAT] : "table";
    struct buf out;
    size_t i = 0;
    while (i < sizeof formats / sizeof *formats && strcmp(formats[i].word, format) != 0)
        i++;
    if (i == sizeof formats / sizeof *formats)
        return usage(_("--format is table, matrix or dot"));
    buf_init(&out, 16 * 1024 * 1024);
    formats[i].print(&out);
    fwrite(out.data, 1, out.len, stdout);
    buf_release(&out);
    return EX_OK;
}

static int verb_routes(const struct arguments *a)
{
    struct buf out;
    (void)a;
    buf_init(&out, 64 * 1024);
    route_print(&out);
    fwrite(out.data, 1, out.len, stdout);
    buf_release(&out);
    return EX_OK;
}

/* --- documents ------------------------------------------------------------------------------- */

static int run_document(const struct arguments *a, enum document_kind kind)
{
    struct document_job job = {.kind = kind,
                               .url = a->value[FLAG_DB],
                               .version = a->value[FLAG_OF_VERSION],
                               .words = a->rest,
                               .n_words = a->n_rest,
                               .now_ms = clock_wall(&clock_system),
                               .ascii = ascii_only(),
                               .terminal = isatty(STDOUT_FILENO) == 1};
    return documents_run(&job);
}

static int verb_policy(const struct arguments *a)
{
    return run_document(a, DOCUMENT_POLICY);
}
static int verb_calendar(const struct arguments *a)
{
    return run_document(a, DOCUMENT_CALENDAR);
}
static int verb_org(const struct arguments *a)
{
    return run_document(a, DOCUMENT_PEOPLE);
}
static int verb_catalogue(const struct arguments *a)
{
    return run_document(a, DOCUMENT_CATALOGUE);
}

static int verb_bonus(const struct arguments *a)
{
    return run_document(a, DOCUMENT_BONUS);
}

static int verb_propose(const struct arguments *a)
{
    struct propose_job job = {.url = a->value[FLAG_DB],
                              .words = {.category = a->value[FLAG_CATEGORY],
                                        .street = a->value[FLAG_STREET],
                                        .point = a->value[FLAG_POINT],
                                        .owner = a->value[FLAG_OWNER],
                                        .designated = a->value[FLAG_UNIT],
                                        .day = a->value[FLAG_DAY]},
                              .now_ms = moment_of(a),
                              .json = a->value[FLAG_JSON] != NULL,
                              .ascii = ascii_only(),
                              .terminal = isatty(STDOUT_FILENO) == 1};
    struct errmsg err = {{0}};
    struct matter matter;
    if (matter_read(&job.words, 0, &matter, &err) != ST_OK || a->n_rest > 0)
        return usage(err.text[0] ? err.text : _("propose takes options only"));
    enum status st = propose_run(&job, &err);
    return st == ST_OK ? EX_OK : die(st, &err);
}

static void on_commit(void *self, int64_t gseq)
{
    struct http_server **http = self;
    (void)gseq;
    if (*http)
        http_server_notify(*http);
}

static void on_renewed(void *self)
{
    struct http_server **http = self;
    if (*http)
        http_server_renewed(*http);
}

static void keep_audit(struct service *s, const char *checkpoints)
{
    struct errmsg err = {{0}};
    if (service_keep_audit(s, checkpoints, &err) != ST_OK)
        log_write(LOG_ERROR, "checkpoints of the audit log: %s", err.text);
}

/* Signals are taken one at a time here, so that no handler runs in the middle of anything. */
static void tick(struct service *s)
{
    struct errmsg err = {{0}};
    size_t n;
    if (service_tick(s, &n, &err) != ST_OK)
        log_write(LOG_ERROR, "clock: %s", err.text);
}

/* tick_s: how often the clock looks for what is due; 0: never. */
static void wait_for_signals(struct service *s, struct http_server *http, const sigset_t *set,
                             long tick_s, const char *checkpoints)
{
    struct timespec wait = {.tv_sec = tick_s > 0 && tick_s < PING_SECONDS ? tick_s : PING_SECONDS};
    struct errmsg err = {{0}};
    int64_t pinged = clock_mono(&clock_system), ticked = pinged;
    for (;;) {
        int sig = sigtimedwait(set, NULL, &wait);
        int64_t now = clock_mono(&clock_system);
        if (sig == SIGHUP) {
            log_reopen();
            if (service_reload(s, &err) != ST_OK)
                log_write(LOG_ERROR, "reload: %s; the old documents stay in force", err.text);
            else
                log_write(LOG_INFO, "reloaded");
        } else if (sig > 0) {
            log_write(LOG_INFO, "stopping");
            return;
        }
        if (tick_s > 0 && now - ticked >= tick_s * MS_SECOND) {
            tick(s);
            ticked = now;
        }
        if (now - pinged >= PING_SECONDS * MS_SECOND) {
            http_server_ping(http);
            keep_audit(s, checkpoints);
            pinged = now;
        }
    }
}

static int verb_serve(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct service *s = NULL;
    struct http_server *http = NULL;
    struct service_config config = {.url = a->value[FLAG_DB],
                                    .clock = &clock_system,
                                    .random = &random_system,
                                    .notify = on_commit,
                                    .renewed = on_renewed,
                                    .notify_self = &http};
    sigset_t set;
    long tick_s = TICK_SECONDS;
    if (a->value[FLAG_TICK]) {
        char *end;
        tick_s = strtol(a->value[FLAG_TICK], &end, 10);
        if (*end || end == a->value[FLAG_TICK] || tick_s < 0 || tick_s > 3600)
            return usage(_("--tick is a number of seconds from 0 to 3600"));
    }
    if (!a->value[FLAG_LISTEN])
        return usage(_("serve needs --listen 127.0.0.1:PORT or unix:PATH"));
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    enum status st = log_open(a->value[FLAG_LOG], LOG_INFO, &clock_system, &err);
    if (st == ST_OK)
        st = service_open(&config, &s, &err);
    if (st == ST_OK)
        st = service_keep_audit(s, a->value[FLAG_CHECKPOINTS], &err);
    if (st == ST_OK)
        st = service_started(s, &err);
    if (st == ST_OK)
        st = http_server_start(s, a->value[FLAG_LISTEN], &clock_system, &http, &err);
    if (st != ST_OK) {
        service_close(s);
        return die(st, &err);
    }
    serving_begin(a->value[FLAG_DB] + strlen("sqlite:"));
    printf("listening on %s\n", a->value[FLAG_LISTEN]);
    fflush(stdout);
    log_write(LOG_INFO, "listening on %s", a->value[FLAG_LISTEN]);
    wait_for_signals(s, http, &set, tick_s, a->value[FLAG_CHECKPOINTS]);
    serving_end();
    http_server_stop(http);
    http = NULL;
    if (service_stopped(s, &err) != ST_OK)
        log_write(LOG_ERROR, "audit log: %s", err.text);
    keep_audit(s, a->value[FLAG_CHECKPOINTS]);
    service_close(s);
    log_close();
    return EX_OK;
}

static const struct {
    const char *word, *arguments, *help;
    int (*run)(const struct arguments *a);
    bool needs_db;
} verbs[] = {
    {"init",
     "--db URL [--policy FILE] [--calendar FILE] [--org FILE] [--catalogue FILE] [--practice]",
     N_("make a store"), verb_init, true},
    {"generate", "--db URL --cases N [--seed S]", N_("fill it with invented cases"), verb_generate,
     true},
    {"import", "--db URL --format open311|nyc311|csv|ndjson [--map FILE] FILE",
     N_("make an office of a foreign file"), verb_import, true},
    {"user",
     "--db URL add|passwd|disable|list [NAME] [--role ROLE --office CODE --unit CODE] "
     "[--password-file FILE]",
     N_("people who log in"), verb_user, true},
    {"key", "--db URL add|disable|list [NAME] [--contact TEXT]",
     N_("keys with which clients of Open311 post"), verb_key, true},
    {"org", "[--db URL] check FILE | load FILE | show [--version N] | history",
     N_("units and people"), verb_org, false},
    {"catalogue", "[--db URL] check FILE | load FILE | show [--version N] | history",
     N_("dispatch catalogue and duty lists"), verb_catalogue, false},
    {"policy", "[--db URL] check FILE | load FILE | show [--version N] | history",
     N_("limits and rules"), verb_policy, false},
    {"calendar", "[--db URL] check FILE | load FILE | show [--version N] | history",
     N_("days off and worked"), verb_calendar, false},
    {"bonus", "[--db URL] check FILE | load FILE | show [--version N] | history",
     N_("bonus points of units and months"), verb_bonus, false},
    {"propose",
     "--db URL --category CODE [--street CODE] [--point TEXT] [--owner KIND] [--day DAY] [--json]",
     N_("propose place and unit, and say why"), verb_propose, true},
    {"events", "--db URL [--case CASE] [--since N]", N_("print the event log as NDJSON"),
     verb_events, true},
    {"assess",
     "--db URL [--level LEVEL | --by category|interest|praise|whistle|article] [--scope CODE] [--month "
     "MONTH | --day DAY "
     "| "
     "--from TIME --to TIME] [--classes] [--cases NUMBER --of CODE [--set all]] [--json]",
     N_("print rates, scores and ranks, or the cases that a number is made of"), verb_assess, true},
    {"audit",
     "--db URL verify [--checkpoint FILE] [--public-key FILE] | list [--case NUMBER] [--user USER] "
     "[--since TIME] [--json]",
     N_("check or print the audit log"), verb_audit, true},
    {"serve", "--db URL --listen ADDRESS [--log FILE] [--tick SECONDS] [--checkpoints FOLDER]",
     N_("serve consoles; SIGTERM stops, SIGHUP reloads"), verb_serve, true},
    {"workflow", "[--format table|matrix|dot]", N_("print the table of procedure"), verb_workflow,
     false},
    {"routes", "", N_("print the calls of the interface"), verb_routes, false},
};
enum { VERBS = sizeof verbs / sizeof *verbs };

static void print_help(FILE *to)
{
    fprintf(to, "%s\n\n", _("usage: jiband WORD [OPTION...]"));
    for (int i = 0; i < VERBS; i++)
        fprintf(to, "  %s %s\n      %s\n", verbs[i].word, verbs[i].arguments, _(verbs[i].help));
    fprintf(to, "\n");
    for (int i = 0; i < FLAG_COUNT; i++) {
        char name[64];
        snprintf(name, sizeof name, "--%s%s%s", flags[i].name, flags[i].argument ? " " : "",
                 flags[i].argument ? flags[i].argument : "");
        fprintf(to, "  %-24s %s\n", name, _(flags[i].help));
    }
}

/* What was printed must have arrived: a full disk behind a pipe or a file is a failure. */
static int finish(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    say(_("Cannot write the output: %s"), strerror(errno));
    return code == EX_OK ? EX_IOERR : code;
}

static int run_verb(struct arguments *a, int argc, char **argv)
{
    for (int i = 0; i < VERBS; i++) {
        if (strcmp(verbs[i].word, argv[optind]) != 0)
            continue;
        a->rest = argv + optind + 1;
        a->n_rest = argc - optind - 1;
        if (verbs[i].needs_db && !a->value[FLAG_DB])
            return usage(_("--db URL is missing"));
        return values_are_clear(a, verbs[i].run != verb_assess) ? verbs[i].run(a) : EX_USAGE;
    }
    say(_("There is no \"%s\"; jiband --help lists what there is."), argv[optind]);
    return EX_USAGE;
}

int main(int argc, char **argv)
{
    struct option longs[FLAG_COUNT + 2];
    struct arguments a = {.n_rest = 0};
    int got;
    i18n_init(NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit is an error of the write, not an end */
    memset(longs, 0, sizeof longs);
    for (int i = 0; i < FLAG_COUNT; i++)
        longs[i] = (struct option){.name = flags[i].name,
                                   .has_arg = i == FLAG_OF_VERSION ? optional_argument
                                              : flags[i].argument  ? required_argument
                                                                   : no_argument,
                                   .val = 256 + i};
    longs[FLAG_COUNT] = (struct option){.name = "help", .val = 'h'};
    while ((got = getopt_long(argc, argv, ":hV", longs, NULL)) != -1) {
        if (got == 'h') {
            print_help(stdout);
            return finish(EX_OK);
        }
        /* --version alone is the program's; with a number behind it that of a document */
        if (got == 256 + FLAG_OF_VERSION && !optarg && optind < argc &&
            strspn(argv[optind], "0123456789") > 0)
            optarg = argv[optind++];
        if (got == 'V' || (got == 256 + FLAG_OF_VERSION && !optarg)) {
            printf("jiband %s\n", jiban_version());
            return finish(EX_OK);
        }
        if (got < 256) {
            say(got == ':' ? _("%s needs a value.")
                           : _("There is no option %s; jiband --help lists them."),
                argv[optind - 1]);
            return EX_USAGE;
        }
        a.value[got - 256] = optarg ? optarg : "";
    }
    if (optind == argc) {
        print_help(stderr);
        return EX_USAGE;
    }
    return finish(run_verb(&a, argc, argv));
}
