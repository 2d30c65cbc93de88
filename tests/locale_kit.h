/*
 * locale_kit.h: a locale of another encoding, made for a test without root.
 *
 * locale_make("GB18030") makes zh_CN.GB18030 in a folder for LOCPATH and returns the folder (static). NULL: this
 * machine has no localedef or not that charmap; the test is to be skipped.
 */
#ifndef JIBAN_TESTS_LOCALE_KIT_H
#define JIBAN_TESTS_LOCALE_KIT_H

#include <stdio.h>
#include <stdlib.h>

/* The C library loses the list it makes of LOCPATH; what a sanitizer says of that is not about us. For the programs that
 * are started from here. */
static inline void locale_excuse(const char *folder)
{
    char path[450], options[520];
    snprintf(path, sizeof path, "%s/excused", folder);
    FILE *f = fopen(path, "w");
    if (!f)
        return;
    fputs("leak:__argz_add_sep\n", f);
    fclose(f);
    snprintf(options, sizeof options, "suppressions=%s:print_suppressions=0", path);
    setenv("LSAN_OPTIONS", options, 1);
}

static inline const char *locale_make(const char *charmap)
{
    static char folder[400];
    char command[1600];
    snprintf(folder, sizeof folder, "%.300s/locale", getenv("JIBAN_TEST_TMP"));
    snprintf(command, sizeof command,
             "mkdir -p '%s' && localedef -i zh_CN -f %s '%s/zh_CN.%s' >'%s/log' 2>&1", folder,
             charmap, folder, charmap, folder);
    if (system(command) != 0)
        return NULL;
    locale_excuse(folder);
    return folder;
}

#endif
