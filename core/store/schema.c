/* schema.c: the tables of the cache. doc/design/store.md says why each is as it is. */
#include "core/store/db.h"

const char schema_sql[] =
    /* small facts: cursor, epoch, user, office, generation, search ... */
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    /* reference documents with the ETag they came with */
    "CREATE TABLE document(name TEXT PRIMARY KEY, body BLOB NOT NULL, etag TEXT NOT NULL);"
    /* one row a case: what a list shows, as it is shown */
    "CREATE TABLE cases("
    "  row INTEGER PRIMARY KEY,"     /* place among equal due times */
    "  id BLOB NOT NULL UNIQUE,"     /* UUID, 16 bytes */
    "  number TEXT NOT NULL,"        /* number of the order */
    "  state INTEGER NOT NULL,"      /* as shown: place in states.def */
    "  bucket INTEGER NOT NULL,"     /* group of states, enum bucket */
    "  due INTEGER NOT NULL,"        /* ms; INT64_MAX when no clock runs */
    "  next_clock INTEGER NOT NULL," /* which clock that is */
    "  title TEXT NOT NULL,"         /* title, as the citizen's text was stored */
    "  title_en TEXT NOT NULL,"      /* the same in English, or '' */
    "  category TEXT NOT NULL,"      /* code */
    "  community TEXT NOT NULL,"     /* code */
    "  handler TEXT NOT NULL,"       /* user */
    "  version INTEGER NOT NULL,"    /* events confirmed by the server */
    "  unsent INTEGER NOT NULL,"     /* outbox commands on it */
    "  draft INTEGER NOT NULL,"      /* 1: has a draft */
    "  conflict INTEGER NOT NULL,"   /* 1: has a conflict */
    "  repeats INTEGER NOT NULL,"    /* earlier orders about it */
    "  whistle INTEGER NOT NULL,"    /* 1: a whistle clock runs */
    "  gen INTEGER NOT NULL);"       /* fresh start in which it was last heard of */
    "CREATE INDEX cases_bucket ON cases(bucket, due);"        /* each view: a range of it */
    "CREATE INDEX cases_open ON cases(due) WHERE bucket < 7;" /* all open, due today, overdue */
    "CREATE INDEX cases_whistle ON cases(due) WHERE whistle = 1;"
    /* what the server said of a case: its events, one JSON object a line */
    "CREATE TABLE case_log(row INTEGER PRIMARY KEY REFERENCES cases(row) ON DELETE CASCADE,"
    "  log TEXT NOT NULL);"
    /* how many cases are shown in each state; kept by the transaction that changes a row */
    "CREATE TABLE counts(state INTEGER PRIMARY KEY, n INTEGER NOT NULL);"
    /* confirmed commands in the order of confirmation; AUTOINCREMENT: a number never comes back,
     * so what is offered again takes its old place */
    "CREATE TABLE outbox("
    "  seq INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  id BLOB NOT NULL UNIQUE," /* of the command */
    "  case_id BLOB NOT NULL,"   /* no reference: the case may leave the scope */
    "  user TEXT NOT NULL,"      /* who confirmed it */
    "  json TEXT NOT NULL,"      /* the command, whole; never changed */
    "  queued INTEGER NOT NULL," /* ms */
    "  tries INTEGER NOT NULL DEFAULT 0,"
    "  last_try INTEGER NOT NULL DEFAULT 0,"
    "  last_error TEXT NOT NULL DEFAULT '');"
    "CREATE INDEX outbox_case ON outbox(case_id);"
    /* acknowledged commands, kept at least 7 days in case the server is restored */
    "CREATE TABLE sent("
    "  seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, case_id BLOB NOT NULL,"
    "  user TEXT NOT NULL, json TEXT NOT NULL, queued INTEGER NOT NULL, tries INTEGER NOT NULL,"
    "  last_try INTEGER NOT NULL,"
    "  version INTEGER NOT NULL," /* of the case with it; until the log has it, it is folded */
    "  acked INTEGER NOT NULL);"  /* ms */
    "CREATE INDEX sent_case ON sent(case_id, version);"
    /* refused commands, whole, with the reason */
    "CREATE TABLE conflicts("
    "  seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, case_id BLOB NOT NULL,"
    "  user TEXT NOT NULL, json TEXT NOT NULL,"
    "  problem TEXT NOT NULL," /* RFC 9457 */
    "  at INTEGER NOT NULL);"  /* ms, when the refusal came */
    "CREATE INDEX conflicts_case ON conflicts(case_id);"
    /* half-written work */
    "CREATE TABLE draft("
    "  case_id BLOB NOT NULL, type TEXT NOT NULL," /* word of the command */
    "  user TEXT NOT NULL,"
    "  body TEXT NOT NULL," /* each value: word, length in bytes, line break, text, line break */
    "  revision INTEGER NOT NULL, saved INTEGER NOT NULL,"
    "  PRIMARY KEY(case_id, type));"
    /* number, titles and contents with Han characters apart */
    "CREATE VIRTUAL TABLE search USING fts5(text, tokenize='unicode61');";
