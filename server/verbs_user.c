/* verbs_user.c: who may enter: people who log in, keys of clients of Open311. */
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "server/audit.h"
#include "server/init.h"
#include "server/keys.h"
#include "server/service.h"
#include "server/verbs.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

enum { PASSWORD_MAX = 1024 };

static enum status read_password(const char *path, char out[PASSWORD_MAX], struct errmsg *err)
{
    char *text = NULL;
    size_t n;
    if (!path)
        return fail(err, ST_INVALID, _("Give the password by --password-file FILE."));
    enum status st = file_read(path, PASSWORD_MAX - 1, &text, &n, err);
    if (st != ST_OK)
        return st;
    struct stat info;
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077))
        say(_("Others can read the password file %s; chmod 600 it."), path);
    text[strcspn(text, "\r\n")] = '\0';
    snprintf(out, PASSWORD_MAX, "%s", text);
    explicit_bzero(text, n);
    free(text);
    return *out ? ST_OK : fail(err, ST_INVALID, _("%s: its first line is empty."), path);
}

static int user_list(struct db *db)
{
    struct stmt *q = database_stmt(db, SQL_USER_LIST);
    while (stmt_row(q)) {
        for (int i = 0; i < 5; i++) {
            fputs(i ? "\t" : "", stdout);
            print_line(stdout, stmt_get_text(q, i, NULL));
        }
        printf("%s\n", stmt_get_int(q, 5) ? _("\tdisabled") : "");
    }
    return EX_OK;
}

static bool user_known(struct db *db, const char *user)
{
    struct stmt *q = database_stmt(db, SQL_USER_GET);
    stmt_text(q, 1, user);
    bool known = stmt_row(q);
    stmt_done(q);
    return known;
}

/* Whoever belongs to a unit that is not there would see nothing and not know why. */
static enum status check_office(struct db *db, const char *code, struct errmsg *err)
{
    struct arena a;
    struct reference reference;
    size_t n;
    arena_init(&a, 0);
    struct stmt *q = database_stmt(db, SQL_DOCUMENT_GET);
    stmt_text(q, 1, "people");
    const char *body = stmt_row(q) ? stmt_get_text(q, 0, &n) : "";
    enum status st = *body ? reference_decode(body, n, &a, &reference, err) : ST_OK;
    if (st == ST_OK && *body && !reference_unit(&reference, code))
        st = fail(err, ST_INVALID, _("--office: there is no unit \"%.60s\" in the store."), code);
    stmt_done(q);
    arena_release(&a);
    return st;
}

int verb_user(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct db *db = NULL;
    char password[PASSWORD_MAX] = "", hash[128];
    const char *what = a->n_rest > 0 ? a->rest[0] : "", *user = a->n_rest > 1 ? a->rest[1] : "";
    bool add = strcmp(what, "add") == 0, passwd = strcmp(what, "passwd") == 0;
    bool disable = strcmp(what, "disable") == 0, list = strcmp(what, "list") == 0;
    if (!(add || passwd || disable || list) || (!list && !*user))
        return usage(_("user takes: add NAME, passwd NAME, disable NAME or list"));
    enum status st =
        sodium_init() < 0 ? ST_IO : database_open(a->value[FLAG_DB], DB_WRITE, &db, &err);
    if (st == ST_OK && list) {
        int code = user_list(db);
        database_close(db);
        return code;
    }
    if (st == ST_OK && (add || passwd)) {
        st = read_password(a->value[FLAG_PASSWORD_FILE], password, &err);
        if (st == ST_OK)
            st = password_hash(password, hash, &err);
        explicit_bzero(password, sizeof password);
    }
    bool begun = st == ST_OK && (st = database_begin(db, true, &err)) == ST_OK;
    if (st == ST_OK && add) {
        struct person p = {.user = user,
                           .name = a->value[FLAG_NAME] ? a->value[FLAG_NAME] : user,
                           .role =
                               a->value[FLAG_ROLE] ? role_find(a->value[FLAG_ROLE]) : ROLE_COUNT,
                           .office = a->value[FLAG_OFFICE] ? a->value[FLAG_OFFICE] : "",
                           .unit = a->value[FLAG_UNIT] ? a->value[FLAG_UNIT] : ""};
        if (p.role == ROLE_COUNT)
            st = fail(&err, ST_INVALID, _("--role is missing or no role of domain section 5."));
        else if (!*p.office)
            st = fail(&err, ST_INVALID, _("--office is missing."));
        else if (user_known(db, user))
            st = fail(&err, ST_EXISTS, _("There is a user \"%s\" already."), user);
        else if ((st = check_office(db, p.office, &err)) == ST_OK)
            st = init_put_user(db, &p, hash, &err);
    } else if (st == ST_OK) {
        struct stmt *q;
        if (!user_known(db, user))
            st = fail(&err, ST_NOT_FOUND, _("There is no user \"%s\"."), user);
        if (st == ST_OK) {
            q = database_stmt(db, passwd ? SQL_USER_PASSWORD : SQL_USER_DISABLE);
            stmt_text(q, 1, user);
            if (passwd)
                stmt_text(q, 2, hash);
            st = stmt_run(q, &err);
        }
        if (st == ST_OK) { /* who was logged in logs in again, or no more */
            q = database_stmt(db, SQL_SESSION_DROP_USER);
            stmt_text(q, 1, user);
            st = stmt_run(q, &err);
        }
        if (st == ST_OK)
            st = audit_note(db, passwd ? AUDIT_USER_PASSWORD : AUDIT_USER_DISABLE, user, hash,
                            passwd ? strlen(hash) : 0, &err);
    }
    if (begun && st == ST_OK)
        st = database_commit(db, &err);
    else if (begun)
        database_rollback(db);
    database_close(db);
    return st == ST_OK ? EX_OK : die(st, &err);
}

static int key_list(struct db *db)
{
    struct stmt *q = database_stmt(db, SQL_KEY_LIST);
    char created[RFC3339_SIZE];
    while (stmt_row(q)) {
        rfc3339_format(stmt_get_int(q, 2), BEIJING_OFFSET_MS, created);
        print_line(stdout, stmt_get_text(q, 0, NULL));
        fputs("\t", stdout);
        print_line(stdout, stmt_get_text(q, 1, NULL));
        printf("\t%s%s\n", created, stmt_get_int(q, 3) ? _("\tdisabled") : "");
    }
    return EX_OK;
}

int verb_key(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct db *db = NULL;
    char key[KEY_SIZE] = "";
    const char *what = a->n_rest > 0 ? a->rest[0] : "", *name = a->n_rest > 1 ? a->rest[1] : "";
    const char *contact = a->value[FLAG_CONTACT] ? a->value[FLAG_CONTACT] : "";
    bool add = strcmp(what, "add") == 0, list = strcmp(what, "list") == 0;
    if (!(add || list || strcmp(what, "disable") == 0) || (!list && !*name))
        return usage(_("key takes: add NAME, disable NAME or list"));
    enum status st =
        sodium_init() < 0 ? ST_IO : database_open(a->value[FLAG_DB], DB_WRITE, &db, &err);
    if (st == ST_OK && list) {
        int code = key_list(db);
        database_close(db);
        return code;
    }
    bool begun = st == ST_OK && (st = database_begin(db, true, &err)) == ST_OK;
    if (st == ST_OK)
        st = add ? key_add(db, name, contact, moment_of(a), &random_system, key, &err)
                 : key_disable(db, name, &err);
    if (begun && st == ST_OK)
        st = database_commit(db, &err);
    else if (begun)
        database_rollback(db);
    database_close(db);
    if (st == ST_OK && add) /* after the commit: a key that was shown is there */
        printf("%s\n", key);
    return st == ST_OK ? EX_OK : die(st, &err);
}
