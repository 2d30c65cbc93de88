#include "core/base/i18n.h"
#include "tui/command/command.h"
#include "tui/keymap.h"
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static void print_one(struct cli *c, enum key_context place, enum action action)
{
    const struct action_row *row = &action_table[action];
    const char *keys = keymap_keys(place, action);
    bool changed = strcmp(keys, row->keys) != 0;
    if (c->json) {
        struct buf out;
        buf_init(&out, 1 << 16);
        buf_puts(&out, "{\"place\":");
        json_string(&out, place_table[place].word);
        buf_puts(&out, ",\"action\":");
        json_string(&out, row->word);
        buf_puts(&out, ",\"keys\":");
        json_string(&out, keys);
        buf_puts(&out, ",\"usual\":");
        json_string(&out, row->keys);
        buf_puts(&out, ",\"help\":");
        json_string(&out, _(row->help));
        buf_puts(&out, "}\n");
        cli_print_json(&out);
        buf_release(&out);
        return;
    }
    printf("%c %-18s %-18s %s\n", changed ? '*' : ' ', row->word, keys, _(row->help));
}

/* `macro NAME` and the like. */
static void print_bound(struct cli *c, enum key_context place)
{
    struct keymap_bound b;
    for (size_t i = 0; keymap_bound(place, i, &b); i++) {
        struct buf out;
        if (b.action == ACTION_NONE)
            continue;
        if (!c->json) {
            printf("* %-18s %-18s ", action_table[b.action].word, b.keys);
            cli_print(b.argument);
            putchar('\n');
            continue;
        }
        buf_init(&out, 1 << 16);
        buf_puts(&out, "{\"place\":");
        json_string(&out, place_table[place].word);
        buf_puts(&out, ",\"action\":");
        json_string(&out, action_table[b.action].word);
        buf_puts(&out, ",\"argument\":");
        json_string(&out, b.argument);
        buf_puts(&out, ",\"keys\":");
        json_string(&out, b.keys);
        buf_puts(&out, "}\n");
        cli_print_json(&out);
        buf_release(&out);
    }
}

int command_keys(struct cli *c)
{
    if (c->n_args > 0) {
        fprintf(stderr, _("jiban keys takes no arguments.\n"));
        return EX_USAGE;
    }
    for (int k = 0; k < KEYS_CONTEXTS; k++) {
        if (!c->json)
            printf("%s%s (%s)\n", k ? "\n" : "", _(place_table[k].label), place_table[k].word);
        for (int i = 0; i < ACTION_COUNT; i++)
            if (action_table[i].contexts >> k & 1u)
                print_one(c, (enum key_context)k, (enum action)i);
        print_bound(c, (enum key_context)k);
    }
    if (!c->json)
        puts(_("* changed by [keys] in the configuration"));
    return EX_OK;
}
