/*
 * main.c: jiband: the central server and the tools of its store.
 */
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/version.h"
#include "server/verbs.h"
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>

/* True when the options that hold numbers and times can be read; else it has said so. count_of_cases: --cases is a
 * number of cases, not the word of a number. */
static bool values_are_clear(const struct arguments *a, bool count_of_cases)
{
    static const enum flag numbers[] = {FLAG_SEED, FLAG_CASES};
    size_t n_numbers = sizeof numbers / sizeof *numbers - !count_of_cases;
    int64_t ms;
    for (size_t i = 0; i < n_numbers; i++) {
        int64_t low = numbers[i] == FLAG_CASES ? 1 : 0;
        if (number_of(a, numbers[i], low, low) >= low)
            continue;
        say_no_number(a, numbers[i], (int)low);
        return false;
    }
    if (a->value[FLAG_AT] && rfc3339_parse(a->value[FLAG_AT], &ms) != 0) {
        say(_("--at takes a time such as 2026-03-11T08:05:00+08:00, not \"%s\"."),
            a->value[FLAG_AT]);
        return false;
    }
    return true;
}

static const struct {
    const char *word, *arguments, *help;
    int (*run)(const struct arguments *a);
    bool needs_db;
} verbs[] = {
    {"init",
     "--db URL [--policy FILE] [--calendar FILE] [--org FILE] [--catalogue FILE] [--practice]",
     N_("make a store"), verb_init, true},
    {"generate", "--db URL --cases N [--seed S]", N_("fill it with invented cases"), verb_generate,
     true},
    {"import", "--db URL --format open311|nyc311|csv|ndjson [--map FILE] FILE",
     N_("make an office of a foreign file"), verb_import, true},
    {"user",
     "--db URL add|passwd|disable|list [NAME] [--role ROLE --office CODE --unit CODE] "
     "[--password-file FILE]",
     N_("people who log in"), verb_user, true},
    {"key", "--db URL add|disable|list [NAME] [--contact TEXT]",
     N_("keys with which clients of Open311 post"), verb_key, true},
    {"terminal", "--db URL list [--user USER] [--json] | revoke ID... | work ID|FILE [--json]",
     N_("machines that keep cases: list them, make one forget, open what it had not sent"),
     verb_terminal, true},
    {"org", "[--db URL] check FILE | load FILE | show [--version N] | history",
     N_("units and people"), verb_org, false},
    {"catalogue", "[--db URL] check FILE | load FILE | show [--version N] | history",
     N_("dispatch catalogue and duty lists"), verb_catalogue, false},
    {"policy", "[--db URL] check FILE | load FILE | show [--version N] | history",
     N_("limits and rules"), verb_policy, false},
    {"calendar", "[--db URL] check FILE | load FILE | show [--version N] | history",
     N_("days off and worked"), verb_calendar, false},
    {"bonus", "[--db URL] check FILE | load FILE | show [--version N] | history",
     N_("bonus points of units and months"), verb_bonus, false},
    {"propose",
     "--db URL --category CODE [--street CODE] [--point TEXT] [--owner KIND] [--day DAY] [--json]",
     N_("propose place and unit, and say why"), verb_propose, true},
    {"events", "--db URL [--case CASE] [--since N]", N_("print the event log as NDJSON"),
     verb_events, true},
    {"assess",
     "--db URL [--level LEVEL | --by category|interest|praise|whistle|article] [--scope CODE] "
     "[--month "
     "MONTH | --day DAY "
     "| "
     "--from TIME --to TIME] [--classes] [--cases NUMBER --of CODE [--set all]] [--json]",
     N_("print rates, scores and ranks, or the cases that a number is made of"), verb_assess, true},
    {"audit",
     "--db URL verify [--checkpoint FILE] [--public-key FILE] | list [--case NUMBER] [--user USER] "
     "[--since TIME] [--json]",
     N_("check or print the audit log"), verb_audit, true},
    {"serve", "--db URL --listen ADDRESS [--log FILE] [--tick SECONDS] [--checkpoints FOLDER]",
     N_("serve consoles; SIGTERM stops, SIGHUP reloads"), verb_serve, true},
    {"workflow", "[--format table|matrix|dot]", N_("print the table of procedure"), verb_workflow,
     false},
    {"routes", "", N_("print the calls of the interface"), verb_routes, false},
};
enum { VERBS = sizeof verbs / sizeof *verbs };

static void print_help(FILE *to)
{
    fprintf(to, "%s\n\n", _("usage: jiband WORD [OPTION...]"));
    for (int i = 0; i < VERBS; i++)
        fprintf(to, "  %s %s\n      %s\n", verbs[i].word, verbs[i].arguments, _(verbs[i].help));
    fprintf(to, "\n");
    for (int i = 0; i < FLAG_COUNT; i++) {
        char name[64];
        snprintf(name, sizeof name, "--%s%s%s", flag_table[i].name,
                 flag_table[i].argument ? " " : "",
                 flag_table[i].argument ? flag_table[i].argument : "");
        fprintf(to, "  %-24s %s\n", name, _(flag_table[i].help));
    }
}

/* What was printed must have arrived: a full disk behind a pipe or a file is a failure. */
static int finish(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    say(_("Cannot write the output: %s"), strerror(errno));
    return code == EX_OK ? EX_IOERR : code;
}

static int run_verb(struct arguments *a, int argc, char **argv)
{
    for (int i = 0; i < VERBS; i++) {
        if (strcmp(verbs[i].word, argv[optind]) != 0)
            continue;
        a->rest = argv + optind + 1;
        a->n_rest = argc - optind - 1;
        if (verbs[i].needs_db && !a->value[FLAG_DB])
            return usage(_("--db URL is missing"));
        return values_are_clear(a, verbs[i].run != verb_assess) ? verbs[i].run(a) : EX_USAGE;
    }
    say(_("There is no \"%s\"; jiband --help lists what there is."), argv[optind]);
    return EX_USAGE;
}

int main(int argc, char **argv)
{
    struct option longs[FLAG_COUNT + 2];
    struct arguments a = {.n_rest = 0};
    int got;
    i18n_init(NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit is an error of the write, not an end */
    memset(longs, 0, sizeof longs);
    for (int i = 0; i < FLAG_COUNT; i++)
        longs[i] = (struct option){.name = flag_table[i].name,
                                   .has_arg = i == FLAG_OF_VERSION     ? optional_argument
                                              : flag_table[i].argument ? required_argument
                                                                       : no_argument,
                                   .val = 256 + i};
    longs[FLAG_COUNT] = (struct option){.name = "help", .val = 'h'};
    while ((got = getopt_long(argc, argv, ":hV", longs, NULL)) != -1) {
        if (got == 'h') {
            print_help(stdout);
            return finish(EX_OK);
        }
        /* --version alone is the program's; with a number behind it that of a document */
        if (got == 256 + FLAG_OF_VERSION && !optarg && optind < argc &&
            strspn(argv[optind], "0123456789") > 0)
            optarg = argv[optind++];
        if (got == 'V' || (got == 256 + FLAG_OF_VERSION && !optarg)) {
            printf("jiband %s\n", jiban_version());
            return finish(EX_OK);
        }
        if (got < 256) {
            say(got == ':' ? _("%s needs a value.")
                           : _("There is no option %s; jiband --help lists them."),
                argv[optind - 1]);
            return EX_USAGE;
        }
        a.value[got - 256] = optarg ? optarg : "";
    }
    if (optind == argc) {
        print_help(stderr);
        return EX_USAGE;
    }
    return finish(run_verb(&a, argc, argv));
}
