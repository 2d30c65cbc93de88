/* form_model.c: fields out of the arguments of a command, drafts, confirmation. */
#include "tui/view/form.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include "tui/draw.h"
#include "tui/widget/when.h"
#include <stdio.h>
#include <string.h>

#define LIST_BREAKS " ,"

void form_init(struct form *f)
{
    memset(f, 0, sizeof *f);
    arena_init(&f->arena, 0);
    arena_init(&f->hints.arena, 0);
    arena_init(&f->hints.place_arena, 0);
    f->saved_ms = TIME_NONE;
    f->draft_type = COMMAND_COUNT;
}

static void release_fields(struct form *f)
{
    for (int i = 0; i < f->n + f->n_aside; i++)
        if (f->field[i].kind != FORM_CHOICE)
            editor_release(&f->field[i].editor);
}

void form_close(struct form *f)
{
    release_fields(f);
    arena_release(&f->hints.arena);
    arena_release(&f->hints.place_arena);
    arena_release(&f->arena);
    form_init(f);
}

bool form_set_text(struct form_field *field, const char *text)
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

const char *form_text_of(const struct form_field *field)
{
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

/* Grows with every change, so two texts never have the same. */
static uint64_t state_of(const struct form *f)
{
    uint64_t state = 0;
    for (int i = 0; i < f->n + f->n_aside; i++)
        state += f->field[i].kind == FORM_CHOICE ? f->field[i].changes
                                                 : editor_revision(&f->field[i].editor);
    return state;
}

/* A draft of a new order has its own case id, which no case has yet: the latest one is gone on with. */
static struct uuid new_case(struct console *c, enum command_type type, struct arena *a)
{
    struct draft *drafts;
    struct case_view v;
    size_t n;
    if (store_drafts(c->config->store, a, &drafts, &n, NULL) == ST_OK)
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
    bool begins = marked == 0 && uuid_is_nil(case_id);
    struct uuid id = {{0}}; /* drafts for marked cases are of no case */
    if (begins)
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
    if (st == ST_OK &&
        store_draft_get(c->config->store, &id, type, &f->arena, &draft, NULL) == ST_OK)
        st = fill_in(f, &draft, err);
    else if (st == ST_OK)
        put_now(f, c);
    if (st != ST_OK) {
        form_close(f); /* an empty field would be kept over the draft */
        return st;
    }
    f->open = true;
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
#if SABOTAGE == 170
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
                          .saved_ms = console_now(c)};
    enum status st = store_draft_put(c->config->store, &draft, err);
    if (st != ST_OK) {
        f->changed_mono_ms = console_mono(c); /* again after a while; the text is here */
        return st;
    }
    if (draft_elsewhere(f))
        (void)store_draft_drop(c->config->store, &f->case_id, f->draft_type, NULL);
    f->draft_type = f->type;
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

/* Several codes of units, with blanks or commas between them. */
static bool is_list(enum field field)
{
    return field == FIELD_UNITS;
}

static bool has_names(enum field field)
{
    return is_code(field) || is_list(field);
}

/* The code that is being typed: in a list the last one. */
static const char *typed_code(const struct form_field *field)
{
    const char *text = form_text_of(field), *last = text;
    for (; is_list(field->field) && *text; text++)
        if (strchr(LIST_BREAKS, *text))
            last = text + 1;
    return last;
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
    switch (is_list(field) ? FIELD_TYPE_CODE : field_table[field].type) {
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
    const struct form_field *reply = form_field_of(f, FIELD_REPLY, false);
    if (!reply || !f->policy)
        return;
    const char *text = editor_text(&reply->editor);
    reply_check(f->policy, text, f->met, &f->length_ok);
    f->reply_characters = utf8_count(text, strlen(text));
}

/* The names of all codes of a list; none as long as one of them is unknown. */
static void name_list(const struct console *c, struct form_field *field)
{
    const char *at = form_text_of(field);
    size_t used = 0;
    field->name = "";
    field->names[0] = '\0';
    for (;;) {
        char code[FORM_NAMES_SIZE];
        at += strspn(at, LIST_BREAKS);
        size_t n = strcspn(at, LIST_BREAKS);
        if (n == 0)
            break;
        snprintf(code, sizeof code, "%.*s", (int)n, at);
        const char *name = name_of(c, field->field, code);
        if (!*name)
            return;
        used += (size_t)snprintf(field->names + used, sizeof field->names - used, "%s%s",
                                 used ? ", " : "", name);
        if (used >= sizeof field->names)
            used = sizeof field->names - 1;
        at += n;
    }
    field->name = field->names;
}

/* What the typed time was understood as. */
static void name_time(const struct console *c, struct form_field *field)
{
    static const char *const days[] = {N_("Sun"), N_("Mon"), N_("Tue"), N_("Wed"),
                                       N_("Thu"), N_("Fri"), N_("Sat")};
    int64_t ms;
    field->name = "";
    if (!when_parse(form_text_of(field), console_now(c), &ms))
        return;
    struct civil at = civil_from_ms(ms, BEIJING_OFFSET_MS);
    snprintf(field->names, sizeof field->names, "= %s %02d-%02d %02d:%02d", _(days[at.weekday]),
             at.month, at.day, at.hour, at.minute);
    field->name = field->names;
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
        if (is_list(f->field[i].field))
            name_list(c, &f->field[i]);
        else if (field_table[f->field[i].field].type == FIELD_TYPE_TIME)
            name_time(c, &f->field[i]);
        else if (is_code(f->field[i].field))
            f->field[i].name = name_of(c, f->field[i].field, form_text_of(&f->field[i]));
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
            fits(typed, strlen(typed), l->list[i].code, l->list[i].name, NULL)) {
            f->match_name[f->n_matches] = l->list[i].name;
            f->match[f->n_matches++] = l->list[i].code;
        }
}

static void find_matches(struct form *f, struct console *c)
{
    const struct reference *r = console_reference(c);
    const struct actor *who = console_actor(c);
    const struct form_field *field = &f->field[f->current];
    const char *typed = typed_code(field);
    size_t len = strlen(typed);
    f->n_matches = 0;
    f->at_match = -1;
    if (!r || !has_names(field->field))
        return;
    if (field->field == FIELD_EMERGENCY) {
        match_emergencies(f, console_emergencies(c), typed);
        return;
    }
    enum field_type type = is_list(field->field) ? FIELD_TYPE_CODE : field_table[field->field].type;
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
            if (fits(typed, len, k->code, k->level2, k->level2_en) || strstr(k->level1, typed) ||
                strcasestr(k->level1_en, typed))
                code = k->code;
        }
        if (code) {
            f->match_name[f->n_matches] = name_of(c, field->field, code);
            f->match[f->n_matches++] = code;
        }
    }
}

void form_find_matches(struct form *f, struct console *c)
{
    const struct form_field *field = &f->field[f->current];
    bool put_in = f->at_match >= 0 && f->at_match < f->n_matches &&
                  strcmp(typed_code(field), f->match[f->at_match]) == 0;
    if (has_names(field->field) && *typed_code(field) &&
        !*name_of(c, field->field, typed_code(field)))
        find_matches(f, c);
    else if (!put_in)
        f->n_matches = 0;
}

bool form_complete(struct form *f, struct console *c)
{
    struct form_field *field = &f->field[f->current];
    const char *text = form_text_of(field), *typed = typed_code(field);
    if (!has_names(field->field))
        return false;
    bool going_on =
        f->at_match >= 0 && f->n_matches > 1 && strcmp(typed, f->match[f->at_match]) == 0;
    if (!going_on) {
        if (!*typed || *name_of(c, field->field, typed))
            return false; /* nothing to complete, or complete */
        find_matches(f, c);
        if (f->n_matches == 0)
            return false;
    }
    f->at_match = going_on ? (f->at_match + 1) % f->n_matches : 0;
    if (!form_set_text(field, arena_printf(&c->scratch, "%.*s%s", (int)(typed - text), text,
                                           f->match[f->at_match])))
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
    const char *text = form_text_of(field);
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
            field_error(f, i,
                        _("Not a time. Such are: now, 15:00, -10m, 11-24 14:05, tomorrow 15:00, "
                          "fri 14:00."));
            return false;
        }
        rfc3339_format(ms, BEIJING_OFFSET_MS, form);
        text = form;
    }
    if (value_check(field->field, text, &c->scratch, ret, &err) != ST_OK) {
        field_error(f, i, err.text);
        return false;
    }
    if (has_names(field->field) && console_reference(c) && !*field->name &&
        field->field != FIELD_OPERATOR_ID) {
        field_error(f, i, _("Not known. Type a part of the name or code and press Tab."));
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
            (void)store_draft_drop(c->config->store, &f->case_id, (enum command_type)i, NULL);
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
