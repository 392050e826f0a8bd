/**
 * Folders and files below the agent's root, changed by a privileged user. Each folder is opened by its descriptor, one inside the other,
 * and everything happens in the opened folder: no link is followed, and in a privileged run no other user can change a folder on the way.
 */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { TaskError, codeOf, describeError, systemReason } from '../../exit/task-error.ts';
import {
  O_NOFOLLOW,
  READ_AT_ONCE,
  type OpenFolder,
  isLinkInPath,
  type FileStatus,
  openFolder,
  readRange,
  refuseUntrusted,
  trustedPath,
  withoutLinks,
} from '../../platform/index.ts';

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | O_NOFOLLOW;

/**
 * The absolute path of the agent's root, without links.
 * @throws TaskError `cannot-write` for a link of another user on the path, and in a privileged run for a folder that others could change
 */
export function checkedRoot(root: string, elevated: boolean): string {
  try {
    return (elevated ? trustedPath : withoutLinks)(root);
  } catch (error) {
    throw cannotChange(root, error);
  }
}

/**
 * Opens a folder below the root. Must be closed.
 * @returns undefined if it does not exist and is not to be created
 * @throws TaskError `cannot-write`
 */
export function openBelow(
  root: string,
  names: readonly string[],
  { elevated, create }: { readonly elevated: boolean; readonly create: boolean },
): OpenFolder | undefined {
  let folder = openChecked(root, elevated);
  for (const name of names) {
    const parent = folder;
    try {
      if (!exists(parent, name)) {
        if (!create) return undefined;
        mkdirSync(parent.pathOf(name));
        // Whatever the umask is: the agent must be able to read it.
        chmodSync(parent.pathOf(name), 0o755);
      }
      folder = openChecked(join(parent.path, name), elevated);
    } catch (error) {
      throw cannotChange(join(parent.path, name), error);
    } finally {
      parent.close();
    }
  }
  return folder;
}

function openChecked(path: string, elevated: boolean): OpenFolder {
  let folder;
  try {
    folder = openFolder(path);
    if (elevated) refuseWritable(path, folder.status);
    return folder;
  } catch (error) {
    folder?.close();
    throw cannotChange(path, error);
  }
}

/** @throws Error for a folder in which another user can create entries: below the agent's root, that includes sticky ones */
function refuseWritable(path: string, status: FileStatus): void {
  refuseUntrusted(path, status);
  if (process.getuid === undefined || (status.mode & 0o022) === 0) return;
  throw new Error('other users can write to it; remove that permission (chmod go-w)');
}

/** True if the folder has an entry of this name, of any kind. */
export function exists(folder: OpenFolder, name: string): boolean {
  return lstatSync(folder.pathOf(name), { throwIfNoEntry: false }) !== undefined;
}

/** The names in a folder. */
export function namesIn(folder: OpenFolder): string[] {
  return readdirSync(folder.pathOf('.'));
}

/**
 * Reads a regular file. Undefined if it does not exist.
 * @throws TaskError `cannot-write` for anything else, for a larger file, and in a privileged run for one that another user can change
 */
export function readFrom(
  folder: OpenFolder,
  name: string,
  { maxBytes, elevated }: { readonly maxBytes: number; readonly elevated: boolean },
): Buffer | undefined {
  let descriptor;
  try {
    descriptor = openSync(folder.pathOf(name), READ_AT_ONCE);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw cannotChange(join(folder.path, name), error);
  }
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile() || status.size > maxBytes) {
      throw new Error(`it is ${status.isFile() ? 'too large' : 'not a regular file'}; move it elsewhere`);
    }
    if (elevated) refuseUntrusted(join(folder.path, name), status);
    return readRange(descriptor, status.size);
  } catch (error) {
    throw cannotChange(join(folder.path, name), error);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes a new file and syncs it to disk. An unfinished one of the same name is removed first. @throws TaskError `cannot-write` */
export function writeNew(folder: OpenFolder, name: string, content: Buffer | string, mode: number): void {
  const path = folder.pathOf(name);
  try {
    rmSync(path, { recursive: true, force: true });
    const descriptor = openSync(path, NEW_FILE, mode);
    try {
      const bytes = Buffer.from(content);
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      // Whatever the umask is: the agent must be able to read and start it.
      if (process.platform !== 'win32') fchmodSync(descriptor, mode);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw cannotChange(join(folder.path, name), error);
  }
}

/** Writes a file in one step: it appears completely or not at all. @throws TaskError `cannot-write` */
export function writeInto(folder: OpenFolder, name: string, content: Buffer | string, mode: number): void {
  writeNew(folder, `${name}.new`, content, mode);
  rename(folder, `${name}.new`, name);
}

/** Renames a file or folder; a file of the new name is replaced. @throws TaskError `cannot-write` */
export function rename(folder: OpenFolder, from: string, to: string): void {
  try {
    // Windows lets a running executable be renamed, but not replaced.
    if (process.platform === 'win32' && exists(folder, to)) setAside(folder, to);
    renameSync(folder.pathOf(from), folder.pathOf(to));
  } catch (error) {
    throw cannotChange(join(folder.path, to), error);
  }
}

/**
 * Removes an entry with everything below it; links are removed, not followed.
 * @returns false for an executable that is running on Windows: it has another name now, and remains until it has ended
 * @throws TaskError `cannot-write`
 */
export function remove(folder: OpenFolder, name: string): boolean {
  try {
    rmSync(folder.pathOf(name), { recursive: true, force: true });
    return true;
  } catch (error) {
    if (process.platform !== 'win32') throw cannotChange(join(folder.path, name), error);
    try {
      setAside(folder, name);
    } catch {
      throw cannotChange(join(folder.path, name), error);
    }
    return false;
  }
}

/** The end of the names of executables that were running when they were replaced. */
const OLD = '.old';

function setAside(folder: OpenFolder, name: string): void {
  renameSync(folder.pathOf(name), folder.pathOf(`${name}.${Date.now()}${OLD}`));
}

/** Removes executables that had to be set aside and have ended since. Those that still run remain. */
export function removeSetAside(folder: OpenFolder): void {
  for (const name of namesIn(folder).filter((each) => each.endsWith(OLD))) {
    try {
      rmSync(folder.pathOf(name), { force: true });
    } catch {
      // It is still running.
    }
  }
}

/** The error for a place that cannot be changed. Only a missing right has a remedy that is the same everywhere. */
function cannotChange(path: string, error: unknown): unknown {
  if (error instanceof TaskError) return error;
  const isRight = ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error));
  const user = process.platform === 'win32' ? 'an administrator' : 'root';
  const isLink = isLinkInPath(error) || codeOf(error) === 'ELOOP';
  const reason = isLinkInPath(error) ? describeError(error) : isLink ? 'it is a link' : systemReason(error);
  return new TaskError(
    'cannot-write',
    `${path} cannot be used: ${reason}${isRight ? `; run this command as ${user}` : isLink ? '; remove the link' : ''}`,
  );
}
