/* form_templates.c: the templates that are for a form: found as one types, shown as they are for this order, put in
 * where the cursor stands. The fields they set are set only where nothing stands. */
#include "core/base/i18n.h"
#include "core/text/fold.h"
#include "core/text/utf8.h"
#include "tui/draw.h"
#include "tui/view/form.h"
#include "tui/view/template_use.h"
#include "tui/widget/when.h"
#include <string.h>

enum { TYPED_MOST = 200, TEXT_MOST = 256 * 1024 };

/* --- what the fields are for this order ---------------------------------------------------------- */

/* Personal data only as far as the person sees it now; what is masked stands in no reply. */
static const char *seen(const struct form *f, const struct console *c, enum field field,
                        bool *ret_full)
{
    const struct actor *who = console_actor(c);
    enum sight sight = who ? workflow_sight(&f->subject, field, who) : SIGHT_NONE;
    *ret_full = sight == SIGHT_FULL || (sight == SIGHT_REVEAL && console_reveals(c, &f->case_id));
    return sight == SIGHT_NONE ? "" : f->subject.value[field];
}

/* Surnames of two characters; where they are masked only the first one is shown. */
static bool has_long_surname(const char *name)
{
    static const char *const surname[] = {"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟",
                                          "公孙", "慕容", "令狐", "司徒", "夏侯", "长孙", "宇文",
                                          "端木", "百里", "南宫", "独孤", "呼延", "申屠"};
    for (size_t i = 0; i < sizeof surname / sizeof *surname; i++)
        if (strncmp(name, surname[i], strlen(surname[i])) == 0)
            return true;
    return false;
}

/* 张先生. Nothing is guessed: without a form of address on the order there is none, nor for firms. */
static const char *greeting(const struct form *f, const struct console *c, struct arena *a)
{
    bool full;
    uint32_t first;
    const char *name = seen(f, c, FIELD_CLAIMANT, &full);
    const char *form = f->subject.value[FIELD_ADDRESS_FORM];
    const char *kind = f->subject.value[FIELD_CLAIMANT_KIND];
    size_t n = utf8_decode(name, strlen(name), &first);
    if (!*form || !*name || (*kind && strcmp(kind, "person") != 0) || !fold_is_han(first))
        return "";
    if (has_long_surname(name)) {
        if (!full)
            return "";
        n *= 2;
    }
    return strncmp(form, name, n) == 0 ? form : arena_printf(a, "%.*s%s", (int)n, name, form);
}

static const char *day(int64_t ms, struct arena *a)
{
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    return arena_printf(a, i18n_chinese() ? "%d年%d月%d日" : "%04d-%02d-%02d", t.year, t.month,
                        t.day);
}

static const char *clock_of_day(int64_t ms, struct arena *a)
{
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    return arena_printf(a, "%02d:%02d", t.hour, t.minute);
}

/* When the claimant was last reached, by the contacts on the order. */
static const char *last_contact(const struct form *f, struct console *c, struct arena *a)
{
    struct case_view v;
    const char *found = "";
    if (f->marked || f->begins ||
        store_case(c->config->store, &f->case_id, &c->scratch, &v, NULL) != ST_OK)
        return "";
    for (size_t i = 0; i < v.n_events; i++) {
        const struct event *e = &v.events[i];
        const char *reached = value_find(e->values, e->n_values, FIELD_REACHED);
        const char *when = value_find(e->values, e->n_values, FIELD_TIME);
        int64_t ms = e->at_ms;
        if (e->type != COMMAND_CONTACT || !reached || strcmp(reached, "yes") != 0)
            continue;
        if (when)
            (void)rfc3339_parse(when, &ms);
        found = arena_printf(a, "%s %s", day(ms, a), clock_of_day(ms, a));
    }
    return found;
}

/* Typed as `tomorrow` or as it is kept: a day, or nothing where it cannot be read. */
static const char *promised(struct form *f, struct console *c, struct arena *a)
{
    struct form_field *field = form_field_of(f, FIELD_PLAN_DATE, true);
    int64_t ms;
    const char *text = f->subject.value[FIELD_PLAN_DATE];
    if (field && *form_text_of(field))
        return when_parse(form_text_of(field), console_now(c), &ms) ? day(ms, a) : "";
    return rfc3339_parse(text, &ms) == 0 ? day(ms, a) : "";
}

/* As it will be when the template is taken. */
static const char *value_then(struct form *f, const struct template_form *set, enum field field,
                              struct arena *a)
{
    const char *now = form_value(f, field);
    for (size_t i = 0; i < set->n && !*now; i++)
        if (set->setting[i].field == field)
            now = arena_strndup(a, set->setting[i].text, set->setting[i].len);
    return now;
}

static void read_values(struct form *f, struct console *c, const struct template_form *set,
                        struct arena *a, struct template_values *ret)
{
    const struct reference *r = console_reference(c);
    const struct actor *who = console_actor(c);
    const char *const *value = f->subject.value;
    bool chinese = i18n_chinese(), full;
    const struct category *k = r ? reference_category(r, value[FIELD_CATEGORY]) : NULL;
    const char **v = ret->shown;
    *ret = (struct template_values){.shown = {NULL}};
    v[TEMPLATE_GREETING] = greeting(f, c, a);
    v[TEMPLATE_CLAIMANT] = seen(f, c, FIELD_CLAIMANT, &full);
    if (!full)
        v[TEMPLATE_CLAIMANT] = "";
    v[TEMPLATE_NUMBER] = draw_number(a, value[FIELD_NUMBER]);
    v[TEMPLATE_PLACE] = seen(f, c, FIELD_POINT, &full);
    if (!full)
        v[TEMPLATE_PLACE] = field_masked(FIELD_POINT, v[TEMPLATE_PLACE], a);
    if (r) {
        v[TEMPLATE_COMMUNITY] = reference_unit_name(r, value[FIELD_COMMUNITY], chinese);
        v[TEMPLATE_STREET] = reference_unit_name(r, value[FIELD_STREET], chinese);
        v[TEMPLATE_UNIT] = reference_unit_name(r, value[FIELD_UNIT], chinese);
        v[TEMPLATE_HANDLER] = reference_person_name(r, value[FIELD_HANDLER], chinese);
    }
    if (r && who) {
        v[TEMPLATE_OFFICE] = reference_unit_name(r, paper_owner(who, PAPER_OFFICE), chinese);
        v[TEMPLATE_WRITER] = reference_person_name(r, who->user, chinese);
    }
    v[TEMPLATE_CATEGORY] = !k ? "" : chinese ? k->level2 : k->level2_en;
    v[TEMPLATE_TITLE] = value[FIELD_TITLE];
    v[TEMPLATE_REQUEST] = value[FIELD_REQUEST];
    v[TEMPLATE_TYPE] = choice_label(FIELD_TYPE, value[FIELD_TYPE]);
    v[TEMPLATE_STATE] = _(state_table[f->subject.state].label);
    v[TEMPLATE_REPEAT] = value[FIELD_REPEAT];
    v[TEMPLATE_DATE] = day(console_now(c), a);
    v[TEMPLATE_TIME] = clock_of_day(console_now(c), a);
    v[TEMPLATE_SPOKE] = last_contact(f, c, a);
    v[TEMPLATE_FOUND] = value_then(f, set, FIELD_FACTS, a);
    v[TEMPLATE_MEASURES] = value_then(f, set, FIELD_MEASURES, a);
    v[TEMPLATE_RESULT] = choice_label(FIELD_RESULT, value_then(f, set, FIELD_RESULT, a));
    v[TEMPLATE_PLAN_DATE] = promised(f, c, a);
    v[TEMPLATE_BASIS] = value_then(f, set, FIELD_LEGAL_BASIS, a);
    ret->word[TEMPLATE_TYPE] = value[FIELD_TYPE];
    ret->word[TEMPLATE_STATE] = state_table[f->subject.state].word;
    ret->word[TEMPLATE_RESULT] = value_then(f, set, FIELD_RESULT, a);
}

/* --- the list ------------------------------------------------------------------------------------ */

void form_templates_init(struct form_templates *t)
{
    *t = (struct form_templates){.on = false};
    arena_init(&t->arena, 0);
    arena_init(&t->filled, 0);
    editor_init(&t->typed, EDITOR_LINE, TYPED_MOST);
    picker_clear(&t->picker);
}

void form_templates_release(struct form_templates *t)
{
    arena_release(&t->arena);
    arena_release(&t->filled);
    editor_release(&t->typed);
}

struct form_field *form_main_text(struct form *f)
{
    struct form_field *found = form_field_of(f, FIELD_REPLY, false);
    for (int i = 0; i < f->n && !found; i++)
        if (f->field[i].kind == FORM_TEXT)
            found = &f->field[i];
    return found;
}

const struct kept_paper *form_template_marked(const struct form_templates *t)
{
    const struct picker_item *item = picker_marked(&t->picker);
    for (size_t i = 0; item && i < t->n; i++)
        if (t->all[i].paper.name == item->name)
            return &t->all[i];
    return NULL;
}

/* "Result: solved", a line for each field that it sets; what stands there stays, and that is said. */
static const char *describe(struct form *f, const struct console *c)
{
    struct form_templates *t = &f->templates;
    const char *head = "";
    for (size_t i = 0; i < t->set.n; i++) {
        const struct template_setting *set = &t->set.setting[i];
        const struct form_field *field = form_field_of(f, set->field, false);
        const char *value = arena_strndup(&t->filled, set->text, set->len);
        if (!field)
            continue;
        bool stays = *form_text_of(field) && strcmp(form_text_of(field), value) != 0;
        head = arena_printf(&t->filled, "%s%s%s%s%s\n", head, _(field_table[set->field].label),
                            i18n_mark(MARK_COLON, i18n_chinese()),
                            form_names_of(c, set->field, value, &t->filled),
                            stays ? _(" (something else stands there, and stays)") : "");
    }
    return head;
}

static void clear(struct form_templates *t)
{
    arena_reset(&t->filled);
    t->text = t->wrong = NULL;
    t->head = "";
    t->set.n = 0;
    t->scroll.first = 0;
}

/* A template as it is for this order, or what is wrong with it. */
static void fill_by(struct form *f, struct console *c, const char *body)
{
    struct form_templates *t = &f->templates;
    struct template_values values;
    struct errmsg err;
    struct buf out;
    clear(t);
    buf_init(&out, TEXT_MOST);
    read_values(f, c, &t->set, &t->filled, &values);
    enum status st = template_fill(body, &values, &out, &t->set, &err);
    if (st == ST_OK && t->set.n > 0) { /* once more: what it sets counts in its own conditions */
        buf_clear(&out);
        read_values(f, c, &t->set, &t->filled, &values);
        st = template_fill(body, &values, &out, &t->set, &err);
    }
    if (st == ST_OK) {
        t->text = arena_strndup(&t->filled, out.data ? out.data : "", out.len);
        t->head = describe(f, c);
    } else {
        t->wrong = arena_strdup(&t->filled, err.text);
    }
    buf_release(&out);
}

/* Does each of the marked cases get its own text of it? */
static bool is_for_many(const struct form *f, const struct kept_paper *p)
{
    return f->marked && (bulk_has_texts(f->type) || template_look(p->paper.body).varies);
}

/* The marked one: for many cases as it was written. */
static void fill(struct form *f, struct console *c)
{
    struct form_templates *t = &f->templates;
    const struct kept_paper *p = form_template_marked(t);
    if (p && !is_for_many(f, p)) {
        fill_by(f, c, p->paper.body);
        return;
    }
    clear(t);
    if (p)
        t->text = p->paper.body;
}

static void find(struct form *f, struct console *c)
{
    struct form_templates *t = &f->templates;
    picker_find(&t->picker, t->items, t->n, editor_text(&t->typed), true);
    fill(f, c);
}

/* Those that set the result that is chosen come before the others. */
static void fitting_first(struct form *f)
{
    struct form_templates *t = &f->templates;
    const char *result = form_value(f, FIELD_RESULT);
    size_t to = 0;
    for (size_t i = 0; *result && i < t->n; i++) {
        struct kept_paper one = t->all[i];
        if (!template_sets(one.paper.body, FIELD_RESULT, result))
            continue;
        memmove(&t->all[to + 1], &t->all[to], (i - to) * sizeof one);
        t->all[to++] = one;
    }
}

/* Those for this form, the ones that the person used last before the others. */
static bool read_list(struct form *f, struct console *c)
{
    struct form_templates *t = &f->templates;
    struct errmsg err;
    const struct reference *r = console_reference(c);
    size_t all = 0;
    if (!console_ok(c,
                    store_papers(c->config->store, PAPER_TEMPLATE, &t->arena, &t->all, &all, &err),
                    &err))
        return false;
    t->n = 0;
    for (size_t i = 0; i < all; i++)
        if (template_is_for(t->all[i].paper.body) == f->type)
            t->all[t->n++] = t->all[i];
    template_use_order(c, f->subject.value[FIELD_CATEGORY], t->all, t->n);
    fitting_first(f);
    t->items = arena_array(&t->arena, t->n + 1, sizeof *t->items);
    for (size_t i = 0; t->items && i < t->n; i++) {
        const struct paper *p = &t->all[i].paper;
        const char *owner = p->scope == PAPER_OWN ? _("my own")
                            : r                   ? reference_unit_name(r, p->owner, i18n_chinese())
                                                  : p->owner;
        t->items[i] = (struct picker_item){
            .code = "", .name = p->name, .name_en = "", .group = owner, .group_en = owner};
    }
    return t->items != NULL;
}

bool form_templates_open(struct form *f, struct console *c)
{
    struct form_templates *t = &f->templates;
    arena_reset(&t->arena);
    (void)editor_set(&t->typed, "", 0);
    if (!read_list(f, c))
        return true;
    if (t->n == 0) {
        console_say(c, THEME_WARN, "%s",
                    _("There is no template for this form yet. `:keep_template NAME` makes one of "
                      "what stands in it."));
        return true;
    }
    t->on = true;
    find(f, c);
    return true;
}

const char *form_as_template(struct form *f, struct arena *a)
{
    const struct form_field *text = form_main_text(f);
    struct value *values = arena_array(a, (size_t)f->n + 1, sizeof *values);
    size_t n = 0;
    struct buf out;
    for (int i = 0; values && i < f->n; i++) {
        const struct form_field *field = &f->field[i];
        enum field_type type = field_table[field->field].type;
        /* Times, files, objects and the reason of an exception belong to one case. */
        if (field == text || !*form_text_of(field) || field->kind == FORM_FILES ||
            type == FIELD_TYPE_TIME || type == FIELD_TYPE_UUID || field->field == FIELD_OVERRIDE)
            continue;
        values[n++] = (struct value){field->field, form_text_of(field)};
    }
    buf_init(&out, TEXT_MOST);
    template_make(f->type, values, values ? n : 0, text ? form_text_of(text) : "", &out);
    const char *body = arena_strndup(a, out.data ? out.data : "", out.len);
    buf_release(&out);
    return body;
}

/* --- taking one ---------------------------------------------------------------------------------- */

/* To the first gap from that byte on; false: there is none. */
static bool go_to_gap(struct editor *e, size_t from)
{
    size_t at, len;
    if (!template_gap(editor_text(e), from, &at, &len))
        return false;
    editor_go(e, at);
    return true;
}

/* Where nothing stands. Is anything else there, and stays? */
static bool set_fields(struct form *f)
{
    struct form_templates *t = &f->templates;
    bool stays = false;
    for (size_t i = 0; i < t->set.n; i++) {
        const struct template_setting *set = &t->set.setting[i];
        struct form_field *field = form_field_of(f, set->field, false);
        const char *value = arena_strndup(&t->filled, set->text, set->len);
        if (field && !*form_text_of(field))
            (void)form_set_text(field, value);
        else if (field && strcmp(form_text_of(field), value) != 0)
            stays = true;
    }
    return stays;
}

/* Of the text as one step of undo, at the cursor; what stands there stays. */
static void take(struct form *f, struct console *c)
{
    struct form_templates *t = &f->templates;
    struct form_field *text = form_main_text(f);
    size_t lost = 0, from = 0;
    if (!t->text) {
        if (t->wrong)
            console_say(c, THEME_ERROR, "%s", t->wrong);
        return;
    }
    if (is_for_many(f, form_template_marked(t))) {
        t->for_many = &form_template_marked(t)->paper;
        t->on = false;
        c->want = WANT_MANY;
        return;
    }
    bool stays = set_fields(f);
    if (text && *t->text) {
        from = text->editor.cursor;
        lost = editor_insert(&text->editor, t->text, strlen(t->text), true);
        f->current = (int)(text - f->field);
    }
    template_use_note(c, f->subject.value[FIELD_CATEGORY], &form_template_marked(t)->paper);
    t->on = false;
    t->used = true;
    if (lost > 0)
        console_say(c, THEME_WARN, "%s",
                    _("There is no room for all of it; the end of the template is missing."));
    else if (text && go_to_gap(&text->editor, from))
        console_say(c, THEME_MESSAGE,
                    _("What is still open stands in [...?]: type over it, %s goes to the next."),
                    keymap_first_key(KEYS_FORM, ACTION_TEMPLATES, &c->scratch));
    else if (stays)
        console_say(c, THEME_MESSAGE, "%s", _("What stood in a field already was left as it is."));
    form_changed(f, c);
}

bool form_template_put(struct form *f, struct console *c, const char *body, const char **ret_why)
{
    struct form_templates *t = &f->templates;
    struct form_field *text = form_main_text(f);
    size_t lost = 0;
    fill_by(f, c, body);
    *ret_why = t->wrong;
    if (!t->text)
        return false;
    (void)set_fields(f);
    if (text && *t->text && !*form_text_of(text)) {
        lost = editor_insert(&text->editor, t->text, strlen(t->text), true);
        t->used = true;
    }
    form_changed(f, c);
    if (lost > 0)
        *ret_why = _("There is no room for all of it; the end of the template is missing.");
    return lost == 0;
}

/* The one that is clear: used last for orders of this category, else the only one in one's own language. *ret_n: how many
 * set this result. */
static const struct paper *of_result(struct form *f, struct console *c, const char *result,
                                     size_t *ret_n)
{
    struct form_templates *t = &f->templates;
    const char *category = f->subject.value[FIELD_CATEGORY];
    size_t own = 0;
    *ret_n = 0;
    arena_reset(&t->arena);
    if (!read_list(f, c))
        return NULL;
    while (*ret_n < t->n && template_sets(t->all[*ret_n].paper.body, FIELD_RESULT, result))
        ++*ret_n;
    for (size_t i = 0; i < *ret_n; i++)
        own += !template_use_foreign(&t->all[i].paper);
    bool sure = *ret_n > 0 && (*ret_n == 1 || template_use_known(c, category, &t->all[0].paper) ||
                               (own == 1 && !template_use_foreign(&t->all[0].paper)));
    return sure ? &t->all[0].paper : NULL;
}

void form_result_left(struct form *f, struct console *c)
{
    struct form_field *field = &f->field[f->current], *text = form_main_text(f);
    const char *why;
    size_t n;
    if (field->field != FIELD_RESULT || field->kind != FORM_CHOICE || f->marked || !text ||
        field->chosen < 0 || field->chosen == f->result_seen)
        return;
    f->result_seen = field->chosen;
    const struct paper *p = of_result(f, c, form_text_of(field), &n);
    if (n == 0)
        return;
#if SABOTAGE == 280
    (void)form_set_text(text, ""); /* Damage: what was written is gone for a template. */
#endif
    if (!p || *form_text_of(text)) {
        console_say(c, THEME_MESSAGE,
                    ngettext("%zu template has this result: %s puts it in.",
                             "%zu templates have this result: %s lists them first.",
                             (unsigned long)n),
                    n, keymap_first_key(KEYS_FORM, ACTION_TEMPLATES, &c->scratch));
    } else if (form_template_put(f, c, p->body, &why)) {
        template_use_note(c, f->subject.value[FIELD_CATEGORY], p);
        console_say(
            c, THEME_MESSAGE,
            _("Nothing was written yet, so the template of this result stands there: \"%s\"."),
            p->name);
    }
}

bool form_next_gap(struct form *f)
{
    struct form_field *text = form_main_text(f);
    if (!text || f->current != (int)(text - f->field))
        return false;
    return go_to_gap(&text->editor, text->editor.cursor + 1) || go_to_gap(&text->editor, 0);
}

bool form_gap(const struct form *f, size_t *ret_at, size_t *ret_len)
{
    const struct form_field *text = form_main_text((struct form *)f);
#if SABOTAGE == 92 /* Damage: gaps are sent to the claimant. */
    return false;
#endif
    return text && (text->field == FIELD_REPLY || f->templates.used) &&
           template_gap(editor_text(&text->editor), 0, ret_at, ret_len);
}

bool form_gap_left(struct form *f, struct console *c)
{
    struct form_field *text = form_main_text(f);
    size_t at, len;
    if (!form_gap(f, &at, &len))
        return false;
    f->current = (int)(text - f->field);
    editor_go(&text->editor, at);
    console_say(c, THEME_ERROR, _("Not sent: %.*s is still to be filled in."), (int)len,
                editor_text(&text->editor) + at);
    return true;
}

void form_type_over_gap(struct form *f)
{
    struct form_field *text = form_main_text(f);
    size_t at, len;
    if (!text || f->current != (int)(text - f->field))
        return;
    struct editor *e = &text->editor;
    if (!template_gap(editor_text(e), e->cursor, &at, &len) || at != e->cursor)
        return;
    size_t end = e->len - len; /* of the text without it */
    while (e->len > end && editor_do(e, EDITOR_DELETE))
        ;
}

/* --- keys ---------------------------------------------------------------------------------------- */

static void step(struct form *f, struct console *c, int by)
{
    if (picker_step(&f->templates.picker, by))
        fill(f, c);
}

bool form_templates_act(struct form *f, struct console *c, enum action action)
{
    struct form_templates *t = &f->templates;
    enum editor_op op = action_editor_op(action);
    switch (action) {
    case ACTION_EDIT_UP:
        step(f, c, -1);
        return true;
    case ACTION_EDIT_DOWN:
    case ACTION_NEXT_FIELD:
        step(f, c, 1);
        return true;
    case ACTION_FIELD_BEFORE:
        step(f, c, -1);
        return true;
    case ACTION_EDIT_PAGE_UP:
        (void)scroll_act(&t->scroll, ACTION_PAGE_UP);
        return true;
    case ACTION_EDIT_PAGE_DOWN:
        (void)scroll_act(&t->scroll, ACTION_PAGE_DOWN);
        return true;
    case ACTION_EDIT_NEWLINE:
    case ACTION_CONFIRM:
        take(f, c);
        return true;
    case ACTION_LEAVE_FORM:
    case ACTION_TEMPLATES:
    case ACTION_TURN:
        t->on = false;
        return true;
    default:
        if (op == EDITOR_OP_COUNT)
            return false;
        (void)editor_do(&t->typed, op);
        find(f, c);
        return true;
    }
}

void form_templates_type(struct form *f, struct console *c, const struct key *key)
{
    struct form_templates *t = &f->templates;
    if (key->kind != KEY_KIND_TEXT && key->kind != KEY_KIND_PASTE)
        return;
    (void)editor_insert(&t->typed, key->text, key->len, key->kind == KEY_KIND_PASTE);
    find(f, c);
}
