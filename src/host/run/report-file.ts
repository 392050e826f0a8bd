/**
 * Report files. The extension selects the format. A file appears completely or not at all: it is written under a temporary name and
 * renamed, in a folder that is held open, so that no link can redirect it. Only its owner may read it.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { TaskError, codeOf, systemReason } from '../../host/exit/task-error.ts';
import { printable } from '../../host/log/index.ts';
import {
  type Awaited,
  LinkInPath,
  O_NOFOLLOW,
  type OpenFolder,
  openFolder,
  requireAnswer,
  whileAnswering,
  withoutLinks,
} from '../../host/platform/index.ts';
import type { Task } from '../task/task.ts';

/**
 * The format of a report file: its extension, in lower case.
 * @throws TaskError `usage` for an extension that the task has no format for
 */
export function reportFormatOf(path: string, formats: Task['reportFormats'] = {}): string {
  const extension = extname(path).toLowerCase();
  if (Object.hasOwn(formats, extension)) return extension;
  const known = Object.keys(formats).join(', ');
  throw new TaskError('usage', `the report ${printable(path)} needs one of these extensions: ${known}`);
}

/**
 * Writes the report of a run.
 * @throws TaskError `cannot-write` when the system refuses, when a link of another user is on the path, when something other than a
 *   file exists at the path, or when the file system does not answer; only in the last case, a temporary file may remain
 * @param signal aborted when the run must end: the file system then has little time to answer
 */
export async function writeReport(path: string, text: string, signal?: AbortSignal): Promise<void> {
  await requireReportFolder(path, signal);
  await whileAnswering(writeWhole(path, text), folderOf(path, signal));
}

/**
 * Checks that the file system of the report's folder answers, not that the folder exists.
 * @throws TaskError `cannot-write`
 */
export async function requireReportFolder(path: string, signal?: AbortSignal): Promise<void> {
  await requireAnswer(folderOf(path, signal));
}

function folderOf(path: string, signal: AbortSignal | undefined): Awaited {
  return {
    path: dirname(resolve(path)),
    what: 'the folder of the report',
    kind: 'cannot-write',
    remedy: 'name a file on a local one with --report',
    signal,
  };
}

async function writeWhole(path: string, text: string): Promise<void> {
  let folder: OpenFolder | undefined;
  try {
    folder = openFolder(withoutLinks(dirname(resolve(path))));
    await writeInto(folder, basename(path), text);
  } catch (error) {
    throw new TaskError(
      'cannot-write',
      `the report ${printable(path)} cannot be written: ${reasonOf(error)}`,
    );
  } finally {
    folder?.close();
  }
}

/**
 * Everything happens in the opened folder. A user with write access to it can remove the report, but can neither read it nor make it
 * overwrite a file elsewhere.
 */
async function writeInto(folder: OpenFolder, name: string, text: string): Promise<void> {
  const target = folder.pathOf(name);
  await refuseOtherKinds(target);
  const temporary = folder.pathOf(`.report-${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeDurably(temporary, text);
    await rename(temporary, target);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Something other than a file exists at the report's path. */
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

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, NEW_FILE, 0o600);
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
