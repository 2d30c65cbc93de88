#include "tests/fault/centre.h"
#include "server/audit_verify.h"
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct actor who[] = {{"chen.op", "C", ROLE_OPERATOR, "BJ", "BJ", "test"},
                                   {"sun.dispatch", "S", ROLE_DISPATCHER, "BJ", "BJ", "test"},
                                   {"wang.desk", "W", ROLE_DESK, "1101", "110190", "test"}};
enum { OPERATOR, DISPATCHER, DESK };
enum { APPLIED = 28, REFUSED = 3 }; /* of the commands below */

static const struct line { /* of a batch: what to which case; 0 ends it */
    enum command_type type;
    int command, of_case;
} script[CENTRE_BATCHES][CENTRE_BATCH_MOST] = {
    {{COMMAND_LOG, 1, 1}, {COMMAND_LOG, 2, 2}, {COMMAND_LOG, 3, 3}},
    {{COMMAND_DISPATCH, 4, 1}, {COMMAND_DISPATCH, 5, 2}, {COMMAND_DISPATCH, 6, 3}},
    {{COMMAND_SIGN, 7, 1}, {COMMAND_SIGN, 8, 1}, {COMMAND_NOTE, 9, 2}},
    {{COMMAND_LOG, 31, 7}, {COMMAND_LOG, 10, 4}, {COMMAND_LOG, 11, 5}}, /* the first is refused */
    {{COMMAND_CONTACT, 12, 1}, {COMMAND_NOTE, 13, 1}, {COMMAND_SIGN, 14, 2}},
    {{COMMAND_DISPATCH, 15, 4}, {COMMAND_DISPATCH, 16, 5}},
    {{COMMAND_NOTE, 17, 3}, {COMMAND_NOTE, 18, 4}, {COMMAND_NOTE, 19, 5}, {COMMAND_NOTE, 20, 1}},
    {{COMMAND_LOG, 1, 1}, {COMMAND_LOG, 21, 6}}, /* the first one once more */
    {{COMMAND_ASK_RETURN, 22, 4}, {COMMAND_CONTACT, 23, 2}},
    {{COMMAND_ACCEPT_RETURN, 24, 4}},
    {{COMMAND_NOTE, 25, 4}, {COMMAND_SIGN, 26, 3}}, /* the case is out of sight */
    {{COMMAND_NOTE, 27, 5}},
    {{COMMAND_DISPATCH, 28, 6}},
    {{COMMAND_NOTE, 29, 6}, {COMMAND_SIGN, 30, 5}},
};
static const int batch_who[CENTRE_BATCHES] = {
    OPERATOR, DISPATCHER, DESK,       OPERATOR, DESK, DISPATCHER, DESK,
    OPERATOR, DESK,       DISPATCHER, DESK,     DESK, DISPATCHER, DESK};

static struct uuid numbered(char kind, int n)
{
    struct uuid id = {{1, (unsigned char)kind, (unsigned char)(n >> 8), (unsigned char)n}};
    id.byte[6] = 0x70;
    id.byte[8] = 0x80;
    return id;
}

static const char *text_of(struct centre *c, int n)
{
    struct rng rng;
    struct buf text;
    rng_seed(&rng, c->seed * 1000 + (uint64_t)n);
    buf_init(&text, 1 << 20);
    for (uint32_t i = 3 + rng_below(&rng, 200); i > 0; i--)
        buf_puts(&text, rng_below(&rng, 2) ? "明天上午再去看，" : "seen; ");
    const char *ret = arena_strndup(&c->arena, text.data, text.len);
    buf_release(&text);
    return ret;
}

static void values_of(struct centre *c, const struct line *line, struct command *ret)
{
    struct value *v = arena_array(&c->arena, 8, sizeof *v);
    size_t n = 0;
    const char *text = text_of(c, line->command);
    switch (line->type) {
    case COMMAND_LOG:
        v[n++] = (struct value){FIELD_TYPE, "help"};
        v[n++] = (struct value){FIELD_CATEGORY, "0101"};
        v[n++] = (struct value){FIELD_STREET, line->command == 31 ? "0000" : "1101"};
        v[n++] = (struct value){FIELD_CONTENT, text};
        v[n++] = (struct value){FIELD_COMMUNITY, "110101"};
        v[n++] = (struct value){FIELD_PHONE, "13800000001"};
        break;
    case COMMAND_DISPATCH:
        v[n++] = (struct value){FIELD_UNIT, "1101"};
        break;
    case COMMAND_CONTACT:
        v[n++] = (struct value){FIELD_REACHED, "yes"};
        v[n++] = (struct value){FIELD_SAID, text};
        break;
    case COMMAND_NOTE:
        v[n++] = (struct value){FIELD_NOTE, text};
        break;
    case COMMAND_ASK_RETURN:
        v[n++] = (struct value){FIELD_RETURN_CLASS, "R1"};
        v[n++] = (struct value){FIELD_BASIS, "the other side of the road"};
        v[n++] = (struct value){FIELD_PROPOSED, "1102"};
        break;
    case COMMAND_ACCEPT_RETURN:
        v[n++] = (struct value){FIELD_REASON, "boundary list"};
        break;
    default:
        break;
    }
    ret->values = v;
    ret->n_values = n;
}

static int64_t moment(int b)
{
    return INT64_C(1773100800000) + (int64_t)b * MS_MINUTE; /* Tue 10 Mar 2026 08:00 +08:00 */
}

static struct command command_of(struct centre *c, const struct line *line, int b)
{
    struct command k = {.id = numbered('k', line->command),
                        .case_id = numbered('c', line->of_case),
                        .type = line->type,
                        .at_ms = moment(line->command == 1 ? 0 : b)};
    values_of(c, line, &k);
    return k;
}

/* --- the service ---------------------------------------------------------------------------- */
static int64_t centre_now(void *self)
{
    return ((struct centre *)self)->now;
}

static const char *template_store(void)
{
    static char path[300];
    char url[320], program[4200];
    int status = 0;
    const char *build = getenv("JIBAN_TOP_BUILDDIR");
    if (*path)
        return path;
    snprintf(path, sizeof path, "%s/template.db", fault_folder());
    snprintf(url, sizeof url, "sqlite:%s", path);
    snprintf(program, sizeof program, "%.4000s/jiband", build ? build : ".");
    pid_t child = fork();
    if (child == 0) {
        execl(program, "jiband", "init", "--db", url, (char *)NULL);
        _exit(127);
    }
    if (waitpid(child, &status, 0) != child || status != 0)
        fault_die("jiband init failed");
    return path;
}

/* The secret keys of the audit log go with the store; the public one is kept elsewhere. */
static void copy_key(const char *store, const char *tail)
{
    char from[320], to[320];
    snprintf(from, sizeof from, "%.300s%s", template_store(), tail);
    snprintf(to, sizeof to, "%.300s%s", store, tail);
    fault_copy(from, to);
}

void centre_prepare(const char *folder)
{
    char path[300];
    fault_remove(folder);
    if (mkdir(folder, 0700) != 0)
        fault_die("%s: %s", folder, strerror(errno));
    snprintf(path, sizeof path, "%s/office.db", folder);
    fault_copy(template_store(), path);
    copy_key(path, ".audit-key");
    copy_key(path, ".audit-sign");
}

void centre_begin(struct centre *c, const char *folder, uint64_t seed)
{
    memset(c, 0, sizeof *c);
    snprintf(c->folder, sizeof c->folder, "%s", folder);
    c->seed = seed;
    c->now = moment(0);
    c->clock = (struct clock){c, centre_now, centre_now};
    rng_seed(&c->rng, seed);
    c->random = rng_random(&c->rng);
    arena_init(&c->arena, 0);
}

enum status centre_open(struct centre *c, struct errmsg *err)
{
    char url[320];
    snprintf(url, sizeof url, "sqlite:%s/office.db", c->folder);
    struct service_config config = {.url = url, .clock = &c->clock, .random = &c->random};
    return service_open(&config, &c->service, err);
}

void centre_end(struct centre *c)
{
    service_close(c->service);
    c->service = NULL;
    arena_release(&c->arena);
}

enum status centre_batch(struct centre *c, int b, struct outcome ret[CENTRE_BATCH_MOST],
                         size_t *ret_n, struct errmsg *err)
{
    struct command k[CENTRE_BATCH_MOST];
    size_t n = 0;
    c->now = moment(b);
    for (; n < CENTRE_BATCH_MOST && script[b][n].command; n++)
        k[n] = command_of(c, &script[b][n], b);
    enum status st = service_commands(c->service, &who[batch_who[b]], k, n, &c->arena, ret, err);
    if (st == ST_OK)
        *ret_n = n;
    return st;
}

enum status centre_note(struct centre *c, int n, struct arena *a, struct outcome *ret,
                        struct errmsg *err)
{
    struct value v = {FIELD_NOTE, "at the same time"};
    struct command k = {.id = numbered('n', n),
                        .case_id = numbered('c', 1 + n % 3),
                        .type = COMMAND_NOTE,
                        .at_ms = moment(CENTRE_BATCHES),
                        .values = &v,
                        .n_values = 1};
    return service_commands(c->service, &who[DESK], &k, 1, a, ret, err);
}

/* --- what the store holds ------------------------------------------------------------------- */
static const char *const dump_sql[] = {
    "SELECT 'case', row, hex(id), number, version, state FROM cases ORDER BY row",
    "SELECT 'event', gseq, case_row, seq, type, at, hex(command), body FROM events ORDER BY gseq",
    "SELECT 'command', hex(id), user, hex(hash), at, outcome FROM commands ORDER BY id",
    ("SELECT 'sight', scope, case_row, since_gseq, changed_gseq, gone_gseq FROM visibility"
     " ORDER BY scope, case_row"),
    ("SELECT 'like', case_row, hex(claimant), category, hex(place), created, leads, warned"
     " FROM repeats ORDER BY case_row")};

/* Each must find nothing. */
static const struct {
    const char *sql, *what;
} rule[] = {
    {"SELECT c.row FROM cases c WHERE c.version != (SELECT count(*) FROM events e"
     " WHERE e.case_row = c.row) OR c.version != (SELECT max(seq) FROM events e"
     " WHERE e.case_row = c.row)",
     "the numbers of a case have a gap"},
    {"SELECT gseq FROM events WHERE command NOT IN (SELECT id FROM commands)",
     "an event has no command"},
    {"SELECT id FROM commands WHERE outcome LIKE '%\"applied\"%' AND id NOT IN"
     " (SELECT command FROM events)",
     "an applied command has no event"},
    {"SELECT 1 WHERE (SELECT count(*) FROM events)" /* one of a command, and one of what the centre found */
     " != (SELECT count(*) FROM audit WHERE action NOT LIKE '%.%')",
     "the audit log has not each applied command once"},
    {"SELECT row FROM cases WHERE state != 'VOID' AND row NOT IN (SELECT case_row FROM repeats)",
     "an order is not there to be looked up"},
    {"SELECT command FROM events GROUP BY command HAVING count(DISTINCT case_row) > 1",
     "a command has events in two cases"},
    {"SELECT 1 FROM pragma_integrity_check WHERE integrity_check != 'ok'", "integrity_check"},
    {"SELECT 1 FROM pragma_foreign_key_check", "foreign_key_check"}};

static sqlite3 *open_plain(const char *folder)
{
    char path[300];
    sqlite3 *sql = NULL;
    snprintf(path, sizeof path, "%s/office.db", folder);
    if (sqlite3_open_v2(path, &sql, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        fault_die("%s: %s", path, sqlite3_errmsg(sql));
    sqlite3_db_config(sql, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return sql;
}

static bool put_rows(struct buf *out, sqlite3 *sql, const char *text)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(sql, text, -1, &q, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(q); i++) {
            const unsigned char *column = sqlite3_column_text(q, i);
            buf_printf(out, "%s|", column ? (const char *)column : "");
        }
        buf_putc(out, '\n');
        rc = SQLITE_OK;
    }
    sqlite3_finalize(q);
    return rc == SQLITE_DONE || fault_why("%s: %s", text, sqlite3_errmsg(sql));
}

char *centre_dump(const char *folder)
{
    sqlite3 *sql = open_plain(folder);
    struct buf out;
    bool ok = true;
    buf_init(&out, 64 << 20);
    for (size_t i = 0; ok && i < sizeof rule / sizeof *rule; i++)
        if ((ok = put_rows(&out, sql, rule[i].sql)) && out.len)
            ok = fault_why("%s: %s", rule[i].what, out.data);
    for (size_t i = 0; ok && i < sizeof dump_sql / sizeof *dump_sql; i++)
        ok = put_rows(&out, sql, dump_sql[i]);
    sqlite3_close(sql);
    if (ok)
        return buf_detach(&out);
    buf_release(&out);
    return NULL;
}

static void read_epoch(const char *folder, char out[64])
{
    struct buf text;
    sqlite3 *sql = open_plain(folder);
    buf_init(&text, 1000);
    put_rows(&text, sql, "SELECT value FROM meta WHERE name = 'epoch'");
    snprintf(out, 64, "%.60s", text.data);
    buf_release(&text);
    sqlite3_close(sql);
}

/* What a run without faults must give, so that it can be the measure of the others. */
static void measure(const struct centre_record *r)
{
    int applied = 0, refused = 0, duplicates = 0;
    for (int b = 0; b < CENTRE_BATCHES; b++)
        for (size_t i = 0; i < r->n[b]; i++) {
            enum outcome_kind kind = r->outcome[b][i].kind;
            *(kind == OUTCOME_APPLIED    ? &applied
              : kind == OUTCOME_REJECTED ? &refused
                                         : &duplicates) += 1;
        }
    if (applied != APPLIED || refused != REFUSED || duplicates != 1)
        fault_die("without a fault %d commands are applied, %d refused, %d repeated", applied,
                  refused, duplicates);
}

void centre_record(struct centre_record *r, const char *folder, uint64_t seed)
{
    struct centre c;
    struct errmsg err = {{0}};
    centre_prepare(folder);
    centre_begin(&c, folder, seed);
    fault_watch(folder);
    fault_set(NULL);
    if (centre_open(&c, &err) != ST_OK)
        fault_die("open without a fault: %s", err.text);
    r->after[0] = centre_dump(folder);
    for (int b = 0; b < CENTRE_BATCHES; b++) {
        if (centre_batch(&c, b, r->outcome[b], &r->n[b], &err) != ST_OK)
            fault_die("batch %d without a fault: %s", b, err.text);
        r->points = fault_seen(OPS_CHANGING);
        if (!(r->after[b + 1] = centre_dump(folder)))
            fault_die("batch %d left a damaged store", b);
    }
    measure(r);
    centre_end(&c);
    fault_remove(folder);
    fault_watch("");
}

/* --- after a fault -------------------------------------------------------------------------- */
static enum outcome_kind first_kind(const struct outcome *o)
{
    return o->kind == OUTCOME_DUPLICATE ? o->first : o->kind;
}

/* Once the store was opened again: what a kill had broken would be so for ever. */
static bool chain_is_whole(const char *folder)
{
    char url[320], public_key[320];
    struct db *db = NULL;
    struct errmsg err = {{0}};
    struct audit_report report;
    snprintf(url, sizeof url, "sqlite:%.290s/office.db", folder);
    snprintf(public_key, sizeof public_key, "%.300s.audit-public", template_store());
    enum status st = database_open(url, DB_READ, &db, &err);
    if (st == ST_OK)
        st = audit_verify(db, public_key, NULL, &report, &err);
    database_close(db);
    return st == ST_OK || fault_why("%s", err.text);
}

static bool all_again(struct centre *c, const struct centre_record *r, int answered)
{
    struct outcome o[CENTRE_BATCH_MOST];
    struct errmsg err = {{0}};
    size_t n = 0;
    for (int b = 0; b < CENTRE_BATCHES; b++) {
        if (centre_batch(c, b, o, &n, &err) != ST_OK)
            return fault_why("batch %d again: %s", b, err.text);
        for (size_t i = 0; i < n; i++) {
            const struct outcome *was = &r->outcome[b][i];
            if (b < answered && o[i].kind != OUTCOME_DUPLICATE)
                return fault_why("batch %d, command %zu was answered and is taken for new", b, i);
            if (first_kind(&o[i]) != first_kind(was) || o[i].version != was->version)
                return fault_why("batch %d, command %zu has another outcome than at first", b, i);
        }
    }
    return true;
}

bool centre_check(const char *folder, const struct centre_record *r, const char *story,
                  uint64_t seed, bool power)
{
    struct centre c;
    struct errmsg err = {{0}};
    bool promised;
    char before[64], after[64];
    int opened = fault_last_step(story, &promised) + 1; /* step 0 opens, step b + 1 is batch b */
    int answered = opened > 0 ? opened - 1 : 0;
    read_epoch(folder, before);
    char *is = centre_dump(folder);
    if (!is)
        return false;
    const char *next = answered < CENTRE_BATCHES ? r->after[answered + 1] : r->after[answered];
    bool ok = strcmp(is, next) == 0 || (!promised && strcmp(is, r->after[answered]) == 0) ||
              fault_why("the store is neither as before batch %d nor as after it", answered);
    free(is);
    centre_begin(&c, folder, seed);
    rng_seed(&c.rng, seed + 1); /* a new epoch would be another one */
    if (ok && centre_open(&c, &err) != ST_OK)
        ok = fault_why("it does not open again: %s", err.text);
    read_epoch(folder, after);
    if (ok && opened && !power && strcmp(before, after) != 0)
        ok = fault_why("a store that was only killed is taken for a copy put back");
    ok = ok && all_again(&c, r, answered);
    centre_end(&c);
    if (!ok || !(is = centre_dump(folder)))
        return false;
    ok = strcmp(is, r->after[CENTRE_BATCHES]) == 0 ||
         fault_why("after everything was sent again the store is not as without a fault");
    free(is);
    return ok && chain_is_whole(folder);
}

bool centre_check_notes(const char *folder, const char *story, uint64_t seed)
{
    struct centre c;
    struct errmsg err = {{0}};
    bool answered[CENTRE_NOTES] = {false};
    int n = 0, events = 0;
    for (const char *line = story; line && *line; line = strchr(line, '\n') + 1)
        if (sscanf(line, "NOTE %d", &n) == 1 && n >= 0 && n < CENTRE_NOTES)
            answered[n] = true;
    char *is = centre_dump(folder);
    bool ok = is != NULL;
    centre_begin(&c, folder, seed);
    c.now = moment(CENTRE_BATCHES);
    if (ok && centre_open(&c, &err) != ST_OK)
        ok = fault_why("it does not open again: %s", err.text);
    for (int i = 0; ok && i < CENTRE_NOTES; i++) {
        struct outcome o;
        if (centre_note(&c, i, &c.arena, &o, &err) != ST_OK)
            ok = fault_why("note %d again: %s", i, err.text);
        else if (first_kind(&o) != OUTCOME_APPLIED)
            ok = fault_why("note %d is refused: %s", i, o.problem.detail);
        else if (answered[i] && o.kind != OUTCOME_DUPLICATE)
            ok = fault_why("note %d was answered and is taken for new", i);
    }
    centre_end(&c);
    free(is);
    if (!ok || !(is = centre_dump(folder)))
        return false;
    for (const char *at = is; (at = strstr(at, "at the same time")); at++)
        events++;
    free(is);
    return chain_is_whole(folder) &&
           (events == CENTRE_NOTES || fault_why("%d notes gave %d events", CENTRE_NOTES, events));
}
