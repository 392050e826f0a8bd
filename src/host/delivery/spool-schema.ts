/** The tables of the spool and of what is remembered about the agent. */

/** The spool's part of the store: SQL steps that create and migrate it. */
export const spoolSchema: readonly string[] = [
  `CREATE TABLE spool (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     topic TEXT NOT NULL,
     payload TEXT NOT NULL,
     important INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX spool_order ON spool (important, number);
   CREATE TABLE spool_losses (count INTEGER NOT NULL) STRICT;
   INSERT INTO spool_losses VALUES (0);`,
  // Announcements have an owner. Those of earlier versions were not marked.
  `ALTER TABLE spool ADD COLUMN owner TEXT;
   UPDATE spool SET owner = '' WHERE important = 1;
   DROP INDEX spool_order;
   CREATE INDEX spool_ordinary ON spool (important, number) WHERE owner IS NULL;`,
  // is_record: the payload is a stored record. published_in: the run that published it; NULL while it waits. published_at: milliseconds
  // since 1970. link: the configuration it was published with.
  `ALTER TABLE spool ADD COLUMN is_record INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE spool ADD COLUMN published_in INTEGER;
   ALTER TABLE spool ADD COLUMN published_at INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE spool ADD COLUMN times INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE spool ADD COLUMN link TEXT;
   DROP INDEX spool_ordinary;
   CREATE INDEX spool_ordinary ON spool (important, published_in IS NULL, number) WHERE owner IS NULL;
   CREATE INDEX spool_published ON spool (number) WHERE published_in IS NOT NULL;
   CREATE TABLE agent_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,
];
