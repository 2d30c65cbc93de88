#include "core/case/template.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include <string.h>

const struct template_row template_table[TEMPLATE_COUNT] = {
#define TEMPLATE(id, word, chinese, help) {word, chinese, help},
#include "core/case/template_fields.def"
#undef TEMPLATE
};

/* One {if}, of which the end has not come. */
struct branch {
    size_t at;
    bool outer; /* what stands around it is written */
    bool holds;
    bool other; /* behind its {else} */
};

struct reading {
    const char *text;
    const struct template_values *v; /* NULL: only checked */
    struct buf *out;                 /* the same */
    size_t from;                     /* what stands before it in out is the caller's */
    enum command_type command;
    struct template_form form;
    int settings; /* {set}s so far, also of branches that do not hold */
    struct template_traits traits;
    const struct value *wanted; /* a {set} that is looked for; NULL: none */
    bool sets_it;
    struct branch branch[TEMPLATE_DEPTH];
    int depth;
    struct errmsg *err;
};

/* --- errors ---------------------------------------------------------------------------------- */

static enum status wrong(const struct reading *r, size_t at, const char *why)
{
    int line = 1;
    size_t begin = 0;
    for (size_t i = 0; i < at; i++)
        if (r->text[i] == '\n') {
            line++;
            begin = i + 1;
        }
    return fail(r->err, ST_INVALID, _("Line %d, column %zu: %s"), line,
                utf8_count(r->text + begin, at - begin) + 1, why);
}

static enum status wrong_word(const struct reading *r, size_t at, const char *word, size_t n)
{
    struct errmsg why;
    fail(&why, ST_INVALID, _("there is no field \"%.*s\""), (int)(n < 60 ? n : 60), word);
    return wrong(r, at, why.text);
}

/* --- fields ---------------------------------------------------------------------------------- */

static bool is(const char *word, const char *text, size_t n)
{
    return strlen(word) == n && memcmp(word, text, n) == 0;
}

static enum template_field find(const char *text, size_t n)
{
    int i = 0;
    while (i < TEMPLATE_COUNT && !is(template_table[i].word, text, n) &&
           !is(template_table[i].chinese, text, n))
        i++;
    return (enum template_field)i;
}

static const char *shown(const struct reading *r, enum template_field f)
{
    return r->v && r->v->shown[f] ? r->v->shown[f] : "";
}

static bool writes(const struct reading *r)
{
    if (r->depth == 0)
        return r->out != NULL;
    const struct branch *b = &r->branch[r->depth - 1];
    return r->out && b->outer && b->holds != b->other;
}

/* Not of the day or the writer. */
static bool is_of_order(enum template_field f)
{
    return f != TEMPLATE_OFFICE && f != TEMPLATE_WRITER && f != TEMPLATE_DATE && f != TEMPLATE_TIME;
}

/* The word of the template stands in the gap: it is what its writer knows. */
static enum status field(struct reading *r, size_t at, const char *word, size_t n)
{
    enum template_field f = find(word, n);
    if (f == TEMPLATE_COUNT)
        return wrong_word(r, at, word, n);
    r->traits.varies |= is_of_order(f);
    if (!writes(r))
        return ST_OK;
    const char *text = shown(r, f);
    if (*text)
        buf_puts(r->out, text);
    else
        buf_printf(r->out, "[%.*s?]", (int)n, word);
    return ST_OK;
}

/* --- conditions ------------------------------------------------------------------------------ */

static void trim(const char **text, size_t *n)
{
    while (*n > 0 && **text == ' ') {
        (*text)++;
        (*n)--;
    }
    while (*n > 0 && (*text)[*n - 1] == ' ')
        (*n)--;
}

/* "state=REWORK", "state!=REWORK", "claimant" */
static enum status condition(struct reading *r, size_t at, const char *text, size_t n)
{
    const char *equals = memchr(text, '=', n), *value = NULL;
    size_t word_n = equals ? (size_t)(equals - text) : n, value_n = 0;
    bool unlike = equals && word_n > 0 && text[word_n - 1] == '!';
    const char *word = text;
    word_n -= unlike;
    trim(&word, &word_n);
    if (equals) {
        value = equals + 1;
        value_n = n - (size_t)(value - text);
        trim(&value, &value_n);
    }
    enum template_field f = find(word, word_n);
    if (f == TEMPLATE_COUNT)
        return wrong_word(r, at, word, word_n);
    if (r->depth == TEMPLATE_DEPTH)
        return wrong(r, at, _("conditions stand too deep in one another"));
    r->traits.varies |= is_of_order(f);
    const char *now = r->v && r->v->word[f] ? r->v->word[f] : shown(r, f);
    bool holds = equals ? is(now, value, value_n) != unlike : *shown(r, f) != '\0';
    bool outer = writes(r);
    r->branch[r->depth++] = (struct branch){.at = at, .outer = outer, .holds = holds};
    return ST_OK;
}

static enum status otherwise(struct reading *r, size_t at)
{
    if (r->depth == 0 || r->branch[r->depth - 1].other)
        return wrong(r, at, _("this {else} belongs to no {if}"));
    r->branch[r->depth - 1].other = true;
    return ST_OK;
}

static enum status end(struct reading *r, size_t at)
{
    if (r->depth == 0)
        return wrong(r, at, _("this {end} belongs to no {if}"));
    r->depth--;
    return ST_OK;
}

/* --- the form -------------------------------------------------------------------------------- */

static const char for_word[] = "{for ";

/* Of a text that begins with {for: what stands behind it, up to the brace. */
static const char *named_command(const char *text, size_t *ret_n)
{
    const char *name = text + sizeof for_word - 1;
    *ret_n = strcspn(name, "{}\n");
    trim(&name, ret_n);
    return name;
}

enum command_type template_is_for(const char *text)
{
    char word[40];
    size_t n;
    if (strncmp(text, for_word, sizeof for_word - 1) != 0)
        return COMMAND_SUBMIT_REPLY;
    const char *name = named_command(text, &n);
    if (n >= sizeof word)
        return COMMAND_COUNT;
    memcpy(word, name, n);
    word[n] = '\0';
    return command_find(word);
}

static enum status names_form(struct reading *r, size_t at)
{
    size_t n;
    const char *name = named_command(r->text, &n);
    if (at != 0)
        return wrong(r, at, _("{for ...} stands at the very beginning, or not at all"));
    if (r->command == COMMAND_COUNT || command_table[r->command].n_arguments == 0) {
        struct errmsg why;
        fail(&why, ST_INVALID, _("there is no form of \"%.*s\""), (int)(n < 60 ? n : 60), name);
        return wrong(r, at, why.text);
    }
    return ST_OK;
}

static const struct argument *find_argument(enum command_type command, const char *word, size_t n)
{
    const struct command_row *row = &command_table[command];
    for (size_t i = 0; i < row->n_arguments; i++)
        if (is(field_table[row->arguments[i].field].word, word, n))
            return &row->arguments[i];
    return NULL;
}

static bool is_choice(const struct field_row *row, const char *text, size_t n)
{
    const struct choice *c = row->choices;
    while (c && c->word && !is(c->word, text, n))
        c++;
    return row->type != FIELD_TYPE_ENUM || (c && c->word);
}

/* "result=solved" */
static enum status setting(struct reading *r, size_t at, const char *text, size_t n)
{
    const char *equals = memchr(text, '=', n), *word = text, *value = equals ? equals + 1 : "";
    size_t word_n = equals ? (size_t)(equals - text) : n, value_n = equals ? n - word_n - 1 : 0;
    trim(&word, &word_n);
    trim(&value, &value_n);
    const struct argument *arg = find_argument(r->command, word, word_n);
    if (!arg)
        return wrong_word(r, at, word, word_n);
    if (value_n == 0 || !is_choice(&field_table[arg->field], value, value_n))
        return wrong(r, at, _("this is no value of the field"));
    if (++r->settings > TEMPLATE_SETTINGS)
        return wrong(r, at, _("too many fields are set"));
    if (r->wanted && r->wanted->field == arg->field && is(r->wanted->text, value, value_n))
        r->sets_it = true;
    if (writes(r))
        r->form.setting[r->form.n++] = (struct template_setting){arg->field, value, value_n};
    return ST_OK;
}

/* What stands between the braces. *ret_field: it is no condition. */
static enum status tag(struct reading *r, size_t at, const char *text, size_t n, bool *ret_field)
{
    trim(&text, &n);
    *ret_field = false;
    if (n > 3 && memcmp(text, "if ", 3) == 0)
        return condition(r, at, text + 3, n - 3);
    if (n > 4 && memcmp(text, "for ", 4) == 0)
        return names_form(r, at);
    if (n > 4 && memcmp(text, "set ", 4) == 0)
        return setting(r, at, text + 4, n - 4);
    if (is("else", text, n))
        return otherwise(r, at);
    if (is("end", text, n))
        return end(r, at);
    if (is("send", text, n)) {
        r->traits.sends = true;
        return ST_OK;
    }
    *ret_field = true;
    return field(r, at, text, n);
}

/* --- the text -------------------------------------------------------------------------------- */

/* Does it begin with a tag that writes nothing? */
static bool is_silent(const char *text)
{
    static const char *const tag[] = {"{if ", "{else}", "{end}", for_word, "{set ", "{send}"};
    for (size_t i = 0; i < sizeof tag / sizeof *tag; i++)
        if (strncmp(text, tag[i], strlen(tag[i])) == 0)
            return true;
    return false;
}

/* Does nothing but such tags stand in the line in which the tag at..next is, and does it end here? */
static bool ends_line(const char *text, size_t at, size_t next)
{
    if (text[next] && text[next] != '\n')
        return false;
    while (at > 0 && text[at - 1] != '\n') {
        if (text[at - 1] != '}')
            return false;
        do
            at--;
        while (at > 0 && text[at] != '{' && text[at - 1] != '\n');
        if (!is_silent(text + at))
            return false;
    }
    return true;
}

static void drop_break(struct reading *r)
{
    if (r->out && r->out->len > r->from && r->out->data[r->out->len - 1] == '\n')
        r->out->data[--r->out->len] = '\0';
}

static enum status read_all(struct reading *r)
{
    const char *text = r->text;
    enum status st = ST_OK;
    for (size_t at = 0; text[at] && st == ST_OK;) {
        size_t plain = strcspn(text + at, "{");
        if (writes(r))
            buf_add(r->out, text + at, plain);
        at += plain;
        if (!text[at])
            break;
        if (text[at + 1] == '{') {
            if (writes(r))
                buf_putc(r->out, '{');
            at += 2;
            continue;
        }
        bool is_field;
        size_t n = strcspn(text + at + 1, "{}\n");
        if (text[at + 1 + n] != '}')
            return wrong(r, at, _("this { is never closed; {{ is one brace"));
        st = tag(r, at, text + at + 1, n, &is_field);
        size_t next = at + n + 2;
        bool alone = !is_field && ends_line(text, at, next);
        if (alone && !text[next]) /* the last line: the break before it goes */
            drop_break(r);
        at = next + (alone && text[next]);
    }
    if (st == ST_OK && r->depth > 0)
        st = wrong(r, r->branch[r->depth - 1].at, _("this {if} has no {end}"));
    return st;
}

struct template_traits template_look(const char *text)
{
    struct errmsg err;
    struct reading r = {.text = text, .command = template_is_for(text), .err = &err};
    (void)read_all(&r); /* of one that cannot be read, as far as it can */
    return r.traits;
}

bool template_sets(const char *text, enum field field, const char *value)
{
    struct errmsg err;
    const struct value wanted = {field, value};
    struct reading r = {
        .text = text, .command = template_is_for(text), .wanted = &wanted, .err = &err};
    (void)read_all(&r);
    return r.sets_it;
}

enum status template_check(const char *text, struct errmsg *err)
{
    struct reading r = {.text = text, .command = template_is_for(text), .err = err};
    return read_all(&r);
}

enum status template_fill(const char *text, const struct template_values *v, struct buf *out,
                          struct template_form *ret_form, struct errmsg *err)
{
    struct reading r = {
        .text = text, .v = v, .out = out, .command = template_is_for(text), .err = err};
    size_t before = out->len;
    r.from = before;
    enum status st = read_all(&r);
    if (st == ST_OK && buf_status(out) != ST_OK)
        st = fail(err, buf_status(out), _("The text is too long, or memory is out."));
    if (st != ST_OK && out->len > before)
        out->len = before;
    if (st == ST_OK)
        *ret_form = r.form;
    return st;
}

void template_make(enum command_type command, const struct value *values, size_t n,
                   const char *text, struct buf *out)
{
    if (command != COMMAND_SUBMIT_REPLY)
        buf_printf(out, "{for %s}\n", command_table[command].word);
    for (size_t i = 0; i < n && i < TEMPLATE_SETTINGS; i++)
        if (!strpbrk(values[i].text, "{}\n"))
            buf_printf(out, "{set %s=%s}\n", field_table[values[i].field].word, values[i].text);
    for (; *text; text++) {
        if (*text == '{')
            buf_putc(out, '{');
        buf_putc(out, *text);
    }
}

/* --- gaps ------------------------------------------------------------------------------------ */

/* Length of the question mark that ends at the end of the n bytes; 0: there is none. */
static size_t question(const char *text, size_t n)
{
    static const char wide[] = "？";
    if (n > 0 && text[n - 1] == '?')
        return 1;
    return n >= sizeof wide - 1 && memcmp(text + n - (sizeof wide - 1), wide, sizeof wide - 1) == 0
               ? sizeof wide - 1
               : 0;
}

bool template_gap(const char *text, size_t from, size_t *ret_at, size_t *ret_len)
{
    const char *open = from <= strlen(text) ? strchr(text + from, '[') : NULL;
    for (; open; open = strchr(open + 1, '[')) {
        size_t n = strcspn(open + 1, "[]\n"), mark = question(open + 1, n);
        if (open[1 + n] != ']' || mark == 0 || mark == n ||
            utf8_count(open + 1, n - mark) > TEMPLATE_GAP_CHARACTERS)
            continue;
        *ret_at = (size_t)(open - text);
        *ret_len = n + 2;
        return true;
    }
    return false;
}
