/**
 * Opens the folders of a walk: below roots that may be named by way of a link, without following any other, and never on a
 * file system that is not local unless the root is on it.
 */
import type { FileStatus, FolderWalk, ForeignMount, MountTable, Platform } from '../../platform/index.ts';
import type { Folder, VisitedFolder } from './work.ts';

interface RootPlace {
  /** Without links. */
  readonly path: string;
  readonly status: FileStatus;
}

/** What was opened is on a file system that is not entered. */
export class ForeignFolder extends Error {
  readonly reason: ForeignMount;

  constructor(reason: ForeignMount) {
    super(reason);
    this.reason = reason;
  }
}

/** A folder that has its turn. */
export class FolderPlace {
  /** Without links, as far as is known. */
  readonly path: string;
  readonly #platform: Platform;
  readonly #open: () => VisitedFolder;
  #opened: VisitedFolder | undefined;
  #status: FileStatus | undefined;

  constructor(path: string, platform: Platform, open: () => VisitedFolder) {
    this.path = path;
    this.#platform = platform;
    this.#open = open;
  }

  /** Its status, if it was asked for. */
  get known(): FileStatus | undefined {
    return this.#opened?.status ?? this.#status;
  }

  /** By its path, which costs a fifth of opening it. Proves only that the folder is the one of an earlier status. */
  status(): FileStatus {
    return (this.#status ??= this.#platform.fs.status(this.path));
  }

  /**
   * Opens it, once.
   * @throws ForeignFolder, and what `FolderWalk.open` does
   */
  open(): VisitedFolder {
    return (this.#opened ??= this.#open());
  }
}

/** For one thread. To be closed. */
export class Folders {
  readonly #platform: Platform;
  readonly #mounts: MountTable;
  readonly #walk: FolderWalk;
  readonly #roots = new Map<string, RootPlace>();

  constructor(platform: Platform, mounts: MountTable) {
    this.#platform = platform;
    this.#mounts = mounts;
    this.#walk = platform.fs.folderWalk();
  }

  /**
   * A folder's place, which is opened when it is asked to be: the one before is closed then.
   * @returns why it is not entered, where the mounts say so
   * @throws LinkInPath when there is a link above the root that is not to be followed
   */
  place({ path, root }: Folder): FolderPlace | ForeignMount {
    const place = this.#rootOf(root);
    const real = place.path + path.slice(root.length);
    this.#mounts.refresh();
    const foreign = path === root ? undefined : this.#mounts.foreignAt(real);
    return foreign ?? new FolderPlace(real, this.#platform, () => this.#open(real, place.status.dev));
  }

  #open(path: string, rootDevice: number): VisitedFolder {
    const folder = this.#walk.open(path);
    const foreignOf = (device: number) =>
      device === rootDevice ? undefined : this.#mounts.foreignDevice(device, path);
    const foreign = foreignOf(folder.status.dev);
    if (foreign !== undefined) throw new ForeignFolder(foreign);
    return { ...folder, isForeign: (device) => foreignOf(device) !== undefined };
  }

  /** Of a root; undefined as long as this thread has asked for no folder below it. */
  statusOfRoot(root: string): FileStatus | undefined {
    return this.#roots.get(root)?.status;
  }

  close(): void {
    this.#walk.close();
  }

  #rootOf(root: string): RootPlace {
    let place = this.#roots.get(root);
    if (place === undefined) {
      const path = realRoot(root, this.#platform);
      place = { path, status: this.#platform.fs.status(path) };
      this.#roots.set(root, place);
    }
    return place;
  }
}

/**
 * Where a root is, without links above it. What is found below is reported by the name that the root was given.
 * @throws LinkInPath when a link above it belongs to another user than root and the current one
 */
export function realRoot(root: string, { fs, path: paths }: Platform): string {
  const parent = paths.dirname(root);
  // A drive or a share has nothing above it, and yet a last name in Node's eyes.
  return parent === root ? fs.withoutLinks(root) : paths.join(fs.withoutLinks(parent), paths.basename(root));
}
