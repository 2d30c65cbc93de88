/*
 * tables.c: prints the program's tables, so that manual and completion cannot differ from them.
 *
 * usage: tables PAGE.in >PAGE: copies PAGE.in; a line "@NAME@" is replaced by the table of that name:
 *   flags, verbs (command line), commands (what can be done to a case), options (configuration),
 *   views, refusals, keys, filters, changes (watch); complete_...: bare words for the shell's completion.
 */
#include "core/base/buf.h"
#include "core/base/options.h"
#include "core/case/casefile.h"
#include "core/case/workflow.h"
#include "core/store/store.h"
#include "tui/keymap.h"
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

/* --- words for the shell's completion ----------------------------------------------------------- */

static const struct flag_words {
    const char *name;
} flag_words[] = {
#define N_(t) t
#define FLAG(id, name, letter, argument, help) {name},
#include "tui/command/flags.def"
#undef FLAG
};

static void print_complete_flags(void)
{
    for (size_t i = 0; i < sizeof flag_words / sizeof *flag_words; i++)
        printf("--%s\n", flag_words[i].name);
}

static void print_complete_verbs(void)
{
#define VERB(id, word, arguments, function, help) puts(word);
#include "tui/command/verbs.def"
#undef VERB
}

static void print_complete_commands(void)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        puts(command_table[i].word);
}

static void print_complete_keys(void)
{
    for (int i = 0; i < COMMAND_COUNT; i++) {
        const struct command_row *row = &command_table[i];
        fputs(row->word, stdout);
        for (size_t k = 0; k < row->n_arguments; k++)
            printf(" %s=", field_table[row->arguments[k].field].word);
        putchar('\n');
    }
}

static void print_complete_views(void)
{
    for (int i = 0; i < VIEW_COUNT; i++)
        puts(view_table[i].word);
}

static void print_complete_orders(void)
{
    for (int i = 0; i < ORDER_COUNT; i++)
        puts(order_table[i].word);
}

static void print_complete_filters(void)
{
    for (int i = 0; i < FILTER_COUNT; i++)
        printf("%s%s\n", filter_table[i].word, filter_table[i].kind == FILTER_KIND_FLAG ? "" : ":");
    for (int i = 0; i < VIEW_COUNT; i++)
        printf("view:%s\n", view_table[i].word);
    for (int i = 0; i < OBJECT_COUNT; i++)
        printf("object:%s\n", object_table[i].word);
    for (const struct choice *k = field_table[FIELD_CHANNEL].choices; k->word; k++)
        printf("channel:%s\n", k->word);
    for (int i = 0; i < STATE_COUNT; i++)
        if (*state_table[i].word)
            printf("state:%s\n", state_table[i].word);
}

/* --- manual pages ------------------------------------------------------------------------------- */

/* A dash or a leading point would mean something to troff. */
static void text(const char *s)
{
    for (; *s; s++) {
        if (*s == '\\')
            fputs("\\e", stdout);
        else if (*s == '-')
            fputs("\\-", stdout);
        else
            putchar(*s);
    }
    putchar('\n');
}

static void print_flags(void)
{
    static const struct {
        const char *name;
        int letter;
        const char *argument, *help;
    } rows[] = {
#define FLAG(id, name, letter, argument, help) {name, letter, argument, help},
#include "tui/command/flags.def"
#undef FLAG
    };
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fputs(".It", stdout);
        if (rows[i].letter)
            printf(" Fl %c ,", rows[i].letter);
        printf(" Fl \\-%s", rows[i].name);
        if (rows[i].argument)
            printf(" Ar %s", rows[i].argument);
        putchar('\n');
        text(rows[i].help);
    }
    puts(".El");
}

static void print_verbs(void)
{
    static const struct {
        const char *word, *arguments, *help;
    } rows[] = {
#define VERB(id, word, arguments, function, help) {word, arguments, help},
#include "tui/command/verbs.def"
#undef VERB
    };
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        printf(".It Cm %s Li ", rows[i].word);
        text(*rows[i].arguments ? rows[i].arguments : "\\&");
        text(rows[i].help);
    }
    puts(".El");
}

static void print_commands(void)
{
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command_row *row = &command_table[i];
        printf(".It Cm %s", row->word);
        if (row->alias)
            printf(" | Cm %s", row->alias);
        putchar('\n');
        text(row->label);
        puts(".br");
        for (size_t k = 0; k < row->n_arguments; k++) {
            const struct field_row *f = &field_table[row->arguments[k].field];
            printf(".%sAr %s Ns Li =", row->arguments[k].required ? "" : "Op ", f->word);
            for (const struct choice *c = f->choices; f->type == FIELD_TYPE_ENUM && c->word; c++)
                printf("%s%s", c == f->choices ? "" : "|", c->word);
            putchar('\n');
        }
    }
    puts(".El");
}

static void print_options(void)
{
    const char *section = "";
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *o = &option_table[i];
        if (strcmp(section, o->section) != 0) {
            if (*section)
                puts(".El");
            section = o->section;
            printf(".Ss [%s]\n.Bl -tag -width Ds\n", section);
        }
        printf(".It Ic %s\n", o->name);
        text(o->help);
        if (o->choices)
            printf("One of %s.\n", o->choices);
        if (o->type == OPTION_INT)
            printf("A number from %lld to %lld.\n", (long long)o->low, (long long)o->high);
        if (*o->def)
            printf("Default: %s.\n", o->def);
    }
    puts(".El");
}

/* The roles that have a view, with its digit where it has one. */
static void print_whose(enum view_id view)
{
    const char *before = "(";
    for (int r = ROLE_OPERATOR; r < ROLE_COUNT; r++) {
        const enum view_id *list;
        size_t n = store_views((enum role)r, &list);
        for (size_t i = 0; i < n; i++) {
            if (list[i] != view)
                continue;
            char key = store_view_key(i);
            printf("%s%s", before, role_table[r].word);
            if (key)
                printf(" %c", key);
            before = ", ";
        }
    }
    puts(").");
}

static void print_views(void)
{
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; i < VIEW_COUNT; i++) {
        printf(".It Cm %s\n", view_table[i].word);
        printf("%s: cases ", view_table[i].label);
        text(view_table[i].help);
        print_whose((enum view_id)i);
    }
    puts(".El");
}

static void print_filters(void)
{
    puts(".Bl -tag -width Ds -compact");
    for (int i = 0; i < FILTER_COUNT; i++) {
        printf(".It Li %s\n", filter_table[i].example);
        text(filter_table[i].help);
    }
    puts(".El");
}

static void print_changes(void)
{
    puts(".Bl -tag -width Ds -compact");
#define CHANGE(id, word, help)                                                                     \
    printf(".It Li %s\n", word);                                                                   \
    text(help);
#include "tui/watch.def"
#undef CHANGE
    puts(".El");
}

static void print_refusals(void)
{
    puts(".Bl -bullet -compact");
    for (int i = 1; i < REFUSAL_COUNT; i++)
        printf(".It\n.Cm %s\n", refusal_word((enum refusal_code)i));
    puts(".El");
}

static void print_keys(void)
{
    for (int k = 0; k < KEYS_CONTEXTS; k++) {
        printf(".Ss %s\n.Bl -tag -width Ds -compact\n", place_table[k].label);
        for (int i = 0; i < ACTION_COUNT; i++) {
            const struct action_row *a = &action_table[i];
            if (!(a->contexts >> k & 1u))
                continue;
            fputs(".It Ic \\&", stdout);
            if (*a->keys)
                text(a->keys);
            else
                printf(":%s\n",
                       a->command != COMMAND_COUNT ? command_table[a->command].word : a->word);
            text(a->help);
        }
        puts(".El");
    }
}

/* As jiband prints them; a line that begins like a macro is none. */
static void print_literal(void (*print)(struct buf *out))
{
    struct buf out;
    buf_init(&out, 1024 * 1024);
    print(&out);
    for (size_t i = 0; i < out.len; i++) {
        bool first = i == 0 || out.data[i - 1] == '\n';
        if (first && (out.data[i] == '.' || out.data[i] == '\''))
            fputs("\\&", stdout);
        if (out.data[i] == '\\')
            fputs("\\e", stdout);
        else if (out.data[i] == '-')
            fputs("\\-", stdout);
        else
            putchar(out.data[i]);
    }
    buf_release(&out);
}

static void print_workflow(void)
{
    print_literal(workflow_print_table);
}

static void print_matrix(void)
{
    print_literal(workflow_print_matrix);
}

static void print_reaches(void)
{
    for (int i = 0; i < REACH_COUNT; i++)
        printf(".It %s\n%s\n", reach_table[i].word, reach_table[i].label);
}

static void print_states(void)
{
    for (int i = 0; i < STATE_COUNT; i++)
        printf(".It %s\n%s; held by: %s\n", state_table[i].word, state_table[i].label,
               role_table[state_table[i].holder].label);
}

static void print_clocks(void)
{
    for (int i = 0; i < CLOCK_COUNT; i++)
        printf(".It %s\n%s\n", clock_table[i].word, clock_table[i].label);
}

static void print_objects(void)
{
    for (int i = 0; i < OBJECT_COUNT; i++)
        printf(".It %s\n%s\n", object_table[i].word, object_table[i].label);
}

static const struct {
    const char *name;
    void (*print)(void);
} table[] = {{"workflow", print_workflow},
             {"matrix", print_matrix},
             {"reaches", print_reaches},
             {"states", print_states},
             {"clocks", print_clocks},
             {"objects", print_objects},
             {"flags", print_flags},
             {"verbs", print_verbs},
             {"commands", print_commands},
             {"options", print_options},
             {"views", print_views},
             {"refusals", print_refusals},
             {"keys", print_keys},
             {"filters", print_filters},
             {"changes", print_changes},
             {"complete_flags", print_complete_flags},
             {"complete_verbs", print_complete_verbs},
             {"complete_commands", print_complete_commands},
             {"complete_keys", print_complete_keys},
             {"complete_filters", print_complete_filters},
             {"complete_views", print_complete_views},
             {"complete_orders", print_complete_orders}};

int main(int argc, char **argv)
{
    char line[1024];
    if (argc != 2)
        return EX_USAGE;
    FILE *in = fopen(argv[1], "r");
    if (!in)
        return EX_NOINPUT;
    int code = EX_OK;
    while (fgets(line, sizeof line, in)) {
        size_t n = strcspn(line, "\n");
        if (line[0] != '@' || n < 3 || line[n - 1] != '@') {
            fputs(line, stdout);
            continue;
        }
        line[n - 1] = '\0';
        size_t i = 0;
        while (i < sizeof table / sizeof *table && strcmp(table[i].name, line + 1) != 0)
            i++;
        if (i == sizeof table / sizeof *table) {
            fprintf(stderr, "%s: no table \"%s\"\n", argv[1], line + 1);
            code = EX_DATAERR;
        } else {
            table[i].print();
        }
    }
    fclose(in);
    return code;
}
