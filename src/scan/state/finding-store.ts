/**
 * Findings in the store: rows and queries, no decisions. A finding is known by its place, its rule, its fingerprint and
 * which of several equal ones it is in its file; never by its line, which any edit moves.
 */
import type { Store } from '../../platform/index.ts';
import { type Finding, type Severity, severities } from '../../task.ts';
import type { Detection } from '../detection.ts';
import type { FileIdentity } from '../findings-by-file.ts';

/** A finding without its place. */
export type KnownDetection = Detection & Pick<Finding, 'exposure'>;

/** One finding, as it is kept. Times are in milliseconds since 1970. */
export interface FindingRow extends FileIdentity {
  readonly number: number;
  /** See `Places`. */
  readonly place: string;
  /** 0 for the first of several equal secrets in a file. */
  readonly nth: number;
  readonly detection: KnownDetection;
  /** When the secret was first seen. */
  readonly since: number;
  /** The start of the last run that read it. */
  readonly seen: number;
  /** When it was last logged; null when that is still to be done. */
  readonly told: number | null;
  /** The start of the run that first found it gone; 0 while it is there. */
  readonly gone: number;
  /** What is suppressed is known, and nobody has been told. */
  readonly state: 'new' | 'persisting' | 'moved' | 'suppressed';
}

type Counts = Readonly<Record<Severity, number>>;

export class FindingStore {
  readonly #statements;

  constructor(store: Store) {
    this.#statements = {
      after: store.prepare('SELECT * FROM findings WHERE number > ? ORDER BY number LIMIT 500'),
      places: store.prepare('SELECT DISTINCT place FROM findings UNION SELECT place FROM uncounted'),
      count: store.prepare('SELECT count(*) AS count FROM findings'),
      at: store.prepare('SELECT * FROM findings WHERE place = ?'),
      alike: store.prepare(
        'SELECT * FROM findings WHERE fingerprint = ? AND rule = ? AND place <> ? ORDER BY since LIMIT 20',
      ),
      add: store.prepare(
        `INSERT INTO findings
           (place, rule, fingerprint, nth, severity, detection, dev, ino, since, seen, told, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      update: store.prepare(
        `UPDATE findings SET place = ?, nth = ?, severity = ?, detection = ?, dev = ?, ino = ?, seen = ?, gone = 0, state = ?
         WHERE number = ?`,
      ),
      tell: store.prepare('UPDATE findings SET told = ? WHERE number = ?'),
      lose: store.prepare('UPDATE findings SET gone = ? WHERE number = ? AND gone = 0'),
      setState: store.prepare('UPDATE findings SET state = ? WHERE number = ?'),
      remove: store.prepare('DELETE FROM findings WHERE number = ?'),
      age: store.prepare("UPDATE findings SET state = 'persisting' WHERE state IN ('new', 'moved')"),
      uncounted: store.prepare('SELECT place, counts FROM uncounted'),
      setUncounted: store.prepare('INSERT OR REPLACE INTO uncounted VALUES (?, ?)'),
      dropUncounted: store.prepare('DELETE FROM uncounted WHERE place = ?'),
    };
  }

  /** Every place with findings. */
  places(): string[] {
    return this.#statements.places.all().map(({ place }) => String(place));
  }

  get count(): number {
    return Number(this.#statements.count.get()?.['count']);
  }

  /** All findings, a few at a time: those that were read may be changed meanwhile. */
  *all(): Generator<FindingRow, void, undefined> {
    let rows: FindingRow[];
    let last = 0;
    do {
      rows = this.#statements.after.all(last).map(rowOf);
      yield* rows;
      last = rows.at(-1)?.number ?? last;
    } while (rows.length > 0);
  }

  at(place: string): FindingRow[] {
    return this.#statements.at.all(place).map(rowOf);
  }

  /** The same secret elsewhere, the longest known first. */
  alike({ fingerprint, rule }: Detection, place: string): FindingRow[] {
    return this.#statements.alike.all(fingerprint, rule, place).map(rowOf);
  }

  add(row: Omit<FindingRow, 'number' | 'gone'>): void {
    const { place, nth, detection, dev, ino, since, seen, told, state } = row;
    const { rule, fingerprint, severity } = detection;
    const text = JSON.stringify(detection);
    this.#statements.add.run(
      place,
      rule,
      fingerprint,
      nth,
      severity,
      text,
      dev,
      ino,
      since,
      seen,
      told,
      state,
    );
  }

  /** Stores a row whose place or detection is another now. Its rule and fingerprint are what they were. */
  update({ number, place, nth, detection, dev, ino, seen, state }: FindingRow): void {
    const { severity } = detection;
    const text = JSON.stringify(detection);
    this.#statements.update.run(place, nth, severity, text, dev, ino, seen, state, number);
  }

  setTold(number: number, at: number): void {
    this.#statements.tell.run(at, number);
  }

  setState(number: number, state: FindingRow['state']): void {
    this.#statements.setState.run(state, number);
  }

  setGone(number: number, at: number): void {
    this.#statements.lose.run(at, number);
  }

  remove(number: number): void {
    this.#statements.remove.run(number);
  }

  /** What was new in the last run is not any more. */
  age(): void {
    this.#statements.age.run();
  }

  /** Findings of a file beyond those that are kept, by severity. */
  setUncounted(place: string, counts: Counts): void {
    if (severities.some((severity) => counts[severity] > 0)) {
      this.#statements.setUncounted.run(place, JSON.stringify(counts));
    } else this.#statements.dropUncounted.run(place);
  }

  uncounted(): { readonly place: string; readonly counts: Counts }[] {
    return this.#statements.uncounted
      .all()
      .map(({ place, counts }) => ({ place: String(place), counts: JSON.parse(String(counts)) }));
  }
}

function rowOf(row: Readonly<Record<string, unknown>>): FindingRow {
  const state = String(row['state']);
  return {
    number: Number(row['number']),
    place: String(row['place']),
    nth: Number(row['nth']),
    detection: JSON.parse(String(row['detection'])),
    dev: Number(row['dev']),
    ino: Number(row['ino']),
    since: Number(row['since']),
    seen: Number(row['seen']),
    told: row['told'] === null ? null : Number(row['told']),
    gone: Number(row['gone']),
    state: state === 'new' || state === 'moved' || state === 'suppressed' ? state : 'persisting',
  };
}
