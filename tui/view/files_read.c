/* files_read.c: a file of a case as one sentence. */
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/reading.h"
#include "tui/view/files.h"
#include <string.h>

static const char *sentence(const struct files_list *v, struct arena *a)
{
    const struct files_row *row = &v->rows[v->current];
    const struct attached *f = &row->file.file;
    enum theme_role role;
    const char *text = arena_printf(a, _("%zu of %zu"), v->current + 1, v->n);
    text = reading_join(a, text, f->name);
    text = reading_join(a, text, attached_kind(a, f));
    if (row->of_case)
        text = reading_join(a, text, arena_printf(a, "%s %s", draw_time(a, row->at_ms), row->who));
    else
        text = reading_join(a, text, _("of another case"));
    text = reading_join(a, text, files_state(row, a, &role));
    return row->file.state == ATTACHMENT_NONE
               ? reading_join(a, text, _("It is not on this machine; Enter fetches it."))
               : text;
}

/* Not at each hundredth part that has come. */
void files_reading(void *self, struct console *c, struct reading *out)
{
    struct files_list *v = self;
    struct arena *a = &c->scratch;
    out->head = arena_printf(a, _("Files of %s"), v->number ? v->number : "");
    out->place = reading_mix(12, &v->id, sizeof v->id);
    out->at = out->place;
    if (v->n == 0) {
        out->line = _("The case has no files.");
        return;
    }
    const struct files_row *row = &v->rows[v->current];
    out->at = reading_mix(out->at, row->file.file.sha256, SHA256_HEX);
    if (strcmp(v->shown, row->file.file.sha256) == 0) {
        reading_page(out, c, v, files_draw_view, &v->scroll, out->at + 1);
        return;
    }
    out->at = reading_mix(out->at, &row->file.state, sizeof row->file.state);
    out->at = reading_mix(out->at, &row->confirmed, sizeof row->confirmed);
    out->line = sentence(v, a);
}
