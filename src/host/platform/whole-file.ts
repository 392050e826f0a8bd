/**
 * Files that options name and that are written, such as reports. Each appears completely or not at all: it is written under a temporary
 * name and renamed, in a folder that is held open, so that no link can redirect it. Only its owner may read it, unless it is a script.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { TaskError, codeOf, systemReason } from '../exit/task-error.ts';
import { O_NOFOLLOW } from './open-flags.ts';
import { LinkInPath, type OpenFolder, openFolder, withoutLinks } from './open-folder.ts';
import { type Awaited, requireAnswer, whileAnswering } from './unresponsive-mounts.ts';

/** A file to write. */
export interface OutputFile {
  /** Its name in errors: `the report`. */
  readonly what: string;
  /** The option that names it: `--report`. */
  readonly option: string;
  /** It is a script: everyone may read and run it, as far as the umask allows. */
  readonly isProgram?: boolean;
  /** Aborted when the run must end: the file system then has little time to answer. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a file.
 * @throws TaskError `cannot-write` when the system refuses, when a link of another user is on the path, when something other than a
 *   file exists at the path, or when the file system does not answer; only in the last case, a temporary file may remain
 */
export async function writeWholeFile(path: string, text: string, file: OutputFile): Promise<void> {
  const folder = folderOf(path, file);
  const mode = file.isProgram === true ? 0o755 : 0o600;
  await requireAnswer(folder);
  await whileAnswering(
    inFolderOf(path, file, async (opened, name) => await writeInto(opened, name, text, mode)),
    folder,
  );
}

/**
 * Checks that a file could be written: that its folder is there, answers and may be written to, and that nothing else has its name.
 * Creates nothing.
 * @throws TaskError `cannot-write`
 */
export async function requireWritable(path: string, file: OutputFile): Promise<void> {
  const folder = folderOf(path, file);
  await requireAnswer(folder);
  await whileAnswering(lookInto(path, file), folder);
}

async function lookInto(path: string, file: OutputFile): Promise<void> {
  await inFolderOf(path, file, async (folder, name) => {
    await refuseOtherKinds(folder.pathOf(name));
    await access(folder.pathOf('.'), constants.W_OK);
  });
}

function folderOf(path: string, { what, option, signal }: OutputFile): Awaited {
  return {
    path: dirname(resolve(path)),
    what: `the folder of ${what}`,
    kind: 'cannot-write',
    remedy: `write it to a local file system with ${option}`,
    signal,
  };
}

/** @throws TaskError `cannot-write` for whatever goes wrong */
async function inFolderOf(
  path: string,
  { what, option }: OutputFile,
  action: (folder: OpenFolder, name: string) => Promise<void>,
): Promise<void> {
  const parent = dirname(resolve(path));
  let folder: OpenFolder | undefined;
  try {
    folder = openFolder(withoutLinks(parent));
    await action(folder, basename(path));
  } catch (error) {
    const isMissing = folder === undefined && codeOf(error) === 'ENOENT';
    const remedy = isMissing ? `; create the folder ${parent}, or name another one with ${option}` : '';
    throw new TaskError('cannot-write', `${what} ${path} cannot be written: ${reasonOf(error)}${remedy}`);
  } finally {
    folder?.close();
  }
}

/**
 * Everything happens in the opened folder. A user with write access to it can remove the file, but can neither read it nor make it
 * overwrite a file elsewhere.
 */
async function writeInto(folder: OpenFolder, name: string, text: string, mode: number): Promise<void> {
  const target = folder.pathOf(name);
  await refuseOtherKinds(target);
  const temporary = folder.pathOf(`.partial-${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeDurably(temporary, text, mode);
    await rename(temporary, target);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Something other than a file exists at the path. */
class NoFile extends Error {
  override readonly name = 'NoFile';
}

/** A link is replaced, never followed. */
async function refuseOtherKinds(target: string): Promise<void> {
  const status = await lstat(target).catch(() => undefined);
  if (status === undefined || status.isFile() || status.isSymbolicLink()) return;
  throw new NoFile(
    `a ${status.isDirectory() ? 'folder' : 'device, pipe or socket'} has this name; remove it, or choose another name`,
  );
}

function reasonOf(error: unknown): string {
  return error instanceof LinkInPath || error instanceof NoFile ? error.message : systemReason(error);
}

/** An existing file or link is an error (open(2)). */
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | O_NOFOLLOW;

async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, NEW_FILE, mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the new name survive a loss of power. Windows cannot open folders, and some file systems cannot sync them. */
async function syncFolder(folder: OpenFolder): Promise<void> {
  if (process.platform === 'win32') return;
  const file = await open(folder.pathOf('.'), constants.O_RDONLY);
  try {
    await file.sync();
  } catch (error) {
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'ENOTSUP') throw error;
  } finally {
    await file.close();
  }
}
