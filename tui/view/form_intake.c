/* form_intake.c: which fields a form has and in which order; one form of intake with several exits. */
#include "tui/view/form.h"
#include "core/base/i18n.h"
#include <string.h>

enum { LINE_BYTES = 4096, TEXT_BYTES = 1024 * 1024 };

static const struct choice yes_no[] = {{"yes", N_("yes")}, {"no", N_("no")}, {NULL, NULL}};

/* As a caller tells it: what, where, who; then what was said to the caller; the rest as the table of commands has it. */
static const enum field told[] = {
    FIELD_CONTENT,   FIELD_TYPE,  FIELD_CATEGORY,  FIELD_POINT,   FIELD_STREET,    FIELD_COMMUNITY,
    FIELD_CLAIMANT,  FIELD_PHONE, FIELD_ANONYMOUS, FIELD_ANSWER,  FIELD_KNOWLEDGE, FIELD_EXIT,
    FIELD_OLD_ORDER, FIELD_SAID,  FIELD_TITLE,     FIELD_REQUEST, FIELD_CHANNEL,   FIELD_CALL_TIME};
enum { TOLD = sizeof told / sizeof *told };

/* What an exit asks beside the matter: there one goes when the form is turned. */
static const enum field of_exit[] = {FIELD_ANSWER, FIELD_EXIT, FIELD_OLD_ORDER, FIELD_SAID};

static void make_field(struct form_field *field, enum field what)
{
    const struct field_row *row = &field_table[what];
    *field = (struct form_field){.field = what, .chosen = -1, .name = ""};
    if (row->type == FIELD_TYPE_ENUM || row->type == FIELD_TYPE_BOOL) {
        field->kind = FORM_CHOICE;
        field->choices = row->type == FIELD_TYPE_BOOL ? yes_no : row->choices;
        while (field->choices[field->n_choices].word)
            field->n_choices++;
    } else if (row->type == FIELD_TYPE_TEXT) {
        field->kind = FORM_TEXT;
        editor_init(&field->editor, EDITOR_TEXT, TEXT_BYTES);
    } else if (row->type == FIELD_TYPE_FILES) {
        field->kind = FORM_FILES;
        editor_init(&field->editor, EDITOR_LINE, LINE_BYTES);
    } else {
        field->kind = FORM_LINE;
        editor_init(&field->editor, EDITOR_LINE, LINE_BYTES);
    }
}

/* --- order ------------------------------------------------------------------------------------ */

static int told_at(enum field field)
{
    int at = 0;
    while (at < TOLD && told[at] != field)
        at++;
    return at;
}

static const struct argument *argument_of(enum command_type type, enum field field)
{
    const struct command_row *row = &command_table[type];
    for (size_t i = 0; i < row->n_arguments; i++)
        if (row->arguments[i].field == field)
            return &row->arguments[i];
    return NULL;
}

/* The centre gives the number, and who whistles for several orders at once their group. On an order that is there a command that can also begin one takes what it needs; what
 * was taken down then is corrected by its own command. */
static bool asked(const struct form *f, enum command_type type, const struct argument *argument)
{
    return argument->field != FIELD_NUMBER && argument->field != FIELD_GROUP &&
           !(f->marked && bulk_leaves_out(argument->field)) &&
           (argument->required || f->begins || !workflow_begins(type));
}

/* Place of a field in the form; the smaller is the earlier. */
static int rank(const struct form *f, const struct argument *argument)
{
    int at = (int)(argument - command_table[f->type].arguments);
    int n = (int)command_table[f->type].n_arguments;
    if (f->begins && told_at(argument->field) < TOLD)
        return told_at(argument->field);
    return TOLD + (argument->required ? 0 : n) + at;
}

/* Those of f->type first, in their order; behind them what lies aside. */
static void arrange(struct form *f)
{
    int all = f->n + f->n_aside, at = 0;
    struct form_field *from = f->field, *to = f->spare;
    const struct argument *best;
    do {
        best = NULL;
        for (size_t i = 0; i < command_table[f->type].n_arguments; i++) {
            const struct argument *a = &command_table[f->type].arguments[i];
            bool placed = false;
            for (int k = 0; k < at; k++)
                placed = placed || to[k].field == a->field;
            if (!placed && asked(f, f->type, a) && (!best || rank(f, a) < rank(f, best)))
                best = a;
        }
        for (int i = 0; best && i < all; i++)
            if (from[i].field == best->field) {
                to[at] = from[i];
                to[at++].required = best->required;
            }
    } while (best);
    f->n = at;
    for (int i = 0; i < all; i++)
        if (!argument_of(f->type, from[i].field)) {
            to[at] = from[i];
            to[at++].required = false;
        }
    f->n_aside = at - f->n;
    f->field = to;
    f->spare = from;
    f->current = f->first = 0;
}

static void add_fields(struct form *f, enum command_type type)
{
    const struct command_row *row = &command_table[type];
    for (size_t i = 0; i < row->n_arguments; i++) {
        bool there = !asked(f, type, &row->arguments[i]);
        for (int k = 0; k < f->n && !there; k++)
            there = f->field[k].field == row->arguments[i].field;
        if (!there)
            make_field(&f->field[f->n++], row->arguments[i].field);
    }
}

enum status form_make_fields(struct form *f, struct errmsg *err)
{
    size_t most = 1;
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (i == (int)f->type || (f->begins && workflow_begins((enum command_type)i)))
            most += command_table[i].n_arguments;
    f->field = arena_array(&f->arena, most, sizeof *f->field);
    f->spare = arena_array(&f->arena, most, sizeof *f->spare);
    if (arena_failed(&f->arena))
        return fail(err, ST_NOMEM, _("Out of memory. Nothing was changed."));
    add_fields(f, f->type);
    for (int i = 0; f->begins && i < COMMAND_COUNT; i++)
        if (workflow_begins((enum command_type)i))
            add_fields(f, (enum command_type)i);
    arrange(f);
    return ST_OK;
}

/* --- exits ------------------------------------------------------------------------------------ */

void form_find_exits(struct form *f, struct console *c)
{
    f->n_exits = 0;
    for (int i = 0; f->begins && i < COMMAND_COUNT && f->n_exits < FORM_EXITS; i++)
        if (console_may_begin(c, (enum command_type)i))
            f->exit[f->n_exits++] = (enum command_type)i;
}

/* Where one goes on: what this exit asks beside the matter, and does not have yet. */
static int first_of_exit(const struct form *f)
{
    for (int i = 0; i < f->n; i++)
        for (size_t k = 0; k < sizeof of_exit / sizeof *of_exit; k++)
            if (f->field[i].field == of_exit[k] && f->field[i].required &&
                !*form_text_of(&f->field[i]))
                return i;
    return 0;
}

bool form_turn_to(struct form *f, struct console *c, enum command_type type)
{
    bool may = false;
    for (int i = 0; i < f->n_exits; i++)
        may = may || f->exit[i] == type;
    if (!may)
        return false;
    enum command_type before = f->type;
    f->type = type;
    arrange(f);
    f->current = first_of_exit(f);
    if (f->draft_type == before && !f->changed_mono_ms) /* it moves with the form */
        f->changed_mono_ms = console_mono(c);
    form_changed(f, c);
    form_look(f, c);
    return true;
}

bool form_turn(struct form *f, struct console *c)
{
    int at = 0;
    while (at < f->n_exits && f->exit[at] != f->type)
        at++;
    return f->n_exits > 1 && form_turn_to(f, c, f->exit[(at + 1) % f->n_exits]);
}
