/**
 * The key of the fingerprints: created once per state directory, private to the user who runs the scan, and the same for all
 * of this user's runs. A person who has it can test guesses against fingerprints, so it is rejected when another user could
 * have read or replaced it.
 */
import { createHmac, randomBytes } from 'node:crypto';
import {
  type Stats,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { TaskError, codeOf, describeError } from '../../host/exit/task-error.ts';
import {
  O_NOFOLLOW,
  O_NONBLOCK,
  type Platform,
  type ReadInput,
  cannotWrite,
  foreignOwner,
  makePrivate,
  modeForOthers,
} from '../../host/platform/index.ts';

const KEY_BYTES = 32;

/** The key, and what was repaired. */
export interface OpenedKey {
  readonly key: Buffer;
  /** Why there is no copy of the key, if there is none. */
  readonly problem?: TaskError | undefined;
  /** The file was damaged: `restored` from its copy, or `replaced` by a new key, which changes every fingerprint. */
  readonly repair?: { readonly how: 'restored' | 'replaced'; readonly reason: string; readonly path: string };
}

/** The file cannot be the key, and a new one can replace it. */
class Damaged extends Error {
  override readonly name = 'Damaged';
}

/**
 * Reads the key, or creates it on first use. The run must hold the lock of the state directory, which is private to
 * this user. A damaged key is restored from the copy beside it. Without a good copy a new key is created and the
 * damaged file kept as `fingerprint.key.unusable`. To replace the key, an administrator deletes `fingerprint.key`.
 * @throws TaskError `cannot-write` that names the file and the remedy
 */
export function openFingerprintKey(platform: Platform, stateDirectory: string): OpenedKey {
  const path = keyPath(platform, stateDirectory);
  try {
    removeLeftovers(platform, stateDirectory);
    const key = readOrCreate(path);
    return { key, problem: keepCopy(path, key) };
  } catch (error) {
    if (!(error instanceof Damaged)) throw cannotWrite('the fingerprint key', path, error);
    return repaired(path, error);
  }
}

/**
 * The same key for a run without the lock, such as a dry run: it repairs nothing, because another run may be at work.
 * @throws TaskError `cannot-write` that names the file and the remedy
 */
export function sharedFingerprintKey(platform: Platform, stateDirectory: string): Buffer {
  const path = keyPath(platform, stateDirectory);
  try {
    return readOrCreate(path);
  } catch (error) {
    if (!(error instanceof Damaged)) throw cannotWrite('the fingerprint key', path, error);
    throw new TaskError(
      'cannot-write',
      `the fingerprint key ${path} cannot be used: ${error.message}; remove it, and the next run creates a new one`,
    );
  }
}

/** A key for one run. Its fingerprints cannot be compared with those of any other run. */
export function temporaryKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

function keyPath(platform: Platform, stateDirectory: string): string {
  return platform.path.join(stateDirectory, 'fingerprint.key');
}

/** Removes what runs have left that were killed while they created the key. */
function removeLeftovers({ path: paths }: Platform, stateDirectory: string): void {
  const leftovers = readdirSync(stateDirectory).filter((name) =>
    /^fingerprint\.key(?:\.[\da-f]+)?\.new$/.test(name),
  );
  for (const name of leftovers) rmSync(paths.join(stateDirectory, name), { recursive: true, force: true });
}

function readOrCreate(path: string): Buffer {
  repairMode(path);
  return readKey(path) ?? createKey(path);
}

/** The copy beside the key. */
const copyOf = (path: string) => `${path}.copy`;

/** @returns why there is no copy, if there is none */
function keepCopy(path: string, key: Buffer): TaskError | undefined {
  const copy = copyOf(path);
  try {
    if (isCopy(copy, key)) return undefined;
    rmSync(copy, { recursive: true, force: true });
    writeKey(copy, key);
    return undefined;
  } catch (error) {
    return cannotWrite('the copy of the fingerprint key', copy, error);
  }
}

function isCopy(path: string, key: Buffer): boolean {
  try {
    return readKey(path)?.equals(key) === true;
  } catch {
    return false;
  }
}

function repaired(path: string, damage: Damaged): OpenedKey {
  try {
    let copy: Buffer | undefined;
    try {
      copy = readKey(copyOf(path));
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
    }
    const aside = `${path}.unusable`;
    rmSync(aside, { recursive: true, force: true });
    // The file must exist at every moment: after a kill, the next run would otherwise create a new key instead
    // of restoring the copy.
    if (lstatSync(path).isDirectory()) renameSync(path, aside);
    else linkSync(path, aside);
    const key = writeKey(path, copy ?? randomBytes(KEY_BYTES));
    const reason = describeError(damage);
    return {
      key,
      problem: keepCopy(path, key),
      repair: { how: copy === undefined ? 'replaced' : 'restored', reason, path: aside },
    };
  } catch (error) {
    throw cannotWrite('the fingerprint key', path, error);
  }
}

/** The folder is private, so no other user can have read a key even if the file's own mode is too permissive. */
function repairMode(path: string): void {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status?.isFile() === true && foreignOwner(status) === undefined) makePrivate(path, status);
}

/** Identifies a key without revealing anything else about it. */
export function keyId(key: Buffer): string {
  return createHmac('sha256', key).update('fingerprint key').digest('hex').slice(0, 16);
}

/** The key in a file that the administrator made. @throws TaskError `config` */
export async function keyOfAdministrator(path: string, readInput: ReadInput): Promise<Buffer> {
  const key = await readInput(path, { what: '--fingerprint-key', maxBytes: KEY_BYTES, isPrivate: true });
  if (key.length === KEY_BYTES) return key;
  throw new TaskError(
    'config',
    `--fingerprint-key ${path} has ${key.length} bytes; it must have ${KEY_BYTES} random bytes`,
  );
}

/** Undefined when it does not exist yet. */
function readKey(path: string): Buffer | undefined {
  let descriptor: number;
  try {
    const status = lstatSync(path);
    if (status.isSymbolicLink()) throw new Damaged('it is a link');
    // Opening a pipe would wait for a writer.
    if (!status.isFile()) throw new Damaged('it is not a regular file');
    descriptor = openSync(path, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const problem = problemOf(fstatSync(descriptor));
    if (problem !== undefined) throw new Damaged(problem);
    const key = Buffer.alloc(KEY_BYTES);
    if (readSync(descriptor, key) !== KEY_BYTES) throw new Damaged('it is too short');
    return key;
  } finally {
    closeSync(descriptor);
  }
}

/** Why a file cannot be the key; undefined if it can. */
function problemOf(status: Stats): string | undefined {
  if (!status.isFile()) return 'it is not a regular file';
  if (status.size !== KEY_BYTES) return `it has ${status.size} bytes, not ${KEY_BYTES}`;
  const owner = foreignOwner(status);
  if (owner !== undefined) return `it belongs to user ${owner}`;
  return modeForOthers(status) === undefined ? undefined : 'other users may read it';
}

/** Creates the key unless another run has just done so. @returns the key of the file */
function createKey(path: string): Buffer {
  const aside = `${path}.${randomBytes(8).toString('hex')}.new`;
  const key = writeAside(aside, randomBytes(KEY_BYTES));
  try {
    // Unlike renaming, linking replaces no file.
    linkSync(aside, path);
    return key;
  } catch (error) {
    // Another run has created the key, or has taken the new file for a leftover and is about to.
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return readKey(path) ?? createKey(path);
    // A file system without hard links.
    renameSync(aside, path);
    return key;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Written to a temporary file and renamed, so that a kill leaves no partial key. @returns the key */
function writeKey(path: string, key: Buffer): Buffer {
  const aside = `${path}.new`;
  rmSync(aside, { recursive: true, force: true });
  writeAside(aside, key);
  renameSync(aside, path);
  return key;
}

function writeAside(aside: string, key: Buffer): Buffer {
  const descriptor = openSync(aside, 'wx', 0o600);
  try {
    for (let done = 0; done < key.length;) done += writeSync(descriptor, key, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return key;
}
