/**
 * The key of the fingerprints: made once per installation, private to the user who runs the scan. Whoever has it can
 * test guesses against fingerprints, so it is refused when anybody else could have read or replaced it.
 */
import { createHmac, randomBytes } from 'node:crypto';
import {
  type Stats,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { TaskError, codeOf } from '../../errors.ts';
import type { Platform, ReadInput } from '../../platform/index.ts';

const KEY_BYTES = 32;

// Windows has no such flag (undefined there, whatever the types say).
const { O_NOFOLLOW, O_NONBLOCK } = constants as Record<string, number | undefined>;

/**
 * Reads the key, or makes it at first use. The run must hold the lock of the state directory.
 * @param stateDirectory undefined when no state is kept: the key is for this run alone then.
 * @param file of a key that the administrator made, which is used instead.
 * @throws TaskError `cannot-write` that names the file and what to do, `config` for a bad `file`.
 */
export function openFingerprintKey(
  platform: Platform,
  stateDirectory: string | undefined,
  file: string | undefined,
  readInput: ReadInput,
): Buffer {
  if (file !== undefined) return keyOfAdministrator(file, readInput);
  if (stateDirectory === undefined) return randomBytes(KEY_BYTES);
  const path = platform.path.join(stateDirectory, 'fingerprint.key');
  try {
    return readKey(path) ?? makeKey(path);
  } catch (cause) {
    throw new TaskError(
      'cannot-write',
      `the fingerprint key ${path} cannot be used; remove it to have a new one made (fingerprints will change)`,
      { cause },
    );
  }
}

/** Tells two keys apart, and says nothing else of them. */
export function keyId(key: Buffer): string {
  return createHmac('sha256', key).update('fingerprint key').digest('hex').slice(0, 16);
}

function keyOfAdministrator(path: string, readInput: ReadInput): Buffer {
  const key = readInput(path, { what: '--fingerprint-key', maxBytes: KEY_BYTES, isPrivate: true });
  if (key.length === KEY_BYTES) return key;
  throw new TaskError(
    'config',
    `--fingerprint-key ${path} has ${key.length} bytes; it must have ${KEY_BYTES} that were drawn at random`,
  );
}

/** Undefined when there is none yet. */
function readKey(path: string): Buffer | undefined {
  let descriptor: number;
  try {
    if (lstatSync(path).isSymbolicLink()) throw new Error('it is a link');
    descriptor = openSync(path, constants.O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const problem = problemOf(fstatSync(descriptor));
    if (problem !== undefined) throw new Error(problem);
    const key = Buffer.alloc(KEY_BYTES);
    if (readSync(descriptor, key) !== KEY_BYTES) throw new Error('it is too short');
    return key;
  } finally {
    closeSync(descriptor);
  }
}

/** Why a file is no key of ours. On Windows the folder's access list protects it, and `getuid` is missing. */
function problemOf(status: Stats): string | undefined {
  if (!status.isFile()) return 'it is no file';
  if (status.size !== KEY_BYTES) return `it has ${status.size} bytes, not ${KEY_BYTES}`;
  if (process.getuid === undefined) return undefined;
  if (status.uid !== process.getuid()) return `it belongs to user ${status.uid}`;
  return (status.mode & 0o077) === 0 ? undefined : 'other users may read it';
}

/** Written aside and moved into place, so that no kill leaves half a key. */
function makeKey(path: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  const aside = `${path}.new`;
  rmSync(aside, { force: true });
  const descriptor = openSync(aside, 'wx', 0o600);
  try {
    writeSync(descriptor, key);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(aside, path);
  return key;
}
