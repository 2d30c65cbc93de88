/* form_model.c: fields out of the arguments of a command, drafts, confirmation. */
#include "tui/view/form.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include "tui/draw.h"
#include "tui/widget/when.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void form_init(struct form *f)
{
    memset(f, 0, sizeof *f);
    arena_init(&f->arena, 0);
    arena_init(&f->hints.arena, 0);
    arena_init(&f->hints.place_arena, 0);
    arena_init(&f->files_arena, 0);
    f->saved_ms = TIME_NONE;
    f->draft_type = COMMAND_COUNT;
    f->result_seen = -1;
    form_templates_init(&f->templates);
    picker_clear(&f->picker);
}

static void release_fields(struct form *f)
{
    for (int i = 0; i < f->n + f->n_aside; i++) {
        if (f->field[i].kind != FORM_CHOICE)
            editor_release(&f->field[i].editor);
        free(f->field[i].files);
    }
}

void form_close(struct form *f)
{
    release_fields(f);
    arena_release(&f->hints.arena);
    arena_release(&f->hints.place_arena);
    arena_release(&f->files_arena);
    form_templates_release(&f->templates);
    arena_release(&f->arena);
    form_init(f);
}

bool form_set_text(struct form_field *field, const char *text)
{
    size_t n = strlen(text);
    if (field->kind == FORM_FILES)
        return form_files_set(field, text);
    if (field->kind != FORM_CHOICE)
        return editor_set(&field->editor, text, n) < n || n == 0;
    field->chosen = -1;
    field->changes++;
    for (int i = 0; i < field->n_choices; i++)
        if (strcmp(field->choices[i].word, text) == 0)
            field->chosen = i;
    return true;
}

const char *form_text_of(const struct form_field *field)
{
    if (field->kind == FORM_FILES)
        return field->files ? field->files : "";
    if (field->kind != FORM_CHOICE)
        return editor_text(&field->editor);
    return field->chosen >= 0 ? field->choices[field->chosen].word : "";
}

struct form_field *form_field_of(struct form *f, enum field field, bool aside)
{
    for (int i = 0; i < f->n + (aside ? f->n_aside : 0); i++)
        if (f->field[i].field == field)
            return &f->field[i];
    return NULL;
}

const char *form_value(struct form *f, enum field field)
{
    const struct form_field *here = form_field_of(f, field, true);
    return here ? form_text_of(here) : f->subject.value[field];
}

struct editor *form_text(struct form *f)
{
    struct form_field *field = &f->field[f->current];
    return field->kind == FORM_TEXT ? &field->editor : NULL;
}

/* Grows with every change, so two texts never have the same. */
static uint64_t state_of(const struct form *f)
{
    uint64_t state = 0;
    for (int i = 0; i < f->n + f->n_aside; i++)
        state += f->field[i].changes +
                 (f->field[i].kind == FORM_CHOICE ? 0 : editor_revision(&f->field[i].editor));
    return state;
}

bool form_has_text(const struct form *f)
{
    return f->open && (f->saved_ms != TIME_NONE || f->seen_state != f->saved_state);
}

/* A draft of a new order has its own case id, which no case has yet: the latest one is gone on with. */
static struct uuid new_case(struct console *c, enum command_type type, struct arena *a)
{
    struct draft *drafts;
    struct case_view v;
    size_t n;
    if (c->draft != DRAFT_NEW && store_drafts(c->config->store, a, &drafts, &n, NULL) == ST_OK)
        for (size_t i = 0; i < n; i++)
            if (drafts[i].type == type && !uuid_is_nil(&drafts[i].case_id) &&
                store_case(c->config->store, &drafts[i].case_id, a, &v, NULL) == ST_NOT_FOUND)
                return drafts[i].case_id;
    return uuid_new(&c->ids);
}

/* What was typed, under another exit too; ST_NOMEM: not all of it could be put in. */
static enum status fill_in(struct form *f, const struct draft *draft, struct errmsg *err)
{
    for (size_t i = 0; i < draft->n_values; i++) {
        const struct value *v = &draft->values[i];
        struct form_field *field = form_field_of(f, v->field, true);
        if (field && !form_set_text(field, v->text))
            return fail(err, ST_NOMEM, _("Out of memory. Nothing was changed."));
    }
    f->draft_revision = draft->revision;
    f->draft_type = f->type;
    f->saved_ms = draft->saved_ms;
    return ST_OK;
}

/* Does the id of a chosen draft belong to an order that is not yet one? */
static bool begun(struct console *c, const struct uuid *id, enum command_type type)
{
    struct case_view v;
    return c->draft == DRAFT_THIS && workflow_begins(type) &&
           store_case(c->config->store, id, &c->scratch, &v, NULL) == ST_NOT_FOUND;
}

/* Who goes on with one hears of those beside it. */
static void tell_others(const struct form *f, struct console *c)
{
    struct draft *drafts;
    size_t n, same = 0;
    if (store_drafts(c->config->store, &c->scratch, &drafts, &n, NULL) != ST_OK)
        return;
    for (size_t i = 0; i < n; i++)
        same += drafts[i].type == f->type && uuid_compare(&drafts[i].case_id, &f->case_id) == 0;
    if (same > 1)
        console_say(c, THEME_MESSAGE,
                    ngettext("%zu draft of this is kept; :drafts lists it.",
                             "%zu drafts of this are kept; :drafts lists them.",
                             (unsigned long)same),
                    same);
}

/* ST_NOT_FOUND: the form begins empty, in a slot of its own. */
static enum status find_draft(struct form *f, struct console *c, struct draft *ret)
{
    struct store *s = c->config->store;
    enum status st = ST_NOT_FOUND;
    if (c->draft == DRAFT_NEW) {
        (void)store_draft_free(s, &f->case_id, f->type, &f->slot, NULL);
    } else if (c->draft == DRAFT_THIS) {
        f->slot = c->slot;
        st = store_draft_in(s, &f->case_id, f->type, f->slot, &f->arena, ret, NULL);
    } else {
        st = store_draft_get(s, &f->case_id, f->type, &f->arena, ret, NULL);
        f->slot = st == ST_OK ? ret->slot : 0;
        tell_others(f, c);
    }
    return st;
}

/* Most are told as they happen; whoever enters it later changes it. */
static void put_now(struct form *f, struct console *c)
{
    static const enum field times[] = {FIELD_TIME, FIELD_CALL_TIME};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct form_field *time = form_field_of(f, times[i], false);
        if (time)
            (void)form_set_text(time, draw_time(&f->arena, console_now(c)));
    }
}

enum status form_start(struct form *f, struct console *c, const struct uuid *case_id,
                       enum command_type type, struct errmsg *err)
{
    struct draft draft;
    struct case_view v;
    size_t marked = c->bulk.wants_form ? c->marks.n : 0;
    bool goes_on = begun(c, case_id, type);
    bool begins = marked == 0 && (uuid_is_nil(case_id) || goes_on);
    struct uuid id = {{0}}; /* drafts for marked cases are of no case */
    if (begins && !goes_on)
        id = new_case(c, type, &c->scratch);
    else if (!marked)
        id = *case_id;
    enum status st = ST_OK;
    c->bulk.wants_form = false;
    form_close(f);
    f->marked = marked;
    f->begins = begins;
    f->case_id = id;
    f->type = type;
    casefile_init(&f->subject, &id, &f->arena);
    if (!begins && !marked) {
        st = store_case(c->config->store, &id, &f->arena, &v, err);
        if (st == ST_OK) {
            f->subject = v.shown;
            f->base = v.cached.version;
        }
    }
    if (st == ST_OK)
        st = form_make_fields(f, err);
    form_find_exits(f, c);
    if (st == ST_OK && find_draft(f, c, &draft) == ST_OK)
        st = fill_in(f, &draft, err);
    else if (st == ST_OK)
        put_now(f, c);
    c->draft = DRAFT_LAST;
    if (st != ST_OK) {
        form_close(f); /* an empty field would be kept over the draft */
        return st;
    }
    f->open = true;
    const struct form_field *result = form_field_of(f, FIELD_RESULT, false);
    f->result_seen = result && result->kind == FORM_CHOICE ? result->chosen : -1;
    form_leaks_open(f, c);
    f->saved_state = f->seen_state = state_of(f);
    form_changed(f, c);
    form_look(f, c);
    return ST_OK;
}

/* --- drafts --------------------------------------------------------------------------------- */

int64_t form_next_ms(const struct form *f)
{
    int64_t draft = f->changed_mono_ms ? f->changed_mono_ms + FORM_DRAFT_MS : INT64_MAX;
    int64_t hints = f->hints.due_mono_ms ? f->hints.due_mono_ms : INT64_MAX;
    return !f->open ? INT64_MAX : draft < hints ? draft : hints;
}

enum status form_due(struct form *f, struct console *c, struct errmsg *err)
{
    int64_t now = console_mono(c);
    if (f->open && f->hints.due_mono_ms && f->hints.due_mono_ms <= now)
        form_look(f, c);
    return f->changed_mono_ms && f->changed_mono_ms + FORM_DRAFT_MS <= now ? form_save(f, c, err)
                                                                           : ST_OK;
}

/* Does its draft lie under the command that the form was before it was turned? */
static bool draft_elsewhere(const struct form *f)
{
    return f->draft_type != COMMAND_COUNT && f->draft_type != f->type;
}

enum status form_save(struct form *f, struct console *c, struct errmsg *err)
{
    if (!f->open || f->confirmed || (f->seen_state == f->saved_state && !draft_elsewhere(f)))
        return ST_OK;
#if SABOTAGE == 270
    if (f->draft_revision > 0) /* Damage: what is added to a draft is not kept */
        return ST_OK;
#endif
    const struct actor *who = console_actor(c);
#if SABOTAGE == 80
    int all = f->n; /* Damage: what another exit has is not kept */
#else
    int all = f->n + f->n_aside;
#endif
    struct value *values = arena_array(&c->scratch, (size_t)all + 1, sizeof *values);
    if (!values)
        return fail(err, ST_NOMEM, _("Out of memory. The draft is not on the disk yet."));
    size_t n = 0;
    for (int i = 0; i < all; i++) {
        const struct form_field *field = &f->field[i];
        if (*form_text_of(field))
            values[n++] = (struct value){field->field, form_text_of(field)};
    }
    struct draft draft = {.case_id = f->case_id,
                          .type = f->type,
                          .user = who ? who->user : "",
                          .values = values,
                          .n_values = n,
                          .revision = f->draft_revision + 1,
                          .saved_ms = console_now(c),
                          .slot = f->slot};
    enum status st = store_draft_put(c->config->store, &draft, err);
    if (st != ST_OK) {
        f->changed_mono_ms = console_mono(c); /* again after a while; the text is here */
        return st;
    }
    if (draft_elsewhere(f))
        (void)store_draft_drop(c->config->store, &f->case_id, f->draft_type, f->slot, NULL);
    f->draft_type = f->type;
    f->draft_revision++;
    f->saved_state = f->seen_state;
    f->changed_mono_ms = 0;
    f->saved_ms = draft.saved_ms;
    return ST_OK;
}

/* --- after a change ---------------------------------------------------------------------------- */

static void check_reply(struct form *f)
{
    const struct form_field *reply = form_field_of(f, FIELD_REPLY, false);
    if (!reply || !f->policy)
        return;
    const char *text = editor_text(&reply->editor);
    reply_check(f->policy, text, f->met, &f->length_ok);
    f->reply_characters = utf8_count(text, strlen(text));
    form_leaks_look(f);
    for (int i = 0; form_leaks_any(f) && i < f->policy->n_checks && i < POLICY_CHECKLIST_MAX; i++)
        f->met[i] = f->met[i] && !f->policy->check[i].forbid; /* the point that forbids it */
}

void form_changed(struct form *f, struct console *c)
{
    uint64_t state = state_of(f);
    f->policy = f->type == COMMAND_SUBMIT_REPLY ? console_policy(c) : NULL;
    if (state != f->seen_state) {
        f->seen_state = state;
        if (!f->changed_mono_ms)
            f->changed_mono_ms = console_mono(c);
        f->field[f->current].error[0] = '\0';
        f->hints.due_mono_ms = console_mono(c) + FORM_HINTS_MS;
    }
    for (int i = 0; i < f->n; i++)
        form_name(c, &f->field[i]);
    check_reply(f);
}

/* --- confirming --------------------------------------------------------------------------------- */

static void field_error(struct form *f, int i, const char *text)
{
    snprintf(f->field[i].error, sizeof f->field[i].error, "%s", text);
}

/* An order is named by its number or a part of it; the command has its id. One that is not known here is the centre's to
 * find. */
static bool order_id(struct console *c, const char *text, char id[UUID_TEXT], struct errmsg *err)
{
    struct uuid found;
    if (!uuid_parse(text, &found) && store_find(c->config->store, text, &found, err) != ST_OK)
        return false;
    uuid_format(&found, id);
    return true;
}

bool form_read(struct form *f, struct console *c, int i, const char **ret)
{
    const struct form_field *field = &f->field[i];
    const char *text = form_text_of(field);
    struct errmsg err;
    int64_t ms;
    char form[RFC3339_SIZE], id[UUID_TEXT];
    *ret = "";
    if (field->kind == FORM_FILES && *editor_text(&field->editor)) {
        field_error(f, i, _("A path that is typed is no file yet: Enter adds it."));
        return false;
    }
    if (!*text) {
        if (field->required)
            field_error(f, i, _("This is needed."));
        return !field->required;
    }
    if (field_table[field->field].type == FIELD_TYPE_TIME) {
        if (!when_parse(text, console_now(c), &ms)) {
            field_error(f, i,
                        _("Not a time. Such are: now, 15:00, -10m, 11-24 14:05, tomorrow 15:00, "
                          "fri 14:00."));
            return false;
        }
        rfc3339_format(ms, BEIJING_OFFSET_MS, form);
        text = form;
    }
    if (field->field == FIELD_MERGED_INTO && !order_id(c, text, id, &err)) {
        field_error(f, i, err.text);
        return false;
    }
    text = field->field == FIELD_MERGED_INTO ? id : text;
    if (value_check(field->field, text, &c->scratch, ret, &err) != ST_OK) {
        field_error(f, i, err.text);
        return false;
    }
    if (form_has_names(field->field) && console_reference(c) && !*field->name &&
        field->field != FIELD_OPERATOR_ID) {
        field_error(f, i, _("Not known: type a part of the name; F4 lists all."));
        return false;
    }
    return true;
}

/* Of every exit: a stop between keeping the one and dropping the other leaves two. */
void form_done(struct form *f, struct console *c)
{
    f->confirmed = true;
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (i == (int)f->type || (f->begins && workflow_begins((enum command_type)i)))
            (void)store_draft_drop(c->config->store, &f->case_id, (enum command_type)i, f->slot,
                                   NULL);
}

void form_another(struct form *f, struct console *c)
{
    struct errmsg err;
    struct uuid id = {{0}};
    if (!console_ok(c, form_save(f, c, &err), &err))
        return;
    if (f->draft_type == COMMAND_COUNT) {
        console_say(c, THEME_WARN, "%s", _("Nothing is written yet that could be kept."));
        return;
    }
    if (!f->begins)
        id = f->case_id;
    c->draft = DRAFT_NEW;
    c->bulk.wants_form = f->marked > 0;
    if (console_ok(c, form_start(f, c, &id, f->type, &err), &err))
        console_say(c, THEME_MESSAGE, "%s",
                    _("The draft is kept beside this one; :drafts lists both."));
}

bool form_values(struct form *f, struct console *c, struct value *values, size_t *ret_n,
                 int *ret_bad)
{
    *ret_n = 0;
    *ret_bad = -1;
    for (int i = 0; i < f->n; i++) {
        const char *text;
        f->field[i].error[0] = '\0';
        if (!form_read(f, c, i, &text)) {
            if (*ret_bad < 0)
                *ret_bad = i;
        } else if (*text) {
            values[(*ret_n)++] = (struct value){f->field[i].field, text};
        }
    }
    return *ret_bad < 0;
}

bool form_confirm(struct form *f, struct console *c)
{
    struct errmsg err = {{0}};
    struct refusal why = {.code = REFUSAL_NONE, .field = FIELD_NONE};
    struct value *values = arena_array(&c->scratch, (size_t)f->n + 1, sizeof *values);
    size_t n = 0;
    int bad = -1;
    if (values && !form_values(f, c, values, &n, &bad)) {
        f->current = bad;
        console_say(c, THEME_ERROR, "%s%s%s", _(field_table[f->field[bad].field].label),
                    i18n_mark(MARK_COLON, i18n_chinese()), f->field[bad].error);
        return false;
    }
    if (form_gap_left(f, c) || form_leaks_hold(f, c)) {
        if (form_save(f, c, &err) != ST_OK)
            console_say(c, THEME_ERROR, "%s", err.text);
        return false;
    }
    if (values)
        form_leaks_record(f, c, values, &n);
    if (f->marked &&
        bulk_has_texts(f->type)) { /* looked at case by case before anything is asked */
        c->want = WANT_MANY;
        return false;
    }
    if (f->marked) { /* goes on when the question is answered */
        if (console_ok(c, form_save(f, c, &err), &err))
            bulk_ask(c, f->type, values, n);
        return false;
    }
    enum status st = console_confirm(c, &f->case_id, f->base, f->type, values, n, &why, &err);
    if (st == ST_OK) {
        form_done(f, c);
        return true;
    }
    for (int i = 0; st == ST_REFUSED && i < f->n; i++)
        if (f->field[i].field == why.field) {
            f->current = i;
            field_error(f, i, why.text);
        }
    console_say(c, THEME_ERROR, "%s", st == ST_REFUSED ? why.text : err.text);
    if (form_save(f, c, &err) != ST_OK) /* what was typed is kept in any case */
        console_say(c, THEME_ERROR, "%s", err.text);
    return false;
}
