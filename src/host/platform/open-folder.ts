/**
 * Opens exactly the folder that was named, even if another user replaces a folder with a link in the meantime. `O_NOFOLLOW` alone
 * protects only the last component of a path. Here, the kernel is asked for the location of the opened folder, and entries are then
 * accessed through its descriptor, whatever happens to its path.
 *
 * - Linux: `readlink /proc/self/fd/N` (proc(5)) must return the path that was opened. It returns something else for a folder that was
 *   reached through a link, moved or deleted.
 * - macOS: `O_NOFOLLOW_ANY` (open(2)) refuses a link in any component.
 * - Windows, and Linux without `/proc`: the resolved path must be the named path, before and after. A user who replaces the folder
 *   twice between two of these calls is not noticed.
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
import { codeOf } from '../exit/task-error.ts';
import { untrustedOwner } from './file-access.ts';
import type { FileStatus } from './file-status.ts';
import { NO_LINK, O_DIRECTORY, O_NONBLOCK, O_PATH } from './open-flags.ts';

const paths = process.platform === 'win32' ? win32 : posix;

const FOLDER_FLAGS = constants.O_RDONLY | O_DIRECTORY | O_NONBLOCK | NO_LINK;

/** A path contains a link that another user could have made, or the folder was moved. */
export class LinkInPath extends Error {
  override readonly name = 'LinkInPath';
  /** The code for a link in the last component (open(2)). */
  readonly code = 'ELOOP';
}

/** Checks the name: each part of the executable has its own copy of the class. */
export function isLinkInPath(error: unknown): error is LinkInPath {
  return Error.isError(error) && error.name === 'LinkInPath';
}

/** A folder that stays the same, whatever happens to its path. Must be closed. */
export interface OpenFolder {
  /** Absolute, without links. */
  readonly path: string;
  readonly dev: number;
  readonly ino: number;
  /** As of the moment when it was opened. */
  readonly status: FileStatus;
  /** A path for system calls that leads to the entry of this name in exactly this folder. */
  pathOf(name: string): string;
  close(): void;
}

/**
 * Opens a folder by an absolute path without links, such as `withoutLinks` returns.
 * @throws LinkInPath when the path leads elsewhere; otherwise the system's error (`ENOTDIR` if it is not a folder)
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

/** @throws LinkInPath for a link in the last component, on macOS in any */
function openNoFollow(path: string): number {
  try {
    return openSync(path, FOLDER_FLAGS);
  } catch (error) {
    // Linux reports ENOTDIR for a link when a folder is required.
    const isLink =
      codeOf(error) === 'ELOOP' || (codeOf(error) === 'ENOTDIR' && lstatSync(path).isSymbolicLink());
    if (!isLink) throw error;
    throw new LinkInPath(`${path} is or leads through a link`);
  }
}

/** False if `/proc` turns out not to be mounted. */
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

/** @throws LinkInPath for a link, and ENOTDIR, like the system, for anything else that is not a folder */
export function refuseOtherThanFolder(path: string, status: FileStatus): void {
  if (status.isDirectory()) return;
  if (status.isSymbolicLink()) throw new LinkInPath(`${path} is a link`);
  throw Object.assign(new Error(`ENOTDIR: ${path} is not a folder`), { code: 'ENOTDIR' });
}

/** For systems on which a folder cannot be held open. */
function openByPath(path: string): OpenFolder {
  const status = lstatSync(path);
  const { dev, ino } = status;
  refuseOtherThanFolder(path, status);
  // Names on Windows are case-insensitive.
  if (realPathOnWindows(path).toLowerCase() !== path.toLowerCase()) {
    throw new LinkInPath(`${path} leads elsewhere`);
  }
  return { path, dev, ino, status, pathOf: (name) => paths.join(path, name), close: () => undefined };
}

/** If the system cannot resolve a path (Wine beyond 260 characters), Node resolves it folder by folder. */
export function realPathOnWindows(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (codeOf(error) !== 'UNKNOWN') throw error;
    return realpathSync(path);
  }
}

/** Links that are followed in a path, like MAXSYMLINKS of path_resolution(7): the limit ends cycles. */
const MAX_LINKS = 40;
/** Names that are checked one by one. Beyond this number, the time would grow with its square. */
const FEW_NAMES = 16;

/** How far a path can be resolved. */
export interface Reach {
  /** The last existing place on the path. Absolute, without links. */
  readonly place: string;
  /** The remaining names of the path, which are missing or were not reached. */
  readonly rest: readonly string[];
  /** Why the first of them was not reached, unless it is missing. */
  readonly error?: unknown;
}

/**
 * The absolute path without links, for a path that an administrator names. Links on the way are followed if they belong to
 * root or to the user of this process: any other user could let them lead anywhere. On Windows none is, since their owners
 * are not known.
 * @param path absolute; missing components at its end stay unchanged
 * @param visit called with each component that is no link, from the top down; it may throw
 * @throws LinkInPath, which names the link; otherwise the system's error
 */
export function withoutLinks(path: string, visit?: (path: string, status: Stats) => void): string {
  const { place, rest, error } = reach(path, visit);
  if (error !== undefined) throw error;
  return rest.length === 0 ? place : paths.join(place, ...rest);
}

/**
 * Resolves a path like `withoutLinks`, as far as possible.
 * @throws what `visit` throws
 */
export function reach(path: string, visit?: (path: string, status: Stats) => void): Reach {
  const top = paths.parse(path).root;
  let rest = namesIn(paths.normalize(path).slice(top.length));
  let place = top;
  visit?.(top, lstatSync(top));
  let mayAsk = visit === undefined;
  for (let links = 0; ;) {
    if (mayAsk) {
      const plain = plainNames(place, rest);
      place = paths.join(place, ...rest.slice(0, plain));
      rest = rest.slice(plain);
    }
    // The names after the plain part are checked one by one until a link has been followed.
    mayAsk = false;
    const [name, ...others] = rest;
    if (name === undefined) return { place, rest };
    const next = paths.join(place, name);
    let status;
    try {
      status = lstatSync(next);
    } catch (error) {
      return codeOf(error) === 'ENOENT' ? { place, rest } : { place, rest, error };
    }
    if (!status.isSymbolicLink()) {
      visit?.(next, status);
      place = next;
      rest = others;
      continue;
    }
    links += 1;
    const refusal = refusalOf(next, status, links);
    if (refusal !== undefined) return { place, rest, error: new LinkInPath(refusal) };
    let target;
    try {
      target = paths.normalize(readlinkSync(next));
    } catch (error) {
      return { place, rest, error };
    }
    mayAsk = visit === undefined;
    if (paths.isAbsolute(target)) place = top;
    rest = [...namesIn(target), ...others];
    // A relative target may start with `..`, relative to the folder of the link, whose path is already resolved.
    while (rest[0] === '..') {
      place = paths.dirname(place);
      rest = rest.slice(1);
    }
  }
}

function namesIn(path: string): string[] {
  return path.split(paths.sep).filter((name) => name !== '');
}

/** Why a link is not followed. @param links followed so far, including this one */
function refusalOf(link: string, status: Stats, links: number): string | undefined {
  if (links > MAX_LINKS) return `${link} is one of too many links`;
  if (process.getuid === undefined) return `${link} is a link; name the place it leads to`;
  if (untrustedOwner(status) === undefined) return undefined;
  return `${link} is a link of user ${status.uid}, who could let it lead anywhere`;
}

/**
 * The number of leading names that exist below this folder without a link among them. A lower bound: 0 if the system cannot tell. The
 * kernel checks all names at once, then ever smaller parts, so that a path of a thousand folders takes a few calls.
 */
function plainNames(folder: string, names: readonly string[]): number {
  if (process.platform !== 'linux' || !hasProc || names.length < 2) return 0;
  const base = folder === '/' ? '' : folder;
  let low = 0;
  let high = names.length;
  for (let count = high; low < high; count = Math.ceil((low + high) / 2)) {
    if (isPlain(`${base}/${names.slice(0, count).join('/')}`)) low = count;
    else high = count - 1;
    if (high <= FEW_NAMES) break;
  }
  return low;
}

/** True if something other than a link exists at this path, and the path contains no link. */
function isPlain(path: string): boolean {
  let descriptor;
  try {
    descriptor = openSync(path, O_PATH | constants.O_NOFOLLOW);
  } catch {
    return false;
  }
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`) === path && !fstatSync(descriptor).isSymbolicLink();
  } catch {
    return false;
  } finally {
    closeSync(descriptor);
  }
}
