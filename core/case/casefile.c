#include "core/case/attached.h"
#include "core/case/object.h"
#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct state_row state_table[STATE_COUNT] = {
#define STATE(id, holder, terminal, label) {#id, ROLE_##holder, (terminal) != 0, label},
#include "core/case/states.def"
#undef STATE
};

const struct named_row role_table[ROLE_COUNT] = {
#define ROLE(id, word, label) {word, label},
#include "core/case/roles.def"
#undef ROLE
};

const struct named_row clock_table[CLOCK_COUNT] = {
#define CLOCK(id, word, label) {word, label},
#include "core/case/clocks.def"
#undef CLOCK
};

#define CHOICE(word, label) {word, label},
#define FIELD(id, word, type, keep, privacy, choices, label)                                       \
    static const struct choice choices_##id[] = {choices{NULL, NULL}};
#include "core/case/fields.def"
#undef FIELD
#undef CHOICE
const struct field_row field_table[FIELD_COUNT] = {
#define FIELD(id, word, type, keep, privacy, choices, label)                                       \
    {word, FIELD_TYPE_##type, FIELD_KEEP_##keep, PRIVACY_##privacy, choices_##id, label},
#include "core/case/fields.def"
#undef FIELD
};

/* The argument lists, each closed by FIELD_NONE so that an empty one (sign) is an array too. */
#define NEED(field) {FIELD_##field, true},
#define ARG(field) {FIELD_##field, false},
#define COMMAND(id, word, alias, label, arguments)                                                 \
    static const struct argument arguments_##id[] = {arguments{FIELD_NONE, false}};
#include "core/case/commands.def"
#undef COMMAND
#define COMMAND(id, word, alias, label, arguments)                                                 \
    {word, alias, label, arguments_##id, sizeof arguments_##id / sizeof arguments_##id[0] - 1},
const struct command_row command_table[COMMAND_COUNT] = {
#include "core/case/commands.def"
};
#undef COMMAND
#undef NEED
#undef ARG

const char *const clock_op_word[CLOCK_OP_COUNT] = {"start", "stop",   "cancel",
                                                   "pause", "resume", "extend"};
const char *const tier_word[TIER_COUNT] = {"T2H", "T24H", "T7D", "T15D"};

/* The first letter settles most rows of a table without a call: a first sync looks up millions. */
static bool same_word(const char *word, const char *given)
{
    return *word == *given && strcmp(word, given) == 0;
}

enum state state_find(const char *word)
{
    for (int i = 0; word && i < STATE_COUNT; i++)
        if (same_word(state_table[i].word, word))
            return (enum state)i;
    return STATE_COUNT;
}

static int named_find(const struct named_row *table, int n, const char *word)
{
    for (int i = 0; word && i < n; i++)
        if (same_word(table[i].word, word))
            return i;
    return n;
}

enum role role_find(const char *word)
{
    return (enum role)named_find(role_table, ROLE_COUNT, word);
}

enum clock_id clock_find(const char *word)
{
    return (enum clock_id)named_find(clock_table, CLOCK_COUNT, word);
}

enum field field_find(const char *word)
{
    for (int i = 0; word && i < FIELD_COUNT; i++)
        if (same_word(field_table[i].word, word))
            return (enum field)i;
    return FIELD_COUNT;
}

static bool same_but_dash(const char *word, const char *given)
{
    if (!word)
        return false;
    for (; *word && *given; word++, given++)
        if (*word != *given && !(*word == '_' && *given == '-'))
            return false;
    return *word == *given;
}

enum command_type command_find(const char *word)
{
    for (int i = 0; word && i < COMMAND_COUNT; i++)
        if (same_but_dash(command_table[i].word, word) ||
            same_but_dash(command_table[i].alias, word))
            return (enum command_type)i;
    return COMMAND_COUNT;
}

enum tier tier_find(const char *word)
{
    for (int i = 0; word && i < TIER_COUNT; i++)
        if (same_word(tier_word[i], word))
            return (enum tier)i;
    return TIER_NONE;
}

/* --- values ------------------------------------------------------------------------------- */

const char *value_find(const struct value *v, size_t n, enum field field)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].field == field)
            return v[i].text;
    return NULL;
}

static const struct choice *choice_find(enum field field, const char *word)
{
    for (const struct choice *c = field_table[field].choices; c->word; c++)
        if (same_word(c->word, word))
            return c;
    return NULL;
}

const char *choice_label(enum field field, const char *word)
{
    if (field_table[field].type == FIELD_TYPE_BOOL)
        return strcmp(word, "yes") == 0 ? _("yes") : strcmp(word, "no") == 0 ? _("no") : word;
    const struct choice *c = choice_find(field, word);
    return c ? _(c->label) : word;
}

static enum status not_a_choice(enum field field, struct errmsg *err)
{
    struct buf words;
    buf_init(&words, ERRMSG_SIZE);
    for (const struct choice *c = field_table[field].choices; c->word; c++)
        buf_printf(&words, "%s%s", words.len ? "|" : "", c->word);
    fail(err, ST_INVALID, _("%s: must be one of %s."), _(field_table[field].label), words.data);
    buf_release(&words);
    return ST_INVALID;
}

static bool word_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

/* Codes and user names: letters, digits and a few signs; nothing that a shell or a path reads. */
static bool code_ok(const char *text, const char *signs)
{
    size_t n = 0;
    for (; text[n]; n++) {
        char ch = text[n];
        if (!((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
              strchr(signs, ch)))
            return false;
    }
    return n <= 64;
}

enum { LINE_MAX_CHARACTERS = 200, TEXT_MAX_CHARACTERS = 20000 };

enum status value_check(enum field field, const char *text, struct arena *a, const char **ret_text,
                        struct errmsg *err)
{
    static const char *const yes[] = {"yes", "true", "1", "是", NULL};
    static const char *const no[] = {"no", "false", "0", "否", NULL};
    if ((unsigned)field >= FIELD_COUNT)
        return fail(err, ST_INVALID, "%s", _("There is no such field."));
    const struct field_row *row = &field_table[field];
    const char *label = _(row->label);
    if (!text)
        return fail(err, ST_INVALID, _("%s: a value is missing."), label);
    size_t n = strlen(text);
    if (!utf8_valid(text, n))
        return fail(err, ST_INVALID, _("%s: the text is not valid UTF-8."), label);
    const char *out = NULL;
    size_t count = utf8_count(text, n);

    switch (row->type) {
    case FIELD_TYPE_LINE:
        if (strpbrk(text, "\r\n"))
            return fail(err, ST_INVALID, _("%s: must be one line."), label);
        if (count > LINE_MAX_CHARACTERS)
            return fail(err, ST_INVALID, _("%s: longer than %d characters."), label,
                        LINE_MAX_CHARACTERS);
        out = text;
        break;
    case FIELD_TYPE_TEXT:
        if (count > TEXT_MAX_CHARACTERS)
            return fail(err, ST_INVALID, _("%s: longer than %d characters."), label,
                        TEXT_MAX_CHARACTERS);
        out = text;
        break;
    case FIELD_TYPE_TIME: {
        int64_t ms;
        char form[RFC3339_SIZE];
        if (n == 0) {
            out = text;
            break;
        }
        if (rfc3339_parse(text, &ms) != 0)
            return fail(err, ST_INVALID, _("%s: not a time such as 2026-03-11T08:05:00+08:00."),
                        label);
        rfc3339_format(ms, BEIJING_OFFSET_MS, form);
        *ret_text = arena_strdup(a, form);
        return arena_failed(a) ? fail(err, ST_NOMEM, "%s", _("Out of memory.")) : ST_OK;
    }
    case FIELD_TYPE_BOOL:
        if (word_of(text, yes))
            out = "yes";
        else if (word_of(text, no))
            out = "no";
        else
            return fail(err, ST_INVALID, _("%s: must be yes or no."), label);
        break;
    case FIELD_TYPE_INT: {
        char *end;
        errno = 0;
        long long number = strtoll(text, &end, 10);
        if (n == 0 || *end || errno || text[0] == ' ' || text[0] == '\t')
            return fail(err, ST_INVALID, _("%s: not a whole number."), label);
        *ret_text = arena_printf(a, "%lld", number);
        return arena_failed(a) ? fail(err, ST_NOMEM, "%s", _("Out of memory.")) : ST_OK;
    }
    case FIELD_TYPE_ENUM:
        if (!choice_find(field, text))
            return not_a_choice(field, err);
        out = text;
        break;
    case FIELD_TYPE_CODE:
    case FIELD_TYPE_CATEGORY:
        if (!code_ok(text, "-_.@"))
            return fail(err, ST_INVALID, _("%s: not a code (letters and digits)."), label);
        out = text;
        break;
    case FIELD_TYPE_USER:
        if (!code_ok(text, "-_.@"))
            return fail(err, ST_INVALID, _("%s: not a user name."), label);
        out = text;
        break;
    case FIELD_TYPE_UUID: {
        struct uuid u;
        char form[UUID_TEXT];
        if (!uuid_parse(text, &u))
            return fail(err, ST_INVALID, _("%s: not a UUID."), label);
        uuid_format(&u, form);
        *ret_text = arena_strdup(a, form);
        return arena_failed(a) ? fail(err, ST_NOMEM, "%s", _("Out of memory.")) : ST_OK;
    }
    case FIELD_TYPE_FILES: {
        struct attached *files;
        size_t n_files;
        struct errmsg why = {""};
        enum status st = attached_read(text, a, &files, &n_files, &why);
        if (st != ST_OK)
            return fail(err, st, "%s: %.400s", label, why.text);
        out = text;
        break;
    }
    }
    out = arena_strdup(a, out);
    if (arena_failed(a))
        return fail(err, ST_NOMEM, "%s", _("Out of memory."));
    *ret_text = out;
    return ST_OK;
}

/* --- the fold ----------------------------------------------------------------------------- */

void casefile_init(struct casefile *c, const struct uuid *id, struct arena *a)
{
    memset(c, 0, sizeof *c);
    c->id = *id;
    c->arena = a;
    c->state = STATE_NEW;
    for (int i = 0; i < FIELD_COUNT; i++)
        c->value[i] = "";
    for (int i = 0; i < CLOCK_COUNT; i++)
        clock_run_init(&c->clock[i]);
    c->created_ms = c->changed_ms = c->state_ms = c->sms_ms = c->last_call_ms = TIME_NONE;
    c->state_by = (struct actor){.user = ""};
    c->state_how = COMMAND_COUNT;
}

/* The claimed time counts (3.4 rule 7), never a later one than the centre's. */
static int64_t contact_ms(const struct event *e)
{
    int64_t claimed;
    const char *time = value_find(e->values, e->n_values, FIELD_TIME);
    if (time && rfc3339_parse(time, &claimed) == 0 && claimed < e->at_ms)
        return claimed;
    return e->at_ms;
}

static void apply_clock(struct casefile *c, const struct event *e, const struct clock_change *k)
{
    if ((unsigned)k->clock >= CLOCK_COUNT || k->object > 0)
        return;
    /* For contact the claimed time counts (3.4 rule 7, example E10), never a later one. */
    bool contact = k->clock == CLOCK_CONTACT && e->type == COMMAND_CONTACT;
    struct clock_run *run = &c->clock[k->clock], before = *run;
    clock_run_change(run, k, contact ? contact_ms(e) : e->at_ms);
    /* Off the ledger or out of a merger a clock goes on: "on time" is still what was due first (7.7, example E3). */
    bool goes_on = e->type == COMMAND_UNHANG || e->type == COMMAND_UNMERGE;
    if (k->op == CLOCK_START && goes_on && before.first_due_ms != TIME_NONE)
        run->first_due_ms = before.first_due_ms;
    if (k->op == CLOCK_START && e->type == COMMAND_UNMERGE && before.started_ms != TIME_NONE)
        run->started_ms = before.started_ms;
    if (k->op == CLOCK_START)
        c->late &= ~(1u << k->clock);
}

static void apply_try(struct casefile *c, const struct event *e)
{
    if (c->contact_tries >= CASEFILE_TRIES)
        memmove(&c->try_ms[0], &c->try_ms[1], (CASEFILE_TRIES - 1) * sizeof c->try_ms[0]);
    int at = c->contact_tries < CASEFILE_TRIES ? c->contact_tries : CASEFILE_TRIES - 1;
    c->try_ms[at] = contact_ms(e);
    c->contact_tries++;
}

/* Night to 12:00, 12:00 to 18:00, evening (7.4). */
int64_t day_part(int64_t ms)
{
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    int64_t day = (ms + BEIJING_OFFSET_MS) / MS_DAY;
    return day * 3 + (t.hour < 12 ? 0 : t.hour < 18 ? 1 : 2);
}

static void apply_attempt(struct casefile *c, const struct event *e)
{
    const char *connected = value_find(e->values, e->n_values, FIELD_CONNECTED);
    int64_t at = contact_ms(e);
    c->attempts++;
    if (connected && strcmp(connected, "sms") == 0) {
        c->sms_ms = e->at_ms;
        return;
    }
    c->calls++;
    if (c->last_call_ms == TIME_NONE || day_part(at) != day_part(c->last_call_ms))
        c->call_parts++;
    c->last_call_ms = at;
}

static void new_round(struct casefile *c)
{
    c->attempts = c->calls = c->call_parts = 0;
    c->sms_ms = c->last_call_ms = TIME_NONE;
}

static void apply_late(struct casefile *c, const struct event *e)
{
    enum clock_id clock = clock_find(value_find(e->values, e->n_values, FIELD_LATE_CLOCK));
    if (clock != CLOCK_COUNT && e->n_objects == 0)
        c->late |= 1u << clock;
}

static void apply_counts(struct casefile *c, const struct event *e)
{
    const char *v;
    switch (e->type) {
    case COMMAND_DISPATCH:
    case COMMAND_DESIGNATE:
        c->dispatched++;
        c->contacted_ok = c->contact_tries = 0; /* the new unit owes its own contact */
        break;
    case COMMAND_ACCEPT_RETURN:
        c->returned++;
        break;
    case COMMAND_CONTACT:
        v = value_find(e->values, e->n_values, FIELD_REACHED);
        apply_try(c, e);
        if (v && strcmp(v, "yes") == 0)
            c->contacted_ok++;
        break;
    case COMMAND_SUBMIT_REPLY:
        c->submitted++;
        break;
    case COMMAND_APPROVE:
    case COMMAND_SHARE_REPLY:
    case COMMAND_DECIDE_HANG:
        new_round(c);
        break;
    case COMMAND_ATTEMPT:
        apply_attempt(c, e);
        break;
    case COMMAND_URGE:
        c->urged++;
        c->progress_calls += e->actor.role == ROLE_AUTOMATIC;
        break;
    case COMMAND_SUPPLEMENT:
        c->supplemented++;
        c->progress_calls = 0;
        break;
    case COMMAND_LATE:
        apply_late(c, e);
        break;
    default:
        break;
    }
    for (size_t i = 0; i < e->n_clocks; i++)
        c->extended += e->type == COMMAND_DECIDE_EXTENSION && e->clocks[i].op == CLOCK_EXTEND;
    if (e->to == STATE_REWORK &&
        e->type != COMMAND_REOPEN) /* opening again is no rework by callback */
        c->reworked++;
}

enum status casefile_apply(struct casefile *c, const struct event *e, struct errmsg *err)
{
    if (e->seq != c->version + 1)
        return fail(err, ST_CORRUPT,
                    _("The record of this case has a gap: event %u follows event %u. "
                      "Nothing was changed; fetch the case again."),
                    e->seq, c->version);
    apply_counts(c, e);
    for (size_t i = 0; i < e->n_values; i++) {
        enum field f = e->values[i].field;
        if ((unsigned)f < FIELD_COUNT && field_table[f].keep == FIELD_KEEP_CASE)
            c->value[f] = e->values[i].text ? e->values[i].text : "";
    }
    for (size_t i = 0; i < e->n_clocks; i++)
        apply_clock(c, e, &e->clocks[i]);
    objects_apply(c, e);
    if ((unsigned)e->to < STATE_COUNT) {
        c->state = e->to;
        c->state_by = e->actor;
        c->state_how = e->type;
        c->state_ms = e->at_ms;
    }
    if (c->version == 0)
        c->created_ms = e->at_ms;
    c->changed_ms = e->at_ms;
    c->version = e->seq;
    return ST_OK;
}

/* Without those of a mask of clocks. */
static enum clock_id next_due(const struct casefile *c, uint32_t without, int64_t *ret_due_ms)
{
    enum clock_id best = CLOCK_COUNT;
    int64_t due = TIME_NONE;
    for (int i = 0; i < CLOCK_COUNT; i++) {
        if (i == CLOCK_RETURN || i == CLOCK_EXCLUSION || without >> i & 1u ||
            c->clock[i].status != CLOCK_RUNNING)
            continue;
        if (best == CLOCK_COUNT || c->clock[i].due_ms < due) {
            best = (enum clock_id)i;
            due = c->clock[i].due_ms;
        }
    }
    if (ret_due_ms)
        *ret_due_ms = due;
    return best;
}

enum clock_id casefile_next_due(const struct casefile *c, int64_t *ret_due_ms)
{
    return next_due(c, 0, ret_due_ms);
}

enum clock_id casefile_lead_due(const struct casefile *c, int64_t *ret_due_ms)
{
    uint32_t theirs = 0;
    for (size_t i = 0; i < c->n_objects; i++)
        for (int n = 0; n < OBJECT_CLOCKS; n++)
            if (c->objects[i].clock[n].id != CLOCK_COUNT)
                theirs |= 1u << c->objects[i].clock[n].id;
    return next_due(c, theirs, ret_due_ms);
}

enum clock_id object_next_due(const struct object *o, int64_t *ret_due_ms)
{
    enum clock_id best = CLOCK_COUNT;
    int64_t due = TIME_NONE;
    for (int i = 0; i < OBJECT_CLOCKS; i++)
        if (o->clock[i].id != CLOCK_COUNT && o->clock[i].run.status == CLOCK_RUNNING &&
            (best == CLOCK_COUNT || o->clock[i].run.due_ms < due)) {
            best = o->clock[i].id;
            due = o->clock[i].run.due_ms;
        }
    if (ret_due_ms)
        *ret_due_ms = due;
    return best;
}

const struct clock_run *object_run(const struct object *o, enum clock_id id)
{
    for (int i = 0; i < OBJECT_CLOCKS; i++)
        if (o->clock[i].id == id)
            return &o->clock[i].run;
    return NULL;
}

enum tier casefile_tier(const struct casefile *c)
{
    return tier_find(c->value[FIELD_TIER]);
}

/* --- masking ------------------------------------------------------------------------------ */

/* Everything after the building goes: door, unit and room numbers. */
static const char *mask_address(const char *text, struct arena *a)
{
    static const char *const building[] = {"号楼", "栋", "幢", "座", "楼", "号院", "号", NULL};
    for (int i = 0; building[i]; i++) {
        const char *at = strstr(text, building[i]);
        if (at) {
            size_t keep = (size_t)(at - text) + strlen(building[i]);
            return text[keep] ? arena_printf(a, "%.*s***", (int)keep, text) : text;
        }
    }
    /* No building word: keep what stands before the first digit. */
    size_t digit = strcspn(text, "0123456789");
    return text[digit] ? arena_printf(a, "%.*s***", (int)digit, text) : text;
}

static const char *mask_phone(const char *text, struct arena *a)
{
    size_t n = strlen(text);
    if (n >= 11)
        return arena_printf(a, "%.3s****%s", text, text + n - 4);
    if (n > 4)
        return arena_printf(a, "****%s", text + n - 2);
    return "****";
}

const char *field_masked(enum field field, const char *text, struct arena *a)
{
    if ((unsigned)field >= FIELD_COUNT || !text || !*text)
        return "";
    switch (field_table[field].privacy) {
    case PRIVACY_NAME: {
        uint32_t ch;
        size_t n = utf8_decode(text, strlen(text), &ch);
        if (ch == UTF8_BAD)
            return "*";
        return arena_printf(a, "%.*s*", (int)n, text);
    }
    case PRIVACY_PHONE:
        return mask_phone(text, a);
    case PRIVACY_ADDRESS:
        return mask_address(text, a);
    case PRIVACY_OPEN:
    case PRIVACY_FREE:
        break;
    }
    return text;
}
