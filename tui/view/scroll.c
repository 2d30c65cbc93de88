#include "tui/view/scroll.h"

bool scroll_clamp(struct scroll *s)
{
    int most = s->lines > s->height ? s->lines - s->height : 0, before = s->first;
    if (s->first > most)
        s->first = most;
    if (s->first < 0)
        s->first = 0;
    return s->first != before;
}

bool scroll_act(struct scroll *s, enum action action)
{
    int page = s->height > 2 ? s->height - 1 : 1; /* one line stays in sight */
    switch (action) {
    case ACTION_UP:
        s->first--;
        break;
    case ACTION_DOWN:
        s->first++;
        break;
    case ACTION_PAGE_UP:
        s->first -= page;
        break;
    case ACTION_PAGE_DOWN:
        s->first += page;
        break;
    case ACTION_FIRST:
        s->first = 0;
        break;
    case ACTION_LAST:
        s->first = s->lines;
        break;
    default:
        return false;
    }
    scroll_clamp(s);
    return true;
}

enum list_move scroll_list_act(struct scroll *s, size_t *current, size_t n, enum action action)
{
    size_t to = *current;
    switch (action) {
    case ACTION_UP:
        to -= to > 0;
        break;
    case ACTION_DOWN:
        to++;
        break;
    case ACTION_FIRST:
        to = 0;
        break;
    case ACTION_LAST:
        to = n;
        break;
    case ACTION_PAGE_DOWN:
    case ACTION_PAGE_UP:
        scroll_act(s, action);
        return LIST_STAYS;
    default:
        return LIST_OTHER;
    }
    if (to >= n)
        to = n ? n - 1 : 0;
    s->first = 0;
    if (to == *current)
        return LIST_STAYS;
    *current = to;
    return LIST_MOVED;
}
