/* emergency.c: emergencies at the server: list, open, close. Only while the line is there. */
#include "core/base/i18n.h"
#include "core/sync/ask.h"
#include "core/wire/codec.h"
#include "tui/command/command.h"
#include <string.h>
#include <sysexits.h>

enum { CODES_MAX = 200, BODY_MAX = 256 * 1024 };

static int usage(void)
{
    cli_say("%s",
            _("usage: jiban emergency [list | open CODE name=TEXT [district=CODE] [areas=CODES] "
              "[categories=CODES] [text=TEXT] | close CODE] [--json]"));
    return EX_USAGE;
}

/* "110101,110102": the codes between the commas. */
static enum status split(struct cli *c, const char *text, const char *const **ret, size_t *ret_n,
                         struct errmsg *err)
{
    const char **list = arena_array(&c->arena, CODES_MAX, sizeof *list);
    size_t n = 0;
    while (list && *text) {
        size_t len = strcspn(text, ",");
        if (len > 0 && n == CODES_MAX)
            return fail(err, ST_TOOBIG, _("At most %d codes in one list."), CODES_MAX);
        if (len > 0)
            list[n++] = arena_strndup(&c->arena, text, len);
        text += len;
        text += *text == ',';
    }
    *ret = list;
    *ret_n = n;
    return list ? ST_OK : fail(err, ST_NOMEM, "out of memory");
}

static enum status read_word(struct cli *c, const char *word, struct emergency *e,
                             struct errmsg *err)
{
    const char *equals = strchr(word, '=');
    const char *key = equals ? arena_strndup(&c->arena, word, (size_t)(equals - word)) : "";
    if (!equals)
        return fail(err, ST_INVALID, _("\"%s\" is not KEY=VALUE."), word);
    if (strcmp(key, "name") == 0)
        e->name = equals + 1;
    else if (strcmp(key, "district") == 0)
        e->district = equals + 1;
    else if (strcmp(key, "text") == 0)
        e->text = equals + 1;
    else if (strcmp(key, "areas") == 0)
        return split(c, equals + 1, &e->areas, &e->n_areas, err);
    else if (strcmp(key, "categories") == 0)
        return split(c, equals + 1, &e->categories, &e->n_categories, err);
    else
        return fail(err, ST_INVALID, _("\"%s\" is no word of an emergency."), key);
    return ST_OK;
}

/* Body of what is to be opened. */
static enum status read_open(struct cli *c, struct buf *body, struct errmsg *err)
{
    struct emergency e = {
        .code = c->args[1], .name = "", .district = "", .text = "", .closed_ms = TIME_NONE};
    enum status st = ST_OK;
    for (int i = 2; st == ST_OK && i < c->n_args; i++)
        st = read_word(c, c->args[i], &e, err);
    if (st == ST_OK) {
        emergency_wanted_encode(body, &e);
        st = buf_status(body);
    }
    return st;
}

static void print_list(const char *label, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        printf(i ? " " : "    %s: ", label);
        cli_print(list[i]);
    }
    if (n)
        putchar('\n');
}

static enum status print_answer(struct cli *c, const struct buf *answer, struct errmsg *err)
{
    struct emergencies l;
    enum status st = emergencies_decode(answer->data, answer->len, &c->arena, &l, err);
    for (size_t i = 0; st == ST_OK && i < l.n; i++) {
        const struct emergency *e = &l.list[i];
        cli_print(e->code);
        fputs("  ", stdout);
        cli_print(e->district);
        fputs("  ", stdout);
        cli_print(e->name);
        printf("\n    %s: %s ", _("Emergency opened"), cli_time(c, e->opened_ms));
        cli_print(e->opened_by);
        putchar('\n');
        if (e->closed_ms != TIME_NONE) {
            printf("    %s: %s ", _("Emergency closed"), cli_time(c, e->closed_ms));
            cli_print(e->closed_by);
            putchar('\n');
        }
        print_list(_("Streets and communities"), e->areas, e->n_areas);
        print_list(_("Category"), e->categories, e->n_categories);
        if (*e->text)
            cli_print_text(e->text, "    ");
    }
    if (st == ST_OK && l.n == 0)
        puts(_("No emergency was ever opened."));
    return st;
}

static enum status ask(struct cli *c, const char *target, const struct buf *said,
                       struct errmsg *err)
{
    struct buf answer;
    struct sync_options o = cli_line(c);
    buf_init(&answer, SIZE_MAX / 2);
    enum status st = cli_password(c, &o.password, err);
    if (st == ST_OK)
        st = line_tell(&o, target, said, &answer, err);
    cli_forget_password();
    if (st == ST_OK && c->json) {
        buf_putc(&answer, '\n');
        cli_print_json(&answer);
    } else if (st == ST_OK) {
        st = print_answer(c, &answer, err);
    }
    buf_release(&answer);
    return st;
}

/* A code goes into a path as it is, so it may hold nothing that means something there. */
static bool plain(const char *code)
{
    return *code &&
           code[strspn(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] ==
               '\0';
}

int command_emergency(struct cli *c)
{
    struct errmsg err = {{0}};
    struct buf body;
    const char *verb = c->n_args ? c->args[0] : "list", *target = "/v1/emergencies";
    bool open = strcmp(verb, "open") == 0, close = strcmp(verb, "close") == 0;
    bool list = strcmp(verb, "list") == 0 && c->n_args < 2;
    if (!list && !(open && c->n_args >= 2) && !(close && c->n_args == 2))
        return usage();
    if (close && !plain(c->args[1])) {
        fail(&err, ST_NOT_FOUND, _("There is no emergency \"%.60s\"."), c->args[1]);
        return cli_fail(ST_NOT_FOUND, &err);
    }
    buf_init(&body, BODY_MAX);
    enum status st = open ? read_open(c, &body, &err) : ST_OK;
    if (st == ST_OK)
        st = cli_folder(c, &err); /* server and user are named */
    if (close)
        target = arena_printf(&c->arena, "/v1/emergencies/%s/close", c->args[1]);
    if (st == ST_OK)
        st = ask(c, target, list ? NULL : &body, &err);
    buf_release(&body);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
