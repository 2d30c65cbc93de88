#include "server/tree.h"
#include "core/base/clock.h"
#include "core/text/clean.h"
#include "core/text/escape.h"
#include "core/wire/codec.h"
#include <string.h>

static struct node *add(struct arena *a, struct node *parent, const char *name, enum node_kind kind,
                        const char *text)
{
    struct node *n = arena_alloc(a, sizeof *n);
    *n = (struct node){.name = name, .kind = kind, .text = text};
    if (!parent)
        return n;
    if (parent->last)
        parent->last->next = n;
    else
        parent->first = n;
    parent->last = n;
    return n;
}

struct node *tree_object(struct arena *a, struct node *parent, const char *name)
{
    return add(a, parent, name, NODE_OBJECT, "");
}

struct node *tree_list(struct arena *a, struct node *parent, const char *name)
{
    return add(a, parent, name, NODE_LIST, "");
}

void tree_text(struct arena *a, struct node *parent, const char *name, const char *text)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    clean_plain(&out, text_clean_str(a, text, CLEAN_TEXT), 0);
    bool blank = strspn(out.data, " \n") == out.len;
    add(a, parent, name, NODE_TEXT, blank ? "" : arena_strndup(a, out.data, out.len));
    a->failed |= buf_status(&out) != ST_OK;
    buf_release(&out);
}

void tree_bare(struct arena *a, struct node *parent, const char *name, const char *text)
{
    add(a, parent, name, NODE_BARE, text);
}

void tree_time(struct arena *a, struct node *parent, const char *name, int64_t ms)
{
    char text[RFC3339_SIZE] = "";
    if (ms != TIME_NONE)
        rfc3339_format(ms - ms % MS_SECOND, BEIJING_OFFSET_MS, text);
    add(a, parent, name, NODE_TEXT, arena_strdup(a, text));
}

static void put_xml(struct buf *out, const struct node *n)
{
    if (!n->first && !*n->text) {
        buf_printf(out, "<%s/>", n->name);
        return;
    }
    buf_printf(out, "<%s>", n->name);
    escape_markup(out, n->text, "\n"); /* clean: no control that XML forbids is left */
    for (const struct node *child = n->first; child; child = child->next)
        put_xml(out, child);
    buf_printf(out, "</%s>", n->name);
}

static void put_json(struct buf *out, const struct node *n)
{
    bool list = n->kind == NODE_LIST;
    if (n->kind == NODE_BARE) {
        buf_puts(out, n->text);
    } else if (n->kind == NODE_TEXT) {
        if (*n->text)
            json_put_text(out, n->text);
        else
            buf_puts(out, "null");
    } else {
        buf_putc(out, list ? '[' : '{');
        for (const struct node *child = n->first; child; child = child->next) {
            buf_puts(out, child == n->first ? "" : ",");
            if (!list) {
                json_put_text(out, child->name);
                buf_putc(out, ':');
            }
            put_json(out, child);
        }
        buf_putc(out, list ? ']' : '}');
    }
}

void tree_print(struct buf *out, const struct node *root, bool json)
{
    if (json) {
        put_json(out, root);
        return;
    }
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    put_xml(out, root);
}
