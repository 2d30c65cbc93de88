/* form_model.c: fields out of the arguments of a command, drafts, confirmation. */
#include "tui/view/form.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include "tui/draw.h"
#include "tui/widget/when.h"
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 4096, TEXT_BYTES = 1024 * 1024 };

static const struct choice yes_no[] = {{"yes", N_("yes")}, {"no", N_("no")}, {NULL, NULL}};

void form_init(struct form *f)
{
    memset(f, 0, sizeof *f);
    arena_init(&f->arena, 0);
    f->saved_ms = TIME_NONE;
}

void form_close(struct form *f)
{
    for (int i = 0; i < f->n; i++)
        if (f->field[i].kind != FORM_CHOICE)
            editor_release(&f->field[i].editor);
    arena_release(&f->arena);
    form_init(f);
}

/* False when memory ran out: the field is as it was. */
static bool set_text(struct form_field *field, const char *text)
{
    size_t n = strlen(text);
    if (field->kind != FORM_CHOICE)
        return editor_set(&field->editor, text, n) < n || n == 0;
    field->chosen = -1;
    field->changes++;
    for (int i = 0; i < field->n_choices; i++)
        if (strcmp(field->choices[i].word, text) == 0)
            field->chosen = i;
    return true;
}

static const char *text_of(const struct form_field *field)
{
    if (field->kind != FORM_CHOICE)
        return editor_text(&field->editor);
    return field->chosen >= 0 ? field->choices[field->chosen].word : "";
}

static struct form_field *field_of(struct form *f, enum field field)
{
    for (int i = 0; i < f->n; i++)
        if (f->field[i].field == field)
            return &f->field[i];
    return NULL;
}

static void make_field(struct form_field *field, const struct argument *argument)
{
    const struct field_row *row = &field_table[argument->field];
    *field = (struct form_field){
        .field = argument->field, .required = argument->required, .chosen = -1, .name = ""};
    if (row->type == FIELD_TYPE_ENUM || row->type == FIELD_TYPE_BOOL) {
        field->kind = FORM_CHOICE;
        field->choices = row->type == FIELD_TYPE_BOOL ? yes_no : row->choices;
        while (field->choices[field->n_choices].word)
            field->n_choices++;
    } else if (row->type == FIELD_TYPE_TEXT) {
        field->kind = FORM_TEXT;
        editor_init(&field->editor, EDITOR_TEXT, TEXT_BYTES);
    } else {
        field->kind = FORM_LINE;
        editor_init(&field->editor, EDITOR_LINE, LINE_BYTES);
    }
}

/* What is needed first, each part in the order of the table. */
static enum status make_fields(struct form *f, struct errmsg *err)
{
    const struct command_row *row = &command_table[f->type];
    f->field = arena_array(&f->arena, row->n_arguments + 1, sizeof *f->field);
    if (!f->field)
        return fail(err, ST_NOMEM, _("Out of memory. Nothing was changed."));
    for (int needed = 1; needed >= 0; needed--)
        for (size_t i = 0; i < row->n_arguments; i++)
            if (row->arguments[i].required == (needed == 1) &&
                !(f->marked && bulk_leaves_out(row->arguments[i].field)) &&
                row->arguments[i].field != FIELD_NUMBER) /* the centre gives the number */
                make_field(&f->field[f->n++], &row->arguments[i]);
    return ST_OK;
}

/* Grows with every change, so two texts never have the same. */
static uint64_t state_of(const struct form *f)
{
    uint64_t state = 0;
    for (int i = 0; i < f->n; i++)
        state += f->field[i].kind == FORM_CHOICE ? f->field[i].changes
                                                 : editor_revision(&f->field[i].editor);
    return state;
}

/* A draft of a new order has its own case id: the latest one is gone on with. */
static struct uuid new_case(struct console *c, struct arena *a)
{
    struct draft *drafts;
    size_t n;
    if (store_drafts(c->config->store, a, &drafts, &n, NULL) == ST_OK)
        for (size_t i = 0; i < n; i++)
            if (drafts[i].type == COMMAND_LOG)
                return drafts[i].case_id;
    return uuid_new(&c->ids);
}

enum status form_start(struct form *f, struct console *c, const struct uuid *case_id,
                       enum command_type type, struct errmsg *err)
{
    struct draft draft;
    struct case_view v;
    struct uuid id = *case_id;
    enum status st = ST_OK;
    form_close(f);
    f->marked = c->bulk.wants_form ? c->marks.n : 0;
    c->bulk.wants_form = false;
    if (type == COMMAND_LOG)
        id = new_case(c, &c->scratch);
    else if (f->marked)
        id = (struct uuid){{0}}; /* drafts for marked cases are of no case */
    f->case_id = id;
    f->type = type;
    casefile_init(&f->subject, &id, &f->arena);
    if (type != COMMAND_LOG && !f->marked) {
        st = store_case(c->config->store, &id, &f->arena, &v, err);
        if (st == ST_OK) {
            f->subject = v.shown;
            f->base = v.cached.version;
        }
    }
    if (st == ST_OK)
        st = make_fields(f, err);
    if (st != ST_OK) {
        form_close(f);
        return st;
    }
    if (store_draft_get(c->config->store, &id, type, &f->arena, &draft, NULL) == ST_OK) {
        for (size_t i = 0; i < draft.n_values; i++) {
            struct form_field *field = field_of(f, draft.values[i].field);
            if (field && !set_text(field, draft.values[i].text)) {
                form_close(f); /* an empty field would be kept over the draft */
                return fail(err, ST_NOMEM, _("Out of memory. Nothing was changed."));
            }
        }
        f->draft_revision = draft.revision;
        f->saved_ms = draft.saved_ms;
    } else {
        struct form_field *time = field_of(f, FIELD_TIME);
        if (time) /* most are told as they happen; whoever enters it later changes it */
            (void)set_text(time, draw_time(&f->arena, console_now(c)));
    }
    f->open = true;
    f->saved_state = f->seen_state = state_of(f);
    form_changed(f, c);
    return ST_OK;
}

/* --- drafts --------------------------------------------------------------------------------- */

int64_t form_next_ms(const struct form *f)
{
    return f->open && f->changed_mono_ms ? f->changed_mono_ms + FORM_DRAFT_MS : INT64_MAX;
}

enum status form_save(struct form *f, struct console *c, struct errmsg *err)
{
    if (!f->open || f->confirmed || f->seen_state == f->saved_state)
        return ST_OK;
    const struct actor *who = console_actor(c);
    struct value *values = arena_array(&c->scratch, (size_t)f->n + 1, sizeof *values);
    if (!values)
        return fail(err, ST_NOMEM, _("Out of memory. The draft is not on the disk yet."));
    size_t n = 0;
    for (int i = 0; i < f->n; i++)
        if (*text_of(&f->field[i]))
            values[n++] = (struct value){f->field[i].field, text_of(&f->field[i])};
    struct draft draft = {.case_id = f->case_id,
                          .type = f->type,
                          .user = who ? who->user : "",
                          .values = values,
                          .n_values = n,
                          .revision = f->draft_revision + 1,
                          .saved_ms = console_now(c)};
    enum status st = store_draft_put(c->config->store, &draft, err);
    if (st != ST_OK) {
        f->changed_mono_ms = console_mono(c); /* again after a while; the text is here */
        return st;
    }
    f->draft_revision++;
    f->saved_state = f->seen_state;
    f->changed_mono_ms = 0;
    f->saved_ms = draft.saved_ms;
    return ST_OK;
}

/* --- names, matches, checklist ---------------------------------------------------------------- */

static bool is_code(enum field field)
{
    enum field_type type = field_table[field].type;
    return type == FIELD_TYPE_CODE || type == FIELD_TYPE_USER || type == FIELD_TYPE_CATEGORY;
}

static const char *name_of(const struct console *c, enum field field, const char *code)
{
    bool chinese = i18n_chinese();
    const struct reference *r = console_reference(c);
    if (!r || !*code)
        return "";
    if (field == FIELD_EMERGENCY) {
        const struct emergencies *l = console_emergencies(c);
        const struct emergency *e = l ? emergency_find(l, code) : NULL;
        return e ? e->name : l ? "" : code; /* without a list the centre decides */
    }
    switch (field_table[field].type) {
    case FIELD_TYPE_CATEGORY: {
        const struct category *k = reference_category(r, code);
        return !k ? "" : chinese ? k->level2 : k->level2_en;
    }
    case FIELD_TYPE_USER:
        return reference_person(r, code) ? reference_person_name(r, code, chinese) : "";
    case FIELD_TYPE_CODE:
        return reference_unit(r, code) ? reference_unit_name(r, code, chinese) : "";
    default:
        return "";
    }
}

static void check_reply(struct form *f)
{
    const struct form_field *reply = field_of(f, FIELD_REPLY);
    if (!reply || !f->policy)
        return;
    const char *text = editor_text(&reply->editor);
    reply_check(f->policy, text, f->met, &f->length_ok);
    f->reply_characters = utf8_count(text, strlen(text));
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
    }
    for (int i = 0; i < f->n; i++)
        if (is_code(f->field[i].field))
            f->field[i].name = name_of(c, f->field[i].field, text_of(&f->field[i]));
    check_reply(f);
}

static bool fits(const char *typed, size_t n, const char *code, const char *name,
                 const char *name_en)
{
    return strncasecmp(code, typed, n) == 0 || (name && strstr(name, typed)) ||
           (name_en && strcasestr(name_en, typed));
}

/* Who or what may be meant here: for a person or a section those of one's own office. */
static bool belongs(const struct actor *who, enum field field, const char *office)
{
    return (field != FIELD_HANDLER && field != FIELD_SECTION && field != FIELD_ASSISTANT) || !who ||
           strcmp(who->office, office) == 0;
}

/* The open ones; l NULL: they are not known. */
static void match_emergencies(struct form *f, const struct emergencies *l, const char *typed)
{
    for (size_t i = 0; l && i < l->n && f->n_matches < FORM_MATCHES; i++)
        if (l->list[i].closed_ms == TIME_NONE &&
            fits(typed, strlen(typed), l->list[i].code, l->list[i].name, NULL))
            f->match[f->n_matches++] = l->list[i].code;
}

static void find_matches(struct form *f, struct console *c)
{
    const struct reference *r = console_reference(c);
    const struct actor *who = console_actor(c);
    const struct form_field *field = &f->field[f->current];
    const char *typed = text_of(field);
    size_t len = strlen(typed);
    f->n_matches = 0;
    f->at_match = -1;
    if (!r || !is_code(field->field))
        return;
    if (field->field == FIELD_EMERGENCY) {
        match_emergencies(f, console_emergencies(c), typed);
        return;
    }
    enum field_type type = field_table[field->field].type;
    size_t n = type == FIELD_TYPE_USER   ? r->n_people
               : type == FIELD_TYPE_CODE ? r->n_units
                                         : r->n_categories;
    for (size_t i = 0; i < n && f->n_matches < FORM_MATCHES; i++) {
        const char *code = NULL;
        if (type == FIELD_TYPE_USER) {
            const struct person *p = &r->people[i];
            if (fits(typed, len, p->user, p->name, p->name_en) &&
                belongs(who, field->field, p->office))
                code = p->user;
        } else if (type == FIELD_TYPE_CODE) {
            const struct unit *u = &r->units[i];
            bool kind = field->field == FIELD_SECTION     ? u->kind == UNIT_SECTION
                        : field->field == FIELD_ASSISTANT ? u->kind == UNIT_COMMUNITY
                        : field->field == FIELD_STREET    ? u->kind == UNIT_STREET
                        : field->field == FIELD_COMMUNITY ? u->kind == UNIT_COMMUNITY
                        : field->field == FIELD_DISTRICT  ? u->kind == UNIT_DISTRICT
                                                          : true;
            if (kind && fits(typed, len, u->code, u->name, u->name_en) &&
                belongs(who, field->field, u->parent))
                code = u->code;
        } else {
            const struct category *k = &r->categories[i];
            if (fits(typed, len, k->code, k->level2, k->level2_en) || strstr(k->level1, typed))
                code = k->code;
        }
        if (code)
            f->match[f->n_matches++] = code;
    }
}

bool form_complete(struct form *f, struct console *c)
{
    struct form_field *field = &f->field[f->current];
    if (!is_code(field->field))
        return false;
    bool going_on =
        f->at_match >= 0 && f->n_matches > 1 && strcmp(text_of(field), f->match[f->at_match]) == 0;
    if (!going_on) {
        if (!*text_of(field) || *field->name)
            return false; /* nothing to complete, or complete */
        find_matches(f, c);
        if (f->n_matches == 0)
            return false;
    }
    f->at_match = going_on ? (f->at_match + 1) % f->n_matches : 0;
    if (!set_text(field, f->match[f->at_match]))
        return false;
    form_changed(f, c);
    if (f->n_matches > 1)
        console_say(c, THEME_DIM, _("%d of %d%s: %s. Tab shows the next one."), f->at_match + 1,
                    f->n_matches, f->n_matches == FORM_MATCHES ? "+" : "", field->name);
    return true;
}

/* --- confirming --------------------------------------------------------------------------------- */

static void field_error(struct form *f, int i, const char *text)
{
    snprintf(f->field[i].error, sizeof f->field[i].error, "%s", text);
}

/* Text of the field as a value; false with an error beside the field. */
static bool read_field(struct form *f, struct console *c, int i, const char **ret)
{
    const struct form_field *field = &f->field[i];
    const char *text = text_of(field);
    struct errmsg err;
    int64_t ms;
    char form[RFC3339_SIZE];
    *ret = "";
    if (!*text) {
        if (field->required)
            field_error(f, i, _("This is needed."));
        return !field->required;
    }
    if (field_table[field->field].type == FIELD_TYPE_TIME) {
        if (!when_parse(text, console_now(c), &ms)) {
            field_error(f, i, _("Not a time. Such are: now, 15:00, -10m, 11-24 14:05."));
            return false;
        }
        rfc3339_format(ms, BEIJING_OFFSET_MS, form);
        text = form;
    }
    if (value_check(field->field, text, &c->scratch, ret, &err) != ST_OK) {
        field_error(f, i, err.text);
        return false;
    }
    if (is_code(field->field) && console_reference(c) && !*field->name &&
        field->field != FIELD_OPERATOR_ID) {
        field_error(f, i, _("Not known. Type a part of the name or code and press Tab."));
        return false;
    }
    return true;
}

void form_done(struct form *f, struct console *c)
{
    f->confirmed = true;
    (void)store_draft_drop(c->config->store, &f->case_id, f->type, NULL);
}

bool form_confirm(struct form *f, struct console *c)
{
    struct errmsg err = {{0}};
    struct refusal why = {.code = REFUSAL_NONE, .field = FIELD_NONE};
    struct value *values = arena_array(&c->scratch, (size_t)f->n + 1, sizeof *values);
    size_t n = 0;
    int bad = -1;
    for (int i = 0; values && i < f->n; i++) {
        const char *text;
        f->field[i].error[0] = '\0';
        if (!read_field(f, c, i, &text)) {
            if (bad < 0)
                bad = i;
        } else if (*text) {
            values[n++] = (struct value){f->field[i].field, text};
        }
    }
    if (bad >= 0) {
        f->current = bad;
        console_say(c, THEME_ERROR, "%s: %s", _(field_table[f->field[bad].field].label),
                    f->field[bad].error);
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
