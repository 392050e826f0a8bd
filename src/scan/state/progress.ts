/** How far the runs got: what the last one did not reach, and small notes. Rows of the store, no decisions. */
import { randomUUID } from 'node:crypto';
import type { Store } from '../../host/platform/index.ts';
import type { Remembered } from '../walk/index.ts';

/** Maximum number of folders that are stored. Others are found again in a walk from the roots. */
export const MAX_UNFINISHED = 10_000;

export class Progress {
  readonly #store: Store;
  /** Unique for each store that is created. */
  readonly storeId: string;

  constructor(store: Store) {
    this.#store = store;
    store.prepare("INSERT INTO notes VALUES ('store', ?) ON CONFLICT DO NOTHING").run(randomUUID());
    this.storeId = this.#note('store') ?? '';
  }

  /** Folders that the last run did not reach, in the order in which they were set. */
  unfinished(): Remembered[] {
    const rows = this.#store.prepare('SELECT path, root, turns FROM leftover ORDER BY rowid').all();
    return rows.map(({ path, root, turns }) => ({
      path: String(path),
      root: String(root),
      turns: Number(turns),
    }));
  }

  setUnfinished(folders: readonly Remembered[]): void {
    this.#store.transaction(() => {
      this.#store.prepare('DELETE FROM leftover').run();
      const add = this.#store.prepare('INSERT OR IGNORE INTO leftover VALUES (?, ?, ?)');
      for (const { path, root, turns } of folders.slice(0, MAX_UNFINISHED)) add.run(path, root, turns);
    });
  }

  /** Much of the file index is about folders that no longer exist. */
  get isIndexStale(): boolean {
    return this.#note('stale-index') === 'yes';
  }

  set isIndexStale(isStale: boolean) {
    const set = this.#store.prepare("INSERT OR REPLACE INTO notes VALUES ('stale-index', ?)");
    set.run(isStale ? 'yes' : 'no');
  }

  /** The group whose folders the last run began with: `FoldersFirst.group`. */
  get lastGroup(): string | undefined {
    return this.#note('first-group');
  }

  set lastGroup(group: string | undefined) {
    const set = this.#store.prepare("INSERT OR REPLACE INTO notes VALUES ('first-group', ?)");
    if (group !== undefined) set.run(group);
  }

  #note(name: string): string | undefined {
    const value = this.#store.prepare('SELECT value FROM notes WHERE name = ?').get(name)?.['value'];
    return value === undefined ? undefined : String(value);
  }
}
