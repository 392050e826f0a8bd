/**
 * What a run of the scan knows about earlier ones, and stores for the next: findings, the file index, where the
 * last run stopped. Ensures the order of writes: a file counts as scanned only when its findings have been stored.
 */
import type { Announce, Log } from '../../host/log/index.ts';
import {
  type MountTable,
  type Platform,
  type Store,
  asStateFailure,
  cannotWrite,
} from '../../host/platform/index.ts';
import type { CoverageRecorder } from '../model/coverage.ts';
import { scanEvents } from '../model/events.ts';
import type { Suppressor } from '../findings/suppression.ts';
import {
  type UnfinishedFolder,
  UnfinishedLimit,
  type Remembered,
  type Root,
  isInside,
} from '../walk/index.ts';
import { DurableFindings } from '../findings/durable-findings.ts';
import { FileIndex } from '../walk/file-index/file-index.ts';
import { FindingHistory } from '../findings/finding-history.ts';
import type { SharedIndex } from '../walk/file-index/index-reader.ts';
import { Progress } from './progress.ts';
import { identityOf } from './index-identity.ts';
import type { PlaceSource } from '../model/source-place.ts';
import { Places, type WatchedPlaces } from '../model/watched-places.ts';
import { type RememberedRepository, RepositoryMemory } from './repository-memory.ts';
import { type WalkMemory, openMemory } from '../walk/file-index/walk-memory.ts';

/** Milliseconds and bytes after which new records are written. */
const WRITE_INTERVAL_MS = 1000;
const WRITE_SIZE_BYTES = 1024 * 1024;

export interface ScanStateOptions {
  readonly store: Store;
  readonly directory: string;
  readonly platform: Platform;
  readonly log: Log;
  readonly announce?: Announce | undefined;
  readonly coverage: CoverageRecorder;
  readonly key: Buffer;
  readonly version: string;
  /** As in `IndexIdentity`. */
  readonly code: string;
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
  readonly remind: number | undefined;
  readonly retell?: boolean | undefined;
  readonly suppressor: Suppressor;
  readonly isDisabled: (rule: string) => boolean;
  readonly redact: (text: string) => string;
  /** Options that affect what is found in a file. */
  readonly contentOptions: Readonly<Record<string, unknown>>;
  /** Scans every file again. */
  readonly full: boolean;
  readonly walkOptionsKey: string;
  /** Called for what cannot be read or written. */
  readonly mounts: MountTable;
  readonly roots: readonly Root[];
  readonly onFailure: (error: unknown) => void;
  /** Distinguishes runs that scan different files. */
  readonly scope: string;
}

export class ScanState {
  readonly findings: DurableFindings;
  /** For the main thread. */
  readonly memory: WalkMemory;
  /** For the other threads. */
  readonly index: SharedIndex;
  /** What the last run did not reach. */
  readonly unfinished: readonly Remembered[];
  readonly #options: ScanStateOptions;
  readonly #progress: Progress;
  readonly #index: FileIndex;
  readonly #repositories: RepositoryMemory;
  readonly #history: FindingHistory;
  /** Roots that did not respond. */
  readonly #silent = new Set<string>();
  /** Some findings are not in the store: from now on, no file may count as scanned. */
  #hasFailed = false;
  #writtenAt: number;

  /** @throws TaskError `cannot-write` */
  constructor(options: ScanStateOptions) {
    const { store, directory, platform, log, full, walkOptionsKey, redact } = options;
    this.#options = options;
    this.#progress = new Progress(store);
    const near = nearPlatform(options, this.#silent);
    this.#history = new FindingHistory({ ...options, platform: near });
    this.findings = new DurableFindings({
      ...options,
      history: this.#history,
      clock: platform.clock,
      onFailure: (error) => this.#failed(cannotWrite('the state database', store.path, error)),
    });
    const identity = identityOf({
      ...options,
      storeId: this.#progress.storeId,
      options: options.contentOptions,
    });
    this.#index = FileIndex.open(platform, directory, identity, {
      isTidy: this.#progress.isIndexStale,
      full,
      mayLookAt: (path) => options.mounts.isLocal(path),
    });
    const places = new Places(redact, options.key);
    this.#repositories = new RepositoryMemory({ store, places, identity, redact });
    const { state, folders } = this.#index;
    this.#progress.isIndexStale = false;
    log(state === 'damaged' ? scanEvents.indexDamaged : scanEvents.indexOpened, { state, folders });
    this.index = this.#index.shared;
    this.memory = openMemory(platform, this.index, walkOptionsKey, redact, this.#history.readAgain);
    this.unfinished = this.#progress.unfinished();
    if (this.unfinished.length > 0) log(scanEvents.resumed, { folders: this.unfinished.length });
    this.#writtenAt = platform.clock.monotonic();
  }

  /** The group whose folders the last run began with. */
  get lastGroup(): string | undefined {
    return this.#progress.lastGroup;
  }

  /** What was scanned of a repository's history. */
  repositoryAt(path: string): RememberedRepository | undefined {
    return this.#repositories.read(path);
  }

  /** The findings in it must have been added to the history. */
  rememberRepository(path: string, scanned: RememberedRepository): void {
    this.#attempt(() => {
      if (!this.#hasFailed) this.#repositories.write(path, scanned);
    });
  }

  /** What is known at a path. */
  knownAt(path: string): ReturnType<FindingHistory['knownAt']> {
    return this.#history.knownAt(path);
  }

  /** Places with findings, as of the start. */
  get watched(): WatchedPlaces {
    return this.#history.watched;
  }

  /** Files whose findings an earlier run dropped. */
  get readAgain(): FindingHistory['readAgain'] {
    return this.#history.readAgain;
  }

  /** The places of a source where something is known, as of the start. */
  knownIn(source: PlaceSource): ReturnType<FindingHistory['knownIn']> {
    return this.#history.knownIn(source);
  }

  /** Approximate number of files in the index. */
  get knownFiles(): number {
    return this.#index.files;
  }

  /** True when it is time for `write`. */
  get isWriteDue(): boolean {
    const { clock } = this.#options.platform;
    return (
      this.memory.journal.length > WRITE_SIZE_BYTES ||
      clock.monotonic() - this.#writtenAt >= WRITE_INTERVAL_MS
    );
  }

  /** From now on, this thread accesses nothing below this root. */
  doesNotAnswer(root: string): void {
    this.#silent.add(root);
  }

  /** Writes the new records of this thread. The files' findings must have been added to the history. */
  write(): void {
    this.append(this.memory.journal.take());
    this.#writtenAt = this.#options.platform.clock.monotonic();
  }

  /** Writes the new records of another thread, under the same condition. */
  append(records: Uint8Array): void {
    if (records.length === 0) return;
    this.#attempt(() => {
      this.#history.sync();
      if (!this.#hasFailed) this.#index.append(records);
    });
  }

  /**
   * Ends the run.
   * @param unfinished what it did not reach
   * @param roots of this run: unfinished folders of other roots remain
   * @param group the group whose folders it began with
   */
  finish(unfinished: readonly UnfinishedFolder[], roots: readonly string[], group: string | undefined): void {
    this.write();
    const known = new Map(this.unfinished.map((folder) => [folder.path, folder.turns]));
    const begun = new Set(unfinished.flatMap(({ path, isBegun }) => (isBegun ? [path] : [])));
    const paths = this.#options.platform.path;
    // A new folder inherits the turns of the folder that contains it; otherwise one could be created for each
    // run.
    const turnsOf = (path: string, root: string): number => {
      for (let at = path; ; at = paths.dirname(at)) {
        const turns = known.get(at);
        if (turns !== undefined || begun.has(at)) return (turns ?? 0) + (begun.has(at) ? 1 : 0);
        if (at.length <= root.length) return 0;
      }
    };
    const ours = unfinished
      .map(({ path, root }) => ({ path, root, turns: turnsOf(path, root) }))
      // Folders that have waited longest stay ahead of new ones.
      .sort((a, b) => Number(known.has(b.path)) - Number(known.has(a.path)));
    const others = this.unfinished.filter(({ root }) => !roots.includes(root));
    this.#attempt(() => {
      const room = new UnfinishedLimit();
      this.#progress.setUnfinished([...ours, ...others].filter((folder) => room.admits(folder)));
      this.#progress.lastGroup = group;
      if (unfinished.length === 0 && this.#index.isStale) this.#progress.isIndexStale = true;
    });
  }

  close(): void {
    this.memory.close();
    this.#attempt(() => this.#index.close());
  }

  /** Runs an action that may fail with the disk. If it does, the run continues and the index is no longer written. */
  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failed(asStateFailure('the state database', this.#options.store.path, error));
    }
  }

  #failed(error: unknown): void {
    this.#hasFailed = true;
    this.#options.onFailure(error);
  }
}

/**
 * The platform with which the history checks whether files still exist. This thread must not wait for file systems
 * that may not respond: they are accessed only below a root of this run, and not after it failed to respond.
 */
function nearPlatform({ platform, mounts, roots }: ScanStateOptions, silent: ReadonlySet<string>): Platform {
  const remote = roots.filter((root) => root.isRemote === true);
  const isBelow = (path: string, root: Root) => path === root.path || isInside(path, root, platform.path);
  const mayLookAt = (path: string) => {
    const root = remote.find((candidate) => isBelow(path, candidate));
    return root === undefined ? mounts.isLocal(path) : !silent.has(root.path);
  };
  const lookingAt = (path: string): string => {
    if (mayLookAt(path)) return path;
    throw Object.assign(new Error('its file system may not answer'), { code: 'ETIMEDOUT' });
  };
  const fs: Platform['fs'] = {
    ...platform.fs,
    status: (path) => platform.fs.status(lookingAt(path)),
    withoutLinks: (path) => platform.fs.withoutLinks(lookingAt(path)),
    reach: (path) => platform.fs.reach(lookingAt(path)),
  };
  return { ...platform, fs };
}
