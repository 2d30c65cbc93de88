#include "core/wire/reader.h"
#include "core/text/utf8.h"
#include <string.h>

enum { EVENT_LEAST = 64, CLOCKS_MOST = 64, OBJECTS_MOST = 64, DIGITS_MOST = 10 };

struct reader {
    const char *p, *end;
    char *text; /* room for the texts: what is read is never longer than its source */
    struct arena *arena;
};

/* --- pieces ----------------------------------------------------------------------------------- */
static bool skip_n(struct reader *r, const char *what, size_t n)
{
    if ((size_t)(r->end - r->p) < n || memcmp(r->p, what, n) != 0)
        return false;
    r->p += n;
    return true;
}
#define SKIP(r, literal) skip_n(r, literal, sizeof(literal) - 1)

static bool skip_char(struct reader *r, char c)
{
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

/* Eight bytes at once: is each of them plain (no quote, backslash, control or byte over 0x7F)? */
static bool eight_plain(const char *s)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);
    uint64_t w;
    memcpy(&w, s, sizeof w);
    uint64_t quote = w ^ (ones * '"'), back = w ^ (ones * '\\');
    return ((w | (w - ones * 0x20) | (quote - ones) | (back - ones)) & tops) == 0;
}

/* The position after the plain characters from s on; NULL: bad UTF-8. */
static const char *plain_end(const char *s, const char *end)
{
    while (s < end) {
        unsigned char c = (unsigned char)*s;
        if (c < 0x80) {
            if (end - s >= 8 && eight_plain(s)) {
                s += 8;
                continue;
            }
            if (c < 0x20 || c == '"' || c == '\\')
                break;
            s++;
            continue;
        }
        uint32_t decoded;
        size_t n = utf8_decode(s, (size_t)(end - s), &decoded);
        if (decoded == UTF8_BAD)
            return NULL;
        s += n;
    }
    return s;
}

static char unescaped(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/':
        return c;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return '\0'; /* \u too: the tree knows surrogates */
    }
}

static bool text(struct reader *r, const char **ret)
{
    if (!skip_char(r, '"'))
        return false;
    char *out = r->text;
    *ret = out;
    for (;;) {
        const char *stop = plain_end(r->p, r->end);
        if (!stop || stop == r->end)
            return false;
        size_t n = (size_t)(stop - r->p);
        memcpy(out, r->p, n);
        out += n;
        r->p = stop + 1;
        if (*stop == '"')
            break;
        char c = *stop == '\\' && r->p < r->end ? unescaped(*r->p) : '\0';
        if (c == '\0')
            return false;
        *out++ = c;
        r->p++;
    }
    *out = '\0';
    r->text = out + 1;
    return true;
}

static bool number(struct reader *r, uint32_t *ret)
{
    uint64_t v = 0;
    const char *from = r->p;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9' && r->p - from < DIGITS_MOST)
        v = v * 10 + (uint64_t)(*r->p++ - '0');
    if (r->p == from || (*from == '0' && r->p - from > 1) || v > UINT32_MAX)
        return false;
    *ret = (uint32_t)v;
    return true;
}

static bool time_text(struct reader *r, int64_t *ret)
{
    const char *word;
    return text(r, &word) && rfc3339_parse(word, ret) == 0;
}

static bool uuid_text(struct reader *r, struct uuid *ret)
{
    const char *word;
    return text(r, &word) && uuid_parse(word, ret);
}

/* --- an event --------------------------------------------------------------------------------- */
static bool actor(struct reader *r, struct actor *ret)
{
    const char *word;
    struct actor who = {.unit = "", .device = ""};
    if (!SKIP(r, "{\"user\":") || !text(r, &who.user) || !SKIP(r, ",\"name\":") ||
        !text(r, &who.name) || !SKIP(r, ",\"role\":") || !text(r, &word) ||
        !SKIP(r, ",\"office\":") || !text(r, &who.office))
        return false;
    who.role = role_find(word);
    if (who.role == ROLE_COUNT || (SKIP(r, ",\"unit\":") && !text(r, &who.unit)) ||
        (SKIP(r, ",\"device\":") && !text(r, &who.device)))
        return false;
    *ret = who;
    return skip_char(r, '}');
}

static bool value(struct reader *r, struct value *ret)
{
    const char *word;
    int64_t ms;
    if (!text(r, &word) || !skip_char(r, ':'))
        return false;
    ret->field = field_find(word);
    if (ret->field == FIELD_NONE)
        return false;
    enum field_type type = field_table[ret->field].type;
    if (type == FIELD_TYPE_BOOL) {
        bool yes = SKIP(r, "true");
        ret->text = yes ? "yes" : "no";
        return yes || SKIP(r, "false");
    }
    return text(r, &ret->text) && (type != FIELD_TYPE_TIME || rfc3339_parse(ret->text, &ms) == 0);
}

/* A list that was read, in the arena; never NULL for an empty one. */
static void *kept(struct reader *r, const void *list, size_t n, size_t size)
{
    void *copy = arena_array(r->arena, n + 1, size);
    return copy && n ? memcpy(copy, list, n * size) : copy;
}

static bool values(struct reader *r, struct event *e)
{
    struct value list[FIELD_COUNT];
    bool seen[FIELD_COUNT] = {false};
    size_t n = 0;
    if (!skip_char(r, '{'))
        return false;
    while (!skip_char(r, '}')) {
        if (n == FIELD_COUNT || (n > 0 && !skip_char(r, ',')) || !value(r, &list[n]) ||
            seen[list[n].field])
            return false;
        seen[list[n++].field] = true;
    }
    e->values = kept(r, list, n, sizeof *list);
    e->n_values = n;
    return e->values != NULL;
}

static bool clock_op(const char *word, enum clock_op *ret)
{
    for (int i = 0; i < CLOCK_OP_COUNT; i++)
        if (strcmp(clock_op_word[i], word) == 0) {
            *ret = (enum clock_op)i;
            return true;
        }
    return false;
}

static bool object_number(struct reader *r, uint32_t *ret)
{
    return number(r, ret) && *ret >= 1 && *ret <= CASEFILE_OBJECTS;
}

static bool clock_changes(struct reader *r, struct event *e)
{
    struct clock_change list[CLOCKS_MOST];
    size_t n = 0;
    do {
        const char *clock, *op;
        if (n == CLOCKS_MOST || !SKIP(r, "{\"clock\":") || !text(r, &clock) ||
            !SKIP(r, ",\"op\":") || !text(r, &op))
            return false;
        struct clock_change *c = &list[n++];
        *c = (struct clock_change){.clock = clock_find(clock), .due_ms = TIME_NONE};
        if (c->clock == CLOCK_COUNT || !clock_op(op, &c->op))
            return false;
        bool due = c->op == CLOCK_START || c->op == CLOCK_RESUME || c->op == CLOCK_EXTEND;
        if (due && (!SKIP(r, ",\"due\":") || !time_text(r, &c->due_ms)))
            return false;
        if (SKIP(r, ",\"object\":") && !object_number(r, &c->object))
            return false;
        if (!skip_char(r, '}'))
            return false;
    } while (skip_char(r, ','));
    e->clocks = kept(r, list, n, sizeof *list);
    e->n_clocks = n;
    return e->clocks && skip_char(r, ']');
}

static bool object_change(struct reader *r, struct object_change *ret)
{
    const char *kind, *state;
    struct object_change k = {.unit = "", .class = "", .text = "", .due_ms = TIME_NONE};
    if (!SKIP(r, "{\"object\":") || !object_number(r, &k.object) || !SKIP(r, ",\"kind\":") ||
        !text(r, &kind) || !SKIP(r, ",\"state\":") || !text(r, &state))
        return false;
    k.kind = object_kind_find(kind);
    k.state = object_state_find(state);
    if (k.kind == OBJECT_NONE || k.state == OBJECT_STATE_COUNT ||
        (SKIP(r, ",\"unit\":") && !text(r, &k.unit)) ||
        (SKIP(r, ",\"class\":") && !text(r, &k.class)) ||
        (SKIP(r, ",\"text\":") && !text(r, &k.text)) ||
        (SKIP(r, ",\"due\":") && !time_text(r, &k.due_ms)) ||
        (SKIP(r, ",\"parent\":") && !object_number(r, &k.parent)))
        return false;
    k.late = SKIP(r, ",\"late\":true");
    *ret = k;
    return skip_char(r, '}');
}

static bool object_changes(struct reader *r, struct event *e)
{
    struct object_change list[OBJECTS_MOST];
    size_t n = 0;
    do {
        if (n == OBJECTS_MOST || !object_change(r, &list[n++]))
            return false;
    } while (skip_char(r, ','));
    e->objects = kept(r, list, n, sizeof *list);
    e->n_objects = n;
    return e->objects && skip_char(r, ']');
}

static bool event(struct reader *r, struct event *ret)
{
    const char *word;
    struct event e = {.to = STATE_NONE};
    if (!SKIP(r, "{\"seq\":") || !number(r, &e.seq) || e.seq == 0 || !SKIP(r, ",\"type\":") ||
        !text(r, &word))
        return false;
    e.type = command_find(word);
    if (e.type == COMMAND_COUNT || !SKIP(r, ",\"at\":") || !time_text(r, &e.at_ms) ||
        !SKIP(r, ",\"entered\":") || !time_text(r, &e.entered_ms) || !SKIP(r, ",\"command\":") ||
        !uuid_text(r, &e.command_id) || !SKIP(r, ",\"by\":") || !actor(r, &e.actor))
        return false;
    if (SKIP(r, ",\"to\":")) {
        if (!text(r, &word))
            return false;
        e.to = state_find(word);
        if (e.to == STATE_NONE)
            return false;
    }
    if (!SKIP(r, ",\"values\":") || !values(r, &e) ||
        (SKIP(r, ",\"clocks\":[") && !clock_changes(r, &e)) ||
        (SKIP(r, ",\"objects\":[") && !object_changes(r, &e)) || !skip_char(r, '}'))
        return false;
    *ret = e;
    return true;
}

bool event_read(const char *json, size_t n, struct arena *a, struct event *ret)
{
    struct event e;
    struct reader r = {.p = json, .end = json + n, .text = arena_alloc(a, n + 1), .arena = a};
    if (!r.text || !event(&r, &e) || r.p != r.end || arena_failed(a))
        return false;
    *ret = e;
    return true;
}

/* --- a line ----------------------------------------------------------------------------------- */
bool change_read(const char *line, size_t n, struct arena *a, struct change *ret)
{
    struct change c = {.kind = CHANGE_CASE, .cursor = ""};
    struct reader r = {.p = line, .end = line + n, .text = arena_alloc(a, n + 1), .arena = a};
    if (!r.text || !SKIP(&r, "{\"case\":") || !uuid_text(&r, &c.case_id) ||
        !SKIP(&r, ",\"version\":") || !number(&r, &c.version) || !SKIP(&r, ",\"since\":") ||
        !number(&r, &c.since) || c.version <= c.since || !SKIP(&r, ",\"events\":["))
        return false;
    c.n_events = c.version - c.since;
    if (c.n_events > n / EVENT_LEAST)
        return false;
    struct event *list = arena_array(a, c.n_events, sizeof *list);
    const char *from = r.p;
    char *raw = arena_alloc(a, (size_t)(r.end - from) + 1);
    if (!list || !raw)
        return false;
    memcpy(raw, from, (size_t)(r.end - from));
    for (size_t i = 0; i < c.n_events; i++) {
        if ((i > 0 && !skip_char(&r, ',')) || !event(&r, &list[i]) ||
            list[i].seq != c.since + 1 + i)
            return false;
        raw[r.p - from] = '\n'; /* a comma, or the bracket at the end */
    }
    c.events_json_len = (size_t)(r.p - from) + 1;
    if (!SKIP(&r, "]}") || r.p != r.end || arena_failed(a))
        return false;
    raw[c.events_json_len] = '\0';
    c.events = list;
    c.events_json = raw;
    *ret = c;
    return true;
}
