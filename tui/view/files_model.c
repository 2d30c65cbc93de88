/* files_model.c: files of a case out of the store. */
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/view/files.h"
#include <string.h>

enum { TEXT_SHOWN = 1024 * 1024 };

void files_init(struct files_list *v)
{
    memset(v, 0, sizeof *v);
    arena_init(&v->arena, 0);
    buf_init(&v->text, TEXT_SHOWN);
    arena_init(&v->picture.arena, 0);
}

void files_release(struct files_list *v)
{
    buf_release(&v->text);
    pixels_release(&v->picture.pixels);
    arena_release(&v->picture.arena);
    arena_release(&v->arena);
}

static const char *who_of(struct files_list *v, struct console *c, const struct actor *who)
{
    return arena_strdup(&v->arena, reference_actor_name(console_reference(c), who, i18n_chinese()));
}

static bool is_listed(const struct files_list *v, const char *hash)
{
    for (size_t i = 0; i < v->n; i++)
        if (strcmp(v->rows[i].file.file.sha256, hash) == 0)
            return true;
    return false;
}

enum status files_load(struct files_list *v, struct console *c, const struct uuid *id,
                       struct errmsg *err)
{
    struct case_view of;
    struct case_file *files = NULL;
    struct attachment *moving = NULL;
    struct uuid wanted = *id;
    size_t n = 0, n_moving = 0;
    if (uuid_compare(&v->id, &wanted) != 0) {
        v->current = 0;
        v->open_when_here[0] = v->shown[0] = '\0';
    }
    v->n = 0;
    v->id = wanted;
    arena_reset(&v->arena);
    enum status st = store_case(c->config->store, &wanted, &c->scratch, &of, err);
    if (st == ST_OK)
        st = case_files(&of, &v->arena, &files, &n, err);
    if (st == ST_OK)
        st = store_attachments(c->config->store, &v->arena, &moving, &n_moving, err);
    v->rows = st == ST_OK ? arena_array(&v->arena, n + n_moving + 1, sizeof *v->rows) : NULL;
    if (st == ST_OK && !v->rows)
        st = fail(err, ST_NOMEM, "%s", _("Out of memory."));
    for (size_t i = n; st == ST_OK && i-- > 0;) { /* the newest first */
        struct files_row *row = &v->rows[v->n];
        *row = (struct files_row){.of_case = true,
                                  .at_ms = files[i].at_ms,
                                  .who = who_of(v, c, files[i].who),
                                  .confirmed = files[i].confirmed};
        st = store_attachment(c->config->store, &files[i].file, &v->arena, &row->file, err);
        row->file.file.name = arena_strdup(&v->arena, files[i].file.name);
        v->n += st == ST_OK;
    }
    for (size_t i = 0; st == ST_OK && i < n_moving; i++)
        if (!is_listed(v, moving[i].file.sha256) &&
            (moving[i].leaving || moving[i].state > ATTACHMENT_THERE))
            v->rows[v->n++] = (struct files_row){
                .file = moving[i], .at_ms = TIME_NONE, .who = "", .confirmed = true};
    if (v->current >= v->n)
        v->current = v->n ? v->n - 1 : 0;
    if (st == ST_OK)
        v->number = draw_number(&v->arena, arena_strdup(&v->arena, of.shown.value[FIELD_NUMBER]));
    return st;
}
