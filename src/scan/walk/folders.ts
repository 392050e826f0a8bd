/**
 * Opens the folders of a walk. Only links above a root are followed, and file systems that are not local are
 * entered only if the root is on them.
 */
import {
  type FileStatus,
  type FolderWalk,
  type ForeignMount,
  type Mount,
  type MountTable,
  NotPassed,
  type Platform,
  type WalkedFolder,
} from '../../host/platform/index.ts';
import type { Folder, VisitedFolder } from './work.ts';

interface RootPlace {
  /** The path without links. */
  readonly path: string;
  readonly status: FileStatus;
  /** The device that it was on at first. */
  readonly mount: Mount | undefined;
}

/** The folder is on a file system that must not be entered. */
export class ForeignFolder extends Error {
  readonly reason: ForeignMount;

  constructor(reason: ForeignMount) {
    super(reason);
    this.reason = reason;
  }
}

/** A folder that the walk has reached. */
export class FolderPlace {
  /** The path without links, as far as is known. */
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

  /** Its status, if it was read. */
  get known(): FileStatus | undefined {
    return this.#opened?.status ?? this.#status;
  }

  /** Its status by path, which costs a fifth of opening it. Suitable only for comparison with an earlier status. */
  status(): FileStatus {
    return (this.#status ??= this.#platform.fs.status(this.path));
  }

  /**
   * Opens it, once.
   * @throws ForeignFolder, and the errors of `FolderWalk.open`
   */
  open(): VisitedFolder {
    return (this.#opened ??= this.#open());
  }
}

/** For one thread. Must be closed. */
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
   * A folder's place. Opening it closes the folder that was opened before.
   * @throws ForeignFolder when the folder is on a mount that is not entered
   * @throws LinkInPath when there is a link above the root that must not be followed
   */
  place({ path, root }: Folder): FolderPlace {
    const place = this.#rootOf(root);
    const real = place.path + path.slice(root.length);
    this.#mounts.refresh();
    const foreign = path === root ? undefined : this.#foreignMountOver(real, place.mount);
    if (foreign !== undefined) throw new ForeignFolder(foreign);
    return new FolderPlace(real, this.#platform, () => this.#open(real, place));
  }

  #open(path: string, { path: root, status: { dev: rootDevice } }: RootPlace): VisitedFolder {
    const foreignOf = (device: number, at = path) =>
      device === rootDevice ? undefined : this.#mounts.foreignDevice(device, at);
    const folder = this.#walkTo(path, root, foreignOf);
    const foreign = foreignOf(folder.status.dev);
    if (foreign !== undefined) throw new ForeignFolder(foreign);
    return { ...folder, isForeign: (device) => foreignOf(device) !== undefined };
  }

  /** @throws ForeignFolder for a folder behind a mount that is not entered, even if it was mounted just now */
  #walkTo(
    path: string,
    root: string,
    foreignOf: (device: number, at: string) => ForeignMount | undefined,
  ): WalkedFolder {
    // Above the root, an administrator's choice is followed.
    const mayPass = (at: string, device: number) =>
      at.length < root.length || foreignOf(device, at) === undefined;
    try {
      return this.#walk.open(path, mayPass);
    } catch (error) {
      if (!(error instanceof NotPassed)) throw error;
      throw new ForeignFolder(foreignOf(error.device, error.path) ?? 'unknown-file-system');
    }
  }

  /**
   * Decided by the mount table alone: why the mount that contains a folder is not entered, unless it is the one
   * of its root.
   */
  #foreignMountOver(path: string, ofRoot: Mount | undefined): ForeignMount | undefined {
    const mount = this.#mounts.mountOf(path);
    const isOfRoot = mount?.path === ofRoot?.path && mount?.type === ofRoot?.type;
    return isOfRoot ? undefined : mount?.foreign;
  }

  /** The state of a root; undefined until this thread requests a folder below it. */
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
      place = { path, status: this.#platform.fs.status(path), mount: this.#mounts.mountOf(path) };
      this.#roots.set(root, place);
    }
    return place;
  }
}

/**
 * The path of a root without links in it. Findings are reported below the root as it was named.
 * @throws LinkInPath when a link in it belongs to another user than root and the current one
 */
export function realRoot(root: string, { fs }: Platform): string {
  return fs.withoutLinks(root);
}

/** The path of a root without links above it; the root itself may be one. @throws LinkInPath like `realRoot` */
export function besideLinks(root: string, { fs, path: paths }: Platform): string {
  const parent = paths.dirname(root);
  return parent === root ? fs.withoutLinks(root) : paths.join(fs.withoutLinks(parent), paths.basename(root));
}
