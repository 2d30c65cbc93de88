#include "core/wire/json.h"
#include "core/wire/paper.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include "core/wire/codec.h"
#include <inttypes.h>
#include <string.h>

#define R(role) (1u << ROLE_##role)
const struct paper_row paper_table[PAPER_COUNT] = {
#define PAPER(id, word, label, roles, bytes, most) {word, label, roles, bytes, most},
#include "core/wire/papers.def"
#undef PAPER
};
#undef R
const char *const paper_scope_word[PAPER_SCOPES] = {"own", "office"};

enum paper_kind paper_find(const char *word)
{
    int i = 0;
    while (i < PAPER_COUNT && strcmp(paper_table[i].word, word) != 0)
        i++;
    return (enum paper_kind)i;
}

enum paper_scope paper_scope_find(const char *word)
{
    int i = 0;
    while (i < PAPER_SCOPES && strcmp(paper_scope_word[i], word) != 0)
        i++;
    return (enum paper_scope)i;
}

/* A department's people log in at their district, and are an office of their own all the same. */
const char *paper_owner(const struct actor *who, enum paper_scope scope)
{
    if (scope == PAPER_OWN)
        return who->user;
    return who->role == ROLE_DEPT && *who->unit ? who->unit : who->office;
}

enum status paper_may_write(const struct actor *who, enum paper_kind kind, enum paper_scope scope,
                            const char *owner, struct errmsg *err)
{
    if (strcmp(owner, paper_owner(who, scope)) != 0)
        return fail(err, ST_DENIED,
                    scope == PAPER_OWN ? _("That is another person's; make one of your own.")
                                       : _("That is another office's; make one of your own."));
    if (scope == PAPER_OFFICE && !(paper_table[kind].roles & 1u << who->role))
        return fail(
            err, ST_DENIED,
            _("Your role does not write what the whole office uses; make one of your own."));
    return ST_OK;
}

static enum status check_name(const char *name, struct errmsg *err)
{
    size_t n = strlen(name);
    if (n == 0)
        return fail(err, ST_INVALID, _("It needs a name."));
    if (!utf8_valid(name, n))
        return fail(err, ST_INVALID, _("The name is not UTF-8."));
    if (utf8_count(name, n) > PAPER_NAME_CHARACTERS)
        return fail(err, ST_TOOBIG, _("A name has at most %d characters."), PAPER_NAME_CHARACTERS);
    if (name[0] == ' ' || name[n - 1] == ' ')
        return fail(err, ST_INVALID, _("A name neither begins nor ends with a blank."));
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return fail(err, ST_INVALID, _("A name is not made of points alone."));
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7F || strchr("/%\\", name[i]))
            return fail(err, ST_INVALID, _("A name has no line breaks and none of / %% \\."));
    return ST_OK;
}

enum status paper_check(const struct paper *p, struct errmsg *err)
{
    size_t n = strlen(p->body);
    enum status st = check_name(p->name, err);
    if (st != ST_OK)
        return st;
    if (n == 0)
        return fail(err, ST_INVALID, _("There is no text in it."));
    if (n > paper_table[p->kind].bytes)
        return fail(err, ST_TOOBIG, _("The text has %zu bytes; %zu is the most."), n,
                    paper_table[p->kind].bytes);
    if (!utf8_valid(p->body, n))
        return fail(err, ST_INVALID, _("The text is not UTF-8."));
    return ST_OK;
}

/* --- JSON ------------------------------------------------------------------------------------ */

void paper_encode(struct buf *out, const struct paper *p)
{
    buf_printf(out, "{\"kind\":\"%s\",\"scope\":\"%s\",\"owner\":", paper_table[p->kind].word,
               paper_scope_word[p->scope]);
    json_put_text(out, p->owner);
    buf_puts(out, ",\"name\":");
    json_put_text(out, p->name);
    buf_puts(out, ",\"body\":");
    json_put_text(out, p->body);
    buf_printf(out, ",\"revision\":%" PRId64 ",\"changed\":", p->revision);
    json_put_time(out, p->changed_ms);
    buf_puts(out, ",\"changed_by\":");
    json_put_text(out, p->changed_by);
    buf_putc(out, '}');
}

/* *ret_known: false for a kind or scope of a newer centre, which is passed over. */
static enum status get(const json_t *o, struct arena *a, struct paper *p, bool *ret_known,
                       struct errmsg *err)
{
    const char *kind = "", *scope = "";
    enum status st = json_text(o, "kind", a, &kind, err);
    if (st == ST_OK)
        st = json_text(o, "scope", a, &scope, err);
    if (st == ST_OK)
        st = json_text(o, "owner", a, &p->owner, err);
    if (st == ST_OK)
        st = json_text(o, "name", a, &p->name, err);
    if (st == ST_OK)
        st = json_text(o, "body", a, &p->body, err);
    if (st == ST_OK)
        st = json_number(o, "revision", 0, INT64_MAX, &p->revision, err);
    if (st == ST_OK)
        st = json_time(o, "changed", &p->changed_ms, err);
    if (st == ST_OK)
        st = json_text(o, "changed_by", a, &p->changed_by, err);
    p->kind = paper_find(kind);
    p->scope = paper_scope_find(scope);
    *ret_known = p->kind != PAPER_COUNT && p->scope != PAPER_SCOPES;
    return st;
}

enum status paper_decode(const char *json, size_t n, struct arena *a, struct paper *ret,
                         struct errmsg *err)
{
    json_t *top;
    struct paper p = {.owner = ""};
    bool known = false;
    enum status st = json_read(NULL, json, n, &top, err);
    if (st != ST_OK)
        return st;
    st = get(top, a, &p, &known, err);
    json_decref(top);
    if (st == ST_OK && !known)
        st = fail(err, ST_UNSUPPORTED, "/kind: not known here");
    if (st == ST_OK && arena_failed(a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (st == ST_OK)
        *ret = p;
    return st;
}

void paper_wanted_encode(struct buf *out, const struct paper *p)
{
    buf_puts(out, "{\"owner\":");
    json_put_text(out, p->owner);
    buf_puts(out, ",\"body\":");
    json_put_text(out, p->body);
    buf_putc(out, '}');
}

enum status paper_wanted_decode(const char *json, size_t n, struct arena *a, const char **ret_owner,
                                const char **ret_body, struct errmsg *err)
{
    json_t *top;
    const char *owner = "", *body = "";
    enum status st = json_read(NULL, json, n, &top, err);
    if (st != ST_OK)
        return st;
    st = json_text(top, "owner", a, &owner, err);
    if (st == ST_OK)
        st = json_text(top, "body", a, &body, err);
    json_decref(top);
    if (st == ST_OK && arena_failed(a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (st != ST_OK)
        return st;
    *ret_owner = owner;
    *ret_body = body;
    return ST_OK;
}

static enum status list_get(const json_t *top, struct arena *a, struct papers *ret,
                            struct errmsg *err)
{
    const json_t *list = json_object_get(top, "papers");
    size_t all = json_array_size(list), n = 0;
    int64_t revision = 0;
    bool known;
    enum status st = json_number(top, "revision", 0, INT64_MAX, &revision, err);
    if (st != ST_OK)
        return st;
    if (!json_is_array(list))
        return fail(err, ST_INVALID, "/papers: %s", list ? "no array" : "missing");
    struct paper *p = arena_array(a, all + 1, sizeof *p);
    if (!p)
        return fail(err, ST_NOMEM, "out of memory");
    for (size_t i = 0; i < all; i++) {
        if ((st = get(json_array_get(list, i), a, &p[n], &known, err)) != ST_OK) {
            json_place(err, "/papers/%zu", i);
            return st;
        }
        n += known;
    }
    *ret = (struct papers){.revision = revision, .list = p, .n = n};
    return ST_OK;
}

enum status papers_decode(const char *json, size_t n, struct arena *a, struct papers *ret,
                          struct errmsg *err)
{
    json_t *top;
    enum status st = json_read(NULL, json, n, &top, err);
    if (st != ST_OK)
        return st;
    st = list_get(top, a, ret, err);
    json_decref(top);
    return st == ST_OK && arena_failed(a) ? fail(err, ST_NOMEM, "out of memory") : st;
}

void papers_begin(struct buf *out, int64_t revision)
{
    buf_printf(out, "{\"revision\":%" PRId64 ",\"papers\":[", revision);
}

void papers_add(struct buf *out, bool first, const struct paper *p)
{
    buf_puts(out, first ? "" : ",");
    paper_encode(out, p);
}

void papers_end(struct buf *out)
{
    buf_puts(out, "]}\n");
}

void paper_target(struct buf *out, const struct paper *p)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    buf_printf(out, "/v1/papers/%s/%s/", paper_table[p->kind].word, paper_scope_word[p->scope]);
    for (const char *c = p->name; *c; c++)
        if (strchr(plain, *c))
            buf_putc(out, *c);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*c);
}
