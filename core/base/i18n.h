/*
 * i18n.h: gettext, chosen by the locale. English is the source, po/zh_CN.po is complete.
 * N_() marks a text in a table; whoever shows it calls _() on it.
 */
#ifndef JIBAN_BASE_I18N_H
#define JIBAN_BASE_I18N_H

#include <libintl.h>
#include <stdbool.h>

#define _(text) i18n_text(text)
#define N_(text) text

/* Sets the locale from the environment and binds the catalogue "jiban". language is an override
 * ("zh_CN", "en") or NULL. Call once at start, before any thread. The catalogue folder is
 * JIBAN_LOCALEDIR of the environment if set (tests), else the installed one. */
void i18n_init(const char *language);

/* The text in the language that is shown. Without a catalogue of it gettext looks for its files at every call, which was a
 * twelfth of what a page of the list takes. */
const char *i18n_text(const char *text) __attribute__((format_arg(1)));

/* True when texts are shown in Chinese; decides between the two names of reference data. */
bool i18n_chinese(void);

#endif
