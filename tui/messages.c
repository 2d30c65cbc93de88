/* messages.c: what the last line has said. */
#include "tui/messages.h"
#include <stdio.h>
#include <string.h>

const struct message *messages_at(const struct messages *m, size_t back)
{
    return back < m->n ? &m->row[(m->next + MESSAGES_MOST - 1 - back) % MESSAGES_MOST] : NULL;
}

void messages_forget_last(struct messages *m)
{
    if (m->n == 0)
        return;
    m->n--;
    m->next = (m->next + MESSAGES_MOST - 1) % MESSAGES_MOST;
}

void messages_add(struct messages *m, int64_t at_ms, enum theme_role role, const char *text)
{
    const struct message *last = messages_at(m, 0);
    if (last && strcmp(last->text, text) == 0)
        messages_forget_last(m);
    struct message *one = &m->row[m->next];
    one->at_ms = at_ms;
    one->role = role;
    snprintf(one->text, sizeof one->text, "%s", text);
    m->next = (m->next + 1) % MESSAGES_MOST;
    if (m->n < MESSAGES_MOST)
        m->n++;
}
