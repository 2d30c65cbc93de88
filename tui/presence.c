#include "tui/presence.h"
#include "core/base/i18n.h"
#include "tui/draw.h"

enum presence presence_there(const struct presence_list *l, const struct uuid *case_id)
{
    enum presence most = PRESENCE_NONE;
    for (size_t i = 0; l && i < l->n; i++)
        if (uuid_compare(&l->mark[i].case_id, case_id) == 0 && l->mark[i].what > most)
            most = l->mark[i].what;
    return most;
}

const struct presence_mark *presence_writer(const struct presence_list *l,
                                            const struct uuid *case_id)
{
    const struct presence_mark *last = NULL;
    for (size_t i = 0; i < l->n; i++) {
        const struct presence_mark *m = &l->mark[i];
        bool own = m->own;
#if SABOTAGE == 304
        own = false; /* Damage: one's own other terminal is somebody else. */
#endif
        if (m->what == PRESENCE_WRITE && !own && uuid_compare(&m->case_id, case_id) == 0 &&
            (!last || m->since_ms > last->since_ms))
            last = m;
    }
    return last;
}

const char *presence_text(const struct presence_mark *m, const struct reference *r, struct arena *a)
{
    const char *name = m->own ? _("your other terminal")
                       : r    ? reference_person_name(r, m->user, i18n_chinese())
                              : m->user;
    const char *since = draw_time(a, m->since_ms);
    if (m->what != PRESENCE_WRITE)
        return arena_printf(a, _("%s has had it open since %s"), name, since);
    if (m->command == COMMAND_COUNT)
        return arena_printf(a, _("%s has been writing since %s"), name, since);
    return arena_printf(a, _("%s has been writing since %s: %s"), name, since,
                        _(command_table[m->command].label));
}
