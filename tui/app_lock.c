/* app_lock.c: the screen is blank until the password is given; sync and drafts go on behind it. */
#include "core/base/i18n.h"
#include "core/store/secret.h"
#include "tui/app_model.h"
#include "tui/screen.h"
#include <string.h>

enum { WAIT_MOST_S = 30, TRIES_FREE = 2 };

void lock_now(struct app *a)
{
    struct errmsg err;
    if (a->lock.on)
        return;
    if (!store_secret_known(a->c.config->store)) {
        console_say(
            &a->c, THEME_WARN, "%s",
            _("The screen cannot be locked: nobody has logged in with a password here yet."));
        return;
    }
    console_ok(&a->c, form_save(&a->form, &a->c, &err), &err);
    a->lock = (struct app_lock){.on = true};
    a->c.reveal_until_ms = 0;
    a->c.message[0] = '\0';
    /* What was being typed in a line stays under the lock. */
    a->under_lock = a->prompt;
    prompt_init(&a->prompt);
    prompt_open(&a->prompt, PROMPT_UNLOCK, "");
    a->anew = true;
}

static void open_again(struct app *a)
{
    prompt_close(&a->prompt);
    a->prompt = a->under_lock;
    prompt_init(&a->under_lock);
    a->lock = (struct app_lock){.key_mono_ms = console_mono(&a->c)};
    a->c.message[0] = '\0';
    a->anew = true;
    app_reload(a);
}

void lock_try(struct app *a)
{
    int64_t now = console_mono(&a->c);
    if (now < a->lock.wait_until_ms) {
        console_say(&a->c, THEME_WARN, _("Wait %d s, then try again."),
                    (int)((a->lock.wait_until_ms - now + MS_SECOND - 1) / MS_SECOND));
        return;
    }
    if (store_secret_is(a->c.config->store, editor_text(&a->prompt.editor))) {
        open_again(a);
        return;
    }
    a->lock.tries++;
    prompt_open(&a->prompt, PROMPT_UNLOCK, "");
    if (a->lock.tries > TRIES_FREE) {
        int over = a->lock.tries - TRIES_FREE, wait = over > 4 ? WAIT_MOST_S : 1 << over;
        a->lock.wait_until_ms = console_mono(&a->c) + wait * MS_SECOND;
    }
    console_say(&a->c, THEME_ERROR, "%s", _("That is not the password of this user."));
}

int64_t lock_due_ms(const struct app *a)
{
    int64_t minutes = option_int(a->c.config->options, OPT_LOCK_MINUTES);
    return a->lock.on || minutes == 0 || !a->c.sync ? INT64_MAX
                                                    : a->lock.key_mono_ms + minutes * MS_MINUTE;
}

void lock_when_idle(struct app *a)
{
    if (lock_due_ms(a) > console_mono(&a->c))
        return;
    a->lock.key_mono_ms = console_mono(&a->c); /* if it cannot be locked, not again at once */
    if (store_secret_known(a->c.config->store))
        lock_now(a);
}
