/* form_pick.c: names of the codes in a form, and the list from which one is picked. */
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/view/form.h"
#include "tui/widget/when.h"
#include <stdio.h>
#include <string.h>

#define LIST_BREAKS " ,"

/* --- names ------------------------------------------------------------------------------------- */

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

bool form_has_names(enum field field)
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

/* The names of all codes of a list; false as long as one of them is unknown. */
static bool name_all(const struct console *c, enum field field, const char *at,
                     char ret[FORM_NAMES_SIZE])
{
    size_t used = 0;
    ret[0] = '\0';
    for (;;) {
        char code[FORM_NAMES_SIZE];
        at += strspn(at, LIST_BREAKS);
        size_t n = strcspn(at, LIST_BREAKS);
        if (n == 0)
            return true;
        snprintf(code, sizeof code, "%.*s", (int)n, at);
        const char *name = name_of(c, field, code);
        if (!*name)
            return false;
        used += (size_t)snprintf(ret + used, FORM_NAMES_SIZE - used, "%s%s",
                                 used ? i18n_mark(MARK_LIST, i18n_chinese()) : "", name);
        if (used >= FORM_NAMES_SIZE)
            used = FORM_NAMES_SIZE - 1;
        at += n;
    }
}

static void name_list(const struct console *c, struct form_field *field)
{
    field->name = name_all(c, field->field, form_text_of(field), field->names) ? field->names : "";
}

const char *form_names_of(const struct console *c, enum field field, const char *text,
                          struct arena *a)
{
    char names[FORM_NAMES_SIZE];
    if (is_list(field))
        return name_all(c, field, text, names) ? arena_strdup(a, names) : text;
    if (!is_code(field))
        return choice_label(field, text);
    const char *name = name_of(c, field, text);
    return *name ? name : text;
}

/* What the typed time was understood as, and how far away that is. */
static void name_time(struct console *c, struct form_field *field)
{
    static const char *const days[] = {N_("Sun"), N_("Mon"), N_("Tue"), N_("Wed"),
                                       N_("Thu"), N_("Fri"), N_("Sat")};
    int64_t ms, now = console_now(c);
    field->name = "";
    if (!when_parse(form_text_of(field), now, &ms))
        return;
    struct civil at = civil_from_ms(ms, BEIJING_OFFSET_MS);
    const char *text = arena_printf(&c->scratch, "= %s %02d-%02d %02d:%02d", _(days[at.weekday]),
                                    at.month, at.day, at.hour, at.minute);
    const char *far = draw_left(&c->scratch, ms > now ? ms : now + (now - ms), now);
    if (ms >= now + MS_MINUTE)
        text = arena_printf(&c->scratch, _("%s, in %s"), text, far);
    else if (ms <= now - MS_MINUTE)
        text = arena_printf(&c->scratch, _("%s, %s ago"), text, far);
    snprintf(field->names, sizeof field->names, "%s", text);
    field->name = field->names;
}

void form_name(struct console *c, struct form_field *field)
{
    if (is_list(field->field))
        name_list(c, field);
    else if (field_table[field->field].type == FIELD_TYPE_TIME)
        name_time(c, field);
    else if (is_code(field->field))
        field->name = name_of(c, field->field, form_text_of(field));
}

/* --- what there is to pick from ------------------------------------------------------------------ */

struct items {
    struct picker_item *list; /* NULL: out of memory */
    size_t n;
};

static void add(struct items *to, struct picker_item item)
{
    if (to->list)
        to->list[to->n++] = item;
}

static bool is_over(int ended, int today)
{
    return ended && ended <= today;
}

/* Who or what may be meant here: for a person or a section those of one's own office. */
static bool belongs(const struct actor *who, enum field field, const char *office)
{
    return (field != FIELD_HANDLER && field != FIELD_SECTION && field != FIELD_ASSISTANT) || !who ||
           strcmp(who->office, office) == 0;
}

static bool is_of_kind(const struct unit *u, enum field field)
{
    switch (field) {
    case FIELD_SECTION:
        return u->kind == UNIT_SECTION;
    case FIELD_ASSISTANT:
    case FIELD_COMMUNITY:
        return u->kind == UNIT_COMMUNITY;
    case FIELD_STREET:
        return u->kind == UNIT_STREET;
    case FIELD_DISTRICT:
        return u->kind == UNIT_DISTRICT;
    default:
        return true;
    }
}

static void people(struct console *c, enum field field, const struct reference *r, int today,
                   struct items *ret)
{
    ret->list = arena_array(&c->scratch, r->n_people + 1, sizeof *ret->list);
    for (size_t i = 0; i < r->n_people; i++) {
        const struct person *p = &r->people[i];
        if (belongs(console_actor(c), field, p->office) && !is_over(p->ended, today))
            add(ret, (struct picker_item){p->user, p->name, p->name_en,
                                          reference_unit_name(r, p->office, true),
                                          reference_unit_name(r, p->office, false)});
    }
}

static void units(struct console *c, enum field field, const struct reference *r, int today,
                  struct items *ret)
{
    ret->list = arena_array(&c->scratch, r->n_units + 1, sizeof *ret->list);
    for (size_t i = 0; i < r->n_units; i++) {
        const struct unit *u = &r->units[i];
        if (is_of_kind(u, field) && belongs(console_actor(c), field, u->parent) &&
            !is_over(u->ended, today))
            add(ret, (struct picker_item){u->code, u->name, u->name_en,
                                          reference_unit_name(r, u->parent, true),
                                          reference_unit_name(r, u->parent, false)});
    }
}

static void categories(struct console *c, const struct reference *r, struct items *ret)
{
    ret->list = arena_array(&c->scratch, r->n_categories + 1, sizeof *ret->list);
    for (size_t i = 0; i < r->n_categories; i++) {
        const struct category *k = &r->categories[i];
        add(ret, (struct picker_item){k->code, k->level2, k->level2_en, k->level1, k->level1_en});
    }
}

/* The open ones. */
static void emergencies(struct console *c, struct items *ret)
{
    const struct emergencies *l = console_emergencies(c);
    ret->list = arena_array(&c->scratch, l ? l->n + 1 : 1, sizeof *ret->list);
    for (size_t i = 0; l && i < l->n; i++)
        if (l->list[i].closed_ms == TIME_NONE)
            add(ret, (struct picker_item){l->list[i].code, l->list[i].name, "", "", ""});
}

static void choices(struct console *c, const struct form_field *field, struct items *ret)
{
    ret->list = arena_array(&c->scratch, (size_t)field->n_choices + 1, sizeof *ret->list);
    for (int i = 0; i < field->n_choices; i++) {
        const char *word = field->choices[i].word;
        add(ret, (struct picker_item){word, choice_label(field->field, word), "", "", ""});
    }
}

static struct items items_of(struct console *c, const struct form_field *field)
{
    struct items all = {NULL, 0};
    const struct reference *r = console_reference(c);
    int today = day_of_ms(console_now(c), BEIJING_OFFSET_MS);
    enum field_type type = is_list(field->field) ? FIELD_TYPE_CODE : field_table[field->field].type;
    if (field->kind == FORM_CHOICE)
        choices(c, field, &all);
    else if (!r || !form_has_names(field->field))
        return all;
    else if (field->field == FIELD_EMERGENCY)
        emergencies(c, &all);
    else if (type == FIELD_TYPE_USER)
        people(c, field->field, r, today, &all);
    else if (type == FIELD_TYPE_CODE)
        units(c, field->field, r, today, &all);
    else
        categories(c, r, &all);
    return all;
}

/* --- picking ------------------------------------------------------------------------------------- */

static void find(struct form *f, struct console *c, const char *typed)
{
    const struct form_field *field = &f->field[f->current];
    struct items all = items_of(c, field);
    picker_find(&f->picker, all.list, all.n, typed, option_bool(c->config->options, OPT_PINYIN));
    if (field->field == FIELD_OPERATOR_ID)
        f->picker.at = -1; /* may be another centre's: what was typed stands unless one is chosen */
}

/* Does the marked one stand in the field, as it was taken? */
static bool is_taken(const struct form *f)
{
    const struct picker_item *item = picker_marked(&f->picker);
    return f->picker.taken && item && strcmp(typed_code(&f->field[f->current]), item->code) == 0;
}

/* A text that is not yet a code. */
static bool is_part(const struct console *c, const struct form_field *field)
{
    return form_has_names(field->field) && *typed_code(field) &&
           !*name_of(c, field->field, typed_code(field));
}

void form_find_matches(struct form *f, struct console *c)
{
    const struct form_field *field = &f->field[f->current];
    if (field->kind == FORM_FILES)
        form_files_typed(f, c);
    else if (is_part(c, field))
        find(f, c, typed_code(field));
    else if (!is_taken(f)) {
        picker_clear(&f->picker);
        form_guess(f, c);
    }
}

void form_list_choices(struct form *f, struct console *c)
{
    const struct form_field *field = &f->field[f->current];
    if (field->kind == FORM_FILES) {
        form_files_list(f, c);
        return;
    }
    if (f->hints.due_mono_ms)
        form_look(f, c);
    find(f, c, is_part(c, field) ? typed_code(field) : "");
    for (size_t i = 0; !is_part(c, field) && i < f->picker.n; i++)
        if (strcmp(f->picker.found[i].code,
                   field->kind == FORM_CHOICE ? form_text_of(field) : typed_code(field)) == 0)
            f->picker.at = (int)i;
    if (f->picker.n == 0)
        console_say(c, THEME_DIM, "%s", _("There is no list for this field: type."));
}

/* The marked one into the field, in place of what was typed for it. */
static bool put_in(struct form *f, struct console *c)
{
    struct form_field *field = &f->field[f->current];
    const struct picker_item *item = picker_marked(&f->picker);
    if (!item)
        return false;
    const char *text = form_text_of(field), *typed = typed_code(field), *whole = item->code;
    if (is_list(field->field))
        whole = arena_printf(&c->scratch, "%.*s%s", (int)(typed - text), text, item->code);
    if (!form_set_text(field, whole))
        return false;
    f->picker.taken = true;
    for (size_t i = 0; f->picker.guessed && i < f->picker.n;
         i++) /* with the hints the reasons go */
        f->picker.found[i].group = f->picker.found[i].group_en = "";
    form_changed(f, c);
    return true;
}

bool form_complete(struct form *f, struct console *c)
{
    const struct form_field *field = &f->field[f->current];
    if (field->kind == FORM_FILES)
        return form_files_complete(f, c);
    if (f->hints.due_mono_ms)
        form_look(f, c);
#if SABOTAGE != 122 /* damage for the tests: the next field takes what nobody chose */
    if (form_guesses(f) && f->picker.at < 0)
        return false; /* nobody has chosen it */
#endif
    if (is_taken(f) && f->picker.n > 1) {
        f->picker.at = (f->picker.at + 1) % (int)f->picker.n;
    } else if (!picker_open(&f->picker)) {
        return false;
    } else if (f->picker.at < 0) {
        f->picker.at = 0;
    }
    if (!put_in(f, c))
        return false;
    if (f->picker.n > 1)
        console_say(c, THEME_DIM, _("%d of %zu: %s. Tab shows the next one."), f->picker.at + 1,
                    f->picker.all, field->kind == FORM_CHOICE ? form_text_of(field) : field->name);
    return true;
}

bool form_pick(struct form *f, struct console *c, enum editor_op op)
{
    if (f->field[f->current].kind == FORM_FILES)
        return form_files_key(f, c, op);
    bool steps = op == EDITOR_UP || op == EDITOR_DOWN, takes = op == EDITOR_NEWLINE;
    if ((!steps && !takes) || f->field[f->current].kind == FORM_TEXT)
        return false;
    if (f->hints.due_mono_ms)
        form_look(f, c); /* the list of what stands there now */
    if (!picker_open(&f->picker))
        return false;
    if (steps && form_guesses(f)) /* Down goes through them, and on to the next field */
        return picker_step(&f->picker, op == EDITOR_UP ? -1 : 1);
    if (steps)
        return picker_step(&f->picker, op == EDITOR_UP ? -1 : 1) || op == EDITOR_DOWN;
    if (!put_in(f, c))
        return false;
    if (!is_list(f->field[f->current].field))
        return false;         /* and on to the next field, as Enter does */
    picker_clear(&f->picker); /* the next one may be typed */
    return true;
}
