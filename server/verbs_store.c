/* verbs_store.c: makes and fills a store that nobody serves, and changes its documents. */
#include "core/base/i18n.h"
#include "server/documents.h"
#include "server/import.h"
#include "server/init.h"
#include "server/officeday.h"
#include "server/verbs.h"
#include <sodium.h>
#include <sysexits.h>
#include <unistd.h>

static void warn(const char *text)
{
    say("%s", text);
}

int verb_init(const struct arguments *a)
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

int verb_generate(const struct arguments *a)
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

int verb_import(const struct arguments *a)
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

int verb_policy(const struct arguments *a)
{
    return run_document(a, DOCUMENT_POLICY);
}
int verb_calendar(const struct arguments *a)
{
    return run_document(a, DOCUMENT_CALENDAR);
}
int verb_org(const struct arguments *a)
{
    return run_document(a, DOCUMENT_PEOPLE);
}
int verb_catalogue(const struct arguments *a)
{
    return run_document(a, DOCUMENT_CATALOGUE);
}

int verb_bonus(const struct arguments *a)
{
    return run_document(a, DOCUMENT_BONUS);
}
