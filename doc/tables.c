/*
 * tables.c: prints the program's tables as mdoc, so that the manual cannot differ from them.
 *
 * usage: tables PAGE.in >PAGE: copies PAGE.in; a line "@NAME@" is replaced by the table of that name:
 *   flags, verbs (command line), commands (what can be done to a case), options (configuration),
 *   views, refusals.
 */
#include "core/base/options.h"
#include "core/case/casefile.h"
#include "core/case/workflow.h"
#include "core/store/store.h"
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

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
#define N_(t) t
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
            const char *choices = f->choices ? f->choices : "";
            if (row->arguments[k].required)
                printf(".Ar %s Ns Li =%s\n", f->word, choices);
            else
                printf(".Op Ar %s Ns Li =%s\n", f->word, choices);
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

static void print_views(void)
{
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; i < VIEW_COUNT; i++) {
        printf(".It Cm %s\n", view_table[i].word);
        text(view_table[i].label);
    }
    puts(".El");
}

static void print_refusals(void)
{
    puts(".Bl -bullet -compact");
    for (int i = 1; i < REFUSAL_COUNT; i++)
        printf(".It\n.Cm %s\n", refusal_word((enum refusal_code)i));
    puts(".El");
}

static const struct {
    const char *name;
    void (*print)(void);
} table[] = {{"flags", print_flags},     {"verbs", print_verbs}, {"commands", print_commands},
             {"options", print_options}, {"views", print_views}, {"refusals", print_refusals}};

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
