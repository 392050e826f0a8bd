/** The scan's tables in the store. `finding-store.ts`, `dropped-files.ts`, `progress.ts` and `repository-memory.ts` use them. */

/** The scan's part of the store. */
export const findingSchema: readonly string[] = [
  `CREATE TABLE findings (
     number INTEGER PRIMARY KEY,
     place TEXT NOT NULL,
     rule TEXT NOT NULL,
     fingerprint TEXT NOT NULL,
     nth INTEGER NOT NULL,
     severity TEXT NOT NULL,
     detection TEXT NOT NULL,
     dev REAL NOT NULL,
     ino REAL NOT NULL,
     since INTEGER NOT NULL,
     seen INTEGER NOT NULL,
     told INTEGER,
     gone INTEGER NOT NULL DEFAULT 0,
     state TEXT NOT NULL,
     UNIQUE (place, rule, fingerprint, nth)
   ) STRICT;
   CREATE INDEX findings_secret ON findings (fingerprint, rule);
   CREATE TABLE uncounted (place TEXT PRIMARY KEY, counts TEXT NOT NULL) STRICT;
   CREATE TABLE leftover (path TEXT PRIMARY KEY, root TEXT NOT NULL, turns INTEGER NOT NULL) STRICT;
   CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,
  // Owners, and files with findings that were dropped. The owner of an earlier version's finding is known when
  // its file is read again; until then it counts as one of an owner without a name.
  `ALTER TABLE findings ADD COLUMN owner TEXT NOT NULL DEFAULT '';
   ALTER TABLE findings ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;
   UPDATE findings SET rank = CASE severity WHEN 'critical' THEN 3 WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END;
   CREATE INDEX findings_owner ON findings (owner, rank, told DESC);
   DROP INDEX findings_secret;
   CREATE INDEX findings_secret ON findings (fingerprint, rule, owner, since);
   CREATE TABLE dropped (
     place TEXT PRIMARY KEY,
     owner TEXT NOT NULL,
     at INTEGER NOT NULL,
     whole INTEGER NOT NULL,
     dev REAL NOT NULL,
     ino REAL NOT NULL,
     counts TEXT NOT NULL,
     announced TEXT NOT NULL
   ) STRICT;
   INSERT INTO dropped SELECT place, '', 0, 1, 0, 0, counts, '' FROM uncounted;
   DROP TABLE uncounted;
   CREATE TABLE dropped_beyond (owner TEXT NOT NULL, scope TEXT NOT NULL, PRIMARY KEY (owner, scope)) STRICT;`,
  `ALTER TABLE findings RENAME COLUMN told TO alerted_at;`,
  // Equal secrets of a file become one finding, which was announced if one of them was.
  `CREATE TABLE joined (
     number INTEGER PRIMARY KEY,
     place TEXT NOT NULL,
     rule TEXT NOT NULL,
     fingerprint TEXT NOT NULL,
     severity TEXT NOT NULL,
     detection TEXT NOT NULL,
     dev REAL NOT NULL,
     ino REAL NOT NULL,
     since INTEGER NOT NULL,
     seen INTEGER NOT NULL,
     alerted_at INTEGER,
     gone INTEGER NOT NULL DEFAULT 0,
     state TEXT NOT NULL,
     owner TEXT NOT NULL DEFAULT '',
     rank INTEGER NOT NULL DEFAULT 0,
     UNIQUE (place, rule, fingerprint)
   ) STRICT;
   INSERT INTO joined
     SELECT number, place, rule, fingerprint, severity, json_set(detection, '$.count', copies), dev, ino, first_since,
       last_seen, last_alert, gone, CASE WHEN is_shown THEN shown_state ELSE 'suppressed' END, owner,
       CASE WHEN is_shown THEN rank ELSE -2 END
     FROM (
       SELECT *, row_number() OVER (one ORDER BY gone > 0, nth) AS turn, max(1, count(*) FILTER (WHERE gone = 0) OVER one) AS copies,
         min(since) OVER one AS first_since,
         max(seen) OVER one AS last_seen, max(alerted_at) OVER one AS last_alert,
         max(state <> 'suppressed') OVER one AS is_shown, max(state) FILTER (WHERE state <> 'suppressed') OVER one AS shown_state
       FROM findings WINDOW one AS (PARTITION BY place, rule, fingerprint)
     ) WHERE turn = 1;
   DROP TABLE findings;
   ALTER TABLE joined RENAME TO findings;
   CREATE INDEX findings_owner ON findings (owner, rank, alerted_at DESC);
   CREATE INDEX findings_secret ON findings (fingerprint, rule, owner, since);`,
  // Findings in containers: the same secret may be in several entries of a file.
  `CREATE TABLE placed (
     number INTEGER PRIMARY KEY,
     place TEXT NOT NULL,
     inside TEXT NOT NULL,
     rule TEXT NOT NULL,
     fingerprint TEXT NOT NULL,
     severity TEXT NOT NULL,
     detection TEXT NOT NULL,
     dev REAL NOT NULL,
     ino REAL NOT NULL,
     since INTEGER NOT NULL,
     seen INTEGER NOT NULL,
     alerted_at INTEGER,
     gone INTEGER NOT NULL DEFAULT 0,
     state TEXT NOT NULL,
     owner TEXT NOT NULL DEFAULT '',
     rank INTEGER NOT NULL DEFAULT 0,
     UNIQUE (place, inside, rule, fingerprint)
   ) STRICT;
   INSERT INTO placed
     SELECT number, place, '', rule, fingerprint, severity, detection, dev, ino, since, seen, alerted_at, gone, state, owner, rank
     FROM findings;
   DROP TABLE findings;
   ALTER TABLE placed RENAME TO findings;
   CREATE INDEX findings_owner ON findings (owner, rank, alerted_at DESC);
   CREATE INDEX findings_secret ON findings (fingerprint, rule, owner, since);`,
  // What was scanned of the history of git repositories.
  `CREATE TABLE repositories (
     place TEXT NOT NULL UNIQUE,
     identity BLOB NOT NULL,
     keys BLOB NOT NULL,
     gaps TEXT NOT NULL
   ) STRICT;`,
];
