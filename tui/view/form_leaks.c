/*
 * form_leaks.c: what of other people must not stand in what the claimant gets to read (domain 4.5, item 10): told while
 * one types, and sending waits once until it was looked at.
 *
 * The procedure has a place for who sends it all the same: the reason why the checklist is not met, beside what its
 * writer says there. A reply whose checklist is not met otherwise is not let through by it.
 */
#include "core/base/i18n.h"
#include "core/store/similar.h"
#include "core/text/utf8.h"
#include "tui/view/form.h"
#include <string.h>

enum { NUMBERS_MOST = 32, SIMILAR_ASKED = 20, LINE_MOST = 200 /* characters, as value_check */ };

/* --- who is known ------------------------------------------------------------------------------------- */

struct knowing {
    struct form *f;
    struct console *c;
    struct arena *to;
};

static bool is_staff(const struct console *c, const char *name)
{
    const struct reference *r = console_reference(c);
    for (size_t i = 0; r && i < r->n_people; i++)
        if (strcmp(r->people[i].name, name) == 0 || strcmp(r->people[i].name_en, name) == 0)
            return true;
    return false;
}

/* A claimant once, however many orders there are; the one the reply is for is the first in the list. */
static void add_claimant(const struct knowing *k, const struct casefile *of, bool own)
{
    struct form_leaks *l = &k->f->leaks;
    const char *name = of->value[FIELD_CLAIMANT], *phone = of->value[FIELD_PHONE];
    if (l->n_people == FORM_LEAK_PEOPLE || (!*name && !*phone) || (!own && is_staff(k->c, name)))
        return;
    for (size_t i = 0; i < l->n_people; i++)
        if (strcmp(l->people[i].name, name) == 0 &&
            (strcmp(l->people[i].phone, phone) == 0 || !*phone))
            return;
    l->people[l->n_people++] =
        (struct leak_person){arena_strdup(k->to, name), arena_strdup(k->to, phone), own};
}

static void add_case(const struct knowing *k, const struct uuid *id)
{
    struct case_view v;
    if (store_case(k->c->config->store, id, &k->c->scratch, &v, NULL) == ST_OK)
        add_claimant(k, &v.shown, false);
}

/* The orders that a field names, by number or id. */
static void add_named(const struct knowing *k, enum field field)
{
    static const char breaks[] = " ,;\n";
    const char *list = k->f->subject.value[field];
    for (int i = 0; i < NUMBERS_MOST; i++) {
        struct uuid id;
        list += strspn(list, breaks);
        size_t n = strcspn(list, breaks);
        if (n == 0)
            return;
        if (store_find(k->c->config->store, arena_strndup(&k->c->scratch, list, n), &id, NULL) ==
            ST_OK)
            add_case(k, &id);
        list += n;
    }
}

static bool is_told(enum field field)
{
    return field == FIELD_REPLY || field == FIELD_PUBLIC_ANSWER;
}

void form_leaks_open(struct form *f, struct console *c)
{
    static const enum field named[] = {FIELD_FOLLOWERS, FIELD_MERGED_INTO, FIELD_LINKED,
                                       FIELD_OLD_ORDER, FIELD_EARLIER,     FIELD_ALIKE};
    const struct knowing k = {f, c, &f->arena};
    struct similar_case *similar = NULL;
    size_t n = 0;
    f->leaks.n_people = 0;
    if (f->marked || f->begins || !form_field_of(f, FIELD_REPLY, false))
        return;
    add_claimant(&k, &f->subject, true);
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        add_named(&k, named[i]);
    if (store_similar(c->config->store, &f->case_id, SIMILAR_ASKED, &c->scratch, &similar, &n,
                      NULL) != ST_OK)
        return;
    for (size_t i = 0; i < n && i < SIMILAR_ASKED; i++)
        add_case(&k, &similar[i].id);
}

/* --- what stands there -------------------------------------------------------------------------------- */

static void find_words(struct form *f, int field)
{
    struct form_leaks *l = &f->leaks;
    const struct editor *e = &f->field[field].editor;
    struct word_hit hit[FORM_LEAKS];
    size_t n = !f->policy ? 0
                          : words_find(f->policy, editor_text(e), editor_len(e), hit,
                                       FORM_LEAKS - l->n_words);
    for (size_t k = 0; k < n; k++)
        l->word[l->n_words++] = (struct form_word){hit[k], field};
}

void form_leaks_look(struct form *f)
{
    struct form_leaks *l = &f->leaks;
    l->n = l->n_words = 0;
    l->state = 1; /* 0 is for none */
    for (int i = 0; i < f->n; i++) {
        struct leak found[FORM_LEAKS];
        struct leak_person everybody[FORM_LEAK_PEOPLE];
        bool all = f->field[i].field == FIELD_PUBLIC_ANSWER;
        if (!is_told(f->field[i].field))
            continue;
        memcpy(everybody, l->people, l->n_people * sizeof *everybody);
        for (size_t k = 0; all && k < l->n_people; k++)
            everybody[k].own = false; /* the public learns nothing of the claimant either */
        const struct editor *e = &f->field[i].editor;
        size_t n = leaks_find(editor_text(e), editor_len(e), everybody, l->n_people, found,
                              FORM_LEAKS - l->n);
        for (size_t k = 0; k < n; k++)
            l->found[l->n++] = (struct form_leak){found[k], i};
        find_words(f, i);
        l->state += editor_revision(e);
    }
    if (l->held && l->held != l->state)
        l->held = 0; /* what was looked at was another text */
}

static size_t line_of(const struct editor *e, size_t at)
{
    size_t line = 0;
    while (line + 1 < e->n_lines && e->line[line + 1] <= at)
        line++;
    return line;
}

/* "mobile phone number 138***78, line 2" */
const char *form_leak_text(const struct form *f, const struct form_leak *leak, struct arena *a)
{
    const struct editor *e = &f->field[leak->field].editor;
    return arena_printf(a, _("%s %s, line %zu"), _(leak_table[leak->leak.kind].label),
                        leak_masked(a, editor_text(e), &leak->leak), line_of(e, leak->leak.at) + 1);
}

const char *form_word_text(const struct form *f, const struct form_word *word, struct arena *a)
{
    const struct editor *e = &f->field[word->field].editor;
    return arena_printf(a, _("%s \"%s\", line %zu"), _(words_table[word->hit.list].label),
                        arena_strndup(a, editor_text(e) + word->hit.at, word->hit.len),
                        line_of(e, word->hit.at) + 1);
}

char form_leak_sign(const struct form *f, int field, size_t line)
{
    const struct editor *e = &f->field[field].editor;
    for (size_t i = 0; i < f->leaks.n; i++)
        if (f->leaks.found[i].field == field && line_of(e, f->leaks.found[i].leak.at) == line)
            return '!';
    for (size_t i = 0; i < f->leaks.n_words; i++)
        if (f->leaks.word[i].field == field && line_of(e, f->leaks.word[i].hit.at) == line)
            return '?';
    return ' ';
}

/* --- sending -------------------------------------------------------------------------------------------- */

const struct form_leak *form_leaks_first(const struct form *f, size_t *ret_n)
{
    const struct form_leak *first = NULL;
    *ret_n = 0;
    for (size_t i = 0; i < f->leaks.n; i++)
        if (leak_table[f->leaks.found[i].leak.kind].holds) {
            first = first ? first : &f->leaks.found[i];
            ++*ret_n;
        }
    return first;
}

bool form_leaks_any(const struct form *f)
{
    size_t n;
    return form_leaks_first(f, &n) != NULL;
}

bool form_leaks_hold(struct form *f, struct console *c)
{
    size_t n;
    const struct form_leak *leak = form_leaks_first(f, &n);
    if (!leak || f->leaks.held)
        return false;
#if SABOTAGE == 120
    return false; /* damage for the tests: the reply goes out with what stands in it */
#endif
    struct form_field *field = &f->field[leak->field];
    f->leaks.held = f->leaks.state;
    f->current = leak->field;
    editor_go(&field->editor, leak->leak.at);
    console_say(c, THEME_WARN, _("Held (%zu): %s. Change it, or confirm again."), n,
                form_leak_text(f, leak, &c->scratch));
    return true;
}

/* As many characters as the field takes. */
static const char *cut(struct arena *a, const char *text)
{
    size_t bytes = 0, n = strlen(text);
    uint32_t c;
    for (int i = 0; i < LINE_MOST && bytes < n; i++)
        bytes += utf8_decode(text + bytes, n - bytes, &c);
    return arena_strndup(a, text, bytes);
}

void form_leaks_record(const struct form *f, struct console *c, struct value *values, size_t *n)
{
    bool met[POLICY_CHECKLIST_MAX];
    struct value *given = NULL;
    size_t held;
    const char *reply = value_find(values, *n, FIELD_REPLY), *what = "";
    if (!form_leaks_first(f, &held))
        return;
    for (size_t i = 0; i < *n; i++)
        if (values[i].field == FIELD_OVERRIDE)
            given = &values[i];
    /* The record must not stand for the reason that the writer owes for the rest of the list. */
    if (!given && (!f->policy || !reply_check(f->policy, reply, met, NULL)))
        return;
    for (size_t i = 0; i < f->leaks.n; i++) {
        const struct form_leak *one = &f->leaks.found[i];
        if (leak_table[one->leak.kind].holds)
            what = arena_printf(
                &c->scratch, "%s%s%s %s", what, *what ? _(", ") : "",
                _(leak_table[one->leak.kind].label),
                leak_masked(&c->scratch, editor_text(&f->field[one->field].editor), &one->leak));
    }
    what = arena_printf(&c->scratch, _("looked at and sent: %s"), what);
    if (given)
        given->text = cut(&c->scratch, arena_printf(&c->scratch, "%s; %s", given->text, what));
    else
        values[(*n)++] = (struct value){FIELD_OVERRIDE, cut(&c->scratch, what)};
}
