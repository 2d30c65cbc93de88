/* document.c: head and differences of documents, whatever they hold. */
#include "core/wire/json.h"
#include "core/wire/document.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_MOST = 400, VALUE_MOST = 200 };

void document_head(const char *json, size_t n, struct document_head *ret, struct faults *f)
{
    struct errmsg err = {{0}};
    int64_t version = 0;
    json_t *top;
    *ret = (struct document_head){0, 0};
    enum status st = json_read(NULL, json, n, &top, &err);
    if (st != ST_OK) {
        faults_add_status(f, st, &err);
        return;
    }
    if (json_number(top, "version", 1, INT32_MAX, &version, &err) != ST_OK)
        faults_add_message(f, "", &err);
    ret->version = (int)version;
    if (!json_object_get(top, "valid_from"))
        faults_add(f, FAULT_ERROR, "/valid_from", "missing (a day such as 2026-11-24)");
    else if (json_day(top, "valid_from", &ret->valid_from, &err) != ST_OK)
        faults_add_message(f, "", &err);
    json_decref(top);
}

struct diff {
    struct buf *out;
    struct document_changes n;
};

static const char *key_of(const json_t *o)
{
    static const char *const keys[] = {"id", "code", "user"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const json_t *v = json_object_get(o, keys[i]);
        if (json_is_string(v))
            return json_string_value(v);
    }
    return NULL;
}

static bool keyed(const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!key_of(json_array_get(list, i)))
            return false;
    return json_is_array(list);
}

/* List as an object by key; NULL without memory. The last of two equal keys stands: such a list is refused elsewhere. */
static json_t *by_key(const json_t *list)
{
    json_t *o = json_object();
    for (size_t i = 0; o && i < json_array_size(list); i++) {
        json_t *entry = json_array_get(list, i);
        json_object_set(o, key_of(entry), entry);
    }
    return o;
}

static void put_value(struct buf *out, const json_t *v)
{
    char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
    size_t n = text ? strlen(text) : 0;
    if (n > VALUE_MOST) {
        n = VALUE_MOST;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
            n--;
        buf_add(out, text, n);
        buf_puts(out, "...");
    } else if (text) {
        buf_add(out, text, n);
    }
    free(text);
}

static void compare(struct diff *d, const char *path, const json_t *old, const json_t *fresh);

static void compare_members(struct diff *d, const char *path, json_t *old, json_t *fresh)
{
    const char *key;
    json_t *value;
    char inner[PATH_MOST];
    json_object_foreach(old, key, value)
    {
        (void)snprintf(inner, sizeof inner, "%s/%.100s", path, key);
        if (!json_object_get(fresh, key)) {
            buf_printf(d->out, "- %s\n", inner);
            d->n.removed++;
        } else {
            compare(d, inner, value, json_object_get(fresh, key));
        }
    }
    json_object_foreach(fresh, key, value)
    {
        if (json_object_get(old, key))
            continue;
        buf_printf(d->out, "+ %s/%.100s\n", path, key);
        d->n.added++;
    }
}

static void compare(struct diff *d, const char *path, const json_t *old, const json_t *fresh)
{
    if (json_equal(old, fresh))
        return;
    if (strlen(path) > PATH_MOST - 110) {
        ; /* deeper than documents go: told as one change */
    } else if (json_is_object(old) && json_is_object(fresh)) {
        compare_members(d, path, (json_t *)(uintptr_t)old, (json_t *)(uintptr_t)fresh);
        return;
    } else if (keyed(old) && keyed(fresh)) {
        json_t *x = by_key(old), *y = by_key(fresh);
        size_t before = d->n.added + d->n.removed + d->n.changed;
        if (x && y)
            compare_members(d, path, x, y);
        json_decref(x);
        json_decref(y);
        if (d->n.added + d->n.removed + d->n.changed > before)
            return;
        buf_printf(d->out, "~ %s: another order\n", path);
        d->n.changed++;
        return;
    }
    buf_printf(d->out, "~ %s: ", path);
    put_value(d->out, old);
    buf_puts(d->out, " -> ");
    put_value(d->out, fresh);
    buf_putc(d->out, '\n');
    d->n.changed++;
}

enum status document_differences(const char *old, size_t old_n, const char *fresh, size_t fresh_n,
                                 struct buf *out, struct document_changes *ret, struct errmsg *err)
{
    struct diff d = {.out = out};
    json_t *x = NULL, *y = NULL;
    enum status st = json_read(NULL, old, old_n, &x, err);
    if (st == ST_OK)
        st = json_read(NULL, fresh, fresh_n, &y, err);
    if (st == ST_OK) {
        compare(&d, "", x, y);
        st = buf_status(out);
        *ret = d.n;
    }
    json_decref(x);
    json_decref(y);
    return st;
}
