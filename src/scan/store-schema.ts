/** The scan's tables in the store. `state/finding-store.ts` and `state/progress.ts` read and write them. */

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
];
