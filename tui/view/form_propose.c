/*
 * form_propose.c: where the matter of the form may belong, and why: for intake category, place, tier and who will
 * lead, for dispatch the unit with the row of the catalogue it rests on. Nothing is filled in before the person asks.
 */
#include "tui/view/form.h"
#include "core/base/i18n.h"
#include "core/case/place.h"
#include "tui/draw.h"
#include <ctype.h>
#include <string.h>

enum { GUESSES = 2, WORD_LEAST_ASCII = 4, WORD_LEAST = 6 /* bytes: two Han characters */ };

struct guess {
    const char *category, *why;
    size_t length; /* of the words that were found */
};

/* What proposing needs, as it is now. */
struct asking {
    struct form *f;
    struct arena *work;
    const struct reference *r;
    const struct catalogue *catalogue; /* NULL: none */
    bool chinese;
    int day;
};

/* --- category from the caller's words ----------------------------------------------------------- */

static bool parts_words(const char *at, size_t *ret_bytes)
{
    static const char *const sign[] = {"：", "、", "，", "（", "）", "与", "和"};
    *ret_bytes = 1;
    if ((unsigned char)*at < 0x80)
        return !isalnum((unsigned char)*at);
    for (size_t i = 0; i < sizeof sign / sizeof *sign; i++)
        if (strncmp(at, sign[i], strlen(sign[i])) == 0) {
            *ret_bytes = strlen(sign[i]);
            return true;
        }
    return false;
}

/* How much of the category's name stands in the text, in bytes; *why: the words. */
static size_t words_found(struct arena *a, const char *text, const char *name, const char **why)
{
    size_t found = 0;
    while (*name) {
        size_t n = 0, skip = 0;
        while (name[n] && !parts_words(name + n, &skip))
            n++;
        bool ascii = (unsigned char)*name < 0x80;
        const char *word = place_fold(a, arena_strndup(a, name, n));
        if (n >= (ascii ? WORD_LEAST_ASCII : WORD_LEAST) && place_find(text, text, word) &&
            !strcasestr(*why, word)) {
            *why = arena_printf(a, "%s%s%.*s", *why,
                                found ? i18n_mark(MARK_LIST, i18n_chinese()) : "", (int)n, name);
            found += n;
        }
        name += n + (name[n] ? skip : 0);
    }
    return found;
}

static size_t guess_categories(const struct asking *q, struct guess list[GUESSES])
{
    const char *typed = form_value(q->f, FIELD_CATEGORY);
    size_t n = 0;
    if (reference_category(q->r, typed)) {
        list[0] = (struct guess){.category = typed, .why = ""};
        return 1;
    }
    const char *said = arena_printf(q->work, "%s\n%s", form_value(q->f, FIELD_TITLE),
                                    form_value(q->f, FIELD_CONTENT));
    const char *text = place_fold(q->work, said);
    for (size_t i = 0; i < q->r->n_categories; i++) {
        const struct category *k = &q->r->categories[i];
        struct guess g = {.category = k->code, .why = ""};
        g.length = words_found(q->work, text, q->chinese ? k->level2 : k->level2_en, &g.why);
        size_t at = n;
        while (at > 0 && list[at - 1].length < g.length)
            at--;
        if (g.length == 0 || at == GUESSES)
            continue;
        n = n < GUESSES ? n + 1 : n;
        memmove(&list[at + 1], &list[at], (n - at - 1) * sizeof *list);
        list[at] = g;
    }
    while (n > 1 && list[n - 1].length * 2 < list[0].length)
        n--; /* a chance word beside one that fits well */
    if (n == 0)
        list[n++] = (struct guess){.category = "", .why = ""};
    return n;
}

/* --- place --------------------------------------------------------------------------------------- */

static const char *known_unit(const struct asking *q, enum field field, enum unit_kind kind)
{
    const char *code = form_value(q->f, field);
    const struct unit *u = reference_unit(q->r, code);
    return u && u->kind == kind ? code : "";
}

static void look_for_places(const struct asking *q)
{
    struct form_hints *h = &q->f->hints;
    const struct place_candidate *found = NULL;
    const char *point = form_value(q->f, FIELD_POINT);
    const char *text = *point ? point : form_value(q->f, FIELD_CONTENT);
    size_t n = 0;
    if (h->place_text && strcmp(h->place_text, text) == 0)
        return;
    arena_reset(&h->place_arena);
    h->place_text = arena_strdup(&h->place_arena, text);
    h->n_places = 0;
    if (place_propose(q->r, text, q->chinese, q->work, &found, &n, NULL) != ST_OK)
        return;
    for (size_t i = 0; i < n && i < FORM_PROPOSALS; i++)
        h->place[h->n_places++] =
            (struct form_place){.street = arena_strdup(&h->place_arena, found[i].street),
                                .community = arena_strdup(&h->place_arena, found[i].community),
                                .why = arena_strdup(&h->place_arena, found[i].reason)};
    if (arena_failed(&h->place_arena)) {
        h->n_places = 0;
        h->place_text = NULL;
    }
}

/* What is typed stands first; beside it what the words of the place say. */
static size_t find_spots(const struct asking *q, struct form_place list[FORM_PROPOSALS])
{
    const struct form_hints *h = &q->f->hints;
    const char *community = known_unit(q, FIELD_COMMUNITY, UNIT_COMMUNITY);
    const char *street = known_unit(q, FIELD_STREET, UNIT_STREET);
    size_t n = 0;
    bool there = false;
    look_for_places(q);
    for (int i = 0; i < h->n_places; i++)
        there = there || (strcmp(h->place[i].street, street) == 0 &&
                          (!*community || strcmp(h->place[i].community, community) == 0));
    if ((*street || h->n_places == 0) && !there)
        list[n++] = (struct form_place){street, community, ""};
    for (int i = 0; i < h->n_places && n < FORM_PROPOSALS; i++)
        list[n++] = h->place[i];
    return n;
}

/* --- one proposal ---------------------------------------------------------------------------------- */

static void fill(const struct asking *q, struct form_proposal *p, enum field field,
                 const char *text)
{
    if (*text && p->n_fill < FORM_FILLS)
        p->fill[p->n_fill++] = (struct value){field, arena_strdup(&q->f->hints.arena, text)};
}

static const char *join(struct arena *a, const char *before, const char *between, const char *text)
{
    return *before && *text ? arena_printf(a, "%s%s%s", before, between, text)
           : *text          ? text
                            : before;
}

static const char *named(const struct asking *q, const char *code)
{
    return *code ? arena_printf(q->work, "%s %s", reference_unit_name(q->r, code, q->chinese), code)
                 : "";
}

static const char *reasons(const struct asking *q, const struct proposal *given, const char *before)
{
    for (size_t i = 0; given && i < given->n_reasons; i++)
        before =
            join(q->work, before, i18n_mark(MARK_SEMICOLON, q->chinese), given->reason[i].text);
    return before;
}

static const char *outcome(const struct asking *q, const struct proposal *given)
{
    if (!given)
        return "";
    return arena_printf(q->work, "%s -> %s", choice_label(FIELD_TIER, tier_word[given->tier]),
                        *given->lead ? named(q, given->lead) : "?");
}

static void add(const struct asking *q, struct form_proposal *p, const char *head,
                const char *reason)
{
    struct arena *a = &q->f->hints.arena;
    p->head = arena_strdup(a, head);
    p->reason = arena_strdup(a, reason);
    p->taken = true;
    for (int i = 0; i < p->n_fill; i++) {
        const struct form_field *field = form_field_of(q->f, p->fill[i].field, false);
        p->taken = p->taken && (!field || strcmp(form_text_of(field), p->fill[i].text) == 0);
    }
    q->f->hints.proposal[q->f->hints.n_proposals++] = *p;
}

static void add_intake(const struct asking *q, const struct guess *g, const struct form_place *s,
                       const struct proposal *given)
{
    struct form_proposal p = {0};
    const struct category *k = reference_category(q->r, g->category);
    const char *head = join(q->work, named(q, s->street), " / ", named(q, s->community));
    const char *why = s->why;
    head = join(q->work, head, " · ", outcome(q, given));
    if (k)
        head = join(q->work, head, " · ",
                    arena_printf(q->work, "%s %s", k->code, q->chinese ? k->level2 : k->level2_en));
    if (*g->why)
        why = join(q->work, why, i18n_mark(MARK_SEMICOLON, q->chinese),
                   arena_printf(q->work, _("\"%s\" of the category stands in the text"), g->why));
    fill(q, &p, FIELD_CATEGORY, g->category);
    fill(q, &p, FIELD_STREET, s->street);
    fill(q, &p, FIELD_COMMUNITY, s->community);
    fill(q, &p, FIELD_DISTRICT, reference_district(q->r, s->street));
    if (given)
        fill(q, &p, FIELD_TIER, tier_word[given->tier]);
    add(q, &p, head, reasons(q, given, why));
}

static void add_dispatch(const struct asking *q, const struct proposal *given)
{
    struct form_proposal p = {0};
    const char *head = outcome(q, given), *units = "";
    if (*given->row)
        head = arena_printf(q->work, _("%s · row %s"), head, given->row);
    for (size_t i = 0; i < given->n_assist; i++)
        units = join(q->work, units, ",", given->assist[i]);
    fill(q, &p, FIELD_UNIT, given->lead);
    fill(q, &p, FIELD_TIER, tier_word[given->tier]);
    fill(q, &p, FIELD_CATALOGUE_ROW, given->row);
    fill(q, &p, FIELD_UNITS, units);
    add(q, &p, head, reasons(q, given, ""));
}

/* --- all of them ------------------------------------------------------------------------------------- */

static size_t ask_catalogue(const struct asking *q, const char *category,
                            const struct form_place *s, const struct proposal **ret)
{
    const struct matter m = {.category = category,
                             .street = s->street,
                             .community = s->community,
                             .point = form_value(q->f, FIELD_POINT),
                             .designated = "",
                             .day = q->day};
    size_t n = 0;
    if (!*category ||
        catalogue_propose(q->catalogue, q->r, &m, q->chinese, q->work, ret, &n, NULL) != ST_OK)
        return 0;
    return n;
}

static void propose_intake(const struct asking *q)
{
    struct guess guess[GUESSES + 1];
    struct form_place spot[FORM_PROPOSALS];
    size_t n_guesses = guess_categories(q, guess), n_spots = find_spots(q, spot);
    if (!*guess[0].category && !*spot[0].street)
        return; /* nothing is known yet */
    for (size_t g = 0; g < n_guesses; g++)
        for (size_t s = 0; s < n_spots; s++) {
            const struct proposal *given = NULL;
            size_t n = ask_catalogue(q, guess[g].category, &spot[s], &given);
            size_t take = n_guesses * n_spots == 1 && n > 1 ? n : 1;
            for (size_t i = 0; i < take && q->f->hints.n_proposals < FORM_PROPOSALS; i++)
                add_intake(q, &guess[g], &spot[s], n ? &given[i] : NULL);
        }
}

static void propose_dispatch(const struct asking *q)
{
    const struct form_place here = {known_unit(q, FIELD_STREET, UNIT_STREET),
                                    known_unit(q, FIELD_COMMUNITY, UNIT_COMMUNITY), ""};
    const struct proposal *given = NULL;
    size_t n = ask_catalogue(q, form_value(q->f, FIELD_CATEGORY), &here, &given);
    for (size_t i = 0; i < n && i < FORM_PROPOSALS; i++)
        add_dispatch(q, &given[i]);
}

void form_propose(struct form *f, struct console *c)
{
    const struct context *context = c->config->context;
    struct asking q = {.f = f,
                       .work = &c->scratch,
                       .r = console_reference(c),
                       .catalogue = context_catalogue(context),
                       .chinese = i18n_chinese(),
                       .day = day_of_ms(console_now(c), BEIJING_OFFSET_MS)};
    f->hints.n_proposals = 0;
    if (q.r && f->begins &&
        f->type != COMMAND_TELL_PROGRESS) /* there the order is an earlier one */
        propose_intake(&q);
    else if (q.r && (f->type == COMMAND_DISPATCH || f->type == COMMAND_DESIGNATE))
        propose_dispatch(&q);
    if (f->hints.marked >= f->hints.n_proposals)
        f->hints.marked = 0;
}

void form_look(struct form *f, struct console *c)
{
    f->hints.due_mono_ms = 0;
    arena_reset(&f->hints.arena);
    form_find_matches(f, c);
    form_propose(f, c);
#if SABOTAGE == 81
    /* Damage: the first proposal is filled in without being asked. */
    for (int i = 0; f->hints.n_proposals && i < f->hints.proposal[0].n_fill; i++) {
        struct form_field *field = form_field_of(f, f->hints.proposal[0].fill[i].field, false);
        if (field)
            (void)form_set_text(field, f->hints.proposal[0].fill[i].text);
    }
#endif
    form_look_earlier(f, c);
    if (arena_failed(&f->hints.arena)) /* a hint that is cut off might say another thing */
        f->hints.n_proposals = f->hints.n_earlier = 0;
}

void form_renew(struct form *f, struct console *c)
{
    if (!f->open)
        return;
    picker_clear(&f->picker);
    f->hints.place_text = NULL;
    form_changed(f, c);
    form_look(f, c);
}

bool form_mark_next(struct form *f)
{
    if (f->hints.n_proposals == 0)
        return false;
    f->hints.marked = (f->hints.marked + 1) % f->hints.n_proposals;
    return true;
}

bool form_take_proposal(struct form *f, struct console *c)
{
    if (f->hints.n_proposals == 0)
        return false;
    const struct form_proposal *p = &f->hints.proposal[f->hints.marked];
    const char *names = "";
    for (int i = 0; i < p->n_fill; i++) {
        struct form_field *field = form_field_of(f, p->fill[i].field, false);
        if (!field || strcmp(form_text_of(field), p->fill[i].text) == 0)
            continue;
        if (!form_set_text(field, p->fill[i].text)) {
            console_say(c, THEME_ERROR, "%s", _("Out of memory. Nothing was changed."));
            break;
        }
        field->error[0] = '\0';
        names = join(&c->scratch, names, i18n_mark(MARK_LIST, i18n_chinese()),
                     _(field_table[p->fill[i].field].label));
    }
    if (*names)
        console_say(c, THEME_MESSAGE, _("Filled in: %s. You decide; every field can be changed."),
                    names);
    form_changed(f, c);
    form_look(f, c);
    return true;
}
