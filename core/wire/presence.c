/* presence.c: what a terminal has, and the marks of the others, as JSON. */
#include "core/wire/presence.h"
#include "core/wire/json.h"
#include "core/wire/codec.h"
#include <string.h>

static const char *const words[PRESENCE_COUNT] = {
    "",
#define PRESENCE(id, word) word,
#include "core/wire/presence.def"
#undef PRESENCE
};

static enum presence find(const char *word)
{
    int i = PRESENCE_COUNT - 1;
    while (i > PRESENCE_NONE && strcmp(words[i], word) != 0)
        i--;
    return (enum presence)i;
}

static void put_what(struct buf *out, bool *first, enum presence what, enum command_type command)
{
    json_key(out, first, "mark");
    json_put_text(out, words[what]);
    if (command == COMMAND_COUNT)
        return;
    json_key(out, first, "command");
    json_put_text(out, command_table[command].word);
}

void presence_own_encode(struct buf *out, const char *terminal, const struct presence_own *own)
{
    bool first = true;
    buf_putc(out, '{');
    json_key(out, &first, "terminal");
    json_put_text(out, terminal);
    if (own->what != PRESENCE_NONE) {
        json_key(out, &first, "case");
        json_put_uuid(out, &own->case_id);
        put_what(out, &first, own->what, own->command);
    }
    buf_putc(out, '}');
}

/* The mark and, where there is one, the command of o; PRESENCE_NONE for a word that is not known. */
static enum status get_what(const json_t *o, struct arena *a, enum presence *ret_what,
                            enum command_type *ret_command, struct errmsg *err)
{
    const char *mark = "", *command = "";
    enum status st = json_text(o, "mark", a, &mark, err);
    if (st == ST_OK)
        st = json_text_or(o, "command", a, "", &command, err);
    if (st != ST_OK)
        return st;
    *ret_what = find(mark);
    *ret_command = *command ? command_find(command) : COMMAND_COUNT;
    return ST_OK;
}

static bool names_terminal(const char *text)
{
    size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    return n > 0 && n <= PRESENCE_TERMINAL && !text[n];
}

static enum status get_own(const json_t *top, struct arena *a, const char **ret_terminal,
                           struct presence_own *ret, struct errmsg *err)
{
    *ret = (struct presence_own){.what = PRESENCE_NONE, .command = COMMAND_COUNT};
    enum status st = json_text(top, "terminal", a, ret_terminal, err);
    if (st == ST_OK && !names_terminal(*ret_terminal))
        st = fail(err, ST_INVALID, "/terminal: is 1 to %d letters and digits", PRESENCE_TERMINAL);
    if (st != ST_OK || !json_object_get(top, "case"))
        return st;
    st = json_uuid(top, "case", &ret->case_id, err);
    if (st == ST_OK)
        st = get_what(top, a, &ret->what, &ret->command, err);
    if (st == ST_OK && ret->what == PRESENCE_NONE)
        st = fail(err, ST_INVALID, "/mark: must be open or write");
    return st;
}

enum status presence_own_decode(const char *json, size_t n,
                                char ret_terminal[PRESENCE_TERMINAL + 1], struct presence_own *ret,
                                struct errmsg *err)
{
    json_t *top;
    struct arena a;
    const char *terminal = "";
    struct presence_own own;
    enum status st = json_read(NULL, json, n, &top, err);
    if (st != ST_OK)
        return st;
    arena_init(&a, 0);
    st = get_own(top, &a, &terminal, &own, err);
    json_decref(top);
    if (st == ST_OK && arena_failed(&a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (st == ST_OK) {
        memcpy(ret_terminal, terminal, strlen(terminal) + 1);
        *ret = own;
    }
    arena_release(&a);
    return st;
}

void presence_list_encode(struct buf *out, const struct presence_list *list)
{
    buf_puts(out, "{\"marks\":[");
    for (size_t i = 0; i < list->n; i++) {
        const struct presence_mark *m = &list->mark[i];
        bool first = true;
        buf_puts(out, i ? ",{" : "{");
        json_key(out, &first, "case");
        json_put_uuid(out, &m->case_id);
        json_key(out, &first, "user");
        json_put_text(out, m->user);
        put_what(out, &first, m->what, m->command);
        json_key(out, &first, "since");
        json_put_time(out, m->since_ms);
        if (m->own) {
            json_key(out, &first, "own");
            buf_puts(out, "true");
        }
        buf_putc(out, '}');
    }
    buf_puts(out, "]}");
}

static enum status get_mark(const json_t *o, struct arena *a, struct presence_mark *ret,
                            struct errmsg *err)
{
    const char *user = "";
    const json_t *own = json_object_get(o, "own");
    *ret = (struct presence_mark){.own = json_is_true(own)};
    enum status st = json_uuid(o, "case", &ret->case_id, err);
    if (st == ST_OK)
        st = json_text(o, "user", a, &user, err);
    if (st == ST_OK)
        st = get_what(o, a, &ret->what, &ret->command, err);
    if (st == ST_OK)
        st = json_time(o, "since", &ret->since_ms, err);
    if (st == ST_OK && strlen(user) >= sizeof ret->user)
        st = fail(err, ST_INVALID, "/user: is longer than %d bytes", PRESENCE_USER);
    if (st == ST_OK)
        memcpy(ret->user, user, strlen(user) + 1);
    return st;
}

static enum status get_list(const json_t *top, struct arena *a, struct presence_list *ret,
                            struct errmsg *err)
{
    const json_t *list = json_object_get(top, "marks");
    enum status st =
        json_is_array(list) ? ST_OK : fail(err, ST_INVALID, "/marks: must be an array");
    for (size_t i = 0; st == ST_OK && i < json_array_size(list) && ret->n < PRESENCE_LISTED; i++) {
        struct presence_mark *m = &ret->mark[ret->n];
        st = get_mark(json_array_get(list, i), a, m, err);
        ret->n += st == ST_OK && m->what != PRESENCE_NONE;
    }
    return st;
}

enum status presence_list_decode(const char *json, size_t n, struct presence_list *ret,
                                 struct errmsg *err)
{
    json_t *top;
    struct arena a;
    struct presence_list list = {.n = 0};
    enum status st = json_read(NULL, json, n, &top, err);
    if (st != ST_OK)
        return st;
    arena_init(&a, 0);
    st = get_list(top, &a, &list, err);
    json_decref(top);
    if (st == ST_OK && arena_failed(&a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (st == ST_OK)
        *ret = list;
    arena_release(&a);
    return st;
}
