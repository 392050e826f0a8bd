/**
 * Files with findings for which the store had no room: how many findings, and when the file was read. These files
 * are read again in each run. One row per file, up to a limit for each owner; beyond it, all files of that owner
 * are read again. Only rows and queries: `finding-history.ts` decides what is dropped.
 */
import type { Store } from '../../host/platform/index.ts';
import type { FileIdentity } from './findings-by-file.ts';
import type { SeverityCounts } from '../model/severity-counts.ts';

/** Maximum number of rows of one owner. */
const MAX_DROPPED_FILES = 20_000;

export interface DroppedFile extends FileIdentity {
  /** See `Places`. */
  readonly place: string;
  readonly owner: string;
  /** The start of the run that last read it. */
  readonly at: number;
  /** Whether that run read it to its end. */
  readonly isWhole: boolean;
  /** Findings that are not kept. All zero when only suppressed ones were dropped. */
  readonly counts: Readonly<SeverityCounts>;
  /** Those that were announced while they were kept, so that they are not announced again: see `announcementId`. */
  readonly announced: ReadonlySet<string>;
}

export class DroppedFiles {
  readonly #statements;
  readonly #scope: string;
  readonly #store: Store;
  readonly #counts = new Map<string, number>();
  /** Owners with too many such files, as of the start. */
  readonly owners: ReadonlySet<string>;
  /** Owners with too many in this run. */
  readonly #overflowing = new Set<string>();
  /** Those of them that are recorded in the store. */
  readonly #noted = new Set<string>();

  /** @param scope identifies runs over the same files */
  constructor(store: Store, scope: string) {
    this.#scope = scope;
    this.#store = store;
    this.#statements = {
      after: store.prepare('SELECT * FROM dropped WHERE place > ? ORDER BY place LIMIT 500'),
      places: store.prepare('SELECT place FROM dropped'),
      at: store.prepare('SELECT * FROM dropped WHERE place = ?'),
      set: store.prepare('INSERT OR REPLACE INTO dropped VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
      remove: store.prepare('DELETE FROM dropped WHERE place = ?'),
      overflow: store.prepare('INSERT OR IGNORE INTO dropped_beyond VALUES (?, ?)'),
      forget: store.prepare('DELETE FROM dropped_beyond WHERE owner = ? AND scope = ?'),
    };
    this.recount();
    const owners = store.prepare('SELECT DISTINCT owner FROM dropped_beyond').all();
    this.owners = new Set(owners.map(({ owner }) => String(owner)));
  }

  /** Counts the rows in the store, after a change that was rolled back. */
  recount(): void {
    const counts = this.#store.prepare('SELECT owner, count(*) AS count FROM dropped GROUP BY owner').all();
    this.#counts.clear();
    for (const { owner, count } of counts) this.#counts.set(String(owner), Number(count));
    // Written again with the next file.
    this.#noted.clear();
  }

  *places(): Generator<string, void, undefined> {
    for (const { place } of this.#statements.places.iterate()) yield String(place);
  }

  /** All rows, read in small groups, so that rows may be removed during the iteration. */
  *all(): Generator<DroppedFile, void, undefined> {
    let rows: DroppedFile[];
    let last = '';
    do {
      rows = this.#statements.after.all(last).map(rowOf);
      yield* rows;
      last = rows.at(-1)?.place ?? last;
    } while (rows.length > 0);
  }

  at(place: string): DroppedFile | undefined {
    const row = this.#statements.at.get(place);
    return row && rowOf(row);
  }

  /**
   * @param isNeeded exceeds the limit, for a file that this run may not read
   * @returns false when there is no room: the file is not recorded, and all files of its owner will be read again
   */
  set(file: DroppedFile, before: DroppedFile | undefined, isNeeded: boolean): boolean {
    const { place, owner, at, isWhole, dev, ino, counts, announced } = file;
    if (before === undefined && !isNeeded && (this.#counts.get(owner) ?? 0) >= MAX_DROPPED_FILES) {
      if (!this.#noted.has(owner)) this.#statements.overflow.run(owner, this.#scope);
      this.#noted.add(owner);
      this.#overflowing.add(owner);
      return false;
    }
    if (before?.owner !== owner) {
      if (before !== undefined) this.#count(before.owner, -1);
      this.#count(owner, 1);
    }
    this.#statements.set.run(
      place,
      owner,
      at,
      isWhole ? 1 : 0,
      dev,
      ino,
      JSON.stringify(counts),
      [...announced].join(' '),
    );
    return true;
  }

  remove({ place, owner }: DroppedFile): void {
    this.#statements.remove.run(place);
    this.#count(owner, -1);
  }

  /** Called when the run has read all files: owners that stayed within the limit need only their rows. */
  settle(): void {
    for (const owner of this.owners) {
      if (!this.#overflowing.has(owner)) this.#statements.forget.run(owner, this.#scope);
    }
  }

  #count(owner: string, by: number): void {
    this.#counts.set(owner, (this.#counts.get(owner) ?? 0) + by);
  }
}

function rowOf(row: Readonly<Record<string, unknown>>): DroppedFile {
  return {
    place: String(row['place']),
    owner: String(row['owner']),
    at: Number(row['at']),
    isWhole: row['whole'] === 1,
    dev: Number(row['dev']),
    ino: Number(row['ino']),
    counts: JSON.parse(String(row['counts'])),
    // Version 0.1.0 also numbered equal secrets of a file: `ID.0`, `ID.1`.
    announced: new Set(String(row['announced']).match(/(?<![.\w])\w+/g)),
  };
}
