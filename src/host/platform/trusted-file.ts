/**
 * Reads the files that options name, such as configuration and certificates. Only regular files of limited size are read, opened
 * without waiting and on file systems that answer (`unresponsive-mounts.ts`), so that none of them can hang the run or fill its memory. A
 * privileged run also refuses files that another user could have written (`trusted-path.ts`).
 */
import { type Stats, close, constants, existsSync, fstatSync, openSync, read, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { TaskError, systemReason } from '../exit/task-error.ts';
import { type Awaited, requireAnswer, whileAnswering } from './unresponsive-mounts.ts';
import { foreignOwner, modeForOthers } from './file-access.ts';
import { O_NOCTTY, O_NOFOLLOW, O_NONBLOCK } from './open-flags.ts';
import { openFolder } from './open-folder.ts';
import { UntrustedPath, refuseUntrusted, trustedPath } from './trusted-path.ts';

export interface InputFile {
  /** Its name in errors: `--rules`, `the configuration file`. */
  readonly what: string;
  readonly maxBytes: number;
  /** It contains a secret: only the user of this run may own and read it, even if the run is not privileged. */
  readonly isPrivate?: boolean;
}

/** Reads named files. */
export interface ReadInput {
  /** @throws TaskError `config`: one line with name, reason and remedy */
  (path: string, file: InputFile): Promise<Buffer>;
  /** True if something exists at this path. @throws TaskError `config` when its file system does not answer */
  isThere(path: string, file: Pick<InputFile, 'what'>): Promise<boolean>;
}

export interface TrustOptions {
  /** True if the run has more rights than other users of the machine. */
  readonly elevated: boolean;
  /** The administrator has decided to trust all named files. */
  readonly allowUntrusted: boolean;
  /** Aborted when the run must end: ends the wait for a file. */
  readonly signal?: AbortSignal | undefined;
}

/** The flag that errors name. */
const OVERRIDE = '--allow-untrusted-files';

/** The function with which a run reads named files. */
export function inputReader({ elevated, allowUntrusted, signal }: TrustOptions): ReadInput {
  const awaited = (path: string, what: string): Awaited => ({
    path,
    what,
    kind: 'config',
    remedy: 'copy the file to a local file system',
    signal,
  });
  const readInput = async (path: string, file: InputFile) => {
    const input = awaited(path, file.what);
    await requireAnswer(input);
    return whileAnswering(readTrustedFile(path, file, elevated && !allowUntrusted), input);
  };
  const isThere = async (path: string, { what }: Pick<InputFile, 'what'>) => {
    await requireAnswer(awaited(path, what));
    return existsSync(path);
  };
  return Object.assign(readInput, { isThere });
}

const closeLater = promisify(close);
const readLater = promisify(read);

async function readTrustedFile(path: string, file: InputFile, checksOwners: boolean): Promise<Buffer> {
  const named = `${file.what} ${path}`;
  try {
    const descriptor = checksOwners ? openTrusted(resolve(path)) : openRegular(path);
    try {
      return await readWhole(descriptor, path, file, checksOwners);
    } finally {
      // Closing can involve the file system.
      await closeLater(descriptor);
    }
  } catch (cause) {
    if (cause instanceof Refused) throw new TaskError('config', `${named} ${cause.message}`);
    if (cause instanceof UntrustedPath) {
      throw new TaskError('config', `${named} is not trusted: ${cause.message}, or give ${OVERRIDE}`);
    }
    throw new TaskError('config', `${named} cannot be read: ${systemReason(cause)}`);
  }
}

/** The file cannot be used; the message continues a sentence that starts with its name. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/** Does not wait for a pipe's writer, and does not acquire a controlling terminal. */
const AT_ONCE = constants.O_RDONLY | O_NONBLOCK | O_NOCTTY;

/** Opening a device may have an effect, so the kind is checked before opening, and again on the open file. */
function openRegular(path: string): number {
  refuseOtherKinds(statSync(path));
  return openSync(path, AT_ONCE);
}

/** Opens the file within a folder that is held open: the one whose owners were checked. */
function openTrusted(path: string): number {
  // A device is refused first; otherwise, the error would suggest changing its permissions.
  refuseOtherKinds(statSync(path));
  const trusted = trustedPath(path);
  const folder = openFolder(dirname(trusted));
  try {
    const entry = folder.pathOf(basename(trusted));
    refuseOtherKinds(statSync(entry));
    return openSync(entry, AT_ONCE | O_NOFOLLOW);
  } finally {
    folder.close();
  }
}

function refuseOtherKinds(status: { isFile(): boolean; isDirectory(): boolean }): void {
  if (status.isFile()) return;
  throw new Refused(
    `is ${status.isDirectory() ? 'a folder' : 'a device, pipe or socket'}, not a regular file`,
  );
}

async function readWhole(
  descriptor: number,
  path: string,
  { maxBytes, isPrivate = false }: InputFile,
  checksOwners: boolean,
): Promise<Buffer> {
  const status = fstatSync(descriptor);
  refuseOtherKinds(status);
  if (checksOwners) refuseUntrusted(path, status);
  if (isPrivate) refuseReadableByOthers(status);
  // Files in /proc have size 0 and may be endless; others may grow while they are read.
  let buffer = Buffer.alloc(Math.min(maxBytes, Math.max(status.size, 4096)) + 1);
  let length = 0;
  for (;;) {
    if (status.size > maxBytes || length > maxBytes) {
      throw new Refused(`is larger than ${sizeOf(maxBytes)}, the limit for such a file`);
    }
    if (length === buffer.length) {
      const larger = Buffer.alloc(Math.min(2 * buffer.length, maxBytes + 1));
      buffer.copy(larger);
      buffer = larger;
    }
    const { bytesRead: count } = await readLater(descriptor, buffer, length, buffer.length - length, null);
    if (count === 0) return buffer.subarray(0, length);
    length += count;
  }
}

function refuseReadableByOthers(status: Stats): void {
  const owner = foreignOwner(status);
  if (owner !== undefined) {
    throw new Refused(
      `belongs to user ${owner}; it must belong to the user of this run and be readable by no other user`,
    );
  }
  const mode = modeForOthers(status);
  if (mode === undefined) return;
  throw new Refused(
    `can be read or changed by other users (mode ${mode}); set mode 600 and replace its contents`,
  );
}

function sizeOf(bytes: number): string {
  return bytes % (1024 * 1024) === 0 ? `${bytes / (1024 * 1024)} MiB` : `${bytes} bytes`;
}
