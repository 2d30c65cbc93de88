#include "core/case/bonus.h"
#include "core/base/i18n.h"
#include <string.h>

int64_t bonus_points(const struct bonus *b, const char *unit, const char *period)
{
    int64_t sum = 0;
    for (size_t i = 0; i < b->n; i++)
        if (strcmp(b->entries[i].unit, unit) == 0 && strcmp(b->entries[i].period, period) == 0)
            sum += b->entries[i].points;
    return sum;
}

static bool scored(const struct unit *u)
{
    return u && (u->kind == UNIT_DISTRICT || u->kind == UNIT_STREET || u->kind == UNIT_DEPT ||
                 u->kind == UNIT_FIRM);
}

void bonus_check(const struct bonus *b, const struct reference *r, struct faults *f)
{
    for (size_t i = 0; i < b->n; i++)
        if (!scored(reference_unit(r, b->entries[i].unit)))
            faults_add(f, FAULT_ERROR, arena_printf(f->arena, "/entries/%zu/unit", i),
                       _("there is no district, street or department \"%.40s\""),
                       b->entries[i].unit);
}
