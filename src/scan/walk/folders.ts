/**
 * Opens the folders of a walk: below roots that may be named by way of a link, without following any other, and never on a
 * file system that is not local unless the root is on it.
 */
import type { FolderWalk, ForeignMount, MountTable, Platform } from '../../platform/index.ts';
import type { Folder, VisitedFolder } from './work.ts';

interface RootPlace {
  /** Without links. */
  readonly path: string;
  readonly device: number;
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
   * Opens a folder; the one before is closed.
   * @returns why it is not entered, where that is so
   * @throws what `FolderWalk.open` does
   */
  open({ path, root }: Folder): VisitedFolder | ForeignMount {
    const place = this.#rootOf(root);
    const real = place.path + path.slice(root.length);
    this.#mounts.refresh();
    const foreign = path === root ? undefined : this.#mounts.foreignAt(real);
    if (foreign !== undefined) return foreign;
    const folder = this.#walk.open(real);
    const foreignOf = (device: number) =>
      device === place.device ? undefined : this.#mounts.foreignDevice(device, real);
    return (
      foreignOf(folder.status.dev) ?? { ...folder, isForeign: (device) => foreignOf(device) !== undefined }
    );
  }

  close(): void {
    this.#walk.close();
  }

  #rootOf(root: string): RootPlace {
    let place = this.#roots.get(root);
    if (place === undefined) {
      const path = realRoot(root, this.#platform);
      place = { path, device: this.#platform.fs.status(path).dev };
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
