#include "core/case/workflow.h"
#include "core/text/utf8.h"

#include <string.h>

static bool has_any(const char *reply, const struct check_item *item)
{
    for (int i = 0; i < item->n_hints; i++)
        if (item->hints[i] && *item->hints[i] && strstr(reply, item->hints[i]))
            return true;
    return false;
}

bool reply_check(const struct policy *p, const char *reply, bool met[POLICY_CHECKLIST_MAX],
                 bool *ret_length_ok)
{
    bool all = true;
    if (!reply)
        reply = "";
    for (int i = 0; i < p->n_checks && i < POLICY_CHECKLIST_MAX; i++) {
        const struct check_item *item = &p->check[i];
        bool found = has_any(reply, item);
        /* An item without words cannot be judged by a program: the person answers for it. */
        met[i] = item->n_hints == 0 || (item->forbid ? !found : found);
        if (item->on && item->required && !met[i])
            all = false;
    }
    size_t n = utf8_count(reply, strlen(reply));
    bool length_ok = n >= (size_t)(p->reply_min > 0 ? p->reply_min : 0) &&
                     (p->reply_max <= 0 || n <= (size_t)p->reply_max);
    if (ret_length_ok)
        *ret_length_ok = length_ok;
    return all && length_ok;
}
