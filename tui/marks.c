#include "tui/marks.h"
#include <string.h>

static size_t find(const struct marks *m, const struct uuid *id)
{
    size_t i = 0;
    while (i < m->n && uuid_compare(&m->id[i], id) != 0)
        i++;
    return i;
}

bool marks_has(const struct marks *m, const struct uuid *id)
{
    return find(m, id) < m->n;
}

bool marks_add(struct marks *m, const struct uuid *id)
{
    if (marks_has(m, id))
        return true;
    if (m->n == MARKS_MAX)
        return false;
    m->id[m->n++] = *id;
    return true;
}

void marks_drop(struct marks *m, const struct uuid *id)
{
    size_t i = find(m, id);
    if (i == m->n)
        return;
    m->n--;
    memmove(&m->id[i], &m->id[i + 1], (m->n - i) * sizeof *m->id);
}
