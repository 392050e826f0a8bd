/**
 * Findings in the store: rows and queries, no decisions. A finding is identified by its place, its rule and its
 * fingerprint; never by its line, which any edit moves.
 */
import type { Store } from '../../host/platform/index.ts';
import { type Finding, severities } from '../model/finding.ts';
import type { FileIdentity } from './findings-by-file.ts';
import type { Detection } from '../detect/candidate.ts';
import { secretNumber } from './secret-number.ts';
import { findingKey } from './standing.ts';

/** A finding without its place. */
export type KnownDetection = Detection & Pick<Finding, 'exposure'>;

/** A stored finding. Times are in milliseconds since 1970. */
export interface FindingRow extends FileIdentity {
  readonly number: number;
  /** See `Places`. */
  readonly place: string;
  /** See `Detection.inside`. */
  readonly inside?: string | undefined;
  /** See `file-owner.ts`; empty for a finding of an earlier version. */
  readonly owner: string;
  readonly detection: KnownDetection;
  /** When the secret was first seen. */
  readonly since: number;
  /** The start of the run that last read it. */
  readonly seen: number;
  /** When it was last announced; null while it has not been. */
  readonly alertedAt: number | null;
  /** The start of the run that first found it gone; 0 while it exists. */
  readonly gone: number;
  /** A suppressed finding is stored but was not announced. */
  readonly state: 'new' | 'persisting' | 'moved' | 'suppressed';
}

/** A place with findings. */
export interface KnownPlace {
  readonly place: string;
  readonly owners: readonly string[];
  /** The start of the last run that found one of them. */
  readonly seen: number;
}

/** Where and since when a finding is known; enough to determine whether it has moved. */
export type Whereabout = Omit<FindingRow, 'detection'>;

/** The rank of findings in unmodified files of packages. */
const SHIPPED_RANK = -1;

/** Maximum number of files that are counted for a record. */
const MAX_FILES = 100;

const whereabout = 'number, place, inside, owner, dev, ino, since, seen, alerted_at, gone, state';
const alike = `SELECT ${whereabout} FROM findings
  WHERE fingerprint = ?1 AND rule = ?2 AND (place <> ?3 OR inside <> ?5)`;

export class FindingStore {
  readonly #statements;

  constructor(store: Store) {
    this.#statements = {
      after: store.prepare('SELECT * FROM findings WHERE number > ? ORDER BY number LIMIT 500'),
      notSeen: store.prepare(
        `SELECT ${whereabout} FROM findings
         WHERE number > ? AND (seen <> ? OR gone > 0) ORDER BY number LIMIT 500`,
      ),
      places: store.prepare('SELECT DISTINCT place FROM findings'),
      between: store.prepare(
        `SELECT place, json_group_array(DISTINCT owner) AS owners, max(seen) AS seen FROM findings
         WHERE place >= ? AND place < ? AND gone = 0 GROUP BY place`,
      ),
      identities: store.prepare(
        `SELECT place, inside, rule, fingerprint FROM findings WHERE gone = 0 AND rank <> ${SHIPPED_RANK}`,
      ),
      counts: store.prepare('SELECT owner, count(*) AS count FROM findings GROUP BY owner'),
      get: store.prepare('SELECT * FROM findings WHERE number = ?'),
      at: store.prepare('SELECT * FROM findings WHERE place = ?'),
      // Each part ends at its limit without reading the rest of the index: a secret may be in thousands of
      // files.
      alike: store.prepare(
        `SELECT * FROM (${alike} AND owner = ?4 ORDER BY since LIMIT 8)
         UNION ALL SELECT * FROM (${alike} AND owner < ?4 ORDER BY owner, since LIMIT 2)
         UNION ALL SELECT * FROM (${alike} AND owner > ?4 ORDER BY owner, since LIMIT 2)`,
      ),
      files: store.prepare(
        `SELECT count(*) AS count FROM (SELECT DISTINCT place FROM findings WHERE fingerprint = ? AND rule = ? LIMIT ${MAX_FILES})`,
      ),
      inSeveralFiles: store.prepare(
        `SELECT rule, fingerprint, count(DISTINCT place) AS count FROM findings WHERE gone = 0
         GROUP BY fingerprint, rule HAVING count(*) > 1`,
      ),
      add: store.prepare(
        `INSERT INTO findings
           (place, inside, rule, fingerprint, severity, detection, dev, ino, since, seen, alerted_at, state, owner, rank)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      update: store.prepare(
        `UPDATE findings SET place = ?, inside = ?, severity = ?, detection = ?, dev = ?, ino = ?, seen = ?, gone = 0, state = ?,
           alerted_at = ?, owner = ?, rank = ? WHERE number = ?`,
      ),
      setAlertedAt: store.prepare('UPDATE findings SET alerted_at = ? WHERE number = ?'),
      lose: store.prepare('UPDATE findings SET gone = ? WHERE number = ? AND gone = 0'),
      setState: store.prepare('UPDATE findings SET state = ?, rank = ? WHERE number = ?'),
      see: store.prepare('UPDATE findings SET seen = ?, gone = 0 WHERE number = ?'),
      remove: store.prepare('DELETE FROM findings WHERE number = ?'),
      age: store.prepare("UPDATE findings SET state = 'persisting' WHERE state IN ('new', 'moved')"),
      // Findings that were announced first: of these, only details are lost.
      least: store.prepare('SELECT * FROM findings WHERE owner = ? ORDER BY rank, alerted_at DESC LIMIT 1'),
      longestAlerted: store.prepare(
        'SELECT * FROM findings WHERE owner = ? AND rank = ? AND alerted_at < ? ORDER BY alerted_at LIMIT 1',
      ),
    };
  }

  /** Every place with findings. */
  *places(): Generator<string, void, undefined> {
    for (const { place } of this.#statements.places.iterate()) yield String(place);
  }

  /** The places from one string to before another, in their order. */
  placesBetween([from, to]: readonly [from: string, to: string]): KnownPlace[] {
    return this.#statements.between.all(from, to).map(({ place, owners, seen }) => ({
      place: String(place),
      owners: JSON.parse(String(owners)),
      seen: Number(seen),
    }));
  }

  countByOwner(): [owner: string, count: number][] {
    return this.#statements.counts.all().map(({ owner, count }) => [String(owner), Number(count)]);
  }

  get(number: number): FindingRow | undefined {
    const row = this.#statements.get.get(number);
    return row && rowOf(row);
  }

  /**
   * A key for each finding that exists: see `findingKey`. Not for those in unmodified files of packages, which are news
   * once the file has been modified.
   */
  keys(): bigint[] {
    const keys: bigint[] = [];
    for (const { place, inside, rule, fingerprint } of this.#statements.identities.iterate()) {
      const secret = { rule: String(rule), fingerprint: String(fingerprint), inside: insideOf(inside) };
      keys.push(findingKey(String(place), secret));
    }
    return keys;
  }

  /** In how many files this secret is known, up to a limit. */
  filesWith({ fingerprint, rule }: Detection): number {
    return Number(this.#statements.files.get(fingerprint, rule)?.['count'] ?? 0);
  }

  /** The secrets that are in several files, by `secretNumber`: in how many. */
  filesBySecret(): Map<number, number> {
    const files = new Map<number, number>();
    for (const { rule, fingerprint, count } of this.#statements.inSeveralFiles.iterate()) {
      const secret = { rule: String(rule), fingerprint: String(fingerprint) };
      files.set(secretNumber(secret), Number(count));
    }
    return files;
  }

  /** A suppressed one of an owner, else the least severe; of equally severe ones, one that was announced. */
  least(owner: string): FindingRow | undefined {
    const row = this.#statements.least.get(owner);
    return row && rowOf(row);
  }

  /** The same, if its rank is lower. */
  leastBelow(owner: string, rank: number): FindingRow | undefined {
    const row = this.#statements.least.get(owner);
    return row !== undefined && Number(row['rank']) < rank ? rowOf(row) : undefined;
  }

  /** Of those with this rank that were announced before a run, the one announced longest ago. */
  longestAlerted(owner: string, rank: number, before: number): FindingRow | undefined {
    const row = this.#statements.longestAlerted.get(owner, rank, before);
    return row && rowOf(row);
  }

  /** All findings, a few at a time, since those that were read may be changed during the iteration. */
  *all(): Generator<FindingRow, void, undefined> {
    let rows: FindingRow[];
    let last = 0;
    do {
      rows = this.#statements.after.all(last).map(rowOf);
      yield* rows;
      last = rows.at(-1)?.number ?? last;
    } while (rows.length > 0);
  }

  /** Findings that a run has not seen, also a few at a time. @param run its start */
  *notSeen(run: number): Generator<Whereabout, void, undefined> {
    let rows: Whereabout[];
    let last = 0;
    do {
      rows = this.#statements.notSeen.all(last, run).map(whereaboutOf);
      yield* rows;
      last = rows.at(-1)?.number ?? last;
    } while (rows.length > 0);
  }

  at(place: string): FindingRow[] {
    return this.#statements.at.all(place).map(rowOf);
  }

  /** The same secret elsewhere, a few of them: those in this owner's files first, there the longest known first. */
  alike({ fingerprint, rule, inside = '' }: Detection, place: string, owner: string): Whereabout[] {
    return this.#statements.alike.all(fingerprint, rule, place, owner, inside).map(whereaboutOf);
  }

  add(row: Omit<FindingRow, 'number' | 'gone'>): void {
    const { place, owner, detection, dev, ino, since, seen, alertedAt, state } = row;
    const { rule, fingerprint, severity, inside = '' } = detection;
    const text = JSON.stringify(detection);
    this.#statements.add.run(
      place,
      inside,
      rule,
      fingerprint,
      severity,
      text,
      dev,
      ino,
      since,
      seen,
      alertedAt,
      state,
      owner,
      rankOf(detection, state),
    );
  }

  /**
   * Stores a row whose place or detection has changed. Its rule and fingerprint are unchanged.
   * @returns false when the row no longer exists
   */
  update({ number, place, owner, detection, dev, ino, seen, alertedAt, state }: FindingRow): boolean {
    const { severity, inside = '' } = detection;
    const text = JSON.stringify(detection);
    const rank = rankOf(detection, state);
    const { update } = this.#statements;
    return (
      update.run(place, inside, severity, text, dev, ino, seen, state, alertedAt, owner, rank, number)
        .changes > 0
    );
  }

  setAlertedAt(number: number, at: number | null): void {
    this.#statements.setAlertedAt.run(at, number);
  }

  setState({ number, detection }: FindingRow, state: FindingRow['state']): void {
    this.#statements.setState.run(state, rankOf(detection, state), number);
  }

  /** A run has seen the finding, without its details. */
  see(number: number, at: number): void {
    this.#statements.see.run(at, number);
  }

  setGone(number: number, at: number): void {
    this.#statements.lose.run(at, number);
  }

  remove(number: number): void {
    this.#statements.remove.run(number);
  }

  /** Findings that were new in the last run no longer are. */
  age(): void {
    this.#statements.age.run();
  }
}

/**
 * How important it is to keep a finding: by its severity; less in an unmodified file of a package, and least if it is
 * suppressed.
 */
export function rankOf({ severity, shippedBy }: KnownDetection, state?: FindingRow['state']): number {
  if (state === 'suppressed') return -2;
  return shippedBy === undefined ? severities.indexOf(severity) : SHIPPED_RANK;
}

function insideOf(column: unknown): string | undefined {
  return column === '' ? undefined : String(column);
}

function rowOf(row: Readonly<Record<string, unknown>>): FindingRow {
  return { ...whereaboutOf(row), detection: JSON.parse(String(row['detection'])) };
}

function whereaboutOf(row: Readonly<Record<string, unknown>>): Whereabout {
  const state = String(row['state']);
  return {
    number: Number(row['number']),
    place: String(row['place']),
    inside: insideOf(row['inside']),
    owner: String(row['owner']),
    dev: Number(row['dev']),
    ino: Number(row['ino']),
    since: Number(row['since']),
    seen: Number(row['seen']),
    alertedAt: row['alerted_at'] === null ? null : Number(row['alerted_at']),
    gone: Number(row['gone']),
    state: state === 'new' || state === 'moved' || state === 'suppressed' ? state : 'persisting',
  };
}
