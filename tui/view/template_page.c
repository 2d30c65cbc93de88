/* template_page.c: writing one reply template. */
#include "tui/view/template_page.h"
#include "core/base/i18n.h"
#include "core/case/template.h"
#include "tui/reading.h"
#include <string.h>

void template_page_init(struct template_page *p)
{
    *p = (struct template_page){.job = TEMPLATE_NEW};
    arena_init(&p->arena, 0);
    editor_init(&p->text, EDITOR_TEXT, paper_table[PAPER_TEMPLATE].bytes);
}

void template_page_release(struct template_page *p)
{
    arena_release(&p->arena);
    editor_release(&p->text);
}

/* --- opening ----------------------------------------------------------------------------------- */

/* The one of that name that the person may write, own ones first; else why the other one is not. */
static enum status find(struct console *c, const struct paper *wanted, bool office, struct arena *a,
                        struct paper *ret, struct errmsg *err)
{
    struct kept_paper *all;
    size_t n;
    enum status st = store_papers(c->config->store, PAPER_TEMPLATE, a, &all, &n, err);
    if (st != ST_OK)
        return st;
    st = fail(err, ST_NOT_FOUND, _("There is none of the name \"%.120s\"."), wanted->name);
    for (size_t i = 0; i < n; i++) {
        const struct paper *p = &all[i].paper;
        if (strcmp(p->name, wanted->name) != 0 || (office && p->scope != PAPER_OFFICE))
            continue;
        st = paper_may_write(console_actor(c), p->kind, p->scope, p->owner, err);
        if (st == ST_OK) {
            *ret = *p;
            return ST_OK;
        }
    }
    return st;
}

static enum status check_new(struct console *c, const struct paper *wanted, struct errmsg *err)
{
    struct kept_paper *all;
    size_t n;
    struct paper trial = *wanted;
    trial.body = " ";
    enum status st = paper_check(&trial, err);
    if (st == ST_OK)
        st = paper_may_write(console_actor(c), wanted->kind, wanted->scope, wanted->owner, err);
    if (st == ST_OK)
        st = store_papers(c->config->store, PAPER_TEMPLATE, &c->scratch, &all, &n, err);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        if (all[i].paper.scope == wanted->scope && strcmp(all[i].paper.owner, wanted->owner) == 0 &&
            strcmp(all[i].paper.name, wanted->name) == 0)
            st = fail(err, ST_EXISTS, _("There is one of this name; `:template edit %s` opens it."),
                      wanted->name);
    return st;
}

static const char *owner_of(const struct console *c, const struct paper *p)
{
    const struct reference *r = console_reference(c);
    if (p->scope == PAPER_OWN)
        return _("my own");
    return r ? reference_unit_name(r, p->owner, i18n_chinese()) : p->owner;
}

enum status template_page_open(struct template_page *p, struct console *c, enum template_job job,
                               bool office, const char *name, struct errmsg *err)
{
    const struct actor *who = console_actor(c);
    enum paper_scope scope = office ? PAPER_OFFICE : PAPER_OWN;
    if (!who)
        return fail(err, ST_UNAUTHORIZED, _("Log in once first: who you are is not known yet."));
    arena_reset(&p->arena);
    struct paper wanted = {.kind = PAPER_TEMPLATE,
                           .scope = scope,
                           .owner = arena_strdup(&p->arena, paper_owner(who, scope)),
                           .name = arena_strdup(&p->arena, name),
                           .body = ""};
    enum status st = job == TEMPLATE_NEW ? check_new(c, &wanted, err)
                                         : find(c, &wanted, office, &p->arena, &wanted, err);
    if (st != ST_OK)
        return st;
    p->job = job;
    p->paper = wanted;
    p->owner = arena_strdup(&p->arena, owner_of(c, &wanted));
    (void)editor_set(&p->text, wanted.body, strlen(wanted.body));
    editor_go(&p->text, 0);
    p->saved = editor_revision(&p->text);
    p->leaving = false;
    return ST_OK;
}

void template_page_write(struct template_page *p, const char *text)
{
    (void)editor_insert(&p->text, text, strlen(text), true);
    editor_go(&p->text, 0);
}

/* --- keys -------------------------------------------------------------------------------------- */

static bool keep(struct template_page *p, struct console *c)
{
    struct errmsg err;
    struct paper paper = p->paper;
    paper.body = editor_text(&p->text);
    paper.changed_by = console_actor(c) ? console_actor(c)->user : "";
    enum status st = template_check(paper.body, &err);
    if (st == ST_OK)
        st = store_paper_put(c->config->store, &paper, &err);
    return console_ok(c, st, &err);
}

static void confirm(struct template_page *p, struct console *c)
{
    struct errmsg err;
    bool done = p->job == TEMPLATE_DELETE
                    ? console_ok(c, store_paper_drop(c->config->store, &p->paper, &err), &err)
                    : keep(p, c);
    if (!done)
        return;
    console_say(c, THEME_MESSAGE,
                p->job == TEMPLATE_DELETE ? _("The template \"%s\" is thrown away.")
                                          : _("The template \"%s\" is kept."),
                p->paper.name);
    if (c->sync)
        sync_poke(c->sync);
    c->want = WANT_BACK;
}

static void leave(struct template_page *p, struct console *c)
{
    if (editor_revision(&p->text) == p->saved || p->leaving) {
        c->want = WANT_BACK;
        return;
    }
    p->leaving = true;
    console_say(c, THEME_WARN, "%s",
                _("Not kept yet: ^S keeps it, Esc once more leaves it as it was before."));
}

static bool act(void *self, struct console *c, enum action action)
{
    struct template_page *p = self;
    enum editor_op op = action_editor_op(action);
    if (action == ACTION_LEAVE_FORM) {
        leave(p, c);
        return true;
    }
    p->leaving = false;
    if (action == ACTION_CONFIRM)
        confirm(p, c);
    else if (op != EDITOR_OP_COUNT && p->job != TEMPLATE_DELETE)
        (void)editor_do(&p->text, op);
    else
        return op != EDITOR_OP_COUNT;
    return true;
}

static void type(void *self, struct console *c, const struct key *key)
{
    struct template_page *p = self;
    p->leaving = false;
    if ((key->kind != KEY_KIND_TEXT && key->kind != KEY_KIND_PASTE) || p->job == TEMPLATE_DELETE)
        return;
    if (editor_insert(&p->text, key->text, key->len, key->kind == KEY_KIND_PASTE) > 0)
        console_say(c, THEME_WARN, _("A template has at most %zu bytes; the end is missing."),
                    paper_table[PAPER_TEMPLATE].bytes);
}

static void reload(void *self, struct console *c)
{
    (void)
        self; /* what is being written stays as it is; both texts are kept when the centre has another one */
    (void)c;
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    template_page_draw(self, s, r, &c->scratch, cursor);
}

/* The words of its fields, which a sighted person sees below it. */
static const char *words(struct arena *a)
{
    const char *text = reading_join(
        a, _("{if result=solved}...{else}...{end} chooses; {set result=solved} fills in;"),
        _("{for whistle} at the beginning: for that form; [which day?] is left open"));
    text = reading_join(a, text,
                        _("{send}: a macro, which `:macro NAME` shows filled in and Enter sends"));
    for (int i = 0; i < TEMPLATE_COUNT; i++)
        text = arena_printf(a, "%s {%s}", text,
                            i18n_chinese() ? template_table[i].chinese : template_table[i].word);
    return text;
}

static void read(void *self, struct console *c, struct reading *out)
{
    struct template_page *p = self;
    out->head = template_page_title(p, &c->scratch);
    out->place =
        reading_mix(reading_mix(14, &p->job, sizeof p->job), p->paper.name, strlen(p->paper.name));
    out->at = out->place;
    if (p->job == TEMPLATE_DELETE) {
        out->line = reading_text(&c->scratch, p->paper.body);
        return;
    }
    out->note = words(&c->scratch);
    out->line = _("Text:");
    out->typed = &p->text;
}

static bool subject(void *self, struct console *c, struct uuid *ret)
{
    (void)self;
    (void)c;
    (void)ret;
    return false;
}

static bool offers(const void *self, enum action action)
{
    (void)self;
    return action == ACTION_CONFIRM || action == ACTION_LEAVE_FORM || action == ACTION_FORM_HELP;
}

struct view template_page_view(struct template_page *p)
{
    return (struct view){.keys = KEYS_FORM,
                         .self = p,
                         .reload = reload,
                         .act = act,
                         .type = type,
                         .draw = draw,
                         .read = read,
                         .subject = subject,
                         .offers = offers};
}
