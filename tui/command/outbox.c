#include "core/base/i18n.h"
#include "core/case/attached.h"
#include "tui/command/command.h"
#include <string.h>
#include <sysexits.h>

const char *cli_number(struct cli *c, const struct uuid *id)
{
    struct case_view view;
    if (store_case(c->store, id, &c->arena, &view, NULL) == ST_OK &&
        *view.shown.value[FIELD_NUMBER])
        return view.shown.value[FIELD_NUMBER];
    char text[UUID_TEXT];
    uuid_format(id, text);
    return arena_strdup(&c->arena, text);
}

static void print_command(struct cli *c, const struct command *command)
{
    cli_print(cli_number(c, &command->case_id));
    printf("  %s  %s\n", _(command_table[command->type].label), cli_time(c, command->at_ms));
    for (size_t i = 0; i < command->n_values; i++) {
        printf("    %s:\n", _(field_table[command->values[i].field].label));
        cli_print_text(field_table[command->values[i].field].type == FIELD_TYPE_FILES
                           ? attached_text(&c->arena, command->values[i].text)
                           : command->values[i].text,
                       "      ");
    }
}

int command_outbox(struct cli *c)
{
    struct errmsg err = {{0}};
    struct outbox_row *rows = NULL;
    size_t n = 0;
    enum status st = cli_open(c, STORE_READ_ONLY, &err);
    if (st == ST_OK)
        st = store_outbox(c->store, 1000000, &c->arena, &rows, &n, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    for (size_t i = 0; i < n; i++) {
        if (c->json) {
            struct buf out;
            buf_init(&out, 1 << 24);
            command_encode(&out, &rows[i].command);
            buf_putc(&out, '\n');
            cli_print_json(&out);
            buf_release(&out);
            continue;
        }
        print_command(c, &rows[i].command);
        if (rows[i].tries > 0) {
            printf(_("    tried %d times; "), rows[i].tries);
            cli_print(rows[i].last_error);
            putchar('\n');
        }
    }
    if (!c->json)
        printf(_("%zu commands not sent\n"), n);
    return EX_OK;
}

int command_conflicts(struct cli *c)
{
    struct errmsg err = {{0}};
    struct conflict_row *rows = NULL;
    size_t n = 0;
    enum status st = cli_open(c, STORE_READ_ONLY, &err);
    if (st == ST_OK)
        st = store_conflicts(c->store, &c->arena, &rows, &n, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    for (size_t i = 0; i < n; i++) {
        if (c->json) {
            struct buf out;
            buf_init(&out, 1 << 24);
            buf_puts(&out, "{\"command\":");
            command_encode(&out, &rows[i].command);
            buf_puts(&out, ",\"problem\":");
            problem_encode(&out, &rows[i].problem);
            buf_puts(&out, "}\n");
            cli_print_json(&out);
            buf_release(&out);
            continue;
        }
        print_command(c, &rows[i].command);
        fputs("  ! ", stdout);
        cli_print(rows[i].problem.detail);
        putchar('\n');
    }
    if (!c->json)
        printf(_("%zu conflicts\n"), n);
    return EX_OK;
}
