#include "core/text/filetype.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

const struct filetype_row filetype_table[FILETYPE_COUNT] = {
#define FILETYPE(id, word, media, label) {word, media, label},
#include "core/text/filetype.def"
#undef FILETYPE
};

static bool begins(const void *data, size_t n, const char *magic, size_t len)
{
    return n >= len && memcmp(data, magic, len) == 0;
}

/* A file with a control character or bytes that are no characters is no text, whatever it is. */
static bool is_text(const char *text, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t c;
        i += utf8_decode(text + i, n - i, &c);
        if (c == UTF8_BAD || c == 0x7F || (c < ' ' && c != '\n' && c != '\r' && c != '\t'))
            return false;
    }
    return n > 0;
}

enum filetype filetype_of(const void *data, size_t n)
{
    const char *bytes = data;
    if (begins(data, n, "\xFF\xD8\xFF", 3))
        return FILETYPE_JPEG;
    if (begins(data, n, "\x89PNG\r\n\x1A\n", 8))
        return FILETYPE_PNG;
    if (begins(data, n, "RIFF", 4) && n >= 12 && memcmp(bytes + 8, "WEBP", 4) == 0)
        return FILETYPE_WEBP;
    if (begins(data, n, "%PDF-", 5))
        return FILETYPE_PDF;
    return is_text(data, n) ? FILETYPE_TEXT : FILETYPE_COUNT;
}

enum filetype filetype_find(const char *word)
{
    for (int i = 0; i < FILETYPE_COUNT; i++)
        if (strcmp(filetype_table[i].word, word) == 0)
            return (enum filetype)i;
    return FILETYPE_COUNT;
}
