/* session.c: login and session. */
#include "core/wire/json.h"
#include "core/wire/codec.h"

void login_encode(struct buf *out, const char *user, const char *password, const char *device,
                  const char *terminal)
{
    buf_puts(out, "{\"user\":");
    json_put_text(out, user);
    buf_puts(out, ",\"password\":");
    json_put_text(out, password);
    buf_puts(out, ",\"device\":");
    json_put_text(out, device);
    if (*terminal) {
        buf_puts(out, ",\"terminal\":");
        json_put_text(out, terminal);
    }
    buf_putc(out, '}');
}

enum status login_decode(const char *json, size_t n, struct arena *a, const char **ret_user,
                         const char **ret_password, const char **ret_device,
                         const char **ret_terminal, struct errmsg *err)
{
    json_t *top;
    const char *user = "", *password = "", *device = "", *terminal = "";
    enum status st = json_read(NULL, json, n, &top, err);
    if (st)
        return st;
    st = json_text(top, "user", a, &user, err);
    if (!st)
        st = json_text(top, "password", a, &password, err);
    if (!st)
        st = json_text_or(top, "device", a, "", &device, err);
    if (!st)
        st = json_text_or(top, "terminal", a, "", &terminal, err);
    json_decref(top);
    if (!st && arena_failed(a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (!st) {
        *ret_user = user;
        *ret_password = password;
        *ret_device = device;
        *ret_terminal = terminal;
    }
    return st;
}

void session_encode(struct buf *out, const struct session *s)
{
    buf_puts(out, "{\"token\":");
    json_put_text(out, s->token);
    buf_puts(out, ",\"expires\":");
    json_put_time(out, s->expires_ms);
    buf_puts(out, ",\"server_time\":");
    json_put_time(out, s->server_time_ms);
    buf_puts(out, ",\"actor\":");
    actor_put(out, &s->actor);
    buf_puts(out, ",\"epoch\":");
    json_put_text(out, s->epoch);
    buf_puts(out, ",\"policy\":");
    json_put_text(out, s->policy);
    buf_putc(out, '}');
}

enum status session_decode(const char *json, size_t n, struct arena *a, struct session *ret,
                           struct errmsg *err)
{
    json_t *top;
    struct session s = {0};
    enum status st = json_read(NULL, json, n, &top, err);
    if (st)
        return st;
    st = json_text(top, "token", a, &s.token, err);
    if (!st)
        st = json_time(top, "expires", &s.expires_ms, err);
    if (!st)
        st = json_time(top, "server_time", &s.server_time_ms, err);
    if (!st)
        st = json_text(top, "epoch", a, &s.epoch, err);
    if (!st)
        st = json_text(top, "policy", a, &s.policy, err);
    if (!st) {
        st = actor_get(json_object_get(top, "actor"), a, &s.actor, err);
        if (st)
            json_place(err, "/actor");
    }
    json_decref(top);
    if (!st && arena_failed(a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (!st)
        *ret = s;
    return st;
}
