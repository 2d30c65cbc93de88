/* verbs.c: the options, and what the verbs share: values of options, messages. */
#include "server/verbs.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/text/clean.h"
#include <errno.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

const struct flag_text flag_table[FLAG_COUNT] = {
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
    [FLAG_BY] = {"by", "WHAT",
                 N_("category, interest, praise, whistle or article instead of a level")},
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

bool ascii_only(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* One line of foreign text, cleaned. */
void print_line(FILE *to, const char *foreign)
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
void say(const char *fmt, ...)
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

int die(enum status st, const struct errmsg *err)
{
    say("%s", err->text[0] ? err->text : status_word(st));
    return status_exit(st);
}

int usage(const char *what)
{
    say("%s", what);
    return EX_USAGE;
}

/* A whole number of an option from low on; low - 1 where it is none. */
int64_t number_of(const struct arguments *a, enum flag flag, int64_t low, int64_t otherwise)
{
    const char *text = a->value[flag];
    char *end;
    if (!text)
        return otherwise;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    return end == text || *end || errno || n < low ? low - 1 : n;
}

void say_no_number(const struct arguments *a, enum flag flag, int low)
{
    say(_("--%s takes a number from %d on, not \"%s\"."), flag_table[flag].name, low,
        a->value[flag]);
}

int64_t moment_of(const struct arguments *a)
{
    int64_t ms;
    if (a->value[FLAG_AT] && rfc3339_parse(a->value[FLAG_AT], &ms) == 0)
        return ms;
    return clock_wall(&clock_system);
}
