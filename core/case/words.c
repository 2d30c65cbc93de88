#include "core/case/words.h"
#include "core/base/i18n.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

const struct words_row words_table[WORD_LISTS] = {
#define WORDS(id, key, label) {key, label},
#include "core/case/words.def"
#undef WORDS
};

static bool is_letter(char c)
{
    return isalnum((unsigned char)c) && (unsigned char)c < 0x80;
}

/* Does the word stand at that byte, and is it whole where it is of letters? */
static bool stands(const char *text, size_t n, size_t at, const char *word)
{
    size_t len = strlen(word);
    if (len == 0 || len > n - at || strncasecmp(text + at, word, len) != 0)
        return false;
    if (is_letter(word[0]) && at > 0 && is_letter(text[at - 1]))
        return false;
#if SABOTAGE == 243
    return true; /* damage for the tests: parts of words are found */
#endif
    return !(is_letter(word[len - 1]) && at + len < n && is_letter(text[at + len]));
}

static struct word_hit longest(const struct policy *p, const char *text, size_t n, size_t at)
{
    struct word_hit hit = {WORD_PROMISE, at, 0};
    for (int list = 0; list < WORD_LISTS; list++)
        for (int i = 0; i < p->n_words[list]; i++)
            if (strlen(p->word[list][i]) > hit.len && stands(text, n, at, p->word[list][i]))
                hit = (struct word_hit){(enum word_list)list, at, strlen(p->word[list][i])};
    return hit;
}

size_t words_find(const struct policy *p, const char *text, size_t n, struct word_hit *out,
                  size_t most)
{
    size_t found = 0;
    for (size_t at = 0; at < n && found < most;) {
        struct word_hit hit = longest(p, text, n, at);
        if (hit.len > 0)
            out[found++] = hit;
        at += hit.len > 0 ? hit.len : 1;
    }
    return found;
}
