/* files_picture.c: a picture of a case in the window: decoded elsewhere, looked at until a key. */
#include "core/base/i18n.h"
#include "tui/decode.h"
#include "tui/reading.h"
#include "tui/view/files.h"

static enum status decode(struct console *c, const struct attached *f, struct pixels *ret,
                          struct errmsg *err)
{
    struct buf data;
    if (!c->config->self)
        return pixels_fail(ST_UNSUPPORTED, err);
    buf_init(&data, ATTACHED_BYTES);
    enum status st = store_attachment_data(c->config->store, f->sha256, &data, err);
    if (st == ST_OK)
        st = decode_picture(c->config->self, data.data, data.len, ret, err);
    buf_release(&data);
    return st;
}

void files_preview(struct files_list *v, struct console *c, const struct attached *f)
{
    struct files_picture *p = &v->picture;
    struct errmsg err = {{0}};
    if (option_bool(c->config->options, OPT_LINEAR)) {
        console_say(c, THEME_MESSAGE, _("%s: %s; Enter opens it in the viewer."), f->name,
                    attached_kind(&c->scratch, f));
        return;
    }
    pixels_release(&p->pixels);
    if (!console_ok(c, decode(c, f, &p->pixels, &err), &err))
        return;
    arena_reset(&p->arena);
    p->file = *f;
    p->file.name = arena_strdup(&p->arena, f->name);
    p->case_id = v->id;
    c->want = WANT_PICTURE;
}

/* --- its page ------------------------------------------------------------------------------------------ */

static void reload(void *self, struct console *c)
{
    (void)self; /* a file never changes */
    (void)c;
}

static bool act(void *self, struct console *c, enum action action)
{
    const struct files_picture *p = self;
    c->want = WANT_BACK;
    if (action == ACTION_OPEN_FILE)
        files_open_in_viewer(c, &p->file);
    return true;
}

static void type(void *self, struct console *c, const struct key *key)
{
    (void)self;
    (void)key;
    c->want = WANT_BACK;
}

/* On a slow line signs: a picture in colours takes more than ten times as long. */
static enum files_ink ink_of(const struct console *c)
{
    enum { LEAST_COLOURS = 256 };
    bool slow = option_bool(c->config->options, OPT_LOW_BANDWIDTH);
    if (c->colours >= LEAST_COLOURS && !slow && !surface_ascii())
        return INK_BLOCKS;
    return c->on_light ? INK_ON_LIGHT : INK_ON_DARK;
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    (void)cursor;
    files_picture_draw(self, ink_of(c), s, r, &c->scratch);
}

static bool subject(void *self, struct console *c, struct uuid *ret)
{
    const struct files_picture *p = self;
    (void)c;
    *ret = p->case_id;
    return true;
}

static bool offers(const void *self, enum action action)
{
    (void)self;
    return action == ACTION_OPEN_FILE || action == ACTION_BACK;
}

struct view files_picture_view(struct files_list *v)
{
    return (struct view){.keys = KEYS_FILES,
                         .self = &v->picture,
                         .reload = reload,
                         .act = act,
                         .type = type,
                         .draw = draw,
                         .subject = subject,
                         .offers = offers};
}
