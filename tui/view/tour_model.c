/* tour_model.c: the texts of the pages, with the keys that are in force. */
#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "tui/view/tour.h"
#include <string.h>

enum { TEXT_MOST = 1 << 14 };

static const struct {
    const char *title, *text;
} table[TOUR_PAGES] = {
#define TOUR_PAGE(id, title, text) {title, text},
#include "tui/view/tour.def"
#undef TOUR_PAGE
};

const char *tour_title(enum tour_page page, struct arena *a)
{
    return arena_printf(a, _("%s (page %d of %d)"), _(table[page].title), (int)page + 1,
                        TOUR_PAGES);
}

/* Of "place.word", n bytes; NULL: there is no such action there. */
static const char *key_of(const char *name, size_t n, struct arena *a)
{
    size_t dot = 0;
    while (dot < n && name[dot] != '.')
        dot++;
    if (dot == n)
        return NULL;
    const char *place = arena_strndup(a, name, dot);
    const char *word = arena_strndup(a, name + dot + 1, n - dot - 1);
    enum action action = action_find(word);
    if (action == ACTION_NONE)
        return NULL;
    for (int k = 0; k < KEYS_CONTEXTS; k++) {
        if (strcmp(place_table[k].word, place) != 0 || !(action_table[action].contexts >> k & 1u))
            continue;
        const char *key = keymap_first_key((enum key_context)k, action, a);
        return *key ? key : arena_printf(a, ":%s", word);
    }
    return NULL;
}

const char *tour_keys(const char *text, struct arena *a)
{
    struct buf out;
    buf_init(&out, TEXT_MOST);
    while (*text) {
        size_t name = *text == '{' ? strcspn(text + 1, "{}") : 0;
        const char *key = name && text[1 + name] == '}' ? key_of(text + 1, name, a) : NULL;
        if (key)
            buf_puts(&out, key);
        else
            buf_putc(&out, *text);
        text += key ? name + 2 : 1;
    }
    const char *made = arena_strndup(a, out.data ? out.data : "", out.len);
    buf_release(&out);
    return made;
}

const char *tour_text(enum tour_page page, struct arena *a)
{
    return tour_keys(_(table[page].text), a);
}
