#include "core/base/i18n.h"
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/banned.h" /* after all others */

#ifndef JIBAN_LOCALEDIR
#define JIBAN_LOCALEDIR "/usr/share/locale"
#endif

static bool untranslated; /* by i18n_init: there is no catalogue of the language */

const char *i18n_text(const char *text)
{
    return untranslated ? text : gettext(text);
}

void i18n_init(const char *language)
{
    const char *folder = getenv("JIBAN_LOCALEDIR");
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C"); /* JSON and reports have a decimal point everywhere */
    if (language) {
        setenv("LANGUAGE", language, 1);
        /* gettext looks at LANGUAGE only where the locale is not plain C */
        const char *now = setlocale(LC_MESSAGES, NULL);
        if (now && (strcmp(now, "C") == 0 || strcmp(now, "POSIX") == 0))
            setlocale(LC_MESSAGES, "C.UTF-8");
    }
    bindtextdomain("jiban", folder && *folder ? folder : JIBAN_LOCALEDIR);
    bind_textdomain_codeset("jiban", "UTF-8");
    textdomain("jiban");
    untranslated = *gettext("") == '\0'; /* the head of a catalogue stands under the empty text */
}

bool i18n_chinese(void)
{
    const char *language = getenv("LANGUAGE");
    const char *locale = setlocale(LC_MESSAGES, NULL);
    if (language && *language && locale && strcmp(locale, "C") != 0 && strcmp(locale, "POSIX") != 0)
        return strncmp(language, "zh", 2) == 0;
    return locale && strncmp(locale, "zh", 2) == 0;
}
