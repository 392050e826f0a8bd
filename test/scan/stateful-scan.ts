/** Runs of the scan that know each other: real files, a real store, and what each run says. */
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { dirname, join } from 'node:path';
import type { Fields, LogEvent } from '../../src/host/log/index.ts';
import { type Platform, hostPlatform, openStore } from '../../src/host/platform/index.ts';
import { findingSchema } from '../../src/scan/state/store-schema.ts';
import { scanOnce } from './scan-once.ts';
import type { ScanOutcome } from '../../src/scan/model/finding.ts';

export interface StatefulRun {
  readonly outcome: ScanOutcome;
  readonly records: readonly { readonly id: string; readonly level: string; readonly fields: Fields }[];
  /** The names of the files, below the root, that records of findings are about, as `event name`. */
  readonly said: readonly string[];
  /** Paths that were opened. */
  readonly opened: readonly string[];
}

export interface Setting {
  readonly roots?: readonly string[];
  readonly options?: Readonly<Record<string, unknown>>;
  /** Milliseconds to add to the clock. */
  readonly later?: number;
  readonly version?: string;
  /** Stops the scan after so many files. */
  readonly stopAfter?: number;
  /** Called at the first file that is opened. */
  readonly onFirst?: () => void;
  readonly threads?: boolean;
  /** Announces known findings again. */
  readonly retell?: boolean;
  /** Without a store, as a dry run is. */
  readonly stateless?: boolean;
  /** Says whether there is room for a record that must not be dropped. */
  readonly accepts?: (event: LogEvent, owner: string) => boolean;
}

/** A tree and a state directory. */
export class Machine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'stateful-'));
  readonly root = join(this.#folder, 'root');
  readonly state = join(this.#folder, 'state');

  constructor(files: Readonly<Record<string, string>> = {}) {
    mkdirSync(this.root);
    mkdirSync(this.state, { mode: 0o700 });
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  path(name: string): string {
    return join(this.root, name);
  }

  /** Writes a file. Its time is an hour ago, so that it is not taken for one that changes just now. */
  write(name: string, text: string | Buffer): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
    const hourAgo = Date.now() / 1000 - 3600;
    utimesSync(this.path(name), hourAgo, hourAgo);
  }

  async run({
    roots = [this.root],
    options,
    later = 0,
    version = '1',
    stopAfter,
    onFirst,
    threads,
    retell = false,
    stateless = false,
    accepts = () => true,
  }: Setting = {}): Promise<StatefulRun> {
    const records: { id: string; level: string; fields: Fields }[] = [];
    const opened: string[] = [];
    const stop = new AbortController();
    const host = hostPlatform({});
    const open = (path: string) => {
      const descriptor = host.fs.open(path);
      opened.push(readlinkSync(`/proc/self/fd/${descriptor}`));
      if (opened.length === 1) onFirst?.();
      if (opened.length === stopAfter) stop.abort('SIGTERM');
      return descriptor;
    };
    const platform: Platform = {
      ...host,
      // A file system of its own is scanned by one thread.
      fs: threads === true ? host.fs : { ...host.fs, open },
      clock: { ...host.clock, now: () => host.clock.now() + later },
    };
    const { store } = await openStore(platform, this.state, { scan: findingSchema });
    try {
      const outcome = await scanOnce(
        { roots, ...options },
        {
          platform,
          log: ({ id, level }, fields = {}) => void records.push({ id, level, fields }),
          announce: (event, fields, owner) => {
            const isAccepted = accepts(event, owner);
            if (isAccepted) records.push({ id: event.id, level: event.level, fields });
            return isAccepted;
          },
          signal: stop.signal,
          state: stateless
            ? undefined
            : { directory: this.state, store, onFailure: raise, commit: () => false },
          retell,
          version,
        },
      );
      const said = records
        .filter(({ id }) => id.startsWith('scan.finding'))
        .map(({ id, fields }) => `${id.slice(5)} ${pathOf(fields).slice(this.root.length + 1)}`);
      return { outcome, records, said: said.sort(), opened };
    } finally {
      store.close();
    }
  }

  /** How many rows a table of the store has. */
  rowsOf(table: string): number {
    const database = new DatabaseSync(join(this.state, 'state.db'), { readOnly: true });
    try {
      return Number(database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count']);
    } finally {
      database.close();
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function raise(error: unknown): never {
  throw error;
}

function pathOf({ path }: Fields): string {
  return typeof path === 'string' ? path : '';
}
