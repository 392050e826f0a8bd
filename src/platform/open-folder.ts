/**
 * Opens folders so that what is opened is what was named, even if another user exchanges a folder for a link meanwhile.
 * `O_NOFOLLOW` alone protects only the last component of a path. Here the kernel is asked where the opened folder is, and
 * entries are then reached through its descriptor, whatever becomes of its path.
 *
 * - Linux: `readlink /proc/self/fd/N` (proc(5)) must say the path that was opened. A folder reached through a link, one that
 *   was moved and one that was deleted all say something else.
 * - macOS: `O_NOFOLLOW_ANY` (open(2)) refuses a link in any component.
 * - Windows, and Linux without `/proc`: the resolved path must be the path that was named, before and after. A user who
 *   exchanges the folder twice between two of these calls is not noticed.
 */
import {
  type Stats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { posix, win32 } from 'node:path';
import { codeOf } from '../errors.ts';
import { untrustedOwner } from './file-access.ts';
import type { FileStatus } from './file-system.ts';
import { NO_LINK, O_DIRECTORY, O_NONBLOCK } from './open-flags.ts';

const paths = process.platform === 'win32' ? win32 : posix;

const FOLDER_FLAGS = constants.O_RDONLY | O_DIRECTORY | O_NONBLOCK | NO_LINK;

/** A path leads through a link that another user could have made, or the folder is not where it was opened. */
export class LinkInPath extends Error {
  override readonly name = 'LinkInPath';
  /** As of a link in the last component (open(2)). */
  readonly code = 'ELOOP';
}

/** By its name: each part of the executable contains its own copy of the class. */
export function isLinkInPath(error: unknown): error is LinkInPath {
  return Error.isError(error) && error.name === 'LinkInPath';
}

/** A folder that stays the same one, whatever becomes of its path. To be closed. */
export interface OpenFolder {
  /** Absolute, without links. */
  readonly path: string;
  readonly dev: number;
  readonly ino: number;
  /** When it was opened. */
  readonly status: FileStatus;
  /** A path for the system's calls that leads to the entry of this name in this very folder. */
  pathOf(name: string): string;
  close(): void;
}

/**
 * Opens a folder by an absolute path without links, such as `withoutLinks` returns.
 * @throws LinkInPath when the path leads elsewhere; otherwise what the system says (`ENOTDIR` when it is no folder)
 */
export function openFolder(path: string): OpenFolder {
  if (process.platform === 'win32') return openByPath(path);
  const descriptor = openNoFollow(path);
  try {
    const status = fstatSync(descriptor);
    const { dev, ino } = status;
    if (!isAt(descriptor, path, dev, ino)) throw new LinkInPath(`${path} leads elsewhere`);
    const base = process.platform === 'linux' && hasProc ? `/proc/self/fd/${descriptor}/` : undefined;
    return {
      path,
      dev,
      ino,
      status,
      pathOf: (name) => (base === undefined ? paths.join(path, name) : base + name),
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** @throws LinkInPath for a link in the last component, and on macOS in any */
function openNoFollow(path: string): number {
  try {
    return openSync(path, FOLDER_FLAGS);
  } catch (error) {
    // Linux says ENOTDIR of a link that must be a folder.
    const isLink =
      codeOf(error) === 'ELOOP' || (codeOf(error) === 'ENOTDIR' && lstatSync(path).isSymbolicLink());
    if (!isLink) throw error;
    throw new LinkInPath(`${path} is or leads through a link`);
  }
}

/** False once it is known that `/proc` is not mounted. */
let hasProc = true;

function isAt(descriptor: number, path: string, dev: number, ino: number): boolean {
  if (process.platform === 'linux' && hasProc) {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`) === path;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      hasProc = false;
    }
  }
  const status = lstatSync(path);
  return status.dev === dev && status.ino === ino && realpathSync.native(path) === path;
}

/** @throws LinkInPath for a link, and as the system does (ENOTDIR) for anything else that is not a folder */
export function refuseOtherThanFolder(path: string, status: FileStatus): void {
  if (status.isDirectory()) return;
  if (status.isSymbolicLink()) throw new LinkInPath(`${path} is a link`);
  throw Object.assign(new Error(`ENOTDIR: ${path} is not a folder`), { code: 'ENOTDIR' });
}

/** Where a folder cannot be held open. */
function openByPath(path: string): OpenFolder {
  const status = lstatSync(path);
  const { dev, ino } = status;
  refuseOtherThanFolder(path, status);
  // Names on Windows do not tell capitals from small letters.
  if (realpathSync.native(path).toLowerCase() !== path.toLowerCase()) {
    throw new LinkInPath(`${path} leads elsewhere`);
  }
  return { path, dev, ino, status, pathOf: (name) => paths.join(path, name), close: () => undefined };
}

/** Links that are followed on the way; a circle of them must end too (as MAXSYMLINKS of path_resolution(7)). */
const MAX_LINKS = 40;

/**
 * The absolute path without links, for a path that an administrator names. Links on the way are followed if they belong to
 * root or to the user of this process: any other user could let them lead anywhere. On Windows none is, since their owners
 * are not known.
 * @param path absolute; what is missing at its end stays as it is
 * @param visit called with each component that is no link, from the top down; it may throw
 * @throws LinkInPath that names the link; otherwise what the system says
 */
export function withoutLinks(path: string, visit?: (path: string, status: Stats) => void): string {
  const top = paths.parse(path).root;
  let rest = paths
    .normalize(path)
    .slice(top.length)
    .split(paths.sep)
    .filter((part) => part !== '');
  let resolved = top;
  visit?.(top, lstatSync(top));
  for (let links = 0; rest.length > 0;) {
    const [name = '', ...others] = rest;
    const next = paths.join(resolved, name);
    let status;
    try {
      status = lstatSync(next);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return paths.join(resolved, ...rest);
      throw error;
    }
    if (!status.isSymbolicLink()) {
      visit?.(next, status);
      resolved = next;
      rest = others;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) throw new LinkInPath(`${path} has too many links`);
    if (process.getuid === undefined) throw new LinkInPath(`${next} is a link; name the place it leads to`);
    if (untrustedOwner(status) !== undefined) {
      throw new LinkInPath(`${next} is a link of user ${status.uid}, who could let it lead anywhere`);
    }
    const target = paths.normalize(readlinkSync(next));
    if (paths.isAbsolute(target)) resolved = top;
    rest = [...target.split(paths.sep).filter((part) => part !== ''), ...others];
    // A relative target may go up: that is from the folder of the link, which has no links in it any more.
    while (rest[0] === '..') {
      resolved = paths.dirname(resolved);
      rest = rest.slice(1);
    }
  }
  return resolved;
}
