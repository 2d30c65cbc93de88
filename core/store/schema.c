/* schema.c: the tables of the cache. doc/design/store.md says why each is as it is. */
#include "core/store/db.h"

/* Files that were attached here or fetched (attachments.h). */
#define KEPT_FILES                                                                                 \
    "CREATE TABLE attachment("                                                                     \
    "  hash TEXT PRIMARY KEY," /* SHA-256 in hex */                                                \
    "  type TEXT NOT NULL,"    /* word of filetype.def */                                          \
    "  bytes INTEGER NOT NULL, located INTEGER NOT NULL, name TEXT NOT NULL,"                      \
    "  state INTEGER NOT NULL," /* enum attachment_state */                                        \
    "  moved INTEGER NOT NULL," /* bytes of it sent or fetched */                                  \
    "  error TEXT NOT NULL,"    /* why it failed */                                                \
    "  added INTEGER NOT NULL) WITHOUT ROWID;"                                                     \
    "CREATE TABLE attachment_piece("                                                               \
    "  hash TEXT NOT NULL, at INTEGER NOT NULL, data BLOB NOT NULL);"                              \
    "CREATE UNIQUE INDEX attachment_piece_at ON attachment_piece(hash, at);"                       \
    "CREATE TABLE attached(" /* what a command names */                                            \
    "  command BLOB NOT NULL, hash TEXT NOT NULL, PRIMARY KEY(command, hash)) WITHOUT ROWID;"      \
    "CREATE INDEX attached_hash ON attached(hash);"
/* What a person or an office writes for itself (core/wire/paper.h), and what of it the centre does not know yet. */
#define PAPER_SQL                                                                                  \
    "CREATE TABLE paper("                                                                          \
    "  kind TEXT NOT NULL, scope TEXT NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL,"          \
    "  body TEXT NOT NULL,"                                                                        \
    "  revision INTEGER NOT NULL," /* of the centre, on which this one is based; 0: it has none */ \
    "  changed INTEGER NOT NULL,"  /* ms */                                                        \
    "  changed_by TEXT NOT NULL,"                                                                  \
    "  dirty INTEGER NOT NULL,"   /* 1: the centre is to be told */                                \
    "  dropped INTEGER NOT NULL," /* 1: thrown away here */                                        \
    "  stamp INTEGER NOT NULL,"   /* grows with each change here: what was written meanwhile */    \
    "  problem TEXT NOT NULL,"    /* why the centre does not take it, or '' */                     \
    "  PRIMARY KEY(kind, scope, owner, name)) WITHOUT ROWID;"
#define DRAFT_SQL                                                                                  \
    "CREATE TABLE draft("                                                                          \
    "  case_id BLOB NOT NULL, type TEXT NOT NULL," /* word of the command */                       \
    "  user TEXT NOT NULL,"                                                                        \
    "  body TEXT NOT NULL," /* each value: word, length in bytes, line break, text, line break */  \
    "  revision INTEGER NOT NULL, saved INTEGER NOT NULL,"                                         \
    "  slot INTEGER NOT NULL DEFAULT 0," /* several of one case and command: 0, 1 ... */           \
    "  PRIMARY KEY(case_id, type, slot));"

/* Sacred, and small facts. Never changed but by a road that keeps every row. */
const char schema_kept_sql[] =
    /* small facts: cursor, epoch, user, office, generation, search ... */
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    /* reference documents with the ETag they came with */
    "CREATE TABLE document(name TEXT PRIMARY KEY, body BLOB NOT NULL, etag TEXT NOT NULL);"
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
    "  last_error TEXT NOT NULL DEFAULT '',"
    "  not_before INTEGER NOT NULL DEFAULT 0," /* ms: until then it can be taken back */
    "  batch INTEGER NOT NULL DEFAULT 0," /* seq of the first that was confirmed with it; 0: itself */
    "  leaving INTEGER NOT NULL DEFAULT 0);" /* 1: the server may have it */
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
    DRAFT_SQL PAPER_SQL KEPT_FILES;

/* What comes again from the server: a cache of an older version has these made anew. */
const char schema_anew_sql[] =
    /* one row a case: what a list shows, as it is shown to the person of the cache */
    "CREATE TABLE cases("
    "  row INTEGER PRIMARY KEY,"     /* place among equal due times */
    "  id BLOB NOT NULL UNIQUE,"     /* UUID, 16 bytes */
    "  number TEXT NOT NULL,"        /* number of the order */
    "  state INTEGER NOT NULL,"      /* as shown: place in states.def */
    "  due INTEGER NOT NULL,"        /* ms; INT64_MAX when no clock runs */
    "  next_clock INTEGER NOT NULL," /* which clock that is */
    "  began INTEGER NOT NULL,"      /* ms, when it started; INT64_MIN when none runs */
    "  created INTEGER NOT NULL,"    /* ms, first event */
    "  title TEXT NOT NULL,"         /* title as stored, else the beginning of the content */
    "  title_en TEXT NOT NULL,"      /* the same in English, or '' */
    "  category TEXT NOT NULL,"      /* code */
    "  community TEXT NOT NULL,"     /* code */
    "  unit TEXT NOT NULL,"          /* code of the lead unit */
    "  handler TEXT NOT NULL,"       /* user */
    "  building TEXT NOT NULL,"      /* the point up to its building, folded, or '' */
    "  channel TEXT NOT NULL,"       /* word of the field's choice */
    "  emergency TEXT NOT NULL,"     /* code of the emergency it stands under, or '' */
    "  wish TEXT NOT NULL,"          /* of the claimant, about being called */
    "  attempts INTEGER NOT NULL,"   /* callback attempts of this round */
    "  sms INTEGER NOT NULL,"        /* ms, message that waits for an answer; INT64_MIN: none */
    "  version INTEGER NOT NULL,"    /* events confirmed by the server */
    "  unsent INTEGER NOT NULL,"     /* outbox commands on it */
    "  draft INTEGER NOT NULL,"      /* 1: has a draft */
    "  conflict INTEGER NOT NULL,"   /* 1: has a conflict */
    "  repeats INTEGER NOT NULL,"    /* earlier orders about it */
    "  open INTEGER NOT NULL,"       /* kinds of objects not ended, bits by objects.def */
    "  late INTEGER NOT NULL,"       /* those of them that the next level was told of */
    "  owed INTEGER NOT NULL,"       /* steps that wait for the person, bits by owed.def */
    "  views INTEGER NOT NULL,"      /* that show it, bits by views.def */
    "  gen INTEGER NOT NULL,"        /* fresh start in which it was last heard of */
    "  ready INTEGER NOT NULL DEFAULT 0);" /* 1: it is in the indexes that follow */
    "CREATE INDEX cases_unready ON cases(row) WHERE ready = 0;"
    /* what one sorts by (orders.def), with the views where groups are counted by it (groups.def); a first sync does
     * not wait for them */
    "CREATE INDEX cases_number ON cases(number, due, row) WHERE ready = 1;"
    "CREATE INDEX cases_created ON cases(created, due, row) WHERE ready = 1;"
    "CREATE INDEX cases_category ON cases(category, due, row, views) WHERE ready = 1;"
    "CREATE INDEX cases_community ON cases(community, due, row, views) WHERE ready = 1;"
    "CREATE INDEX cases_building ON cases(building, due, row, views) WHERE ready = 1;"
    "CREATE INDEX cases_state ON cases(state, due, row, views) WHERE ready = 1;"
    "CREATE INDEX cases_handler ON cases(handler, due, row, views) WHERE ready = 1;"
    /* each view of the role in its order: a list is a range of it */
    "CREATE TABLE shown(view INTEGER NOT NULL, key INTEGER NOT NULL, row INTEGER NOT NULL,"
    "  PRIMARY KEY(view, key, row)) WITHOUT ROWID;"
    /* what the server said of a case: its events, one JSON object a line */
    "CREATE TABLE case_log(row INTEGER PRIMARY KEY REFERENCES cases(row) ON DELETE CASCADE,"
    "  log TEXT NOT NULL);"
    /* who the caller is, as keyed hashes (earlier.h); 0: not known */
    "CREATE TABLE caller(row INTEGER PRIMARY KEY REFERENCES cases(row) ON DELETE CASCADE,"
    "  phone INTEGER NOT NULL, claimant INTEGER NOT NULL);"
    "CREATE INDEX caller_phone ON caller(phone);"       /* earlier orders of a phone */
    "CREATE INDEX caller_claimant ON caller(claimant);" /* and of a name */
    /* how many cases each view shows; kept by the transaction that changes a row */
    "CREATE TABLE counts(view INTEGER PRIMARY KEY, n INTEGER NOT NULL);"
    /* how many cases of VIEW_ALL_OPEN are due on each day of UTC; kept likewise */
    "CREATE TABLE due_days(day INTEGER PRIMARY KEY, n INTEGER NOT NULL);"
    /* the texts of each case, folded, and the words of search.c */
    "CREATE VIRTUAL TABLE search USING fts5(text, tokenize='words', detail=none, columnsize=0);";

/* From versions 1 and 2, before what comes next. */
const char schema_outbox_sql[] =
    "ALTER TABLE outbox ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE outbox ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE outbox ADD COLUMN leaving INTEGER NOT NULL DEFAULT 0;"
    "UPDATE outbox SET leaving = 1;"; /* nobody knows what was under way */

/* From versions 1 to 3: places and rows of the views are others. What was confirmed or half written stays as it is, and so
 * do the documents and who the person is; the cases come again from the beginning. */
const char schema_renew_sql[] =
    "DROP TABLE search; DROP TABLE counts; DROP TABLE case_log; DROP TABLE IF EXISTS caller;"
    "DROP TABLE IF EXISTS shown; DROP TABLE IF EXISTS due_days; DROP TABLE cases;" PAPER_SQL
        KEPT_FILES "ALTER TABLE draft RENAME TO draft_before;" DRAFT_SQL
    "INSERT INTO draft(case_id, type, user, body, revision, saved)"
    " SELECT case_id, type, user, body, revision, saved FROM draft_before;"
    "DROP TABLE draft_before;"
#if SABOTAGE != 83 /* Damage: the cursor stays, and nothing comes again. */
    "DELETE FROM meta WHERE key IN ('cursor', 'fresh');"
#endif
    "";
