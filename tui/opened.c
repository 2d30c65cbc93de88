#include "tui/opened.h"
#include <string.h>

const struct opened_case *opened_find(const struct opened *o, const struct uuid *id)
{
    for (int i = 0; i < OPENED_MOST; i++)
        if (o->at[i].used && uuid_compare(&o->at[i].id, id) == 0)
            return &o->at[i];
    return NULL;
}

/* Should a give its number away before b? */
static bool goes_before(const struct opened_case *a, const struct opened_case *b)
{
    if ((a->used == 0) != (b->used == 0))
        return a->used == 0;
    if (a->writing != b->writing)
        return !a->writing;
    return a->used < b->used;
}

struct opened_case *opened_note(struct opened *o, const struct uuid *id,
                                struct opened_case *ret_gone)
{
    const struct opened_case *found = opened_find(o, id);
    struct opened_case *one = &o->at[found ? found - o->at : 0];
    *ret_gone = (struct opened_case){.used = 0};
    if (!found) {
        for (int i = 1; i < OPENED_MOST; i++)
            if (goes_before(&o->at[i], one))
                one = &o->at[i];
        *ret_gone = *one;
        *one = (struct opened_case){.id = *id};
    }
    one->used = ++o->uses;
    return one;
}

int opened_number(const struct opened *o, const struct opened_case *one)
{
    return one ? (int)(one - o->at) + 1 : 0;
}

bool opened_goes_on(const struct opened_case *one, struct store *s, struct arena *scratch)
{
    struct draft d;
    return one->writing && store_draft_in(s, &one->id, (enum command_type)one->command, one->slot,
                                          scratch, &d, NULL) == ST_OK;
}
