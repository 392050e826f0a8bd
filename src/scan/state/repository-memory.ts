/** Which parts of which repositories earlier runs have scanned: a pack never changes, and is scanned once. Rows of the store. */
import type { Store } from '../../host/platform/index.ts';
import type { GapReason } from '../model/coverage.ts';
import type { Places } from '../model/watched-places.ts';

/** Something in a repository that was not scanned. */
export interface RepositoryGap {
  readonly path: string;
  readonly reason: GapReason;
}

export interface RememberedRepository {
  /** Of the parts that were scanned: `Part.key`. */
  readonly keys: readonly string[];
  /** What could not be scanned in them, and never will be. */
  readonly gaps: readonly RepositoryGap[];
}

/** Gaps of a repository that are remembered. If there are more, the repository is not. */
const MAX_GAPS = 100;
const MAX_REPOSITORIES = 20_000;
/** A key has 16 hexadecimal digits. */
const KEY_BYTES = 8;

const lasting: ReadonlySet<GapReason> = new Set([
  'damaged',
  'unsupported',
  'container-limit',
  'too-slow',
  'encrypted',
]);

/** True for what another attempt would not change. */
export function isLasting({ reason }: RepositoryGap): boolean {
  return lasting.has(reason);
}

export interface RepositoryMemoryOptions {
  readonly store: Store;
  readonly places: Places;
  /** Differs when other things are found in the same content. */
  readonly identity: Buffer;
  /** Replaces secrets in paths. */
  readonly redact: (text: string) => string;
}

export class RepositoryMemory {
  readonly #options: RepositoryMemoryOptions;
  readonly #statements;

  constructor(options: RepositoryMemoryOptions) {
    const { store } = options;
    this.#options = options;
    this.#statements = {
      get: store.prepare('SELECT keys, gaps FROM repositories WHERE place = ? AND identity = ?'),
      set: store.prepare(
        'INSERT OR REPLACE INTO repositories (place, identity, keys, gaps) VALUES (?, ?, ?, ?)',
      ),
      remove: store.prepare('DELETE FROM repositories WHERE place = ?'),
      // Those that were written longest ago.
      trim: store.prepare(
        `DELETE FROM repositories WHERE rowid <= (SELECT rowid FROM repositories ORDER BY rowid DESC LIMIT 1 OFFSET ${MAX_REPOSITORIES})`,
      ),
    };
  }

  /** Undefined for a repository that was not scanned, or with other rules. */
  read(path: string): RememberedRepository | undefined {
    const row = this.#statements.get.get(this.#placeOf(path), this.#options.identity);
    if (row === undefined || !(row['keys'] instanceof Uint8Array)) return undefined;
    const keys = Buffer.from(row['keys']).toString('hex');
    const gaps: readonly RepositoryGap[] = JSON.parse(String(row['gaps']));
    return { keys: keys.match(/.{16}/g) ?? [], gaps };
  }

  write(path: string, { keys, gaps }: RememberedRepository): void {
    const place = this.#placeOf(path);
    const { store, identity, redact } = this.#options;
    store.transaction(() => {
      if (gaps.length > MAX_GAPS) {
        this.#statements.remove.run(place);
        return;
      }
      const shown = gaps.map((gap) => ({ ...gap, path: redact(gap.path) }));
      const bytes = Buffer.alloc(keys.length * KEY_BYTES);
      for (const [index, key] of keys.entries()) bytes.write(key, index * KEY_BYTES, 'hex');
      this.#statements.set.run(place, identity, bytes, JSON.stringify(shown));
      this.#statements.trim.run();
    });
  }

  #placeOf(path: string): string {
    return this.#options.places.placeOf(path);
  }
}
