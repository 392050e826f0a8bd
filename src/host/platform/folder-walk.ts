/**
 * Opens the folders of a walk one after the other, without following a link or triggering an automount.
 *
 * - Linux: every folder is opened relative to the descriptor of its parent. `O_PATH | O_NOFOLLOW` (open(2)) opens a link itself, opens
 *   no FIFO or device and triggers no automount. Parents stay open, so a walk needs one open for each folder.
 * - macOS and Windows: `openFolder`, whose header describes the remaining gaps.
 */
import { closeSync, constants, fstatSync, openSync, readlinkSync } from 'node:fs';
import { codeOf } from '../exit/task-error.ts';
import { LinkInPath, openFolder, refuseOtherThanFolder } from './open-folder.ts';
import type { FileStatus } from './file-status.ts';
import { O_PATH } from './open-flags.ts';

/** A folder that stays the same until the walk opens the next one, whatever happens to its path. */
export interface WalkedFolder {
  /** Absolute, without links. */
  readonly path: string;
  /** Status of the folder itself. */
  readonly status: FileStatus;
  /** A path for system calls that leads to the entry of this name in exactly this folder. */
  pathOf(name: string): string;
}

/** True if entries below this path, on this device, may be accessed. */
export type MayPass = (path: string, device: number) => boolean;

/** A folder on the path is on a device that must not be entered. */
export class NotPassed extends Error {
  override readonly name = 'NotPassed';
  readonly path: string;
  readonly device: number;

  constructor(path: string, device: number) {
    super(`${path} is on another file system`);
    this.path = path;
    this.device = device;
  }
}

/** For one thread, and one folder at a time. Must be closed. */
export interface FolderWalk {
  /**
   * Opens a folder by an absolute path without links. The previously opened folder must not be used any more.
   * @param mayPass called for each folder on the path that is on another device than its parent, before anything in it is accessed:
   *   a file system that is mounted there may never answer
   * @throws LinkInPath when there is a link on the path or the folder was moved; NotPassed when `mayPass` returns false; otherwise the
   *   system's error
   */
  open(path: string, mayPass?: MayPass): WalkedFolder;
  close(): void;
}

/** Parents that stay open, at most: a walk with eight threads stays below the usual limit of 1,024 descriptors. */
const MAX_HELD_FOLDERS = 64;

/** A walk for this operating system. */
export function newFolderWalk(): FolderWalk {
  return process.platform === 'linux' && hasDescriptorPaths() ? new DescriptorWalk() : new PathWalk();
}

function hasDescriptorPaths(): boolean {
  try {
    readlinkSync('/proc/self/fd/0');
    return true;
  } catch (error) {
    // Standard input may be closed: check for the folder of descriptors itself.
    if (codeOf(error) !== 'ENOENT') return false;
    try {
      closeSync(openSync('/proc/self/fd', constants.O_RDONLY));
      return true;
    } catch {
      return false;
    }
  }
}

interface Held {
  readonly path: string;
  readonly descriptor: number;
  /** Prefix for the paths of its entries. */
  readonly base: string;
  readonly device: number;
}

class DescriptorWalk implements FolderWalk {
  /** Each one is inside the previous one. */
  readonly #held: Held[] = [];

  open(path: string, mayPass?: MayPass): WalkedFolder {
    try {
      return this.#open(path, mayPass);
    } catch (error) {
      // A parent was moved while it was held open, and another folder may be in its place.
      if (!(error instanceof Moved)) throw error;
      this.close();
    }
    try {
      return this.#open(path, mayPass);
    } catch (error) {
      if (error instanceof Moved) throw new LinkInPath(`${path} was moved while it was opened`);
      throw error;
    }
  }

  close(): void {
    for (const { descriptor } of this.#held.splice(0)) closeSync(descriptor);
  }

  #open(path: string, mayPass: MayPass | undefined): WalkedFolder {
    const above = this.#above(path);
    let folder = above ?? this.#hold('/', '/');
    const rest = path.slice(folder.path === '/' ? 1 : folder.path.length + 1);
    if (rest !== '') {
      for (const name of rest.split('/')) {
        const next = folder.path === '/' ? `/${name}` : `${folder.path}/${name}`;
        const { device } = folder;
        folder = this.#hold(next, folder.base + name);
        if (next === path || folder.device === device || mayPass?.(next, folder.device) !== false) continue;
        this.#release();
        throw new NotPassed(next, folder.device);
      }
    }
    const status = fstatSync(folder.descriptor);
    if (!status.isDirectory()) this.#release();
    refuseOtherThanFolder(path, status);
    if (readlinkSync(`/proc/self/fd/${folder.descriptor}`) !== path) throw new Moved();
    const { base } = folder;
    return { path, status, pathOf: (name) => base + name };
  }

  /** The deepest held parent of the path. Held folders that are not parents of it are released. */
  #above(path: string): Held | undefined {
    for (let held = this.#held.at(-1); held !== undefined; held = this.#held.at(-1)) {
      const { path: above } = held;
      const isAbove = above === '/' ? path !== '/' : path.startsWith(above) && path[above.length] === '/';
      if (isAbove) return held;
      this.#release();
    }
    return undefined;
  }

  #hold(path: string, by: string): Held {
    let descriptor: number;
    try {
      descriptor = openSync(by, O_PATH | constants.O_NOFOLLOW);
    } catch (error) {
      const last = this.#held.at(-1);
      // A link has no entries.
      if (codeOf(error) === 'ENOTDIR' && last !== undefined && fstatSync(last.descriptor).isSymbolicLink()) {
        this.#release();
        throw new LinkInPath(`${last.path} is a link`);
      }
      throw error;
    }
    if (this.#held.length === MAX_HELD_FOLDERS) closeSync(this.#held.shift()?.descriptor ?? -1);
    // For a mount, the kernel knows the device without asking the file system.
    const { dev } = fstatSync(descriptor);
    const held = { path, descriptor, base: `/proc/self/fd/${descriptor}/`, device: dev };
    this.#held.push(held);
    return held;
  }

  #release(): void {
    const held = this.#held.pop();
    if (held !== undefined) closeSync(held.descriptor);
  }
}

/** A folder that is held open is no longer at its path. */
class Moved extends Error {}

class PathWalk implements FolderWalk {
  #close: (() => void) | undefined;

  open(path: string): WalkedFolder {
    this.close();
    const folder = openFolder(path);
    this.#close = () => folder.close();
    return { path, status: folder.status, pathOf: (name) => folder.pathOf(name) };
  }

  close(): void {
    this.#close?.();
    this.#close = undefined;
  }
}
